/* The index follows the items: whatever changes, goes, dies in between, or was made by another
 * tokenizer. */
#include "search_fixture.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

static void check(
    struct fixture *fixture, struct store *store, const char *query, const char *found)
{
    const char *numbers = search_numbers(fixture, store, query);
    if (strcmp(numbers, found) != 0) {
        fail_msg("'%s' found '%s', not '%s'", query, numbers, found);
    }
}

static void an_item_is_found_only_after_it_was_indexed(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    search_put(fixture, store, 1, "first word", "");
    search_index_all(fixture, store);
    search_put(fixture, store, 2, "second word", "");
    check(fixture, store, "word", "1");
    struct search_request request = search_ask("word");
    assert_int_equal(search_must(fixture, store, &request).items_behind, 1);
    search_index_all(fixture, store);
    check(fixture, store, "word", "2 1");
    assert_int_equal(search_must(fixture, store, &request).items_behind, 0);
    store_close(store);
}

static void an_edited_item_is_found_by_its_new_words_only(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    search_put(fixture, store, 1, "old title", "老摘要 kept");
    search_put(fixture, store, 2, "another old", "");
    search_index_all(fixture, store);
    search_put(fixture, store, 1, "new title", "新摘要 kept");
    search_put(
        fixture, store, 1, "newer title", "更新摘要 kept"); /* twice before the index comes */
    check(fixture, store, "new*", "");                      /* not yet */
    search_index_all(fixture, store);
    check(fixture, store, "old", "2");
    check(fixture, store, "老摘要", "");
    check(fixture, store, "new", "");
    check(fixture, store, "newer", "1");
    check(fixture, store, "更新", "1");
    check(fixture, store, "kept", "1");
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM search_stale"), 0);
    store_close(store);
}

static void an_item_edited_before_it_was_indexed_leaves_nothing_stale(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    search_put(fixture, store, 1, "old title", "");
    search_put(fixture, store, 1, "new title", "");
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM search_stale"), 0);
    search_index_all(fixture, store);
    check(fixture, store, "title", "1");
    check(fixture, store, "old", "");
    store_close(store);
}

static void a_removed_item_is_found_no_more(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    search_put(fixture, store, 1, "gone word", "");
    search_put(fixture, store, 2, "staying word", "");
    search_index_all(fixture, store);
    fixture_execute(fixture->path,
        "DELETE FROM content WHERE item_id = 1; DELETE FROM sighting WHERE item_id = 1;"
        "DELETE FROM item WHERE id = 1");
    check(fixture, store, "word", "2"); /* even before the index knows */
    search_index_all(fixture, store);
    check(fixture, store, "word", "2");
    /* the row is gone from the index itself */
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM search_stale"), 0);
    store_close(store);
}

static void a_turn_ends_by_the_clock_and_the_next_goes_on(void **state)
{
    enum { ITEMS = 200 };
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    for (int i = 1; i <= ITEMS; i++) {
        search_put(fixture, store, i, "some word", "");
    }
    bool more = true;
    int turns = 0;
    int64_t last = 0;
    while (more && turns < ITEMS) {
        fixture_must(fixture, store_index_items(store, 0, &more, &fixture->fault));
        int64_t indexed = fixture_query_int(fixture, "SELECT indexed_id FROM search_state");
        assert_true(indexed > last || !more);
        last = indexed;
        turns++;
    }
    assert_true(turns > 10);
    assert_int_equal(last, ITEMS);
    fixture_must(fixture, store_index_items(store, 0, &more, &fixture->fault));
    assert_false(more);
    store_close(store);
}

