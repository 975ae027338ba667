/* Problem: a batch that was stale when it was asked for must be asked for again on the same
 * day, in spite of the max-age that came with it, and without asking every half hour around the
 * clock for something that comes once a day.
 *
 * Approach: a day has a few looks at fixed times behind midnight Eastern. Freshness is told by
 * ids, never by dates: pubDate has been seen a day behind its items, and lastBuildDate is the
 * time of the request.
 *
 * Rejected: reading the time zone database (the daemon's other dates need none, and the rule
 * has not changed since 2007; a wrong hour after a change of law would cost an hour's delay);
 * the calendar of US holidays (a batch that does not come costs five small requests). */
#include "net/announcement.h"

#include <stddef.h>

#include "base/attributes.h"
#include "base/clock.h"

enum {
    MINUTE_S = 60,
    HOUR_S = 3600,
    DAY_S = 86400,
    JITTER_S = 10 * MINUTE_S,
    DAYS_AHEAD = 5, /* from a Friday over the weekend, with one to spare */
};

/* Looks of a day, minutes behind midnight Eastern. Batches have been seen hours late; the last
 * look is for a host that was down or asked for rest all morning. */
static const struct {
    int64_t minutes;
    bool after_fresh; /* also when this day's batch has been seen */
} looks[] = {
    {20, false},
    {60, false},
    {120, false},
    {240, false},
    {480, true},
    {1080, false},
};

static int weekday(int64_t day)
{
    return (int)((day % 7 + 11) % 7); /* 0 = Sunday; 1970-01-01 was a Thursday */
}

/* Midnight UTC of the n-th Sunday of a month, as days since 1970. */
static int64_t nth_sunday(int year, int month, int n)
{
    int64_t first = clock_from_civil(year, month, 1, 0, 0, 0) / DAY_S;
    return first + (7 - weekday(first)) % 7 + 7 * (n - 1);
}

int64_t announcement_eastern_offset_s(int64_t utc_s)
{
    char text[CLOCK_ISO_BYTES];
    clock_format_day(utc_s, 0, text);
    int year = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 +
        (text[3] - '0');
    /* 2:00 local standard time on the second Sunday of March to 2:00 local summer time on the
     * first of November (15 U.S.C. 260a). */
    int64_t begins_s = nth_sunday(year, 3, 2) * DAY_S + 7 * HOUR_S;
    int64_t ends_s = nth_sunday(year, 11, 1) * DAY_S + 6 * HOUR_S;
    return utc_s >= begins_s && utc_s < ends_s ? -4 * HOUR_S : -5 * HOUR_S;
}

/* The feeds change at the midnight that ends the evening of an announcement. */
static bool has_batch(int64_t day)
{
    return weekday(day) >= 1 && weekday(day) <= 5;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

int64_t announcement_next_poll(const struct announcement_poll *poll)
{
    int64_t earliest_s = larger(
        poll->now_utc_s + larger(poll->min_interval_s, 1), poll->not_before_utc_s);
    int64_t today = (poll->now_utc_s + announcement_eastern_offset_s(poll->now_utc_s)) / DAY_S;
    int64_t from = (earliest_s + announcement_eastern_offset_s(earliest_s)) / DAY_S;
    for (int64_t day = from; day <= from + DAYS_AHEAD; day++) {
        /* The clock is changed on Sundays only: noon has the offset of the whole day. */
        int64_t offset_s = announcement_eastern_offset_s(day * DAY_S + 17 * HOUR_S);
        for (size_t i = 0; has_batch(day) && i < array_count(looks); i++) {
            int64_t at_s = day * DAY_S + looks[i].minutes * MINUTE_S - offset_s;
            bool wanted = !poll->fresh || day != today || looks[i].after_fresh;
            if (wanted && at_s >= earliest_s) {
                return at_s + poll->random % JITTER_S;
            }
        }
    }
    return earliest_s + DAY_S; /* not reached: five days hold three with a batch */
}
