/* The writer runs one task at a time, but starts the next before it tells that one is done; so
 * changes queue here, not there: each must see the file and the rules that the one before it
 * left behind. */
#include "pipeline/following.h"

#include <assert.h>
#include <stdlib.h>

#include "base/log.h"
#include "config/overlay.h"

struct following {
    struct writer_task task; /* first: a task is its following */

    /* loop thread only */
    struct following_parts parts;
    struct rules *effective;
    struct rejudge *rejudge;
    struct following_change *first, **last; /* waiting */
    bool stopped;

    /* worker while running */
    struct following_change *running; /* NULL: none */
    struct rules *file;               /* what this change builds on */
    struct rules *built;
    struct feed_state *states; /* of built's feeds */
    struct problems notes;
    struct arena arena;
};

/* ---- building ---- */

bool following_read_config(struct store *store, struct config *file, struct problems *notes,
    struct config **ret_config, struct fault *fault)
{
    cleanup(arena_release) struct arena arena;
    arena_init(&arena);
    struct desk_feed *records;
    struct desk_rule *rules;
    size_t count, rule_count;
    if (!store_read_added_feeds(store, &arena, &records, &count, fault) ||
        !store_read_rules(store, &arena, &rules, &rule_count, fault)) {
        return false;
    }
    struct config *ruled = desk_rules_apply(file, rules, rule_count, notes);
    *ret_config = count == 0 ? config_ref(ruled) : config_overlay(ruled, records, count, notes);
    config_unref(ruled);
    return true;
}

/* The judge was compiled from the same keywords before, so it can hardly fail now; if it does,
 * the sentence is its own. */
static bool compile(struct rules *file, struct config *config, struct problems *notes,
    struct rules **ret_rules, struct fault *fault)
{
    if (config == file->config) {
        config_unref(config);
        *ret_rules = rules_ref(file);
        return true;
    }
    *ret_rules = rules_new(config, notes);
    return *ret_rules != NULL ||
        fault_set(fault, FAULT_CONFIG, "the rules cannot be compiled: %s",
            notes->count > 0 ? notes->items[notes->count - 1].message : "unknown cause");
}

/* From what the store holds: rules, and the states of their feeds. */
static bool build(struct following *following, struct store *store, struct fault *fault)
{
    struct config *config = NULL;
    if (following->parts.file_alone) {
        config = config_ref(following->file->config);
    } else if (!following_read_config(
                   store, following->file->config, &following->notes, &config, fault)) {
        return false;
    }
    if (!compile(following->file, config, &following->notes, &following->built, fault)) {
        return false;
    }
    if (!store_register_feeds(
            store, &following->arena, following->built->config, &following->states, fault)) {
        rules_unref(following->built);
        following->built = NULL;
        return false;
    }
    return true;
}

static void log_notes(const struct following *following)
{
    for (size_t i = 0; i < following->notes.count; i++) {
        const struct problem *note = &following->notes.items[i];
        log_warning("%s:%d: %s", note->file, note->line, note->message);
    }
}

static void forget_build(struct following *following)
{
    rules_unref(following->built);
    following->built = NULL;
    following->states = NULL;
    problems_release(&following->notes);
    arena_release(&following->arena);
}

/* Take the built rules into use. */
static void adopt(struct following *following)
{
    rules_unref(following->effective);
    following->effective = rules_ref(following->built);
    poller_configure(following->parts.poller, following->effective, following->states);
}

/* ---- changes ---- */

static bool write_change(struct following *following, struct store *store, struct fault *fault)
{
    struct following_change *change = following->running;
    if (change->work == NULL) {
        return true;
    }
    struct problems notes;
    problems_init(&notes);
    struct config *config = NULL;
    bool ok = following_read_config(store, following->file->config, &notes, &config, fault) &&
        change->work(change, store, config, fault);
    config_unref(config);
    problems_release(&notes);
    return ok;
}

/* Reading and compiling feeds.conf takes 20 ms and more: too long for the loop. */
static bool read_file(struct following *following, struct fault *fault)
{
    struct following_change *change = following->running;
    if (change->path == NULL) {
        return true;
    }
    struct rules *rules = rules_load(change->path, &change->problems);
    if (rules == NULL) {
        return fault_set(fault, FAULT_CONFIG, "'%s' has errors", change->path);
    }
    rules_unref(following->file);
    following->file = rules;
    return true;
}

static bool change_work(struct writer_task *task, struct store *store, struct fault *fault)
{
    struct following *following = (struct following *)task;
    return read_file(following, fault) && write_change(following, store, fault) &&
        build(following, store, fault);
}

static void start_next(struct following *following);

static void on_changed(struct writer_task *task, const struct fault *fault)
{
    struct following *following = (struct following *)task;
    struct following_change *change = following->running;
    bool adopted = fault == NULL && !following->stopped;
    if (adopted) {
        rules_unref(following->parts.file);
        following->parts.file = rules_ref(following->file);
        adopt(following);
        if (change->path != NULL) {
            log_notes(following);
        }
        following_rejudge(following);
        following->parts.on_changed(following->parts.data, following->effective);
    }
    rules_unref(following->file);
    following->file = NULL;
    forget_build(following);
    following->running = NULL;
    struct problems problems = change->problems;
    change->on_done(change, fault);
    problems_release(&problems);
    start_next(following);
}

static void start_next(struct following *following)
{
    if (following->running != NULL || following->first == NULL) {
        return;
    }
    struct following_change *change = following->first;
    following->first = change->next;
    if (following->first == NULL) {
        following->last = &following->first;
    }
    following->running = change;
    following->file = rules_ref(following->parts.file);
    problems_init(&change->problems);
    problems_init(&following->notes);
    following->task = (struct writer_task){.work = change_work, .on_done = on_changed};
    writer_run(following->parts.writer, &following->task);
}

void following_change(struct following *following, struct following_change *change)
{
    change->next = NULL;
    *following->last = change;
    following->last = &change->next;
    start_next(following);
}

void following_rejudge(struct following *following)
{
    const struct rules *rules = following->effective;
    rejudge_start(following->rejudge, following->effective, rules->learner != NULL);
}

void following_teach(struct following *following, struct rules *taught)
{
    if (following->stopped || taught->config != following->effective->config) {
        return; /* other rules are on their way, which will be taught in their turn */
    }
    rules_unref(following->effective);
    following->effective = rules_ref(taught);
    poller_teach(following->parts.poller, taught);
    rejudge_start(following->rejudge, taught, true);
}

struct rules *following_rules(const struct following *following)
{
    return following->effective;
}

/* ---- life ---- */

bool following_start(const struct following_parts *parts, struct store *store,
    struct following **ret_following, struct fault *fault)
{
    struct following *following = calloc(1, sizeof(*following));
    if (following == NULL) {
        memory_exhausted();
    }
    following->parts = *parts;
    following->parts.file = rules_ref(parts->file);
    following->last = &following->first;
    following->rejudge = rejudge_new(parts->writer, parts->on_rejudged, parts->data);
    following->file = following->parts.file;
    problems_init(&following->notes);
    bool built = build(following, store, fault);
    if (built) {
        log_notes(following);
        adopt(following);
    }
    following->file = NULL;
    forget_build(following);
    if (!built) {
        following_free(following);
        return false;
    }
    *ret_following = following;
    return true;
}

void following_stop(struct following *following)
{
    following->stopped = true;
}

void following_free(struct following *following)
{
    if (following == NULL) {
        return;
    }
    assert(following->running == NULL && following->first == NULL);
    rejudge_free(following->rejudge);
    rules_unref(following->effective);
    rules_unref(following->parts.file);
    free(following);
}
