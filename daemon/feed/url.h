/* URLs: absolute, canonical, and what an item *is*. PURE.
 *
 * url_key() is the identity of an item: two links with the same key are the same thing, so it
 * must never join what differs and should join what is the same. Typed keys (arxiv:2009.00278,
 * github:tencent/ncnn@20240102, doi:10.1145/3065386, wx:biz:mid:idx, …) come first; anything
 * else is the canonical URL folded further: https, no "www.", no mobile host, AMP copy, index
 * document or final slash, parameters sorted. Idempotent: url_key(url_key(u)) = url_key(u).
 *
 * A key is to compare; url_canonical() is to show and to open.
 */
#ifndef FEED_URL_H
#define FEED_URL_H

#include <stdbool.h>

#include "base/arena.h"

/* `reference` against `base` (NULL: it must be absolute), percent- and IDNA-encoded as feeds
 * need. NULL when it is no URL. Lives in the arena. */
char *url_resolve(struct arena *arena, const char *base, const char *reference);

/* The http(s) URL to show and to fetch: RFC 3986 normal form, tracking parameters, session ids
 * and fragments gone, links through redirectors and AMP caches unwrapped; scheme, "www." and
 * the order of parameters stay, for a server may mind them. Other schemes come back resolved
 * only. NULL when `url` cannot be parsed. Lives in the arena. */
char *url_canonical(struct arena *arena, const char *url);

/* `url` as it is written, without the parameters and fragments that only track: nothing else of
 * it changes. Lives in the arena. */
char *url_without_tracking(struct arena *arena, const char *url);

/* The key. "arXiv:ID", "oai:arXiv.org:ID" and "doi:ID" are typed too; other text that is no URL
 * is its own key, trimmed. Lives in the arena; never NULL. */
char *url_key(struct arena *arena, const char *url);

/* Lower-case host without "www.", port left out, into the arena; NULL when there is none. */
char *url_host(struct arena *arena, const char *url);

/* True when `key` is typed "kind:…", such as "arxiv" or "github"; *ret_rest points behind the
 * colon inside `key`. */
bool url_key_is(const char *key, const char *kind, const char **ret_rest);

#endif
