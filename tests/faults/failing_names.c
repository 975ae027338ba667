/* LD_PRELOAD: name servers that are dead, without touching those of the machine.
 *
 * Approach: names that end in ".faulty.example" never reach the system's resolver. As long as
 * the int in the mapped file $FAILING_NAMES_STATE is 1 the question hangs, as it does for half
 * a minute with servers that do not answer; 2 says that no server could be asked (EAI_AGAIN); 0
 * is 127.0.0.1. A file in place of seconds: a test that holds the answer back as long as it
 * looks cannot be raced.
 *
 * Rejected: a resolv.conf of our own (a mount namespace, so root). */
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "failing_state.h"

enum { ANSWERS, HANGS, FAILS, LOOK_AGAIN_US = 2000 };

static const _Atomic int *state;

__attribute__((constructor)) static void start(void)
{
    state = map_failing_state("FAILING_NAMES_STATE");
}

static int is_ours(const char *name)
{
    static const char ending[] = ".faulty.example";
    size_t length = name == NULL ? 0 : strlen(name);
    return state != NULL && length > strlen(ending) &&
        strcasecmp(name + length - strlen(ending), ending) == 0;
}

int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
    struct addrinfo **ret_list)
{
    int (*next)(const char *, const char *, const struct addrinfo *,
        struct addrinfo **) = (__typeof__(&getaddrinfo))dlsym(RTLD_NEXT, "getaddrinfo");
    if (!is_ours(name)) {
        return next(name, service, hints, ret_list);
    }
    while (atomic_load(state) == HANGS) {
        usleep(LOOK_AGAIN_US);
    }
    return atomic_load(state) == FAILS ? EAI_AGAIN
                                       : next("127.0.0.1", service, hints, ret_list);
}
