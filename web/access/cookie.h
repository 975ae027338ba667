/* The session's cookie: finding it in a request, writing it into an answer (RFC 6265). PURE.
 *
 * HttpOnly: no script sees it. SameSite=Strict: no other site's page sends it. Over TLS its
 * name begins with __Host-, by which a browser takes it only with Secure, for all paths and
 * from this host itself: a neighbour below the same domain cannot plant one.
 */
#ifndef WEB_ACCESS_COOKIE_H
#define WEB_ACCESS_COOKIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { COOKIE_SET_BYTES = 192 };

/* The session's secret in a Cookie header (NULL: none was sent), borrowed from it; NULL when it
 * is not there, empty, longer than one can be, or there twice, which no browser of ours sends.
 */
const char *cookie_find(const char *header, bool secure, size_t *ret_length);

/* The value of Set-Cookie into `out` of COOKIE_SET_BYTES; returns it. `max_age_s` 0: until the
 * browser is closed. */
const char *cookie_write(const char *secret, bool secure, int64_t max_age_s, char *out);

/* The same to forget it. */
const char *cookie_write_ended(bool secure, char *out);

#endif
