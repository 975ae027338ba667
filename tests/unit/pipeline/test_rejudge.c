#include "bench.h"
#include "pipeline/rejudge.h"

struct ends {
    size_t count, items;
    bool complete;
};

static void on_done(void *data, size_t items, bool complete)
{
    struct ends *ends = data;
    ends->count++;
    ends->items += items;
    ends->complete = complete;
}

static void on_written(void *data, struct document *document, const struct fault *fault)
{
    assert_null(fault);
    document_free(document);
}

static void put(struct bench *bench, struct rules *rules, int feed, int first, int count)
{
    writer_put(
        bench->writer, bench_document(bench, rules, feed, first, count), on_written, NULL);
}

static int64_t in_blog(struct bench *bench)
{
    return fixture_query_int(bench->files, "SELECT count(*) FROM item WHERE section = 'blog'");
}

static void items_of_several_earlier_rules_are_all_judged_again(void **state)
{
    struct bench *bench = *state;
    struct rules *first = bench_rules("first"), *second = bench_rules("second");
    struct rules *newest = bench_rules("Item");
    put(bench, first, 0, 0, 5);
    put(bench, second, 1, 10, 5);
    struct ends ends = {0};
    struct rejudge *rejudge = rejudge_new(bench->writer, on_done, &ends);
    loop_run(bench->loop);
    assert_int_equal(in_blog(bench), 0);
    rejudge_start(rejudge, newest, false);
    loop_run(bench->loop);
    assert_int_equal(in_blog(bench), 10);
    assert_int_equal(ends.count, 1);
    assert_int_equal(ends.items, 10);
    assert_true(ends.complete);
    rejudge_free(rejudge);
    rules_unref(first);
    rules_unref(second);
    rules_unref(newest);
}

static void two_starts_do_not_undo_each_other_for_ever(void **state)
{
    struct bench *bench = *state;
    struct rules *stored = bench_rules("stored"), *passing = bench_rules("Item");
    struct rules *newest = bench_rules("number7");
    put(bench, stored, 0, 0, 600); /* more than two batches */
    struct ends ends = {0};
    struct rejudge *rejudge = rejudge_new(bench->writer, on_done, &ends);
    loop_run(bench->loop);
    rejudge_start(rejudge, passing, false);
    rejudge_start(rejudge, newest, false); /* while the first batch runs */
    loop_run(bench->loop);
    assert_int_equal(ends.count, 1);
    assert_int_equal(in_blog(bench), 1);
    assert_int_equal(fixture_query_int(bench->files, "SELECT count(*) FROM item"), 600);
    rejudge_free(rejudge);
    rules_unref(stored);
    rules_unref(passing);
    rules_unref(newest);
}

static void a_stopping_writer_ends_the_chain_and_says_that_it_is_not_complete(void **state)
{
    struct bench *bench = *state;
    struct rules *stored = bench_rules("stored"), *newest = bench_rules("Item");
    put(bench, stored, 0, 0, 600);
    struct ends ends = {.complete = true};
    struct rejudge *rejudge = rejudge_new(bench->writer, on_done, &ends);
    loop_run(bench->loop);
    bench_hold_writer(bench);
    rejudge_start(rejudge, newest, false);
    writer_stop(bench->writer);
    assert_int_equal(ends.count, 1);
    assert_false(ends.complete);
    bench_let_go(bench);
    loop_run(bench->loop);
    assert_int_equal(in_blog(bench), 0);
    rejudge_free(rejudge);
    rules_unref(stored);
    rules_unref(newest);
}

static void a_store_that_fails_ends_the_chain_and_a_new_start_heals(void **state)
{
    struct bench *bench = *state;
    struct rules *stored = bench_rules("stored"), *newest = bench_rules("Item");
    put(bench, stored, 0, 0, 10);
    struct ends ends = {.complete = true};
    struct rejudge *rejudge = rejudge_new(bench->writer, on_done, &ends);
    loop_run(bench->loop);
    fixture_execute(bench->files->path,
        "CREATE TRIGGER full BEFORE UPDATE ON item BEGIN "
        "SELECT RAISE(ABORT, 'full'); END");
    rejudge_start(rejudge, newest, false);
    loop_run(bench->loop);
    assert_int_equal(ends.count, 1);
    assert_false(ends.complete);
    fixture_execute(bench->files->path, "DROP TRIGGER full");
    rejudge_start(rejudge, newest, false);
    loop_run(bench->loop);
    assert_true(ends.complete);
    assert_int_equal(in_blog(bench), 10);
    rejudge_free(rejudge);
    rules_unref(stored);
    rules_unref(newest);
}

/* As judged by nobody; which of them a chain comes to is seen by what it writes. */
static void forget_verdicts(struct bench *bench)
{
    fixture_execute(bench->files->path, "UPDATE item SET section = 'news'");
}

static void what_can_still_be_picked_is_judged_again_whoever_judged_it(void **state)
{
    struct bench *bench = *state;
    struct rules *rules = bench_rules("Item");
    put(bench, rules, 0, 0, 3500);
    struct ends ends = {0};
    struct rejudge *rejudge = rejudge_new(bench->writer, on_done, &ends);
    loop_run(bench->loop);
    forget_verdicts(bench);
    fixture_execute(bench->files->path,
        "UPDATE story SET state = 'later' WHERE id % 5 = 0;"
        "UPDATE story SET state = 'rejected' WHERE id % 5 = 1;"
        "UPDATE story SET off_topic = 1 WHERE id % 5 = 2;"
        "UPDATE story SET state = 'picked' WHERE id % 5 = 3");
    rejudge_start(rejudge, rules, false);
    loop_run(bench->loop);
    assert_int_equal(in_blog(bench), 0); /* none is stale */
    rejudge_start(rejudge, rules, true);
    loop_run(bench->loop);
    assert_int_equal(in_blog(bench), 2 * 700);
    assert_int_equal(fixture_query_int(bench->files,
                         "SELECT count(*) FROM item JOIN story ON story.id = story_id"
                         " WHERE item.section = 'blog' AND tray IN ('inbox', 'later')"),
        2 * 700);
    assert_int_equal(ends.count, 2);
    assert_true(ends.complete);
    rejudge_free(rejudge);
    rules_unref(rules);
}

static void a_chain_that_is_taught_anew_begins_again_and_judges_the_stale_ones_too(void **state)
{
    struct bench *bench = *state;
    struct rules *stored = bench_rules("stored"), *newest = bench_rules("Item");
    put(bench, stored, 0, 0, 600);
    struct ends ends = {0};
    struct rejudge *rejudge = rejudge_new(bench->writer, on_done, &ends);
    loop_run(bench->loop);
    fixture_execute(bench->files->path, "UPDATE story SET state = 'rejected' WHERE id % 2");
    rejudge_start(rejudge, stored, true);
    rejudge_start(rejudge, newest, true);  /* while the first batch runs */
    rejudge_start(rejudge, newest, false); /* takes nothing back */
    loop_run(bench->loop);
    assert_int_equal(in_blog(bench), 600);
    assert_int_equal(ends.count, 1);
    rejudge_free(rejudge);
    rules_unref(stored);
    rules_unref(newest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(items_of_several_earlier_rules_are_all_judged_again),
        bench_test(two_starts_do_not_undo_each_other_for_ever),
        bench_test(a_stopping_writer_ends_the_chain_and_says_that_it_is_not_complete),
        bench_test(a_store_that_fails_ends_the_chain_and_a_new_start_heals),
        bench_test(what_can_still_be_picked_is_judged_again_whoever_judged_it),
        bench_test(a_chain_that_is_taught_anew_begins_again_and_judges_the_stale_ones_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
