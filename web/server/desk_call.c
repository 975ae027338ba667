/* Every write is answered in one form, the schema Change: the desk has one way to bring itself
 * up to date, whatever the action was. What was changed is read from the store once more, on
 * the connection that has just written it. */
#include "web/server/desk_call.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/learning.h"
#include "web/server/desk_json.h"
#include "web/server/json.h"

/* ---- the body ---- */

static bool is_known(const char *name, const char *const *known)
{
    for (size_t i = 0; known[i] != NULL; i++) {
        if (strcmp(known[i], name) == 0) {
            return true;
        }
    }
    return false;
}

bool desk_call_expect(
    const json_t *object, const char *place, const char *const *known, struct fault *fault)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        if (!is_known(name, known)) {
            return fault_set(
                fault, FAULT_PARSE, "%s%.100s: there is no such member", place, name);
        }
    }
    return true;
}

bool desk_call_text(struct call *call, const json_t *object, const char *name, bool required,
    const char **ret_text, struct fault *fault)
{
    const json_t *value = json_object_get(object, name);
    bool missing = value == NULL || json_is_null(value);
    if (missing ? required : !json_is_string(value)) {
        return fault_set(fault, FAULT_PARSE, "%s: expected a text", name);
    }
    *ret_text = missing ? NULL : arena_strdup(&call->arena, json_string_value(value));
    return true;
}

bool desk_call_id(const json_t *object, const char *name, int64_t *ret_id, struct fault *fault)
{
    const json_t *value = json_object_get(object, name);
    *ret_id = 0;
    return value == NULL || json_is_null(value) ||
        call_parse_id(json_string_value(value), ret_id) ||
        fault_set(fault, FAULT_PARSE, "%s: expected an id", name);
}

static bool parse_version(const json_t *value, int64_t *ret_version)
{
    const char *text = json_string_value(value);
    *ret_version = DESK_ANY_VERSION;
    if (value == NULL || json_is_null(value)) {
        return true;
    }
    if (text != NULL && strcmp(text, "0") == 0) {
        *ret_version = 0;
        return true;
    }
    return call_parse_id(text, ret_version);
}

static bool read_target(const json_t *value, const char *name, size_t i,
    struct desk_target *target, struct fault *fault)
{
    static const char *const known[] = {"id", "version", NULL};
    char place[64];
    snprintf(place, sizeof(place), "%.32s[%zu].", name, i);
    if (!json_is_object(value)) {
        return fault_set(fault, FAULT_PARSE, "%s[%zu]: expected an object", name, i);
    }
    if (!desk_call_expect(value, place, known, fault)) {
        return false;
    }
    if (!call_parse_id(json_string_value(json_object_get(value, "id")), &target->id)) {
        return fault_set(fault, FAULT_PARSE, "%sid: expected an id", place);
    }
    return parse_version(json_object_get(value, "version"), &target->version) ||
        fault_set(fault, FAULT_PARSE, "%sversion: expected a version", place);
}

bool desk_call_targets(struct call *call, const json_t *object, const char *name,
    struct desk_target **ret_targets, size_t *ret_count, struct fault *fault)
{
    const json_t *list = json_object_get(object, name);
    size_t count = json_array_size(list);
    if (count == 0 || count > DESK_BULK_MAX) {
        return fault_set(
            fault, FAULT_PARSE, "%s: expected a list of 1 to %d", name, DESK_BULK_MAX);
    }
    struct desk_target *targets = arena_new_array(&call->arena, struct desk_target, count);
    for (size_t i = 0; i < count; i++) {
        if (!read_target(json_array_get(list, i), name, i, &targets[i], fault)) {
            return false;
        }
    }
    *ret_targets = targets;
    *ret_count = count;
    return true;
}

bool desk_call_target(struct call *call, struct desk_target *ret_target, struct fault *fault)
{
    if (!call_parse_id(call->parameters[0], &ret_target->id)) {
        return call_not_found(call, fault, "There is no such thing: an id is a number.");
    }
    ret_target->version = call->if_match;
    return true;
}

bool desk_call_draft(struct call *call, struct store *store, int64_t id,
    struct desk_target *ret_draft, struct fault *fault)
{
    int64_t tag;
    if (call->parameters[0] != NULL && !call_parse_id(call->parameters[0], &id)) {
        return call_not_found(call, fault, "There is no such draft: an id is a number.");
    }
    if (!desk_find_draft(store, &call->arena, id, ret_draft, &tag, fault)) {
        return false;
    }
    if (call->if_match != tag) {
        ret_draft->version = call->if_match;
    }
    return true;
}

bool desk_call_read_draft(struct call *call, struct store *store, const struct config *config,
    struct desk_draft **ret_draft, struct fault *fault)
{
    int64_t id = 0;
    if (call->parameters[0] != NULL && !call_parse_id(call->parameters[0], &id)) {
        return call_not_found(call, fault, "There is no such draft: an id is a number.");
    }
    return desk_read_draft(store, &call->arena, config, id, call->now_utc_s, ret_draft, fault);
}

/* ---- acting ---- */

