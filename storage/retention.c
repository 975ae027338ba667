/* Which items a feed may still list is not stored with each of them (a write an entry and
 * poll), but follows: its last document had so many entries, so what is older than as many of
 * its newest sightings was not in it. For a feed that lists its entries in another order than
 * they came, an entry that stays for ever would come again; then its date, which is old, keeps
 * it from the candidates.
 *
 * What must hold of a story that goes stands in one condition, which both steps ask. Rejected:
 * a column that says "may go", which everything that decides would have to keep right. */
#include "storage/retention.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "storage/grouping.h"
#include "storage/statements.h"

enum {
    FREE_PAGES_MIN = 256, /* 2 MiB: used again soon */
    FREE_SHARE = 20,      /* of the pages; fewer are as good as none */
};

int64_t retention_cut(const struct config *config, int64_t now_utc_s)
{
    const int64_t floors[] = {RETENTION_KEEP_MIN_S, 2 * config->briefing.interval_s,
        2 * config->stories.window_s, 2 * config->stories.near_window_s};
    int64_t keep_s = config->care.keep_items_s;
    if (keep_s == 0) {
        return CLOCK_NONE;
    }
    for (size_t i = 0; i < array_count(floors); i++) {
        keep_s = floors[i] > keep_s ? floors[i] : keep_s;
    }
    return now_utc_s - keep_s;
}

/* ---- the plan ---- */

struct feed_horizon {
    int64_t feed, since_utc_s; /* what was first seen then or later may be in its document */
};

struct plan {
    struct feed_horizon *feeds; /* by id */
    size_t feed_count;
    int64_t *stories;
    size_t count;
    int64_t listed; /* the newest story with an item that a feed may list; rows come by story */
};

static void read_horizon(struct statement *row, struct arena *arena, void *item)
{
    struct feed_horizon *horizon = item;
    horizon->feed = column_int(row);
    horizon->since_utc_s = column_int(row);
}

static bool read_horizons(
    struct store *store, struct arena *arena, struct plan *plan, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_HORIZONS, fault);
    if (list == NULL) {
        return false;
    }
    plan->feeds = statement_rows(
        list, arena, sizeof(*plan->feeds), read_horizon, &plan->feed_count, fault);
    return plan->feeds != NULL;
}

static int compare_feeds(const void *key, const void *entry)
{
    int64_t feed = *(const int64_t *)key;
    const struct feed_horizon *horizon = entry;
    return (feed > horizon->feed) - (feed < horizon->feed);
}

static bool may_be_listed(const struct plan *plan, int64_t feed, int64_t first_seen_utc_s)
{
    const struct feed_horizon *horizon = bsearch(
        &feed, plan->feeds, plan->feed_count, sizeof(*plan->feeds), compare_feeds);
    return horizon != NULL && first_seen_utc_s >= horizon->since_utc_s;
}

/* A row for each sighting of each story that may go, story by story. */
static void take_row(struct plan *plan, int64_t story, bool listed)
{
    bool again = plan->count > 0 && plan->stories[plan->count - 1] == story;
    if (listed) {
        plan->listed = story;
        plan->count -= again;
    } else if (!again && plan->listed != story) {
        plan->stories[plan->count++] = story;
    }
}

static bool list_old(
    struct store *store, struct plan *plan, int64_t before_utc_s, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_OLD_STORIES, fault);
    bool row;
    if (list == NULL) {
        return false;
    }
    bind_int(list, before_utc_s);
    while (statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        if (plan->count == RETENTION_PLAN_MAX) {
            plan->count--; /* not all of its sightings were seen */
            return true;
        }
        int64_t story = column_int(list), feed = column_int(list);
        take_row(plan, story, may_be_listed(plan, feed, column_int(list)));
    }
    return false;
}

bool retention_plan(struct store *store, struct arena *arena, int64_t before_utc_s,
    int64_t **ret_stories, size_t *ret_count, struct fault *fault)
{
    struct plan plan = {.stories = arena_new_array(arena, int64_t, RETENTION_PLAN_MAX)};
    if (!transaction_begin_read(store, fault)) {
        return false;
    }
    bool ok = read_horizons(store, arena, &plan, fault) &&
        list_old(store, &plan, before_utc_s, fault);
    transaction_end_read(store);
    *ret_stories = plan.stories;
    *ret_count = plan.count;
    return ok;
}

