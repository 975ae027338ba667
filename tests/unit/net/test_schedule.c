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
#define now_s INT64_C(1600329600)

/* Posts at any time of any day, as often as makes an interval of `interval_s`: the rate is
 * 2400 / interval². */
static struct rhythm steady(int64_t interval_s)
{
    struct rhythm rhythm = {.now_utc_s = now_s, .observed_s = 28.0 * DAY_S};
    double rate = 2400.0 / (double)interval_s / (double)interval_s;
    double posts = rate * 28.5 * DAY_S - 0.5; /* what feed/rhythm.c adds for ignorance */
    for (int i = 0; i < RHYTHM_HOURS; i++) {
        rhythm.hours[i] = posts / RHYTHM_HOURS;
    }
    for (int i = 0; i < RHYTHM_DAYS; i++) {
        rhythm.days[i] = posts / RHYTHM_DAYS;
    }
    return rhythm;
}

static struct rhythm usual_rhythm;

/* A feed that is asked every 4,680 s. */
static const struct schedule_feed usual = {
    .min_interval_s = MIN_S, .max_interval_s = MAX_S, .rhythm = &usual_rhythm};

static int make_rhythms(void **state)
{
    usual_rhythm = steady(4680);
    return 0;
}

static const struct schedule_poll answered = {.now_utc_s = now_s, .retry_after_s = -1};
static const struct schedule_poll failed = {
    .now_utc_s = now_s, .failed = true, .retry_after_s = -1};

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

/* --- the rhythm -----------------------------------------------------------------------------
 */

static void the_wait_is_the_root_of_the_gap_between_posts(void **state)
{
    static const struct {
        double posts_a_day;
        int64_t interval_s;
    } cases[] = {{96, 1470}, {24, 2939}, {1, 14400}, {1 / 7.0, 38098}, {0.0001, MAX_S}};
    for (size_t i = 0; i < array_count(cases); i++) {
        struct rhythm rhythm = steady(HOUR_S);
        double factor = cases[i].posts_a_day / 16.0; /* 2400 / 3600² a second */
        rhythm.observed_s = (28.5 * DAY_S) / factor - 0.5 * DAY_S;
        struct schedule_feed feed = usual;
        feed.rhythm = &rhythm;
        feed.min_interval_s = 60;
        int64_t interval_s = schedule_after_poll(&feed, &answered).interval_s;
        if (llabs(interval_s - cases[i].interval_s) > 1 + cases[i].interval_s / 1000) {
            fail_msg("%g a day: %lld", cases[i].posts_a_day, (long long)interval_s);
        }
    }
}

static void a_feed_that_nothing_is_known_of_is_asked_every_few_hours(void **state)
{
    struct rhythm empty = {.now_utc_s = now_s};
    struct schedule_feed feed = usual;
    feed.rhythm = &empty;
    struct span span = waits(&feed, answered);
    assert_in_range(span.low_s, 3 * HOUR_S, 5 * HOUR_S);
    assert_in_range(span.high_s, 3 * HOUR_S, 5 * HOUR_S);
}

/* Ten posts a day, each at 14 h, four weeks long: asked often then, seldom else. */
static void a_feed_with_an_hour_is_asked_in_that_hour(void **state)
{
    struct rhythm rhythm = {.now_utc_s = now_s};
    for (int day = 28; day > 0; day--) {
        for (int post = 0; post < 10; post++) {
            rhythm_count(&rhythm, now_s - day * DAY_S + 6 * HOUR_S + post * 300);
        }
    }
    rhythm.observed_s = 18.0 * DAY_S;
    struct schedule_feed feed = usual;
    feed.rhythm = &rhythm;
    feed.min_interval_s = 300;
    int in_hour = 0, in_all = 0;
    struct schedule_poll poll = answered;
    for (; poll.now_utc_s < now_s + 7 * DAY_S; in_all++) {
        poll.random += UINT32_C(2654435761);
        poll.now_utc_s = schedule_after_poll(&feed, &poll).next_poll_utc_s;
        in_hour += poll.now_utc_s / HOUR_S % 24 == 14;
    }
    assert_in_range(in_hour, 7 * 2, 7 * 7);
    assert_in_range(in_all, in_hour * 2, in_hour * 5);
}

