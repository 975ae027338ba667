/* Private to storage/: which story a new item belongs to.
 *
 * The writing connection owns the index of live items (briefing/story.h). It is filled from the
 * database when the first item asks for its place, on the writer's thread, so that neither the
 * start nor the loop waits for it; readers have none. What is placed within a transaction is
 * taken out again when that fails.
 */
#ifndef STORAGE_GROUPING_H
#define STORAGE_GROUPING_H

#include "briefing/story.h"
#include "storage/statements.h"

struct grouping;

/* What is to be stored with an item. */
struct placing {
    int64_t story;      /* the item's own number: it begins one */
    const char *tier;   /* NULL: it begins one, as is the rest then */
    const char *reason; /* lives in the arena */
    int64_t matched;
    double score;
};

/* The story of an item that is about to be stored, seen at `seen_utc_s`. What is older than the
 * window is not compared: it begins a story of its own. FAULT_CONFIG when OpenCC's data is
 * missing. */
must_check bool grouping_place(struct store *store, const struct config *config,
    struct arena *arena, const struct story_item *item, int64_t seen_utc_s,
    struct placing *ret_placing, struct fault *fault);

/* The transaction in which items were placed has ended. */
void grouping_end(struct store *store, bool committed);

/* An editor moved the item to the story it has in the database now. */
void grouping_follow(struct store *store, int64_t item_id);

/* An item is not there any more: nothing is compared with it. After the commit. */
void grouping_forget(struct store *store, int64_t item_id);

/* NULL is harmless. */
void grouping_free(struct grouping *grouping);

#endif
