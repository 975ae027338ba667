/* Undo and redo.
 *
 * Each editor has a line of her own actions. Undo takes back the newest that stands, redo the
 * newest undo, as long as she has not acted since; both are events themselves, so the log only
 * grows. An action can be taken back when everything it changed is still as it left it. That
 * compares states, not versions: what another editor changed and took back again is no
 * obstacle, and one's own later actions are gone by the time their turn comes.
 *
 * Rejected: taking back member by member what nobody touched since. Half an undone action is
 * something nobody has decided. */
#include <string.h>

#include "storage/action.h"
#include "storage/events.h"
#include "storage/picks.h"
#include "storage/stories.h"

struct undoing {
    struct action *action;
    const char *verb; /* in a sentence: "taken back" */
    int64_t event;    /* whose changes are reversed */
};

static bool equal_texts(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* Who stands in the way. */
static bool refuse(
    const struct undoing *undoing, const struct desk_change *change, struct fault *fault)
{
    struct action *action = undoing->action;
    cleanup(statement_donep) struct statement *find = statement_get(
        action->store, STATEMENT_FIND_LAST_CHANGE, fault);
    if (find == NULL) {
        return false;
    }
    bind_text(find, desk_kind_name(change->kind));
    bind_int(find, change->id);
    bool row;
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    const char *editor = row ? column_text(find, action->arena) : "another";
    const char *word = row ? column_text(find, action->arena) : "change";
    return fault_set(fault, FAULT_REFUSED,
        "cannot be %s: %s %lld is not as it was left any more, '%s' changed it since (%s)",
        undoing->verb, desk_kind_name(change->kind), (long long)change->id, editor, word);
}

/* Neither what stands in a published issue nor what would come back into one. */
static bool check_open(
    struct action *action, const struct desk_change *change, struct fault *fault)
{
    switch (change->kind) {
    case DESK_PICK:
        return pick_expect_open(action, change->id, fault);
    case DESK_DRAFT:
        return draft_expect_open(action, change->id, fault);
    default:
        return true;
    }
}

static bool check_change(
    const struct undoing *undoing, const struct desk_change *change, struct fault *fault)
{
    struct action *action = undoing->action;
    const char *now;
    if (!entity_read(action->store, action->arena, change->kind, change->id, &now, fault)) {
        return false;
    }
    if (!equal_texts(now, change->after)) {
        return refuse(undoing, change, fault);
    }
    return now == NULL || check_open(action, change, fault);
}

static bool put_back(
    struct action *action, const struct desk_change *change, struct fault *fault)
{
    return action_put(action, change->kind, change->id, change->before, fault) &&
        (change->before == NULL || check_open(action, change, fault));
}

/* A story that disappears by this may have got items from the machine meanwhile: they go where
 * the others go. */
static bool move_followers(struct action *action, const struct desk_change *changes,
    size_t count, int64_t story, struct fault *fault)
{
    int64_t heir = 0;
    for (size_t i = 0; i < count && heir == 0; i++) {
        int64_t before;
        if (changes[i].kind == DESK_ITEM &&
            !statement_find_int(
                action->store, STATEMENT_FIND_STORY_OF, changes[i].id, &before, fault)) {
            return false;
        }
        heir = changes[i].kind == DESK_ITEM && before != story ? before : 0;
    }
    return heir == 0 || story_move_items(action, story, heir, fault);
}

static bool reverse(struct undoing *undoing, const struct desk_change *changes, size_t count,
    struct fault *fault)
{
    struct action *action = undoing->action;
    for (size_t i = 0; i < count; i++) {
        if (!check_change(undoing, &changes[i], fault)) {
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!put_back(action, &changes[i], fault)) {
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (changes[i].kind == DESK_STORY && changes[i].before == NULL &&
            !move_followers(action, changes, count, changes[i].id, fault)) {
            return false;
        }
    }
    return true;
}

/* ---- which ---- */

static bool find_by_editor(struct store *store, enum statement_id id, const char *editor,
    int64_t *ret_event, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(store, id, fault);
    bool row;
    if (find == NULL) {
        return false;
    }
    bind_text(find, editor);
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    *ret_event = row ? column_int(find) : 0;
    return true;
}

bool desk_find_undo(struct store *store, const char *editor, int64_t *ret_undo,
    int64_t *ret_redo, struct fault *fault)
{
    if (!transaction_begin_read(store, fault)) {
        return false;
    }
    bool ok = find_by_editor(store, STATEMENT_FIND_UNDO, editor, ret_undo, fault) &&
        find_by_editor(store, STATEMENT_FIND_REDO, editor, ret_redo, fault);
    transaction_end_read(store);
    return ok;
}

/* ---- undo and redo ---- */

/* What was published is not taken back by a key press: it is in the readers' hands. */
static bool check_final(const struct undoing *undoing, struct fault *fault)
{
    int64_t final;
    if (!statement_find_int(
            undoing->action->store, STATEMENT_IS_FINAL, undoing->event, &final, fault)) {
        return false;
    }
    return final == 0 ||
        fault_set(fault, FAULT_REFUSED,
            "the last action published or reopened an issue, which is not taken back: reopen "
            "the issue to correct it");
}

static bool reverse_event(struct undoing *undoing, struct fault *fault)
{
    struct action *action = undoing->action;
    const struct desk_change *changes;
    size_t count;
    action->undoes = undoing->event;
    return check_final(undoing, fault) &&
        changes_read(action->store, action->arena, undoing->event, &changes, &count, fault) &&
        reverse(undoing, changes, count, fault);
}

/* What undo and redo differ in. */
struct way {
    const char *word, *verb, *nothing;
    enum statement_id find;
};

static bool go(const struct way *way, struct action *action, struct fault *fault)
{
    struct undoing undoing = {action, way->verb, 0};
    action->teaches_not = true;
    if (!action_begin(action, way->word, fault)) {
        return false;
    }
    bool ok = action->repeated ||
        (find_by_editor(
             action->store, way->find, action->asked->editor, &undoing.event, fault) &&
            (undoing.event != 0 || fault_set(fault, FAULT_MISSING, "%s", way->nothing)) &&
            reverse_event(&undoing, fault));
    return action_end(action, ok, fault);
}

bool desk_undo(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *asked, struct desk_result *ret_result, struct fault *fault)
{
    static const struct way way = {
        "undo", "taken back", "there is nothing to take back", STATEMENT_FIND_UNDO};
    struct action action = action_make(store, arena, config, asked, ret_result);
    return go(&way, &action, fault);
}

bool desk_redo(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *asked, struct desk_result *ret_result, struct fault *fault)
{
    static const struct way way = {
        "redo", "done again", "there is nothing to do again", STATEMENT_FIND_REDO};
    struct action action = action_make(store, arena, config, asked, ret_result);
    return go(&way, &action, fault);
}
