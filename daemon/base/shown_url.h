/* URLs as they may be shown: without user and password.
 *
 * Whatever leaves the program, i.e. a log line, a fault, a page, the API, a key of an item,
 * shows a URL through this module. Only the request itself knows the credentials.
 */
#ifndef BASE_SHOWN_URL_H
#define BASE_SHOWN_URL_H

#include <stddef.h>

#include "base/arena.h"

/* `url` without "user:password@" into `text` of `bytes` bytes, cut with "…" when it is longer;
 * works on what is no URL at all. Returns `text`. */
const char *shown_url_cut(const char *url, char *text, size_t bytes);

/* The same whole, in the arena; NULL for NULL. */
const char *shown_url(struct arena *arena, const char *url);

#endif
