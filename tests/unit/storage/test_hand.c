/* Items by hand: known ones recognised, always candidates, undisturbed by polls. */
#include "fixture.h"

#include <string.h>

static struct store_added add(
    struct fixture *fixture, struct store *store, const struct store_addition *addition)
{
    struct store_added added;
    fixture_must(fixture,
        store_add_item(
            store, &fixture->arena, addition, &fixture->config, &added, &fixture->fault));
    return added;
}

static struct store_addition by_hand(struct fixture *fixture, const char *key, int64_t now)
{
    return (struct store_addition){
        .entry = fixture_entry(fixture, key, 1),
        .given_url = key,
        .source = "By hand",
        .added_utc_s = now,
    };
}

static size_t candidates_since(struct fixture *fixture, struct store *store, int64_t since,
    size_t limit, struct candidate **ret_candidates)
{
    size_t count;
    fixture_must(fixture,
        store_read_candidates(store, &fixture->arena, &fixture->config, since, limit,
            ret_candidates, &count, &fixture->fault));
    return count;
}

static void an_item_by_hand_is_stored_and_described(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct store_addition addition = by_hand(fixture, "https://a.example/1", NOON + DAY);
    struct store_added added = add(fixture, store, &addition);
    assert_false(added.known);
    assert_string_equal(added.key, "https://a.example/1");
    assert_string_equal(added.source, "By hand");
    assert_int_equal(added.published_utc_s, NOON);
    assert_int_equal(added.first_seen_utc_s, NOON + DAY);
    struct store_totals totals;
    fixture_must(fixture, store_read_totals(store, &totals, &fixture->fault));
    assert_int_equal(totals.items, 1);
    store_close(store);
}

static void added_twice_it_is_the_same_item(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct store_addition addition = by_hand(fixture, "https://a.example/1", NOON);
    struct store_added first = add(fixture, store, &addition);
    addition.entry.title = "another title";
    addition.added_utc_s = NOON + DAY;
    struct store_added second = add(fixture, store, &addition);
    assert_true(second.known);
    assert_int_equal(second.item_id, first.item_id);
    assert_string_equal(second.title, first.title);
    assert_int_equal(second.added_utc_s, NOON + DAY);
    assert_int_equal(fixture_query_int(fixture, "SELECT items FROM tally"), 1);
    store_close(store);
}

static void it_is_a_candidate_whatever_its_date_relevance_and_gate(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct store_addition addition = by_hand(fixture, "https://a.example/old", NOON);
    addition.entry.published_utc_s = NOON - 4000 * (int64_t)DAY;
    addition.entry.verdict.off_topic = true;
    add(fixture, store, &addition);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entry = fixture_entry(fixture, "https://a.example/new", 1);
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, &entry, 1));
    struct candidate *candidates;
    assert_int_equal(candidates_since(fixture, store, NOON - DAY, 1, &candidates), 2);
    assert_int_equal(candidates_since(fixture, store, NOON + 1, 10, &candidates), 0);
    store_close(store);
}

static void an_item_that_a_feed_brought_becomes_a_candidate_again(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entry = fixture_entry(fixture, "https://a.example/1", 1);
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, &entry, 1));
    struct store_addition addition = by_hand(fixture, "https://a.example/1", NOON + 30 * DAY);
    struct store_added added = add(fixture, store, &addition);
    assert_true(added.known);
    struct candidate *candidates;
    assert_int_equal(candidates_since(fixture, store, NOON + 20 * DAY, 10, &candidates), 1);
    assert_string_not_equal(candidates[0].source, "By hand");
    store_close(store);
}

static void a_poll_of_the_same_key_changes_nothing_but_is_seen(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct store_addition addition = by_hand(fixture, "https://a.example/1", NOON);
    struct store_added added = add(fixture, store, &addition);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entry = fixture_entry(fixture, "https://a.example/1", 2);
    struct store_document *document = fixture_document(fixture, &feed, 1, &entry, 1);
    fixture_commit(fixture, store, document);
    assert_int_equal(document->items_new, 0);
    assert_int_equal(document->items_changed, 0);
    struct candidate *candidates;
    assert_int_equal(candidates_since(fixture, store, NOON - DAY, 10, &candidates), 1);
    assert_string_equal(candidates[0].title, added.title);
    assert_string_equal(candidates[0].source, "By hand");
    assert_int_equal(candidates[0].also_count, 1);
    store_close(store);
}