static void a_feed_that_rests_at_weekends_is_let_rest(void **state)
{
    struct rhythm rhythm = steady(HOUR_S);
    rhythm.days[0] = rhythm.days[6] = 0;
    struct schedule_feed feed = usual;
    feed.rhythm = &rhythm;
    struct span thursday = waits(&feed, answered);
    struct schedule_poll poll = answered;
    poll.now_utc_s = now_s + 2 * DAY_S;
    struct span saturday = waits(&feed, poll);
    assert_true(saturday.low_s > 2 * thursday.high_s);
}

static void the_wait_is_the_interval_give_or_take_ten_percent(void **state)
{
    assert_span(waits(&usual, answered), 4212, 5148);
    struct rhythm rhythm = steady(36000);
    struct schedule_feed feed = usual;
    feed.rhythm = &rhythm;
    assert_span(waits(&feed, answered), 32400, 39600);
    rhythm = steady(MIN_S / 2);
    assert_span(waits(&feed, answered), MIN_S, 990);
    rhythm = steady(3 * MAX_S);
    assert_span(waits(&feed, answered), MAX_S - MAX_S / 10, MAX_S);
}

/* Of a document with nine entries three may pass until the next poll. */
static void a_short_document_is_asked_before_its_entries_are_gone(void **state)
{
    struct schedule_feed feed = usual;
    struct rhythm rhythm = steady(2400); /* posts as often as it is asked: every 40 minutes */
    feed.rhythm = &rhythm;
    assert_span(waits(&feed, answered), 2160, 2640);
    rhythm = steady(1000); /* asked every 1,000 s, posts every 417 s */
    feed.entries = 3;
    feed.min_interval_s = 60;
    assert_span(waits(&feed, answered), 375, 417);
    feed.entries = 9;
    assert_span(waits(&feed, answered), 900, 1100);
    feed.entries = 6;
    assert_span(waits(&feed, answered), 750, 833);
    feed.min_interval_s = MIN_S; /* never below what the configuration says */
    assert_span(waits(&feed, answered), MIN_S, 990);
}

/* --- wishes ---------------------------------------------------------------------------------
 */

static void a_wish_lengthens_the_wait_within_the_maximum_and_leaves_the_interval(void **state)
{
    static const struct {
        int64_t wish_s, low_s, high_s;
    } cases[] = {
        {18000, 18000, 18900}, /* by a quarter of an hour at most */
        {5000, 5000, 5500},    /* or a tenth */
        {600, 4212, 5148},     /* shorter than the rhythm's: no matter */
        {86400 * 30, MAX_S, MAX_S},
        {INT64_MAX, MAX_S, MAX_S},
        {-9, 4212, 5148},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct schedule_feed feed = usual;
        feed.wish_s = cases[i].wish_s;
        struct span span = waits(&feed, answered);
        assert_span(span, cases[i].low_s, cases[i].high_s);
        assert_true(cases[i].low_s == 4212 || span.low_s >= cases[i].low_s); /* never early */
        assert_in_range(schedule_after_poll(&feed, &answered).interval_s, 4678, 4680);
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
        struct schedule_feed feed = usual;
        feed.failures = cases[i].failures;
        struct schedule_poll poll = failed;
        assert_span(waits(&feed, poll), cases[i].low_s, cases[i].high_s);
        struct schedule_next next = schedule_after_poll(&feed, &poll);
        assert_in_range(next.interval_s, 4678, 4680); /* the rhythm survives */
        assert_true(next.failures > 0);
    }
}

