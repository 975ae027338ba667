/* What a worker may be told is known, and that nothing is written of it. */
#include "fixture.h"

#include "base/clock.h"

struct newsroom {
    struct store *store;
    struct feed_state feed;
};

static struct newsroom open_newsroom(struct fixture *fixture)
{
    struct newsroom newsroom = {.store = fixture_open(fixture)};
    newsroom.feed = fixture_feed(fixture, newsroom.store, "lwn");
    struct store_entry entries[] = {
        fixture_entry(fixture, "https://lwn.example/1", 1),
        fixture_entry(fixture, "https://lwn.example/2", 1),
    };
    fixture_commit(fixture, newsroom.store,
        fixture_document(fixture, &newsroom.feed, 1, entries, array_count(entries)));
    return newsroom;
}

/* As a worker has it: what it asks with, nothing else. */
static struct store_entry bare(const struct store_entry *entry)
{
    return (struct store_entry){
        .guid = entry->guid, .key = entry->key, .content_hash = entry->content_hash};
}

static void what_came_before_unchanged_is_known_and_nothing_else(void **state)
{
    struct fixture *fixture = *state;
    struct newsroom newsroom = open_newsroom(fixture);
    struct store *reader = fixture_open_reader(fixture);
    struct store_entry same = fixture_entry(fixture, "https://lwn.example/1", 1);
    struct store_entry edited = fixture_entry(fixture, "https://lwn.example/2", 2);
    struct store_entry new = fixture_entry(fixture, "https://lwn.example/3", 1);
    struct store_entry entries[] = {bare(&same), bare(&edited), bare(&new)};
    fixture_must(fixture,
        store_recognise(
            reader, newsroom.feed.id, entries, array_count(entries), &fixture->fault));
    assert_true(entries[0].known);
    assert_false(entries[1].known);
    assert_false(entries[2].known);
    store_close(reader);
    store_close(newsroom.store);
}

static void what_another_feed_brought_is_not_known(void **state)
{
    struct fixture *fixture = *state;
    struct newsroom newsroom = open_newsroom(fixture);
    struct feed_state other = fixture_feed(fixture, newsroom.store, "arxiv");
    struct store_entry same = fixture_entry(fixture, "https://lwn.example/1", 1);
    struct store_entry entry = bare(&same);
    fixture_must(
        fixture, store_recognise(newsroom.store, other.id, &entry, 1, &fixture->fault));
    assert_false(entry.known);
    store_close(newsroom.store);
}

/* Two pages under one guid are told apart by their keys, here as in a commit. */
static void a_shared_guid_is_known_by_its_key(void **state)
{
    struct fixture *fixture = *state;
    struct newsroom newsroom = open_newsroom(fixture);
    struct store_entry entries[] = {
        fixture_entry(fixture, "https://lwn.example/8", 1),
        fixture_entry(fixture, "https://lwn.example/9", 1),
    };
    entries[0].guid = entries[1].guid = "https://lwn.example/";
    fixture_commit(fixture, newsroom.store,
        fixture_document(fixture, &newsroom.feed, 2, entries, array_count(entries)));
    struct store_entry again[] = {bare(&entries[0]), bare(&entries[1])};
    again[1].content_hash++;
    fixture_must(fixture,
        store_recognise(
            newsroom.store, newsroom.feed.id, again, array_count(again), &fixture->fault));
    assert_true(again[0].known);
    assert_false(again[1].known);
    store_close(newsroom.store);
}

/* Without a title it could not be stored: that it is not tried is what is tested. */
static void of_a_known_entry_nothing_is_written(void **state)
{
    struct fixture *fixture = *state;
    struct newsroom newsroom = open_newsroom(fixture);
    struct store_entry same = fixture_entry(fixture, "https://lwn.example/1", 1);
    struct store_entry entries[] = {
        bare(&same), fixture_entry(fixture, "https://lwn.example/3", 1)};
    entries[0].content_hash++; /* the commit would take it for an edit */
    entries[0].known = true;
    struct store_document *document = fixture_document(
        fixture, &newsroom.feed, 2, entries, array_count(entries));
    fixture_commit(fixture, newsroom.store, document);
    assert_int_equal(document->items_new, 1);
    assert_int_equal(document->items_changed, 0);
    assert_int_equal(
        fixture_query_int(fixture, "SELECT count(*) FROM item WHERE title IS NULL"), 0);
    assert_string_equal(fixture_query_text(fixture, "SELECT etag FROM feed"), "\"etag 2\"");
    store_close(newsroom.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(what_came_before_unchanged_is_known_and_nothing_else),
        storage_test(what_another_feed_brought_is_not_known),
        storage_test(a_shared_guid_is_known_by_its_key),
        storage_test(of_a_known_entry_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
