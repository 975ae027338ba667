/* Stories read: lists by filter, one with all its items, what is remembered of a key.
 *
 * A list walks one of the two indexes of a tray from the cursor on and stops when the page is
 * full, so it costs what it shows and what the filters pass over, whatever the table holds. The
 * one case that would pass over nearly everything, the best of a short time, is answered from
 * the index by date and sorted. What is searched besides is storage/story_search.h. A cursor is
 * the place behind the last line: order, value and id, and a hash of the filter, so that a page
 * never goes on in another list. New stories move no place.
 *
 * Rejected: OFFSET, which shows lines twice as soon as something arrives, and costs what it
 * skips. */
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "storage/candidates.h"
#include "storage/desk.h"
#include "storage/story_search.h"

/* ---- cursors ---- */

struct place {
    int64_t id;
    double rank;
    int64_t dated_utc_s;
};

/* Before every line: newest and best. */
static const struct place beginning = {INT64_MAX, 1e9, INT64_MAX};

static uint64_t hash_filter(const struct desk_filter *filter)
{
    const int64_t numbers[] = {filter->state, filter->also, filter->off_topic,
        filter->from_utc_s, filter->to_utc_s, filter->uncertain, filter->printed,
        filter->typing, filter->order};
    const char *const texts[] = {filter->section, filter->source, filter->vendor, filter->tag,
        filter->feed_url, filter->search};
    uint64_t hash = hash_bytes(HASH_START, numbers, sizeof(numbers));
    for (size_t i = 0; i < array_count(texts); i++) {
        hash = hash_bytes(hash, texts[i] == NULL ? "-" : "+", 1);
        hash = hash_bytes(hash, texts[i] == NULL ? "" : texts[i],
            texts[i] == NULL ? 0 : strlen(texts[i]) + 1);
    }
    return hash;
}

static const char *write_cursor(
    struct arena *arena, const struct desk_filter *filter, const struct place *last)
{
    uint64_t bits;
    memcpy(&bits, &last->rank, sizeof(bits));
    return arena_printf(arena, "%016" PRIx64 "%016" PRIx64 "%016" PRIx64 "%016" PRIx64,
        hash_filter(filter), bits, (uint64_t)last->dated_utc_s, (uint64_t)last->id);
}

static bool read_cursor(
    const struct desk_filter *filter, struct place *ret_place, struct fault *fault)
{
    uint64_t hash, rank, dated, id;
    int end = 0;
    *ret_place = beginning;
    if (filter->cursor == NULL) {
        return true;
    }
    if (strspn(filter->cursor, "0123456789abcdef") != 64 || strlen(filter->cursor) != 64 ||
        sscanf(filter->cursor, "%16" SCNx64 "%16" SCNx64 "%16" SCNx64 "%16" SCNx64 "%n", &hash,
            &rank, &dated, &id, &end) != 4) {
        return fault_set(fault, FAULT_PARSE, "cursor: it is none that a list gave");
    }
    if (hash != hash_filter(filter)) {
        return fault_set(fault, FAULT_PARSE, "cursor: it belongs to another list");
    }
    memcpy(&ret_place->rank, &rank, sizeof(rank));
    ret_place->dated_utc_s = (int64_t)dated;
    ret_place->id = (int64_t)id;
    return true;
}

/* ---- rows ---- */

static struct desk_story read_story(struct statement *row, struct arena *arena,
    const struct config *config, struct place *ret_place)
{
    struct desk_story story = {0};
    story.lead = candidate_from_row(row, arena, config);
    story.printed_in = story.lead.printed_day;
    story.id = column_int(row);
    story.version = column_int(row);
    bool known = desk_state_read(column_peek(row), &story.state);
    assert(known); /* the column has no other writer */
    story.section = column_text(row, arena);
    story.section_by_hand = column_text(row, arena);
    story.lead_by_hand = column_int(row);
    story.item_count = (size_t)column_int(row);
    story.pick = column_int(row);
    ret_place->id = story.id;
    ret_place->rank = column_real(row);
    ret_place->dated_utc_s = column_int(row);
    return story;
}

