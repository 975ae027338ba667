/* search FILE [--queries N] [--words N] [--only NAME]: how long searches take, and whether they
 * find everything.
 *
 * FILE is of bench_database. Time is on the wall from store_search() to its return, first 20
 * with snippets, the file in the system's cache. Recall compares, for words of two Han
 * characters, the items that the index gives with those in which the characters stand (what
 * LIKE '%xy%' finds), item by item, in one pass over all texts. */
#include <getopt.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "prose.h"
#include "storage/search_tokenizer.h"
#include "storage/store.h"

enum { LIMIT = 20, DEADLINE_MS = 10000, WORDS_MAX = 1000, QUERY_SEED = 7 };

struct bench {
    const char *path;
    struct store *store;
    struct prose *prose;
    size_t queries, words;
    const char *only; /* rows with this in their name; NULL: all */
};

/* ---- time ---- */

/* Write one query. */
typedef void query_fn(struct bench *bench, struct buffer *out);

static void word_by_use(struct bench *bench, struct buffer *out)
{
    buffer_puts(out, prose_han_word(bench->prose, true));
}

static void word_of_all(struct bench *bench, struct buffer *out)
{
    buffer_puts(out, prose_han_word(bench->prose, false));
}

static void two_words(struct bench *bench, struct buffer *out)
{
    word_by_use(bench, out);
    buffer_putc(out, ' ');
    word_by_use(bench, out);
}

static void long_word(struct bench *bench, struct buffer *out)
{
    word_by_use(bench, out);
    word_by_use(bench, out);
}

static void one_character(struct bench *bench, struct buffer *out)
{
    buffer_append(out, prose_han_word(bench->prose, true), 3);
}

static void latin_word(struct bench *bench, struct buffer *out)
{
    do {
        buffer_clear(out);
        prose_write(bench->prose, false, 1, out);
    } while (out->length < 3);
}

static void latin_prefix(struct bench *bench, struct buffer *out)
{
    latin_word(bench, out);
    size_t keep = 3 + prose_number(bench->prose, 3);
    out->length = out->length > keep ? keep : out->length;
    buffer_putc(out, '*');
}

static const struct row {
    const char *name;
    query_fn *write;
    enum search_order order;
    bool filtered;
} rows[] = {
    {"two characters, by use", word_by_use, SEARCH_BY_RANK, false},
    {"two characters, any word", word_of_all, SEARCH_BY_RANK, false},
    {"two characters, by date", word_by_use, SEARCH_BY_DATE, false},
    {"two characters, one section", word_by_use, SEARCH_BY_RANK, true},
    {"two words", two_words, SEARCH_BY_RANK, false},
    {"four characters side by side", long_word, SEARCH_BY_RANK, false},
    {"one character", one_character, SEARCH_BY_RANK, false},
    {"Latin word", latin_word, SEARCH_BY_RANK, false},
    {"Latin prefix, 3-5 letters", latin_prefix, SEARCH_BY_RANK, false},
};

