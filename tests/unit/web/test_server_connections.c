/* Connections as clients abuse them: many, slow, endless, malformed, given up; each costs only
 * itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "probe.h"
#include "web/server/listen.h"

static struct probe *probe;
static struct snapshot *served; /* a reference of the test's own, to compare with */

static int start(void **state)
{
    probe = probe_start();
    served = probe_snapshot(20000);
    probe_publish(probe, snapshot_ref(served));
    return 0;
}

static int stop(void **state)
{
    probe_stop(probe);
    snapshot_unref(served);
    served = NULL;
    return 0;
}

static void a_connection_serves_many_requests(void **state)
{
    static const char request[] = "GET /draft.md HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int connection = probe_connect(probe);
    for (int i = 0; i < 20; i++) {
        probe_send(connection, request, strlen(request));
        struct reply reply = probe_read(connection, false);
        assert_int_equal(reply.status, 200);
        assert_int_equal(reply.length, served->bodies[SNAPSHOT_MARKDOWN].length);
        reply_release(&reply);
    }
    close(connection);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    static const char requests[] = "GET /draft.md HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                   "HEAD /draft.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                   "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                   "GET /draft.json HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int connection = probe_connect(probe);
    probe_send(connection, requests, strlen(requests));
    static const int statuses[] = {200, 200, 404, 200};
    for (int i = 0; i < 4; i++) {
        struct reply reply = probe_read(connection, i == 1);
        assert_int_equal(reply.status, statuses[i]);
        if (i == 3) {
            assert_memory_equal(reply.body, served->bodies[SNAPSHOT_JSON].data, reply.length);
        }
        reply_release(&reply);
    }
    close(connection);
}

static void a_slow_request_blocks_nobody(void **state)
{
    static const char request[] = "GET /draft.md HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int slow = probe_connect(probe);
    for (size_t i = 0; i < strlen(request); i++) {
        probe_send(slow, request + i, 1);
        if (i % 8 == 0) {
            struct reply other = probe_ask(probe, "GET", "/draft.json", "");
            assert_int_equal(other.status, 200);
            reply_release(&other);
        }
    }
    struct reply reply = probe_read(slow, false);
    assert_int_equal(reply.status, 200);
    reply_release(&reply);
    close(slow);
}

static void two_hundred_connections_are_served_at_once(void **state)
{
    enum { CONNECTIONS = 200 };
    static const char request[] =
        "GET /draft.md HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n";
    int connections[CONNECTIONS];
    for (int i = 0; i < CONNECTIONS; i++) {
        connections[i] = probe_connect(probe);
        probe_send(connections[i], request, strlen(request));
    }
    for (int i = CONNECTIONS - 1; i >= 0; i--) {
        struct reply reply = probe_read(connections[i], false);
        assert_int_equal(reply.status, 200);
        assert_int_equal(reply.length, served->bodies[SNAPSHOT_MARKDOWN].gzip_length);
        reply_release(&reply);
    }
    for (int i = 0; i < CONNECTIONS; i++) {
        close(connections[i]);
    }
}

static void a_megabyte_posted_gets_its_405(void **state)
{
    enum { BYTES = 1 << 20 };
    char *body = calloc(1, BYTES);
    int connection = probe_connect(probe);
    char head[128];
    int length = snprintf(head, sizeof(head),
        "POST /draft.md HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n", BYTES);
    probe_send(connection, head, (size_t)length);
    probe_send(connection, body, BYTES);
    struct reply reply = probe_read(connection, false);
    reply_assert_problem(&reply, 405, "/draft.md");
    reply_release(&reply);
    close(connection);
    free(body);
}

static void a_larger_body_is_refused_before_it_is_sent(void **state)
{
    static const char *const methods[] = {"POST", "GET", "PATCH"};
    for (size_t i = 0; i < array_count(methods); i++) {
        struct reply reply = probe_ask(
            probe, methods[i], "/draft.md", "Content-Length: 99999999999\r\n");
        reply_assert_problem(&reply, 413, "/draft.md");
        reply_release(&reply);
    }
}

