/* libmicrohttpd without threads on the uv loop.
 *
 * libmicrohttpd keeps all its descriptors in one epoll descriptor. That descriptor becomes
 * readable when any of them is ready, so one uv_poll watches it and calls MHD_run(), which does
 * what can be done without waiting. After each run MHD_get_timeout() says when it wants to run
 * again without an event: at once when it left work over, later to close idle connections; a
 * uv_timer does that. The contract (microhttpd.h, MHD_get_timeout): waiting longer than it says
 * hangs connections, so the timer is set anew after every run and at start.
 *
 * A client cannot keep the loop busy or the memory growing: sockets are non-blocking, a
 * connection has a fixed memory pool, a number limit and an idle limit.
 *
 * Rejected: libmicrohttpd's own thread (a second owner of the snapshot pointer), and MHD_run()
 * from a uv_prepare (it would run on every turn of the loop, though feeds cause nearly all of
 * them).
 */
#include "web/server/server.h"

#include <assert.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "web/server/listen.h"
#include "web/server/peer.h"
#include "web/server/request.h"
#include "web/server/respond.h"
#include "web/server/routes.h"
#include "web/server/endpoint.h"
#include "web/server/front.h"
#include "web/server/traffic.h"
#include "web/server/visitors.h"
#include "web/server/vitals.h"

enum {
    IDLE_TIMEOUT_S = 30,
    POOL_BYTES = 32 * 1024, /* request line and headers; more is answered with 414 or 431 */
    CONNECTIONS_MAX = 4096,
    OTHER_DESCRIPTORS = 96,
};

static const struct request_refusal not_yet = {
    503, "Nobody can log in yet; try again in a moment."};

struct server {
    /* loop thread only */
    struct loop *loop;
    struct MHD_Daemon *daemon;
    struct snapshot *snapshot;   /* NULL before the first one */
    struct endpoint_doors doors; /* empty: changes are not taken */
    struct request_list suspended;
    bool again; /* MHD_run() wants to run once more, which MHD_get_timeout() does not know */
    struct front front;
    bool guarded, loopback;
    int port;
    char address[LISTEN_TEXT_BYTES];
    uv_poll_t poll;
    uv_timer_t timer;

    struct traffic traffic;
    struct visitors visitors;
    size_t requests; /* under way */
    bool draining;
    void (*on_quiet)(void *data); /* NULL: nobody waits for it */
    void *on_quiet_data;
    uv_timer_t quiet_timer;
    int handles_open; /* uv handles not closed yet; freed with the last one */
};

/* ---- libmicrohttpd's callbacks: always inside MHD_run() or MHD_stop_daemon() ---- */

static void on_resumed(void *data);

static struct visitor *visitor_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
        ->socket_context;
}

/* The context of a connection is its visitor. */
static void on_connection(void *data, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode code)
{
    struct server *server = data;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info(
            connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        *context = visitors_add(&server->visitors, info->connect_fd);
    } else {
        visitors_remove(&server->visitors, *context);
        /* At its limit libmicrohttpd accepts again from the next run on, and asks for none. */
        server->again = true;
    }
}

static void count_request(struct server *server, struct MHD_Connection *connection)
{
    visitors_note_asked(&server->visitors, visitor_of(connection));
    server->requests++;
}

static void *on_target(void *data, const char *target, struct MHD_Connection *connection)
{
    struct request *request = request_new(target);
    struct server *server = data;
    count_request(server, connection);
    request->last = &server->draining;
    request->front = &server->front;
    request->began_ns = clock_monotonic_ns();
    request->connection = connection;
    request->suspended_list = &server->suspended;
    request->on_resumed = on_resumed;
    request->access = server->doors.access;
    request->on_resumed_data = server;
    return request;
}

/* A stream of events lasts as long as its page is open, which is no time an answer took. */
static void count_answer(
    struct server *server, struct MHD_Connection *connection, const struct request *request)
{
    const union MHD_ConnectionInfo *status = MHD_get_connection_info(
        connection, MHD_CONNECTION_INFO_HTTP_STATUS);
    traffic_add(&server->traffic, routes_pattern(request->path),
        request_method_name(request->method), status == NULL ? 0 : status->http_status);
    if (log_is_shown(LOG_LEVEL_DEBUG)) {
        char client[INET6_ADDRSTRLEN];
        log_debug("http: %s %s: %u, for %s over %s", request_method_name(request->method),
            request->path, status == NULL ? 0 : status->http_status,
            peer_address(request, client), peer_is_secure(request) ? "TLS" : "plain TCP");
    }
    if (request->listener == NULL) {
        histogram_add(
            &server->traffic.times_us, (clock_monotonic_ns() - request->began_ns) / 1000);
    }
}

