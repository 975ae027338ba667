#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_bench.h"

/* --- answers --------------------------------------------------------------------------------
 */

static void an_answer_brings_body_and_fields(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "/ok", &answer);
    bench_assert_answered(&answer, 200);
    assert_non_null(strstr(answer.body, "<guid>9</guid>"));
    assert_int_equal(strlen(answer.body), answer.numbers.body_length);
    assert_string_equal(answer.etag, "\"v1\"");
    assert_string_equal(answer.last_modified, "Thu, 17 Sep 2020 08:00:00 GMT");
    assert_string_equal(answer.content_type, "application/rss+xml; charset=utf-8");
    assert_string_equal(answer.url, bench_url(bench, "/ok"));
    assert_string_equal(answer.permanent_url, "(none)");
    assert_int_equal(answer.numbers.retry_after_s, -1);
    assert_int_equal(answer.numbers.max_age_s, -1);
    assert_true(answer.numbers.wire_bytes > (int64_t)answer.numbers.body_length);
}

static void a_known_etag_is_answered_with_304(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench->options.etag = "\"v1\"";
    bench_get(bench, "/ok", &answer);
    bench_assert_answered(&answer, 304);
    assert_int_equal(answer.numbers.body_length, 0);
    assert_string_equal(answer.etag, "\"v1\"");
}

static void an_etag_without_quotes_is_echoed_byte_for_byte(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "/bare-etag", &answer);
    assert_string_equal(answer.etag, "abc-0123");
    bench->options.etag = "abc-0123";
    bench_get(bench, "/bare-etag", &answer);
    bench_assert_answered(&answer, 304);
}

static void last_modified_is_sent_back(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench->options.last_modified = "Thu, 17 Sep 2020 08:00:00 GMT";
    bench_get(bench, "/ok", &answer);
    bench_assert_answered(&answer, 304);
}

static void gzip_brotli_and_zstd_are_undone(void **state)
{
    struct http_bench *bench = *state;
    static const char *const paths[] = {"/gzip", "/br", "/zstd"};
    for (size_t i = 0; i < array_count(paths); i++) {
        struct answer answer;
        bench_get(bench, paths[i], &answer);
        bench_assert_answered(&answer, 200);
        assert_non_null(strstr(answer.body, "<guid>9</guid>"));
    }
    struct answer packed, plain;
    bench_get(bench, "/gzip", &packed);
    bench_get(bench, "/ok", &plain);
    assert_int_equal(packed.numbers.body_length, plain.numbers.body_length);
    assert_true(packed.numbers.wire_bytes < plain.numbers.wire_bytes);
}

static void gzip_is_kept_for_whoever_wants_to_undo_it(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench->options.keep_gzip = true;
    bench_get(bench, "/gzip?kept", &answer);
    bench_assert_answered(&answer, 200);
    assert_true(answer.numbers.is_gzip);
    assert_memory_equal(answer.body, "\x1f\x8b", 2);
    bench_get(bench, "/ok", &answer);
    bench_assert_answered(&answer, 200);
    assert_false(answer.numbers.is_gzip);
    assert_non_null(strstr(answer.body, "<guid>9</guid>"));
    bench_get(bench, "/br", &answer);
    bench_assert_fault(&answer, FAULT_NETWORK, "answer is packed as 'br', which was not asked for");
    char *log = bench_log(bench);
    assert_non_null(strstr(log, "\"accept-encoding\": \"gzip\""));
    free(log);
}

static void the_request_says_who_asks_and_carries_no_cookie(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench->options.accept = "application/rss+xml, */*;q=0.1";
    bench_get(bench, "/headers?Set-Cookie=a%3Db&tag=who", &answer);
    bench_get(bench, "/ok?who", &answer);
    char *log = bench_log(bench);
    assert_non_null(strstr(log, "\"user-agent\": \"test/1\""));
    assert_non_null(strstr(log, "\"accept\": \"application/rss+xml, */*;q=0.1\""));
    assert_non_null(strstr(log, "gzip, br, zstd"));
    assert_null(strstr(log, "\"cookie\""));
    assert_null(strstr(log, "\"referer\""));
    free(log);
}

