/* A reader of feeds in the simulation: who decides when a feed is asked next.
 *
 * All readers live in the same world and are told the same things after each poll. briefd's is
 * the program's own code (outcome, schedule, rhythm); the others are what their projects
 * document.
 */
#ifndef SIMULATION_READER_H
#define SIMULATION_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "publisher.h"

struct feed_state;

/* One feed as a reader knows it. */
struct followed {
    const struct publisher *publisher;
    struct feed_state *state; /* briefd's; NULL for the others */
    size_t seen;              /* posts, from the first on, that have been fetched or are lost */
    int64_t next_utc_s;
};

struct reader {
    const char *name;
    bool polite; /* asks through the host gate */
    /* The answer of the poll at `now_utc_s` was read; `fresh` posts were in it. */
    int64_t (*next_utc_s)(struct followed *feed, size_t fresh, int64_t now_utc_s);
};

enum { READERS = 4 };
extern const struct reader readers[READERS];

/* The limits that briefd's reader works with: the defaults of feeds.conf. */
enum { READER_MIN_S = 30 * MINUTE_S, READER_MAX_S = DAY_S };

void followed_init(
    struct followed *feed, const struct publisher *publisher, size_t index, bool with_state);
void followed_release(struct followed *feed);

#endif
