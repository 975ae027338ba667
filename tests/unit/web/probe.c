/* The socket of a connection blocks with SO_RCVTIMEO, so a server that does not answer fails
 * the test after ten seconds instead of hanging it. */
#include "probe.h"

#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

enum { DEADLINE_S = 10, REPLY_MAX = 64 << 20 };

struct probe {
    pthread_t thread;
    struct loop *loop;
    struct server *server;
    struct fault fault;
    int port;
    uv_async_t wake;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool ready, ended;
    void (*call)(struct server *server, void *data);
    void *data;
    bool quit;
};

static void on_wake(uv_async_t *wake)
{
    struct probe *probe = wake->data;
    pthread_mutex_lock(&probe->mutex);
    if (probe->call != NULL) {
        probe->call(probe->server, probe->data);
        probe->call = NULL;
    }
    if (probe->quit) {
        server_stop(probe->server);
        probe->server = NULL;
        uv_close((uv_handle_t *)wake, NULL);
    }
    pthread_cond_broadcast(&probe->changed);
    pthread_mutex_unlock(&probe->mutex);
}

static void *loop_main(void *data)
{
    struct probe *probe = data;
    probe->loop = loop_new();
    bool started = server_start(
        probe->loop, "127.0.0.1:0", false, &probe->server, &probe->fault);
    uv_async_init(loop_uv(probe->loop), &probe->wake, on_wake);
    probe->wake.data = probe;
    pthread_mutex_lock(&probe->mutex);
    probe->port = started ? server_port(probe->server) : 0;
    probe->ready = true;
    pthread_cond_broadcast(&probe->changed);
    pthread_mutex_unlock(&probe->mutex);
    loop_run(probe->loop);
    loop_free(probe->loop);
    pthread_mutex_lock(&probe->mutex);
    probe->ended = true;
    pthread_cond_broadcast(&probe->changed);
    pthread_mutex_unlock(&probe->mutex);
    return NULL;
}

static void wait_until(struct probe *probe, const bool *flag)
{
    struct timespec deadline;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += DEADLINE_S;
    pthread_mutex_lock(&probe->mutex);
    int failed = 0;
    while (!*flag && failed == 0) {
        failed = pthread_cond_timedwait(&probe->changed, &probe->mutex, &deadline);
    }
    pthread_mutex_unlock(&probe->mutex);
    assert_int_equal(failed, 0);
}

struct probe *probe_start(void)
{
    struct probe *probe = calloc(1, sizeof(*probe));
    assert_non_null(probe);
    pthread_mutex_init(&probe->mutex, NULL);
    pthread_cond_init(&probe->changed, NULL);
    assert_int_equal(pthread_create(&probe->thread, NULL, loop_main, probe), 0);
    wait_until(probe, &probe->ready);
    assert_int_not_equal(probe->port, 0);
    return probe;
}

void probe_stop(struct probe *probe)
{
    pthread_mutex_lock(&probe->mutex);
    probe->quit = true;
    uv_async_send(&probe->wake);
    pthread_mutex_unlock(&probe->mutex);
    wait_until(probe, &probe->ended);
    pthread_join(probe->thread, NULL);
    pthread_mutex_destroy(&probe->mutex);
    pthread_cond_destroy(&probe->changed);
    free(probe);
}

struct loop *probe_loop(const struct probe *probe)
{
    return probe->loop;
}

int probe_port(const struct probe *probe)
{
    return probe->port;
}

void probe_on_loop(struct probe *probe, void (*call)(struct server *, void *), void *data)
{
    pthread_mutex_lock(&probe->mutex);
    probe->call = call;
    probe->data = data;
    uv_async_send(&probe->wake);
    while (probe->call != NULL) {
        pthread_cond_wait(&probe->changed, &probe->mutex);
    }
    pthread_mutex_unlock(&probe->mutex);
}

static void publish(struct server *server, void *snapshot)
{
    server_publish(server, snapshot);
}

void probe_publish(struct probe *probe, struct snapshot *snapshot)
{
    probe_on_loop(probe, publish, snapshot);
}

static void stop(struct server *server, void *data)
{
    server_stop(server);
    ((struct probe *)data)->server = NULL;
}

void probe_stop_server(struct probe *probe)
{
    probe_on_loop(probe, stop, probe);
}

