/* Searches and lists that find too many to take one by one, while one call after another
 * fails: some thousand items beside the newsroom have one word in common. */
#include "fault_world.h"

#include <string.h>

#include "base/clock.h"

#define STORE world->desk.store
#define ARENA world->desk.arena
#define DESK STORE, ARENA, world->desk.config
#define FAULT world->desk.fault

/* More than a search reads to sort them (1,500), half of them in the title. */
static void fill(struct fixture *fixture, const char *path)
{
    struct store *store;
    bool more = true;
    fixture_execute(path,
        "INSERT INTO ruleset (id, hash) VALUES (77, 77);"
        "WITH RECURSIVE n (i) AS (SELECT 10000 UNION ALL SELECT i + 1 FROM n WHERE i < 11799)"
        " INSERT INTO item (id, key_hash, key_twin, story_id, content_hash, first_seen_utc_s,"
        " dated_utc_s, published_utc_s, ruleset_id, section, margin, uncertain, off_topic,"
        " relevance, key, title, summary) SELECT i, i, 0, i, 0, 0, 1600000000 + i * 7919 % "
        "100000,"
        " 1600000000 + i * 7919 % 100000, 77, 'news', 1.0, 0, 0, (i * 31 % 1000) / 1000.0,"
        " 'k' || i, iif(i % 2, 'common', 'other'), 'common deep ' || iif(i % 3, 'sea', 'blue "
        "sea')"
        " FROM n;"
        "INSERT INTO story (id, state, version, item_count, lead_item_id, dated_utc_s,"
        " relevance, off_topic, uncertain, section) SELECT id, 'inbox', 0, 1, id, dated_utc_s,"
        " relevance, off_topic, uncertain, section FROM item WHERE id >= 10000");
    fixture_must(fixture, store_open(path, &store, &fixture->fault));
    while (more) {
        fixture_must(fixture, store_index_items(store, 1000, &more, &fixture->fault));
    }
    store_close(store);
}

static bool search(
    struct fault_world *world, const char *query, enum search_order order, int pages)
{
    struct search_request request = {.query = query,
        .query_bytes = strlen(query),
        .filter = search_filter_none(),
        .order = order,
        .limit = order == SEARCH_BY_RANK && pages > 1 ? SEARCH_LIMIT_MAX : 4,
        .deadline_ms = 60 * 1000};
    struct search_result found;
    for (int i = 0; i < pages; i++) {
        if (!store_search(STORE, ARENA, &request, &found, FAULT)) {
            return false;
        }
        request.cursor = found.next_cursor;
    }
    return found.next_cursor != NULL;
}

static bool search_by_rank(struct fault_world *world)
{
    return search(world, "common", SEARCH_BY_RANK, 1);
}

/* What comes behind the pool of the best. */
static bool search_behind_the_best(struct fault_world *world)
{
    return search(world, "common", SEARCH_BY_RANK, 5);
}

static bool search_by_date(struct fault_world *world)
{
    return search(world, "common", SEARCH_BY_DATE, 2);
}

static bool search_by_date_once(struct fault_world *world)
{
    return search(world, "common", SEARCH_BY_DATE, 1);
}

/* Words beside each other, which the index does not tell. */
static bool search_passage(struct fault_world *world)
{
    return search(world, "\"deep sea\"", SEARCH_BY_DATE, 1);
}

static bool list(struct fault_world *world, const char *words, enum desk_order order)
{
    const struct desk_filter filter = {.search = words,
        .order = order,
        .search_ms = 60 * 1000,
        .from_utc_s = CLOCK_NONE,
        .to_utc_s = CLOCK_NONE,
        .limit = 3};
    struct desk_page page;
    return desk_list_stories(DESK, &filter, &page, FAULT) && page.next != NULL;
}

static bool list_by_relevance(struct fault_world *world)
{
    return list(world, "common", DESK_BY_RELEVANCE);
}

static bool list_passage(struct fault_world *world)
{
    return list(world, "\"deep sea\"", DESK_BY_DATE);
}

/* Row after row is the same call: of them one in so many fails, and of the end each. */
static const struct fault_operation operations[] = {
    {.name = "search by rank", .run = search_by_rank, .last = 30},
    {.name = "search behind the best", .run = search_behind_the_best, .apart = 307},
    {.name = "search far behind", .run = search_behind_the_best, .last = 30},
    {.name = "search by date", .run = search_by_date, .apart = 311},
    {.name = "the end of a search by date", .run = search_by_date_once, .last = 60},
    {.name = "search a passage", .run = search_passage, .apart = 311},
    {.name = "list by relevance", .run = list_by_relevance, .apart = 311},
    {.name = "the end of a list", .run = list_by_relevance, .last = 30},
    {.name = "list a passage", .run = list_passage, .apart = 101},
    {.name = "the end of a list of passages", .run = list_passage, .last = 60},
};

static void what_is_found_in_thousands_is_whole_or_a_failure(void **state)
{
    fault_world_try_in(*state, fill, operations, array_count(operations));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(what_is_found_in_thousands_is_whole_or_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
