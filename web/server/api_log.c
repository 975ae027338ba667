/* /api/v1/log, /undo, /redo: every decision, and taking it back. */
#include <string.h>

#include "storage/placings.h"
#include "web/server/desk_call.h"
#include "web/server/desk_json.h"
#include "web/server/endpoints.h"
#include "web/server/json.h"

enum { EVENTS_DEFAULT = 50, ABOUT_MAX = 3 };

static bool read_log_filter(
    struct call *call, struct desk_event_filter *filter, struct fault *fault)
{
    static const char *const names[] = {"editor", "cursor", "limit", NULL};
    int64_t limit = EVENTS_DEFAULT;
    if (!call_query_takes(call, names, fault)) {
        return false;
    }
    *filter = (struct desk_event_filter){.editor = call_query(call, "editor")};
    const char *cursor = call_query(call, "cursor");
    if (cursor != NULL && !call_parse_id(cursor, &filter->before)) {
        call->status = 400;
        return fault_set(fault, FAULT_CONFIG, "'cursor' is none that a page gave as next.");
    }
    if (!call_query_integer(call, "limit", 1, DESK_PAGE_MAX, &limit, fault)) {
        return false;
    }
    filter->limit = (size_t)limit;
    return true;
}

/* ---- what an event is about ---- */

/* A pick's title stands in the log itself; a story's and an item's are as they are now. */
static bool find_title(struct call *call, struct store *store, const struct desk_change *change,
    const char **ret_title, struct fault *fault)
{
    *ret_title = NULL;
    if (change->kind != DESK_PICK) {
        return change->kind == DESK_DRAFT ||
            store_find_title(store, &call->arena, change->kind, change->id, ret_title, fault);
    }
    json_t *row = desk_json_raw(change->after != NULL ? change->after : change->before);
    json_t *title = json_object_get(json_object_get(row, "body"), "title");
    *ret_title = arena_strdup(&call->arena, json_string_value(title));
    json_decref(row);
    return true;
}

static bool is_listed(const json_t *titles, const char *title)
{
    for (size_t i = 0; i < json_array_size(titles); i++) {
        if (strcmp(json_string_value(json_array_get(titles, i)), title) == 0) {
            return true;
        }
    }
    return false;
}

static bool add_titles(struct call *call, struct store *store, const struct desk_event *event,
    json_t *object, struct fault *fault)
{
    json_t *titles = json_array();
    json_object_set_new(object, "about", titles);
    for (size_t i = 0; i < event->change_count && json_array_size(titles) < ABOUT_MAX; i++) {
        const char *title;
        if (!find_title(call, store, &event->changes[i], &title, fault)) {
            return false;
        }
        if (title != NULL && !is_listed(titles, title)) {
            json_array_append_new(titles, json_text(title));
        }
    }
    return true;
}

static bool read_log(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_event_filter filter;
    struct desk_event *events;
    size_t count;
    int64_t undo, redo;
    if (!read_log_filter(call, &filter, fault) ||
        !desk_read_events(store, &call->arena, &filter, &events, &count, fault) ||
        !desk_find_undo(store, call->editor, &undo, &redo, fault)) {
        return false;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *event = desk_json_event(&events[i]);
        json_array_append_new(list, event);
        if (!add_titles(call, store, &events[i], event, fault)) {
            json_decref(list);
            return false;
        }
    }
    json_t *next = count == filter.limit ? desk_json_number(events[count - 1].id) : json_null();
    return call_answer(call,
        json_pack("{s:o, s:o, s:o, s:o}", "events", list, "next", next, "undo",
            desk_json_id(undo), "redo", desk_json_id(redo)));
}

const struct endpoint endpoint_log = {.door = ENDPOINT_READS, .work = read_log};

static bool undo(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_result result = {0};
    struct desk_action action = desk_call_action(call);
    bool ok = desk_undo(store, &call->arena, config, &action, &result, fault);
    return desk_call_end(
        call, store, config, &result, ok, &(struct desk_call_done){.action = "undo"}, fault);
}

const struct endpoint endpoint_undo = {.door = ENDPOINT_WRITES, .work = undo};

static bool redo(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_result result = {0};
    struct desk_action action = desk_call_action(call);
    bool ok = desk_redo(store, &call->arena, config, &action, &result, fault);
    return desk_call_end(
        call, store, config, &result, ok, &(struct desk_call_done){.action = "redo"}, fault);
}

const struct endpoint endpoint_redo = {.door = ENDPOINT_WRITES, .work = redo};
