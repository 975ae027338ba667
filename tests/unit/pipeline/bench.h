/* What the tests of pipeline/ share: a loop, a store in a private folder, a writer that can be
 * held up, rules from a few words, and documents that went through document_work(). */
#ifndef TESTS_PIPELINE_BENCH_H
#define TESTS_PIPELINE_BENCH_H

#include "../storage/fixture.h"
#include "net/loop.h"
#include "pipeline/recogniser.h"
#include "pipeline/writer.h"

struct bench {
    struct fixture *files; /* folder, database path, queries */
    struct store *store;
    struct loop *loop;
    struct writer *writer;
    struct feed_state *states; /* of the feeds "a" and "b"; in the fixture's arena */
    struct writer_task hold;
    uv_sem_t release;
};

int bench_setup(void **state);
int bench_teardown(void **state);

#define bench_test(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

/* Two feeds, the sections "news" (fallback) and "blog", to which titles with `word` go. The
 * caller unrefs. */
struct rules *bench_rules(const char *word);

/* Items `first` .. `first + count - 1` of the feed 0 or 1, parsed and judged by `rules`. */
struct document *bench_document(
    struct bench *bench, struct rules *rules, int feed, int first, int count);

/* The same, with somebody to ask what is known; NULL: nobody. */
struct document *bench_document_asking(struct bench *bench, struct rules *rules, int feed,
    int first, int count, struct recogniser *recogniser);

/* Keep the writer busy until bench_let_go(): what is put in between waits. */
void bench_hold_writer(struct bench *bench);
void bench_let_go(struct bench *bench);

#endif
