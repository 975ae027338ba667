/* By date: few hits are read and sorted. Many are a set of bits, and the items are walked in
 * order of date until the page is full; the more hits there are, the shorter the walk. */
#include <stdlib.h>

#include "base/clock.h"
#include "storage/search_run.h"

enum {
    FEW = 1500,      /* hits that are read one by one to be sorted by date */
    SET_MAX = 50000, /* hits noted as bits; what is more common is found without */
};

static int compare_dates(const void *left, const void *right)
{
    const struct candidate_hit *a = left, *b = right;
    int order = (a->dated_utc_s < b->dated_utc_s) - (a->dated_utc_s > b->dated_utc_s);
    return order != 0 ? order : hit_compare_ids(left, right);
}

static bool comes_after(const struct candidate_hit *hit, const struct cursor *cursor)
{
    return hit->dated_utc_s < cursor->first ||
        (hit->dated_utc_s == cursor->first && hit->id < cursor->second);
}

bool hit_set_note(struct search *search, struct hit_list *newest, struct hit_set *set)
{
    cleanup(statement_donep) struct statement *hits = search_ask_index(
        search, search->match, search->state.indexed_id);
    bool row;
    set->newest_id = search->state.indexed_id;
    set->bits = arena_zalloc(search->arena, (size_t)set->newest_id / 8 + 1);
    while (hits != NULL && search_next_row(search, hits, &row)) {
        if (!row) {
            set->floor_id = 0;
            return true;
        }
        int64_t id = column_int(hits);
        if (newest->count == SET_MAX) {
            set->floor_id = id + 1;
            return true;
        }
        set->bits[id / 8] |= (unsigned char)(1 << id % 8);
        hit_list_add(newest, search->arena, &(struct candidate_hit){.id = id});
    }
    return false;
}

bool hit_set_has(struct search *search, const struct hit_set *set, int64_t id, bool *ret_has)
{
    if (id > set->newest_id || id >= set->floor_id) {
        *ret_has = id <= set->newest_id && (set->bits[id / 8] >> id % 8 & 1) != 0;
        return true;
    }
    cleanup(statement_donep) struct statement *probe = statement_get(
        search->store, STATEMENT_SEARCH_ID, search->fault);
    if (probe == NULL) {
        return false;
    }
    bind_text(probe, search->match);
    bind_int(probe, id);
    return search_next_row(search, probe, ret_has);
}

static bool sort_few(struct search *search, const struct hit_list *ids,
    const struct cursor *cursor, struct search_result *result)
{
    struct hit_list found = {0};
    for (size_t i = 0; i < ids->count; i++) {
        struct seen seen;
        if (!search_look_at(search, ids->items[i].id, LOOK_FOR_DATE, &seen)) {
            return false;
        }
        if (seen.wanted) {
            hit_list_add(&found, search->arena, &seen.hit);
        }
    }
    if (found.count > 0) {
        qsort(found.items, found.count, sizeof(*found.items), compare_dates);
    }
    result->total = found.count;
    result->total_is_exact = true;
    for (size_t i = 0; i < found.count; i++) {
        if (!comes_after(&found.items[i], cursor)) {
            continue;
        }
        if (result->count == search->request->limit) {
            const struct candidate_hit *last = &found.items[i - 1];
            result->next_cursor = search_write_cursor(search, 'd', last->dated_utc_s, last->id);
            return true;
        }
        if (!search_show(search, &found.items[i], result)) {
            return false;
        }
    }
    return true;
}

/* Show the item if it is wanted. */
static bool walk_over(struct search *search, const struct hit_set *set,
    const struct candidate_hit *at, struct search_result *result)
{
    bool hit;
    struct seen seen;
    if (!hit_set_has(search, set, at->id, &hit) ||
        (hit && !search_look_at(search, at->id, LOOK_FOR_DATE, &seen))) {
        return false;
    }
    return !hit || !seen.wanted || search_show(search, &seen.hit, result);
}

static bool walk_by_date(struct search *search, const struct hit_set *set,
    const struct cursor *cursor, struct search_result *result)
{
    const struct search_filter *filter = &search->request->filter;
    cleanup(statement_donep) struct statement *list = statement_get(
        search->store, STATEMENT_LIST_HITS_BY_DATE, search->fault);
    if (list == NULL) {
        return false;
    }
    bool bounded = filter->before_utc_s != CLOCK_NONE && filter->before_utc_s <= cursor->first;
    bind_int(list, bounded ? filter->before_utc_s - 1 : cursor->first);
    struct candidate_hit last = {0};
    bool row;
    while (search_next_row(search, list, &row)) {
        struct candidate_hit at = {.id = row ? column_int(list) : 0};
        at.dated_utc_s = row ? column_int(list) : 0;
        if (!row || (filter->from_utc_s != CLOCK_NONE && at.dated_utc_s < filter->from_utc_s)) {
            return true;
        }
        if (result->count == search->request->limit || search->rows >= ROWS_MAX) {
            result->next_cursor = search_write_cursor(search, 'd', last.dated_utc_s, last.id);
            return true;
        }
        if (comes_after(&at, cursor) && !walk_over(search, set, &at, result)) {
            return false;
        }
        last = at;
    }
    return false;
}

bool search_by_date(struct search *search, struct search_result *result)
{
    struct cursor cursor = {'d', INT64_MAX, INT64_MAX};
    struct hit_list ids = {0};
    struct hit_set set;
    if (search->request->cursor != NULL && !search_read_cursor(search, "d", &cursor)) {
        return false;
    }
    if (!hit_set_note(search, &ids, &set)) {
        return false;
    }
    if (ids.count <= FEW) {
        return sort_few(search, &ids, &cursor, result);
    }
    /* With a filter or a phrase some of the hits may fall away. */
    result->total = ids.count;
    return walk_by_date(search, &set, &cursor, result);
}
