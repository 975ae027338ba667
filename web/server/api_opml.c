/* POST /api/v1/feeds.opml: import the body; "?dry_run=1" only says what would change. The
 * answer is the report of opml_plan_write_json(). */
#include <string.h>

#include "feed/opml_import.h"
#include "web/server/endpoints.h"

static bool is_dry_run(const char *query)
{
    return strcmp(query, "dry_run=1") == 0;
}

static bool import(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct opml *opml;
    if (!opml_read(&call->arena, call->body, call->length, &opml, fault)) {
        return false;
    }
    const struct opml_plan *plan = opml_plan(opml, config, call->now_utc_s, &call->arena);
    opml_plan_write_json(plan, &call->out);
    return is_dry_run(call->query) || plan->record_count == 0 ||
        store_put_feeds(store, plan->records, plan->record_count, fault);
}

static const char *const media_types[] = {
    "application/xml", "text/xml", "text/x-opml", "application/opml+xml", NULL};

const struct endpoint endpoint_opml = {
    .door = ENDPOINT_FOLLOWS,
    .media_types = media_types,
    .takes = "This address takes an OPML file as application/xml or text/x-opml.",
    .body_max = OPML_BYTES_MAX,
    .work = import,
};
