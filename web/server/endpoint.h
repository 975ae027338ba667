/* Requests that need the store: guarded, run off the loop, answered when they are done.
 *
 * An endpoint is a row: through which door its work goes, which bodies it takes, and the work
 * itself, which fills a struct call. The connection is suspended meanwhile. A web page of
 * another site must not be able to change something through the editor's browser: for what
 * writes or takes a body, a foreign Origin or Sec-Fetch-Site is refused, and a body's type must
 * be one that no HTML form can send and no script without asking (no CORS here ever says yes).
 * Loop thread but for the work.
 */
#ifndef WEB_SERVER_ENDPOINT_H
#define WEB_SERVER_ENDPOINT_H

#include <microhttpd.h>

#include "pipeline/adder.h"
#include "pipeline/following.h"
#include "pipeline/writer.h"
#include "web/server/call.h"
#include "web/server/events.h"
#include "web/server/readers.h"
#include "web/server/request.h"

enum endpoint_door {
    ENDPOINT_READS,   /* a reading connection of its own */
    ENDPOINT_WRITES,  /* the writer's: what an editor decides */
    ENDPOINT_FOLLOWS, /* the writer's, and what is followed is read anew (pipeline/following.h)
                       */
    ENDPOINT_ADDS,    /* an address has to be looked at first (pipeline/adder.h) */
    ENDPOINT_PROVES,  /* a password has to be looked at or hashed first, then the writer's */
    ENDPOINT_POLLS,   /* the poller's: over at once, on the loop */
};

struct endpoint {
    enum endpoint_door door;
    const char *const *media_types; /* of bodies it takes, NULL at the end, in lower case; NULL:
                                       it takes no body */
    const char *takes;              /* the same for the refusal, a sentence */
    size_t body_max;
    /* Append the answer to call->out and set what else it says. Worker thread; `config` is the
     * effective configuration. What a fault's kind says becomes the status, unless the work set
     * one: CONFIG and PARSE 422, LIMIT 413, the rest 503. */
    bool (*work)(struct call *call, struct store *store, const struct config *config,
        struct fault *fault);
    /* ENDPOINT_PROVES: what takes its time or must not be done twice, before `work`; on a
     * worker of which there is one, with a reading connection. When it sets a status, that is
     * the answer, and `work` is not called. */
    bool (*prove)(struct call *call, struct store *store, const struct config *config,
        struct fault *fault);
    /* ENDPOINT_ADDS: start the addition. Loop thread. CONFIG, PARSE, GONE and LIMIT become 422,
     * NETWORK 502, the rest 503. */
    bool (*add)(struct call *call, struct adder *adder, add_done_fn *on_added, void *data,
        struct fault *fault);
    /* ENDPOINT_POLLS: say it to the poller and append the answer. Loop thread. */
    bool (*poll)(struct call *call, struct poller *poller, struct fault *fault);
};

/* Who does the work; all borrowed. */
struct endpoint_doors {
    struct readers *readers;     /* NULL: nothing is taken now */
    struct readers *provers;     /* of one seat, for ENDPOINT_PROVES */
    struct access *access;       /* NULL: open (web/access/access.h) */
    struct writer *writer;       /* NULL, as the three below: changes are not taken now */
    struct following *following; /* whose configuration it is, too */
    struct adder *adder;
    struct poller *poller;
    struct link_checker *links;        /* NULL: links are not checked */
    struct events *events;             /* NULL: nothing is told */
    const struct caretaker *caretaker; /* NULL: there is none; only looked at */
    /* Something was written through ENDPOINT_WRITES. Loop. */
    void (*on_written)(void *data, const struct call *call);
    void *data;
};

struct endpoint_job;

/* Why a request is refused before its body is read; NULL: it is taken, and its body is kept in
 * the request. */
const struct request_refusal *endpoint_check(
    struct request *request, const struct endpoint *endpoint);

/* Run it and suspend the connection; when the job is done the connection is resumed and
 * endpoint_answer() gives the answer. `parameters` are borrowed for the call. */
enum MHD_Result endpoint_start(struct request *request, const struct endpoint *endpoint,
    const char *const *parameters, const struct endpoint_doors *doors);

/* Whether this request's job has been done, and the answer is wanted. */
bool endpoint_done(const struct request *request);
enum MHD_Result endpoint_answer(struct request *request);

/* The request ends before its job: the job goes on and answers nobody. NULL is harmless. */
void endpoint_forget(struct endpoint_job *job);

/* Whether a page of another site sent it: by Origin and Sec-Fetch-Site, both as received. */
bool endpoint_is_foreign(const struct request *request);

/* application/json, for endpoints that take it. */
extern const char *const endpoint_json[];
extern const char endpoint_takes_json[];
/* application/merge-patch+json or application/json. */
extern const char *const endpoint_patch[];
extern const char endpoint_takes_patch[];

#endif
