/* Lists of stories: every filter, cursors while things arrive, and by which index. */
#include "desk_fixture.h"

#include <string.h>

#include "base/clock.h"
#include "storage/statements.h"

enum { STORIES = 40 };

/* STORIES stories in two batches of random-looking relevance, vendor, tag and date. */
static void fill(struct desk_fixture *desk)
{
    struct store_entry entries[STORIES];
    static const char *tags[] = {"CVPR2021", "2009.00278"};
    for (int i = 0; i < STORIES; i++) {
        const char *key = arena_printf(desk->arena, "https://a.example/%d", i);
        entries[i] = fixture_entry(desk->fixture, key, 1);
        /* Random letters: nothing alike. */
        char title[41] = {0};
        uint32_t random = (uint32_t)i * 2654435761u + 1;
        for (int k = 0; k < 40; k++) {
            random = random * 1664525u + 1013904223u;
            title[k] = (char)('a' + (random >> 16) % 26);
        }
        entries[i].title = arena_strdup(desk->arena, title);
        entries[i].summary = NULL;
        entries[i].published_utc_s = NOON - (i * 37 % STORIES) * 3600;
        entries[i].verdict = (struct verdict){
            .section = i % 2,
            .relevance = (i * 13 % 10) / 10.0,
            .uncertain = i % 3 == 0,
            .off_topic = i % 10 == 9,
            .vendor = i % 4 == 0 ? "Arm" : NULL,
            .tags = tags,
            .tag_count = i % 5 == 0 ? 2 : 0,
        };
    }
    struct feed_state feed = fixture_feed(desk->fixture, desk->store, "arxiv");
    struct store_document *document = fixture_document(
        desk->fixture, &feed, 1, entries, STORIES);
    desk_must(desk, store_commit(desk->store, &document, 1, desk->config, desk->fault));
    assert_int_equal(fixture_query_int(desk->fixture, "SELECT count(*) FROM story"), STORIES);
}

static struct desk_filter open_filter(void)
{
    return (struct desk_filter){
        .from_utc_s = CLOCK_NONE, .to_utc_s = CLOCK_NONE, .limit = DESK_PAGE_MAX};
}

static struct desk_page list(struct desk_fixture *desk, const struct desk_filter *filter)
{
    struct desk_page page;
    desk_must(desk,
        desk_list_stories(desk->store, desk->arena, desk->config, filter, &page, desk->fault));
    return page;
}

static size_t count(struct desk_fixture *desk, const char *condition)
{
    return (size_t)fixture_query_int(desk->fixture,
        arena_printf(desk->arena, "SELECT count(*) FROM item WHERE %s", condition));
}

static size_t count_all(struct desk_fixture *desk, const struct desk_filter *filter)
{
    struct desk_count *counts;
    size_t count, sum = 0;
    desk_must(desk,
        desk_count_stories(
            desk->store, desk->arena, filter, filter->state, &counts, &count, desk->fault));
    for (size_t i = 0; i < count; i++) {
        bool asked = filter->section == NULL || strcmp(counts[i].section, filter->section) == 0;
        sum += asked ? counts[i].stories : 0;
        assert_true(counts[i].stories > 0 && counts[i].uncertain <= counts[i].stories);
    }
    return sum;
}

