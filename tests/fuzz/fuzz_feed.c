/* A fetched document, with what the server said about it, to entries with identities. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "feed/identity.h"
#include "feed/parse.h"
#include "feed/text.h"
#include "input.h"

static void check_link(const char *what, const char *url)
{
    fuzz_require(url == NULL || text_is_safe_link(url), "%s '%s' may run code", what, url);
}

static void check_entry(
    struct arena *arena, const struct feed_entry *entry, const char *feed_url)
{
    check_link("link", entry->link);
    for (size_t i = 0; i < entry->enclosure_count; i++) {
        fuzz_require(entry->enclosures[i].url != NULL, "an enclosure has no URL");
        fuzz_require(entry->enclosures[i].length >= -1, "an enclosure has a negative length");
        check_link("enclosure", entry->enclosures[i].url);
    }
    struct entry_identity identity = entry_identify(arena, entry, feed_url);
    fuzz_require(identity.key != NULL && identity.key[0] != '\0', "an entry has no key");
    fuzz_require(identity.guid != NULL && identity.guid[0] != '\0', "an entry has no guid");
}

/* jansson refuses what is no JSON and what is no UTF-8. */
static void check_json(const struct feed_document *document)
{
    struct buffer out;
    buffer_init(&out, (size_t)1 << 28);
    feed_write_json(document, &out);
    json_error_t error;
    json_t *json = json_loadb(out.data, out.length, JSON_ALLOW_NUL, &error);
    fuzz_require(json != NULL, "the JSON is broken: %s", error.text);
    json_decref(json);
    buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    cleanup(fuzz_freep) char *content_type = fuzz_take_field(&input, "Content-Type");
    cleanup(fuzz_freep) char *base_url = fuzz_take_field(&input, "Base-URL");
    struct feed_parse_options options = {.base_url = base_url, .content_type = content_type};
    struct feed_document *document;
    struct fault fault = {0};
    cleanup(arena_release) struct arena arena = {0};
    feed_parse_setup();
    if (!feed_parse(&arena, input.cursor, fuzz_left(&input), &options, &document, &fault)) {
        fuzz_require(fault.kind == FAULT_PARSE || fault.kind == FAULT_LIMIT,
            "a refusal of kind %s", fault_kind_name(fault.kind));
        fuzz_require(fault.message[0] != '\0', "a refusal without a reason");
        return 0;
    }
    check_link("site", document->link);
    for (size_t i = 0; i < document->entry_count; i++) {
        check_entry(&arena, &document->entries[i],
            base_url != NULL ? base_url : "https://feed.example/feed");
    }
    check_json(document);
    return 0;
}
