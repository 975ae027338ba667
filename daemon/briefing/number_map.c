/* Open addressing. A place that is freed is filled from behind (Knuth 6.4, algorithm R), so
 * that a map through which items stream for months holds no tombstones. Keys and numbers lie
 * apart: side by side, a third of every place would be padding. It grows by a third: one
 * that doubles stands half empty as a rule. */
#include "briefing/number_map.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

/* The one number that none can have: an empty place. */
#define NO_NUMBER UINT32_MAX

void number_map_release(struct number_map *map)
{
    free(map->keys);
    free(map->numbers);
    *map = (struct number_map){0};
}

static size_t home_of(const struct number_map *map, uint64_t key)
{
    key *= UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(((key ^ key >> 32) & UINT32_MAX) * map->capacity >> 32);
}

static size_t next_of(const struct number_map *map, size_t at)
{
    return at + 1 == map->capacity ? 0 : at + 1;
}

static size_t locate(const struct number_map *map, uint64_t key)
{
    size_t at = home_of(map, key);
    while (map->numbers[at] != NO_NUMBER && map->keys[at] != key) {
        at = next_of(map, at);
    }
    return at;
}

static void put(struct number_map *map, size_t at, uint64_t key, uint32_t number)
{
    map->keys[at] = key;
    map->numbers[at] = number;
}

static void grow(struct number_map *map)
{
    struct number_map old = *map;
    map->capacity = old.capacity == 0 ? 64 : old.capacity + old.capacity / 3;
    map->keys = reallocarray(NULL, map->capacity, sizeof(*map->keys));
    map->numbers = reallocarray(NULL, map->capacity, sizeof(*map->numbers));
    if (map->keys == NULL || map->numbers == NULL) {
        memory_exhausted();
    }
    memset(map->numbers, 0xff, map->capacity * sizeof(*map->numbers));
    for (size_t i = 0; i < old.capacity; i++) {
        if (old.numbers[i] != NO_NUMBER) {
            put(map, locate(map, old.keys[i]), old.keys[i], old.numbers[i]);
        }
    }
    number_map_release(&old);
}

void number_map_set(struct number_map *map, uint64_t key, uint32_t number)
{
    if ((map->count + 1) * 4 > map->capacity * 3) {
        grow(map);
    }
    assert(number != NO_NUMBER);
    size_t at = locate(map, key);
    map->count += map->numbers[at] == NO_NUMBER;
    put(map, at, key, number);
}

bool number_map_find(const struct number_map *map, uint64_t key, uint32_t *ret_number)
{
    if (map->capacity == 0) {
        return false;
    }
    uint32_t number = map->numbers[locate(map, key)];
    if (number != NO_NUMBER) {
        *ret_number = number;
    }
    return number != NO_NUMBER;
}

static size_t distance(const struct number_map *map, size_t from, size_t to)
{
    return to >= from ? to - from : to + map->capacity - from;
}

void number_map_remove(struct number_map *map, uint64_t key)
{
    size_t hole = map->capacity == 0 ? 0 : locate(map, key);
    if (map->capacity == 0 || map->numbers[hole] == NO_NUMBER) {
        return;
    }
    for (size_t at = next_of(map, hole); map->numbers[at] != NO_NUMBER; at = next_of(map, at)) {
        size_t home = home_of(map, map->keys[at]);
        /* Whoever was looked for from the hole or before it can move there. */
        if (distance(map, home, at) >= distance(map, hole, at)) {
            put(map, hole, map->keys[at], map->numbers[at]);
            hole = at;
        }
    }
    map->numbers[hole] = NO_NUMBER;
    map->count--;
}

size_t number_map_bytes(const struct number_map *map)
{
    return map->capacity * (sizeof(*map->keys) + sizeof(*map->numbers));
}
