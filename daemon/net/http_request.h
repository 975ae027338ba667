/* Private to http_client.c and http_request.c: one request, its curl easy handle and callbacks.
 *
 * http_client.c owns the multi handle, the uv handles and the order of things; http_setup.c
 * tells curl what is asked, http_request.c watches the transfer and knows what its end means.
 * Loop thread only.
 */
#ifndef NET_HTTP_REQUEST_H
#define NET_HTTP_REQUEST_H

#include <curl/curl.h>
#include <uv.h>

#include "base/buffer.h"
#include "net/http_client.h"
#include "net/http_fault.h"
#include "net/http_headers.h"

enum http_state {
    HTTP_STATE_WAITING,   /* for one of the client's connections */
    HTTP_STATE_RUNNING,   /* in curl's multi handle */
    HTTP_STATE_CANCELLED, /* out of it; on_done is still owed */
    HTTP_STATE_DONE,      /* on_done runs or has run; only the timer's close callback is owed */
};

struct http_request {
    struct http_client *client;
    struct http_request *previous, *next; /* in the client's list, until DONE */
    enum http_state state;
    CURL *easy; /* NULL when neither waiting nor running */
    struct curl_slist *sent_headers;
    http_done_fn *on_done;
    void *data;
    uv_timer_t timer; /* RUNNING: watches for stalls; CANCELLED: brings on_done */
    uv_timer_cb on_timer;

    /* what was asked */
    char *host;           /* of the first URL */
    bool has_credentials; /* the first URL of the chain names a user */
    int64_t timeout_ms, connect_timeout_ms, stall_timeout_ms;
    size_t max_bytes, max_redirects;
    bool keep_gzip;
    http_may_follow_fn *may_follow;
    struct address_range *allowed;
    size_t allowed_count;

    /* what has come so far */
    bool retried;
    enum http_phase phase;
    struct http_headers headers;
    size_t header_bytes; /* of all responses of the chain */
    size_t redirects;
    bool chain_is_permanent;          /* every answer so far was a 301 or 308 */
    bool socket_opened, refused;      /* by the guard; of the host asked now */
    bool private_address;             /* the host asked now is let through by an exception */
    int64_t hop_bytes, earlier_bytes; /* on the wire, of this and of the earlier responses */
    struct buffer body;
    int64_t bytes_at_last_look; /* the stall watch's */
    struct fault guard_fault;
    struct fault fault; /* what our own callbacks stopped the transfer for */

    /* what is handed out */
    char *url, *permanent_url, *redirect_url;
    struct http_response response;
};

/* A request in state WAITING with an easy handle that is ready to run. NULL with FAULT_CONFIG.
 * Free with http_request_free(). */
must_check struct http_request *http_request_new(
    const struct http_options *options, struct fault *fault);

/* Neither the easy handle nor the timer: those are the client's to put away. */
void http_request_free(struct http_request *request);

/* Must the transfer, which curl has ended with `code`, be run again on a new connection? Then
 * it is made ready for that; at most once. Servers whose Content-Length was too short leave the
 * rest of their answer in the connection, and libcurl (7.88) takes it for the next answer. */
bool http_request_needs_retry(struct http_request *request, CURLcode code);

/* curl has ended the transfer with `code`: fill response and fault (kind NONE: all is well).
 * The easy handle must still be there. */
void http_request_conclude(struct http_request *request, CURLcode code);

/* The stall watch's question: has the body brought too little since the last time it was asked?
 * Then the fault is set. */
bool http_request_has_stalled(struct http_request *request);

#endif
