/* The query part of a URL: which parameters say where a reader came from, and which say what
 * the page is. Private to the URL code. */
#ifndef FEED_URL_QUERY_H
#define FEED_URL_QUERY_H

#include <stdbool.h>

#include "base/arena.h"

/* `query` of a page of `host` (without "www.") without the parameters that only track, in the
 * order they came; NULL when nothing is left. In the arena. */
char *url_query_clean(struct arena *arena, const char *host, const char *query);

/* The parameters sorted by name, "+" written as "%20". In the arena. */
char *url_query_sort(struct arena *arena, const char *query);

/* The decoded value of the first parameter `name`; NULL when there is none or it is empty. In
 * the arena. */
char *url_query_value(struct arena *arena, const char *query, const char *name);

/* True when `host` is `domain` or a subdomain of it. */
bool url_host_within(const char *host, const char *domain);

#endif
