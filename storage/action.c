/* The log is written by comparison: an action changes rows as it likes, and its end looks at
 * what it touched. So no code that decides something knows how a change is logged, an action
 * that comes to what was there already is no event, and a thing that is changed twice within an
 * action has one change. A thing is compared and logged as one JSON object, which the database
 * makes of the row and takes apart again: undo, redo and making the state anew need to know
 * nothing of what a story or a pick consists of.
 *
 * What an action would forget to touch would be missing in the log; the test that compares the
 * tables with the fold of the log after a thousand random actions is there to find it.
 *
 * Rejected: triggers that write the log. They see rows, not actions, cannot tell the editor's
 * columns from derived ones, and run where nobody looks. */
#include "storage/action.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "storage/events.h"
#include "storage/lessons.h"
#include "storage/stories.h"

static const struct {
    const char *name;
    enum statement_id version, read, put, stamp, remove;
} kinds[] = {
    [DESK_STORY] = {"story", STATEMENT_VERSION_STORY, STATEMENT_READ_STORY, STATEMENT_PUT_STORY,
        STATEMENT_STAMP_STORY, STATEMENT_REMOVE_STORY},
    /* Items are neither made nor removed by an editor. */
    [DESK_ITEM] = {"item", STATEMENT_VERSION_ITEM, STATEMENT_READ_ITEM, STATEMENT_PUT_ITEM,
        STATEMENT_STAMP_ITEM, STATEMENT_COUNT},
    [DESK_PICK] = {"pick", STATEMENT_VERSION_PICK, STATEMENT_READ_PICK, STATEMENT_PUT_PICK,
        STATEMENT_STAMP_PICK, STATEMENT_REMOVE_PICK},
    [DESK_DRAFT] = {"draft", STATEMENT_VERSION_DRAFT, STATEMENT_READ_DRAFT, STATEMENT_PUT_DRAFT,
        STATEMENT_STAMP_DRAFT, STATEMENT_REMOVE_DRAFT},
};
_Static_assert(array_count(kinds) == DESK_KIND_COUNT, "a kind without its statements");

const char *desk_kind_name(enum desk_kind kind)
{
    return kinds[kind].name;
}

bool desk_kind_read(const char *name, enum desk_kind *ret_kind)
{
    for (size_t i = 0; i < DESK_KIND_COUNT; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            *ret_kind = (enum desk_kind)i;
            return true;
        }
    }
    return false;
}

static const char *const state_names[] = {
    [DESK_INBOX] = "inbox",
    [DESK_PICKED] = "picked",
    [DESK_LATER] = "later",
    [DESK_REJECTED] = "rejected",
};
_Static_assert(array_count(state_names) == DESK_STATE_COUNT, "a state without a name");

const char *desk_state_name(enum desk_state state)
{
    return state_names[state];
}

bool desk_state_read(const char *name, enum desk_state *ret_state)
{
    for (size_t i = 0; i < DESK_STATE_COUNT; i++) {
        if (strcmp(state_names[i], name) == 0) {
            *ret_state = (enum desk_state)i;
            return true;
        }
    }
    return false;
}

/* ---- things ---- */

bool entity_read(struct store *store, struct arena *arena, enum desk_kind kind, int64_t id,
    const char **ret_json, struct fault *fault)
{
    cleanup(statement_donep) struct statement *read = statement_get(
        store, kinds[kind].read, fault);
    bool row;
    if (read == NULL) {
        return false;
    }
    bind_int(read, id);
    if (!statement_next(read, &row, fault)) {
        return false;
    }
    *ret_json = row ? column_text(read, arena) : NULL;
    return true;
}

static bool write_entity(
    struct store *store, enum desk_kind kind, int64_t id, const char *json, struct fault *fault)
{
    assert(json != NULL || kind != DESK_ITEM);
    cleanup(statement_donep) struct statement *write = statement_get(
        store, json == NULL ? kinds[kind].remove : kinds[kind].put, fault);
    if (write == NULL) {
        return false;
    }
    bind_int(write, id);
    if (json != NULL) {
        bind_text(write, json);
    }
    return statement_run(write, fault);
}

static bool stamp_entity(
    struct store *store, enum desk_kind kind, int64_t id, int64_t version, struct fault *fault)
{
    return statement_run_ints(
        store, kinds[kind].stamp, (const int64_t[]){version, id}, 2, fault);
}

bool entity_put(struct store *store, enum desk_kind kind, int64_t id, const char *json,
    int64_t version, struct fault *fault)
{
    return write_entity(store, kind, id, json, fault) &&
        stamp_entity(store, kind, id, version, fault);
}

/* ---- begin ---- */

/* The request came before: fill the result from what it did then. */
static bool repeat_request(struct action *action, struct statement *found, struct fault *fault)
{
    struct desk_result *result = action->result;
    if (column_hash(found) != action->asked->request_hash) {
        return fault_set(fault, FAULT_REFUSED,
            "the request key '%s' was used before, for another request: send a new one",
            action->asked->request_key);
    }
    result->repeated = true;
    result->event = column_int(found);
    result->made = column_int(found);
    action->repeated = true;
    return result->event == 0 ||
        changes_read(action->store, action->arena, result->event, &result->changes,
            &result->change_count, fault);
}

