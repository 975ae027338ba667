#include "web/server/peer.h"

#include <arpa/inet.h>
#include <strings.h>

#include "base/buffer.h"
#include "web/server/front.h"

enum { FORWARDED_MAX_BYTES = 4096 };

/* The connection's own. */
static const char *read_address(const struct request *request, char *out)
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

struct joined {
    const char *name;
    struct buffer values;
};

static enum MHD_Result on_header(
    void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct joined *joined = data;
    if (strcasecmp(name, joined->name) == 0) {
        buffer_puts(&joined->values, joined->values.length > 0 ? "," : "");
        buffer_puts(&joined->values, value == NULL ? "" : value);
    }
    return MHD_YES;
}

/* Several fields of one name are one list (RFC 9110 5.3), in whose order nobody may cheat. */
static struct joined join(const struct request *request, const char *name)
{
    struct joined joined = {.name = name};
    buffer_init(&joined.values, FORWARDED_MAX_BYTES);
    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, on_header, &joined);
    return joined;
}

static const char *value_of(const struct joined *joined)
{
    bool given = joined->values.length > 0 && !buffer_failed(&joined->values);
    return given ? joined->values.data : NULL;
}

const char *peer_address(const struct request *request, char *out)
{
    char peer[INET6_ADDRSTRLEN];
    read_address(request, peer);
    struct joined claimed = join(request, "X-Forwarded-For");
    front_client(request->front, peer, value_of(&claimed), out);
    buffer_release(&claimed.values);
    return out;
}

bool peer_is_secure(const struct request *request)
{
    char peer[INET6_ADDRSTRLEN];
    read_address(request, peer);
    struct joined claimed = join(request, "X-Forwarded-Proto");
    bool secure = front_is_secure(request->front, peer, value_of(&claimed));
    buffer_release(&claimed.values);
    return secure;
}
