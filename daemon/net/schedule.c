/* Problem: ask often enough to be early, seldom enough to be welcome, and never in step with
 * everybody else.
 *
 * Approach, in this order, each step a function:
 *   1. the rhythm: a feed that posts `rate` times a second is asked sqrt(rate / patience) times
 *      a second. The square root is what makes the sum of all delays least for a given sum of
 *      requests (minimise rate * wait / 2 + price / wait; the same law for crawlers: Cho and
 *      Garcia-Molina 2003, for feeds: Sia, Cho and Cho 2007). The rate is that of the hour of
 *      the week, so the next poll is where the density, summed up from now, reaches one: soon
 *      in busy hours, and a night is slept over when nothing is posted at night;
 *   2. the wishes: ttl, sy:updatePeriod, Cache-Control may lengthen the wait, up to the
 *      maximum;
 *   3. Retry-After, which may pass the maximum;
 *   4. jitter, upward only where a wish or Retry-After set the wait: early would break the
 *      promise;
 *   5. skipHours and skipDays: the first permitted hour after that.
 * A failure replaces 1 and 2 by an exponential backoff.
 *
 * Rejected: a wait in proportion to the gap between posts (spends most on the busiest feeds,
 * where it saves minutes, and finds a weekly post after days); shrinking after news and growing
 * after silence (knows no night: it arrives at the morning with the longest wait of all);
 * remembering failures (one bad night at a host would cost its feeds a week).
 */
#include "net/schedule.h"

#include <math.h>

enum {
    MINUTE_S = 60,
    HOUR_S = 3600,
    DAY_S = 86400,
    /* A feed that posts once in this time is asked once in this time; one post a day makes
     * sqrt(2400 * 86400) = 4 hours, one a week 10.6. From the simulation (tests/simulation):
     * three tenths of the requests of hourly polling, and still a shorter median delay. */
    PATIENCE_S = 2400,
    /* A wish is met late by so much at most: enough to part feeds that wish the same. */
    WISH_SPREAD_S = 15 * MINUTE_S,
    /* Expected posts until the next poll: at most this part of what the document holds, since
     * what is expected is exceeded twofold every other day. */
    WINDOW_PART = 3,
    ALL_HOURS = (1 << 24) - 1,
    ALL_DAYS = (1 << 7) - 1,
    /* Enough for a week in which one hour is permitted. */
    MAX_SKIP_STEPS = 7 * 24 + 1,
};

/* Random numbers from one: splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom number
 * generators, 2014). */
struct dice {
    uint64_t state;
};

