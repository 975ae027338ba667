/* POST /api/v1/feeds.opml: import the body; "?dry_run=1" only says what would change. The
 * answer is the report of opml_plan_write_json(). */
#include <string.h>

#include "base/clock.h"
#include "feed/opml_import.h"
#include "web/server/write.h"

static bool is_dry_run(const char *query)
{
    return strcmp(query, "dry_run=1") == 0;
}

static bool import(const struct write_input *input, struct store *store,
    const struct config *config, struct buffer *out, struct fault *fault)
{
    cleanup(arena_release) struct arena arena;
    arena_init(&arena);
    struct opml *opml;
    if (!opml_read(&arena, input->body, input->length, &opml, fault)) {
        return false;
    }
    const struct opml_plan *plan = opml_plan(opml, config, clock_now_utc_s(), &arena);
    opml_plan_write_json(plan, out);
    return is_dry_run(input->query) || plan->record_count == 0 ||
        store_put_feeds(store, plan->records, plan->record_count, fault);
}

static const char *const media_types[] = {
    "application/xml", "text/xml", "text/x-opml", "application/opml+xml", NULL};

const struct write_kind write_opml = {
    .media_types = media_types,
    .takes = "This address takes an OPML file as application/xml or text/x-opml.",
    .body_max = OPML_BYTES_MAX,
    .work = import,
};
