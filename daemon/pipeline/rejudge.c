#include "pipeline/rejudge.h"

#include <stdlib.h>

#include "base/log.h"

/* A transaction of about 30 ms: short beside a batch of documents. */
enum { REJUDGE_BATCH = 256 };

struct rejudge {
    /* loop thread only */
    struct writer_task task; /* first: a task is its rejudge */
    struct writer *writer;
    struct rules *const *current;
    void (*on_done)(void *data, size_t items);
    void *data;

    /* worker while running */
    struct rules *rules;
    size_t items;
    bool finished;
};

static bool rejudge_batch(
    struct rejudge *rejudge, struct store *store, struct arena *arena, struct fault *fault)
{
    const struct config *config = rejudge->rules->config;
    struct stale_item *stale;
    size_t count;
    if (!store_read_stale_items(store, arena, config, REJUDGE_BATCH, &stale, &count, fault)) {
        return false;
    }
    struct store_verdict *verdicts = arena_new_array(arena, struct store_verdict, count + 1);
    for (size_t i = 0; i < count; i++) {
        verdicts[i].id = stale[i].id;
        verdicts[i].verdict = judge_item(rejudge->rules->judge, arena, &stale[i].item);
        verdicts[i].reasons_json = verdict_reasons_json(&verdicts[i].verdict, arena);
    }
    rejudge->items += count;
    rejudge->finished = count == 0; /* a reading holds items of one earlier set of rules */
    return count == 0 || store_update_verdicts(store, verdicts, count, config, fault);
}

static bool rejudge_work(struct writer_task *task, struct store *store, struct fault *fault)
{
    struct arena arena = {0};
    bool done = rejudge_batch((struct rejudge *)task, store, &arena, fault);
    arena_release(&arena);
    return done;
}

static void on_batch(struct writer_task *task, const struct fault *fault)
{
    struct rejudge *rejudge = (struct rejudge *)task;
    if (fault == NULL && !rejudge->finished && *rejudge->current == rejudge->rules) {
        writer_run(rejudge->writer, task);
        return;
    }
    if (fault != NULL && fault->kind != FAULT_CANCELLED) {
        log_error("judging stored items by the new rules: %s", fault->message);
    }
    if (rejudge->on_done != NULL) {
        rejudge->on_done(rejudge->data, rejudge->items);
    }
    rules_unref(rejudge->rules);
    free(rejudge);
}

void rejudge_start(struct writer *writer, struct rules *const *current,
    void (*on_done)(void *data, size_t items), void *data)
{
    struct rejudge *rejudge = calloc(1, sizeof(*rejudge));
    if (rejudge == NULL) {
        abort();
    }
    rejudge->task = (struct writer_task){.work = rejudge_work, .on_done = on_batch};
    rejudge->writer = writer;
    rejudge->current = current;
    rejudge->rules = rules_ref(*current);
    rejudge->on_done = on_done;
    rejudge->data = data;
    writer_run(writer, &rejudge->task);
}
