/* Building anew costs about 50 us a decision, a second for some years of them, on a worker;
 * there is therefore no unlearning and no stored learner beside the log.
 *
 * Items of imported issues were never in the log. The current rules look at them, so new rules
 * mean a new beginning; a published issue of ours is in the log and is not learned twice. */
#include "pipeline/learning.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "feed/url.h"
#include "storage/store.h"

enum { SETTLE_MS = 400, EVENTS_PAGE = 200 };

struct learning {
    /* loop thread only */
    struct writer_task task; /* first: a task is its learning */
    struct learning_parts parts;
    struct rules *wanted; /* configured, to begin with next; NULL: those of the last task */
    uv_timer_t timer;
    bool marked, running, stopped;

    /* worker while running */
    struct rules *rules; /* without what was learned */
    struct learner *learner;
    int64_t event;
    struct rules *taught; /* NULL: nobody has ever decided anything */
};

/* ---- lessons ---- */

static enum learner_kind kind_of(enum desk_lesson_kind kind)
{
    static const enum learner_kind kinds[] = {
        [DESK_LESSON_PICKED] = LEARNER_PICKED,
        [DESK_LESSON_MOVED] = LEARNER_MOVED,
        [DESK_LESSON_REJECTED] = LEARNER_REJECTED,
        [DESK_LESSON_PUBLISHED] = LEARNER_PUBLISHED,
        [DESK_LESSON_PASSED_OVER] = LEARNER_PASSED_OVER,
    };
    return kinds[kind];
}

void learning_write_lesson(void *data, const struct desk_lesson *lesson, struct buffer *out)
{
    const struct rules *rules = data;
    struct arena arena = {0};
    const struct learner_event event = {
        .kind = kind_of(lesson->kind),
        .section = lesson->section,
        .sight = judge_see(rules->judge, &arena, lesson->item),
    };
    learner_event_write(&event, out);
    arena_release(&arena);
}

/* ---- from the archive ---- */

static void learn_printed(const struct rules *rules, struct learner *learner,
    const struct issue_section *section, const struct issue_item *printed)
{
    struct arena arena = {0};
    const struct item item = {
        .key = printed->key,
        .title = printed->title,
        .summary = printed->summary,
        .url = printed->url,
        .source = printed->source,
    };
    const struct learner_event event = {
        .kind = LEARNER_PRINTED,
        .section = section->id,
        .sight = judge_see(rules->judge, &arena, &item),
    };
    learner_learn(learner, &event);
    arena_release(&arena);
}

static bool learn_issue(struct store *store, const struct rules *rules, struct learner *learner,
    const char *day, struct fault *fault)
{
    struct arena arena = {0};
    struct desk_issue_version *versions = NULL;
    size_t count = 0;
    struct issue *issue = NULL;
    bool ok = desk_read_issue_versions(store, &arena, day, &versions, &count, fault) ||
        fault->kind == FAULT_MISSING;
    /* What was published here is in the log already, whatever was imported over it. */
    bool imported = ok && count > 0 && versions[count - 1].utc_s == CLOCK_NONE;
    if (imported && versions->document != NULL) {
        ok = issue_read_json(
            &arena, versions->document, strlen(versions->document), &issue, fault);
    }
    for (size_t i = 0; issue != NULL && i < issue->section_count; i++) {
        for (size_t k = 0; k < issue->sections[i].item_count; k++) {
            learn_printed(rules, learner, &issue->sections[i], &issue->sections[i].items[k]);
        }
    }
    arena_release(&arena);
    return ok;
}

/* Oldest first, as they were decided. */
static bool learn_archive(struct store *store, const struct rules *rules,
    struct learner *learner, struct fault *fault)
{
    struct arena arena = {0};
    struct past_issue *past = NULL;
    size_t count = 0;
    int64_t last_utc_s;
    bool ok = store_read_issues(store, &arena, &past, &count, &last_utc_s, fault);
    while (ok && count-- > 0) {
        ok = learn_issue(store, rules, learner, past[count].date, fault);
    }
    arena_release(&arena);
    return ok;
}

/* ---- from the log ---- */

/* A lesson of another format is passed over; so are those of the schema before. */
static void learn_lesson(struct learner *learner, const struct desk_taught *lesson)
{
    struct arena arena = {0};
    struct learner_event event;
    struct fault fault;
    if (learner_event_read(&arena, lesson->bytes, lesson->length, &event, &fault)) {
        learner_learn(learner, &event);
    } else {
        log_debug("a lesson of event %lld: %s", (long long)lesson->event, fault.message);
    }
    arena_release(&arena);
}

static bool learn_log(
    struct store *store, struct learner *learner, int64_t *event, struct fault *fault)
{
    for (size_t count = 1; count > 0;) {
        struct arena arena = {0};
        struct desk_taught *lessons = NULL;
        bool ok = desk_read_lessons(store, &arena, *event, &lessons, &count, fault);
        for (size_t i = 0; ok && i < count; i++) {
            learn_lesson(learner, &lessons[i]);
            *event = lessons[i].event;
        }
        arena_release(&arena);
        if (!ok) {
            return false;
        }
    }
    return true;
}

