/* The draft as it is served: hers first, the machine's where she left room.
 *
 * Both meet in a struct draft, so that whatever shows or prints a draft needs to know nothing
 * of the desk. Suggestions are made anew at every reading and never stored: with each decision
 * the machine proposes what is best then.
 *
 * A correction is the issue as it was printed, with its own furniture; only what stands in the
 * draft's rows is laid over it. Its sections are those of the issue, which may have two of one
 * id: the second is "id#2" here. */
#include <string.h>

#include "base/clock.h"
#include "briefing/issue_item.h"
#include "briefing/markdown_text.h"
#include "storage/candidates.h"
#include "storage/drafts.h"

enum { CANDIDATES_MAX = 2000 /* the most relevant; an evening's work is about 500 */ };

/* ---- rows ---- */

static struct stored_draft read_row(struct statement *row, struct arena *arena)
{
    struct stored_draft draft = {0};
    draft.id = column_int(row);
    draft.version = column_int(row);
    draft.open = column_int(row) != 0;
    draft.issue = column_int(row);
    draft.suggest = column_int(row) != 0;
    for (size_t i = 0; i < DRAFT_TEXT_COUNT; i++) {
        draft.texts[i] = column_text(row, arena);
    }
    draft.tag = column_int(row);
    draft.publishing = column_int(row) != 0;
    draft.corrects = column_text(row, arena);
    draft.document = column_text(row, arena);
    return draft;
}

bool draft_read(struct store *store, struct arena *arena, int64_t id,
    struct stored_draft *ret_draft, struct fault *fault)
{
    if (id == 0 && !draft_find_next(store, &id, fault)) {
        return false;
    }
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_FIND_DRAFT, fault);
    if (find == NULL) {
        return false;
    }
    bind_int(find, id);
    if (!statement_expect(find, "draft", id, fault)) {
        return false;
    }
    *ret_draft = read_row(find, arena);
    return true;
}

bool desk_find_draft(struct store *store, struct arena *arena, int64_t id,
    struct desk_target *ret_draft, int64_t *ret_tag, struct fault *fault)
{
    struct stored_draft row;
    if (!draft_read(store, arena, id, &row, fault)) {
        return false;
    }
    if (!row.open) {
        return fault_set(fault, FAULT_MISSING, "there is no draft %lld", (long long)id);
    }
    *ret_draft = (struct desk_target){row.id, row.version};
    *ret_tag = row.tag;
    return true;
}

static void read_target(struct statement *row, struct arena *arena, void *item)
{
    struct desk_target *draft = item;
    draft->id = column_int(row);
    draft->version = column_int(row);
}

bool desk_list_drafts(struct store *store, struct arena *arena, struct desk_target **ret_drafts,
    size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_DRAFTS, fault);
    if (list == NULL) {
        return false;
    }
    *ret_drafts = statement_rows(
        list, arena, sizeof(**ret_drafts), read_target, ret_count, fault);
    return *ret_drafts != NULL;
}

/* ---- what it is composed of ---- */

struct composing {
    struct store *store;
    struct arena *arena;
    const struct config *config;
    int64_t now_utc_s;
    struct stored_draft row;
    struct stored_pick *picks;
    size_t pick_count;
    struct candidates candidates;
    struct past_issue *past;
    size_t past_count;
    int64_t last_utc_s; /* day of the newest issue; CLOCK_NONE: there is none */
    struct desk_draft *desk;
};

const char *draft_section_name(struct arena *arena, const struct issue *issue, size_t section)
{
    size_t same = 1;
    for (size_t i = 0; i < section; i++) {
        same += strcmp(issue->sections[i].id, issue->sections[section].id) == 0;
    }
    return same == 1 ? issue->sections[section].id
                     : arena_printf(arena, "%s#%zu", issue->sections[section].id, same);
}

static size_t find_section(struct arena *arena, const struct issue *issue, const char *name)
{
    for (size_t i = 0; i < issue->section_count; i++) {
        if (strcmp(draft_section_name(arena, issue, i), name) == 0) {
            return i;
        }
    }
    return issue->section_count;
}

