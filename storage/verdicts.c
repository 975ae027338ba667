/* Verdicts in rows, and judging again after the rules changed.
 *
 * Every item names the ruleset that judged it; those that name another than the configuration's
 * are stale. They are handed out newest first, because these are what the next issue is made
 * of. A call takes them from one earlier ruleset, the one with the newest item: one seek an
 * earlier ruleset and then the index in order. Sorting all stale items anew at each call would
 * make judging a million items quadratic. Keeping the set of stale ids in memory was rejected:
 * the item's own row says it, whenever the program stops.
 *
 * Live items are judged again at every start and after every decision, since what was learned
 * is in no ruleset. Most verdicts are then what they were, after a start all of them, and are
 * not written: that took a gigabyte of the disk where a million items are stored. */
#include "storage/verdicts.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "storage/stories.h"

bool ruleset_get(struct store *store, uint64_t hash, int64_t *ret_id, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_FIND_RULESET, fault);
    if (find == NULL) {
        return false;
    }
    bind_hash(find, hash);
    bool known;
    if (!statement_next(find, &known, fault)) {
        return false;
    }
    if (known) {
        *ret_id = column_int(find);
        return true;
    }
    cleanup(statement_donep) struct statement *add = statement_get(
        store, STATEMENT_ADD_RULESET, fault);
    if (add == NULL) {
        return false;
    }
    bind_hash(add, hash);
    if (!statement_run(add, fault)) {
        return false;
    }
    *ret_id = sqlite3_last_insert_rowid(store->db);
    return true;
}

static const char *join_tags(const struct verdict *verdict, struct buffer *tags)
{
    if (verdict->tag_count == 0) {
        return NULL;
    }
    buffer_clear(tags);
    for (size_t i = 0; i < verdict->tag_count; i++) {
        assert(strchr(verdict->tags[i], '\n') == NULL);
        buffer_printf(tags, "%s%s", i == 0 ? "" : "\n", verdict->tags[i]);
    }
    return tags->data;
}

void bind_verdict(struct statement *statement, const struct verdict *verdict,
    int64_t ruleset_id, const struct config *config, const char *reasons_json,
    struct buffer *tags)
{
    assert(verdict->section >= 0 && (size_t)verdict->section < config->section_count);
    bind_int(statement, ruleset_id);
    bind_text(statement, config->sections[verdict->section].id);
    bind_real(statement, verdict->margin);
    bind_int(statement, verdict->uncertain);
    bind_int(statement, verdict->off_topic);
    bind_real(statement, verdict->relevance);
    bind_text(statement, verdict->vendor);
    bind_text(statement, verdict->prefix);
    bind_text(statement, join_tags(verdict, tags));
    bind_text(statement, verdict->bundle);
    bind_text(statement, reasons_json);
}

/* ---- stale items ---- */

static int compare_urls(const void *left, const void *right)
{
    const struct config_feed *const *a = left;
    const struct config_feed *const *b = right;
    return strcmp((*a)->url, (*b)->url);
}

/* The configured feeds by URL. */
struct feed_index {
    const struct config_feed **feeds;
    size_t count;
};

static struct feed_index build_feed_index(struct arena *arena, const struct config *config)
{
    struct feed_index index = {NULL, config->feed_count};
    if (index.count > 0) {
        index.feeds = arena_new_array(arena, const struct config_feed *, index.count);
        for (size_t i = 0; i < index.count; i++) {
            index.feeds[i] = &config->feeds[i];
        }
        qsort(index.feeds, index.count, sizeof(*index.feeds), compare_urls);
    }
    return index;
}

static const struct config_feed *find_feed(const struct feed_index *index, const char *url)
{
    if (url == NULL || index->count == 0) {
        return NULL;
    }
    const struct config_feed wanted = {.url = url};
    const struct config_feed *key = &wanted;
    const struct config_feed **found = bsearch(
        &key, index->feeds, index->count, sizeof(*index->feeds), compare_urls);
    return found == NULL ? NULL : *found;
}

/* *ret_id is 0 when no item is stale. */
static bool find_stale_ruleset(
    struct store *store, uint64_t hash, int64_t *ret_id, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_FIND_STALE_RULESET, fault);
    if (find == NULL) {
        return false;
    }
    bind_hash(find, hash);
    bool row;
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    *ret_id = row ? column_int(find) : 0;
    return true;
}

