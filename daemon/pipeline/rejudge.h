/* After the rules changed: judge the stored items again, in the background.
 *
 * Runs as a chain of writer tasks of a few hundred stories each, newest first, so that polling
 * goes on in between and the draft is right within moments. There is one chain: two with
 * different rules would each find the other's verdicts stale, for ever. Loop thread.
 */
#ifndef PIPELINE_REJUDGE_H
#define PIPELINE_REJUDGE_H

#include <stdbool.h>
#include <stddef.h>

#include "pipeline/rules.h"
#include "pipeline/writer.h"

struct rejudge;

/* The end of a chain, on the loop: how many items were judged, and whether all are by the
 * newest rules now (false: the writer stopped, or the store failed, which has been logged). */
typedef void rejudge_done_fn(void *data, size_t items, bool complete);

/* Borrows `writer`. */
struct rejudge *rejudge_new(struct writer *writer, rejudge_done_fn *on_done, void *data);

/* After the loop has run dry. NULL is harmless. */
void rejudge_free(struct rejudge *rejudge);

/* Judge every item that other rules judged by `rules`, of which it takes a reference; when
 * `live`, first the newest stories of those that can still be picked, whoever judged them: the
 * rules may know more than before. Of many older ones the order changes with the rules only. A
 * running chain goes on with them from its next batch; on_done then runs once for both. */
void rejudge_start(struct rejudge *rejudge, struct rules *rules, bool live);

#endif
