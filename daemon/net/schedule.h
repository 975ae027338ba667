/* When a feed is asked next. PURE: state + what just happened + now -> the next time.
 *
 * The interval adapts to how often the feed really brings something, within [min, max]; the
 * feed's own wishes (ttl, sy:update*, Cache-Control, skipHours, skipDays) and Retry-After are
 * kept; errors back off exponentially; everything is jittered, so that neither a start nor a
 * full hour makes a herd. Randomness comes in as a number, so a test or simulation repeats
 * exactly.
 */
#ifndef NET_SCHEDULE_H
#define NET_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

/* Limits and habits of one feed. */
struct schedule_feed {
    int64_t min_interval_s, max_interval_s;
    int64_t interval_s; /* adaptive, from the last time; 0: none yet */
    int failures;       /* in a row, before this poll */
};

enum schedule_outcome {
    SCHEDULE_NEW,       /* a document with entries never seen */
    SCHEDULE_UNCHANGED, /* 304, the same body, or nothing new in it */
    SCHEDULE_FAILED,
};

struct schedule_poll {
    enum schedule_outcome outcome;
    int64_t now_utc_s;
    int64_t retry_after_s; /* -1 none */
    int64_t max_age_s;     /* -1 none */
    int ttl_minutes;       /* -1 none */
    int update_period_s;   /* -1 none */
    uint32_t skip_hours;   /* feed/document.h */
    uint8_t skip_days;
    double entries_per_day; /* posting rate seen in the document; < 0 unknown */
    uint32_t random;        /* any number */
};

struct schedule_next {
    int64_t interval_s;
    int64_t next_poll_utc_s;
    int failures;
};

/* Limits: `interval_s` of the result is the feed's habit, what to bring back next time; the
 * wait until next_poll_utc_s is never below the minimum, and above the maximum only for
 * Retry-After (honoured up to two days) and for skipped hours and days. After the n-th failure
 * in a row the wait is min * 2^(n-1), at most the maximum, +-25 %; otherwise +-10 %, but never
 * earlier than the feed asked for. */
struct schedule_next schedule_after_poll(
    const struct schedule_feed *feed, const struct schedule_poll *poll);

/* The first poll of a feed after the program starts or the feed was added: never polled or
 * overdue feeds are spread over `spread_s` by `random`; others keep their time. */
int64_t schedule_at_start(
    int64_t next_poll_utc_s, int64_t now_utc_s, int64_t spread_s, uint32_t random);

#endif
