/* A slot is one gram; the number of the one item that has it lives in the slot itself, those of
 * several in a block, oldest first. Nothing is taken out when an item leaves: numbers only
 * rise, so whoever is below the oldest alive is gone, and is left out when the list changes or
 * its shard is made anew.
 *
 * That no more than the newest are listed costs nothing: no more of a gram were ever looked at,
 * and they leave after the older ones. Of 889,000 entries for 55,547 items 271,000 are left.
 *
 * Rejected: a node for every gram of every item (200 bytes an item), MinHash and LSH (more
 * memory for fewer candidates). */
#include "briefing/near_index.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* With 10 and 16 nothing more was found on labelled streams, in half as much again of
     * memory; with 4 and 8 the first copies are missed. */
    TITLE_GRAMS = 6,
    TEXT_GRAMS = 10,
    GRAMS = TITLE_GRAMS + TEXT_GRAMS,
    /* Rare grams are looked up first, until so many items were seen. */
    VISITS_MAX = 96,
    SHARD_BITS = 6, /* of NEAR_SHARDS */
    SHARD_MIN = 16,
    HIDDEN_MIN = 1024,
};

/* Share of the sketches two items must have in common to be compared: two grams of the text or
 * one of it and one of the title. At the lowest cut about 0.4 is to be expected; one gram of
 * the title alone is shared by half of all pairs of headlines. */
#define SHARE_MIN 0.19f

struct near_slot {
    uint32_t gram; /* 0: empty */
    union {
        uint32_t number; /* of its one item */
        uint32_t block;
    };
    uint8_t count;
    uint8_t class; /* of its block, when it has more than one */
};

static_assert(NEAR_SHARDS == 1 << SHARD_BITS, "shards are told apart by these bits");

/* What is looked for. */
struct probe {
    uint32_t gram, count;
    const uint32_t *numbers;
    float share;
};

/* Sums of what candidates share, by number: open addressing, at most half full. */
struct sums {
    struct {
        uint32_t number;
        float sum; /* 0: empty */
    } places[4 * VISITS_MAX];
    uint16_t touched[VISITS_MAX + NEAR_LISTED];
    uint32_t count;
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
    for (size_t i = 0; i < NEAR_SHARDS; i++) {
        free(index->shards[i].slots);
    }
    block_pool_release(&index->pool);
    free(index->hidden);
    *index = (struct near_index){0};
}

/* Titles and texts live in one table but never meet. Zero marks an empty slot. */
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

static bool is_alive(const struct near_index *index, uint32_t number)
{
    return number - index->first < index->next - index->first;
}

/* ---- slots ---- */

/* The smallest hashes are listed, so their upper bits are all alike. */
static uint32_t spread(uint32_t gram)
{
    gram *= UINT32_C(0x85ebca6b);
    return gram ^ gram >> 15;
}

static uint32_t shard_of(uint32_t gram)
{
    return spread(gram) & (NEAR_SHARDS - 1);
}

static uint32_t home_of(const struct near_shard *shard, uint32_t gram)
{
    return (uint32_t)((uint64_t)spread(gram) * shard->capacity >> 32);
}

static struct near_slot *probe_slot(const struct near_shard *shard, uint32_t gram)
{
    uint32_t at = home_of(shard, gram);
    while (shard->slots[at].gram != 0 && shard->slots[at].gram != gram) {
        at = at + 1 == shard->capacity ? 0 : at + 1;
    }
    return &shard->slots[at];
}

static uint32_t *numbers_of(const struct near_index *index, struct near_slot *slot)
{
    return slot->count > 1 ? block_pool_get(&index->pool, slot->block) : &slot->number;
}

static void free_list(struct near_index *index, struct near_slot *slot)
{
    if (slot->count > 1) {
        block_pool_give(&index->pool, slot->class, slot->block);
    }
    slot->count = 0;
}

static uint32_t room_of(uint8_t class)
{
    return block_pool_room[class] * 2u; /* two numbers a unit */
}

/* The list of a slot is now `numbers`, in a block that fits. */
static void set_list(
    struct near_index *index, struct near_slot *slot, const uint32_t *numbers, uint32_t count)
{
    uint8_t class = slot->count > 1 ? slot->class : UINT8_MAX, wanted = 0;
    while (room_of(wanted) < count) {
        wanted++;
    }
    if (count <= 1 || class != wanted) {
        free_list(index, slot);
        slot->number = count == 1 ? numbers[0] : 0;
        if (count > 1) {
            slot->class = wanted;
            slot->block = block_pool_take(&index->pool, wanted);
        }
    }
    slot->count = (uint8_t)count;
    if (count > 1) {
        memcpy(numbers_of(index, slot), numbers, count * sizeof(*numbers));
    }
}

