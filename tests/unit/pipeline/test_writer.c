#include "bench.h"

struct answers {
    struct bench *bench;
    int written, cancelled, failed;
};

static void on_written(void *data, struct document *document, const struct fault *fault)
{
    struct answers *answers = data;
    answers->written += fault == NULL;
    answers->cancelled += fault != NULL && fault->kind == FAULT_CANCELLED;
    answers->failed += fault != NULL && fault->kind == FAULT_STORE;
    document_free(document);
}

static void put(struct answers *answers, struct rules *rules, int feed, int first, int count)
{
    struct bench *bench = answers->bench;
    writer_put(
        bench->writer, bench_document(bench, rules, feed, first, count), on_written, answers);
}

static int64_t count_items(struct bench *bench)
{
    return fixture_query_int(bench->files, "SELECT count(*) FROM item");
}

static void more_documents_than_a_batch_holds_are_all_written(void **state)
{
    struct answers answers = {.bench = *state};
    struct rules *rules = bench_rules("word");
    bench_hold_writer(answers.bench);
    for (int i = 0; i < 3 * WRITER_BATCH_MAX + 1; i++) {
        put(&answers, rules, i % 2, i, 1);
    }
    assert_int_equal(writer_pending(answers.bench->writer), 3 * WRITER_BATCH_MAX + 1);
    bench_let_go(answers.bench);
    loop_run(answers.bench->loop);
    assert_int_equal(answers.written, 3 * WRITER_BATCH_MAX + 1);
    assert_int_equal(writer_pending(answers.bench->writer), 0);
    assert_int_equal(count_items(answers.bench), 3 * WRITER_BATCH_MAX + 1);
    rules_unref(rules);
}

static void each_document_is_written_under_the_rules_that_judged_it(void **state)
{
    struct answers answers = {.bench = *state};
    struct rules *before = bench_rules("before"), *after = bench_rules("Item");
    bench_hold_writer(answers.bench);
    for (int i = 0; i < 10; i++) {
        put(&answers, i % 2 == 0 ? before : after, i % 2, i, 1);
    }
    bench_let_go(answers.bench);
    loop_run(answers.bench->loop);
    assert_int_equal(answers.written, 10);
    struct fixture *files = answers.bench->files;
    assert_int_equal(fixture_query_int(files, "SELECT count(*) FROM ruleset"), 2);
    assert_int_equal(fixture_query_int(files,
                         "SELECT count(*) FROM item JOIN ruleset ON "
                         "ruleset.id = ruleset_id WHERE section = 'blog' "
                         "GROUP BY hash"),
        5);
    rules_unref(before);
    rules_unref(after);
}

static void a_failed_batch_gives_every_document_back_and_the_next_one_is_written(void **state)
{
    struct answers answers = {.bench = *state};
    struct rules *rules = bench_rules("word");
    const char *path = answers.bench->files->path;
    fixture_execute(path,
        "CREATE TRIGGER full BEFORE INSERT ON item WHEN NEW.key LIKE '%/7' "
        "BEGIN SELECT RAISE(ABORT, 'full'); END");
    bench_hold_writer(answers.bench);
    put(&answers, rules, 0, 5, 1);
    put(&answers, rules, 1, 7, 1);
    bench_let_go(answers.bench);
    loop_run(answers.bench->loop);
    assert_int_equal(answers.failed, 2);
    assert_int_equal(count_items(answers.bench), 0); /* all or nothing */
    fixture_execute(path, "DROP TRIGGER full");
    put(&answers, rules, 0, 5, 1);
    put(&answers, rules, 1, 7, 1);
    loop_run(answers.bench->loop);
    assert_int_equal(answers.written, 2);
    rules_unref(rules);
}

static void put_later(struct answers *answers, struct rules *rules)
{
    struct bench *bench = answers->bench;
    writer_put_later(bench->writer, bench_document(bench, rules, 0, 0, 0), on_written, answers);
}

/* Batches and tasks so far. */
static int count_writes(const struct answers *answers)
{
    return (int)writer_state(answers->bench->writer).times_us->total;
}