int probe_connect(const struct probe *probe)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    struct timeval deadline = {.tv_sec = DEADLINE_S};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof(deadline));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof(deadline));
    struct sockaddr_in address = {.sin_family = AF_INET,
        .sin_port = htons((uint16_t)probe->port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

void probe_send(int connection, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(connection, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) {
            return; /* the server may refuse the rest; its reply tells */
        }
        bytes += sent;
        length -= (size_t)sent;
    }
}

/* One byte at a time up to the blank line, so that a pipelined reply behind it stays unread. */
static bool read_head(int connection, struct buffer *head)
{
    char byte;
    errno = 0;
    while (head->length < 4 || memcmp(head->data + head->length - 4, "\r\n\r\n", 4) != 0) {
        if (recv(connection, &byte, 1, 0) != 1) {
            assert_int_not_equal(errno, EAGAIN); /* a close is an answer, silence is not */
            return false;
        }
        assert_true(buffer_putc(head, byte));
    }
    return true;
}

struct reply probe_read(int connection, bool head_only)
{
    struct reply reply = {0};
    struct buffer head, body;
    buffer_init(&head, 65536);
    buffer_init(&body, REPLY_MAX);
    reply.closed = !read_head(connection, &head);
    if (!reply.closed) {
        reply.status = atoi(head.data + strlen("HTTP/1.1 "));
    }
    reply.head = buffer_take(&head, NULL);
    const char *declared = reply_header(&reply, "Content-Length");
    size_t expected = head_only || declared == NULL || reply.status == 304 ||
            reply.status == 204
        ? 0
        : strtoul(declared, NULL, 10);
    char chunk[65536];
    while (body.length < expected && !reply.closed) {
        size_t want = expected - body.length;
        ssize_t got = recv(connection, chunk, want < sizeof(chunk) ? want : sizeof(chunk), 0);
        if (got <= 0) {
            reply.closed = true;
        } else {
            buffer_append(&body, chunk, (size_t)got);
        }
    }
    reply.body = buffer_take(&body, &reply.length);
    buffer_release(&head);
    buffer_release(&body);
    return reply;
}

void reply_release(struct reply *reply)
{
    free(reply->head);
    free(reply->body);
    *reply = (struct reply){0};
}

struct reply probe_ask(
    const struct probe *probe, const char *method, const char *target, const char *headers)
{
    struct buffer request;
    buffer_init(&request, 1 << 20);
    buffer_printf(&request, "%s %s HTTP/1.1\r\n%sConnection: close\r\n%s\r\n", method, target,
        strcasestr(headers, "host:") == NULL ? "Host: localhost\r\n" : "", headers);
    int connection = probe_connect(probe);
    probe_send(connection, request.data, request.length);
    struct reply reply = probe_read(connection, strcmp(method, "HEAD") == 0);
    char rest;
    if (!reply.closed) { /* Connection: close, and not a byte more than declared */
        assert_int_equal(recv(connection, &rest, 1, 0), 0);
    }
    close(connection);
    buffer_release(&request);
    return reply;
}

static const char *find_header(const char *from, const char *name)
{
    for (const char *line = strstr(from, "\r\n"); line != NULL; line = strstr(line, "\r\n")) {
        line += 2;
        size_t length = strlen(name);
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            return line + length + 1 + strspn(line + length + 1, " ");
        }
    }
    return NULL;
}

const char *reply_header(const struct reply *reply, const char *name)
{
    static char value[1024];
    const char *at = find_header(reply->head, name);
    if (at == NULL) {
        return NULL;
    }
    snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, "\r"), at);
    return value;
}

size_t reply_header_count(const struct reply *reply, const char *name)
{
    size_t count = 0;
    for (const char *at = find_header(reply->head, name); at != NULL; count++) {
        at = find_header(at, name);
    }
    return count;
}

struct snapshot *probe_snapshot(size_t bytes)
{
    static const char *const begins[SNAPSHOT_COUNT] = {
        "<!doctype html><head><style>p{color:red}</style></head><p>page", "# markdown ",
        "<!doctype html><head></head><p>html", "{\"draft\":\"", "text ", "X-Unsent: 1\n",
        "<!doctype html><head></head><p>wechat", "{\"feeds\":\"", "<opml/>"};
    struct snapshot *snapshot = snapshot_new(1600000000);
    snapshot->totals = (struct store_totals){.feeds = 3, .items = 20, .sightings = 25};
    struct buffer text;
    buffer_init(&text, bytes + 1024);
    for (int i = 0; i < SNAPSHOT_COUNT; i++) {
        buffer_clear(&text);
        buffer_puts(&text, begins[i]);
        /* Some noise so that gzip has work, then what compresses fast. */
        unsigned n = (unsigned)i;
        for (; text.length < bytes && text.length < 20000; n = n * 1664525u + 1013904223u) {
            buffer_printf(&text, "%x ", n >> 16);
        }
        while (text.length < bytes) {
            buffer_puts(
                &text, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx ");
        }
        buffer_puts(&text, begins[i][0] == '{' ? "\"}" : "\n");
        snapshot_add(snapshot, (enum snapshot_document)i, text.data, text.length);
    }
    buffer_release(&text);
    return snapshot;
}

void reply_assert_header(const struct reply *reply, const char *name, const char *value)
{
    const char *found = reply_header(reply, name);
    if (found == NULL || strcmp(found, value) != 0) {
        fail_msg("%s is '%s', not '%s', in\n%s", name, found, value, reply->head);
    }
    assert_int_equal(reply_header_count(reply, name), 1);
}

void reply_assert_problem(const struct reply *reply, int status, const char *instance)
{
    if (reply->status != status) {
        fail_msg("%d instead of %d for '%s'", reply->status, status, instance);
    }
    reply_assert_header(reply, "Content-Type", "application/problem+json");
    reply_assert_header(reply, "X-Content-Type-Options", "nosniff");
    json_t *problem = json_loads(reply->body, 0, NULL);
    assert_non_null(problem);
    assert_string_equal(json_string_value(json_object_get(problem, "type")), "about:blank");
    assert_true(json_string_length(json_object_get(problem, "title")) > 3);
    assert_int_equal(json_integer_value(json_object_get(problem, "status")), status);
    assert_true(json_string_length(json_object_get(problem, "detail")) > 10);
    assert_string_equal(json_string_value(json_object_get(problem, "instance")), instance);
    json_decref(problem);
}
