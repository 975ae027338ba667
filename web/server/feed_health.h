/* How each feed is doing, in words. PURE.
 *
 * The configuration says which feeds there should be, the store what became of each; a feed_row
 * is both. The condition is one of seven; its sentence says what happened and then what comes
 * next, in English for JSON and in the briefing's language on the page.
 */
#ifndef WEB_SERVER_FEED_HEALTH_H
#define WEB_SERVER_FEED_HEALTH_H

#include "base/arena.h"
#include "base/buffer.h"
#include "config/config.h"
#include "storage/store.h"

/* In the order in which an editor wants to see them. */
enum feed_condition {
    FEED_GONE,
    FEED_FAILING,
    FEED_MALFORMED,
    FEED_SILENT,
    FEED_NEW,
    FEED_OK,
    FEED_PAUSED,
    FEED_CONDITION_COUNT,
};

enum feed_language { FEED_ENGLISH, FEED_CHINESE };

/* Chinese for "zh" and whatever begins with "zh-". */
enum feed_language feed_language_of(const char *tag);

struct feed_row {
    const struct feed_state *state; /* never NULL: made up for a feed never registered */
    const struct config_feed *feed; /* NULL: no longer in the configuration */
    enum feed_condition condition;
};

/* One row for every feed of the configuration or the store, joined by URL, by name. Lives in
 * the arena; borrows states and config. */
struct feed_row *feed_rows_build(struct arena *arena, const struct config *config,
    const struct feed_state *states, size_t count, int64_t now_utc_s, size_t *ret_count);

/* `feed` is NULL for one that is no longer in the configuration. */
enum feed_condition feed_condition(
    const struct feed_state *state, const struct config_feed *feed, int64_t now_utc_s);

/* "failing": for JSON, never translated. */
const char *feed_condition_word(enum feed_condition condition);

/* 出错, "Failing". */
const char *feed_condition_label(enum feed_condition condition, enum feed_language language);

/* Why it is not simply fine, without what comes next: 拒绝访问（403）, "answered with a login
 * page"; NULL: nothing to say. Borrowed from the row. */
const char *feed_health_cause(const struct feed_row *row, enum feed_language language);

/* What happened and what comes next. Times are shown in a zone `offset_s` east of UTC. */
void feed_health_write(const struct feed_row *row, enum feed_language language,
    int64_t offset_s, int64_t now_utc_s, struct buffer *out);

/* Where a feed's row stands in what was written, and a hash of what open pages are told of: its
 * health and what it brought, not when it is asked. */
struct feed_mark {
    uint64_t feed, content;
    size_t start, length;
};

/* {"feeds":[…],"totals":{…}}. The base name of `config_path` stands in a feed's origin. `marks`
 * has room for one of each row; NULL: nobody wants them. */
void feed_rows_write_json(const struct feed_row *rows, size_t count, const char *config_path,
    int64_t now_utc_s, struct feed_mark *marks, struct buffer *out);

#endif
