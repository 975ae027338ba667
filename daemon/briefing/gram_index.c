/* Most grams are in one item only (Zipf), so the first posting lives in the entry itself and
 * only the second one allocates. Entries whose last posting left stay as empty places until the
 * table grows: then they are dropped, which bounds it by what is alive.
 *
 * Grams are hashes already: their low bits are the place. */
#include "briefing/gram_index.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct gram_entry {
    uint32_t gram;
    uint32_t counted;
    uint32_t head;     /* first posting that is alive */
    uint32_t count;    /* postings alive */
    uint32_t capacity; /* of `many`; 0: `one` is in use */
    bool taken;
    union {
        struct posting one;
        struct posting *many;
    };
};

enum { CAPACITY_MIN = 1024, LIST_MIN = 4 };

static struct gram_entry *probe(struct gram_entry *entries, size_t capacity, uint32_t gram)
{
    size_t at = gram & (capacity - 1);
    while (entries[at].taken && entries[at].gram != gram) {
        at = (at + 1) & (capacity - 1);
    }
    return &entries[at];
}

static bool is_empty(const struct gram_entry *entry)
{
    return entry->count == 0 && entry->counted == 0;
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static void rebuild(struct gram_index *index)
{
    size_t alive = 0;
    for (size_t i = 0; i < index->capacity; i++) {
        alive += index->entries[i].taken && !is_empty(&index->entries[i]);
    }
    size_t capacity = CAPACITY_MIN;
    while (capacity < alive * 3) {
        capacity *= 2;
    }
    struct gram_entry *entries = allocate(capacity, sizeof(*entries));
    for (size_t i = 0; i < index->capacity; i++) {
        struct gram_entry *entry = &index->entries[i];
        if (!entry->taken) {
            continue;
        }
        if (!is_empty(entry)) {
            *probe(entries, capacity, entry->gram) = *entry;
        } else if (entry->capacity > 0) {
            free(entry->many);
        }
    }
    free(index->entries);
    index->entries = entries;
    index->capacity = capacity;
    index->used = alive;
}

static struct gram_entry *get_entry(struct gram_index *index, uint32_t gram)
{
    if (index->used * 4 >= index->capacity * 3) {
        rebuild(index);
    }
    struct gram_entry *entry = probe(index->entries, index->capacity, gram);
    if (!entry->taken) {
        *entry = (struct gram_entry){.gram = gram, .taken = true};
        index->used++;
    }
    return entry;
}

static const struct gram_entry *find_entry(const struct gram_index *index, uint32_t gram)
{
    if (index->capacity == 0) {
        return NULL;
    }
    const struct gram_entry *entry = probe(index->entries, index->capacity, gram);
    return entry->taken ? entry : NULL;
}

void gram_index_release(struct gram_index *index)
{
    for (size_t i = 0; i < index->capacity; i++) {
        if (index->entries[i].capacity > 0) {
            free(index->entries[i].many);
        }
    }
    free(index->entries);
    *index = (struct gram_index){0};
}

/* Make room behind the last posting: move the living ones to the front, or to a longer list. */
static void reserve(struct gram_entry *entry)
{
    if (entry->capacity > 0 && entry->head + entry->count < entry->capacity) {
        return;
    }
    if (entry->capacity > 0 && entry->head > entry->capacity / 2) {
        memmove(entry->many, entry->many + entry->head, entry->count * sizeof(*entry->many));
        entry->head = 0;
        return;
    }
    uint32_t capacity = entry->capacity == 0 ? LIST_MIN : entry->capacity * 2;
    struct posting *many = allocate(capacity, sizeof(*many));
    if (entry->capacity == 0) {
        many[0] = entry->one;
    } else {
        memcpy(many, entry->many + entry->head, entry->count * sizeof(*many));
        free(entry->many);
    }
    entry->many = many;
    entry->capacity = capacity;
    entry->head = 0;
}

/* Where `item` stands among the living postings, or would. From the back: as a rule it is the
 * newest that is added, and a list of an older one is short. */
static uint32_t locate(const struct posting *postings, uint32_t count, uint32_t item)
{
    uint32_t low = 0, high = count;
    if (count > 0 && postings[count - 1].item < item) {
        return count;
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (postings[middle].item < item) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void gram_index_add(struct gram_index *index, uint32_t gram, uint32_t item, float weight)
{
    struct gram_entry *entry = get_entry(index, gram);
    struct posting posting = {item, weight};
    if (entry->capacity == 0 && entry->count == 0) {
        entry->one = posting;
    } else {
        reserve(entry);
        struct posting *living = entry->many + entry->head;
        uint32_t at = locate(living, entry->count, item);
        assert(at == entry->count || living[at].item != item);
        memmove(living + at + 1, living + at, (entry->count - at) * sizeof(*living));
        living[at] = posting;
    }
    entry->count++;
}

void gram_index_remove(struct gram_index *index, uint32_t gram, uint32_t item)
{
    uint32_t count;
    const struct posting *postings = gram_index_find(index, gram, &count);
    uint32_t at = count == 0 || postings[0].item == item ? 0 : locate(postings, count, item);
    if (at == count || postings[at].item != item) {
        return;
    }
    struct gram_entry *entry = probe(index->entries, index->capacity, gram);
    entry->count--;
    if (at == 0) {
        entry->head += entry->capacity > 0;
    } else {
        struct posting *living = entry->many + entry->head;
        memmove(living + at, living + at + 1, (entry->count - at) * sizeof(*living));
    }
    if (entry->count == 0 && entry->capacity > 0) {
        free(entry->many);
        entry->capacity = entry->head = 0;
    }
}

const struct posting *gram_index_find(
    const struct gram_index *index, uint32_t gram, uint32_t *ret_count)
{
    const struct gram_entry *entry = find_entry(index, gram);
    *ret_count = entry == NULL ? 0 : entry->count;
    return *ret_count == 0     ? NULL
        : entry->capacity == 0 ? &entry->one
                               : entry->many + entry->head;
}

void gram_index_count(struct gram_index *index, uint32_t gram, int change)
{
    struct gram_entry *entry = get_entry(index, gram);
    assert(change > 0 || entry->counted > 0);
    entry->counted += (uint32_t)change;
}

uint32_t gram_index_counted(const struct gram_index *index, uint32_t gram)
{
    const struct gram_entry *entry = find_entry(index, gram);
    return entry == NULL ? 0 : entry->counted;
}

size_t gram_index_bytes(const struct gram_index *index)
{
    size_t bytes = index->capacity * sizeof(*index->entries);
    for (size_t i = 0; i < index->capacity; i++) {
        bytes += index->entries[i].capacity * sizeof(struct posting);
    }
    return bytes;
}
