/* `briefd parse` and the tests read this form; it is written straight to the buffer, because a
 * tree of JSON values of a large feed would be several times its size. Keys are in the order a
 * reader wants them; every key is always there. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "feed/parse.h"

static void write_key(struct buffer *out, const char *key)
{
    char last = out->length == 0 ? '\0' : out->data[out->length - 1];
    if (last != '{') {
        buffer_puts(out, ", ");
    }
    json_write_string(key, out);
    buffer_puts(out, ": ");
}

static void write_text(struct buffer *out, const char *key, const char *text)
{
    write_key(out, key);
    json_write_string(text, out);
}

static void write_time(struct buffer *out, const char *key, int64_t utc_s)
{
    char text[CLOCK_ISO_BYTES];
    write_text(out, key, utc_s == CLOCK_NONE ? NULL : clock_format_iso(utc_s, text));
}

static void write_number(struct buffer *out, const char *key, int64_t number)
{
    write_key(out, key);
    if (number < 0) {
        buffer_puts(out, "null");
    } else {
        buffer_printf(out, "%" PRId64, number);
    }
}

static void write_strings(
    struct buffer *out, const char *key, const struct feed_strings *strings)
{
    write_key(out, key);
    buffer_putc(out, '[');
    for (size_t i = 0; i < strings->count; i++) {
        buffer_puts(out, i == 0 ? "" : ", ");
        json_write_string(strings->items[i], out);
    }
    buffer_putc(out, ']');
}

static void write_enclosures(struct buffer *out, const struct feed_entry *entry)
{
    write_key(out, "enclosures");
    buffer_putc(out, '[');
    for (size_t i = 0; i < entry->enclosure_count; i++) {
        buffer_puts(out, i == 0 ? "{" : ", {");
        write_text(out, "url", entry->enclosures[i].url);
        write_text(out, "type", entry->enclosures[i].type);
        write_number(out, "length", entry->enclosures[i].length);
        buffer_putc(out, '}');
    }
    buffer_putc(out, ']');
}

/* arXiv's fields are rare: they are written where they are. */
static void write_arxiv(struct buffer *out, const struct feed_entry *entry)
{
    const struct {
        const char *key, *value;
    } fields[] = {
        {"arxiv_announce_type", entry->arxiv_announce_type},
        {"arxiv_comment", entry->arxiv_comment},
        {"arxiv_journal_ref", entry->arxiv_journal_ref},
        {"doi", entry->doi},
    };
    for (size_t i = 0; i < array_count(fields); i++) {
        if (fields[i].value != NULL) {
            write_text(out, fields[i].key, fields[i].value);
        }
    }
}

static void write_entry(struct buffer *out, const struct feed_entry *entry)
{
    buffer_putc(out, '{');
    write_text(out, "id", entry->id);
    write_text(out, "title", entry->title);
    write_text(out, "link", entry->link);
    write_time(out, "published", entry->published_utc_s);
    write_time(out, "updated", entry->updated_utc_s);
    write_strings(out, "authors", &entry->authors);
    write_strings(out, "categories", &entry->categories);
    write_text(out, "summary", entry->summary);
    write_text(out, "content", entry->content);
    write_enclosures(out, entry);
    write_text(out, "language", entry->language);
    write_arxiv(out, entry);
    buffer_putc(out, '}');
}

/* When the feed asks to be polled: only what it says. */
static void write_schedule(struct buffer *out, const struct feed_document *document)
{
    static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    if (document->update_period_s >= 0) {
        write_number(out, "update_period_s", document->update_period_s);
    }
    if (document->skip_hours != 0) {
        write_key(out, "skip_hours");
        for (int hour = 0, count = 0; hour < 24; hour++) {
            if ((document->skip_hours >> hour & 1) != 0) {
                buffer_printf(out, "%s%d", count++ == 0 ? "[" : ", ", hour);
            }
        }
        buffer_putc(out, ']');
    }
    if (document->skip_days != 0) {
        write_key(out, "skip_days");
        for (int day = 0, count = 0; day < 7; day++) {
            if ((document->skip_days >> day & 1) != 0) {
                buffer_printf(out, "%s\"%s\"", count++ == 0 ? "[" : ", ", days[day]);
            }
        }
        buffer_putc(out, ']');
    }
}

void feed_write_json(const struct feed_document *document, struct buffer *out)
{
    buffer_putc(out, '{');
    write_text(out, "format", feed_format_name(document->format));
    write_text(out, "title", document->title);
    write_text(out, "link", document->link);
    write_text(out, "feed_url", document->feed_url);
    write_text(out, "language", document->language);
    write_time(out, "updated", document->updated_utc_s);
    write_number(out, "ttl_minutes", document->ttl_minutes);
    write_schedule(out, document);
    write_strings(out, "hubs", &document->hubs);
    write_key(out, "entries");
    buffer_putc(out, '[');
    for (size_t i = 0; i < document->entry_count; i++) {
        buffer_puts(out, i == 0 ? "" : ", ");
        write_entry(out, &document->entries[i]);
    }
    buffer_putc(out, ']');
    write_key(out, "bozo");
    buffer_puts(out, document->bozo ? "true" : "false");
    write_text(out, "bozo_reason", document->error);
    write_text(out, "error", NULL); /* the key says "no feed"; this is one */
    buffer_putc(out, '}');
}
