/* Written by hand like the other documents of fixed shape: strings through json_write_string()
 * are valid whatever a page has put into them. */
#include "base/json.h"
#include "pipeline/adder.h"

#include <inttypes.h>

static const char *const outcome_names[] = {
    "feed", "feed_known", "item", "item_known", "choose"};

static void write_field(const char *name, const char *text, struct buffer *out)
{
    buffer_printf(out, ",\"%s\":", name);
    json_write_string(text, out);
}

static void write_feed(const struct added_feed *feed, size_t number, struct buffer *out)
{
    buffer_printf(out, "{\"number\":%zu", number);
    write_field("url", feed->url, out);
    write_field("title", feed->title, out);
    write_field("format", feed->format, out);
    if (feed->read) {
        buffer_printf(out, ",\"entries\":%zu", feed->entries);
    } else {
        buffer_puts(out, ",\"entries\":null");
    }
    write_field("from", discovery_origin_name(feed->origin), out);
}

static void write_item(const struct store_added *item, struct buffer *out)
{
    if (item == NULL) {
        buffer_puts(out, "null");
        return;
    }
    buffer_printf(out, "{\"id\":%" PRId64, item->item_id);
    write_field("key", item->key, out);
    write_field("title", item->title, out);
    write_field("url", item->url, out);
    write_field("source", item->source, out);
    write_field("section", item->section, out);
    buffer_puts(out, ",\"published\":");
    json_write_time(item->published_utc_s, out);
    buffer_puts(out, ",\"first_seen\":");
    json_write_time(item->first_seen_utc_s, out);
    buffer_putc(out, '}');
}

void add_result_write_json(const struct add_result *result, struct buffer *out)
{
    buffer_printf(out, "{\"outcome\":\"%s\",\"feeds\":[", outcome_names[result->outcome]);
    for (size_t i = 0; i < result->feed_count; i++) {
        buffer_puts(out, i == 0 ? "" : ",");
        write_feed(&result->feeds[i], i + 1, out);
        buffer_putc(out, '}');
    }
    buffer_puts(out, "],\"feed\":");
    if (result->outcome == ADDED_FEED || result->outcome == ADDED_FEED_KNOWN) {
        write_feed(&result->feeds[result->feed], result->feed + 1, out);
        write_field("name", result->feed_name, out);
        buffer_putc(out, '}');
    } else {
        buffer_puts(out, "null");
    }
    buffer_puts(out, ",\"item\":");
    write_item(result->item, out);
    buffer_putc(out, '}');
}
