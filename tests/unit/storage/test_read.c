/* What the store gives back: feeds, candidates, issues. */
#include "fixture.h"

#include <string.h>

#include "base/clock.h"
#include "storage/statements.h"

struct reading {
    struct candidate *candidates;
    size_t count;
};

static struct reading read_candidates(
    struct fixture *fixture, struct store *store, int64_t since, size_t limit)
{
    struct reading reading;
    fixture_must(fixture,
        store_read_candidates(store, &fixture->arena, &fixture->config, since, limit,
            &reading.candidates, &reading.count, &fixture->fault));
    return reading;
}

/* ---- feeds ---- */

static void a_new_feed_is_registered_with_nothing_known(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    assert_int_not_equal(feed.id, 0);
    assert_string_equal(feed.url, "https://lwn.example/feed");
    assert_string_equal(feed.name, "lwn");
    assert_null(feed.etag);
    assert_null(feed.error);
    assert_true(feed.next_poll_utc_s == CLOCK_NONE && feed.last_poll_utc_s == CLOCK_NONE &&
        feed.moved_since_utc_s == CLOCK_NONE);
    assert_int_equal(feed.failures + feed.status + feed.entries + feed.bozo + feed.gone, 0);
    assert_int_equal(fixture_feed(fixture, store, "lwn").id, feed.id);
    store_close(store);
}

static void a_feed_is_its_url_and_may_change_its_name(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct feed_state renamed;
    fixture_must(fixture,
        store_register_feed(
            store, &fixture->arena, feed.url, "LWN.net", &renamed, &fixture->fault));
    assert_int_equal(renamed.id, feed.id);
    assert_string_equal(renamed.name, "LWN.net");
    store_close(store);
    assert_string_equal(fixture_query_text(fixture, "SELECT name FROM feed"), "LWN.net");
}

static void registering_a_known_feed_writes_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    fixture_feed(fixture, store, "lwn");
    struct store *reader = fixture_open_reader(fixture);
    fixture_feed(fixture, reader, "lwn"); /* a reader cannot write */
    store_close(reader);
    store_close(store);
}

static void every_part_of_a_feeds_state_comes_back_as_it_was(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct feed_state full = {
        .id = feed.id,
        .url = feed.url,
        .name = "linux weekly",
        .title = "LWN\xff\x80", /* a title that is not UTF-8 */
        .etag = "W/\"a\"b \xe9",
        .last_modified = "Thu, 17 Sep 2020",
        .moved_to = "https://new.example/",
        .moved_since_utc_s = NOON - 1,
        .body_hash = UINT64_MAX - 5,
        .next_poll_utc_s = NOON + 2,
        .last_poll_utc_s = NOON - 3,
        .last_success_utc_s = NOON - 4,
        .newest_entry_utc_s = -5, /* before 1970 */
        .interval_s = 3600,
        .rhythm = "1600300800 60 1 2",
        .max_age_s = 61,
        .pace_s = 62,
        .skip_hours = 0xfffffe,
        .skip_days = 0x41,
        .failures = 6,
        .error = "it is not a feed",
        .error_kind = "parse",
        .status = 200,
        .entries = 30,
        .bozo = true,
        .gone = true,
    };
    struct store_document document = {.state = full, .source = "LWN", .fetched_utc_s = NOON};
    fixture_commit(fixture, store, &document);
    struct feed_state *states;
    size_t count;
    fixture_must(
        fixture, store_read_feeds(store, &fixture->arena, &states, &count, &fixture->fault));
    assert_int_equal(count, 1);
    assert_string_equal(states->name, full.name);
    assert_string_equal(states->title, full.title);
    assert_string_equal(states->etag, full.etag);
    assert_string_equal(states->last_modified, full.last_modified);
    assert_string_equal(states->moved_to, full.moved_to);
    assert_string_equal(states->error, full.error);
    assert_string_equal(states->error_kind, full.error_kind);
    assert_true(states->body_hash == full.body_hash);
    assert_int_equal(states->moved_since_utc_s, full.moved_since_utc_s);
    assert_int_equal(states->next_poll_utc_s, full.next_poll_utc_s);
    assert_int_equal(states->last_poll_utc_s, full.last_poll_utc_s);
    assert_int_equal(states->last_success_utc_s, full.last_success_utc_s);
    assert_int_equal(states->newest_entry_utc_s, full.newest_entry_utc_s);
    assert_int_equal(states->interval_s, full.interval_s);
    assert_string_equal(states->rhythm, full.rhythm);
    assert_int_equal(states->max_age_s, full.max_age_s);
    assert_int_equal(states->pace_s, full.pace_s);
    assert_int_equal(states->skip_hours, full.skip_hours);
    assert_int_equal(states->skip_days, full.skip_days);
    assert_int_equal(states->failures, full.failures);
    assert_int_equal(states->status, full.status);
    assert_int_equal(states->entries, full.entries);
    assert_true(states->bozo);
    assert_true(states->gone);
    store_close(store);
}

