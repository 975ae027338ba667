/* From the store to a snapshot: read everything once, render each document once.
 *
 * Its own file because the rest of the server knows nothing of the store. Each document is
 * bounded: a briefing of a million candidates is a mistake in the configuration, and serving it
 * would be another.
 */
#include "web/server/snapshot.h"

#include <stdlib.h>

#include "base/clock.h"
#include "briefing/render_mail.h"
#include "briefing/render_markdown.h"
#include "briefing/render_text.h"
#include "briefing/render_wechat_page.h"
#include "feed/opml.h"
#include "storage/desk.h"
#include "web/server/feed_health.h"
#include "web/server/page.h"

enum {
    DOCUMENT_MAX_BYTES = 64 << 20,
};

bool snapshot_read_draft(struct store *reader, struct arena *arena, const struct config *config,
    int64_t now_utc_s, struct draft **ret_draft, struct fault *fault)
{
    struct desk_draft *desk;
    if (!desk_read_draft(reader, arena, config, 0, now_utc_s, &desk, fault)) {
        return false;
    }
    *ret_draft = desk->draft;
    return true;
}

/* All that the documents are made of. */
struct material {
    const struct config *config;
    int64_t now_utc_s;
    struct draft *draft;
    struct feed_row *feeds;
    size_t feed_count;
};

static bool read_material(struct store *reader, struct arena *arena, struct snapshot *snapshot,
    struct material *material, struct fault *fault)
{
    struct feed_state *states = NULL;
    size_t count = 0;
    if (!snapshot_read_draft(
            reader, arena, material->config, material->now_utc_s, &material->draft, fault) ||
        !store_read_feeds(reader, arena, &states, &count, fault) ||
        !store_read_totals(reader, &snapshot->totals, fault)) {
        return false;
    }
    material->feeds = feed_rows_build(
        arena, material->config, states, count, material->now_utc_s, &material->feed_count);
    for (size_t i = 0; i < material->feed_count; i++) {
        snapshot->failing += material->feeds[i].condition <= FEED_FAILING;
    }
    return true;
}

static int compare_marks(const void *left, const void *right)
{
    const struct feed_mark *a = left, *b = right;
    return (a->feed > b->feed) - (a->feed < b->feed);
}

static void write_feeds(
    struct snapshot *snapshot, const struct material *material, struct buffer *out)
{
    snapshot->feed_count = material->feed_count;
    snapshot->feeds = arena_new_array(
        &snapshot->arena, struct feed_mark, material->feed_count + 1);
    feed_rows_write_json(material->feeds, material->feed_count, material->config->path,
        material->now_utc_s, snapshot->feeds, out);
    qsort(snapshot->feeds, snapshot->feed_count, sizeof(*snapshot->feeds), compare_marks);
}

static void write_document(struct snapshot *snapshot, enum snapshot_document document,
    const struct material *material, struct buffer *out)
{
    const struct draft *draft = material->draft;
    switch (document) {
    case SNAPSHOT_PAGE:
        page_write(&(struct page){draft, material->config, material->feeds,
                       material->feed_count, material->now_utc_s},
            out);
        break;
    case SNAPSHOT_MARKDOWN:
        issue_write_markdown(draft->issue, out);
        break;
    case SNAPSHOT_HTML:
        draft_write_html(draft, material->config, out);
        break;
    case SNAPSHOT_JSON:
        draft_write_json(draft, material->config, material->now_utc_s, out);
        break;
    case SNAPSHOT_TEXT:
        render_text(draft->issue, out);
        break;
    case SNAPSHOT_MAIL:
        render_mail_configured(draft->issue, &material->config->briefing, out);
        break;
    case SNAPSHOT_WECHAT:
        render_wechat_page(draft->issue, "wechat.js", out);
        break;
    case SNAPSHOT_FEEDS:
        write_feeds(snapshot, material, out);
        break;
    case SNAPSHOT_OPML:
        opml_write(material->config, out);
        break;
    case SNAPSHOT_COUNT:
        break;
    }
}

static bool add_documents(
    struct snapshot *snapshot, const struct material *material, struct fault *fault)
{
    cleanup(buffer_release) struct buffer text;
    buffer_init(&text, DOCUMENT_MAX_BYTES);
    for (int i = 0; i < SNAPSHOT_COUNT; i++) {
        buffer_clear(&text);
        write_document(snapshot, (enum snapshot_document)i, material, &text);
        if (buffer_failed(&text)) {
            return fault_set(fault, FAULT_LIMIT, "the draft as %s would be larger than %d MiB",
                snapshot_media_type((enum snapshot_document)i), DOCUMENT_MAX_BYTES >> 20);
        }
        snapshot_add(snapshot, (enum snapshot_document)i, text.data, text.length);
    }
    return true;
}

bool snapshot_build(struct store *reader, const struct config *config, int64_t now_utc_s,
    struct snapshot **ret_snapshot, struct fault *fault)
{
    cleanup(arena_release) struct arena arena;
    arena_init(&arena);
    struct material material = {.config = config, .now_utc_s = now_utc_s};
    struct snapshot *snapshot = snapshot_new(now_utc_s);
    if (!read_material(reader, &arena, snapshot, &material, fault) ||
        !add_documents(snapshot, &material, fault)) {
        snapshot_unref(snapshot);
        return false;
    }
    *ret_snapshot = snapshot;
    return true;
}
