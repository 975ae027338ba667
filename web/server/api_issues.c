/* /api/v1/issues: what was published, and searching it (web/server/issue_search.h). */
#include <string.h>

#include "base/clock.h"
#include "briefing/issue_parts.h"
#include "web/server/desk_call.h"
#include "web/server/desk_json.h"
#include "web/server/endpoints.h"
#include "web/server/issue_json.h"
#include "web/server/issue_search.h"
#include "web/server/json.h"

static json_t *list_found(const struct issue_search *search, const struct issue *issue)
{
    json_t *found = json_array();
    struct arena scratch = {0};
    for (size_t i = 0; issue != NULL && i < issue->section_count; i++) {
        const struct issue_section *section = &issue->sections[i];
        for (size_t k = 0; k < section->item_count; k++) {
            const struct issue_item *item = &section->items[k];
            if (issue_search_finds(search, &scratch, issue, item)) {
                json_array_append_new(found,
                    json_pack("{s:o, s:o, s:o, s:o, s:o}", "date", json_text(issue->date),
                        "section", json_text(section->id), "title",
                        json_text(issue_item_text(&scratch, issue, item)), "url",
                        json_text(item->url), "source", json_text(item->source)));
            }
            arena_clear(&scratch);
        }
    }
    arena_release(&scratch);
    return found;
}

/* ---- the list ---- */

static bool add_summary(struct call *call, struct store *store, const struct config *config,
    const struct past_issue *past, const struct issue_search *search, json_t *list,
    struct fault *fault)
{
    struct issue *issue;
    json_t *summary;
    struct arena arena = {0};
    bool ok = issue_json_summary(
        store, &arena, config, past->date, past->url, &issue, &summary, fault);
    if (ok && search->count == 0) {
        json_array_append_new(list, summary);
    } else if (ok) {
        json_t *found = list_found(search, issue);
        if (json_array_size(found) > 0) {
            json_object_set(summary, "found", found);
            json_array_append(list, summary);
        }
        json_decref(found);
        json_decref(summary);
    }
    arena_release(&arena);
    return ok;
}

static bool list_issues(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct past_issue *past = NULL;
    size_t count = 0;
    int64_t last_utc_s;
    static const char *const names[] = {"q", NULL};
    if (!call_query_takes(call, names, fault) ||
        !store_read_issues(store, &call->arena, &past, &count, &last_utc_s, fault)) {
        return false;
    }
    struct issue_search search = issue_search_of(call);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        if (!add_summary(call, store, config, &past[i], &search, list, fault)) {
            json_decref(list);
            return false;
        }
    }
    return call_answer(call, json_pack("{s:o}", "issues", list));
}

const struct endpoint endpoint_issues = {.door = ENDPOINT_READS, .work = list_issues};

/* ---- one of them ---- */

static bool read_issue(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct issue_edition edition;
    int64_t version = 0;
    if (!call_query_integer(call, "version", 1, INT32_MAX, &version, fault) ||
        !issue_edition_read(
            store, &call->arena, call->parameters[0], (int)version, &edition, fault)) {
        return false;
    }
    if (edition.issue == NULL) {
        return call_not_found(call, fault, "There is no such issue, or only a link to it.");
    }
    issue_write_json(edition.issue, &call->out);
    return true;
}

const struct endpoint endpoint_issue = {.door = ENDPOINT_READS, .work = read_issue};

static bool list_versions(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct desk_issue_version *versions = NULL;
    size_t count = 0;
    if (!desk_read_issue_versions(
            store, &call->arena, call->parameters[0], &versions, &count, fault)) {
        return false;
    }
    if (count == 0) {
        return call_not_found(call, fault, "There is no such issue, or only a link to it.");
    }
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list,
            json_pack("{s:i, s:o, s:o}", "version", versions[i].version, "published",
                desk_json_time(versions[i].utc_s), "editor", json_text(versions[i].editor)));
    }
    return call_answer(call, json_pack("{s:o}", "versions", list));
}

const struct endpoint endpoint_issue_versions = {.door = ENDPOINT_READS, .work = list_versions};