static void statuses_are_answers_and_not_faults(void **state)
{
    struct http_bench *bench = *state;
    static const int codes[] = {404, 410, 403, 406, 429, 500, 503};
    for (size_t i = 0; i < array_count(codes); i++) {
        struct answer answer;
        char path[64];
        snprintf(path, sizeof(path), "/status/%d", codes[i]);
        bench_get(bench, path, &answer);
        bench_assert_answered(&answer, codes[i]);
        assert_string_equal(answer.body, "status\n");
    }
}

static void both_forms_of_retry_after_become_seconds(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "/status/429?retry=120", &answer);
    assert_int_equal(answer.numbers.retry_after_s, 120);
    bench_get(bench,
        "/status/503?retry=Thu,%2017%20Sep%202020%2008:10:00%20GMT"
        "&date=Thu,%2017%20Sep%202020%2008:00:00%20GMT",
        &answer);
    assert_int_equal(answer.numbers.retry_after_s, 600);
}

static void freshness_is_read_from_cache_control(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "/headers?Cache-Control=public,%20max-age%3D3600&Age=600", &answer);
    assert_int_equal(answer.numbers.max_age_s, 3000);
}

static void early_hints_and_trailers_are_not_the_answer(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "/early", &answer);
    bench_assert_answered(&answer, 200);
    assert_string_equal(answer.etag, "\"v1\"");
    bench_get(bench, "/trailers", &answer);
    bench_assert_answered(&answer, 200);
    assert_string_equal(answer.etag, "\"front\"");
}

static char *taken_body;
static size_t taken_length;

static void on_done_take(void *data, struct http_response *response, const struct fault *fault)
{
    taken_body = http_response_take_body(response, &taken_length);
    assert_int_equal(response->body_length, 0);
    bench_on_done(data, response, fault);
}

static void the_body_can_be_taken(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer = {.bench = bench};
    struct fault fault;
    bench->options.url = bench_url(bench, "/ok");
    bench->waiting++;
    assert_true(http_get(bench->client, &bench->options, on_done_take, &answer, NULL, &fault));
    bench_run(bench);
    assert_int_equal(strlen(taken_body), taken_length);
    assert_non_null(strstr(taken_body, "</rss>"));
    free(taken_body);
}

/* --- limits ---------------------------------------------------------------------------------
 */

static void a_body_of_exactly_the_limit_is_accepted_and_one_more_byte_is_not(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench->options.max_bytes = 100000;
    bench_get(bench, "/size?bytes=100000", &answer);
    bench_assert_answered(&answer, 200);
    assert_int_equal(answer.numbers.body_length, 100000);
    bench_get(bench, "/size?bytes=100001", &answer);
    bench_assert_fault(&answer, FAULT_LIMIT, "answer is larger than 100000 bytes");
    assert_int_equal(answer.numbers.body_length, 0);
}

static void bombs_and_floods_stop_at_the_limit(void **state)
{
    struct http_bench *bench = *state;
    static const char *const paths[] = {"/bomb?mb=64", "/huge?mb=64", "/endless"};
    for (size_t i = 0; i < array_count(paths); i++) {
        struct answer answer;
        bench_get(bench, paths[i], &answer);
        bench_assert_fault(&answer, FAULT_LIMIT, "answer is larger than 1048576 bytes");
        assert_true(answer.numbers.wire_bytes < 4 << 20);
    }
}

static void too_many_header_bytes_are_refused(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "/manyhdr?n=20000", &answer);
    bench_assert_fault(&answer, FAULT_LIMIT, "answer has more than 262144 bytes of headers");
    bench_get(bench, "/bighdr", &answer);
    assert_true(answer.failed);
    bench_get(bench, "/manyhdr?n=5000", &answer);
    bench_assert_answered(&answer, 200);
    assert_string_equal(answer.etag, "\"last\"");
}

static void silence_ends_with_the_whole_time(void **state)
{
    struct http_bench *bench = *state;
    static const struct {
        const char *path, *sentence;
    } cases[] = {
        {"/hang", "no answer within 0.5 s"},
        {"/hang-headers", "answer not complete within 0.5 s (0 bytes had come)"},
        {"/hang-body", "answer not complete within 0.5 s ("},
        {"/drip", "answer not complete within 0.5 s ("},
        {"/slow/slow/slow/slow?ms=200", "no answer within 0.5 s"}, /* redirects included */
    };
    bench->options.timeout_ms = 500;
    for (size_t i = 0; i < array_count(cases); i++) {
        struct answer answer;
        bench_get(bench, cases[i].path, &answer);
        bench_assert_fault(&answer, FAULT_NETWORK, cases[i].sentence);
    }
}

