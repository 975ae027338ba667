/* Problem: a feed, or a redirect of one, must not make the daemon ask machines that only it can
 * reach: the router, a database on loopback, the cloud's metadata service.
 *
 * Approach: every address is brought to 16 bytes (IPv4 as ::ffff:a.b.c.d) and looked up in one
 * table whose order is its precedence: the narrow row stands before the wide one, and IPv6 ends
 * with "2000::/3 is public, all else is not", so that what is not yet assigned is refused.
 * Forms that carry an IPv4 address inside are unwrapped and the inner address is judged as
 * well.
 *
 * Rejected: checking the name or the URL (DNS answers differently the second time); curl's own
 * resolver with a filtered list (redirects and cached connections escape it).
 */
#include "net/address_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    V4_BITS = 96,    /* a prefix of n bits of IPv4 is one of 96 + n bits here */
    TEXT_BYTES = 64, /* the longest IPv6 address, brackets, a port */
};

/* clang-format off */
#define V4(a, b, c, d) {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b, c, d}

struct guard_range {
    unsigned char bytes[16];
    int prefix_bits;
    const char *what; /* completes "address … is …"; NULL: public, stop looking */
    bool local;       /* of a home or container network: an exception by name covers it */
};

/* IANA IPv4 and IPv6 special-purpose address registries, as RFC 6890 founded them. */
static const struct guard_range ranges[] = {
    {V4(169, 254, 169, 254), 128, "a cloud metadata address", false},
    {V4(100, 100, 100, 200), 128, "a cloud metadata address", false},
    {V4(168, 63, 129, 16), 128, "a cloud metadata address", false},
    {V4(192, 0, 0, 192), 128, "a cloud metadata address", false},
    {V4(0, 0, 0, 0), 96 + 8, "unspecified (RFC 1122)", false},
    {V4(10, 0, 0, 0), 96 + 8, "private (RFC 1918)", true},
    {V4(100, 64, 0, 0), 96 + 10, "shared by a carrier's NAT (RFC 6598)", true},
    {V4(127, 0, 0, 0), 96 + 8, "loopback (RFC 1122)", true},
    {V4(169, 254, 0, 0), 96 + 16, "link-local (RFC 3927)", false},
    {V4(172, 16, 0, 0), 96 + 12, "private (RFC 1918)", true},
    {V4(192, 0, 0, 0), 96 + 24, "reserved for protocols (RFC 6890)", false},
    {V4(192, 0, 2, 0), 96 + 24, "for documentation (RFC 5737)", false},
    {V4(192, 88, 99, 0), 96 + 24, "a 6to4 relay (RFC 7526)", false},
    {V4(192, 168, 0, 0), 96 + 16, "private (RFC 1918)", true},
    {V4(198, 18, 0, 0), 96 + 15, "for benchmarks (RFC 2544)", false},
    {V4(198, 51, 100, 0), 96 + 24, "for documentation (RFC 5737)", false},
    {V4(203, 0, 113, 0), 96 + 24, "for documentation (RFC 5737)", false},
    {V4(224, 0, 0, 0), 96 + 4, "multicast (RFC 5771)", false},
    {V4(255, 255, 255, 255), 128, "broadcast (RFC 919)", false},
    {V4(240, 0, 0, 0), 96 + 4, "reserved (RFC 1112)", false},
    {V4(0, 0, 0, 0), 96, NULL, false},

    {{0}, 128, "unspecified (RFC 4291)", false},
    {{[15] = 1}, 128, "loopback (RFC 4291)", true},
    {{0xfd, 0x00, 0x0e, 0xc2, [14] = 0x02, [15] = 0x54}, 128, "a cloud metadata address", false},
    {{0xfd, 0x20, 0x00, 0xce, [14] = 0x02, [15] = 0x54}, 128, "a cloud metadata address", false},
    {{0x00, 0x64, 0xff, 0x9b, 0x00, 0x01}, 48, "local NAT64 (RFC 8215)", false},
    {{0x00, 0x64, 0xff, 0x9b}, 96, NULL, false}, /* what is inside has been judged */
    {{0xfc}, 7, "private (unique local, RFC 4193)", true},
    {{0xfe, 0x80}, 10, "link-local (RFC 4291)", false},
    {{0xfe, 0xc0}, 10, "private (site-local, RFC 3879)", false},
    {{0xff}, 8, "multicast (RFC 4291)", false},
    {{0x01}, 64, "for discarding (RFC 6666)", false},
    {{0x5f}, 16, "a segment routing address (RFC 9602)", false},
    {{0x20, 0x01}, 32, NULL, false}, /* Teredo: what is inside has been judged */
    {{0x20, 0x01, 0x00, 0x02}, 48, "for benchmarks (RFC 5180)", false},
    {{0x20, 0x01}, 23, "reserved for protocols (RFC 2928)", false},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, "for documentation (RFC 3849)", false},
    {{0x3f, 0xff}, 20, "for documentation (RFC 9637)", false},
    {{0x20}, 3, NULL, false},
    {{0}, 0, "not a global address (RFC 4291)", false},
};

