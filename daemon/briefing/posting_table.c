/* Most terms are in one story only (Zipf), so the first posting lives in the slot itself. Where
 * a term has several, the slot says where their block is in the pool and how full.
 *
 * Terms are hashes already: their high bits are shard and place. A slot whose last posting left
 * keeps its term until the shard is made anew, which bounds it by what is alive.
 *
 * Of titles a posting counts 255; a story that has more with one term counts the others apart.
 *
 * Rejected: a malloc() a list (sixteen bytes beside every one, and 55,000 of them scattered
 * over what the documents of a poll come and go in), a table that doubles (at its growing it
 * took half of the memory of a poll), postings in a file (a title asks for thirty lists). */
#include "briefing/posting_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

enum {
    SHARD_BITS = 6, /* of POSTING_SHARDS */
    SHARD_MIN = 16,
    TITLES_MAX = 255,
    CLASS_MIN = 1, /* room for two */
};

struct posting_slot {
    uint32_t term; /* 0: empty */
    union {
        struct posting one; /* its titles are not 0 */
        struct {
            uint8_t titles; /* 0 */
            uint8_t count, class;
            uint8_t unused;
            uint32_t block;
        } many;
    };
};

static_assert(sizeof(struct posting_slot) == 12, "a slot is packed");
static_assert(sizeof(struct posting) == sizeof(uint64_t), "a posting is a unit of the pool");
static_assert(POSTING_SHARDS == 1 << SHARD_BITS, "shards are told apart by these bits");
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "titles come first in both");

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        memory_exhausted();
    }
    return memory;
}

void posting_table_release(struct posting_table *table)
{
    for (size_t i = 0; i < POSTING_SHARDS; i++) {
        free(table->shards[i].slots);
    }
    block_pool_release(&table->pool);
    number_map_release(&table->more);
    *table = (struct posting_table){0};
}

static struct posting *get_block(const struct posting_table *table, uint32_t block)
{
    return block_pool_get(&table->pool, block);
}

/* ---- slots ---- */

static bool is_one(const struct posting_slot *slot)
{
    return slot->many.titles != 0;
}

static uint32_t count_of(const struct posting_slot *slot)
{
    return is_one(slot) ? 1 : slot->many.count;
}

static struct posting *postings_of(const struct posting_table *table, struct posting_slot *slot)
{
    return is_one(slot) || slot->many.count == 0 ? &slot->one
                                                 : get_block(table, slot->many.block);
}

static uint32_t home_of(const struct posting_shard *shard, uint32_t term)
{
    return (uint32_t)((uint64_t)(term << SHARD_BITS) * shard->capacity >> 32);
}

static struct posting_slot *probe(const struct posting_shard *shard, uint32_t term)
{
    uint32_t at = home_of(shard, term);
    while (shard->slots[at].term != 0 && shard->slots[at].term != term) {
        at = at + 1 == shard->capacity ? 0 : at + 1;
    }
    return &shard->slots[at];
}

static struct posting_slot *find_slot(const struct posting_table *table, uint32_t term)
{
    const struct posting_shard *shard = &table->shards[term >> (32 - SHARD_BITS)];
    struct posting_slot *slot = shard->capacity == 0 ? NULL : probe(shard, term);
    return slot == NULL || slot->term == 0 ? NULL : slot;
}

/* Room for three more where there are five. */
static void rebuild(struct posting_shard *shard)
{
    struct posting_shard old = *shard;
    uint32_t alive = 0;
    for (uint32_t i = 0; i < old.capacity; i++) {
        alive += count_of(&old.slots[i]) > 0;
    }
    shard->used = alive;
    shard->capacity = alive + alive * 3 / 5 + SHARD_MIN;
    shard->slots = allocate(shard->capacity, sizeof(*shard->slots));
    for (uint32_t i = 0; i < old.capacity; i++) {
        if (count_of(&old.slots[i]) > 0) {
            *probe(shard, old.slots[i].term) = old.slots[i];
        }
    }
    free(old.slots);
}

static struct posting_slot *make_slot(struct posting_table *table, uint32_t term)
{
    struct posting_shard *shard = &table->shards[term >> (32 - SHARD_BITS)];
    if ((shard->used + 1) * 4 > shard->capacity * 3) {
        rebuild(shard);
    }
    struct posting_slot *slot = probe(shard, term);
    if (slot->term == 0) {
        slot->term = term;
        shard->used++;
    }
    return slot;
}

/* ---- postings of a term ---- */

static struct posting *find_posting(
    const struct posting_table *table, struct posting_slot *slot, uint32_t centroid)
{
    struct posting *postings = postings_of(table, slot);
    for (uint32_t i = 0; i < count_of(slot); i++) {
        if (posting_centroid(&postings[i]) == centroid) {
            return &postings[i];
        }
    }
    return NULL;
}