static enum statement_id choose_list(
    const struct desk_filter *filter, const struct story_search *search)
{
    if (search != NULL && search->ids_json != NULL) {
        return filter->order == DESK_BY_DATE ? STATEMENT_LIST_FOUND_BY_DATE
                                             : STATEMENT_LIST_FOUND_BY_RANK;
    }
    if (filter->order == DESK_BY_DATE) {
        return STATEMENT_LIST_STORIES_BY_DATE;
    }
    return filter->from_utc_s != CLOCK_NONE ? STATEMENT_LIST_BEST_STORIES
                                            : STATEMENT_LIST_STORIES_BY_RANK;
}

static void bind_tristate(struct statement *statement, enum desk_tristate wanted)
{
    if (wanted == DESK_EITHER) {
        bind_null(statement);
    } else {
        bind_int(statement, wanted == DESK_YES);
    }
}

static void bind_search(struct statement *list, struct story_search *search)
{
    if (search == NULL) {
        bind_null(list);
    } else if (search->ids_json != NULL) {
        bind_null(list);
        bind_text(list, search->ids_json);
    } else {
        bind_int(list, 1);
        bind_pointer(list, search, STORY_SEARCH_TYPE);
    }
}

static const char *tray_name(const struct desk_filter *filter, enum desk_state state)
{
    return state == DESK_INBOX && filter->off_topic ? "aside" : desk_state_name(state);
}

static void bind_filter(struct statement *list, const struct desk_filter *filter,
    enum desk_state state, const struct place *after)
{
    bind_text(list, tray_name(filter, state));
    bind_real(list, after->rank);
    bind_int(list, after->dated_utc_s);
    bind_int(list, after->id);
    bind_int(list, filter->from_utc_s == CLOCK_NONE ? INT64_MIN : filter->from_utc_s);
    bind_int(list, filter->to_utc_s == CLOCK_NONE ? INT64_MAX : filter->to_utc_s);
    bind_text(list, filter->section);
    bind_text(list, filter->vendor);
    bind_tristate(list, filter->uncertain);
    bind_tristate(list, filter->printed);
    bind_text(list, filter->tag);
    bind_text(list, filter->source);
    bind_int(list, (int64_t)filter->limit + 1);
    bind_text(list, filter->feed_url);
}

/* A line of one tray on its way into the page. */
struct line {
    struct desk_story story;
    struct place place;
};

struct lines {
    struct line *items;
    size_t count;
};

static int compare_ranks(const void *left, const void *right)
{
    const struct place *a = &((const struct line *)left)->place;
    const struct place *b = &((const struct line *)right)->place;
    int order = (a->rank < b->rank) - (a->rank > b->rank);
    return order != 0 ? order : (a->id < b->id) - (a->id > b->id);
}

static int compare_dates(const void *left, const void *right)
{
    const struct place *a = &((const struct line *)left)->place;
    const struct place *b = &((const struct line *)right)->place;
    int order = (a->dated_utc_s < b->dated_utc_s) - (a->dated_utc_s > b->dated_utc_s);
    return order != 0 ? order : (a->id < b->id) - (a->id > b->id);
}

/* One line more than the page has, to know whether there is a next one. */
static bool list_tray(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_filter *filter, enum desk_state state, const struct place *after,
    struct story_search *search, struct lines *lines, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, choose_list(filter, search), fault);
    if (list == NULL) {
        return false;
    }
    bind_filter(list, filter, state, after);
    bind_search(list, search);
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        struct line *line = &lines->items[lines->count++];
        line->story = read_story(list, arena, config, &line->place);
    }
    return false;
}

/* A page of each tray holds all that can stand on a page of several. */
static bool list_page(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_filter *filter, const struct place *after, struct story_search *search,
    struct desk_page *ret_page, struct fault *fault)
{
    unsigned states = filter->also | 1U << filter->state;
    struct lines lines = {
        .items = arena_new_array(arena, struct line, DESK_STATE_COUNT * (filter->limit + 1))};
    for (int state = 0; state < DESK_STATE_COUNT; state++) {
        if ((states >> state & 1) != 0 &&
            !list_tray(store, arena, config, filter, (enum desk_state)state, after, search,
                &lines, fault)) {
            return false;
        }
    }
    qsort(lines.items, lines.count, sizeof(*lines.items),
        filter->order == DESK_BY_DATE ? compare_dates : compare_ranks);
    *ret_page = (struct desk_page){
        .stories = arena_new_array(arena, struct desk_story, filter->limit)};
    while (ret_page->count < lines.count && ret_page->count < filter->limit) {
        ret_page->stories[ret_page->count] = lines.items[ret_page->count].story;
        ret_page->count++;
    }
    ret_page->next = lines.count > filter->limit
        ? write_cursor(arena, filter, &lines.items[filter->limit - 1].place)
        : NULL;
    return true;
}

