/* What stands in front of the server: proxies whose word is taken, and the prefix they serve it
 * under. Loop thread.
 *
 * A proxy tells with X-Forwarded-For and X-Forwarded-Proto who really asks and how. Anybody can
 * send these headers, so they are read only on a connection from a configured proxy, and of the
 * addresses in X-Forwarded-For only those count that such a proxy has put there. The Host is
 * never taken from X-Forwarded-Host: proxies are told to hand it on as it came.
 */
#ifndef WEB_SERVER_FRONT_H
#define WEB_SERVER_FRONT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"

enum { FRONT_PREFIX_BYTES = 128 };

/* An address with the bits of it that count, IPv4 as ::ffff:a.b.c.d. */
struct front_network {
    unsigned char bytes[16];
    int prefix_bits;
};

/* Zero-initialised: no proxy, no prefix. */
struct front {
    char prefix[FRONT_PREFIX_BYTES]; /* "/briefing" */
    struct front_network *proxies;
    size_t proxy_count;
};

/* As the configuration says, from now on. */
void front_configure(struct front *front, const struct config_server *server);
void front_release(struct front *front);

/* Take the prefix from a decoded path, in place; a path without it stays, since a proxy may
 * have taken it away already. PURE. */
void front_strip(const struct front *front, char *path);

/* Who asks: the nearest address on the way that is no proxy of ours, into `out` of
 * INET6_ADDRSTRLEN. `peer` is the connection's own, `forwarded_for` all values of the header,
 * joined by commas, or NULL. PURE. */
const char *front_client(
    const struct front *front, const char *peer, const char *forwarded_for, char *out);

/* Whether it came over TLS: a proxy's word, NULL when there is none. PURE. */
bool front_is_secure(const struct front *front, const char *peer, const char *forwarded_proto);

#endif
