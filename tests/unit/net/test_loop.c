#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/histogram.h"
#include "net/loop.h"

/* --- the histogram --------------------------------------------------------------------------
 */

static void small_values_are_counted_exactly(void **state)
{
    struct histogram histogram = {0};
    for (uint64_t value = 0; value < 16; value++) {
        histogram_add(&histogram, value);
    }
    assert_int_equal(histogram_percentile(&histogram, 0.5), 7);
    assert_int_equal(histogram_percentile(&histogram, 1.0), 15);
    assert_int_equal(histogram_percentile(&histogram, 0.0), 0);
}

static void a_percentile_is_never_below_and_at_most_a_sixteenth_above(void **state)
{
    for (uint64_t value = 1; value < UINT64_C(1) << 34; value += value / 7 + 1) {
        struct histogram histogram = {0};
        for (int i = 0; i < 99; i++) {
            histogram_add(&histogram, value);
        }
        histogram_add(&histogram, UINT32_MAX);
        uint64_t expected = value < UINT32_MAX ? value : UINT32_MAX;
        uint64_t read = histogram_percentile(&histogram, 0.99);
        assert_true(read >= expected);
        assert_true(read <= expected + expected / 16);
    }
}

static void the_rare_long_value_is_the_maximum_and_not_the_p99(void **state)
{
    struct histogram histogram = {0};
    assert_int_equal(histogram_percentile(&histogram, 0.99), 0);
    for (int i = 0; i < 999; i++) {
        histogram_add(&histogram, 100);
    }
    histogram_add(&histogram, 50000);
    assert_in_range(histogram_percentile(&histogram, 0.99), 100, 106);
    assert_int_equal(histogram_percentile(&histogram, 1.0), 50000);
    assert_int_equal(histogram.max, 50000);
}

/* --- the loop -------------------------------------------------------------------------------
 */

static void burn(int milliseconds)
{
    uint64_t end_ns = clock_monotonic_ns() + (uint64_t)milliseconds * 1000000;
    while (clock_monotonic_ns() < end_ns) {
    }
}

static void on_close_only(uv_timer_t *timer)
{
    uv_close((uv_handle_t *)timer, NULL);
}

static void on_burn(uv_timer_t *timer)
{
    loop_enter(timer->data, "short");
    burn(1);
    loop_enter(timer->data, "long-one");
    burn(24);
    uv_close((uv_handle_t *)timer, NULL);
}

static void waiting_is_not_delay(void **state)
{
    struct loop *loop = loop_new();
    uv_timer_t timer;
    uv_timer_init(loop_uv(loop), &timer);
    uv_timer_start(&timer, on_close_only, 300, 0);
    loop_run(loop);
    struct loop_delay delay = loop_read_delay(loop);
    assert_true(delay.iterations > 0);
    assert_true(delay.max_us < 250000);
    loop_free(loop);
}

static void on_alarm(uv_signal_t *handle, int number)
{
    loop_enter_signal(handle->data, "alarm");
    uv_close((uv_handle_t *)handle, NULL);
}

/* epoll_wait() ends with EINTR, and uv_metrics_idle_time() begins anew (libuv 1.44). */
static void a_wait_that_a_signal_ends_is_not_delay(void **state)
{
    struct loop *loop = loop_new();
    uv_signal_t alarm;
    uv_signal_init(loop_uv(loop), &alarm);
    alarm.data = loop;
    uv_signal_start(&alarm, on_alarm, SIGALRM);
    struct itimerval soon = {.it_value = {.tv_usec = 150 * 1000}};
    assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
    loop_run(loop);
    assert_in_range(loop_read_delay(loop).max_us, 0, 60 * 1000);
    loop_free(loop);
}

static void a_busy_timer_is_delay(void **state)
{
    struct loop *loop = loop_new();
    uv_timer_t timer;
    uv_timer_init(loop_uv(loop), &timer);
    timer.data = loop;
    uv_timer_start(&timer, on_burn, 0, 0);
    loop_run(loop);
    assert_true(loop_read_delay(loop).max_us >= 25000);
    loop_reset_delay(loop);
    assert_int_equal(loop_read_delay(loop).iterations, 0);
    assert_int_equal(loop_read_delay(loop).max_us, 0);
    loop_free(loop);
}

static void on_pipe_burn(uv_poll_t *poll, int status, int events)
{
    burn(25);
    uv_close((uv_handle_t *)poll, NULL);
}

