/* GET, HEAD, and POST to briefd itself, over curl's multi_socket interface, driven by the uv
 * loop.
 *
 * Every request obeys the limits it is given: whole time, connect time, body bytes after
 * decompression, redirects (http and https only), and the address guard at connect time. gzip,
 * br and zstd are accepted. Credentials in a URL are sent but never logged or put into a fault.
 * Loop thread only.
 */
#ifndef NET_HTTP_CLIENT_H
#define NET_HTTP_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/fault.h"
#include "net/address_guard.h"
#include "net/loop.h"

struct http_client;
struct http_request;

/* A redirect that was not followed, and what led to it: enough for another request to go on. */
struct http_redirect {
    const char *url;           /* where it leads; may hold a password: not for showing */
    size_t count;              /* redirects so far, this one included */
    bool is_permanent;         /* all of them were 301 or 308 */
    const char *permanent_url; /* what http_response calls so, where that is known already */
    bool had_credentials;      /* the first URL of the chain held a password */
};

/* May a redirect be followed to `url`, with the `data` of on_done? Runs on the loop; must not
 * start or cancel requests. */
typedef bool http_may_follow_fn(void *data, const char *url);

struct http_options {
    const char *url;
    const char *user_agent;
    const char *accept;         /* NULL: anything */
    const char *etag;           /* sent as If-None-Match byte for byte; NULL or "": none */
    const char *last_modified;  /* sent as If-Modified-Since byte for byte; NULL: none */
    const char *bearer;         /* token of an Authorization header; NULL: none */
    bool head;                  /* ask for the headers alone (HEAD); `post` is NULL then */
    const char *post;           /* a body makes it a POST; NULL: GET */
    size_t post_bytes;          /* of it; 0: it is a string */
    const char *post_type;      /* its media type */
    int64_t timeout_ms;         /* redirects that are followed included; both times above 0 */
    int64_t connect_timeout_ms; /* name, TCP and TLS */
    int64_t stall_timeout_ms; /* a body that brings less than 512 bytes in this time; 0: 15 s */
    size_t max_bytes;
    bool keep_gzip; /* ask for gzip alone and leave the body of a 2xx as it came (net/inflate.h)
                     */
    bool last_of_host; /* no other request will follow soon: the connection is not kept */
    size_t max_redirects;
    http_may_follow_fn *may_follow; /* NULL: every redirect is */
    const struct http_redirect
        *redirected;                     /* `url` goes on from there; NULL: it is the first */
    const struct address_range *allowed; /* copied */
    size_t allowed_count;
};

/* What came back. Everything is borrowed for the duration of on_done, except that the body may
 * be taken with http_response_take_body(). */
struct http_response {
    int status;       /* 0: no answer */
    const char *body; /* a NUL follows it; "" with a fault */
    size_t body_length;
    bool is_gzip;    /* the body still is: see keep_gzip */
    const char *url; /* after redirects, without user and password; never NULL */
    /* Where an unbroken chain of 301/308 from the start leads, or NULL. Also NULL when the
     * first URL carried a password, which the new one would lack. */
    const char *permanent_url;
    struct http_redirect redirect; /* `url` NULL: it ended with no redirect that is open */
    const char *content_type;      /* this and the next two: NULL when absent */
    const char *etag;              /* byte for byte, quotes and W/ included if there are any */
    const char *last_modified;
    const char *link; /* the values of all Link fields as one list (RFC 8288); NULL: none */
    int64_t retry_after_s; /* seconds from now, from either form of Retry-After; -1 none */
    int64_t max_age_s;     /* Cache-Control max-age minus Age, else Expires; -1 none */
    bool private_address;  /* answered from an address that only an exception lets through */
    int64_t wire_bytes;    /* received, before decompression, all redirects, with headers */
};

/* Runs exactly once, later, never from inside http_get(); also after http_cancel(), with
 * FAULT_CANCELLED. `fault` is NULL when a response arrived, whatever its status. `response` is
 * never NULL; with a fault it holds what was known by then. The callback may start and cancel
 * requests and may free the client. */
typedef void http_done_fn(
    void *data, struct http_response *response, const struct fault *fault);

/* At most `max_connections` requests run at a time; others wait, and their time limits begin
 * when they start. Caller frees with http_client_free(). */
struct http_client *http_client_new(struct loop *loop, size_t max_connections);

/* Cancels what runs (their on_done is called before this returns, with FAULT_CANCELLED) and
 * frees; the last memory goes with the loop's close callbacks. NULL is accepted. */
void http_client_free(struct http_client *client);

/* Start one GET. Fails at once only with FAULT_CONFIG (a URL that cannot be parsed, a scheme
 * that is not http or https, a header value with a line break). The options are copied. The
 * request is borrowed, for http_cancel(), until its on_done runs. */
must_check bool http_get(struct http_client *client, const struct http_options *options,
    http_done_fn *on_done, void *data, struct http_request **ret_request, struct fault *fault);

/* Give up: the connection is let go now, on_done runs on a later turn of the loop with
 * FAULT_CANCELLED. Cancelling twice, or from inside the request's own on_done, does nothing. */
void http_cancel(struct http_request *request);

/* Move the body out of the response: the caller frees it with free(3). */
char *http_response_take_body(struct http_response *response, size_t *ret_length);

#endif
