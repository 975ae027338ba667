/* A list of blocks with a bump cursor in the newest. Blocks double from 4 KiB to 64 KiB, so a
 * small document costs a few mallocs and a large one some dozens; a request larger than a block
 * gets its own. Larger blocks stood half empty in documents that wait for the store, and
 * saved no time that could be measured. */
#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

enum { BLOCK_MIN_BYTES = 4096, BLOCK_MAX_BYTES = 1 << 16 };

struct arena_block {
    struct arena_block *next;
    size_t size;
    max_align_t data[];
};

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

static void free_blocks(struct arena_block *block)
{
    while (block != NULL) {
        struct arena_block *next = block->next;
        free(block);
        block = next;
    }
}

void arena_release(struct arena *arena)
{
    free_blocks(arena->blocks);
    *arena = (struct arena){0};
}

void arena_clear(struct arena *arena)
{
    struct arena_block *newest = arena->blocks;
    if (newest != NULL) {
        free_blocks(newest->next);
        newest->next = NULL;
        arena->cursor = (char *)newest->data;
        arena->total_bytes = newest->size;
    }
}

static void add_block(struct arena *arena, size_t at_least)
{
    size_t size = arena->blocks == NULL ? BLOCK_MIN_BYTES : arena->blocks->size * 2;
    if (size > BLOCK_MAX_BYTES) {
        size = BLOCK_MAX_BYTES;
    }
    if (size < at_least) {
        size = at_least;
    }
    struct arena_block *block = malloc(sizeof(*block) + size);
    if (block == NULL) {
        memory_exhausted();
    }
    block->next = arena->blocks;
    block->size = size;
    arena->blocks = block;
    arena->cursor = (char *)block->data;
    arena->limit = arena->cursor + size;
    arena->total_bytes += size;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    const size_t align = _Alignof(max_align_t);
    if (size > SIZE_MAX - align) {
        abort();
    }
    size = (size + align - 1) / align * align;
    if ((size_t)(arena->limit - arena->cursor) < size) {
        add_block(arena, size);
    }
    void *place = arena->cursor;
    arena->cursor += size;
    return place;
}

void *arena_zalloc(struct arena *arena, size_t size)
{
    void *place = arena_alloc(arena, size);
    return size == 0 ? place : memset(place, 0, size); /* memset(NULL, 0, 0) is undefined */
}

size_t arena_array_bytes(size_t size, size_t count)
{
    size_t bytes;
    if (__builtin_mul_overflow(size, count, &bytes)) {
        abort();
    }
    return bytes;
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    assert(format != NULL);
    va_list values, again;
    va_start(values, format);
    va_copy(again, values);
    int length = vsnprintf(NULL, 0, format, values);
    va_end(values);
    if (length < 0) {
        abort();
    }
    char *text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void *arena_grow(struct arena *arena, void *items, size_t item_size, size_t *capacity)
{
    size_t count = *capacity == 0 ? 8 : arena_array_bytes(*capacity, 2);
    void *bigger = arena_zalloc(arena, arena_array_bytes(item_size, count));
    if (*capacity > 0) {
        memcpy(bigger, items, *capacity * item_size);
    }
    *capacity = count;
    return bigger;
}
