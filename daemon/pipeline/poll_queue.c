#include "pipeline/poll_queue.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "feed/url.h"
#include "net/host_gate.h"

struct poll_queue {
    struct host_gate *gate;
    void *hosts; /* tsearch(3) tree of struct host_queue by name */
    struct host_queue_list ready, resting;
    size_t waiting;
};

/* ---- hosts ---- */

static int compare_hosts(const void *left, const void *right)
{
    const struct host_queue *a = left, *b = right;
    return strcmp(a->host, b->host);
}

static struct host_queue *new_host(struct poll_queue *queue, const char *name)
{
    struct host_queue *host = calloc(1, sizeof(*host));
    if (host == NULL || (host->host = strdup(name)) == NULL) {
        abort();
    }
    TAILQ_INIT(&host->waiting);
    host->wake_ms = INT64_MAX;
    return host;
}

struct host_queue *poll_queue_host(struct poll_queue *queue, const char *url)
{
    struct arena arena = {0};
    const char *name = url_host(&arena, url);
    struct host_queue probe = {.host = (char *)(name == NULL ? "" : name)};
    struct host_queue **found = tsearch(&probe, &queue->hosts, compare_hosts);
    if (found == NULL) {
        abort();
    }
    if (*found == &probe) {
        *found = new_host(queue, probe.host);
    }
    arena_release(&arena);
    return *found;
}

static void free_host(void *node)
{
    struct host_queue *host = node;
    free(host->host);
    free(host);
}

/* Out of its list; a host for which nobody waits is in none, so that the lists are as long as
 * there is something to do and not as there are hosts. */
static void make_idle(struct poll_queue *queue, struct host_queue *host)
{
    if (host->place == HOST_READY) {
        TAILQ_REMOVE(&queue->ready, host, in_queue);
    } else if (host->place == HOST_RESTING) {
        TAILQ_REMOVE(&queue->resting, host, in_queue);
    }
    host->place = HOST_IDLE;
}

static void make_ready(struct poll_queue *queue, struct host_queue *host)
{
    if (host->place != HOST_READY) {
        make_idle(queue, host);
        TAILQ_INSERT_TAIL(&queue->ready, host, in_queue);
        host->place = HOST_READY;
    }
}

static void make_rest(struct poll_queue *queue, struct host_queue *host, int64_t wake_ms)
{
    make_idle(queue, host);
    host->wake_ms = wake_ms;
    if (!TAILQ_EMPTY(&host->waiting)) {
        TAILQ_INSERT_TAIL(&queue->resting, host, in_queue);
        host->place = HOST_RESTING;
    }
}

/* ---- life ---- */

struct poll_queue *poll_queue_new(const struct config_polling *polling)
{
    struct poll_queue *queue = calloc(1, sizeof(*queue));
    if (queue == NULL) {
        abort();
    }
    queue->gate = host_gate_new(polling);
    TAILQ_INIT(&queue->ready);
    TAILQ_INIT(&queue->resting);
    return queue;
}

void poll_queue_free(struct poll_queue *queue)
{
    if (queue == NULL) {
        return;
    }
    tdestroy(queue->hosts, free_host);
    host_gate_free(queue->gate);
    free(queue);
}

void poll_queue_configure(struct poll_queue *queue, const struct config_polling *polling)
{
    host_gate_configure(queue->gate, polling);
}

/* ---- the line ---- */

void poll_queue_put(struct poll_queue *queue, struct polled_feed *feed)
{
    TAILQ_INSERT_TAIL(&feed->host->waiting, feed, in_host);
    feed->phase = POLLED_WAITING;
    queue->waiting++;
    if (!feed->host->running) {
        make_ready(queue, feed->host);
    } else if (feed->host->place == HOST_IDLE) {
        make_rest(queue, feed->host, INT64_MAX); /* until the running request has left */
    }
}

