#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "net/announcement.h"

enum { MINUTE_S = 60, HOUR_S = 3600, JITTER_S = 600 };

/* US Eastern summer time is UTC-4, winter time UTC-5. */
static int64_t utc(int month, int day, int hour, int minute)
{
    return clock_from_civil(2026, month, day, hour, minute, 0);
}

static struct announcement_poll poll_at(int64_t now_utc_s, bool fresh)
{
    return (struct announcement_poll){
        .now_utc_s = now_utc_s, .min_interval_s = 30 * MINUTE_S, .fresh = fresh};
}

static int64_t next_after(int64_t now_utc_s, bool fresh)
{
    struct announcement_poll poll = poll_at(now_utc_s, fresh);
    return announcement_next_poll(&poll);
}

static void eastern_time_changes_at_two_on_the_right_sundays(void **state)
{
    (void)state;
    assert_int_equal(announcement_eastern_offset_s(utc(3, 8, 6, 59)), -5 * HOUR_S);
    assert_int_equal(announcement_eastern_offset_s(utc(3, 8, 7, 0)), -4 * HOUR_S);
    assert_int_equal(announcement_eastern_offset_s(utc(11, 1, 5, 59)), -4 * HOUR_S);
    assert_int_equal(announcement_eastern_offset_s(utc(11, 1, 6, 0)), -5 * HOUR_S);
    /* years whose first of March or November is itself a Sunday */
    int64_t march_2015 = clock_from_civil(2015, 3, 8, 7, 0, 0);
    assert_int_equal(announcement_eastern_offset_s(march_2015 - 1), -5 * HOUR_S);
    assert_int_equal(announcement_eastern_offset_s(march_2015), -4 * HOUR_S);
    int64_t november_2020 = clock_from_civil(2020, 11, 1, 6, 0, 0);
    assert_int_equal(announcement_eastern_offset_s(november_2020 - 1), -4 * HOUR_S);
    assert_int_equal(announcement_eastern_offset_s(november_2020), -5 * HOUR_S);
}

/* Wednesday 2026-08-12, when the batch of the day before was served. */
static void a_stale_batch_is_asked_for_again_several_times_the_same_morning(void **state)
{
    (void)state;
    int64_t now = utc(8, 12, 3, 40);
    static const int64_t expected_minutes[] = {20, 60, 120, 240, 480, 1080};
    for (size_t i = 0; i < array_count(expected_minutes); i++) {
        now = next_after(now, false);
        assert_int_equal(now, utc(8, 12, 4, 0) + expected_minutes[i] * MINUTE_S);
    }
    assert_int_equal(next_after(now, false), utc(8, 13, 4, 20));
}

static void a_fresh_batch_is_looked_at_once_more_and_then_left_until_the_next(void **state)
{
    (void)state;
    int64_t second = next_after(utc(8, 12, 4, 21), true);
    assert_int_equal(second, utc(8, 12, 12, 0));
    assert_int_equal(next_after(second, true), utc(8, 13, 4, 20));
    assert_int_equal(next_after(utc(8, 12, 20, 0), true), utc(8, 13, 4, 20));
}

static void the_second_look_of_a_fresh_day_that_brings_nothing_leads_to_the_evening(
    void **state)
{
    (void)state;
    assert_int_equal(next_after(utc(8, 12, 12, 0), false), utc(8, 12, 22, 0));
}

static void friday_evening_leads_to_monday(void **state)
{
    (void)state;
    assert_int_equal(next_after(utc(8, 14, 12, 5), true), utc(8, 17, 4, 20));
    assert_int_equal(next_after(utc(8, 15, 9, 0), false), utc(8, 17, 4, 20));
    assert_int_equal(next_after(utc(8, 16, 23, 0), false), utc(8, 17, 4, 20));
}

static void over_the_change_of_the_clock_monday_has_its_own_offset(void **state)
{
    (void)state;
    assert_int_equal(next_after(utc(3, 6, 18, 0), true), utc(3, 9, 4, 20));
    assert_int_equal(next_after(utc(10, 30, 18, 0), true), utc(11, 2, 5, 20));
}

