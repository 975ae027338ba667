/* /api/v1/publish, /api/v1/issues/{date}/reopen: out of the draft, and back into one. */
#include <string.h>

#include "pipeline/publication.h"
#include "web/server/desk_call.h"
#include "web/server/desk_json.h"
#include "web/server/endpoints.h"
#include "web/server/issue_json.h"
#include "web/server/json.h"

struct confirmation {
    int64_t draft;
    const char *date;
};

static bool read_confirmation(
    struct call *call, struct confirmation *confirmation, struct fault *fault)
{
    static const char *const known[] = {"draft", "date", NULL};
    json_t *body;
    if (!call_read_object(call, &body, fault)) {
        return false;
    }
    bool ok = desk_call_expect(body, "", known, fault) &&
        desk_call_id(body, "draft", &confirmation->draft, fault) &&
        desk_call_text(call, body, "date", true, &confirmation->date, fault);
    json_decref(body);
    return ok;
}

/* Who sends a request twice means the issue that went out by the first one. */
static bool refuse_day(struct call *call, struct store *store, const char *planned,
    const char *asked, struct fault *fault)
{
    struct desk_issue_version *versions;
    size_t count;
    if (!desk_read_issue_versions(store, &call->arena, asked, &versions, &count, fault)) {
        return false;
    }
    return fault_set(fault, FAULT_REFUSED,
        count > 0 ? "the issue of %.32s is published already, the draft is dated %s: reopen "
                    "the issue to correct it"
                  : "nothing is dated %.32s, the draft is dated %s: give it that day first, or "
                    "publish it under its own",
        asked, planned);
}

/* The day is said once more, because it names the file and the planned one moves with the
 * clock. */
static bool check_day(struct call *call, struct store *store, const struct config *config,
    const struct confirmation *confirmation, struct fault *fault)
{
    struct desk_draft *desk;
    if (!desk_read_draft(
            store, &call->arena, config, confirmation->draft, call->now_utc_s, &desk, fault)) {
        return false;
    }
    return strcmp(desk->draft->issue->date, confirmation->date) == 0 ||
        refuse_day(call, store, desk->draft->issue->date, confirmation->date, fault);
}

static bool publish_draft(struct call *call, struct store *store, const struct config *config,
    const struct confirmation *confirmation, struct desk_publication *publication,
    struct desk_result *result, struct fault *fault)
{
    struct desk_target draft;
    int64_t tag;
    struct desk_action action = desk_call_action(call);
    if (!desk_find_draft(store, &call->arena, confirmation->draft, &draft, &tag, fault) ||
        !check_day(call, store, config, confirmation, fault)) {
        return false;
    }
    draft.version = call->if_match; /* of the tag: every line of it was seen */
    return publication_run(
        store, &call->arena, config, &action, draft, publication, result, fault);
}

/* Publishing again by the same key publishes nothing: the draft it meant is gone. */
static bool publish_once(struct call *call, struct store *store, const struct config *config,
    const struct confirmation *confirmation, struct desk_result *result, struct fault *fault)
{
    struct desk_publication publication = {0};
    struct desk_action action = desk_call_action(call);
    if (!desk_find_request(store, &call->arena, &action, result, fault)) {
        return false;
    }
    if (result->repeated) {
        return true;
    }
    if (!publish_draft(call, store, config, confirmation, &publication, result, fault)) {
        return false;
    }
    call->published = publication.day;
    desk_call_tell(call, result, "publish");
    call_tell(call, "published",
        json_pack("{s:s, s:i}", "date", publication.day, "version", publication.version));
    return true;
}

/* What nobody had picked and was printed as the machine suggested it: publishing made a pick of
 * each. */
static json_t *list_suggested(const struct desk_result *result)
{
    json_t *list = json_array();
    for (size_t i = 0; i < result->change_count; i++) {
        const struct desk_change *change = &result->changes[i];
        if (change->kind != DESK_PICK || change->before != NULL || change->after == NULL) {
            continue;
        }
        json_t *pick = desk_json_raw(change->after);
        json_t *title = json_object_get(json_object_get(pick, "body"), "title");
        json_array_append_new(list,
            json_pack("{s:o, s:O, s:O}", "pick", desk_json_id(change->id), "section",
                json_object_get(pick, "section"), "title", title));
        json_decref(pick);
    }
    return list;
}

static bool publish(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct confirmation confirmation = {0};
    struct desk_result result = {0};
    if (!read_confirmation(call, &confirmation, fault) ||
        !publish_once(call, store, config, &confirmation, &result, fault)) {
        return desk_call_fail(call, store, config, &result, fault);
    }
    json_t *issue;
    if (!issue_json_summary(
            store, &call->arena, config, confirmation.date, NULL, NULL, &issue, fault)) {
        return false;
    }
    json_object_set_new(issue, "suggested", list_suggested(&result));
    call->status = 201;
    /* Relative to /api/v1/publish, under whatever prefix that is reached. */
    call->location = arena_printf(&call->arena, "issues/%s", confirmation.date);
    return call_answer(call, issue);
}

const struct endpoint endpoint_publish = {
    .door = ENDPOINT_WRITES,
    .media_types = endpoint_json,
    .takes = endpoint_takes_json,
    .body_max = DESK_CALL_BODY_MAX,
    .work = publish,
};

static bool reopen(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_result result = {0};
    struct desk_action action = desk_call_action(call);
    bool ok = desk_reopen(
        store, &call->arena, config, &action, call->parameters[0], &result, fault);
    return desk_call_end(
        call, store, config, &result, ok, &(struct desk_call_done){.action = "reopen"}, fault);
}

const struct endpoint endpoint_reopen = {.door = ENDPOINT_WRITES, .work = reopen};
