#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "net/address_guard.h"

struct address {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    };
};

static struct address address_of(const char *text, int port)
{
    struct address address = {0};
    if (inet_pton(AF_INET, text, &address.v4.sin_addr) == 1) {
        address.v4.sin_family = AF_INET;
        address.v4.sin_port = htons((uint16_t)port);
        return address;
    }
    assert_int_equal(inet_pton(AF_INET6, text, &address.v6.sin6_addr), 1);
    address.v6.sin6_family = AF_INET6;
    address.v6.sin6_port = htons((uint16_t)port);
    return address;
}

static void refused_addresses_are_named_with_their_rfc(void **state)
{
    static const struct {
        const char *address, *what;
    } cases[] = {
        {"0.0.0.0", "unspecified (RFC 1122)"},
        {"0.1.2.3", "unspecified (RFC 1122)"},
        {"10.0.0.1", "private (RFC 1918)"},
        {"10.255.255.255", "private (RFC 1918)"},
        {"100.64.0.1", "a carrier's NAT (RFC 6598)"},
        {"100.127.255.255", "a carrier's NAT (RFC 6598)"},
        {"100.100.100.200", "a cloud metadata address"},
        {"127.0.0.1", "loopback (RFC 1122)"},
        {"127.255.255.254", "loopback (RFC 1122)"},
        {"168.63.129.16", "a cloud metadata address"},
        {"169.254.1.1", "link-local (RFC 3927)"},
        {"169.254.169.254", "a cloud metadata address"},
        {"172.16.0.1", "private (RFC 1918)"},
        {"172.31.255.255", "private (RFC 1918)"},
        {"192.0.0.1", "reserved for protocols (RFC 6890)"},
        {"192.0.0.192", "a cloud metadata address"},
        {"192.0.2.7", "for documentation (RFC 5737)"},
        {"192.88.99.1", "a 6to4 relay (RFC 7526)"},
        {"192.168.1.1", "private (RFC 1918)"},
        {"198.18.0.1", "for benchmarks (RFC 2544)"},
        {"198.19.255.255", "for benchmarks (RFC 2544)"},
        {"198.51.100.1", "for documentation (RFC 5737)"},
        {"203.0.113.1", "for documentation (RFC 5737)"},
        {"224.0.0.1", "multicast (RFC 5771)"},
        {"239.255.255.255", "multicast (RFC 5771)"},
        {"240.0.0.1", "reserved (RFC 1112)"},
        {"255.255.255.255", "broadcast (RFC 919)"},
        {"::", "unspecified (RFC 4291)"},
        {"::1", "loopback (RFC 4291)"},
        {"::ffff:127.0.0.1", "address 127.0.0.1 is loopback"},
        {"::ffff:10.1.2.3", "address 10.1.2.3 is private"},
        {"::10.0.0.1", "a form of 10.0.0.1, which is private (RFC 1918)"},
        {"::8.8.8.8", "not a global address"},
        {"::ffff:0:10.0.0.1", "a form of 10.0.0.1, which is private"},
        {"64:ff9b::10.0.0.1", "a form of 10.0.0.1, which is private (RFC 1918)"},
        {"64:ff9b::169.254.169.254", "a form of 169.254.169.254, which is a cloud metadata"},
        {"64:ff9b:1::8.8.8.8", "local NAT64 (RFC 8215)"},
        {"2002:7f00:1::", "a form of 127.0.0.1, which is loopback"},
        {"2002:c0a8:101::1", "a form of 192.168.1.1, which is private"},
        {"2001:0:a00:1::", "a form of 10.0.0.1, which is private"},
        {"2001:0:808:808::f5ff:fffe", "a form of 10.0.0.1, which is private"},
        {"2001:2::1", "for benchmarks (RFC 5180)"},
        {"2001:20::1", "reserved for protocols (RFC 2928)"},
        {"2001:db8::1", "for documentation (RFC 3849)"},
        {"3fff:fff::1", "for documentation (RFC 9637)"},
        {"5f00::1", "a segment routing address (RFC 9602)"},
        {"fc00::1", "private (unique local, RFC 4193)"},
        {"fdff::1", "private (unique local, RFC 4193)"},
        {"fd00:ec2::254", "a cloud metadata address"},
        {"fd20:ce::254", "a cloud metadata address"},
        {"fe80::1", "link-local (RFC 4291)"},
        {"febf::1", "link-local (RFC 4291)"},
        {"fec0::1", "private (site-local, RFC 3879)"},
        {"ff02::1", "multicast (RFC 4291)"},
        {"100::1", "for discarding (RFC 6666)"},
        {"4000::1", "not a global address (RFC 4291)"},
        {"e000::1", "not a global address (RFC 4291)"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct address address = address_of(cases[i].address, 80);
        struct fault fault = {0};
        if (address_guard_check(&address.any, NULL, NULL, 0, &fault)) {
            fail_msg("%s was let through", cases[i].address);
        }
        assert_int_equal(fault.kind, FAULT_LIMIT);
        if (strstr(fault.message, cases[i].what) == NULL) {
            fail_msg("%s: expected \"%s\" in \"%s\"", cases[i].address, cases[i].what,
                fault.message);
        }
    }
}

static void public_addresses_are_let_through_up_to_the_border(void **state)
{
    static const char *const cases[] = {"1.1.1.1", "9.255.255.255", "11.0.0.0",
        "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0", "169.253.255.255",
        "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0",
        "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
        "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2001:0:808:808::f7f7:f7f7",
        "2001:200::1", "2606:4700::1111", "2a00:1450::1", "3ffe::1", "2001:db7::1",
        "2001:db9::1"};
    for (size_t i = 0; i < array_count(cases); i++) {
        struct address address = address_of(cases[i], 443);
        struct fault fault = {0};
        if (!address_guard_check(&address.any, NULL, NULL, 0, &fault)) {
            fail_msg("%s was refused: %s", cases[i], fault.message);
        }
    }
}

static void the_sentence_says_what_to_write(void **state)
{
    struct fault fault = {0};
    struct address v4 = address_of("10.0.0.1", 80);
    assert_false(address_guard_check(&v4.any, NULL, NULL, 0, &fault));
    assert_string_equal(fault.message,
        "address 10.0.0.1 is private (RFC 1918): add allow = "
        "{\"10.0.0.1:80\"} to the feed if that is meant");
    struct address v6 = address_of("fd00::5", 1200);
    assert_false(address_guard_check(&v6.any, NULL, NULL, 0, &fault));
    assert_string_equal(fault.message,
        "address fd00::5 is private (unique local, RFC 4193): add allow = {\"[fd00::5]:1200\"} "
        "to "
        "the feed if that is meant");
}

static void what_the_sentence_says_to_write_then_works(void **state)
{
    static const char *const addresses[] = {"10.0.0.1", "fd00::5", "::1", "64:ff9b::10.0.0.1"};
    for (size_t i = 0; i < array_count(addresses); i++) {
        struct address address = address_of(addresses[i], 1200);
        struct fault fault = {0};
        struct address_range range;
        assert_false(address_guard_check(&address.any, NULL, NULL, 0, &fault));
        char *first = strchr(fault.message, '"') + 1;
        *strchr(first, '"') = '\0';
        struct fault parse_fault = {0};
        assert_true(address_range_parse(first, &range, &parse_fault));
        assert_true(address_guard_check(&address.any, NULL, &range, 1, &fault));
    }
}

static void an_exception_holds_for_its_net_and_port_only(void **state)
{
    static const struct {
        const char *allow, *address;
        int port;
        bool passes;
    } cases[] = {
        {"127.0.0.0/8", "127.9.9.9", 80, true},
        {"127.0.0.0/8", "::ffff:127.0.0.1", 80, true},
        {"127.0.0.0/8", "::1", 80, false},
        {"127.0.0.0/8", "10.0.0.1", 80, false},
        {"127.0.0.1:8390", "127.0.0.1", 8390, true},
        {"127.0.0.1:8390", "127.0.0.1", 8391, false},
        {"127.0.0.1:8390", "127.0.0.2", 8390, false},
        {"10.1.2.0/23", "10.1.3.255", 80, true},
        {"10.1.2.0/23", "10.1.4.0", 80, false},
        {"10.0.0.1", "64:ff9b::10.0.0.1", 80, false},
        {"[::1]:80", "::1", 80, true},
        {"[::1]:80", "::1", 81, false},
        {"fd00::/8", "fd12::1", 80, true},
        {"fd00::/8", "fc00::1", 80, false},
        {"0.0.0.0/0", "169.254.169.254", 80, true},
        {"0.0.0.0/0", "::1", 80, false},
        {"::/0", "10.0.0.1", 80, true},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct address address = address_of(cases[i].address, cases[i].port);
        struct fault fault = {0};
        struct address_range range;
        assert_true(address_range_parse(cases[i].allow, &range, &fault));
        if (address_guard_check(&address.any, NULL, &range, 1, &fault) != cases[i].passes) {
            fail_msg("allow %s, address %s port %d", cases[i].allow, cases[i].address,
                cases[i].port);
        }
    }
}

static void a_name_lets_through_only_itself_its_port_and_local_addresses(void **state)
{
    static const struct {
        const char *host, *address;
        int port;
        bool passes;
    } cases[] = {
        {"rsshub.lan", "192.168.1.5", 1200, true},
        {"RSSHub.LAN.", "192.168.1.5", 1200, true},
        {"rsshub.lan", "10.0.0.1", 1200, true},
        {"rsshub.lan", "172.17.0.1", 1200, true},
        {"rsshub.lan", "127.0.0.1", 1200, true},
        {"rsshub.lan", "100.64.0.1", 1200, true},
        {"rsshub.lan", "::1", 1200, true},
        {"rsshub.lan", "fd12::1", 1200, true},
        {"rsshub.lan", "::ffff:192.168.1.5", 1200, true},
        {"rsshub.lan", "192.168.1.5", 80, false}, /* another port */
        {"other.lan", "192.168.1.5", 1200, false},
        {"x.rsshub.lan", "192.168.1.5", 1200, false},
        {"rsshub.lan.evil.example", "192.168.1.5", 1200, false},
        {"rsshub.la", "192.168.1.5", 1200, false},
        {"", "192.168.1.5", 1200, false},
        {NULL, "192.168.1.5", 1200, false},
        /* the name came to point somewhere else */
        {"rsshub.lan", "169.254.169.254", 1200, false},
        {"rsshub.lan", "100.100.100.200", 1200, false},
        {"rsshub.lan", "fd00:ec2::254", 1200, false},
        {"rsshub.lan", "fe80::1", 1200, false},
        {"rsshub.lan", "0.0.0.0", 1200, false},
        {"rsshub.lan", "224.0.0.1", 1200, false},
        {"rsshub.lan", "64:ff9b::10.0.0.1", 1200, false},
        {"rsshub.lan", "64:ff9b:1::10.0.0.1", 1200, false},
        {"rsshub.lan", "2002:7f00:1::", 1200, false},
    };
    struct address_range range;
    struct fault fault = {0};
    assert_true(address_range_parse("RSShub.lan.:1200", &range, &fault));
    for (size_t i = 0; i < array_count(cases); i++) {
        struct address address = address_of(cases[i].address, cases[i].port);
        if (address_guard_check(&address.any, cases[i].host, &range, 1, &fault) !=
            cases[i].passes) {
            fail_msg("%s as %s port %d", cases[i].address, cases[i].host, cases[i].port);
        }
    }
}

static void what_only_an_exception_lets_through_is_not_public(void **state)
{
    static const struct {
        const char *address;
        bool is_public;
    } cases[] = {{"8.8.8.8", true}, {"2600::1", true}, {"64:ff9b::8.8.8.8", true},
        {"10.0.0.1", false}, {"127.0.0.1", false}, {"::1", false}, {"fd12::1", false},
        {"64:ff9b::10.0.0.1", false}, {"2002:7f00:1::", false}};
    for (size_t i = 0; i < array_count(cases); i++) {
        struct address address = address_of(cases[i].address, 80);
        if (address_guard_is_public(&address.any) != cases[i].is_public) {
            fail_msg("%s", cases[i].address);
        }
    }
}

static void what_is_neither_ipv4_nor_ipv6_is_refused(void **state)
{
    struct sockaddr local = {.sa_family = AF_UNIX};
    struct fault fault = {0};
    assert_false(address_guard_check(&local, NULL, NULL, 0, &fault));
    assert_int_equal(fault.kind, FAULT_LIMIT);
}

static void every_good_form_of_an_exception_is_read(void **state)
{
    static const struct {
        const char *text;
        int bits, port;
    } cases[] = {
        {"127.0.0.1", 128, 0},
        {"127.0.0.0/8", 104, 0},
        {"10.1.2.3/32", 128, 0},
        {"0.0.0.0/0", 96, 0},
        {"127.0.0.1:65535", 128, 65535},
        {"::1", 128, 0},
        {"[::1]", 128, 0},
        {"[::1]:1", 128, 1},
        {"fe80::/10", 10, 0},
        {"[fe80::]/10", 10, 0},
        {"::ffff:10.0.0.1", 128, 0},
        {"1234:5678:9abc:def0:1234:5678:9abc:def0", 128, 0},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct address_range range;
        struct fault fault = {0};
        if (!address_range_parse(cases[i].text, &range, &fault)) {
            fail_msg("%s: %s", cases[i].text, fault.message);
        }
        assert_int_equal(range.prefix_bits, cases[i].bits);
        assert_int_equal(range.port, cases[i].port);
    }
}

static void a_bad_exception_is_refused_with_what_to_write(void **state)
{
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"", "'' is no address"},
        {"rsshub.lan", "write it with the port that may be asked, such as \"rsshub.lan:80\""},
        {"localhost", "write it with the port"},
        {"rsshub.lan:1200/24", "is no address"},
        {"rsshub.lan:0", "a port is a number from 1 to 65535"},
        {"10.0.1:80", "is no address"},
        {".lan:80", "is no address"},
        {"user@host:80", "is no address"},
        {"host name:80", "is no address"},
        {"127.0.0.1:", "a port is a number from 1 to 65535"},
        {"127.0.0.1:0", "a port is a number from 1 to 65535"},
        {"127.0.0.1:65536", "a port is a number from 1 to 65535"},
        {"127.0.0.1:http", "a port is a number from 1 to 65535"},
        {"127.0.0.1:-1", "a port is a number from 1 to 65535"},
        {"10.0.0.0/", "a number of bits from 0 to 32"},
        {"10.0.0.0/33", "a number of bits from 0 to 32"},
        {"::/129", "a number of bits from 0 to 128"},
        {"10.0.0.0/8x", "a number of bits from 0 to 32"},
        {"10.1.2.3/8", "write \"10.0.0.0/8\" for the network or \"10.1.2.3\""},
        {"10.0.0.0:80/8", "both a port and a '/'"},
        {"[::1", "is no address"},
        {"[::1]80", "is no address"},
        {"[::1]:99999", "a port is a number"},
        {"010.0.0.1", "is no address"},
        {"10.0.1", "is no address"},
        {"1234:5678:9abc:def0:1234:5678:9abc:def0:1234:5678:9abc:def0:1234:5678:9abc:def0",
            "is no address"},
        {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "a"
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "a"
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "a"
         "aaaaaaaaaaaaaaaaaaaaa:80",
            "…' is"},
        {"http://127.0.0.1", "is no address"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct address_range range = {.port = 7};
        struct fault fault = {0};
        if (address_range_parse(cases[i].text, &range, &fault)) {
            fail_msg("'%s' was accepted", cases[i].text);
        }
        assert_int_equal(fault.kind, FAULT_CONFIG);
        assert_int_equal(range.port, 7);
        if (strstr(fault.message, cases[i].part) == NULL) {
            fail_msg(
                "'%s': expected \"%s\" in \"%s\"", cases[i].text, cases[i].part, fault.message);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_addresses_are_named_with_their_rfc),
        cmocka_unit_test(public_addresses_are_let_through_up_to_the_border),
        cmocka_unit_test(the_sentence_says_what_to_write),
        cmocka_unit_test(what_the_sentence_says_to_write_then_works),
        cmocka_unit_test(an_exception_holds_for_its_net_and_port_only),
        cmocka_unit_test(a_name_lets_through_only_itself_its_port_and_local_addresses),
        cmocka_unit_test(what_only_an_exception_lets_through_is_not_public),
        cmocka_unit_test(what_is_neither_ipv4_nor_ipv6_is_refused),
        cmocka_unit_test(every_good_form_of_an_exception_is_read),
        cmocka_unit_test(a_bad_exception_is_refused_with_what_to_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
