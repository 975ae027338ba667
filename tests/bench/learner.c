/* Microseconds of processor time an item takes to be judged, the learner included:
 * bench_learner [FEEDS.CONF].
 *
 * The shipped rules; items of 30 Han letters with summaries of 280, or 12 words with 60, half
 * of each; letters and words are drawn by a power law, so that grams recur as in life. The
 * learner has learned 5,000 of them, a year of an editor's passing over, and knows some 400,000
 * grams. Fails when judging with the learner takes more than the 100 us an item may cost. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buffer.h"
#include "briefing/judge.h"

enum { ITEMS = 6000, LEARNED = 5000, ROUNDS = 3 };
static const double limit_us = 100;

static uint64_t chance = 42;

static double draw(void)
{
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return (double)(chance >> 11) / (double)(UINT64_C(1) << 53);
}

/* Below `count`, small numbers far more often. */
static uint32_t draw_rank(uint32_t count)
{
    double u = draw();
    return (uint32_t)(u * u * u * count);
}

static char *make_han(size_t letters)
{
    struct buffer text;
    buffer_init(&text, 1 << 16);
    for (size_t i = 0; i < letters; i++) {
        buffer_put_codepoint(&text, i % 20 == 19 ? 0xff0c : 0x4e00 + draw_rank(3000) * 6);
    }
    return buffer_take(&text, NULL);
}

static char *make_words(size_t words)
{
    struct buffer text;
    buffer_init(&text, 1 << 16);
    for (size_t i = 0; i < words; i++) {
        uint32_t word = draw_rank(30000), spread = word * 2654435761u;
        for (uint32_t k = 0; k < 3 + word % 6; k++, spread = spread * 69069 + 5) {
            buffer_putc(&text, (char)('a' + spread / 7 % 26));
        }
        buffer_putc(&text, ' ');
    }
    return buffer_take(&text, NULL);
}

static double cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static struct judge *make_judge(const char *path)
{
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_load(path, &problems);
    struct judge *judge = config == NULL ? NULL : judge_new(config, &problems);
    if (judge == NULL) {
        fprintf(stderr, "%s: %s\n", path,
            problems.count > 0 ? problems.items[0].message : "cannot be read");
    }
    config_unref(config);
    problems_release(&problems);
    return judge;
}

/* The best of some rounds: the machine is shared. */
static double measure_judging(
    const struct judge *judge, const struct learner *learner, const struct item *items)
{
    double best = 1e18;
    for (int round = 0; round < ROUNDS; round++) {
        double start = cpu_us();
        for (size_t i = 0; i < ITEMS; i++) {
            struct arena arena = {0};
            struct verdict verdict = judge_item(judge, learner, &arena, &items[i]);
            if (verdict.section < 0) {
                abort();
            }
            arena_release(&arena);
        }
        double spent = (cpu_us() - start) / ITEMS;
        best = spent < best ? spent : best;
    }
    return best;
}

static double measure_learning(
    const struct judge *judge, struct learner *learner, const struct item *items)
{
    double spent = 0;
    for (size_t i = 0; i < LEARNED; i++) {
        struct arena arena = {0};
        struct learner_event event = {
            .kind = i % 25 == 0 ? LEARNER_PRINTED : LEARNER_PASSED_OVER,
            .section = "news",
            .sight = judge_see(judge, &arena, &items[i]),
        };
        double start = cpu_us();
        learner_learn(learner, &event);
        spent += cpu_us() - start;
        arena_release(&arena);
    }
    return spent / LEARNED;
}

static double measure_copying(struct learner *learner)
{
    enum { COPIES = 1000 };
    double start = cpu_us();
    for (int i = 0; i < COPIES; i++) {
        learner_free(learner_copy(learner));
    }
    return (cpu_us() - start) / COPIES;
}

int main(int argc, char **argv)
{
    struct judge *judge = make_judge(argc > 1 ? argv[1] : "feeds.conf");
    if (judge == NULL) {
        return 1;
    }
    struct item *items = calloc(ITEMS, sizeof(*items));
    for (size_t i = 0; items != NULL && i < ITEMS; i++) {
        items[i].title = i % 2 == 0 ? make_han(30) : make_words(12);
        items[i].summary = i % 2 == 0 ? make_han(280) : make_words(60);
        items[i].source = "机器之心";
        items[i].url = "https://mp.weixin.qq.com/s/0123456789";
    }
    struct learner *learner = learner_new(judge_config(judge));
    double learning = measure_learning(judge, learner, items);
    double rules = measure_judging(judge, NULL, items);
    double both = measure_judging(judge, learner, items);
    printf("judging an item: %.1f us by the rules, %.1f us with the learner (at most %.0f)\n",
        rules, both, limit_us);
    printf("learning an event: %.1f us; a copy for the workers: %.1f us\n", learning,
        measure_copying(learner));
    struct buffer blob;
    buffer_init(&blob, 64 << 20);
    learner_write(learner, &blob);
    printf("stored: %.1f MB after %d events\n", (double)blob.length / 1e6, LEARNED);
    buffer_release(&blob);
    learner_free(learner);
    for (size_t i = 0; i < ITEMS; i++) {
        free((char *)items[i].title);
        free((char *)items[i].summary);
    }
    free(items);
    judge_free(judge);
    return both <= limit_us ? 0 : 1;
}
