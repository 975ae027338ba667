/* When a feed is asked next. PURE: state + what just happened + now -> the next time.
 *
 * The wait follows the feed's own rhythm (feed/rhythm.h), within [min, max]; the feed's wishes
 * (ttl, sy:update*, Cache-Control, skipHours, skipDays) and Retry-After are kept; errors back
 * off exponentially; everything is jittered, so that neither a start nor a full hour makes a
 * herd. Randomness comes in as a number, so a test or simulation repeats exactly.
 */
#ifndef NET_SCHEDULE_H
#define NET_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "feed/rhythm.h"

/* Bans seen in the field are 12 to 24 hours; more is a slip or malice (a year 2098 exists). */
enum { SCHEDULE_LONGEST_RETRY_AFTER_S = 2 * 86400 };

/* Limits and habits of one feed. */
struct schedule_feed {
    int64_t min_interval_s, max_interval_s;
    int failures;                /* in a row, before this poll */
    const struct rhythm *rhythm; /* brought up to now with rhythm_advance() */
    int64_t wish_s;              /* the longest of ttl, sy:update*, max-age; 0: none */
    uint32_t skip_hours;         /* feed/document.h */
    uint8_t skip_days;
    int entries; /* in its document; 0: unknown */
};

struct schedule_poll {
    int64_t now_utc_s;
    bool failed;
    int64_t retry_after_s; /* -1 none */
    uint32_t random;       /* any number */
};

struct schedule_next {
    int64_t
        interval_s; /* what the feed is worth on average: the wait of a week without hours */
    int64_t next_poll_utc_s;
    int failures;
};

/* Limits: the wait until next_poll_utc_s is never below the minimum, and above the maximum only
 * for Retry-After (honoured up to two days) and for skipped hours and days. After the n-th
 * failure in a row the wait is min * 2^(n-1), at most the maximum, +-25 %; otherwise +-10 %,
 * but never earlier than the feed asked for. */
struct schedule_next schedule_after_poll(
    const struct schedule_feed *feed, const struct schedule_poll *poll);

/* What is known of a feed from before the start; CLOCK_NONE: nothing. */
struct schedule_stored {
    int64_t next_poll_utc_s, last_poll_utc_s;
    int64_t max_interval_s;
};

/* The first poll of a feed after the program starts or the feed was added: never polled or
 * overdue feeds are spread over `spread_s` by `random`; others keep their time. The clock may
 * have been set meanwhile: one that was asked in the future waits as long as it was told to,
 * from now, and a time later than any that schedule_after_poll() gives counts as overdue. */
int64_t schedule_at_start(
    const struct schedule_stored *stored, int64_t now_utc_s, int64_t spread_s, uint32_t random);

#endif
