/* Problem: thousands of feeds on hundreds of hosts, each host asked gently, nothing unbounded
 * in between, and a daemon that sleeps when there is nothing to do.
 *
 * Approach: due feeds go to the poll queue, which knows whose host may be asked. pump() starts
 * requests while the number of connections and of documents in flight (bodies in memory) allow.
 * One timer sleeps until the earliest due feed, another until the earliest resting host may be
 * asked.
 *
 * Rejected: a uv_timer a feed (10,000 timers that fire into a full queue anyway); one flat list
 * of due feeds (every completion would ask the gate for all that wait: quadratic). */
#include "pipeline/poller.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "pipeline/clock_jump.h"
#include "pipeline/delivery.h"
#include "pipeline/outcome.h"
#include "pipeline/poll_queue.h"
#include "pipeline/roster.h"
#include "pipeline/store_pause.h"

enum {
    /* Documents on their way to the disk from which on no more is fetched. What they take of
     * memory is bounded by DELIVERY_ROOM_BYTES; this bounds the bodies that wait for it. */
    DOCUMENTS_MAX = 32,
    /* Never look for due feeds more often than this. */
    TICK_MIN_MS = 200,
    TICK_MAX_MS = 3600 * 1000,
    /* How long an answer that brought nothing may stay unwritten: what the desk shows of a feed
     * is as old as that. */
    SETTLE_MAX_MS = 1000,
};

struct poller {
    /* loop thread only */
    struct poller_parts parts;
    struct rules *rules;
    struct poll_queue *queue; /* NULL before the first poller_configure() */
    struct roster roster;
    size_t fetching, storing, settling; /* feeds by phase */
    struct delivery_room room;
    struct poll_counts round, total;
    struct histogram lags_ms;
    bool scheduled; /* poll by the clock; false: only what poller_poll_once() asked for */
    bool stopped;
    bool in_round;
    bool pumping; /* a request that fails at once must not start a second pump */
    uv_timer_t due_timer, rest_timer, settle_timer;
    int64_t due_at_ms; /* monotonic, of due_timer; INT64_MAX: not armed */
    struct clock_jump clock;
    struct store_pause
        store_pause; /* while it lasts one feed at a time tries whether it is over */
};

static void pump(struct poller *poller);

/* ---- the clock ---- */

static void on_due(uv_timer_t *timer);

static void arm_due_timer(struct poller *poller, int64_t next_poll_utc_s, int64_t now_utc_s)
{
    if (!poller->scheduled || poller->stopped) {
        return;
    }
    int64_t delay_ms = (next_poll_utc_s - now_utc_s) * 1000;
    delay_ms = delay_ms < TICK_MIN_MS ? TICK_MIN_MS
        : delay_ms > TICK_MAX_MS      ? TICK_MAX_MS
                                      : delay_ms;
    int64_t at_ms = clock_monotonic_ms() + delay_ms;
    if (at_ms < poller->due_at_ms) {
        poller->due_at_ms = at_ms;
        uv_timer_start(&poller->due_timer, on_due, clock_sleep_ms((uint64_t)delay_ms), 0);
    }
}

/* Into the line of the host that will be asked, which is another one once a move has held. */
static void put_in_queue(struct polled_feed *feed)
{
    struct poller *poller = feed->poller;
    poller->in_round = true;
    polled_feed_redirect(feed, NULL);
    feed->host = poll_queue_host(
        poller->queue, polled_feed_url(feed->state, clock_now_utc_s()));
    poll_queue_put(poller->queue, feed);
}

/* Waits are meant, not dates: when the clock is set, the schedule moves along. Without this,
 * a clock set back by six hours is six hours without a poll. */
static void follow_clock(struct poller *poller)
{
    int64_t set_by_s = clock_jump_look(
        &poller->clock, clock_now_utc_ms(), clock_monotonic_ms());
    if (set_by_s == 0) {
        return;
    }
    log_notice("the clock was set %s by %lld s, the schedule moves along",
        set_by_s > 0 ? "ahead" : "back", (long long)(set_by_s > 0 ? set_by_s : -set_by_s));
    roster_shift(&poller->roster, set_by_s);
}