static void success_forgets_the_failures(void **state)
{
    struct schedule_feed feed = usual;
    feed.failures = 9;
    struct schedule_poll poll = answered;
    assert_int_equal(schedule_after_poll(&feed, &poll).failures, 0);
    poll.failed = true;
    assert_int_equal(schedule_after_poll(&feed, &poll).failures, 10);
}

static void retry_after_is_a_floor_up_to_two_days(void **state)
{
    static const struct {
        bool failed;
        int64_t retry_after_s, low_s, high_s;
    } cases[] = {
        {true, 7200, 7200, 9000},
        {true, 1000, 1000, 1250},
        {true, 60, 900, 1125},
        {true, 0, 900, 1125},
        {true, 100000, 100000, 110000}, /* above the maximum */
        {true, 2400000000, 172800, 190080},
        {true, INT64_MAX, 172800, 190080},
        {false, 30000, 30000, 33000},
        {false, 4500, 4500, 5148},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct schedule_poll poll = cases[i].failed ? failed : answered;
        poll.retry_after_s = cases[i].retry_after_s;
        struct span span = waits(&usual, poll);
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
        struct schedule_feed feed = usual;
        feed.skip_hours = cases[i].hours;
        feed.skip_days = cases[i].days;
        assert_span(waits(&feed, answered), cases[i].low_s, cases[i].high_s);
    }
}

/* --- the start ------------------------------------------------------------------------------
 */

static void a_thousand_feeds_are_spread_evenly_at_the_start(void **state)
{
    int per_tenth[10] = {0};
    for (uint32_t i = 0; i < 1000; i++) {
        int64_t overdue_s = i % 2 == 0 ? CLOCK_NONE : now_s - i;
        const struct schedule_stored stored = {overdue_s, CLOCK_NONE, 3600};
        int64_t at_s = schedule_at_start(&stored, now_s, 600, i); /* poor random numbers */
        assert_in_range(at_s - now_s, 0, 600);
        per_tenth[at_s - now_s == 600 ? 9 : (at_s - now_s) / 60]++;
    }
    for (int i = 0; i < 10; i++) {
        assert_in_range(per_tenth[i], 60, 140);
    }
}

static void feeds_that_are_not_due_keep_their_time(void **state)
{
    const struct schedule_stored due_soon = {now_s + 5, now_s - 60, 3600};
    const struct schedule_stored overdue = {now_s - 5, now_s - 60, 3600};
    const struct schedule_stored due = {now_s, CLOCK_NONE, 3600};
    assert_int_equal(schedule_at_start(&due_soon, now_s, 600, 1), now_s + 5);
    assert_int_equal(schedule_at_start(&overdue, now_s, 0, 1), now_s);
    assert_int_equal(schedule_at_start(&due, now_s, -7, 1), now_s);
}

static void a_feed_asked_in_the_future_waits_as_long_as_it_was_told_to(void **state)
{
    const struct schedule_stored stored = {now_s + 7 * 3600, now_s + 6 * 3600, 86400};
    assert_int_equal(schedule_at_start(&stored, now_s, 600, 1), now_s + 3600);
}

