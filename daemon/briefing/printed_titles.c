/* Titles that could be near share many of their grams, so the postings of a title's grams say
 * which few to measure. What is in more than POSTINGS_MAX titles tells nothing and costs most;
 * it is passed over. So a search costs at most a hundred grams times POSTINGS_MAX counts and
 * MEASURED_MAX measurements, however many years were printed. */
#include "briefing/printed_titles.h"

#include <stdlib.h>
#include <string.h>

#include "briefing/gram_index.h"
#include "briefing/wording.h"

enum {
    POSTINGS_MAX = 256,
    MEASURED_MAX = 8,
};

struct printed_title {
    struct wording wording;
    int64_t tag;
};

struct printed_titles {
    const struct fold_table *fold;
    struct arena arena;
    struct gram_index index;
    struct printed_title *titles;
    size_t count, capacity;
};

struct printed_titles *printed_titles_new(const struct fold_table *fold)
{
    struct printed_titles *titles = calloc(1, sizeof(*titles));
    if (titles == NULL) {
        abort();
    }
    titles->fold = fold;
    return titles;
}

void printed_titles_free(struct printed_titles *titles)
{
    if (titles == NULL) {
        return;
    }
    gram_index_release(&titles->index);
    arena_release(&titles->arena);
    free(titles);
}

void printed_titles_add(struct printed_titles *titles, const char *title, int64_t tag)
{
    struct wording wording = wording_build(titles->fold, &titles->arena, title, NULL, 0);
    if (wording.title_count < PRINTED_TITLE_MIN) {
        return;
    }
    if (titles->count == titles->capacity) {
        titles->titles = arena_grow(
            &titles->arena, titles->titles, sizeof(*titles->titles), &titles->capacity);
    }
    for (uint32_t i = 0; i < wording.title.count; i++) {
        gram_index_add(&titles->index, wording.title.grams[i], (uint32_t)titles->count, 1);
    }
    titles->titles[titles->count++] = (struct printed_title){wording, tag};
}

/* How many grams each printed title shares with `wording`. */
static uint16_t *count_shared(
    const struct printed_titles *titles, struct arena *arena, const struct wording *wording)
{
    uint16_t *shared = arena_new_array(arena, uint16_t, titles->count + 1);
    for (uint32_t i = 0; i < wording->title.count; i++) {
        uint32_t count = 0;
        const struct posting *postings = gram_index_find(
            &titles->index, wording->title.grams[i], &count);
        for (uint32_t k = 0; count <= POSTINGS_MAX && k < count; k++) {
            shared[postings[k].item]++;
        }
    }
    return shared;
}

/* The title that shares most, taken out of `shared`; false when none shares any. */
static bool take_best(uint16_t *shared, size_t count, size_t *ret_best)
{
    size_t best = 0;
    for (size_t i = 0; i < count; i++) {
        best = shared[i] >= shared[best] ? i : best;
    }
    *ret_best = best;
    bool any = count > 0 && shared[best] > 0;
    if (any) {
        shared[best] = 0;
    }
    return any;
}

int64_t printed_titles_find(const struct printed_titles *titles,
    const struct similarity_settings *settings, const char *title)
{
    cleanup(arena_release) struct arena arena = {0};
    struct wording wording = wording_build(titles->fold, &arena, title, NULL, 0);
    if (wording.title_count < PRINTED_TITLE_MIN) {
        return 0;
    }
    uint16_t *shared = count_shared(titles, &arena, &wording);
    int64_t tag = 0;
    double best = 0;
    size_t at;
    for (int i = 0; i < MEASURED_MAX && take_best(shared, titles->count, &at); i++) {
        struct similarity similarity = similarity_measure(
            &wording, &titles->titles[at].wording);
        double score = similarity_score(&similarity);
        if (similarity_is_near(&similarity, settings) && score > best) {
            best = score;
            tag = titles->titles[at].tag;
        }
    }
    return tag;
}
