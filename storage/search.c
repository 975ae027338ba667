/* Answering a search within some milliseconds, over a million items.
 *
 * The index gives item ids, newest first, and says of each which tokens its title and its text
 * have (storage/search_tokenizer.h). Everything else, the filters, whether the words of a
 * phrase stand together, how well it matches, is in the item's row, and reading that costs
 * microseconds, so the question is how many rows to read: a common word stands in a hundred
 * thousand.
 *
 * The two orders are storage/search_rank.c and storage/search_date.c.
 *
 * A cursor names the place in the order and the search it belongs to. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "storage/search_run.h"
#include "storage/search_tokenizer.h"

enum {
    HALF_LIFE_S = 2 * 365 * 86400,
    MATCH_MAX_BYTES = 64 << 10,
    PROGRESS_STEPS = 2000, /* of SQLite's machine: below a millisecond */
    CURSOR_BYTES = 96,
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
            "the search took too long: use a longer word, or ask for fewer items by section, "
            "source or date");
    }
    return false;
}

bool search_next_row(struct search *search, struct statement *statement, bool *ret_row)
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

bool search_look_at(struct search *search, int64_t id, enum look look, struct seen *ret_seen)
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
    if (!search_next_row(search, find, &ret_seen->wanted)) {
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

void hit_list_add(struct hit_list *list, struct arena *arena, const struct candidate_hit *hit)
{
    if (list->count == list->capacity) {
        list->items = arena_grow(arena, list->items, sizeof(*list->items), &list->capacity);
    }
    list->items[list->count++] = *hit;
}

/* ---- ids from the index ---- */

struct statement *search_ask_index(struct search *search, const char *match, int64_t newest_id)
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

static bool has_word(const struct search_piece *piece, const char *word)
{
    for (size_t i = 0; i < piece->word_count; i++) {
        if (strcmp(piece->words[i], word) == 0) {
            return true;
        }
    }
    return false;
}

/* Words of the index that begin with `prefix`, the commonest first, without its first `mark`
 * bytes; those the piece has already are passed over. */
static bool list_words(struct search *search, const char *prefix, size_t mark,
    struct search_piece *piece, const char **words)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        search->store, STATEMENT_LIST_SEARCH_WORDS, search->fault);
    if (list == NULL) {
        return false;
    }
    bind_text(list, prefix);
    bind_int(list, SEARCH_PREFIX_WORDS_MAX);
    bool row;
    while (search_next_row(search, list, &row)) {
        if (!row || piece->word_count == SEARCH_PREFIX_WORDS_MAX) {
            return true;
        }
        const char *word = column_text(list, search->arena) + mark;
        if (!has_word(piece, word)) {
            words[piece->word_count++] = word;
        }
    }
    return false;
}

/* The commonest words that begin as the last one of `piece` does: by titles, and where these
 * have too few, by all texts. To count a word FTS5 walks its whole list, which is short for
 * titles and eight times as long for texts: 35 ms for three letters in a million items. Its own
 * prefix search joins the lists of all such words before it gives the first item: 300 ms. */
static bool find_words(struct search *search, struct search_piece *piece)
{
    const char **words = arena_new_array(search->arena, const char *, SEARCH_PREFIX_WORDS_MAX);
    const char *prefix = search_piece_prefix(piece, search->arena);
    piece->words = words;
    return list_words(search, arena_printf(search->arena, "%c%s", SEARCH_TITLE_MARK, prefix), 1,
               piece, words) &&
        (piece->word_count == SEARCH_PREFIX_WORDS_MAX ||
            list_words(search, prefix, 0, piece, words));
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

int hit_compare_ids(const void *left, const void *right)
{
    const struct candidate_hit *a = left, *b = right;
    return (a->id < b->id) - (a->id > b->id);
}

/* ---- cursors ---- */

const char *search_write_cursor(
    const struct search *search, char stage, int64_t first, int64_t second)
{
    return arena_printf(search->arena, "%c-%08" PRIx32 "-%" PRIx64 "-%" PRIx64, stage,
        search->fingerprint, (uint64_t)first, (uint64_t)second);
}

/* Written again it must be the same: nothing else is a cursor of ours. */
bool search_read_cursor(struct search *search, const char *stages, struct cursor *ret_cursor)
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
        strcmp(text,
            search_write_cursor(search, stage, ret_cursor->first, ret_cursor->second)) != 0) {
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
    hit->tags = column_lines(row, arena, &hit->tag_count);
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

bool search_show(
    struct search *search, const struct candidate_hit *hit, struct search_result *result)
{
    cleanup(statement_donep) struct statement *read = statement_get(
        search->store, STATEMENT_DESCRIBE_HIT, search->fault);
    if (read == NULL) {
        return false;
    }
    bind_int(read, hit->id);
    bool row;
    if (!search_next_row(search, read, &row)) {
        return false;
    }
    if (row) {
        struct search_hit *shown = &result->hits[result->count++];
        shown->item_id = hit->id;
        describe(search, read, shown);
    }
    return true;
}

/* ---- a search ---- */

static bool check_index(struct search *search)
{
    if (!search_read_state(search->store, &search->state, search->fault)) {
        return false;
    }
    if (search->state.version != search_tokenizer_version()) {
        return fault_set(search->fault, FAULT_STORE,
            "the search index of '%s' is not made yet: 'briefd run' makes it",
            search->store->path);
    }
    search->fingerprint = fingerprint(search);
    return true;
}

bool search_prepare(struct search *search)
{
    const struct search_request *request = search->request;
    search->folding = fold_table_get();
    if (!search_query_parse(search->folding, search->arena, request->query,
            request->query_bytes, request->typing, &search->query, search->fault) ||
        !check_index(search) || !find_all_words(search)) {
        return false;
    }
    search->match = write_match(search, false);
    search->title_match = write_match(search, true);
    return true;
}

void search_watch(struct search *search)
{
    search->end_ms = clock_monotonic_ms() + search->request->deadline_ms;
    sqlite3_progress_handler(search->store->db, PROGRESS_STEPS, on_progress, search);
}

void search_unwatch(struct search *search)
{
    sqlite3_progress_handler(search->store->db, 0, NULL, NULL);
}

static bool run(struct search *search, struct search_result *result)
{
    const struct search_request *request = search->request;
    if (!search_prepare(search)) {
        return false;
    }
    result->items_behind = search->state.last_item_id - search->state.indexed_id;
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
    search_watch(&search);
    bool ok = run(&search, ret_result);
    search_unwatch(&search);
    transaction_end_read(store);
    return ok;
}
