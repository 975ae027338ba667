/* The lines of a draft, and where they stand.
 *
 * The order is a number with gaps, so that a move changes one row and two editors who move
 * different lines do not meet. When a gap is used up, or two picks have one number (an undo may
 * bring back a place that was given away), the ones behind are pushed on, as few as it takes,
 * in the same action.
 *
 * A pick that is taken out stays as a row: its text is not lost, and its place keeps its
 * meaning.
 *
 * Rejected: texts as positions, which never run out of gaps but tie in the same way after an
 * undo, and so save no code. */
#include "storage/picks.h"

#include <string.h>

#include "briefing/issue_item.h"
#include "briefing/pick.h"
#include "storage/candidates.h"
#include "storage/stories.h"

/* Twenty moves to the same place before anything is pushed. */
enum { POSITION_STEP = 1 << 20 };

/* ---- rows ---- */

static void read_row(struct statement *row, struct arena *arena, void *item)
{
    struct stored_pick *pick = item;
    pick->id = column_int(row);
    pick->version = column_int(row);
    pick->draft = column_int(row);
    pick->removed = column_int(row) != 0;
    pick->section = column_text(row, arena);
    pick->position = column_int(row);
    pick->story = column_int(row);
    pick->item = column_int(row);
    pick->body = column_text(row, arena);
    pick->original = column_text(row, arena);
}

bool picks_read(struct store *store, struct arena *arena, int64_t draft,
    struct stored_pick **ret_picks, size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_PICKS, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, draft);
    *ret_picks = statement_rows(list, arena, sizeof(**ret_picks), read_row, ret_count, fault);
    return *ret_picks != NULL;
}

bool pick_read(struct store *store, struct arena *arena, int64_t id,
    struct stored_pick *ret_pick, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_FIND_PICK, fault);
    if (find == NULL) {
        return false;
    }
    bind_int(find, id);
    if (!statement_expect(find, "pick", id, fault)) {
        return false;
    }
    *ret_pick = (struct stored_pick){0};
    read_row(find, arena, ret_pick);
    return true;
}

bool pick_write(struct action *action, const struct stored_pick *pick, struct fault *fault)
{
    if (!action_touch(action, DESK_PICK, pick->id, fault)) {
        return false;
    }
    cleanup(statement_donep) struct statement *write = statement_get(
        action->store, STATEMENT_WRITE_PICK, fault);
    if (write == NULL) {
        return false;
    }
    bind_int(write, pick->id);
    bind_int(write, pick->draft);
    bind_int(write, pick->removed);
    bind_text(write, pick->section);
    bind_int(write, pick->position);
    bind_id(write, pick->story);
    bind_id(write, pick->item);
    bind_text(write, pick->body);
    bind_text(write, pick->original);
    return statement_run(write, fault);
}

/* ---- open drafts ---- */

static bool expect_open(struct action *action, enum statement_id find, int64_t id,
    const char *what, struct fault *fault)
{
    cleanup(statement_donep) struct statement *read = statement_get(action->store, find, fault);
    if (read == NULL) {
        return false;
    }
    bind_int(read, id);
    if (!statement_expect(read, what, id, fault)) {
        return false;
    }
    if (column_int(read) == 0) {
        return fault_set(fault, FAULT_REFUSED,
            "%s %lld belongs to an issue that was published: reopen the issue to correct it",
            what, (long long)id);
    }
    return column_int(read) == 0 ||
        fault_set(fault, FAULT_REFUSED,
            "the issue is being published: wait until its file is written");
}

bool pick_expect_open(struct action *action, int64_t id, struct fault *fault)
{
    return expect_open(action, STATEMENT_IS_PICK_OPEN, id, "pick", fault);
}

bool draft_expect_open(struct action *action, int64_t id, struct fault *fault)
{
    return expect_open(action, STATEMENT_IS_DRAFT_OPEN, id, "draft", fault);
}

bool draft_find_next(struct store *store, int64_t *ret_draft, struct fault *fault)
{
    return statement_find_int(store, STATEMENT_FIND_NEXT_DRAFT, 0, ret_draft, fault);
}

bool pick_find(
    struct store *store, int64_t story, bool removed, int64_t *ret_pick, struct fault *fault)
{
    return statement_find_int(store,
        removed ? STATEMENT_FIND_REMOVED_PICK : STATEMENT_FIND_STORY_PICK, story, ret_pick,
        fault);
}

/* ---- places ---- */

/* The other picks of one section, in order. */
struct row_of_picks {
    struct stored_pick **picks;
    size_t count;
    size_t at; /* the new one comes before this */
};

static bool find_place(struct action *action, const struct stored_pick *pick,
    const char *section, int64_t before, struct row_of_picks *ret_row, struct fault *fault)
{
    struct stored_pick *all;
    size_t count;
    if (!picks_read(action->store, action->arena, pick->draft, &all, &count, fault)) {
        return false;
    }
    bool found = before == 0;
    *ret_row = (struct row_of_picks){
        arena_new_array(action->arena, struct stored_pick *, count + 1), 0, 0};
    for (size_t i = 0; i < count; i++) {
        if (all[i].id == pick->id || strcmp(all[i].section, section) != 0) {
            continue;
        }
        if (all[i].id == before && !all[i].removed) {
            ret_row->at = ret_row->count;
            found = true;
        }
        ret_row->picks[ret_row->count++] = &all[i];
    }
    if (before == 0) {
        ret_row->at = ret_row->count;
    }
    return found ||
        fault_set(fault, FAULT_PARSE, "before: pick %lld does not stand in section '%s'",
            (long long)before, section);
}

