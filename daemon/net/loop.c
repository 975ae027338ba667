/* Problem: one thread owns all state, so any callback that takes long delays everything else.
 * We want to know how long an event may have had to wait, all the time and cheaply.
 *
 * Approach: the busy part of an iteration, i.e. the time from one uv_prepare to the next less
 * what the kernel made us sleep in between (uv_metrics_idle_time). uv runs I/O callbacks
 * *inside* its poll phase, between prepare and check, so the distance check -> prepare that
 * first comes to mind would leave out the very callbacks that matter. loop_enter() at the head
 * of a callback names it; the longest name of a slow iteration is what the log line blames.
 *
 * Rejected: a timer that measures its own lateness (wakes an idle daemon, sees only what it
 * happens to hit); timestamps around every callback (a wrapper for each of uv's callback
 * types).
 */
#include "net/loop.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "net/histogram.h"

enum {
    SLOW_ITERATION_MS = 20,
    LATE_ITERATION_MS = 5, /* and one callback more: far from slow */
};

struct loop {
    uv_loop_t uv;
    uv_prepare_t prepare;
    pthread_t thread;

    /* of the iteration that runs */
    uint64_t started_ns;
    uint64_t idle_at_start_ns;
    uint64_t cpu_at_start_ns;
    const char *entered; /* the callback that runs, NULL: none named itself */
    uint64_t entered_ns;
    const char *longest;
    uint64_t longest_ns;

    struct histogram delay_us; /* since it was last read */
    struct histogram delay_of_all_us;
};

static void require(int uv_result, const char *what)
{
    if (uv_result == UV_ENOMEM) {
        memory_exhausted();
    }
    if (uv_result != 0) {
        log_error("event loop: %s failed: %s", what, uv_strerror(uv_result));
        abort();
    }
}

static void end_callback(struct loop *loop, uint64_t now_ns)
{
    if (loop->entered != NULL && now_ns - loop->entered_ns > loop->longest_ns) {
        loop->longest = loop->entered;
        loop->longest_ns = now_ns - loop->entered_ns;
    }
    loop->entered = NULL;
}

static uint64_t thread_cpu_ns(void)
{
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (uint64_t)used.tv_sec * 1000000000u + (uint64_t)used.tv_nsec;
}

static void start_iteration(struct loop *loop)
{
    loop->started_ns = clock_monotonic_ns();
    loop->cpu_at_start_ns = thread_cpu_ns();
    loop->idle_at_start_ns = uv_metrics_idle_time(&loop->uv);
    loop->entered = NULL;
    loop->longest = NULL;
    loop->longest_ns = 0;
}

static uint64_t busy_time_ns(const struct loop *loop, uint64_t now_ns)
{
    uint64_t whole_ns = now_ns - loop->started_ns;
    uint64_t idle_ns = uv_metrics_idle_time((uv_loop_t *)&loop->uv) - loop->idle_at_start_ns;
    return whole_ns > idle_ns ? whole_ns - idle_ns : 0;
}

static void end_iteration(struct loop *loop)
{
    uint64_t now_ns = clock_monotonic_ns();
    end_callback(loop, now_ns);
    uint64_t busy_ns = busy_time_ns(loop, now_ns);
    histogram_add(&loop->delay_us, busy_ns / 1000);
    histogram_add(&loop->delay_of_all_us, busy_ns / 1000);
    if (busy_ns > SLOW_ITERATION_MS * UINT64_C(1000000)) {
        const char *longest = loop->longest != NULL ? loop->longest : "(unnamed)";
        /* Little CPU in a long turn: other programs had the processors, not we. */
        log_warning("event loop: a turn took %.1f ms (%.1f ms of CPU), longest callback '%s' "
                    "with %.1f ms, continuing with the events that waited",
            (double)busy_ns / 1e6, (double)(thread_cpu_ns() - loop->cpu_at_start_ns) / 1e6,
            longest, (double)loop->longest_ns / 1e6);
    }
}

static void on_prepare(uv_prepare_t *prepare)
{
    struct loop *loop = prepare->data;
    end_iteration(loop);
    start_iteration(loop);
}

struct loop *loop_new(void)
{
    struct loop *loop = calloc(1, sizeof(*loop));
    if (loop == NULL) {
        memory_exhausted();
    }
    loop->thread = pthread_self();
    require(uv_loop_init(&loop->uv), "uv_loop_init");
    require(uv_loop_configure(&loop->uv, UV_METRICS_IDLE_TIME), "uv_loop_configure");
    loop->uv.data = loop;
    require(uv_prepare_init(&loop->uv, &loop->prepare), "uv_prepare_init");
    loop->prepare.data = loop;
    require(uv_prepare_start(&loop->prepare, on_prepare), "uv_prepare_start");
    uv_unref((uv_handle_t *)&loop->prepare); /* measuring alone keeps no loop alive */
    return loop;
}

static void on_left_open(uv_handle_t *handle, void *data)
{
    if (uv_is_closing(handle)) {
        return;
    }
    log_error("event loop: a handle of type '%s' was left open by its owner",
        uv_handle_type_name(handle->type));
#ifndef NDEBUG
    abort();
#else
    uv_close(handle, NULL);
#endif
}

void loop_free(struct loop *loop)
{
    if (loop == NULL) {
        return;
    }
    assert_loop_thread(loop);
    uv_close((uv_handle_t *)&loop->prepare, NULL);
    uv_walk(&loop->uv, on_left_open, NULL);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    require(uv_loop_close(&loop->uv), "uv_loop_close");
    free(loop);
}

uv_loop_t *loop_uv(struct loop *loop)
{
    return &loop->uv;
}

void loop_run(struct loop *loop)
{
    assert_loop_thread(loop);
    start_iteration(loop);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    end_iteration(loop);
}

void loop_stop(struct loop *loop)
{
    uv_stop(&loop->uv);
}

void loop_enter(struct loop *loop, const char *name)
{
    uint64_t now_ns = clock_monotonic_ns();
    end_callback(loop, now_ns);
    loop->entered = name;
    loop->entered_ns = now_ns;
}

void loop_enter_signal(struct loop *loop, const char *name)
{
    start_iteration(loop);
    loop_enter(loop, name);
}

bool loop_is_late(const struct loop *loop)
{
    return busy_time_ns(loop, clock_monotonic_ns()) > LATE_ITERATION_MS * UINT64_C(1000000);
}

void assert_loop_thread(const struct loop *loop)
{
    if (!pthread_equal(loop->thread, pthread_self())) {
        log_error("event loop: its state was touched from another thread");
        abort();
    }
}

struct loop_delay loop_read_delay(const struct loop *loop)
{
    return (struct loop_delay){
        .iterations = loop->delay_us.total,
        .p50_us = histogram_percentile(&loop->delay_us, 0.50),
        .p99_us = histogram_percentile(&loop->delay_us, 0.99),
        .max_us = loop->delay_us.max,
    };
}

void loop_reset_delay(struct loop *loop)
{
    memset(&loop->delay_us, 0, sizeof(loop->delay_us));
}

const struct histogram *loop_delays(const struct loop *loop)
{
    return &loop->delay_of_all_us;
}
