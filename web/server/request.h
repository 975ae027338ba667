/* One HTTP request as the routes see it, and the callbacks that make it from libmicrohttpd's.
 *
 * libmicrohttpd's own idea of the path is not used: its unescaping turns %00 into the end of
 * the string. request_new() sees the target as it came, and request_check() takes it apart.
 * Loop thread.
 */
#ifndef WEB_SERVER_REQUEST_H
#define WEB_SERVER_REQUEST_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>

enum request_method {
    REQUEST_GET = 1 << 0,
    REQUEST_HEAD = 1 << 1,
    REQUEST_OPTIONS = 1 << 2,
    REQUEST_OTHER = 0,
};

struct request {
    struct MHD_Connection *connection;
    const char *target; /* as received, cut when too long */
    char *path;         /* decoded; "*" for the server as a whole. Set by request_check() */
    enum request_method method;
    bool started;      /* the headers were seen */
    bool too_long;     /* the target was cut */
    size_t body_bytes; /* read and thrown away so far */
    char *text;        /* owns target and path */
};

/* A request for `target`, the text after the method. Caller frees with request_free(). */
struct request *request_new(const char *target);
void request_free(struct request *request);

/* A header's value, borrowed until the request ends; NULL when it was not sent. */
const char *request_header(const struct request *request, const char *name);

enum request_method request_parse_method(const char *name);

/* The path of a target in origin-form, absolute-form or "*", percent-decoded, without the
 * query, into `out` of strlen(target) + 1 bytes. False for what no client in its right mind
 * sends: no leading slash, broken percent-encoding, an encoded control character. PURE. */
bool request_decode_target(const char *target, char *out);

/* The host of an absolute-form target ("http://localhost:8080/x") into `out` of `size` bytes;
 * false when the target has none or it does not fit. PURE. */
bool request_target_host(const char *target, char *out, size_t size);

/* Why a request is not served at all, whatever its path. */
struct request_refusal {
    unsigned status;
    const char *detail;
};

/* Check target, Host and declared length; fill method and path. Returns NULL when the request
 * may go to its route. */
const struct request_refusal *request_check(struct request *request, const char *method);

enum { REQUEST_BODY_MAX = 1 << 20 };

#endif