void poll_queue_remove(struct poll_queue *queue, struct polled_feed *feed)
{
    if (feed->phase == POLLED_WAITING) {
        TAILQ_REMOVE(&feed->host->waiting, feed, in_host);
        feed->phase = POLLED_IDLE;
        queue->waiting--;
        if (TAILQ_EMPTY(&feed->host->waiting)) {
            make_idle(queue, feed->host);
        }
    }
}

static void wake_rested(struct poll_queue *queue, int64_t now_ms)
{
    struct host_queue *host, *next;
    for (host = TAILQ_FIRST(&queue->resting); host != NULL; host = next) {
        next = TAILQ_NEXT(host, in_queue);
        if (host->wake_ms <= now_ms) {
            make_ready(queue, host);
        }
    }
}

struct polled_feed *poll_queue_take(struct poll_queue *queue, int64_t now_ms)
{
    wake_rested(queue, now_ms);
    struct host_queue *host;
    while ((host = TAILQ_FIRST(&queue->ready)) != NULL) {
        int64_t wait_ms = -1;
        struct polled_feed *feed = TAILQ_FIRST(&host->waiting);
        if (host_gate_enter(queue->gate, host->host, now_ms, &wait_ms)) {
            host->running = true;
            poll_queue_remove(queue, feed);
            make_rest(queue, host, INT64_MAX); /* until this request has left */
            return feed;
        }
        make_rest(queue, host, wait_ms < 0 ? INT64_MAX : now_ms + wait_ms);
    }
    return NULL;
}

/* Feeds of a host that may be asked without a pause come one after the other, for as long as
 * its connection stands. */
static void make_first(struct poll_queue *queue, struct host_queue *host)
{
    make_ready(queue, host);
    TAILQ_REMOVE(&queue->ready, host, in_queue);
    TAILQ_INSERT_HEAD(&queue->ready, host, in_queue);
}

/* The host of the request that has left may go on, and so may hosts of the same family
 * (arxiv.org) that were turned away meanwhile: they wait for no time, and no request of theirs
 * runs. */
static void leave_host(struct poll_queue *queue, struct host_queue *left, int64_t now_ms)
{
    host_gate_leave(queue->gate, left->host, now_ms);
    left->running = false;
    struct host_queue *host, *next;
    for (host = TAILQ_FIRST(&queue->resting); host != NULL; host = next) {
        next = TAILQ_NEXT(host, in_queue);
        if (host->wake_ms == INT64_MAX && !host->running) {
            make_ready(queue, host);
        }
    }
    if (left->place == HOST_READY) {
        make_first(queue, left);
    }
}

void poll_queue_leave(struct poll_queue *queue, struct polled_feed *feed, int64_t now_ms)
{
    leave_host(queue, feed->host, now_ms);
}

bool poll_queue_enter_host(
    struct poll_queue *queue, const char *url, int64_t now_ms, int64_t *ret_wait_ms)
{
    struct host_queue *host = poll_queue_host(queue, url);
    if (!host_gate_enter(queue->gate, host->host, now_ms, ret_wait_ms)) {
        return false;
    }
    host->running = true;
    if (host->place != HOST_IDLE) {
        make_rest(queue, host, INT64_MAX); /* until this request has left */
    }
    return true;
}

void poll_queue_leave_host(struct poll_queue *queue, const char *url, int64_t now_ms)
{
    leave_host(queue, poll_queue_host(queue, url), now_ms);
}

void poll_queue_rest(struct poll_queue *queue, struct polled_feed *feed, int64_t until_ms)
{
    host_gate_close_until(queue->gate, feed->host->host, until_ms);
}

int64_t poll_queue_wake_ms(const struct poll_queue *queue)
{
    int64_t earliest = INT64_MAX;
    const struct host_queue *host;
    TAILQ_FOREACH(host, &queue->resting, in_queue)
    {
        if (host->wake_ms < earliest) {
            earliest = host->wake_ms;
        }
    }
    return earliest;
}

size_t poll_queue_waiting(const struct poll_queue *queue)
{
    return queue->waiting;
}