static struct search_request request_of(const struct desk_filter *filter)
{
    return (struct search_request){
        .query = filter->search,
        .query_bytes = strlen(filter->search),
        .typing = filter->typing,
        .filter = search_filter_none(),
        .deadline_ms = filter->search_ms,
    };
}

/* The same of what is found only. */
static bool list_found(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_filter *filter, const struct place *after, struct desk_page *ret_page,
    struct fault *fault)
{
    const struct search_request request = request_of(filter);
    struct story_search search;
    bool ok = (story_search_begin(&search, store, arena, &request, fault) &&
                  list_page(store, arena, config, filter, after, &search, ret_page, fault)) ||
        story_search_explain(&search, fault);
    story_search_end(&search);
    return ok;
}

bool desk_list_stories(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_filter *filter, struct desk_page *ret_page, struct fault *fault)
{
    assert(filter->limit >= 1 && filter->limit <= DESK_PAGE_MAX);
    struct place after;
    if (!read_cursor(filter, &after, fault) || !transaction_begin_read(store, fault)) {
        return false;
    }
    bool ok = filter->search != NULL
        ? list_found(store, arena, config, filter, &after, ret_page, fault)
        : list_page(store, arena, config, filter, &after, NULL, ret_page, fault);
    for (size_t i = 0; ok && i < ret_page->count; i++) {
        struct desk_story *story = &ret_page->stories[i];
        ok = candidate_read_also(store, arena, story->id, &story->lead, fault);
    }
    transaction_end_read(store);
    return ok;
}

/* Does it let every story of the tray through? Then how many there are is known. */
static bool is_open(const struct desk_filter *filter)
{
    return filter->from_utc_s == CLOCK_NONE && filter->to_utc_s == CLOCK_NONE &&
        filter->vendor == NULL && filter->uncertain == DESK_EITHER &&
        filter->printed == DESK_EITHER && filter->tag == NULL && filter->source == NULL &&
        filter->feed_url == NULL;
}

static void read_count(struct statement *row, struct arena *arena, void *item)
{
    struct desk_count *count = item;
    count->section = column_text(row, arena);
    count->stories = (size_t)column_int(row);
    count->uncertain = (size_t)column_int(row);
}

static bool count_sections(struct store *store, struct arena *arena,
    const struct desk_filter *filter, enum desk_state state, struct story_search *search,
    struct desk_count **ret_counts, size_t *ret_count, struct fault *fault)
{
    bool named = search != NULL && search->ids_json != NULL;
    bool known = search == NULL && is_open(filter);
    cleanup(statement_donep) struct statement *count = statement_get(store,
        named       ? STATEMENT_COUNT_FOUND
            : known ? STATEMENT_READ_STORY_COUNTS
                    : STATEMENT_COUNT_STORIES,
        fault);
    if (count == NULL) {
        return false;
    }
    if (known) {
        bind_text(count, tray_name(filter, state));
    } else {
        bind_filter(count, filter, state, &beginning);
        bind_search(count, search);
    }
    *ret_counts = statement_rows(
        count, arena, sizeof(**ret_counts), read_count, ret_count, fault);
    return *ret_counts != NULL;
}

bool desk_count_stories(struct store *store, struct arena *arena,
    const struct desk_filter *filter, enum desk_state state, struct desk_count **ret_counts,
    size_t *ret_count, struct fault *fault)
{
    struct desk_filter every = *filter;
    struct story_search search;
    every.section = NULL;
    *ret_counts = NULL;
    *ret_count = 0;
    if (!transaction_begin_read(store, fault)) {
        return false;
    }
    bool ok;
    if (filter->search == NULL) {
        ok = count_sections(store, arena, &every, state, NULL, ret_counts, ret_count, fault);
    } else {
        const struct search_request request = request_of(filter);
        ok = (story_search_begin(&search, store, arena, &request, fault) &&
                 count_sections(
                     store, arena, &every, state, &search, ret_counts, ret_count, fault)) ||
            story_search_explain(&search, fault);
        story_search_end(&search);
    }
    transaction_end_read(store);
    return ok;
}

