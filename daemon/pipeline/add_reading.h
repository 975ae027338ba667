/* What one fetched address turned out to be, for who adds it: a feed, or a page with what it
 * says of itself and of its site's feeds.
 *
 * add_reading_work() runs on a worker; all it builds lives in the arena given, which the worker
 * has to itself meanwhile.
 */
#ifndef PIPELINE_ADD_READING_H
#define PIPELINE_ADD_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "feed/discovery.h"
#include "feed/page.h"
#include "pipeline/rules.h"
#include "storage/store.h"

struct add_reading {
    /* input */
    const char *url; /* after redirects */
    const char *content_type;
    const char *link; /* the answer's Link fields; NULL */
    char *body;       /* owned; freed by the worker */
    size_t body_length;
    bool feed_only; /* a candidate: what is no feed need not be read as a page */

    /* output */
    bool is_feed;
    const char *title, *format; /* of the feed */
    size_t entries;
    struct page *page;       /* NULL: no feed and no page that can be stored */
    struct discovery feeds;  /* announced by the page */
    struct fault page_fault; /* why `page` is NULL */
    struct fault feed_fault; /* why it is no feed */
};

void add_reading_work(struct add_reading *reading, struct arena *arena);

/* The page as what the store takes, identified and judged by `rules`. `given_url` is what the
 * editor wrote, `fetched_url` where it led. Lives in the arena. */
struct store_addition add_reading_item(struct arena *arena, struct rules *rules,
    const struct page *page, const char *given_url, const char *fetched_url, int64_t now_utc_s);

#endif
