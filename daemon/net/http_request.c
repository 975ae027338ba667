/* Problem: ask a server that may be slow, hostile or somewhere else than its name says, and
 * take no more from it than was agreed.
 *
 * Approach: curl does HTTP; our callbacks hold the limits, because curl's own either come too
 * late (sizes after decompression), report too little (which address, which limit), or do not
 * cover a connection that is reused. The guard therefore looks twice: before a socket is opened
 * and before a request is sent on a connection, which may be one that another feed was allowed
 * to open.
 *
 * Redirects are curl's to follow, which strips credentials and resolves Location references
 * better than a second implementation would; but curl cannot be told to wait. So the caller is
 * asked at each, and one that has to wait for another host's turn ends the transfer: the caller
 * goes on from there with a new request, which inherits the count of redirects.
 */
#include "net/http_request.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "net/http_setup.h"
#include "net/http_url.h"
#include "net/inflate.h"

enum {
    /* Real servers send under 8 KiB; curl's own bound is 300 KiB for one response. */
    MAX_HEADER_BYTES = 256 * 1024,
    DEFAULT_STALL_MS = 15 * 1000,
    STALL_MIN_BYTES = 512,
};

static char *copy_text(const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL) {
        memory_exhausted();
    }
    return copy;
}

/* --- while curl runs ------------------------------------------------------------------------
 */

static bool is_redirect(const struct http_request *request)
{
    int status = request->headers.status;
    return status >= 300 && status < 400 && request->headers.location[0] != '\0';
}

/* What is not yet known about the host that is asked next. */
static void start_hop(struct http_request *request)
{
    request->phase = HTTP_PHASE_LOOKUP;
    request->socket_opened = request->refused = false;
}

/* The URL that is asked now: after a redirect curl has moved on to the new one before it
 * connects. Borrowed from curl; NULL: not known. */
static const char *find_current_url(const struct http_request *request)
{
    char *effective = NULL;
    curl_easy_getinfo(request->easy, CURLINFO_EFFECTIVE_URL, &effective);
    return effective;
}

/* The same without credentials; caller frees. */
static char *copy_current_url(const struct http_request *request)
{
    char *text = http_url_without_credentials(find_current_url(request));
    char *copy = copy_text(text != NULL ? text : "");
    curl_free(text);
    return copy;
}

/* The guard's question about the address at hand; a refusal is kept for the final fault. */
static bool may_talk_to(struct http_request *request, const struct sockaddr *address)
{
    bool moved = request->headers.status != 0; /* by a redirect that curl follows */
    char *host = NULL, *port = NULL;
    if (moved) {
        http_url_split(find_current_url(request), &host, &port);
    }
    bool allowed = address_guard_check(address, moved ? host : request->host, request->allowed,
        request->allowed_count, &request->guard_fault);
    curl_free(host);
    curl_free(port);
    request->private_address = allowed && !address_guard_is_public(address);
    if (allowed) {
        return true;
    }
    if (request->redirects > 0) {
        fault_prefix(&request->guard_fault, "after a redirect: ");
    }
    request->refused = true;
    return false;
}

static curl_socket_t on_open_socket(
    void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct http_request *request = data;
    request->phase = HTTP_PHASE_CONNECT;
    request->headers.location[0] = '\0'; /* the redirect, if there was one, has been followed */
    if (!may_talk_to(request, &address->addr)) {
        return CURL_SOCKET_BAD;
    }
    request->socket_opened = true;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Before each request on a connection, new or reused. */
static int on_before_request(
    void *data, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
    struct http_request *request = data;
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)remote_port)};
    struct sockaddr_in6 v6 = {
        .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)remote_port)};
    const struct sockaddr *address = NULL;
    if (inet_pton(AF_INET, remote_ip, &v4.sin_addr) == 1) {
        address = (const struct sockaddr *)&v4;
    } else if (inet_pton(AF_INET6, remote_ip, &v6.sin6_addr) == 1) {
        address = (const struct sockaddr *)&v6;
    }
    request->phase = HTTP_PHASE_REQUEST;
    request->headers.location[0] = '\0';
    if (address == NULL) {
        fault_set(
            &request->fault, FAULT_LIMIT, "address '%s' is neither IPv4 nor IPv6", remote_ip);
        return CURL_PREREQFUNC_ABORT;
    }
    if (!may_talk_to(request, address)) {
        request->fault = request->guard_fault;
        return CURL_PREREQFUNC_ABORT;
    }
    return CURL_PREREQFUNC_OK;
}