/* ---- one story ---- */

static bool read_one(struct store *store, struct arena *arena, const struct config *config,
    int64_t id, struct desk_story *ret_story, struct fault *fault)
{
    cleanup(statement_donep) struct statement *read = statement_get(
        store, STATEMENT_READ_ONE_STORY, fault);
    if (read == NULL) {
        return false;
    }
    bind_int(read, id);
    if (!statement_expect(read, "story", id, fault)) {
        return false;
    }
    struct place place;
    *ret_story = read_story(read, arena, config, &place);
    return candidate_read_also(store, arena, id, &ret_story->lead, fault);
}

static void read_sighting(struct statement *row, struct arena *arena, void *item)
{
    struct desk_sighting *sighting = item;
    sighting->source = column_text(row, arena);
    sighting->feed_url = column_text(row, arena);
    sighting->seen_utc_s = column_time(row);
}

static bool read_sightings(
    struct store *store, struct arena *arena, struct desk_item *item, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_SIGHTINGS, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, item->candidate.id);
    item->sightings = statement_rows(
        list, arena, sizeof(*item->sightings), read_sighting, &item->sighting_count, fault);
    return item->sightings != NULL;
}

static struct desk_item read_item(
    struct statement *row, struct arena *arena, const struct config *config)
{
    struct desk_item item = {0};
    item.candidate = candidate_from_row(row, arena, config);
    item.version = column_int(row);
    item.content_html = column_text(row, arena);
    const char *tier = column_peek(row);
    if (tier != NULL && !story_tier_read(tier, &item.tier)) {
        item.tier = STORY_RELATED; /* of a newer program */
    }
    item.matched = column_int(row);
    item.score = column_real(row);
    item.reason = column_text(row, arena);
    item.authors = column_text(row, arena);
    item.comment = column_text(row, arena);
    item.journal_ref = column_text(row, arena);
    return item;
}

static bool list_items(struct store *store, struct arena *arena, const struct config *config,
    int64_t story, struct desk_item **ret_items, size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_ITEMS_OF, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, story);
    struct desk_item *items = NULL;
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
        items[count] = read_item(list, arena, config);
        if (!read_sightings(store, arena, &items[count], fault)) {
            return false;
        }
        count++;
    }
    return false;
}

bool desk_read_story(struct store *store, struct arena *arena, const struct config *config,
    int64_t id, struct desk_story *ret_story, struct desk_item **ret_items, size_t *ret_count,
    struct fault *fault)
{
    if (!transaction_begin_read(store, fault)) {
        return false;
    }
    bool ok = read_one(store, arena, config, id, ret_story, fault) &&
        list_items(store, arena, config, id, ret_items, ret_count, fault);
    transaction_end_read(store);
    return ok;
}

bool desk_find_story(struct store *store, int64_t item, int64_t *ret_story, struct fault *fault)
{
    return statement_find_int(store, STATEMENT_FIND_STORY_OF, item, ret_story, fault);
}

/* ---- for ever ---- */

bool desk_recall(struct store *store, struct arena *arena, const char *key,
    struct desk_memory *ret_memory, struct fault *fault)
{
    cleanup(statement_donep) struct statement *recall = statement_get(
        store, STATEMENT_RECALL, fault);
    bool row;
    if (recall == NULL) {
        return false;
    }
    bind_text(recall, key);
    bind_hash(recall, hash_string(HASH_START, key));
    *ret_memory = (struct desk_memory){0};
    if (!statement_next(recall, &row, fault)) {
        return false;
    }
    const char *state = column_peek(recall);
    ret_memory->known = state != NULL && desk_state_read(state, &ret_memory->state);
    ret_memory->printed_in = column_text(recall, arena);
    ret_memory->known = ret_memory->known || ret_memory->printed_in != NULL;
    return true;
}