static void feeds_are_listed_by_name(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state *states;
    size_t count;
    fixture_must(
        fixture, store_read_feeds(store, &fixture->arena, &states, &count, &fixture->fault));
    assert_int_equal(count, 0);
    static const char *const names[] = {"lwn", "arxiv", "infoq"};
    for (size_t i = 0; i < array_count(names); i++) {
        fixture_feed(fixture, store, names[i]);
    }
    fixture_must(
        fixture, store_read_feeds(store, &fixture->arena, &states, &count, &fixture->fault));
    assert_int_equal(count, 3);
    assert_string_equal(states[0].name, "arxiv");
    assert_string_equal(states[1].name, "infoq");
    assert_string_equal(states[2].name, "lwn");
    store_close(store);
}

/* ---- candidates ---- */

static void a_candidate_comes_back_with_all_its_parts(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "arxiv");
    const char *tags[] = {"2009.00278v2", "CVPR2021", ""};
    struct store_entry entry = fixture_entry(fixture, "arxiv:2009.00278", 1);
    entry.language = "en";
    entry.verdict = (struct verdict){.section = 1,
        .margin = 0.25,
        .uncertain = true,
        .relevance = 0.75,
        .vendor = "英伟达",
        .prefix = "Tencent/ncnn",
        .tags = tags,
        .tag_count = 3};
    entry.reasons_json = "[{\"rule\":\"papers/venues\"}]";
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, &entry, 1));
    struct reading reading = read_candidates(fixture, store, 0, 10);
    assert_int_equal(reading.count, 1);
    const struct candidate *candidate = reading.candidates;
    assert_string_equal(candidate->key, entry.key);
    assert_string_equal(candidate->title, entry.title);
    assert_string_equal(candidate->summary, entry.summary);
    assert_string_equal(candidate->source, "source arxiv");
    assert_string_equal(candidate->language, "en");
    assert_string_equal(candidate->vendor, "英伟达");
    assert_string_equal(candidate->prefix, "Tencent/ncnn");
    assert_string_equal(candidate->reasons_json, entry.reasons_json);
    assert_int_equal(candidate->published_utc_s, NOON);
    assert_int_equal(candidate->first_seen_utc_s, NOON + 100);
    assert_int_equal(candidate->section, 1);
    assert_true(candidate->uncertain);
    assert_true(candidate->margin == 0.25 && candidate->relevance == 0.75);
    assert_int_equal(candidate->tag_count, 3);
    for (int i = 0; i < 3; i++) {
        assert_string_equal(candidate->tags[i], tags[i]);
    }
    assert_int_equal(candidate->also_count, 0);
    store_close(store);
}

static void an_item_off_topic_or_before_the_window_is_no_candidate(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entries[] = {
        fixture_entry(fixture, "on topic", 1),
        fixture_entry(fixture, "off topic", 1),
        fixture_entry(fixture, "at the border", 1),
        fixture_entry(fixture, "undated", 1),
    };
    entries[1].verdict.off_topic = true;
    entries[2].published_utc_s = NOON - 1;
    entries[3].published_utc_s = CLOCK_NONE; /* counts as first seen: NOON + 100 */
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, entries, 4));
    struct reading reading = read_candidates(fixture, store, NOON - 1, 10);
    assert_int_equal(reading.count, 2);
    reading = read_candidates(fixture, store, NOON, 10);
    assert_int_equal(reading.count, 1);
    assert_string_equal(reading.candidates->key, "undated");
    assert_true(reading.candidates->published_utc_s == CLOCK_NONE);
    assert_int_equal(read_candidates(fixture, store, CLOCK_NONE, 10).count, 3);
    store_close(store);
}

static void the_limit_keeps_the_most_relevant(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entries[20];
    for (int i = 0; i < 20; i++) {
        entries[i] = fixture_entry(fixture, arena_printf(&fixture->arena, "key %d", i), 1);
        entries[i].verdict.relevance = (i * 7 % 20) / 20.0;
        entries[i].published_utc_s = NOON + i;
    }
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, entries, 20));
    struct reading reading = read_candidates(fixture, store, 0, 5);
    assert_int_equal(reading.count, 5);
    for (size_t i = 0; i < reading.count; i++) {
        assert_true(reading.candidates[i].relevance >= 0.75);
    }
    store_close(store);
}

