/* What goes when it is old, and all that never does. */
#include "full_database.h"

#include <string.h>

#include "base/clock.h"
#include "storage/retention.h"
#include "storage/statements.h"
#include "storage/verify.h"

enum { YEAR = 365 * DAY };

static void print_finding(void *data, const struct verify_finding *finding)
{
    print_error(
        "%s %s: %s: %s\n", finding->table, finding->row, finding->check, finding->words);
}

static void assert_whole(struct fixture *fixture)
{
    size_t count;
    fixture_must(
        fixture, store_verify(fixture->path, print_finding, NULL, &count, &fixture->fault));
    assert_int_equal(count, 0);
}

/* The keys of what may go, by their names: "plain second ". */
static const char *planned(struct fixture *fixture, struct store *store, int64_t before_utc_s)
{
    int64_t *stories;
    size_t count;
    const char *names = "";
    fixture_must(fixture,
        retention_plan(
            store, &fixture->arena, before_utc_s, &stories, &count, &fixture->fault));
    for (size_t i = 0; i < count; i++) {
        const char *key = fixture_query_text(fixture,
            arena_printf(&fixture->arena,
                "SELECT group_concat(key, '+') FROM item"
                " WHERE story_id = %lld",
                (long long)stories[i]));
        names = arena_printf(&fixture->arena, "%s%s ", names, strrchr(key, '/') + 1);
    }
    return names;
}

static size_t remove_all(struct fixture *fixture, struct store *store, int64_t before_utc_s)
{
    int64_t *stories;
    size_t count, items;
    fixture_must(fixture,
        retention_plan(
            store, &fixture->arena, before_utc_s, &stories, &count, &fixture->fault));
    fixture_must(fixture,
        retention_remove(store, stories, count, before_utc_s, &items, &fixture->fault));
    return items;
}

static void only_what_nobody_decided_on_goes(void **state)
{
    struct fixture *fixture = *state;
    struct full_database full = full_database_build(fixture);
    struct store *store = fixture_open(fixture);
    assert_string_equal(planned(fixture, store, NOON + YEAR), "plain second ");
    assert_int_equal(remove_all(fixture, store, NOON + YEAR), 2);
    for (bool more = true; more;) {
        fixture_must(fixture, store_index_items(store, 1000, &more, &fixture->fault));
    }
    store_close(store);
    assert_whole(fixture);
    const int64_t kept[] = {full.merged, full.host, full.split, full.rejected, full.later,
        full.picked, full.undone, full.printed, full.by_hand};
    for (size_t i = 0; i < array_count(kept); i++) {
        const char *sql = arena_printf(
            &fixture->arena, "SELECT count(*) FROM item WHERE id = %lld", (long long)kept[i]);
        assert_int_equal(fixture_query_int(fixture, sql), 1);
    }
    assert_int_equal(
        fixture_query_int(fixture, "SELECT count(*) FROM item"), array_count(kept));
}

/* Each sort of protection by itself: the row that gives it is put beside the untouched item. */
static void each_protection_alone_keeps_a_story(void **state)
{
    static const char *const protections[] = {
        "UPDATE story SET state = 'rejected' WHERE id = %lld",
        "UPDATE story SET version = 1 WHERE id = %lld",
        "UPDATE story SET printed_issue_id = 1 WHERE id = %lld",
        "UPDATE item SET printed_issue_id = 1 WHERE id = %lld",
        "UPDATE item SET story_version = 1 WHERE id = %lld",
        "INSERT INTO event_change SELECT 1, 'story', %lld, NULL, NULL",
        "INSERT INTO event_change SELECT 1, 'item', %lld, NULL, NULL",
        "INSERT INTO hand_sighting SELECT %lld, 1, 'u', NULL",
        "UPDATE pick SET story_id = %lld WHERE rowid = (SELECT min(rowid) FROM pick)",
        "UPDATE pick SET item_id = %lld WHERE rowid = (SELECT min(rowid) FROM pick)",
        ("INSERT INTO printed_item SELECT 1, 99, 'news', key_hash, key, url, 't', NULL"
         " FROM item WHERE id = %lld"),
        "UPDATE item SET first_seen_utc_s = 2 * dated_utc_s WHERE id = %lld",
    };
    struct fixture *fixture = *state;
    struct full_database full = full_database_build(fixture);
    struct store *store = fixture_open(fixture);
    for (size_t i = 0; i < array_count(protections); i++) {
        fixture_must(fixture, transaction_begin(store, &fixture->fault));
        char *sql = sqlite3_mprintf(protections[i], full.plain);
        assert_int_equal(sqlite3_exec(store->db, sql, NULL, NULL, NULL), SQLITE_OK);
        sqlite3_free(sql);
        cleanup(statement_donep) struct statement *may = statement_get(
            store, STATEMENT_MAY_STORY_GO, &fixture->fault);
        bool row;
        bind_int(may, NOON + YEAR);
        bind_int(may, full.plain);
        assert_true(statement_next(may, &row, &fixture->fault));
        if (column_int(may) != 0) {
            fail_msg("not enough to keep a story: %s", protections[i]);
        }
        statement_done(may);
        transaction_rollback(store);
    }
    store_close(store);
}

