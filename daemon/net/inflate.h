/* Undo gzip for a body that was kept as it came (http_options.keep_gzip): on a worker, at once.
 * Any thread.
 */
#ifndef NET_INFLATE_H
#define NET_INFLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "base/fault.h"

/* Replace *body (malloc'd, *length bytes) by what it says, at most `max_bytes`, with a NUL
 * behind it. An empty body says nothing. FAULT_LIMIT when there is more in it, FAULT_NETWORK
 * when it is damaged; the body stays then. RFC 1952; members that follow one another are one
 * text. */
must_check bool inflate_gzip(
    char **body, size_t *length, size_t max_bytes, struct fault *fault);

#endif