/* Where an IPv4 address sits inside an IPv6 one. ::ffff:0:0/96 needs no row: it is our own form. */
static const struct wrapping {
    unsigned char bytes[16];
    int prefix_bits;
    int offset;
    unsigned char mask; /* the bytes are stored XOR this */
} wrappings[] = {
    {{0x00, 0x64, 0xff, 0x9b}, 96, 12, 0x00},             /* NAT64, RFC 6052 */
    {{0x20, 0x02}, 16, 2, 0x00},                          /* 6to4, RFC 3056 */
    {{0x20, 0x01}, 32, 4, 0x00},                          /* Teredo server, RFC 4380 */
    {{0x20, 0x01}, 32, 12, 0xff},                         /* Teredo client */
    {{[8] = 0xff, [9] = 0xff}, 96, 12, 0x00},             /* IPv4-translated, RFC 2765 */
    {{0}, 96, 12, 0x00},                                  /* IPv4-compatible, RFC 4291 */
};
/* clang-format on */

static bool starts_with(const unsigned char *address, const unsigned char *prefix, int bits)
{
    int whole = bits / 8;
    if (memcmp(address, prefix, (size_t)whole) != 0) {
        return false;
    }
    int rest = bits % 8;
    unsigned char mask = (unsigned char)(0xff00 >> rest);
    return rest == 0 || ((address[whole] ^ prefix[whole]) & mask) == 0;
}

static void map_v4(const void *v4, unsigned char *ret_bytes)
{
    memset(ret_bytes, 0, 10);
    ret_bytes[10] = ret_bytes[11] = 0xff;
    memcpy(ret_bytes + 12, v4, 4);
}

static bool is_v4(const unsigned char *bytes)
{
    static const unsigned char mapped[16] = V4(0, 0, 0, 0);
    return starts_with(bytes, mapped, V4_BITS);
}

/* Returns `text` of TEXT_BYTES bytes. */
static const char *format_address(const unsigned char *bytes, char *text)
{
    inet_ntop(
        is_v4(bytes) ? AF_INET : AF_INET6, is_v4(bytes) ? bytes + 12 : bytes, text, TEXT_BYTES);
    return text;
}

static bool read_address(
    const struct sockaddr *address, unsigned char *ret_bytes, int *ret_port)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof(v4));
        map_v4(&v4.sin_addr, ret_bytes);
        *ret_port = ntohs(v4.sin_port);
        return true;
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof(v6));
        memcpy(ret_bytes, &v6.sin6_addr, 16);
        *ret_port = ntohs(v6.sin6_port);
        return true;
    }
    return false;
}

/* The first row that `bytes` lies in; the last row holds everything. */
static const struct guard_range *find_range(const unsigned char *bytes)
{
    size_t i = 0;
    while (!starts_with(bytes, ranges[i].bytes, ranges[i].prefix_bits)) {
        i++;
    }
    return &ranges[i];
}

/* What is wrong with the address itself; NULL: it is public. */
static const char *find_objection(const unsigned char *bytes)
{
    return find_range(bytes)->what;
}