static void every_filter_lists_what_it_says(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    fill(desk);
    struct {
        struct desk_filter filter;
        const char *condition;
    } cases[] = {
        {open_filter(), "off_topic = 0"},
        {open_filter(), "off_topic = 1"},
        {open_filter(), "off_topic = 0 AND section = 'papers'"},
        {open_filter(), "off_topic = 0 AND vendor = 'Arm'"},
        {open_filter(), "off_topic = 0 AND tags LIKE '%2009.00278%'"},
        {open_filter(), "0"},
        {open_filter(), "off_topic = 0"},
        {open_filter(), "0"},
        {open_filter(), "off_topic = 0 AND uncertain = 1"},
        {open_filter(), "off_topic = 0 AND uncertain = 0"},
        {open_filter(), "off_topic = 0"},
        {open_filter(), "off_topic = 0 AND dated_utc_s >= 1600228800"},
        {open_filter(), "off_topic = 0 AND dated_utc_s < 1600228800"},
    };
    cases[1].filter.off_topic = true;
    cases[2].filter.section = "papers";
    cases[3].filter.vendor = "Arm";
    cases[4].filter.tag = "2009.00278";
    cases[5].filter.tag = "2009.0027";
    cases[6].filter.source = "source arxiv";
    cases[7].filter.source = "source lwn";
    cases[8].filter.uncertain = DESK_YES;
    cases[9].filter.uncertain = DESK_NO;
    cases[10].filter.printed = DESK_NO;
    cases[11].filter.from_utc_s = 1600228800;
    cases[12].filter.to_utc_s = 1600228800;
    for (size_t i = 0; i < array_count(cases); i++) {
        for (int order = DESK_BY_RELEVANCE; order <= DESK_BY_DATE; order++) {
            cases[i].filter.order = (enum desk_order)order;
            assert_int_equal(
                list(desk, &cases[i].filter).count, count(desk, cases[i].condition));
            assert_int_equal(
                count_all(desk, &cases[i].filter), count(desk, cases[i].condition));
        }
    }
    desk_close(desk);
}

/* By pages of 7, each story once and in order. */
static void check_pages(struct desk_fixture *desk, struct desk_filter filter, size_t expected)
{
    struct desk_page whole = list(desk, &filter);
    filter.limit = 7;
    size_t seen = 0;
    do {
        struct desk_page page = list(desk, &filter);
        for (size_t i = 0; i < page.count; i++) {
            assert_int_equal(page.stories[i].id, whole.stories[seen++].id);
        }
        filter.cursor = page.next;
    } while (filter.cursor != NULL);
    assert_int_equal(seen, expected);
    assert_int_equal(seen, whole.count);
}

static void pages_show_every_story_once(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    fill(desk);
    struct desk_filter filter = open_filter();
    check_pages(desk, filter, STORIES - STORIES / 10);
    filter.order = DESK_BY_DATE;
    check_pages(desk, filter, STORIES - STORIES / 10);
    filter.order = DESK_BY_RELEVANCE;
    filter.from_utc_s = NOON - 20 * 3600;
    check_pages(desk, filter,
        count(desk,
            arena_printf(desk->arena, "off_topic = 0 AND dated_utc_s >= %lld",
                (long long)filter.from_utc_s)));
    desk_close(desk);
}

static void what_arrives_between_two_pages_moves_nothing(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    fill(desk);
    struct desk_filter filter = open_filter();
    struct desk_page before = list(desk, &filter);
    filter.limit = 10;
    struct desk_page first = list(desk, &filter);
    int64_t fresh = desk_add(desk, "https://new.example/", desk_title(0)); /* relevance .5 */
    desk_decide_state(desk, "ada", before.stories[2].id, DESK_REJECTED);
    filter.cursor = first.next;
    struct desk_page second = list(desk, &filter);
    assert_int_equal(second.stories[0].id, before.stories[10].id);
    assert_int_equal(second.stories[1].id, before.stories[11].id);
    assert_int_equal(second.stories[2].id, fresh);
    assert_int_equal(second.stories[3].id, before.stories[12].id);
    desk_close(desk);
}

static void a_cursor_of_another_list_is_refused(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    fill(desk);
    struct desk_filter filter = open_filter();
    filter.limit = 5;
    const char *cursor = list(desk, &filter).next;
    const char *wrong[] = {"", "x", cursor + 1, arena_printf(desk->arena, "%s0", cursor),
        arena_printf(desk->arena, "g%s", cursor + 1)};
    struct desk_page page;
    for (size_t i = 0; i < array_count(wrong); i++) {
        filter.cursor = wrong[i];
        assert_false(desk_list_stories(
            desk->store, desk->arena, desk->config, &filter, &page, desk->fault));
        assert_int_equal(desk->fault->kind, FAULT_PARSE);
    }
    filter.cursor = cursor;
    filter.vendor = "Arm";
    assert_false(
        desk_list_stories(desk->store, desk->arena, desk->config, &filter, &page, desk->fault));
    assert_int_equal(desk->fault->kind, FAULT_PARSE);
    desk_close(desk);
}

