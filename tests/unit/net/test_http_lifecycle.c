/* Names, many requests at once, and every way to give one up. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake_resolver.h"
#include "http_bench.h"

static void url_on(
    char *url, size_t bytes, const struct http_bench *bench, const char *host, const char *path)
{
    snprintf(url, bytes, "http://%s:%d%s", host, bench->origin.port, path);
}

/* Calls `check` on a later turn of the loop, again and again until it returns true. */
struct watcher {
    uv_timer_t timer;
    bool (*check)(void *data);
    void *data;
};

static void on_watch(uv_timer_t *timer)
{
    struct watcher *watcher = timer->data;
    if (watcher->check(watcher->data)) {
        uv_close((uv_handle_t *)timer, NULL);
    }
}

static void watch(
    struct http_bench *bench, struct watcher *watcher, bool (*check)(void *), void *data)
{
    *watcher = (struct watcher){.check = check, .data = data};
    uv_timer_init(loop_uv(bench->loop), &watcher->timer);
    watcher->timer.data = watcher;
    uv_timer_start(&watcher->timer, on_watch, 1, 1);
}

/* --- names ----------------------------------------------------------------------------------
 */

static void a_name_that_does_not_exist_is_named(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "http://feeds.invalid/rss", &answer);
    assert_true(answer.failed);
    assert_int_equal(answer.fault.kind, FAULT_NETWORK);
    assert_string_equal(answer.fault.message, "could not find host 'feeds.invalid'");
    assert_int_equal(answer.numbers.status, 0);
}

static void the_guard_judges_what_a_name_resolves_to(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    char url[128];
    bench_get(bench, "http://private.test/rss", &answer);
    assert_int_equal(answer.fault.kind, FAULT_LIMIT);
    assert_non_null(strstr(answer.fault.message, "address 10.0.0.1 is private (RFC 1918)"));
    url_on(url, sizeof(url), bench, "origin.test", "/ok");
    bench_get(bench, url, &answer);
    assert_int_equal(answer.numbers.status, 200);
    url_on(url, sizeof(url), bench, "127.0.0.1", "/to?url=http://private.test/");
    bench_get(bench, url, &answer);
    assert_non_null(strstr(answer.fault.message, "after a redirect: address 10.0.0.1"));
}

static void of_a_names_addresses_only_the_public_ones_are_asked(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    char url[128];
    url_on(url, sizeof(url), bench, "both.test", "/ok");
    bench_get(bench, url, &answer);
    assert_false(answer.failed);
    assert_int_equal(answer.numbers.status, 200);
    /* one that was asked and refused says more than one that was not asked */
    bench_get(bench, "http://both.test:1/", &answer);
    assert_string_equal(answer.fault.message, "connection refused by both.test:1");
}

static void a_stuck_name_server_holds_neither_the_loop_nor_other_requests(void **state)
{
    struct http_bench *bench = *state;
    struct answer stuck, other;
    bench->options.connect_timeout_ms = 500;
    bench_start(bench, "http://stuck.test/", &stuck);
    bench_start(bench, "/ok", &other);
    bench_run(bench); /* would never end if the loop joined the resolver's thread */
    assert_int_equal(fake_resolver_stuck(), 1);
    fake_resolver_release();
    assert_string_equal(stuck.fault.message, "could not find host 'stuck.test' within 0.5 s");
    assert_int_equal(other.numbers.status, 200);
}

/* --- giving up ------------------------------------------------------------------------------
 */

static void assert_cancelled(const struct answer *answer)
{
    assert_int_equal(answer->calls, 1);
    assert_true(answer->failed);
    assert_int_equal(answer->fault.kind, FAULT_CANCELLED);
}

static void cancel_right_after_the_start_calls_back_later_and_once(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_start(bench, "/ok", &answer);
    http_cancel(answer.request);
    http_cancel(answer.request);
    assert_int_equal(answer.calls, 0);
    bench_run(bench);
    assert_cancelled(&answer);
}

static bool name_is_stuck(void *data)
{
    struct answer *answer = data;
    if (fake_resolver_stuck() == 0) {
        return false;
    }
    http_cancel(answer->request);
    return true;
}

static void cancel_while_the_name_is_looked_up(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    struct watcher watcher;
    bench_start(bench, "http://stuck.test/", &answer);
    watch(bench, &watcher, name_is_stuck, &answer);
    bench_run(bench);
    fake_resolver_release();
    assert_cancelled(&answer);
}

