#include "pipeline/rejudge.h"

#include <assert.h>
#include <stdlib.h>

#include "base/log.h"

enum {
    REJUDGE_BATCH = 256, /* a transaction of about 30 ms: short beside a batch of documents */
    /* Stories of a tray: some weeks of ten thousand feeds. What a decision teaches is for the
     * next issue; told to all that was ever passed over, it took a minute of a processor after
     * every decision where a million items are stored. */
    LIVE_MAX = 20000,
};

struct rejudge {
    /* loop thread only */
    struct writer_task task; /* first: a task is its rejudge */
    struct writer *writer;
    rejudge_done_fn *on_done;
    void *data;
    struct rules *wanted; /* for the next batch; NULL: those of the last one */
    bool wanted_live;
    bool running;

    /* worker while running */
    struct rules *rules;
    size_t items;
    bool live; /* judge those that can still be picked, whoever judged them, from `place` on */
    struct live_place place;
    bool finished;
};

/* Live ones first: they are what an editor looks at, and they may be stale besides. A short
 * batch of stale ones is not the end: each holds the items of one earlier set of rules. */
static bool read_batch(struct rejudge *rejudge, struct store *store, struct arena *arena,
    struct stale_item **ret_items, size_t *ret_count, struct fault *fault)
{
    const struct config *config = rejudge->rules->config;
    rejudge->finished = false;
    if (rejudge->live) {
        bool end;
        if (!store_read_live_items(store, arena, config, &rejudge->place, REJUDGE_BATCH,
                ret_items, ret_count, &end, fault)) {
            return false;
        }
        rejudge->live = !end;
        return true;
    }
    if (!store_read_stale_items(
            store, arena, config, REJUDGE_BATCH, ret_items, ret_count, fault)) {
        return false;
    }
    rejudge->items += *ret_count;
    rejudge->finished = *ret_count == 0;
    return true;
}

static bool rejudge_batch(
    struct rejudge *rejudge, struct store *store, struct arena *arena, struct fault *fault)
{
    const struct config *config = rejudge->rules->config;
    struct stale_item *stale;
    size_t count;
    if (!read_batch(rejudge, store, arena, &stale, &count, fault)) {
        return false;
    }
    struct store_verdict *verdicts = arena_new_array(arena, struct store_verdict, count + 1);
    for (size_t i = 0; i < count; i++) {
        verdicts[i].id = stale[i].id;
        verdicts[i].verdict = judge_item(
            rejudge->rules->judge, rejudge->rules->learner, arena, &stale[i].item);
        verdicts[i].reasons_json = verdict_reasons_json(&verdicts[i].verdict, arena);
    }
    return store_update_verdicts(store, verdicts, count, config, fault);
}

static bool rejudge_work(struct writer_task *task, struct store *store, struct fault *fault)
{
    struct arena arena = {0};
    bool done = rejudge_batch((struct rejudge *)task, store, &arena, fault);
    arena_release(&arena);
    return done;
}

static void take_wanted_rules(struct rejudge *rejudge)
{
    if (rejudge->wanted != NULL) {
        rules_unref(rejudge->rules);
        rejudge->rules = rejudge->wanted;
        rejudge->wanted = NULL;
        rejudge->live = rejudge->wanted_live;
        rejudge->wanted_live = false;
        rejudge->place = (struct live_place){.most = LIVE_MAX};
    }
}

static void end_chain(struct rejudge *rejudge, bool complete)
{
    size_t items = rejudge->items;
    take_wanted_rules(rejudge); /* the next chain brings its own */
    rejudge->items = 0;
    rejudge->running = false;
    rejudge->on_done(rejudge->data, items, complete);
}

static void on_batch(struct writer_task *task, const struct fault *fault)
{
    struct rejudge *rejudge = (struct rejudge *)task;
    if (fault == NULL && (!rejudge->finished || rejudge->wanted != NULL)) {
        take_wanted_rules(rejudge);
        writer_run(rejudge->writer, task);
        return;
    }
    if (fault != NULL && fault->kind != FAULT_CANCELLED) {
        log_warning("judging stored items by the new rules: %s, continuing with their old "
                    "verdicts",
            fault->message);
    }
    end_chain(rejudge, fault == NULL);
}

struct rejudge *rejudge_new(struct writer *writer, rejudge_done_fn *on_done, void *data)
{
    struct rejudge *rejudge = calloc(1, sizeof(*rejudge));
    if (rejudge == NULL) {
        memory_exhausted();
    }
    rejudge->task = (struct writer_task){.work = rejudge_work, .on_done = on_batch};
    rejudge->writer = writer;
    rejudge->on_done = on_done;
    rejudge->data = data;
    return rejudge;
}

void rejudge_free(struct rejudge *rejudge)
{
    if (rejudge == NULL) {
        return;
    }
    assert(!rejudge->running);
    rules_unref(rejudge->rules);
    free(rejudge);
}

void rejudge_start(struct rejudge *rejudge, struct rules *rules, bool live)
{
    rejudge->wanted_live = rejudge->wanted_live || live;
    rules_unref(rejudge->wanted);
    rejudge->wanted = rules_ref(rules);
    if (!rejudge->running) {
        rejudge->running = true;
        take_wanted_rules(rejudge);
        writer_run(rejudge->writer, &rejudge->task);
    }
}
