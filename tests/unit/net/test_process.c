/* Each in a child: limits that were lowered cannot be raised again. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/process.h"

/* The exit code of `work` in a process of its own. */
static int run_child(int (*work)(void))
{
    pid_t child = fork();
    if (child == 0) {
        exit(work());
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void limit_descriptors(rlim_t soft, rlim_t hard)
{
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){soft, hard});
}

static int prepare_with_few(void)
{
    struct fault fault = {0};
    limit_descriptors(64, 64);
    return !process_prepare(&fault) && fault.kind == FAULT_CONFIG &&
            strncmp(fault.message, "64 files may be open", 20) == 0
        ? 0
        : 1;
}

static void a_process_that_may_open_too_few_files_is_refused(void **state)
{
    assert_int_equal(run_child(prepare_with_few), 0);
}

static int prepare_below_the_hard_limit(void)
{
    struct fault fault;
    struct rlimit limit;
    limit_descriptors(64, 256);
    return process_prepare(&fault) && getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
            limit.rlim_cur == 256
        ? 0
        : 1;
}

static void descriptors_are_raised_to_what_the_system_allows(void **state)
{
    assert_int_equal(run_child(prepare_below_the_hard_limit), 0);
}

static int write_to_nobody(void)
{
    struct fault fault;
    int ends[2];
    if (!process_prepare(&fault) || pipe(ends) != 0) {
        return 1;
    }
    close(ends[0]);
    return write(ends[1], "x", 1) == -1 ? 0 : 1;
}

static void a_client_that_left_does_not_end_the_process(void **state)
{
    signal(SIGPIPE, SIG_DFL);
    assert_int_equal(run_child(write_to_nobody), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_that_may_open_too_few_files_is_refused),
        cmocka_unit_test(descriptors_are_raised_to_what_the_system_allows),
        cmocka_unit_test(a_client_that_left_does_not_end_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
