/* After the rules changed: judge the stored items again, in the background.
 *
 * Runs as a chain of writer tasks of a few hundred items each, newest first, so that polling
 * goes on in between and the draft is right within moments. Loop thread.
 */
#ifndef PIPELINE_REJUDGE_H
#define PIPELINE_REJUDGE_H

#include "pipeline/rules.h"
#include "pipeline/writer.h"

/* Judge every item that other rules judged. `on_done` runs once on the loop with the number of
 * items; the chain ends early when the writer stops or the store fails (logged). */
void rejudge_start(struct writer *writer, struct rules *rules,
    void (*on_done)(void *data, size_t items), void *data);

#endif
