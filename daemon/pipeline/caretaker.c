/* When the last backup was made is asked of the folder, not remembered: one made by hand
 * counts, and a folder that was emptied is filled again at once.
 *
 * The timer looks every half minute whether something is due; what is due runs on the thread,
 * which tells its end by an async handle. The async handle lives as long as the caretaker, for
 * the thread may send at any time. */
#include "pipeline/caretaker.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/heap.h"
#include "base/log.h"
#include "storage/backup.h"
#include "storage/retention.h"

enum {
    LOOK_MS = 30 * 1000,
    SETTLE_S = 5 * 60,   /* after the start polls come first */
    RETRY_S = 60 * 60,   /* after a backup failed */
    RETENTION_S = 86400, /* from one look for old items to the next */
    VACUUM_PAGES = 64,   /* half a megabyte a turn */
};

enum chore { CHORE_NONE, CHORE_BACKUP, CHORE_RETENTION };

/* What the thread works on: its own while it runs, the loop's otherwise. */
struct errand {
    enum chore chore;
    const char *database;
    struct arena arena;

    /* a backup */
    struct backup_order order;
    int64_t every_s;
    struct backup_file newest; /* path NULL: there is none */
    bool made;                 /* it was due */

    /* retention: the plan */
    int64_t before_utc_s;
    int64_t *stories;
    size_t story_count;

    bool ok;
    struct fault fault; /* when not ok */
};

struct caretaker {
    struct writer_task task; /* first: a task is its caretaker */

    /* loop thread only */
    struct writer *writer;
    struct config *config;
    const char *database;
    uv_timer_t timer;
    uv_thread_t thread;
    bool working;  /* the thread or a task of the writer's */
    bool threaded; /* the thread: it will still send */
    bool stopped;
    int64_t backup_next_utc_s, retention_next_utc_s;
    struct caretaker_state state;
    char failing[sizeof(((struct fault *)NULL)->message)];
    uint64_t removed; /* by the plan under way */

    /* any thread */
    uv_async_t done; /* sent by the thread at its end */
    atomic_bool cancelled;

    /* the thread's while it runs, then the writer's while its task does */
    struct errand errand;

    /* worker while running */
    size_t next; /* story of the plan */
    size_t items;
    bool more;
};

/* ---- on the thread ---- */

static bool find_newest(struct errand *errand)
{
    struct backup_file *files;
    size_t count;
    if (!backup_list(&errand->arena, errand->order.folder, errand->database, &files, &count,
            &errand->fault)) {
        return false;
    }
    if (count > 0) {
        errand->newest = files[0];
    }
    return true;
}

/* A newest backup of the future is one from before the clock was set back: it is not waited
 * for. */
static bool is_due(const struct errand *errand)
{
    int64_t age_s = errand->order.now_utc_s - errand->newest.utc_s;
    return errand->newest.path == NULL || age_s >= errand->every_s || age_s < 0;
}

static bool back_up(struct errand *errand)
{
    if (!find_newest(errand)) {
        return false;
    }
    errand->made = is_due(errand);
    return !errand->made ||
        backup_write(&errand->order, &errand->arena, &errand->newest, &errand->fault);
}

static bool plan(struct errand *errand)
{
    struct store *store;
    if (!store_open_reader(errand->database, &store, &errand->fault)) {
        return false;
    }
    bool ok = retention_plan(store, &errand->arena, errand->before_utc_s, &errand->stories,
        &errand->story_count, &errand->fault);
    store_close(store);
    return ok;
}

static void work(void *data)
{
    struct caretaker *caretaker = data;
    struct errand *errand = &caretaker->errand;
    errand->ok = errand->chore == CHORE_BACKUP ? back_up(errand) : plan(errand);
    heap_give_back(); /* the page caches of both files, the largest that comes and goes */
    uv_async_send(&caretaker->done);
}

static void start_work(struct caretaker *caretaker)
{
    caretaker->working = caretaker->threaded = true;
    if (uv_thread_create(&caretaker->thread, work, caretaker) != 0) {
        memory_exhausted(); /* a thread's stack is memory */
    }
}

