#include "pipeline/trial.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "briefing/judge.h"
#include "config/patch.h"
#include "storage/placings.h"

enum { BATCH = 1000 };

static const double shift_min = 0.05;

/* ---- the rules ---- */

/* The first problem as a fault, all of them with their columns. */
static bool refuse(struct problems *problems, const char *text, size_t length, const char *name,
    struct fault *fault)
{
    problems_locate(problems, name, text, length);
    const struct problem **sorted = problems_sort(problems);
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = sorted[i];
        if (problem->warning) {
            continue;
        }
        return problem->column > 0
            ? fault_set(fault, FAULT_CONFIG, "%s:%d:%d: %s", problem->file, problem->line,
                  problem->column, problem->message)
            : fault_set(fault, FAULT_CONFIG, "%s: %s", problem->file, problem->message);
    }
    return fault_set(fault, FAULT_CONFIG, "%s: these rules cannot be used", name);
}

/* The rules, and in *ret_changed `config` with them over it; a reference of each is the
 * caller's.
 */
static struct config *read_rules(struct config *config, const char *text, size_t length,
    const char *name, struct config **ret_changed, struct problems *problems)
{
    struct config *rules = config_parse_rules(text, length, name, problems);
    if (rules == NULL || !judge_check_keywords(rules, problems)) {
        config_unref(rules);
        return NULL;
    }
    *ret_changed = patch_apply(config, &(struct patch){rules, 0}, 1, problems);
    if (problems->error_count > 0) {
        config_unref(*ret_changed);
        config_unref(rules);
        return NULL;
    }
    return rules;
}

struct config *trial_read_rules(const char *text, size_t length, const char *name,
    struct config *config, struct problems *problems, struct fault *fault)
{
    struct config *changed;
    struct config *rules = read_rules(config, text, length, name, &changed, problems);
    if (rules == NULL) {
        refuse(problems, text, length, name, fault);
    } else {
        config_unref(changed);
    }
    return rules;
}

/* The configuration with the rules over it; one reference is the caller's. */
static struct config *lay_over(struct config *config, const char *text, size_t length,
    const char *name, struct problems *problems, struct fault *fault)
{
    struct config *changed = NULL;
    struct config *rules = read_rules(config, text, length, name, &changed, problems);
    if (rules == NULL) {
        refuse(problems, text, length, name, fault);
        return NULL;
    }
    config_unref(rules);
    return changed;
}

/* ---- judging ---- */

struct judges {
    struct judge *before, *after;
};

static bool open_judges(struct judges *judges, struct config *before, struct config *after,
    struct problems *problems, struct fault *fault)
{
    judges->before = judge_new(before, problems);
    judges->after = judges->before == NULL ? NULL : judge_new(after, problems);
    return judges->after != NULL ||
        fault_set(fault, FAULT_CONFIG, "the rules cannot be compiled: %s",
            problems->count > 0 ? problems->items[problems->count - 1].message : "");
}

static void add_move(struct trial *trial, struct trial_move move)
{
    trial->moved++;
    trial->pairs[(size_t)move.from * trial->config->section_count + (size_t)move.to]++;
    if (trial->move_count < TRIAL_MOVES_MAX) {
        move.title = arena_strdup(&trial->arena, move.title);
        trial->moves[trial->move_count++] = move;
    }
}

static void compare_item(
    struct trial *trial, const struct judges *judges, const struct stale_item *stored)
{
    cleanup(arena_release) struct arena arena = {0};
    struct verdict before = judge_item(judges->before, NULL, &arena, &stored->item);
    struct verdict after = judge_item(judges->after, NULL, &arena, &stored->item);
    trial->items++;
    trial->opened += before.off_topic && !after.off_topic;
    trial->closed += !before.off_topic && after.off_topic;
    if (before.section != after.section) {
        add_move(trial,
            (struct trial_move){stored->id, stored->item.title, before.section, after.section,
                NULL, after.margin, before.relevance, after.relevance});
    } else if (fabs(before.relevance - after.relevance) >= shift_min) {
        trial->shifted++;
    }
}

static bool compare_items(struct trial *trial, const struct judges *judges,
    struct store *reader, struct config *config, size_t items_max, struct fault *fault)
{
    int64_t below_id = INT64_MAX;
    while (items_max == 0 || trial->items < items_max) {
        cleanup(arena_release) struct arena arena = {0};
        struct stale_item *items;
        size_t count;
        size_t limit = items_max == 0 || items_max - trial->items > BATCH
            ? BATCH
            : items_max - trial->items;
        if (!store_read_items_below(
                reader, &arena, config, below_id, limit, &items, &count, fault)) {
            return false;
        }
        for (size_t i = 0; i < count; i++) {
            compare_item(trial, judges, &items[i]);
        }
        if (count < limit) {
            trial->complete = true;
            return true;
        }
        below_id = items[count - 1].id;
    }
    return true;
}

