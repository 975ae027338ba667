/* A node is one gram of one item; its number is the item's place times NODES plus its place in
 * the sketch, so a posting costs eight bytes and nothing is allocated for it. Nodes of a bucket
 * are chained from the newest to the oldest. Nothing is unlinked when an item leaves: its
 * places are overwritten by a later item, and a chain that runs into one ends there, because
 * the numbers along a chain only fall and the gram no longer fits the bucket.
 *
 * Rejected: lists of postings a gram (most grams are in one item: forty bytes each), MinHash
 * and LSH (more memory for fewer candidates). */
#include "briefing/near_index.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    TITLE_NODES = 10,
    TEXT_NODES = 16,
    NODES = TITLE_NODES + TEXT_NODES,
    CAPACITY_MIN = 64,
    /* Visited in one bucket, the newest first: a gram in more items says little, and a copy
     * comes soon after what it copies. */
    VISITS_MAX = 48,
};

/* Share of the sketches two items must have in common to be compared; at the lowest cut about
 * 0.4 is to be expected. */
#define SHARE_MIN 0.12f

#define NO_NODE UINT32_MAX

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

void near_index_release(struct near_index *index)
{
    free(index->grams);
    free(index->older);
    free(index->numbers);
    free(index->hidden);
    free(index->heads);
    free(index->sums);
    free(index->touched);
    *index = (struct near_index){0};
}

/* Titles and texts live in one table but never meet. */
static uint32_t mark_text(uint32_t gram)
{
    return gram * UINT32_C(0x9e3779b1) + 1;
}

static uint32_t sketch_count(const struct gram_set *set, uint32_t max)
{
    return set->count < max ? set->count : max;
}

/* The grams of both sketches; unused places of `grams` stay. Returns the count of the title's
 * and, in `ret_text`, of the text's, which begin at TITLE_NODES. */
static uint32_t sketch(const struct wording *wording, uint32_t *grams, uint32_t *ret_text)
{
    uint32_t titles = sketch_count(&wording->title, TITLE_NODES);
    uint32_t texts = sketch_count(&wording->all, TEXT_NODES);
    for (uint32_t i = 0; i < titles; i++) {
        grams[i] = wording->title.grams[i];
    }
    for (uint32_t i = 0; i < texts; i++) {
        grams[TITLE_NODES + i] = mark_text(wording->all.grams[i]);
    }
    *ret_text = texts;
    return titles;
}

static uint32_t *get_head(const struct near_index *index, uint32_t gram)
{
    /* The smallest hashes are listed, so their upper bits are all alike. */
    return &index->heads[(gram * UINT32_C(0x85ebca6b)) >> 7 & (index->bucket_count - 1)];
}

static void link_node(struct near_index *index, uint32_t node)
{
    uint32_t *head = get_head(index, index->grams[node]);
    /* The node itself, left by the item that had this place before: the oldest then, so that
     * nobody alive is behind it. */
    index->older[node] = *head == node ? NO_NODE : *head;
    *head = node;
}

static void link_item(struct near_index *index, uint32_t place)
{
    /* Zero stands for no gram: it is as good as never a hash, and then only missed. */
    for (uint32_t i = 0; i < NODES; i++) {
        uint32_t node = place * NODES + i;
        if (index->grams[node] != 0) {
            link_node(index, node);
        }
    }
}

/* Room for half as many again; everything is linked anew. */
static void grow(struct near_index *index)
{
    struct near_index old = *index;
    uint32_t capacity = old.capacity == 0 ? CAPACITY_MIN : old.capacity + old.capacity / 2;
    index->capacity = capacity;
    index->bucket_count = 1024;
    while (index->bucket_count < capacity * (NODES / 2)) {
        index->bucket_count *= 2;
    }
    index->grams = allocate((size_t)capacity * NODES, sizeof(*index->grams));
    index->older = allocate((size_t)capacity * NODES, sizeof(*index->older));
    index->numbers = allocate(capacity, sizeof(*index->numbers));
    index->hidden = allocate(capacity, sizeof(*index->hidden));
    index->sums = allocate(capacity, sizeof(*index->sums));
    index->touched = allocate(capacity, sizeof(*index->touched));
    index->heads = allocate(index->bucket_count, sizeof(*index->heads));
    memset(index->heads, 0xff, index->bucket_count * sizeof(*index->heads));
    for (uint32_t number = old.first; number != old.next; number++) {
        uint32_t from = number % old.capacity, to = number % capacity;
        memcpy(index->grams + (size_t)to * NODES, old.grams + (size_t)from * NODES,
            NODES * sizeof(*index->grams));
        index->numbers[to] = number;
        index->hidden[to] = old.hidden[from];
        link_item(index, to);
    }
    near_index_release(&old);
}

