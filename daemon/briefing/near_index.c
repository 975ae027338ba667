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
    /* With 10 and 16 nothing more was found on labelled streams, in half as much again of
     * memory; with 4 and 8 the first copies are missed. */
    TITLE_NODES = 6,
    TEXT_NODES = 10,
    NODES = TITLE_NODES + TEXT_NODES,
    CAPACITY_MIN = 64,
    /* Rare grams are looked up first, until so many nodes were seen; of one bucket the newest,
     * for a copy comes soon after what it copies. */
    VISITS_MAX = 96,
    BUCKET_VISITS_MAX = 32,
};

/* Share of the sketches two items must have in common to be compared: two grams of the text or
 * one of it and one of the title. At the lowest cut about 0.4 is to be expected; one gram of
 * the title alone is shared by half of all pairs of headlines. */
#define SHARE_MIN 0.19f

#define NO_NODE UINT32_MAX

struct near_node {
    uint32_t gram;  /* 0: none */
    uint32_t older; /* node of the same bucket that was entered before */
};

struct near_place {
    uint32_t number; /* of the item */
    float sum;
    bool hidden;
};

struct near_bucket {
    uint32_t newest; /* node */
    uint32_t count;  /* nodes of live items */
};

/* What is looked for, and how far it was. */
struct probe {
    uint32_t gram;
    float share;
    struct near_bucket *bucket;
    uint32_t node;   /* next to be seen; NO_NODE: done */
    uint32_t before; /* age of the last one, counted from the oldest item */
};

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        memory_exhausted();
    }
    return memory;
}

void near_index_release(struct near_index *index)
{
    free(index->nodes);
    free(index->places);
    free(index->buckets);
    free(index->touched);
    *index = (struct near_index){0};
}

/* Titles and texts live in one table but never meet. Zero marks a node without a gram. */
static uint32_t mark_title(uint32_t gram)
{
    return gram | (gram == 0);
}

static uint32_t mark_text(uint32_t gram)
{
    return mark_title(gram * UINT32_C(0x9e3779b1) + 1);
}

static uint32_t sketch_count(const struct gram_set *set, uint32_t max)
{
    return set->count < max ? set->count : max;
}

/* The smallest hashes are listed, so their upper bits are all alike. */
static struct near_bucket *get_bucket(const struct near_index *index, uint32_t gram)
{
    return &index->buckets[(gram * UINT32_C(0x85ebca6b)) >> 7 & (index->bucket_count - 1)];
}

