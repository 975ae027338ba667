/* A page that is no feed, as an item: what it says of itself. PURE.
 *
 * Title, site, time, description, author, canonical address and picture from JSON-LD,
 * OpenGraph, citation and Dublin Core tags, microdata, Twitter cards, <title>, <h1> and <time>,
 * each field from the first source that has it (the order stands in one table). Articles of
 * mp.weixin.qq.com carry theirs in scripts (feed/page_weixin.c). Pages that stand in front of
 * an article, or where one was, are named instead of being taken for it.
 */
#ifndef FEED_PAGE_H
#define FEED_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/fault.h"
#include "feed/page_scan.h"

/* Missing strings are NULL, a missing time is CLOCK_NONE. Plain text, white space collapsed. */
struct page {
    const char *title; /* never NULL, without the site's name behind it */
    const char *site;  /* as the site calls itself; the account's name on mp.weixin.qq.com */
    const char *description;
    const char *author;
    const char *image; /* absolute */
    const char *language;
    int64_t published_utc_s;
    const char *published_raw;
    /* What the page says its address is, if it may be believed (of the same site, and not its
     * front page); else the address it was fetched from. */
    const char *url;
    bool is_article; /* says so, or has a publication time: rather an item than a site */
};

/* The bytes of a page as a scan: decoded by feed/charset.h, where <meta charset> counts behind
 * the HTTP header. `url` is where it came from, after redirects. Lives in the arena. */
struct page_scan *page_scan_bytes(struct arena *arena, const char *data, size_t length,
    const char *url, const char *content_type);

/* Fails with FAULT_GONE for the notice of a deleted article, FAULT_PARSE for a page that asks
 * to be verified or to log in, and for one without any title. Lives in the arena. */
must_check bool page_read(struct arena *arena, const struct page_scan *scan,
    struct page **ret_page, struct fault *fault);

#endif
