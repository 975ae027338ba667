#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probe.h"
#include "web/server/events.h"

static struct probe *probe;
static struct events *events;

static void open_events(struct server *server, void *data)
{
    events = events_new(probe_loop(probe));
    server_take_calls(server, &(struct endpoint_doors){.events = events});
}

static void close_events(struct server *server, void *data)
{
    events_stop(events);
}

static int set_up(void **state)
{
    probe = probe_start();
    probe_on_loop(probe, open_events, NULL);
    return 0;
}

static int tear_down(void **state)
{
    probe_on_loop(probe, close_events, NULL);
    probe_stop(probe);
    return 0;
}

struct posting {
    const char *name, *json;
    int times;
};

static void post(struct server *server, void *data)
{
    const struct posting *posting = data;
    for (int i = 0; i < posting->times; i++) {
        events_post(events, posting->name, posting->json);
    }
}

static void post_times(const char *name, const char *json, int times)
{
    struct posting posting = {name, json, times};
    probe_on_loop(probe, post, &posting);
}

static void read_count(struct server *server, void *data)
{
    *(size_t *)data = events_listener_count(events);
}

static size_t count_listeners(void)
{
    size_t count;
    probe_on_loop(probe, read_count, &count);
    return count;
}

static int listen_from(const char *headers)
{
    int connection = probe_connect(probe);
    char request[512];
    int length = snprintf(request, sizeof(request),
        "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n%s\r\n", headers);
    probe_send(connection, request, (size_t)length);
    return connection;
}

/* Read until `wanted` has come; `text` keeps all of it. The probe's sockets have a deadline. */
static void read_until(int connection, char *text, size_t size, const char *wanted)
{
    size_t length = strlen(text);
    while (strstr(text, wanted) == NULL) {
        assert_true(length + 1 < size);
        ssize_t got = recv(connection, text + length, size - length - 1, 0);
        assert_true(got > 0);
        length += (size_t)got;
        text[length] = '\0';
    }
}

static void a_listener_is_greeted_and_told_what_happens(void **state)
{
    char text[8192] = "";
    int connection = listen_from("");
    read_until(connection, text, sizeof(text), "event: hello\ndata: {\"version\":");
    assert_non_null(strstr(text, "Content-Type: text/event-stream"));
    post_times("stories", "{\"new\":3}", 1);
    read_until(connection, text, sizeof(text), "event: stories\ndata: {\"new\":3}\n\n");
    close(connection);
}

static void one_that_comes_back_gets_what_it_missed(void **state)
{
    char text[8192] = "", again[8192] = "", header[64];
    int connection = listen_from("");
    read_until(connection, text, sizeof(text), "hello");
    post_times("first", "{}", 1);
    read_until(connection, text, sizeof(text), "event: first\ndata: {}\n\n");
    close(connection);
    post_times("second", "{}", 1);
    const char *id = strstr(text, "event: first");
    while (strncmp(id, "id: ", 4) != 0) {
        id--;
    }
    snprintf(header, sizeof(header), "Last-Event-ID: %lld\r\n", atoll(id + 4));
    connection = listen_from(header);
    read_until(connection, again, sizeof(again), "event: second");
    assert_null(strstr(again, "event: first"));
    assert_null(strstr(again, "reset"));
    close(connection);
}

static void one_that_missed_too_much_reads_everything_anew(void **state)
{
    char text[8192] = "";
    post_times("old", "{}", EVENTS_KEPT + 10);
    int connection = listen_from("Last-Event-ID: 5\r\n");
    read_until(connection, text, sizeof(text), "event: reset\n");
    assert_null(strstr(text, "event: old"));
    post_times("new", "{}", 1);
    read_until(connection, text, sizeof(text), "event: new\n");
    close(connection);
}

/* More than sockets and ring hold: what it gets ends at a message's border or the stream ends.
 */
static void one_that_never_reads_is_cut_off(void **state)
{
    static char big[32 * 1024];
    memset(big, 'x', sizeof(big) - 1);
    memcpy(big, "{\"a\":\"", 6);
    memcpy(big + sizeof(big) - 3, "\"}", 2);
    char text[1024] = "";
    int connection = listen_from("");
    read_until(connection, text, sizeof(text), "hello");
    for (int i = 0; i < 4; i++) {
        post_times("big", big, EVENTS_KEPT / 2);
    }
    /* Either it is cut off inside a message, or it is told to begin anew between two. */
    static char rest[64 * 1024];
    ssize_t got;
    do {
        got = recv(connection, rest, sizeof(rest) - 1, 0);
        assert_true(got >= 0);
        rest[got] = '\0';
    } while (got > 0 && strstr(rest, "event: reset") == NULL);
    close(connection);
}

static void one_that_goes_is_forgotten(void **state)
{
    char text[8192] = "";
    int connection = listen_from("");
    read_until(connection, text, sizeof(text), "hello");
    assert_int_equal(count_listeners(), 1);
    close(connection);
    for (int i = 0; i < 10000 && count_listeners() > 0; i++) {
        post_times("poke", "{}", 1);
    }
    assert_int_equal(count_listeners(), 0);
}

static void a_server_stops_under_its_listeners(void **state)
{
    char text[8192] = "";
    int connections[50];
    for (size_t i = 0; i < 50; i++) {
        connections[i] = listen_from("");
        text[0] = '\0';
        read_until(connections[i], text, sizeof(text), "hello");
    }
    assert_int_equal(count_listeners(), 50);
    probe_on_loop(probe, close_events, NULL);
    events = NULL;
    probe_stop_server(probe);
    for (size_t i = 0; i < 50; i++) {
        while (recv(connections[i], text, sizeof(text), 0) > 0) {
        }
        close(connections[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_listener_is_greeted_and_told_what_happens, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            one_that_comes_back_gets_what_it_missed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            one_that_missed_too_much_reads_everything_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_never_reads_is_cut_off, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_goes_is_forgotten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_server_stops_under_its_listeners, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