struct desk_action desk_call_action(struct call *call)
{
    return (struct desk_action){
        .editor = call->editor,
        .now_utc_s = call->now_utc_s,
        .request_key = call->idempotency_key,
        .request_hash = call->request_hash,
        .lesson = learning_write_lesson,
        .lesson_data = (void *)call->rules,
    };
}

/* ---- what was changed ---- */

/* Ids in the order they were first named. */
struct ids {
    int64_t *ids;
    size_t count, capacity;
};

static void add_id(struct arena *arena, struct ids *list, int64_t id)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->ids[i] == id) {
            return;
        }
    }
    if (list->count == list->capacity) {
        list->ids = arena_grow(arena, list->ids, sizeof(*list->ids), &list->capacity);
    }
    list->ids[list->count++] = id;
}

/* Stories that are named, decided on, or whose items came or went. */
static bool find_stories(struct call *call, struct store *store,
    const struct desk_result *result, const struct desk_call_done *done, struct ids *stories,
    struct fault *fault)
{
    for (size_t i = 0; i < done->named_count; i++) {
        add_id(&call->arena, stories, done->named[i].id);
    }
    for (size_t i = 0; i < result->change_count; i++) {
        const struct desk_change *change = &result->changes[i];
        int64_t story = change->id;
        if (change->kind == DESK_ITEM && !desk_find_story(store, change->id, &story, fault)) {
            return false;
        }
        if ((change->kind == DESK_STORY || change->kind == DESK_ITEM) && story != 0) {
            add_id(&call->arena, stories, story);
        }
    }
    return true;
}

/* "stories" as they are, and the ids of those that are no more. */
static bool list_stories(struct call *call, struct store *store, const struct config *config,
    const struct ids *stories, json_t *answer, struct fault *fault)
{
    json_t *there = json_array(), *gone = json_array();
    json_object_set_new(answer, "stories", there);
    json_object_set_new(answer, "gone", gone);
    for (size_t i = 0; i < stories->count; i++) {
        struct desk_story story;
        struct desk_item *items;
        size_t count;
        if (desk_read_story(
                store, &call->arena, config, stories->ids[i], &story, &items, &count, fault)) {
            json_array_append_new(there, desk_json_story(&story, config));
        } else if (fault->kind == FAULT_MISSING) {
            json_array_append_new(gone, desk_json_number(stories->ids[i]));
        } else {
            return false;
        }
    }
    return true;
}

/* A pick as the log has it, which holds all of it. */
static json_t *pick_of_change(const struct desk_change *change, int64_t version)
{
    json_t *row = desk_json_raw(change->after);
    json_t *pick = json_deep_copy(json_object_get(row, "body"));
    static const char *const taken[] = {"draft", "section", "original"};
    static const char *const ids[] = {"draft", "story", "item"};
    for (size_t i = 0; i < array_count(taken); i++) {
        json_object_set(pick, taken[i], json_object_get(row, taken[i]));
    }
    for (size_t i = 0; i < array_count(ids); i++) {
        json_object_set_new(
            pick, ids[i], desk_json_id(json_integer_value(json_object_get(row, ids[i]))));
    }
    json_object_set_new(pick, "id", desk_json_number(change->id));
    json_object_set_new(pick, "version", desk_json_number(version));
    json_object_set_new(pick, "suggested", json_false());
    json_decref(row);
    return pick;
}

static bool is_taken_out(const struct desk_change *change)
{
    json_t *row = desk_json_raw(change->after);
    bool out = !json_is_object(row) || json_is_true(json_object_get(row, "removed"));
    json_decref(row);
    return out;
}

static void list_picks(const struct desk_result *result, json_t *answer)
{
    json_t *picks = json_array(), *removed = json_array();
    for (size_t i = 0; i < result->change_count; i++) {
        const struct desk_change *change = &result->changes[i];
        if (change->kind != DESK_PICK) {
            continue;
        }
        if (is_taken_out(change)) {
            json_array_append_new(removed, desk_json_number(change->id));
        } else {
            json_array_append_new(picks, pick_of_change(change, result->event));
        }
    }
    json_object_set_new(answer, "picks", picks);
    json_object_set_new(answer, "removed", removed);
}

static bool changes_draft(const struct desk_result *result)
{
    for (size_t i = 0; i < result->change_count; i++) {
        if (result->changes[i].kind == DESK_PICK || result->changes[i].kind == DESK_DRAFT) {
            return true;
        }
    }
    return false;
}

void desk_call_tell(struct call *call, const struct desk_result *result, const char *action)
{
    if (result->event == 0 || result->repeated) {
        return;
    }
    static const char *const names[DESK_KIND_COUNT] = {
        [DESK_STORY] = "stories",
        [DESK_ITEM] = "items",
        [DESK_PICK] = "picks",
        [DESK_DRAFT] = "drafts",
    };
    json_t *news = json_pack("{s:o, s:o, s:s}", "event", desk_json_number(result->event),
        "editor", json_text(call->editor), "action", action);
    for (int kind = 0; kind < DESK_KIND_COUNT; kind++) {
        json_t *list = json_array();
        for (size_t i = 0; i < result->change_count; i++) {
            if (result->changes[i].kind == (enum desk_kind)kind) {
                json_array_append_new(list, desk_json_number(result->changes[i].id));
            }
        }
        json_object_set_new(news, names[kind], list);
    }
    call_tell(call, "decision", news);
    if (changes_draft(result)) {
        call_tell(call, "draft", json_pack("{s:o}", "tag", desk_json_number(result->event)));
    }
}