static void on_completed(void *data, struct MHD_Connection *connection, void **request,
    enum MHD_RequestTerminationCode code)
{
    struct server *server = data;
    server->requests--;
    visitors_note_answered(&server->visitors, visitor_of(connection));
    count_answer(server, connection, *request);
    request_free(*request);
    *request = NULL;
}

static enum MHD_Result refuse(
    const struct request *request, const struct request_refusal *refusal)
{
    return respond_problem(
        request, refusal->status, refusal->detail, MHD_HTTP_HEADER_CONNECTION, "close");
}

static struct vitals read_vitals(const struct server *server)
{
    return (struct vitals){.loop = server->loop,
        .poller = server->doors.poller,
        .writer = server->doors.writer,
        .caretaker = server->doors.caretaker,
        .events = server->doors.events,
        .snapshot = server->snapshot,
        .traffic = &server->traffic,
        .connections = server->visitors.count,
        .stopping = server->draining,
        .now_utc_s = clock_now_utc_s()};
}

/* Runs once when the headers are there, once for each piece of a body, and at the end, when the
 * answer is given: once more when the answer took a while. */
static enum MHD_Result on_request(void *data, struct MHD_Connection *connection,
    const char *path, const char *method, const char *version, const char *upload,
    size_t *upload_bytes, void **request_data)
{
    struct server *server = data;
    struct request *request = *request_data;
    if (!request->started) {
        request->started = true;
        const struct request_refusal *refusal = server->guarded && request->access == NULL
            ? &not_yet
            : request_check(request, method);
        if (refusal == NULL) {
            refusal = routes_check(request);
        }
        return refusal == NULL ? MHD_YES : refuse(request, refusal);
    }
    if (*upload_bytes > 0) {
        size_t length = *upload_bytes;
        *upload_bytes = 0;
        /* A chunked body shows its size only on the way; no answer can be queued there. */
        return request_add_body(request, upload, length) ? MHD_YES : MHD_NO;
    }
    visitors_note_served(&server->visitors, visitor_of(connection));
    struct vitals vitals = read_vitals(server);
    return routes_answer(request, server->snapshot, &server->doors, &vitals);
}

printf_like(2, 0) static void on_log(void *data, const char *format, va_list values)
{
    char line[256];
    int length = vsnprintf(line, sizeof(line), format, values);
    if (length > 0) {
        line[strcspn(line, "\n")] = '\0';
        log_debug("http: %s", line);
    }
}

/* ---- the loop ---- */

static void run_daemon(struct server *server);

static void on_quiet(uv_timer_t *timer)
{
    struct server *server = timer->data;
    void (*tell)(void *data) = server->on_quiet;
    server->on_quiet = NULL;
    if (tell != NULL) {
        tell(server->on_quiet_data);
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct server *server = timer->data;
    loop_enter(server->loop, "http timeout");
    run_daemon(server);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct server *server = poll->data;
    loop_enter(server->loop, "http request");
    run_daemon(server);
}

/* A resumed connection shows in no descriptor when libmicrohttpd has no thread of its own, and
 * not in MHD_get_timeout() before the next run (0.9.75): it waits for somebody else's request.
 */
static void on_resumed(void *data)
{
    struct server *server = data;
    server->again = true;
    uv_timer_start(&server->timer, on_timer, 0, 0);
}

static void arm_timer(struct server *server)
{
    MHD_UNSIGNED_LONG_LONG timeout_ms;
    if (server->again) {
        uv_timer_start(&server->timer, on_timer, 0, 0);
    } else if (MHD_get_timeout(server->daemon, &timeout_ms) == MHD_YES) {
        uv_timer_start(&server->timer, on_timer, timeout_ms, 0);
    } else {
        uv_timer_stop(&server->timer);
    }
}

static void run_daemon(struct server *server)
{
    server->again = false;
    if (MHD_run(server->daemon) != MHD_YES) {
        log_error("http: the server cannot wait for its connections");
    }
    arm_timer(server);
    if (server->draining && server->visitors.unasked + server->requests == 0) {
        uv_timer_start(&server->quiet_timer, on_quiet, 0, 0);
    }
}

/* Half of the descriptors the process may have: the rest is for feeds and the database, which
 * need some in any case. */
static unsigned connection_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur / 2 > CONNECTIONS_MAX) {
        return CONNECTIONS_MAX;
    }
    rlim_t left = limit.rlim_cur > OTHER_DESCRIPTORS ? limit.rlim_cur - OTHER_DESCRIPTORS : 1;
    return (unsigned)(left < limit.rlim_cur / 2 ? left : limit.rlim_cur / 2);
}

