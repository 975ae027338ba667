#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/attributes.h"
#include "base/clock.h"

static void days_agree_with_timegm_from_1900_to_2400(void **state)
{
    for (int year = 1900; year <= 2400; year += 1) {
        for (int month = 1; month <= 12; month++) {
            struct tm parts = {.tm_year = year - 1900,
                .tm_mon = month - 1,
                .tm_mday = 28,
                .tm_hour = 23,
                .tm_min = 59,
                .tm_sec = 58};
            assert_int_equal(
                clock_from_civil(year, month, 28, 23, 59, 58), (int64_t)timegm(&parts));
        }
    }
}

static void iso_is_written_in_utc(void **state)
{
    char text[CLOCK_ISO_BYTES];
    assert_string_equal(clock_format_iso(1600329600, text), "2020-09-17T08:00:00Z");
    assert_string_equal(clock_format_iso(-1, text), "1969-12-31T23:59:59Z");
}

static void a_day_begins_in_the_zone_given(void **state)
{
    char text[CLOCK_ISO_BYTES];
    int64_t evening_utc = clock_from_civil(2020, 9, 16, 20, 0, 0);
    assert_string_equal(clock_format_day(evening_utc, 0, text), "2020-09-16");
    assert_string_equal(clock_format_day(evening_utc, 8 * 3600, text), "2020-09-17");
}

static void only_real_days_are_read(void **state)
{
    int64_t utc_s;
    assert_true(clock_parse_day("2020-02-29", &utc_s));
    assert_int_equal(utc_s, clock_from_civil(2020, 2, 29, 0, 0, 0));
    static const char *const bad[] = {"2019-02-29", "2020-13-01", "2020-00-10", "2020-9-17",
        "2020-09-17 ", "20200917", "", "2020-09-31", "2020-09-0x", "-020-09-17"};
    for (size_t i = 0; i < array_count(bad); i++) {
        assert_false(clock_parse_day(bad[i], &utc_s));
    }
}

/* The first `bytes` of what the file says: how far both clocks are ahead, then the wall clock
 * alone. */
static void write_offset(const char *path, int64_t offset_ms, size_t bytes)
{
    const int64_t offsets_ms[2] = {offset_ms, 0};
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fwrite(offsets_ms, 1, bytes, file), bytes);
    fclose(file);
}

/* Last: what is followed once is followed for good. */
static void both_clocks_move_with_the_file_that_is_followed(void **state)
{
    const int64_t day_ms = 86400000;
    char path[] = "/tmp/briefd-clock-XXXXXX";
    int made = mkstemp(path);
    assert_true(made >= 0);
    close(made);
    struct fault fault;
    assert_false(clock_follow("/nonexistent/clock", &fault));
    assert_non_null(strstr(fault.message, "/nonexistent/clock"));
    assert_false(clock_follow(path, &fault)); /* empty */
    write_offset(path, 0, 15);
    assert_false(clock_follow(path, &fault));
    assert_int_equal(clock_sleep_ms(5000), 5000);
    write_offset(path, 0, 16);
    assert_true(clock_follow(path, &fault));
    int64_t utc_ms = clock_now_utc_ms(), waiting_ms = clock_monotonic_ms();
    uint64_t measured_ns = clock_monotonic_ns();
    write_offset(path, 40 * day_ms, 8);
    assert_in_range(clock_now_utc_ms() - utc_ms, 40 * day_ms, 41 * day_ms);
    assert_in_range(clock_monotonic_ms() - waiting_ms, 40 * day_ms, 41 * day_ms);
    assert_in_range(clock_monotonic_ns() - measured_ns, 0, (uint64_t)day_ms * 1000000);
    assert_in_range(clock_sleep_ms(5000), 1, 100);
    assert_int_equal(clock_sleep_ms(3), 3);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_agree_with_timegm_from_1900_to_2400),
        cmocka_unit_test(iso_is_written_in_utc),
        cmocka_unit_test(a_day_begins_in_the_zone_given),
        cmocka_unit_test(only_real_days_are_read),
        cmocka_unit_test(both_clocks_move_with_the_file_that_is_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
