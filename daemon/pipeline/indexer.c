/* One turn after each batch would write many small segments, which FTS5 then has to join; so it
 * waits until a batch or two more have come, and then works in turns until nothing is left. A
 * turn that failed (a full disk) is not repeated before something has been written again. */
#include "pipeline/indexer.h"

#include <assert.h>
#include <stdlib.h>

#include "base/log.h"

enum {
    SETTLE_MS = 500,
    TURN_MS = 20, /* and as much for the commit, now and then 60 ms when FTS5 joins segments */
};

struct indexer {
    /* loop thread only */
    struct writer_task task; /* first: a task is its indexer */
    struct writer *writer;
    uv_timer_t timer;
    bool running, marked, stopped;

    /* worker while running */
    bool more;
};

static bool index_work(struct writer_task *task, struct store *store, struct fault *fault)
{
    struct indexer *indexer = (struct indexer *)task;
    indexer->more = false;
    return store_index_items(store, TURN_MS, &indexer->more, fault);
}

static void on_settled(uv_timer_t *timer)
{
    struct indexer *indexer = timer->data;
    indexer->marked = false;
    indexer->running = true;
    writer_run_idle(indexer->writer, &indexer->task);
}

static void wait_until_settled(struct indexer *indexer)
{
    if (!indexer->stopped && !indexer->running) {
        uv_timer_start(&indexer->timer, on_settled, SETTLE_MS, 0);
    }
}

static void on_indexed(struct writer_task *task, const struct fault *fault)
{
    struct indexer *indexer = (struct indexer *)task;
    if (fault == NULL && indexer->more && !indexer->stopped) {
        writer_run_idle(indexer->writer, task);
        return;
    }
    if (fault != NULL && fault->kind != FAULT_CANCELLED) {
        log_warning("new items cannot be searched yet: %s, continuing with the index as it is",
            fault->message);
    }
    indexer->running = false;
    if (indexer->marked) {
        wait_until_settled(indexer);
    }
}

static void on_written(void *data)
{
    struct indexer *indexer = data;
    if (!indexer->marked) {
        indexer->marked = true;
        wait_until_settled(indexer);
    }
}

struct indexer *indexer_start(struct loop *loop, struct writer *writer)
{
    struct indexer *indexer = calloc(1, sizeof(*indexer));
    if (indexer == NULL) {
        memory_exhausted();
    }
    indexer->task = (struct writer_task){.work = index_work, .on_done = on_indexed};
    indexer->writer = writer;
    uv_timer_init(loop_uv(loop), &indexer->timer);
    indexer->timer.data = indexer;
    writer_watch(writer, on_written, indexer);
    on_written(indexer);
    return indexer;
}

void indexer_stop(struct indexer *indexer)
{
    if (indexer != NULL && !indexer->stopped) {
        indexer->stopped = true;
        uv_close((uv_handle_t *)&indexer->timer, NULL);
    }
}

void indexer_free(struct indexer *indexer)
{
    if (indexer != NULL) {
        assert(indexer->stopped && !indexer->running);
        free(indexer);
    }
}
