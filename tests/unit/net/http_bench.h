/* A loop, an http client and an origin, and what came of one request: the bench that the http
 * tests work at. A deadline stops a test that would wait for ever. */
#ifndef TESTS_HTTP_BENCH_H
#define TESTS_HTTP_BENCH_H

#include "base/buffer.h"
#include "net/http_client.h"
#include "net/loop.h"
#include "origin_process.h"

struct http_bench {
    struct loop *loop;
    struct http_client *client;
    struct origin_process origin;
    struct address_range allowed[2]; /* 127.0.0.0/8 and ::1 */
    struct http_options options;     /* what bench_get() asks with; url is set by it */
    size_t waiting;                  /* answers still owed */
    uv_timer_t deadline;
};

/* What on_done was told, copied. */
struct answer {
    struct http_bench *bench;
    struct http_request *request;
    int calls;
    bool failed;
    struct fault fault;
    struct http_response numbers; /* its pointers are dead */
    char body[4096];
    char url[512], permanent_url[512], content_type[128], etag[256], last_modified[128];
};

/* cmocka group fixtures: the origin lives for the group, loop and client for one test. */
int bench_open_group(void **state);
int bench_close_group(void **state);
int bench_open(void **state);
int bench_close(void **state);

/* Ask "http://127.0.0.1:PORT<path>", or `path` itself when it is a URL. The answer must live
 * until it has come. */
void bench_start(struct http_bench *bench, const char *path, struct answer *answer);

/* Run the loop until no answer is owed. */
void bench_run(struct http_bench *bench);

/* Both. */
void bench_get(struct http_bench *bench, const char *path, struct answer *answer);

/* on_done for tests that call http_get() themselves. */
void bench_on_done(void *data, struct http_response *response, const struct fault *fault);

/* One answer has come: a fault of this kind with `part` in its sentence, or a status. */
void bench_assert_fault(const struct answer *answer, enum fault_kind kind, const char *part);
void bench_assert_answered(const struct answer *answer, int status);

/* `path` at the origin; until the next call. */
const char *bench_url(const struct http_bench *bench, const char *path);

/* The origin's access log as JSON text; caller frees. */
char *bench_log(struct http_bench *bench);

#endif
