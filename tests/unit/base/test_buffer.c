#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

static void an_append_that_would_pass_the_maximum_is_dropped_and_remembered(void **state)
{
    struct buffer buffer;
    buffer_init(&buffer, 5);
    assert_true(buffer_puts(&buffer, "abc"));
    assert_false(buffer_puts(&buffer, "def"));
    assert_false(buffer_putc(&buffer, 'd')); /* would fit, but there is a hole before it */
    assert_true(buffer_failed(&buffer));
    assert_string_equal(buffer.data, "abc");
    buffer_clear(&buffer);
    assert_true(buffer_puts(&buffer, "12345"));
    assert_false(buffer_failed(&buffer));
    buffer_release(&buffer);
}

static void a_maximum_near_size_max_does_not_wrap(void **state)
{
    struct buffer buffer;
    buffer_init(&buffer, 4);
    buffer_puts(&buffer, "ab");
    assert_false(buffer_append(&buffer, "x", SIZE_MAX));
    assert_string_equal(buffer.data, "ab");
    buffer_release(&buffer);
}

static void reserving_makes_room_up_to_the_maximum_and_changes_no_content(void **state)
{
    struct buffer buffer;
    buffer_init(&buffer, 5000);
    buffer_puts(&buffer, "ab");
    buffer_reserve(&buffer, 1000);
    const char *place = buffer.data;
    char filling[998] = {0};
    assert_true(buffer_append(&buffer, filling, sizeof(filling)));
    assert_ptr_equal(buffer.data, place);
    assert_memory_equal(buffer.data, "ab", 3);
    buffer_reserve(&buffer, SIZE_MAX);
    assert_int_equal(buffer.capacity, 5001);
    assert_int_equal(buffer.length, 1000);
    buffer_release(&buffer);
}

static void printf_fits_exactly_or_not_at_all(void **state)
{
    struct buffer buffer;
    buffer_init(&buffer, 6);
    assert_true(buffer_printf(&buffer, "%d-%s", 42, "abc"));
    assert_string_equal(buffer.data, "42-abc");
    assert_false(buffer_printf(&buffer, "%d", 1));
    assert_string_equal(buffer.data, "42-abc");
    buffer_release(&buffer);
}

static void code_points_become_utf8_and_what_is_none_becomes_u_fffd(void **state)
{
    static const struct {
        unsigned codepoint;
        const char *utf8;
    } cases[] = {
        {'A', "A"},
        {0x7f, "\x7f"},
        {0x80, "\xc2\x80"},
        {0x7ff, "\xdf\xbf"},
        {0x91cf, "量"},
        {0xffff, "\xef\xbf\xbf"},
        {0x1f600, "\xf0\x9f\x98\x80"},
        {0x10ffff, "\xf4\x8f\xbf\xbf"},
        {0x110000, "\xef\xbf\xbd"},
        {0xd800, "\xef\xbf\xbd"},
        {0xdfff, "\xef\xbf\xbd"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct buffer buffer;
        buffer_init(&buffer, 16);
        buffer_put_codepoint(&buffer, cases[i].codepoint);
        assert_string_equal(buffer.data, cases[i].utf8);
        buffer_release(&buffer);
    }
}

static void taken_data_is_the_callers_and_the_buffer_goes_on(void **state)
{
    struct buffer buffer;
    size_t length;
    buffer_init(&buffer, 100000);
    for (int i = 0; i < 10000; i++) {
        buffer_putc(&buffer, 'x');
    }
    char *data = buffer_take(&buffer, &length);
    assert_int_equal(length, 10000);
    assert_int_equal(strlen(data), 10000);
    assert_int_equal(buffer.length, 0);
    assert_true(buffer_puts(&buffer, "again"));
    free(data);
    buffer_release(&buffer);
}

static void a_number_is_written_in_decimals(void **state)
{
    struct buffer buffer;
    buffer_init(&buffer, 64);
    buffer_put_number(&buffer, 0);
    buffer_putc(&buffer, ' ');
    buffer_put_number(&buffer, 1090);
    buffer_putc(&buffer, ' ');
    buffer_put_number(&buffer, UINT32_MAX);
    assert_string_equal(buffer.data, "0 1090 4294967295");
    buffer_release(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_append_that_would_pass_the_maximum_is_dropped_and_remembered),
        cmocka_unit_test(a_maximum_near_size_max_does_not_wrap),
        cmocka_unit_test(reserving_makes_room_up_to_the_maximum_and_changes_no_content),
        cmocka_unit_test(printf_fits_exactly_or_not_at_all),
        cmocka_unit_test(a_number_is_written_in_decimals),
        cmocka_unit_test(code_points_become_utf8_and_what_is_none_becomes_u_fffd),
        cmocka_unit_test(taken_data_is_the_callers_and_the_buffer_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
