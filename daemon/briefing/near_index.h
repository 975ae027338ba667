/* Which live items may be near-duplicates of a text: an index of sketches. PURE; one thread at
 * a time.
 *
 * Of each item only the grams with the smallest hashes are listed (a bottom-k sketch, Broder
 * 1997), separately of the title and of title with summary. Two texts that are half alike share
 * half of such a sketch, so whoever is near shows up among the first candidates; the decision
 * is then made with the exact sets.
 *
 * Of a gram the newest NEAR_LISTED items are listed, for a copy comes soon after what it
 * copies, and what many have says nothing. So an item takes 60 bytes, and less the more there
 * are.
 *
 * Items are numbered in the order they came. They are entered once, in that order, and leave in
 * it; one that must not be found (a copy, or one that was removed) is hidden.
 */
#ifndef BRIEFING_NEAR_INDEX_H
#define BRIEFING_NEAR_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "briefing/block_pool.h"
#include "briefing/wording.h"

enum {
    NEAR_CANDIDATES_MAX = 12,
    NEAR_LISTED = 32,
    NEAR_SHARDS = 64,
};

/* Grams by some bits of their hash: each part grows by itself. */
struct near_shard {
    struct near_slot *slots; /* open addressing */
    uint32_t capacity, used; /* used: have or had a gram */
};

struct near_index {
    uint32_t first, next; /* numbers: oldest alive, next to come */
    struct near_shard shards[NEAR_SHARDS];
    struct block_pool pool;   /* lists of more than one item */
    uint64_t *hidden;         /* bits, by number % hidden_capacity */
    uint32_t hidden_capacity; /* a power of two */
};

/* Zero-initialised is a valid empty index. Harmless on a released one. */
void near_index_release(struct near_index *index);

/* Enter the next item; returns its number. */
uint32_t near_index_add(struct near_index *index, const struct wording *wording, bool hidden);

/* The oldest item leaves. */
void near_index_drop_oldest(struct near_index *index);

void near_index_hide(struct near_index *index, uint32_t number, bool hidden);

/* Numbers of the items that share most of their sketches with `wording`, the most first, of
 * equals the oldest, at most NEAR_CANDIDATES_MAX. Returns how many. */
uint32_t near_index_search(
    struct near_index *index, const struct wording *wording, uint32_t *ret_numbers);

size_t near_index_bytes(const struct near_index *index);

#endif
