/* What a commit may and may not change. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"

static void assert_totals(
    struct fixture *fixture, struct store *store, int64_t items, int64_t sightings)
{
    struct store_totals totals;
    fixture_must(fixture, store_read_totals(store, &totals, &fixture->fault));
    assert_int_equal(totals.items, items);
    assert_int_equal(totals.sightings, sightings);
    /* the tally is what is there */
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM item"), items);
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM sighting"), sightings);
}

static void assert_counts(const struct store_document *document, size_t items_new,
    size_t sightings_new, size_t items_changed)
{
    assert_int_equal(document->items_new, items_new);
    assert_int_equal(document->sightings_new, sightings_new);
    assert_int_equal(document->items_changed, items_changed);
}

/* Everything the tables hold, in an order of its own, as one hash. */
static uint64_t hash_tables(struct fixture *fixture)
{
    static const char *const queries[] = {
        "SELECT group_concat(x, char(10)) FROM (SELECT feed.url || '|' || quote(key) || "
        "quote(item.title)"
        " || quote(summary) || quote(item.url) || dated_utc_s || section || quote(tags) AS x"
        " FROM item JOIN feed ON feed.id = feed_id ORDER BY key)",
        "SELECT group_concat(x, char(10)) FROM (SELECT feed.url || guid_hash || "
        "sighting.content_hash"
        " || key AS x FROM sighting JOIN feed ON feed.id = sighting.feed_id JOIN item ON "
        "item.id ="
        " item_id ORDER BY 1)",
        ("SELECT group_concat(x, char(10)) FROM (SELECT key || html_unpack(html, summary) AS x"
         " FROM content JOIN item ON item.id = item_id ORDER BY 1)"),
    };
    uint64_t hash = HASH_START;
    for (size_t i = 0; i < array_count(queries); i++) {
        hash = hash_string(hash, fixture_query_text(fixture, queries[i]));
    }
    return hash;
}

/* ---- invariant 1 ---- */

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
    assert_counts(document, 2, 2, 0);
    assert_totals(fixture, store, 2, 2);
    assert_string_equal(fixture_query_text(fixture, "SELECT etag FROM feed"), "\"etag 1\"");
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM content"), 2);
    store_close(store);
}

static void a_commit_that_fails_leaves_neither_items_nor_validators(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct feed_state unknown = feed;
    unknown.id = 99;
    struct store_entry entry = fixture_entry(fixture, "https://lwn.example/1", 1);
    struct store_document *documents[] = {
        fixture_document(fixture, &feed, 1, &entry, 1),
        fixture_document(fixture, &unknown, 1, NULL, 0),
    };
    assert_false(store_commit(store, documents, 2, &fixture->config, &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_STORE);
    assert_non_null(strstr(fixture->fault.message, "no feed number 99"));
    assert_counts(documents[0], 0, 0, 0);
    assert_totals(fixture, store, 0, 0);
    assert_null(fixture_query_text(fixture, "SELECT etag FROM feed"));
    fixture_commit(fixture, store, documents[0]); /* the store goes on */
    assert_totals(fixture, store, 1, 1);
    store_close(store);
}

static void a_document_of_an_unregistered_feed_breaks_no_reference(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state unknown = {.id = 7, .name = "ghost"};
    struct store_entry entry = fixture_entry(fixture, "https://ghost.example/1", 1);
    struct store_document *document = fixture_document(fixture, &unknown, 1, &entry, 1);
    assert_false(store_commit(store, &document, 1, &fixture->config, &fixture->fault));
    assert_non_null(strstr(fixture->fault.message, "FOREIGN KEY"));
    assert_totals(fixture, store, 0, 0);
    store_close(store);
}

static void a_poll_without_a_document_stores_the_state_alone(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    feed.failures = 3;
    feed.error = "the server does not answer";
    feed.error_kind = "network";
    struct store_document *document = fixture_document(fixture, &feed, 8, NULL, 0);
    fixture_commit(fixture, store, document);
    struct feed_state again = fixture_feed(fixture, store, "lwn");
    assert_string_equal(again.etag, "\"etag 8\"");
    assert_string_equal(again.error, "the server does not answer");
    assert_int_equal(again.failures, 3);
    assert_totals(fixture, store, 0, 0);
    store_close(store);
}

/* ---- invariant 2 ---- */

static void the_same_key_in_two_feeds_is_one_item_with_two_sightings(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state lwn = fixture_feed(fixture, store, "lwn");
    struct feed_state arxiv = fixture_feed(fixture, store, "arxiv");
    struct store_entry entry = fixture_entry(fixture, "arxiv:2009.00278", 1);
    struct store_document *documents[] = {
        fixture_document(fixture, &lwn, 1, &entry, 1),
        fixture_document(fixture, &arxiv, 1, &entry, 1),
    };
    assert_true(store_commit(store, documents, 2, &fixture->config, &fixture->fault));
    assert_counts(documents[0], 1, 1, 0);
    assert_counts(documents[1], 0, 1, 0);
    assert_totals(fixture, store, 1, 2);
    assert_int_equal(fixture_query_int(fixture, "SELECT story_id = id FROM item"), 1);
    store_close(store);
}

static void committing_the_same_documents_again_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entries[10];
    for (int i = 0; i < 10; i++) {
        entries[i] = fixture_entry(
            fixture, arena_printf(&fixture->arena, "https://lwn.example/%d", i % 7), i);
    }
    entries[9].guid = "another guid";
    struct store_document *document = fixture_document(fixture, &feed, 1, entries, 10);
    fixture_commit(fixture, store, document);
    assert_counts(document, 7, 8, 0);
    uint64_t before = hash_tables(fixture);
    for (int round = 0; round < 3; round++) {
        fixture_commit(fixture, store, document);
        assert_counts(document, 0, 0, 0);
        assert_int_equal(hash_tables(fixture), before);
    }
    assert_totals(fixture, store, 7, 8);
    store_close(store);
}

