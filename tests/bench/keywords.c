/* keywords [TEXT KEYWORDS]: how fast ten thousand keywords are found, beside vectorscan.
 *
 * TEXT has an item a line (title, TAB, body), KEYWORDS a keyword a line; without them both are
 * generated: half Han, half Latin, words drawn by Zipf's law, every third keyword one of the
 * text's own words. The reference is vectorscan's literal mode, which reports the end of each
 * hit, over the same normalised items in the same round; what is compared with it is
 *
 * - the automaton alone, which reports just as much, but nothing that begins inside a word;
 * - keyword matching: the automaton, word borders, places in the original, the sorted list of
 *   matches. It is measured as all that keyword_set_find() does less the normalisation.
 *
 * Processor time, medians of the rounds; ratios are taken within a round. Without vectorscan
 * at build time there is no ratio. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef HAVE_VECTORSCAN
#include <hs/hs.h>
#endif

#include "base/buffer.h"
#include "briefing/automaton.h"
#include "briefing/fold.h"
#include "briefing/keyword.h"

enum { KEYWORDS = 10000, WORDS = 20000, TEXT_BYTES = 20 << 20, TEXT_MAX_BYTES = 256 << 20 };
enum { ROUNDS = 5, BODY_WORDS = 90, TITLE_WORDS = 9 };

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- material ---- */

static uint64_t chance = 42;

static uint32_t draw(uint32_t below)
{
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((chance >> 33) % below);
}

/* Word number `word` of the language; the same number is always the same word. */
static void put_word(struct buffer *out, uint32_t word)
{
    static const char consonants[] = "bcdfghklmnprstvz", vowels[] = "aeiou";
    uint32_t spread = word * 2654435761u;
    if (word % 2 == 0) {
        for (uint32_t i = 0; i < 2 + word % 3; i++, spread = spread * 69069 + 5) {
            buffer_put_codepoint(out, 0x4e00 + spread / 7 % 2000);
        }
        return;
    }
    for (uint32_t i = 0; i < 2 + word % 4; i++, spread = spread * 69069 + 5) {
        buffer_putc(out, consonants[spread >> 28]);
        buffer_putc(out, vowels[(spread >> 20) % 5]);
    }
}

/* Zipf's law: every power of two of ranks is as likely as the next. */
static uint32_t draw_word(bool han)
{
    uint32_t top = UINT32_C(2) << draw(14);
    uint32_t word = (top / 2 + draw(top / 2)) % WORDS;
    return han == (word % 2 == 0) ? word : word ^ 1;
}

static void put_words(struct buffer *out, uint32_t count, bool han)
{
    for (uint32_t i = 0; i < count; i++) {
        put_word(out, draw_word(han));
        buffer_puts(out, han ? (i % 9 == 8 ? "，" : "") : " ");
    }
}

static void write_text(struct buffer *out)
{
    while (out->length < TEXT_BYTES) {
        bool han = draw(5) < 2;
        put_words(out, TITLE_WORDS, han);
        buffer_putc(out, '\t');
        put_words(out, BODY_WORDS, han);
        buffer_putc(out, '\n');
    }
}

static void write_keywords(struct buffer *out)
{
    for (uint32_t i = 0; i < KEYWORDS; i++) {
        put_word(out, i % 3 == 0 ? i % WORDS : WORDS + i);
        buffer_putc(out, '\n');
    }
}

static void read_file(const char *path, struct buffer *out)
{
    char chunk[65536];
    size_t got;
    FILE *file = fopen(path, "rbe");
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0) {
        buffer_append(out, chunk, got);
    }
    fclose(file);
}

struct strings {
    char **items;
    size_t count;
};

/* The lines of `text`, which is cut. */
static struct strings cut_lines(struct buffer *text)
{
    struct strings lines = {allocate(text->length, sizeof(char *)), 0};
    char *rest = text->data;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        if (line[0] != '\0') {
            lines.items[lines.count++] = line;
        }
    }
    return lines;
}

/* ---- what is measured ---- */

struct bench {
    const struct fold_table *folding;
    struct strings items, keywords;
    struct folded *folded_items;
    struct automaton_literal *literals; /* the keywords, folded */
    size_t text_bytes, folded_bytes;
    struct automaton *automaton;
    struct keyword_set *set;
#ifdef HAVE_VECTORSCAN
    hs_database_t *database;
    hs_scratch_t *scratch;
#endif
    size_t table_bytes, database_bytes;
    double build_s, database_build_s;
    size_t hits, reference_hits, matches;
};

