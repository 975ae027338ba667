/* Private to storage/: reading the log. */
#ifndef STORAGE_EVENTS_H
#define STORAGE_EVENTS_H

#include "storage/desk.h"
#include "storage/statements.h"

/* What an event changed, by kind and id. */
must_check bool changes_read(struct store *store, struct arena *arena, int64_t event,
    const struct desk_change **ret_changes, size_t *ret_count, struct fault *fault);

#endif