struct cancel_when {
    struct http_bench *bench;
    struct answer *answer, *probe;
    const char *path;
};

static void on_probe(void *data, struct http_response *response, const struct fault *fault)
{
    struct cancel_when *when = data;
    when->bench->waiting--;
    bool seen = strstr(response->body, when->path) != NULL;
    if (seen) {
        http_cancel(when->answer->request);
        return;
    }
    struct fault ignored;
    assert_true(
        http_get(when->bench->client, &when->bench->options, on_probe, when, NULL, &ignored));
    when->bench->waiting++;
}

/* Cancel as soon as the origin has seen the request. */
static void cancel_once_asked(struct http_bench *bench, const char *path)
{
    struct answer answer;
    char url[128];
    struct fault fault;
    bench_start(bench, path, &answer);
    struct cancel_when when = {.bench = bench, .answer = &answer, .path = path};
    url_on(url, sizeof(url), bench, "127.0.0.1", "/_log");
    bench->options.url = url;
    bench->waiting++;
    assert_true(http_get(bench->client, &bench->options, on_probe, &when, NULL, &fault));
    bench_run(bench);
    assert_cancelled(&answer);
    assert_int_equal(answer.numbers.body_length, 0);
}

static void cancel_while_the_server_thinks_or_sends(void **state)
{
    cancel_once_asked(*state, "/hang/cancelled");
    cancel_once_asked(*state, "/hang-headers/cancelled");
    cancel_once_asked(*state, "/hang-body/cancelled");
    cancel_once_asked(*state, "/drip/cancelled");
    cancel_once_asked(*state, "/slow/hang/cancelled");
}

static void cancel_while_waiting_for_a_connection(void **state)
{
    struct http_bench *bench = *state;
    struct answer running[32], waiting;
    for (int i = 0; i < 32; i++) {
        bench_start(bench, "/slow?ms=50", &running[i]);
    }
    bench_start(bench, "/ok/never-sent", &waiting);
    http_cancel(waiting.request);
    bench_run(bench);
    assert_cancelled(&waiting);
    char *log = bench_log(bench);
    assert_null(strstr(log, "never-sent"));
    free(log);
}

static void on_done_cancel_other(
    void *data, struct http_response *response, const struct fault *fault)
{
    struct answer *answers = data;
    http_cancel(answers[0].request); /* its own: nothing happens */
    http_cancel(answers[1].request);
    bench_on_done(&answers[0], response, fault);
}

static void a_callback_may_cancel_others_and_itself(void **state)
{
    struct http_bench *bench = *state;
    struct answer answers[2];
    struct fault fault;
    char url[128];
    bench_start(bench, "/hang/other", &answers[1]);
    url_on(url, sizeof(url), bench, "127.0.0.1", "/ok");
    bench->options.url = url;
    answers[0] = (struct answer){.bench = bench};
    bench->waiting++;
    assert_true(http_get(bench->client, &bench->options, on_done_cancel_other, answers,
        &answers[0].request, &fault));
    bench_run(bench);
    assert_int_equal(answers[0].calls, 1);
    assert_false(answers[0].failed);
    assert_cancelled(&answers[1]);
}

/* --- the client's end -----------------------------------------------------------------------
 */

static void freeing_the_client_tells_every_request(void **state)
{
    struct http_bench *bench = *state;
    struct answer answers[40], cancelled;
    for (int i = 0; i < 40; i++) { /* 32 run, 8 wait */
        bench_start(bench, i % 2 == 0 ? "/hang" : "http://stuck.test/", &answers[i]);
    }
    bench_start(bench, "/ok", &cancelled);
    http_cancel(cancelled.request);
    http_client_free(bench->client);
    bench->client = NULL;
    assert_int_equal(bench->waiting, 0);
    for (int i = 0; i < 40; i++) {
        assert_cancelled(&answers[i]);
    }
    assert_cancelled(&cancelled);
    bench_run(bench);
    fake_resolver_release();
}

static void on_done_free_client(
    void *data, struct http_response *response, const struct fault *fault)
{
    struct answer *answer = data;
    struct http_client *client = answer->bench->client;
    answer->bench->client = NULL;
    http_client_free(client);
    bench_on_done(data, response, fault);
}

