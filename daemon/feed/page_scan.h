/* What the markup of an HTML page says, collected in one pass: the ground of feed/page.h and
 * feed/discovery.h.
 *
 * Linear and flat like the lexer beneath it, and bounded in everything it keeps, so that a page
 * of ten thousand links or a megabyte of meta tags costs no more than reading it once. PURE;
 * all of it lives in the arena, or points into the page's text, which must live as long.
 */
#ifndef FEED_PAGE_SCAN_H
#define FEED_PAGE_SCAN_H

#include <stddef.h>

#include "base/arena.h"
#include "feed/html_lexer.h"

enum {
    PAGE_METAS_MAX = 256, /* real pages have up to 60 */
    PAGE_LINKS_MAX = 96,  /* feed links and canonical; a WordPress site has 2 to 6 */
    PAGE_SCRIPTS_MAX = 128,
    PAGE_VALUE_MAX_BYTES = 8192, /* of one attribute or text */
    PAGE_TEXT_MAX_BYTES =
        16384, /* of the visible text: enough to tell an article from an error */
};

struct page_meta {
    const char *name; /* of name, property, itemprop or http-equiv; lower case */
    const char *content;
};

enum page_link_kind { PAGE_LINK_CANONICAL, PAGE_LINK_ALTERNATE, PAGE_LINK_ANCHOR };

/* <link rel=canonical>, <link rel=alternate> with a feed's type, <a href> that looks like one.
 */
struct page_link {
    enum page_link_kind kind;
    const char *url;   /* absolute */
    const char *type;  /* as written; NULL */
    const char *title; /* or the text of the anchor; NULL */
};

struct page_scan {
    const char *url;      /* of the page */
    const char *base_url; /* <base href>, else `url` */
    const char *title;    /* of <title> */
    const char *heading;  /* the first <h1> with text */
    const char *language;
    const char *time; /* the first <time>: its datetime, else its text */
    struct page_meta *metas;
    size_t meta_count, meta_capacity;
    struct page_link *links;
    size_t link_count, link_capacity;
    struct html_slice *json; /* application/ld+json, raw */
    size_t json_count, json_capacity;
    struct html_slice *scripts; /* inline ones, raw */
    size_t script_count, script_capacity;
    const char *weixin_title, *weixin_account,
        *weixin_time; /* by the ids of mp.weixin.qq.com */
    bool has_weixin_content;
    const char *text; /* the visible text from its beginning, white space collapsed */
};

/* Read `length` bytes of UTF-8 `html`, fetched from `url` (NULL: links must be absolute). */
struct page_scan *page_scan_read(
    struct arena *arena, const char *html, size_t length, const char *url);

/* The content of the first meta of that (lower-case) name that says anything; NULL. */
const char *page_scan_meta(const struct page_scan *scan, const char *name);

#endif
