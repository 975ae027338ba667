/* Problem: hundreds of transfers on one thread, none of which may block or outlive its owner.
 *
 * Approach: curl's multi_socket interface. curl tells which sockets it waits for (one uv_poll
 * each) and when it wants to be woken (one uv_timer); we tell it what happened. Requests beyond
 * max_connections wait in our own list and not in curl's, whose time limits run from the moment
 * a handle is added. Everything uv still knows about is freed in its close callback only, so
 * any callback may cancel any request or free the client.
 *
 * Rejected: curl_multi_perform() on a thread of its own (state on two threads); one thread a
 * request (two hundred stacks); an HTTP implementation of ours; a pool of easy handles
 * (connections and names are cached by the multi handle, a new easy handle costs microseconds,
 * and in libcurl 7.88 one that failed in a redirect keeps a receive buffer whose size
 * curl_easy_reset() forgets).
 */
#include "net/http_client.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/log.h"
#include "net/http_request.h"

struct http_client {
    struct loop *loop;
    CURLM *multi;
    uv_timer_t timer; /* curl's */
    size_t max_connections;
    size_t running;
    struct http_request *first, *last; /* all that owe an on_done, oldest first */
    size_t waiting;                    /* of them: in state WAITING */
    bool closing;
};

/* One socket curl waits for. Freed in uv's close callback, maybe after the client. */
struct socket_watch {
    uv_poll_t poll;
    struct http_client *client;
    curl_socket_t socket;
};

static void require_multi(CURLMcode code, const char *what)
{
    if (code != CURLM_OK) {
        log_error("http client: %s failed: %s", what, curl_multi_strerror(code));
        abort();
    }
}

static void require_uv(int result, const char *what)
{
    if (result != 0) {
        log_error("http client: %s failed: %s", what, uv_strerror(result));
        abort();
    }
}

/* --- requests -------------------------------------------------------------------------------
 */

static void append_request(struct http_client *client, struct http_request *request)
{
    request->previous = client->last;
    *(client->last != NULL ? &client->last->next : &client->first) = request;
    client->last = request;
}

static void remove_request(struct http_client *client, struct http_request *request)
{
    *(request->previous != NULL ? &request->previous->next : &client->first) = request->next;
    *(request->next != NULL ? &request->next->previous : &client->last) = request->previous;
    request->previous = request->next = NULL;
}

/* Out of curl's hands. The transfer's connection is closed unless it is fit for reuse. */
static void detach(struct http_request *request)
{
    struct http_client *client = request->client;
    if (request->state == HTTP_STATE_RUNNING) {
        require_multi(curl_multi_remove_handle(client->multi, request->easy), "remove_handle");
        client->running--;
    } else if (request->state == HTTP_STATE_WAITING) {
        client->waiting--;
    }
    if (request->easy != NULL) {
        curl_easy_cleanup(request->easy);
        request->easy = NULL;
    }
}

static void on_request_closed(uv_handle_t *timer)
{
    http_request_free(timer->data);
}

/* The one place that calls on_done. The client may be gone, or closing, when it returns. */
static void deliver(struct http_request *request)
{
    remove_request(request->client, request);
    request->state = HTTP_STATE_DONE;
    bool failed = request->fault.kind != FAULT_NONE;
    request->on_done(request->data, &request->response, failed ? &request->fault : NULL);
    uv_close((uv_handle_t *)&request->timer, on_request_closed);
}

static void start_waiting(struct http_client *client)
{
    struct http_request *request = client->first;
    while (client->waiting > 0 && client->running < client->max_connections) {
        if (request->state == HTTP_STATE_WAITING) {
            request->state = HTTP_STATE_RUNNING;
            client->waiting--;
            client->running++;
            require_multi(curl_multi_add_handle(client->multi, request->easy), "add_handle");
        }
        request = request->next;
    }
}

static void finish(struct http_request *request, CURLcode code)
{
    http_request_conclude(request, code);
    detach(request);
    deliver(request);
}

static void run_again(struct http_request *request)
{
    CURLM *multi = request->client->multi;
    require_multi(curl_multi_remove_handle(multi, request->easy), "remove_handle");
    require_multi(curl_multi_add_handle(multi, request->easy), "add_handle");
}

/* Also what a transfer's end leaves to others: the connection that became free. */
static void finish_completed(struct http_client *client)
{
    CURLMsg *message;
    int left;
    while (!client->closing && (message = curl_multi_info_read(client->multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            struct http_request *request = NULL;
            CURLcode code =
                message->data.result; /* the message dies with the handle's removal */
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &request);
            if (http_request_needs_retry(request, code)) {
                run_again(request);
            } else {
                finish(request, code);
            }
        }
    }
    if (!client->closing) {
        start_waiting(client);
    }
}

static void on_request_timer(uv_timer_t *timer)
{
    struct http_request *request = timer->data;
    struct http_client *client = request->client;
    loop_enter(client->loop, "http client: request timer");
    if (request->state == HTTP_STATE_CANCELLED) {
        deliver(request);
    } else if (http_request_has_stalled(request)) {
        finish(request, CURLE_OPERATION_TIMEDOUT);
        finish_completed(client);
    }
}

static void give_up(struct http_request *request)
{
    fault_set(&request->fault, FAULT_CANCELLED, "request to %s was cancelled", request->host);
    http_request_conclude(request, CURLE_ABORTED_BY_CALLBACK);
    detach(request);
    request->state = HTTP_STATE_CANCELLED;
}

