#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "feed/url.h"

struct reference {
    const char *text;
    const char *expected; /* NULL: no URL */
};

static void assert_resolved(const char *base, const struct reference *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena arena = {0};
        const char *found = url_resolve(&arena, base, table[i].text);
        if (table[i].expected == NULL) {
            if (found != NULL) {
                fail_msg("'%s' became '%s'", table[i].text, found);
            }
        } else {
            assert_non_null(found);
            assert_string_equal(found, table[i].expected);
            /* what was resolved is a URL, and resolving it again changes nothing */
            assert_string_equal(url_resolve(&arena, NULL, found), found);
        }
        arena_release(&arena);
    }
}

static void references_resolve_as_rfc_3986_section_5_4_lists(void **state)
{
    static const struct reference table[] = {{"g:h", "g:h"}, {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"}, {"g/", "http://a/b/c/g/"}, {"/g", "http://a/g"},
        {"//g", "http://g/"}, {"?y", "http://a/b/c/d;p?y"}, {"g?y", "http://a/b/c/g?y"},
        {"#s", "http://a/b/c/d;p?q#s"}, {"g#s", "http://a/b/c/g#s"},
        {"g?y#s", "http://a/b/c/g?y#s"}, {";x", "http://a/b/c/;x"}, {"g;x", "http://a/b/c/g;x"},
        {"g;x?y#s", "http://a/b/c/g;x?y#s"}, {"", "http://a/b/c/d;p?q"}, {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"}, {"..", "http://a/b/"}, {"../", "http://a/b/"},
        {"../g", "http://a/b/g"}, {"../..", "http://a/"}, {"../../", "http://a/"},
        {"../../g", "http://a/g"}, {"../../../g", "http://a/g"},
        {"../../../../g", "http://a/g"}, {"/./g", "http://a/g"}, {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."}, {".g", "http://a/b/c/.g"}, {"g..", "http://a/b/c/g.."},
        {"..g", "http://a/b/c/..g"}, {"./../g", "http://a/b/g"}, {"./g/.", "http://a/b/c/g/"},
        {"g/./h", "http://a/b/c/g/h"}, {"g/../h", "http://a/b/c/h"},
        {"g;x=1/./y", "http://a/b/c/g;x=1/y"}, {"g;x=1/../y", "http://a/b/c/y"},
        {"g?y/./x", "http://a/b/c/g?y/./x"}, {"g?y/../x", "http://a/b/c/g?y/../x"},
        {"g#s/./x", "http://a/b/c/g#s/./x"}, {"g#s/../x", "http://a/b/c/g#s/../x"},
        {"http:g", "http://a/b/c/g"}};
    assert_resolved("http://a/b/c/d;p?q", table, array_count(table));
}

static void references_are_read_as_browsers_read_them(void **state)
{
    static const struct reference table[] = {{" \n x y\t ", "https://e.example/d/x%20y"},
        {"a\nb\tc", "https://e.example/d/abc"}, {"\\\\h.example\\p", "https://h.example/p"},
        {"..\\x", "https://e.example/x"}, {"x?a\\b", "https://e.example/d/x?a%5Cb"},
        {"http:/h.example/p", "http://h.example/p"}, {"http:///h.example", "http://h.example/"},
        {"HTTP://H.Example:80/%7e", "http://h.example/%7e"},
        {"https://h.example:443", "https://h.example/"},
        {"https://h.example:0444/", "https://h.example:444/"},
        {"%2e%2E/x", "https://e.example/x"}, {"https://h.example./", "https://h.example/"},
        {"https://user:pw@h.example/", "https://user:pw@h.example/"},
        {"https://a@b@h.example/", "https://a@b@h.example/"},
        {"https://[::1]:8080/x", "https://[::1]:8080/x"},
        {"新闻?q=芯片#段",
            "https://e.example/d/%E6%96%B0%E9%97%BB?q=%E8%8A%AF%E7%89%87#%E6%AE%B5"},
        {"a|b\"<>{}^`", "https://e.example/d/a%7Cb%22%3C%3E%7B%7D%5E%60"},
        {"100%", "https://e.example/d/100%"},
        {"mailto:a b@c.example", "mailto:a%20b@c.example"},
        {"javascript:alert(1)", "javascript:alert(1)"}, {"urn:uuid:1", "urn:uuid:1"}};
    assert_resolved("https://e.example/d/f.html", table, array_count(table));
}

static void hosts_are_lower_case_and_idna_encoded(void **state)
{
    static const struct reference table[] = {
        {"http://Bücher.Example/", "http://xn--bcher-kva.example/"},
        {"http://新闻.中国/a", "http://xn--efvy88h.xn--fiqs8s/a"},
        {"http://faß.example/", "http://xn--fa-hia.example/"},
        {"http://e%78ample.com/", "http://example.com/"},
        {"http://ｅｘａｍｐｌｅ.com/", "http://example.com/"}};
    assert_resolved(NULL, table, array_count(table));
}

static void what_is_no_url_is_refused(void **state)
{
    static const struct reference table[] = {{"", NULL}, {"x", NULL}, {"/x", NULL},
        {"//", NULL}, {"http://", NULL}, {"http:// /", NULL}, {"http://a b/", NULL},
        {"http://a<b/", NULL}, {"http://a:port/", NULL}, {"http://a:123456/", NULL},
        {"http://[::1/", NULL}, {"http://%00.example/", NULL}, {"http://a%2fb/", NULL},
        {"http://a../", NULL}, {"http://:80/", NULL}, {"://x", NULL}, {"1http://x/", NULL},
        {"中文：标题", NULL}};
    assert_resolved(NULL, table, array_count(table));
    struct arena arena = {0};
    assert_null(url_resolve(&arena, "mailto:a@b", "x"));
    assert_null(url_resolve(&arena, "not a base", "x"));
    assert_null(url_resolve(&arena, NULL, NULL));
    assert_string_equal(
        url_resolve(&arena, "not a base", "http://x.example"), "http://x.example/");
    arena_release(&arena);
}

static void a_url_longer_than_the_limit_is_refused(void **state)
{
    struct arena arena = {0};
    char *url = arena_alloc(&arena, 40000);
    memset(url, 'a', 40000);
    memcpy(url, "http://h.example/", 17);
    url[39999] = '\0';
    assert_null(url_resolve(&arena, NULL, url));
    url[16000] = '\0';
    assert_non_null(url_resolve(&arena, NULL, url));
    arena_release(&arena);
}

static void broken_utf8_is_escaped_byte_by_byte(void **state)
{
    static const struct reference table[] = {
        {"http://h.example/\xff\xe4\xb8", "http://h.example/%FF%E4%B8"},
        {"http://\xff.example/", NULL}};
    assert_resolved(NULL, table, array_count(table));
}

static void the_host_of_a_url_is_without_www(void **state)
{
    struct arena arena = {0};
    assert_string_equal(url_host(&arena, "HTTPS://WWW.Example.com:8080/x"), "example.com");
    assert_string_equal(url_host(&arena, "https://docs.example.com"), "docs.example.com");
    assert_null(url_host(&arena, "mailto:a@b"));
    assert_null(url_host(&arena, "text"));
    assert_string_equal(url_host(&arena, "x://www./"), "www."); /* nothing would be left */
    arena_release(&arena);
}

static void a_key_tells_its_kind(void **state)
{
    const char *rest = NULL;
    assert_true(url_key_is("arxiv:2009.00278", "arxiv", &rest));
    assert_string_equal(rest, "2009.00278");
    assert_false(url_key_is("arxiv", "arxiv", &rest));
    assert_false(url_key_is("arxivx:1", "arxiv", &rest));
}

/* assert_resolved() resolves what comes out once more */
static void a_colon_in_an_opaque_host_is_no_port(void **state)
{
    static const struct reference table[] = {{"x://h:80/", "x://h:80/"}, {"x://h:/", "x://h/"},
        {"x://[::1]:80/", "x://[::1]:80/"}, {"x://a:b:/", NULL}, {"x://a:1:/", NULL},
        {"x://a]:1/", NULL}, {"x://[a]b/", NULL}};
    assert_resolved(NULL, table, array_count(table));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_resolve_as_rfc_3986_section_5_4_lists),
        cmocka_unit_test(references_are_read_as_browsers_read_them),
        cmocka_unit_test(hosts_are_lower_case_and_idna_encoded),
        cmocka_unit_test(what_is_no_url_is_refused),
        cmocka_unit_test(a_url_longer_than_the_limit_is_refused),
        cmocka_unit_test(broken_utf8_is_escaped_byte_by_byte),
        cmocka_unit_test(the_host_of_a_url_is_without_www),
        cmocka_unit_test(a_key_tells_its_kind),
        cmocka_unit_test(a_colon_in_an_opaque_host_is_no_port),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
