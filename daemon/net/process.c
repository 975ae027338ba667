/* Limits are raised as far as the system allows, so that nobody has to know of them; only what
 * is too little to work with is refused, at the start and not at the thousandth connection. */
#include "net/process.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <uv.h>

enum {
    DESCRIPTORS_MIN = 128,
    DESCRIPTORS_MAX = 16384, /* as in the unit */
};

/* As many workers as processors: uv's four on two cores would only take turns away from the
 * loop. At least two, so that a long document does not keep the writer waiting. */
static void size_workers(void)
{
    char count[16];
    unsigned processors = uv_available_parallelism();
    snprintf(count, sizeof(count), "%u", processors < 2 ? 2 : processors);
    setenv("UV_THREADPOOL_SIZE", count, 0);
}

/* A shell gives 1,024 where many more are allowed: each client of the desk takes one. */
static bool raise_descriptors(struct fault *fault)
{
    struct rlimit limit;
    int result = getrlimit(RLIMIT_NOFILE, &limit);
    assert(result == 0); /* getrlimit(2) fails for wrong arguments alone */
    rlim_t wanted = limit.rlim_max < DESCRIPTORS_MAX ? limit.rlim_max : DESCRIPTORS_MAX;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    return limit.rlim_cur >= DESCRIPTORS_MIN ||
        fault_set(fault, FAULT_CONFIG,
            "%d files may be open at a time (ulimit -n, LimitNOFILE), which is too few for "
            "feeds, database and clients: allow at least %d",
            (int)limit.rlim_cur, DESCRIPTORS_MIN);
}

bool process_prepare(struct fault *fault)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of that file, no death */
    size_workers();
    return raise_descriptors(fault);
}