static void what_is_not_old_stays(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    struct store *store = fixture_open(fixture);
    assert_string_equal(planned(fixture, store, NOON), "");
    assert_string_equal(planned(fixture, store, NOON + 50), ""); /* dated before, seen after */
    store_close(store);
}

static void what_a_feed_may_still_list_stays(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    fixture_execute(fixture->path, "UPDATE feed SET entries = 2");
    struct store *store = fixture_open(fixture);
    assert_string_equal(planned(fixture, store, NOON + YEAR), "");
    store_close(store);
    fixture_execute(fixture->path,
        "UPDATE sighting SET first_seen_utc_s = first_seen_utc_s + 9 WHERE item_id NOT IN"
        " (SELECT id FROM item WHERE key = 'https://a.example/plain')");
    store = fixture_open(fixture);
    assert_string_equal(planned(fixture, store, NOON + YEAR), "plain ");
    store_close(store);
}

static void a_decision_after_the_plan_keeps_its_story(void **state)
{
    struct fixture *fixture = *state;
    struct full_database full = full_database_build(fixture);
    struct desk_fixture *desk = desk_open(fixture);
    int64_t *stories;
    size_t count, items;
    desk_must(desk,
        retention_plan(desk->store, desk->arena, NOON + YEAR, &stories, &count, desk->fault));
    desk_decide_state(desk, "ada", full.plain, DESK_LATER);
    desk_must(
        desk, retention_remove(desk->store, stories, count, NOON + YEAR, &items, desk->fault));
    assert_int_equal(items, 1);
    assert_int_equal(desk_story_of(desk, full.plain), full.plain);
    desk_close(desk);
}

/* The writer compares with what it remembers; what is gone must not be joined. */
static void a_copy_of_what_is_gone_begins_a_story_of_its_own(void **state)
{
    struct fixture *fixture = *state;
    struct desk_fixture *desk = desk_open(fixture);
    int64_t first = desk_add(desk, "https://a.example/1", desk_title(1));
    assert_int_equal(remove_all(fixture, desk->store, NOON + YEAR), 1);
    int64_t second = desk_add_from(desk, "lwn", "https://l.example/1", desk_title(1));
    assert_int_not_equal(second, first);
    assert_int_equal(desk_story_of(desk, second), second);
    desk_close(desk);
    assert_whole(fixture);
}

static void the_cut_is_never_nearer_than_drafts_need(void **state)
{
    struct config config = {.care.keep_items_s = 180 * DAY};
    assert_int_equal(retention_cut(&config, NOON), NOON - 180 * DAY);
    config.care.keep_items_s = 60;
    assert_int_equal(retention_cut(&config, NOON), NOON - 30 * DAY);
    config.briefing.interval_s = 28 * DAY;
    assert_int_equal(retention_cut(&config, NOON), NOON - 56 * DAY);
    config.stories.near_window_s = 100 * DAY;
    assert_int_equal(retention_cut(&config, NOON), NOON - 200 * DAY);
    config.care.keep_items_s = 0;
    assert_int_equal(retention_cut(&config, NOON), CLOCK_NONE);
}

static void free_pages_are_given_back_in_turns(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    bool more = true;
    fixture_must(fixture, store_vacuum(store, 64, &more, &fixture->fault));
    assert_false(more);
    store_close(store);
    fixture_execute(fixture->path,
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000)"
        " INSERT INTO memory SELECT x || hex(zeroblob(3000)), 'later' FROM n;"
        "DELETE FROM memory");
    int64_t before = fixture_query_int(fixture, "PRAGMA page_count");
    store = fixture_open(fixture);
    size_t turns = 0;
    for (more = true; more; turns++) {
        fixture_must(fixture, store_vacuum(store, 64, &more, &fixture->fault));
    }
    store_close(store);
    assert_true(turns > 3);
    assert_true(fixture_query_int(fixture, "PRAGMA freelist_count") <= 256);
    assert_true(fixture_query_int(fixture, "PRAGMA page_count") < before - 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(only_what_nobody_decided_on_goes),
        storage_test(each_protection_alone_keeps_a_story),
        storage_test(what_is_not_old_stays),
        storage_test(what_a_feed_may_still_list_stays),
        storage_test(a_decision_after_the_plan_keeps_its_story),
        storage_test(a_copy_of_what_is_gone_begins_a_story_of_its_own),
        cmocka_unit_test(the_cut_is_never_nearer_than_drafts_need),
        storage_test(free_pages_are_given_back_in_turns),
    };
    return cmocka_run_group_tests_name("retention", tests, NULL, NULL);
}
