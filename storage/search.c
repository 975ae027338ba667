/* Answering a search within some milliseconds, over a million items.
 *
 * The index gives item ids, newest first, and says of each which tokens its title and its text
 * have (storage/search_tokenizer.h). Everything else, the filters, whether the words of a
 * phrase stand together, how well it matches, is in the item's row, and reading that costs
 * microseconds, so the question is how many rows to read: a common word stands in a hundred
 * thousand.
 *
 * By rank: the candidates are the newest POOL_TITLE hits with all words in the title and the
 * newest POOL_TEXT with them anywhere. They are put in order by BM25F, halved for every
 * HALF_LIFE_S of age. When the word stands in fewer items than that, which is nearly always so,
 * this is the order of all of them. Of a more common word an old item that only mentions it
 * cannot be among the first; behind the candidates the rest follows, newest first. Scoring all
 * hits instead would take a second for a common word; an index in order of impact would have to
 * be written anew as texts are edited.
 *
 * By date: few hits are read and sorted. Many are a set of bits, and the items are walked in
 * order of date until the page is full; the more hits there are, the shorter the walk.
 *
 * A cursor names the place in the order and the search it belongs to. */
#include "storage/search.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "storage/search_index.h"
#include "storage/search_match.h"

enum {
    POOL_TITLE = 192,
    POOL_TEXT = 192,
    HALF_LIFE_S = 2 * 365 * 86400,
    COUNTED_MAX = 2048, /* hits of one word are counted up to here: rarer than that is rare */
    FEW = 1500,         /* hits that are read one by one to be sorted by date */
    SET_MAX = 50000,    /* hits noted as bits; what is more common is found without */
    ROWS_MAX = 20000,   /* rows one call reads; the next page goes on */
    TITLE_ROWS_MAX = 5000, /* of these in titles */
    MATCH_MAX_BYTES = 64 << 10,
    PROGRESS_STEPS =
        2000, /* of SQLite's machine between two looks at the clock: below a millisecond */
    CURSOR_BYTES = 96,
};

struct candidate_hit {
    int64_t id, dated_utc_s;
    double score;
};

struct hit_list {
    struct candidate_hit *items;
    size_t count, capacity;
};

struct search {
    struct store *store;
    struct arena *arena;
    const struct search_request *request;
    const struct fold_table *folding;
    struct search_query query;
    double rarity[SEARCH_WORDS_MAX];
    const char *match, *title_match;
    struct search_state state;
    uint32_t fingerprint; /* of what is asked: a cursor carries it */
    size_t rows;          /* read so far */
    int64_t end_ms;
    bool late;
    struct fault *fault;
};

struct search_filter search_filter_none(void)
{
    return (struct search_filter){.from_utc_s = CLOCK_NONE, .before_utc_s = CLOCK_NONE};
}

/* ---- the deadline ---- */

static int on_progress(void *data)
{
    struct search *search = data;
    search->late = search->late || clock_monotonic_ms() >= search->end_ms;
    return search->late;
}

/* SQLite reports an interrupted statement as an error of its own. */
static bool failed(struct search *search)
{
    if (search->late) {
        fault_set(search->fault, FAULT_LIMIT,
            "the search took longer than %" PRId64
            " ms: use a longer word, or ask for fewer items by section, source or date",
            search->request->deadline_ms);
    }
    return false;
}

static bool next_row(struct search *search, struct statement *statement, bool *ret_row)
{
    return statement_next(statement, ret_row, search->fault) || failed(search);
}

/* ---- one hit's row ---- */

static void bind_filter(struct statement *find, const struct search_filter *filter)
{
    bind_text(find, filter->section);
    bind_text(find, filter->source);
    bind_text(find, filter->feed_url);
    bind_text(find, filter->vendor);
    bind_text(find, filter->tag);
    bind_text(find, filter->language);
    bind_time(find, filter->from_utc_s);
    bind_time(find, filter->before_utc_s);
    if (filter->topic == SEARCH_ANY_TOPIC) {
        bind_null(find);
    } else {
        bind_int(find, filter->topic == SEARCH_OFF_TOPIC);
    }
}