static void a_stalled_body_ends_before_the_whole_time(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench->options.stall_timeout_ms = 200;
    bench_get(bench, "/drip", &answer);
    bench_assert_fault(&answer, FAULT_NETWORK, "answer stalled: ");
    bench_get(bench, "/hang-body", &answer);
    bench_assert_fault(&answer, FAULT_NETWORK, "answer stalled: ");
    bench_get(bench, "/slow?ms=500", &answer); /* thinking is not stalling */
    bench_assert_answered(&answer, 200);
}

/* --- broken servers -------------------------------------------------------------------------
 */

static void broken_answers_are_named(void **state)
{
    struct http_bench *bench = *state;
    static const struct {
        const char *path, *sentence;
    } cases[] = {
        {"/truncated", "closed the connection before the answer was complete (300 bytes"},
        {"/wronglen", "closed the connection before the answer was complete"},
        {"/reset", "reset the connection"},
        {"/silence", "closed the connection without an answer"},
        {"/gzlie", "compression is broken or unknown"},
        {"/unknown-encoding", "compression is broken or unknown"},
        {"/http09", "does not speak HTTP"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct answer answer;
        char who[64];
        bench_get(bench, cases[i].path, &answer);
        bench_assert_fault(&answer, FAULT_NETWORK, cases[i].sentence);
        snprintf(who, sizeof(who), "127.0.0.1:%d", bench->origin.port);
        assert_non_null(strstr(answer.fault.message, who));
    }
}

static void what_a_short_content_length_leaves_behind_spoils_no_later_answer(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    for (int i = 0; i < 5; i++) {
        bench_get(bench, "/shortlen", &answer);
        bench_assert_answered(&answer, 200);
        bench_get(bench, "/ok", &answer);
        bench_assert_answered(&answer, 200);
        assert_string_equal(answer.etag, "\"v1\"");
    }
}

static void odd_answers_are_taken_for_what_they_are(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "/empty", &answer);
    bench_assert_answered(&answer, 200);
    assert_int_equal(answer.numbers.body_length, 0);
    bench_get(bench, "/html", &answer);
    bench_assert_answered(&answer, 200);
    assert_string_equal(answer.content_type, "text/html; charset=utf-8");
    bench_get(bench, "/badhdr", &answer);
    assert_true(answer.failed || strcmp(answer.etag, "(none)") == 0);
}

static void a_closed_port_refuses_the_connection(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    bench_get(bench, "http://127.0.0.1:1/feed", &answer);
    bench_assert_fault(&answer, FAULT_NETWORK, "connection refused by 127.0.0.1:1");
    bench_get(bench, "http://[::1]:1/feed", &answer);
    bench_assert_fault(&answer, FAULT_NETWORK, "connection refused by [::1]:1");
}

static void https_to_a_plain_server_is_named(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    char url[64];
    snprintf(url, sizeof(url), "https://127.0.0.1:%d/ok", bench->origin.port);
    bench->options.connect_timeout_ms = 2000; /* the origin waits for an end of our "request" */
    bench_get(bench, url, &answer);
    assert_int_equal(answer.fault.kind, FAULT_NETWORK);
    assert_non_null(strstr(answer.fault.message, "127.0.0.1"));
}

static void a_certificate_nobody_signed_is_named(void **state)
{
    struct http_bench *bench = *state;
    struct origin_process origin = origin_start("127.0.0.1", "net/self-signed.pem");
    struct answer answer;
    char url[64];
    snprintf(url, sizeof(url), "https://127.0.0.1:%d/ok", origin.port);
    bench_get(bench, url, &answer);
    origin_stop(&origin);
    bench_assert_fault(&answer, FAULT_NETWORK, "certificate of 127.0.0.1 is self-signed");
}

/* --- what is no URL, and secrets ------------------------------------------------------------
 */