/* Evenly in [low, high]; `low` when the range is empty. */
static int64_t throw_between(struct dice *dice, int64_t low, int64_t high)
{
    dice->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = dice->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    z = (z ^ (z >> 31)) >> 32;
    uint64_t width = high > low ? (uint64_t)(high - low) + 1 : 1;
    return low + (int64_t)((z * width) >> 32);
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The limits as they are meant: a configuration may give a minimum above the maximum for one
 * feed. */
struct limits {
    int64_t min_s, max_s;
};

static struct limits limits_of(const struct schedule_feed *feed)
{
    int64_t min_s = larger(feed->min_interval_s, 1);
    return (struct limits){min_s, larger(feed->max_interval_s, min_s)};
}

/* Polls a second that a post rate is worth. */
static double density(double posts_per_s)
{
    return sqrt(posts_per_s / PATIENCE_S);
}

/* What is summed up over time: polls that the rhythm is worth, or posts that it makes. */
typedef double measure_fn(double posts_per_s);

static double as_posts(double posts_per_s)
{
    return posts_per_s;
}

/* How long from `now_utc_s` until `measure` of the rhythm has summed up to `sum`; at most
 * `max_s`. The rhythm changes at full hours only. */
static int64_t wait_for(const struct rhythm *rhythm, measure_fn *measure, double sum,
    int64_t now_utc_s, int64_t max_s)
{
    int64_t at_s = now_utc_s, end_s = now_utc_s + max_s;
    while (at_s < end_s) {
        int64_t hour_end_s = smaller(at_s + HOUR_S - at_s % HOUR_S, end_s);
        double per_s = measure(rhythm_rate(rhythm, at_s));
        double in_hour = per_s * (double)(hour_end_s - at_s);
        if (in_hour >= sum) {
            return at_s - now_utc_s + (int64_t)(sum / per_s);
        }
        sum -= in_hour;
        at_s = hour_end_s;
    }
    return max_s;
}

/* A document holds the newest entries only: what it may lose until the next poll bounds the
 * wait. One expected post is no loss, however short the document. */
static int64_t wait_for_window(
    const struct schedule_feed *feed, int64_t now_utc_s, struct limits limits)
{
    if (feed->entries <= 0) {
        return limits.max_s;
    }
    double posts = fmax((double)feed->entries / WINDOW_PART, 1);
    return wait_for(feed->rhythm, as_posts, posts, now_utc_s, limits.max_s);
}

static int64_t backoff(int failures, struct limits limits)
{
    int64_t wait_s = limits.min_s;
    for (int i = 1; i < failures && wait_s < limits.max_s; i++) {
        wait_s *= 2;
    }
    return smaller(wait_s, limits.max_s);
}

static bool is_skipped(int64_t utc_s, uint32_t hours, unsigned days)
{
    int64_t hour = utc_s / HOUR_S % 24;
    int64_t day = (utc_s / DAY_S + 4) % 7; /* 1970-01-01 was a Thursday */
    return (hours >> hour & 1) != 0 || (days >> day & 1) != 0;
}

/* The first permitted time from `utc_s` on. Within the hour that it lands in the place is
 * random, or all feeds that skip the weekend would come on Monday at 00:00:00. Masks that
 * permit nothing are mistakes and ignored. */
static int64_t step_over(int64_t utc_s, const struct schedule_feed *feed, struct dice *dice)
{
    uint32_t hours = feed->skip_hours & ALL_HOURS;
    unsigned days = feed->skip_days & ALL_DAYS;
    if (hours == ALL_HOURS || days == ALL_DAYS || !is_skipped(utc_s, hours, days)) {
        return utc_s;
    }
    int64_t at_s = utc_s;
    for (int i = 0; i < MAX_SKIP_STEPS && is_skipped(at_s, hours, days); i++) {
        at_s += HOUR_S - at_s % HOUR_S;
    }
    return throw_between(dice, at_s, at_s + HOUR_S - 1);
}

/* The next poll is thrown between these; `floor_s` is what nothing may go below. */
struct wait {
    int64_t low_s, high_s, floor_s, ceiling_s;
    int spread_percent; /* of a Retry-After */
};

static struct wait wait_after_answer(
    const struct schedule_feed *feed, int64_t now_utc_s, struct limits limits)
{
    int64_t wish_s = clamp(feed->wish_s, 0, limits.max_s);
    int64_t longest_s = wait_for_window(feed, now_utc_s, limits);
    int64_t low_s = wait_for(feed->rhythm, density, 0.9, now_utc_s, longest_s);
    int64_t high_s = wait_for(feed->rhythm, density, 1.1, now_utc_s, longest_s);
    if (high_s == longest_s) {
        low_s = smaller(low_s, longest_s - longest_s / 10);
    }
    if (wish_s > low_s) {
        high_s = larger(high_s, wish_s + smaller(wish_s / 10, WISH_SPREAD_S));
    }
    if (limits.min_s > low_s) {
        high_s = larger(high_s, limits.min_s + limits.min_s / 10);
    }
    return (struct wait){low_s, high_s, larger(limits.min_s, wish_s), limits.max_s, 10};
}

/* Wider, because feeds of one host fail together and must not come back together. */
static struct wait wait_after_failure(int failures, struct limits limits)
{
    int64_t wait_s = backoff(failures, limits);
    return (struct wait){
        wait_s - wait_s / 4, wait_s + wait_s / 4, limits.min_s, limits.max_s, 25};
}

static struct wait hold_back(struct wait wait, int64_t retry_after_s)
{
    int64_t rest_s = smaller(retry_after_s, SCHEDULE_LONGEST_RETRY_AFTER_S);
    if (rest_s > wait.low_s) {
        wait.high_s = larger(wait.high_s, rest_s + rest_s * wait.spread_percent / 100);
        wait.ceiling_s = larger(wait.ceiling_s, rest_s + rest_s / 10);
        wait.floor_s = larger(wait.floor_s, rest_s);
    }
    return wait;
}

struct schedule_next schedule_after_poll(
    const struct schedule_feed *feed, const struct schedule_poll *poll)
{
    struct limits limits = limits_of(feed);
    struct dice dice = {poll->random};
    struct schedule_next next = {
        .interval_s = clamp((int64_t)(1 / density(rhythm_mean_rate(feed->rhythm))),
            limits.min_s, limits.max_s)};
    struct wait wait;
    if (poll->failed) {
        next.failures = feed->failures < INT32_MAX ? larger(feed->failures, 0) + 1 : INT32_MAX;
        wait = wait_after_failure(next.failures, limits);
    } else {
        wait = wait_after_answer(feed, poll->now_utc_s, limits);
    }
    wait = hold_back(wait, poll->retry_after_s);
    int64_t wait_s = throw_between(&dice, clamp(wait.low_s, wait.floor_s, wait.ceiling_s),
        clamp(wait.high_s, wait.floor_s, wait.ceiling_s));
    next.next_poll_utc_s = step_over(poll->now_utc_s + wait_s, feed, &dice);
    return next;
}

/* The longest wait there is, with the week that skipped hours and days may add. */
static int64_t longest_wait(int64_t max_interval_s)
{
    const int64_t rest_s = SCHEDULE_LONGEST_RETRY_AFTER_S + SCHEDULE_LONGEST_RETRY_AFTER_S / 10;
    return larger(max_interval_s, rest_s) + 8 * DAY_S;
}

int64_t schedule_at_start(
    const struct schedule_stored *stored, int64_t now_utc_s, int64_t spread_s, uint32_t random)
{
    int64_t next_poll_utc_s = stored->next_poll_utc_s, asked_utc_s = stored->last_poll_utc_s;
    if (asked_utc_s > now_utc_s && next_poll_utc_s > asked_utc_s) {
        next_poll_utc_s -= asked_utc_s - now_utc_s;
    }
    if (next_poll_utc_s > now_utc_s &&
        next_poll_utc_s - now_utc_s <= longest_wait(stored->max_interval_s)) {
        return next_poll_utc_s;
    }
    struct dice dice = {random};
    return throw_between(&dice, now_utc_s, now_utc_s + larger(spread_s, 0));
}
