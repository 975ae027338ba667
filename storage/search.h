/* Full-text search over the stored items; part of store.h, which includes this.
 *
 * The index follows the items: store_index_items() puts what is new, changed or gone into it,
 * some milliseconds at a time and in transactions of its own, so that no item waits for it.
 * What was committed a moment ago may therefore not be found yet. After kill -9 it goes on
 * where it was; an index made by another tokenizer is made again, from the first item on.
 *
 * What a person writes: words are all wanted, "words in quotes" stand side by side, -word must
 * not occur, word* is any of the SEARCH_PREFIX_WORDS_MAX Latin words that begin so and are the
 * commonest in titles, then in texts (three letters at least). Upper and lower case, full and
 * half width, traditional and simplified characters are the same. A text of Han characters is
 * found wherever it stands; a Latin word is found as a whole.
 */
#ifndef STORAGE_SEARCH_H
#define STORAGE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/fault.h"

struct store;

enum {
    SEARCH_QUERY_MAX_BYTES = 1024,
    SEARCH_WORDS_MAX = 16,
    SEARCH_PREFIX_WORDS_MAX = 32,
    SEARCH_LIMIT_MAX = 100,
};

/* ---- the index ---- */

/* Bring the index nearer to the items for about `budget_ms`, in one transaction; *ret_more is
 * true when there is more to do. Writer's thread. */
must_check bool store_index_items(
    struct store *store, int64_t budget_ms, bool *ret_more, struct fault *fault);

/* ---- asking ---- */

enum search_order {
    SEARCH_BY_RANK, /* see storage/search_rank.c for what that means of a word in many items */
    SEARCH_BY_DATE, /* newest first */
};

enum search_topic { SEARCH_ANY_TOPIC, SEARCH_ON_TOPIC, SEARCH_OFF_TOPIC };

/* What an item must be besides; NULL and CLOCK_NONE ask nothing. A new condition is a field
 * here, a line of STATEMENT_FIND_HIT and one in bind_filter() (storage/search.c). */
struct search_filter {
    const char *section;  /* id */
    const char *source;   /* label as results have it */
    const char *feed_url; /* that brought it first */
    const char *vendor;
    const char *tag;
    const char *language; /* "zh" also means zh-CN */
    int64_t from_utc_s;   /* its date, inclusive */
    int64_t before_utc_s; /* exclusive */
    enum search_topic topic;
};

/* A filter that asks nothing. */
struct search_filter search_filter_none(void);

struct search_request {
    const char *query;
    size_t query_bytes; /* may hold any bytes */
    bool typing;        /* the last word is not finished: what it begins is found, too */
    struct search_filter filter;
    enum search_order order;
    const char *cursor;  /* of the page before; NULL: the first page */
    size_t limit;        /* 1..SEARCH_LIMIT_MAX */
    int64_t deadline_ms; /* from the call on */
};

/* Bytes [offset, offset + length) of a text. */
struct search_mark {
    uint32_t offset, length;
};

/* A text and what of it was looked for. */
struct search_text {
    const char *text; /* NULL: there is none */
    const struct search_mark *marks;
    size_t mark_count;
    bool cut_before, cut_after; /* it is a piece of a longer one */
};

struct search_hit {
    int64_t item_id;
    const char *key, *url, *source, *section, *language;
    int64_t published_utc_s; /* CLOCK_NONE: unknown */
    int64_t dated_utc_s;     /* published, or else first seen */
    bool off_topic;
    const char *vendor; /* NULL: none */
    const char *const *tags;
    size_t tag_count;
    struct search_text title;   /* whole */
    struct search_text summary; /* the piece with the most of what was looked for */
};

struct search_result {
    struct search_hit *hits;
    size_t count;
    const char *next_cursor; /* NULL: these were the last */
    /* How many there are in all, when the search saw them all; else at least so many. */
    size_t total;
    bool total_is_exact;
    int64_t items_behind; /* stored, but not in the index yet */
};

/* Search. A page may have fewer than `limit` hits though next_cursor is there: then the filter
 * left few of the many items looked through. Everything lives in the arena; the cursor may be
 * kept, it means the same for as long as query, filter and order are the same.
 *
 * Faults: FAULT_PARSE, there is nothing to look for in the query, or the cursor is of another
 * search; FAULT_LIMIT, the query is too long or the deadline passed; FAULT_STORE, also when
 * there is no index yet. A reading connection; its thread. */
must_check bool store_search(struct store *store, struct arena *arena,
    const struct search_request *request, struct search_result *ret_result,
    struct fault *fault);

#endif
