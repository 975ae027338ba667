/* After the rules changed: judge the stored items again, in the background.
 *
 * Runs as a chain of writer tasks of a few hundred items each, newest first, so that polling
 * goes on in between and the draft is right within moments. Loop thread.
 */
#ifndef PIPELINE_REJUDGE_H
#define PIPELINE_REJUDGE_H

#include "pipeline/rules.h"
#include "pipeline/writer.h"

/* Judge every item that other rules than *current judged. `on_done` (may be NULL) runs once on
 * the loop with the number of items; the chain ends early when *current is replaced (two chains
 * would undo each other's work for ever), the writer stops or the store fails (logged).
 * `current` is borrowed until the loop has run dry. */
void rejudge_start(struct writer *writer, struct rules *const *current,
    void (*on_done)(void *data, size_t items), void *data);

#endif
