/* Sorting by hash, then scanning runs: n log n whatever a feed contrives, no table to size.
 * Hashes are compared alone: a collision inside one document costs that feed an entry, nobody
 * else. */
#include "storage/entry_ids.h"

#include <stdlib.h>

#include "base/hash.h"

struct place {
    uint64_t major, minor;
    size_t index;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left;
    const struct place *b = right;
    int order = compare_numbers(a->major, b->major);
    order = order != 0 ? order : compare_numbers(a->minor, b->minor);
    return order != 0 ? order : compare_numbers(a->index, b->index);
}

/* Runs of one guid: several keys make it shared, the same key again is a repetition. */
static void mark_guids(struct entry_id *ids, struct place *places, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        places[i] = (struct place){ids[i].guid_hash, ids[i].key_hash, i};
    }
    qsort(places, count, sizeof(*places), compare_places);
    size_t end;
    for (size_t start = 0; start < count; start = end) {
        for (end = start; end < count && places[end].major == places[start].major; end++) {
            ids[places[end].index].repeats_entry = end > start &&
                places[end].minor == places[end - 1].minor;
        }
        bool shared = places[end - 1].minor != places[start].minor;
        for (size_t i = start; i < end; i++) {
            ids[places[i].index].shared_guid = shared;
        }
    }
}

/* Runs of one key: all but the first in the document repeat it. */
static void mark_keys(struct entry_id *ids, struct place *places, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        places[i] = (struct place){ids[i].key_hash, 0, i};
    }
    qsort(places, count, sizeof(*places), compare_places);
    for (size_t i = 1; i < count; i++) {
        ids[places[i].index].repeats_key = places[i].major == places[i - 1].major;
    }
}

struct entry_id *entry_ids_build(
    struct arena *arena, const struct store_entry *entries, size_t count)
{
    if (count == 0) {
        return NULL;
    }
    struct entry_id *ids = arena_new_array(arena, struct entry_id, count);
    struct place *places = arena_new_array(arena, struct place, count);
    for (size_t i = 0; i < count; i++) {
        ids[i].key_hash = hash_string(HASH_START, entries[i].key);
        ids[i].guid_hash = hash_string(HASH_START, entries[i].guid);
        ids[i].shared_hash = hash_string(ids[i].guid_hash, entries[i].key);
    }
    mark_guids(ids, places, count);
    mark_keys(ids, places, count);
    return ids;
}
