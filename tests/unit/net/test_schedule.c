#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "net/schedule.h"

enum { MIN_S = 900, MAX_S = 86400, HOUR_S = 3600, DAY_S = 86400 };

/* 2020-09-17 08:00:00, a Thursday. */
static const int64_t now_s = 1600329600;

static const struct schedule_feed hourly = {
    .min_interval_s = MIN_S, .max_interval_s = MAX_S, .interval_s = HOUR_S};

static struct schedule_poll poll_with(enum schedule_outcome outcome)
{
    return (struct schedule_poll){
        .outcome = outcome,
        .now_utc_s = now_s,
        .retry_after_s = -1,
        .max_age_s = -1,
        .ttl_minutes = -1,
        .update_period_s = -1,
        .entries_per_day = -1,
    };
}

/* The smallest and largest wait over many random numbers. */
struct span {
    int64_t low_s, high_s;
};

static struct span waits(const struct schedule_feed *feed, struct schedule_poll poll)
{
    struct span span = {INT64_MAX, INT64_MIN};
    for (uint32_t i = 0; i < 5000; i++) {
        poll.random = i * UINT32_C(2654435761);
        int64_t wait_s = schedule_after_poll(feed, &poll).next_poll_utc_s - poll.now_utc_s;
        span.low_s = wait_s < span.low_s ? wait_s : span.low_s;
        span.high_s = wait_s > span.high_s ? wait_s : span.high_s;
    }
    return span;
}

/* Within one per cent: 5000 throws do not hit both ends exactly. */
static void expect_span(struct span seen, int64_t low_s, int64_t high_s, int line)
{
    if (llabs(seen.low_s - low_s) > 1 + low_s / 100 ||
        llabs(seen.high_s - high_s) > 1 + high_s / 100) {
        fail_msg("line %d: waits %lld..%lld, expected %lld..%lld", line, (long long)seen.low_s,
            (long long)seen.high_s, (long long)low_s, (long long)high_s);
    }
}

#define assert_span(seen, low_s, high_s) expect_span((seen), (low_s), (high_s), __LINE__)

/* --- the habit ------------------------------------------------------------------------------
 */

static void news_shortens_the_interval_and_silence_lengthens_it(void **state)
{
    struct schedule_poll poll = poll_with(SCHEDULE_NEW);
    assert_int_equal(schedule_after_poll(&hourly, &poll).interval_s, 2520);
    poll.outcome = SCHEDULE_UNCHANGED;
    assert_int_equal(schedule_after_poll(&hourly, &poll).interval_s, 4680);
}

static void the_first_interval_follows_the_posting_rate_or_is_an_hour(void **state)
{
    static const struct {
        double rate;
        int64_t interval_s;
    } cases[] = {
        {-1, HOUR_S},
        {0, MAX_S},
        {24, 1800},
        {2, 21600},
        {1, 43200},
        {1000, MIN_S},
        {0.01, MAX_S},
        {1e300, MIN_S},
        {1e-300, MAX_S},
        {(double)INFINITY, HOUR_S},
        {(double)NAN, HOUR_S},
    };
    const struct schedule_feed fresh = {.min_interval_s = MIN_S, .max_interval_s = MAX_S};
    for (size_t i = 0; i < array_count(cases); i++) {
        struct schedule_poll poll = poll_with(SCHEDULE_NEW);
        poll.entries_per_day = cases[i].rate;
        int64_t interval_s = schedule_after_poll(&fresh, &poll).interval_s;
        if (interval_s != cases[i].interval_s) {
            fail_msg("rate %g: %lld", cases[i].rate, (long long)interval_s);
        }
    }
}

static void the_interval_settles_near_the_posting_rate(void **state)
{
    static const struct {
        double rate;
        int64_t low_s, high_s;
    } cases[] = {{24, 1100, 2400}, {4, 7000, 15000}, {0.2, 60000, MAX_S}};
    for (size_t i = 0; i < array_count(cases); i++) {
        struct schedule_feed feed = hourly;
        for (int k = 0; k < 40; k++) {
            struct schedule_poll poll = poll_with(
                k % 3 == 0 ? SCHEDULE_NEW : SCHEDULE_UNCHANGED);
            poll.entries_per_day = cases[i].rate;
            feed.interval_s = schedule_after_poll(&feed, &poll).interval_s;
        }
        assert_in_range(feed.interval_s, cases[i].low_s, cases[i].high_s);
    }
}