static void fold_all(struct bench *bench, struct arena *arena)
{
    bench->folded_items = allocate(bench->items.count, sizeof(*bench->folded_items));
    for (size_t i = 0; i < bench->items.count; i++) {
        size_t length = strlen(bench->items.items[i]);
        bench->folded_items[i] = fold_text(
            bench->folding, arena, bench->items.items[i], length);
        bench->text_bytes += length;
        bench->folded_bytes += bench->folded_items[i].length;
    }
    bench->literals = allocate(bench->keywords.count, sizeof(*bench->literals));
    for (size_t i = 0; i < bench->keywords.count; i++) {
        const char *keyword = bench->keywords.items[i];
        struct folded folded = fold_text(bench->folding, arena, keyword, strlen(keyword));
        bench->literals[i] = (struct automaton_literal){folded.text, folded.length};
    }
}

static void build_ours(struct bench *bench)
{
    double before = cpu_s();
    bench->automaton = automaton_new(bench->literals, bench->keywords.count);
    bench->build_s = cpu_s() - before;
    bench->table_bytes = automaton_bytes(bench->automaton);
    bench->set = keyword_set_new(bench->folding);
    for (size_t i = 0; i < bench->keywords.count; i++) {
        struct fault fault;
        if (!keyword_set_add(bench->set, (uint32_t)i, bench->keywords.items[i], &fault)) {
            fprintf(stderr, "%s\n", fault.message);
            exit(1);
        }
    }
    keyword_set_build(bench->set);
}

static void on_hit(void *context, uint32_t literal, uint32_t end)
{
    ++*(size_t *)context;
}

static void scan_automaton(struct bench *bench)
{
    bench->hits = 0;
    for (size_t i = 0; i < bench->items.count; i++) {
        automaton_scan(bench->automaton, bench->folded_items[i].text,
            bench->folded_items[i].length, on_hit, &bench->hits);
    }
}

static void find_matches(struct bench *bench)
{
    bench->matches = 0;
    for (size_t i = 0; i < bench->items.count; i++) {
        struct arena arena = {0};
        struct keyword_matches matches;
        const struct keyword_texts texts = {.title = bench->items.items[i]};
        keyword_set_find(bench->set, &arena, &texts, &matches, NULL);
        bench->matches += matches.count;
        arena_release(&arena);
    }
}

static void normalise(struct bench *bench)
{
    for (size_t i = 0; i < bench->items.count; i++) {
        struct arena arena = {0};
        fold_text(bench->folding, &arena, bench->items.items[i], strlen(bench->items.items[i]));
        arena_release(&arena);
    }
}

#ifdef HAVE_VECTORSCAN
static int on_reference_hit(
    unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    ++*(size_t *)context;
    return 0;
}

static void build_reference(struct bench *bench)
{
    size_t count = bench->keywords.count;
    const char **texts = allocate(count, sizeof(*texts));
    size_t *lengths = allocate(count, sizeof(*lengths));
    unsigned *ids = allocate(count, sizeof(*ids)), *flags = allocate(count, sizeof(*flags));
    for (size_t i = 0; i < count; i++) {
        texts[i] = bench->literals[i].bytes;
        lengths[i] = bench->literals[i].length;
        ids[i] = (unsigned)i;
    }
    hs_compile_error_t *error;
    double before = cpu_s();
    if (hs_compile_lit_multi(texts, flags, ids, lengths, (unsigned)count, HS_MODE_BLOCK, NULL,
            &bench->database, &error) != HS_SUCCESS) {
        fprintf(stderr, "vectorscan: %s\n", error->message);
        exit(1);
    }
    bench->database_build_s = cpu_s() - before;
    hs_alloc_scratch(bench->database, &bench->scratch);
    hs_database_size(bench->database, &bench->database_bytes);
    free(texts);
    free(lengths);
    free(ids);
    free(flags);
}

static void scan_reference(struct bench *bench)
{
    bench->reference_hits = 0;
    for (size_t i = 0; i < bench->items.count; i++) {
        hs_scan(bench->database, bench->folded_items[i].text, bench->folded_items[i].length, 0,
            bench->scratch, on_reference_hit, &bench->reference_hits);
    }
}

static void free_reference(struct bench *bench)
{
    hs_free_scratch(bench->scratch);
    hs_free_database(bench->database);
}
#else
static void build_reference(struct bench *bench)
{
}

