#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "feed/tracking.h"
#include "feed/url.h"

static struct arena arena;

static struct config_word words[] = {{"ref", 1}, {"trk_*", 1}, {"example.com:source", 1}};
static const struct config_words tracking = {words, 3};

static int release_arena(void **state)
{
    arena_release(&arena);
    return 0;
}

static void only_named_parameters_are_stripped(void **state)
{
    static const char *const cases[][2] = {
        {"https://a.org/p?ref=x", "https://a.org/p"},
        {"https://a.org/p?id=1&REF=x&b=2", "https://a.org/p?id=1&b=2"},
        {"https://a.org/p?ref", "https://a.org/p"},
        {"https://a.org/p?trk_a=1&trk_b=2", "https://a.org/p"},
        {"https://a.org/p?reference=x&atrk_=1", "https://a.org/p?reference=x&atrk_=1"},
        {"https://www.news.example.com/p?source=x&id=3", "https://www.news.example.com/p?id=3"},
        {"https://notexample.com/p?source=x", "https://notexample.com/p?source=x"},
        {"https://a.org/p?a=ref=1", "https://a.org/p?a=ref=1"},
        {"https://a.org/p?ref=1#/route", "https://a.org/p#/route"},
        {"https://a.org/p#!/x?ref=1", "https://a.org/p#!/x?ref=1"},
        {"https://link.zhihu.com/?target=https%3A%2F%2Fa.org%2Fp%3Fref%3D1%26id%3D2",
            "https://a.org/p?id=2"},
        {"mailto:a@b?ref=1", "mailto:a@b?ref=1"},
        {"", ""},
        {"?ref=1", "?ref=1"},
        {"no address ?ref=1", "no address ?ref=1"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        const char *stripped = tracking_strip(&arena, &tracking, cases[i][0]);
        assert_string_equal(stripped, cases[i][1]);
        assert_string_equal(tracking_strip(&arena, &tracking, stripped), cases[i][1]);
    }
}

static void without_words_nothing_is_touched(void **state)
{
    const char *url = "https://a.org/p?ref=x&utm_source=y";
    const struct config_words none = {0};
    assert_ptr_equal(tracking_strip(&arena, &none, url), url);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(only_named_parameters_are_stripped, release_arena),
        cmocka_unit_test_teardown(without_words_nothing_is_touched, release_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
