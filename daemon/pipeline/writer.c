#include "pipeline/writer.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

struct queued {
    struct document *document;
    writer_document_fn *on_written;
    void *data;
};

/* A growing ring would save a memmove of at most a few hundred pointers. */
struct document_queue {
    struct queued *items;
    size_t count, capacity;
};

struct task_queue {
    struct writer_task *first, **last;
};

struct writer {
    /* loop thread only */
    struct loop *loop;
    struct document_queue documents, later;
    bool flushing; /* what was put for later is to be written */
    struct task_queue tasks, idle_tasks;
    bool running, running_idle, stopped;
    void (*watcher)(void *data);
    void *watcher_data;
    struct histogram times_us;
    uint64_t failures;
    struct fault last_failure;
    bool failing;

    /* worker while running */
    struct store *store;
    struct queued batch[WRITER_BATCH_MAX + WRITER_LATER_MAX];
    size_t batch_count;
    struct writer_task *task; /* instead of a batch */
    bool succeeded;
    struct fault fault;
    uint64_t took_ns;
    uv_work_t work;
};

static void start_next(struct writer *writer);

static void queue_init(struct task_queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
}

static void queue_put(struct task_queue *queue, struct writer_task *task)
{
    task->next = NULL;
    *queue->last = task;
    queue->last = &task->next;
}

/* NULL when it is empty. */
static struct writer_task *queue_take(struct task_queue *queue)
{
    struct writer_task *task = queue->first;
    if (task != NULL) {
        queue->first = task->next;
        if (queue->first == NULL) {
            queue->last = &queue->first;
        }
    }
    return task;
}

struct writer *writer_new(struct loop *loop, struct store *store)
{
    struct writer *writer = calloc(1, sizeof(*writer));
    if (writer == NULL) {
        memory_exhausted();
    }
    writer->loop = loop;
    writer->store = store;
    queue_init(&writer->tasks);
    queue_init(&writer->idle_tasks);
    writer->work.data = writer;
    return writer;
}

void writer_free(struct writer *writer)
{
    if (writer == NULL) {
        return;
    }
    assert(!writer->running && writer->documents.count + writer->later.count == 0 &&
        writer->tasks.first == NULL && writer->idle_tasks.first == NULL);
    free(writer->documents.items);
    free(writer->later.items);
    free(writer);
}

static bool commit_batch(struct writer *writer)
{
    struct store_document *documents[WRITER_BATCH_MAX + WRITER_LATER_MAX];
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
    uint64_t started_ns = clock_monotonic_ns();
    writer->succeeded = writer->task != NULL
        ? writer->task->work(writer->task, writer->store, &writer->fault)
        : commit_batch(writer);
    writer->took_ns = clock_monotonic_ns() - started_ns;
}

/* A refusal (an editor's conflict, a rule with a mistake) says nothing about the store. */
static void keep_result(struct writer *writer)
{
    bool failed = !writer->succeeded && writer->fault.kind == FAULT_STORE;
    histogram_add(&writer->times_us, writer->took_ns / 1000);
    writer->failures += failed;
    writer->failing = failed || (!writer->succeeded && writer->failing);
    if (failed) {
        writer->last_failure = writer->fault;
    }
}

static void on_written(uv_work_t *work, int status)
{
    struct writer *writer = work->data;
    const struct fault *fault = writer->succeeded ? NULL : &writer->fault;
    keep_result(writer);
    struct fault copy;
    if (fault != NULL) {
        copy = *fault;
        fault = &copy;
    }
    struct writer_task *task = writer->task;
    struct queued batch[WRITER_BATCH_MAX + WRITER_LATER_MAX];
    size_t count = writer->batch_count;
    memcpy(batch, writer->batch, count * sizeof(batch[0]));
    bool told = writer->watcher != NULL && fault == NULL && !writer->running_idle;
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
    if (told) {
        writer->watcher(writer->watcher_data);
    }
}

/* Move the first `count` documents to the end of the batch. */
static void take(struct writer *writer, struct document_queue *queue, size_t count)
{
    if (count == 0) {
        return; /* a queue that never had one has no array */
    }
    memcpy(writer->batch + writer->batch_count, queue->items, count * sizeof(queue->items[0]));
    writer->batch_count += count;
    queue->count -= count;
    memmove(queue->items, queue->items + count, queue->count * sizeof(queue->items[0]));
}

