#include "web/server/issue_json.h"

#include <string.h>

#include "base/clock.h"
#include "web/server/desk_json.h"
#include "web/server/json.h"

/* The store has versions newest first; `version` 0 asks for the newest. */
static const struct desk_issue_version *find_version(
    const struct desk_issue_version *versions, size_t count, int version)
{
    for (size_t i = 0; i < count; i++) {
        if (version == 0 || versions[i].version == version) {
            return &versions[i];
        }
    }
    return NULL;
}

bool issue_edition_read(struct store *store, struct arena *arena, const char *day, int version,
    struct issue_edition *ret_edition, struct fault *fault)
{
    struct desk_issue_version *versions = NULL;
    size_t count = 0;
    *ret_edition = (struct issue_edition){.first_utc_s = CLOCK_NONE, .utc_s = CLOCK_NONE};
    if (!desk_read_issue_versions(store, arena, day, &versions, &count, fault)) {
        return fault->kind == FAULT_MISSING;
    }
    const struct desk_issue_version *found = find_version(versions, count, version);
    if (found == NULL || found->document == NULL) {
        return true;
    }
    ret_edition->version = found->version;
    ret_edition->utc_s = found->utc_s;
    ret_edition->first_utc_s = versions[count - 1].utc_s;
    ret_edition->imported = found->utc_s == CLOCK_NONE;
    return issue_read_json(
               arena, found->document, strlen(found->document), &ret_edition->issue, fault) ||
        fault_prefix(fault, "the issue of %s: ", day);
}

bool issue_json_summary(struct store *store, struct arena *arena, const struct config *config,
    const char *day, const char *url, struct issue **ret_issue, json_t **ret_summary,
    struct fault *fault)
{
    struct issue_edition edition;
    if (!issue_edition_read(store, arena, day, 0, &edition, fault)) {
        return false;
    }
    const struct issue *issue = edition.issue;
    json_t *count = issue == NULL ? json_null()
                                  : json_integer((json_int_t)issue_count_items(issue));
    *ret_summary = json_pack("{s:o, s:o, s:o, s:o, s:i, s:o, s:b, s:o}", "date", json_text(day),
        "count", count, "headline", json_text(issue == NULL ? NULL : issue->headline), "guide",
        json_text(issue == NULL ? NULL : issue->guide), "version", edition.version, "published",
        desk_json_time(edition.utc_s), "imported", issue != NULL && edition.imported, "url",
        json_text(url));
    if (ret_issue != NULL) {
        *ret_issue = edition.issue;
    }
    return true;
}
