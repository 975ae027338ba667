/* /api/v1/log, /undo, /redo: every decision, and taking it back. */
#include <string.h>

#include "web/server/desk_call.h"
#include "web/server/desk_json.h"
#include "web/server/endpoints.h"
#include "web/server/json.h"

enum { EVENTS_DEFAULT = 50 };

static bool read_log_filter(
    struct call *call, struct desk_event_filter *filter, struct fault *fault)
{
    int64_t limit = EVENTS_DEFAULT;
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
        json_array_append_new(list, desk_json_event(&events[i]));
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