/* A section that feeds.conf has no more falls to its fallback. */
static size_t place_of(const struct composing *composing, const struct issue *issue,
    const struct stored_pick *pick)
{
    size_t section = find_section(composing->arena, issue, pick->section);
    return section < issue->section_count ? section
        : composing->row.document != NULL
        ? 0
        : (size_t)section_index(composing->config, pick->section);
}

static bool read_material(struct composing *composing, struct fault *fault)
{
    struct store *store = composing->store;
    struct arena *arena = composing->arena;
    if (!picks_read(store, arena, composing->row.id, &composing->picks, &composing->pick_count,
            fault) ||
        !store_read_issues(store, arena, &composing->past, &composing->past_count,
            &composing->last_utc_s, fault)) {
        return false;
    }
    int64_t since = composing->last_utc_s != CLOCK_NONE
        ? composing->last_utc_s
        : composing->now_utc_s - composing->config->briefing.interval_s;
    return composing->row.document != NULL ||
        candidates_list(store, arena, composing->config, since, CANDIDATES_MAX,
            &composing->candidates, fault);
}

/* ---- the machine's part ---- */

static size_t count_lines(const struct composing *composing, int section)
{
    size_t count = 0;
    for (size_t i = 0; i < composing->pick_count; i++) {
        const struct stored_pick *pick = &composing->picks[i];
        count += !pick->removed && section_index(composing->config, pick->section) == section;
    }
    return count;
}

static struct draft *suggest(const struct composing *composing)
{
    const struct config *config = composing->config;
    size_t *room = arena_new_array(composing->arena, size_t, config->section_count);
    for (size_t i = 0; i < config->section_count; i++) {
        size_t taken = count_lines(composing, (int)i), limit = config->sections[i].limit;
        room[i] = composing->row.suggest && taken < limit ? limit - taken : 0;
    }
    int64_t since = composing->last_utc_s != CLOCK_NONE
        ? composing->last_utc_s
        : composing->now_utc_s - config->briefing.interval_s;
    return draft_fill(composing->arena, config, composing->candidates.items,
        composing->candidates.count, room, since, composing->now_utc_s);
}

/* A correction starts from the printed issue without its lines, which are picks. */
static bool take_printed(
    const struct composing *composing, struct draft **ret_draft, struct fault *fault)
{
    struct arena *arena = composing->arena;
    struct draft *draft = arena_new(arena, struct draft);
    if (!issue_read_json(arena, composing->row.document, strlen(composing->row.document),
            &draft->issue, fault)) {
        return fault_prefix(fault, "the issue of %s: ", composing->row.corrects);
    }
    draft->date = draft->issue->date;
    draft->since_utc_s = CLOCK_NONE;
    draft->sections = arena_new_array(arena, struct draft_section, draft->issue->section_count);
    for (size_t i = 0; i < draft->issue->section_count; i++) {
        struct issue_section *section = &draft->issue->sections[i];
        section->items = NULL;
        section->item_count = 0;
        draft->sections[i].section =
            &composing->config->sections[section_index(composing->config, section->id)];
    }
    *ret_draft = draft;
    return true;
}

static int64_t story_of(const struct composing *composing, const struct candidate *candidate)
{
    for (size_t i = 0; i < composing->candidates.count; i++) {
        if (composing->candidates.items[i].id == candidate->id) {
            return composing->candidates.stories[i];
        }
    }
    return 0;
}

/* ---- her part before it ---- */

/* What her line was made from, as it is today; NULL when it is gone or was never there. */
static bool find_candidate(const struct composing *composing, const struct stored_pick *pick,
    const struct candidate **ret_candidate, struct fault *fault)
{
    struct candidate *candidate = arena_new(composing->arena, struct candidate);
    *ret_candidate = NULL;
    if (pick->item == 0) {
        return true;
    }
    if (candidate_read(composing->store, composing->arena, composing->config, pick->item,
            candidate, fault)) {
        *ret_candidate = candidate;
        return true;
    }
    return fault->kind == FAULT_MISSING;
}