/* Those alive, to `numbers`. */
static uint32_t list_alive(
    const struct near_index *index, struct near_slot *slot, uint32_t *numbers)
{
    const uint32_t *listed = numbers_of(index, slot);
    uint32_t gone = 0;
    while (gone < slot->count && !is_alive(index, listed[gone])) {
        gone++;
    }
    memcpy(numbers, listed + gone, (slot->count - gone) * sizeof(*numbers));
    return slot->count - gone;
}

/* Room for three more where there are five; lists of none but the gone are left behind. */
static void rebuild(struct near_index *index, struct near_shard *shard)
{
    struct near_shard old = *shard;
    uint32_t numbers[NEAR_LISTED], alive = 0;
    for (uint32_t i = 0; i < old.capacity; i++) {
        struct near_slot *slot = &old.slots[i];
        set_list(index, slot, numbers, list_alive(index, slot, numbers));
        alive += slot->count > 0;
    }
    shard->used = alive;
    shard->capacity = alive + alive * 3 / 5 + SHARD_MIN;
    shard->slots = allocate(shard->capacity, sizeof(*shard->slots));
    for (uint32_t i = 0; i < old.capacity; i++) {
        if (old.slots[i].count > 0) {
            *probe_slot(shard, old.slots[i].gram) = old.slots[i];
        }
    }
    free(old.slots);
}

static void add_gram(struct near_index *index, uint32_t gram, uint32_t number)
{
    struct near_shard *shard = &index->shards[shard_of(gram)];
    if ((shard->used + 1) * 4 > shard->capacity * 3) {
        rebuild(index, shard);
    }
    struct near_slot *slot = probe_slot(shard, gram);
    if (slot->gram == 0) {
        slot->gram = gram;
        shard->used++;
    }
    uint32_t numbers[NEAR_LISTED + 1];
    uint32_t count = list_alive(index, slot, numbers);
    numbers[count++] = number;
    uint32_t over = count > NEAR_LISTED;
    set_list(index, slot, numbers + over, count - over);
}

/* ---- items ---- */

static void grow_hidden(struct near_index *index)
{
    uint32_t before = index->hidden_capacity;
    uint32_t capacity = before == 0 ? HIDDEN_MIN : before * 2;
    uint64_t *hidden = allocate(capacity / 64, sizeof(*hidden));
    for (uint32_t number = index->first; number != index->next; number++) {
        uint32_t from = number & (before - 1), to = number & (capacity - 1);
        hidden[to / 64] |= (index->hidden[from / 64] >> from % 64 & 1) << to % 64;
    }
    free(index->hidden);
    index->hidden = hidden;
    index->hidden_capacity = capacity;
}

void near_index_hide(struct near_index *index, uint32_t number, bool hidden)
{
    uint32_t at = number & (index->hidden_capacity - 1);
    uint64_t bit = UINT64_C(1) << at % 64;
    index->hidden[at / 64] = hidden ? index->hidden[at / 64] | bit
                                    : index->hidden[at / 64] & ~bit;
}

static bool is_hidden(const struct near_index *index, uint32_t number)
{
    uint32_t at = number & (index->hidden_capacity - 1);
    return (index->hidden[at / 64] >> at % 64 & 1) != 0;
}

static uint32_t list_grams(const struct wording *wording, uint32_t *grams, uint32_t *ret_titles)
{
    uint32_t titles = sketch_count(&wording->title, TITLE_GRAMS);
    uint32_t texts = sketch_count(&wording->all, TEXT_GRAMS);
    for (uint32_t i = 0; i < titles; i++) {
        grams[i] = mark_title(wording->title.grams[i]);
    }
    for (uint32_t i = 0; i < texts; i++) {
        grams[titles + i] = mark_text(wording->all.grams[i]);
    }
    *ret_titles = titles;
    return titles + texts;
}

uint32_t near_index_add(struct near_index *index, const struct wording *wording, bool hidden)
{
    if (index->next - index->first == index->hidden_capacity) {
        grow_hidden(index);
    }
    uint32_t grams[GRAMS], titles, number = index->next++;
    uint32_t count = list_grams(wording, grams, &titles);
    for (uint32_t i = 0; i < count; i++) {
        add_gram(index, grams[i], number);
    }
    near_index_hide(index, number, hidden);
    return number;
}

