/* The few response header fields a feed reader needs, read line by line as curl hands them
 * over.
 *
 * One struct serves all responses of a redirect chain: a status line begins the next response
 * and forgets the fields of the one before. Fixed sizes: a value that does not fit is treated
 * as absent, for half an ETag is worse than none. PURE; zero-initialised is "nothing has come".
 */
#ifndef NET_HTTP_HEADERS_H
#define NET_HTTP_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_headers {
    int status;    /* of the response that arrives; 0: none yet */
    bool complete; /* its empty line has come: what follows are trailers, which are ignored */
    int64_t max_age_s;
    bool has_max_age;
    char etag[1024];
    char location[2048];
    char link[2048]; /* all Link fields, ", " between them; one that does not fit is left out */
    char last_modified[128];
    char content_type[256];
    char content_encoding[32];
    char retry_after[64];
    char date[64];
    char expires[64];
    char age[32];
};

enum http_line {
    HTTP_LINE_STATUS, /* a response began; headers->status is its number */
    HTTP_LINE_FIELD,
    HTTP_LINE_END, /* the headers of this response are complete */
};

/* Take one line, with or without its line end. */
enum http_line http_headers_add(struct http_headers *headers, const char *line, size_t length);

/* Seconds to wait, from either form of Retry-After (RFC 9110 10.2.3): a number, or a date,
 * which is compared with the server's own Date when it sent one, so that a wrong clock there
 * does not matter. -1: none. */
int64_t http_headers_retry_after_s(const struct http_headers *headers, int64_t now_utc_s);

/* How long the answer stays fresh (RFC 9111 4.2.1, 4.2.3): max-age less Age, else Expires less
 * Date; 0 when that is over already, -1 when the server says nothing usable. */
int64_t http_headers_max_age_s(const struct http_headers *headers, int64_t now_utc_s);

#endif
