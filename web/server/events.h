/* Server-sent events: what happened, to every page that is open (WHATWG HTML, 9.2).
 *
 * The last EVENTS_KEPT messages stay in a ring. A listener is a connection with the number of
 * the next message it wants; while there is none it is suspended and costs nothing but its
 * memory. One that comes back with Last-Event-ID gets what it missed, or, when that is no
 * longer there, one `reset`, upon which a page reads everything anew; so does a listener so
 * slow that the ring has passed it. A comment goes out every EVENTS_PULSE_MS, or a proxy would
 * close the connection and a client gone without a word would be kept for ever. Loop thread.
 */
#ifndef WEB_SERVER_EVENTS_H
#define WEB_SERVER_EVENTS_H

#include <microhttpd.h>
#include <stdint.h>

#include "net/loop.h"
#include "web/server/request.h"

enum {
    EVENTS_KEPT = 1024,
    EVENTS_PULSE_MS = 20 * 1000,
    EVENTS_LISTENERS_MAX = 8192,
};

struct events;
struct listener;

struct events *events_new(struct loop *loop);

/* `name` is a word; `json` one line, the message's data. */
void events_post(struct events *events, const char *name, const char *json);

/* Answer `request` with the stream, which begins with `hello` and its data, or goes on behind
 * `last_id` when that is not 0. */
enum MHD_Result events_answer(
    struct events *events, struct request *request, int64_t last_id, const char *hello_json);

/* Its request ends. NULL is harmless. */
void events_forget(struct listener *listener);

/* End the streams of those for whom `may_stay` says no any more. */
void events_review(struct events *events, bool (*may_stay)(const struct request *request));

size_t events_listener_count(const struct events *events);

/* Nothing is posted any more and the streams end: pages come back to the next daemon. Freed on
 * a later turn of the loop. NULL is harmless. */
void events_stop(struct events *events);

#endif
