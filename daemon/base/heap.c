/* Problem: what a document, a draft or a backup takes for a moment must not stay with the
 * process for ever.
 *
 * glibc gives each thread up to eight heaps a processor to itself, and what one thread
 * allocates and another frees, as every document is, stays in them: 15 MB of a poll of a
 * thousand feeds. Documents take their memory in blocks, so the threads seldom meet at a lock:
 * two heaps do for all of them.
 *
 * It also raises by itself, up to 32 MB, the size from which a block is given back to the
 * system when it is freed: large bodies and tables that grow then leave holes of their old size
 * in the heaps. An arena's blocks are below it.
 *
 * And it gives back by itself only what is free at the end of a heap. The pages of a backup
 * and what others allocated meanwhile lie in one heap side by side, and one small block above
 * keeps them all: after a month a daemon that used 14 MB had 28, by a step of 3 MB now and then
 * (tests/faults/weeks.py). Rejected: another malloc, one library more for this; an arena for
 * SQLite alone, which would put the pages of all connections behind one lock. */
#include "base/heap.h"

#include <malloc.h>

void heap_share(void)
{
#ifdef M_ARENA_MAX
    enum { GIVEN_BACK_BYTES = 128 << 10 };
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_MMAP_THRESHOLD, GIVEN_BACK_BYTES);
    mallopt(M_TRIM_THRESHOLD, GIVEN_BACK_BYTES);
#endif
}

void heap_give_back(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