/* What a row is wanted for beside its filter. */
enum look {
    LOOK_FOR_DATE, /* the text only when the index is not certain */
    LOOK_FOR_SCORE,
    LOOK_FOR_TITLE, /* the words must stand in the title */
};

struct seen {
    bool wanted;
    bool in_title; /* known for LOOK_FOR_SCORE and LOOK_FOR_TITLE */
    struct candidate_hit hit;
};

static double score_of(
    const struct search *search, const struct search_subject *subject, int64_t dated_utc_s)
{
    double score = search_query_score(&search->query, search->rarity, subject);
    /* Seen from a fixed time: every item of the answer is as much older then. */
    return log2(score) + (double)dated_utc_s / HALF_LIFE_S;
}

static void judge_texts(struct search *search, enum look look, const char *title,
    const char *summary, struct seen *seen)
{
    struct arena arena = {0};
    struct search_subject subject;
    search_subject_build(search->folding, &arena, title, summary, &subject);
    seen->wanted = search_query_matches(&search->query, &subject);
    if (seen->wanted && look != LOOK_FOR_DATE) {
        seen->in_title = search_query_in_title(&search->query, &subject);
        seen->hit.score = score_of(search, &subject, seen->hit.dated_utc_s);
        seen->wanted = look != LOOK_FOR_TITLE || seen->in_title;
    }
    arena_release(&arena);
}

static bool look_at(struct search *search, int64_t id, enum look look, struct seen *ret_seen)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        search->store, STATEMENT_FIND_HIT, search->fault);
    if (find == NULL) {
        return false;
    }
    *ret_seen = (struct seen){.hit.id = id};
    search->rows++;
    bind_int(find, id);
    bind_filter(find, &search->request->filter);
    if (!next_row(search, find, &ret_seen->wanted)) {
        return false;
    }
    if (ret_seen->wanted) {
        ret_seen->hit.dated_utc_s = column_int(find);
        if (look != LOOK_FOR_DATE || !search->query.certain) {
            const char *title = column_peek(find), *summary = column_peek(find);
            judge_texts(search, look, title, summary, ret_seen);
        }
    }
    return true;
}

static void add_hit(struct hit_list *list, struct arena *arena, const struct candidate_hit *hit)
{
    if (list->count == list->capacity) {
        list->items = arena_grow(arena, list->items, sizeof(*list->items), &list->capacity);
    }
    list->items[list->count++] = *hit;
}

/* ---- ids from the index ---- */

static struct statement *ask(struct search *search, const char *match, int64_t newest_id)
{
    struct statement *hits = statement_get(search->store, STATEMENT_SEARCH, search->fault);
    if (hits != NULL) {
        bind_text(hits, match);
        bind_int(hits, newest_id);
    }
    return hits;
}

static const char *write_match(struct search *search, bool in_title)
{
    cleanup(buffer_release) struct buffer match;
    buffer_init(&match, MATCH_MAX_BYTES);
    search_query_write_match(&search->query, in_title, &match);
    return arena_strdup(search->arena, match.data);
}

/* The commonest words that begin as the last one of `piece` does. FTS5's own prefix search
 * joins the lists of all such words before it gives the first item: 300 ms for three letters in
 * a million. */
static bool find_words(struct search *search, struct search_piece *piece)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        search->store, STATEMENT_LIST_SEARCH_WORDS, search->fault);
    if (list == NULL) {
        return false;
    }
    const char **words = arena_new_array(search->arena, const char *, SEARCH_PREFIX_WORDS_MAX);
    bind_text(list, search_piece_prefix(piece, search->arena));
    bind_int(list, SEARCH_PREFIX_WORDS_MAX);
    bool row;
    piece->words = words;
    while (next_row(search, list, &row)) {
        if (!row) {
            return true;
        }
        words[piece->word_count++] = column_text(list, search->arena);
    }
    return false;
}