/* The first answer that is no permanent redirect ends the chain, at the URL that gave it. */
static void on_status(struct http_request *request)
{
    request->phase = HTTP_PHASE_ANSWER;
    int status = request->headers.status;
    if (!request->chain_is_permanent || status < 200 || status == 301 || status == 308) {
        return;
    }
    request->chain_is_permanent = false;
    if (request->redirects > 0 && !request->has_credentials) {
        request->permanent_url = copy_current_url(request);
    }
}

/* Is the redirect at hand one that the caller wants to follow in its own time? */
static bool leaves_redirect_open(struct http_request *request)
{
    char *target = request->may_follow == NULL || request->redirects > request->max_redirects
        ? NULL
        : http_url_redirect(find_current_url(request), request->headers.location);
    if (target != NULL && !request->may_follow(request->data, target)) {
        request->redirect_url = copy_text(target);
    }
    curl_free(target);
    return request->redirect_url != NULL;
}

/* False when the transfer is to end here. */
static bool on_headers_complete(struct http_request *request)
{
    if (is_redirect(request)) {
        request->redirects++;
        if (leaves_redirect_open(request)) {
            return false;
        }
        start_hop(request);
    } else if (request->headers.status >= 200) {
        request->bytes_at_last_look = 0;
        uv_timer_start(&request->timer, request->on_timer, (uint64_t)request->stall_timeout_ms,
            (uint64_t)request->stall_timeout_ms);
    }
    return true;
}

static size_t on_header(char *line, size_t size, size_t count, void *data)
{
    struct http_request *request = data;
    size_t length = size * count;
    request->header_bytes += length;
    if (request->header_bytes > MAX_HEADER_BYTES) {
        fault_set(&request->fault, FAULT_LIMIT, "answer has more than %d bytes of headers",
            MAX_HEADER_BYTES);
        return 0;
    }
    bool was_complete = request->headers.complete;
    switch (http_headers_add(&request->headers, line, length)) {
    case HTTP_LINE_STATUS:
        on_status(request);
        break;
    case HTTP_LINE_END:
        if (!was_complete && !on_headers_complete(request)) {
            return 0;
        }
        break;
    case HTTP_LINE_FIELD:
        break;
    }
    return length;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
    struct http_request *request = data;
    if (buffer_append(&request->body, bytes, size * count)) {
        return size * count;
    }
    fault_set(
        &request->fault, FAULT_LIMIT, "answer is larger than %zu bytes", request->max_bytes);
    return 0;
}

/* Counts what comes over the wire; bodies of redirects, which never reach on_body(), included.
 */
static int on_progress(void *data, curl_off_t expected, curl_off_t received,
    curl_off_t upload_expected, curl_off_t sent)
{
    struct http_request *request = data;
    if (received < request->hop_bytes) {
        request->earlier_bytes += request->hop_bytes;
    }
    request->hop_bytes = received;
    if ((uint64_t)received <= request->max_bytes || request->fault.kind != FAULT_NONE) {
        return 0;
    }
    fault_set(
        &request->fault, FAULT_LIMIT, "answer is larger than %zu bytes", request->max_bytes);
    return 1;
}

bool http_request_has_stalled(struct http_request *request)
{
    int64_t received = request->earlier_bytes + request->hop_bytes;
    int64_t more = received - request->bytes_at_last_look;
    request->bytes_at_last_look = received;
    if (more >= STALL_MIN_BYTES) {
        return false;
    }
    fault_set(&request->fault, FAULT_NETWORK, "answer stalled: %lld bytes in %g s",
        (long long)more, (double)request->stall_timeout_ms / 1000);
    return true;
}

/* --- before ---------------------------------------------------------------------------------
 */

static bool read_url(struct http_request *request, const char *url, struct fault *fault)
{
    char *host;
    if (!http_url_read(url, &host, &request->has_credentials, fault)) {
        return false;
    }
    request->host = copy_text(host);
    curl_free(host);
    return true;
}

