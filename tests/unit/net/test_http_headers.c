#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "net/http_headers.h"

static const int64_t now_s = 1600329600; /* Thu, 17 Sep 2020 08:00:00 GMT */

static struct http_headers read_lines(const char *lines)
{
    struct http_headers headers = {0};
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");
        length += lines[length] == '\n';
        http_headers_add(&headers, lines, length);
        lines += length;
    }
    return headers;
}

static void a_status_line_begins_a_new_response(void **state)
{
    struct http_headers headers = read_lines(
        "HTTP/1.1 302 Found\r\nETag: \"old\"\r\nLocation: /x\r\n\r\nHTTP/2 200\r\n");
    assert_int_equal(headers.status, 200);
    assert_string_equal(headers.etag, "");
    assert_string_equal(headers.location, "");
    assert_false(headers.complete);
}

static void names_have_no_case_and_values_keep_every_byte(void **state)
{
    static const struct {
        const char *line, *etag;
    } cases[] = {
        {"ETag: \"abc\"\r\n", "\"abc\""},
        {"etag:\"abc\"\r\n", "\"abc\""},
        {"ETAG: W/\"abc\" \t\r\n", "W/\"abc\""},
        {"ETag: abc-0123\r\n", "abc-0123"},
        {"ETag: \"a\"b c\"\r\n", "\"a\"b c\""},
        {"ETag: \"\xe9\"\r\n", "\"\xe9\""},
        {"ETag:\r\n", ""},
        {"ETag\r\n", ""},
        {"ETag : \"x\"\r\n", ""}, /* RFC 9112 5.1: no space before the colon */
        {"XETag: \"x\"\r\n", ""},
        {"ETag: \"a\x01\"\r\n", ""},
        {"ETag: \"a\rX: b\"\r\n", ""},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct http_headers headers = {0};
        http_headers_add(&headers, cases[i].line, strlen(cases[i].line));
        assert_string_equal(headers.etag, cases[i].etag);
    }
}

static void a_value_too_long_to_keep_is_absent_and_not_cut(void **state)
{
    char line[3000];
    struct http_headers headers = {0};
    memset(line, 'a', sizeof(line));
    memcpy(line, "ETag: ", 6);
    http_headers_add(&headers, line, sizeof(line));
    assert_string_equal(headers.etag, "");
    http_headers_add(&headers, line, 6 + sizeof(headers.etag) - 1);
    assert_int_equal(strlen(headers.etag), sizeof(headers.etag) - 1);
}

static void link_fields_are_one_list_and_what_does_not_fit_is_left_out(void **state)
{
    char lines[4096];
    snprintf(lines, sizeof(lines),
        "HTTP/1.1 200 OK\nLink: </a>; rel=x\nlink:\nLINK: </%02100d>\nLink: </b>\n", 0);
    struct http_headers headers = read_lines(lines);
    assert_string_equal(headers.link, "</a>; rel=x, </b>");
    headers = read_lines("HTTP/1.1 302 Found\nLink: </a>\nHTTP/1.1 200 OK\n");
    assert_string_equal(headers.link, "");
}

static void trailers_are_ignored(void **state)
{
    struct http_headers headers = read_lines(
        "HTTP/1.1 200 OK\r\nETag: \"a\"\r\n\r\nETag: \"b\"\r\n\r\n");
    assert_true(headers.complete);
    assert_string_equal(headers.etag, "\"a\"");
}

static void odd_status_lines_do_no_harm(void **state)
{
    static const struct {
        const char *line;
        int status;
    } cases[] = {{"HTTP/1.1 200 OK\r\n", 200}, {"HTTP/2 304 \r\n", 304}, {"HTTP/1.1\r\n", 0},
        {"HTTP/1.1 abc\r\n", 0}, {"HTTP/1.0 404\n", 404}, {"HTTP/", 0}};
    for (size_t i = 0; i < array_count(cases); i++) {
        struct http_headers headers = {0};
        assert_int_equal(
            http_headers_add(&headers, cases[i].line, strlen(cases[i].line)), HTTP_LINE_STATUS);
        assert_int_equal(headers.status, cases[i].status);
    }
}

