/* libmicrohttpd calls a handler again after MHD_resume_connection(), so an answer that comes
 * later is kept in the job and given on that call. libmicrohttpd aborts when it is stopped with
 * suspended connections, so the server resumes them first (endpoint_forget() after that: the
 * job outlives the request).
 *
 * One job struct serves all doors: each door's own job is a member, and the way back from it is
 * container_of. */
#include "web/server/endpoint.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "web/server/front.h"
#include "web/server/negotiate.h"
#include "web/server/peer.h"
#include "web/server/respond.h"

enum {
    PROVERS_WAITING_MAX = 64, /* some five seconds of hashing */
};

struct endpoint_job {
    union {
        struct following_change change;
        struct writer_task task;
        struct readers_job reading;
    } at; /* first: the doors give back a pointer to their own */
    const struct endpoint *endpoint;
    const struct endpoint_doors *doors;
    struct request *request; /* loop thread; NULL: nobody waits any more */
    struct rules *rules;     /* while the work may need them */
    struct call call;
    char *body;
    bool done;
    bool failed;
    struct fault fault;
};

const char *const endpoint_json[] = {"application/json", NULL};
const char endpoint_takes_json[] = "This address takes application/json.";
const char *const endpoint_patch[] = {"application/merge-patch+json", "application/json", NULL};
const char endpoint_takes_patch[] =
    "This address takes application/merge-patch+json (RFC 7396).";

static const struct request_refusal
    foreign = {403,
        "This request was sent by a page of another site; changes are made from this one. "
        "(Behind "
        "a proxy that speaks TLS, feeds.conf has to name it: server { proxies }.)"},
    no_length = {411, "A change needs its body's length: send Content-Length."},
    bad_editor = {400,
        "Briefd-Editor is a name in UTF-8 of at most 100 bytes, without control characters."},
    other_editor = {403, "Briefd-Editor names somebody else than the account that asks."},
    bad_version = {400, "If-Match is a version as ETag gave it, in quotation marks, or *."},
    no_body = {415, "This address takes no body."};

/* ---- guards ---- */

/* "Application/XML; charset=utf-8" names "application/xml". */
static bool is_media_type(const char *header, const char *type)
{
    size_t length = strcspn(header, "; \t");
    return strlen(type) == length && strncasecmp(header, type, length) == 0;
}

/* RFC 6454: scheme and host of the page that sends. Ours is the one under whose name we are
 * asked; an ssh tunnel changes the port in both. "null" is a sandboxed frame or a file. What
 * came over TLS is known from a proxy that feeds.conf names, or not at all. */
static bool is_own_origin(const struct request *request, const char *origin)
{
    const char *host = request_header(request, MHD_HTTP_HEADER_HOST);
    const char *scheme = peer_is_secure(request) ? "https://" : "http://";
    size_t length = strlen(scheme);
    return host != NULL && strncasecmp(origin, scheme, length) == 0 &&
        strcasecmp(origin + length, host) == 0;
}

bool endpoint_is_foreign(const struct request *request)
{
    const char *origin = request_header(request, MHD_HTTP_HEADER_ORIGIN);
    const char *site = request_header(request, "Sec-Fetch-Site");
    return (origin != NULL && !is_own_origin(request, origin)) ||
        (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0);
}

