/* Published issues as JSON values of web/openapi.yaml. A store's reader. */
#ifndef WEB_SERVER_ISSUE_JSON_H
#define WEB_SERVER_ISSUE_JSON_H

#include <jansson.h>

#include "storage/desk.h"

/* IssueSummary of the issue of `day`, `url` as the archive table has it or NULL; one that is
 * only known by a link has neither count nor text. *ret_issue is the issue itself, NULL when
 * there is none; `ret_issue` may be NULL. New reference. */
must_check bool issue_json_summary(struct store *store, struct arena *arena,
    const struct config *config, const char *day, const char *url, struct issue **ret_issue,
    json_t **ret_summary, struct fault *fault);

/* An issue and when it was published, of its newest version: utc_s is CLOCK_NONE for an
 * imported one. *ret_issue NULL: there is none of that day. */
struct issue_edition {
    struct issue *issue;
    int version;
    int64_t first_utc_s, utc_s;
    bool imported;
};
must_check bool issue_edition_read(struct store *store, struct arena *arena, const char *day,
    int version, struct issue_edition *ret_edition, struct fault *fault);

#endif