static const char *keys_after_order(struct fixture *fixture, const int *order)
{
    remove(fixture->path);
    struct store *store = fixture_open(fixture);
    static const char *const names[] = {"lwn", "arxiv", "infoq"};
    struct feed_state feeds[3];
    struct store_document *documents[3];
    for (int i = 0; i < 3; i++) {
        feeds[i] = fixture_feed(fixture, store, names[i]);
        struct store_entry entries[4];
        for (int k = 0; k < 4; k++) { /* neighbours share two keys */
            entries[k] = fixture_entry(
                fixture, arena_printf(&fixture->arena, "https://a.example/%d", 2 * i + k), 1);
        }
        documents[i] = fixture_document(fixture, &feeds[i], 1, entries, 4);
    }
    for (int i = 0; i < 3; i++) {
        fixture_commit(fixture, store, documents[order[i]]);
    }
    assert_totals(fixture, store, 8, 12);
    store_close(store);
    return fixture_query_text(
        fixture, "SELECT group_concat(key) FROM (SELECT key FROM item ORDER BY key)");
}

static void any_order_of_feeds_gives_the_same_set_of_keys(void **state)
{
    static const int orders[][3] = {
        {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    const char *first = keys_after_order(*state, orders[0]);
    for (size_t i = 1; i < array_count(orders); i++) {
        assert_string_equal(keys_after_order(*state, orders[i]), first);
    }
}

/* Two keys of one 64-bit hash cannot be made here; but the row of one can be given the other's
 * hash, which is all the store sees of it. */
static void two_keys_of_one_hash_stay_two_items(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entries[] = {
        fixture_entry(fixture, "https://lwn.example/1", 1),
        fixture_entry(fixture, "https://lwn.example/2", 1),
    };
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, entries, 1));
    fixture_execute(fixture->path,
        arena_printf(&fixture->arena, "UPDATE item SET key_hash = %lld",
            (long long)hash_string(HASH_START, entries[1].key)));
    struct store_document *document = fixture_document(fixture, &feed, 2, &entries[1], 1);
    fixture_commit(fixture, store, document);
    assert_counts(document, 1, 1, 0);
    assert_totals(fixture, store, 2, 2);
    assert_int_equal(fixture_query_int(fixture, "SELECT max(key_twin) FROM item"), 1);
    struct feed_state other = fixture_feed(fixture, store, "arxiv");
    document = fixture_document(fixture, &other, 1, &entries[1], 1);
    fixture_commit(fixture, store, document);
    assert_counts(document, 0, 1, 0); /* found behind its twin */
    store_close(store);
}

