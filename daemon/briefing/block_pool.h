/* Blocks of a few sizes, for a hundred thousand short lists that grow and shrink: 32 bits name
 * one, and nothing stands beside it. PURE; one thread at a time.
 *
 * A block is some units of eight bytes. One that is given back is the next of its size; memory
 * comes in chunks and goes all at once.
 */
#ifndef BRIEFING_BLOCK_POOL_H
#define BRIEFING_BLOCK_POOL_H

#include <stddef.h>
#include <stdint.h>

enum { BLOCK_POOL_CLASSES = 14 };

/* Units that a block of each class has room for, ascending. */
extern const uint8_t block_pool_room[BLOCK_POOL_CLASSES];

struct block_pool {
    uint64_t **chunks;
    uint32_t chunk_count, chunk_used;
    uint32_t free_blocks[BLOCK_POOL_CLASSES]; /* the first; each names the next */
};

/* Zero-initialised is a valid empty pool. Harmless on a released one. */
void block_pool_release(struct block_pool *pool);

/* A block, never 0; its bytes are not initialised. */
uint32_t block_pool_take(struct block_pool *pool, uint8_t class);
void block_pool_give(struct block_pool *pool, uint8_t class, uint32_t block);

/* Borrowed until it is given back. */
void *block_pool_get(const struct block_pool *pool, uint32_t block);

size_t block_pool_bytes(const struct block_pool *pool);

#endif
