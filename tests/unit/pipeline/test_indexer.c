#include "bench.h"
#include "pipeline/indexer.h"

#include <stdlib.h>

static void on_written(void *data, struct document *document, const struct fault *fault)
{
    assert_null(fault);
    document_free(document);
}

static void put(struct bench *bench, struct rules *rules, int first, int count)
{
    writer_put(bench->writer, bench_document(bench, rules, 0, first, count), on_written, NULL);
}

/* ---- the writer's idle tasks ---- */

struct idle {
    struct writer_task task; /* first */
    struct bench *bench;
    int64_t items_before; /* stored when it ran */
    int runs, cancelled;
};

static bool count_work(struct writer_task *task, struct store *store, struct fault *fault)
{
    struct idle *idle = (struct idle *)task;
    struct store_totals totals;
    idle->runs++;
    if (!store_read_totals(store, &totals, fault)) {
        return false;
    }
    idle->items_before = totals.items;
    return true;
}

static void on_counted(struct writer_task *task, const struct fault *fault)
{
    ((struct idle *)task)->cancelled += fault != NULL && fault->kind == FAULT_CANCELLED;
}

static void an_idle_task_lets_all_documents_go_first(void **state)
{
    enum { DOCUMENTS = 2 * WRITER_BATCH_MAX };
    struct bench *bench = *state;
    struct rules *rules = bench_rules("word");
    struct idle idle = {.task = {.work = count_work, .on_done = on_counted}, .bench = bench};
    bench_hold_writer(bench);
    writer_run_idle(bench->writer, &idle.task);
    for (int i = 0; i < DOCUMENTS; i++) {
        put(bench, rules, i, 1);
    }
    bench_let_go(bench);
    loop_run(bench->loop);
    assert_int_equal(idle.runs, 1);
    assert_int_equal(idle.items_before, DOCUMENTS);
    rules_unref(rules);
}

static void an_idle_task_that_waits_is_cancelled_when_the_writer_stops(void **state)
{
    struct bench *bench = *state;
    struct idle idle = {.task = {.work = count_work, .on_done = on_counted}, .bench = bench};
    bench_hold_writer(bench);
    writer_run_idle(bench->writer, &idle.task);
    writer_stop(bench->writer);
    bench_let_go(bench);
    loop_run(bench->loop);
    assert_int_equal(idle.runs, 0);
    assert_int_equal(idle.cancelled, 1);
}

static void count_call(void *data)
{
    ++*(int *)data;
}

static void the_watcher_hears_of_what_was_written_and_not_of_idle_tasks(void **state)
{
    struct bench *bench = *state;
    struct rules *rules = bench_rules("word");
    int heard = 0;
    writer_watch(bench->writer, count_call, &heard);
    put(bench, rules, 0, 1);
    loop_run(bench->loop);
    assert_int_equal(heard, 1);
    struct idle idle = {.task = {.work = count_work, .on_done = on_counted}, .bench = bench};
    writer_run_idle(bench->writer, &idle.task);
    loop_run(bench->loop);
    assert_int_equal(idle.runs, 1);
    assert_int_equal(heard, 1);
    rules_unref(rules);
}

/* ---- the indexer ---- */

static int64_t behind(struct bench *bench)
{
    return fixture_query_int(
        bench->files, "SELECT last_item_id - indexed_id FROM tally, search_state");
}

static void what_is_written_is_indexed_soon_after(void **state)
{
    struct bench *bench = *state;
    struct rules *rules = bench_rules("word");
    struct indexer *indexer = indexer_start(bench->loop, bench->writer);
    put(bench, rules, 0, 5);
    loop_run(bench->loop); /* until the timer has run and nothing is left to do */
    assert_int_equal(behind(bench), 0);
    put(bench, rules, 10, 5);
    loop_run(bench->loop);
    assert_int_equal(
        fixture_query_int(bench->files, "SELECT indexed_id FROM search_state"), 10);
    assert_int_equal(behind(bench), 0);
    indexer_stop(indexer);
    loop_run(bench->loop);
    indexer_free(indexer);
    rules_unref(rules);
}

static void a_start_goes_on_where_an_earlier_run_stopped(void **state)
{
    struct bench *bench = *state;
    struct rules *rules = bench_rules("word");
    put(bench, rules, 0, 5);
    loop_run(bench->loop);
    assert_int_equal(behind(bench), 5);
    struct indexer *indexer = indexer_start(bench->loop, bench->writer);
    loop_run(bench->loop);
    assert_int_equal(behind(bench), 0);
    indexer_stop(indexer);
    loop_run(bench->loop);
    indexer_free(indexer);
    rules_unref(rules);
}

static void it_stops_while_it_waits_and_while_it_works(void **state)
{
    struct bench *bench = *state;
    struct rules *rules = bench_rules("word");
    struct indexer *indexer = indexer_start(bench->loop, bench->writer);
    indexer_stop(indexer); /* its timer runs */
    indexer_stop(indexer);
    put(bench, rules, 0, 1);
    loop_run(bench->loop);
    indexer_free(indexer);
    assert_int_equal(behind(bench), 1);
    indexer_free(NULL);
    indexer_stop(NULL);
    rules_unref(rules);
}

static void a_failing_index_costs_no_item_and_is_tried_after_the_next_write(void **state)
{
    struct bench *bench = *state;
    struct rules *rules = bench_rules("word");
    fixture_execute(bench->files->path,
        "CREATE TRIGGER full BEFORE UPDATE ON search_state "
        "BEGIN SELECT RAISE(ABORT, 'full'); END");
    struct indexer *indexer = indexer_start(bench->loop, bench->writer);
    put(bench, rules, 0, 3);
    loop_run(bench->loop);
    assert_int_equal(behind(bench), 3);
    assert_int_equal(fixture_query_int(bench->files, "SELECT count(*) FROM item"), 3);
    fixture_execute(bench->files->path, "DROP TRIGGER full");
    put(bench, rules, 10, 1);
    loop_run(bench->loop);
    assert_int_equal(behind(bench), 0);
    indexer_stop(indexer);
    loop_run(bench->loop);
    indexer_free(indexer);
    rules_unref(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(an_idle_task_lets_all_documents_go_first),
        bench_test(an_idle_task_that_waits_is_cancelled_when_the_writer_stops),
        bench_test(the_watcher_hears_of_what_was_written_and_not_of_idle_tasks),
        bench_test(what_is_written_is_indexed_soon_after),
        bench_test(a_start_goes_on_where_an_earlier_run_stopped),
        bench_test(it_stops_while_it_waits_and_while_it_works),
        bench_test(a_failing_index_costs_no_item_and_is_tried_after_the_next_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
