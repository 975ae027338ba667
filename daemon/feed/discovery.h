/* Where the feeds of a site are: from its address, from its page, from habit. PURE.
 *
 * Three questions, in the order of what their answers are worth: discovery_from_url() knows
 * sites whose feeds follow from the address (a GitHub repository, a YouTube channel, an arXiv
 * list); discovery_from_page() reads what a page announces or links to; discovery_guess() lists
 * the paths where feeds usually are. Nothing is fetched here: a candidate is a feed when its
 * bytes have been read as one.
 */
#ifndef FEED_DISCOVERY_H
#define FEED_DISCOVERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "feed/page_scan.h"

/* The best first: the order is the rank. */
enum discovery_origin {
    DISCOVERY_SITE,   /* follows from the address */
    DISCOVERY_HEADER, /* the answer's Link field, RFC 8288 */
    DISCOVERY_LINK,   /* <link rel=alternate> */
    DISCOVERY_ANCHOR, /* a link on the page */
    DISCOVERY_GUESS,  /* a usual path */
};

struct discovery_feed {
    enum discovery_origin origin;
    const char *url;
    const char *title; /* as the page calls it; NULL */
};

struct discovery {
    struct discovery_feed *feeds; /* best first, no address twice */
    size_t count, capacity;
    /* The address itself names a list of things (a repository, a channel, a category): it is a
     * source, not an article. */
    bool is_source;
};

enum { DISCOVERY_FEEDS_MAX = 24 };

/* Add what follows from the address alone. `rsshub` is the address of the editor's own RSSHub,
 * or NULL: public ones refuse programs. */
void discovery_from_url(
    struct arena *arena, struct discovery *discovery, const char *url, const char *rsshub);

/* Add what the page announces, and what its scripts tell of its channel. `link_header` is the
 * value of the answer's Link fields, or NULL. */
void discovery_from_page(struct arena *arena, struct discovery *discovery,
    const struct page_scan *scan, const char *link_header);

/* Add the usual places: beside the page, at the root of the site. */
void discovery_guess(struct arena *arena, struct discovery *discovery, const char *url);

const char *discovery_origin_name(enum discovery_origin origin);

/* For the functions above: add unless it is there, not http(s), or one too many. The first of
 * an address counts. */
void discovery_add(struct arena *arena, struct discovery *discovery,
    enum discovery_origin origin, const char *url, const char *title);

#endif
