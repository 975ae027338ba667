/* For each term the stories that have it, and with what weight. PURE; one thread at a time.
 *
 * Half of what the live items take of memory was here, so it is packed: a posting takes eight
 * bytes, a term twelve, and the postings of a term with several stories lie in blocks of a
 * pool. At 55,000 live items, 325,000 terms and 1.6 million postings that is 19 MB.
 */
#ifndef BRIEFING_POSTING_TABLE_H
#define BRIEFING_POSTING_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "briefing/block_pool.h"
#include "briefing/number_map.h"

enum {
    POSTING_STORIES_MAX = 128,       /* that one term can have */
    POSTING_CENTROID_MAX = 0xffffff, /* the greatest number of a story */
    POSTING_SHARDS = 64,
};

struct posting {
    uint32_t who; /* posting_centroid(), and below it titles of the story that have the term */
    float weight; /* their sum */
};

static inline uint32_t posting_centroid(const struct posting *posting)
{
    return posting->who >> 8;
}

/* Terms by some bits of their hash: each part grows by itself, so that growing never takes as
 * much again as there is. */
struct posting_shard {
    struct posting_slot *slots; /* open addressing */
    uint32_t capacity, used;    /* used: have or had a term */
};

struct posting_table {
    struct posting_shard shards[POSTING_SHARDS];
    struct block_pool pool;
    struct number_map more; /* titles that a posting cannot count */
};

/* Zero-initialised is a valid empty table. Harmless on a released one. */
void posting_table_release(struct posting_table *table);

/* The stories of `term`, in the order they came; borrowed until the table changes. */
const struct posting *posting_table_find(
    const struct posting_table *table, uint32_t term, uint32_t *ret_count);

/* That memory will be asked for soon. */
void posting_table_prefetch(const struct posting_table *table, uint32_t term);

/* A title of the story has the term with this weight. Returns the story's weight before. No
 * more than POSTING_STORIES_MAX stories may have a term. `first`: no other title of the story
 * is in the table, so that its posting need not be looked for. */
float posting_table_add(
    struct posting_table *table, uint32_t term, uint32_t centroid, float weight, bool first);

/* Take out again what was added. Returns the story's weight before. */
float posting_table_remove(
    struct posting_table *table, uint32_t term, uint32_t centroid, float weight);

size_t posting_table_bytes(const struct posting_table *table);

#endif
