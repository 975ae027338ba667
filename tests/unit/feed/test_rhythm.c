#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/attributes.h"
#include "feed/rhythm.h"

enum { HOUR = 3600, DAY = 86400 };

/* 2020-09-17 08:00:00, a Thursday. */
static const int64_t now_s = 1600329600;

static double sum(const double *values, int count)
{
    double total = 0;
    for (int i = 0; i < count; i++) {
        total += values[i];
    }
    return total;
}

static void assert_near(double seen, double wanted)
{
    if (!(fabs(seen - wanted) <= fabs(wanted) / 100)) {
        fail_msg("%g is not %g", seen, wanted);
    }
}

static void what_is_unknown_posts_once_a_day_at_any_time(void **state)
{
    struct rhythm rhythm = rhythm_read(NULL, now_s);
    for (int hour = 0; hour < 24 * 7; hour++) {
        assert_near(rhythm_rate(&rhythm, now_s + hour * HOUR) * DAY, 1);
    }
}

static void the_first_document_tells_the_rate(void **state)
{
    struct rhythm rhythm = rhythm_read(NULL, now_s);
    int64_t dates[20];
    for (int i = 0; i < 20; i++) {
        dates[i] = now_s - i * DAY / 2; /* two a day, for ten days */
    }
    rhythm_begin(&rhythm, dates, 20);
    assert_in_range((int)(rhythm_mean_rate(&rhythm) * DAY * 10), 18, 24);
}

static void a_batch_of_one_minute_is_one_post(void **state)
{
    struct rhythm rhythm = rhythm_read(NULL, now_s);
    int64_t dates[300];
    for (int i = 0; i < 300; i++) {
        dates[i] = now_s - HOUR;
    }
    rhythm_begin(&rhythm, dates, 300);
    assert_near(sum(rhythm.days, RHYTHM_DAYS), 1);
    rhythm_add(&rhythm, dates, 300, now_s - 2 * HOUR, now_s - 2 * HOUR);
    assert_near(sum(rhythm.days, RHYTHM_DAYS), 2);
}

static void only_dates_newer_than_the_newest_known_count(void **state)
{
    struct rhythm rhythm = rhythm_read(NULL, now_s);
    int64_t dates[] = {now_s - 60, now_s - 600, now_s - 7200};
    rhythm_add(&rhythm, dates, 3, now_s - 600, now_s - 3600);
    assert_near(sum(rhythm.hours, RHYTHM_HOURS), 1);
}

/* arXiv dates its papers midnight and shows them hours later; what counts is when they could be
 * had: between the poll that lacked them and the one that brought them. */
static void a_date_from_before_the_last_poll_counts_between_the_polls(void **state)
{
    struct rhythm rhythm = rhythm_read(NULL, now_s); /* 08:00 */
    int64_t dates[] = {now_s - 8 * HOUR};
    rhythm_add(&rhythm, dates, 1, now_s - 32 * HOUR, now_s - 2 * HOUR);
    assert_near(rhythm.hours[7], 1);
    assert_near(rhythm.hours[0], 0);
}

static void the_rate_is_highest_where_the_posts_were(void **state)
{
    struct rhythm rhythm = {.now_utc_s = now_s, .observed_s = 28.0 * DAY};
    for (int week = 0; week < 4; week++) {
        rhythm_count(&rhythm, now_s - week * 7 * DAY - HOUR / 2); /* Thursdays, 07:30 */
    }
    double there = rhythm_rate(&rhythm, now_s + 7 * DAY - HOUR / 2);
    assert_true(
        there > 3 * rhythm_rate(&rhythm, now_s + 7 * DAY + 10 * HOUR)); /* in the evening */
    assert_true(there > 3 * rhythm_rate(&rhythm, now_s + 4 * DAY - HOUR / 2)); /* on Monday */
    double week = 0;
    for (int hour = 0; hour < 24 * 7; hour++) {
        week += rhythm_rate(&rhythm, now_s + hour * HOUR) * HOUR;
    }
    assert_near(week, rhythm_mean_rate(&rhythm) * 7 * DAY); /* moved, not added */
}

static void an_old_habit_is_forgotten_within_some_weeks(void **state)
{
    struct rhythm rhythm = {.now_utc_s = now_s, .observed_s = 28.0 * DAY};
    for (int i = 0; i < 100; i++) {
        rhythm_count(&rhythm, now_s - i * 6 * HOUR);
    }
    double before = rhythm_mean_rate(&rhythm);
    rhythm_advance(&rhythm, now_s + 28 * DAY);
    double after = rhythm_mean_rate(&rhythm);
    assert_true(after < before / 2 && after > before / 4);
    rhythm_advance(&rhythm, now_s); /* a clock that goes back */
    assert_near(rhythm_mean_rate(&rhythm), after);
}

static void it_comes_back_from_its_text(void **state)
{
    struct arena arena = {0};
    struct rhythm rhythm = {.now_utc_s = now_s, .observed_s = 1234567};
    for (int i = 0; i < 50; i++) {
        rhythm_count(&rhythm, now_s - i * 5 * HOUR);
    }
    const char *text = rhythm_write(&rhythm, &arena);
    assert_in_range(strlen(text), 60, 300);
    struct rhythm back = rhythm_read(text, 7);
    assert_int_equal(back.now_utc_s, now_s);
    assert_near(back.observed_s, 1234567);
    for (int i = 0; i < RHYTHM_HOURS; i++) {
        assert_near(back.hours[i], rhythm.hours[i]);
    }
    for (int i = 0; i < RHYTHM_DAYS; i++) {
        assert_near(back.days[i], rhythm.days[i]);
    }
    arena_release(&arena);
}

/* The longest text that can come about still fits. */
static void the_largest_numbers_are_written_whole(void **state)
{
    struct arena arena = {0};
    struct rhythm rhythm = {.now_utc_s = INT64_MIN, .observed_s = 28.0 * DAY};
    for (int i = 0; i < RHYTHM_HOURS; i++) {
        rhythm.hours[i] = 1.234567e-5;
    }
    for (int i = 0; i < RHYTHM_DAYS; i++) {
        rhythm.days[i] = 1.234567e+200;
    }
    struct rhythm back = rhythm_read(rhythm_write(&rhythm, &arena), 7);
    assert_near(back.days[6], 1.235e+200);
    arena_release(&arena);
}

static void what_is_no_rhythm_is_an_empty_one(void **state)
{
    static const char *const texts[] = {"", "x", "1600329600 60 1 2", "1 nan", "1 2 -3",
        "1 1e999 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
        "1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 and more"};
    for (size_t i = 0; i < array_count(texts); i++) {
        struct rhythm rhythm = rhythm_read(texts[i], now_s);
        assert_int_equal(rhythm.now_utc_s, now_s);
        assert_near(rhythm_mean_rate(&rhythm) * DAY, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_unknown_posts_once_a_day_at_any_time),
        cmocka_unit_test(the_first_document_tells_the_rate),
        cmocka_unit_test(a_batch_of_one_minute_is_one_post),
        cmocka_unit_test(only_dates_newer_than_the_newest_known_count),
        cmocka_unit_test(a_date_from_before_the_last_poll_counts_between_the_polls),
        cmocka_unit_test(the_rate_is_highest_where_the_posts_were),
        cmocka_unit_test(an_old_habit_is_forgotten_within_some_weeks),
        cmocka_unit_test(it_comes_back_from_its_text),
        cmocka_unit_test(the_largest_numbers_are_written_whole),
        cmocka_unit_test(what_is_no_rhythm_is_an_empty_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
