/* The feeds a poller follows: those of the running configuration, and those it names no longer
 * until their answer has been dealt with.
 *
 * A new configuration is laid over what is followed by URL: a feed that stays keeps its state,
 * its place in the line of its host and what it is doing. Here is also what is done to the
 * times of all feeds at once. Private to the poller; a plain value, no clock. Loop thread only.
 */
#ifndef PIPELINE_ROSTER_H
#define PIPELINE_ROSTER_H

#include <stddef.h>
#include <stdint.h>

#include "config/config.h"
#include "pipeline/poll_queue.h"
#include "pipeline/polled_feed.h"

/* All zero: follows nothing. */
struct roster {
    struct polled_feed **feeds; /* owned, as are the feeds; in no order */
    size_t count;
};

/* Frees the feeds; nothing may be under way for any of them. */
void roster_release(struct roster *roster);

/* What a feed belongs to; all borrowed, but for `allowed`, which is copied. */
struct roster_owner {
    struct poller *poller;
    struct poll_queue *queue;
    const struct address_range
        *allowed; /* for every feed, besides what the configuration says */
    size_t allowed_count;
};

/* Follow the feeds of `config` (borrowed until the next call) and no others: `states[i]` is the
 * stored state of its feed i, copied for a feed that is new. One that said 410 comes back when
 * `states` says so. Feeds that are gone leave the line of their host and have their request
 * cancelled; while something is under way for one it stays, with `config` NULL, until
 * roster_drop(). */
void roster_follow(struct roster *roster, const struct roster_owner *owner,
    const struct config *config, const struct feed_state *states);

/* Frees `feed`, which is configured no more and has nothing under way. */
void roster_drop(struct roster *roster, struct polled_feed *feed);

/* The feed of this id (struct feed_state), configured or not; NULL when there is none. */
struct polled_feed *roster_find(const struct roster *roster, int64_t id);

/* The wall clock was set by `set_by_s` seconds: all times move along. */
void roster_shift(struct roster *roster, int64_t set_by_s);

/* The first times of idle feeds in a process that starts at `now_utc_s`: what is overdue is
 * spread over the first minutes. See schedule_at_start(). */
void roster_schedule(
    struct roster *roster, const struct config_polling *polling, int64_t now_utc_s);

#endif
