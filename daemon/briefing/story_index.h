/* The inside of a story_index: the live items and the stories they make. For story*.c alone.
 *
 * An item is numbered in the order it came. The members of a story are chained from the newest
 * to the oldest; what has left the index is behind the number of the oldest live item, where
 * every chain ends.
 */
#ifndef BRIEFING_STORY_INDEX_H
#define BRIEFING_STORY_INDEX_H

#include "briefing/centroid.h"
#include "briefing/near_index.h"
#include "briefing/number_map.h"
#include "briefing/shelf.h"
#include "briefing/story.h"

/* No number, no thread. */
#define STORY_NONE UINT32_MAX

struct live {
    int64_t item;
    int64_t time_s;
    uint64_t key; /* hash; 0: none */
    uint64_t wording,
        terms; /* places on the shelf: a kept_wording, what the centroid was given */
    uint16_t wording_bytes, term_count;
    uint32_t thread;
    uint32_t older;   /* number of the member before it, STORY_NONE: none */
    uint8_t tier;     /* enum story_tier */
    bool copy : 1;    /* found by nobody: what it copies is */
    bool related : 1; /* part of its story's centroid */
    bool narrow : 1;  /* by one word alone */
    bool han : 1;     /* its terms are */
    bool gone : 1;    /* removed: only its place is left */
};

/* What lives of a story. */
struct thread {
    int64_t story;
    uint32_t members; /* live items */
    uint32_t newest;  /* number of a member; of a free thread: the next free one */
    uint32_t narrow;  /* titles in the centroid that came by one word alone */
};

struct story_index {
    const struct fold_table *fold;
    struct story_settings settings;
    struct shelf shelf;
    bool failed;          /* the shelf did */
    struct arena scratch; /* of the item at hand */
    int64_t newest_s;

    struct live **chunks; /* a ring; story_live() says where a number is in it */
    uint32_t chunk_capacity;
    uint32_t first, related, next; /* numbers: oldest alive, oldest in the story window, new */
    uint32_t gone;                 /* of those alive, removed */

    struct thread *threads;
    uint32_t thread_count, thread_capacity, free_thread;

    struct number_map items, keys, stories;
    struct near_index near; /* numbers the items as the ring does */
    struct centroid_index *centroids;
};

struct live *story_live(const struct story_index *index, uint32_t number);
/* How it is worded: borrowed until the next call. Like nothing when the shelf failed. */
const struct kept_wording *story_wording(struct story_index *index, uint32_t number);

bool story_find_number(const struct story_index *index, int64_t item, uint32_t *ret_number);

/* The thread of `story`, which is made when there is none. */
uint32_t story_get_thread(struct story_index *index, int64_t story);

/* Time goes on to `time_s`, or stays; what is too old leaves. Returns the time. */
int64_t story_pass_time(struct story_index *index, int64_t time_s);

/* Enter an item as the newest. `terms` is copied; NULL: no part of the centroid. */
uint32_t story_keep(struct story_index *index, const struct live *live,
    const struct wording *wording, const struct term_list *terms);

/* Chain a live item into a thread, out of it. A thread without members ends. */
void story_join_thread(struct story_index *index, uint32_t number, uint32_t thread);
void story_leave_thread(struct story_index *index, uint32_t number);

/* Give an item's terms to its story's centroid, and take them back. */
void story_enter_centroid(
    struct story_index *index, uint32_t number, const struct term_list *terms);
void story_retire(struct story_index *index, uint32_t number);

/* Forget a live item; its place stays. */
void story_drop(struct story_index *index, uint32_t number);

/* The cuts for near-duplicates among so many items as are alive. */
struct similarity_settings story_near_cuts(const struct story_index *index);

/* Whether an original other than `self` (STORY_NONE: any) of the thread is near `wording`. */
bool story_repeats(
    struct story_index *index, const struct wording *wording, uint32_t thread, uint32_t self);

#endif
