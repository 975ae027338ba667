/* HTTP: the draft and the API, by libmicrohttpd on the uv loop.
 *
 * libmicrohttpd runs in external-epoll mode: its epoll descriptor sits in a uv_poll, its
 * timeout in a uv_timer, so a request handler runs on the loop thread and must not wait for
 * anything. What is served comes from a struct snapshot (web/server/snapshot.h), which a worker
 * renders; serving touches no database. Errors are RFC 9457 problem+json.
 */
#ifndef WEB_SERVER_SERVER_H
#define WEB_SERVER_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/fault.h"
#include "net/loop.h"
#include "web/server/endpoint.h"
#include "web/server/snapshot.h"

struct server;

/* Bind `listen` ("127.0.0.1:8080", "[::1]:0") and serve. Fails with FAULT_CONFIG and one
 * sentence (port in use, not an address; unless `guarded`, also an address that others reach).
 * A guarded server answers nobody before it has been given an access (server_take_calls()).
 * Until the first server_publish() every document answers 503 with
 * Retry-After. */
must_check bool server_start(struct loop *loop, const char *listen, bool guarded,
    struct server **ret_server, struct fault *fault);

/* The same on a socket that already listens, such as systemd's. The server takes it over when
 * this succeeds. */
must_check bool server_start_on(struct loop *loop, int listen_socket, bool guarded,
    struct server **ret_server, struct fault *fault);

/* Accept nothing more, and have every connection that was accepted answered: a request under
 * way, and the first request of a connection that has sent none yet. `on_quiet` runs once, on a
 * later turn of the loop, when that is done or `patience_ms` are over; server_stop() is for it
 * to call. A socket that another process holds too keeps those who wait in its queue. */
void server_drain(
    struct server *server, uint64_t patience_ms, void (*on_quiet)(void *data), void *data);

/* Stop listening, close every connection at once (a response under way is cut), free on a later
 * turn of the loop, which must therefore run on. NULL is harmless. */
void server_stop(struct server *server);

/* Whether only this machine reaches it. */
bool server_is_loopback(const struct server *server);

/* The port it is bound to, for `listen` with port 0. */
int server_port(const struct server *server);

/* The address and port it is bound to as they stand in a URL: "127.0.0.1:8080", "[::1]:8080".
 * Borrowed until server_stop(). */
const char *server_address(const struct server *server);

/* What stands in front of it, at start and at every reload. */
void server_configure(struct server *server, const struct config_server *config);

/* Take calls of the API from now on and give them to these, which are borrowed and must outlive
 * the server; stop the adder and the readers first. Before, they are answered with 503. */
void server_take_calls(struct server *server, const struct endpoint_doors *doors);

/* Serve `snapshot` from now on; the server takes over the caller's reference. */
void server_publish(struct server *server, struct snapshot *snapshot);

#endif