/* Whether an event behind `*event` takes back or brings back another; moves *ret_last to the
 * newest. */
static bool look_for_undo(struct store *store, int64_t event, bool *ret_undone,
    int64_t *ret_last, struct fault *fault)
{
    *ret_undone = false;
    *ret_last = event;
    for (size_t count = EVENTS_PAGE; count == EVENTS_PAGE;) {
        struct arena arena = {0};
        struct desk_event *events;
        struct desk_event_filter filter = {
            .after = *ret_last, .oldest_first = true, .limit = EVENTS_PAGE};
        bool ok = desk_read_events(store, &arena, &filter, &events, &count, fault);
        for (size_t i = 0; ok && i < count; i++) {
            *ret_undone = *ret_undone || events[i].undoes != 0;
            *ret_last = events[i].id;
        }
        arena_release(&arena);
        if (!ok) {
            return false;
        }
    }
    return true;
}

bool learning_follow(struct store *store, const struct rules *rules, struct learner **learner,
    int64_t *event, struct fault *fault)
{
    bool undone;
    int64_t last, taught = *event;
    if (!look_for_undo(store, *event, &undone, &last, fault)) {
        return false;
    }
    if (*learner == NULL || undone) {
        learner_free(*learner);
        *learner = learner_new(rules->config);
        taught = 0;
        if (!learn_archive(store, rules, *learner, fault)) {
            goto failed;
        }
    }
    if (!learn_log(store, *learner, &taught, fault)) {
        goto failed;
    }
    *event = last > taught ? last : taught;
    return true;
failed: /* half of it was learned: from the beginning next time */
    learner_free(*learner);
    *learner = NULL;
    return false;
}

/* ---- the task ---- */

static bool learn_work(struct writer_task *task, struct store *store, struct fault *fault)
{
    struct learning *learning = (struct learning *)task;
    if (!learning_follow(store, learning->rules, &learning->learner, &learning->event, fault)) {
        return false;
    }
    /* Stored verdicts may tell of what was learned and then taken back. */
    if (learner_event_count(learning->learner) > 0 || learning->event > 0) {
        learning->taught = rules_with_learner(learning->rules, learning->learner);
    }
    return true;
}

static void start(struct learning *learning)
{
    learning->running = true;
    learning->marked = false;
    if (learning->wanted != NULL) {
        rules_unref(learning->rules);
        learning->rules = learning->wanted;
        learning->wanted = NULL;
        learner_free(learning->learner);
        learning->learner = NULL;
    }
    writer_run(learning->parts.writer, &learning->task);
}

static void on_timer(uv_timer_t *timer)
{
    struct learning *learning = timer->data;
    if (!learning->running && learning->marked) {
        start(learning);
    }
}

static void on_learned(struct writer_task *task, const struct fault *fault)
{
    struct learning *learning = (struct learning *)task;
    struct rules *taught = learning->taught;
    learning->taught = NULL;
    learning->running = false;
    if (fault != NULL && fault->kind != FAULT_CANCELLED) {
        log_warning("learning from decisions: %s, continuing with what was learned before",
            fault->message);
    }
    if (taught != NULL && !learning->stopped && learning->wanted == NULL) {
        learning->parts.on_taught(learning->parts.data, taught);
    }
    rules_unref(taught);
    if (learning->marked && !learning->stopped) {
        uv_timer_start(&learning->timer, on_timer, SETTLE_MS, 0);
    }
}

struct learning *learning_new(const struct learning_parts *parts)
{
    struct learning *learning = calloc(1, sizeof(*learning));
    if (learning == NULL) {
        memory_exhausted();
    }
    learning->task = (struct writer_task){.work = learn_work, .on_done = on_learned};
    learning->parts = *parts;
    uv_timer_init(loop_uv(parts->loop), &learning->timer);
    learning->timer.data = learning;
    return learning;
}

void learning_stop(struct learning *learning)
{
    if (learning != NULL && !learning->stopped) {
        learning->stopped = true;
        uv_close((uv_handle_t *)&learning->timer, NULL);
    }
}

void learning_free(struct learning *learning)
{
    if (learning == NULL) {
        return;
    }
    rules_unref(learning->wanted);
    rules_unref(learning->rules);
    learner_free(learning->learner);
    free(learning);
}

void learning_configure(struct learning *learning, struct rules *rules)
{
    rules_unref(learning->wanted);
    learning->wanted = rules_ref(rules);
    learning_mark(learning);
}

void learning_mark(struct learning *learning)
{
    if (learning->stopped || learning->marked) {
        return;
    }
    learning->marked = true;
    if (!learning->running) {
        uv_timer_start(&learning->timer, on_timer, SETTLE_MS, 0);
    }
}
