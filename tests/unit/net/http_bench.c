#include "http_bench.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEADLINE_MS = 60 * 1000 };

static struct origin_process group_origin;

int bench_open_group(void **state)
{
    group_origin = origin_start("127.0.0.1", NULL);
    return 0;
}

int bench_close_group(void **state)
{
    origin_stop(&group_origin);
    return 0;
}

static void on_deadline(uv_timer_t *timer)
{
    fprintf(stderr, "bench: the deadline passed\n");
    abort();
}

int bench_open(void **state)
{
    struct http_bench *bench = calloc(1, sizeof(*bench));
    struct fault fault;
    bench->origin = group_origin;
    bench->loop = loop_new();
    bench->client = http_client_new(bench->loop, 32);
    assert_true(address_range_parse("127.0.0.0/8", &bench->allowed[0], &fault));
    assert_true(address_range_parse("::1", &bench->allowed[1], &fault));
    bench->options = (struct http_options){
        .user_agent = "test/1",
        .timeout_ms = 20000,
        .connect_timeout_ms = 10000,
        .max_bytes = 1 << 20,
        .max_redirects = 5,
        .allowed = bench->allowed,
        .allowed_count = 2,
    };
    uv_timer_init(loop_uv(bench->loop), &bench->deadline);
    uv_timer_start(&bench->deadline, on_deadline, DEADLINE_MS, 0);
    uv_unref((uv_handle_t *)&bench->deadline);
    *state = bench;
    return 0;
}

int bench_close(void **state)
{
    struct http_bench *bench = *state;
    http_client_free(bench->client);
    uv_close((uv_handle_t *)&bench->deadline, NULL);
    loop_free(bench->loop);
    free(bench);
    return 0;
}

static void copy(char *target, size_t bytes, const char *text)
{
    snprintf(target, bytes, "%s", text != NULL ? text : "(none)");
}

void bench_on_done(void *data, struct http_response *response, const struct fault *fault)
{
    struct answer *answer = data;
    struct http_bench *bench = answer->bench;
    answer->calls++;
    answer->failed = fault != NULL;
    if (fault != NULL) {
        answer->fault = *fault;
    }
    answer->numbers = *response;
    copy(answer->body, sizeof(answer->body), response->body);
    copy(answer->url, sizeof(answer->url), response->url);
    copy(answer->permanent_url, sizeof(answer->permanent_url), response->permanent_url);
    copy(answer->content_type, sizeof(answer->content_type), response->content_type);
    copy(answer->etag, sizeof(answer->etag), response->etag);
    copy(answer->last_modified, sizeof(answer->last_modified), response->last_modified);
    bench->waiting--;
}

void bench_start(struct http_bench *bench, const char *path, struct answer *answer)
{
    char url[1024];
    struct fault fault;
    snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", bench->origin.port, path);
    bench->options.url = path[0] == '/' ? url : path;
    *answer = (struct answer){.bench = bench};
    bench->waiting++;
    if (!http_get(
            bench->client, &bench->options, bench_on_done, answer, &answer->request, &fault)) {
        fail_msg("http_get: %s", fault.message);
    }
    assert_int_equal(answer->calls, 0);
}

void bench_run(struct http_bench *bench)
{
    loop_run(bench->loop); /* ends when nothing is left to wait for */
    assert_int_equal(bench->waiting, 0);
}

void bench_get(struct http_bench *bench, const char *path, struct answer *answer)
{
    bench_start(bench, path, answer);
    bench_run(bench);
    assert_int_equal(answer->calls, 1);
}

struct taken {
    struct http_bench *bench;
    char *body;
};

static void on_log(void *data, struct http_response *response, const struct fault *fault)
{
    struct taken *taken = data;
    assert_null(fault);
    taken->body = http_response_take_body(response, NULL);
    taken->bench->waiting--;
}

char *bench_log(struct http_bench *bench)
{
    struct taken taken = {.bench = bench};
    struct http_options options = bench->options;
    struct fault fault;
    char url[128];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/_log", bench->origin.port);
    options.url = url;
    options.etag = options.last_modified = NULL;
    options.max_bytes = 1 << 24;
    options.allowed = bench->allowed;
    options.allowed_count = 2;
    bench->waiting++;
    assert_true(http_get(bench->client, &options, on_log, &taken, NULL, &fault));
    bench_run(bench);
    return taken.body;
}

void bench_assert_fault(const struct answer *answer, enum fault_kind kind, const char *part)
{
    assert_int_equal(answer->calls, 1);
    assert_true(answer->failed);
    if (answer->fault.kind != kind || strstr(answer->fault.message, part) == NULL) {
        fail_msg("expected %s \"…%s…\", got %s \"%s\"", fault_kind_name(kind), part,
            fault_kind_name(answer->fault.kind), answer->fault.message);
    }
}

void bench_assert_answered(const struct answer *answer, int status)
{
    if (answer->failed) {
        fail_msg("expected status %d, got %s \"%s\"", status,
            fault_kind_name(answer->fault.kind), answer->fault.message);
    }
    assert_int_equal(answer->calls, 1);
    assert_int_equal(answer->numbers.status, status);
}

const char *bench_url(const struct http_bench *bench, const char *path)
{
    static char url[512];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", bench->origin.port, path);
    return url;
}