/* ---- removing ---- */

/* In the order in which references allow it. */
static const enum statement_id removals[] = {
    STATEMENT_REMOVE_CONTENTS,
    STATEMENT_REMOVE_ALIASES,
    STATEMENT_REMOVE_SIGHTINGS,
    STATEMENT_REMOVE_ITEMS,
    STATEMENT_REMOVE_STORY,
};

/* The items of one transaction, for whom the grouping must be told afterwards. */
struct removed {
    struct arena arena;
    int64_t *items;
    size_t count, capacity;
};

static bool note_items(
    struct store *store, int64_t story, struct removed *removed, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_ITEM_IDS_OF, fault);
    bool row;
    if (list == NULL) {
        return false;
    }
    bind_int(list, story);
    while (statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        if (removed->count == removed->capacity) {
            removed->items = arena_grow(
                &removed->arena, removed->items, sizeof(*removed->items), &removed->capacity);
        }
        removed->items[removed->count++] = column_int(list);
    }
    return false;
}

static bool may_go(struct store *store, int64_t story, int64_t before_utc_s, bool *ret_may,
    struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_MAY_STORY_GO, fault);
    bool row;
    if (find == NULL) {
        return false;
    }
    bind_int(find, before_utc_s);
    bind_int(find, story);
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    *ret_may = column_int(find) != 0;
    return true;
}

/* The counts first: they ask what the rest takes away. */
static bool remove_story(struct store *store, int64_t story, int64_t before_utc_s,
    struct removed *removed, struct fault *fault)
{
    bool may;
    if (!may_go(store, story, before_utc_s, &may, fault)) {
        return false;
    }
    if (!may) {
        return true; /* somebody decided on it since the plan was made */
    }
    if (!note_items(store, story, removed, fault) ||
        !statement_run_ints(store, STATEMENT_TAKE_FROM_TALLY, &story, 1, fault)) {
        return false;
    }
    for (size_t i = 0; i < array_count(removals); i++) {
        if (!statement_run_ints(store, removals[i], &story, 1, fault)) {
            return false;
        }
    }
    return true;
}

static bool remove_stories(struct store *store, const int64_t *stories, size_t count,
    int64_t before_utc_s, struct removed *removed, struct fault *fault)
{
    if (!transaction_begin(store, fault)) {
        return false;
    }
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        ok = remove_story(store, stories[i], before_utc_s, removed, fault);
    }
    if (!ok || !transaction_commit(store, fault)) {
        transaction_rollback(store);
        return false;
    }
    return true;
}

bool retention_remove(struct store *store, const int64_t *stories, size_t count,
    int64_t before_utc_s, size_t *ret_items, struct fault *fault)
{
    struct removed removed = {0};
    bool ok = remove_stories(store, stories, count, before_utc_s, &removed, fault);
    for (size_t i = 0; ok && i < removed.count; i++) {
        grouping_forget(store, removed.items[i]);
    }
    *ret_items = ok ? removed.count : 0;
    arena_release(&removed.arena);
    return ok;
}

/* ---- pages ---- */

static bool read_pragma(
    struct store *store, const char *sql, int64_t *ret_value, struct fault *fault)
{
    struct statement read;
    bool row;
    bool ok = statement_prepare(store, sql, "read", &read, fault) &&
        statement_next(&read, &row, fault);
    if (ok) {
        *ret_value = column_int(&read);
    }
    statement_finalize(&read);
    return ok;
}

bool store_vacuum(struct store *store, int pages, bool *ret_more, struct fault *fault)
{
    int64_t unused, all;
    char sql[64];
    *ret_more = false;
    if (!read_pragma(store, "PRAGMA freelist_count", &unused, fault) ||
        !read_pragma(store, "PRAGMA page_count", &all, fault)) {
        return false;
    }
    if (unused <= FREE_PAGES_MIN || unused * FREE_SHARE < all) {
        return true;
    }
    snprintf(sql, sizeof(sql), "PRAGMA incremental_vacuum(%d)", pages);
    *ret_more = unused - pages > FREE_PAGES_MIN;
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
        database_fault(store->db, store->path, "shrink", fault);
}
