/* Jobs that read the store on a worker, each with a reading connection of its own.
 *
 * A number of them run at once; further ones wait in line, so that a burst of searches takes
 * neither all workers nor all memory. Connections are opened by the first jobs that need them
 * and kept. Loop thread but for the work.
 */
#ifndef WEB_SERVER_READERS_H
#define WEB_SERVER_READERS_H

#include "base/fault.h"
#include "net/loop.h"
#include "storage/store.h"

enum { READERS_MAX = 4 };

struct readers;

struct readers_job {
    /* On a worker. */
    bool (*work)(struct readers_job *job, struct store *store, struct fault *fault);
    /* On the loop; `fault` NULL when work returned true. */
    void (*on_done)(struct readers_job *job, const struct fault *fault);
    struct readers_job *next; /* readers' own */
};

/* At most `seats` (up to READERS_MAX) run at once. */
struct readers *readers_new(struct loop *loop, const char *database, size_t seats);

/* Jobs in line. */
size_t readers_waiting(const struct readers *readers);

/* Run it, or put it in line. */
void readers_run(struct readers *readers, struct readers_job *job);

/* What waits comes back with FAULT_CANCELLED now, what runs ends as usual; the connections
 * close and the memory goes with the last of it, on the loop. NULL is harmless. */
void readers_stop(struct readers *readers);

#endif
