/* Where a story_index keeps what it seldom reads: how each live item is worded, and what it
 * gave to its story. That is half of what an item takes, and of thousands only the few that a
 * new one may be like are looked at. PURE: this is the contract alone, with one fulfilment in
 * memory; storage/shelf_file.h keeps things in a file.
 *
 * A shelf belongs to one index and one thread at a time. What fails once may fail for ever: the
 * index then says so (story_index_failed()), and whoever owns it makes a new one.
 */
#ifndef BRIEFING_SHELF_H
#define BRIEFING_SHELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHELF_THING_MAX = 16384 }; /* bytes of one thing */

struct shelf {
    void *context;

    /* Keep `length` > 0 bytes, at most SHELF_THING_MAX. False when that is not possible. */
    bool (*put)(void *context, const void *bytes, size_t length, uint64_t *ret_place);

    /* What was put, for any type it can hold; borrowed until the next call. NULL when it cannot
     * be read. */
    const void *(*get)(void *context, uint64_t place, size_t length);

    /* It will not be asked for again. */
    void (*drop)(void *context, uint64_t place, size_t length);

    /* The end of the shelf and all that is on it. */
    void (*free)(void *context);

    size_t thing_overhead_bytes; /* what a thing takes of memory beside its bytes */
    bool in_memory;              /* its bytes take memory */
};

/* Never fails; things are blocks of malloc(). */
struct shelf shelf_in_memory(void);

#endif