static bool look_for_request(struct action *action, struct fault *fault)
{
    if (action->asked->request_key == NULL) {
        return true;
    }
    cleanup(statement_donep) struct statement *find = statement_get(
        action->store, STATEMENT_FIND_REQUEST, fault);
    if (find == NULL) {
        return false;
    }
    bind_text(find, action->asked->editor);
    bind_text(find, action->asked->request_key);
    bind_int(find, action->asked->now_utc_s - DESK_REQUEST_KEPT_S);
    bool row;
    return statement_next(find, &row, fault) && (!row || repeat_request(action, find, fault));
}

bool desk_find_request(struct store *store, struct arena *arena,
    const struct desk_action *asked, struct desk_result *ret_result, struct fault *fault)
{
    struct action action = {
        .store = store, .arena = arena, .asked = asked, .result = ret_result};
    *ret_result = (struct desk_result){0};
    return look_for_request(&action, fault);
}

struct action action_make(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *asked, struct desk_result *result)
{
    return (struct action){
        .store = store, .arena = arena, .config = config, .asked = asked, .result = result};
}

bool action_begin(struct action *action, const char *word, struct fault *fault)
{
    *action->result = (struct desk_result){0};
    action->word = word;
    if (!transaction_begin_edit(action->store, fault)) {
        return false;
    }
    if (!look_for_request(action, fault) ||
        !statement_find_int(action->store, STATEMENT_NEXT_EVENT, 0, &action->event, fault)) {
        return transaction_end_edit(action->store, false, NULL);
    }
    return true;
}

/* ---- in between ---- */

static bool describe_conflict(
    struct action *action, enum desk_kind kind, struct desk_target target, struct fault *fault)
{
    struct desk_result *result = action->result;
    const char *editor = "";
    cleanup(statement_donep) struct statement *find = statement_get(
        action->store, STATEMENT_FIND_EVENT, fault);
    bool row;
    if (find == NULL) {
        return false;
    }
    bind_int(find, result->conflict.actual);
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    if (row) {
        result->conflict.editor = column_text(find, action->arena);
        result->conflict.utc_s = column_time(find);
        editor = result->conflict.editor;
    }
    return fault_set(fault, FAULT_CONFLICT,
        "%s %lld is now at version %lld, by '%s', and not at %lld any more: read it again",
        kinds[kind].name, (long long)target.id, (long long)result->conflict.actual, editor,
        (long long)target.version);
}

bool action_conflict(struct action *action, enum desk_kind kind, struct desk_target target,
    int64_t version, struct fault *fault)
{
    action->result->conflict.kind = kind;
    action->result->conflict.id = target.id;
    action->result->conflict.expected = target.version;
    action->result->conflict.actual = version;
    return describe_conflict(action, kind, target, fault);
}

bool action_expect(
    struct action *action, enum desk_kind kind, struct desk_target target, struct fault *fault)
{
    cleanup(statement_donep) struct statement *read = statement_get(
        action->store, kinds[kind].version, fault);
    if (read == NULL) {
        return false;
    }
    bind_int(read, target.id);
    bool row;
    if (!statement_next(read, &row, fault)) {
        return false;
    }
    if (!row) {
        return fault_set(fault, FAULT_MISSING, "there is no %s %lld", kinds[kind].name,
            (long long)target.id);
    }
    int64_t version = column_int(read);
    if (target.version == DESK_ANY_VERSION || target.version == version) {
        return true;
    }
    return action_conflict(action, kind, target, version, fault);
}

static struct touched *find_touched(struct action *action, enum desk_kind kind, int64_t id)
{
    for (size_t i = 0; i < action->touched_count; i++) {
        if (action->touched[i].kind == kind && action->touched[i].id == id) {
            return &action->touched[i];
        }
    }
    return NULL;
}

bool action_touch(struct action *action, enum desk_kind kind, int64_t id, struct fault *fault)
{
    if (find_touched(action, kind, id) != NULL) {
        return true;
    }
    if (action->touched_count == action->touched_capacity) {
        action->touched = arena_grow(action->arena, action->touched, sizeof(*action->touched),
            &action->touched_capacity);
    }
    struct touched *touched = &action->touched[action->touched_count];
    *touched = (struct touched){.kind = kind, .id = id};
    if (!entity_read(action->store, action->arena, kind, id, &touched->before, fault) ||
        (kind == DESK_STORY &&
            !story_stand(
                action->store, action->arena, id, &touched->state, &touched->section, fault)) ||
        (kind == DESK_ITEM &&
            !statement_find_int(
                action->store, STATEMENT_FIND_STORY_OF, id, &touched->story, fault))) {
        return false;
    }
    action->touched_count++;
    return true;
}

