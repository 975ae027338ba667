/* One writer at a time: everything that changes the store goes through here.
 *
 * Documents are collected while a batch is being committed and go together in the next one
 * (at most WRITER_BATCH_MAX a transaction: one transaction a feed would cost half as much
 * again). Documents without entries, from feeds that have nothing new or do not answer, need
 * not be on disk at once, for a crash that loses one costs one conditional request: they go
 * with the next batch or at writer_flush(), many in one transaction. Tasks (registering feeds,
 * judging again) run alone, between batches. The writing connection is used by the one running
 * worker job and by nobody else. Loop thread.
 */
#ifndef PIPELINE_WRITER_H
#define PIPELINE_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "net/histogram.h"
#include "net/loop.h"
#include "pipeline/document.h"
#include "storage/store.h"

enum {
    WRITER_BATCH_MAX = 64,
    WRITER_LATER_MAX = 512, /* then those without items are written unasked */
};

struct writer;

/* Borrows `store`: it must outlive the writer and belongs to it until writer_free(). */
struct writer *writer_new(struct loop *loop, struct store *store);

/* After the loop has run dry: nothing may be queued or running. NULL is harmless. */
void writer_free(struct writer *writer);

/* Runs on the loop when the batch with this document has been committed (`fault` NULL) or has
 * been rolled back. The document goes back to the caller. */
typedef void writer_document_fn(
    void *data, struct document *document, const struct fault *fault);

/* Queue `document`. */
void writer_put(struct writer *writer, struct document *document,
    writer_document_fn *on_written, void *data);

/* The same for a document without entries, to be written with the next batch or at the next
 * writer_flush(). */
void writer_put_later(struct writer *writer, struct document *document,
    writer_document_fn *on_written, void *data);

/* What was put for later is written now. */
void writer_flush(struct writer *writer);

/* `work` runs on a worker with the writing connection, `on_done` afterwards on the loop. */
struct writer_task {
    bool (*work)(struct writer_task *task, struct store *store, struct fault *fault);
    void (*on_done)(struct writer_task *task, const struct fault *fault);
    struct writer_task *next; /* the writer's */
};
void writer_run(struct writer *writer, struct writer_task *task);

/* The same when nothing else waits: documents and other tasks go first. */
void writer_run_idle(struct writer *writer, struct writer_task *task);

/* `watcher` runs on the loop after every batch and every task of writer_run() that
 * succeeded. One watcher. */
void writer_watch(struct writer *writer, void (*watcher)(void *data), void *data);

/* Documents queued or being committed. */
size_t writer_pending(const struct writer *writer);

/* How writing goes. */
struct writer_state {
    const struct histogram *times_us; /* of every batch and task; borrowed */
    uint64_t failures;                /* of them, with FAULT_STORE */
    const char *failing;              /* the last write's sentence; NULL: it went well */
};
struct writer_state writer_state(const struct writer *writer);

/* Shutting down: what is queued but not yet running comes back with FAULT_CANCELLED now; the
 * running batch ends as usual. Later puts are answered with FAULT_CANCELLED as well. */
void writer_stop(struct writer *writer);

#endif
