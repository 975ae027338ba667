/* Issues in the archive, and what stored items learn from it. */
#include "fixture.h"

#include <string.h>

#include "base/clock.h"
#include "briefing/render_markdown.h"

static struct issue_reading read_issue(
    struct fixture *fixture, const char *day, const char *text)
{
    return issue_read_markdown(&fixture->arena, &fixture->config, day, text, strlen(text));
}

static enum store_issue_change import(
    struct fixture *fixture, struct store *store, const char *day, const char *text)
{
    struct issue_reading reading = read_issue(fixture, day, text);
    enum store_issue_change change;
    fixture_must(fixture, store_import_issue(store, &reading, &change, &fixture->fault));
    return change;
}

static const char september[] =
    "# T (2020-09-17)\n\n## News\n\n- [Small nets run on tiny machines | "
    "Src](https://lwn.example/1)  \n"
    "摘要：s  \n- [Other](https://lwn.example/2)  \n> quoted\n\n## Archive\n\n"
    "| 2 | 0 | 2 | 0 |\n|:---:|:---:|:---:|:---:|\n"
    "|  |  | [2020-09-17](../o/2020-09-17.md) | [2020-08-26](../o/2020-08-26.md)  |\n";

static void setup_labels(struct fixture *fixture)
{
    struct config_labels *labels = &fixture->config.briefing.labels;
    *labels = (struct config_labels){
        .guide = "导读：",
        .summary = "摘要：",
        .note = "注：",
        .group_separator = "；",
        .sentence_end = "。",
        .source_separator = " | ",
        .prefix_separator = "：",
        .archive = "Archive",
        .headline_separator = "：",
        .open_bracket = "「",
        .close_bracket = "」",
    };
    fixture->config.briefing.title = "T";
    fixture->config.stories.crowded_title = 0.6;
    fixture->config.stories.crowded_text = 0.5;
}

static void an_imported_issue_is_read_as_it_was(void **state)
{
    struct fixture *fixture = *state;
    setup_labels(fixture);
    struct store *store = fixture_open(fixture);
    assert_int_equal(import(fixture, store, "2020-09-17", september), STORE_ISSUE_ADDED);
    struct issue *issue;
    fixture_must(fixture,
        store_read_issue(store, &fixture->arena, "2020-09-17", &issue, &fixture->fault));
    struct buffer out;
    buffer_init(&out, 1 << 20);
    issue_write_markdown(issue, &out);
    assert_non_null(strstr(
        out.data, "- [Small nets run on tiny machines | Src](https://lwn.example/1)  \n"));
    buffer_release(&out);
    struct issue_unread *unread;
    size_t count;
    fixture_must(fixture,
        store_read_unread(
            store, &fixture->arena, "2020-09-17", &unread, &count, &fixture->fault));
    assert_int_equal(count, 1);
    assert_string_equal(unread[0].text, "> quoted");
    fixture_must(fixture,
        store_read_issue(store, &fixture->arena, "2020-09-18", &issue, &fixture->fault));
    assert_null(issue);
    store_close(store);
}

static void imported_again_nothing_changes_and_a_changed_file_is_a_version(void **state)
{
    struct fixture *fixture = *state;
    setup_labels(fixture);
    struct store *store = fixture_open(fixture);
    import(fixture, store, "2020-09-17", september);
    assert_int_equal(import(fixture, store, "2020-09-17", september), STORE_ISSUE_UNCHANGED);
    assert_int_equal(
        import(fixture, store, "2020-09-17", "# T (2020-09-17)\n\n## News\n\n- Third  \n"),
        STORE_ISSUE_CHANGED);
    store_close(store);
    assert_int_equal(
        fixture_query_int(fixture, "SELECT version FROM issue WHERE day = '2020-09-17'"), 2);
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM issue_version"), 1);
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM printed_item"), 1);
}

static void days_that_only_a_table_names_are_links(void **state)
{
    struct fixture *fixture = *state;
    setup_labels(fixture);
    struct store *store = fixture_open(fixture);
    import(fixture, store, "2020-09-17", september);
    struct past_issue *issues;
    size_t count;
    int64_t last;
    fixture_must(fixture,
        store_read_issues(store, &fixture->arena, &issues, &count, &last, &fixture->fault));
    assert_int_equal(count, 2);
    assert_string_equal(issues[0].url, "../o/2020-09-17.md");
    assert_string_equal(issues[1].date, "2020-08-26");
    assert_int_equal(issues[1].spaces_after, 1);
    struct issue *issue;
    fixture_must(fixture,
        store_read_issue(store, &fixture->arena, "2020-08-26", &issue, &fixture->fault));
    assert_null(issue);
    store_close(store);
}

