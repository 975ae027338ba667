/* A sighting comes after its item in the rows of the first statement, and feeds in any order;
 * so each feed has a place in a table by its id, which SQLite gives densely. Grouping in SQL
 * would sort every sighting of twelve weeks for the same sums. */
#include "storage/activity.h"

#include <string.h>

#include "storage/statements.h"

enum { WEEK_S = 7 * 86400 };

/* By feed id, grown on the way. */
struct table {
    struct arena *arena;
    struct feed_activity *feeds;
    size_t capacity;
};

static struct feed_activity *get_place(struct table *table, int64_t feed_id)
{
    size_t wanted = (size_t)feed_id + 1;
    if (wanted > table->capacity) {
        size_t capacity = wanted * 2;
        struct feed_activity *feeds = arena_new_array(
            table->arena, struct feed_activity, capacity);
        memset(feeds, 0, capacity * sizeof(*feeds));
        if (table->capacity > 0) {
            memcpy(feeds, table->feeds, table->capacity * sizeof(*feeds));
        }
        table->feeds = feeds;
        table->capacity = capacity;
    }
    return &table->feeds[feed_id];
}

typedef void take_row_fn(struct statement *row, struct table *table, int64_t now_utc_s);

static void take_sighting(struct statement *row, struct table *table, int64_t now_utc_s)
{
    struct feed_activity *feed = get_place(table, column_int(row));
    int64_t weeks_ago = (now_utc_s - column_int(row)) / WEEK_S;
    if (weeks_ago >= 0 && weeks_ago < ACTIVITY_WEEKS) {
        feed->weeks[ACTIVITY_WEEKS - 1 - weeks_ago]++;
        feed->items++;
    }
}

static void take_picked(struct statement *row, struct table *table, int64_t now_utc_s)
{
    struct feed_activity *feed = get_place(table, column_int(row));
    feed->picked = column_int(row);
}

/* Every row of a statement over the weeks shown. */
static bool take_rows(struct store *store, enum statement_id id, take_row_fn *take,
    struct table *table, int64_t now_utc_s, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(store, id, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, now_utc_s - ACTIVITY_WEEKS * WEEK_S);
    bind_int(list, now_utc_s);
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        take(list, table, now_utc_s);
    }
    return false;
}

bool store_read_activity(struct store *store, struct arena *arena, int64_t now_utc_s,
    struct feed_activity **ret_activity, size_t *ret_count, struct fault *fault)
{
    struct table table = {.arena = arena};
    if (!transaction_begin_read(store, fault)) {
        return false;
    }
    bool ok = take_rows(store, STATEMENT_LIST_SIGHTINGS_SINCE, take_sighting, &table, now_utc_s,
                  fault) &&
        take_rows(store, STATEMENT_COUNT_PICKED, take_picked, &table, now_utc_s, fault);
    transaction_end_read(store);
    size_t count = 0;
    for (size_t id = 0; ok && id < table.capacity; id++) {
        if (table.feeds[id].items > 0) {
            table.feeds[count] = table.feeds[id];
            table.feeds[count++].feed_id = (int64_t)id;
        }
    }
    *ret_activity = table.feeds;
    *ret_count = count;
    return ok;
}

bool store_find_feed_url(struct store *store, struct arena *arena, int64_t id,
    const char **ret_url, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_FIND_FEED_URL, fault);
    bool row;
    if (find == NULL) {
        return false;
    }
    bind_int(find, id);
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    *ret_url = row ? column_text(find, arena) : NULL;
    return true;
}