uint32_t near_index_add(struct near_index *index, const struct wording *wording, bool hidden)
{
    if (index->next - index->first == index->capacity) {
        grow(index);
    }
    uint32_t number = index->next++, texts;
    uint32_t place = number % index->capacity;
    uint32_t *grams = index->grams + (size_t)place * NODES;
    memset(grams, 0, NODES * sizeof(*grams));
    sketch(wording, grams, &texts);
    index->numbers[place] = number;
    index->hidden[place] = hidden;
    link_item(index, place);
    return number;
}

void near_index_drop_oldest(struct near_index *index)
{
    assert(index->first != index->next);
    index->first++;
}

void near_index_hide(struct near_index *index, uint32_t number, bool hidden)
{
    index->hidden[number % index->capacity] = hidden;
}

static void sum_bucket(struct near_index *index, uint32_t gram, float share)
{
    uint32_t before = UINT32_MAX;
    uint32_t node = *get_head(index, gram);
    for (uint32_t visits = 0; node != NO_NODE && visits < VISITS_MAX; visits++) {
        uint32_t place = node / NODES;
        uint32_t age = index->numbers[place] - index->first;
        if (age > before || age >= index->next - index->first ||
            get_head(index, index->grams[node]) != get_head(index, gram)) {
            break; /* overwritten: what follows is older still */
        }
        if (index->grams[node] == gram && !index->hidden[place]) {
            if (index->sums[place] == 0) {
                index->touched[index->touched_count++] = place;
            }
            index->sums[place] += share;
        }
        before = age;
        node = index->older[node];
    }
}

static bool is_before(const struct near_index *index, uint32_t a, uint32_t b)
{
    float left = index->sums[a], right = index->sums[b];
    return left != right ? left > right
                         : index->numbers[a] - index->first < index->numbers[b] - index->first;
}

static uint32_t take_best(struct near_index *index, uint32_t *best)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < index->touched_count; i++) {
        uint32_t place = index->touched[i], at = count;
        if (index->sums[place] < SHARE_MIN) {
            continue;
        }
        while (at > 0 && is_before(index, place, best[at - 1])) {
            at--;
        }
        if (at == NEAR_CANDIDATES_MAX) {
            continue;
        }
        count += count < NEAR_CANDIDATES_MAX;
        memmove(best + at + 1, best + at, (count - at - 1) * sizeof(*best));
        best[at] = place;
    }
    return count;
}

uint32_t near_index_search(
    struct near_index *index, const struct wording *wording, uint32_t *ret_numbers)
{
    uint32_t grams[NODES], texts;
    if (index->first == index->next) {
        return 0;
    }
    uint32_t titles = sketch(wording, grams, &texts);
    for (uint32_t i = 0; i < titles; i++) {
        __builtin_prefetch(get_head(index, grams[i]));
    }
    for (uint32_t i = 0; i < texts; i++) {
        __builtin_prefetch(get_head(index, grams[TITLE_NODES + i]));
    }
    for (uint32_t i = 0; i < titles; i++) {
        sum_bucket(index, grams[i], 1.0f / (float)titles);
    }
    for (uint32_t i = 0; i < texts; i++) {
        sum_bucket(index, grams[TITLE_NODES + i], 1.0f / (float)texts);
    }
    uint32_t count = take_best(index, ret_numbers);
    for (uint32_t i = 0; i < count; i++) {
        ret_numbers[i] = index->numbers[ret_numbers[i]];
    }
    for (uint32_t i = 0; i < index->touched_count; i++) {
        index->sums[index->touched[i]] = 0;
    }
    index->touched_count = 0;
    return count;
}

size_t near_index_bytes(const struct near_index *index)
{
    return (size_t)index->capacity * (NODES * 8 + 13) + (size_t)index->bucket_count * 4;
}
