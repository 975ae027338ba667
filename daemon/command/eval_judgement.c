/* Sections and relevance: the same judge and learner as the daemon's, over labelled lines.
 *
 * `brief` is a form, not a topic: a true one counts as its overflow's section, as does a
 * predicted one. Ties in a ranking are broken by a hash of the id, so that a constant score is
 * chance and the figure does not hang on the order of the file. */
#include "command/eval.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "briefing/metrics.h"
#include "feed/url.h"

static const char *text_of(const json_t *line, const char *name)
{
    return json_string_value(json_object_get(line, name));
}

static bool is_picked(const json_t *line)
{
    const json_t *value = json_object_get(line, "picked");
    return json_is_true(value) || json_integer_value(value) != 0;
}

/* What a line has to be judged by. */
static struct item read_item(struct arena *arena, const json_t *line, bool title_alone)
{
    struct item item = {.title = text_of(line, "title")};
    if (!title_alone) {
        item.summary = text_of(line, "summary");
        item.source = text_of(line, "source");
        item.url = text_of(line, "url");
        item.comment = text_of(line, "comment");
        item.journal_ref = text_of(line, "journal_ref");
        item.key = item.url == NULL ? NULL : url_key(arena, item.url);
    }
    return item;
}

/* Processor time, which other programs do not change. */
static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* ---- a pass over labelled lines, issue by issue ---- */

struct pass {
    const struct rules *rules;
    struct learner *learner; /* NULL: rules alone */
    bool title_alone;
    bool taught;        /* it learns no more */
    struct arena arena; /* of the issue under way */
    struct learner_event *events;
    size_t count, capacity;
    const char *issue;
    double spent_us;
};

static void learn_issue(struct pass *pass)
{
    for (size_t i = 0; pass->learner != NULL && i < pass->count; i++) {
        learner_learn(pass->learner, &pass->events[i]);
    }
    arena_release(&pass->arena);
    pass->events = NULL;
    pass->count = pass->capacity = 0;
}

static void remember(struct pass *pass, const struct item *item, const json_t *line)
{
    bool labelled = json_object_get(line, "picked") != NULL;
    bool taken = labelled ? is_picked(line) : text_of(line, "section") != NULL;
    if (pass->count == pass->capacity) {
        pass->events = arena_grow(
            &pass->arena, pass->events, sizeof(*pass->events), &pass->capacity);
    }
    pass->events[pass->count++] = (struct learner_event){
        .kind = taken ? LEARNER_PRINTED : LEARNER_PASSED_OVER,
        .section = taken ? text_of(line, "section") : NULL,
        .sight = judge_see(pass->rules->judge, &pass->arena, item),
    };
}

/* The verdict on a line as it would have been given then. Lives in `arena`. */
static struct verdict judge_line(struct pass *pass, struct arena *arena, const json_t *line)
{
    const char *issue = text_of(line, "issue");
    double begin = now_us();
    if (pass->issue != NULL && issue != NULL && strcmp(pass->issue, issue) != 0) {
        learn_issue(pass);
    }
    pass->issue = issue;
    struct item item = read_item(arena, line, pass->title_alone);
    struct verdict verdict = judge_item(pass->rules->judge, pass->learner, arena, &item);
    if (pass->learner != NULL && issue != NULL && !pass->taught) {
        remember(pass, &item, line);
    }
    pass->spent_us += now_us() - begin;
    return verdict;
}

static void begin_pass(
    struct pass *pass, const struct eval *eval, bool learning, bool title_alone)
{
    *pass = (struct pass){.rules = eval->rules, .title_alone = title_alone};
    if (learning && eval->rules->config->briefing.learner) {
        pass->learner = learner_new(eval->rules->config);
    }
}

static void end_pass(struct pass *pass)
{
    learner_free(pass->learner);
    arena_release(&pass->arena);
}

/* ---- sections ---- */

/* A one-line section takes what another leaves over, so it counts as that one. */
static int topic_section(const struct config *config, int section)
{
    const char *donor = section < 0 ? NULL : config->sections[section].overflow_of;
    return donor == NULL ? section : config_find_section(config, donor);
}

