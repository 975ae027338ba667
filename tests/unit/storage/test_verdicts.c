/* Judging again after the rules changed. */
#include "fixture.h"

#include <string.h>

#include "storage/statements.h"

struct stale_reading {
    struct stale_item *items;
    size_t count;
};

static struct stale_reading read_stale(
    struct fixture *fixture, struct store *store, size_t limit)
{
    struct stale_reading reading;
    fixture_must(fixture,
        store_read_stale_items(store, &fixture->arena, &fixture->config, limit, &reading.items,
            &reading.count, &fixture->fault));
    return reading;
}

static void commit_items(
    struct fixture *fixture, struct store *store, const char *prefix, int count)
{
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    for (int i = 0; i < count; i++) {
        struct store_entry entry = fixture_entry(
            fixture, arena_printf(&fixture->arena, "%s%d", prefix, i), 1);
        entry.published_utc_s = NOON + i;
        fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, &entry, 1));
    }
}

/* A database of items that was then put into a state by `sql`. */
static struct store *open_with(struct fixture *fixture, int items, const char *sql)
{
    struct store *store = fixture_open(fixture);
    commit_items(fixture, store, "k", items);
    store_close(store);
    fixture_execute(fixture->path, sql);
    return fixture_open(fixture);
}

/* Give every item of the reading the same new verdict. */
static void judge_again(
    struct fixture *fixture, struct store *store, struct stale_reading reading)
{
    struct store_verdict *verdicts = arena_new_array(
        &fixture->arena, struct store_verdict, reading.count);
    for (size_t i = 0; i < reading.count; i++) {
        verdicts[i] = (struct store_verdict){
            .id = reading.items[i].id,
            .verdict = {.section = 2, .relevance = 0.9, .vendor = "Arm"},
            .reasons_json = "[1]",
        };
    }
    fixture_must(fixture,
        store_update_verdicts(
            store, verdicts, reading.count, &fixture->config, &fixture->fault));
}

static void nothing_is_stale_while_the_rules_stay(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    assert_int_equal(read_stale(fixture, store, 10).count, 0);
    commit_items(fixture, store, "k", 3);
    assert_int_equal(read_stale(fixture, store, 10).count, 0);
    store_close(store);
}

static void a_stale_item_has_all_the_judge_needs(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "arxiv");
    struct feed_state other = fixture_feed(fixture, store, "removed");
    struct store_entry entries[] = {
        fixture_entry(fixture, "arxiv:2009.00278", 1),
        fixture_entry(fixture, "key", 1),
    };
    entries[0].comment = "Accepted at CVPR 2021";
    entries[0].journal_ref = "Nature 1";
    entries[0].published_utc_s = NOON + 5;
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, entries, 1));
    fixture_commit(fixture, store, fixture_document(fixture, &other, 1, &entries[1], 1));
    fixture->config.rules_hash = 7;
    struct stale_reading reading = read_stale(fixture, store, 10);
    assert_int_equal(reading.count, 2);
    const struct item *item = &reading.items[0].item;
    assert_string_equal(item->key, entries[0].key);
    assert_string_equal(item->title, entries[0].title);
    assert_string_equal(item->summary, entries[0].summary);
    assert_string_equal(item->url, entries[0].url);
    assert_string_equal(item->source, "source arxiv");
    assert_string_equal(item->comment, "Accepted at CVPR 2021");
    assert_string_equal(item->journal_ref, "Nature 1");
    assert_ptr_equal(item->feed, &fixture->config.feeds[0]);
    assert_null(reading.items[1].item.feed);
    fixture->config.feed_count = 0;
    assert_null(read_stale(fixture, store, 10).items[0].item.feed);
    store_close(store);
}

static void stale_items_come_newest_first_until_all_are_judged_again(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    commit_items(fixture, store, "k", 10);
    fixture->config.rules_hash = 7;
    for (int round = 0; round < 2; round++) {
        struct stale_reading reading = read_stale(fixture, store, 5);
        assert_int_equal(reading.count, 5);
        for (int i = 0; i < 5; i++) {
            assert_string_equal(reading.items[i].item.key,
                arena_printf(&fixture->arena, "k%d", 9 - 5 * round - i));
        }
        judge_again(fixture, store, reading);
    }
    assert_int_equal(read_stale(fixture, store, 5).count, 0);
    store_close(store);
}

static void items_of_several_earlier_rules_are_all_found(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    for (int i = 0; i < 4; i++) {
        fixture->config.rules_hash = (uint64_t)i;
        commit_items(fixture, store, arena_printf(&fixture->arena, "rules %d key ", i), 3);
    }
    fixture->config.rules_hash = 2; /* back to earlier rules: theirs are not stale */
    size_t found = 0;
    for (int call = 0; call < 10; call++) {
        struct stale_reading reading = read_stale(fixture, store, 2);
        found += reading.count;
        judge_again(fixture, store, reading);
    }
    assert_int_equal(found, 9);
    store_close(store);
}

static void a_new_verdict_replaces_the_old_and_nothing_else(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    commit_items(fixture, store, "k", 1);
    fixture->config.rules_hash = 7;
    judge_again(fixture, store, read_stale(fixture, store, 5));
    struct candidate *candidates;
    size_t count;
    fixture_must(fixture,
        store_read_candidates(store, &fixture->arena, &fixture->config, 0, 5, &candidates,
            &count, &fixture->fault));
    assert_int_equal(count, 1);
    assert_int_equal(candidates->section, 2);
    assert_true(candidates->relevance == 0.9);
    assert_string_equal(candidates->vendor, "Arm");
    assert_string_equal(candidates->reasons_json, "[1]");
    assert_string_equal(candidates->title, "title 1 of k0");
    assert_int_equal(candidates->published_utc_s, NOON);
    store_close(store);
}

