/* The index of sketches that finds near-duplicates among the live items says which few titles
 * to measure, however many years were printed. */
#include "briefing/printed_titles.h"

#include <stdlib.h>

#include "briefing/near_index.h"
#include "briefing/wording.h"

struct printed_title {
    struct kept_wording *wording;
    int64_t tag;
};

struct printed_titles {
    const struct fold_table *fold;
    struct arena arena;
    struct near_index index; /* numbers are places in `titles` */
    struct printed_title *titles;
    size_t count, capacity;
};

struct printed_titles *printed_titles_new(const struct fold_table *fold)
{
    struct printed_titles *titles = calloc(1, sizeof(*titles));
    if (titles == NULL) {
        memory_exhausted();
    }
    titles->fold = fold;
    return titles;
}

void printed_titles_free(struct printed_titles *titles)
{
    if (titles == NULL) {
        return;
    }
    for (size_t i = 0; i < titles->count; i++) {
        free(titles->titles[i].wording);
    }
    near_index_release(&titles->index);
    arena_release(&titles->arena);
    free(titles);
}

void printed_titles_add(struct printed_titles *titles, const char *title, int64_t tag)
{
    cleanup(arena_release) struct arena arena = {0};
    struct wording wording = wording_build(titles->fold, &arena, title, NULL, 0);
    if (wording.title_count < PRINTED_TITLE_MIN) {
        return;
    }
    if (titles->count == titles->capacity) {
        titles->titles = arena_grow(
            &titles->arena, titles->titles, sizeof(*titles->titles), &titles->capacity);
    }
    near_index_add(&titles->index, &wording, false);
    titles->titles[titles->count++] = (struct printed_title){wording_keep(&wording), tag};
}

int64_t printed_titles_find(struct printed_titles *titles,
    const struct similarity_settings *settings, const char *title)
{
    cleanup(arena_release) struct arena arena = {0};
    struct wording wording = wording_build(titles->fold, &arena, title, NULL, 0);
    if (wording.title_count < PRINTED_TITLE_MIN) {
        return 0;
    }
    uint32_t numbers[NEAR_CANDIDATES_MAX];
    uint32_t count = near_index_search(&titles->index, &wording, numbers);
    int64_t tag = 0;
    double best = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct printed_title *candidate = &titles->titles[numbers[i]];
        struct similarity similarity = similarity_measure(&wording, candidate->wording);
        double score = similarity_score(&similarity);
        if (similarity_is_near(&similarity, settings) && score > best) {
            best = score;
            tag = candidate->tag;
        }
    }
    return tag;
}
