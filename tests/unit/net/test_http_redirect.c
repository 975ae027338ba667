/* Where a request is sent on to, how far it follows, and what it is not led to. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "http_bench.h"

static void redirects_are_followed_to_their_end(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "/chain/302,307,303", &answer);
    bench_assert_answered(&answer, 200);
    assert_string_equal(answer.url, bench_url(bench, "/chain/"));
    assert_string_equal(answer.permanent_url, "(none)");
}

static void a_chain_of_permanent_redirects_gives_the_new_address(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "/chain/301,308", &answer);
    bench_assert_answered(&answer, 200);
    assert_string_equal(answer.permanent_url, bench_url(bench, "/chain/"));
}

static void a_temporary_redirect_ends_the_permanent_chain(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "/chain/301,302,301", &answer);
    bench_assert_answered(&answer, 200);
    assert_string_equal(answer.permanent_url, bench_url(bench, "/chain/302,301"));
    bench_get(bench, "/chain/302,301", &answer);
    assert_string_equal(answer.permanent_url, "(none)");
}

static void too_many_redirects_are_a_fault(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "/loop", &answer);
    bench_assert_fault(&answer, FAULT_NETWORK, "redirected more than 5 times");
    bench_get(bench, "/chain/301,301,301,301,301", &answer);
    bench_assert_answered(&answer, 200);
}

static bool never_follow(void *data, const char *url)
{
    return false;
}

/* What a caller does that follows in its own time: keep the redirect, go on from there later.
 */
struct follower {
    struct answer answer;
    struct http_redirect redirect;
    char url[512];
};

static void on_open_redirect(
    void *data, struct http_response *response, const struct fault *fault)
{
    struct follower *follower = data;
    follower->redirect = response->redirect;
    snprintf(follower->url, sizeof(follower->url), "%s",
        response->redirect.url == NULL ? "(none)" : response->redirect.url);
    bench_on_done(&follower->answer, response, fault);
}

static void ask_without_following(
    struct http_bench *bench, const char *path, struct follower *follower)
{
    struct fault fault;
    bench->options.url = bench_url(bench, path);
    bench->options.may_follow = never_follow;
    follower->answer = (struct answer){.bench = bench};
    bench->waiting++;
    assert_true(
        http_get(bench->client, &bench->options, on_open_redirect, follower, NULL, &fault));
    bench_run(bench);
}

static void a_redirect_can_be_left_open_and_followed_later_as_one_chain(void **state)
{
    struct http_bench *bench = *state;
    struct follower follower;
    ask_without_following(bench, "/chain/308,301", &follower);
    bench_assert_answered(&follower.answer, 308);
    assert_string_equal(follower.url, bench_url(bench, "/chain/301"));
    assert_int_equal(follower.redirect.count, 1);
    assert_true(follower.redirect.is_permanent);
    struct http_redirect first = follower.redirect;
    bench->options.redirected = &first;
    ask_without_following(bench, "/chain/301", &follower);
    assert_int_equal(follower.redirect.count, 2);
    ask_without_following(bench, "/chain/", &follower);
    bench_assert_answered(&follower.answer, 200);
    assert_string_equal(follower.url, "(none)");
    assert_string_equal(follower.answer.permanent_url, bench_url(bench, "/chain/"));
    first.count = bench->options.max_redirects;
    ask_without_following(bench, "/chain/301", &follower);
    bench_assert_fault(&follower.answer, FAULT_NETWORK, "redirected more than 5 times");
    ask_without_following(bench, "/to?url=file:///etc/passwd", &follower);
    assert_string_equal(follower.url, "(none)");
}

static void a_redirect_out_of_http_is_refused_by_name(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "/to?url=file:///etc/passwd", &answer);
    bench_assert_fault(
        &answer, FAULT_NETWORK, "redirected to file:///etc/passwd which is not http or https");
    bench_get(bench, "/to?url=gopher://127.0.0.1/x", &answer);
    bench_assert_fault(
        &answer, FAULT_NETWORK, "redirected to gopher://127.0.0.1/x which is not");
}

static void a_redirect_to_a_guarded_address_is_refused(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "/to?url=http://10.0.0.1/admin", &answer);
    bench_assert_fault(&answer, FAULT_LIMIT,
        "after a redirect: address 10.0.0.1 is private (RFC 1918): add allow = "
        "{\"10.0.0.1:80\"} to the feed if that is meant");
    bench_get(bench, "/to?url=http://169.254.169.254/latest/meta-data", &answer);
    bench_assert_fault(&answer, FAULT_LIMIT, "is a cloud metadata address");
}

static void the_endless_body_of_a_redirect_is_bounded(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench->options.timeout_ms = 5000;
    bench_get(bench, "/fat-redirect", &answer);
    /* curl may drop the connection and follow, or read on until our limit: both are bounded */
    if (answer.failed) {
        bench_assert_fault(&answer, FAULT_LIMIT, "larger than 1048576 bytes");
    }
    assert_true(answer.numbers.wire_bytes < 4 << 20);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(redirects_are_followed_to_their_end),
        TEST(a_chain_of_permanent_redirects_gives_the_new_address),
        TEST(a_temporary_redirect_ends_the_permanent_chain),
        TEST(too_many_redirects_are_a_fault),
        TEST(a_redirect_can_be_left_open_and_followed_later_as_one_chain),
        TEST(a_redirect_out_of_http_is_refused_by_name),
        TEST(a_redirect_to_a_guarded_address_is_refused),
        TEST(the_endless_body_of_a_redirect_is_bounded),
    };
    return cmocka_run_group_tests(tests, bench_open_group, bench_close_group);
}
