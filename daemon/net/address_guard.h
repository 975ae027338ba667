/* Which addresses may be asked: only public ones, unless the configuration names an exception.
 *
 * The check runs on the socket address at connect time (http_client's open-socket callback), so
 * it covers every address a name resolves to and every redirect, with no second lookup in
 * between. Refused: loopback, private, link-local, CGNAT, documentation, benchmark, multicast,
 * reserved and unspecified ranges of RFC 6890 and the IANA special-purpose registries, ULA,
 * IPv4-mapped, 6to4, Teredo and NAT64 forms of all these, cloud metadata addresses. PURE.
 */
#ifndef NET_ADDRESS_GUARD_H
#define NET_ADDRESS_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/attributes.h"
#include "base/fault.h"

enum { ADDRESS_HOST_BYTES = 256 };

/* An exception: a network ("127.0.0.0/8", "::1", "10.1.2.3:80") or a host name with a port
 * ("rsshub.lan:1200").
 *
 * A network lets through what lies in it, whatever it is. A name lets through the addresses
 * that it resolves to at the moment of connecting, when the URL asked names that host and that
 * port, and only those a home or container network is made of: loopback, RFC 1918, CGNAT and
 * unique local ones. A name that came to point to a metadata service, a link-local or a
 * reserved address is refused all the same: who answers for the name is not who wrote the
 * exception. */
struct address_range {
    unsigned char bytes[16];       /* IPv4 as ::ffff:a.b.c.d */
    int prefix_bits;               /* of the 128 */
    int port;                      /* 0: any */
    char host[ADDRESS_HOST_BYTES]; /* lower case, without a final dot; "": a network */
};

/* Parse "NET", "NET/BITS", "ADDRESS:PORT", "[v6]:PORT" or "NAME:PORT". FAULT_CONFIG with what
 * to write. */
must_check bool address_range_parse(
    const char *text, struct address_range *ret_range, struct fault *fault);

/* True when `address` is public or one of the exceptions holds for it. `host` is the host of
 * the URL that is being asked, NULL when it is not known: then no exception by name holds.
 * Otherwise FAULT_LIMIT: "address 10.0.0.1 is private (RFC 1918): add allow = {\"10.0.0.1:80\"}
 * to the feed if that is meant".
 */
must_check bool address_guard_check(const struct sockaddr *address, const char *host,
    const struct address_range *allowed, size_t allowed_count, struct fault *fault);

/* Is `address` public, i.e. let through without any exception? */
bool address_guard_is_public(const struct sockaddr *address);

#endif