static struct MHD_Daemon *start_daemon(struct server *server, int listen_socket)
{
    return MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME, 0,
        NULL, NULL, on_request, server, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL,
        MHD_OPTION_LISTEN_SOCKET, listen_socket, MHD_OPTION_CONNECTION_LIMIT,
        connection_limit(), MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_TIMEOUT_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, server, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
        MHD_OPTION_END);
}

static bool start_watching(struct server *server)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(
        server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    uv_loop_t *loop = loop_uv(server->loop);
    if (info == NULL || uv_poll_init(loop, &server->poll, info->epoll_fd) != 0) {
        return false;
    }
    uv_timer_init(loop, &server->timer);
    uv_timer_init(loop, &server->quiet_timer);
    server->poll.data = server->timer.data = server->quiet_timer.data = server;
    server->handles_open = 3;
    uv_poll_start(&server->poll, UV_READABLE, on_readable);
    arm_timer(server);
    return true;
}

bool server_start_on(struct loop *loop, int listen_socket, bool guarded,
    struct server **ret_server, struct fault *fault)
{
    assert_loop_thread(loop);
    if (!listen_check(listen_socket, guarded, fault)) {
        return false;
    }
    struct server *server = calloc(1, sizeof(*server));
    if (server == NULL) {
        abort();
    }
    server->loop = loop;
    server->guarded = guarded;
    server->loopback = listen_is_loopback(listen_socket);
    server->port = listen_port(listen_socket);
    listen_format(listen_socket, server->address);
    visitors_init(&server->visitors, connection_limit());
    server->daemon = start_daemon(server, listen_socket);
    if (server->daemon == NULL) {
        free(server);
        return fault_set(fault, FAULT_CONFIG, "cannot start the HTTP server on port %d",
            listen_port(listen_socket));
    }
    if (!start_watching(server)) {
        MHD_quiesce_daemon(server->daemon); /* the socket is still the caller's */
        MHD_stop_daemon(server->daemon);
        free(server);
        return fault_set(fault, FAULT_CONFIG, "cannot watch the HTTP server's connections");
    }
    *ret_server = server;
    return true;
}

bool server_start(struct loop *loop, const char *listen, bool guarded,
    struct server **ret_server, struct fault *fault)
{
    int listen_socket;
    if (!listen_open(listen, guarded, &listen_socket, fault)) {
        return false;
    }
    if (!server_start_on(loop, listen_socket, guarded, ret_server, fault)) {
        close(listen_socket);
        return false;
    }
    return true;
}

static void on_closed(uv_handle_t *handle)
{
    struct server *server = handle->data;
    if (--server->handles_open == 0) {
        front_release(&server->front);
        free(server);
    }
}

void server_drain(
    struct server *server, uint64_t patience_ms, void (*tell)(void *data), void *data)
{
    assert_loop_thread(server->loop);
    server->on_quiet = tell;
    server->on_quiet_data = data;
    server->draining = true;
    /* Before anything else: libmicrohttpd would shut the socket down for all who hold it. */
    MHD_socket listening = MHD_quiesce_daemon(server->daemon);
    if (listening != MHD_INVALID_SOCKET) {
        close(listening);
    }
    bool quiet = server->visitors.unasked + server->requests == 0;
    uv_timer_start(&server->quiet_timer, on_quiet, quiet ? 0 : patience_ms, 0);
}

void server_stop(struct server *server)
{
    if (server == NULL) {
        return;
    }
    assert_loop_thread(server->loop);
    /* uv must forget the epoll descriptor before libmicrohttpd closes it. */
    uv_close((uv_handle_t *)&server->poll, on_closed);
    uv_close((uv_handle_t *)&server->timer, on_closed);
    uv_close((uv_handle_t *)&server->quiet_timer, on_closed);
    for (struct request *request; (request = LIST_FIRST(&server->suspended)) != NULL;) {
        request_resume(request);
    }
    MHD_stop_daemon(server->daemon);
    snapshot_unref(server->snapshot);
    server->daemon = NULL;
    server->snapshot = NULL;
}

bool server_is_loopback(const struct server *server)
{
    return server->loopback;
}

int server_port(const struct server *server)
{
    return server->port;
}

const char *server_address(const struct server *server)
{
    return server->address;
}

void server_configure(struct server *server, const struct config_server *config)
{
    assert_loop_thread(server->loop);
    front_configure(&server->front, config);
}

void server_take_calls(struct server *server, const struct endpoint_doors *doors)
{
    assert_loop_thread(server->loop);
    server->doors = *doors;
}

void server_publish(struct server *server, struct snapshot *snapshot)
{
    assert_loop_thread(server->loop);
    snapshot_unref(server->snapshot);
    server->snapshot = snapshot;
}
