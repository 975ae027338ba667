#include "search_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/hash.h"

static const char key_start[] = "https://x.example/";

void search_put(struct fixture *fixture, struct store *store, int number, const char *title,
    const char *summary)
{
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    const char *key = arena_printf(&fixture->arena, "%s%d", key_start, number);
    struct store_entry entry = fixture_entry(fixture, key, 1);
    entry.title = title;
    entry.summary = summary;
    entry.content_hash = hash_string(hash_string(HASH_START, title), summary);
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, &entry, 1));
}

void search_index_all(struct fixture *fixture, struct store *store)
{
    for (bool more = true; more;) {
        fixture_must(fixture, store_index_items(store, 1000, &more, &fixture->fault));
    }
}

struct search_request search_ask(const char *query)
{
    return (struct search_request){.query = query,
        .query_bytes = strlen(query),
        .filter = search_filter_none(),
        .limit = 20,
        .deadline_ms = 10000};
}

struct search_result search_must(
    struct fixture *fixture, struct store *store, const struct search_request *request)
{
    struct search_result result;
    fixture_must(
        fixture, store_search(store, &fixture->arena, request, &result, &fixture->fault));
    return result;
}

const char *search_numbers(struct fixture *fixture, struct store *store, const char *query)
{
    struct search_request request = search_ask(query);
    struct search_result result = search_must(fixture, store, &request);
    cleanup(buffer_release) struct buffer out;
    buffer_init(&out, 1 << 16);
    for (size_t i = 0; i < result.count; i++) {
        buffer_printf(
            &out, "%s%s", i == 0 ? "" : " ", result.hits[i].key + sizeof(key_start) - 1);
    }
    return arena_strdup(&fixture->arena, out.data);
}

const char *search_marked(struct fixture *fixture, const struct search_text *text)
{
    cleanup(buffer_release) struct buffer out;
    size_t at = 0;
    buffer_init(&out, 1 << 16);
    buffer_puts(&out, text->cut_before ? "…" : "");
    for (size_t i = 0; i < text->mark_count; i++) {
        const struct search_mark *mark = &text->marks[i];
        assert_true(mark->offset >= at && mark->length > 0);
        buffer_append(&out, text->text + at, mark->offset - at);
        buffer_putc(&out, '[');
        buffer_append(&out, text->text + mark->offset, mark->length);
        buffer_putc(&out, ']');
        at = mark->offset + mark->length;
    }
    buffer_puts(&out, text->text + at);
    buffer_puts(&out, text->cut_after ? "…" : "");
    return arena_strdup(&fixture->arena, out.data);
}