static void other_sources_of_an_item_are_named_once_each(void **state)
{
    static const struct {
        const char *feed, *source;
    } sightings[] = {
        {"lwn", "LWN"}, {"lwn2", "LWN"}, /* a second feed of the first source */
        {"infoq", "InfoQ"}, {"arxiv", "arXiv"},
        {"infoq2", "InfoQ"}, /* a second feed of another source */
    };
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct store_entry entry = fixture_entry(fixture, "https://a.example/1", 1);
    for (size_t i = 0; i < array_count(sightings); i++) {
        struct feed_state feed = fixture_feed(fixture, store, sightings[i].feed);
        for (int guid = 0; guid < 2; guid++) { /* each feed sees it twice */
            entry.guid = guid == 0 ? "one" : "two";
            struct store_document *document = fixture_document(fixture, &feed, 1, &entry, 1);
            document->source = sightings[i].source;
            fixture_commit(fixture, store, document);
        }
    }
    struct reading reading = read_candidates(fixture, store, 0, 10);
    assert_int_equal(reading.count, 1);
    assert_string_equal(reading.candidates->source, "LWN");
    assert_int_equal(reading.candidates->also_count, 2);
    assert_string_equal(reading.candidates->also[0], "InfoQ");
    assert_string_equal(reading.candidates->also[1], "arXiv");
    store_close(store);
}

static void a_section_that_is_gone_from_the_configuration_falls_to_the_fallback(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entry = fixture_entry(fixture, "key", 1);
    entry.verdict.section = 2;
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, &entry, 1));
    assert_int_equal(read_candidates(fixture, store, 0, 10).candidates->section, 2);
    struct config_section fewer[] = {
        {.id = "papers"}, {.id = "essays", .fallback = true}, {.id = "blog"}};
    fixture->config.sections = fewer;
    assert_int_equal(read_candidates(fixture, store, 0, 10).candidates->section, 1);
    store_close(store);
}

static void a_reader_sees_whole_commits_of_the_writer(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct store *reader = fixture_open_reader(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    for (int i = 0; i < 3; i++) {
        struct store_entry entry = fixture_entry(
            fixture, arena_printf(&fixture->arena, "key %d", i), 1);
        assert_int_equal(read_candidates(fixture, reader, 0, 10).count, i);
        fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, &entry, 1));
    }
    assert_int_equal(read_candidates(fixture, reader, 0, 10).count, 3);
    store_close(reader);
    store_close(store);
}

/* ---- issues ---- */

static void issues_are_listed_newest_first_with_the_last_day(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct past_issue *issues;
    size_t count;
    int64_t last;
    fixture_must(fixture,
        store_read_issues(store, &fixture->arena, &issues, &count, &last, &fixture->fault));
    assert_int_equal(count, 0);
    assert_true(last == CLOCK_NONE);
    fixture_execute(fixture->path,
        "INSERT INTO issue (day, url) VALUES ('2020-08-30', 'b'),"
        " ('2020-09-17', 'c'), ('2019-12-31', 'a')");
    fixture_must(fixture,
        store_read_issues(store, &fixture->arena, &issues, &count, &last, &fixture->fault));
    assert_int_equal(count, 3);
    assert_string_equal(issues[0].date, "2020-09-17");
    assert_string_equal(issues[0].url, "c");
    assert_string_equal(issues[2].date, "2019-12-31");
    assert_int_equal(last, NOON);
    struct store_totals totals;
    fixture_must(fixture, store_read_totals(store, &totals, &fixture->fault));
    assert_int_equal(totals.issues, 3);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(a_new_feed_is_registered_with_nothing_known),
        storage_test(a_feed_is_its_url_and_may_change_its_name),
        storage_test(registering_a_known_feed_writes_nothing),
        storage_test(every_part_of_a_feeds_state_comes_back_as_it_was),
        storage_test(feeds_are_listed_by_name),
        storage_test(a_candidate_comes_back_with_all_its_parts),
        storage_test(an_item_off_topic_or_before_the_window_is_no_candidate),
        storage_test(the_limit_keeps_the_most_relevant),
        storage_test(other_sources_of_an_item_are_named_once_each),
        storage_test(a_section_that_is_gone_from_the_configuration_falls_to_the_fallback),
        storage_test(a_reader_sees_whole_commits_of_the_writer),
        storage_test(issues_are_listed_newest_first_with_the_last_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
