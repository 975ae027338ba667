/* The socket the server listens on, and which Host headers belong to it.
 *
 * We bind ourselves rather than let libmicrohttpd do it, for two reasons: its failures carry no
 * sentence a person can act on, and a socket handed over by systemd takes the same way in. Only
 * loopback addresses are bound: the program has no accounts yet, so whoever reaches the port is
 * the editor.
 */
#ifndef WEB_SERVER_LISTEN_H
#define WEB_SERVER_LISTEN_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/attributes.h"
#include "base/fault.h"

/* "127.0.0.1:8080", "[::1]:0" or "localhost:8080" (which is 127.0.0.1). FAULT_CONFIG for
 * anything else, also for an address that others can reach. PURE. */
must_check bool listen_parse(
    const char *text, struct sockaddr_storage *ret_address, struct fault *fault);

/* Bind and listen; the caller closes *ret_socket. FAULT_CONFIG with the reason, such as the
 * port being in use. */
must_check bool listen_open(const char *text, int *ret_socket, struct fault *fault);

/* Refuse a socket from outside that is not a listening TCP socket on a loopback address. The
 * socket stays the caller's. */
must_check bool listen_check(int socket, struct fault *fault);

/* The port `socket` is bound to. */
int listen_port(int socket);

enum { LISTEN_TEXT_BYTES = 64 };

/* "127.0.0.1:8080" or "[::1]:8080" into `out` of LISTEN_TEXT_BYTES; returns it. */
const char *listen_format(int socket, char *out);

/* True when a Host header names this machine's loopback: "localhost", any of 127.0.0.0/8,
 * "[::1]", each with or without a port. Any port will do, because an ssh tunnel changes it; any
 * other name would let a web page reach us by DNS rebinding. PURE. */
bool listen_host_allowed(const char *host);

#endif