static bool add_line(const struct composing *composing, const struct stored_pick *pick,
    struct draft_section *section, struct desk_pick *line, struct fault *fault)
{
    size_t i = section->pick_count;
    if (!issue_item_read(composing->arena, pick->body, &section->picks[i], fault)) {
        return fault_prefix(fault, "pick %lld: ", (long long)pick->id);
    }
    if (!find_candidate(composing, pick, &section->picked[i], fault)) {
        return false;
    }
    section->picks[i].id = pick->id;
    *line = (struct desk_pick){.id = pick->id,
        .version = pick->version,
        .story = pick->story,
        .item = pick->item,
        .original = pick->original,
        .body = pick->body};
    section->pick_count++;
    return true;
}

static void add_suggestions(const struct composing *composing,
    const struct draft_section *suggested, struct draft_section *section,
    struct desk_pick *lines)
{
    for (size_t k = 0; k < suggested->pick_count; k++) {
        size_t i = section->pick_count++;
        section->picks[i] = suggested->picks[k];
        section->picks[i].id = 0;
        section->picked[i] = suggested->picked[k];
        lines[i] = (struct desk_pick){
            .story = story_of(composing, suggested->picked[k]),
            .item = suggested->picked[k]->id,
        };
        lines[i].body = issue_item_json(composing->arena, &section->picks[i]);
        lines[i].original = lines[i].body;
    }
}

static bool fill_section(
    const struct composing *composing, struct draft *draft, size_t number, struct fault *fault)
{
    struct arena *arena = composing->arena;
    struct draft_section *section = &draft->sections[number];
    const struct draft_section suggested = *section;
    size_t most = composing->pick_count + suggested.pick_count + 1;
    struct desk_pick *lines = arena_new_array(arena, struct desk_pick, most);
    section->picks = arena_new_array(arena, struct issue_item, most);
    section->picked = arena_new_array(arena, const struct candidate *, most);
    section->pick_count = 0;
    for (size_t i = 0; i < composing->pick_count; i++) {
        const struct stored_pick *pick = &composing->picks[i];
        if (!pick->removed && place_of(composing, draft->issue, pick) == number &&
            !add_line(composing, pick, section, &lines[section->pick_count], fault)) {
            return false;
        }
    }
    add_suggestions(composing, &suggested, section, lines);
    draft->issue->sections[number].items = section->picks;
    draft->issue->sections[number].item_count = section->pick_count;
    composing->desk->picks[number] = lines;
    return true;
}

/* ---- its own texts ---- */

/* What she wrote instead; "" stands for nothing at all. */
static void override(const char **text, const char *by_hand)
{
    if (by_hand != NULL) {
        *text = *by_hand == '\0' ? NULL : by_hand;
    }
}

static void lay_texts_over(const struct stored_draft *row, struct issue *issue)
{
    override(&issue->headline, row->texts[DRAFT_HEADLINE]);
    override(&issue->preface, row->texts[DRAFT_PREFACE]);
    override(&issue->note_before, row->texts[DRAFT_NOTE_BEFORE]);
    override(&issue->closing, row->texts[DRAFT_CLOSING]);
    override(&issue->note_after, row->texts[DRAFT_NOTE_AFTER]);
    for (size_t i = 0; i < issue->section_count; i++) {
        if (issue->sections[i].form == CONFIG_FORM_ONELINE) {
            override(&issue->sections[i].lead_in, row->texts[DRAFT_LEAD_IN]);
        }
    }
}

/* A correction keeps the guide that was printed until she changes it. */
static void set_guide(const struct composing *composing, struct draft *draft)
{
    struct desk_draft *desk = composing->desk;
    const char *printed = draft->issue->guide;
    draft_compose_guide(composing->arena, draft);
    desk->guide_proposed = draft->issue->guide;
    if (composing->row.document != NULL) {
        draft->issue->guide = printed;
    }
    override(&draft->issue->guide, composing->row.texts[DRAFT_GUIDE]);
    draft->guide = draft->issue->guide == NULL
        ? NULL
        : markdown_to_plain(composing->arena, draft->issue->guide);
}