/* ---- edits ---- */

static void the_feed_that_brought_an_item_edits_its_text(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entry = fixture_entry(fixture, "https://lwn.example/1", 1);
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, &entry, 1));
    entry = fixture_entry(fixture, "https://lwn.example/1", 2);
    entry.published_utc_s = NOON + 5 * DAY;
    entry.verdict.section = 1;
    struct store_document *document = fixture_document(fixture, &feed, 2, &entry, 1);
    fixture_commit(fixture, store, document);
    assert_counts(document, 0, 0, 1);
    assert_string_equal(fixture_query_text(fixture, "SELECT title FROM item"), entry.title);
    assert_string_equal(
        fixture_query_text(fixture,
            "SELECT html_unpack(html, summary) FROM content JOIN item ON item.id = item_id"),
        entry.content_html);
    assert_string_equal(fixture_query_text(fixture, "SELECT section FROM item"), "papers");
    /* an edit does not lift the item into a later issue */
    assert_int_equal(fixture_query_int(fixture, "SELECT published_utc_s FROM item"), NOON);
    assert_int_equal(fixture_query_int(fixture, "SELECT dated_utc_s FROM item"), NOON);
    fixture_commit(fixture, store, document);
    assert_counts(document, 0, 0, 0);
    store_close(store);
}

static void an_edit_may_take_the_content_away_and_bring_a_missing_date(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entry = fixture_entry(fixture, "https://lwn.example/1", 1);
    entry.published_utc_s = CLOCK_NONE;
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, &entry, 1));
    assert_null(fixture_query_text(fixture, "SELECT published_utc_s FROM item"));
    assert_int_equal(fixture_query_int(fixture, "SELECT dated_utc_s FROM item"), NOON + 100);
    entry.content_hash++;
    entry.content_html = NULL;
    entry.published_utc_s = NOON - 7;
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 2, &entry, 1));
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM content"), 0);
    assert_int_equal(fixture_query_int(fixture, "SELECT published_utc_s FROM item"), NOON - 7);
    assert_int_equal(fixture_query_int(fixture, "SELECT dated_utc_s FROM item"), NOON - 7);
    store_close(store);
}

static void another_feeds_version_never_changes_the_text(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state lwn = fixture_feed(fixture, store, "lwn");
    struct feed_state arxiv = fixture_feed(fixture, store, "arxiv");
    struct store_entry first = fixture_entry(fixture, "https://lwn.example/1", 1);
    fixture_commit(fixture, store, fixture_document(fixture, &lwn, 1, &first, 1));
    for (int version = 2; version < 4; version++) { /* a first sighting, then an edit of it */
        struct store_entry other = fixture_entry(fixture, "https://lwn.example/1", version);
        struct store_document *document = fixture_document(fixture, &arxiv, version, &other, 1);
        fixture_commit(fixture, store, document);
        assert_counts(document, 0, version == 2, 0);
        fixture_commit(fixture, store, document);
        assert_counts(document, 0, 0, 0);
    }
    assert_string_equal(fixture_query_text(fixture, "SELECT title FROM item"), first.title);
    store_close(store);
}

/* ---- guids that are not what they should be ---- */

static void entries_that_share_a_guid_are_all_stored(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entries[3];
    for (int i = 0; i < 3; i++) {
        entries[i] = fixture_entry(
            fixture, arena_printf(&fixture->arena, "https://lwn.example/%d", i), 1);
        entries[i].guid = "https://lwn.example/";
    }
    struct store_document *document = fixture_document(fixture, &feed, 1, entries, 3);
    fixture_commit(fixture, store, document);
    assert_counts(document, 3, 3, 0);
    fixture_commit(fixture, store, document);
    assert_counts(document, 0, 0, 0);
    store_close(store);
}

