/* The index is memory beside the database, so the question is how the two stay one. Everything
 * that enters goes through grouping_place(), in the transaction that stores the item; a
 * transaction that fails takes out what it put in. Moves by hand are told after their commit.
 * An index that may have come apart, because the database failed in between, is thrown away:
 * the next item fills a new one, from the stories and tiers that are stored with the items. The
 * same happens when feeds.conf changes a number that decides stories.
 *
 * Filling costs about 15 us an item of the last two weeks. Rejected: keeping the index on disk,
 * which would be a second truth. What it seldom reads lies in a file without a name; when that
 * fails, an index without one is filled, and none is asked for again. */
#include "storage/grouping.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "storage/search_tokenizer.h"
#include "storage/shelf_file.h"

struct grouping {
    struct story_index *index; /* NULL: to be filled */
    struct config_stories wanted;
    struct story_settings settings;
    bool in_memory;  /* its shelf, since a file failed */
    int64_t *placed; /* within the open transaction */
    size_t placed_count, placed_capacity;
};

void grouping_free(struct grouping *grouping)
{
    if (grouping == NULL) {
        return;
    }
    story_index_free(grouping->index);
    free(grouping->placed);
    free(grouping);
}

static void drop_index(struct grouping *grouping)
{
    story_index_free(grouping->index);
    grouping->index = NULL;
    grouping->placed_count = 0;
}

/* ---- filling ---- */

static void restore(struct grouping *grouping, struct statement *row, struct arena *arena)
{
    struct story_item item = {0};
    item.item = column_int(row);
    item.published_s = column_time(row);
    item.key = column_text(row, arena);
    item.title = column_text(row, arena);
    item.summary = column_text(row, arena);
    int64_t story = column_int(row);
    enum story_tier tier = STORY_NEW;
    const char *name = column_peek(row);
    if (name != NULL && !story_tier_read(name, &tier)) {
        tier = STORY_RELATED; /* of a newer program */
    }
    story_restore(grouping->index, &item, story, tier);
}

static struct shelf make_shelf(const struct store *store, struct grouping *grouping)
{
    struct shelf shelf;
    struct fault fault;
    if (!grouping->in_memory && !shelf_file_new(store->path, &shelf, &fault)) {
        log_warning("stories: %s, continuing in memory", fault.message);
        grouping->in_memory = true;
    }
    return grouping->in_memory ? shelf_in_memory() : shelf;
}

static bool fill(struct store *store, struct grouping *grouping, struct fault *fault)
{
    int64_t newest;
    const struct fold_table *fold = fold_table_get();
    if (!statement_find_int(store, STATEMENT_FIND_NEWEST_DATE, 0, &newest, fault)) {
        return false;
    }
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_LIVE_ITEMS, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, story_horizon_s(&grouping->settings, newest));
    grouping->index = story_index_new_on(
        fold, &grouping->settings, make_shelf(store, grouping));
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        cleanup(arena_release) struct arena arena = {0};
        restore(grouping, list, &arena);
    }
    drop_index(grouping);
    return false;
}

static bool make_ready(struct store *store, const struct config *config, struct fault *fault)
{
    struct grouping *grouping = store->grouping;
    if (grouping == NULL) {
        grouping = calloc(1, sizeof(*grouping));
        if (grouping == NULL) {
            memory_exhausted();
        }
        store->grouping = grouping;
    }
    /* A difference that is none, in padding, would cost filling the index once more.
     * NOLINTNEXTLINE(bugprone-suspicious-memory-comparison) */
    if (memcmp(&grouping->wanted, &config->stories, sizeof(grouping->wanted)) != 0) {
        drop_index(grouping);
    }
    if (grouping->index != NULL && story_index_failed(grouping->index)) {
        log_warning("stories: their working file cannot be used, continuing in memory");
        grouping->in_memory = true;
        /* What the open transaction placed is in the next one, too, and may have to leave. */
        story_index_free(grouping->index);
        grouping->index = NULL;
    }
    if (grouping->index != NULL) {
        return true;
    }
    grouping->wanted = config->stories;
    grouping->settings = story_settings_build(&config->stories);
    return fill(store, grouping, fault);
}

/* ---- placing ---- */

static void note_placed(struct grouping *grouping, int64_t item)
{
    if (grouping->placed_count == grouping->placed_capacity) {
        grouping->placed_capacity = grouping->placed_capacity == 0
            ? 64
            : grouping->placed_capacity * 2;
        grouping->placed = reallocarray(
            grouping->placed, grouping->placed_capacity, sizeof(*grouping->placed));
        if (grouping->placed == NULL) {
            memory_exhausted();
        }
    }
    grouping->placed[grouping->placed_count++] = item;
}

bool grouping_place(struct store *store, const struct config *config, struct arena *arena,
    const struct story_item *item, int64_t seen_utc_s, struct placing *ret_placing,
    struct fault *fault)
{
    if (!make_ready(store, config, fault)) {
        return false;
    }
    struct grouping *grouping = store->grouping;
    *ret_placing = (struct placing){.story = item->item};
    if (item->published_s != CLOCK_NONE &&
        item->published_s < story_horizon_s(&grouping->settings, seen_utc_s)) {
        return true;
    }
    struct story_match match = story_place(grouping->index, arena, item);
    note_placed(grouping, item->item);
    if (match.tier == STORY_NEW) {
        return true;
    }
    *ret_placing = (struct placing){
        .story = match.story,
        .tier = story_tier_name(match.tier),
        .reason = story_explain(arena, &match),
        .matched = match.matched,
        .score = match.score,
    };
    return true;
}

void grouping_end(struct store *store, bool committed)
{
    struct grouping *grouping = store->grouping;
    if (grouping == NULL) {
        return;
    }
    for (size_t i = 0; !committed && grouping->index != NULL && i < grouping->placed_count;
         i++) {
        story_remove(grouping->index, grouping->placed[i]);
    }
    grouping->placed_count = 0;
}

void grouping_follow(struct store *store, int64_t item_id)
{
    struct grouping *grouping = store->grouping;
    int64_t story;
    if (grouping == NULL || grouping->index == NULL) {
        return;
    }
    if (!statement_find_int(store, STATEMENT_FIND_STORY_OF, item_id, &story, NULL)) {
        drop_index(grouping);
    } else {
        (void)story_move(grouping->index, item_id, story); /* as in grouping_forget() */
    }
}

void grouping_forget(struct store *store, int64_t item_id)
{
    if (store->grouping != NULL && store->grouping->index != NULL) {
        /* False: too old to be compared with anything. */
        (void)story_remove(store->grouping->index, item_id);
    }
}
