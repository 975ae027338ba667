/* By rank: the candidates are the newest POOL_TITLE hits with all words in the title and the
 * newest POOL_TEXT with them anywhere. They are put in order by BM25F, halved for every
 * HALF_LIFE_S of age. When the word stands in fewer items than that, which is nearly always so,
 * this is the order of all of them. Of a more common word an old item that only mentions it
 * cannot be among the first; behind the candidates the rest follows, newest first. Scoring all
 * hits instead would take a second for a common word; an index in order of impact would have to
 * be written anew as texts are edited. */
#include <math.h>
#include <stdlib.h>

#include "storage/search_run.h"

enum {
    POOL_TITLE = 192,
    POOL_TEXT = 192,
    COUNTED_MAX = 2048, /* hits of one word are counted up to here: rarer than that is rare */
    TITLE_ROWS_MAX = 5000, /* of ROWS_MAX, for hits in titles */
    MATCH_MAX_BYTES = 64 << 10,
};

/* Items that have `piece`, counted up to COUNTED_MAX. */
static bool count_items(
    struct search *search, const struct search_piece *piece, size_t *ret_count)
{
    cleanup(buffer_release) struct buffer match;
    buffer_init(&match, MATCH_MAX_BYTES);
    search_piece_write_match(piece, false, &match);
    cleanup(statement_donep) struct statement *hits = search_ask_index(
        search, match.data, INT64_MAX);
    bool row = true;
    *ret_count = 0;
    while (hits != NULL && *ret_count < COUNTED_MAX && row) {
        if (!search_next_row(search, hits, &row)) {
            return false;
        }
        *ret_count += row;
    }
    return hits != NULL;
}

/* Inverse document frequency as BM25 has it. One word needs none: it is the same for all. */
static bool weigh_words(struct search *search)
{
    double items = (double)search->state.indexed_id;
    for (size_t i = 0; i < search->query.wanted; i++) {
        size_t count = 0;
        if (search->query.wanted > 1 &&
            !count_items(search, &search->query.pieces[i], &count)) {
            return false;
        }
        double having = fmin((double)count, items);
        search->rarity[i] = log(1 + (items - having + 0.5) / (having + 0.5));
    }
    return true;
}

/* Where the search stands: candidates were all hits in the title from title_floor_id on, and
 * all hits anywhere from floor_id on. 0: all there are. */
struct floors {
    int64_t title_floor_id, floor_id;
};

static bool has_id(const struct hit_list *list, size_t count, int64_t id)
{
    const struct candidate_hit wanted = {.id = id};
    return count > 0 &&
        bsearch(&wanted, list->items, count, sizeof(wanted), hit_compare_ids) != NULL;
}

/* Collect up to `wanted` hits that are not among the first `known`, reading up to `rows_max`
 * rows. */
static bool collect(struct search *search, const char *match, int64_t newest_id, enum look look,
    size_t wanted, size_t rows_max, struct hit_list *list, int64_t *ret_floor_id)
{
    cleanup(statement_donep) struct statement *hits = search_ask_index(
        search, match, newest_id);
    size_t known = list->count, rows_before = search->rows;
    bool row;
    *ret_floor_id = 0;
    while (hits != NULL && search_next_row(search, hits, &row)) {
        if (!row) {
            *ret_floor_id = 0;
            return true;
        }
        if (list->count - known >= wanted || search->rows - rows_before >= rows_max) {
            return true; /* the floor is the last one looked at */
        }
        struct seen seen;
        int64_t id = column_int(hits);
        *ret_floor_id = id;
        if (has_id(list, known, id)) {
            continue;
        }
        if (!search_look_at(search, id, look, &seen)) {
            return false;
        }
        if (seen.wanted) {
            hit_list_add(list, search->arena, &seen.hit);
        }
    }
    return false;
}

static int compare_scores(const void *left, const void *right)
{
    const struct candidate_hit *a = left, *b = right;
    int order = (a->score < b->score) - (a->score > b->score);
    return order != 0 ? order : hit_compare_ids(left, right);
}

static bool fill_pool(
    struct search *search, int64_t newest_id, struct hit_list *pool, struct floors *floors)
{
    if (!weigh_words(search) ||
        !collect(search, search->title_match, newest_id, LOOK_FOR_TITLE, POOL_TITLE,
            TITLE_ROWS_MAX, pool, &floors->title_floor_id) ||
        !collect(search, search->match, newest_id, LOOK_FOR_SCORE, POOL_TEXT, ROWS_MAX, pool,
            &floors->floor_id)) {
        return false;
    }
    if (pool->count > 0) {
        qsort(pool->items, pool->count, sizeof(*pool->items), compare_scores);
    }
    return true;
}

/* Behind the candidates: what is left, newest first. */
static bool page_of_tail(struct search *search, int64_t next_id, int64_t title_floor_id,
    struct search_result *result)
{
    cleanup(statement_donep) struct statement *hits = search_ask_index(
        search, search->match, next_id);
    bool row;
    while (hits != NULL && search_next_row(search, hits, &row)) {
        if (!row) {
            return true;
        }
        int64_t id = column_int(hits);
        if (result->count == search->request->limit || search->rows >= ROWS_MAX) {
            result->next_cursor = search_write_cursor(search, 't', id, title_floor_id);
            return true;
        }
        struct seen seen;
        if (!search_look_at(search, id, LOOK_FOR_SCORE, &seen)) {
            return false;
        }
        bool shown_before = seen.in_title && id >= title_floor_id;
        if (seen.wanted && !shown_before && !search_show(search, &seen.hit, result)) {
            return false;
        }
    }
    return false;
}

static bool page_of_pool(
    struct search *search, int64_t newest_id, size_t start, struct search_result *result)
{
    struct hit_list pool = {0};
    struct floors floors;
    if (!fill_pool(search, newest_id, &pool, &floors)) {
        return false;
    }
    size_t end = start + search->request->limit;
    for (size_t i = start; i < pool.count && i < end; i++) {
        if (!search_show(search, &pool.items[i], result)) {
            return false;
        }
    }
    result->total = pool.count;
    result->total_is_exact = floors.floor_id == 0;
    if (pool.count > end) {
        result->next_cursor = search_write_cursor(search, 'r', newest_id, (int64_t)end);
    } else if (floors.floor_id > 0) {
        result->next_cursor = search_write_cursor(
            search, 't', floors.floor_id - 1, floors.title_floor_id);
    }
    return true;
}

bool search_by_rank(struct search *search, struct search_result *result)
{
    struct cursor cursor = {'r', search->state.indexed_id, 0};
    if (search->request->cursor != NULL && !search_read_cursor(search, "rt", &cursor)) {
        return false;
    }
    bool in_pool = cursor.second >= 0 && cursor.second <= POOL_TITLE + POOL_TEXT;
    return cursor.stage == 'r' && in_pool
        ? page_of_pool(search, cursor.first, (size_t)cursor.second, result)
        : page_of_tail(search, cursor.first, cursor.second, result);
}
