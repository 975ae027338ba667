/* Numbers by a 64-bit key: which live item has this id, which story this number. PURE; one
 * thread at a time. */
#ifndef BRIEFING_NUMBER_MAP_H
#define BRIEFING_NUMBER_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct number_map {
    uint64_t *keys;
    uint32_t *numbers;
    size_t capacity;
    size_t count;
};

/* Zero-initialised is a valid empty map. Harmless on a released one. */
void number_map_release(struct number_map *map);

/* Set the number of `key`, which may have one already. Any number but UINT32_MAX. */
void number_map_set(struct number_map *map, uint64_t key, uint32_t number);

bool number_map_find(const struct number_map *map, uint64_t key, uint32_t *ret_number);

/* Nothing when the key is not there. */
void number_map_remove(struct number_map *map, uint64_t key);

size_t number_map_bytes(const struct number_map *map);

#endif
