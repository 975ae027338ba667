/* Private to storage/: how a verdict is written into an item's row. */
#ifndef STORAGE_VERDICTS_H
#define STORAGE_VERDICTS_H

#include "storage/statements.h"

/* Id of the row for the rules with this hash, added when missing. In a write transaction. */
must_check bool ruleset_get(
    struct store *store, uint64_t hash, int64_t *ret_id, struct fault *fault);

/* Bind the next eleven parameters: ruleset, section, margin, uncertain, off_topic, relevance,
 * vendor, prefix, tags, bundle, reasons. `tags` receives the joined tags and must live until
 * statement_done(). */
void bind_verdict(struct statement *statement, const struct verdict *verdict,
    int64_t ruleset_id, const struct config *config, const char *reasons_json,
    struct buffer *tags);

#endif