/* ---- free pages and old items: the writer's turns ---- */

static void end_turns(struct caretaker *caretaker)
{
    caretaker->working = false;
    if (caretaker->removed > 0) {
        log_notice("removed %llu old items that nobody decided on",
            (unsigned long long)caretaker->removed);
    }
    caretaker->removed = 0;
    arena_release(&caretaker->errand.arena);
    caretaker->errand = (struct errand){0};
}

static bool turn_work(struct writer_task *task, struct store *store, struct fault *fault)
{
    struct caretaker *caretaker = (struct caretaker *)task;
    const struct errand *errand = &caretaker->errand;
    size_t count = errand->story_count - caretaker->next;
    caretaker->items = 0;
    if (count == 0) {
        return store_vacuum(store, VACUUM_PAGES, &caretaker->more, fault);
    }
    count = count < RETENTION_REMOVED_MAX ? count : RETENTION_REMOVED_MAX;
    caretaker->more = true;
    if (!retention_remove(store, errand->stories + caretaker->next, count, errand->before_utc_s,
            &caretaker->items, fault)) {
        return false;
    }
    caretaker->next += count;
    return true;
}

static void on_turn(struct writer_task *task, const struct fault *fault)
{
    struct caretaker *caretaker = (struct caretaker *)task;
    if (fault == NULL) {
        caretaker->removed += caretaker->items;
        caretaker->state.items_removed += caretaker->items;
    } else if (fault->kind != FAULT_CANCELLED) {
        log_warning(
            "removing old items: %s, continuing without until tomorrow", fault->message);
    }
    if (fault == NULL && caretaker->more && !caretaker->stopped) {
        writer_run_idle(caretaker->writer, task);
    } else {
        end_turns(caretaker);
    }
}

/* ---- the end of a thread ---- */

static void note_backup(struct caretaker *caretaker)
{
    const struct errand *errand = &caretaker->errand;
    struct caretaker_state *state = &caretaker->state;
    int64_t now = errand->order.now_utc_s;
    if (errand->ok) {
        state->failing = NULL;
        state->backup_utc_s = errand->newest.utc_s;
        state->backup_bytes = errand->newest.bytes;
        state->backups += errand->made;
        caretaker->backup_next_utc_s = errand->newest.utc_s + errand->every_s;
        if (errand->made) {
            log_notice("made the backup '%s'", errand->newest.path);
        }
    } else if (errand->fault.kind != FAULT_CANCELLED) {
        int64_t retry_s = errand->every_s < RETRY_S ? errand->every_s : RETRY_S;
        memcpy(caretaker->failing, errand->fault.message, sizeof(caretaker->failing));
        state->failing = caretaker->failing;
        state->backup_failures++;
        caretaker->backup_next_utc_s = now + retry_s;
        log_warning("the backup failed: %s, continuing without, to be tried again in %lld "
                    "minutes",
            caretaker->failing, (long long)retry_s / 60);
    }
}

static void on_done(uv_async_t *async)
{
    struct caretaker *caretaker = async->data;
    struct errand *errand = &caretaker->errand;
    uv_thread_join(&caretaker->thread);
    caretaker->threaded = false;
    if (errand->chore == CHORE_BACKUP) {
        note_backup(caretaker);
    } else if (!errand->ok) {
        log_warning("looking for old items: %s, continuing without until tomorrow",
            errand->fault.message);
    }
    if (caretaker->stopped) {
        end_turns(caretaker);
        uv_close((uv_handle_t *)&caretaker->done, NULL);
    } else if (errand->chore == CHORE_RETENTION && errand->ok) {
        caretaker->next = 0;
        writer_run_idle(caretaker->writer, &caretaker->task);
    } else {
        end_turns(caretaker);
    }
}

/* ---- what is due ---- */

