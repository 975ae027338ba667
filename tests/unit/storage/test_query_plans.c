/* By which way every statement of the program finds its rows, as SQLite plans it.
 *
 * Times prove little on a busy machine and nothing in a small database, while a plan says at
 * once what a million items will cost. "SCAN x" reads x from end to end; "SEARCH x USING INDEX
 * i (a=?)" reads what has that `a`, which is as much as a scan where `a` has few values. Both
 * are allowed where the tables below say why, so a statement that is new, or an index that is
 * gone, fails here. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "storage/statements.h"

/* ---- what may be read whole ---- */

static const struct {
    const char *name;
    const char *why;
} small[] = {
    {"feed", "ten thousand at most, and shown together"},
    {"issue", "a few hundred after ten years"},
    {"printed_item", "some fifteen an issue"},
    {"desk_feed", "written by hand"},
    {"desk_feed_setting", "written by hand"},
    {"desk_rule", "written by hand"},
    {"ruleset", "one a change of the rules"},
    {"account", "people"},
    {"session", "people's browsers"},
    {"token", "people's programs"},
    {"tally", "one row"},
    {"publication", "one row at most"},
    {"search_state", "one row"},
    {"access_state", "one row"},
    {"CONSTANT", "no table"},
    {"json_each", "a parameter or one column"},
    {"search", "FTS5 calls each of its own lookups so"},
    {"search_word", "its vocabulary, within bounds"},
    /* Names of what another step has chosen, and limited. */
    {"chosen", "stories of a page"},
    {"newest", "items whose hits are counted"},
    {"member", "newest items of a story"},
    {"hit", "hits of these"},
    {"placed", "what was printed"},
    {"taught", "events of a turn"},
    {"live", "items of the last two weeks"},
};

/* Statements that read more, and may. */
static const struct {
    enum statement_id id;
    const char *step; /* begins with */
    const char *why;
} exceptions[] = {
    {STATEMENT_FIND_STALE_TEXT, "SCAN search_stale", "the first row"},
    {STATEMENT_LIST_NEWEST_CHANGES, "SCAN event_change", "desk_rebuild(): the whole log"},
    {STATEMENT_FORGET_STORIES, "SCAN story", "desk_rebuild()"},
    {STATEMENT_FORGET_PICKS, "SCAN pick", "desk_rebuild()"},
    {STATEMENT_LIST_LOGGED_STORIES, "SEARCH event_change", "desk_rebuild()"},
    {STATEMENT_FIND_STALE_RULESET, "SEARCH item USING COVERING", "max(): one seek a ruleset"},
    {STATEMENT_FIND_NEWEST_DATE, "SEARCH item USING COVERING", "max(): one seek"},
    {STATEMENT_LIST_STALE_ITEMS, "SEARCH item", "in the order of the index, to a limit"},
    {STATEMENT_READ_STORY_COUNTS, "SEARCH story_count", "a row a section"},
    {STATEMENT_COUNT_PICKED, "SEARCH story", "picked by hand"},
    {STATEMENT_LIST_HORIZONS, "SEARCH sighting", "once a day, on a thread of its own"},
};

static bool is_excepted(int id, const char *step)
{
    for (size_t i = 0; i < array_count(exceptions); i++) {
        if ((int)exceptions[i].id == id &&
            strncmp(step, exceptions[i].step, strlen(exceptions[i].step)) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_small(const char *scanned)
{
    size_t length = strcspn(scanned, " ");
    for (size_t i = 0; i < array_count(small); i++) {
        if (strlen(small[i].name) == length && strncmp(scanned, small[i].name, length) == 0) {
            return true;
        }
    }
    return scanned[0] == '('; /* a subquery without a name */
}

static bool reads_all(const char *step)
{
    static const char scan[] = "SCAN ";
    return strncmp(step, scan, strlen(scan)) == 0 && !is_small(step + strlen(scan));
}

/* Bound by nothing but a column of few values. */
static bool reads_much(const char *step)
{
    static const char *const coarse[] = {
        "(tray=?)", "(off_topic=?)", "(ruleset_id=?)", "(feed_id=?)", "(kind=?)"};
    for (size_t i = 0; i < array_count(coarse); i++) {
        if (strstr(step, coarse[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* ---- the plans ---- */

static sqlite3_stmt *plan_of(struct fixture *fixture, struct store *store, int id)
{
    struct statement *statement = statement_get(store, (enum statement_id)id, &fixture->fault);
    fixture_must(fixture, statement != NULL); /* every statement fits the schema */
    const char *sql = arena_printf(
        &fixture->arena, "EXPLAIN QUERY PLAN %s", sqlite3_sql(statement->handle));
    sqlite3_stmt *plan = NULL;
    sqlite3_prepare_v2(store->db, sql, -1, &plan, NULL);
    return plan; /* NULL: BEGIN and COMMIT have none */
}

static int check_plans(struct fixture *fixture, bool (*is_wrong)(const char *step))
{
    struct store *store = fixture_open(fixture);
    bool more; /* the first turn makes the tables of the search */
    fixture_must(fixture, store_index_items(store, 10, &more, &fixture->fault));
    int wrong = 0;
    for (int id = 0; id < STATEMENT_COUNT; id++) {
        sqlite3_stmt *plan = plan_of(fixture, store, id);
        while (plan != NULL && sqlite3_step(plan) == SQLITE_ROW) {
            const char *step = (const char *)sqlite3_column_text(plan, 3);
            if (is_wrong(step) && !is_excepted(id, step)) {
                print_error("%s: %s\n", step, sqlite3_sql(plan));
                wrong++;
            }
        }
        sqlite3_finalize(plan);
    }
    store_close(store);
    return wrong;
}

static void no_statement_reads_a_growing_table_whole(void **state)
{
    assert_int_equal(check_plans(*state, reads_all), 0);
}

static void no_statement_reads_all_that_have_one_of_few_values(void **state)
{
    assert_int_equal(check_plans(*state, reads_much), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(no_statement_reads_a_growing_table_whole),
        storage_test(no_statement_reads_all_that_have_one_of_few_values),
    };
    return cmocka_run_group_tests_name("query_plans", tests, NULL, NULL);
}