static int compare_doubles(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static uint64_t cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static double search_ms(struct bench *bench, const struct row *row, const char *query,
    double *cpu_ms, size_t *found)
{
    struct arena arena = {0};
    struct search_request request = {.query = query,
        .query_bytes = strlen(query),
        .filter = search_filter_none(),
        .order = row->order,
        .limit = LIMIT,
        .deadline_ms = DEADLINE_MS};
    request.filter.section = row->filtered ? "papers" : NULL;
    struct search_result result;
    struct fault fault;
    uint64_t begin = clock_monotonic_ns(), cpu_begin = cpu_ns();
    if (!store_search(bench->store, &arena, &request, &result, &fault)) {
        fprintf(stderr, "%s: %s\n", query, fault.message);
        exit(1);
    }
    double spent = (double)(clock_monotonic_ns() - begin) / 1e6;
    *cpu_ms += (double)(cpu_ns() - cpu_begin) / 1e6;
    *found += result.count;
    arena_release(&arena);
    return spent;
}

static void measure(struct bench *bench, const struct row *row)
{
    double *times = calloc(bench->queries, sizeof(*times));
    double *cpu_times = calloc(bench->queries, sizeof(*cpu_times));
    size_t found = 0;
    cleanup(buffer_release) struct buffer query;
    buffer_init(&query, 4096);
    for (size_t i = 0; i < bench->queries; i++) {
        do {
            buffer_clear(&query);
            row->write(bench, &query);
        } while (query.length == 0);
        double cpu = 0;
        times[i] = search_ms(bench, row, query.data, &cpu, &found);
        cpu_times[i] = cpu;
    }
    qsort(times, bench->queries, sizeof(*times), compare_doubles);
    qsort(cpu_times, bench->queries, sizeof(*cpu_times), compare_doubles);
    printf("%-30s %8.2f %8.2f %8.2f %8.2f %8.2f %8.2f %8.1f\n", row->name,
        times[bench->queries / 2], times[bench->queries * 9 / 10],
        times[bench->queries * 99 / 100], times[bench->queries - 1],
        cpu_times[bench->queries / 2], cpu_times[bench->queries * 99 / 100],
        (double)found / (double)bench->queries);
    fflush(stdout);
    free(times);
    free(cpu_times);
}

/* ---- recall ---- */

struct recall {
    const char *words[WORDS_MAX];
    unsigned char *bits[WORDS_MAX]; /* items the index gives */
    size_t count, like, found, missed, more;
};

static void must_do(sqlite3 *db, bool ok)
{
    if (!ok) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

static void note_hits(sqlite3 *db, const struct fold_table *folding, struct recall *recall,
    size_t word, int64_t newest_id)
{
    char match[32];
    sqlite3_stmt *hits;
    recall->bits[word] = calloc(1, (size_t)newest_id / 8 + 1);
    must_do(db,
        sqlite3_prepare_v2(
            db, "SELECT rowid FROM search WHERE search MATCH ?", -1, &hits, NULL) == SQLITE_OK);
    struct arena arena = {0};
    struct folded folded = fold_text(folding, &arena, recall->words[word], 6);
    snprintf(match, sizeof(match), "\"%s\"", folded.text);
    arena_release(&arena);
    sqlite3_bind_text(hits, 1, match, -1, SQLITE_STATIC);
    while (sqlite3_step(hits) == SQLITE_ROW) {
        int64_t id = sqlite3_column_int64(hits, 0);
        recall->bits[word][id / 8] |= (unsigned char)(1 << id % 8);
        recall->found++;
    }
    sqlite3_finalize(hits);
}

static void compare_texts(sqlite3 *db, struct recall *recall)
{
    sqlite3_stmt *texts;
    must_do(db,
        sqlite3_prepare_v2(db, "SELECT id, title, summary FROM item", -1, &texts, NULL) ==
            SQLITE_OK);
    while (sqlite3_step(texts) == SQLITE_ROW) {
        int64_t id = sqlite3_column_int64(texts, 0);
        const char *title = (const char *)sqlite3_column_text(texts, 1);
        const char *summary = (const char *)sqlite3_column_text(texts, 2);
        for (size_t i = 0; i < recall->count; i++) {
            bool like = strstr(title, recall->words[i]) != NULL ||
                strstr(summary, recall->words[i]) != NULL;
            bool found = (recall->bits[i][id / 8] >> id % 8 & 1) != 0;
            recall->like += like;
            recall->missed += like && !found;
            recall->more += found && !like;
        }
    }
    sqlite3_finalize(texts);
}

static void measure_recall(struct bench *bench)
{
    sqlite3 *db = NULL;
    struct store_totals totals;
    struct fault fault;
    must_do(NULL, store_read_totals(bench->store, &totals, &fault));
    must_do(db, sqlite3_open_v2(bench->path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK);
    must_do(db, search_tokenizer_register(db));
    const struct fold_table *folding = fold_table_get();
    struct recall recall = {.count = bench->words > WORDS_MAX ? WORDS_MAX : bench->words};
    for (size_t i = 0; i < recall.count; i++) {
        recall.words[i] = prose_han_word(bench->prose, i % 2 == 0);
        note_hits(db, folding, &recall, i, totals.items);
    }
    compare_texts(db, &recall);
    printf("recall of %zu words of two characters against LIKE: %zu of %zu items missed, %zu "
           "more\n",
        recall.count, recall.missed, recall.like, recall.more);
    for (size_t i = 0; i < recall.count; i++) {
        free(recall.bits[i]);
    }
    sqlite3_close(db);
}

static bool read_options(int argc, char **argv, struct bench *ret_bench)
{
    static const struct option options[] = {{"queries", required_argument, NULL, 'q'},
        {"words", required_argument, NULL, 'w'}, {"only", required_argument, NULL, 'o'}, {0}};
    *ret_bench = (struct bench){.queries = 1000, .words = 200};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'q') {
            ret_bench->queries = strtoul(optarg, NULL, 10);
        } else if (option == 'w') {
            ret_bench->words = strtoul(optarg, NULL, 10);
        } else if (option == 'o') {
            ret_bench->only = optarg;
        } else {
            return false;
        }
    }
    ret_bench->path = argv[optind];
    return optind + 1 == argc && ret_bench->queries > 0;
}

int main(int argc, char **argv)
{
    struct bench bench;
    struct fault fault;
    if (!read_options(argc, argv, &bench)) {
        fprintf(stderr, "usage: search FILE [--queries N] [--words N] [--only NAME]\n");
        return 2;
    }
    if (!store_open_reader(bench.path, &bench.store, &fault)) {
        fprintf(stderr, "%s\n", fault.message);
        return 1;
    }
    /* The same seed as bench_database's: the same words. Queries then go their own way. */
    bench.prose = prose_new(20200917);
    prose_number(bench.prose, QUERY_SEED);
    printf("%-30s %8s %8s %8s %8s %8s %8s %8s\n", "ms", "p50", "p90", "p99", "most", "cpu p50",
        "cpu p99", "hits");
    for (size_t i = 0; i < array_count(rows); i++) {
        if (bench.only == NULL || strstr(rows[i].name, bench.only) != NULL) {
            measure(&bench, &rows[i]);
        }
    }
    if (bench.words > 0) {
        measure_recall(&bench);
    }
    store_close(bench.store);
    prose_free(bench.prose);
    return 0;
}
