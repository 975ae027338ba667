/* Typed keys: what a page of a known site *is*. Private to the URL code. */
#ifndef FEED_URL_SITES_H
#define FEED_URL_SITES_H

#include "base/arena.h"
#include "feed/url_parts.h"

/* The typed key of a canonical http(s) URL whose host is `host` without "www." and mobile
 * prefix; NULL when it has none. In the arena. */
char *url_site_key(struct arena *arena, const char *host, const struct url_parts *parts);

/* The typed key of text such as "arXiv:2009.00278v2", "oai:arXiv.org:2009.00278v2" or
 * "doi:10.1/X"; NULL when it is none of these. In the arena. */
char *url_text_key(struct arena *arena, const char *text);

#endif
