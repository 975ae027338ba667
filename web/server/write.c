/* libmicrohttpd calls a handler again after MHD_resume_connection(), so an answer that comes
 * later is kept in the job and given on that call. libmicrohttpd aborts when it is stopped with
 * suspended connections, so the server resumes them first (write_forget() after that: the job
 * outlives the request). */
#include "web/server/write.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "web/server/respond.h"

enum { ANSWER_MAX_BYTES = 64 << 20 };

struct write_job {
    struct following_change change; /* first */
    const struct write_kind *kind;
    struct request *request; /* loop thread; NULL: nobody waits any more */
    struct write_input input;
    char *query;
    struct buffer answer;
    unsigned status; /* 0: not done yet */
    struct fault fault;
};

static const struct request_refusal
    foreign = {403,
        "This request was sent by a page of another site; changes are made from this one."},
    no_length = {411, "A change needs its body's length: send Content-Length."};

/* ---- guards ---- */

/* "Application/XML; charset=utf-8" names "application/xml". */
static bool is_media_type(const char *header, const char *type)
{
    size_t length = strcspn(header, "; \t");
    return strlen(type) == length && strncasecmp(header, type, length) == 0;
}

/* RFC 6454: scheme and host of the page that sends. Ours is the one under whose name we are
 * asked; an ssh tunnel changes the port in both. "null" is a sandboxed frame or a file. */
static bool is_own_origin(const struct request *request, const char *origin)
{
    const char *host = request_header(request, MHD_HTTP_HEADER_HOST);
    return host != NULL && strncasecmp(origin, "http://", 7) == 0 &&
        strcasecmp(origin + 7, host) == 0;
}

static bool is_foreign(const struct request *request)
{
    const char *origin = request_header(request, MHD_HTTP_HEADER_ORIGIN);
    const char *site = request_header(request, "Sec-Fetch-Site");
    return (origin != NULL && !is_own_origin(request, origin)) ||
        (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0);
}

const struct request_refusal *write_check(
    struct request *request, const struct write_kind *kind)
{
    if (is_foreign(request)) {
        return &foreign;
    }
    if (request_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH) == NULL &&
        request_header(request, MHD_HTTP_HEADER_TRANSFER_ENCODING) == NULL) {
        return &no_length;
    }
    const char *type = request_header(request, MHD_HTTP_HEADER_CONTENT_TYPE);
    for (size_t i = 0; type != NULL && kind->media_types[i] != NULL; i++) {
        if (is_media_type(type, kind->media_types[i])) {
            request_keep_body(request, kind->body_max);
            return NULL;
        }
    }
    request->refusal = (struct request_refusal){415, kind->takes};
    return &request->refusal;
}

/* ---- the job ---- */

static bool job_work(struct following_change *change, struct store *store,
    const struct config *config, struct fault *fault)
{
    struct write_job *job = (struct write_job *)change;
    return job->kind->work(&job->input, store, config, &job->answer, fault);
}

static unsigned status_of(enum fault_kind kind)
{
    switch (kind) {
    case FAULT_CONFIG:
    case FAULT_PARSE:
        return 422;
    case FAULT_LIMIT:
        return 413;
    default:
        return 503;
    }
}

static void job_free(struct write_job *job)
{
    buffer_release(&job->answer);
    free((char *)job->input.body);
    free(job->query);
    free(job);
}

/* An addition fails for what is at the address more often than for what is here. */
static unsigned status_of_addition(enum fault_kind kind)
{
    switch (kind) {
    case FAULT_CONFIG:
    case FAULT_PARSE:
    case FAULT_GONE:
    case FAULT_LIMIT:
        return 422;
    case FAULT_NETWORK:
        return 502;
    default:
        return 503;
    }
}

static void fail_job(struct write_job *job, const struct fault *fault)
{
    job->fault = *fault;
    job->status = job->kind->add != NULL ? status_of_addition(fault->kind)
                                         : status_of(fault->kind);
    if (fault->kind == FAULT_STORE) {
        log_error("a change could not be stored: %s", fault->message);
    }
}

static void finish_job(struct write_job *job, const struct fault *fault)
{
    if (fault != NULL) {
        fail_job(job, fault);
    } else {
        job->status = 200;
    }
    if (job->request == NULL) {
        job_free(job);
        return;
    }
    request_resume(job->request);
}

static void on_job_done(struct following_change *change, const struct fault *fault)
{
    finish_job((struct write_job *)change, fault);
}

static void on_added(void *data, const struct add_result *result, const struct fault *fault)
{
    struct write_job *job = data;
    if (result != NULL) {
        add_result_write_json(result, &job->answer);
    }
    finish_job(job, fault);
}

enum MHD_Result write_start(
    struct request *request, const struct write_kind *kind, const struct write_targets *targets)
{
    if (targets->following == NULL || targets->adder == NULL) {
        return respond_problem(request, 503, "Changes are not taken at the moment.",
            MHD_HTTP_HEADER_RETRY_AFTER, "2");
    }
    if (buffer_failed(&request->body)) {
        return respond_problem(
            request, 413, "The body is larger than this address takes.", NULL, NULL);
    }
    struct write_job *job = calloc(1, sizeof(*job));
    const char *query = strchr(request->target, '?');
    if (job == NULL || (job->query = strdup(query == NULL ? "" : query + 1)) == NULL) {
        abort();
    }
    job->change = (struct following_change){.work = job_work, .on_done = on_job_done};
    job->kind = kind;
    job->request = request;
    job->input.query = job->query;
    job->input.body = buffer_take(&request->body, &job->input.length);
    buffer_init(&job->answer, ANSWER_MAX_BYTES);
    request->job = job;
    struct fault fault;
    if (kind->add != NULL && !kind->add(&job->input, targets->adder, on_added, job, &fault)) {
        fail_job(job, &fault);
        return write_answer(request);
    }
    request_suspend(request);
    if (kind->add == NULL) {
        following_change(targets->following, &job->change);
    }
    return MHD_YES;
}

bool write_done(const struct request *request)
{
    return request->job != NULL && request->job->status != 0;
}

enum MHD_Result write_answer(struct request *request)
{
    struct write_job *job = request->job;
    request->job = NULL;
    enum MHD_Result result;
    if (job->status == 200 && !buffer_failed(&job->answer)) {
        size_t length;
        char *body = buffer_take(&job->answer, &length);
        result = respond_own(request, 200, "application/json", body, length);
    } else {
        result = respond_problem(request, job->status == 200 ? 500 : job->status,
            job->status == 200 ? "The change is made; its report is too long to be sent."
                               : job->fault.message,
            NULL, NULL);
    }
    job_free(job);
    return result;
}

void write_forget(struct write_job *job)
{
    if (job == NULL) {
        return;
    }
    if (job->status != 0) {
        job_free(job);
    } else {
        job->request = NULL;
    }
}
