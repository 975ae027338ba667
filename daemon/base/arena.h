/* Memory that is freed all at once: one arena a document.
 *
 * Everything a worker builds from one fetched document lives in that document's arena, so that
 * an error path has nothing to free. Allocation never fails (out of memory aborts: what the
 * network sizes is bounded before it comes here, see buffer.h). Zero-initialised is a valid
 * empty arena. An arena belongs to one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/attributes.h"

struct arena_block;

struct arena {
    struct arena_block *blocks; /* newest first */
    char *cursor;
    char *limit;
    size_t total_bytes; /* of all blocks: for bounding memory in flight */
};

void arena_init(struct arena *arena);

/* Free all of it. Harmless on an empty or released arena. */
void arena_release(struct arena *arena);

/* Forget the content, keep the newest block for what comes next: for scratch memory in a loop.
 */
void arena_clear(struct arena *arena);

/* `size` bytes, aligned for any type, lives in the arena. arena_zalloc() zeroes them. */
void *arena_alloc(struct arena *arena, size_t size);
void *arena_zalloc(struct arena *arena, size_t size);

#define arena_new(arena, type) ((type *)arena_zalloc((arena), sizeof(type)))
#define arena_new_array(arena, type, count)                                                    \
    ((type *)arena_zalloc((arena), arena_array_bytes(sizeof(type), (count))))

/* size * count; aborts on overflow. */
size_t arena_array_bytes(size_t size, size_t count);

/* Copies, NUL-terminated. arena_strdup(arena, NULL) is NULL. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...) printf_like(2, 3);

/* Double the capacity of the arena array `items` of `*capacity` elements (0: make 8) and return
 * the new place; the old one stays behind in the arena. */
void *arena_grow(struct arena *arena, void *items, size_t item_size, size_t *capacity);

#endif