/* Moves and placings are both in the order of ids, the newest first. */
static bool find_placings(struct trial *trial, struct store *reader, struct fault *fault)
{
    struct placing *placings;
    size_t count, at = 0;
    if (!store_read_placings(reader, &trial->arena, &placings, &count, fault)) {
        return false;
    }
    for (size_t i = 0; i < trial->move_count; i++) {
        while (at < count && placings[at].item_id > trial->moves[i].id) {
            at++;
        }
        bool placed = at < count && placings[at].item_id == trial->moves[i].id;
        trial->moves[i].editor = placed ? placings[at].editor : NULL;
    }
    return true;
}

bool trial_run(struct trial *trial, struct store *reader, struct config *config,
    const char *text, size_t length, const char *name, size_t items_max,
    struct problems *problems, struct fault *fault)
{
    *trial = (struct trial){0};
    struct config *changed = lay_over(config, text, length, name, problems, fault);
    if (changed == NULL) {
        return false;
    }
    trial->config = changed;
    trial->pairs = arena_new_array(
        &trial->arena, size_t, changed->section_count * changed->section_count);
    trial->moves = arena_new_array(&trial->arena, struct trial_move, TRIAL_MOVES_MAX);
    struct judges judges = {0};
    bool ok = open_judges(&judges, config, changed, problems, fault) &&
        compare_items(trial, &judges, reader, config, items_max, fault) &&
        find_placings(trial, reader, fault);
    judge_free(judges.before);
    judge_free(judges.after);
    return ok;
}

void trial_release(struct trial *trial)
{
    config_unref((struct config *)trial->config);
    arena_release(&trial->arena);
    *trial = (struct trial){0};
}

/* ---- the report ---- */

static const char *section_of(const struct trial *trial, int section)
{
    return trial->config->sections[section].id;
}

static void write_pairs(const struct trial *trial,
    void (*write)(
        const char *from, const char *to, size_t count, bool first, struct buffer *out),
    struct buffer *out)
{
    bool first = true;
    size_t sections = trial->config->section_count;
    for (size_t i = 0; i < sections * sections; i++) {
        if (trial->pairs[i] > 0) {
            write(section_of(trial, (int)(i / sections)),
                section_of(trial, (int)(i % sections)), trial->pairs[i], first, out);
            first = false;
        }
    }
}

static void write_pair_json(
    const char *from, const char *to, size_t count, bool first, struct buffer *out)
{
    buffer_printf(out, "%s{\"from\":\"%s\",\"to\":\"%s\",\"count\":%zu}", first ? "" : ",",
        from, to, count); /* ids are plain: a-z 0-9 - */
}

void trial_write_json(const struct trial *trial, struct buffer *out)
{
    buffer_printf(out,
        "{\"items\":%zu,\"complete\":%s,\"moved\":%zu,\"shifted\":%zu,\"opened\":%zu,"
        "\"closed\":%zu,\"pairs\":[",
        trial->items, trial->complete ? "true" : "false", trial->moved, trial->shifted,
        trial->opened, trial->closed);
    write_pairs(trial, write_pair_json, out);
    buffer_puts(out, "],\"moves\":[");
    for (size_t i = 0; i < trial->move_count; i++) {
        const struct trial_move *move = &trial->moves[i];
        buffer_printf(out, "%s{\"id\":\"%" PRId64 "\",\"title\":", i > 0 ? "," : "", move->id);
        json_write_string(move->title, out);
        buffer_printf(out,
            ",\"from\":\"%s\",\"to\":\"%s\",\"margin\":%.4f,\"relevance_before\":%.4f,"
            "\"relevance_after\":%.4f,\"editor\":",
            section_of(trial, move->from), section_of(trial, move->to), move->margin,
            move->relevance_before, move->relevance_after);
        json_write_string(move->editor, out);
        buffer_putc(out, '}');
    }
    buffer_puts(out, "]}");
}

static void write_pair_text(
    const char *from, const char *to, size_t count, bool first, struct buffer *out)
{
    buffer_printf(out, "%s%s -> %s %zu", first ? ": " : ", ", from, to, count);
}

void trial_write_text(const struct trial *trial, struct buffer *out)
{
    for (size_t i = 0; i < trial->move_count; i++) {
        const struct trial_move *move = &trial->moves[i];
        buffer_printf(out, "%s -> %s\t%.2f\t%.2f -> %.2f\t%" PRId64 "\t%s\n",
            section_of(trial, move->from), section_of(trial, move->to), move->margin,
            move->relevance_before, move->relevance_after, move->id,
            move->title == NULL ? "" : move->title);
    }
    if (trial->moved > trial->move_count) {
        buffer_printf(out, "… and %zu more\n", trial->moved - trial->move_count);
    }
    buffer_printf(out, "%zu of %zu items move", trial->moved, trial->items);
    write_pairs(trial, write_pair_text, out);
    buffer_printf(out,
        "; %zu stay with another relevance; %zu pass their feed's gate now, %zu no more\n",
        trial->shifted, trial->opened, trial->closed);
}
