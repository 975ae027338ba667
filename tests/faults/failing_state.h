/* How a test tells a preloaded library what is to fail: by an int in a file that both have
 * mapped, so that nothing has to be sent to a process whose calls are failing. */
#ifndef TESTS_FAULTS_FAILING_STATE_H
#define TESTS_FAULTS_FAILING_STATE_H

#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* The int in the file that `variable` of the environment names; NULL: there is none, and
 * nothing is to fail. Mapped until the process ends. */
static inline const _Atomic int *map_failing_state(const char *variable)
{
    const char *path = getenv(variable);
    int file = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    void *mapped = file < 0 ? MAP_FAILED
                            : mmap(NULL, sizeof(int), PROT_READ, MAP_SHARED, file, 0);
    if (file >= 0) {
        close(file);
    }
    return mapped == MAP_FAILED ? NULL : mapped;
}

#endif
