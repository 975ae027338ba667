/* Open addressing. A place that is freed is filled from behind (Knuth 6.4, algorithm R), so
 * that a map through which items stream for months holds no tombstones. */
#include "briefing/number_map.h"

#include <stdlib.h>

#include "base/fault.h"

struct number_place {
    uint64_t key;
    uint32_t number;
    bool taken;
};

void number_map_release(struct number_map *map)
{
    free(map->places);
    *map = (struct number_map){0};
}

static size_t home_of(const struct number_map *map, uint64_t key)
{
    key *= UINT64_C(0x9e3779b97f4a7c15);
    return (key ^ key >> 32) & (map->capacity - 1);
}

static size_t locate(const struct number_map *map, uint64_t key)
{
    size_t at = home_of(map, key);
    while (map->places[at].taken && map->places[at].key != key) {
        at = (at + 1) & (map->capacity - 1);
    }
    return at;
}

static void grow(struct number_map *map)
{
    struct number_map old = *map;
    map->capacity = old.capacity == 0 ? 64 : old.capacity * 2;
    map->places = calloc(map->capacity, sizeof(*map->places));
    if (map->places == NULL) {
        memory_exhausted();
    }
    for (size_t i = 0; i < old.capacity; i++) {
        if (old.places[i].taken) {
            map->places[locate(map, old.places[i].key)] = old.places[i];
        }
    }
    free(old.places);
}

void number_map_set(struct number_map *map, uint64_t key, uint32_t number)
{
    if ((map->count + 1) * 4 > map->capacity * 3) {
        grow(map);
    }
    struct number_place *place = &map->places[locate(map, key)];
    map->count += !place->taken;
    *place = (struct number_place){key, number, true};
}

bool number_map_find(const struct number_map *map, uint64_t key, uint32_t *ret_number)
{
    if (map->capacity == 0) {
        return false;
    }
    const struct number_place *place = &map->places[locate(map, key)];
    if (place->taken) {
        *ret_number = place->number;
    }
    return place->taken;
}

void number_map_remove(struct number_map *map, uint64_t key)
{
    size_t mask = map->capacity - 1;
    size_t hole = map->capacity == 0 ? 0 : locate(map, key);
    if (map->capacity == 0 || !map->places[hole].taken) {
        return;
    }
    for (size_t at = (hole + 1) & mask; map->places[at].taken; at = (at + 1) & mask) {
        size_t home = home_of(map, map->places[at].key);
        /* Whoever was looked for from the hole or before it can move there. */
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            map->places[hole] = map->places[at];
            hole = at;
        }
    }
    map->places[hole].taken = false;
    map->count--;
}

size_t number_map_bytes(const struct number_map *map)
{
    return map->capacity * sizeof(*map->places);
}
