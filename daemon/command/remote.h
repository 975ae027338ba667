/* Asking the briefd that has the database, by its own API: for commands that write. */
#ifndef COMMAND_REMOTE_H
#define COMMAND_REMOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "base/buffer.h"
#include "base/fault.h"

struct remote_post {
    const char *path; /* "/api/v1/add" */
    const char *media_type;
    const char *body;
    size_t length;
};

/* POST to the daemon that serves at `listen` ("127.0.0.1:8080") and append its answer. A
 * problem it answers with becomes a fault. Runs a loop of its own until the answer is there. */
must_check bool remote_post(const char *listen, const struct remote_post *post,
    struct buffer *out, struct fault *fault);

#endif
