/* `make simulate`: what a schedule costs publishers and what it gives readers.
 *
 * Problem: a schedule can be judged only over weeks and thousands of feeds, and must not be
 * tuned on the wall clock.
 *
 * Approach: the time is a number. One heap of events (a feed is due, a fetch is done, a host
 * may be asked again) drives the program's own schedule, outcome, rhythm, poll queue and host
 * gate through a month in seconds; the network is left out, a fetch takes FETCH_MS. Each reader
 * lives through the same posts (publisher.c). Prints requests a feed and day, the delay from a
 * post to our store, the most requests a host got in one minute, and posts that had left the
 * feed before it was asked; exits with 1 when briefd misses its aim, so that it is a test as
 * well.
 *
 * Rejected: a fake clock under the daemon (its loop sleeps in epoll, its database and curl have
 * clocks of their own, and a month would be a month of real transactions). */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/schedule.h"
#include "pipeline/poll_queue.h"
#include "publisher.h"
#include "random.h"
#include "reader.h"

enum {
    FETCH_MS = 300,
    HISTORY_DAYS = 120, /* posts from before the start, for the first documents */
    START_SPREAD_S = 120,
};

/* 2020-09-13, a Sunday. */
static const int64_t start_utc_s = 1599955200;

struct options {
    int days;
    size_t feeds;
    uint64_t seed;
};

/* ---- events ---- */

enum event_kind { EVENT_DUE, EVENT_DONE, EVENT_WAKE };

struct event {
    int64_t at_ms;
    enum event_kind kind;
    size_t feed;
};

struct heap {
    struct event *events;
    size_t count, room;
};

static void heap_push(struct heap *heap, struct event event)
{
    if (heap->count == heap->room) {
        heap->room = heap->room == 0 ? 1024 : 2 * heap->room;
        heap->events = reallocarray(heap->events, heap->room, sizeof(*heap->events));
        if (heap->events == NULL) {
            abort();
        }
    }
    size_t at = heap->count++;
    for (; at > 0 && heap->events[(at - 1) / 2].at_ms > event.at_ms; at = (at - 1) / 2) {
        heap->events[at] = heap->events[(at - 1) / 2];
    }
    heap->events[at] = event;
}

static struct event heap_pop(struct heap *heap)
{
    struct event first = heap->events[0], last = heap->events[--heap->count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < heap->count &&
            heap->events[child + 1].at_ms < heap->events[child].at_ms) {
            child++;
        }
        if (child >= heap->count || heap->events[child].at_ms >= last.at_ms) {
            break;
        }
        heap->events[at] = heap->events[child];
        at = child;
    }
    heap->events[at] = last;
    return first;
}

/* ---- what is measured ---- */

struct delays {
    double *minutes;
    size_t count, room;
};

struct figures {
    struct delays delays[PUBLISHER_CLASSES];
    size_t requests[PUBLISHER_CLASSES];
    size_t feeds[PUBLISHER_CLASSES];
    size_t missed;
    int *host_minute_requests; /* of the minute at hand, by host */
    int64_t *host_minute;
    int busiest, busiest_start; /* in the first hour, when everything is new */
};

static void add_delay(struct delays *delays, double minutes)
{
    if (delays->count == delays->room) {
        delays->room = delays->room == 0 ? 1024 : 2 * delays->room;
        delays->minutes = reallocarray(delays->minutes, delays->room, sizeof(double));
        if (delays->minutes == NULL) {
            abort();
        }
    }
    delays->minutes[delays->count++] = minutes;
}

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double quantile(const struct delays *delays, double share)
{
    return delays->count == 0 ? 0
                              : delays->minutes[(size_t)(share * (double)(delays->count - 1))];
}

static void sort_delays(struct delays *delays)
{
    if (delays->count > 0) {
        qsort(delays->minutes, delays->count, sizeof(double), compare_doubles);
    }
}

/* ---- one reader's month ---- */

struct month {
    const struct options *options;
    const struct reader *reader;
    const struct world *world;
    struct followed *followed;
    struct polled_feed **polled; /* the polite reader's, for its queue */
    struct poll_queue *queue;
    struct heap heap;
    int64_t wake_ms; /* a WAKE event is on its way for then */
    int64_t end_utc_s;
    struct figures figures;
};

static int64_t utc_of(int64_t now_ms)
{
    return start_utc_s + now_ms / 1000;
}