static void retry_after_in_both_forms(void **state)
{
    static const struct {
        const char *lines;
        int64_t seconds;
    } cases[] = {
        {"", -1},
        {"Retry-After: 120\r\n", 120},
        {"Retry-After: 0\r\n", 0},
        {"Retry-After: 99999999999999999999\r\n", INT32_MAX},
        {"Retry-After: -5\r\n", -1},
        {"Retry-After: soon\r\n", -1},
        {"Retry-After: 12x\r\n", -1},
        {"Retry-After: Thu, 17 Sep 2020 08:10:00 GMT\r\n", 600},
        {"Retry-After: Thu, 17 Sep 2020 07:00:00 GMT\r\n", 0},
        /* the server's clock is an hour late: its own difference counts */
        {"Retry-After: Thu, 17 Sep 2020 07:10:00 GMT\r\nDate: Thu, 17 Sep 2020 07:00:00 "
         "GMT\r\n",
            600},
        {"Retry-After: Wed, 31 Dec 2098 23:59:59 GMT\r\n", INT32_MAX},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct http_headers headers = read_lines(cases[i].lines);
        int64_t seconds = http_headers_retry_after_s(&headers, now_s);
        if (seconds != cases[i].seconds) {
            fail_msg("%s: %lld", cases[i].lines, (long long)seconds);
        }
    }
}

static void freshness_from_cache_control_then_expires(void **state)
{
    static const struct {
        const char *lines;
        int64_t seconds;
    } cases[] = {
        {"", -1},
        {"Cache-Control: max-age=3600\r\n", 3600},
        {"cache-control: Public, MAX-AGE=60\r\n", 60},
        {"Cache-Control: max-age=\"60\"\r\n", 60},
        {"Cache-Control: private,max-age=10,max-age=20\r\n", 10},
        {"Cache-Control: public\r\nCache-Control: max-age=7\r\n", 7},
        {"Cache-Control: s-maxage=900\r\n", -1},
        {"Cache-Control: x-max-age=900\r\n", -1},
        {"Cache-Control: no-cache\r\n", -1},
        {"Cache-Control: no-store, max-age=0\r\n", 0},
        {"Cache-Control: max-age=\r\n", -1},
        {"Cache-Control: max-age\r\n", -1},
        {"Cache-Control: max-age=99999999999999999999\r\n", INT32_MAX},
        {"Cache-Control: max-age=3600\r\nAge: 600\r\n", 3000},
        {"Cache-Control: max-age=600\r\nAge: 3600\r\n", 0},
        {"Cache-Control: max-age=600\r\nAge: old\r\n", 600},
        {"Cache-Control: max-age=5\r\nExpires: Thu, 17 Sep 2020 09:00:00 GMT\r\n", 5},
        {"Expires: Thu, 17 Sep 2020 09:00:00 GMT\r\n", 3600},
        {"Expires: Thu, 17 Sep 2020 09:00:00 GMT\r\nDate: Thu, 17 Sep 2020 08:59:00 GMT\r\n",
            60},
        {"Expires: Mon, 01 Jan 1990 00:00:00 GMT\r\n", 0},
        {"Expires: 0\r\n", -1},
        {"Expires: -1\r\n", -1},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct http_headers headers = read_lines(cases[i].lines);
        int64_t seconds = http_headers_max_age_s(&headers, now_s);
        if (seconds != cases[i].seconds) {
            fail_msg("%s: %lld", cases[i].lines, (long long)seconds);
        }
    }
}

/* Any cut through hostile lines must stay inside the struct (seen by the sanitizers). */
static void no_line_of_any_length_reads_or_writes_outside(void **state)
{
    static const char *const lines[] = {"Cache-Control: max-age=\"",
        "cache-control:,,, ,max-age=1", "HTTP/1.1 2000000000000", "Retry-After:", ":", "\r\n",
        " folded: value", "ETag: \""};
    for (size_t i = 0; i < array_count(lines); i++) {
        for (size_t length = 0; length <= strlen(lines[i]); length++) {
            char *copy = malloc(length + 1); /* exactly: no NUL behind it */
            memcpy(copy, lines[i], length);
            char *exact = realloc(copy, length > 0 ? length : 1);
            struct http_headers headers = {0};
            http_headers_add(&headers, exact, length);
            free(exact);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_line_begins_a_new_response),
        cmocka_unit_test(names_have_no_case_and_values_keep_every_byte),
        cmocka_unit_test(a_value_too_long_to_keep_is_absent_and_not_cut),
        cmocka_unit_test(link_fields_are_one_list_and_what_does_not_fit_is_left_out),
        cmocka_unit_test(trailers_are_ignored),
        cmocka_unit_test(odd_status_lines_do_no_harm),
        cmocka_unit_test(retry_after_in_both_forms),
        cmocka_unit_test(freshness_from_cache_control_then_expires),
        cmocka_unit_test(no_line_of_any_length_reads_or_writes_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
