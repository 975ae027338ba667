/* One feed as the poller sees it, and the queue of its host. Private to the poller. Loop thread
 * only. */
#ifndef PIPELINE_POLLED_FEED_H
#define PIPELINE_POLLED_FEED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "config/config.h"
#include "net/http_client.h"
#include "storage/store.h"

struct poller;
struct host_queue;

enum polled_phase {
    POLLED_IDLE,     /* waits for its time */
    POLLED_WAITING,  /* in its host's queue */
    POLLED_FETCHING, /* has a request */
    POLLED_STORING,  /* a worker or the writer has its document */
    POLLED_SETTLING, /* the writer has its new state, which brought no items and can wait */
};

struct polled_feed {
    struct poller *poller;
    const struct config_feed
        *config; /* borrowed from the poller's rules; NULL: not configured any more */
    struct feed_state *state; /* one block, see feed_state_clone() */
    struct host_queue *host;
    struct http_request *request;
    /* Where a poll under way goes on, in the line of that host; NULL: at the feed's address. */
    struct http_redirect *redirect;
    struct address_range *allowed; /* command line's and the feed's own */
    size_t allowed_count;
    enum polled_phase phase;
    TAILQ_ENTRY(polled_feed) in_host;
};

TAILQ_HEAD(polled_feed_list, polled_feed);

enum host_place {
    HOST_IDLE,    /* in no list: nobody waits */
    HOST_READY,   /* among those that may try the gate */
    HOST_RESTING, /* among those whom the gate turned away */
};

/* Feeds of one host that wait for its gate; kept by pipeline/poll_queue.h. */
struct host_queue {
    char *host;
    struct polled_feed_list waiting;
    enum host_place place;
    bool running;    /* a request to this host holds the gate */
    int64_t wake_ms; /* monotonic time to try again; INT64_MAX: when a request has left */
    TAILQ_ENTRY(host_queue) in_queue;
};

TAILQ_HEAD(host_queue_list, host_queue);

/* A copy with all its strings in one malloc()ed block; free() it. A poller has ten thousand. */
struct feed_state *feed_state_clone(const struct feed_state *state);

/* A feed in `state` (copied), idle and not configured yet. */
struct polled_feed *polled_feed_new(
    struct poller *poller, const struct feed_state *state, struct host_queue *host);
void polled_feed_free(struct polled_feed *feed);

/* Follow `config` from now on; `allowed` are the exceptions of the command line, copied, to
 * which come those for all feeds and its own. */
void polled_feed_configure(struct polled_feed *feed, const struct config_feed *config,
    const struct config_polling *polling, const struct address_range *allowed,
    size_t allowed_count);

/* `state` (copied) is on disk. A feed that begins to fail, for another reason than before, or
 * works again is logged; not every try in between. */
void polled_feed_keep_state(struct polled_feed *feed, const struct feed_state *state);

/* The poll under way goes on at `redirect` (copied); NULL: the next begins at the feed's
 * address.
 */
void polled_feed_redirect(struct polled_feed *feed, const struct http_redirect *redirect);

/* The request for `feed` at `now_utc_s`; strings are borrowed from the feed. */
struct http_options polled_feed_request(
    const struct polled_feed *feed, const struct config_polling *polling, int64_t now_utc_s);

/* Where `feed` is asked: its URL, or the address it has permanently moved to for a week. */
const char *polled_feed_url(const struct feed_state *state, int64_t now_utc_s);

/* Whether the schedule may ask `feed` at all. */
bool polled_feed_enabled(const struct polled_feed *feed);

#endif
