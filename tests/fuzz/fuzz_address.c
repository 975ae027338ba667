/* 16 bytes of address, then the text of a range. A range that is read is sound, lets through
 * what lies in it, and a refused IPv4 address is refused in every IPv6 form of it. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "input.h"
#include "net/address_guard.h"

static bool is_let_through(const struct sockaddr *address, const char *host,
    const struct address_range *range, size_t count)
{
    struct fault fault = {0};
    bool passed = address_guard_check(address, host, range, count, &fault);
    fuzz_require(passed || (fault.kind == FAULT_LIMIT && fault.message[0] != '\0'),
        "a refusal without a reason");
    return passed;
}

static bool is_public_v6(const unsigned char bytes[16])
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(443)};
    memcpy(&address.sin6_addr, bytes, 16);
    return is_let_through((const struct sockaddr *)&address, NULL, NULL, 0);
}

static bool is_public_v4(const unsigned char bytes[4])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(443)};
    memcpy(&address.sin_addr, bytes, 4);
    return is_let_through((const struct sockaddr *)&address, NULL, NULL, 0);
}

/* Where an IPv4 address stands in the forms that carry one (RFC 4291, 6052, 3056). */
static const struct {
    unsigned char prefix[16];
    size_t at;
} carriers[] = {
    {{[10] = 0xff, [11] = 0xff}, 12},
    {{0x00, 0x64, 0xff, 0x9b}, 12},
    {{0x20, 0x02}, 2},
};

static void check_carried(const unsigned char v4[4])
{
    bool is_public = is_public_v4(v4);
    for (size_t i = 0; i < array_count(carriers); i++) {
        unsigned char bytes[16];
        memcpy(bytes, carriers[i].prefix, 16);
        memcpy(bytes + carriers[i].at, v4, 4);
        fuzz_require(is_public || !is_public_v6(bytes),
            "form %zu of %d.%d.%d.%d is let through", i, v4[0], v4[1], v4[2], v4[3]);
    }
}

/* A name lets a private address through, if it is the name that is asked, and no metadata. */
static void check_name(const struct address_range *range)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)range->port)};
    const struct sockaddr *any = (const struct sockaddr *)&address;
    fuzz_require(range->port > 0, "a name without a port");
    address.sin_addr.s_addr = htonl(0x0a000001);
    fuzz_require(is_let_through(any, range->host, range, 1), "a name is not let through");
    fuzz_require(!is_let_through(any, NULL, range, 1), "an address without its name passes");
    fuzz_require(!is_let_through(any, "other", range, 1) || strcmp(range->host, "other") == 0,
        "another name is let through");
    address.sin_addr.s_addr = htonl(0xa9fea9fe);
    fuzz_require(!is_let_through(any, range->host, range, 1), "metadata is let through");
}

static void check_range(const struct address_range *range)
{
    fuzz_require(range->prefix_bits >= 0 && range->prefix_bits <= 128, "a prefix of %d bits",
        range->prefix_bits);
    fuzz_require(range->port >= 0 && range->port <= 65535, "port %d", range->port);
    struct sockaddr_in6 address = {
        .sin6_family = AF_INET6,
        .sin6_port = htons((uint16_t)(range->port != 0 ? range->port : 80)),
    };
    memcpy(&address.sin6_addr, range->bytes, 16);
    fuzz_require(is_let_through((const struct sockaddr *)&address, NULL, range, 1),
        "a range does not let its own address through");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned char bytes[16] = {0};
    memcpy(bytes, data == NULL ? bytes : data, size < 16 ? size : 16);
    is_public_v6(bytes);
    check_carried(bytes);
    struct fuzz_input input = fuzz_input_of(data, size);
    input.cursor += size < 16 ? size : 16;
    cleanup(fuzz_freep) char *text = fuzz_take_text(&input);
    struct address_range range;
    struct fault fault = {0};
    if (address_range_parse(text, &range, &fault)) {
        (range.host[0] != '\0' ? check_name : check_range)(&range);
    } else {
        fuzz_require(fault.kind == FAULT_CONFIG, "a refusal of another kind");
    }
    return 0;
}
