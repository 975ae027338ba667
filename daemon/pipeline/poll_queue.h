/* The feeds that are due, queued by host, and which of them may be asked now.
 *
 * A host at rest costs one look and not one for each of its feeds: its queue stands in
 * `resting` with the time of its next try, the others in `ready`. No uv, no clock: the caller
 * brings the monotonic time, so that a simulation can run a month in a second. Loop thread
 * only.
 */
#ifndef PIPELINE_POLL_QUEUE_H
#define PIPELINE_POLL_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "config/config.h"
#include "pipeline/polled_feed.h"

struct poll_queue;

struct poll_queue *poll_queue_new(const struct config_polling *polling);

/* Feeds still waiting are forgotten, not freed. NULL is harmless. */
void poll_queue_free(struct poll_queue *queue);

/* A new configuration: pauses change, who waits and who is under way stays. */
void poll_queue_configure(struct poll_queue *queue, const struct config_polling *polling);

/* The queue of the host of `url`, made when it is new; borrowed for the life of `queue`. */
struct host_queue *poll_queue_host(struct poll_queue *queue, const char *url);

/* `feed` is due: last in the line of its host. */
void poll_queue_put(struct poll_queue *queue, struct polled_feed *feed);

/* Out of the line again, if it still stands there. */
void poll_queue_remove(struct poll_queue *queue, struct polled_feed *feed);

/* The next feed whose host may be asked at `now_ms`, with the host's gate taken: the caller
 * must poll_queue_leave() it. NULL: nobody may start now. */
struct polled_feed *poll_queue_take(struct poll_queue *queue, int64_t now_ms);
void poll_queue_leave(struct poll_queue *queue, struct polled_feed *feed, int64_t now_ms);

/* The same gate for a request that is no feed's poll: false when it may not start now, and
 * *ret_wait_ms says when to ask again (-1: when the running request has left). What was entered
 * must be left. */
bool poll_queue_enter_host(
    struct poll_queue *queue, const char *url, int64_t now_ms, int64_t *ret_wait_ms);
void poll_queue_leave_host(struct poll_queue *queue, const char *url, int64_t now_ms);

/* The host of `feed` asks for rest until `until_ms`. */
void poll_queue_rest(struct poll_queue *queue, struct polled_feed *feed, int64_t until_ms);

/* When poll_queue_take() should be asked again for a host that rests now; INT64_MAX: not by
 * the clock. */
int64_t poll_queue_wake_ms(const struct poll_queue *queue);

size_t poll_queue_waiting(const struct poll_queue *queue);

#endif
