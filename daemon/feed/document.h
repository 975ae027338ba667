/* What a feed says, as plain values: the result of feed_parse().
 *
 * Everything lives in the arena the document was parsed into. Missing strings are NULL, missing
 * times CLOCK_NONE, missing numbers -1; lists may be empty. Text fields are UTF-8, NFC is not
 * applied. HTML fields have been through sanitize_html().
 */
#ifndef FEED_DOCUMENT_H
#define FEED_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "feed/date.h"

enum feed_format {
    FEED_FORMAT_NONE,
    FEED_FORMAT_RSS20,
    FEED_FORMAT_RSS10,
    FEED_FORMAT_RSS09X,
    FEED_FORMAT_ATOM10,
    FEED_FORMAT_ATOM03,
    FEED_FORMAT_JSON,
};

struct feed_enclosure {
    const char *url; /* absolute */
    const char *type;
    int64_t length; /* bytes, -1 unknown */
};

struct feed_strings {
    const char **items;
    size_t count;
    size_t capacity;
};

struct feed_entry {
    const char *id;    /* guid or atom:id exactly as given, trimmed */
    const char *title; /* plain text */
    const char *link;  /* absolute */
    int64_t published_utc_s;
    int64_t updated_utc_s;
    const char *published_raw; /* the date as the feed wrote it */
    bool published_is_cst;     /* for feed_document_settle_zones() */
    bool updated_is_cst;
    struct feed_strings authors;
    struct feed_strings categories;
    const char *summary; /* HTML, sanitised */
    const char *content; /* HTML, sanitised */
    struct feed_enclosure *enclosures;
    size_t enclosure_count;
    size_t enclosure_capacity;
    const char *language;
    /* arXiv (namespace http://arxiv.org/schemas/atom); NULL elsewhere */
    const char *arxiv_announce_type; /* new, cross, replace, replace-cross */
    const char *arxiv_comment;
    const char *arxiv_journal_ref;
    const char *doi;
};

struct feed_document {
    enum feed_format format;
    const char *title;
    const char *link;     /* absolute site URL */
    const char *feed_url; /* rel=self */
    const char *language;
    int64_t updated_utc_s;
    bool updated_is_cst;
    unsigned zones_seen; /* bit z: a date had enum feed_date_zone z */
    int ttl_minutes;     /* RSS ttl, -1 none */
    int update_period_s; /* sy:updatePeriod / sy:updateFrequency, -1 none */
    uint32_t skip_hours; /* bit h: do not poll in hour h GMT */
    uint8_t skip_days;   /* bit d: do not poll on day d, 0 = Sunday */
    struct feed_strings hubs;
    struct feed_entry *entries;
    size_t entry_count;
    size_t entry_capacity;
    bool bozo;         /* not well-formed, or the encoding had to be guessed */
    const char *error; /* why bozo, a sentence; NULL when not */
};

/* "rss20", "atom10", … as `briefd parse` prints it; NULL for FEED_FORMAT_NONE. */
const char *feed_format_name(enum feed_format format);

/* For the parsers: an empty document, an empty entry at its end (borrowed until the next is
 * added), and additions to the lists of an entry. Everything lives in the arena; strings that
 * are passed must live there too. */
struct feed_document *feed_document_new(struct arena *arena);
struct feed_entry *feed_document_add_entry(struct arena *arena, struct feed_document *document);
/* The enclosure of that URL, new or already there. */
struct feed_enclosure *feed_entry_add_enclosure(
    struct arena *arena, struct feed_entry *entry, const char *url);
/* NULL, empty and repeated strings are left out. */
void feed_strings_add(struct arena *arena, struct feed_strings *strings, const char *text);
/* Keep the `max` newest entries, in the order given; the first `max` when one has no date. 0:
 * all. */
void feed_document_keep_newest(struct feed_document *document, size_t max);
/* At the end, before the next: dates of "CST" in a Chinese feed become China's. `base_url` may
 * be NULL. */
void feed_document_settle_zones(struct feed_document *document, const char *base_url);
/* At the end: entries without author or language take the feed's, a feed without date its
 * newest entry's. */
void feed_document_inherit(struct feed_document *document, const struct feed_strings *authors);

#endif
