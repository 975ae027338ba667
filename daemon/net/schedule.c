/* Problem: ask often enough to be early, seldom enough to be welcome, and never in step with
 * everybody else.
 *
 * Approach, in this order, each step a function:
 *   1. the habit: an interval of the feed's own that shrinks when a poll brought something and
 *      grows when it did not, drawn half way (geometrically) to its posting rate when that is
 * known;
 *   2. the wishes: ttl, sy:updatePeriod, Cache-Control may lengthen the wait, up to the
 * maximum; they do not touch the habit, so a wish that goes away leaves no trace;
 *   3. Retry-After, which may pass the maximum;
 *   4. jitter, upward only where a wish or Retry-After set the wait: early would break the
 * promise;
 *   5. skipHours and skipDays: the first permitted hour after that.
 * A failure replaces 1 and 2 by an exponential backoff and leaves the habit as it was.
 *
 * Rejected: the rate alone (a feed that restarts after a silent year would be found late: an
 * observation beats a history); additive steps (they need days from one hour to one day);
 * remembering failures in the habit (one bad night at a host would cost its feeds a week).
 */
#include "net/schedule.h"

#include <math.h>

enum {
    MINUTE_S = 60,
    HOUR_S = 3600,
    DAY_S = 86400,
    /* Before anything is known: hourly, what every reader's users take for granted. */
    FIRST_INTERVAL_S = HOUR_S,
    /* Bans seen in the field are 12 to 24 hours; more is a slip or malice (a year 2098 exists).
     */
    LONGEST_RETRY_AFTER_S = 2 * DAY_S,
    ALL_HOURS = (1 << 24) - 1,
    ALL_DAYS = (1 << 7) - 1,
    /* Enough for a week in which one hour is permitted. */
    MAX_SKIP_STEPS = 7 * 24 + 1,
};

/* The share of the mean gap between two posts that we aim at: a post then waits a quarter of
 * the gap on average. */
static const double share_of_gap = 0.5;

static const struct {
    double habit; /* factor on the interval */
} outcomes[] = {
    [SCHEDULE_NEW] = {0.7},
    [SCHEDULE_UNCHANGED] = {1.3},
    [SCHEDULE_FAILED] = {1.0},
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

/* What the posting rate alone would make of it. */
static double interval_for_rate(double entries_per_day, struct limits limits)
{
    if (entries_per_day <= 0) {
        return (double)limits.max_s;
    }
    double gap_s = DAY_S / entries_per_day;
    return fmin(fmax(gap_s * share_of_gap, (double)limits.min_s), (double)limits.max_s);
}

static int64_t next_habit(
    const struct schedule_feed *feed, const struct schedule_poll *poll, struct limits limits)
{
    bool rate_known = poll->entries_per_day >= 0 && isfinite(poll->entries_per_day);
    double rate_s = rate_known ? interval_for_rate(poll->entries_per_day, limits) : 0;
    double interval_s;
    if (feed->interval_s <= 0) {
        interval_s = rate_known ? rate_s : FIRST_INTERVAL_S;
    } else {
        interval_s = (double)clamp(feed->interval_s, limits.min_s, limits.max_s) *
            outcomes[poll->outcome].habit;
        interval_s = rate_known ? sqrt(interval_s * rate_s) : interval_s;
    }
    return clamp((int64_t)llround(interval_s), limits.min_s, limits.max_s);
}

/* The longest of the feed's wishes, within the maximum; 0: none. */
static int64_t wish_of(const struct schedule_poll *poll, struct limits limits)
{
    int64_t wish_s = larger(poll->max_age_s, (int64_t)poll->ttl_minutes * MINUTE_S);
    wish_s = larger(wish_s, poll->update_period_s);
    return clamp(wish_s, 0, limits.max_s);
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
static int64_t step_over(int64_t utc_s, const struct schedule_poll *poll, struct dice *dice)
{
    uint32_t hours = poll->skip_hours & ALL_HOURS;
    unsigned days = poll->skip_days & ALL_DAYS;
    if (hours == ALL_HOURS || days == ALL_DAYS || !is_skipped(utc_s, hours, days)) {
        return utc_s;
    }
    int64_t at_s = utc_s;
    for (int i = 0; i < MAX_SKIP_STEPS && is_skipped(at_s, hours, days); i++) {
        at_s += HOUR_S - at_s % HOUR_S;
    }
    return throw_between(dice, at_s, at_s + HOUR_S - 1);
}

/* How long to wait, before jitter, and what jitter must not go below. */
struct wait {
    int64_t wish_s, floor_s, ceiling_s;
    int spread_percent;
};

static struct wait wait_after_answer(
    const struct schedule_poll *poll, int64_t habit_s, struct limits limits)
{
    int64_t wish_s = wish_of(poll, limits);
    return (struct wait){
        larger(habit_s, wish_s), larger(limits.min_s, wish_s), limits.max_s, 10};
}

/* Wider, because feeds of one host fail together and must not come back together. */
static struct wait wait_after_failure(int failures, struct limits limits)
{
    return (struct wait){backoff(failures, limits), limits.min_s, limits.max_s, 25};
}

static int64_t throw_wait(struct wait wait, int64_t retry_after_s, struct dice *dice)
{
    int64_t rest_s = smaller(retry_after_s, LONGEST_RETRY_AFTER_S);
    wait.floor_s = larger(wait.floor_s, rest_s);
    if (rest_s > wait.wish_s) {
        wait.wish_s = rest_s;
        wait.ceiling_s = larger(wait.ceiling_s, rest_s + rest_s / 10);
    }
    int64_t spread_s = wait.wish_s * wait.spread_percent / 100;
    return throw_between(dice, clamp(wait.wish_s - spread_s, wait.floor_s, wait.ceiling_s),
        clamp(wait.wish_s + spread_s, wait.floor_s, wait.ceiling_s));
}

struct schedule_next schedule_after_poll(
    const struct schedule_feed *feed, const struct schedule_poll *poll)
{
    struct limits limits = limits_of(feed);
    struct dice dice = {poll->random};
    struct schedule_next next = {.interval_s = feed->interval_s};
    struct wait wait;
    if (poll->outcome == SCHEDULE_FAILED) {
        next.failures = feed->failures < INT32_MAX ? larger(feed->failures, 0) + 1 : INT32_MAX;
        wait = wait_after_failure(next.failures, limits);
    } else {
        next.interval_s = next_habit(feed, poll, limits);
        wait = wait_after_answer(poll, next.interval_s, limits);
    }
    int64_t wait_s = throw_wait(wait, poll->retry_after_s, &dice);
    next.next_poll_utc_s = step_over(poll->now_utc_s + wait_s, poll, &dice);
    return next;
}

int64_t schedule_at_start(
    int64_t next_poll_utc_s, int64_t now_utc_s, int64_t spread_s, uint32_t random)
{
    if (next_poll_utc_s > now_utc_s) {
        return next_poll_utc_s;
    }
    struct dice dice = {random};
    return throw_between(&dice, now_utc_s, now_utc_s + larger(spread_s, 0));
}
