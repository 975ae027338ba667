/* A document that comes again is read, but of what is stored already nothing is made. */
#include "bench.h"

#include "pipeline/document.h"

static void on_written(void *data, struct document *document, const struct fault *fault)
{
    assert_null(fault);
    document_free(document);
}

static size_t count_known(const struct document *document)
{
    size_t known = 0;
    for (size_t i = 0; i < document->store.entry_count; i++) {
        const struct store_entry *entry = &document->store.entries[i];
        assert_true(entry->known == (entry->title == NULL)); /* built, or known: never both */
        known += entry->known;
    }
    return known;
}

static void only_new_entries_are_judged(void **state)
{
    struct bench *bench = *state;
    struct rules *rules = bench_rules("Item");
    struct recogniser *recogniser = recogniser_new(bench->files->path);
    struct document *first = bench_document_asking(bench, rules, 0, 0, 8, recogniser);
    assert_int_equal(count_known(first), 0);
    writer_put(bench->writer, first, on_written, NULL);
    loop_run(bench->loop);
    struct document *again = bench_document_asking(bench, rules, 0, 2, 8, recogniser);
    assert_int_equal(again->store.entry_count, 8);
    assert_int_equal(count_known(again), 6);
    writer_put(bench->writer, again, on_written, NULL);
    loop_run(bench->loop);
    assert_int_equal(fixture_query_int(bench->files, "SELECT count(*) FROM item"), 10);
    assert_int_equal(
        fixture_query_int(bench->files, "SELECT count(*) FROM item WHERE section = 'blog'"),
        10);
    recogniser_free(recogniser);
    rules_unref(rules);
}

static void a_database_that_cannot_be_read_makes_all_entries_new(void **state)
{
    struct bench *bench = *state;
    struct rules *rules = bench_rules("Item");
    struct recogniser *recogniser = recogniser_new(fixture_path(bench->files, "missing"));
    struct document *document = bench_document_asking(bench, rules, 0, 0, 3, recogniser);
    assert_int_equal(document->store.entry_count, 3);
    assert_int_equal(count_known(document), 0);
    document_free(document);
    recogniser_free(recogniser);
    rules_unref(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(only_new_entries_are_judged),
        bench_test(a_database_that_cannot_be_read_makes_all_entries_new),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
