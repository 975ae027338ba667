/* Where the live items and their stories are kept: nothing is decided here.
 *
 * Items leave in the order they came, so everything is a ring; only what an editor moves or
 * removes goes out of turn, and then chains are walked. Copies are in no centroid: what they
 * repeat is there already, and a press release that thirty sites print would else pull it. They
 * are in the near index, hidden, so that one can stand in for what it copied. */
#include "briefing/story_index.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count > 0 ? count : 1, size);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

struct story_index *story_index_new(
    const struct fold_table *fold, const struct story_settings *settings)
{
    struct story_index *index = allocate(1, sizeof(*index));
    index->fold = fold;
    index->settings = *settings;
    index->newest_s = CLOCK_NONE;
    index->free_thread = STORY_NONE;
    index->centroids = centroid_index_new();
    return index;
}

struct live *story_live(const struct story_index *index, uint32_t number)
{
    return &index->ring[number % index->capacity];
}

bool story_find_number(const struct story_index *index, int64_t item, uint32_t *ret_number)
{
    return number_map_find(&index->items, (uint64_t)item, ret_number);
}

static bool is_alive(const struct story_index *index, uint32_t number)
{
    return number != STORY_NONE && number - index->first < index->next - index->first;
}

static void grow_ring(struct story_index *index)
{
    uint32_t before = index->capacity;
    uint32_t capacity = before == 0 ? 64 : before + before / 2;
    struct live *ring = allocate(capacity, sizeof(*ring));
    for (uint32_t number = index->first; number != index->next; number++) {
        assert(before > 0); /* where there was no room, nothing lives */
        ring[number % capacity] = index->ring[number % before];
    }
    free(index->ring);
    index->ring = ring;
    index->capacity = capacity;
}

/* ---- Stories ---- */

uint32_t story_get_thread(struct story_index *index, int64_t story)
{
    uint32_t at;
    if (number_map_find(&index->stories, (uint64_t)story, &at)) {
        return at;
    }
    at = index->free_thread;
    if (at != STORY_NONE) {
        index->free_thread = index->threads[at].newest;
    } else {
        at = index->thread_count++;
        if (at >= index->thread_capacity) {
            index->thread_capacity += index->thread_capacity / 2 + 64;
            index->threads = reallocarray(
                index->threads, index->thread_capacity, sizeof(*index->threads));
            if (index->threads == NULL) {
                abort();
            }
        }
    }
    index->threads[at] = (struct thread){.story = story, .newest = STORY_NONE};
    number_map_set(&index->stories, (uint64_t)story, at);
    return at;
}

void story_join_thread(struct story_index *index, uint32_t number, uint32_t thread)
{
    uint32_t *link = &index->threads[thread].newest;
    while (is_alive(index, *link) && *link - index->first > number - index->first) {
        link = &story_live(index, *link)->older;
    }
    struct live *live = story_live(index, number);
    live->older = *link;
    live->thread = thread;
    *link = number;
    index->threads[thread].members++;
}

/* The oldest leave as a rule: then nothing is to be unchained, for chains end there anyway. */
void story_leave_thread(struct story_index *index, uint32_t number)
{
    struct live *live = story_live(index, number);
    struct thread *thread = &index->threads[live->thread];
    if (--thread->members == 0) {
        number_map_remove(&index->stories, (uint64_t)thread->story);
        thread->newest = index->free_thread;
        index->free_thread = live->thread;
        return;
    }
    if (number == index->first) {
        return;
    }
    uint32_t *link = &thread->newest;
    while (*link != number) {
        link = &story_live(index, *link)->older;
    }
    *link = live->older;
}

void story_enter_centroid(
    struct story_index *index, uint32_t number, const struct term_list *terms)
{
    struct live *live = story_live(index, number);
    if (number - index->first < index->related - index->first) {
        return; /* older than the story window */
    }
    live->related = true;
    live->terms.count = terms->count;
    live->terms.han = terms->han;
    live->terms.terms = allocate(terms->count, sizeof(*terms->terms));
    if (terms->count > 0) {
        memcpy(live->terms.terms, terms->terms, terms->count * sizeof(*terms->terms));
    }
    centroid_add(index->centroids, live->thread, terms);
    index->threads[live->thread].narrow += live->narrow;
}