/* Room for one more posting than there are, of which there is at least one. */
static void make_room(struct posting_table *table, struct posting_slot *slot)
{
    uint32_t count = count_of(slot);
    assert(count < POSTING_STORIES_MAX);
    if (!is_one(slot) && count < block_pool_room[slot->many.class]) {
        return;
    }
    struct posting_slot before = *slot;
    uint8_t class = is_one(slot) ? CLASS_MIN : (uint8_t)(slot->many.class + 1);
    uint32_t block = block_pool_take(&table->pool, class);
    memcpy(get_block(table, block), postings_of(table, &before), count * sizeof(before.one));
    if (!is_one(&before)) {
        block_pool_give(&table->pool, before.many.class, before.many.block);
    }
    slot->many.titles = 0;
    slot->many.count = (uint8_t)count;
    slot->many.class = class;
    slot->many.block = block;
}

static struct posting *append(
    struct posting_table *table, struct posting_slot *slot, uint32_t centroid)
{
    const struct posting posting = {.who = centroid << 8};
    if (count_of(slot) == 0) {
        slot->one = posting;
        return &slot->one;
    }
    make_room(table, slot);
    struct posting *place = get_block(table, slot->many.block) + slot->many.count++;
    *place = posting;
    return place;
}

/* The order stays: the oldest stories leave first, and are found first then. */
static void take_out(
    struct posting_table *table, struct posting_slot *slot, struct posting *posting)
{
    if (is_one(slot)) {
        slot->one = (struct posting){0};
        return;
    }
    struct posting *end = get_block(table, slot->many.block) + slot->many.count--;
    memmove(posting, posting + 1, (size_t)(end - posting - 1) * sizeof(*posting));
    if (slot->many.count == 1) {
        uint8_t class = slot->many.class;
        uint32_t block = slot->many.block;
        slot->one = *get_block(table, block);
        block_pool_give(&table->pool, class, block);
    }
}

/* ---- titles ---- */

static uint64_t key_of_more(uint32_t term, uint32_t centroid)
{
    return (uint64_t)term << 32 | centroid;
}

static void count_title(struct posting_table *table, struct posting *posting, uint32_t term)
{
    if ((posting->who & TITLES_MAX) < TITLES_MAX) {
        posting->who++;
        return;
    }
    uint64_t key = key_of_more(term, posting_centroid(posting));
    uint32_t more = 0;
    (void)number_map_find(&table->more, key, &more);
    number_map_set(&table->more, key, more + 1);
}

static void discount_title(struct posting_table *table, struct posting *posting, uint32_t term)
{
    uint64_t key = key_of_more(term, posting_centroid(posting));
    uint32_t more;
    if ((posting->who & TITLES_MAX) < TITLES_MAX ||
        !number_map_find(&table->more, key, &more)) {
        posting->who--;
    } else if (more > 1) {
        number_map_set(&table->more, key, more - 1);
    } else {
        number_map_remove(&table->more, key);
    }
}

/* ---- the whole ---- */

const struct posting *posting_table_find(
    const struct posting_table *table, uint32_t term, uint32_t *ret_count)
{
    struct posting_slot *slot = find_slot(table, term);
    *ret_count = slot == NULL ? 0 : count_of(slot);
    return *ret_count == 0 ? NULL : postings_of(table, slot);
}

void posting_table_prefetch(const struct posting_table *table, uint32_t term)
{
    const struct posting_shard *shard = &table->shards[term >> (32 - SHARD_BITS)];
    if (shard->capacity > 0) {
        __builtin_prefetch(&shard->slots[home_of(shard, term)]);
    }
}

float posting_table_add(
    struct posting_table *table, uint32_t term, uint32_t centroid, float weight, bool first)
{
    assert(term != 0 && centroid <= POSTING_CENTROID_MAX);
    struct posting_slot *slot = make_slot(table, term);
    struct posting *posting = first ? NULL : find_posting(table, slot, centroid);
    if (posting == NULL) {
        posting = append(table, slot, centroid);
    }
    float before = posting->weight;
    posting->weight += weight;
    count_title(table, posting, term);
    return before;
}

float posting_table_remove(
    struct posting_table *table, uint32_t term, uint32_t centroid, float weight)
{
    struct posting_slot *slot = find_slot(table, term);
    struct posting *posting = slot == NULL ? NULL : find_posting(table, slot, centroid);
    assert(posting != NULL);
    float before = posting->weight;
    posting->weight -= weight;
    uint32_t titles = posting->who & TITLES_MAX;
    if (titles == 1) {
        take_out(table, slot, posting);
    } else {
        discount_title(table, posting, term);
    }
    return before;
}

size_t posting_table_bytes(const struct posting_table *table)
{
    size_t bytes = block_pool_bytes(&table->pool) + number_map_bytes(&table->more);
    for (size_t i = 0; i < POSTING_SHARDS; i++) {
        bytes += table->shards[i].capacity * sizeof(struct posting_slot);
    }
    return bytes;
}