/* The item without its feed, and the feed's URL. */
static struct stale_item read_judged_item(
    struct statement *row, struct arena *arena, const char **ret_feed_url)
{
    struct stale_item judged = {0};
    judged.id = column_int(row);
    judged.item.key = column_text(row, arena);
    judged.item.title = column_text(row, arena);
    judged.item.summary = column_text(row, arena);
    judged.item.url = column_text(row, arena);
    judged.item.source = column_text(row, arena);
    *ret_feed_url = column_text(row, arena);
    judged.item.comment = column_text(row, arena);
    judged.item.journal_ref = column_text(row, arena);
    return judged;
}

/* A single item pays no index of feeds. */
static const struct config_feed *search_feed(const struct config *config, const char *url)
{
    for (size_t i = 0; url != NULL && i < config->feed_count; i++) {
        if (strcmp(config->feeds[i].url, url) == 0) {
            return &config->feeds[i];
        }
    }
    return NULL;
}

bool item_read_for_judge(struct store *store, struct arena *arena, const struct config *config,
    int64_t id, struct stale_item *ret_item, bool *ret_found, struct fault *fault)
{
    cleanup(statement_donep) struct statement *read = statement_get(
        store, STATEMENT_READ_FOR_JUDGE, fault);
    if (read == NULL) {
        return false;
    }
    bind_int(read, id);
    if (!statement_next(read, ret_found, fault)) {
        return false;
    }
    if (*ret_found) {
        const char *feed_url;
        *ret_item = read_judged_item(read, arena, &feed_url);
        ret_item->item.feed = search_feed(config, feed_url);
    }
    return true;
}

/* The rows of a statement bound to `first` (a ruleset, or an id) and `limit`. */
static bool list_items(struct store *store, enum statement_id statement, struct arena *arena,
    const struct config *config, int64_t first, size_t limit, struct stale_item **ret_items,
    size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(store, statement, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, first);
    bind_int(list, (int64_t)limit);
    const struct feed_index feeds = build_feed_index(arena, config);
    struct stale_item *items = NULL;
    size_t count = 0, capacity = 0;
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            *ret_items = items;
            *ret_count = count;
            return true;
        }
        if (count == capacity) {
            items = arena_grow(arena, items, sizeof(*items), &capacity);
        }
        const char *feed_url;
        items[count] = read_judged_item(list, arena, &feed_url);
        items[count++].item.feed = find_feed(&feeds, feed_url);
    }
    return false;
}

bool store_read_items_below(struct store *store, struct arena *arena,
    const struct config *config, int64_t below_id, size_t limit, struct stale_item **ret_items,
    size_t *ret_count, struct fault *fault)
{
    return list_items(store, STATEMENT_LIST_ITEMS_BELOW, arena, config, below_id, limit,
        ret_items, ret_count, fault);
}

bool store_read_stale_items(struct store *store, struct arena *arena,
    const struct config *config, size_t limit, struct stale_item **ret_items, size_t *ret_count,
    struct fault *fault)
{
    int64_t ruleset_id;
    if (!transaction_begin_read(store, fault)) {
        return false;
    }
    bool ok = find_stale_ruleset(store, config->rules_hash, &ruleset_id, fault);
    if (ok && ruleset_id == 0) {
        *ret_items = NULL;
        *ret_count = 0;
    } else if (ok) {
        ok = list_items(store, STATEMENT_LIST_STALE_ITEMS, arena, config, ruleset_id, limit,
            ret_items, ret_count, fault);
    }
    transaction_end_read(store);
    return ok;
}

/* ---- live items ---- */

/* Trays of stories that can still be picked. Not "aside": who is let through, and so stands
 * aside, is for gates to say and not for what was learned, which is why this walk is made. */
static const char *const live_trays[] = {"inbox", "later"};

struct judged_items {
    struct stale_item *items;
    size_t count, capacity;
};

static bool add_items_of(struct store *store, struct arena *arena,
    const struct feed_index *feeds, int64_t story, struct judged_items *list,
    struct fault *fault)
{
    cleanup(statement_donep) struct statement *read = statement_get(
        store, STATEMENT_LIST_JUDGED_OF, fault);
    if (read == NULL) {
        return false;
    }
    bind_int(read, story);
    bool row;
    while (statement_next(read, &row, fault)) {
        if (!row) {
            return true;
        }
        if (list->count == list->capacity) {
            list->items = arena_grow(arena, list->items, sizeof(*list->items), &list->capacity);
        }
        const char *feed_url;
        list->items[list->count] = read_judged_item(read, arena, &feed_url);
        list->items[list->count++].item.feed = find_feed(feeds, feed_url);
    }
    return false;
}

