/* Private to feed/discovery*.c: sites whose feeds follow from the address. */
#ifndef FEED_DISCOVERY_SITES_H
#define FEED_DISCOVERY_SITES_H

#include "feed/discovery.h"
#include "feed/url_page.h"

struct discovery_site {
    struct url_page page; /* host without "www." */
    const char *rsshub;   /* NULL: none */
    struct discovery *discovery;
};

/* Add the feeds of a known site; nothing for any other. */
void discovery_find_site(struct discovery_site *site);

/* The feed of a YouTube channel; NULL when `channel` is no channel's id. In the arena. */
const char *discovery_youtube_feed(struct arena *arena, const char *channel);

#endif