static void a_verdict_that_says_the_same_is_not_written(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    commit_items(fixture, store, "k", 2);
    fixture->config.rules_hash = 7;
    struct stale_reading reading = read_stale(fixture, store, 5);
    judge_again(fixture, store, reading);
    sqlite3_int64 written = sqlite3_total_changes64(store->db);
    judge_again(fixture, store, reading);
    assert_true(sqlite3_total_changes64(store->db) == written);
    struct store_verdict other = {.id = 1,
        .verdict = {.section = 2, .relevance = 0.9, .vendor = NULL}, /* for "Arm" */
        .reasons_json = "[1]"};
    fixture_must(
        fixture, store_update_verdicts(store, &other, 1, &fixture->config, &fixture->fault));
    assert_int_equal(
        fixture_query_int(fixture, "SELECT count(*) FROM item WHERE vendor IS NULL"), 1);
    assert_int_equal(
        fixture_query_int(fixture, "SELECT count(*) FROM story WHERE vendor IS NULL"), 1);
    store_close(store);
}

/* ---- live items ---- */

/* The keys of one walk from end to end, a call's in brackets. */
static const char *walk(struct fixture *fixture, struct store *store, size_t most, size_t limit)
{
    struct live_place place = {.most = most};
    const char *walked = "";
    bool end = false;
    for (int call = 0; !end && call < 20; call++) {
        struct stale_item *items;
        size_t count;
        fixture_must(fixture,
            store_read_live_items(store, &fixture->arena, &fixture->config, &place, limit,
                &items, &count, &end, &fixture->fault));
        walked = arena_printf(&fixture->arena, "%s[", walked);
        for (size_t i = 0; i < count; i++) {
            walked = arena_printf(&fixture->arena, "%s %s", walked, items[i].item.key);
        }
        walked = arena_printf(&fixture->arena, "%s ]", walked);
    }
    return walked;
}

static void live_items_are_walked_over_newest_first_to_a_bound_in_each_tray(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = open_with(fixture, 8,
        "UPDATE story SET state = 'later' WHERE id IN (2, 4);"
        "UPDATE story SET state = 'picked' WHERE id = 8;"
        "UPDATE story SET off_topic = 1 WHERE id = 7");
    assert_string_equal(walk(fixture, store, 100, 100), "[ k5 k4 k2 k0 k3 k1 ]");
    assert_string_equal(walk(fixture, store, 100, 3), "[ k5 k4 k2 ][ k0 k3 k1 ][ ]");
    assert_string_equal(walk(fixture, store, 2, 100), "[ k5 k4 k3 k1 ]");
    assert_string_equal(walk(fixture, store, 3, 2), "[ k5 k4 ][ k2 k3 ][ k1 ]");
    assert_string_equal(walk(fixture, store, 0, 2), "[ ]");
    store_close(store);
}

static size_t count_words(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++) {
        count += *text == 'k';
    }
    return count;
}

/* A story of 361,192 items was judged again in one piece, 300 MB of texts. */
static void of_a_story_of_very_many_items_the_newest_and_the_lead_are_looked_at(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = open_with(fixture, 300,
        "UPDATE item SET story_id = 1; DELETE FROM story WHERE id <> 1;"
        "UPDATE story SET lead_by_hand = 1, item_count = 300");
    const char *walked = walk(fixture, store, 10, 10);
    assert_int_equal(count_words(walked), 201);
    assert_non_null(strstr(walked, " k0 "));
    assert_non_null(strstr(walked, " k299 "));
    struct store_verdict best = {
        .id = 50, .verdict = {.section = 2, .relevance = 9}, .reasons_json = "[]"};
    fixture_must(
        fixture, store_update_verdicts(store, &best, 1, &fixture->config, &fixture->fault));
    assert_int_equal(fixture_query_int(fixture, "SELECT item_count FROM story"), 300);
    assert_int_equal(fixture_query_int(fixture, "SELECT lead_item_id FROM story"), 1);
    assert_int_equal(fixture_query_int(fixture, "SELECT relevance FROM story"), 9);
    store_close(store);
}

static void a_failed_update_changes_no_verdict(void **state)
{
    struct fixture *fixture = *state;
    /* stands for any error in the middle: the second item refuses its verdict */
    struct store *store = open_with(fixture, 2,
        "CREATE TRIGGER refuse BEFORE UPDATE ON item WHEN old.id = 2"
        " BEGIN SELECT raise(ABORT, 'refused'); END");
    fixture->config.rules_hash = 7;
    struct store_verdict verdicts[] = {
        {.id = 1, .verdict = {.section = 2}}, {.id = 2, .verdict = {.section = 2}}};
    assert_false(store_update_verdicts(store, verdicts, 2, &fixture->config, &fixture->fault));
    assert_non_null(strstr(fixture->fault.message, "cannot store a verdict in the database"));
    assert_int_equal(
        fixture_query_int(fixture, "SELECT count(*) FROM item WHERE section = 'news'"), 2);
    assert_int_equal(read_stale(fixture, store, 5).count, 2);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(nothing_is_stale_while_the_rules_stay),
        storage_test(a_stale_item_has_all_the_judge_needs),
        storage_test(stale_items_come_newest_first_until_all_are_judged_again),
        storage_test(items_of_several_earlier_rules_are_all_found),
        storage_test(a_new_verdict_replaces_the_old_and_nothing_else),
        storage_test(a_verdict_that_says_the_same_is_not_written),
        storage_test(live_items_are_walked_over_newest_first_to_a_bound_in_each_tray),
        storage_test(of_a_story_of_very_many_items_the_newest_and_the_lead_are_looked_at),
        storage_test(a_failed_update_changes_no_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