static bool find_all_words(struct search *search)
{
    for (size_t i = 0; i < search->query.count; i++) {
        struct search_piece *piece = &search->query.pieces[i];
        if (piece->prefix && !find_words(search, piece)) {
            return false;
        }
    }
    return true;
}

/* Items that have `piece`, counted up to COUNTED_MAX. */
static bool count_items(
    struct search *search, const struct search_piece *piece, size_t *ret_count)
{
    cleanup(buffer_release) struct buffer match;
    buffer_init(&match, MATCH_MAX_BYTES);
    search_piece_write_match(piece, false, &match);
    cleanup(statement_donep) struct statement *hits = ask(search, match.data, INT64_MAX);
    bool row = true;
    *ret_count = 0;
    while (hits != NULL && *ret_count < COUNTED_MAX && row) {
        if (!next_row(search, hits, &row)) {
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

/* ---- by rank ---- */

/* Where the search stands: candidates were all hits in the title from title_floor_id on, and
 * all hits anywhere from floor_id on. 0: all there are. */
struct floors {
    int64_t title_floor_id, floor_id;
};

static int compare_ids(const void *left, const void *right)
{
    const struct candidate_hit *a = left, *b = right;
    return (a->id < b->id) - (a->id > b->id);
}

static bool has_id(const struct hit_list *list, size_t count, int64_t id)
{
    const struct candidate_hit wanted = {.id = id};
    return count > 0 &&
        bsearch(&wanted, list->items, count, sizeof(wanted), compare_ids) != NULL;
}

/* Collect up to `wanted` hits that are not among the first `known`, reading up to `rows_max`
 * rows. */
static bool collect(struct search *search, const char *match, int64_t newest_id, enum look look,
    size_t wanted, size_t rows_max, struct hit_list *list, int64_t *ret_floor_id)
{
    cleanup(statement_donep) struct statement *hits = ask(search, match, newest_id);
    size_t known = list->count, rows_before = search->rows;
    bool row;
    *ret_floor_id = 0;
    while (hits != NULL && next_row(search, hits, &row)) {
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
        if (!look_at(search, id, look, &seen)) {
            return false;
        }
        if (seen.wanted) {
            add_hit(list, search->arena, &seen.hit);
        }
    }
    return false;
}

static int compare_scores(const void *left, const void *right)
{
    const struct candidate_hit *a = left, *b = right;
    int order = (a->score < b->score) - (a->score > b->score);
    return order != 0 ? order : compare_ids(left, right);
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

/* ---- cursors ---- */

/* What a cursor's two numbers are: 'r' newest id of the first page, and how many candidates
 * have been shown; 't' the id to go on from, and the title floor; 'd' date and id shown last.
 */
struct cursor {
    char stage;
    int64_t first, second;
};

static const char *write_cursor(
    const struct search *search, char stage, int64_t first, int64_t second)
{
    return arena_printf(search->arena, "%c-%08" PRIx32 "-%" PRIx64 "-%" PRIx64, stage,
        search->fingerprint, (uint64_t)first, (uint64_t)second);
}

/* Written again it must be the same: nothing else is a cursor of ours. */
static bool read_cursor(struct search *search, const char *stages, struct cursor *ret_cursor)
{
    uint32_t fingerprint = 0;
    uint64_t first = 0, second = 0;
    char stage = '\0';
    const char *text = search->request->cursor;
    bool ok = strlen(text) < CURSOR_BYTES &&
        sscanf(text, "%c-%8" SCNx32 "-%16" SCNx64 "-%16" SCNx64, &stage, &fingerprint, &first,
            &second) == 4;
    *ret_cursor = (struct cursor){stage, (int64_t)first, (int64_t)second};
    if (!ok || stage == '\0' || strchr(stages, stage) == NULL ||
        strcmp(text, write_cursor(search, stage, ret_cursor->first, ret_cursor->second)) != 0) {
        return fault_set(search->fault, FAULT_PARSE,
            "the cursor is not of this search: ask for the first page without one");
    }
    return true;
}

static uint32_t fingerprint(const struct search *search)
{
    const struct search_request *request = search->request;
    const struct search_filter *filter = &request->filter;
    const int64_t numbers[] = {request->order, filter->topic, filter->from_utc_s,
        filter->before_utc_s, search->state.version};
    uint64_t hash = hash_bytes(HASH_START, numbers, sizeof(numbers));
    hash = hash_string(hash, filter->section);
    hash = hash_string(hash, filter->source);
    hash = hash_string(hash, filter->feed_url);
    hash = hash_string(hash, filter->vendor);
    hash = hash_string(hash, filter->tag);
    hash = hash_string(hash, filter->language);
    hash = search_query_hash(&search->query, hash);
    return (uint32_t)(hash ^ hash >> 32);
}

/* ---- the page ---- */

static const char *const *split_tags(struct arena *arena, const char *tags, size_t *ret_count)
{
    const char **list = NULL;
    size_t count = 0, capacity = 0;
    while (tags != NULL && *tags != '\0') {
        size_t length = strcspn(tags, "\n");
        if (count == capacity) {
            list = arena_grow(arena, list, sizeof(*list), &capacity);
        }
        list[count++] = arena_strndup(arena, tags, length);
        tags += length + (tags[length] == '\n');
    }
    *ret_count = count;
    return list;
}

static void describe(struct search *search, struct statement *row, struct search_hit *hit)
{
    struct arena *arena = search->arena;
    hit->key = column_text(row, arena);
    hit->url = column_text(row, arena);
    hit->source = column_text(row, arena);
    hit->section = column_text(row, arena);
    hit->language = column_text(row, arena);
    hit->published_utc_s = column_time(row);
    hit->dated_utc_s = column_time(row);
    hit->off_topic = column_int(row) != 0;
    hit->vendor = column_text(row, arena);
    hit->tags = split_tags(arena, column_peek(row), &hit->tag_count);
    const char *title = column_text(row, arena), *summary = column_text(row, arena);
    struct search_subject subject;
    search_subject_build(search->folding, arena, title, summary, &subject);
    if (title != NULL) {
        hit->title = search_mark_whole(&search->query, &subject.title, arena);
    }
    if (summary != NULL) {
        hit->summary = search_mark_snippet(&search->query, &subject.summary, arena);
    }
}

static bool show(
    struct search *search, const struct candidate_hit *hit, struct search_result *result)
{
    cleanup(statement_donep) struct statement *read = statement_get(
        search->store, STATEMENT_DESCRIBE_HIT, search->fault);
    if (read == NULL) {
        return false;
    }
    bind_int(read, hit->id);
    bool row;
    if (!next_row(search, read, &row)) {
        return false;
    }
    if (row) {
        struct search_hit *shown = &result->hits[result->count++];
        shown->item_id = hit->id;
        describe(search, read, shown);
    }
    return true;
}

/* Behind the candidates: what is left, newest first. */
static bool page_of_tail(struct search *search, int64_t next_id, int64_t title_floor_id,
    struct search_result *result)
{
    cleanup(statement_donep) struct statement *hits = ask(search, search->match, next_id);
    bool row;
    while (hits != NULL && next_row(search, hits, &row)) {
        if (!row) {
            return true;
        }
        int64_t id = column_int(hits);
        if (result->count == search->request->limit || search->rows >= ROWS_MAX) {
            result->next_cursor = write_cursor(search, 't', id, title_floor_id);
            return true;
        }
        struct seen seen;
        if (!look_at(search, id, LOOK_FOR_SCORE, &seen)) {
            return false;
        }
        bool shown_before = seen.in_title && id >= title_floor_id;
        if (seen.wanted && !shown_before && !show(search, &seen.hit, result)) {
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
        if (!show(search, &pool.items[i], result)) {
            return false;
        }
    }
    result->total = pool.count;
    result->total_is_exact = floors.floor_id == 0;
    if (pool.count > end) {
        result->next_cursor = write_cursor(search, 'r', newest_id, (int64_t)end);
    } else if (floors.floor_id > 0) {
        result->next_cursor = write_cursor(
            search, 't', floors.floor_id - 1, floors.title_floor_id);
    }
    return true;
}

static bool search_by_rank(struct search *search, struct search_result *result)
{
    struct cursor cursor = {'r', search->state.indexed_id, 0};
    if (search->request->cursor != NULL && !read_cursor(search, "rt", &cursor)) {
        return false;
    }
    bool in_pool = cursor.second >= 0 && cursor.second <= POOL_TITLE + POOL_TEXT;
    return cursor.stage == 'r' && in_pool
        ? page_of_pool(search, cursor.first, (size_t)cursor.second, result)
        : page_of_tail(search, cursor.first, cursor.second, result);
}

/* ---- by date ---- */

static int compare_dates(const void *left, const void *right)
{
    const struct candidate_hit *a = left, *b = right;
    int order = (a->dated_utc_s < b->dated_utc_s) - (a->dated_utc_s > b->dated_utc_s);
    return order != 0 ? order : compare_ids(left, right);
}

static bool comes_after(const struct candidate_hit *hit, const struct cursor *cursor)
{
    return hit->dated_utc_s < cursor->first ||
        (hit->dated_utc_s == cursor->first && hit->id < cursor->second);
}

/* Which items are hits, as far as they were noted; of older ones the index is asked. */
struct hit_set {
    unsigned char *bits;
    int64_t floor_id, newest_id;
};

static bool note_hits(struct search *search, struct hit_list *few, struct hit_set *set)
{
    cleanup(statement_donep) struct statement *hits = ask(
        search, search->match, set->newest_id);
    bool row;
    set->bits = arena_zalloc(search->arena, (size_t)set->newest_id / 8 + 1);
    while (hits != NULL && next_row(search, hits, &row)) {
        if (!row) {
            set->floor_id = 0;
            return true;
        }
        int64_t id = column_int(hits);
        if (few->count == SET_MAX) {
            set->floor_id = id + 1;
            return true;
        }
        set->bits[id / 8] |= (unsigned char)(1 << id % 8);
        add_hit(few, search->arena, &(struct candidate_hit){.id = id});
    }
    return false;
}

static bool is_hit(
    struct search *search, const struct hit_set *set, int64_t id, bool *ret_is_hit)
{
    if (id > set->newest_id || id >= set->floor_id) {
        *ret_is_hit = id <= set->newest_id && (set->bits[id / 8] >> id % 8 & 1) != 0;
        return true;
    }
    cleanup(statement_donep) struct statement *probe = statement_get(
        search->store, STATEMENT_SEARCH_ID, search->fault);
    if (probe == NULL) {
        return false;
    }
    bind_text(probe, search->match);
    bind_int(probe, id);
    return next_row(search, probe, ret_is_hit);
}

static bool sort_few(struct search *search, const struct hit_list *ids,
    const struct cursor *cursor, struct search_result *result)
{
    struct hit_list found = {0};
    for (size_t i = 0; i < ids->count; i++) {
        struct seen seen;
        if (!look_at(search, ids->items[i].id, LOOK_FOR_DATE, &seen)) {
            return false;
        }
        if (seen.wanted) {
            add_hit(&found, search->arena, &seen.hit);
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
            result->next_cursor = write_cursor(search, 'd', last->dated_utc_s, last->id);
            return true;
        }
        if (!show(search, &found.items[i], result)) {
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
    if (!is_hit(search, set, at->id, &hit) ||
        (hit && !look_at(search, at->id, LOOK_FOR_DATE, &seen))) {
        return false;
    }
    return !hit || !seen.wanted || show(search, &seen.hit, result);
}

static bool walk_by_date(struct search *search, const struct hit_set *set,
    const struct cursor *cursor, struct search_result *result)
{
    const struct search_filter *filter = &search->request->filter;
    cleanup(statement_donep) struct statement *list = statement_get(
        search->store, STATEMENT_LIST_BY_DATE, search->fault);
    if (list == NULL) {
        return false;
    }
    bool bounded = filter->before_utc_s != CLOCK_NONE && filter->before_utc_s <= cursor->first;
    bind_int(list, bounded ? filter->before_utc_s - 1 : cursor->first);
    struct candidate_hit last = {0};
    bool row;
    while (next_row(search, list, &row)) {
        struct candidate_hit at = {.id = row ? column_int(list) : 0};
        at.dated_utc_s = row ? column_int(list) : 0;
        if (!row || (filter->from_utc_s != CLOCK_NONE && at.dated_utc_s < filter->from_utc_s)) {
            return true;
        }
        if (result->count == search->request->limit || search->rows >= ROWS_MAX) {
            result->next_cursor = write_cursor(search, 'd', last.dated_utc_s, last.id);
            return true;
        }
        if (comes_after(&at, cursor) && !walk_over(search, set, &at, result)) {
            return false;
        }
        last = at;
    }
    return false;
}

static bool search_by_date(struct search *search, struct search_result *result)
{
    struct cursor cursor = {'d', INT64_MAX, INT64_MAX};
    struct hit_list ids = {0};
    struct hit_set set = {.newest_id = search->state.indexed_id};
    if (search->request->cursor != NULL && !read_cursor(search, "d", &cursor)) {
        return false;
    }
    if (!note_hits(search, &ids, &set)) {
        return false;
    }
    if (ids.count <= FEW) {
        return sort_few(search, &ids, &cursor, result);
    }
    /* With a filter or a phrase some of the hits may fall away. */
    result->total = ids.count;
    return walk_by_date(search, &set, &cursor, result);
}

/* ---- a search ---- */

static bool check_index(struct search *search, struct search_result *result)
{
    if (!search_read_state(search->store, &search->state, search->fault)) {
        return false;
    }
    if (search->state.version != search_tokenizer_version(search->folding)) {
        return fault_set(search->fault, FAULT_STORE,
            "the search index of '%s' is not made yet: 'briefd run' makes it",
            search->store->path);
    }
    result->items_behind = search->state.last_item_id - search->state.indexed_id;
    search->fingerprint = fingerprint(search);
    return true;
}

static bool run(struct search *search, struct search_result *result)
{
    const struct search_request *request = search->request;
    search->folding = search_tokenizer_folding(search->store->tokenizer, search->fault);
    if (search->folding == NULL ||
        !search_query_parse(search->folding, search->arena, request->query,
            request->query_bytes, request->typing, &search->query, search->fault) ||
        !check_index(search, result) || !find_all_words(search)) {
        return false;
    }
    search->match = write_match(search, false);
    search->title_match = write_match(search, true);
    result->hits = arena_new_array(search->arena, struct search_hit, request->limit);
    return request->order == SEARCH_BY_RANK ? search_by_rank(search, result)
                                            : search_by_date(search, result);
}

bool store_search(struct store *store, struct arena *arena,
    const struct search_request *request, struct search_result *ret_result, struct fault *fault)
{
    struct search search = {
        .store = store,
        .arena = arena,
        .request = request,
        .end_ms = clock_monotonic_ms() + request->deadline_ms,
        .fault = fault,
    };
    if (request->limit < 1 || request->limit > SEARCH_LIMIT_MAX) {
        return fault_set(fault, FAULT_LIMIT, "a page of a search has 1 to %d items, not %zu",
            SEARCH_LIMIT_MAX, request->limit);
    }
    if (!transaction_begin_read(store, fault)) {
        return false;
    }
    *ret_result = (struct search_result){0};
    sqlite3_progress_handler(store->db, PROGRESS_STEPS, on_progress, &search);
    bool ok = run(&search, ret_result);
    sqlite3_progress_handler(store->db, 0, NULL, NULL);
    transaction_end_read(store);
    return ok;
}