static void send_request(struct month *month, size_t index, int64_t now_ms)
{
    const struct publisher *publisher = &month->world->publishers[index];
    struct figures *figures = &month->figures;
    heap_push(&month->heap, (struct event){now_ms + FETCH_MS, EVENT_DONE, index});
    if (utc_of(now_ms) >= month->end_utc_s) {
        return;
    }
    figures->requests[publisher->class_index]++;
    if (figures->host_minute[publisher->host] != now_ms / 60000) {
        figures->host_minute[publisher->host] = now_ms / 60000;
        figures->host_minute_requests[publisher->host] = 0;
    }
    int requests = ++figures->host_minute_requests[publisher->host];
    int *busiest = now_ms < HOUR_S * 1000 ? &figures->busiest_start : &figures->busiest;
    *busiest = requests > *busiest ? requests : *busiest;
}

static void pump(struct month *month, int64_t now_ms)
{
    struct polled_feed *polled;
    while ((polled = poll_queue_take(month->queue, now_ms)) != NULL) {
        send_request(month, (size_t)polled->state->id - 1, now_ms);
    }
    int64_t wake_ms = poll_queue_wake_ms(month->queue);
    if (wake_ms != INT64_MAX && (month->wake_ms <= now_ms || wake_ms < month->wake_ms)) {
        month->wake_ms = wake_ms;
        heap_push(&month->heap, (struct event){wake_ms, EVENT_WAKE, 0});
    }
}

static void on_due(struct month *month, size_t index, int64_t now_ms)
{
    if (month->reader->polite) {
        poll_queue_put(month->queue, month->polled[index]);
        pump(month, now_ms);
    } else {
        send_request(month, index, now_ms);
    }
}

/* The posts that were new in the answer; the oldest of them may have left the feed already. */
static void note_delays(struct month *month, struct followed *feed, size_t posts, int64_t now_s)
{
    const struct publisher *publisher = feed->publisher;
    for (size_t i = feed->seen; i < posts; i++) {
        int64_t at_s = publisher->posts_utc_s[i];
        if (at_s < start_utc_s || at_s >= month->end_utc_s) {
            continue;
        }
        if (posts - i > publisher->window) {
            month->figures.missed++;
        } else {
            add_delay(&month->figures.delays[publisher->class_index],
                (double)(now_s - at_s) / MINUTE_S);
        }
    }
}

static void on_done(struct month *month, size_t index, int64_t now_ms)
{
    struct followed *feed = &month->followed[index];
    int64_t now_s = utc_of(now_ms);
    size_t posts = publisher_posts_until(feed->publisher, now_s);
    size_t fresh = posts - feed->seen;
    note_delays(month, feed, posts, now_s);
    feed->seen = posts;
    int64_t next_s = month->reader->next_utc_s(feed, fresh, now_s);
    if (now_s < month->end_utc_s) { /* one poll more after the end, for what came last */
        heap_push(
            &month->heap, (struct event){(next_s - start_utc_s) * 1000, EVENT_DUE, index});
    }
    if (month->reader->polite) {
        poll_queue_leave(month->queue, month->polled[index], now_ms);
        pump(month, now_ms);
    }
}

static void month_init(struct month *month, const struct options *options,
    const struct reader *reader, const struct world *world)
{
    /* The pauses of the shipped feeds.conf. */
    static struct config_host hosts[] = {{.name = "arxiv.example", .pause_ms = 3000},
        {.name = "releases.example", .pause_ms = 2000}};
    static const struct config_polling polling = {
        .host_pause_ms = 1000, .hosts = hosts, .host_count = 2};
    *month = (struct month){.options = options, .reader = reader, .world = world};
    month->end_utc_s = start_utc_s + options->days * (int64_t)DAY_S;
    month->wake_ms = -1;
    month->queue = poll_queue_new(&polling);
    month->followed = calloc(world->count, sizeof(*month->followed));
    month->polled = calloc(world->count, sizeof(*month->polled));
    month->figures.host_minute = calloc((size_t)world->hosts, sizeof(int64_t));
    month->figures.host_minute_requests = calloc((size_t)world->hosts, sizeof(int));
    if (month->followed == NULL || month->polled == NULL ||
        month->figures.host_minute == NULL || month->figures.host_minute_requests == NULL) {
        abort();
    }
    struct dice dice = {options->seed + 1};
    for (size_t i = 0; i < world->count; i++) {
        const struct publisher *publisher = &world->publishers[i];
        struct feed_state state = {
            .id = (int64_t)i + 1, .url = publisher->url, .name = publisher->url};
        followed_init(&month->followed[i], publisher, i, reader->polite);
        month->polled[i] = polled_feed_new(
            NULL, &state, poll_queue_host(month->queue, publisher->url));
        month->figures.feeds[publisher->class_index]++;
        /* Those who keep no gate are spread over an hour, in their favour. */
        int64_t spread_s = reader->polite ? START_SPREAD_S : HOUR_S;
        heap_push(&month->heap,
            (struct event){
                (int64_t)dice_between(&dice, 0, (double)spread_s * 1000), EVENT_DUE, i});
    }
}