/* What was put for later goes along: a row of a feed, whatever the rules. */
static void take_batch(struct writer *writer)
{
    const struct document_queue *documents = &writer->documents;
    size_t count = 0;
    while (count < documents->count && count < WRITER_BATCH_MAX &&
        documents->items[count].document->rules == documents->items[0].document->rules) {
        count++;
    }
    take(writer, &writer->documents, count);
    take(writer, &writer->later,
        writer->later.count < WRITER_LATER_MAX ? writer->later.count : WRITER_LATER_MAX);
    writer->flushing = writer->flushing && writer->later.count > 0;
}

static void start_next(struct writer *writer)
{
    if (writer->running) {
        return;
    }
    writer->running_idle = false;
    writer->task = queue_take(&writer->tasks);
    if (writer->task == NULL &&
        (writer->documents.count > 0 || writer->flushing ||
            writer->later.count >= WRITER_LATER_MAX)) {
        take_batch(writer);
    } else if (writer->task == NULL) {
        writer->task = queue_take(&writer->idle_tasks);
        writer->running_idle = true;
    }
    if (writer->task == NULL && writer->batch_count == 0) {
        return;
    }
    writer->running = true;
    int refused = uv_queue_work(loop_uv(writer->loop), &writer->work, write_work, on_written);
    assert(refused == 0);
}

static void put_into(struct writer *writer, struct document_queue *queue,
    struct document *document, writer_document_fn *on_document, void *data)
{
    assert_loop_thread(writer->loop);
    if (writer->stopped) {
        struct fault fault;
        fault_set(&fault, FAULT_CANCELLED, "briefd is stopping");
        on_document(data, document, &fault);
        return;
    }
    if (queue->count == queue->capacity) {
        queue->capacity = queue->capacity == 0 ? 64 : queue->capacity * 2;
        queue->items = reallocarray(queue->items, queue->capacity, sizeof(queue->items[0]));
        if (queue->items == NULL) {
            memory_exhausted();
        }
    }
    queue->items[queue->count++] = (struct queued){document, on_document, data};
    start_next(writer);
}

void writer_put(struct writer *writer, struct document *document,
    writer_document_fn *on_document, void *data)
{
    put_into(writer, &writer->documents, document, on_document, data);
}

void writer_put_later(struct writer *writer, struct document *document,
    writer_document_fn *on_document, void *data)
{
    assert(document->store.entry_count == 0);
    put_into(writer, &writer->later, document, on_document, data);
}

void writer_flush(struct writer *writer)
{
    assert_loop_thread(writer->loop);
    writer->flushing = writer->later.count > 0;
    start_next(writer);
}

static void run_from(struct writer *writer, struct task_queue *queue, struct writer_task *task)
{
    assert_loop_thread(writer->loop);
    if (writer->stopped) {
        struct fault fault;
        fault_set(&fault, FAULT_CANCELLED, "briefd is stopping");
        task->on_done(task, &fault);
        return;
    }
    queue_put(queue, task);
    start_next(writer);
}

void writer_run(struct writer *writer, struct writer_task *task)
{
    run_from(writer, &writer->tasks, task);
}

void writer_run_idle(struct writer *writer, struct writer_task *task)
{
    run_from(writer, &writer->idle_tasks, task);
}

void writer_watch(struct writer *writer, void (*watcher)(void *data), void *data)
{
    assert_loop_thread(writer->loop);
    writer->watcher = watcher;
    writer->watcher_data = data;
}

size_t writer_pending(const struct writer *writer)
{
    return writer->documents.count + writer->later.count + writer->batch_count;
}

struct writer_state writer_state(const struct writer *writer)
{
    return (struct writer_state){.times_us = &writer->times_us,
        .failures = writer->failures,
        .failing = writer->failing ? writer->last_failure.message : NULL};
}

static void cancel(struct document_queue *queue, const struct fault *fault)
{
    for (size_t i = 0; i < queue->count; i++) {
        queue->items[i].on_written(queue->items[i].data, queue->items[i].document, fault);
    }
    queue->count = 0;
}

void writer_stop(struct writer *writer)
{
    assert_loop_thread(writer->loop);
    writer->stopped = true;
    struct fault fault;
    fault_set(&fault, FAULT_CANCELLED, "briefd is stopping");
    for (struct writer_task *task; (task = queue_take(&writer->tasks)) != NULL ||
         (task = queue_take(&writer->idle_tasks)) != NULL;) {
        task->on_done(task, &fault);
    }
    cancel(&writer->documents, &fault);
    cancel(&writer->later, &fault);
}
