/* `briefd add` while a daemon has the database: the same request through its API. */
#ifndef COMMAND_ADD_REMOTE_H
#define COMMAND_ADD_REMOTE_H

#include "base/attributes.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "pipeline/adder.h"

/* The body of POST /api/v1/add. */
void add_request_write_json(const struct add_request *request, struct buffer *out);

/* POST it to the daemon that serves at `listen` ("127.0.0.1:8080") and append its answer. A
 * problem it answers with becomes a fault. Runs a loop of its own until the answer is there. */
must_check bool add_remote(const char *listen, const struct add_request *request,
    struct buffer *out, struct fault *fault);

#endif
