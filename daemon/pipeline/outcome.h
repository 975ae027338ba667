/* What an answer means for a feed: its new state and when it is asked next.
 *
 * Pure functions over struct feed_state, apart from the poller so that each kind of answer can
 * be tested by a table. Strings of the new state are borrowed from the response or the arena
 * given.
 */
#ifndef PIPELINE_OUTCOME_H
#define PIPELINE_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "net/http_client.h"
#include "net/schedule.h"
#include "pipeline/document.h"
#include "storage/store.h"

enum outcome_kind {
    OUTCOME_FAILED,
    OUTCOME_NOT_MODIFIED, /* 304, or the bytes of last time */
    OUTCOME_BODY,         /* a body that has to be parsed */
};

/* Read the answer into `state` (a copy of the feed's old one): status, redirects, validators,
 * error. `fault` is NULL when there was a response. Copies into `arena` what the state keeps.
 * For OUTCOME_BODY the validators are set as they will be when the document has been stored;
 * outcome_refuse() takes them back. */
enum outcome_kind outcome_of_response(struct feed_state *state, struct arena *arena,
    const struct http_response *response, const struct fault *fault, int64_t now_utc_s);

/* An answer that brought no document, as a sentence. */
void outcome_name_answer(const struct http_response *response, struct fault *fault);

/* The body was no feed, or a worker failed: keep the validators of `old`, name the fault. */
void outcome_refuse(struct feed_state *state, struct arena *arena, const struct feed_state *old,
    const struct fault *fault);

/* The body was the one of last time. */
void outcome_unchanged(struct feed_state *state, int64_t now_utc_s);

/* The document was read: what the health line tells of it. */
void outcome_accept(
    struct feed_state *state, struct arena *arena, const struct document *document);

/* Decide when `state` is polled next, after an answer or, when `failed`, after none that could
 * be used. `retry_after_s` is -1 for none. */
void outcome_schedule(struct feed_state *state, bool failed, int64_t retry_after_s,
    const struct config_polling *polling, const struct config_feed *feed, int64_t now_utc_s);

/* How long the host as a whole asks for rest, in seconds: 429, 503 or 406 with a Retry-After,
 * of two days at most; 0: not at all. Behind a private address stands a program of the editor's
 * own that asks many others (RSSHub): its Retry-After speaks of one URL. */
int64_t outcome_host_rest_s(const struct http_response *response);

#endif