static bool is_due(const struct polled_feed *feed, int64_t now_utc_s)
{
    return feed->phase == POLLED_IDLE && polled_feed_enabled(feed) &&
        feed->state->next_poll_utc_s <= now_utc_s;
}

static void on_due(uv_timer_t *timer)
{
    struct poller *poller = timer->data;
    follow_clock(poller);
    int64_t now = clock_now_utc_s();
    int64_t earliest = INT64_MAX;
    poller->due_at_ms = INT64_MAX;
    for (size_t i = 0; i < poller->roster.count; i++) {
        struct polled_feed *feed = poller->roster.feeds[i];
        if (is_due(feed, now)) {
            put_in_queue(feed);
        } else if (feed->phase == POLLED_IDLE && polled_feed_enabled(feed) &&
            feed->state->next_poll_utc_s < earliest) {
            earliest = feed->state->next_poll_utc_s;
        }
    }
    if (earliest != INT64_MAX) {
        arm_due_timer(poller, earliest, now);
    }
    pump(poller);
}

/* ---- one poll, from the back to the front ---- */

static void say_idle(struct poller *poller)
{
    if (!poller->in_round ||
        poll_queue_waiting(poller->queue) + poller->fetching + poller->storing +
                poller->settling >
            0) {
        return;
    }
    struct poll_counts round = poller->round;
    poller->round = (struct poll_counts){0};
    poller->in_round = false;
    if (!poller->stopped && poller->parts.listener.on_idle != NULL) {
        poller->parts.listener.on_idle(poller->parts.listener.data, &round);
    }
}

void poll_counts_add(struct poll_counts *sum, const struct poll_counts *more)
{
    sum->feeds += more->feeds;
    sum->ok += more->ok;
    sum->not_modified += more->not_modified;
    sum->failed += more->failed;
    sum->unstored += more->unstored;
    sum->sightings_new += more->sightings_new;
    sum->items_new += more->items_new;
    sum->items_changed += more->items_changed;
    sum->wire_bytes += more->wire_bytes;
}

static void count(struct poller *poller, const struct poll_counts *more)
{
    poll_counts_add(&poller->round, more);
    poll_counts_add(&poller->total, more);
}

static void count_poll(struct poller *poller, const struct document *document,
    enum outcome_kind outcome, bool unstored)
{
    const struct store_document *store = &document->store;
    struct poll_counts poll = {
        .feeds = 1,
        .ok = outcome == OUTCOME_BODY && !unstored,
        .not_modified = outcome == OUTCOME_NOT_MODIFIED && !unstored,
        .failed = outcome == OUTCOME_FAILED || unstored,
        .unstored = unstored,
        .sightings_new = store->sightings_new,
        .items_new = store->items_new,
        .items_changed = store->items_changed,
    };
    count(poller, &poll);
}

static void keep_state(struct polled_feed *feed, const struct feed_state *state)
{
    polled_feed_keep_state(feed, state);
    if (store_pause_end(&feed->poller->store_pause)) {
        log_notice("the database can be written again, polling goes on");
    }
}

/* The transaction failed: the feed keeps its old state, validators included, so nothing it
 * brought is lost; it is asked again as soon as the store works. */
static void keep_unstored(struct polled_feed *feed, const struct fault *fault)
{
    struct poller *poller = feed->poller;
    if (fault->kind != FAULT_CANCELLED &&
        store_pause_begin(&poller->store_pause, clock_monotonic_ms())) {
        log_error("%s, %s", fault->message,
            poller->scheduled ? "polling pauses until it can be written again"
                              : "so what the feeds bring now is not kept");
    }
    feed->state->next_poll_utc_s = clock_now_utc_s() + poller->store_pause.length_ms / 1000;
}

/* `feed` rests until it is due again, or goes when it is not configured any more. */
static void end_poll(struct polled_feed *feed)
{
    struct poller *poller = feed->poller;
    if (feed->config == NULL) {
        roster_drop(&poller->roster, feed);
    } else if (polled_feed_enabled(feed)) {
        arm_due_timer(poller, feed->state->next_poll_utc_s, clock_now_utc_s());
    }
    pump(poller);
    say_idle(poller);
}

