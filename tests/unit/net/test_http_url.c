#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <curl/curl.h>
#include <string.h>

#include "base/attributes.h"
#include "net/http_url.h"

static void assert_text(char *text, const char *expected)
{
    if (expected == NULL) {
        assert_null(text);
        return;
    }
    assert_non_null(text);
    assert_string_equal(text, expected);
    curl_free(text);
}

static void a_redirect_is_resolved_against_the_url_that_sent_it(void **state)
{
    static const struct {
        const char *from, *location, *target;
    } cases[] = {
        {"https://a.example/x/feed", "other", "https://a.example/x/other"},
        {"https://a.example/x/feed", "/other?q=1", "https://a.example/other?q=1"},
        {"https://a.example/x/feed", "//b.example/y", "https://b.example/y"},
        {"http://a.example/x", "https://b.example/y z", "https://b.example/y%20z"},
        {"http://a.example/x", "ftp://b.example/", NULL},
        {"http://a.example/x", "file:///etc/passwd", NULL},
        {"http://a.example/x", "javascript:alert(1)", NULL},
        {"http://a.example/x", "http://", NULL},
        {NULL, "http://b.example/", NULL},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        assert_text(http_url_redirect(cases[i].from, cases[i].location), cases[i].target);
    }
}

static void credentials_are_taken_out_of_a_url(void **state)
{
    assert_text(http_url_without_credentials("https://me:secret@a.example:8443/x?y#z"),
        "https://a.example:8443/x?y#z");
    assert_text(http_url_without_credentials("https://a.example/"), "https://a.example/");
    assert_text(http_url_without_credentials("http://[::1"), NULL);
    assert_text(http_url_without_credentials(NULL), NULL);
}

static void host_and_port_are_as_the_url_says_them(void **state)
{
    char *host, *port;
    http_url_split("http://me@[2001:db8::1]:8080/x", &host, &port);
    assert_text(host, "[2001:db8::1]");
    assert_text(port, "8080");
    http_url_split("https://a.example/", &host, &port);
    assert_text(host, "a.example");
    assert_text(port, NULL); /* the scheme's is not said */
    http_url_split(NULL, &host, &port);
    assert_text(host, NULL);
    assert_text(port, NULL);
}

static void what_cannot_be_asked_is_refused_and_no_password_told(void **state)
{
    static const struct {
        const char *url, *says;
    } cases[] = {
        {"", "is no URL"},
        {"http://a b.example/", "is no URL"},
        {"file:///etc/passwd", "is not http or https"},
        {"gopher://a.example/", "is not http or https"},
        {"ftp://me:secret@a.example/", "is not http or https"},
        {"http://me:secret@a.example:99999/", "is no URL"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        char *host;
        bool has_credentials;
        struct fault fault;
        assert_false(http_url_read(cases[i].url, &host, &has_credentials, &fault));
        assert_int_equal(fault.kind, FAULT_CONFIG);
        assert_non_null(strstr(fault.message, cases[i].says));
        assert_null(strstr(fault.message, "secret"));
    }
}

static void a_url_that_can_be_asked_says_its_host_and_whether_it_names_a_user(void **state)
{
    char *host;
    bool has_credentials;
    struct fault fault;
    assert_true(http_url_read("https://me:secret@a.example/", &host, &has_credentials, &fault));
    assert_text(host, "a.example");
    assert_true(has_credentials);
    assert_true(http_url_read("HTTP://b.example", &host, &has_credentials, &fault));
    assert_text(host, "b.example");
    assert_false(has_credentials);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_redirect_is_resolved_against_the_url_that_sent_it),
        cmocka_unit_test(credentials_are_taken_out_of_a_url),
        cmocka_unit_test(host_and_port_are_as_the_url_says_them),
        cmocka_unit_test(what_cannot_be_asked_is_refused_and_no_password_told),
        cmocka_unit_test(a_url_that_can_be_asked_says_its_host_and_whether_it_names_a_user),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