void story_retire(struct story_index *index, uint32_t number)
{
    struct live *live = story_live(index, number);
    if (live->related) {
        centroid_remove(index->centroids, live->thread, &live->terms);
        free(live->terms.terms);
        live->terms = (struct term_list){0};
        live->related = false;
        index->threads[live->thread].narrow -= live->narrow;
        live->narrow = false;
    }
}

/* ---- Coming and going ---- */

uint32_t story_keep(struct story_index *index, const struct live *live,
    const struct wording *wording, const struct term_list *terms)
{
    if (index->next - index->first == index->capacity) {
        grow_ring(index);
    }
    uint32_t number = near_index_add(&index->near, wording, live->copy);
    assert(number == index->next);
    index->next++;
    struct live *kept = story_live(index, number);
    *kept = *live;
    kept->wording = wording_keep(wording);
    story_join_thread(index, number, live->thread);
    number_map_set(&index->items, (uint64_t)live->item, number);
    if (live->key != 0) {
        number_map_set(&index->keys, live->key, number);
    }
    if (terms != NULL) {
        story_enter_centroid(index, number, terms);
    }
    return number;
}

/* The key now names the newest other item that has it: an editor's removal alone comes here
 * with one that is not the last. */
static void release_key(struct story_index *index, uint32_t number)
{
    uint64_t key = story_live(index, number)->key;
    uint32_t holder;
    if (key == 0 || !number_map_find(&index->keys, key, &holder) || holder != number) {
        return;
    }
    number_map_remove(&index->keys, key);
    for (uint32_t other = number; other != index->first;) {
        const struct live *live = story_live(index, --other);
        if (!live->gone && live->key == key) {
            number_map_set(&index->keys, key, other);
            return;
        }
    }
}

void story_drop(struct story_index *index, uint32_t number)
{
    struct live *live = story_live(index, number);
    story_retire(index, number);
    near_index_hide(&index->near, number, true);
    release_key(index, number);
    number_map_remove(&index->items, (uint64_t)live->item);
    story_leave_thread(index, number);
    free(live->wording);
    *live = (struct live){.time_s = live->time_s, .gone = true};
    index->gone++;
}

static void drop_oldest(struct story_index *index)
{
    if (!story_live(index, index->first)->gone) {
        story_drop(index, index->first);
    }
    index->gone--;
    near_index_drop_oldest(&index->near);
    if (index->related == index->first) {
        index->related++;
    }
    index->first++;
}

int64_t story_pass_time(struct story_index *index, int64_t time_s)
{
    if (time_s != CLOCK_NONE && time_s > index->newest_s) {
        index->newest_s = time_s;
    }
    int64_t now_s = index->newest_s;
    while (index->related != index->next &&
        story_live(index, index->related)->time_s + index->settings.window_s < now_s) {
        story_retire(index, index->related++);
    }
    while (index->first != index->next &&
        story_live(index, index->first)->time_s + index->settings.near_window_s < now_s) {
        drop_oldest(index);
    }
    return now_s;
}

void story_index_free(struct story_index *index)
{
    if (index == NULL) {
        return;
    }
    for (uint32_t number = index->first; number != index->next; number++) {
        struct live *live = story_live(index, number);
        free(live->wording);
        free(live->terms.terms);
    }
    number_map_release(&index->items);
    number_map_release(&index->keys);
    number_map_release(&index->stories);
    near_index_release(&index->near);
    centroid_index_free(index->centroids);
    free(index->threads);
    free(index->ring);
    arena_release(&index->scratch);
    free(index);
}

size_t story_live_count(const struct story_index *index)
{
    return index->next - index->first - index->gone;
}

size_t story_index_bytes(const struct story_index *index)
{
    size_t bytes = sizeof(*index) + index->capacity * sizeof(struct live) +
        index->thread_capacity * sizeof(struct thread) + number_map_bytes(&index->items) +
        number_map_bytes(&index->keys) + number_map_bytes(&index->stories) +
        near_index_bytes(&index->near) + centroid_index_bytes(index->centroids);
    for (uint32_t number = index->first; number != index->next; number++) {
        const struct live *live = story_live(index, number);
        if (!live->gone) {
            bytes += kept_wording_bytes(live->wording) +
                live->terms.count * sizeof(struct term) + 32; /* of the allocator */
        }
    }
    return bytes;
}