/* ---- by which index ---- */

/* A hundred thousand rows, made where the writer would need a minute for them. */
static void fill_much(struct desk_fixture *desk)
{
    fixture_execute(desk->fixture->path,
        "INSERT INTO ruleset (id, hash) VALUES (77, 77);"
        "WITH RECURSIVE n (i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 101000)"
        " INSERT INTO item (id, key_hash, key_twin, story_id, content_hash, first_seen_utc_s,"
        " dated_utc_s, ruleset_id, section, margin, uncertain, off_topic, relevance, key, "
        "title)"
        " SELECT i, i, 0, i, 0, 0, 1600000000 + i * 7919 % 100000, 77, 'news', 1.0, 0, 0,"
        " (i * 31 % 1000) / 1000.0, 'k' || i, 't' || i FROM n;"
        "INSERT INTO story (id, state, version, item_count, lead_item_id, dated_utc_s,"
        " relevance, off_topic, uncertain, section) SELECT id, 'inbox', 0, 1, id, dated_utc_s,"
        " relevance, off_topic, uncertain, section FROM item");
}

/* Steps of SQLite's virtual machine that a page takes. */
static int cost(
    struct desk_fixture *desk, const struct desk_filter *filter, enum statement_id id)
{
    list(desk, filter);
    struct statement *statement = statement_get(desk->store, id, desk->fault);
    assert_non_null(statement);
    sqlite3_stmt_status(statement->handle, SQLITE_STMTSTATUS_VM_STEP, 1);
    list(desk, filter);
    return sqlite3_stmt_status(statement->handle, SQLITE_STMTSTATUS_VM_STEP, 0);
}

static void a_page_costs_what_it_shows_among_a_hundred_thousand_stories(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    fill_much(desk);
    struct desk_filter filter = open_filter();
    filter.limit = 50;
    int first = cost(desk, &filter, STATEMENT_LIST_STORIES_BY_RANK);
    filter.cursor = list(desk, &filter).next;
    for (int i = 0; i < 40; i++) { /* two thousand stories further */
        filter.cursor = list(desk, &filter).next;
    }
    int later = cost(desk, &filter, STATEMENT_LIST_STORIES_BY_RANK);
    filter.cursor = NULL;
    filter.order = DESK_BY_DATE;
    int dated = cost(desk, &filter, STATEMENT_LIST_STORIES_BY_DATE);
    assert_true(first < 20000 && later < 20000 && dated < 20000);
    assert_true(later < 2 * first);
    filter.order = DESK_BY_RELEVANCE;
    filter.from_utc_s = 1600000000 + 99900; /* a hundredth of a hundredth */
    assert_true(cost(desk, &filter, STATEMENT_LIST_BEST_STORIES) < 40000);
    desk_close(desk);
}

static int pages_touched(struct desk_fixture *desk)
{
    int hits, misses, highest;
    sqlite3_db_status(desk->store->db, SQLITE_DBSTATUS_CACHE_HIT, &hits, &highest, 1);
    sqlite3_db_status(desk->store->db, SQLITE_DBSTATUS_CACHE_MISS, &misses, &highest, 1);
    return hits + misses;
}

/* SQLite's plan does not say whether the rows are read as well, so the pages are counted: each
 * row would be three or four. Among 425,000 stories that was half a minute. */