/* I/O callbacks run inside uv's poll phase, where prepare and check do not see them. */
static void a_busy_io_callback_is_delay(void **state)
{
    struct loop *loop = loop_new();
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    uv_poll_t poll;
    uv_poll_init(loop_uv(loop), &poll, ends[0]);
    uv_poll_start(&poll, UV_READABLE, on_pipe_burn);
    loop_run(loop);
    assert_true(loop_read_delay(loop).max_us >= 25000);
    loop_free(loop);
    close(ends[0]);
    close(ends[1]);
}

/* Runs `body` in a child and returns what it wrote to stderr; *ret_status as from waitpid(2).
 */
static void run_apart(void (*body)(void), char *text, size_t bytes, int *ret_status)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        body();
        _exit(0);
    }
    close(ends[1]);
    size_t length = 0;
    ssize_t got;
    while (length + 1 < bytes && (got = read(ends[0], text + length, bytes - 1 - length)) > 0) {
        length += (size_t)got;
    }
    text[length] = '\0';
    close(ends[0]);
    waitpid(pid, ret_status, 0);
}

static void burn_body(void)
{
    struct loop *loop = loop_new();
    uv_timer_t timer;
    uv_timer_init(loop_uv(loop), &timer);
    timer.data = loop;
    uv_timer_start(&timer, on_burn, 0, 0);
    loop_run(loop);
    loop_free(loop);
}

static void a_slow_iteration_is_logged_with_its_longest_callback(void **state)
{
    char text[4096];
    int status;
    run_apart(burn_body, text, sizeof(text), &status);
    assert_int_equal(status, 0);
    assert_non_null(strstr(text, "event loop: a turn took "));
    assert_non_null(strstr(text, "longest callback 'long-one' with "));
    assert_null(strstr(text, "'short'"));
}

static void on_spin(uv_timer_t *timer)
{
    int *turns = timer->data;
    if (++*turns == 5) {
        loop_stop(timer->loop->data);
    }
}

static void stop_ends_a_loop_that_has_work_left(void **state)
{
    struct loop *loop = loop_new();
    uv_timer_t timer;
    int turns = 0;
    uv_timer_init(loop_uv(loop), &timer);
    timer.data = &turns;
    uv_timer_start(&timer, on_spin, 0, 1);
    loop_run(loop);
    assert_int_equal(turns, 5);
    uv_close((uv_handle_t *)&timer, NULL);
    loop_free(loop);
}

static void *touch(void *data)
{
    assert_loop_thread(data);
    return NULL;
}

static void wrong_thread_body(void)
{
    struct loop *loop = loop_new();
    assert_loop_thread(loop);
    pthread_t thread;
    pthread_create(&thread, NULL, touch, loop);
    pthread_join(thread, NULL);
}

static void another_thread_is_caught(void **state)
{
    char text[4096];
    int status;
    run_apart(wrong_thread_body, text, sizeof(text), &status);
    assert_true(WIFSIGNALED(status));
    assert_non_null(strstr(text, "touched from another thread"));
}

static void left_open_body(void)
{
    struct loop *loop = loop_new();
    uv_timer_t timer;
    uv_timer_init(loop_uv(loop), &timer);
    loop_free(loop);
}

static void a_handle_left_open_is_named(void **state)
{
    char text[4096];
    int status;
    run_apart(left_open_body, text, sizeof(text), &status);
    assert_non_null(strstr(text, "a handle of type 'timer' was left open"));
#ifndef NDEBUG
    assert_true(WIFSIGNALED(status));
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_values_are_counted_exactly),
        cmocka_unit_test(a_percentile_is_never_below_and_at_most_a_sixteenth_above),
        cmocka_unit_test(the_rare_long_value_is_the_maximum_and_not_the_p99),
        cmocka_unit_test(waiting_is_not_delay),
        cmocka_unit_test(a_wait_that_a_signal_ends_is_not_delay),
        cmocka_unit_test(a_busy_timer_is_delay),
        cmocka_unit_test(a_busy_io_callback_is_delay),
        cmocka_unit_test(a_slow_iteration_is_logged_with_its_longest_callback),
        cmocka_unit_test(stop_ends_a_loop_that_has_work_left),
        cmocka_unit_test(another_thread_is_caught),
        cmocka_unit_test(a_handle_left_open_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