static void a_callback_may_free_the_client(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer = {.bench = bench}, other;
    struct fault fault;
    char url[128];
    bench_start(bench, "/drip", &other);
    url_on(url, sizeof(url), bench, "127.0.0.1", "/ok");
    bench->options.url = url;
    bench->waiting++;
    assert_true(
        http_get(bench->client, &bench->options, on_done_free_client, &answer, NULL, &fault));
    bench_run(bench);
    assert_int_equal(answer.calls, 1);
    assert_false(answer.failed);
    assert_non_null(strstr(answer.body, "</rss>"));
    assert_cancelled(&other);
}

static void freeing_nothing_is_harmless(void **state)
{
    http_client_free(NULL);
    loop_free(NULL);
}

/* --- many -----------------------------------------------------------------------------------
 */

static void two_hundred_requests_at_once_are_all_answered(void **state)
{
    struct http_bench *bench = *state;
    struct answer *answers = calloc(200, sizeof(*answers));
    static const char *const paths[] = {"/ok", "/gzip", "/chain/301,302", "/status/404",
        "/slow?ms=20", "/truncated", "/etagflip", "/size?bytes=200000"};
    for (size_t i = 0; i < 200; i++) {
        bench_start(bench, paths[i % array_count(paths)], &answers[i]);
    }
    bench_run(bench);
    for (size_t i = 0; i < 200; i++) {
        assert_int_equal(answers[i].calls, 1);
        assert_int_equal(answers[i].failed, i % array_count(paths) == 5);
    }
    free(answers);
}

static void time_spent_waiting_for_a_connection_does_not_count(void **state)
{
    struct http_bench *bench = *state;
    struct answer answers[8];
    http_client_free(bench->client);
    bench->client = http_client_new(bench->loop, 1);
    bench->options.timeout_ms = 1000;
    for (int i = 0; i < 8; i++) { /* one after the other: 1600 ms */
        bench_start(bench, "/slow?ms=200", &answers[i]);
    }
    bench_run(bench);
    for (int i = 0; i < 8; i++) {
        assert_false(answers[i].failed);
    }
}

static void connections_stay_bounded(void **state)
{
    struct http_bench *bench = *state;
    struct answer answers[64], open;
    for (int i = 0; i < 64; i++) {
        bench_start(bench, "/slow?ms=30", &answers[i]);
    }
    bench_start(bench, "/_open", &open);
    bench_run(bench);
    int count = atoi(open.body);
    assert_in_range(count, 1, 32 + 16); /* what runs, and what is kept for reuse */
}

/* The client's port of the last request for `path`. */
static int last_port(struct http_bench *bench, const char *path)
{
    char *log = bench_log(bench);
    const char *found = NULL;
    for (char *next = log; (next = strstr(next, path)) != NULL; next++) {
        found = next;
    }
    assert_non_null(found);
    const char *port = strstr(found, "\"client\": ");
    assert_non_null(port);
    int number = atoi(port + strlen("\"client\": "));
    free(log);
    return number;
}

static void the_connection_of_a_hosts_last_request_is_not_kept(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "/ok?kept", &answer);
    bench->options.last_of_host = true;
    bench_get(bench, "/ok?closed", &answer);
    int port = last_port(bench, "kept");
    assert_int_equal(last_port(bench, "closed"), port);
    bench_get(bench, "/ok?anew", &answer);
    assert_int_not_equal(last_port(bench, "anew"), port);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_name_that_does_not_exist_is_named),
        TEST(the_guard_judges_what_a_name_resolves_to),
        TEST(of_a_names_addresses_only_the_public_ones_are_asked),
        TEST(a_stuck_name_server_holds_neither_the_loop_nor_other_requests),
        TEST(cancel_right_after_the_start_calls_back_later_and_once),
        TEST(cancel_while_the_name_is_looked_up),
        TEST(cancel_while_the_server_thinks_or_sends),
        TEST(cancel_while_waiting_for_a_connection),
        TEST(a_callback_may_cancel_others_and_itself),
        TEST(freeing_the_client_tells_every_request),
        TEST(a_callback_may_free_the_client),
        TEST(freeing_nothing_is_harmless),
        TEST(two_hundred_requests_at_once_are_all_answered),
        TEST(time_spent_waiting_for_a_connection_does_not_count),
        TEST(connections_stay_bounded),
        TEST(the_connection_of_a_hosts_last_request_is_not_kept),
    };
    return cmocka_run_group_tests(tests, bench_open_group, bench_close_group);
}