static void begin_backup(struct caretaker *caretaker, int64_t now_utc_s)
{
    const struct config_care *care = &caretaker->config->care;
    struct errand *errand = &caretaker->errand;
    *errand = (struct errand){.chore = CHORE_BACKUP,
        .database = caretaker->database,
        .every_s = care->backup_every_s,
        .newest = {.utc_s = CLOCK_NONE}};
    /* A copy: another configuration may come while the thread reads this one. */
    const char *folder = arena_strdup(&errand->arena, care->backup_folder);
    errand->order = (struct backup_order){.database = caretaker->database,
        .folder = backup_folder(&errand->arena, folder, caretaker->database),
        .now_utc_s = now_utc_s,
        .keep = care->backup_keep,
        .cancelled = &caretaker->cancelled};
    start_work(caretaker);
}

static void begin_retention(struct caretaker *caretaker, int64_t now_utc_s)
{
    caretaker->retention_next_utc_s = now_utc_s + RETENTION_S;
    caretaker->errand = (struct errand){.chore = CHORE_RETENTION,
        .database = caretaker->database,
        .before_utc_s = retention_cut(caretaker->config, now_utc_s)};
    if (caretaker->errand.before_utc_s != CLOCK_NONE) {
        start_work(caretaker);
    }
}

/* A clock that was set back a day is no reason to wait that day twice. */
static bool has_come(int64_t *next_utc_s, int64_t now_utc_s, int64_t most_s)
{
    if (*next_utc_s > now_utc_s + most_s) {
        *next_utc_s = now_utc_s + most_s;
    }
    return now_utc_s >= *next_utc_s;
}

static void on_timer(uv_timer_t *timer)
{
    struct caretaker *caretaker = timer->data;
    const struct config_care *care = &caretaker->config->care;
    int64_t now = clock_now_utc_s();
    if (!caretaker->working) {
        int64_t most_s = care->backup_every_s > SETTLE_S ? care->backup_every_s : SETTLE_S;
        if (care->backup_keep > 0 && has_come(&caretaker->backup_next_utc_s, now, most_s)) {
            begin_backup(caretaker, now);
        } else if (has_come(&caretaker->retention_next_utc_s, now, RETENTION_S)) {
            begin_retention(caretaker, now);
        }
    }
    uv_timer_start(timer, on_timer, clock_sleep_ms(LOOK_MS), 0);
}

/* ---- life ---- */

struct caretaker *caretaker_start(
    struct loop *loop, struct writer *writer, const char *database, struct config *config)
{
    struct caretaker *caretaker = calloc(1, sizeof(*caretaker));
    if (caretaker == NULL) {
        memory_exhausted();
    }
    int64_t now = clock_now_utc_s();
    caretaker->task = (struct writer_task){.work = turn_work, .on_done = on_turn};
    caretaker->writer = writer;
    caretaker->config = config_ref(config);
    caretaker->database = database;
    caretaker->state.backup_utc_s = CLOCK_NONE;
    caretaker->backup_next_utc_s = now + SETTLE_S;
    caretaker->retention_next_utc_s = now + 2 * SETTLE_S;
    uv_timer_init(loop_uv(loop), &caretaker->timer);
    uv_async_init(loop_uv(loop), &caretaker->done, on_done);
    caretaker->timer.data = caretaker->done.data = caretaker;
    uv_timer_start(&caretaker->timer, on_timer, clock_sleep_ms(LOOK_MS), 0);
    return caretaker;
}

void caretaker_configure(struct caretaker *caretaker, struct config *config)
{
    struct config *before = caretaker->config;
    caretaker->config = config_ref(config);
    config_unref(before);
}

void caretaker_stop(struct caretaker *caretaker)
{
    if (caretaker == NULL || caretaker->stopped) {
        return;
    }
    caretaker->stopped = true;
    atomic_store(&caretaker->cancelled, true);
    uv_close((uv_handle_t *)&caretaker->timer, NULL);
    if (!caretaker->threaded) {
        uv_close((uv_handle_t *)&caretaker->done, NULL);
    }
}

void caretaker_free(struct caretaker *caretaker)
{
    if (caretaker != NULL) {
        assert(caretaker->stopped && !caretaker->working);
        config_unref(caretaker->config);
        free(caretaker);
    }
}

struct caretaker_state caretaker_state(const struct caretaker *caretaker)
{
    return caretaker->state;
}
