/* The publishers of the simulation: 2,000 feeds and every post they make in four months.
 *
 * A class of publishers is one row of a table: how often its members post, at which hours and
 * days of their own zone, in bursts or not, what their feeds ask for, and on how many hosts
 * they sit. The posts are made once and are the same for every reader.
 */
#ifndef SIMULATION_PUBLISHER_H
#define SIMULATION_PUBLISHER_H

#include <stddef.h>
#include <stdint.h>

enum { PUBLISHER_CLASSES = 8, DAY_S = 86400, HOUR_S = 3600, MINUTE_S = 60 };

struct publisher {
    int class_index;
    char url[64];
    int host;             /* index among all hosts */
    int64_t *posts_utc_s; /* ascending; of the history and of the simulated time */
    size_t post_count;
    size_t window;   /* newest posts that its document holds */
    int ttl_minutes; /* -1: none */
};

struct world {
    struct publisher *publishers;
    size_t count;
    int hosts;
};

/* Posts from `begin_utc_s` to `end_utc_s`, by `seed`. Free with world_release(). */
void world_init(
    struct world *world, int64_t begin_utc_s, int64_t end_utc_s, size_t count, uint64_t seed);
void world_release(struct world *world);

const char *publisher_class_name(int class_index);

/* How many posts were made until `utc_s`. */
size_t publisher_posts_until(const struct publisher *publisher, int64_t utc_s);

/* Cache-Control: max-age of an answer at `utc_s`; -1: none. */
int64_t publisher_max_age_s(const struct publisher *publisher, int64_t utc_s);

#endif
