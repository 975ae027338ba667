/* Private to storage/: a feed's state as part of a commit. */
#ifndef STORAGE_FEEDS_H
#define STORAGE_FEEDS_H

#include "storage/statements.h"

/* Write all of `state` over the row of state->id, and the label of its items unless it is NULL.
 * A name of NULL leaves the name. In a write transaction. */
must_check bool feed_write_state(struct store *store, const struct feed_state *state,
    const char *source, struct fault *fault);

#endif
