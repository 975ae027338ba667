/* The socket the server listens on, and which Host headers belong to it.
 *
 * We bind ourselves rather than let libmicrohttpd do it, for two reasons: its failures carry no
 * sentence a person can act on, and a socket handed over by systemd takes the same way in. An
 * address that other machines reach is bound only when the server is `guarded`: when there is
 * an account to log in with.
 */
#ifndef WEB_SERVER_LISTEN_H
#define WEB_SERVER_LISTEN_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/attributes.h"
#include "base/fault.h"

/* "127.0.0.1:8080", "[::1]:0" or "localhost:8080" (which is 127.0.0.1). FAULT_CONFIG for
 * anything else; unless `guarded` also for an address that others can reach. PURE. */
must_check bool listen_parse(
    const char *text, bool guarded, struct sockaddr_storage *ret_address, struct fault *fault);

/* Bind and listen; the caller closes *ret_socket. FAULT_CONFIG with the reason, such as the
 * port being in use. */
must_check bool listen_open(
    const char *text, bool guarded, int *ret_socket, struct fault *fault);

/* Refuse a socket from outside that is not a listening TCP socket, or, unless `guarded`, not on
 * a loopback address. The socket stays the caller's. */
must_check bool listen_check(int socket, bool guarded, struct fault *fault);

/* Whether only this machine reaches what it is bound to. */
bool listen_is_loopback(int socket);

/* The port `socket` is bound to. */
int listen_port(int socket);

enum { LISTEN_TEXT_BYTES = 64 };

/* "127.0.0.1:8080" or "[::1]:8080" into `out` of LISTEN_TEXT_BYTES; returns it. */
const char *listen_format(int socket, char *out);

/* True when a Host header names this machine's loopback: "localhost", any of 127.0.0.0/8,
 * "[::1]", each with or without a port. Any port will do, because an ssh tunnel changes it; any
 * other name would let a web page reach us by DNS rebinding. PURE. */
bool listen_host_allowed(const char *host);

/* True when it is an address written as numbers, with or without a port. PURE. */
bool listen_host_is_address(const char *host);

#endif
