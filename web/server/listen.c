/* An address is text, then a sockaddr, then a socket; each step has its own sentence when it
 * fails.
 */
#include "web/server/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum {
    BACKLOG = 511, /* what nginx uses; the kernel lowers it to net.core.somaxconn */
    HOST_MAX = 64, /* longest literal address with room to spare */
    PORT_MAX = 65535,
};

static bool is_loopback(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
        return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
    }
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
    return address->ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

static bool parse_port(const char *text, in_port_t *ret_port)
{
    size_t length = strspn(text, "0123456789");
    if (length == 0 || length > 5 || text[length] != '\0' || atoi(text) > PORT_MAX) {
        return false;
    }
    *ret_port = htons((uint16_t)atoi(text));
    return true;
}

/* "host:port" or "[host]:port" cut in two; false when there is no such shape. */
static bool split(const char *text, char *ret_host, const char **ret_port)
{
    bool bracketed = text[0] == '[';
    const char *from = bracketed ? text + 1 : text;
    size_t length = strcspn(from, bracketed ? "]" : ":");
    const char *after = from + length;
    if (bracketed && *after == ']') {
        after++;
    } else if (bracketed) {
        return false;
    }
    if (*after != ':' || length == 0 || length >= HOST_MAX) {
        return false;
    }
    memcpy(ret_host, from, length);
    ret_host[length] = '\0';
    *ret_port = after + 1;
    return true;
}

/* The literal address `host` (an IPv6 one without its brackets) with `port`. */
static bool parse_host(const char *host, in_port_t port, struct sockaddr_storage *ret_address)
{
    *ret_address = (struct sockaddr_storage){0};
    struct sockaddr_in *v4 = (struct sockaddr_in *)ret_address;
    if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = port;
        return true;
    }
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret_address;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = port;
    return inet_pton(AF_INET6, host, &v6->sin6_addr) == 1;
}

bool listen_parse(
    const char *text, bool guarded, struct sockaddr_storage *ret_address, struct fault *fault)
{
    char host[HOST_MAX];
    const char *port_text;
    in_port_t port;
    if (!split(text, host, &port_text) || !parse_port(port_text, &port) ||
        !parse_host(
            strcasecmp(host, "localhost") == 0 ? "127.0.0.1" : host, port, ret_address)) {
        return fault_set(fault, FAULT_CONFIG,
            "'%s' is not an address to listen on; write 127.0.0.1:8080 or [::1]:8080", text);
    }
    if (!guarded && !is_loopback(ret_address)) {
        return fault_set(fault, FAULT_CONFIG,
            "refusing to listen on '%s': other machines can reach that address and there is no "
            "account to log in with; make one with 'briefd user add NAME', or listen on "
            "127.0.0.1 or [::1]",
            text);
    }
    return true;
}

static socklen_t address_length(const struct sockaddr_storage *address)
{
    return address->ss_family == AF_INET ? sizeof(struct sockaddr_in)
                                         : sizeof(struct sockaddr_in6);
}

static bool set_bind_fault(struct fault *fault, const char *text)
{
    switch (errno) {
    case EADDRINUSE:
        return fault_set(fault, FAULT_CONFIG,
            "cannot listen on '%s': another program uses that port; stop it or choose another "
            "port",
            text);
    case EACCES:
        return fault_set(fault, FAULT_CONFIG,
            "cannot listen on '%s': ports below 1024 need a privilege; choose a higher port",
            text);
    default:
        return fault_set(
            fault, FAULT_CONFIG, "cannot listen on '%s': %s", text, strerror(errno));
    }
}

bool listen_open(const char *text, bool guarded, int *ret_socket, struct fault *fault)
{
    struct sockaddr_storage address;
    if (!listen_parse(text, guarded, &address, fault)) {
        return false;
    }
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return set_bind_fault(fault, text);
    }
    /* Without SO_REUSEADDR a restart fails for a minute while old connections are in TIME_WAIT;
     * on Linux it does not let two programs listen at once. */
    int on = 1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
        bind(fd, (const struct sockaddr *)&address, address_length(&address)) < 0 ||
        listen(fd, BACKLOG) < 0) {
        set_bind_fault(fault, text);
        close(fd);
        return false;
    }
    *ret_socket = fd;
    return true;
}

bool listen_check(int socket, bool guarded, struct fault *fault)
{
    int listening = 0;
    socklen_t length = sizeof(listening);
    struct sockaddr_storage address = {0};
    socklen_t address_bytes = sizeof(address);
    if (getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) < 0 ||
        getsockname(socket, (struct sockaddr *)&address, &address_bytes) < 0) {
        return fault_set(
            fault, FAULT_CONFIG, "descriptor %d is not a socket: %s", socket, strerror(errno));
    }
    if (!listening) {
        return fault_set(fault, FAULT_CONFIG, "socket %d does not listen", socket);
    }
    if (!guarded && !is_loopback(&address)) {
        return fault_set(fault, FAULT_CONFIG,
            "refusing socket %d: it is not bound to a loopback address and there is no account "
            "to log in with; make one with 'briefd user add NAME'",
            socket);
    }
    return true;
}

bool listen_is_loopback(int socket)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof(address);
    return getsockname(socket, (struct sockaddr *)&address, &length) == 0 &&
        is_loopback(&address);
}

int listen_port(int socket)
{
    struct sockaddr_in6 address = {0};
    socklen_t length = sizeof(address);
    if (getsockname(socket, (struct sockaddr *)&address, &length) < 0) {
        return 0;
    }
    return ntohs(address.sin6_port); /* which stands at the same place in both families */
}

const char *listen_format(int socket, char *out)
{
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof(address);
    char host[INET6_ADDRSTRLEN] = "";
    getsockname(socket, (struct sockaddr *)&address, &length);
    bool v6 = address.ss_family == AF_INET6;
    const void *bytes = v6 ? (const void *)&((const struct sockaddr_in6 *)&address)->sin6_addr
                           : (const void *)&((const struct sockaddr_in *)&address)->sin_addr;
    inet_ntop(address.ss_family, bytes, host, sizeof(host));
    snprintf(out, LISTEN_TEXT_BYTES, v6 ? "[%s]:%d" : "%s:%d", host, listen_port(socket));
    return out;
}

/* The name of a Host header, an IPv6 address without its brackets. */
static bool split_host(const char *host, char name[HOST_MAX])
{
    char with_port[HOST_MAX + 8];
    const char *port_text;
    in_port_t port;
    size_t length = strlen(host);
    if (length == 0 || length >= HOST_MAX) {
        return false;
    }
    /* Give it a port when it has none, so that one parser serves both. */
    bool has_port = host[0] == '[' ? host[length - 1] != ']' : strchr(host, ':') != NULL;
    snprintf(with_port, sizeof(with_port), "%s%s", host, has_port ? "" : ":80");
    return split(with_port, name, &port_text) && parse_port(port_text, &port);
}

bool listen_host_allowed(const char *host)
{
    char name[HOST_MAX];
    struct sockaddr_storage address;
    return split_host(host, name) &&
        (strcasecmp(name, "localhost") == 0 ||
            (parse_host(name, 0, &address) && is_loopback(&address)));
}

bool listen_host_is_address(const char *host)
{
    char name[HOST_MAX];
    struct sockaddr_storage address;
    return split_host(host, name) && parse_host(name, 0, &address);
}