bool action_put(struct action *action, enum desk_kind kind, int64_t id, const char *json,
    struct fault *fault)
{
    return action_touch(action, kind, id, fault) &&
        write_entity(action->store, kind, id, json, fault);
}

bool action_take_id(struct action *action, int64_t *ret_id, struct fault *fault)
{
    return statement_find_int(action->store, STATEMENT_TAKE_ID, 0, ret_id, fault);
}

void action_teach(
    struct action *action, enum desk_lesson_kind kind, int64_t story, const char *section)
{
    if (action->lesson_count == action->lesson_capacity) {
        action->lessons = arena_grow(
            action->arena, action->lessons, sizeof(*action->lessons), &action->lesson_capacity);
    }
    action->lessons[action->lesson_count++] = (struct planned_lesson){kind, story, section};
}

/* ---- end ---- */

static int compare_touched(const void *left, const void *right)
{
    const struct touched *a = left, *b = right;
    return a->kind != b->kind ? (a->kind > b->kind) - (a->kind < b->kind)
                              : (a->id > b->id) - (a->id < b->id);
}

static bool equal_texts(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* What is different now, into the result; versions into the rows. */
static bool compare_all(struct action *action, struct fault *fault)
{
    struct desk_change *changes = arena_new_array(
        action->arena, struct desk_change, action->touched_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < action->touched_count; i++) {
        struct touched *touched = &action->touched[i];
        if (!entity_read(action->store, action->arena, touched->kind, touched->id,
                &touched->after, fault)) {
            return false;
        }
        if (equal_texts(touched->before, touched->after)) {
            continue;
        }
        changes[count++] = (struct desk_change){
            touched->kind, touched->id, touched->before, touched->after};
        if (!stamp_entity(action->store, touched->kind, touched->id, action->event, fault)) {
            return false;
        }
    }
    action->result->changes = changes;
    action->result->change_count = count;
    action->result->event = count > 0 ? action->event : 0;
    return true;
}

static bool write_event(struct action *action, struct fault *fault)
{
    cleanup(statement_donep) struct statement *add = statement_get(
        action->store, STATEMENT_ADD_EVENT, fault);
    if (add == NULL) {
        return false;
    }
    bind_int(add, action->event);
    bind_int(add, action->asked->now_utc_s);
    bind_text(add, action->asked->editor);
    bind_text(add, action->word);
    bind_id(add, action->undoes);
    return statement_run(add, fault);
}

static bool write_change(
    struct action *action, const struct desk_change *change, struct fault *fault)
{
    cleanup(statement_donep) struct statement *add = statement_get(
        action->store, STATEMENT_ADD_CHANGE, fault);
    if (add == NULL) {
        return false;
    }
    bind_int(add, action->event);
    bind_text(add, kinds[change->kind].name);
    bind_int(add, change->id);
    bind_text(add, change->before);
    bind_text(add, change->after);
    return statement_run(add, fault);
}

static bool write_log(struct action *action, struct fault *fault)
{
    const int64_t undone[] = {action->undoes, action->event};
    if (!write_event(action, fault) ||
        (action->undoes != 0 &&
            !statement_run_ints(action->store, STATEMENT_MARK_UNDONE, undone, 2, fault))) {
        return false;
    }
    for (size_t i = 0; i < action->result->change_count; i++) {
        if (!write_change(action, &action->result->changes[i], fault)) {
            return false;
        }
    }
    return lessons_write(action, fault);
}

static bool write_request(struct action *action, struct fault *fault)
{
    const struct desk_action *asked = action->asked;
    if (asked->request_key == NULL) {
        return true;
    }
    const int64_t oldest[] = {asked->now_utc_s - DESK_REQUEST_KEPT_S};
    cleanup(statement_donep) struct statement *add = statement_get(
        action->store, STATEMENT_ADD_REQUEST, fault);
    if (add == NULL ||
        !statement_run_ints(action->store, STATEMENT_FORGET_REQUESTS, oldest, 1, fault)) {
        return false;
    }
    bind_text(add, asked->editor);
    bind_text(add, asked->request_key);
    bind_hash(add, asked->request_hash);
    bind_int(add, action->result->event);
    bind_int(add, action->result->made);
    bind_int(add, asked->now_utc_s);
    return statement_run(add, fault);
}

static bool write_all(struct action *action, struct fault *fault)
{
    if (action->touched_count > 1) {
        qsort(
            action->touched, action->touched_count, sizeof(*action->touched), compare_touched);
    }
    return stories_refresh_touched(action, fault) && compare_all(action, fault) &&
        (action->result->change_count == 0 || write_log(action, fault)) &&
        write_request(action, fault);
}

bool action_end(struct action *action, bool ok, struct fault *fault)
{
    ok = ok && (action->repeated || write_all(action, fault));
    ok = transaction_end_edit(action->store, ok, fault);
    if (ok && !action->repeated) {
        stories_follow_moves(action);
    }
    return ok;
}
