/* Old items that nobody decided on leave the database; what DESIGN.md protects never does.
 *
 * A story goes whole or not at all. It may go when it stands in the inbox untouched and every
 * item of it is old. It stays for ever when anything of it was picked, put off, rejected,
 * split, merged, taken back (it is in the log), added by hand, printed, or has a line in any
 * draft; and for as long as one of its items may still stand in the last document of a feed,
 * which would bring it again as new. In two steps, because looking takes long and writing must
 * not: a reader plans, the writer removes a few stories at a time and asks everything once
 * more.
 */
#ifndef STORAGE_RETENTION_H
#define STORAGE_RETENTION_H

#include "config/config.h"
#include "storage/store.h"

enum {
    RETENTION_KEEP_MIN_S = 30 * 86400, /* whatever feeds.conf says */
    RETENTION_PLAN_MAX = 20000,        /* stories of one plan */
    RETENTION_REMOVED_MAX = 40,        /* of one transaction: a few milliseconds */
};

/* What is dated and was seen before this is old; CLOCK_NONE: items are kept for ever. Never
 * less than RETENTION_KEEP_MIN_S, two intervals of the briefing, or what the grouping compares
 * with. */
int64_t retention_cut(const struct config *config, int64_t now_utc_s);

/* Up to RETENTION_PLAN_MAX stories that may go, the oldest first. Lives in the arena. Any
 * connection, not the loop's thread. */
must_check bool retention_plan(struct store *store, struct arena *arena, int64_t before_utc_s,
    int64_t **ret_stories, size_t *ret_count, struct fault *fault);

/* Remove those of `stories` (at most RETENTION_REMOVED_MAX) that still may go, in one
 * transaction; *ret_items is how many items went. Writer's thread. */
must_check bool retention_remove(struct store *store, const int64_t *stories, size_t count,
    int64_t before_utc_s, size_t *ret_items, struct fault *fault);

/* Give back to the file system up to `pages` pages that are free, when so much is free that it
 * is worth it; *ret_more: there is more. Writer's thread. */
must_check bool store_vacuum(
    struct store *store, int pages, bool *ret_more, struct fault *fault);

#endif
