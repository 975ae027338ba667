/* Feeds and what is remembered of them between polls. A feed is its URL; everything else may
 * change. */
#include "storage/feeds.h"

#include <string.h>

static void read_state(struct statement *row, struct arena *arena, void *item)
{
    struct feed_state *state = item;
    state->id = column_int(row);
    state->url = column_text(row, arena);
    state->name = column_text(row, arena);
    state->title = column_text(row, arena);
    state->etag = column_text(row, arena);
    state->last_modified = column_text(row, arena);
    state->moved_to = column_text(row, arena);
    state->moved_since_utc_s = column_time(row);
    state->body_hash = column_hash(row);
    state->next_poll_utc_s = column_time(row);
    state->last_poll_utc_s = column_time(row);
    state->last_success_utc_s = column_time(row);
    state->newest_entry_utc_s = column_time(row);
    state->interval_s = column_int(row);
    state->rhythm = column_text(row, arena);
    state->max_age_s = column_int(row);
    state->pace_s = column_int(row);
    state->skip_hours = (uint32_t)column_int(row);
    state->skip_days = (uint8_t)column_int(row);
    state->failures = (int)column_int(row);
    state->error = column_text(row, arena);
    state->error_kind = column_text(row, arena);
    state->note = column_text(row, arena);
    state->status = (int)column_int(row);
    state->entries = (int)column_int(row);
    state->bozo = column_int(row) != 0;
    state->gone = column_int(row) != 0;
}

/* ret_state->id stays 0 when the URL is not registered. */
static bool find_feed(struct store *store, struct arena *arena, const char *url,
    struct feed_state *ret_state, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_FIND_FEED, fault);
    if (find == NULL) {
        return false;
    }
    bind_text(find, url);
    bool row;
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    *ret_state = (struct feed_state){0};
    if (row) {
        read_state(find, arena, ret_state);
    }
    return true;
}

/* Writes only what is new, so that a start with ten thousand known feeds writes nothing. */
static bool register_one(struct store *store, struct arena *arena, const char *url,
    const char *name, struct feed_state *ret_state, struct fault *fault)
{
    struct feed_state state;
    if (!find_feed(store, arena, url, &state, fault)) {
        return false;
    }
    if (state.id == 0) {
        if (!statement_run_texts(
                store, STATEMENT_ADD_FEED, (const char *const[]){url, name}, 2, fault) ||
            !find_feed(store, arena, url, &state, fault)) {
            return false;
        }
    } else if (strcmp(state.name, name) != 0) {
        if (!statement_run_texts(
                store, STATEMENT_RENAME_FEED, (const char *const[]){name, url}, 2, fault)) {
            return false;
        }
        state.name = arena_strdup(arena, name);
    }
    *ret_state = state;
    return true;
}

bool store_register_feed(struct store *store, struct arena *arena, const char *url,
    const char *name, struct feed_state *ret_state, struct fault *fault)
{
    if (!find_feed(store, arena, url, ret_state, fault)) {
        return false;
    }
    if (ret_state->id != 0 && strcmp(ret_state->name, name) == 0) {
        return true; /* a store that is only read knows it, too */
    }
    if (!transaction_begin(store, fault)) {
        return false;
    }
    if (!register_one(store, arena, url, name, ret_state, fault) ||
        !transaction_commit(store, fault)) {
        transaction_rollback(store);
        return false;
    }
    return true;
}

static bool is_followed(const struct config *config, const char *url)
{
    for (size_t i = 0; i < config->feed_count; i++) {
        if (config->feeds[i].enabled && strcmp(config->feeds[i].url, url) == 0) {
            return true;
        }
    }
    return false;
}

/* Feeds that are gone and that `config` does not follow: when a later configuration does, it
 * names them anew. There are few of them, so each may walk the configuration. */
static bool revive_dropped(
    struct store *store, struct arena *arena, const struct config *config, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_GONE, fault);
    if (list == NULL) {
        return false;
    }
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        const char *url = column_text(list, arena);
        if (!is_followed(config, url) &&
            !statement_run_texts(store, STATEMENT_REVIVE_FEED, &url, 1, fault)) {
            return false;
        }
    }
    return false;
}

static bool register_all(struct store *store, struct arena *arena, const struct config *config,
    struct feed_state *states, struct fault *fault)
{
    if (!revive_dropped(store, arena, config, fault)) {
        return false;
    }
    for (size_t i = 0; i < config->feed_count; i++) {
        const struct config_feed *feed = &config->feeds[i];
        if (!register_one(store, arena, feed->url, feed->name, &states[i], fault)) {
            return false;
        }
    }
    return transaction_commit(store, fault);
}

bool store_register_feeds(struct store *store, struct arena *arena, const struct config *config,
    struct feed_state **ret_states, struct fault *fault)
{
    struct feed_state *states = arena_new_array(
        arena, struct feed_state, config->feed_count + 1);
    if (!transaction_begin(store, fault)) {
        return false;
    }
    if (!register_all(store, arena, config, states, fault)) {
        transaction_rollback(store);
        return false;
    }
    *ret_states = states;
    return true;
}

bool store_read_feeds(struct store *store, struct arena *arena, struct feed_state **ret_states,
    size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_FEEDS, fault);
    if (list == NULL) {
        return false;
    }
    *ret_states = statement_rows(
        list, arena, sizeof(**ret_states), read_state, ret_count, fault);
    return *ret_states != NULL;
}

bool feed_write_state(struct store *store, const struct feed_state *state, const char *source,
    struct fault *fault)
{
    cleanup(statement_donep) struct statement *update = statement_get(
        store, STATEMENT_UPDATE_FEED, fault);
    if (update == NULL) {
        return false;
    }
    bind_text(update, state->name);
    bind_text(update, state->title);
    bind_text(update, state->etag);
    bind_text(update, state->last_modified);
    bind_text(update, state->moved_to);
    bind_time(update, state->moved_since_utc_s);
    bind_hash(update, state->body_hash);
    bind_time(update, state->next_poll_utc_s);
    bind_time(update, state->last_poll_utc_s);
    bind_time(update, state->last_success_utc_s);
    bind_time(update, state->newest_entry_utc_s);
    bind_int(update, state->interval_s);
    bind_text(update, state->rhythm);
    bind_int(update, state->max_age_s);
    bind_int(update, state->pace_s);
    bind_int(update, state->skip_hours);
    bind_int(update, state->skip_days);
    bind_int(update, state->failures);
    bind_text(update, state->error);
    bind_text(update, state->error_kind);
    bind_text(update, state->note);
    bind_int(update, state->status);
    bind_int(update, state->entries);
    bind_int(update, state->bozo);
    bind_int(update, state->gone);
    bind_text(update, source);
    bind_int(update, state->id);
    if (!statement_run(update, fault)) {
        return false;
    }
    if (sqlite3_changes(store->db) != 1) {
        return fault_set(fault, FAULT_STORE,
            "the database '%s' has no feed number %lld ('%s'): register it first", store->path,
            (long long)state->id, state->name == NULL ? "" : state->name);
    }
    return true;
}
