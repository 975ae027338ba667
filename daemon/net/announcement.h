/* When a feed of arXiv is asked next. PURE, like schedule.h, whose answer it replaces for them.
 *
 * arXiv announces once a day, Sunday to Thursday at 20:00 US Eastern; its feeds hold one day's
 * batch and change at midnight Eastern, when they change: now and then the batch of the day
 * before is served until some time in the morning, with a max-age until the next midnight. What
 * is not fetched before that midnight is lost to a feed reader.
 */
#ifndef NET_ANNOUNCEMENT_H
#define NET_ANNOUNCEMENT_H

#include <stdbool.h>
#include <stdint.h>

struct announcement_poll {
    int64_t now_utc_s;
    int64_t min_interval_s;   /* the editor's: never asked again before it has passed */
    int64_t not_before_utc_s; /* Retry-After; any time in the past: none */
    bool fresh;               /* the batch held an id never seen before */
    uint32_t random;          /* any number */
};

/* The next look. After a stale batch, an empty one or a failure: the next of a few fixed times
 * of the same day, 20 minutes past midnight to 18:00 Eastern. After a fresh one: once more at
 * 08:00 Eastern, since one category of several may still have been stale, and then the next
 * announcement. Saturday and Sunday have none. Jittered by up to ten minutes, later only. */
int64_t announcement_next_poll(const struct announcement_poll *poll);

/* How far US Eastern time is from UTC, -5 or -4 h, by the rules in force since 2007. */
int64_t announcement_eastern_offset_s(int64_t utc_s);

#endif