static void a_filter_that_lets_nothing_through_reads_the_index_and_no_row(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    fill_much(desk);
    struct desk_filter filters[] = {
        open_filter(), open_filter(), open_filter(), open_filter(), open_filter()};
    filters[0].vendor = "nobody";
    filters[1].section = "nothing";
    filters[2].uncertain = DESK_YES;
    filters[3].printed = DESK_YES;
    filters[4].from_utc_s = 1900000000;
    for (size_t i = 0; i < array_count(filters); i++) {
        struct desk_count *counts;
        size_t count;
        filters[i].limit = 50;
        pages_touched(desk);
        assert_int_equal(list(desk, &filters[i]).count, 0);
        assert_true(pages_touched(desk) < 5000);
        assert_true(desk_count_stories(
            desk->store, desk->arena, &filters[i], DESK_INBOX, &counts, &count, desk->fault));
        assert_true(pages_touched(desk) < 5000);
    }
    desk_close(desk);
}

static const char *plan_of(struct desk_fixture *desk, enum statement_id id)
{
    struct statement *statement = statement_get(desk->store, id, desk->fault);
    assert_non_null(statement);
    sqlite3_stmt *plan = NULL;
    const char *sql = arena_printf(
        desk->arena, "EXPLAIN QUERY PLAN %s", sqlite3_sql(statement->handle));
    assert_int_equal(sqlite3_prepare_v2(desk->store->db, sql, -1, &plan, NULL), SQLITE_OK);
    const char *steps = "";
    while (sqlite3_step(plan) == SQLITE_ROW) {
        steps = arena_printf(
            desk->arena, "%s%s\n", steps, (const char *)sqlite3_column_text(plan, 3));
    }
    sqlite3_finalize(plan);
    return steps;
}

static void lists_are_read_from_their_indexes(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    static const struct {
        enum statement_id id;
        const char *step;
    } cases[] = {
        {STATEMENT_LIST_STORIES_BY_RANK,
            "SEARCH story USING INDEX story_by_rank (tray=? AND rank<?)"},
        {STATEMENT_COUNT_STORIES, "SEARCH story USING INDEX story_by_rank (tray=? AND rank<?)"},
        {STATEMENT_LIST_STORIES_BY_DATE,
            "SEARCH story USING INDEX story_by_date (tray=? AND dated_utc_s>? AND "
            "dated_utc_s<?)"},
        {STATEMENT_LIST_BEST_STORIES,
            "SEARCH story USING INDEX story_by_date (tray=? AND dated_utc_s>? AND "
            "dated_utc_s<?)"},
        {STATEMENT_LIST_CANDIDATES, "story_by_date (tray=? AND dated_utc_s>?)"},
        {STATEMENT_LIST_SIGHTINGS_SINCE,
            "SEARCH item USING COVERING INDEX item_by_date (off_topic=? AND dated_utc_s>? AND "
            "dated_utc_s<?)"},
        {STATEMENT_LIST_SIGHTINGS_SINCE,
            "SEARCH sighting USING COVERING INDEX sighting_by_item (item_id=?)"},
        {STATEMENT_LIST_MEMBERS,
            "SEARCH newest USING COVERING INDEX item_by_story (story_id=?)"},
        {STATEMENT_LIST_ALSO, "SEARCH newest USING COVERING INDEX item_by_story (story_id=?)"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        const char *plan = plan_of(desk, cases[i].id);
        if (strstr(plan, cases[i].step) == NULL || strstr(plan, "SCAN story") != NULL) {
            fail_msg("expected %s in\n%s", cases[i].step, plan);
        }
    }
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(every_filter_lists_what_it_says),
        storage_test(pages_show_every_story_once),
        storage_test(what_arrives_between_two_pages_moves_nothing),
        storage_test(a_cursor_of_another_list_is_refused),
        storage_test(a_page_costs_what_it_shows_among_a_hundred_thousand_stories),
        storage_test(a_filter_that_lets_nothing_through_reads_the_index_and_no_row),
        storage_test(lists_are_read_from_their_indexes),
    };
    return cmocka_run_group_tests_name("story_list", tests, NULL, NULL);
}