static void without_a_rate_a_silent_feed_drifts_to_the_maximum_and_back(void **state)
{
    struct schedule_feed feed = hourly;
    for (int k = 0; k < 30; k++) {
        struct schedule_poll poll = poll_with(SCHEDULE_UNCHANGED);
        feed.interval_s = schedule_after_poll(&feed, &poll).interval_s;
    }
    assert_int_equal(feed.interval_s, MAX_S);
    for (int k = 0; k < 30; k++) {
        struct schedule_poll poll = poll_with(SCHEDULE_NEW);
        feed.interval_s = schedule_after_poll(&feed, &poll).interval_s;
    }
    assert_int_equal(feed.interval_s, MIN_S);
}

static void the_wait_is_the_interval_give_or_take_ten_percent(void **state)
{
    struct schedule_feed feed = hourly;
    feed.interval_s = 36000;
    assert_span(waits(&feed, poll_with(SCHEDULE_UNCHANGED)), 42120, 51480);
    feed.interval_s = MIN_S;
    assert_span(waits(&feed, poll_with(SCHEDULE_NEW)), MIN_S, 990);
    feed.interval_s = MAX_S;
    assert_span(waits(&feed, poll_with(SCHEDULE_UNCHANGED)), MAX_S - MAX_S / 10, MAX_S);
}

/* --- wishes ---------------------------------------------------------------------------------
 */

static void wishes_lengthen_the_wait_within_the_maximum_and_leave_the_habit(void **state)
{
    static const struct {
        int ttl_minutes;
        int update_period_s;
        int64_t max_age_s;
        int64_t low_s, high_s;
    } cases[] = {
        {300, -1, -1, 18000, 19800},
        {-1, 18000, -1, 18000, 19800},
        {-1, -1, 18000, 18000, 19800},
        {60, 7200, 18000, 18000, 19800}, /* the longest counts */
        {10, 60, 5, 4212, 5148},         /* shorter than the habit: no matter */
        {INT32_MAX, -1, -1, MAX_S, MAX_S},
        {-1, -1, INT64_MAX, MAX_S, MAX_S},
        {-5, -70000, -9, 4212, 5148},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct schedule_poll poll = poll_with(SCHEDULE_UNCHANGED);
        poll.ttl_minutes = cases[i].ttl_minutes;
        poll.update_period_s = cases[i].update_period_s;
        poll.max_age_s = cases[i].max_age_s;
        struct span span = waits(&hourly, poll);
        assert_span(span, cases[i].low_s, cases[i].high_s);
        assert_true(cases[i].low_s == 4212 || span.low_s >= cases[i].low_s); /* never early */
        assert_int_equal(schedule_after_poll(&hourly, &poll).interval_s, 4680);
    }
}

/* --- failures -------------------------------------------------------------------------------
 */

static void failures_back_off_exponentially_to_the_maximum(void **state)
{
    static const struct {
        int failures;
        int64_t low_s, high_s;
    } cases[] = {
        {0, 900, 1125},
        {1, 1350, 2250},
        {2, 2700, 4500},
        {6, 43200, 72000},
        {7, 64800, MAX_S},
        {100, 64800, MAX_S},
        {INT32_MAX, 64800, MAX_S},
        {-3, 900, 1125},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct schedule_feed feed = hourly;
        feed.failures = cases[i].failures;
        struct schedule_poll poll = poll_with(SCHEDULE_FAILED);
        assert_span(waits(&feed, poll), cases[i].low_s, cases[i].high_s);
        struct schedule_next next = schedule_after_poll(&feed, &poll);
        assert_int_equal(next.interval_s, HOUR_S); /* the habit survives */
        assert_true(next.failures > 0);
    }
}

static void success_forgets_the_failures(void **state)
{
    struct schedule_feed feed = hourly;
    feed.failures = 9;
    struct schedule_poll poll = poll_with(SCHEDULE_UNCHANGED);
    assert_int_equal(schedule_after_poll(&feed, &poll).failures, 0);
    poll.outcome = SCHEDULE_FAILED;
    assert_int_equal(schedule_after_poll(&feed, &poll).failures, 10);
}

