/* The index knows items, a list has stories. Of few hits the items are read, the text is asked
 * where the index is not certain, and their stories are named. Of many the hits are a set of
 * bits (storage/search_run.h), and story_found() looks up the items of each story that the list
 * walks over: that reads an index, not rows, where the index of words is certain.
 *
 * Rejected: a join with FTS5's table, which brings its rows in its own order and so reads all
 * hits for every page; ids in a temporary table, since a reading connection writes nothing. */
#include "storage/story_search.h"

#include "base/buffer.h"
#include "storage/desk.h"

enum {
    FEW = 1500, /* hits whose items are read */
    IDS_MAX_BYTES = 64 << 10,
};

static bool is_found(struct search *search, int64_t item, bool *ret_found)
{
    struct seen seen = {.wanted = true};
    if (!search->query.certain && !search_look_at(search, item, LOOK_FOR_DATE, &seen)) {
        return false;
    }
    *ret_found = seen.wanted;
    return true;
}

/* ---- few ---- */

static bool name_stories(struct story_search *search, const struct hit_list *hits)
{
    struct search *of = &search->search;
    cleanup(buffer_release) struct buffer ids;
    buffer_init(&ids, IDS_MAX_BYTES);
    buffer_putc(&ids, '[');
    for (size_t i = 0; i < hits->count; i++) {
        int64_t story = 0;
        bool found;
        if (!is_found(of, hits->items[i].id, &found) ||
            (found && !desk_find_story(of->store, hits->items[i].id, &story, of->fault))) {
            return false;
        }
        if (story != 0) {
            buffer_printf(&ids, ids.length > 1 ? ",%lld" : "%lld", (long long)story);
        }
    }
    buffer_putc(&ids, ']');
    search->ids_json = arena_strdup(of->arena, ids.data);
    return true;
}

bool story_search_begin(struct story_search *search, struct store *store, struct arena *arena,
    const struct search_request *request, struct fault *fault)
{
    struct hit_list newest = {0};
    *search = (struct story_search){
        .search = {.store = store, .arena = arena, .request = request, .fault = fault}};
    search_watch(&search->search);
    if (!search_prepare(&search->search) ||
        !hit_set_note(&search->search, &newest, &search->set) ||
        (newest.count <= FEW && !name_stories(search, &newest))) {
        return false;
    }
    search->search.fault = &search->fault;
    return true;
}

bool story_search_explain(struct story_search *search, struct fault *fault)
{
    if (search->search.late) {
        return fault_set(fault, FAULT_LIMIT,
            "the search took too long: use a longer word, or ask for fewer stories by section, "
            "source or date");
    }
    if (search->failed) {
        *fault = search->fault;
    }
    return false;
}

void story_search_end(struct story_search *search)
{
    search_unwatch(&search->search);
}

/* ---- many ---- */

static bool has_found_item(struct story_search *search, int64_t story, bool *ret_found)
{
    struct search *of = &search->search;
    cleanup(statement_donep) struct statement *items = statement_get(
        of->store, STATEMENT_LIST_ITEM_IDS_OF, of->fault);
    bool row = true;
    *ret_found = false;
    if (items == NULL) {
        return false;
    }
    bind_int(items, story);
    while (!*ret_found && row) {
        if (!search_next_row(of, items, &row)) {
            return false;
        }
        int64_t item = row ? column_int(items) : 0;
        if (row &&
            (!hit_set_has(of, &search->set, item, ret_found) ||
                (*ret_found && !is_found(of, item, ret_found)))) {
            return false;
        }
    }
    return true;
}

static void story_found(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct story_search *search = sqlite3_value_pointer(values[1], STORY_SEARCH_TYPE);
    bool found;
    if (search == NULL || count != 2) {
        sqlite3_result_error(context, "story_found() takes a story and a search", -1);
    } else if (has_found_item(search, sqlite3_value_int64(values[0]), &found)) {
        sqlite3_result_int(context, found);
    } else {
        search->failed = true;
        sqlite3_result_error(context, "the search failed", -1);
    }
}

bool story_search_register(struct store *store)
{
    return sqlite3_create_function(store->db, "story_found", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY,
               NULL, story_found, NULL, NULL) == SQLITE_OK;
}