static void month_release(struct month *month)
{
    for (size_t i = 0; i < month->world->count; i++) {
        followed_release(&month->followed[i]);
        polled_feed_free(month->polled[i]);
    }
    for (int i = 0; i < PUBLISHER_CLASSES; i++) {
        free(month->figures.delays[i].minutes);
    }
    poll_queue_free(month->queue);
    free(month->followed);
    free(month->polled);
    free(month->figures.host_minute);
    free(month->figures.host_minute_requests);
    free(month->heap.events);
}

static void month_run(struct month *month)
{
    while (month->heap.count > 0) {
        struct event event = heap_pop(&month->heap);
        switch (event.kind) {
        case EVENT_DUE:
            on_due(month, event.feed, event.at_ms);
            break;
        case EVENT_DONE:
            on_done(month, event.feed, event.at_ms);
            break;
        case EVENT_WAKE:
            pump(month, event.at_ms);
            break;
        }
    }
}

/* ---- the report ---- */

struct summary {
    double requests_a_day; /* of one feed */
    double median, p95;    /* minutes */
};

static void print_line(const char *name, double requests, const struct delays *delays)
{
    printf("  %-14s %8.2f %9zu %9.1f %9.1f %9.1f\n", name, requests, delays->count,
        quantile(delays, 0.5), quantile(delays, 0.95), quantile(delays, 1));
}

static struct summary month_report(struct month *month)
{
    struct figures *figures = &month->figures;
    struct delays all = {0};
    size_t requests = 0;
    printf("%s\n  %-14s %8s %9s %9s %9s %9s\n", month->reader->name, "class", "req/day",
        "posts", "median", "p95", "most min");
    for (int i = 0; i < PUBLISHER_CLASSES; i++) {
        struct delays *delays = &figures->delays[i];
        sort_delays(delays);
        for (size_t k = 0; k < delays->count; k++) {
            add_delay(&all, delays->minutes[k]);
        }
        requests += figures->requests[i];
        print_line(publisher_class_name(i),
            (double)figures->requests[i] / (double)(figures->feeds[i] ? figures->feeds[i] : 1) /
                month->options->days,
            delays);
    }
    sort_delays(&all);
    struct summary summary = {
        (double)requests / (double)month->world->count / month->options->days,
        quantile(&all, 0.5), quantile(&all, 0.95)};
    print_line("all", summary.requests_a_day, &all);
    printf(
        "  busiest host: %d requests in a minute, %d in the first hour; posts missed: %zu\n\n",
        figures->busiest, figures->busiest_start, figures->missed);
    free(all.minutes);
    return summary;
}

static struct summary run_reader(
    const struct options *options, const struct reader *reader, const struct world *world)
{
    struct month month;
    month_init(&month, options, reader, world);
    month_run(&month);
    struct summary summary = month_report(&month);
    month_release(&month);
    return summary;
}

/* Missing the aim is a failure: no later than hourly polling, a third of its requests. */
static bool judge(const struct summary *ours, const struct summary *hourly)
{
    double share = ours->requests_a_day / hourly->requests_a_day;
    bool kept = ours->median <= hourly->median && share <= 1.0 / 3;
    printf("aim: median delay %.1f min against %.1f of hourly polling, %.3f of its requests: "
           "%s\n",
        ours->median, hourly->median, share, kept ? "kept" : "MISSED");
    return kept;
}

static bool read_options(int count, char **words, struct options *ret_options)
{
    *ret_options = (struct options){30, 2000, 20200913};
    for (int i = 1; i + 1 < count; i += 2) {
        long value = strtol(words[i + 1], NULL, 10);
        if (strcmp(words[i], "--days") == 0 && value > 0) {
            ret_options->days = (int)value;
        } else if (strcmp(words[i], "--feeds") == 0 && value > 0) {
            ret_options->feeds = (size_t)value;
        } else if (strcmp(words[i], "--seed") == 0 && value >= 0) {
            ret_options->seed = (uint64_t)value;
        } else {
            return false;
        }
    }
    return count % 2 == 1;
}

int main(int count, char **words)
{
    struct options options;
    if (!read_options(count, words, &options)) {
        fprintf(stderr, "usage: %s [--days N] [--feeds N] [--seed N]\n", words[0]);
        return 2;
    }
    struct world world;
    world_init(&world, start_utc_s - HISTORY_DAYS * (int64_t)DAY_S,
        start_utc_s + (options.days + 3) * (int64_t)DAY_S, options.feeds, options.seed);
    printf("%d days, %zu feeds on %d hosts; delays from post to store in minutes\n\n",
        options.days, world.count, world.hosts);
    struct summary summaries[READERS];
    for (int i = 0; i < READERS; i++) {
        summaries[i] = run_reader(&options, &readers[i], &world);
    }
    world_release(&world);
    return judge(&summaries[0], &summaries[1]) ? 0 : 1;
}