static void a_guid_used_again_for_another_page_overwrites_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    for (int i = 0; i < 4; i++) {
        struct store_entry entry = fixture_entry(
            fixture, arena_printf(&fixture->arena, "https://lwn.example/%d", i % 3), 1);
        entry.guid = "latest";
        struct store_document *document = fixture_document(fixture, &feed, i, &entry, 1);
        fixture_commit(fixture, store, document);
        assert_counts(document, i < 3, i < 3, 0);
        fixture_commit(fixture, store, document);
        assert_counts(document, 0, 0, 0);
    }
    assert_totals(fixture, store, 3, 3);
    store_close(store);
}

static void an_entry_listed_twice_in_a_document_counts_once_with_its_first_text(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entries[] = {
        fixture_entry(fixture, "https://lwn.example/1", 1),
        fixture_entry(fixture, "https://lwn.example/1", 2),
        fixture_entry(fixture, "https://lwn.example/1", 3),
    };
    entries[2].guid = "a guid of its own";
    struct store_document *document = fixture_document(fixture, &feed, 1, entries, 3);
    for (int round = 0; round < 2; round++) {
        fixture_commit(fixture, store, document);
        assert_counts(document, round == 0, round == 0 ? 2 : 0, 0);
        assert_string_equal(
            fixture_query_text(fixture, "SELECT title FROM item"), entries[0].title);
    }
    /* nor does the sighting flip between the two, which would be a write at every poll */
    assert_int_equal(fixture_query_int(fixture,
                         arena_printf(&fixture->arena,
                             "SELECT count(*) FROM sighting WHERE content_hash = %lld",
                             (long long)entries[1].content_hash)),
        0);
    store_close(store);
}

/* A feed that makes up new guids at every poll: sightings grow, texts are not written again. */
static void a_new_guid_for_the_same_text_changes_no_item(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entry = fixture_entry(fixture, "https://lwn.example/1", 1);
    for (int i = 0; i < 3; i++) {
        entry.guid = arena_printf(&fixture->arena, "guid of poll %d", i);
        struct store_document *document = fixture_document(fixture, &feed, i, &entry, 1);
        fixture_commit(fixture, store, document);
        assert_counts(document, i == 0, 1, 0);
    }
    entry = fixture_entry(fixture, "https://lwn.example/1", 2);
    entry.guid = "guid of the edit";
    struct store_document *document = fixture_document(fixture, &feed, 4, &entry, 1);
    fixture_commit(fixture, store, document);
    assert_counts(document, 0, 1, 1);
    store_close(store);
}

/* ---- what is written ---- */

static void a_url_that_is_the_key_is_not_stored_twice(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entries[] = {
        fixture_entry(fixture, "https://lwn.example/1", 1),
        fixture_entry(fixture, "arxiv:2009.00278", 1),
        fixture_entry(fixture, "https://lwn.example/feed#3", 1),
    };
    entries[1].url = "https://arxiv.org/abs/2009.00278";
    entries[2].url = NULL;
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, entries, 3));
    assert_string_equal(fixture_query_text(fixture, "SELECT url FROM item WHERE id = 1"), "");
    struct candidate *candidates;
    size_t count;
    fixture_must(fixture,
        store_read_candidates(store, &fixture->arena, &fixture->config, 0, 10, &candidates,
            &count, &fixture->fault));
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++) {
        const struct store_entry *entry = &entries[candidates[i].id - 1];
        if (entry->url == NULL) {
            assert_null(candidates[i].url);
        } else {
            assert_string_equal(candidates[i].url, entry->url);
        }
    }
    store_close(store);
}

static void an_item_id_is_never_given_twice(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry first = fixture_entry(fixture, "https://lwn.example/1", 1);
    struct store_entry second = fixture_entry(fixture, "https://lwn.example/2", 1);
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, &first, 1));
    fixture_execute(
        fixture->path, "DELETE FROM sighting; DELETE FROM content; DELETE FROM item");
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 2, &second, 1));
    assert_int_equal(fixture_query_int(fixture, "SELECT id FROM item"), 2);
    store_close(store);
}

