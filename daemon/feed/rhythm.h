/* How often a feed posts, and when: what the schedule goes by.
 *
 * A rhythm is a handful of numbers that forget: posts counted by hour of the day (UTC) and by
 * day of the week, and for how long they have been counted. The product of the two says how
 * many posts a moment of the week may expect. It is learned from the dates in the first
 * document and then from what each poll brings, and kept as a short text with the feed's state.
 * PURE.
 */
#ifndef FEED_RHYTHM_H
#define FEED_RHYTHM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum { RHYTHM_HOURS = 24, RHYTHM_DAYS = 7 };

/* Zero-initialised with a time: nothing is known yet. */
struct rhythm {
    int64_t now_utc_s; /* the moment the counts below are weighed for */
    double observed_s; /* how long was looked, older time weighing less */
    double hours[RHYTHM_HOURS];
    double days[RHYTHM_DAYS]; /* 0 = Sunday; the same posts once more, so both sums are equal */
};

/* From the text of rhythm_write(); NULL and what is no such text give an empty rhythm at
 * `now_utc_s`. */
struct rhythm rhythm_read(const char *text, int64_t now_utc_s);

/* As text that rhythm_read() understands; lives in the arena. */
const char *rhythm_write(const struct rhythm *rhythm, struct arena *arena);

/* Time has passed until `now_utc_s`: what was counted weighs less, and the time in between
 * counts as watched. Going back in time does nothing. */
void rhythm_advance(struct rhythm *rhythm, int64_t now_utc_s);

/* Learn from the first document of a feed: `dates_utc_s`, newest first, none later than
 * rhythm->now_utc_s. The time since the oldest of them counts as watched. */
void rhythm_begin(struct rhythm *rhythm, const int64_t *dates_utc_s, size_t count);

/* Learn from a later document, after rhythm_advance(): the dates newer than `newest_utc_s`. A
 * date from before `since_utc_s`, the poll before, is not when its entry could be had: it
 * counts as half way between the two polls. Posts of one minute count as one. */
void rhythm_add(struct rhythm *rhythm, const int64_t *dates_utc_s, size_t count,
    int64_t newest_utc_s, int64_t since_utc_s);

/* One post at `at_utc_s`, which is not after rhythm->now_utc_s. */
void rhythm_count(struct rhythm *rhythm, int64_t at_utc_s);

/* Posts a second that may be expected at `at_utc_s`; always above 0, since what was silent for
 * years may speak tomorrow. */
double rhythm_rate(const struct rhythm *rhythm, int64_t at_utc_s);

/* Posts a second over the whole week. */
double rhythm_mean_rate(const struct rhythm *rhythm);

#endif
