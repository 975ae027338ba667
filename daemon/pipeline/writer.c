#include "pipeline/writer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct queued {
    struct document *document;
    writer_document_fn *on_written;
    void *data;
};

struct writer {
    /* loop thread only */
    struct loop *loop;
    struct queued
        *queue; /* a growing ring would save a memmove of at most a few hundred pointers */
    size_t queue_count, queue_capacity;
    struct writer_task *first_task, **last_task;
    bool running, stopped;

    /* worker while running */
    struct store *store;
    struct queued batch[WRITER_BATCH_MAX];
    size_t batch_count;
    struct writer_task *task; /* instead of a batch */
    bool succeeded;
    struct fault fault;
    uv_work_t work;
};

static void start_next(struct writer *writer);

struct writer *writer_new(struct loop *loop, struct store *store)
{
    struct writer *writer = calloc(1, sizeof(*writer));
    if (writer == NULL) {
        abort();
    }
    writer->loop = loop;
    writer->store = store;
    writer->last_task = &writer->first_task;
    writer->work.data = writer;
    return writer;
}

void writer_free(struct writer *writer)
{
    if (writer == NULL) {
        return;
    }
    assert(!writer->running && writer->queue_count == 0 && writer->first_task == NULL);
    free(writer->queue);
    free(writer);
}

static bool commit_batch(struct writer *writer)
{
    struct store_document *documents[WRITER_BATCH_MAX];
    for (size_t i = 0; i < writer->batch_count; i++) {
        documents[i] = &writer->batch[i].document->store;
    }
    /* The newest rules name the sections; a document judged by older ones carries indexes of
     * its own configuration, so each is committed under the rules it was judged by: the batch
     * ends where the rules change (start_next). */
    return store_commit(writer->store, documents, writer->batch_count,
        writer->batch[0].document->rules->config, &writer->fault);
}

static void write_work(uv_work_t *work)
{
    struct writer *writer = work->data;
    writer->succeeded = writer->task != NULL
        ? writer->task->work(writer->task, writer->store, &writer->fault)
        : commit_batch(writer);
}

static void on_written(uv_work_t *work, int status)
{
    struct writer *writer = work->data;
    const struct fault *fault = writer->succeeded ? NULL : &writer->fault;
    struct fault copy;
    if (fault != NULL) {
        copy = *fault;
        fault = &copy;
    }
    struct writer_task *task = writer->task;
    struct queued batch[WRITER_BATCH_MAX];
    size_t count = writer->batch_count;
    memcpy(batch, writer->batch, count * sizeof(batch[0]));
    writer->running = false;
    writer->task = NULL;
    writer->batch_count = 0;
    /* The next batch starts before the callbacks, so that the disk is never waited for. */
    start_next(writer);
    if (task != NULL) {
        task->on_done(task, fault);
    }
    for (size_t i = 0; i < count; i++) {
        batch[i].on_written(batch[i].data, batch[i].document, fault);
    }
}

static void take_batch(struct writer *writer)
{
    const struct rules *rules = writer->queue[0].document->rules;
    size_t count = 0;
    while (count < writer->queue_count && count < WRITER_BATCH_MAX &&
        writer->queue[count].document->rules == rules) {
        count++;
    }
    memcpy(writer->batch, writer->queue, count * sizeof(writer->batch[0]));
    writer->batch_count = count;
    writer->queue_count -= count;
    memmove(
        writer->queue, writer->queue + count, writer->queue_count * sizeof(writer->queue[0]));
}

static void start_next(struct writer *writer)
{
    if (writer->running || (writer->first_task == NULL && writer->queue_count == 0)) {
        return;
    }
    if (writer->first_task != NULL) {
        writer->task = writer->first_task;
        writer->first_task = writer->task->next;
        if (writer->first_task == NULL) {
            writer->last_task = &writer->first_task;
        }
    } else {
        take_batch(writer);
    }
    writer->running = true;
    int refused = uv_queue_work(loop_uv(writer->loop), &writer->work, write_work, on_written);
    assert(refused == 0);
}

void writer_put(struct writer *writer, struct document *document,
    writer_document_fn *on_document, void *data)
{
    assert_loop_thread(writer->loop);
    if (writer->stopped) {
        struct fault fault;
        fault_set(&fault, FAULT_CANCELLED, "briefd is stopping");
        on_document(data, document, &fault);
        return;
    }
    if (writer->queue_count == writer->queue_capacity) {
        writer->queue_capacity = writer->queue_capacity == 0 ? 64 : writer->queue_capacity * 2;
        writer->queue = reallocarray(
            writer->queue, writer->queue_capacity, sizeof(writer->queue[0]));
        if (writer->queue == NULL) {
            abort();
        }
    }
    writer->queue[writer->queue_count++] = (struct queued){document, on_document, data};
    start_next(writer);
}

void writer_run(struct writer *writer, struct writer_task *task)
{
    assert_loop_thread(writer->loop);
    if (writer->stopped) {
        struct fault fault;
        fault_set(&fault, FAULT_CANCELLED, "briefd is stopping");
        task->on_done(task, &fault);
        return;
    }
    task->next = NULL;
    *writer->last_task = task;
    writer->last_task = &task->next;
    start_next(writer);
}

size_t writer_pending(const struct writer *writer)
{
    return writer->queue_count + writer->batch_count;
}

void writer_stop(struct writer *writer)
{
    assert_loop_thread(writer->loop);
    writer->stopped = true;
    struct fault fault;
    fault_set(&fault, FAULT_CANCELLED, "briefd is stopping");
    while (writer->first_task != NULL) {
        struct writer_task *task = writer->first_task;
        writer->first_task = task->next;
        task->on_done(task, &fault);
    }
    writer->last_task = &writer->first_task;
    for (size_t i = 0; i < writer->queue_count; i++) {
        struct queued queued = writer->queue[i];
        queued.on_written(queued.data, queued.document, &fault);
    }
    writer->queue_count = 0;
}
