/* Published issues as a feed: Atom (RFC 4287) and JSON Feed 1.1. PURE.
 *
 * An issue's id must never change, or every subscriber sees it again: it is a tag: URI (RFC
 * 4151) made of the newsletter's homepage and the issue's date, not the address where it
 * happens to stand today. The content is the whole issue without archive and footer: those
 * change with every issue.
 */
#ifndef BRIEFING_RENDER_FEED_H
#define BRIEFING_RENDER_FEED_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "briefing/issue.h"

struct render_feed_entry {
    const struct issue *issue;
    int64_t published_utc_s; /* CLOCK_NONE: midnight UTC of its date */
    int64_t updated_utc_s;   /* of its last correction; CLOCK_NONE: published */
    const char *url;         /* where its page stands; NULL: issue->url */
};

struct render_feed {
    const char *title;    /* plain */
    const char *tagline;  /* Markdown; NULL: none */
    const char *language; /* BCP 47 */
    const char *homepage; /* web address that the ids are made from; NULL: the title is */
    const char *page_url; /* what it links to without a homepage; NULL: nothing */
    const char *self_url; /* where this feed stands; NULL: unknown. No part of the ids: the same
                             server has several names, and ids stay for ever */
    const struct render_feed_entry *entries; /* newest first */
    size_t entry_count;
};

void render_feed_atom(const struct render_feed *feed, struct buffer *out);
void render_feed_json(const struct render_feed *feed, struct buffer *out);

/* A feed of this one issue. */
void render_atom(const struct issue *issue, struct buffer *out);
void render_json_feed(const struct issue *issue, struct buffer *out);

#endif