void near_index_drop_oldest(struct near_index *index)
{
    assert(index->first != index->next);
    index->first++;
}

/* ---- searching ---- */

static struct probe look_up(const struct near_index *index, uint32_t gram)
{
    const struct near_shard *shard = &index->shards[shard_of(gram)];
    struct probe probe = {.gram = gram};
    struct near_slot *slot = shard->capacity == 0 ? NULL : probe_slot(shard, gram);
    if (slot != NULL && slot->gram != 0) {
        probe.numbers = numbers_of(index, slot);
        probe.count = slot->count;
        while (probe.count > 0 && !is_alive(index, probe.numbers[0])) {
            probe.numbers++;
            probe.count--;
        }
    }
    return probe;
}

static void prefetch(const struct near_index *index, uint32_t gram)
{
    const struct near_shard *shard = &index->shards[shard_of(gram)];
    if (shard->capacity > 0) {
        __builtin_prefetch(&shard->slots[home_of(shard, gram)]);
    }
}

/* What to look up, the rarest first. Returns how many. */
static uint32_t list_probes(
    const struct near_index *index, const struct wording *wording, struct probe *probes)
{
    uint32_t grams[GRAMS], titles;
    uint32_t count = list_grams(wording, grams, &titles);
    for (uint32_t i = 0; i < count; i++) {
        prefetch(index, grams[i]);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct probe probe = look_up(index, grams[i]);
        probe.share = 1.0f / (float)(i < titles ? titles : count - titles);
        uint32_t at = i;
        for (; at > 0 && probes[at - 1].count > probe.count; at--) {
            probes[at] = probes[at - 1];
        }
        probes[at] = probe;
    }
    return count;
}

static void add_share(struct sums *sums, uint32_t number, float share)
{
    uint32_t at = number * UINT32_C(0x9e3779b1) % array_count(sums->places);
    while (sums->places[at].sum > 0 && sums->places[at].number != number) {
        at = at + 1 == array_count(sums->places) ? 0 : at + 1;
    }
    if (sums->places[at].sum == 0) {
        sums->places[at].number = number;
        sums->touched[sums->count++] = (uint16_t)at;
    }
    sums->places[at].sum += share;
}

static void sum_shares(const struct near_index *index, const struct probe *probes,
    uint32_t count, struct sums *sums)
{
    for (uint32_t i = 0, visits = 0; i < count && visits < VISITS_MAX; i++) {
        visits += probes[i].count;
        for (uint32_t k = 0; k < probes[i].count; k++) {
            if (!is_hidden(index, probes[i].numbers[k])) {
                add_share(sums, probes[i].numbers[k], probes[i].share);
            }
        }
    }
}

static uint32_t take_best(
    const struct near_index *index, const struct sums *sums, uint32_t *ret_numbers)
{
    float best[NEAR_CANDIDATES_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < sums->count; i++) {
        uint32_t number = sums->places[sums->touched[i]].number, at = count;
        float sum = sums->places[sums->touched[i]].sum;
        if (sum < SHARE_MIN) {
            continue;
        }
        while (at > 0 &&
            (best[at - 1] < sum ||
                (best[at - 1] == sum &&
                    ret_numbers[at - 1] - index->first > number - index->first))) {
            at--;
        }
        if (at == NEAR_CANDIDATES_MAX) {
            continue;
        }
        count += count < NEAR_CANDIDATES_MAX;
        memmove(best + at + 1, best + at, (count - at - 1) * sizeof(*best));
        memmove(
            ret_numbers + at + 1, ret_numbers + at, (count - at - 1) * sizeof(*ret_numbers));
        best[at] = sum;
        ret_numbers[at] = number;
    }
    return count;
}

uint32_t near_index_search(
    struct near_index *index, const struct wording *wording, uint32_t *ret_numbers)
{
    struct probe probes[GRAMS];
    struct sums sums = {0};
    sum_shares(index, probes, list_probes(index, wording, probes), &sums);
    return take_best(index, &sums, ret_numbers);
}

size_t near_index_bytes(const struct near_index *index)
{
    size_t bytes = block_pool_bytes(&index->pool) + index->hidden_capacity / 8;
    for (size_t i = 0; i < NEAR_SHARDS; i++) {
        bytes += index->shards[i].capacity * sizeof(struct near_slot);
    }
    return bytes;
}
