#include "web/server/peer.h"

#include <arpa/inet.h>

const char *peer_address(const struct request *request, char *out)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(
        request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *address = info == NULL ? NULL : info->client_addr;
    out[0] = '\0';
    if (address != NULL && address->sa_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, out,
            INET6_ADDRSTRLEN);
    } else if (address != NULL && address->sa_family == AF_INET6) {
        inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr,
            out, INET6_ADDRSTRLEN);
    }
    return out;
}

/* The server itself speaks no TLS. */
bool peer_is_secure(const struct request *request)
{
    return false;
}