bool http_get(struct http_client *client, const struct http_options *options,
    http_done_fn *on_done, void *data, struct http_request **ret_request, struct fault *fault)
{
    assert_loop_thread(client->loop);
    assert(!client->closing);
    struct http_request *request = http_request_new(options, fault);
    if (request == NULL) {
        return false;
    }
    request->client = client;
    request->on_done = on_done;
    request->data = data;
    require_uv(uv_timer_init(loop_uv(client->loop), &request->timer), "uv_timer_init");
    request->timer.data = request;
    request->on_timer = on_request_timer;
    append_request(client, request);
    client->waiting++;
    start_waiting(client);
    if (ret_request != NULL) {
        *ret_request = request;
    }
    return true;
}

void http_cancel(struct http_request *request)
{
    struct http_client *client = request->client;
    assert_loop_thread(client->loop);
    if (request->state >= HTTP_STATE_CANCELLED) {
        return;
    }
    give_up(request);
    uv_timer_start(&request->timer, on_request_timer, 0, 0);
    start_waiting(client);
}

/* --- curl and uv ----------------------------------------------------------------------------
 */

static void on_watch_closed(uv_handle_t *poll)
{
    free(poll->data);
}

static void on_socket_event(uv_poll_t *poll, int status, int events)
{
    struct socket_watch *watch = poll->data;
    struct http_client *client = watch->client;
    if (loop_is_late(client->loop)) {
        return; /* the socket stays ready: uv tells it again on the next turn */
    }
    loop_enter(client->loop, "http client: socket");
    int flags = status < 0 ? CURL_CSELECT_ERR : 0;
    flags |= events & UV_READABLE ? CURL_CSELECT_IN : 0;
    flags |= events & UV_WRITABLE ? CURL_CSELECT_OUT : 0;
    int running;
    require_multi(curl_multi_socket_action(client->multi, watch->socket, flags, &running),
        "socket_action");
    finish_completed(client);
}

static void on_curl_timer(uv_timer_t *timer)
{
    struct http_client *client = timer->data;
    loop_enter(client->loop, "http client: timer");
    int running;
    require_multi(curl_multi_socket_action(client->multi, CURL_SOCKET_TIMEOUT, 0, &running),
        "socket_action");
    finish_completed(client);
}

static struct socket_watch *watch_new(struct http_client *client, curl_socket_t fd)
{
    struct socket_watch *watch = calloc(1, sizeof(*watch));
    if (watch == NULL) {
        abort();
    }
    watch->client = client;
    watch->socket = fd;
    require_uv(uv_poll_init_socket(loop_uv(client->loop), &watch->poll, fd), "uv_poll_init");
    watch->poll.data = watch;
    require_multi(curl_multi_assign(client->multi, fd, watch), "assign");
    return watch;
}

/* curl closes a socket only after it has said REMOVE; uv must have forgotten it by then. */
static int on_want_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *assigned)
{
    struct socket_watch *watch = assigned;
    if (what == CURL_POLL_REMOVE) {
        if (watch != NULL) {
            uv_close((uv_handle_t *)&watch->poll, on_watch_closed);
        }
        return 0;
    }
    if (watch == NULL) {
        watch = watch_new(data, fd);
    }
    int events = (what & CURL_POLL_IN ? UV_READABLE : 0) |
        (what & CURL_POLL_OUT ? UV_WRITABLE : 0);
    require_uv(uv_poll_start(&watch->poll, events, on_socket_event), "uv_poll_start");
    return 0;
}

/* curl forbids calling it back from here: 0 ms also goes through the timer. */
static int on_want_timer(CURLM *multi, long timeout_ms, void *data)
{
    struct http_client *client = data;
    if (timeout_ms < 0) {
        uv_timer_stop(&client->timer);
    } else {
        uv_timer_start(&client->timer, on_curl_timer, (uint64_t)timeout_ms, 0);
    }
    return 0;
}

static void init_curl(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        log_error("http client: curl_global_init failed");
        abort();
    }
}

struct http_client *http_client_new(struct loop *loop, size_t max_connections)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_curl);
    struct http_client *client = calloc(1, sizeof(*client));
    if (client == NULL || (client->multi = curl_multi_init()) == NULL) {
        abort();
    }
    client->loop = loop;
    client->max_connections = max_connections > 0 ? max_connections : 1;
    require_uv(uv_timer_init(loop_uv(loop), &client->timer), "uv_timer_init");
    client->timer.data = client;
    CURLM *multi = client->multi;
    require_multi(curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_want_socket), "setopt");
    require_multi(curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, client), "setopt");
    require_multi(curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_want_timer), "setopt");
    require_multi(curl_multi_setopt(multi, CURLMOPT_TIMERDATA, client), "setopt");
    /* curl counts connections in use as well: with fewer than can run none would be kept. Those
     * whose host is not asked again soon are closed by http_options.last_of_host. */
    require_multi(curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)client->max_connections),
        "setopt");
    return client;
}

static void on_client_closed(uv_handle_t *timer)
{
    free(timer->data);
}

void http_client_free(struct http_client *client)
{
    if (client == NULL) {
        return;
    }
    assert_loop_thread(client->loop);
    assert(!client->closing);
    client->closing = true;
    while (client->first != NULL) {
        struct http_request *request = client->first;
        if (request->state != HTTP_STATE_CANCELLED) {
            give_up(request);
        }
        deliver(request);
    }
    curl_multi_cleanup(client->multi);
    uv_close((uv_handle_t *)&client->timer, on_client_closed);
}
