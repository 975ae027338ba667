#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/utf8.h"

static const struct {
    const char *text, *json;
} strings[] = {
    {NULL, "null"},
    {"", "\"\""},
    {"量化 int8", "\"量化 int8\""},
    {"a\"b\\c\n\t\x01\x7f", "\"a\\\"b\\\\c\\n\\t\\u0001\\u007f\""},
    {"\xe2\x80\xa8", "\"\\u2028\""},
    {"\xff"
     "a\xe9\x87",
        "\"\xef\xbf\xbd"
        "a\xef\xbf\xbd\xef\xbf\xbd\""},
};

static void any_bytes_become_a_valid_string(void **state)
{
    for (size_t i = 0; i < array_count(strings); i++) {
        struct buffer out;
        buffer_init(&out, 1000);
        json_write_string(strings[i].text, &out);
        assert_string_equal(out.data, strings[i].json);
        buffer_release(&out);
    }
}

static void a_time_that_is_not_known_is_null(void **state)
{
    struct buffer out;
    buffer_init(&out, 100);
    json_write_time(CLOCK_NONE, &out);
    json_write_time(1600329600, &out);
    assert_string_equal(out.data, "null\"2020-09-17T08:00:00Z\"");
    buffer_release(&out);
}

static const struct {
    const char *text;
    size_t length;
    uint32_t codepoint;
} characters[] = {
    {"", 0, 0},
    {"A", 1, 'A'},
    {"\xc2\x80", 2, 0x80},
    {"\xe9\x87\x8f", 3, 0x91cf},
    {"\xf0\x9f\x98\x80", 4, 0x1f600},
    {"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
    {"\xc0\x80", 1, 0xfffd},         /* overlong NUL */
    {"\xe0\x80\xaf", 1, 0xfffd},     /* overlong slash */
    {"\xf0\x80\x80\xaf", 1, 0xfffd}, /* the same in four */
    {"\xed\xa0\x80", 1, 0xfffd},     /* a surrogate */
    {"\xf4\x90\x80\x80", 1, 0xfffd}, /* above U+10FFFF */
    {"\x80", 1, 0xfffd},             /* a tail without a head */
    {"\xe9\x87", 1, 0xfffd},         /* cut by the end */
    {"\xe9\x87x", 1, 0xfffd},        /* cut by a letter */
    {"\xff", 1, 0xfffd},
};

static void only_rfc_3629_is_utf_8(void **state)
{
    for (size_t i = 0; i < array_count(characters); i++) {
        uint32_t codepoint;
        assert_int_equal(utf8_decode(characters[i].text, &codepoint), characters[i].length);
        assert_int_equal(codepoint, characters[i].codepoint);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_bytes_become_a_valid_string),
        cmocka_unit_test(a_time_that_is_not_known_is_null),
        cmocka_unit_test(only_rfc_3629_is_utf_8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
