/* A feed first: its bytes say so. Else a page, through the same identity and rules as entries
 * of feeds, so that a page added by hand and the same page brought by a feed are one item. */
#include "pipeline/add_reading.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "feed/html.h"
#include "feed/parse.h"
#include "feed/tracking.h"
#include "feed/url.h"
#include "pipeline/document.h"

enum { SUMMARY_MAX_CHARACTERS = 2000 }; /* as for entries of feeds */

static void read_feed(struct add_reading *reading, struct arena *arena)
{
    struct feed_parse_options options = {
        .base_url = reading->url, .content_type = reading->content_type};
    struct feed_document *document;
    reading->is_feed = feed_parse(
        arena, reading->body, reading->body_length, &options, &document, &reading->feed_fault);
    if (reading->is_feed) {
        reading->title = document->title;
        reading->format = feed_format_name(document->format);
        reading->entries = document->entry_count;
    }
}

void add_reading_work(struct add_reading *reading, struct arena *arena)
{
    read_feed(reading, arena);
    if (!reading->is_feed && !reading->feed_only) {
        struct page_scan *scan = page_scan_bytes(
            arena, reading->body, reading->body_length, reading->url, reading->content_type);
        discovery_from_page(arena, &reading->feeds, scan, reading->link);
        if (!page_read(arena, scan, &reading->page, &reading->page_fault)) {
            reading->page = NULL;
        }
    }
    free(reading->body);
    reading->body = NULL;
}

static void judge(struct arena *arena, struct rules *rules, struct store_addition *addition)
{
    struct store_entry *entry = &addition->entry;
    struct item item = {
        .key = entry->key,
        .title = entry->title,
        .summary = entry->summary,
        .url = entry->url,
        .source = addition->source,
    };
    entry->verdict = judge_item(rules->judge, rules->learner, arena, &item);
    entry->reasons_json = verdict_reasons_json(&entry->verdict, arena);
}

struct store_addition add_reading_item(struct arena *arena, struct rules *rules,
    const struct page *page, const char *given_url, const char *fetched_url, int64_t now_utc_s)
{
    const struct config_words *tracking = &rules->config->tracking_parameters;
    const char *page_url = tracking_strip(arena, tracking, page->url);
    const char *url = url_canonical(arena, page_url);
    const char **other_keys = arena_new_array(arena, const char *, 2);
    other_keys[0] = url_key(arena, tracking_strip(arena, tracking, fetched_url));
    other_keys[1] = url_key(arena, tracking_strip(arena, tracking, given_url));
    struct store_addition addition = {
        .given_url = given_url,
        .source = page->site,
        .other_keys = other_keys,
        .other_key_count = 2,
        .added_utc_s = now_utc_s,
        .entry =
            {
                .guid = "",
                .key = url_key(arena, page_url),
                .title = page->title,
                .summary = page->description == NULL
                    ? NULL
                    : text_summary(arena, page->description, SUMMARY_MAX_CHARACTERS),
                .url = url != NULL ? url : page_url,
                .authors = page->author,
                .language = page->language,
                .published_raw = page->published_raw,
                .published_utc_s = document_clamp_date(page->published_utc_s, now_utc_s),
            },
    };
    addition.entry.content_hash = hash_string(
        hash_string(HASH_START, page->title), page->description);
    judge(arena, rules, &addition);
    return addition;
}
