/* Sizes are half as large again each second step, so a list that grows wastes a sixth.
 *
 * Rejected: malloc() (eight to sixteen bytes beside each list, scattered over what the
 * documents of a poll come and go in). */
#include "briefing/block_pool.h"

#include <stdlib.h>

#include "base/fault.h"

enum {
    CHUNK_BITS = 12,
    CHUNK = 1 << CHUNK_BITS, /* units: 32 KiB */
    NO_BLOCK = 0,            /* the first place is never given away */
};

const uint8_t block_pool_room[BLOCK_POOL_CLASSES] = {
    1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128};

void block_pool_release(struct block_pool *pool)
{
    for (uint32_t i = 0; i < pool->chunk_count; i++) {
        free(pool->chunks[i]);
    }
    free(pool->chunks);
    *pool = (struct block_pool){0};
}

static void add_chunk(struct block_pool *pool)
{
    pool->chunks = reallocarray(pool->chunks, pool->chunk_count + 1, sizeof(*pool->chunks));
    uint64_t *chunk = malloc(CHUNK * sizeof(*chunk));
    if (pool->chunks == NULL || chunk == NULL) {
        memory_exhausted();
    }
    pool->chunks[pool->chunk_count++] = chunk;
    pool->chunk_used = pool->chunk_count == 1; /* NO_BLOCK */
}

static uint64_t *place_of(const struct block_pool *pool, uint32_t block)
{
    return &pool->chunks[block >> CHUNK_BITS][block & (CHUNK - 1)];
}

uint32_t block_pool_take(struct block_pool *pool, uint8_t class)
{
    uint32_t block = pool->free_blocks[class], room = block_pool_room[class];
    if (block != NO_BLOCK) {
        pool->free_blocks[class] = (uint32_t)*place_of(pool, block);
        return block;
    }
    if (pool->chunk_count == 0 || pool->chunk_used + room > CHUNK) {
        add_chunk(pool);
    }
    block = (pool->chunk_count - 1) << CHUNK_BITS | pool->chunk_used;
    pool->chunk_used += room;
    return block;
}

void block_pool_give(struct block_pool *pool, uint8_t class, uint32_t block)
{
    *place_of(pool, block) = pool->free_blocks[class];
    pool->free_blocks[class] = block;
}

void *block_pool_get(const struct block_pool *pool, uint32_t block)
{
    return place_of(pool, block);
}

size_t block_pool_bytes(const struct block_pool *pool)
{
    return pool->chunk_count * (CHUNK * sizeof(uint64_t) + sizeof(uint64_t *));
}