static void retry_after_is_a_floor_up_to_two_days(void **state)
{
    static const struct {
        enum schedule_outcome outcome;
        int64_t retry_after_s, low_s, high_s;
    } cases[] = {
        {SCHEDULE_FAILED, 7200, 7200, 9000},
        {SCHEDULE_FAILED, 1000, 1000, 1250},
        {SCHEDULE_FAILED, 60, 900, 1125},
        {SCHEDULE_FAILED, 0, 900, 1125},
        {SCHEDULE_FAILED, 100000, 100000, 110000}, /* above the maximum */
        {SCHEDULE_FAILED, 2400000000, 172800, 190080},
        {SCHEDULE_FAILED, INT64_MAX, 172800, 190080},
        {SCHEDULE_UNCHANGED, 30000, 30000, 33000},
        {SCHEDULE_UNCHANGED, 4500, 4500, 5148},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct schedule_poll poll = poll_with(cases[i].outcome);
        poll.retry_after_s = cases[i].retry_after_s;
        struct span span = waits(&hourly, poll);
        assert_span(span, cases[i].low_s, cases[i].high_s);
        assert_true(span.low_s >= cases[i].low_s);
    }
}

/* --- skipHours, skipDays --------------------------------------------------------------------
 */

static void skipped_hours_and_days_are_stepped_over(void **state)
{
    static const struct {
        uint32_t hours;
        uint8_t days;
        int64_t low_s, high_s; /* after now, Thursday 08:00; the bare wait is 4212..5148 */
    } cases[] = {
        {1u << 9, 0, 2 * HOUR_S, 3 * HOUR_S},                 /* not at 9: at 10 */
        {1u << 9 | 1u << 10, 0, 3 * HOUR_S, 4 * HOUR_S},      /* at 11 */
        {0, 1 << 4, 16 * HOUR_S, 17 * HOUR_S},                /* not on Thursday */
        {0, 1 << 4 | 1 << 5, 40 * HOUR_S, 41 * HOUR_S},       /* nor on Friday */
        {0xffffff & ~(1u << 8), 0, 24 * HOUR_S, 25 * HOUR_S}, /* only at 8 */
        {0xffffff & ~(1u << 8), 0x7f & ~(1 << 3), 144 * HOUR_S, 145 * HOUR_S},
        {1u << 8, 1 << 3, 4212, 5148}, /* neither is in the way */
        {0xffffff, 0, 4212, 5148},     /* permits nothing: ignored */
        {0, 0x7f, 4212, 5148},
        {0xffffffff, 0xff, 4212, 5148},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct schedule_poll poll = poll_with(SCHEDULE_UNCHANGED);
        poll.skip_hours = cases[i].hours;
        poll.skip_days = cases[i].days;
        assert_span(waits(&hourly, poll), cases[i].low_s, cases[i].high_s);
    }
}

/* --- the start ------------------------------------------------------------------------------
 */

static void a_thousand_feeds_are_spread_evenly_at_the_start(void **state)
{
    int per_tenth[10] = {0};
    for (uint32_t i = 0; i < 1000; i++) {
        int64_t overdue_s = i % 2 == 0 ? CLOCK_NONE : now_s - i;
        int64_t at_s = schedule_at_start(overdue_s, now_s, 600, i); /* poor random numbers */
        assert_in_range(at_s - now_s, 0, 600);
        per_tenth[at_s - now_s == 600 ? 9 : (at_s - now_s) / 60]++;
    }
    for (int i = 0; i < 10; i++) {
        assert_in_range(per_tenth[i], 60, 140);
    }
}

static void feeds_that_are_not_due_keep_their_time(void **state)
{
    assert_int_equal(schedule_at_start(now_s + 5, now_s, 600, 1), now_s + 5);
    assert_int_equal(schedule_at_start(now_s - 5, now_s, 0, 1), now_s);
    assert_int_equal(schedule_at_start(now_s, now_s, -7, 1), now_s);
}

/* --- properties -----------------------------------------------------------------------------
 */

static uint32_t next_random(uint32_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 17;
    return *random ^= *random << 5;
}

