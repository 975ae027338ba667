/* The log read back: pages of it, and the state made anew.
 *
 * The state of a thing is what the newest change of it says; so making the state anew takes the
 * newest change of every thing that was ever changed and puts it, and drops what no change
 * explains. It reads as many rows as there are things, not as many as there were events. */
#include "storage/events.h"

#include <assert.h>

#include "storage/action.h"
#include "storage/stories.h"

static void read_change(struct statement *row, struct arena *arena, void *item)
{
    struct desk_change *change = item;
    bool known = desk_kind_read(column_peek(row), &change->kind);
    assert(known); /* by this program, of this schema */
    change->id = column_int(row);
    change->before = column_text(row, arena);
    change->after = column_text(row, arena);
}

bool changes_read(struct store *store, struct arena *arena, int64_t event,
    const struct desk_change **ret_changes, size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_CHANGES, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, event);
    *ret_changes = statement_rows(
        list, arena, sizeof(**ret_changes), read_change, ret_count, fault);
    return *ret_changes != NULL;
}

/* ---- a page of the log ---- */

static void read_event(struct statement *row, struct arena *arena, void *item)
{
    struct desk_event *event = item;
    event->id = column_int(row);
    event->utc_s = column_time(row);
    event->editor = column_text(row, arena);
    event->action = column_text(row, arena);
    event->undoes = column_int(row);
    event->undone_by = column_int(row);
}

static bool list_events(struct store *store, struct arena *arena,
    const struct desk_event_filter *filter, struct desk_event **ret_events, size_t *ret_count,
    struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(store,
        filter->oldest_first ? STATEMENT_LIST_EVENTS_FORWARD : STATEMENT_LIST_EVENTS, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, filter->after);
    bind_int(list, filter->before == 0 ? INT64_MAX : filter->before);
    bind_text(list, filter->editor);
    bind_int(list, (int64_t)filter->limit);
    *ret_events = statement_rows(
        list, arena, sizeof(**ret_events), read_event, ret_count, fault);
    return *ret_events != NULL;
}

bool desk_read_events(struct store *store, struct arena *arena,
    const struct desk_event_filter *filter, struct desk_event **ret_events, size_t *ret_count,
    struct fault *fault)
{
    assert(filter->limit >= 1 && filter->limit <= DESK_PAGE_MAX);
    if (!transaction_begin_read(store, fault)) {
        return false;
    }
    bool ok = list_events(store, arena, filter, ret_events, ret_count, fault);
    for (size_t i = 0; ok && i < *ret_count; i++) {
        struct desk_event *event = &(*ret_events)[i];
        ok = changes_read(
            store, arena, event->id, &event->changes, &event->change_count, fault);
    }
    transaction_end_read(store);
    return ok;
}

/* ---- the state made anew ---- */

/* The newest change of every thing. */
static bool put_newest(struct store *store, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_NEWEST_CHANGES, fault);
    bool row;
    while (list != NULL && statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        cleanup(arena_release) struct arena arena = {0};
        struct desk_change change = {0};
        read_change(list, &arena, &change);
        int64_t version = column_int(list);
        if (!entity_put(store, change.kind, change.id, change.after, version, fault)) {
            return false;
        }
    }
    return false;
}

static bool refresh_all(struct store *store, const struct config *config, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_LOGGED_STORIES, fault);
    bool row;
    while (list != NULL && statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        if (!story_refresh(store, config, column_int(list), fault)) {
            return false;
        }
    }
    return false;
}

bool desk_rebuild(struct store *store, const struct config *config, struct fault *fault)
{
    if (!transaction_begin_edit(store, fault)) {
        return false;
    }
    bool ok = statement_run_id(store, STATEMENT_FORGET_STORIES, fault) &&
        statement_run_id(store, STATEMENT_FORGET_PICKS, fault) && put_newest(store, fault) &&
        refresh_all(store, config, fault);
    return transaction_end_edit(store, ok, fault);
}
