/* The other end of a connection: the one place that is asked, because a proxy in front changes
 * the answer. */
#ifndef WEB_SERVER_PEER_H
#define WEB_SERVER_PEER_H

#include <netinet/in.h>
#include <stdbool.h>

#include "web/server/request.h"

/* The client's address as numbers into `out` of INET6_ADDRSTRLEN; returns it. "" when it has
 * none. */
const char *peer_address(const struct request *request, char *out);

/* Whether what the client sent came over TLS. */
bool peer_is_secure(const struct request *request);

#endif
