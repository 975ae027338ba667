/* From a real store to the documents. The store's own fixture keeps the database. */
#include "../storage/fixture.h"

#include <jansson.h>
#include <string.h>

#include "base/clock.h"
#include "config/config.h"
#include "web/server/snapshot.h"

static const char text[] = "briefing { title = \"测试简报\" interval = 14d }\n"
                           "section news { title = \"业界新闻\" fallback = true }\n"
                           "section papers { title = \"论文\" form = paper }\n"
                           "feed arxiv { url = \"https://arxiv.example/feed\" }\n"
                           "feed lwn { url = \"https://lwn.example/feed\" }\n";

static struct config *load(void)
{
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(text, "test.conf", &problems);
    struct buffer complaints;
    buffer_init(&complaints, 65536);
    problems_write(&problems, &complaints);
    if (config == NULL) {
        fail_msg("%s", complaints.data);
    }
    buffer_release(&complaints);
    problems_release(&problems);
    return config;
}

static struct snapshot *build(struct fixture *fixture, const struct config *config, int64_t now)
{
    struct store *reader = fixture_open_reader(fixture);
    struct snapshot *snapshot = NULL;
    fixture_must(fixture, snapshot_build(reader, config, now, &snapshot, &fixture->fault));
    store_close(reader);
    return snapshot;
}

static bool has(
    const struct snapshot *snapshot, enum snapshot_document document, const char *words)
{
    return strstr(snapshot->bodies[document].data, words) != NULL;
}

static void commit_one(struct fixture *fixture, struct store *store, const char *key)
{
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entry = fixture_entry(fixture, key, 1);
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, &entry, 1));
}

static void an_empty_store_gives_every_document(void **state)
{
    struct fixture *fixture = *state;
    store_close(fixture_open(fixture));
    struct config *config = load();
    struct snapshot *snapshot = build(fixture, config, NOON);
    for (int i = 0; i < SNAPSHOT_COUNT; i++) {
        assert_true(snapshot->bodies[i].length > 0);
    }
    assert_true(has(snapshot, SNAPSHOT_PAGE, "2 个还没取过"));
    assert_int_equal(snapshot->totals.items, 0);
    assert_int_equal(snapshot->failing, 0);
    assert_int_equal(snapshot->built_utc_s, NOON);
    snapshot_unref(snapshot);
    config_unref(config);
}

static void what_was_stored_stands_in_every_document(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    commit_one(fixture, store, "https://lwn.example/1");
    store_close(store);
    struct config *config = load();
    struct snapshot *snapshot = build(fixture, config, NOON + DAY);
    static const enum snapshot_document with_title[] = {
        SNAPSHOT_PAGE, SNAPSHOT_MARKDOWN, SNAPSHOT_HTML, SNAPSHOT_JSON};
    for (size_t i = 0; i < array_count(with_title); i++) {
        assert_true(has(snapshot, with_title[i], "title 1 of https"));
        assert_true(has(snapshot, with_title[i], "测试简报"));
    }
    /* Whatever the renderers write, their style is the one the policy allows. */
    assert_non_null(snapshot->bodies[SNAPSHOT_PAGE].style_hash);
    assert_non_null(snapshot->bodies[SNAPSHOT_HTML].style_hash);
    assert_int_equal(snapshot->totals.items, 1);

    json_t *feeds = json_loads(snapshot->bodies[SNAPSHOT_FEEDS].data, 0, NULL);
    assert_int_equal(json_array_size(json_object_get(feeds, "feeds")), 2);
    json_decref(feeds);
    json_t *draft = json_loads(snapshot->bodies[SNAPSHOT_JSON].data, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(draft, "date")), "2020-09-18");
    json_decref(draft);
    snapshot_unref(snapshot);
    config_unref(config);
}

static void without_an_issue_candidates_reach_back_one_interval(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    commit_one(fixture, store, "https://lwn.example/1");
    store_close(store);
    struct config *config = load();
    struct snapshot *inside = build(fixture, config, NOON + 13 * DAY);
    assert_true(has(inside, SNAPSHOT_JSON, "title 1 of https"));
    snapshot_unref(inside);
    struct snapshot *outside = build(fixture, config, NOON + 15 * DAY);
    assert_false(has(outside, SNAPSHOT_JSON, "title 1 of https"));
    snapshot_unref(outside);
    config_unref(config);
}

static void after_an_issue_candidates_reach_back_to_it(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    commit_one(fixture, store, "https://lwn.example/1");
    store_close(store);
    struct config *config = load();
    fixture_execute(fixture->path,
        "INSERT INTO issue (day, url) VALUES ('2020-09-16', 'https://example.org/2020-09-16')");
    struct snapshot *before = build(fixture, config, NOON + 40 * DAY);
    assert_true(has(before, SNAPSHOT_JSON, "title 1 of https"));
    assert_true(has(before, SNAPSHOT_MARKDOWN, "2020-09-16"));
    snapshot_unref(before);
    fixture_execute(fixture->path,
        "INSERT INTO issue (day, url) VALUES ('2020-09-18', 'https://example.org/2020-09-18')");
    struct snapshot *after = build(fixture, config, NOON + 2 * DAY);
    assert_false(has(after, SNAPSHOT_JSON, "title 1 of https"));
    snapshot_unref(after);
    config_unref(config);
}

static void a_failing_feed_is_counted(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_document *document = fixture_document(fixture, &feed, 1, NULL, 0);
    document->state.failures = 2;
    document->state.error = "no route to host";
    document->state.error_kind = "network";
    fixture_commit(fixture, store, document);
    store_close(store);
    struct config *config = load();
    struct snapshot *snapshot = build(fixture, config, NOON);
    assert_int_equal(snapshot->failing, 1);
    assert_true(has(snapshot, SNAPSHOT_PAGE, "连不上对方的服务器，连续 2 次"));
    assert_true(has(snapshot, SNAPSHOT_FEEDS, "no route to host. 2 times in a row."));
    snapshot_unref(snapshot);
    config_unref(config);
}

static void a_broken_store_is_a_fault_and_no_snapshot(void **state)
{
    struct fixture *fixture = *state;
    store_close(fixture_open(fixture));
    struct config *config = load();
    struct store *reader = fixture_open_reader(fixture);
    fixture_execute(fixture->path, "DROP TABLE issue");
    struct snapshot *snapshot = NULL;
    assert_false(snapshot_build(reader, config, NOON, &snapshot, &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_STORE);
    assert_null(snapshot);
    store_close(reader);
    config_unref(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(an_empty_store_gives_every_document),
        storage_test(what_was_stored_stands_in_every_document),
        storage_test(without_an_issue_candidates_reach_back_one_interval),
        storage_test(after_an_issue_candidates_reach_back_to_it),
        storage_test(a_failing_feed_is_counted),
        storage_test(a_broken_store_is_a_fault_and_no_snapshot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