static void tell_listener(
    const struct polled_feed *feed, const struct fault *fault, bool outdated)
{
    const struct poller *poller = feed->poller;
    const struct poller_listener *listener = &poller->parts.listener;
    if (!poller->stopped && listener->on_poll != NULL) {
        listener->on_poll(listener->data, feed->state->name,
            fault != NULL ? fault->message : feed->state->error);
    }
    if (!poller->stopped && outdated && listener->on_outdated != NULL) {
        listener->on_outdated(listener->data);
    }
}

static void on_delivered(void *data, const struct document *document, enum outcome_kind outcome,
    const struct fault *fault)
{
    struct polled_feed *feed = data;
    struct poller *poller = feed->poller;
    follow_clock(poller);
    /* Judged on a worker while a reload brought new rules. */
    bool outdated = fault == NULL && document->rules != poller->rules &&
        document->store.entry_count > 0;
    if (fault == NULL) {
        keep_state(feed, &document->store.state);
    } else {
        keep_unstored(feed, fault);
    }
    count_poll(poller, document, outcome, fault != NULL);
    (*(feed->phase == POLLED_SETTLING ? &poller->settling : &poller->storing))--;
    feed->phase = POLLED_IDLE;
    tell_listener(feed, fault, outdated);
    end_poll(feed);
}

static void on_settle(uv_timer_t *timer)
{
    struct poller *poller = timer->data;
    writer_flush(poller->parts.writer);
}

static void arm_settle_timer(struct poller *poller)
{
    if (!poller->stopped && !uv_is_active((uv_handle_t *)&poller->settle_timer)) {
        uv_timer_start(&poller->settle_timer, on_settle, SETTLE_MAX_MS, 0);
    }
}

static void deliver(
    struct polled_feed *feed, struct http_response *response, const struct fault *fault)
{
    struct poller *poller = feed->poller;
    const struct delivery_parts parts = {
        poller->parts.loop, poller->parts.writer, &poller->room, poller->parts.recogniser};
    const struct delivery_answer answer = {
        .rules = poller->rules,
        .feed = feed->config,
        .state = feed->state,
        .response = response,
        .fault = fault,
    };
    if (response != NULL) {
        count(poller, &(struct poll_counts){.wire_bytes = (uint64_t)response->wire_bytes});
    }
    if (delivery_is_brief(response, fault)) {
        feed->phase = POLLED_SETTLING;
        poller->settling++;
        arm_settle_timer(poller);
    } else {
        feed->phase = POLLED_STORING;
        poller->storing++;
    }
    delivery_start(&parts, &answer, on_delivered, feed);
}

/* A redirect to another host waits in that host's line, with those who were there before. */
static void go_on(struct polled_feed *feed, const struct http_redirect *redirect)
{
    struct poller *poller = feed->poller;
    polled_feed_redirect(feed, redirect);
    feed->host = poll_queue_host(poller->queue, redirect->url);
    poll_queue_put(poller->queue, feed);
    pump(poller);
}

static bool may_follow(void *data, const char *url)
{
    const struct polled_feed *feed = data;
    return poll_queue_host(feed->poller->queue, url) == feed->host;
}

static void on_response(void *data, struct http_response *response, const struct fault *fault)
{
    struct polled_feed *feed = data;
    struct poller *poller = feed->poller;
    feed->request = NULL;
    feed->phase = POLLED_IDLE;
    poller->fetching--;
    poll_queue_leave(poller->queue, feed, clock_monotonic_ms());
    if (feed->config == NULL || (fault != NULL && fault->kind == FAULT_CANCELLED)) {
        end_poll(feed);
        return;
    }
    if (fault == NULL && response->redirect.url != NULL) {
        go_on(feed, &response->redirect);
        return;
    }
    int64_t rest_s = outcome_host_rest_s(response);
    if (rest_s > 0) {
        poll_queue_rest(poller->queue, feed, clock_monotonic_ms() + rest_s * 1000);
    }
    deliver(feed, response, fault);
    pump(poller);
}

/* Of those the schedule asked for; one asked for by hand was not due. */
static void note_lag(struct polled_feed *feed)
{
    int64_t due_utc_s = feed->state->next_poll_utc_s;
    int64_t late_ms = clock_now_utc_ms() - due_utc_s * 1000;
    if (feed->poller->scheduled && due_utc_s != CLOCK_NONE && late_ms >= 0) {
        histogram_add(&feed->poller->lags_ms, (uint64_t)late_ms);
    }
}

