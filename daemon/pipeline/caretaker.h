/* What the daemon does for its database by itself: backups on a schedule, old items removed,
 * free pages given back.
 *
 * Copying and looking take seconds, so they run on a thread of their own, one at a time: the
 * workers stay free for polls and answers. Only what is written goes to the writer, in small
 * turns while nothing else waits. What fails is told in the log and the numbers, tried again
 * later, and stops nothing. Loop thread.
 */
#ifndef PIPELINE_CARETAKER_H
#define PIPELINE_CARETAKER_H

#include "config/config.h"
#include "pipeline/writer.h"

struct caretaker;

/* Begins a few minutes after the start, or when the last backup is old enough. Borrows `writer`
 * and `database`; takes its own reference to `config`. */
struct caretaker *caretaker_start(
    struct loop *loop, struct writer *writer, const char *database, struct config *config);

/* Another configuration from now on. */
void caretaker_configure(struct caretaker *caretaker, struct config *config);

/* Before writer_stop(); what runs is given up within moments. NULL and twice are harmless. */
void caretaker_stop(struct caretaker *caretaker);

/* After the loop has run dry. NULL is harmless. */
void caretaker_free(struct caretaker *caretaker);

struct caretaker_state {
    int64_t backup_utc_s; /* of the newest; CLOCK_NONE: there is none */
    int64_t backup_bytes;
    uint64_t backups, backup_failures; /* since the start */
    const char *failing;               /* why the last one failed; NULL: it did not. Borrowed */
    uint64_t items_removed;
};
struct caretaker_state caretaker_state(const struct caretaker *caretaker);

#endif
