/* What the editor adds to feeds.conf or changes of it.
 *
 * A record and its settings are written together and read together: two lists in the same
 * order, joined in one pass. An editor's write must survive a power failure once it was
 * acknowledged, so these transactions are synced to disk (synchronous=FULL), unlike those of
 * polls, which the next poll would repeat. */
#include "storage/statements.h"

#include <assert.h>

static bool find_record(
    struct store *store, const char *url, int64_t *ret_id, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_FIND_DESK_FEED, fault);
    if (find == NULL) {
        return false;
    }
    bind_text(find, url);
    bool row;
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    *ret_id = row ? column_int(find) : 0;
    return true;
}

static bool put_record(struct store *store, const struct desk_feed *feed, struct fault *fault)
{
    cleanup(statement_donep) struct statement *put = statement_get(
        store, STATEMENT_PUT_DESK_FEED, fault);
    if (put == NULL) {
        return false;
    }
    bind_text(put, feed->url);
    bind_text(put, feed->name);
    bind_int(put, feed->added);
    bind_int(put, feed->changed_utc_s);
    return statement_run(put, fault);
}

static bool add_setting(struct store *store, int64_t id, size_t position,
    const struct desk_setting *setting, struct fault *fault)
{
    cleanup(statement_donep) struct statement *add = statement_get(
        store, STATEMENT_ADD_DESK_SETTING, fault);
    if (add == NULL) {
        return false;
    }
    bind_int(add, id);
    bind_int(add, (int64_t)position);
    bind_text(add, setting->key);
    bind_text(add, setting->value);
    return statement_run(add, fault);
}

static bool put_feed(struct store *store, const struct desk_feed *feed, struct fault *fault)
{
    int64_t id;
    if (!put_record(store, feed, fault) || !find_record(store, feed->url, &id, fault) ||
        !statement_run_ints(store, STATEMENT_CLEAR_DESK_SETTINGS, &id, 1, fault)) {
        return false;
    }
    for (size_t i = 0; i < feed->setting_count; i++) {
        if (!add_setting(store, id, i, &feed->settings[i], fault)) {
            return false;
        }
    }
    return true;
}

bool store_put_feeds(
    struct store *store, const struct desk_feed *feeds, size_t count, struct fault *fault)
{
    if (!transaction_begin_edit(store, fault)) {
        return false;
    }
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        ok = put_feed(store, &feeds[i], fault);
    }
    return transaction_end_edit(store, ok, fault);
}

bool store_put_feed(struct store *store, const struct desk_feed *feed, struct fault *fault)
{
    return store_put_feeds(store, feed, 1, fault);
}

static bool remove_record(struct store *store, const char *url, struct fault *fault)
{
    cleanup(statement_donep) struct statement *remove = statement_get(
        store, STATEMENT_REMOVE_DESK_FEED, fault);
    if (remove == NULL) {
        return false;
    }
    bind_text(remove, url);
    return statement_run(remove, fault);
}

/* The settings go by hand as well: cascades need foreign keys switched on, and a database that
 * another tool has edited may have lost that. */
bool store_remove_feed(
    struct store *store, const char *url, bool *ret_removed, struct fault *fault)
{
    if (!transaction_begin_edit(store, fault)) {
        return false;
    }
    int64_t id = 0;
    bool ok = find_record(store, url, &id, fault) &&
        statement_run_ints(store, STATEMENT_CLEAR_DESK_SETTINGS, &id, 1, fault) &&
        remove_record(store, url, fault);
    *ret_removed = id != 0;
    return transaction_end_edit(store, ok, fault);
}

/* ---- reading ---- */

static bool read_records(struct store *store, struct arena *arena, struct desk_feed **ret_feeds,
    int64_t **ret_ids, size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_DESK_FEEDS, fault);
    if (list == NULL) {
        return false;
    }
    size_t count = 0, capacity = 0, id_capacity = 0;
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            *ret_count = count;
            return true;
        }
        if (count == capacity) {
            *ret_feeds = arena_grow(arena, *ret_feeds, sizeof(**ret_feeds), &capacity);
            *ret_ids = arena_grow(arena, *ret_ids, sizeof(**ret_ids), &id_capacity);
        }
        struct desk_feed *feed = &(*ret_feeds)[count];
        (*ret_ids)[count++] = column_int(list);
        *feed = (struct desk_feed){.url = column_text(list, arena)};
        feed->name = column_text(list, arena);
        feed->added = column_int(list) != 0;
        feed->changed_utc_s = column_int(list);
    }
    return false;
}

/* Both lists come in the order of ids, so each setting belongs to the same feed as the one
 * before it or to a later one; the settings of a feed stand together in one array. */
static bool read_settings(struct store *store, struct arena *arena, struct desk_feed *feeds,
    const int64_t *ids, size_t count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_DESK_SETTINGS, fault);
    if (list == NULL) {
        return false;
    }
    size_t at = 0, capacity = 0;
    struct desk_setting *settings = NULL;
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        int64_t id = column_int(list);
        while (at < count && ids[at] < id) {
            at++;
            settings = NULL;
            capacity = 0;
        }
        if (at == count || ids[at] != id) {
            continue;
        }
        if (feeds[at].setting_count == capacity) {
            settings = arena_grow(arena, settings, sizeof(*settings), &capacity);
            feeds[at].settings = settings;
        }
        assert(settings != NULL); /* of this feed: its count began at 0, as did the capacity */
        struct desk_setting *setting = &settings[feeds[at].setting_count++];
        setting->key = column_text(list, arena);
        setting->value = column_text(list, arena);
    }
    return false;
}

bool store_read_added_feeds(struct store *store, struct arena *arena,
    struct desk_feed **ret_feeds, size_t *ret_count, struct fault *fault)
{
    *ret_feeds = NULL;
    *ret_count = 0;
    int64_t *ids = NULL;
    if (!transaction_begin_read(store, fault)) {
        return false;
    }
    bool ok = read_records(store, arena, ret_feeds, &ids, ret_count, fault) &&
        read_settings(store, arena, *ret_feeds, ids, *ret_count, fault);
    transaction_end_read(store);
    return ok;
}
