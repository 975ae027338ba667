/* Private to storage/: one search under way, and what both of its orders use. */
#ifndef STORAGE_SEARCH_RUN_H
#define STORAGE_SEARCH_RUN_H

#include "storage/search_index.h"
#include "storage/search_match.h"

enum {
    ROWS_MAX = 20000, /* rows one call reads; the next page goes on */
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

/* What a cursor's two numbers are: 'r' newest id of the first page, and how many candidates
 * have been shown; 't' the id to go on from, and the title floor; 'd' date and id shown last.
 */
struct cursor {
    char stage;
    int64_t first, second;
};

/* Which items are hits, as far as they were noted; of older ones the index is asked. */
struct hit_set {
    unsigned char *bits;
    int64_t floor_id, newest_id;
};

/* From store, arena, request and fault: what is asked, of which index. FAULT_PARSE, FAULT_LIMIT
 * for the query, FAULT_STORE where there is no index yet. */
must_check bool search_prepare(struct search *search);

/* Between these two, what runs on the connection ends when the request's deadline has passed.
 */
void search_watch(struct search *search);
void search_unwatch(struct search *search);

/* Step a statement; false also when the deadline has passed. */
must_check bool search_next_row(
    struct search *search, struct statement *statement, bool *ret_row);

/* Start asking the index for the ids of `match`, from `newest_id` down. NULL with a fault. */
must_check struct statement *search_ask_index(
    struct search *search, const char *match, int64_t newest_id);

/* Read the row of a hit: does it pass the filter, is it what was asked for, how well. */
must_check bool search_look_at(
    struct search *search, int64_t id, enum look look, struct seen *ret_seen);

/* Append the hit with its texts and marks to the result, which has room for it. */
must_check bool search_show(
    struct search *search, const struct candidate_hit *hit, struct search_result *result);

/* Note the newest hits, in `set` and one by one in `newest`; set->floor_id is 0 when these are
 * all. */
must_check bool hit_set_note(
    struct search *search, struct hit_list *newest, struct hit_set *set);

must_check bool hit_set_has(
    struct search *search, const struct hit_set *set, int64_t id, bool *ret_has);

void hit_list_add(struct hit_list *list, struct arena *arena, const struct candidate_hit *hit);

/* Newest first, for qsort() and bsearch(). */
int hit_compare_ids(const void *left, const void *right);

/* A cursor of this search, living in its arena. */
const char *search_write_cursor(
    const struct search *search, char stage, int64_t first, int64_t second);

/* The request's cursor, of one of these stages; FAULT_PARSE for anything else. */
must_check bool search_read_cursor(
    struct search *search, const char *stages, struct cursor *ret_cursor);

/* The page that is asked for, in either order. */
must_check bool search_by_rank(struct search *search, struct search_result *result);
must_check bool search_by_date(struct search *search, struct search_result *result);

#endif
