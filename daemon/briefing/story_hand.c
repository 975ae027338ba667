/* What an editor does to stories. Rare, so chains are walked and copies compared anew.
 *
 * An item that leaves a story may be the one that its copies copied: whichever of them repeats
 * nobody who stays is found in its place from now on. */
#include "briefing/story_index.h"

#include "base/attributes.h"
#include "briefing/terms.h"

/* Decide anew whether an item of its thread is a copy, and let it be found if not. */
static void relist(struct story_index *index, uint32_t number)
{
    arena_release(&index->scratch);
    struct live *live = story_live(index, number);
    struct wording wording = wording_unpack(&index->scratch, live->wording);
    live->copy = story_repeats(index, &wording, live->thread, number);
    near_index_hide(&index->near, number, live->copy);
    if (!live->copy) {
        struct gram_set grams = terms_list(&index->scratch, &wording);
        struct term_list terms = centroid_weigh(
            index->centroids, &index->scratch, &grams, live->wording->han);
        story_enter_centroid(index, number, &terms);
    }
}

/* Oldest first, so that the first of them stands for the others. */
static void relist_copies(struct story_index *index, uint32_t thread)
{
    cleanup(arena_release) struct arena own = {0}; /* relist() uses the index's */
    uint32_t count = index->threads[thread].members;
    uint32_t *members = arena_new_array(&own, uint32_t, count + 1);
    uint32_t number = index->threads[thread].newest;
    for (uint32_t i = count; i-- > 0; number = story_live(index, number)->older) {
        members[i] = number;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (story_live(index, members[i])->copy) {
            relist(index, members[i]);
        }
    }
}

/* An item left the story: what only it stood for is to be found again. */
static void mourn(struct story_index *index, int64_t story)
{
    uint32_t thread;
    if (number_map_find(&index->stories, (uint64_t)story, &thread)) {
        relist_copies(index, thread);
    }
}

bool story_move(struct story_index *index, int64_t item, int64_t story)
{
    uint32_t number;
    if (!story_find_number(index, item, &number)) {
        return false;
    }
    struct live *live = story_live(index, number);
    int64_t before = index->threads[live->thread].story;
    live->tier = STORY_BY_HAND;
    if (story != before) {
        story_retire(index, number);
        story_leave_thread(index, number);
        story_join_thread(index, number, story_get_thread(index, story));
        relist(index, number);
        mourn(index, before);
    }
    return true;
}

bool story_remove(struct story_index *index, int64_t item)
{
    uint32_t number;
    if (!story_find_number(index, item, &number)) {
        return false;
    }
    int64_t story = index->threads[story_live(index, number)->thread].story;
    story_drop(index, number);
    mourn(index, story);
    return true;
}
