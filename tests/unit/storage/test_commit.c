/* What a commit may and may not change. */
#include "fixture.h"

#include <string.h>

static void entries_and_validators_are_stored_together(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entries[] = {
        fixture_entry(fixture, "https://lwn.example/1", 1),
        fixture_entry(fixture, "https://lwn.example/2", 1),
    };
    struct store_document *document = fixture_document(fixture, &feed, 1, entries, 2);
    fixture_commit(fixture, store, document);
    assert_int_equal(document->items_new, 2);
    assert_int_equal(document->sightings_new, 2);
    assert_int_equal(document->items_changed, 0);
    struct store_totals totals;
    assert_true(store_read_totals(store, &totals, &fixture->fault));
    assert_int_equal(totals.feeds, 1);
    assert_int_equal(totals.items, 2);
    assert_int_equal(totals.sightings, 2);
    store_close(store);
    assert_string_equal(fixture_query_text(fixture, "SELECT etag FROM feed"), "\"etag 1\"");
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM content"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(entries_and_validators_are_stored_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
