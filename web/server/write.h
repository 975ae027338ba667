/* Requests that change something: guarded, run on the writer's thread, answered when the change
 * is on disk and followed.
 *
 * A kind of write is a row: which bodies it takes and the function that parses the body and
 * writes. The connection is suspended meanwhile. A web page of another site must not be able to
 * send one through the editor's browser: a foreign Origin or Sec-Fetch-Site is refused, and the
 * body's type must be one that no HTML form can send and no script without asking (no CORS here
 * ever says yes). Loop thread but for the function.
 */
#ifndef WEB_SERVER_WRITE_H
#define WEB_SERVER_WRITE_H

#include <microhttpd.h>

#include "base/buffer.h"
#include "pipeline/adder.h"
#include "pipeline/following.h"
#include "web/server/request.h"

/* One request's input and output, for the function of its kind. */
struct write_input {
    const char *body;
    size_t length;
    const char *query; /* behind the '?', as received; "" */
};

struct write_kind {
    const char *const *media_types; /* it takes, NULL at the end; in lower case */
    const char *takes;              /* the same for the refusal: "application/json" */
    size_t body_max;
    /* Write to the store and append the answer, a JSON document. Worker thread; `config` is the
     * effective configuration. What a fault's kind says becomes the status: CONFIG and PARSE
     * 422, LIMIT 413, the rest 503. */
    bool (*work)(const struct write_input *input, struct store *store,
        const struct config *config, struct buffer *out, struct fault *fault);
    /* Instead of `work`, for an address that has to be looked at first: start the addition.
     * Loop thread. CONFIG, PARSE, GONE and LIMIT become 422, NETWORK 502, the rest 503. */
    bool (*add)(const struct write_input *input, struct adder *adder, add_done_fn *on_added,
        void *data, struct fault *fault);
};

/* Who makes the changes; both borrowed. */
struct write_targets {
    struct following *following; /* NULL: changes are not taken now */
    struct adder *adder;
};

/* POST /api/v1/add (web/server/write_add.c) */
extern const struct write_kind write_add;
/* POST /api/v1/feeds.opml (web/server/write_opml.c) */
extern const struct write_kind write_opml;

struct write_job;

/* Why a request of this kind is refused before its body is read; NULL: it is taken, and its
 * body is kept in the request. */
const struct request_refusal *write_check(
    struct request *request, const struct write_kind *kind);

/* Run it and suspend the connection; when the job is done the connection is resumed and
 * write_answer() gives the answer. */
enum MHD_Result write_start(struct request *request, const struct write_kind *kind,
    const struct write_targets *targets);

/* Whether this request's job has been done, and the answer is wanted. */
bool write_done(const struct request *request);
enum MHD_Result write_answer(struct request *request);

/* The request ends before its job: the job goes on and answers nobody. NULL is harmless. */
void write_forget(struct write_job *job);

#endif