/* The same for the IPv4 addresses inside it; ret_inner is set with the objection. */
static const char *find_inner_objection(const unsigned char *bytes, unsigned char *ret_inner)
{
    for (size_t i = 0; i < array_count(wrappings); i++) {
        const struct wrapping *w = &wrappings[i];
        if (!starts_with(bytes, w->bytes, w->prefix_bits)) {
            continue;
        }
        unsigned char v4[4];
        for (int k = 0; k < 4; k++) {
            v4[k] = bytes[w->offset + k] ^ w->mask;
        }
        map_v4(v4, ret_inner);
        const char *what = find_objection(ret_inner);
        if (what != NULL) {
            return what;
        }
    }
    return NULL;
}

static bool same_host(const char *host, const char *allowed)
{
    size_t length = strlen(host);
    length -= length > 0 && host[length - 1] == '.' ? 1 : 0;
    return strncasecmp(host, allowed, length) == 0 && allowed[length] == '\0';
}

static bool is_allowed(const unsigned char *bytes, int port, const char *host,
    const struct address_range *allowed, size_t allowed_count)
{
    for (size_t i = 0; i < allowed_count; i++) {
        const struct address_range *range = &allowed[i];
        bool covered = range->host[0] != '\0'
            ? host != NULL && same_host(host, range->host) && find_range(bytes)->local
            : starts_with(bytes, range->bytes, range->prefix_bits);
        if (covered && (range->port == 0 || range->port == port)) {
            return true;
        }
    }
    return false;
}

static bool refuse(const unsigned char *bytes, int port, const char *what, const char *inner,
    struct fault *fault)
{
    char text[TEXT_BYTES];
    format_address(bytes, text);
    bool v4 = is_v4(bytes);
    return fault_set(fault, FAULT_LIMIT,
        "address %s is %s%s%s: add allow = {\"%s%s%s:%d\"} to the feed if that is meant", text,
        inner != NULL ? inner : "", inner != NULL ? ", which is " : "", what, v4 ? "" : "[",
        text, v4 ? "" : "]", port);
}

bool address_guard_is_public(const struct sockaddr *address)
{
    unsigned char bytes[16], inner[16];
    int port;
    return read_address(address, bytes, &port) && find_objection(bytes) == NULL &&
        find_inner_objection(bytes, inner) == NULL;
}

bool address_guard_check(const struct sockaddr *address, const char *host,
    const struct address_range *allowed, size_t allowed_count, struct fault *fault)
{
    unsigned char bytes[16], inner[16];
    int port;
    if (!read_address(address, bytes, &port)) {
        return fault_set(fault, FAULT_LIMIT, "address family %d is neither IPv4 nor IPv6",
            address->sa_family);
    }
    if (is_allowed(bytes, port, host, allowed, allowed_count)) {
        return true;
    }
    const char *what = find_objection(bytes);
    const char *inner_what = find_inner_objection(bytes, inner);
    /* ::1 and :: are also "IPv4-compatible"; their own name says more than the inner one's. */
    bool own_name = what != NULL && what != ranges[array_count(ranges) - 1].what;
    if (inner_what != NULL && !own_name) {
        char text[TEXT_BYTES], carried[TEXT_BYTES + 16];
        snprintf(carried, sizeof(carried), "a form of %s", format_address(inner, text));
        return refuse(bytes, port, inner_what, carried, fault);
    }
    return what == NULL || refuse(bytes, port, what, NULL, fault);
}

/* --- what the configuration says ------------------------------------------------------------
 */

/* Digits only, at most `max`; -1 for anything else. */
static int parse_number(const char *text, int max)
{
    size_t length = strspn(text, "0123456789");
    if (length == 0 || length > 5 || text[length] != '\0') {
        return -1;
    }
    int value = atoi(text);
    return value <= max ? value : -1;
}

static bool parse_address(const char *text, struct address_range *range)
{
    unsigned char v4[4];
    range->prefix_bits = 128;
    if (inet_pton(AF_INET, text, v4) == 1) {
        map_v4(v4, range->bytes);
        return true;
    }
    return inet_pton(AF_INET6, text, range->bytes) == 1;
}

static void clear_host_bits(struct address_range *range)
{
    for (int bit = range->prefix_bits; bit < 128; bit++) {
        range->bytes[bit / 8] &= (unsigned char)~(0x80 >> bit % 8);
    }
}

/* "/BITS" behind the address: checks that none of the bits after it is set, since 10.1.2.3/8 is
 * more often a slip than a wish for the 16 million addresses of 10/8. */
