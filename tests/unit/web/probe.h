/* A server on a loop of its own thread, and a client that speaks raw HTTP to it.
 *
 * The loop runs on a second thread, so that a test is straight-line code with blocking sockets,
 * each with a deadline. Whatever touches the server runs on its loop through probe_on_loop().
 */
#ifndef TESTS_WEB_PROBE_H
#define TESTS_WEB_PROBE_H

#include <stdbool.h>
#include <stddef.h>

#include "web/server/server.h"

struct probe;

/* Start a server on 127.0.0.1, port 0. */
struct probe *probe_start(void);
/* Stop the server and join; fails the test when the loop does not end by itself. */
void probe_stop(struct probe *probe);
int probe_port(const struct probe *probe);
/* Its loop, for what is made on it by probe_on_loop(). */
struct loop *probe_loop(const struct probe *probe);

/* Run `call(server, data)` on the loop's thread and wait for it. */
void probe_on_loop(
    struct probe *probe, void (*call)(struct server *server, void *data), void *data);
void probe_publish(struct probe *probe, struct snapshot *snapshot);
/* server_stop() now; probe_stop() is still needed. */
void probe_stop_server(struct probe *probe);

struct reply {
    int status;
    char *head; /* status line and headers */
    char *body;
    size_t length;
    bool closed; /* the server closed the connection before a whole reply came */
};

/* A connection with a 10 s deadline on each read and write. */
int probe_connect(const struct probe *probe);
void probe_send(int connection, const char *bytes, size_t length);
/* The next reply; `head_only` after HEAD. Caller frees with reply_release(). */
struct reply probe_read(int connection, bool head_only);
void reply_release(struct reply *reply);

/* One request on a connection of its own. `headers` are lines each ending in \r\n, or "". A
 * Host header is added unless `headers` has one. */
struct reply probe_ask(
    const struct probe *probe, const char *method, const char *target, const char *headers);

/* A header's value, or NULL; owned by the reply until the next call. */
const char *reply_header(const struct reply *reply, const char *name);
size_t reply_header_count(const struct reply *reply, const char *name);

/* The header stands in the reply once, with this value. */
void reply_assert_header(const struct reply *reply, const char *name, const char *value);

/* The reply is a problem of RFC 9457 with this status, about `instance`. */
void reply_assert_problem(const struct reply *reply, int status, const char *instance);

/* A snapshot whose documents are the texts "page", "markdown" … of about `bytes` bytes each,
 * the page with a <style>. */
struct snapshot *probe_snapshot(size_t bytes);

#endif
