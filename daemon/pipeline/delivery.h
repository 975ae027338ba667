/* One answer to a poll, on its way into the store.
 *
 *     answer -> outcome -+-> document_work() on a worker -+-> next time -> writer -> on_done
 *                        +--------------------------------+
 *
 * An answer without a body, 304 or error, goes the same way without the worker: its new state
 * is written as well, but not before there is something else to write or writer_flush() is
 * called. Deliveries know feeds by configuration and state only, not the poller
 * that sent for them; whether the new state is taken over is for its on_done to say. Loop
 * thread but for the document's work.
 */
#ifndef PIPELINE_DELIVERY_H
#define PIPELINE_DELIVERY_H

#include "base/fault.h"
#include "net/http_client.h"
#include "net/loop.h"
#include "pipeline/document.h"
#include "pipeline/outcome.h"
#include "pipeline/rules.h"
#include "pipeline/writer.h"
#include "storage/store.h"

/* What unpacked documents take of memory, parsed and on their way to the disk, all together. A
 * body that would not fit waits as it came, packed as a rule, in the order of coming; one alone
 * may be larger. That is fifteen feeds of the bench, half of them parsed while half are
 * written: with 6 or 8 MB a poll takes 2 or 4 MB more and no less time. */
enum { DELIVERY_ROOM_BYTES = 4 << 20 };

/* Zero-initialised it is empty. Loop thread only. */
struct delivery_room {
    size_t bytes;
    struct delivery *first, *last; /* that wait */
};

/* What all deliveries of a poller have in common; borrowed until the last on_done. */
struct delivery_parts {
    struct loop *loop;
    struct writer *writer;
    struct delivery_room *room;
    struct recogniser *recogniser; /* NULL: none */
};

/* Who was asked, and what came of it. */
struct delivery_answer {
    struct rules *rules;            /* that judge it; the delivery takes its own reference */
    const struct config_feed *feed; /* of `rules` */
    /* As it was when the feed was asked. Borrowed until on_done: it may not change before. */
    const struct feed_state *state;
    struct http_response *response; /* NULL: none. Its body moves to the delivery */
    const struct fault *fault;      /* why there is no response, else NULL */
};

/* Runs exactly once, on the loop; from inside delivery_start() only when the writer has been
 * stopped. With `fault` NULL everything is on disk and `document->store` holds the new state
 * and what was new; otherwise nothing of it was written. `document` is freed on return. */
typedef void delivery_done_fn(void *data, const struct document *document,
    enum outcome_kind outcome, const struct fault *fault);

/* Does such an answer keep no body, and wait for a flush? `fault` is NULL when there was one.
 */
bool delivery_is_brief(const struct http_response *response, const struct fault *fault);

void delivery_start(const struct delivery_parts *parts, const struct delivery_answer *answer,
    delivery_done_fn *on_done, void *data);

#endif