/* A number between the neighbours, or when there is none the next one: then the neighbour
 * behind must be pushed. */
static int64_t number_between(const int64_t *low, const int64_t *high)
{
    if (low == NULL) {
        return high == NULL ? 0 : *high - POSITION_STEP;
    }
    return high == NULL || *high - *low < 2 ? *low + POSITION_STEP : *low + (*high - *low) / 2;
}

static bool push(
    struct action *action, const struct row_of_picks *row, int64_t taken, struct fault *fault)
{
    for (size_t i = row->at; i < row->count && row->picks[i]->position <= taken; i++) {
        const int64_t *high = i + 1 < row->count ? &row->picks[i + 1]->position : NULL;
        taken = number_between(&taken, high);
        row->picks[i]->position = taken;
        if (!pick_write(action, row->picks[i], fault)) {
            return false;
        }
    }
    return true;
}

bool pick_place(struct action *action, struct stored_pick *pick, const char *section,
    int64_t before, struct fault *fault)
{
    struct row_of_picks row;
    if (!find_place(action, pick, section, before, &row, fault)) {
        return false;
    }
    pick->section = section;
    pick->position = number_between(row.at > 0 ? &row.picks[row.at - 1]->position : NULL,
        row.at < row.count ? &row.picks[row.at]->position : NULL);
    return pick_write(action, pick, fault) && push(action, &row, pick->position, fault);
}

/* ---- stories as picks ---- */

/* The section of feeds.conf; the fallback for one that is there no more. */
static const struct config_section *find_section(const struct config *config, const char *id)
{
    return &config->sections[section_index(config, id)];
}

static bool write_proposal(struct action *action, int64_t item, enum config_form form,
    const char **ret_body, struct fault *fault)
{
    struct candidate candidate;
    if (!candidate_read(
            action->store, action->arena, action->config, item, &candidate, fault)) {
        return false;
    }
    struct issue_item proposed = pick_build(action->arena, action->config, form, &candidate);
    *ret_body = issue_item_json(action->arena, &proposed);
    return true;
}

/* A line nobody has edited is written anew for a section of another form; an edited one stays
 * as it is. */
static bool reform(
    struct action *action, struct stored_pick *pick, const char *section, struct fault *fault)
{
    enum config_form from = find_section(action->config, pick->section)->form;
    enum config_form to = find_section(action->config, section)->form;
    if (from == to || pick->item == 0 || strcmp(pick->body, pick->original) != 0) {
        return true;
    }
    if (!write_proposal(action, pick->item, to, &pick->original, fault)) {
        return false;
    }
    pick->body = pick->original;
    return true;
}

bool pick_move(struct action *action, struct stored_pick *pick, const char *section,
    int64_t before, struct fault *fault)
{
    return reform(action, pick, section, fault) &&
        pick_place(action, pick, section, before, fault);
}

bool draft_expect_room(struct action *action, int64_t draft, struct fault *fault)
{
    int64_t count;
    return statement_find_int(action->store, STATEMENT_COUNT_PICKS, draft, &count, fault) &&
        (count < DESK_PICKS_MAX ||
            fault_set(fault, FAULT_LIMIT, "the draft has %d lines already, the most it may",
                DESK_PICKS_MAX));
}

static bool restore_pick(
    struct action *action, int64_t id, const char *section, struct fault *fault)
{
    struct stored_pick pick;
    if (!pick_read(action->store, action->arena, id, &pick, fault)) {
        return false;
    }
    pick.removed = false;
    if (strcmp(pick.section, section) == 0) {
        return pick_write(action, &pick, fault);
    }
    return pick_move(action, &pick, section, 0, fault);
}

static bool make_pick(struct action *action, int64_t story, int64_t draft,
    const struct config_section *section, struct fault *fault)
{
    struct stored_pick pick = {.draft = draft, .story = story};
    if (!statement_find_int(action->store, STATEMENT_FIND_LEAD, story, &pick.item, fault) ||
        !write_proposal(action, pick.item, section->form, &pick.original, fault) ||
        !action_take_id(action, &pick.id, fault)) {
        return false;
    }
    pick.body = pick.original;
    return pick_place(action, &pick, section->id, 0, fault);
}

bool pick_add_story(struct action *action, int64_t story, struct fault *fault)
{
    int64_t draft, removed;
    const char *state, *stands;
    if (!draft_find_next(action->store, &draft, fault) ||
        !draft_expect_open(action, draft, fault) || !draft_expect_room(action, draft, fault) ||
        !story_stand(action->store, action->arena, story, &state, &stands, fault) ||
        !pick_find(action->store, story, true, &removed, fault)) {
        return false;
    }
    const struct config_section *section = find_section(action->config, stands);
    return removed != 0 ? restore_pick(action, removed, section->id, fault)
                        : make_pick(action, story, draft, section, fault);
}

bool pick_remove_story(struct action *action, int64_t story, struct fault *fault)
{
    int64_t id;
    struct stored_pick pick;
    if (!pick_find(action->store, story, false, &id, fault)) {
        return false;
    }
    if (id == 0) {
        return true;
    }
    if (!pick_expect_open(action, id, fault) ||
        !pick_read(action->store, action->arena, id, &pick, fault)) {
        return false;
    }
    pick.removed = true;
    return pick_write(action, &pick, fault);
}
