/* Keeps the search index behind the items, in the writer's idle time.
 *
 * Half a second after something was written it brings the index up to date, a few dozen
 * milliseconds at a time (store_index_items), and only while no document waits: an item is
 * never delayed by more than one such turn. What is left at the end is done after the next
 * start. Loop thread.
 */
#ifndef PIPELINE_INDEXER_H
#define PIPELINE_INDEXER_H

#include "pipeline/writer.h"

struct indexer;

/* Begins with what an earlier run left. Borrows `writer`, whose watcher it is from now on. */
struct indexer *indexer_start(struct loop *loop, struct writer *writer);

/* Before writer_stop(). NULL is harmless. */
void indexer_stop(struct indexer *indexer);

/* After the loop has run dry. NULL is harmless. */
void indexer_free(struct indexer *indexer);

#endif