static void what_is_no_http_url_fails_at_once_without_a_callback(void **state)
{
    struct http_bench *bench = *state;
    static const struct {
        const char *url, *sentence;
    } cases[] = {
        {"file:///etc/passwd", "'file:///etc/passwd' is not http or https"},
        {"ftp://example.com/x", "is not http or https"},
        {"http://", "is no URL"},
        {"not a url", "is no URL"},
        {"", "is no URL"},
        {"http://user:secret@exa mple.com/", "is no URL"},
        {"http:user:secret@:99999999/", "is no URL"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct answer answer = {.bench = bench};
        struct fault fault = {0};
        bench->options.url = cases[i].url;
        assert_false(
            http_get(bench->client, &bench->options, bench_on_done, &answer, NULL, &fault));
        assert_int_equal(fault.kind, FAULT_CONFIG);
        if (strstr(fault.message, cases[i].sentence) == NULL) {
            fail_msg("'%s': %s", cases[i].url, fault.message);
        }
        assert_null(strstr(fault.message, "secret"));
        assert_int_equal(answer.calls, 0);
    }
    bench_run(bench);
}

static void a_validator_cannot_smuggle_a_header(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer = {.bench = bench};
    struct fault fault = {0};
    bench->options.url = bench_url(bench, "/ok");
    bench->options.etag = "\"a\"\r\nX-Evil: 1";
    assert_false(
        http_get(bench->client, &bench->options, bench_on_done, &answer, NULL, &fault));
    assert_string_equal(fault.message, "the value for If-None-Match contains a line break");
}

static void credentials_are_sent_and_never_shown(void **state)
{
    struct http_bench *bench = *state;
    struct answer answer;
    char url[128];
    snprintf(url, sizeof(url), "http://user:hunter2@127.0.0.1:%d/chain/301?basic",
        bench->origin.port);
    bench_get(bench, url, &answer);
    bench_assert_answered(&answer, 200);
    assert_string_equal(answer.url, bench_url(bench, "/chain/"));
    assert_string_equal(answer.permanent_url, "(none)");
    char *log = bench_log(bench);
    assert_non_null(strstr(log, "\"authorization\": \"Basic dXNlcjpodW50ZXIy\""));
    free(log);
    static const char *const failing[] = {"/hang", "/truncated", "/to?url=file:///x", "/loop"};
    bench->options.timeout_ms = 200;
    for (size_t i = 0; i < array_count(failing); i++) {
        snprintf(url, sizeof(url), "http://user:hunter2@127.0.0.1:%d%s", bench->origin.port,
            failing[i]);
        bench_get(bench, url, &answer);
        assert_true(answer.failed);
        assert_null(strstr(answer.fault.message, "hunter2"));
        assert_null(strstr(answer.url, "hunter2"));
    }
    bench_get(bench, "/to?url=ftp://u:hunter2@127.0.0.1/", &answer);
    bench_assert_fault(&answer, FAULT_NETWORK, "redirected to ftp://127.0.0.1/ which is not");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_answer_brings_body_and_fields),
        TEST(a_known_etag_is_answered_with_304),
        TEST(an_etag_without_quotes_is_echoed_byte_for_byte),
        TEST(last_modified_is_sent_back),
        TEST(gzip_brotli_and_zstd_are_undone),
        TEST(gzip_is_kept_for_whoever_wants_to_undo_it),
        TEST(the_request_says_who_asks_and_carries_no_cookie),
        TEST(statuses_are_answers_and_not_faults),
        TEST(both_forms_of_retry_after_become_seconds),
        TEST(freshness_is_read_from_cache_control),
        TEST(early_hints_and_trailers_are_not_the_answer),
        TEST(the_body_can_be_taken),
        TEST(a_body_of_exactly_the_limit_is_accepted_and_one_more_byte_is_not),
        TEST(bombs_and_floods_stop_at_the_limit),
        TEST(too_many_header_bytes_are_refused),
        TEST(silence_ends_with_the_whole_time),
        TEST(a_stalled_body_ends_before_the_whole_time),
        TEST(broken_answers_are_named),
        TEST(what_a_short_content_length_leaves_behind_spoils_no_later_answer),
        TEST(odd_answers_are_taken_for_what_they_are),
        TEST(a_closed_port_refuses_the_connection),
        TEST(https_to_a_plain_server_is_named),
        TEST(a_certificate_nobody_signed_is_named),
        TEST(what_is_no_http_url_fails_at_once_without_a_callback),
        TEST(a_validator_cannot_smuggle_a_header),
        TEST(credentials_are_sent_and_never_shown),
    };
    return cmocka_run_group_tests(tests, bench_open_group, bench_close_group);
}