static void what_brings_no_items_waits_for_a_flush_and_is_one_write(void **state)
{
    struct answers answers = {.bench = *state};
    struct rules *rules = bench_rules("word");
    for (int i = 0; i < 3 * WRITER_BATCH_MAX; i++) {
        put_later(&answers, rules);
    }
    loop_run(answers.bench->loop);
    assert_int_equal(answers.written, 0);
    assert_int_equal(writer_pending(answers.bench->writer), 3 * WRITER_BATCH_MAX);
    writer_flush(answers.bench->writer);
    loop_run(answers.bench->loop);
    assert_int_equal(answers.written, 3 * WRITER_BATCH_MAX);
    assert_int_equal(count_writes(&answers), 1);
    rules_unref(rules);
}

static void what_brings_no_items_goes_with_the_next_that_does_whatever_its_rules(void **state)
{
    struct answers answers = {.bench = *state};
    struct rules *rules = bench_rules("word"), *others = bench_rules("Item");
    put_later(&answers, rules);
    put_later(&answers, others);
    put(&answers, rules, 1, 0, 3);
    loop_run(answers.bench->loop);
    assert_int_equal(answers.written, 3);
    assert_int_equal(count_writes(&answers), 1);
    assert_int_equal(count_items(answers.bench), 3);
    rules_unref(rules);
    rules_unref(others);
}

static void too_many_that_wait_are_written_unasked(void **state)
{
    struct answers answers = {.bench = *state};
    struct rules *rules = bench_rules("word");
    for (int i = 0; i < WRITER_LATER_MAX + 1; i++) {
        put_later(&answers, rules);
    }
    loop_run(answers.bench->loop);
    assert_int_equal(answers.written, WRITER_LATER_MAX);
    writer_stop(answers.bench->writer);
    assert_int_equal(answers.cancelled, 1);
    rules_unref(rules);
}

static void a_failed_write_gives_back_what_waited_too(void **state)
{
    struct answers answers = {.bench = *state};
    struct rules *rules = bench_rules("word");
    fixture_execute(answers.bench->files->path,
        "CREATE TRIGGER full BEFORE UPDATE ON feed BEGIN SELECT RAISE(ABORT, 'full'); END");
    put_later(&answers, rules);
    put(&answers, rules, 1, 0, 3);
    loop_run(answers.bench->loop);
    assert_int_equal(answers.failed, 2);
    assert_int_equal(count_items(answers.bench), 0);
    rules_unref(rules);
}

static void stopping_cancels_what_waits_and_lets_the_running_batch_end(void **state)
{
    struct answers answers = {.bench = *state};
    struct rules *rules = bench_rules("word");
    put(&answers, rules, 0, 0, 3); /* runs at once */
    put(&answers, rules, 1, 10, 3);
    put(&answers, rules, 0, 20, 3);
    writer_stop(answers.bench->writer);
    assert_int_equal(answers.cancelled, 2);
    put(&answers, rules, 1, 30, 3);
    assert_int_equal(answers.cancelled, 3);
    loop_run(answers.bench->loop);
    assert_int_equal(answers.written, 1);
    assert_int_equal(count_items(answers.bench), 3);
    rules_unref(rules);
}

static void put_again(void *data, struct document *document, const struct fault *fault)
{
    struct answers *answers = data;
    assert_null(fault);
    document_free(document);
    struct rules *rules = bench_rules("word");
    put(answers, rules, 0, 50, 1);
    rules_unref(rules);
}

static void a_callback_may_put_the_next_document(void **state)
{
    struct answers answers = {.bench = *state};
    struct rules *rules = bench_rules("word");
    writer_put(answers.bench->writer, bench_document(answers.bench, rules, 0, 0, 1), put_again,
        &answers);
    loop_run(answers.bench->loop);
    assert_int_equal(answers.written, 1);
    assert_int_equal(count_items(answers.bench), 2);
    rules_unref(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(more_documents_than_a_batch_holds_are_all_written),
        bench_test(each_document_is_written_under_the_rules_that_judged_it),
        bench_test(what_brings_no_items_waits_for_a_flush_and_is_one_write),
        bench_test(what_brings_no_items_goes_with_the_next_that_does_whatever_its_rules),
        bench_test(too_many_that_wait_are_written_unasked),
        bench_test(a_failed_write_gives_back_what_waited_too),
        bench_test(a_failed_batch_gives_every_document_back_and_the_next_one_is_written),
        bench_test(stopping_cancels_what_waits_and_lets_the_running_batch_end),
        bench_test(a_callback_may_put_the_next_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
