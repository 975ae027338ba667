#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "web/server/negotiate.h"

static void accept_picks_the_most_specific_range(void **state)
{
    static const struct {
        const char *accept, *type;
        int quality;
    } cases[] = {
        {NULL, "text/html; charset=utf-8", 1000},
        {"", "text/html", 1000},
        {"*/*", "text/html", 1000},
        {"text/html", "text/html; charset=utf-8", 1000},
        {"TEXT/HTML", "text/html", 1000},
        {"text/*;q=0.3", "text/markdown; charset=utf-8", 300},
        {"text/*;q=0.3, text/markdown;q=0.7, */*", "text/markdown", 700},
        {"text/markdown;q=0, */*", "text/markdown", 0},
        {"text/markdown; charset=utf-8; q=0.4", "text/markdown", 400},
        {"application/json", "text/html", 0},
        {"text/htm", "text/html", 0},
        {"text/html2", "text/html", 0},
        {"textile/*", "text/html", 0},
        {"text/html;q=1.001", "text/html", 0},
        {"text/html;q=abc, */*;q=0.1", "text/html", 100},
        {"text/html;q=0.1234", "text/html", 0},
        {"text/html ; q=0.5 , text/plain", "text/html", 500},
        {",,, text/html", "text/html", 1000},
        {"text/html;level=\"a,b;q=0\";q=0.9", "text/html", 900},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json",
            800},
        {";;;;", "text/html", 0},
        {"text/html;x=\"unterminated", "text/html", 1000},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        int quality = negotiate_quality(cases[i].accept, cases[i].type);
        if (quality != cases[i].quality) {
            fail_msg("'%s' for %s gave %d", cases[i].accept, cases[i].type, quality);
        }
    }
}

static void gzip_is_sent_only_where_it_is_welcome(void **state)
{
    static const struct {
        const char *accept_encoding;
        bool gzip;
    } cases[] = {
        {NULL, false},
        {"", false},
        {"gzip", true},
        {"GZIP", true},
        {"x-gzip", true},
        {"deflate, gzip;q=1.0, *;q=0.5", true},
        {"gzip;q=0", false},
        {"gzip;q=0.0, *", false},
        {"*", true},
        {"*;q=0", false},
        {"identity", false},
        {"identity;q=1, gzip;q=0.5", false},
        {"identity;q=0, gzip;q=0.1", true},
        {"br", false},
        {"gzip;q=nonsense", false},
        {"gzipped", false},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        if (negotiate_gzip(cases[i].accept_encoding) != cases[i].gzip) {
            fail_msg("'%s'", cases[i].accept_encoding);
        }
    }
}

static void tags_are_compared_weakly_in_either_variant(void **state)
{
    static const struct {
        const char *if_none_match;
        enum negotiate_match match;
    } cases[] = {
        {NULL, NEGOTIATE_NO_MATCH},
        {"", NEGOTIATE_NO_MATCH},
        {"\"abc\"", NEGOTIATE_PLAIN},
        {"W/\"abc\"", NEGOTIATE_PLAIN},
        {"w/\"abc\"", NEGOTIATE_NO_MATCH}, /* RFC 9110 8.8.3: the W is case-sensitive */
        {"\"abc-gz\"", NEGOTIATE_VARIANT},
        {"\"x\", \"abc\"", NEGOTIATE_PLAIN},
        {"\"x,\"abc\"", NEGOTIATE_NO_MATCH},
        {"\"x,y\",W/\"abc-gz\"", NEGOTIATE_VARIANT},
        {"\"abc\", \"abc-gz\"", NEGOTIATE_ANY},
        {"*", NEGOTIATE_ANY},
        {" * ", NEGOTIATE_ANY},
        {"\"*\"", NEGOTIATE_NO_MATCH},
        {"abc", NEGOTIATE_NO_MATCH},
        {"\"abcd\"", NEGOTIATE_NO_MATCH},
        {"\"ABC\"", NEGOTIATE_NO_MATCH},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        if (negotiate_etag(cases[i].if_none_match, "\"abc\"") != cases[i].match) {
            fail_msg("'%s'", cases[i].if_none_match);
        }
    }
}

static void the_variant_has_a_tag_of_its_own(void **state)
{
    char tag[NEGOTIATE_ETAG_BYTES];
    assert_string_equal(
        negotiate_variant_etag("\"0123456789abcdef\"", tag), "\"0123456789abcdef-gz\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accept_picks_the_most_specific_range),
        cmocka_unit_test(gzip_is_sent_only_where_it_is_welcome),
        cmocka_unit_test(tags_are_compared_weakly_in_either_variant),
        cmocka_unit_test(the_variant_has_a_tag_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