static void a_body_with_two_lengths_is_refused_and_never_taken_for_a_request(void **state)
{
    static const char *const framings[] = {"Content-Length: 5\r\nContent-Length: 60\r\n",
        "Content-Length: 60\r\nContent-Length: 5\r\n",
        "Content-Length: 60\r\nTransfer-Encoding: chunked\r\n"};
    for (size_t i = 0; i < array_count(framings); i++) {
        char request[512];
        snprintf(request, sizeof(request),
            "GET /draft.md HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
            "hello"
            "GET /draft.json HTTP/1.1\r\nHost: localhost\r\n\r\n",
            framings[i]);
        int connection = probe_connect(probe);
        probe_send(connection, request, strlen(request));
        struct reply reply = probe_read(connection, false);
        reply_assert_problem(&reply, 400, "/draft.md");
        reply_assert_header(&reply, "Connection", "close");
        reply_release(&reply);
        reply = probe_read(connection, false);
        assert_true(reply.closed);
        reply_release(&reply);
        close(connection);
    }
}

static void a_body_on_get_is_read_and_ignored(void **state)
{
    static const char requests[] =
        "GET /draft.md HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"
        "GET /draft.json HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n0\r\n\r\n"
        "GET /draft.md HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int connection = probe_connect(probe);
    probe_send(connection, requests, strlen(requests));
    for (int i = 0; i < 3; i++) {
        struct reply reply = probe_read(connection, false);
        assert_int_equal(reply.status, 200);
        reply_release(&reply);
    }
    close(connection);
}

static void an_endless_chunked_body_is_cut(void **state)
{
    static const char head[] =
        "POST /draft.md HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    static char chunk[65536];
    memset(chunk, 'x', sizeof(chunk));
    int connection = probe_connect(probe);
    probe_send(connection, head, strlen(head));
    char line[16];
    ssize_t sent = 0;
    for (int i = 0; i < 64 && sent >= 0; i++) {
        int length = snprintf(line, sizeof(line), "%zx\r\n", sizeof(chunk));
        sent = send(connection, line, (size_t)length, MSG_NOSIGNAL);
        sent = sent < 0 ? sent : send(connection, chunk, sizeof(chunk), MSG_NOSIGNAL);
        sent = sent < 0 ? sent : send(connection, "\r\n", 2, MSG_NOSIGNAL);
    }
    struct reply reply = probe_read(connection, false);
    assert_true(reply.closed || reply.status >= 400);
    reply_release(&reply);
    close(connection);
    reply = probe_ask(probe, "GET", "/draft.md", "");
    assert_int_equal(reply.status, 200);
    reply_release(&reply);
}

static void long_targets_and_headers_are_refused(void **state)
{
    static char target[200001];
    static const size_t lengths[] = {5000, 10000, 200000};
    for (size_t i = 0; i < array_count(lengths); i++) {
        memset(target, 'a', lengths[i]);
        target[0] = '/';
        target[lengths[i]] = '\0';
        struct reply reply = probe_ask(probe, "GET", target, "");
        assert_true(reply.closed || reply.status == 414);
        if (lengths[i] <= 10000) {
            assert_int_equal(reply.status, 414);
        }
        reply_release(&reply);
    }
    memset(target, 'a', 40000);
    memcpy(target, "X-Long: ", 8);
    memcpy(target + 39998, "\r\n", 3);
    struct reply reply = probe_ask(probe, "GET", "/draft.md", target);
    assert_true(reply.closed || reply.status == 431);
    reply_release(&reply);
}

static void malformed_requests_cost_only_themselves(void **state)
{
    static const char *const requests[] = {
        "GET\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        ("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
         "Content-Length: 6\r\n\r\nhello"),
        "GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "\x16\x03\x01\x02\x01\x01\x01\xfc\x03\x03\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "\xff\xfe\xfd \xff HTTP/1.1\r\n\r\n",
        " / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET  /  HTTP/1.1\r\nHost: localhost\r\n\r\n",
    };
    for (size_t i = 0; i < array_count(requests); i++) {
        int connection = probe_connect(probe);
        probe_send(connection, requests[i], strlen(requests[i]));
        shutdown(connection, SHUT_WR);
        struct reply reply = probe_read(connection, false);
        assert_true(reply.closed || reply.status >= 200);
        reply_release(&reply);
        close(connection);
    }
    struct reply reply = probe_ask(probe, "GET", "/draft.md", "");
    assert_int_equal(reply.status, 200);
    reply_release(&reply);
}