static void scan_reference(struct bench *bench)
{
}

static void free_reference(struct bench *bench)
{
}
#endif

/* ---- rounds ---- */

enum { REFERENCE, AUTOMATON, WHOLE, NORMALISING, MATCHING, SERIES };

static int compare_numbers(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double median(const double *values)
{
    double sorted[ROUNDS];
    memcpy(sorted, values, sizeof(sorted));
    qsort(sorted, ROUNDS, sizeof(*sorted), compare_numbers);
    return sorted[ROUNDS / 2];
}

static void run_rounds(struct bench *bench, double spent[SERIES][ROUNDS])
{
    static void (*const work[])(struct bench * bench) = {
        [REFERENCE] = scan_reference,
        [AUTOMATON] = scan_automaton,
        [WHOLE] = find_matches,
        [NORMALISING] = normalise,
    };
    for (int round = 0; round < ROUNDS; round++) {
        for (int series = 0; series < MATCHING; series++) {
            double before = cpu_s();
            work[series](bench);
            spent[series][round] = cpu_s() - before;
        }
        spent[MATCHING][round] = spent[WHOLE][round] - spent[NORMALISING][round];
    }
}

static void print_row(const struct bench *bench, double spent[SERIES][ROUNDS], int series,
    const char *about, bool compared)
{
    double bytes = (double)(series < WHOLE || series == MATCHING ? bench->folded_bytes
                                                                 : bench->text_bytes);
    double took = median(spent[series]);
    printf("%-40s %8.0f %12.1f", about, bytes / took / 1e6,
        1e6 * took / (double)bench->items.count);
#ifdef HAVE_VECTORSCAN
    double ratios[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        ratios[round] = spent[REFERENCE][round] / spent[series][round];
    }
    if (compared) {
        printf(" %16.2f", median(ratios));
    }
#endif
    printf("\n");
}

static void report(const struct bench *bench, double spent[SERIES][ROUNDS])
{
    printf("%zu keywords, %zu items, %.1f MB, %.1f hits/kB; medians of %d rounds\n",
        bench->keywords.count, bench->items.count, (double)bench->text_bytes / 1e6,
        1e3 * (double)bench->hits / (double)bench->folded_bytes, ROUNDS);
    printf("%-40s %8s %12s %16s\n", "", "MB/s", "us an item", "of vectorscan");
#ifdef HAVE_VECTORSCAN
    print_row(bench, spent, REFERENCE, "vectorscan, literal mode", false);
#else
    printf("vectorscan is not there: install libvectorscan-dev and set the build up anew\n");
#endif
    print_row(bench, spent, AUTOMATON, "automaton alone", true);
    print_row(bench, spent, MATCHING, "keyword matching", true);
    print_row(bench, spent, NORMALISING, "normalisation", false);
    print_row(bench, spent, WHOLE, "both: an item's way through them", false);
#ifdef HAVE_VECTORSCAN
    printf("hits: vectorscan %zu, also inside words; automaton %zu; matches %zu\n",
        bench->reference_hits, bench->hits, bench->matches);
#endif
    printf("tables %.1f MB in %.0f ms (vectorscan's %.1f MB in %.0f ms)\n",
        (double)bench->table_bytes / 1e6, 1e3 * bench->build_s,
        (double)bench->database_bytes / 1e6, 1e3 * bench->database_build_s);
}

int main(int argc, char **argv)
{
    struct bench bench = {.folding = fold_table_get()};
    struct arena arena = {0};
    struct buffer text, keywords;
    buffer_init(&text, TEXT_MAX_BYTES);
    buffer_init(&keywords, TEXT_MAX_BYTES);
    if (argc == 3) {
        read_file(argv[1], &text);
        read_file(argv[2], &keywords);
    } else {
        write_text(&text);
        write_keywords(&keywords);
    }
    bench.items = cut_lines(&text);
    bench.keywords = cut_lines(&keywords);
    fold_all(&bench, &arena);
    build_ours(&bench);
    build_reference(&bench);
    double spent[SERIES][ROUNDS];
    run_rounds(&bench, spent);
    report(&bench, spent);
    free_reference(&bench);
    automaton_free(bench.automaton);
    keyword_set_free(bench.set);
    free(bench.literals);
    free(bench.folded_items);
    free(bench.items.items);
    free(bench.keywords.items);
    buffer_release(&text);
    buffer_release(&keywords);
    arena_release(&arena);
    return 0;
}
