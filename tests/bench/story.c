/* Microseconds of processor time that grouping takes at full size: bench_story [ITEMS].
 *
 * Default 75,000 items, 5,000 a day: after the first two weeks 70,000 live. Titles and
 * summaries of words drawn by Zipf's law, half of them Chinese; every tenth item is another
 * report of a recent one. The reference, in the same run on the same items, is taking the texts
 * apart (folding, grams, sorting them), which nobody who compares texts can do without: what
 * grouping costs beside it is the price of the indexes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buffer.h"
#include "briefing/story.h"
#include "briefing/terms.h"

enum { WORDS = 30000, A_DAY = 5000, DAY_S = 86400, SUMMARY_WORDS = 40, TITLE_WORDS = 9 };

static uint64_t chance = 42;

static double draw(void)
{
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return (double)(chance >> 11) / (double)(UINT64_C(1) << 53);
}

/* Ranks by 1/rank: WORDS^u is log-uniform. */
static uint32_t draw_word(void)
{
    double rank = 1;
    for (double u = draw(); u > 0.0; u = 0.0) {
        for (double step = 0; step < u * 15; step += 1) {
            rank *= u * 15 - step < 1 ? 1 + (u * 15 - step) : 2;
        }
    }
    return (uint32_t)rank % WORDS;
}

static void put_words(struct buffer *text, uint32_t first, size_t count, bool han)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t word = i == 0 ? first : draw_word(), spread = word * 2654435761u;
        for (uint32_t k = 0; k < (han ? 2u : 3 + spread % 6);
             k++, spread = spread * 69069 + 5) {
            buffer_put_codepoint(
                text, han ? 0x4e00 + spread / 7 % 3000 : 'a' + spread / 7 % 26);
        }
        buffer_puts(text, han ? "" : " ");
    }
}

static double cpu_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Seconds of taking the item's text apart. */
static double measure_apart(const struct fold_table *fold, const struct story_item *item)
{
    struct arena arena = {0};
    double before = cpu_s();
    struct wording wording = wording_build(
        fold, &arena, item->title, item->summary, story_defaults.summary_letters);
    terms_list(&arena, &wording);
    double took = cpu_s() - before;
    arena_release(&arena);
    return took;
}

int main(int argc, char **argv)
{
    size_t items = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 75000;
    const struct fold_table *fold = fold_table_get();
    struct story_index *index = story_index_new(fold, &story_defaults);
    struct buffer title, summary;
    buffer_init(&title, 1 << 16);
    buffer_init(&summary, 1 << 16);
    size_t tiers[4] = {0}, measured = 0;
    double spent = 0, all = 0, apart = 0;
    for (size_t i = 0; i < items; i++) {
        bool han = draw() < 0.5, copy = draw() < 0.1;
        if (!copy) {
            buffer_clear(&title);
            buffer_clear(&summary);
            put_words(&title, draw_word(), TITLE_WORDS, han);
            put_words(&summary, draw_word(), SUMMARY_WORDS, han);
        }
        struct arena arena = {0};
        struct story_item item = {
            (int64_t)i, NULL, title.data, summary.data, (int64_t)(i * DAY_S / A_DAY)};
        double before = cpu_s();
        tiers[story_place(index, &arena, &item).tier]++;
        double took = cpu_s() - before;
        arena_release(&arena);
        all += took;
        if (i + A_DAY >= items) {
            spent += took;
            apart += measure_apart(fold, &item);
            measured++;
        }
    }
    printf("grouping at %zu live items: %.1f us an item, %.2f times taking its text apart "
           "(%.1f us); %.0f MB\n",
        story_live_count(index), 1e6 * spent / (double)measured, spent / apart,
        1e6 * apart / (double)measured, (double)story_index_bytes(index) / 1e6);
    printf("%.1f us over all %zu: ", 1e6 * all / (double)items, items);
    printf("new %zu, near-duplicates %zu, related %zu\n", tiers[STORY_NEW],
        tiers[STORY_NEAR_DUPLICATE], tiers[STORY_RELATED]);
    buffer_release(&title);
    buffer_release(&summary);
    story_index_free(index);
    return 0;
}