static bool answer_change(struct call *call, struct store *store, const struct config *config,
    const struct desk_result *result, const struct desk_call_done *done, struct fault *fault)
{
    struct ids stories = {0};
    json_t *answer = json_pack("{s:o, s:o, s:o}", "event", desk_json_id(result->event), "tag",
        changes_draft(result) ? desk_json_number(result->event) : json_null(), "made",
        desk_json_id(result->made));
    if (!find_stories(call, store, result, done, &stories, fault) ||
        !list_stories(call, store, config, &stories, answer, fault)) {
        json_decref(answer);
        return false;
    }
    list_picks(result, answer);
    return call_answer(call, answer);
}

/* ---- what stood in the way ---- */

/* A pick or draft as it is now: its version is the event that made it so. */
static bool read_from_log(struct call *call, struct store *store,
    const struct desk_result *result, json_t **ret_value, struct fault *fault)
{
    struct desk_event_filter filter = {.after = result->conflict.actual - 1,
        .before = result->conflict.actual + 1,
        .limit = 1};
    struct desk_event *events;
    size_t count;
    if (!desk_read_events(store, &call->arena, &filter, &events, &count, fault)) {
        return false;
    }
    for (size_t i = 0; count > 0 && i < events->change_count; i++) {
        const struct desk_change *change = &events->changes[i];
        if (change->kind == result->conflict.kind && change->id == result->conflict.id) {
            *ret_value = change->kind == DESK_PICK ? pick_of_change(change, events->id)
                                                   : desk_json_raw(change->after);
        }
    }
    return true;
}

/* The newest event of a draft's tag may be one of a line in it: then it is shown whole. */
static bool read_draft(struct call *call, struct store *store, const struct config *config,
    const struct desk_result *result, json_t **ret_value, struct fault *fault)
{
    struct desk_draft *draft;
    if (!read_from_log(call, store, result, ret_value, fault) || *ret_value != NULL) {
        return *ret_value != NULL;
    }
    if (!desk_read_draft(
            store, &call->arena, config, result->conflict.id, call->now_utc_s, &draft, fault)) {
        return false;
    }
    *ret_value = desk_json_draft(draft);
    return true;
}

static bool read_current(struct call *call, struct store *store, const struct config *config,
    const struct desk_result *result, json_t **ret_value, struct fault *fault)
{
    struct desk_story story;
    struct desk_item *items;
    size_t count;
    if (result->conflict.kind == DESK_DRAFT) {
        return read_draft(call, store, config, result, ret_value, fault);
    }
    if (result->conflict.kind != DESK_STORY) {
        return read_from_log(call, store, result, ret_value, fault);
    }
    if (!desk_read_story(
            store, &call->arena, config, result->conflict.id, &story, &items, &count, fault)) {
        return false;
    }
    *ret_value = desk_json_story(&story, config);
    return true;
}

static void tell_conflict(struct call *call, struct store *store, const struct config *config,
    const struct desk_result *result)
{
    json_t *current = NULL;
    struct fault unread; /* the refusal stands without it */
    if (!read_current(call, store, config, result, &current, &unread)) {
        current = NULL;
    }
    call_add_member(call, "conflict",
        json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "kind",
            desk_kind_name(result->conflict.kind), "id", desk_json_number(result->conflict.id),
            "expected", desk_json_number(result->conflict.expected), "version",
            desk_json_number(result->conflict.actual), "editor",
            json_text(result->conflict.editor), "at", desk_json_time(result->conflict.utc_s)));
    call_add_member(call, "current", current == NULL ? json_null() : current);
    call_add_member(call, "yours", desk_json_raw(call->length > 0 ? call->body : NULL));
}

/* "lines[1].colour: there is no such member" names its place first. */
static void tell_place(struct call *call, const struct fault *fault)
{
    size_t length = strcspn(fault->message, ": ");
    if (strncmp(fault->message + length, ": ", 2) == 0) {
        char *place = strndup(fault->message, length);
        if (place == NULL) {
            memory_exhausted();
        }
        call_add_member(call, "place", json_text(place));
        free(place);
    }
}

bool desk_call_fail(struct call *call, struct store *store, const struct config *config,
    const struct desk_result *result, struct fault *fault)
{
    if (fault->kind == FAULT_CONFLICT) {
        tell_conflict(call, store, config, result);
    } else if (fault->kind == FAULT_PARSE) {
        tell_place(call, fault);
    }
    return false;
}

bool desk_call_end(struct call *call, struct store *store, const struct config *config,
    const struct desk_result *result, bool ok, const struct desk_call_done *done,
    struct fault *fault)
{
    if (!ok) {
        return desk_call_fail(call, store, config, result, fault);
    }
    desk_call_tell(call, result, done->action);
    return answer_change(call, store, config, result, done, fault);
}