/* An interval after the last issue, but not in the past. */
static const char *plan_day(const struct composing *composing)
{
    const struct config_briefing *briefing = &composing->config->briefing;
    int64_t planned = composing->now_utc_s;
    if (composing->last_utc_s != CLOCK_NONE &&
        composing->last_utc_s + briefing->interval_s > planned) {
        planned = composing->last_utc_s + briefing->interval_s;
    }
    return clock_format_day(
        planned, briefing->utc_offset_s, arena_alloc(composing->arena, CLOCK_ISO_BYTES));
}

static void set_day(const struct composing *composing, struct draft *draft)
{
    const char *by_hand = composing->row.texts[DRAFT_DAY];
    if (composing->row.document == NULL) {
        composing->desk->day_planned = plan_day(composing);
        draft->date = by_hand != NULL ? by_hand : composing->desk->day_planned;
        draft->issue->date = draft->date;
        issue_set_archive(composing->arena, draft->issue, &composing->config->briefing,
            composing->past, composing->past_count);
    }
}

/* ---- all of it ---- */

static bool compose(struct composing *composing, struct fault *fault)
{
    struct draft *draft = NULL;
    if (composing->row.document == NULL) {
        draft = suggest(composing);
    } else if (!take_printed(composing, &draft, fault)) {
        return false;
    }
    struct desk_draft *desk = composing->desk;
    desk->draft = draft;
    desk->picks = arena_new_array(
        composing->arena, struct desk_pick *, draft->issue->section_count);
    for (size_t i = 0; i < draft->issue->section_count; i++) {
        if (!fill_section(composing, draft, i, fault)) {
            return false;
        }
    }
    draft->count = issue_count_items(draft->issue);
    lay_texts_over(&composing->row, draft->issue);
    set_guide(composing, draft);
    set_day(composing, draft);
    return true;
}

bool draft_compose(struct store *store, struct arena *arena, const struct config *config,
    int64_t id, int64_t now_utc_s, struct desk_draft **ret_draft, struct fault *fault)
{
    struct composing composing = {
        .store = store, .arena = arena, .config = config, .now_utc_s = now_utc_s};
    if (!draft_read(store, arena, id, &composing.row, fault) ||
        !read_material(&composing, fault)) {
        return false;
    }
    const struct stored_draft *row = &composing.row;
    composing.desk = arena_new(arena, struct desk_draft);
    *composing.desk = (struct desk_draft){
        .id = row->id,
        .version = row->version,
        .tag = row->tag,
        .corrects = row->corrects,
        .publishing = row->publishing,
        .suggest = row->suggest,
        .day_by_hand = row->texts[DRAFT_DAY],
        .guide_by_hand = row->texts[DRAFT_GUIDE],
        .guide_base = row->texts[DRAFT_GUIDE_BASE],
    };
    *ret_draft = composing.desk;
    return compose(&composing, fault);
}

bool desk_read_draft(struct store *store, struct arena *arena, const struct config *config,
    int64_t id, int64_t now_utc_s, struct desk_draft **ret_draft, struct fault *fault)
{
    if (!transaction_begin_read(store, fault)) {
        return false;
    }
    bool ok = draft_compose(store, arena, config, id, now_utc_s, ret_draft, fault);
    transaction_end_read(store);
    return ok;
}

bool draft_expect_section(
    struct action *action, int64_t draft, const char *section, struct fault *fault)
{
    struct stored_draft row;
    struct issue *issue;
    if (!draft_read(action->store, action->arena, draft, &row, fault)) {
        return false;
    }
    if (row.document == NULL) {
        return section_check(action->config, section, fault);
    }
    return issue_read_json(action->arena, row.document, strlen(row.document), &issue, fault) &&
        (find_section(action->arena, issue, section) < issue->section_count ||
            fault_set(fault, FAULT_PARSE, "section: the issue has no section '%s'", section));
}