static void link_item(struct near_index *index, uint32_t place)
{
    for (uint32_t i = 0; i < NODES; i++) {
        uint32_t at = place * NODES + i;
        struct near_node *node = &index->nodes[at];
        if (node->gram != 0) {
            struct near_bucket *bucket = get_bucket(index, node->gram);
            /* The node itself, left by the item that had this place before: the oldest then, so
             * that nobody alive is behind it. */
            node->older = bucket->newest == at ? NO_NODE : bucket->newest;
            bucket->newest = at;
            bucket->count++;
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
    index->nodes = allocate((size_t)capacity * NODES, sizeof(*index->nodes));
    index->places = allocate(capacity, sizeof(*index->places));
    index->touched = allocate(capacity, sizeof(*index->touched));
    index->buckets = allocate(index->bucket_count, sizeof(*index->buckets));
    for (uint32_t i = 0; i < index->bucket_count; i++) {
        index->buckets[i].newest = NO_NODE;
    }
    for (uint32_t number = old.first; number != old.next; number++) {
        uint32_t from = number % old.capacity, to = number % capacity;
        memcpy(index->nodes + (size_t)to * NODES, old.nodes + (size_t)from * NODES,
            NODES * sizeof(*index->nodes));
        index->places[to] = old.places[from];
        link_item(index, to);
    }
    near_index_release(&old);
}

uint32_t near_index_add(struct near_index *index, const struct wording *wording, bool hidden)
{
    if (index->next - index->first == index->capacity) {
        grow(index);
    }
    uint32_t number = index->next++;
    uint32_t place = number % index->capacity;
    struct near_node *nodes = index->nodes + (size_t)place * NODES;
    memset(nodes, 0, NODES * sizeof(*nodes));
    for (uint32_t i = 0; i < sketch_count(&wording->title, TITLE_NODES); i++) {
        nodes[i].gram = mark_title(wording->title.grams[i]);
    }
    for (uint32_t i = 0; i < sketch_count(&wording->all, TEXT_NODES); i++) {
        nodes[TITLE_NODES + i].gram = mark_text(wording->all.grams[i]);
    }
    index->places[place] = (struct near_place){.number = number, .hidden = hidden};
    link_item(index, place);
    return number;
}

void near_index_drop_oldest(struct near_index *index)
{
    assert(index->first != index->next);
    const struct near_node *nodes = index->nodes +
        (size_t)(index->first % index->capacity) * NODES;
    for (uint32_t i = 0; i < NODES; i++) {
        __builtin_prefetch(get_bucket(index, nodes[i].gram));
    }
    for (uint32_t i = 0; i < NODES; i++) {
        if (nodes[i].gram != 0) {
            get_bucket(index, nodes[i].gram)->count--;
        }
    }
    index->first++;
}

void near_index_hide(struct near_index *index, uint32_t number, bool hidden)
{
    index->places[number % index->capacity].hidden = hidden;
}

/* See one node, and go on to the next. */
static void step(struct near_index *index, struct probe *probe)
{
    const struct near_node *node = &index->nodes[probe->node];
    struct near_place *place = &index->places[probe->node / NODES];
    uint32_t age = place->number - index->first;
    if (age > probe->before || age >= index->next - index->first ||
        get_bucket(index, node->gram) != probe->bucket) {
        probe->node = NO_NODE; /* overwritten: what follows is older still */
        return;
    }
    if (node->gram == probe->gram && !place->hidden) {
        if (place->sum == 0) {
            index->touched[index->touched_count++] = probe->node / NODES;
        }
        place->sum += probe->share;
    }
    probe->before = age;
    probe->node = node->older;
}

static void prefetch_node(const struct near_index *index, uint32_t node)
{
    if (node != NO_NODE) {
        __builtin_prefetch(&index->nodes[node]);
        __builtin_prefetch(&index->places[node / NODES]);
    }
}

/* All chains side by side, so that the memory of the next nodes is under way while others are
 * seen: one by one, each step would wait for it. */
static void sum_chains(struct near_index *index, struct probe *probes, uint32_t count)
{
    uint32_t open = 0;
    for (uint32_t i = 0, visits = 0; i < count && visits < VISITS_MAX; i++) {
        uint32_t nodes = probes[i].bucket->count;
        visits += nodes < BUCKET_VISITS_MAX ? nodes : BUCKET_VISITS_MAX;
        probes[i].node = nodes == 0 ? NO_NODE : probes[i].bucket->newest;
        probes[i].before = UINT32_MAX;
        prefetch_node(index, probes[i].node);
        open = i + 1;
    }
    for (uint32_t round = 0; round < BUCKET_VISITS_MAX && open > 0; round++) {
        uint32_t still = 0;
        for (uint32_t i = 0; i < open; i++) {
            struct probe *probe = &probes[i];
            if (probe->node != NO_NODE) {
                step(index, probe);
                prefetch_node(index, probe->node);
                still = i + 1;
            }
        }
        open = still;
    }
}

/* What to look up, the rarest first. Returns how many. */
static uint32_t list_probes(
    const struct near_index *index, const struct wording *wording, struct probe *probes)
{
    uint32_t titles = sketch_count(&wording->title, TITLE_NODES);
    uint32_t texts = sketch_count(&wording->all, TEXT_NODES);
    struct probe unsorted[NODES];
    for (uint32_t i = 0; i < titles + texts; i++) {
        uint32_t gram = i < titles ? mark_title(wording->title.grams[i])
                                   : mark_text(wording->all.grams[i - titles]);
        unsorted[i] = (struct probe){
            .gram = gram,
            .share = 1.0f / (float)(i < titles ? titles : texts),
            .bucket = get_bucket(index, gram),
        };
        __builtin_prefetch(unsorted[i].bucket);
    }
    for (uint32_t i = 0; i < titles + texts; i++) {
        uint32_t at = i;
        for (; at > 0 && probes[at - 1].bucket->count > unsorted[i].bucket->count; at--) {
            probes[at] = probes[at - 1];
        }
        probes[at] = unsorted[i];
    }
    return titles + texts;
}

static bool is_before(const struct near_index *index, uint32_t a, uint32_t b)
{
    const struct near_place *left = &index->places[a], *right = &index->places[b];
    return left->sum != right->sum ? left->sum > right->sum
                                   : left->number - index->first < right->number - index->first;
}

static uint32_t take_best(struct near_index *index, uint32_t *best)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < index->touched_count; i++) {
        uint32_t place = index->touched[i], at = count;
        if (index->places[place].sum < SHARE_MIN) {
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
    struct probe probes[NODES];
    if (index->first == index->next) {
        return 0;
    }
    sum_chains(index, probes, list_probes(index, wording, probes));
    uint32_t count = take_best(index, ret_numbers);
    for (uint32_t i = 0; i < count; i++) {
        ret_numbers[i] = index->places[ret_numbers[i]].number;
    }
    for (uint32_t i = 0; i < index->touched_count; i++) {
        index->places[index->touched[i]].sum = 0;
    }
    index->touched_count = 0;
    return count;
}

size_t near_index_bytes(const struct near_index *index)
{
    return (size_t)index->capacity *
        (NODES * sizeof(struct near_node) + sizeof(struct near_place) + 4) +
        (size_t)index->bucket_count * sizeof(struct near_bucket);
}
