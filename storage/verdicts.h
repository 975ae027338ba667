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

/* What the judge needs of an item; with CANDIDATE_JOINS (candidates.h). */
#define JUDGED_COLUMNS                                                                         \
    "item.id, key, item.title, summary, CASE item.url WHEN '' THEN key ELSE item.url END,"     \
    " coalesce(feed.source, feed.name, hand_sighting.source), feed.url, comment, journal_ref"

/* One item as the judge needs it; *ret_found is false when there is none. */
must_check bool item_read_for_judge(struct store *store, struct arena *arena,
    const struct config *config, int64_t id, struct stale_item *ret_item, bool *ret_found,
    struct fault *fault);

#endif
