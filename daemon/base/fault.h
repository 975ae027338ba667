/* What went wrong, as one whole sentence a person can read.
 *
 * A fallible function is `bool f(…, struct fault *fault)` marked must_check: it returns false
 * exactly when it has filled `fault`. Library code returns faults upward and adds context with
 * fault_prefix(); the one place that decides what to do about it logs it. The kind tells what a
 * caller would do, not where it happened.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdbool.h>

#include "base/attributes.h"

enum fault_kind {
    FAULT_NONE,
    FAULT_CONFIG,  /* stop: the person who wrote the configuration or command must change it */
    FAULT_NETWORK, /* back off and try again */
    FAULT_GONE,    /* stop asking: the source says it is gone for good */
    FAULT_PARSE,   /* keep the old items: what arrived is not what it should be */
    FAULT_LIMIT,   /* refuse: a limit on size, time, depth or count was passed */
    FAULT_STORE,   /* stop or pause writing: the database or disk failed */
    FAULT_CANCELLED, /* the work was given up on request */
    FAULT_MISSING,   /* look again: what is named does not exist */
    FAULT_CONFLICT,  /* read again and decide anew: it was changed meanwhile */
    FAULT_REFUSED,   /* leave it: not possible as things stand */
};

struct fault {
    enum fault_kind kind;
    char message[512];
};

/* Fill `fault` and return false, so that raising is one line. A message longer than the buffer
 * is cut at a UTF-8 character border. `fault` may be NULL where the caller does not care. */
bool fault_set(struct fault *fault, enum fault_kind kind, const char *format, ...)
    printf_like(3, 4);

#ifdef __clang_analyzer__
/* It reads one file at a time and cannot know that this is always false. */
#define fault_set(...) ((bool)(fault_set(__VA_ARGS__), 0))
#endif

/* Put context before the message on the way up: "feed 'lwn': " + message. Returns false. */
bool fault_prefix(struct fault *fault, const char *format, ...) printf_like(2, 3);

/* The kind's name for JSON and logs, such as "network". Never NULL. */
const char *fault_kind_name(enum fault_kind kind);

/* The one fault that nobody is handed: a small allocation failed. Says so and ends the process
 * with MEMORY_EXIT_CODE, from any thread and without allocating; what was acknowledged is on
 * disk, and a service manager starts the program again. What the network can make large never
 * comes here: it stands in buffers born with their maximum (base/buffer.h). */
enum { MEMORY_EXIT_CODE = 71 }; /* EX_OSERR of sysexits.h */
__attribute__((noreturn)) void memory_exhausted(void);

#endif
