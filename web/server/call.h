/* One call of the API: what the request says, and what is to be answered. PURE but for the
 * arena; a call belongs to one thread at a time, which is a worker's while its work runs.
 */
#ifndef WEB_SERVER_CALL_H
#define WEB_SERVER_CALL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "pipeline/link_checker.h"
#include "pipeline/rules.h"
#include "web/access/access.h"

enum {
    CALL_PARAMETERS_MAX = 2,
    CALL_NEWS_MAX = 3,
    CALL_VERSION_NONE = -1, /* as DESK_ANY_VERSION */
    CALL_ANSWER_MAX_BYTES = 64 << 20,
};

/* A message of web/server/events.h: a word, and one line of JSON. */
struct call_news {
    const char *name, *json;
};

struct call {
    struct arena arena;
    const char *parameters[CALL_PARAMETERS_MAX]; /* what the path's {} stand for, decoded */
    const char *query;                           /* behind the '?', as received; "" */
    const char *site;                            /* http://host:port as the client has it */
    const char *body;                            /* NUL-terminated */
    size_t length;
    struct caller caller;
    const char *editor;          /* his name; never NULL */
    struct access *access;       /* of it a work may use what any thread may; NULL: none */
    const char *address;         /* he calls from, as numbers */
    const char *agent;           /* User-Agent; NULL: none, as the next one */
    const char *languages;       /* Accept-Language */
    bool secure;                 /* it came over TLS */
    bool takes_gzip;             /* and would rather have that */
    const char *idempotency_key; /* NULL: none */
    uint64_t request_hash;       /* of method, target, If-Match and body */
    int64_t if_match;            /* of If-Match: "17"; CALL_VERSION_NONE without it or with * */
    int64_t now_utc_s;
    const struct rules *rules;  /* borrowed while the work runs */
    struct link_checker *links; /* NULL: none are checked */

    /* The answer. Its strings live in the arena or for ever. */
    unsigned status;        /* 0: 200, or what the fault's kind says */
    const char *media_type; /* NULL: application/json */
    const char *policy;     /* Content-Security-Policy; NULL: everything is forbidden */
    const char *location;
    const char *cookie;   /* Set-Cookie */
    const char *referrer; /* Referrer-Policy; NULL: none is told anything */
    int64_t wait_s;       /* Retry-After; 0: none */
    int64_t version;      /* becomes ETag: "17"; CALL_VERSION_NONE: none */
    bool lasting;         /* a document that may be kept and asked for anew by its ETag */
    struct buffer out;    /* the body */
    char *packed; /* the same as gzip, of malloc(3); NULL: it is sent plain. call_pack() */
    size_t packed_length;
    struct buffer more; /* further members of a refusal's problem, each with a comma before it:
                           ,"current":{…} */
    struct call_news news[CALL_NEWS_MAX]; /* what open pages are told when it is done */
    size_t news_count;
    void *proof;                 /* what an endpoint's `prove` tells its `work` */
    struct directory *directory; /* who may enter from now on; NULL: no change. Owned */
    const char *published;       /* day of the issue that went out; NULL: none did */
};

void call_init(struct call *call);
void call_release(struct call *call);

/* The value of a query parameter, percent-decoded and with + as a space; the first where there
 * are several; NULL when there is none, "" for one that is not UTF-8 or has control characters.
 * Lives in the arena. */
const char *call_query(struct call *call, const char *name);

/* The address has no parameter but those of `names`, which ends with NULL: one that is misspelt
 * would otherwise answer another question than was asked. FAULT_CONFIG, and 400. */
must_check bool call_query_takes(
    struct call *call, const char *const *names, struct fault *fault);

/* The same of a form in the body. */
const char *call_form(struct call *call, const char *name);

/* A number in [least, most]; `*value` stays as it is when the parameter is absent. FAULT_CONFIG
 * names the parameter. */
must_check bool call_query_integer(struct call *call, const char *name, int64_t least,
    int64_t most, int64_t *value, struct fault *fault);

/* "true" or "false"; *ret_given says whether it is there at all. */
must_check bool call_query_bool(
    struct call *call, const char *name, bool *ret_given, bool *ret_value, struct fault *fault);

/* An ISO 8601 time, "2020-09-17T08:00:00Z", or a day, at its beginning in UTC; as it stays when
 * the parameter is absent. */
must_check bool call_query_time(
    struct call *call, const char *name, int64_t *value, struct fault *fault);

/* The body as a JSON object; the caller's reference. FAULT_PARSE with line and column when it
 * is none. Duplicate members are refused. */
must_check bool call_read_object(struct call *call, json_t **ret_object, struct fault *fault);

/* An id of the path or a body: a decimal number above 0. */
must_check bool call_parse_id(const char *text, int64_t *ret_id);

/* Append the value to call->out and give up the reference. Always true. */
bool call_answer(struct call *call, json_t *value);

/* Compress what was answered, for who takes it so and where it may be kept. The answer must be
 * complete. On the worker that made it. */
void call_pack(struct call *call);

/* Tell the open pages, when the work has succeeded; gives up the reference. */
void call_tell(struct call *call, const char *name, json_t *value);

/* A further member of the refusal's problem; gives up the reference. */
void call_add_member(struct call *call, const char *name, json_t *value);

/* Fail with 404 and this sentence. Always false. */
bool call_not_found(struct call *call, struct fault *fault, const char *sentence);

/* The version of an entity tag: "17" or W/"17" is 17, * and NULL are CALL_VERSION_NONE. False
 * for anything else. */
must_check bool call_parse_version(const char *header, int64_t *ret_version);

#endif
