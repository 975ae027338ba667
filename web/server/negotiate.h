/* What a request's headers let us answer with: Accept, Accept-Encoding, If-None-Match.
 *
 * PURE functions over header values as received; NULL stands for a header that was not sent.
 * Rejected: a full media range parser with parameters. No document here differs by a parameter,
 * so parameters other than q are skipped, as RFC 9110 12.5.1 allows. A malformed element of a
 * list is ignored, never the whole header: a browser extension that writes nonsense still gets
 * its page.
 */
#ifndef WEB_SERVER_NEGOTIATE_H
#define WEB_SERVER_NEGOTIATE_H

#include <stdbool.h>

/* How welcome `media_type` ("text/html; charset=utf-8") is: the q of the most specific range of
 * `accept` that covers it, in thousandths, 0 to 1000. Without the header everything is 1000. */
int negotiate_quality(const char *accept, const char *media_type);

/* True when `accept_encoding` allows gzip and does not prefer the plain bytes. Without the
 * header the answer is no: RFC 9110 would allow gzip, but such clients (netcat, scripts) never
 * expect it.
 */
bool negotiate_gzip(const char *accept_encoding);

enum negotiate_match {
    NEGOTIATE_NO_MATCH,
    NEGOTIATE_PLAIN,   /* the plain bytes' tag */
    NEGOTIATE_VARIANT, /* the gzip variant's tag */
    NEGOTIATE_ANY,     /* "*" */
};

/* Weak comparison (RFC 9110 8.8.3.2) of a list of tags with `etag` and with the gzip variant's,
 * negotiate_variant_etag(). */
enum negotiate_match negotiate_etag(const char *if_none_match, const char *etag);

enum { NEGOTIATE_ETAG_BYTES = 32 };

/* The tag of the gzip variant: "abc" becomes "abc-gz", because two encodings of one document
 * must not share a strong tag (RFC 9110 8.8.3.3). Written to `out` of NEGOTIATE_ETAG_BYTES;
 * returns it. */
const char *negotiate_variant_etag(const char *etag, char *out);

#endif
