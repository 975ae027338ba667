/* /api/v1/draft (the next issue's), /api/v1/drafts/{id}: the draft as an editor changes it. */
#include <string.h>

#include "web/server/desk_call.h"
#include "web/server/desk_json.h"
#include "web/server/endpoints.h"
#include "web/server/json.h"

static bool read_draft(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_draft *draft;
    if (!desk_call_read_draft(call, store, config, &draft, fault)) {
        return false;
    }
    call->version = draft->tag;
    return call_answer(call, desk_json_draft(draft));
}

const struct endpoint endpoint_draft = {.door = ENDPOINT_READS, .work = read_draft};

/* ---- all that are open ---- */

static bool list_drafts(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_target *drafts;
    size_t count;
    if (!desk_list_drafts(store, &call->arena, &drafts, &count, fault)) {
        return false;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        struct desk_draft *draft;
        if (!desk_read_draft(
                store, &call->arena, config, drafts[i].id, call->now_utc_s, &draft, fault)) {
            json_decref(list);
            return false;
        }
        json_array_append_new(list,
            json_pack("{s:o, s:o, s:o, s:o, s:I, s:b}", "id", desk_json_number(draft->id),
                "tag", desk_json_number(draft->tag), "date",
                json_text(draft->draft->issue->date), "corrects", json_text(draft->corrects),
                "count", (json_int_t)draft->draft->count, "publishing", draft->publishing));
    }
    return call_answer(call, json_pack("{s:o}", "drafts", list));
}

const struct endpoint endpoint_drafts = {.door = ENDPOINT_READS, .work = list_drafts};

/* ---- its own lines ---- */

static bool patch_draft(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_target draft;
    struct desk_result result = {0};
    struct desk_action action = desk_call_action(call);
    bool ok = desk_call_draft(call, store, 0, &draft, fault) &&
        desk_patch_draft(store, &call->arena, config, &action, draft, call->body, call->length,
            &result, fault);
    return desk_call_end(call, store, config, &result, ok,
        &(struct desk_call_done){.action = "patch_draft"}, fault);
}

const struct endpoint endpoint_draft_patch = {
    .door = ENDPOINT_WRITES,
    .media_types = endpoint_patch,
    .takes = endpoint_takes_patch,
    .body_max = DESK_CALL_BODY_MAX,
    .work = patch_draft,
};

/* ---- taking what the machine suggests ---- */

static bool is_wanted(const json_t *sections, const char *id)
{
    const json_t *wanted;
    size_t i;
    json_array_foreach((json_t *)sections, i, wanted)
    {
        if (strcmp(json_string_value(wanted), id) == 0) {
            return true;
        }
    }
    return sections == NULL;
}

static bool check_sections(
    const struct config *config, const json_t *sections, struct fault *fault)
{
    const json_t *section;
    size_t i;
    if (sections != NULL && !json_is_array(sections)) {
        return fault_set(fault, FAULT_PARSE, "sections: expected a list of section ids");
    }
    json_array_foreach((json_t *)sections, i, section)
    {
        if (!json_is_string(section) ||
            config_find_section(config, json_string_value(section)) < 0) {
            return fault_set(
                fault, FAULT_PARSE, "sections[%zu]: expected the id of a section", i);
        }
    }
    return true;
}

struct acceptance {
    struct desk_decision *decisions;
    size_t count;
    enum desk_state picked;
};

/* Each suggestion is picked where it stands: in a one-line section that takes another's
 * overflow a story is not where its own section is. */
static void collect_suggestions(struct arena *arena, const struct desk_draft *desk,
    const json_t *sections, struct acceptance *acceptance)
{
    const struct draft *draft = desk->draft;
    size_t capacity = 0;
    acceptance->picked = DESK_PICKED;
    for (size_t i = 0; i < draft->issue->section_count; i++) {
        const struct issue_section *section = &draft->issue->sections[i];
        const char **place = arena_new(arena, const char *);
        *place = section->id;
        for (size_t k = 0; k < section->item_count && is_wanted(sections, section->id); k++) {
            const struct desk_pick *pick = &desk->picks[i][k];
            if (pick->id != 0 || pick->story == 0) {
                continue;
            }
            if (acceptance->count == capacity) {
                acceptance->decisions = arena_grow(
                    arena, acceptance->decisions, sizeof(*acceptance->decisions), &capacity);
            }
            bool overflow = draft->sections[i].section->overflow_of != NULL;
            acceptance->decisions[acceptance->count++] = (struct desk_decision){
                .story = {pick->story, DESK_ANY_VERSION},
                .state = &acceptance->picked,
                .section = overflow ? place : NULL,
            };
        }
    }
}

static bool read_acceptance(struct call *call, struct store *store, const struct config *config,
    struct acceptance *acceptance, struct fault *fault)
{
    static const char *const known[] = {"sections", NULL};
    struct desk_draft *draft;
    json_t *body;
    if (!call_read_object(call, &body, fault)) {
        return false;
    }
    const json_t *sections = json_object_get(body, "sections");
    bool ok = desk_call_expect(body, "", known, fault) &&
        check_sections(config, sections, fault) &&
        desk_read_draft(store, &call->arena, config, 0, call->now_utc_s, &draft, fault);
    if (ok) {
        collect_suggestions(&call->arena, draft, sections, acceptance);
    }
    json_decref(body);
    return ok;
}

static bool accept_suggestions(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct acceptance acceptance = {0};
    struct desk_result result = {0};
    struct desk_action action = desk_call_action(call);
    bool ok = read_acceptance(call, store, config, &acceptance, fault) &&
        (acceptance.count == 0 ||
            desk_decide(store, &call->arena, config, &action, acceptance.decisions,
                acceptance.count, &result, fault));
    return desk_call_end(
        call, store, config, &result, ok, &(struct desk_call_done){.action = "decide"}, fault);
}

const struct endpoint endpoint_draft_accept = {
    .door = ENDPOINT_WRITES,
    .media_types = endpoint_json,
    .takes = endpoint_takes_json,
    .body_max = DESK_CALL_BODY_MAX,
    .work = accept_suggestions,
};
