#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pipeline/store_pause.h"

static void the_first_refusal_begins_a_pause_of_a_second(void **state)
{
    struct store_pause pause = {0};
    assert_true(store_pause_begin(&pause, 5000));
    assert_int_equal(pause.length_ms, 1000);
    assert_int_equal(pause.until_ms, 6000);
}

static void what_was_under_way_when_it_failed_does_not_lengthen_the_pause(void **state)
{
    struct store_pause pause = {0};
    store_pause_begin(&pause, 5000);
    assert_false(store_pause_begin(&pause, 5999));
    assert_int_equal(pause.length_ms, 1000);
    assert_int_equal(pause.until_ms, 6000);
}

static void each_try_in_vain_doubles_the_pause_up_to_a_minute(void **state)
{
    struct store_pause pause = {0};
    int64_t expected_ms = 1000;
    store_pause_begin(&pause, 0);
    for (int i = 0; i < 10; i++) {
        int64_t now_ms = pause.until_ms;
        expected_ms = expected_ms * 2 < 60000 ? expected_ms * 2 : 60000;
        assert_false(store_pause_begin(&pause, now_ms));
        assert_int_equal(pause.length_ms, expected_ms);
        assert_int_equal(pause.until_ms, now_ms + expected_ms);
    }
}

static void a_write_ends_the_pause_and_the_next_begins_short_again(void **state)
{
    struct store_pause pause = {0};
    assert_false(store_pause_end(&pause));
    store_pause_begin(&pause, 0);
    store_pause_begin(&pause, 1000);
    assert_true(store_pause_end(&pause));
    assert_false(store_pause_end(&pause));
    assert_true(store_pause_begin(&pause, 1500));
    assert_int_equal(pause.until_ms, 2500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_refusal_begins_a_pause_of_a_second),
        cmocka_unit_test(what_was_under_way_when_it_failed_does_not_lengthen_the_pause),
        cmocka_unit_test(each_try_in_vain_doubles_the_pause_up_to_a_minute),
        cmocka_unit_test(a_write_ends_the_pause_and_the_next_begins_short_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
