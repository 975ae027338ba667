/* The address guard as a request meets it: at connect time, on kept connections, by name. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_bench.h"

static void loopback_is_refused_unless_allowed(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench->options.allowed_count = 0;
    bench_get(bench, "/ok", &answer);
    bench_assert_fault(
        &answer, FAULT_LIMIT, "address 127.0.0.1 is loopback (RFC 1122): add allow");
}

static void a_kept_connection_does_not_bypass_the_guard(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "/ok?allowed", &answer);
    bench_assert_answered(&answer, 200);
    bench->options.allowed_count = 0;
    bench_get(bench, "/ok?smuggled", &answer);
    bench_assert_fault(&answer, FAULT_LIMIT, "address 127.0.0.1 is loopback");
    char *log = bench_log(bench);
    assert_null(strstr(log, "smuggled"));
    free(log);
}

/* Allow only "origin.test:PORT", which the test's resolver says is 127.0.0.1. */
static void allow_by_name(struct http_bench *bench, struct address_range *ret_range)
{
    struct fault fault;
    char text[64];
    snprintf(text, sizeof(text), "origin.test:%d", bench->origin.port);
    assert_true(address_range_parse(text, ret_range, &fault));
    bench->options.allowed = ret_range;
    bench->options.allowed_count = 1;
}

static void an_exception_by_name_holds_for_that_name_at_connect_time(void **state)
{
    struct http_bench *bench = *state;
    struct address_range range;
    struct answer answer;
    char url[128];
    allow_by_name(bench, &range);
    snprintf(url, sizeof(url), "http://origin.test:%d/ok?named", bench->origin.port);
    bench_get(bench, url, &answer);
    bench_assert_answered(&answer, 200);
    assert_true(answer.numbers.private_address);
    bench_get(bench, "/ok?smuggled", &answer); /* the same machine by its address */
    bench_assert_fault(&answer, FAULT_LIMIT, "address 127.0.0.1 is loopback");
    char *log = bench_log(bench);
    assert_null(strstr(log, "smuggled"));
    free(log);
}

static void an_exception_by_name_ends_where_a_redirect_leaves_the_name(void **state)
{
    struct http_bench *bench = *state;
    struct address_range range;
    struct answer answer;
    char url[256];
    allow_by_name(bench, &range);
    snprintf(url, sizeof(url),
        "http://origin.test:%d/to?url=http%%3A%%2F%%2F127.0.0.1%%3A%d%%2Fok",
        bench->origin.port, bench->origin.port);
    bench_get(bench, url, &answer);
    bench_assert_fault(&answer, FAULT_LIMIT, "after a redirect: address 127.0.0.1 is loopback");
    snprintf(url, sizeof(url), "http://origin.test:%d/redirect/302/ok", bench->origin.port);
    bench_get(bench, url, &answer); /* which stays */
    bench_assert_answered(&answer, 200);
}

static void a_connection_kept_by_one_name_is_not_another_feeds(void **state)
{
    struct http_bench *bench = *state;
    struct address_range range;
    struct answer answer;
    char url[128];
    snprintf(url, sizeof(url), "http://origin.test:%d/ok?smuggled", bench->origin.port);
    allow_by_name(bench, &range);
    bench_get(bench, url, &answer);
    bench_assert_answered(&answer, 200);
    bench->options.allowed_count = 0;
    bench_get(bench, url, &answer);
    bench_assert_fault(&answer, FAULT_LIMIT, "address 127.0.0.1 is loopback");
}

static void a_proxy_of_the_environment_is_not_used(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    bench_get(bench, "/ok", &answer);
    unsetenv("http_proxy");
    bench_assert_answered(&answer, 200);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(loopback_is_refused_unless_allowed),
        TEST(a_kept_connection_does_not_bypass_the_guard),
        TEST(an_exception_by_name_holds_for_that_name_at_connect_time),
        TEST(an_exception_by_name_ends_where_a_redirect_leaves_the_name),
        TEST(a_connection_kept_by_one_name_is_not_another_feeds),
        TEST(a_proxy_of_the_environment_is_not_used),
    };
    return cmocka_run_group_tests(tests, bench_open_group, bench_close_group);
}