/* Midnight UTC is still the evening before in the East. */
static void the_day_is_the_eastern_one(void **state)
{
    (void)state;
    assert_int_equal(next_after(utc(8, 13, 1, 0), false), utc(8, 13, 4, 20));
    assert_int_equal(next_after(utc(8, 17, 3, 59), true), utc(8, 17, 5, 0));
}

static void the_minimum_of_the_editor_is_kept(void **state)
{
    (void)state;
    struct announcement_poll poll = poll_at(utc(8, 12, 4, 21), false);
    poll.min_interval_s = 12 * HOUR_S;
    assert_int_equal(announcement_next_poll(&poll), utc(8, 12, 22, 0));
    poll.min_interval_s = 7 * 24 * HOUR_S;
    assert_true(announcement_next_poll(&poll) >= utc(8, 19, 4, 21));
    assert_true(announcement_next_poll(&poll) <= utc(8, 20, 4, 20));
}

static void retry_after_is_kept_and_the_day_is_not_given_up(void **state)
{
    (void)state;
    struct announcement_poll poll = poll_at(utc(8, 12, 4, 21), false);
    poll.not_before_utc_s = utc(8, 12, 13, 0);
    assert_int_equal(announcement_next_poll(&poll), utc(8, 12, 22, 0));
    poll.not_before_utc_s = utc(8, 14, 23, 0); /* Friday night */
    assert_int_equal(announcement_next_poll(&poll), utc(8, 17, 4, 20));
}

static void jitter_is_later_only_and_at_most_ten_minutes(void **state)
{
    (void)state;
    int64_t low = INT64_MAX, high = 0;
    for (uint32_t random = 0; random < 5000; random++) {
        struct announcement_poll poll = poll_at(utc(8, 12, 3, 40), false);
        poll.random = random * 2654435761U;
        int64_t next = announcement_next_poll(&poll);
        low = next < low ? next : low;
        high = next > high ? next : high;
    }
    assert_true(low >= utc(8, 12, 4, 20) && low < utc(8, 12, 4, 21));
    assert_true(high < utc(8, 12, 4, 20) + JITTER_S && high > utc(8, 12, 4, 29));
}

/* Whatever the moment of a year, the next look is ahead, within five days, and on a weekday. */
static void every_hour_of_a_year_has_a_next_look(void **state)
{
    (void)state;
    for (int64_t now = utc(1, 1, 0, 0); now < utc(12, 31, 0, 0); now += HOUR_S) {
        for (int fresh = 0; fresh < 2; fresh++) {
            int64_t next = next_after(now, fresh == 1);
            int64_t local = next + announcement_eastern_offset_s(next);
            int64_t day = (local / 86400 + 4) % 7;
            assert_true(next >= now + 30 * MINUTE_S);
            assert_true(next <= now + 4 * 86400);
            assert_in_range(day, 1, 5);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(eastern_time_changes_at_two_on_the_right_sundays),
        cmocka_unit_test(a_stale_batch_is_asked_for_again_several_times_the_same_morning),
        cmocka_unit_test(a_fresh_batch_is_looked_at_once_more_and_then_left_until_the_next),
        cmocka_unit_test(
            the_second_look_of_a_fresh_day_that_brings_nothing_leads_to_the_evening),
        cmocka_unit_test(friday_evening_leads_to_monday),
        cmocka_unit_test(over_the_change_of_the_clock_monday_has_its_own_offset),
        cmocka_unit_test(the_day_is_the_eastern_one),
        cmocka_unit_test(the_minimum_of_the_editor_is_kept),
        cmocka_unit_test(retry_after_is_kept_and_the_day_is_not_given_up),
        cmocka_unit_test(jitter_is_later_only_and_at_most_ten_minutes),
        cmocka_unit_test(every_hour_of_a_year_has_a_next_look),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
