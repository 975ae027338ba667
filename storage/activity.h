/* What the feeds bring and what of it is printed: items by week, and how many were picked.
 *
 * An item counts for every feed that has it, in the week of its own date, so that a feed
 * followed since yesterday shows its last weeks and not one tall bar. Reads two indexes and no
 * item. Reading connection; any thread.
 */
#ifndef STORAGE_ACTIVITY_H
#define STORAGE_ACTIVITY_H

#include "storage/store.h"

enum { ACTIVITY_WEEKS = 12 };

struct feed_activity {
    int64_t feed_id;
    int64_t weeks[ACTIVITY_WEEKS]; /* items, the oldest week first; the last one ends now */
    int64_t items;                 /* of all these weeks */
    int64_t picked;                /* of them, those whose story was picked */
};

/* One for every feed that has items of the last ACTIVITY_WEEKS weeks, by id. Lives in the
 * arena. */
must_check bool store_read_activity(struct store *store, struct arena *arena, int64_t now_utc_s,
    struct feed_activity **ret_activity, size_t *ret_count, struct fault *fault);

/* The address of a feed by its id; NULL when there is none. Lives in the arena. */
must_check bool store_find_feed_url(struct store *store, struct arena *arena, int64_t id,
    const char **ret_url, struct fault *fault);

#endif
