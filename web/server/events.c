/* Message numbers count from the time of the start in microseconds, so that a page that comes
 * back after a restart never names a number that means something else now.
 *
 * Rejected: a queue for each listener (5,000 copies of every message), and libmicrohttpd's own
 * pulling without suspension (a reader that has nothing spins the loop). */
#include "web/server/events.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "web/server/respond.h"

enum { BLOCK_BYTES = 4096, MESSAGE_MAX_BYTES = 64 * 1024 };

struct message {
    char *text;
    size_t length;
};

struct listener {
    struct events *events; /* NULL: it has stopped */
    struct request *request;
    int64_t next;  /* number of the message it wants */
    char *opening; /* written first; NULL: it has been */
    bool pulse;    /* a comment is due */
    size_t offset; /* of what it is being given now */
    LIST_ENTRY(listener) in_listeners;
};

struct events {
    uv_timer_t timer;
    int64_t next; /* number of the next message */
    int64_t begin;
    struct message ring[EVENTS_KEPT];
    LIST_HEAD(, listener) listeners;
    size_t listener_count;
};

static void wake(struct listener *listener)
{
    if (listener->request->suspended) {
        request_resume(listener->request);
    }
}

static void on_pulse(uv_timer_t *timer)
{
    struct events *events = timer->data;
    struct listener *listener;
    LIST_FOREACH(listener, &events->listeners, in_listeners)
    {
        if (listener->offset == 0) { /* else it is being given something anyway */
            listener->pulse = true;
            wake(listener);
        }
    }
}

struct events *events_new(struct loop *loop)
{
    struct events *events = calloc(1, sizeof(*events));
    if (events == NULL) {
        memory_exhausted();
    }
    events->begin = events->next = clock_now_utc_s() * 1000000;
    LIST_INIT(&events->listeners);
    uv_timer_init(loop_uv(loop), &events->timer);
    events->timer.data = events;
    uv_timer_start(&events->timer, on_pulse, EVENTS_PULSE_MS, EVENTS_PULSE_MS);
    uv_unref((uv_handle_t *)&events->timer);
    return events;
}

/* ---- messages ---- */

static char *format_message(int64_t number, const char *name, const char *json, size_t *length)
{
    struct buffer text;
    buffer_init(&text, MESSAGE_MAX_BYTES);
    buffer_printf(&text, "id: %lld\nevent: %s\ndata: %s\n\n", (long long)number, name, json);
    if (buffer_failed(&text)) {
        buffer_clear(&text);
        buffer_printf(&text, "id: %lld\nevent: reset\ndata: {}\n\n", (long long)number);
    }
    char *taken = buffer_take(&text, length);
    buffer_release(&text);
    return taken;
}

void events_post(struct events *events, const char *name, const char *json)
{
    struct message *slot = &events->ring[events->next % EVENTS_KEPT];
    free(slot->text);
    slot->text = format_message(events->next, name, json, &slot->length);
    events->next++;
    struct listener *listener;
    LIST_FOREACH(listener, &events->listeners, in_listeners)
    {
        wake(listener);
    }
}

static bool is_kept(const struct events *events, int64_t number)
{
    return number >= events->begin && number <= events->next &&
        events->next - number <= EVENTS_KEPT;
}

/* ---- a listener ---- */

static void set_opening(struct listener *listener, const char *name, const char *json)
{
    size_t length;
    free(listener->opening);
    listener->opening = format_message(listener->events->next - 1, name, json, &length);
}

/* What it is given now, NULL when there is nothing. */
static const char *current_text(struct listener *listener)
{
    struct events *events = listener->events;
    if (listener->opening != NULL) {
        return listener->opening;
    }
    if (listener->pulse) {
        return ":\n\n";
    }
    if (!is_kept(events, listener->next)) {
        listener->next = events->next;
        set_opening(listener, "reset", "{}");
        return listener->opening;
    }
    return listener->next < events->next ? events->ring[listener->next % EVENTS_KEPT].text
                                         : NULL;
}

/* All of it is given. */
static void finish_text(struct listener *listener)
{
    listener->offset = 0;
    if (listener->opening != NULL) {
        free(listener->opening);
        listener->opening = NULL;
    } else if (listener->pulse) {
        listener->pulse = false;
    } else {
        listener->next++;
    }
}

/* A message in the middle of being sent may leave the ring: what is left of it would be
 * another's bytes. The stream is ended then, and the client comes back. */
static bool was_overtaken(const struct listener *listener)
{
    return listener->opening == NULL && listener->offset > 0 && !listener->pulse &&
        !is_kept(listener->events, listener->next);
}

static ssize_t read_stream(void *data, uint64_t position, char *out, size_t room)
{
    struct listener *listener = data;
    if (listener->events == NULL || was_overtaken(listener)) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    size_t written = 0;
    for (const char *text; written < room && (text = current_text(listener)) != NULL;) {
        size_t left = strlen(text) - listener->offset;
        size_t take = left < room - written ? left : room - written;
        memcpy(out + written, text + listener->offset, take);
        written += take;
        listener->offset += take;
        if (take == left) {
            finish_text(listener);
        }
    }
    if (written == 0) {
        request_suspend(listener->request);
    }
    return (ssize_t)written;
}

enum MHD_Result events_answer(
    struct events *events, struct request *request, int64_t last_id, const char *hello_json)
{
    if (events->listener_count >= EVENTS_LISTENERS_MAX) {
        return respond_problem(
            request, 503, "Too many pages listen already.", MHD_HTTP_HEADER_RETRY_AFTER, "60");
    }
    struct listener *listener = calloc(1, sizeof(*listener));
    if (listener == NULL) {
        memory_exhausted();
    }
    listener->events = events;
    listener->request = request;
    if (last_id == 0) {
        listener->next = events->next;
        set_opening(listener, "hello", hello_json);
    } else {
        listener->next = last_id + 1; /* what is not kept is answered with reset */
    }
    LIST_INSERT_HEAD(&events->listeners, listener, in_listeners);
    events->listener_count++;
    request->listener = listener;
    return respond_stream(request, "text/event-stream", BLOCK_BYTES, read_stream, listener);
}

void events_forget(struct listener *listener)
{
    if (listener == NULL) {
        return;
    }
    if (listener->events != NULL) {
        LIST_REMOVE(listener, in_listeners);
        listener->events->listener_count--;
    }
    free(listener->opening);
    free(listener);
}

void events_review(struct events *events, bool (*may_stay)(const struct request *request))
{
    for (struct listener *next, *at = LIST_FIRST(&events->listeners); at != NULL; at = next) {
        next = LIST_NEXT(at, in_listeners);
        if (!may_stay(at->request)) {
            LIST_REMOVE(at, in_listeners);
            events->listener_count--;
            at->events = NULL;
            wake(at);
        }
    }
}

size_t events_listener_count(const struct events *events)
{
    return events->listener_count;
}

static void on_closed(uv_handle_t *handle)
{
    struct events *events = handle->data;
    for (size_t i = 0; i < EVENTS_KEPT; i++) {
        free(events->ring[i].text);
    }
    free(events);
}

void events_stop(struct events *events)
{
    if (events == NULL) {
        return;
    }
    for (struct listener *listener; (listener = LIST_FIRST(&events->listeners)) != NULL;) {
        LIST_REMOVE(listener, in_listeners);
        listener->events = NULL;
        wake(listener);
    }
    uv_close((uv_handle_t *)&events->timer, on_closed);
}