static void sixty_four_documents_go_into_one_transaction(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct store_document *documents[STORE_BATCH_MAX];
    for (int i = 0; i < STORE_BATCH_MAX; i++) {
        const char *name = arena_printf(&fixture->arena, "feed%d", i);
        struct feed_state feed = fixture_feed(fixture, store, name);
        struct store_entry entry = fixture_entry(
            fixture, arena_printf(&fixture->arena, "https://%s.example/", name), 1);
        documents[i] = fixture_document(fixture, &feed, 1, &entry, 1);
    }
    assert_true(
        store_commit(store, documents, STORE_BATCH_MAX, &fixture->config, &fixture->fault));
    assert_totals(fixture, store, STORE_BATCH_MAX, STORE_BATCH_MAX);
    assert_true(store_commit(store, NULL, 0, &fixture->config, &fixture->fault));
    store_close(store);
}

/* ---- stories ---- */

/* Members come in one by one, on topic and off it, in two languages, with longer and shorter
 * summaries: what the story's row says must be what all of them together say. */
static void a_story_that_grows_is_what_its_members_make_it(void **state)
{
    enum { MEMBERS = 24 };
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    fixture->config.briefing.language = "zh-CN";
    fixture_group_as_shipped(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    for (int i = 0; i < MEMBERS; i++) {
        char *key = arena_printf(
            &fixture->arena, "https://%s.example/%d", i % 3 == 0 ? "other" : "lwn", i);
        struct store_entry entry = fixture_entry(fixture, key, 1);
        entry.title = "The kernel of tomorrow is written in Rust by three maintainers";
        entry.summary = arena_printf(&fixture->arena, "%.*s", 10 + i * 7 % 40,
            "What they say of it in fifty letters and a few more.");
        entry.language = i % 5 == 4 ? "zh" : "en";
        entry.verdict.off_topic = i < 3 || i % 7 == 0;
        entry.verdict.relevance = (double)(i * 11 % 17);
        fixture_commit(fixture, store, fixture_document(fixture, &feed, i, &entry, 1));
        assert_int_equal(fixture_query_int(fixture,
                             "SELECT count(*) FROM story WHERE item_count <> (SELECT count(*)"
                             " FROM item WHERE story_id = story.id) OR off_topic <> (SELECT"
                             " min(off_topic) FROM item WHERE story_id = story.id) OR"
                             " relevance <> (SELECT coalesce(max(relevance) FILTER (WHERE"
                             " off_topic = 0), max(relevance)) FROM item WHERE story_id ="
                             " story.id)"),
            0);
        /* No original page, no readable one and no longer summary than the lead's. */
        assert_int_equal(
            fixture_query_int(fixture,
                "WITH member AS (SELECT id, story_id, off_topic, 4 * (language = 'zh') + 2 *"
                " (key LIKE '%//lwn.%') + length(summary) / 100.0 AS points FROM item)"
                " SELECT count(*) FROM story JOIN member AS lead ON lead.id = lead_item_id JOIN"
                " member ON member.story_id = story.id AND member.off_topic = story.off_topic"
                " WHERE member.points > lead.points OR lead.off_topic <> story.off_topic"),
            0);
    }
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM story"), 1);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(entries_and_validators_are_stored_together),
        storage_test(a_commit_that_fails_leaves_neither_items_nor_validators),
        storage_test(a_document_of_an_unregistered_feed_breaks_no_reference),
        storage_test(a_poll_without_a_document_stores_the_state_alone),
        storage_test(the_same_key_in_two_feeds_is_one_item_with_two_sightings),
        storage_test(committing_the_same_documents_again_changes_nothing),
        storage_test(any_order_of_feeds_gives_the_same_set_of_keys),
        storage_test(a_story_that_grows_is_what_its_members_make_it),
        storage_test(two_keys_of_one_hash_stay_two_items),
        storage_test(the_feed_that_brought_an_item_edits_its_text),
        storage_test(an_edit_may_take_the_content_away_and_bring_a_missing_date),
        storage_test(another_feeds_version_never_changes_the_text),
        storage_test(entries_that_share_a_guid_are_all_stored),
        storage_test(a_guid_used_again_for_another_page_overwrites_nothing),
        storage_test(an_entry_listed_twice_in_a_document_counts_once_with_its_first_text),
        storage_test(a_new_guid_for_the_same_text_changes_no_item),
        storage_test(a_url_that_is_the_key_is_not_stored_twice),
        storage_test(an_item_id_is_never_given_twice),
        storage_test(sixty_four_documents_go_into_one_transaction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