static void score_sections(
    struct eval *eval, const char *name, const json_t *lines, bool learning, bool title_alone)
{
    const struct config *config = eval->rules->config;
    size_t count = json_array_size(lines), used = 0;
    cleanup(arena_release) struct arena arena = {0};
    int *truths = arena_new_array(&arena, int, count);
    int *predictions = arena_new_array(&arena, int, count);
    bool *seen = arena_new_array(&arena, bool, config->section_count);
    struct pass pass;
    begin_pass(&pass, eval, learning, title_alone);
    for (size_t i = 0; i < count; i++) {
        cleanup(arena_release) struct arena one = {0};
        const json_t *line = json_array_get(lines, i);
        const char *section = text_of(line, "section");
        int truth = section == NULL
            ? -1
            : topic_section(config, config_find_section(config, section));
        struct verdict verdict = judge_line(&pass, &one, line);
        if (truth >= 0) {
            seen[truth] = true;
            truths[used] = truth;
            predictions[used++] = topic_section(config, verdict.section);
        }
    }
    size_t classes = 0;
    for (size_t i = 0; i < config->section_count; i++) {
        classes += seen[i];
    }
    /* Sections that never occur would only divide by more. */
    double f1 = metrics_macro_f1(truths, predictions, used, config->section_count) *
        (double)config->section_count / (double)(classes == 0 ? 1 : classes);
    eval_add(eval, name, f1, used, "sections: macro-F1, %s%s",
        learning ? "rules and learner" : "rules alone", title_alone ? ", titles alone" : "");
    if (learning && !title_alone) {
        eval_add(eval, name, pass.spent_us / (double)(count == 0 ? 1 : count), count,
            "microseconds an item, judged and learned");
    }
    end_pass(&pass);
}

bool eval_items(struct eval *eval, const char *name, const json_t *lines, struct fault *fault)
{
    for (int kind = 0; kind < 4; kind++) {
        score_sections(eval, name, lines, (kind & 1) != 0, (kind & 2) != 0);
    }
    eval_import(eval, name, lines);
    return true;
}

/* ---- relevance ---- */

static struct metrics_ranked rank_line(
    struct pass *pass, struct arena *arena, const json_t *line)
{
    const char *id = text_of(line, "id");
    struct verdict verdict = judge_line(pass, arena, line);
    return (struct metrics_ranked){.score = verdict.relevance,
        .tie = id == NULL ? 0 : hash_string(HASH_START, id),
        .picked = is_picked(line)};
}