static void a_target_with_broken_utf8_gives_a_valid_problem(void **state)
{
    struct reply reply = probe_ask(probe, "GET", "/\xff\xc3(", "");
    reply_assert_problem(&reply, 404, "/\xef\xbf\xbd\xef\xbf\xbd(");
    reply_release(&reply);
}

static void a_connection_given_up_in_mid_response_frees_its_snapshot(void **state)
{
    struct snapshot *large = probe_snapshot(16 << 20);
    probe_publish(probe, snapshot_ref(large));
    int connection = probe_connect(probe);
    static const char request[] = "GET /draft.md HTTP/1.1\r\nHost: localhost\r\n\r\n";
    probe_send(connection, request, strlen(request));
    char some[4096];
    assert_true(recv(connection, some, sizeof(some), 0) > 0);
    assert_int_equal(large->references, 3); /* ours, the server's, the response's */
    probe_publish(probe, probe_snapshot(1000));
    assert_int_equal(large->references, 2);
    /* The old document goes on while the new one is served to others. */
    struct reply reply = probe_ask(probe, "GET", "/draft.json", "");
    assert_true(reply.length < 2000);
    reply_release(&reply);
    struct linger abort_now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(connection, SOL_SOCKET, SO_LINGER, &abort_now, sizeof(abort_now));
    close(connection);
    while (large->references != 1) { /* bounded by the test's timeout */
        reply = probe_ask(probe, "GET", "/healthz", "");
        reply_release(&reply);
    }
    snapshot_unref(large);
}

static void stopping_cuts_responses_and_frees_everything(void **state)
{
    struct snapshot *large = probe_snapshot(16 << 20);
    probe_publish(probe, snapshot_ref(large));
    static const char request[] = "GET /draft.md HTTP/1.1\r\nHost: localhost\r\n\r\n";
    int reading = probe_connect(probe), idle = probe_connect(probe),
        half = probe_connect(probe);
    probe_send(reading, request, strlen(request));
    probe_send(half, request, 10);
    char some[4096];
    assert_true(recv(reading, some, sizeof(some), 0) > 0);
    probe_stop_server(probe);
    assert_int_equal(large->references, 1);
    struct reply reply = probe_read(idle, false);
    assert_true(reply.closed);
    reply_release(&reply);
    close(reading);
    close(idle);
    close(half);
    snapshot_unref(large);
}

static void a_second_server_on_the_port_is_refused(void **state)
{
    int fd;
    char address[32];
    struct fault fault;
    snprintf(address, sizeof(address), "127.0.0.1:%d", probe_port(probe));
    assert_false(listen_open(address, false, &fd, &fault));
    assert_non_null(strstr(fault.message, "another program uses that port"));
}

#define with_server(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_server(a_connection_serves_many_requests),
        with_server(pipelined_requests_are_answered_in_order),
        with_server(a_slow_request_blocks_nobody),
        with_server(two_hundred_connections_are_served_at_once),
        with_server(a_megabyte_posted_gets_its_405),
        with_server(a_larger_body_is_refused_before_it_is_sent),
        with_server(a_body_with_two_lengths_is_refused_and_never_taken_for_a_request),
        with_server(a_body_on_get_is_read_and_ignored),
        with_server(an_endless_chunked_body_is_cut),
        with_server(long_targets_and_headers_are_refused),
        with_server(malformed_requests_cost_only_themselves),
        with_server(a_target_with_broken_utf8_gives_a_valid_problem),
        with_server(a_connection_given_up_in_mid_response_frees_its_snapshot),
        with_server(stopping_cuts_responses_and_frees_everything),
        with_server(a_second_server_on_the_port_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