static void fetch(struct polled_feed *feed)
{
    struct poller *poller = feed->poller;
    const struct config_polling *polling = &poller->rules->config->polling;
    struct http_options options = polled_feed_request(feed, polling, clock_now_utc_s());
    options.may_follow = may_follow;
    options.last_of_host = TAILQ_EMPTY(&feed->host->waiting);
    note_lag(feed);
    struct fault fault;
    poller->fetching++;
    feed->phase = POLLED_FETCHING;
    if (!http_get(poller->parts.client, &options, on_response, feed, &feed->request, &fault)) {
        on_response(feed, NULL, &fault);
    }
}

static void on_rest_over(uv_timer_t *timer)
{
    pump(timer->data);
}

static bool is_running(const struct poller *poller)
{
    return poller->fetching + poller->storing + poller->settling > 0;
}

static bool may_fetch(const struct poller *poller, int64_t now_ms)
{
    if (poller->stopped || poller->storing >= DOCUMENTS_MAX ||
        poller->settling >= 2 * WRITER_LATER_MAX ||
        poller->fetching >= poller->rules->config->polling.concurrency) {
        return false;
    }
    bool store_works = poller->store_pause.length_ms == 0 || !poller->scheduled;
    return store_works || (now_ms >= poller->store_pause.until_ms && !is_running(poller));
}

/* When pump() should look again by itself; INT64_MAX: whatever ends next calls it. */
static int64_t next_look_ms(const struct poller *poller, int64_t now_ms)
{
    if (poller->stopped || poll_queue_waiting(poller->queue) == 0) {
        return INT64_MAX;
    }
    if (may_fetch(poller, now_ms)) {
        return poll_queue_wake_ms(poller->queue); /* all that wait are at rest */
    }
    return is_running(poller) ? INT64_MAX : poller->store_pause.until_ms;
}

static void arm_rest_timer(struct poller *poller, int64_t now_ms)
{
    int64_t wake_ms = next_look_ms(poller, now_ms);
    if (wake_ms == INT64_MAX) {
        uv_timer_stop(&poller->rest_timer);
    } else {
        uint64_t delay_ms = wake_ms > now_ms ? (uint64_t)(wake_ms - now_ms) : 1;
        uv_timer_start(&poller->rest_timer, on_rest_over, clock_sleep_ms(delay_ms), 0);
    }
}

static void pump(struct poller *poller)
{
    if (poller->pumping) {
        return;
    }
    poller->pumping = true;
    int64_t now_ms = clock_monotonic_ms();
    struct polled_feed *feed;
    while (
        may_fetch(poller, now_ms) && (feed = poll_queue_take(poller->queue, now_ms)) != NULL) {
        fetch(feed);
    }
    poller->pumping = false;
    if (poller->fetching == 0 && poller->settling > 0) {
        writer_flush(poller->parts.writer);
    }
    arm_rest_timer(poller, now_ms);
}

/* ---- feeds come and go ---- */

void poller_configure(
    struct poller *poller, struct rules *rules, const struct feed_state *states)
{
    assert_loop_thread(poller->parts.loop);
    const struct config *config = rules->config;
    if (poller->queue == NULL) {
        poller->queue = poll_queue_new(&config->polling);
    } else {
        poll_queue_configure(poller->queue, &config->polling);
    }
    const struct roster_owner owner = {
        .poller = poller,
        .queue = poller->queue,
        .allowed = poller->parts.allowed,
        .allowed_count = poller->parts.allowed_count,
    };
    roster_follow(&poller->roster, &owner, config, states);
    rules_unref(poller->rules);
    poller->rules = rules_ref(rules);
    if (poller->scheduled) {
        poller_start(poller);
    }
    say_idle(poller); /* the last that waited may have been among the removed */
}

/* ---- life ---- */