static void an_index_by_another_tokenizer_is_made_anew(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    search_put(fixture, store, 1, "one word", "");
    search_index_all(fixture, store);
    search_put(fixture, store, 1, "changed word", ""); /* waits as stale */
    store_close(store);
    fixture_execute(fixture->path, "UPDATE search_state SET version = 42");
    store = fixture_open(fixture);
    struct search_request request = search_ask("word");
    struct search_result result;
    assert_false(store_search(store, &fixture->arena, &request, &result, &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_STORE);
    search_index_all(fixture, store);
    check(fixture, store, "changed", "1");
    check(fixture, store, "one", "");
    store_close(store);
}

static void a_database_that_was_never_indexed_says_so(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    search_put(fixture, store, 1, "word", "");
    store_close(store);
    struct store *reader = fixture_open_reader(fixture);
    struct search_request request = search_ask("word");
    struct search_result result;
    assert_false(store_search(reader, &fixture->arena, &request, &result, &fixture->fault));
    assert_non_null(strstr(fixture->fault.message, "'briefd run' makes it"));
    store = fixture_open(fixture);
    search_index_all(fixture, store);
    check(fixture, reader, "word", "1"); /* the reader was open before the tables were made */
    store_close(reader);
    store_close(store);
}

/* ---- kill -9 ---- */

/* Store, edit and index until killed. */
static void live(struct fixture *fixture, unsigned seed)
{
    struct store *store = fixture_open(fixture);
    bool more;
    int first = (int)fixture_query_int(fixture, "SELECT last_item_id FROM tally") + 1;
    for (int i = first;; i++) {
        const char *word = arena_printf(&fixture->arena, "word%d 词语%d", i, i);
        search_put(fixture, store, i, word, "common");
        if (rand_r(&seed) % 3 == 0) {
            search_put(fixture, store, 1 + rand_r(&seed) % i, "edited 改过", "common");
        }
        if (rand_r(&seed) % 2 == 0 &&
            !store_index_items(store, rand_r(&seed) % 2, &more, &fixture->fault)) {
            _exit(1);
        }
    }
}

static void spin(uint64_t ns)
{
    uint64_t end = clock_monotonic_ns() + ns;
    while (clock_monotonic_ns() < end) {
    }
}

/* All items of the file are found, each by its words and no other. */
static void check_index(struct fixture *fixture)
{
    struct store *store = fixture_open(fixture);
    search_index_all(fixture, store);
    int64_t items = fixture_query_int(fixture, "SELECT count(*) FROM item");
    int64_t edited = fixture_query_int(
        fixture, "SELECT count(*) FROM item WHERE title = 'edited 改过'");
    struct search_request request = search_ask("common");
    request.order = SEARCH_BY_DATE; /* exact for as few */
    assert_int_equal(search_must(fixture, store, &request).total, items);
    request.query = "改过";
    request.query_bytes = 6;
    assert_int_equal(search_must(fixture, store, &request).total, edited);
    request.query = "词语";
    assert_int_equal(search_must(fixture, store, &request).total, items - edited);
    store_close(store);
    assert_string_equal(fixture_query_text(fixture, "PRAGMA integrity_check"), "ok");
}

/* Until the child has committed something. */
static void await_more_items(struct fixture *fixture)
{
    static const char count[] = "SELECT count(*) FROM item";
    int64_t before = fixture_query_int(fixture, count);
    uint64_t deadline = clock_monotonic_ns() + UINT64_C(20000000000);
    while (fixture_query_int(fixture, count) == before) {
        assert_true(clock_monotonic_ns() < deadline);
        spin(1000000);
    }
}

static void a_kill_between_an_items_commit_and_its_indexing_loses_nothing(void **state)
{
    enum { KILLS = 20 };
    struct fixture *fixture = *state;
    unsigned seed = (unsigned)clock_monotonic_ns();
    print_message("seed %u\n", seed);
    store_close(fixture_open(fixture));
    for (int i = 0; i < KILLS; i++) {
        pid_t child = fork();
        if (child == 0) {
            live(fixture, seed + (unsigned)i);
        }
        await_more_items(fixture);
        spin((uint64_t)(rand_r(&seed) % 60000) * 1000);
        kill(child, SIGKILL);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status)); /* it did not fail by itself */
        if (i % 4 == 3) {
            check_index(fixture);
        }
    }
    assert_true(fixture_query_int(fixture, "SELECT count(*) FROM item") >= KILLS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(an_item_is_found_only_after_it_was_indexed),
        storage_test(an_edited_item_is_found_by_its_new_words_only),
        storage_test(an_item_edited_before_it_was_indexed_leaves_nothing_stale),
        storage_test(a_removed_item_is_found_no_more),
        storage_test(a_turn_ends_by_the_clock_and_the_next_goes_on),
        storage_test(an_index_by_another_tokenizer_is_made_anew),
        storage_test(a_database_that_was_never_indexed_says_so),
        storage_test(a_kill_between_an_items_commit_and_its_indexing_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