static const struct request_refusal *check_body(
    struct request *request, const struct endpoint *endpoint)
{
    const char *length = request_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
    bool chunked = request_header(request, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL;
    if (endpoint->media_types == NULL) {
        bool empty = !chunked && (length == NULL || strcmp(length, "0") == 0);
        return empty ? NULL : &no_body;
    }
    if (length == NULL && !chunked) {
        return &no_length;
    }
    const char *type = request_header(request, MHD_HTTP_HEADER_CONTENT_TYPE);
    for (size_t i = 0; type != NULL && endpoint->media_types[i] != NULL; i++) {
        if (is_media_type(type, endpoint->media_types[i])) {
            request_keep_body(request, endpoint->body_max);
            return NULL;
        }
    }
    request->refusal = (struct request_refusal){415, endpoint->takes};
    return &request->refusal;
}

const struct request_refusal *endpoint_check(
    struct request *request, const struct endpoint *endpoint)
{
    int64_t version;
    const char *editor = request_header(request, "Briefd-Editor");
    bool named = editor != NULL && *editor != '\0';
    if (named && !access_is_name(editor)) {
        return &bad_editor;
    }
    if (named && request->caller.account != 0 && strcmp(editor, request->caller.name) != 0) {
        return &other_editor;
    }
    if (!call_parse_version(request_header(request, MHD_HTTP_HEADER_IF_MATCH), &version)) {
        return &bad_version;
    }
    if (endpoint->door == ENDPOINT_READS && endpoint->media_types == NULL) {
        return NULL;
    }
    return endpoint_is_foreign(request) ? &foreign : check_body(request, endpoint);
}

/* ---- the job ---- */

static void job_free(struct endpoint_job *job)
{
    call_release(&job->call);
    rules_unref(job->rules);
    free(job->body);
    free(job);
}

static unsigned status_of(enum fault_kind kind, bool addition)
{
    switch (kind) {
    case FAULT_CONFIG:
    case FAULT_PARSE:
        return 422;
    case FAULT_LIMIT:
        return addition ? 422 : 413;
    /* An addition fails for what is at the address more often than for what is here. */
    case FAULT_GONE:
        return addition ? 422 : 503;
    case FAULT_NETWORK:
        return addition ? 502 : 503;
    case FAULT_MISSING:
        return 404;
    case FAULT_REFUSED:
        return 409;
    case FAULT_CONFLICT:
        return 412;
    default:
        return 503;
    }
}

static void fail_job(struct endpoint_job *job, const struct fault *fault)
{
    job->fault = *fault;
    job->failed = true;
    if (job->call.status < 400) {
        job->call.status = status_of(fault->kind, job->endpoint->door == ENDPOINT_ADDS);
    }
    if (fault->kind == FAULT_STORE) {
        log_error("a request could not be carried out: %s", fault->message);
    }
}

static void finish_job(struct endpoint_job *job, const struct fault *fault)
{
    job->done = true;
    if (job->call.directory != NULL) { /* before the answer: what it says holds from then on */
        access_install(job->doors->access, job->call.directory);
        job->call.directory = NULL;
    }
    if (fault != NULL) {
        fail_job(job, fault);
    } else if (job->endpoint->door == ENDPOINT_WRITES && job->doors->on_written != NULL) {
        job->doors->on_written(job->doors->data, &job->call);
    }
    if (job->request == NULL) {
        job_free(job);
        return;
    }
    request_resume(job->request);
}

static bool work_change(struct following_change *change, struct store *store,
    const struct config *config, struct fault *fault)
{
    struct endpoint_job *job = (struct endpoint_job *)change;
    return job->endpoint->work(&job->call, store, config, fault);
}

static void on_change_done(struct following_change *change, const struct fault *fault)
{
    finish_job((struct endpoint_job *)change, fault);
}

static bool work_task(struct writer_task *task, struct store *store, struct fault *fault)
{
    struct endpoint_job *job = (struct endpoint_job *)task;
    return job->endpoint->work(&job->call, store, job->rules->config, fault);
}

static void on_task_done(struct writer_task *task, const struct fault *fault)
{
    finish_job((struct endpoint_job *)task, fault);
}

static bool work_reading(struct readers_job *reading, struct store *store, struct fault *fault)
{
    struct endpoint_job *job = (struct endpoint_job *)reading;
    if (!job->endpoint->work(&job->call, store, job->rules->config, fault)) {
        return false;
    }
    call_pack(&job->call);
    return true;
}

static void on_reading_done(struct readers_job *reading, const struct fault *fault)
{
    finish_job((struct endpoint_job *)reading, fault);
}

static bool work_proof(struct readers_job *reading, struct store *store, struct fault *fault)
{
    struct endpoint_job *job = (struct endpoint_job *)reading;
    return job->endpoint->prove(&job->call, store, job->rules->config, fault);
}

static void on_proved(struct readers_job *reading, const struct fault *fault)
{
    struct endpoint_job *job = (struct endpoint_job *)reading;
    if (fault != NULL || job->call.status != 0) {
        finish_job(job, fault);
        return;
    }
    job->at.task = (struct writer_task){.work = work_task, .on_done = on_task_done};
    writer_run(job->doors->writer, &job->at.task);
}

static void on_added(void *data, const struct add_result *result, const struct fault *fault)
{
    struct endpoint_job *job = data;
    if (result != NULL) {
        add_result_write_json(result, &job->call.out);
    }
    finish_job(job, fault);
}

/* Through its door. False: it is over already, and the job says what came of it. */
static bool enter(struct endpoint_job *job)
{
    const struct endpoint_doors *doors = job->doors;
    struct fault fault;
    switch (job->endpoint->door) {
    case ENDPOINT_READS:
        job->at.reading = (struct readers_job){
            .work = work_reading, .on_done = on_reading_done};
        readers_run(doors->readers, &job->at.reading);
        return true;
    case ENDPOINT_WRITES:
        job->at.task = (struct writer_task){.work = work_task, .on_done = on_task_done};
        writer_run(doors->writer, &job->at.task);
        return true;
    case ENDPOINT_PROVES:
        job->at.reading = (struct readers_job){.work = work_proof, .on_done = on_proved};
        readers_run(doors->provers, &job->at.reading);
        return true;
    case ENDPOINT_FOLLOWS:
        job->at.change = (struct following_change){
            .work = work_change, .on_done = on_change_done};
        following_change(doors->following, &job->at.change);
        return true;
    case ENDPOINT_POLLS:
        if (!job->endpoint->poll(&job->call, doors->poller, &fault)) {
            fail_job(job, &fault);
        }
        return false;
    default:
        if (job->endpoint->add(&job->call, doors->adder, on_added, job, &fault)) {
            return true;
        }
        fail_job(job, &fault);
        return false;
    }
}

/* ---- the request ---- */

/* All that makes one request another one: what an Idempotency-Key is good for. */
static uint64_t hash_request(const struct request *request, const struct call *call)
{
    uint64_t hash = hash_bytes(HASH_START, &request->method, sizeof(request->method));
    hash = hash_string(hash, request->target);
    hash = hash_string(hash, request_header(request, MHD_HTTP_HEADER_IF_MATCH));
    return hash_bytes(hash, call->body, call->length);
}

/* Where this server is for who asks: the Host header was checked; the proxy in front says
 * whether it was TLS, and stands at the prefix. */
static const char *site_of(const struct request *request, struct arena *arena)
{
    char absolute[256];
    const char *host = request_header(request, MHD_HTTP_HEADER_HOST);
    const char *scheme = peer_is_secure(request) ? "https" : "http";
    if (request_target_host(request->target, absolute, sizeof(absolute))) {
        host = absolute;
    }
    return arena_printf(arena, "%s://%s%s", scheme, host == NULL ? "localhost" : host,
        request->front == NULL ? "" : request->front->prefix);
}

static void fill_call(
    struct call *call, const struct request *request, const char *const *parameters)
{
    char address[INET6_ADDRSTRLEN];
    call_init(call);
    const char *query = strchr(request->target, '?');
    call->query = arena_strdup(&call->arena, query == NULL ? "" : query + 1);
    for (size_t i = 0; i < CALL_PARAMETERS_MAX && parameters[i] != NULL; i++) {
        call->parameters[i] = arena_strdup(&call->arena, parameters[i]);
    }
    call->caller = request->caller;
    call->editor = call->caller.name;
    call->access = request->access;
    call->address = arena_strdup(&call->arena, peer_address(request, address));
    call->agent = arena_strdup(
        &call->arena, request_header(request, MHD_HTTP_HEADER_USER_AGENT));
    call->languages = arena_strdup(
        &call->arena, request_header(request, MHD_HTTP_HEADER_ACCEPT_LANGUAGE));
    call->secure = peer_is_secure(request);
    call->takes_gzip = negotiate_gzip(request_header(request, MHD_HTTP_HEADER_ACCEPT_ENCODING));
    call->site = site_of(request, &call->arena);
    call->idempotency_key = arena_strdup(
        &call->arena, request_header(request, "Idempotency-Key"));
    bool checked = call_parse_version(
        request_header(request, MHD_HTTP_HEADER_IF_MATCH), &call->if_match);
    (void)checked; /* endpoint_check() refused the others */
    call->now_utc_s = clock_now_utc_s();
}

static bool is_taken(const struct endpoint *endpoint, const struct endpoint_doors *doors)
{
    return doors->readers != NULL && doors->following != NULL &&
        (endpoint->door == ENDPOINT_READS ||
            (doors->writer != NULL && doors->adder != NULL && doors->poller != NULL)) &&
        (endpoint->door != ENDPOINT_PROVES ||
            (doors->provers != NULL && readers_waiting(doors->provers) < PROVERS_WAITING_MAX));
}

enum MHD_Result endpoint_start(struct request *request, const struct endpoint *endpoint,
    const char *const *parameters, const struct endpoint_doors *doors)
{
    if (!is_taken(endpoint, doors)) {
        return respond_problem(
            request, 503, "This is not taken at the moment.", MHD_HTTP_HEADER_RETRY_AFTER, "2");
    }
    bool has_body = request->body.data != NULL;
    if (has_body && buffer_failed(&request->body)) {
        return respond_problem(
            request, 413, "The body is larger than this address takes.", NULL, NULL);
    }
    struct endpoint_job *job = calloc(1, sizeof(*job));
    if (job == NULL) {
        memory_exhausted();
    }
    job->endpoint = endpoint;
    job->doors = doors;
    job->request = request;
    job->rules = rules_ref(following_rules(doors->following));
    fill_call(&job->call, request, parameters);
    if (has_body) {
        job->body = buffer_take(&request->body, &job->call.length);
        job->call.body = job->body;
    }
    job->call.rules = job->rules;
    job->call.links = doors->links;
    job->call.request_hash = hash_request(request, &job->call);
    request->job = job;
    request_suspend(request);
    if (!enter(job)) {
        job->done = true;
        request_resume(request);
    }
    return MHD_YES;
}

bool endpoint_done(const struct request *request)
{
    return request->job != NULL && request->job->done;
}

enum MHD_Result endpoint_answer(struct request *request)
{
    struct endpoint_job *job = request->job;
    request->job = NULL;
    if (!job->failed && buffer_failed(&job->call.out)) {
        job->failed = true;
        job->call.status = 500;
        fault_set(&job->fault, FAULT_LIMIT, "The answer is too long to be sent.");
    }
    enum MHD_Result result = job->failed
        ? respond_refusal(request, &job->call, job->fault.message)
        : respond_call(request, &job->call);
    job_free(job);
    return result;
}

void endpoint_forget(struct endpoint_job *job)
{
    if (job == NULL) {
        return;
    }
    if (job->done) {
        job_free(job);
    } else {
        job->request = NULL;
    }
}
