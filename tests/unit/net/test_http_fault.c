#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "base/attributes.h"
#include "base/shown_url.h"
#include "net/http_fault.h"

static struct http_failure failure_with(CURLcode code)
{
    return (struct http_failure){
        .code = code,
        .host = "feeds.example",
        .authority = "feeds.example:8390",
        .redirect_to = "",
        .timeout_ms = 30000,
        .connect_timeout_ms = 10000,
        .body_bytes = 512,
        .max_bytes = 1000,
        .max_redirects = 5,
    };
}

static void assert_says(
    const struct http_failure *failure, enum fault_kind kind, const char *sentence)
{
    struct fault fault = {0};
    assert_false(http_fault_set(&fault, failure));
    assert_string_equal(fault.message, sentence);
    assert_int_equal(fault.kind, kind);
}

static void each_failure_has_its_sentence(void **state)
{
    static const struct {
        CURLcode code;
        const char *sentence;
    } cases[] = {
        {CURLE_COULDNT_RESOLVE_HOST, "could not find host 'feeds.example'"},
        {CURLE_TOO_MANY_REDIRECTS, "redirected more than 5 times"},
        {CURLE_GOT_NOTHING, "feeds.example:8390 closed the connection without an answer"},
        {CURLE_RECV_ERROR, "feeds.example:8390 reset the connection (512 bytes had come)"},
        {CURLE_PARTIAL_FILE,
            "feeds.example:8390 closed the connection before the answer was "
            "complete (512 bytes had come)"},
        {CURLE_UNSUPPORTED_PROTOCOL, "feeds.example:8390 does not speak HTTP"},
        {CURLE_SSL_CONNECT_ERROR, "feeds.example:8390 does not speak TLS (https) as it should"},
        {CURLE_WEIRD_SERVER_REPLY, "feeds.example:8390 answered with malformed HTTP"},
        {CURLE_HTTP2_STREAM, "feeds.example:8390 answered with malformed HTTP"},
        {CURLE_BAD_CONTENT_ENCODING,
            "feeds.example:8390 sent an answer whose compression is broken or unknown"},
        {CURLE_NOT_BUILT_IN, /* none that a transfer of ours is known to end with */
            "request to feeds.example:8390 failed: A requested feature, protocol or option was "
            "not found built-in in this libcurl due to a build-time decision."},
        {CURLE_OUT_OF_MEMORY,
            "feeds.example:8390 sent a header line that is too long, or memory is exhausted"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct http_failure failure = failure_with(cases[i].code);
        assert_says(&failure, FAULT_NETWORK, cases[i].sentence);
    }
    struct http_failure failure = failure_with(CURLE_FILESIZE_EXCEEDED);
    assert_says(&failure, FAULT_LIMIT, "answer is larger than 1000 bytes");
}

static void each_way_not_to_connect_has_its_sentence(void **state)
{
    static const struct {
        long os_error;
        const char *sentence;
    } cases[] = {
        {ECONNREFUSED, "connection refused by feeds.example:8390"},
        {ENETUNREACH, "no network route to feeds.example:8390"},
        {EHOSTUNREACH, "no route to feeds.example:8390"},
        {EADDRNOTAVAIL, "this machine has no address to reach feeds.example:8390"},
        {0, "could not connect to feeds.example:8390"},
        {ENOBUFS, "could not connect to feeds.example:8390: No buffer space available"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct http_failure failure = failure_with(CURLE_COULDNT_CONNECT);
        failure.os_error = cases[i].os_error;
        assert_says(&failure, FAULT_NETWORK, cases[i].sentence);
    }
}

static void a_timeout_says_what_was_waited_for_and_which_limit(void **state)
{
    static const struct {
        enum http_phase phase;
        const char *sentence;
    } cases[] = {
        {HTTP_PHASE_LOOKUP, "could not find host 'feeds.example' within 10 s"},
        {HTTP_PHASE_CONNECT, "no connection to feeds.example:8390 within 10 s"},
        {HTTP_PHASE_REQUEST, "no answer within 30 s"},
        {HTTP_PHASE_ANSWER, "answer not complete within 30 s (512 bytes had come)"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct http_failure failure = failure_with(CURLE_OPERATION_TIMEDOUT);
        failure.phase = cases[i].phase;
        assert_says(&failure, FAULT_NETWORK, cases[i].sentence);
    }
    struct http_failure failure = failure_with(CURLE_OPERATION_TIMEDOUT);
    failure.timeout_ms = 1500; /* shorter than the connect limit: it is the one that ended */
    assert_says(&failure, FAULT_NETWORK, "could not find host 'feeds.example' within 1.5 s");
}

static void a_bad_certificate_is_named_by_what_is_wrong_with_it(void **state)
{
    static const struct {
        long result;
        const char *sentence;
    } cases[] = {
        {0, "certificate of feeds.example is for another host name"},
        {9, "certificate of feeds.example is not valid yet"},
        {10, "certificate of feeds.example has expired"},
        {18, "certificate of feeds.example is self-signed"},
        {20,
            "certificate of feeds.example is signed by an authority this machine does not "
            "know"},
        {23, "certificate of feeds.example has been revoked"},
        {99, "certificate of feeds.example cannot be verified"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct http_failure failure = failure_with(CURLE_PEER_FAILED_VERIFICATION);
        failure.verify_result = cases[i].result;
        assert_says(&failure, FAULT_NETWORK, cases[i].sentence);
    }
}

static void a_redirect_elsewhere_shows_where_but_no_password(void **state)
{
    struct http_failure failure = failure_with(CURLE_UNSUPPORTED_PROTOCOL);
    failure.redirect_to = "ftp://user:secret@files.example/x";
    assert_says(&failure, FAULT_NETWORK,
        "redirected to ftp://files.example/x which is not http or https");
    failure.code = CURLE_URL_MALFORMAT;
    failure.redirect_to = "http://user:secret@exa mple/";
    assert_says(&failure, FAULT_NETWORK, "redirected to 'http://exa mple/' which is no URL");
}

static void a_url_is_shown_without_credentials_and_cut_at_a_character(void **state)
{
    static const struct {
        const char *url, *shown;
    } cases[] = {
        {"http://user:pw@h.example/a@b", "http://h.example/a@b"},
        {"http://h.example/a@b", "http://h.example/a@b"},
        {"http://h.example?mail=a@b", "http://h.example?mail=a@b"},
        {"http://a@b:pw@h.example", "http://h.example"},
        {"http:/user:pw@h.example/", "h.example/"},
        {"user:pw@h.example", "h.example"},
        {"", ""},
        {"http://", "http://"},
        {"http://h.example/0123456789/0123456789", "http://h.example/012345678…"},
        {"http://h.example/量量量量量量", "http://h.example/量量量…"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        char text[30];
        assert_string_equal(shown_url_cut(cases[i].url, text, sizeof(text)), cases[i].shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_failure_has_its_sentence),
        cmocka_unit_test(each_way_not_to_connect_has_its_sentence),
        cmocka_unit_test(a_timeout_says_what_was_waited_for_and_which_limit),
        cmocka_unit_test(a_bad_certificate_is_named_by_what_is_wrong_with_it),
        cmocka_unit_test(a_redirect_elsewhere_shows_where_but_no_password),
        cmocka_unit_test(a_url_is_shown_without_credentials_and_cut_at_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
