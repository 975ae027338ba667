/* tests/support/origin.py as a child process, for tests in C. */
#ifndef TESTS_ORIGIN_PROCESS_H
#define TESTS_ORIGIN_PROCESS_H

#include <sys/types.h>

struct origin_process {
    pid_t pid;
    int input; /* closing it ends the child */
    int port;
};

/* `certificate`: name of a PEM file among the fixtures, for https; NULL: http. Fails the test.
 */
struct origin_process origin_start(const char *host, const char *certificate);
void origin_stop(struct origin_process *origin);

#endif