static void set_callbacks(struct http_request *request, CURL *easy)
{
    http_setup(easy, CURLOPT_PRIVATE, request);
    http_setup(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    http_setup(easy, CURLOPT_OPENSOCKETDATA, request);
    http_setup(easy, CURLOPT_PREREQFUNCTION, on_before_request);
    http_setup(easy, CURLOPT_PREREQDATA, request);
    http_setup(easy, CURLOPT_HEADERFUNCTION, on_header);
    http_setup(easy, CURLOPT_HEADERDATA, request);
    http_setup(easy, CURLOPT_WRITEFUNCTION, on_body);
    http_setup(easy, CURLOPT_WRITEDATA, request);
    http_setup(easy, CURLOPT_NOPROGRESS, 0L);
    http_setup(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    http_setup(easy, CURLOPT_XFERINFODATA, request);
}

static void copy_limits(struct http_request *request, const struct http_options *options)
{
    assert(
        options->timeout_ms > 0 && options->connect_timeout_ms > 0); /* 0 is "none" to curl */
    request->timeout_ms = options->timeout_ms;
    request->connect_timeout_ms = options->connect_timeout_ms;
    request->stall_timeout_ms = options->stall_timeout_ms > 0 ? options->stall_timeout_ms
                                                              : DEFAULT_STALL_MS;
    request->max_bytes = options->max_bytes;
    request->keep_gzip = options->keep_gzip;
    request->max_redirects = options->max_redirects;
    request->may_follow = options->may_follow;
    request->allowed_count = options->allowed_count;
    request->allowed = calloc(options->allowed_count + 1, sizeof(*request->allowed));
    if (request->allowed == NULL) {
        memory_exhausted();
    }
    if (options->allowed_count > 0) {
        memcpy(request->allowed, options->allowed,
            options->allowed_count * sizeof(*request->allowed));
    }
}

/* The chain of redirects goes on from where the caller let it wait. */
static void continue_chain(struct http_request *request, const struct http_redirect *redirected)
{
    assert(redirected->count <= request->max_redirects);
    request->redirects = redirected->count;
    request->chain_is_permanent = redirected->is_permanent;
    request->has_credentials = redirected->had_credentials;
    if (redirected->permanent_url != NULL) {
        request->permanent_url = copy_text(redirected->permanent_url);
    }
}

struct http_request *http_request_new(const struct http_options *options, struct fault *fault)
{
    struct http_request *request = calloc(1, sizeof(*request));
    if (request == NULL) {
        memory_exhausted();
    }
    copy_limits(request, options);
    buffer_init(&request->body, options->max_bytes);
    request->chain_is_permanent = true;
    if (!read_url(request, options->url, fault) ||
        !http_setup_headers(options, &request->sent_headers, fault)) {
        http_request_free(request);
        return NULL;
    }
    if (options->redirected != NULL) {
        continue_chain(request, options->redirected);
    }
    CURL *easy = request->easy = curl_easy_init();
    if (easy == NULL) {
        memory_exhausted();
    }
    http_setup_easy(easy, options, request->sent_headers);
    set_callbacks(request, easy);
    return request;
}

void http_request_free(struct http_request *request)
{
    if (request == NULL) {
        return;
    }
    curl_slist_free_all(request->sent_headers);
    buffer_release(&request->body);
    free(request->host);
    free(request->allowed);
    free(request->url);
    free(request->permanent_url);
    free(request->redirect_url);
    free(request);
}

bool http_request_needs_retry(struct http_request *request, CURLcode code)
{
    bool nonsense = code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY;
    long new_connections = 0;
    curl_easy_getinfo(request->easy, CURLINFO_NUM_CONNECTS, &new_connections);
    if (!nonsense || new_connections > 0 || request->headers.status != 0 ||
        request->fault.kind != FAULT_NONE || request->retried) {
        return false;
    }
    request->retried = true;
    request->header_bytes = 0;
    request->hop_bytes = 0;
    start_hop(request);
    http_setup(request->easy, CURLOPT_FRESH_CONNECT, 1L);
    return true;
}

/* --- after ----------------------------------------------------------------------------------
 */

static void explain_failure(struct http_request *request, CURLcode code)
{
    struct http_failure failure = {
        .code = code,
        .phase = request->phase,
        .redirect_to = request->headers.location,
        .timeout_ms = request->timeout_ms,
        .connect_timeout_ms = request->connect_timeout_ms,
        .body_bytes = request->hop_bytes,
        .max_bytes = request->max_bytes,
        .max_redirects = request->max_redirects,
    };
    curl_easy_getinfo(request->easy, CURLINFO_OS_ERRNO, &failure.os_error);
    curl_easy_getinfo(request->easy, CURLINFO_SSL_VERIFYRESULT, &failure.verify_result);
    char *host, *port;
    char authority[300];
    http_url_split(request->url, &host, &port);
    failure.host = host != NULL && host[0] != '\0' ? host : request->host;
    snprintf(authority, sizeof(authority), "%s%s%s", failure.host, port != NULL ? ":" : "",
        port != NULL ? port : "");
    failure.authority = authority;
    http_fault_set(&request->fault, &failure);
    curl_free(host);
    curl_free(port);
}

static const char *text_or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

static bool is_gzip(const struct http_headers *headers)
{
    return strcasecmp(headers->content_encoding, "gzip") == 0 ||
        strcasecmp(headers->content_encoding, "x-gzip") == 0;
}

static void fill_response(struct http_request *request)
{
    int64_t now_s = clock_now_utc_s();
    const struct http_headers *headers = &request->headers;
    request->response = (struct http_response){
        .status = headers->status,
        .body = request->body.data,
        .body_length = request->body.length,
        .is_gzip = request->keep_gzip && is_gzip(headers) && headers->status / 100 == 2,
        .url = request->url,
        .permanent_url = request->permanent_url,
        .redirect = {request->redirect_url, request->redirects, request->chain_is_permanent,
            request->permanent_url, request->has_credentials},
        .content_type = text_or_null(headers->content_type),
        .etag = text_or_null(headers->etag),
        .last_modified = text_or_null(headers->last_modified),
        .link = text_or_null(headers->link),
        .retry_after_s = http_headers_retry_after_s(headers, now_s),
        .max_age_s = http_headers_max_age_s(headers, now_s),
        .private_address = request->private_address,
        .wire_bytes = request->earlier_bytes + request->hop_bytes +
            (int64_t)request->header_bytes,
    };
}

/* Curl was told to leave the body alone. What stands on an error page is looked at on the loop,
 * so little of it will do. */
static void undo_encoding(struct http_request *request)
{
    enum { ERROR_PAGE_MAX_BYTES = 256 * 1024 };
    const struct http_headers *headers = &request->headers;
    const char *encoding = headers->content_encoding;
    if (encoding[0] == '\0' || strcasecmp(encoding, "identity") == 0 ||
        request->body.length == 0) {
        return;
    }
    if (!is_gzip(headers)) {
        fault_set(&request->fault, FAULT_NETWORK,
            "answer is packed as '%s', which was not asked for", encoding);
    } else if (headers->status / 100 != 2) {
        size_t length;
        char *body = buffer_take(&request->body, &length);
        struct fault ignored;
        if (inflate_gzip(&body, &length, ERROR_PAGE_MAX_BYTES, &ignored)) {
            buffer_append(&request->body, body, length);
        }
        free(body);
    }
}

void http_request_conclude(struct http_request *request, CURLcode code)
{
    request->url = copy_current_url(request);
    bool as_agreed = code == CURLE_OK || request->redirect_url != NULL;
    if (!as_agreed && request->fault.kind == FAULT_NONE) {
        if (code == CURLE_COULDNT_CONNECT && request->refused && !request->socket_opened) {
            request->fault = request->guard_fault;
        } else {
            explain_failure(request, code);
        }
    }
    if (request->keep_gzip && request->fault.kind == FAULT_NONE) {
        undo_encoding(request);
    }
    if (request->fault.kind != FAULT_NONE) {
        buffer_clear(&request->body);
    }
    fill_response(request);
}

char *http_response_take_body(struct http_response *response, size_t *ret_length)
{
    struct http_request *request = holder_of(response, struct http_request, response);
    response->body = "";
    response->body_length = 0;
    return buffer_take(&request->body, ret_length);
}
