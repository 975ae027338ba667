/* URLs: absolute, canonical, and what an item *is*. PURE.
 *
 * url_key() is the identity of an item: two links with the same key are the same thing, so it
 * must never join what differs and should join what is the same. Typed keys (arxiv:2009.00278,
 * github:Tencent/ncnn@20240102, doi:10.1145/3065386, wx:biz:mid:idx, …) come first; anything
 * else is the canonical URL: RFC 3986 normal form, no fragment, no tracking parameters, no
 * default port, https for http, AMP and mobile hosts folded. Idempotent: url_key(url_key(u)) =
 * url_key(u).
 */
#ifndef FEED_URL_H
#define FEED_URL_H

#include <stdbool.h>

#include "base/arena.h"

/* `reference` against `base` (NULL: it must be absolute), percent- and IDNA-encoded as feeds
 * need. NULL when it is no URL. Lives in the arena. */
char *url_resolve(struct arena *arena, const char *base, const char *reference);

/* The canonical http(s) URL, to show and to fetch; other schemes come back resolved only. NULL
 * when `url` cannot be parsed. Lives in the arena. */
char *url_canonical(struct arena *arena, const char *url);

/* The key. Text that is no URL is its own key, trimmed. Lives in the arena; never NULL. */
char *url_key(struct arena *arena, const char *url);

/* Lower-case host without "www.", port left out, into the arena; NULL when there is none. */
char *url_host(struct arena *arena, const char *url);

/* True when `key` is typed "kind:…", such as "arxiv" or "github"; *ret_rest points behind the
 * colon inside `key`. */
bool url_key_is(const char *key, const char *kind, const char **ret_rest);

#endif
