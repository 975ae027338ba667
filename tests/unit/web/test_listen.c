#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "web/server/listen.h"
#include "web/server/request.h"

static void only_loopback_addresses_are_accepted(void **state)
{
    static const struct {
        const char *text;
        const char *complaint; /* NULL: accepted */
    } cases[] = {
        {"127.0.0.1:8080", NULL},
        {"127.1.2.3:0", NULL},
        {"[::1]:8080", NULL},
        {"localhost:8080", NULL},
        {"0.0.0.0:8080", "other machines"},
        {"192.168.1.5:8080", "other machines"},
        {"[::]:8080", "other machines"},
        {"[2001:db8::1]:8080", "other machines"},
        {"", "not an address"},
        {"8080", "not an address"},
        {":8080", "not an address"},
        {"127.0.0.1", "not an address"},
        {"127.0.0.1:", "not an address"},
        {"127.0.0.1:65536", "not an address"},
        {"127.0.0.1:99999999999", "not an address"},
        {"127.0.0.1:-1", "not an address"},
        {"127.0.0.1:80x", "not an address"},
        {"127.1:80", "not an address"},
        {"::1:80", "not an address"},
        {"[::1:80", "not an address"},
        {"[::1]80", "not an address"},
        {"example.org:80", "not an address"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct sockaddr_storage address;
        struct fault fault = {0};
        bool accepted = listen_parse(cases[i].text, false, &address, &fault);
        if (accepted != (cases[i].complaint == NULL) ||
            (!accepted && strstr(fault.message, cases[i].complaint) == NULL)) {
            fail_msg("'%s': %s", cases[i].text, fault.message);
        }
        bool reachable = !accepted && strcmp(cases[i].complaint, "other machines") == 0;
        if (listen_parse(cases[i].text, true, &address, &fault) != (accepted || reachable)) {
            fail_msg("'%s' where there are accounts", cases[i].text);
        }
    }
}

static void a_port_in_use_is_said_in_one_sentence(void **state)
{
    int first, second;
    struct fault fault;
    assert_true(listen_open("127.0.0.1:0", false, &first, &fault));
    char again[32];
    snprintf(again, sizeof(again), "127.0.0.1:%d", listen_port(first));
    assert_false(listen_open(again, false, &second, &fault));
    assert_int_equal(fault.kind, FAULT_CONFIG);
    assert_non_null(strstr(fault.message, "another program uses that port"));
    assert_non_null(strstr(fault.message, again));
    close(first);
}

static void a_socket_from_outside_must_listen_on_loopback(void **state)
{
    struct fault fault;
    int pair[2], listening;
    assert_int_equal(pipe(pair), 0);
    assert_false(listen_check(pair[0], false, &fault));
    assert_non_null(strstr(fault.message, "not a socket"));
    close(pair[0]);
    close(pair[1]);
    int idle = socket(AF_INET, SOCK_STREAM, 0);
    assert_false(listen_check(idle, false, &fault));
    assert_non_null(strstr(fault.message, "does not listen"));
    assert_int_equal(listen(idle, 1), 0); /* unbound: the kernel takes 0.0.0.0 */
    assert_false(listen_check(idle, false, &fault));
    assert_non_null(strstr(fault.message, "not bound to a loopback address"));
    assert_false(listen_is_loopback(idle));
    assert_true(listen_check(idle, true, &fault)); /* there is somebody to log in */
    close(idle);
    assert_true(listen_open("[::1]:0", false, &listening, &fault));
    assert_true(listen_check(listening, false, &fault));
    assert_int_not_equal(listen_port(listening), 0);
    char text[LISTEN_TEXT_BYTES], expected[LISTEN_TEXT_BYTES];
    snprintf(expected, sizeof(expected), "[::1]:%d", listen_port(listening));
    assert_string_equal(listen_format(listening, text), expected);
    close(listening);
}

static void a_host_header_must_name_loopback(void **state)
{
    static const struct {
        const char *host;
        bool allowed;
    } cases[] = {
        {"localhost", true},
        {"LOCALHOST:9", true},
        {"127.0.0.1", true},
        {"127.0.0.1:8080", true},
        {"127.9.9.9:1", true},
        {"[::1]", true},
        {"[::1]:8080", true},
        {"", false},
        {"evil.example", false},
        {"127.0.0.1.evil.example", false},
        {"localhost.evil.example:8080", false},
        {"evil.example:127.0.0.1", false},
        {"192.168.1.5", false},
        {"0.0.0.0", false},
        {"[::]", false},
        {"::1", false},
        {"127.0.0.1:", false},
        {"127.0.0.1:80:80", false},
        {"127.0.0.1@evil.example", false},
        {"localhostlocalhostlocalhostlocalhostlocalhostlocalhostlocalhostlocalhost", false},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        if (listen_host_allowed(cases[i].host) != cases[i].allowed) {
            fail_msg("'%s'", cases[i].host);
        }
    }
}

static void an_address_in_numbers_is_no_name(void **state)
{
    assert_true(listen_host_is_address("192.0.2.1:8080"));
    assert_true(listen_host_is_address("[2001:db8::1]"));
    assert_true(listen_host_is_address("127.0.0.1"));
    assert_false(listen_host_is_address("localhost"));
    assert_false(listen_host_is_address("evil.example"));
    assert_false(listen_host_is_address("192.0.2.1.evil.example"));
    assert_false(listen_host_is_address("0x7f000001"));
    assert_false(listen_host_is_address("1"));
    assert_false(listen_host_is_address(""));
}

static void a_target_is_decoded_or_refused(void **state)
{
    static const struct {
        const char *target, *path; /* NULL: refused */
    } cases[] = {
        {"/", "/"},
        {"/draft.md", "/draft.md"},
        {"/draft%2Emd?x=%00", "/draft.md"},
        {"/a#b", "/a"},
        {"*", "*"},
        {"http://localhost:80/draft.md", "/draft.md"},
        {"HTTP://localhost", "/"},
        {"http://localhost?q", "/"},
        {"/%E5%AF%BC", "/\xe5\xaf\xbc"},
        {"//draft.md", "//draft.md"},
        {"/../etc/passwd", "/../etc/passwd"},
        {"", NULL},
        {"draft.md", NULL},
        {"/%00", NULL},
        {"/draft.md%00.html", NULL},
        {"/%0d%0aX: y", NULL},
        {"/%7f", NULL},
        {"/%", NULL},
        {"/%2", NULL},
        {"/%zz", NULL},
        {"ftp://localhost/", NULL},
        {"localhost:80", NULL},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        char path[64];
        bool decoded = request_decode_target(cases[i].target, path);
        if (decoded != (cases[i].path != NULL) ||
            (decoded && strcmp(path, cases[i].path) != 0)) {
            fail_msg("'%s'", cases[i].target);
        }
    }
}

static void a_target_with_an_empty_host_has_none(void **state)
{
    char host[16];
    assert_true(request_target_host("http://a:80/b", host, sizeof(host)));
    assert_string_equal(host, "a:80");
    assert_false(request_target_host("http:///b", host, sizeof(host)));
    assert_false(request_target_host("http://", host, sizeof(host)));
    assert_false(request_target_host("/b", host, sizeof(host)));
    assert_false(request_target_host("http://123456789.123456/", host, sizeof(host)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_loopback_addresses_are_accepted),
        cmocka_unit_test(a_port_in_use_is_said_in_one_sentence),
        cmocka_unit_test(a_socket_from_outside_must_listen_on_loopback),
        cmocka_unit_test(a_host_header_must_name_loopback),
        cmocka_unit_test(an_address_in_numbers_is_no_name),
        cmocka_unit_test(a_target_is_decoded_or_refused),
        cmocka_unit_test(a_target_with_an_empty_host_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