static void no_wait_leaves_the_limits_but_for_retry_after_and_skips(void **state)
{
    uint32_t random = 20200917;
    for (int i = 0; i < 200000; i++) {
        uint32_t dice = next_random(&random);
        struct schedule_feed feed = {
            .min_interval_s = dice % 4 == 0 ? 0 : 60 + next_random(&random) % 7200,
            .max_interval_s = next_random(&random) % 200000, /* may be below the minimum */
            .interval_s = next_random(&random) % 300000,
            .failures = (int)(next_random(&random) % 40),
        };
        struct schedule_poll poll = poll_with((enum schedule_outcome)(dice % 3));
        poll.now_utc_s = now_s + next_random(&random) % 1000000;
        poll.ttl_minutes = (int)(next_random(&random) % 5000) - 1;
        poll.update_period_s = (int)(next_random(&random) % 500000) - 1;
        poll.max_age_s = (int64_t)(next_random(&random) % 500000) - 1;
        poll.entries_per_day = next_random(&random) % 100 / 7.0 - 1;
        poll.random = next_random(&random);
        int64_t min_s = feed.min_interval_s > 1 ? feed.min_interval_s : 1;
        int64_t max_s = feed.max_interval_s > min_s ? feed.max_interval_s : min_s;
        struct schedule_next next = schedule_after_poll(&feed, &poll);
        int64_t wait_s = next.next_poll_utc_s - poll.now_utc_s;
        if (wait_s < min_s || wait_s > max_s) {
            fail_msg("wait %lld not in %lld..%lld", (long long)wait_s, (long long)min_s,
                (long long)max_s);
        }
        poll.skip_hours = next_random(&random) & next_random(&random) & 0xffffff;
        poll.skip_days = (uint8_t)(next_random(&random) & next_random(&random) & 0x7f);
        int64_t stepped_s = schedule_after_poll(&feed, &poll).next_poll_utc_s;
        assert_true(stepped_s >= next.next_poll_utc_s);
        assert_true(stepped_s <= next.next_poll_utc_s + 8 * DAY_S);
        if (poll.skip_days != 0x7f && poll.skip_hours != 0xffffff) {
            assert_int_equal(poll.skip_hours >> stepped_s / HOUR_S % 24 & 1, 0);
            assert_int_equal(poll.skip_days >> (stepped_s / DAY_S + 4) % 7 & 1, 0);
        }
    }
}

/* A thousand feeds polled in the same second, a hundred rounds long: the busiest minute must
 * hold no more than a few times its share. */
static void feeds_that_began_together_drift_apart(void **state)
{
    enum { FEEDS = 1000, MINUTES = 60 };
    int per_minute[MINUTES] = {0};
    uint32_t random = 7;
    for (int i = 0; i < FEEDS; i++) {
        struct schedule_feed feed = {
            .min_interval_s = HOUR_S, .max_interval_s = HOUR_S * 4, .interval_s = HOUR_S};
        int64_t at_s = now_s;
        for (int round = 0; round < 100; round++) {
            struct schedule_poll poll = poll_with(SCHEDULE_NEW);
            poll.now_utc_s = at_s;
            poll.random = next_random(&random);
            at_s = schedule_after_poll(&feed, &poll).next_poll_utc_s;
        }
        per_minute[at_s / 60 % MINUTES]++;
    }
    for (int i = 0; i < MINUTES; i++) {
        assert_in_range(per_minute[i], 1, 3 * FEEDS / MINUTES);
    }
}

static void feeds_that_skip_the_weekend_do_not_return_in_one_second(void **state)
{
    int at_the_hour = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        struct schedule_poll poll = poll_with(SCHEDULE_UNCHANGED);
        poll.now_utc_s = now_s + 2 * DAY_S; /* Saturday */
        poll.skip_days = 1 << 6 | 1 << 0;
        poll.random = i * UINT32_C(2654435761);
        at_the_hour += schedule_after_poll(&hourly, &poll).next_poll_utc_s % HOUR_S < 60;
    }
    assert_in_range(at_the_hour, 1, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(news_shortens_the_interval_and_silence_lengthens_it),
        cmocka_unit_test(the_first_interval_follows_the_posting_rate_or_is_an_hour),
        cmocka_unit_test(the_interval_settles_near_the_posting_rate),
        cmocka_unit_test(without_a_rate_a_silent_feed_drifts_to_the_maximum_and_back),
        cmocka_unit_test(the_wait_is_the_interval_give_or_take_ten_percent),
        cmocka_unit_test(wishes_lengthen_the_wait_within_the_maximum_and_leave_the_habit),
        cmocka_unit_test(failures_back_off_exponentially_to_the_maximum),
        cmocka_unit_test(success_forgets_the_failures),
        cmocka_unit_test(retry_after_is_a_floor_up_to_two_days),
        cmocka_unit_test(skipped_hours_and_days_are_stepped_over),
        cmocka_unit_test(a_thousand_feeds_are_spread_evenly_at_the_start),
        cmocka_unit_test(feeds_that_are_not_due_keep_their_time),
        cmocka_unit_test(no_wait_leaves_the_limits_but_for_retry_after_and_skips),
        cmocka_unit_test(feeds_that_began_together_drift_apart),
        cmocka_unit_test(feeds_that_skip_the_weekend_do_not_return_in_one_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
