/* An OPML file in, and what importing it would do: a feed that is read has an address, and what
 * is written is a plan in JSON with at most a record a feed. */
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "config/config.h"
#include "feed/opml.h"
#include "feed/opml_import.h"
#include "feed/parse.h"
#include "input.h"

static const char configuration[] = "briefing { title = \"T\" }\n"
                                    "section \"news\" { title = \"N\" fallback = true }\n"
                                    "feed \"f\" { url = \"https://f.example/feed\" }\n";

static struct config *get_config(void)
{
    static struct config *config;
    struct problems problems;
    if (config == NULL) {
        problems_init(&problems);
        config = config_parse(configuration, "feeds.conf", &problems);
        fuzz_require(config != NULL, "the configuration is refused");
        problems_release(&problems);
    }
    return config;
}

static void check_json(const char *data, size_t length)
{
    json_error_t error;
    json_t *json = json_loadb(data, length, JSON_ALLOW_NUL, &error);
    fuzz_require(json != NULL, "the plan is no JSON: %s", error.text);
    json_decref(json);
}

static void check_plan(struct arena *arena, const struct opml *opml)
{
    cleanup(buffer_release) struct buffer out;
    buffer_init(&out, (size_t)1 << 26);
    const struct opml_plan *plan = opml_plan(opml, get_config(), 1600300800, arena);
    fuzz_require(plan->record_count <= opml->feed_count, "%zu records of %zu feeds",
        plan->record_count, opml->feed_count);
    opml_plan_write_json(plan, &out);
    check_json(out.data, out.length);
    buffer_clear(&out);
    opml_plan_write_text(plan, &out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    cleanup(arena_release) struct arena arena = {0};
    struct opml *opml;
    struct fault fault = {0};
    feed_parse_setup();
    if (!opml_read(&arena, input.cursor, size, &opml, &fault)) {
        fuzz_require(fault.kind == FAULT_PARSE || fault.kind == FAULT_LIMIT,
            "a refusal of kind %s", fault_kind_name(fault.kind));
        return 0;
    }
    for (size_t i = 0; i < opml->feed_count; i++) {
        fuzz_require(opml->feeds[i].url != NULL, "a feed without an address");
    }
    fuzz_require(opml->note_count <= OPML_NOTES_MAX, "%zu notes", opml->note_count);
    check_plan(&arena, opml);
    opml_to_block(opml, &arena);
    return 0;
}