static struct candidate *find(struct candidate *candidates, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(candidates[i].key, key) == 0) {
            return &candidates[i];
        }
    }
    fail_msg("no candidate %s", key);
    return candidates;
}

static void commit_three(struct fixture *fixture, struct store *store)
{
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entries[] = {fixture_entry(fixture, "https://lwn.example/1", 1),
        fixture_entry(fixture, "https://other.example/copy", 2),
        fixture_entry(fixture, "https://other.example/new", 3)};
    entries[0].title = "Quite another title";
    entries[1].title = "Small Nets Run on Tiny Machines!";
    entries[2].title = "Large nets fail on tiny tests";
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, entries, 3));
}

static struct candidate *read_candidate(
    struct fixture *fixture, struct store *store, const char *key)
{
    struct candidate *candidates;
    size_t count;
    fixture_must(fixture,
        store_read_candidates(store, &fixture->arena, &fixture->config, 0, 10, &candidates,
            &count, &fixture->fault));
    return find(candidates, count, key);
}

static void check_marks(struct fixture *fixture, struct store *store)
{
    struct candidate *same = read_candidate(fixture, store, "https://lwn.example/1");
    assert_string_equal(same->printed_day, "2020-09-17");
    assert_string_equal(same->printed_how, "key");
    struct candidate *near = read_candidate(fixture, store, "https://other.example/copy");
    assert_string_equal(near->printed_day, "2020-09-17");
    assert_string_equal(near->printed_how, "title");
    assert_null(read_candidate(fixture, store, "https://other.example/new")->printed_day);
}

static void an_item_stored_later_knows_where_it_was_printed(void **state)
{
    struct fixture *fixture = *state;
    setup_labels(fixture);
    struct store *store = fixture_open(fixture);
    import(fixture, store, "2020-09-17", september);
    commit_three(fixture, store);
    check_marks(fixture, store);
    store_close(store);
}

/* Its lead has no mark of its own. */
static void a_story_of_which_another_item_was_printed_says_how(void **state)
{
    struct fixture *fixture = *state;
    setup_labels(fixture);
    struct store *store = fixture_open(fixture);
    import(fixture, store, "2020-09-17", september);
    commit_three(fixture, store);
    fixture_execute(fixture->path,
        "UPDATE story SET printed_issue_id = (SELECT id FROM issue WHERE day = '2020-09-17')"
        " WHERE id = (SELECT story_id FROM item WHERE key = 'https://other.example/new')");
    struct candidate *lead = read_candidate(fixture, store, "https://other.example/new");
    assert_string_equal(lead->printed_day, "2020-09-17");
    assert_string_equal(lead->printed_how, "title");
    store_close(store);
}

static void an_item_stored_before_learns_of_it(void **state)
{
    struct fixture *fixture = *state;
    setup_labels(fixture);
    struct store *store = fixture_open(fixture);
    commit_three(fixture, store);
    import(fixture, store, "2020-09-17", september);
    fixture_must(fixture, store_mark_printed(store, &fixture->config, 0, &fixture->fault));
    check_marks(fixture, store);
    /* and forgets it when the issue is corrected */
    import(fixture, store, "2020-09-17", "# T (2020-09-17)\n\n## News\n\n- Third  \n");
    fixture_must(fixture, store_mark_printed(store, &fixture->config, 0, &fixture->fault));
    store_close(store);
    assert_int_equal(fixture_query_int(fixture,
                         "SELECT count(*) FROM item WHERE printed_issue_id IS NOT NULL"),
        0);
}

static void two_printed_items_may_have_one_address(void **state)
{
    struct fixture *fixture = *state;
    setup_labels(fixture);
    struct store *store = fixture_open(fixture);
    import(fixture, store, "2020-09-17",
        "# T (2020-09-17)\n\n## News\n\n- [One](https://lwn.example/1)  \n- "
        "[Two](https://lwn.example/1)  \n");
    store_close(store);
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM printed_item"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(an_imported_issue_is_read_as_it_was),
        storage_test(imported_again_nothing_changes_and_a_changed_file_is_a_version),
        storage_test(days_that_only_a_table_names_are_links),
        storage_test(an_item_stored_later_knows_where_it_was_printed),
        storage_test(an_item_stored_before_learns_of_it),
        storage_test(a_story_of_which_another_item_was_printed_says_how),
        storage_test(two_printed_items_may_have_one_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
