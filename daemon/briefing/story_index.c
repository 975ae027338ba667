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

enum { CHUNK = 512 }; /* items: 28 KiB */

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count > 0 ? count : 1, size);
    if (memory == NULL) {
        memory_exhausted();
    }
    return memory;
}

struct story_index *story_index_new(
    const struct fold_table *fold, const struct story_settings *settings)
{
    return story_index_new_on(fold, settings, shelf_in_memory());
}

struct story_index *story_index_new_on(
    const struct fold_table *fold, const struct story_settings *settings, struct shelf shelf)
{
    struct story_index *index = allocate(1, sizeof(*index));
    index->fold = fold;
    index->settings = *settings;
    index->shelf = shelf;
    index->newest_s = CLOCK_NONE;
    index->free_thread = STORY_NONE;
    index->centroids = centroid_index_new();
    return index;
}

static struct live **chunk_of(const struct story_index *index, uint32_t number)
{
    return &index->chunks[number / CHUNK % index->chunk_capacity];
}

struct live *story_live(const struct story_index *index, uint32_t number)
{
    return &(*chunk_of(index, number))[number % CHUNK];
}

bool story_index_failed(const struct story_index *index)
{
    return index->failed;
}

/* ---- The shelf ---- */

static uint64_t put_away(struct story_index *index, const void *bytes, size_t length)
{
    uint64_t place = 0;
    assert(length <= SHELF_THING_MAX);
    if (!index->failed && !index->shelf.put(index->shelf.context, bytes, length, &place)) {
        index->failed = true;
    }
    return place;
}

static const void *fetch(struct story_index *index, uint64_t place, size_t length)
{
    const void *bytes = index->failed ? NULL
                                      : index->shelf.get(index->shelf.context, place, length);
    index->failed = bytes == NULL;
    return bytes;
}

/* What could not be put is nowhere. */
static void drop_wording(struct story_index *index, const struct live *live)
{
    if (index->failed) {
        return;
    }
    index->shelf.drop(index->shelf.context, live->wording, live->wording_bytes);
}

static size_t terms_bytes(const struct live *live)
{
    return live->term_count * sizeof(struct term);
}

static void drop_terms(struct story_index *index, const struct live *live)
{
    if (live->term_count > 0 && !index->failed) {
        index->shelf.drop(index->shelf.context, live->terms, terms_bytes(live));
    }
}

const struct kept_wording *story_wording(struct story_index *index, uint32_t number)
{
    /* With room for what stands behind the head: nothing. */
    static const struct kept_wording nothing[2];
    const struct live *live = story_live(index, number);
    const struct kept_wording *kept = fetch(index, live->wording, live->wording_bytes);
    return kept == NULL ? nothing : kept;
}

/* ---- Numbers ---- */

bool story_find_number(const struct story_index *index, int64_t item, uint32_t *ret_number)
{
    return number_map_find(&index->items, (uint64_t)item, ret_number);
}

static bool is_alive(const struct story_index *index, uint32_t number)
{
    return number != STORY_NONE && number - index->first < index->next - index->first;
}

/* Room for half as many chunks again. */
static void grow_ring(struct story_index *index)
{
    const struct story_index old = *index;
    index->chunk_capacity = old.chunk_capacity + old.chunk_capacity / 2 + 4;
    index->chunks = allocate(index->chunk_capacity, sizeof(struct live *));
    for (uint32_t i = 0; i < old.chunk_capacity; i++) {
        uint32_t number = (old.first / CHUNK + i) * CHUNK;
        *chunk_of(index, number) = *chunk_of(&old, number);
    }
    free(old.chunks);
}

/* A place for the number that is next. */
static void make_place(struct story_index *index)
{
    if (index->next / CHUNK - index->first / CHUNK >= index->chunk_capacity) {
        grow_ring(index);
    }
    struct live **chunk = chunk_of(index, index->next);
    if (*chunk == NULL) {
        *chunk = allocate(CHUNK, sizeof(struct live));
    }
}

static void drop_place(struct story_index *index, uint32_t number)
{
    if (number % CHUNK == CHUNK - 1) {
        free(*chunk_of(index, number));
        *chunk_of(index, number) = NULL;
    }
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
                memory_exhausted();
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
    live->han = terms->han;
    live->term_count = (uint16_t)terms->count;
    if (terms->count > 0) {
        live->terms = put_away(index, terms->terms, terms_bytes(live));
    }
    centroid_add(index->centroids, live->thread, terms);
    index->threads[live->thread].narrow += live->narrow;
}

void story_retire(struct story_index *index, uint32_t number)
{
    struct live *live = story_live(index, number);
    if (live->related) {
        struct term_list terms = {NULL, live->term_count, live->han};
        if (terms.count > 0) {
            /* Only read. */
            terms.terms = (struct term *)fetch(index, live->terms, terms_bytes(live));
        }
        if (terms.count == 0 || terms.terms != NULL) {
            centroid_remove(index->centroids, live->thread, &terms);
        }
        drop_terms(index, live);
        live->term_count = 0;
        live->related = false;
        index->threads[live->thread].narrow -= live->narrow;
        live->narrow = false;
    }
}

/* ---- Coming and going ---- */

uint32_t story_keep(struct story_index *index, const struct live *live,
    const struct wording *wording, const struct term_list *terms)
{
    make_place(index);
    uint32_t number = near_index_add(&index->near, wording, live->copy);
    assert(number == index->next);
    index->next++;
    struct live *kept = story_live(index, number);
    *kept = *live;
    struct kept_wording *block = wording_keep(wording);
    kept->wording_bytes = (uint16_t)kept_wording_bytes(block);
    kept->wording = put_away(index, block, kept->wording_bytes);
    free(block);
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
    drop_wording(index, live);
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
    drop_place(index, index->first++);
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
        const struct live *live = story_live(index, number);
        if (!live->gone) {
            drop_wording(index, live);
            drop_terms(index, live);
        }
    }
    index->shelf.free(index->shelf.context);
    number_map_release(&index->items);
    number_map_release(&index->keys);
    number_map_release(&index->stories);
    near_index_release(&index->near);
    centroid_index_free(index->centroids);
    free(index->threads);
    for (uint32_t i = 0; i < index->chunk_capacity; i++) {
        free(index->chunks[i]);
    }
    free(index->chunks);
    arena_release(&index->scratch);
    free(index);
}

size_t story_live_count(const struct story_index *index)
{
    return index->next - index->first - index->gone;
}

size_t story_index_bytes(const struct story_index *index)
{
    size_t chunks = index->next / CHUNK - index->first / CHUNK + 1;
    size_t bytes = sizeof(*index) + chunks * CHUNK * sizeof(struct live) +
        index->thread_capacity * sizeof(struct thread) + number_map_bytes(&index->items) +
        number_map_bytes(&index->keys) + number_map_bytes(&index->stories) +
        near_index_bytes(&index->near) + centroid_index_bytes(index->centroids);
    for (uint32_t number = index->first; number != index->next; number++) {
        const struct live *live = story_live(index, number);
        if (!live->gone && index->shelf.in_memory) {
            bytes += live->wording_bytes + terms_bytes(live) +
                2 * index->shelf.thing_overhead_bytes;
        }
    }
    return bytes;
}
