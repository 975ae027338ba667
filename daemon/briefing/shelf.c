/* A place is the block's address. */
#include "briefing/shelf.h"

#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

static bool put(void *context, const void *bytes, size_t length, uint64_t *ret_place)
{
    void *block = malloc(length);
    if (block == NULL) {
        memory_exhausted();
    }
    memcpy(block, bytes, length);
    *ret_place = (uint64_t)(uintptr_t)block;
    return true;
}

static const void *get(void *context, uint64_t place, size_t length)
{
    return (const void *)(uintptr_t)place;
}

static void drop(void *context, uint64_t place, size_t length)
{
    free((void *)(uintptr_t)place);
}

/* The index drops what it kept. */
static void end(void *context)
{
}

struct shelf shelf_in_memory(void)
{
    return (struct shelf){
        .put = put,
        .get = get,
        .drop = drop,
        .free = end,
        .thing_overhead_bytes = 16,
        .in_memory = true,
    };
}
