#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/attributes.h"
#include "base/utf8.h"

static void what_is_no_utf8_is_no_text(void **state)
{
    static const char *const broken[] = {
        "\x80",             /* a continuation that begins */
        "\xc0\xaf",         /* overlong */
        "\xe0\x80\xaf",     /* overlong */
        "\xed\xa0\x80",     /* a surrogate */
        "\xf4\x90\x80\x80", /* above U+10FFFF */
        "\xff",             /* never */
        "简\xe7\xae",       /* cut */
    };
    for (size_t i = 0; i < array_count(broken); i++) {
        assert_false(utf8_is_text(broken[i], strlen(broken[i])));
        assert_int_equal(utf8_count_printable(broken[i]), 0);
    }
    assert_false(utf8_is_text("a\0b", 3));
}

static void text_is_text_and_so_is_none(void **state)
{
    assert_true(utf8_is_text("", 0));
    assert_true(utf8_is_text("a\n简报 \xf0\x9f\x99\x82", 13));
    assert_true(utf8_is_text("简报", 3));
    assert_false(utf8_is_text("简报", 4)); /* reads no further than it may */
}

static void printable_characters_are_counted_not_bytes(void **state)
{
    assert_int_equal(utf8_count_printable("a 简报"), 4);
    assert_int_equal(utf8_count_printable("\xc2\xa0"), 1); /* the first behind C1 */
    assert_int_equal(utf8_count_printable(""), 0);
}

static void a_control_character_makes_a_text_unprintable(void **state)
{
    static const char *const texts[] = {"a\n", "\x1f", "a\x7f", "\xc2\x80", "\xc2\x9f"};
    for (size_t i = 0; i < array_count(texts); i++) {
        assert_int_equal(utf8_count_printable(texts[i]), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_utf8_is_no_text),
        cmocka_unit_test(text_is_text_and_so_is_none),
        cmocka_unit_test(printable_characters_are_counted_not_bytes),
        cmocka_unit_test(a_control_character_makes_a_text_unprintable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