struct poller *poller_new(const struct poller_parts *parts)
{
    struct poller *poller = calloc(1, sizeof(*poller));
    if (poller == NULL) {
        memory_exhausted();
    }
    poller->parts = *parts;
    poller->due_at_ms = INT64_MAX;
    uv_timer_init(loop_uv(parts->loop), &poller->due_timer);
    uv_timer_init(loop_uv(parts->loop), &poller->rest_timer);
    uv_timer_init(loop_uv(parts->loop), &poller->settle_timer);
    poller->due_timer.data = poller;
    poller->rest_timer.data = poller;
    poller->settle_timer.data = poller;
    return poller;
}

void poller_free(struct poller *poller)
{
    if (poller == NULL) {
        return;
    }
    assert(poller->fetching + poller->storing + poller->settling == 0);
    roster_release(&poller->roster);
    poll_queue_free(poller->queue);
    rules_unref(poller->rules);
    free(poller);
}

void poller_teach(struct poller *poller, struct rules *taught)
{
    assert_loop_thread(poller->parts.loop);
    rules_unref(poller->rules);
    poller->rules = rules_ref(taught);
}

void poller_start(struct poller *poller)
{
    assert_loop_thread(poller->parts.loop);
    follow_clock(poller);
    poller->scheduled = true;
    roster_schedule(&poller->roster, &poller->rules->config->polling, clock_now_utc_s());
    on_due(&poller->due_timer);
}

void poller_poll_once(struct poller *poller, bool all)
{
    assert_loop_thread(poller->parts.loop);
    int64_t now = clock_now_utc_s();
    poller->in_round = true;
    for (size_t i = 0; i < poller->roster.count; i++) {
        struct polled_feed *feed = poller->roster.feeds[i];
        bool asked_for = all && polled_feed_enabled(feed) && feed->phase == POLLED_IDLE;
        if (asked_for || is_due(feed, now)) {
            put_in_queue(feed);
        }
    }
    pump(poller);
    say_idle(poller);
}

bool poller_poll_feed(struct poller *poller, int64_t id)
{
    assert_loop_thread(poller->parts.loop);
    struct polled_feed *feed = roster_find(&poller->roster, id);
    if (feed == NULL || feed->config == NULL || !feed->config->enabled) {
        return false;
    }
    if (feed->phase == POLLED_IDLE && !poller->stopped) {
        put_in_queue(feed);
        pump(poller);
    }
    return true;
}

void poller_stop(struct poller *poller)
{
    assert_loop_thread(poller->parts.loop);
    if (poller->stopped) {
        return;
    }
    poller->stopped = true;
    for (size_t i = 0; i < poller->roster.count; i++) {
        poll_queue_remove(poller->queue, poller->roster.feeds[i]);
        if (poller->roster.feeds[i]->request != NULL) {
            http_cancel(poller->roster.feeds[i]->request);
        }
    }
    uv_close((uv_handle_t *)&poller->due_timer, NULL);
    uv_close((uv_handle_t *)&poller->rest_timer, NULL);
    uv_close((uv_handle_t *)&poller->settle_timer, NULL);
    writer_flush(poller->parts.writer);
}

struct poll_counts poller_counts(const struct poller *poller)
{
    return poller->total;
}

struct poller_state poller_state(const struct poller *poller)
{
    struct poller_state state = {
        .waiting = poller->queue == NULL ? 0 : poll_queue_waiting(poller->queue),
        .fetching = poller->fetching,
        .storing = poller->storing + poller->settling,
        .paused = poller->store_pause.length_ms != 0,
        .lags_ms = &poller->lags_ms,
    };
    for (size_t i = 0; i < poller->roster.count; i++) {
        const struct polled_feed *feed = poller->roster.feeds[i];
        state.feeds += polled_feed_enabled(feed);
        state.failing += polled_feed_enabled(feed) && feed->state->error != NULL;
    }
    return state;
}

bool poller_enter_host(struct poller *poller, const char *url, int64_t *ret_wait_ms)
{
    assert_loop_thread(poller->parts.loop);
    return poll_queue_enter_host(poller->queue, url, clock_monotonic_ms(), ret_wait_ms);
}

void poller_leave_host(struct poller *poller, const char *url)
{
    poll_queue_leave_host(poller->queue, url, clock_monotonic_ms());
    if (!poller->stopped) {
        pump(poller);
    }
}