static void a_time_that_no_schedule_gives_is_overdue(void **state)
{
    const int64_t year_s = 366 * 86400;
    const struct schedule_stored of_1970 = {now_s + 50 * year_s, CLOCK_NONE, 86400};
    const struct schedule_stored yearly = {now_s + year_s, now_s - 1, year_s + 1};
    assert_in_range(schedule_at_start(&of_1970, now_s, 600, 1) - now_s, 0, 600);
    assert_int_equal(schedule_at_start(&yearly, now_s, 600, 1), now_s + year_s);
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
        struct rhythm rhythm = steady(60 + next_random(&random) % 300000);
        rhythm.hours[dice % RHYTHM_HOURS] *= next_random(&random) % 1000;
        struct schedule_feed feed = {
            .min_interval_s = dice % 4 == 0 ? 0 : 60 + next_random(&random) % 7200,
            .max_interval_s = next_random(&random) % 200000, /* may be below the minimum */
            .rhythm = &rhythm,
            .wish_s = (int64_t)(next_random(&random) % 500000) - 1,
            .failures = (int)(next_random(&random) % 40),
        };
        struct schedule_poll poll = answered;
        poll.failed = dice % 3 == 0;
        poll.now_utc_s = now_s + next_random(&random) % 1000000;
        poll.random = next_random(&random);
        int64_t min_s = feed.min_interval_s > 1 ? feed.min_interval_s : 1;
        int64_t max_s = feed.max_interval_s > min_s ? feed.max_interval_s : min_s;
        struct schedule_next next = schedule_after_poll(&feed, &poll);
        int64_t wait_s = next.next_poll_utc_s - poll.now_utc_s;
        if (wait_s < min_s || wait_s > max_s) {
            fail_msg("wait %lld not in %lld..%lld", (long long)wait_s, (long long)min_s,
                (long long)max_s);
        }
        feed.skip_hours = next_random(&random) & next_random(&random) & 0xffffff;
        feed.skip_days = (uint8_t)(next_random(&random) & next_random(&random) & 0x7f);
        int64_t stepped_s = schedule_after_poll(&feed, &poll).next_poll_utc_s;
        assert_true(stepped_s >= next.next_poll_utc_s);
        assert_true(stepped_s <= next.next_poll_utc_s + 8 * DAY_S);
        if (feed.skip_days != 0x7f && feed.skip_hours != 0xffffff) {
            assert_int_equal(feed.skip_hours >> stepped_s / HOUR_S % 24 & 1, 0);
            assert_int_equal(feed.skip_days >> (stepped_s / DAY_S + 4) % 7 & 1, 0);
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
            .min_interval_s = HOUR_S, .max_interval_s = HOUR_S * 4, .rhythm = &usual_rhythm};
        int64_t at_s = now_s;
        for (int round = 0; round < 100; round++) {
            struct schedule_poll poll = answered;
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
        struct schedule_feed feed = usual;
        feed.skip_days = 1 << 6 | 1 << 0;
        struct schedule_poll poll = answered;
        poll.now_utc_s = now_s + 2 * DAY_S; /* Saturday */
        poll.random = i * UINT32_C(2654435761);
        at_the_hour += schedule_after_poll(&feed, &poll).next_poll_utc_s % HOUR_S < 60;
    }
    assert_in_range(at_the_hour, 1, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wait_is_the_root_of_the_gap_between_posts),
        cmocka_unit_test(a_feed_that_nothing_is_known_of_is_asked_every_few_hours),
        cmocka_unit_test(a_feed_with_an_hour_is_asked_in_that_hour),
        cmocka_unit_test(a_feed_that_rests_at_weekends_is_let_rest),
        cmocka_unit_test(a_short_document_is_asked_before_its_entries_are_gone),
        cmocka_unit_test(the_wait_is_the_interval_give_or_take_ten_percent),
        cmocka_unit_test(a_wish_lengthens_the_wait_within_the_maximum_and_leaves_the_interval),
        cmocka_unit_test(failures_back_off_exponentially_to_the_maximum),
        cmocka_unit_test(success_forgets_the_failures),
        cmocka_unit_test(retry_after_is_a_floor_up_to_two_days),
        cmocka_unit_test(skipped_hours_and_days_are_stepped_over),
        cmocka_unit_test(a_thousand_feeds_are_spread_evenly_at_the_start),
        cmocka_unit_test(feeds_that_are_not_due_keep_their_time),
        cmocka_unit_test(a_feed_asked_in_the_future_waits_as_long_as_it_was_told_to),
        cmocka_unit_test(a_time_that_no_schedule_gives_is_overdue),
        cmocka_unit_test(no_wait_leaves_the_limits_but_for_retry_after_and_skips),
        cmocka_unit_test(feeds_that_began_together_drift_apart),
        cmocka_unit_test(feeds_that_skip_the_weekend_do_not_return_in_one_second),
    };
    return cmocka_run_group_tests(tests, make_rhythms, NULL);
}
