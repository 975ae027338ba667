/* POST /api/v1/feeds.opml: import the body; "?dry_run=1" only says what would change. The
 * answer is the report of opml_plan_write_json(). */
#include <string.h>

#include "feed/opml_import.h"
#include "web/server/endpoints.h"
#include "web/server/json.h"
#include "web/server/refusal.h"

enum { CHINESE_MAX_BYTES = 8192 };

static bool is_dry_run(const char *query)
{
    return strcmp(query, "dry_run=1") == 0;
}

/* What the plan says of each line, in Chinese as well; null where there is nothing to say. */
static bool answer_plan(struct call *call, const struct opml_plan *plan)
{
    cleanup(buffer_release) struct buffer text;
    buffer_init(&text, CALL_ANSWER_MAX_BYTES);
    opml_plan_write_json(plan, &text);
    json_t *answer = json_loadb(text.data, text.length, 0, NULL), *line;
    size_t i;
    json_array_foreach(json_object_get(answer, "lines"), i, line)
    {
        const char *detail = json_string_value(json_object_get(line, "detail"));
        cleanup(buffer_release) struct buffer chinese;
        buffer_init(&chinese, CHINESE_MAX_BYTES);
        bool known = detail != NULL && refusal_translate(detail, &chinese) != NULL;
        json_object_set_new(line, "detail_zh", known ? json_text(chinese.data) : json_null());
    }
    return call_answer(call, answer);
}

static bool import(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct opml *opml;
    if (!opml_read(&call->arena, call->body, call->length, &opml, fault)) {
        return false;
    }
    const struct opml_plan *plan = opml_plan(opml, config, call->now_utc_s, &call->arena);
    return answer_plan(call, plan) &&
        (is_dry_run(call->query) || plan->record_count == 0 ||
            store_put_feeds(store, plan->records, plan->record_count, fault));
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
