/* Everything the server answers with at one moment: rendered, compressed, immutable.
 *
 * A worker builds one from the store whenever something was stored (snapshot_build), the loop
 * thread publishes it, running responses keep the old one alive by its reference count. A
 * document is rendered once, compressed once, and has an ETag that changes only when its bytes
 * do.
 */
#ifndef WEB_SERVER_SNAPSHOT_H
#define WEB_SERVER_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/fault.h"
#include "config/config.h"
#include "storage/store.h"

enum snapshot_document {
    SNAPSHOT_PAGE,     /* /            text/html */
    SNAPSHOT_MARKDOWN, /* /draft.md    text/markdown */
    SNAPSHOT_HTML,     /* /draft.html  text/html */
    SNAPSHOT_JSON,     /* /draft.json  application/json */
    SNAPSHOT_TEXT,     /* /draft.txt   text/plain */
    SNAPSHOT_MAIL,     /* /draft.eml   message/rfc822 */
    SNAPSHOT_WECHAT,   /* /draft.wechat.html: the page to copy from */
    SNAPSHOT_FEEDS,    /* /api/v1/feeds */
    SNAPSHOT_OPML,     /* /api/v1/feeds.opml */
    SNAPSHOT_COUNT,
};

struct snapshot_body {
    const char *data;
    size_t length;
    const char *gzip; /* NULL: not worth it */
    size_t gzip_length;
    char etag[24];          /* quoted, strong, of the plain bytes */
    const char *style_hash; /* CSP source of its own <style>: 'sha256-…'; NULL: it has none */
};

struct snapshot {
    /* frozen */
    struct snapshot_body bodies[SNAPSHOT_COUNT];
    int64_t built_utc_s;
    struct store_totals totals;
    size_t failing;          /* feeds whose health is "failing" or "gone" */
    struct feed_mark *feeds; /* rows of SNAPSHOT_FEEDS, by feed */
    size_t feed_count;

    struct arena arena;
    _Atomic int references;
};

/* Read the store and render all documents. Worker thread, `reader` is the worker's own. The
 * caller holds one reference. */
must_check bool snapshot_build(struct store *reader, const struct config *config,
    int64_t now_utc_s, struct snapshot **ret_snapshot, struct fault *fault);

/* The coming issue: her picks, the machine's suggestions, the archive. What snapshot_build()
 * renders and `briefd digest` prints. Lives in the arena. */
must_check bool snapshot_read_draft(struct store *reader, struct arena *arena,
    const struct config *config, int64_t now_utc_s, struct draft **ret_draft,
    struct fault *fault);

/* An empty snapshot with one reference. snapshot_add() is called once for each document, before
 * any other thread sees it: it copies the text, compresses it and computes ETag and style hash.
 */
struct snapshot *snapshot_new(int64_t built_utc_s);
void snapshot_add(struct snapshot *snapshot, enum snapshot_document document, const char *text,
    size_t length);

/* "text/html; charset=utf-8" */
const char *snapshot_media_type(enum snapshot_document document);

/* Any thread. The last unref frees; NULL is harmless. */
struct snapshot *snapshot_ref(struct snapshot *snapshot);
void snapshot_unref(struct snapshot *snapshot);

/* A feed's health as one word and one sentence an editor understands: "ok", "new", "failing",
 * "silent", "malformed", "gone", "paused" (not in the configuration, or disabled). The sentence
 * is written to `out`, the word returned. Pure. */
const char *feed_health(const struct feed_state *state, const struct config_feed *feed,
    int64_t now_utc_s, struct buffer *out);

#endif
