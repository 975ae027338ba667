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
#include <sys/queue.h>

#include "base/buffer.h"
#include "web/access/access.h"

enum request_method {
    REQUEST_GET = 1 << 0,
    REQUEST_HEAD = 1 << 1,
    REQUEST_OPTIONS = 1 << 2,
    REQUEST_POST = 1 << 3,
    REQUEST_PUT = 1 << 4,
    REQUEST_PATCH = 1 << 5,
    REQUEST_DELETE = 1 << 6,
    REQUEST_OTHER = 0,
};

struct endpoint_job;
struct front;
struct listener;

/* Why a request is not served at all, whatever its path. */
struct request_refusal {
    unsigned status;
    const char *detail;
};

LIST_HEAD(request_list, request);

struct request {
    struct MHD_Connection *connection;
    struct request_list *suspended_list; /* of the server */
    void (*on_resumed)(void *data);      /* tells the server to run libmicrohttpd soon */
    void *on_resumed_data;
    struct access *access; /* NULL: nobody has set one up */
    struct caller caller;  /* set by routes_check() */
    const char *target;    /* as received, cut when too long */
    char *path;            /* decoded; "*" for the server as a whole. Set by request_check() */
    enum request_method method;
    uint64_t began_ns;         /* monotonic */
    const struct front *front; /* the server's; NULL: nothing stands in front of it */
    const bool *last;   /* of the server: nothing follows on this connection. May be NULL */
    bool started;       /* the headers were seen */
    bool to_login;      /* a page that nobody may see before he has logged in */
    bool too_long;      /* the target was cut */
    size_t body_bytes;  /* read so far */
    struct buffer body; /* kept from request_keep_body() on; before, it is thrown away */
    size_t body_max;
    bool suspended;
    LIST_ENTRY(request) in_suspended;
    struct endpoint_job *job;       /* under way; owned */
    struct listener *listener;      /* of a stream of events; owned */
    struct request_refusal refusal; /* one that is made for this request */
    char refused[256];              /* what it says */
    char *text;                     /* owns target and path */
};

/* A request for `target`, the text after the method. Caller frees with request_free(). */
struct request *request_new(const char *target);
void request_free(struct request *request);

/* A header's value, borrowed until the request ends; NULL when it was not sent. */
const char *request_header(const struct request *request, const char *name);

/* A browser that wants something to show to a person: it says so in Accept, reads, and asks for
 * no address of the API. Whoever sends a token is a program, and is told as one. */
bool request_wants_page(const struct request *request);

enum request_method request_parse_method(const char *name);

/* "GET", "other": a string literal. */
const char *request_method_name(enum request_method method);

/* The path of a target in origin-form, absolute-form or "*", percent-decoded, without the
 * query, into `out` of strlen(target) + 1 bytes. False for what no client in its right mind
 * sends: no leading slash, broken percent-encoding, an encoded control character. PURE. */
bool request_decode_target(const char *target, char *out);

/* The host of an absolute-form target ("http://localhost:8080/x") into `out` of `size` bytes;
 * false when the target has none or it does not fit. PURE. */
bool request_target_host(const char *target, char *out, size_t size);

/* Check target, Host and declared length; fill method and path. Returns NULL when the request
 * may go to its route. */
const struct request_refusal *request_check(struct request *request, const char *method);

/* A body's declared length against request->body_max; NULL: it fits. */
const struct request_refusal *request_check_size(const struct request *request);

/* Keep the body, of at most `max_bytes`. Before any of it has come. */
void request_keep_body(struct request *request, size_t max_bytes);

/* A piece of the body. False: it is longer than the limit, and no answer can be queued now. */
bool request_add_body(struct request *request, const char *piece, size_t length);

/* Let the connection rest until request_resume(), which the server does for all when it stops.
 */
void request_suspend(struct request *request);
void request_resume(struct request *request);

/* Of bodies nobody asked for. */
enum { REQUEST_BODY_MAX = 1 << 20 };

#endif
