/* One connection and one search at a time: a search takes milliseconds, and two would share the
 * disk and the processors anyway. The queue is bounded, so that a page that asks faster than it
 * is answered is told so. */
#include "web/server/searcher.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "storage/store.h"
#include "web/server/respond.h"
#include "web/server/search_answer.h"

enum {
    DEADLINE_MS = 1000,
    WAITING_MAX = 64,
    ANSWER_MAX_BYTES = 8 << 20,
};

struct search_job {
    /* loop thread only */
    struct request *request; /* NULL: nobody waits any more */
    struct searcher *searcher;
    struct search_job *next;
    bool done;

    /* worker while running */
    struct arena arena;
    struct search_request search;
    int64_t end_ms;
    struct buffer answer;
    bool succeeded;
    struct fault fault;
};

struct searcher {
    /* loop thread only */
    struct loop *loop;
    struct search_job *first, **last; /* waiting */
    size_t waiting;
    struct search_job *running;
    bool stopped;

    /* worker while running */
    const char *database;
    struct store *reader; /* NULL before the first search */
    uv_work_t work;
};

static void start_next(struct searcher *searcher);

struct searcher *searcher_new(struct loop *loop, const char *database)
{
    struct searcher *searcher = calloc(1, sizeof(*searcher));
    if (searcher == NULL) {
        abort();
    }
    searcher->loop = loop;
    searcher->database = database;
    searcher->last = &searcher->first;
    searcher->work.data = searcher;
    return searcher;
}

void searcher_free(struct searcher *searcher)
{
    if (searcher != NULL) {
        assert(searcher->running == NULL && searcher->first == NULL);
        store_close(searcher->reader);
        free(searcher);
    }
}

static void job_free(struct search_job *job)
{
    buffer_release(&job->answer);
    arena_release(&job->arena);
    free(job);
}

/* ---- on a worker ---- */

static bool run(struct searcher *searcher, struct search_job *job)
{
    struct search_result result;
    if (searcher->reader == NULL &&
        !store_open_reader(searcher->database, &searcher->reader, &job->fault)) {
        return false;
    }
    job->search.deadline_ms = job->end_ms - clock_monotonic_ms();
    if (!store_search(searcher->reader, &job->arena, &job->search, &result, &job->fault)) {
        return false;
    }
    search_result_write_json(&result, &job->answer);
    return !buffer_failed(&job->answer) ||
        fault_set(&job->fault, FAULT_LIMIT, "the result is too long to be sent: ask for fewer");
}

static void search_work(uv_work_t *work)
{
    struct searcher *searcher = work->data;
    searcher->running->succeeded = run(searcher, searcher->running);
}

/* ---- on the loop ---- */

static void finish(struct search_job *job)
{
    job->done = true;
    if (job->request == NULL) {
        job_free(job);
    } else {
        request_resume(job->request);
    }
}

static void on_searched(uv_work_t *work, int status)
{
    struct searcher *searcher = work->data;
    struct search_job *job = searcher->running;
    searcher->running = NULL;
    start_next(searcher);
    finish(job);
}

static struct search_job *take_first(struct searcher *searcher)
{
    struct search_job *job = searcher->first;
    if (job != NULL) {
        searcher->first = job->next;
        searcher->waiting--;
        if (searcher->first == NULL) {
            searcher->last = &searcher->first;
        }
    }
    return job;
}

static void start_next(struct searcher *searcher)
{
    if (searcher->running == NULL && (searcher->running = take_first(searcher)) != NULL) {
        int refused = uv_queue_work(
            loop_uv(searcher->loop), &searcher->work, search_work, on_searched);
        assert(refused == 0);
    }
}

void searcher_stop(struct searcher *searcher)
{
    if (searcher == NULL) {
        return;
    }
    assert_loop_thread(searcher->loop);
    searcher->stopped = true;
    for (struct search_job *job; (job = take_first(searcher)) != NULL;) {
        fault_set(&job->fault, FAULT_CANCELLED, "briefd is stopping");
        finish(job);
    }
}

/* ---- requests ---- */

static unsigned status_of(enum fault_kind kind)
{
    switch (kind) {
    case FAULT_PARSE:
        return 400;
    case FAULT_LIMIT:
        return 422;
    default:
        return 503;
    }
}

static enum MHD_Result respond_fault(const struct request *request, const struct fault *fault)
{
    unsigned status = status_of(fault->kind);
    return respond_problem(request, status, fault->message,
        status == 503 ? MHD_HTTP_HEADER_RETRY_AFTER : NULL, status == 503 ? "2" : NULL);
}

static void enqueue(struct searcher *searcher, struct search_job *job)
{
    *searcher->last = job;
    searcher->last = &job->next;
    searcher->waiting++;
    start_next(searcher);
}

enum MHD_Result search_start(struct request *request)
{
    struct searcher *searcher = request->searcher;
    if (searcher == NULL || searcher->stopped || searcher->waiting >= WAITING_MAX) {
        return respond_problem(request, 503, "Too many searches wait: try again in a moment.",
            MHD_HTTP_HEADER_RETRY_AFTER, "2");
    }
    struct search_job *job = calloc(1, sizeof(*job));
    if (job == NULL) {
        abort();
    }
    buffer_init(&job->answer, ANSWER_MAX_BYTES);
    const char *query = strchr(request->target, '?');
    const char *own = arena_strdup(&job->arena, query == NULL ? "" : query + 1);
    if (!search_request_read(own, &job->arena, &job->search, &job->fault)) {
        enum MHD_Result result = respond_fault(request, &job->fault);
        job_free(job);
        return result;
    }
    job->request = request;
    job->searcher = searcher;
    job->end_ms = clock_monotonic_ms() + DEADLINE_MS;
    request->search = job;
    request_suspend(request);
    enqueue(searcher, job);
    return MHD_YES;
}

bool search_done(const struct request *request)
{
    return request->search != NULL && request->search->done;
}

enum MHD_Result search_answer(struct request *request)
{
    struct search_job *job = request->search;
    enum MHD_Result result;
    request->search = NULL;
    if (job->succeeded) {
        size_t length;
        char *body = buffer_take(&job->answer, &length);
        result = respond_own(request, 200, "application/json", body, length);
    } else {
        if (job->fault.kind == FAULT_STORE) {
            log_warning("a search failed: %s, continuing without it", job->fault.message);
        }
        result = respond_fault(request, &job->fault);
    }
    job_free(job);
    return result;
}

void search_forget(struct search_job *job)
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
