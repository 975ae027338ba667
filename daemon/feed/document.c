/* The few things all parsers do to a document; what prints it is document_json.c. */
#include "feed/document.h"

#include <stdlib.h>
#include <string.h>

static const char *const format_names[] = {
    [FEED_FORMAT_NONE] = NULL,
    [FEED_FORMAT_RSS20] = "rss20",
    [FEED_FORMAT_RSS10] = "rss10",
    [FEED_FORMAT_RSS09X] = "rss09x",
    [FEED_FORMAT_ATOM10] = "atom10",
    [FEED_FORMAT_ATOM03] = "atom03",
    [FEED_FORMAT_JSON] = "json",
};

const char *feed_format_name(enum feed_format format)
{
    return format_names[format];
}

struct feed_document *feed_document_new(struct arena *arena)
{
    struct feed_document *document = arena_new(arena, struct feed_document);
    document->updated_utc_s = CLOCK_NONE;
    document->ttl_minutes = -1;
    document->update_period_s = -1;
    return document;
}

struct feed_entry *feed_document_add_entry(struct arena *arena, struct feed_document *document)
{
    if (document->entry_count == document->entry_capacity) {
        document->entries = arena_grow(
            arena, document->entries, sizeof(*document->entries), &document->entry_capacity);
    }
    struct feed_entry *entry = &document->entries[document->entry_count++];
    entry->published_utc_s = CLOCK_NONE;
    entry->updated_utc_s = CLOCK_NONE;
    return entry;
}

/* Repetitions are looked for among the last items only: a list of a hundred thousand, which
 * only an attack has, must not cost its square. */
static size_t repeat_window(size_t count)
{
    return count > 64 ? count - 64 : 0;
}

struct feed_enclosure *feed_entry_add_enclosure(
    struct arena *arena, struct feed_entry *entry, const char *url)
{
    for (size_t i = repeat_window(entry->enclosure_count); i < entry->enclosure_count; i++) {
        if (strcmp(entry->enclosures[i].url, url) == 0) {
            return &entry->enclosures[i];
        }
    }
    if (entry->enclosure_count == entry->enclosure_capacity) {
        entry->enclosures = arena_grow(
            arena, entry->enclosures, sizeof(*entry->enclosures), &entry->enclosure_capacity);
    }
    struct feed_enclosure *enclosure = &entry->enclosures[entry->enclosure_count++];
    enclosure->url = url;
    enclosure->length = -1;
    return enclosure;
}

void feed_strings_add(struct arena *arena, struct feed_strings *strings, const char *text)
{
    if (text == NULL || text[0] == '\0') {
        return;
    }
    for (size_t i = repeat_window(strings->count); i < strings->count; i++) {
        if (strcmp(strings->items[i], text) == 0) {
            return;
        }
    }
    if (strings->count == strings->capacity) {
        strings->items = arena_grow(
            arena, strings->items, sizeof(*strings->items), &strings->capacity);
    }
    strings->items[strings->count++] = text;
}

/* Names a feed gives once for all its entries, and the date it does not give. */
void feed_document_inherit(struct feed_document *document, const struct feed_strings *authors)
{
    int64_t newest = CLOCK_NONE;
    for (size_t i = 0; i < document->entry_count; i++) {
        struct feed_entry *entry = &document->entries[i];
        if (entry->authors.count == 0) {
            entry->authors = *authors;
        }
        if (entry->language == NULL) {
            entry->language = document->language;
        }
        if (entry->published_utc_s > newest) {
            newest = entry->published_utc_s;
        }
        if (entry->updated_utc_s > newest) {
            newest = entry->updated_utc_s;
        }
    }
    if (document->updated_utc_s == CLOCK_NONE) {
        document->updated_utc_s = newest;
    }
}

/* ---- the newest ---- */

static int64_t date_of(const struct feed_entry *entry)
{
    return entry->published_utc_s != CLOCK_NONE ? entry->published_utc_s : entry->updated_utc_s;
}

static int compare_newest_first(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? 1 : a > b ? -1 : 0;
}

/* The date of the last entry to keep; CLOCK_NONE when they cannot be ordered. *ret_ties is how
 * many of that very date there is room for. */
static int64_t find_oldest_kept(
    const struct feed_document *document, size_t max, size_t *ret_ties)
{
    cleanup(arena_release) struct arena scratch = {0};
    int64_t *dates = arena_new_array(&scratch, int64_t, document->entry_count);
    for (size_t i = 0; i < document->entry_count; i++) {
        dates[i] = date_of(&document->entries[i]);
        if (dates[i] == CLOCK_NONE) {
            return CLOCK_NONE;
        }
    }
    qsort(dates, document->entry_count, sizeof(*dates), compare_newest_first);
    *ret_ties = 0;
    for (size_t i = 0; i < max; i++) {
        *ret_ties += dates[i] == dates[max - 1];
    }
    return dates[max - 1];
}

/* Most feeds have the newest first, but archives and exports begin with the oldest: the first N
 * of those would be the same for ever. */
void feed_document_keep_newest(struct feed_document *document, size_t max)
{
    size_t ties = 0, kept = 0;
    if (max == 0 || document->entry_count <= max) {
        return;
    }
    int64_t oldest_utc_s = find_oldest_kept(document, max, &ties);
    for (size_t i = 0; i < document->entry_count && kept < max; i++) {
        int64_t date_utc_s = date_of(&document->entries[i]);
        bool tie = oldest_utc_s != CLOCK_NONE && date_utc_s == oldest_utc_s && ties > 0;
        if (oldest_utc_s == CLOCK_NONE || date_utc_s > oldest_utc_s || tie) {
            document->entries[kept++] = document->entries[i];
            ties -= tie;
        }
    }
    document->entry_count = kept;
}
