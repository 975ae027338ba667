/* X-Forwarded-For grows at its end: each proxy appends the address it was asked from. Read from
 * there, every entry before the first untrusted address was put there by a proxy of ours, and
 * that address is the client; what stands further left is its own claim. */
#include "web/server/front.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAPPED_BITS = 96 };

/* "10.0.0.1", "[2001:db8::1]", with or without a port; false for anything else. */
static bool parse_address(const char *text, size_t length, unsigned char out[16])
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    char host[INET6_ADDRSTRLEN + 8];
    if (length == 0 || length >= sizeof(host)) {
        return false;
    }
    memcpy(host, text, length);
    host[length] = '\0';
    char *colon = strchr(host, ':'), *end = strchr(host, ']');
    if (host[0] == '[' && end != NULL) {
        *end = '\0';
        return inet_pton(AF_INET6, host + 1, out) == 1;
    }
    if (colon != NULL && strchr(colon + 1, ':') == NULL) {
        *colon = '\0'; /* one colon: a port behind IPv4 */
    }
    if (inet_pton(AF_INET, host, out + 12) == 1) {
        memcpy(out, mapped, sizeof(mapped));
        return true;
    }
    return inet_pton(AF_INET6, host, out) == 1;
}

static bool is_in(const struct front_network *network, const unsigned char address[16])
{
    int whole = network->prefix_bits / 8, rest = network->prefix_bits % 8;
    unsigned char mask = (unsigned char)(0xff00 >> rest);
    return memcmp(network->bytes, address, (size_t)whole) == 0 &&
        (rest == 0 || ((network->bytes[whole] ^ address[whole]) & mask) == 0);
}

static bool is_proxy(const struct front *front, const unsigned char address[16])
{
    for (size_t i = 0; i < front->proxy_count; i++) {
        if (is_in(&front->proxies[i], address)) {
            return true;
        }
    }
    return false;
}

static void add_proxy(struct front *front, const char *text)
{
    struct front_network network;
    size_t length = strcspn(text, "/");
    if (!parse_address(text, length, network.bytes)) {
        return; /* the configuration has refused it */
    }
    bool v4 = memchr(text, ':', length) == NULL;
    int all = v4 ? 128 - MAPPED_BITS : 128;
    int bits = text[length] == '/' ? atoi(text + length + 1) : all;
    network.prefix_bits = (bits < all ? bits : all) + (v4 ? MAPPED_BITS : 0);
    front->proxies = reallocarray(
        front->proxies, front->proxy_count + 1, sizeof(*front->proxies));
    if (front->proxies == NULL) {
        memory_exhausted();
    }
    front->proxies[front->proxy_count++] = network;
}

void front_release(struct front *front)
{
    free(front->proxies);
    *front = (struct front){0};
}

void front_configure(struct front *front, const struct config_server *server)
{
    front_release(front);
    if (server->base_path != NULL) {
        snprintf(front->prefix, sizeof(front->prefix), "%s", server->base_path);
    }
    for (size_t i = 0; i < server->proxies.count; i++) {
        add_proxy(front, server->proxies.items[i].text);
    }
}

void front_strip(const struct front *front, char *path)
{
    size_t length = strlen(front->prefix);
    if (length == 0 || strncmp(path, front->prefix, length) != 0) {
        return;
    }
    if (path[length] == '/') {
        memmove(path, path + length, strlen(path + length) + 1);
    } else if (path[length] == '\0') {
        path[1] = '\0'; /* the first is the slash that the prefix begins with */
    }
}

static const char *format(const unsigned char address[16], char *out)
{
    struct in6_addr v6;
    memcpy(&v6, address, sizeof(v6));
    bool mapped = IN6_IS_ADDR_V4MAPPED(&v6);
    inet_ntop(
        mapped ? AF_INET : AF_INET6, mapped ? address + 12 : address, out, INET6_ADDRSTRLEN);
    return out;
}

const char *front_client(
    const struct front *front, const char *peer, const char *forwarded_for, char *out)
{
    unsigned char client[16], next[16];
    if (!parse_address(peer, strlen(peer), client)) {
        snprintf(out, INET6_ADDRSTRLEN, "%s", peer);
        return out;
    }
    const char *end = forwarded_for == NULL ? NULL : forwarded_for + strlen(forwarded_for);
    while (end != NULL && is_proxy(front, client)) {
        const char *comma = memrchr(forwarded_for, ',', (size_t)(end - forwarded_for));
        const char *from = comma == NULL ? forwarded_for : comma + 1;
        size_t blank = strspn(from, " \t");
        size_t length = (size_t)(end - from);
        from += blank < length ? blank : length;
        while (end > from && (end[-1] == ' ' || end[-1] == '\t')) {
            end--;
        }
        if (!parse_address(from, (size_t)(end - from), next)) {
            break; /* "unknown", or a proxy's own secret: the nearest that is known counts */
        }
        memcpy(client, next, sizeof(client));
        end = comma;
    }
    return format(client, out);
}

bool front_is_secure(const struct front *front, const char *peer, const char *forwarded_proto)
{
    unsigned char address[16];
    if (forwarded_proto == NULL || !parse_address(peer, strlen(peer), address) ||
        !is_proxy(front, address)) {
        return false;
    }
    /* The nearest proxy's word stands last. */
    const char *comma = strrchr(forwarded_proto, ',');
    const char *word = comma == NULL ? forwarded_proto : comma + 1;
    return strcasecmp(word + strspn(word, " \t"), "https") == 0;
}