static void an_item_is_found_by_its_other_keys_and_its_own_comes_first(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct store_addition other = by_hand(fixture, "wx:AbCdEfGhIj", NOON);
    struct store_added short_one = add(fixture, store, &other);
    struct store_addition own = by_hand(fixture, "wx:biz:2:1", NOON);
    struct store_added long_one = add(fixture, store, &own);
    struct store_addition addition = by_hand(fixture, "wx:biz:1:1", NOON);
    const char *keys[] = {"wx:AbCdEfGhIj"};
    addition.other_keys = keys;
    addition.other_key_count = 1;
    assert_int_equal(add(fixture, store, &addition).item_id, short_one.item_id);
    own.other_keys = keys;
    own.other_key_count = 1;
    assert_int_equal(add(fixture, store, &own).item_id, long_one.item_id);
    store_close(store);
}

/* t.example/x answered as https://a.example/1: a feed that links to it brings the same item. */
static void the_address_that_led_to_a_page_is_remembered_for_feeds(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct store_addition addition = by_hand(fixture, "https://a.example/1", NOON);
    const char *keys[] = {"https://a.example/1", "https://t.example/x"};
    addition.other_keys = keys;
    addition.other_key_count = array_count(keys);
    add(fixture, store, &addition);
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM key_alias"), 1);
    store_close(store);

    store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "links");
    struct store_entry entries[] = {fixture_entry(fixture, "https://t.example/x", 1),
        fixture_entry(fixture, "https://t.example/y", 1)};
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, entries, 2));
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM item"), 2);
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM sighting"), 2);
    entries[0] = fixture_entry(fixture, "https://t.example/x", 2); /* edited by its feed */
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 2, entries, 1));
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM item"), 2);
    assert_string_equal(
        fixture_query_text(fixture, "SELECT title FROM item WHERE key = 'https://a.example/1'"),
        addition.entry.title);
    store_close(store);
}

/* The feed was first: its short link is the item, and the page's own address leads to it. */
static void the_key_of_the_page_leads_to_an_item_known_by_a_short_link(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "links");
    struct store_entry entry = fixture_entry(fixture, "https://t.example/x", 1);
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, &entry, 1));
    struct store_addition addition = by_hand(fixture, "https://a.example/1", NOON);
    const char *keys[] = {"https://t.example/x"};
    addition.other_keys = keys;
    addition.other_key_count = 1;
    assert_true(add(fixture, store, &addition).known);
    struct feed_state site = fixture_feed(fixture, store, "site");
    entry = fixture_entry(fixture, "https://a.example/1", 1);
    fixture_commit(fixture, store, fixture_document(fixture, &site, 1, &entry, 1));
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM item"), 1);
    store_close(store);
}

static void the_writers_lock_is_seen_from_outside(void **state)
{
    struct fixture *fixture = *state;
    assert_false(store_is_in_use(fixture->path));
    struct store *store = fixture_open(fixture);
    assert_true(store_is_in_use(fixture->path));
    store_close(store);
    assert_false(store_is_in_use(fixture->path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(an_item_by_hand_is_stored_and_described),
        storage_test(added_twice_it_is_the_same_item),
        storage_test(it_is_a_candidate_whatever_its_date_relevance_and_gate),
        storage_test(an_item_that_a_feed_brought_becomes_a_candidate_again),
        storage_test(a_poll_of_the_same_key_changes_nothing_but_is_seen),
        storage_test(an_item_is_found_by_its_other_keys_and_its_own_comes_first),
        storage_test(the_address_that_led_to_a_page_is_remembered_for_feeds),
        storage_test(the_key_of_the_page_leads_to_an_item_known_by_a_short_link),
        storage_test(the_writers_lock_is_seen_from_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
