/* Problem: what an answer means is decided in three places and on two threads: its status on
 * the loop, its body on a worker, its next time by both together; and a feed's state may not
 * change before all of it is on disk.
 *
 * Approach: the new state is built in the document, from a copy of the old one, step by step:
 * outcome and source_answer read the answer, then the document, then the schedule. The old one
 * stays whole beside it, to go back to when the body turns out to be no feed.
 *
 * A fast server fills memory faster than a disk empties it. What is bounded is the bytes of
 * what was unpacked, not the number of documents: one is forty times as large as another.
 *
 * Rejected: deciding on the worker (the poller may be given new feeds meanwhile, and a 304
 * would pay for a thread it does not need). */
#include "pipeline/delivery.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "feed/source.h"
#include "pipeline/source_answer.h"
#include "pipeline/source_schedule.h"

struct delivery {
    /* loop thread only */
    struct loop *loop;
    struct writer *writer;
    struct delivery_room *room;
    size_t room_bytes;     /* that it takes */
    struct delivery *next; /* behind it waits */
    struct feed_state old; /* strings borrowed until on_done */
    enum outcome_kind outcome;
    bool has_response;
    bool brief;                    /* delivery_is_brief() */
    struct http_response response; /* numbers only: for the schedule */
    delivery_done_fn *on_done;
    void *data;
    uv_work_t work;

    /* worker while parsing, the writer's while it is stored, else loop */
    struct document *document;
};

static void let_in(struct delivery_room *room);

static void take_room(struct delivery *delivery, size_t bytes)
{
    delivery->room->bytes += bytes - delivery->room_bytes;
    delivery->room_bytes = bytes;
}

static void on_written(void *data, struct document *document, const struct fault *fault)
{
    struct delivery *delivery = data;
    struct delivery_room *room = delivery->room;
    assert(delivery->document == document);
    take_room(delivery, 0);
    let_in(room);
    delivery->on_done(delivery->data, document, delivery->outcome, fault);
    document_free(document);
    free(delivery);
}

static void schedule_and_store(struct delivery *delivery)
{
    struct document *document = delivery->document;
    struct feed_state *state = &document->store.state;
    outcome_schedule(state, delivery->outcome == OUTCOME_FAILED,
        delivery->has_response ? delivery->response.retry_after_s : -1,
        &document->rules->config->polling, document->feed, document->fetched_utc_s);
    source_schedule(&document->store, document->feed, &document->rules->config->polling,
        delivery->has_response ? &delivery->response : NULL);
    (delivery->brief ? writer_put_later : writer_put)(
        delivery->writer, document, on_written, delivery);
}

static void parse_work(uv_work_t *work)
{
    struct delivery *delivery = work->data;
    document_work(delivery->document);
}

static void on_parsed(uv_work_t *work, int status)
{
    struct delivery *delivery = work->data;
    struct document *document = delivery->document;
    if (document->unchanged) {
        outcome_unchanged(&document->store.state, document->fetched_utc_s);
        delivery->outcome = OUTCOME_NOT_MODIFIED;
    } else if (document->parsed) {
        outcome_accept(&document->store.state, &document->arena, document);
    } else {
        outcome_refuse(
            &document->store.state, &document->arena, &delivery->old, &document->fault);
        delivery->outcome = OUTCOME_FAILED;
    }
    source_answer_settle(&document->store.state, &delivery->old, document);
    take_room(delivery, document->arena.total_bytes);
    let_in(delivery->room);
    schedule_and_store(delivery);
}

/* ---- the room ---- */

/* What a body will have become in the end, as most do: gzip packs feeds to a quarter, and
 * beside the text stand what was made of it and what judges it. */
static size_t expect_bytes(const struct document *document)
{
    enum { UNPACKED = 4, PARSED = 3 };
    return document->body_length * PARSED * (document->is_gzip ? UNPACKED : 1);
}

static bool has_room(const struct delivery_room *room, const struct delivery *delivery)
{
    return room->bytes == 0 ||
        room->bytes + expect_bytes(delivery->document) <= DELIVERY_ROOM_BYTES;
}

static void start_parsing(struct delivery *delivery)
{
    take_room(delivery, expect_bytes(delivery->document));
    uv_queue_work(loop_uv(delivery->loop), &delivery->work, parse_work, on_parsed);
}

static void let_in(struct delivery_room *room)
{
    while (room->first != NULL && has_room(room, room->first)) {
        struct delivery *delivery = room->first;
        room->first = delivery->next;
        start_parsing(delivery);
    }
}

static void enter(struct delivery_room *room, struct delivery *delivery)
{
    if (room->first == NULL && has_room(room, delivery)) {
        start_parsing(delivery);
    } else {
        *(room->first == NULL ? &room->first : &room->last->next) = delivery;
        room->last = delivery;
    }
}

/* A document with the state as the answer alone makes it, before anybody looked at a body. */
static struct document *receive(
    const struct delivery_answer *answer, enum outcome_kind *ret_outcome)
{
    int64_t now = clock_now_utc_s();
    const struct http_response *response = answer->response;
    struct document *document = document_new(answer->rules, answer->feed, now);
    struct feed_state *state = &document->store.state;
    *state = *answer->state;
    state->name = answer->feed->name;
    document->store.source = source_label(answer->feed, answer->state->title);
    *ret_outcome = outcome_of_response(state, &document->arena, response, answer->fault, now);
    source_answer_read(state, &document->arena, answer->feed,
        answer->fault == NULL ? response : NULL, ret_outcome);
    if (response != NULL) {
        document->url = arena_strdup(&document->arena, response->url);
        document->content_type = arena_strdup(&document->arena, response->content_type);
    }
    return document;
}

static void take_body(struct document *document, const struct delivery_answer *answer)
{
    document->is_gzip = answer->response->is_gzip;
    document->body = http_response_take_body(answer->response, &document->body_length);
    /* After an error the same bytes may be read better: by a newer program, or once stored. */
    document->known_hash = answer->state->error == NULL ? answer->state->body_hash : 0;
}

bool delivery_is_brief(const struct http_response *response, const struct fault *fault)
{
    return response == NULL || fault != NULL || response->status != 200;
}

void delivery_start(const struct delivery_parts *parts, const struct delivery_answer *answer,
    delivery_done_fn *on_done, void *data)
{
    assert_loop_thread(parts->loop);
    struct delivery *delivery = calloc(1, sizeof(*delivery));
    if (delivery == NULL) {
        memory_exhausted();
    }
    delivery->loop = parts->loop;
    delivery->writer = parts->writer;
    delivery->room = parts->room;
    delivery->old = *answer->state;
    delivery->on_done = on_done;
    delivery->data = data;
    delivery->work.data = delivery;
    if (answer->response != NULL) {
        delivery->has_response = true;
        delivery->response = *answer->response;
    }
    delivery->brief = delivery_is_brief(answer->response, answer->fault);
    delivery->document = receive(answer, &delivery->outcome);
    if (delivery->outcome == OUTCOME_BODY) {
        take_body(delivery->document, answer);
        if (answer->state->entries > 0) { /* else there is nothing to recognise */
            delivery->document->recogniser = parts->recogniser;
        }
        enter(parts->room, delivery);
    } else {
        schedule_and_store(delivery);
    }
}
