#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "web/server/path_pattern.h"

static struct path_parameters found;

static bool matches(const char *pattern, const char *path)
{
    return path_pattern_match(pattern, path, &found);
}

static void a_place_is_never_empty_and_never_two_segments(void **state)
{
    assert_false(matches("/items/{}", "/items/"));
    assert_false(matches("/items/{}", "/items/1/2"));
    assert_false(matches("/items/{}/content", "/items//content"));
    assert_false(matches("/issues/{}.html", "/issues/.html"));
    assert_false(matches("/issues/{}.html", "/issues/a/b.html"));
}

static void a_path_longer_or_shorter_than_the_pattern_is_another(void **state)
{
    assert_false(matches("/draft", "/draft/"));
    assert_false(matches("/draft", "/draf"));
    assert_false(matches("/items/{}/content", "/items/1"));
    assert_false(matches("/items/{}", "/item"));
    assert_true(matches("/draft", "/draft"));
    assert_null(found.values[0]);
}

static void what_stands_in_a_place_is_given(void **state)
{
    assert_true(matches("/items/{}/content", "/items/12/content"));
    assert_string_equal(found.values[0], "12");
    assert_null(found.values[1]);
    assert_true(matches("/a/{}/b/{}", "/a/x/b/y"));
    assert_string_equal(found.values[0], "x");
    assert_string_equal(found.values[1], "y");
    assert_true(matches("/issues/{}.html", "/issues/2020-09-17.html"));
    assert_string_equal(found.values[0], "2020-09-17");
    assert_false(matches("/issues/{}.html", "/issues/2020-09-17.json"));
}

static void an_endless_segment_matches_nothing(void **state)
{
    char path[4096] = "/items/";
    memset(path + 7, 'x', sizeof(path) - 8);
    assert_false(matches("/items/{}", path));
    path[7 + PATH_PARAMETER_BYTES - 1] = '\0';
    assert_true(matches("/items/{}", path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_never_empty_and_never_two_segments),
        cmocka_unit_test(a_path_longer_or_shorter_than_the_pattern_is_another),
        cmocka_unit_test(what_stands_in_a_place_is_given),
        cmocka_unit_test(an_endless_segment_matches_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
