/* /api/v1/picks, /api/v1/moves: the lines of a draft. */
#include <stdlib.h>
#include <string.h>

#include "web/server/desk_call.h"
#include "web/server/desk_json.h"
#include "web/server/endpoints.h"

/* ---- a line by hand ---- */

/* Where it goes; everything else of the body is its text, which storage checks. */
struct new_pick {
    int64_t draft, before;
    const char *section;
    const char *text;
};

static bool read_new_pick(
    struct call *call, json_t *body, struct new_pick *pick, struct fault *fault)
{
    if (!desk_call_id(body, "draft", &pick->draft, fault) ||
        !desk_call_id(body, "before", &pick->before, fault) ||
        !desk_call_text(call, body, "section", true, &pick->section, fault)) {
        return false;
    }
    json_object_del(body, "draft");
    json_object_del(body, "before");
    json_object_del(body, "section");
    char *text = json_dumps(body, JSON_COMPACT);
    pick->text = arena_strdup(&call->arena, text);
    free(text);
    return true;
}

static bool add_pick(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct new_pick pick = {0};
    struct desk_result result = {0};
    struct desk_action action = desk_call_action(call);
    json_t *body = NULL;
    bool ok = call_read_object(call, &body, fault) && read_new_pick(call, body, &pick, fault) &&
        desk_add_pick(store, &call->arena, config, &action, pick.draft, pick.section,
            pick.before, pick.text, strlen(pick.text), &result, fault);
    json_decref(body);
    call->status = ok ? 201 : 0;
    return desk_call_end(call, store, config, &result, ok,
        &(struct desk_call_done){.action = "add_pick"}, fault);
}

const struct endpoint endpoint_picks = {
    .door = ENDPOINT_WRITES,
    .media_types = endpoint_json,
    .takes = endpoint_takes_json,
    .body_max = DESK_CALL_BODY_MAX,
    .work = add_pick,
};

/* ---- one line ---- */

static bool patch_pick(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_target pick;
    struct desk_result result = {0};
    struct desk_action action = desk_call_action(call);
    bool ok = desk_call_target(call, &pick, fault) &&
        desk_patch_pick(store, &call->arena, config, &action, pick, call->body, call->length,
            &result, fault);
    return desk_call_end(call, store, config, &result, ok,
        &(struct desk_call_done){.action = "patch_pick"}, fault);
}

const struct endpoint endpoint_pick_patch = {
    .door = ENDPOINT_WRITES,
    .media_types = endpoint_patch,
    .takes = endpoint_takes_patch,
    .body_max = DESK_CALL_BODY_MAX,
    .work = patch_pick,
};

static bool remove_pick(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_target pick;
    struct desk_result result = {0};
    struct desk_action action = desk_call_action(call);
    bool ok = desk_call_target(call, &pick, fault) &&
        desk_remove_picks(store, &call->arena, config, &action, &pick, 1, &result, fault);
    return desk_call_end(
        call, store, config, &result, ok, &(struct desk_call_done){.action = "remove"}, fault);
}

const struct endpoint endpoint_pick_delete = {.door = ENDPOINT_WRITES, .work = remove_pick};

/* ---- moving ---- */

struct moving {
    struct desk_target *picks;
    size_t count;
    const char *section;
    int64_t before;
};

static bool read_moving(struct call *call, struct moving *moving, struct fault *fault)
{
    static const char *const known[] = {"picks", "section", "before", NULL};
    json_t *body;
    if (!call_read_object(call, &body, fault)) {
        return false;
    }
    bool ok = desk_call_expect(body, "", known, fault) &&
        desk_call_targets(call, body, "picks", &moving->picks, &moving->count, fault) &&
        desk_call_text(call, body, "section", false, &moving->section, fault) &&
        desk_call_id(body, "before", &moving->before, fault);
    json_decref(body);
    return ok;
}

static bool move_picks(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct moving moving = {0};
    struct desk_result result = {0};
    if (!read_moving(call, &moving, fault)) {
        return desk_call_fail(call, store, config, &result, fault);
    }
    struct desk_move *moves = arena_new_array(&call->arena, struct desk_move, moving.count);
    for (size_t i = 0; i < moving.count; i++) {
        moves[i] = (struct desk_move){moving.picks[i], moving.section, moving.before};
    }
    struct desk_action action = desk_call_action(call);
    bool ok = desk_move_picks(
        store, &call->arena, config, &action, moves, moving.count, &result, fault);
    return desk_call_end(
        call, store, config, &result, ok, &(struct desk_call_done){.action = "move"}, fault);
}

const struct endpoint endpoint_moves = {
    .door = ENDPOINT_WRITES,
    .media_types = endpoint_json,
    .takes = endpoint_takes_json,
    .body_max = DESK_CALL_BODY_MAX,
    .work = move_picks,
};
