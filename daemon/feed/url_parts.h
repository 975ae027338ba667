/* A URL taken apart, with every part in normal form: the private ground of url.c,
 * url_canonical.c and url_sites.c.
 *
 * url_parts_resolve() accepts what browsers accept (WHATWG URL Standard) where feeds need it
 * and writes it as RFC 3986 wants it. Parts that are absent are NULL, which is not the same as
 * empty
 * ("/a?" has an empty query). All strings live in the arena. */
#ifndef FEED_URL_PARTS_H
#define FEED_URL_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* A longer one is no URL: servers refuse them at 8 KiB, and what feeds carry beyond that is
 * data. */
enum { URL_MAX_BYTES = 16384 };

struct url_parts {
    char *scheme;   /* lower case */
    char *userinfo; /* without "@" */
    char *host;     /* lower case, IDNA-encoded, brackets kept; NULL: no authority */
    char *port;     /* digits; NULL when it is the scheme's own */
    char *path;     /* never NULL; of http and https at least "/" */
    char *query;    /* without "?" */
    char *fragment; /* without "#" */
};

/* `reference` against `base` (NULL: it must be absolute), which may share memory with the
 * result. False when it is no URL. */
bool url_parts_resolve(struct arena *arena, const struct url_parts *base, const char *reference,
    struct url_parts *ret_parts);

/* The parts as one string, in the arena. */
char *url_parts_join(struct arena *arena, const struct url_parts *parts);

bool url_parts_is_http(const struct url_parts *parts);

/* RFC 3986 section 5.2.4, in place; escaped dots count as dots. */
void url_remove_dot_segments(char *path);

/* `length` bytes of `text` with every percent-escape decoded. In the arena. */
char *url_percent_decode(struct arena *arena, const char *text, size_t length);

/* With everything escaped that may not stand raw in a URL; escapes that are there stay. In the
 * arena. */
char *url_percent_encode(struct arena *arena, const char *text);

/* RFC 3986 section 6.2.2: escapes of unreserved characters decoded, hex digits in upper case,
 * and a "%" that begins no escape escaped. `text` holds no raw characters that must be escaped.
 * In the arena. */
char *url_percent_normalize(struct arena *arena, const char *text);

#endif
