/* What importing an OPML file would change: a plan of records to store, and a report that says
 * it line by line. PURE.
 *
 * A file of another reader adds feeds that are not followed yet and changes none. A file of
 * briefd's own says all of a feed's settings, so a known feed that differs is made to agree.
 * What the file says of sections, topics and vendors is not taken: those are feeds.conf's.
 */
#ifndef FEED_OPML_IMPORT_H
#define FEED_OPML_IMPORT_H

#include "config/config.h"
#include "config/desk_feed.h"
#include "feed/opml.h"

enum opml_verdict {
    OPML_ADDED,
    OPML_UPDATED,
    OPML_UNCHANGED,
    OPML_LEFT_OUT,
    OPML_VERDICT_COUNT,
};

/* What becomes of one feed of the file, or (url NULL) a remark on the file. */
struct opml_line {
    enum opml_verdict verdict;
    const char *name;
    const char *url;
    const char *detail; /* why, or what changes; NULL: nothing to say */
};

struct opml_plan {
    struct desk_feed *records; /* for store_put_feeds() */
    size_t record_count;
    struct opml_line *lines;
    size_t line_count;
    size_t counts[OPML_VERDICT_COUNT]; /* of feeds */
};

/* Plan the import of `opml` into the effective `config` at `now_utc_s`. Lives in the arena and
 * borrows from `opml`. */
struct opml_plan *opml_plan(const struct opml *opml, const struct config *config,
    int64_t now_utc_s, struct arena *arena);

/* The report as lines for a terminal, and as a JSON document:
 * {"added":n,"updated":n,"unchanged":n,"left_out":n,"lines":[{"verdict","name","url","detail"}]}.
 */
void opml_plan_write_text(const struct opml_plan *plan, struct buffer *out);
void opml_plan_write_json(const struct opml_plan *plan, struct buffer *out);

#endif