static bool parse_bits(
    const char *text, const char *bits, struct address_range *range, struct fault *fault)
{
    bool v4 = is_v4(range->bytes);
    int value = parse_number(bits, v4 ? 32 : 128);
    if (value < 0) {
        return fault_set(fault, FAULT_CONFIG,
            "'%s': after the '/' comes a number of bits from 0 to %d", text, v4 ? 32 : 128);
    }
    struct address_range network = *range;
    network.prefix_bits = value + (v4 ? V4_BITS : 0);
    clear_host_bits(&network);
    if (memcmp(network.bytes, range->bytes, 16) != 0) {
        char net[TEXT_BYTES], one[TEXT_BYTES];
        return fault_set(fault, FAULT_CONFIG,
            "'%s' has bits set after the first %d: write \"%s/%d\" for the network or \"%s\" "
            "for "
            "the one address",
            text, value, format_address(network.bytes, net), value,
            format_address(range->bytes, one));
    }
    *range = network;
    return true;
}

/* Cut "[v6]:PORT", "[v6]" or "v4:PORT" into address and port text; *ret_port is NULL without
 * one. A bare IPv6 address keeps its colons. */
static bool split_port(char *text, char **ret_address, char **ret_port)
{
    *ret_port = NULL;
    *ret_address = text;
    if (text[0] == '[') {
        char *end = strchr(text, ']');
        if (end == NULL || (end[1] != ':' && end[1] != '\0')) {
            return false;
        }
        *ret_address = text + 1;
        *ret_port = end[1] == ':' ? end + 2 : NULL;
        *end = '\0';
        return true;
    }
    char *colon = strchr(text, ':');
    if (colon != NULL && strchr(colon + 1, ':') == NULL) {
        *colon = '\0';
        *ret_port = colon + 1;
    }
    return true;
}

/* Letters, digits, '-' and '_' between dots, and not digits and dots alone: "10.0.1" is a slip
 * of an address. What is beyond ASCII is written in its xn-- form, as URLs are asked. */
static bool parse_host(const char *text, struct address_range *range)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    size_t length = strlen(text);
    length -= length > 0 && text[length - 1] == '.' ? 1 : 0;
    if (length == 0 || length >= sizeof(range->host) || text[0] == '.' ||
        strspn(text, letters) < length || strspn(text, "0123456789.") >= length) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        range->host[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + 32 : text[i]);
    }
    return true;
}

bool address_range_parse(const char *text, struct address_range *ret_range, struct fault *fault)
{
    static const char expected[] =
        "write an address (127.0.0.1), a network (10.0.0.0/8), or an address or name and port "
        "(127.0.0.1:1200, [::1]:1200, rsshub.lan:1200)";
    char copy[ADDRESS_HOST_BYTES + sizeof(":65535")], *address, *port;
    struct address_range range = {0};
    if ((size_t)snprintf(copy, sizeof(copy), "%s", text) >= sizeof(copy)) {
        return fault_set(fault, FAULT_CONFIG, "'%.40s…' is no address: %s", text, expected);
    }
    char *bits = strchr(copy, '/');
    if (bits != NULL) {
        *bits++ = '\0';
    }
    bool split = split_port(copy, &address, &port);
    bool named = split && !parse_address(address, &range) && copy[0] != '[';
    if (!split || (named && (bits != NULL || !parse_host(address, &range))) ||
        (!named && !parse_address(address, &range))) {
        return fault_set(fault, FAULT_CONFIG, "'%s' is no address: %s", text, expected);
    }
    if (named && port == NULL) {
        return fault_set(fault, FAULT_CONFIG,
            "'%s' is a name: write it with the port that may be asked, such as \"%s:80\"", text,
            range.host);
    }
    if (bits != NULL && port != NULL) {
        return fault_set(
            fault, FAULT_CONFIG, "'%s' has both a port and a '/': %s", text, expected);
    }
    if (port != NULL) {
        range.port = parse_number(port, 65535);
        if (range.port <= 0) {
            return fault_set(
                fault, FAULT_CONFIG, "'%s': a port is a number from 1 to 65535", text);
        }
    }
    if (bits != NULL && !parse_bits(text, bits, &range, fault)) {
        return false;
    }
    *ret_range = range;
    return true;
}