/* Those picked in an issue after `after`, or all when it is NULL, against all passed over. */
static void score_ranking(struct eval *eval, const char *name, const json_t *lines,
    struct pass *pass, const char *after)
{
    size_t count = 0, picked = 0, index;
    cleanup(arena_release) struct arena arena = {0};
    struct metrics_ranked *ranked = arena_new_array(
        &arena, struct metrics_ranked, json_array_size(lines));
    const json_t *line;
    json_array_foreach(lines, index, line)
    {
        cleanup(arena_release) struct arena one = {0};
        const char *issue = text_of(line, "issue");
        if (!is_picked(line) || after == NULL || (issue != NULL && strcmp(issue, after) > 0)) {
            ranked[count] = rank_line(pass, &one, line);
            picked += ranked[count++].picked;
        }
    }
    if (after == NULL) {
        eval_add(eval, name, metrics_auc(ranked, count), picked, "relevance: AUC, cold");
    } else {
        eval_add(eval, name, metrics_auc(ranked, count), picked,
            "relevance: AUC, taught by the issues to %s", after);
    }
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The issue in the middle of those with a pick: half of them teach, half are asked about. */
static const char *middle_issue(struct arena *arena, const json_t *lines)
{
    const char **issues = arena_new_array(arena, const char *, json_array_size(lines));
    size_t count = 0, index;
    const json_t *line;
    json_array_foreach(lines, index, line)
    {
        const char *issue = text_of(line, "issue");
        if (issue != NULL && is_picked(line)) {
            issues[count++] = issue;
        }
    }
    qsort(issues, count, sizeof(*issues), compare_texts);
    return count == 0 ? NULL : issues[(count - 1) / 2];
}

/* The labelled items beside the file, if there are any. */
static bool read_lessons(struct eval *eval, json_t **ret_lines)
{
    struct fault fault;
    const char *slash = strrchr(eval->path, '/');
    const char *path = arena_printf(
        &eval->arena, "%.*s/items.jsonl", (int)(slash - eval->path), eval->path);
    return eval_read_lines(path, ret_lines, &fault);
}

static void teach(struct pass *pass, const json_t *lessons, const char *last)
{
    size_t index;
    const json_t *line;
    json_array_foreach(lessons, index, line)
    {
        cleanup(arena_release) struct arena one = {0};
        const char *issue = text_of(line, "issue");
        if (issue != NULL && strcmp(issue, last) <= 0) {
            judge_line(pass, &one, line);
        }
    }
    learn_issue(pass);
    pass->taught = pass->title_alone = true;
}

/* Papers she chose against papers of the same years she did not, by title. They are no sequence
 * of issues, so nothing is learned on the way. */
bool eval_ranking(struct eval *eval, const char *name, const json_t *lines, struct fault *fault)
{
    struct pass pass;
    begin_pass(&pass, eval, false, true);
    score_ranking(eval, name, lines, &pass, NULL);
    end_pass(&pass);
    cleanup(arena_release) struct arena arena = {0};
    const char *middle = middle_issue(&arena, lines);
    json_t *lessons;
    if (middle != NULL && read_lessons(eval, &lessons)) {
        begin_pass(&pass, eval, true, false);
        teach(&pass, lessons, middle);
        score_ranking(eval, name, lines, &pass, middle);
        end_pass(&pass);
        json_decref(lessons);
    }
    return true;
}

/* One evening: its candidates, those already shown in an earlier one left out when `fresh`. */
struct evening {
    struct metrics_ranked *all, *fresh;
    size_t count, fresh_count;
};

enum { CUTS = 3 };
static const size_t cuts[CUTS] = {20, 60, 120};

struct replay {
    double recall[2][CUTS], auc[2];
    size_t evenings;
};

static void score_evening(struct replay *replay, struct evening *evening)
{
    struct {
        struct metrics_ranked *ranked;
        size_t count;
    } views[] = {{evening->all, evening->count}, {evening->fresh, evening->fresh_count}};
    size_t picked = 0;
    for (size_t i = 0; i < evening->count; i++) {
        picked += evening->all[i].picked;
    }
    for (size_t v = 0; picked > 0 && v < array_count(views); v++) {
        replay->auc[v] += metrics_auc(views[v].ranked, views[v].count);
        for (size_t c = 0; c < CUTS; c++) {
            replay->recall[v][c] += metrics_recall_at(views[v].ranked, views[v].count, cuts[c]);
        }
    }
    replay->evenings += picked > 0;
    evening->count = evening->fresh_count = 0;
}

/* The candidate of a line: its id is <issue>#<candidate>. */
static const char *candidate_of(const json_t *line)
{
    const char *id = text_of(line, "id");
    const char *mark = id == NULL ? NULL : strchr(id, '#');
    return mark == NULL ? id : mark + 1;
}

static void replay_lines(
    struct eval *eval, const json_t *lines, bool learning, struct replay *replay)
{
    size_t count = json_array_size(lines);
    cleanup(arena_release) struct arena arena = {0};
    struct evening evening = {.all = arena_new_array(&arena, struct metrics_ranked, count),
        .fresh = arena_new_array(&arena, struct metrics_ranked, count)};
    json_t *shown = json_object();   /* in an earlier evening */
    json_t *tonight = json_object(); /* in this one */
    const char *issue = NULL;
    struct pass pass;
    begin_pass(&pass, eval, learning, true);
    for (size_t i = 0; i < count; i++) {
        cleanup(arena_release) struct arena one = {0};
        const json_t *line = json_array_get(lines, i);
        const char *name = text_of(line, "issue"), *candidate = candidate_of(line);
        if (issue != NULL && name != NULL && strcmp(issue, name) != 0) {
            score_evening(replay, &evening);
            json_object_update(shown, tonight);
            json_object_clear(tonight);
        }
        issue = name;
        struct metrics_ranked ranked = rank_line(&pass, &one, line);
        evening.all[evening.count++] = ranked;
        if (ranked.picked || candidate == NULL || json_object_get(shown, candidate) == NULL) {
            evening.fresh[evening.fresh_count++] = ranked;
        }
        if (!ranked.picked && candidate != NULL) {
            json_object_set_new(tonight, candidate, json_true());
        }
    }
    score_evening(replay, &evening);
    json_decref(shown);
    json_decref(tonight);
    end_pass(&pass);
}

bool eval_replay(struct eval *eval, const char *name, const json_t *lines, struct fault *fault)
{
    static const char *const views[] = {"", ", not shown before"};
    for (int learning = 0; learning < 2; learning++) {
        struct replay replay = {0};
        replay_lines(eval, lines, learning != 0, &replay);
        double evenings = (double)(replay.evenings == 0 ? 1 : replay.evenings);
        const char *by = learning != 0 ? "rules and learner" : "rules alone";
        for (size_t v = 0; v < array_count(views); v++) {
            for (size_t c = 0; c < CUTS; c++) {
                eval_add(eval, name, replay.recall[v][c] / evenings, replay.evenings,
                    "evening: recall in the first %zu, %s%s", cuts[c], by, views[v]);
            }
            eval_add(eval, name, replay.auc[v] / evenings, replay.evenings,
                "evening: AUC, %s%s", by, views[v]);
        }
    }
    return true;
}