/* The stories of one tray, up to `limit`; *ret_count says how many there were. */
static bool walk_tray(struct store *store, struct arena *arena, const struct feed_index *feeds,
    struct live_place *place, size_t limit, struct judged_items *list, size_t *ret_count,
    struct fault *fault)
{
    cleanup(statement_donep) struct statement *stories = statement_get(
        store, STATEMENT_LIST_LIVE_STORIES, fault);
    if (stories == NULL) {
        return false;
    }
    bind_text(stories, live_trays[place->tray]);
    bind_int(stories, place->begun ? place->dated_utc_s : INT64_MAX);
    bind_int(stories, place->begun ? place->story : INT64_MAX);
    bind_int(stories, (int64_t)limit);
    bool row;
    *ret_count = 0;
    while (statement_next(stories, &row, fault)) {
        if (!row) {
            return true;
        }
        place->begun = true;
        place->story = column_int(stories);
        place->dated_utc_s = column_int(stories);
        ++*ret_count;
        if (!add_items_of(store, arena, feeds, place->story, list, fault)) {
            return false;
        }
    }
    return false;
}

bool store_read_live_items(struct store *store, struct arena *arena,
    const struct config *config, struct live_place *place, size_t limit,
    struct stale_item **ret_items, size_t *ret_count, bool *ret_end, struct fault *fault)
{
    const struct feed_index feeds = build_feed_index(arena, config);
    struct judged_items list = {0};
    size_t stories = 0;
    while (place->tray < (int)array_count(live_trays) && stories < limit) {
        size_t wanted = limit - stories, left = place->most - place->seen, found;
        wanted = wanted < left ? wanted : left;
        if (!walk_tray(store, arena, &feeds, place, wanted, &list, &found, fault)) {
            return false;
        }
        stories += found;
        place->seen += found;
        if (found < wanted || place->seen == place->most) {
            *place = (struct live_place){.most = place->most, .tray = place->tray + 1};
        }
    }
    *ret_items = list.items;
    *ret_count = list.count;
    *ret_end = place->tray == (int)array_count(live_trays);
    return true;
}

/* ---- new verdicts ---- */

static bool update_verdict(struct store *store, const struct store_verdict *verdict,
    int64_t ruleset_id, const struct config *config, struct buffer *tags, bool *ret_changed,
    struct fault *fault)
{
    cleanup(statement_donep) struct statement *update = statement_get(
        store, STATEMENT_UPDATE_VERDICT, fault);
    if (update == NULL) {
        return false;
    }
    bind_verdict(update, &verdict->verdict, ruleset_id, config, verdict->reasons_json, tags);
    bind_int(update, verdict->id);
    if (!statement_run(update, fault)) {
        return false;
    }
    *ret_changed = sqlite3_changes64(store->db) > 0;
    return true;
}

static bool update_verdicts(struct store *store, const struct store_verdict *verdicts,
    size_t count, const struct config *config, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    cleanup(buffer_release) struct buffer tags;
    buffer_init(&tags, STORE_TAGS_MAX_BYTES);
    int64_t *changed = arena_new_array(&arena, int64_t, count);
    size_t changed_count = 0;
    int64_t ruleset_id;
    if (!ruleset_get(store, config->rules_hash, &ruleset_id, fault)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        bool is_changed;
        if (!update_verdict(
                store, &verdicts[i], ruleset_id, config, &tags, &is_changed, fault)) {
            return false;
        }
        if (is_changed) {
            changed[changed_count++] = verdicts[i].id;
        }
    }
    return stories_refresh_of_items(store, config, changed, changed_count, fault);
}

bool store_update_verdicts(struct store *store, const struct store_verdict *verdicts,
    size_t count, const struct config *config, struct fault *fault)
{
    if (count == 0) {
        return true;
    }
    if (!transaction_begin(store, fault)) {
        return false;
    }
    bool ok = update_verdicts(store, verdicts, count, config, fault) &&
        transaction_commit(store, fault);
    if (!ok) {
        transaction_rollback(store);
    }
    return ok;
}
