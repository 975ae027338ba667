#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pipeline/clock_jump.h"

static const int64_t hour_ms = 3600 * 1000, start_utc_ms = INT64_C(1600329600000);

static void a_clock_that_runs_was_not_set(void **state)
{
    struct clock_jump jump = {0};
    for (int64_t at_ms = 0; at_ms < 100 * hour_ms; at_ms += hour_ms) {
        assert_int_equal(clock_jump_look(&jump, start_utc_ms + at_ms, 777 + at_ms), 0);
    }
}

static void each_setting_is_told_once_and_by_how_much(void **state)
{
    static const int64_t hours[] = {6, -6, -9, 100 * 24};
    struct clock_jump jump = {0};
    int64_t set_ms = 0;
    clock_jump_look(&jump, start_utc_ms, 0);
    for (int i = 0; i < 4; i++) {
        set_ms += hours[i] * hour_ms;
        int64_t at_ms = i * hour_ms;
        assert_int_equal(
            clock_jump_look(&jump, start_utc_ms + at_ms + set_ms, at_ms), hours[i] * 3600);
        assert_int_equal(clock_jump_look(&jump, start_utc_ms + at_ms + set_ms, at_ms), 0);
    }
}

static void small_corrections_count_when_they_have_added_up_to_a_minute(void **state)
{
    struct clock_jump jump = {0};
    int64_t told_s = 0;
    for (int64_t i = 0; i <= 90; i++) {
        told_s += clock_jump_look(&jump, start_utc_ms + i * hour_ms - i * 1000, i * hour_ms);
        assert_int_equal(told_s, i < 60 ? 0 : -60);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_that_runs_was_not_set),
        cmocka_unit_test(each_setting_is_told_once_and_by_how_much),
        cmocka_unit_test(small_corrections_count_when_they_have_added_up_to_a_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
