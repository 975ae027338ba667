/* The poller: which feed is asked when, and what becomes of the answer.
 *
 * It owns the feeds of the running configuration with their state in memory, so that a 304
 * reads no database. A due feed waits in the queue of its host until the host gate, the number
 * of requests and the number of documents in flight allow it; then: http_get -> document_work
 * on a worker -> writer -> new state and next time. A feed's state, validators included,
 * changes in memory only after the transaction with its items has been committed. Answers that
 * bring no document, nearly all, are written together: when something else is, when no request
 * runs any more, or a second after the first. While the store cannot be written polling pauses;
 * one feed at a time tries whether it can again.
 *
 *     IDLE --due--> WAITING --gate--> FETCHING --200-----> STORING --committed--> IDLE
 *                                         +----304, error--> SETTLING --committed--> IDLE
 *
 * Loop thread only.
 */
#ifndef PIPELINE_POLLER_H
#define PIPELINE_POLLER_H

#include <stdbool.h>
#include <stddef.h>

#include "net/histogram.h"
#include "net/http_client.h"
#include "net/loop.h"
#include "pipeline/rules.h"
#include "pipeline/writer.h"
#include "storage/store.h"

struct poller;

/* What one or more polls came to. */
struct poll_counts {
    size_t feeds;        /* answered or failed */
    size_t ok;           /* a document was read */
    size_t not_modified; /* 304, or the same body as last time */
    size_t failed;
    size_t unstored; /* of the failed: what the answer brought could not be written */
    size_t sightings_new, items_new, items_changed;
    uint64_t wire_bytes; /* received, before decompression */
};

/* sum += more */
void poll_counts_add(struct poll_counts *sum, const struct poll_counts *more);

/* Told on the loop thread; must not call back into the poller but for poller_counts(). */
struct poller_listener {
    void *data;
    /* One feed is done; `error` is its sentence, or NULL. */
    void (*on_poll)(void *data, const char *feed_name, const char *error);
    /* A document was stored that rules of before the last poller_configure() had judged. */
    void (*on_outdated)(void *data);
    /* Nothing waits, runs or is being stored: the end of a round. */
    void (*on_idle)(void *data, const struct poll_counts *round);
};

/* All of these are borrowed and must outlive the poller. */
struct poller_parts {
    struct loop *loop;
    struct http_client *client;
    struct writer *writer;
    struct recogniser *recogniser;       /* NULL: none */
    const struct address_range *allowed; /* of the command line, for every feed */
    size_t allowed_count;
    struct poller_listener listener;
};

struct poller *poller_new(const struct poller_parts *parts);

/* After poller_stop() and after the loop has run dry. NULL is harmless. */
void poller_free(struct poller *poller);

/* Follow the feeds of `rules->config`: `states[i]` is the state of its feed i, as
 * store_register_feed() gave it (copied). At start and at every reload: feeds that stay keep
 * what they are doing, feeds that are gone end their running request and are forgotten. Takes
 * its own reference. */
void poller_configure(
    struct poller *poller, struct rules *rules, const struct feed_state *states);

/* The same configuration with more knowledge: for documents from now on. */
void poller_teach(struct poller *poller, struct rules *taught);

/* Poll by the schedule from now on; overdue feeds are spread over some minutes. */
void poller_start(struct poller *poller);

/* Poll what is due now (`all`: every feed that is enabled and not gone) once, then say on_idle.
 */
void poller_poll_once(struct poller *poller, bool all);

/* Ask the feed of this id (struct feed_state) now, whatever its schedule says and even when its
 * server said 410 once; its host's pause still holds. Nothing more when it is being asked.
 * False when no feed of the configuration that is enabled has this id. */
bool poller_poll_feed(struct poller *poller, int64_t id);

/* Cancel requests, start nothing more. Documents on a worker or in the writer end by
 * themselves. */
void poller_stop(struct poller *poller);

/* The host gate, for requests beside the polls (poll_queue.h): one request at a time and a
 * pause hold for both together. After poller_configure(). */
bool poller_enter_host(struct poller *poller, const char *url, int64_t *ret_wait_ms);
void poller_leave_host(struct poller *poller, const char *url);

/* Totals since poller_new(). */
struct poll_counts poller_counts(const struct poller *poller);

/* Where its feeds are now. */
struct poller_state {
    size_t feeds;   /* enabled and not gone */
    size_t failing; /* of them: the last poll failed */
    size_t waiting; /* due, in the line of their host */
    size_t fetching, storing;
    bool paused;                     /* the store cannot be written */
    const struct histogram *lags_ms; /* from the time a feed was due to its request; borrowed */
};
struct poller_state poller_state(const struct poller *poller);

#endif
