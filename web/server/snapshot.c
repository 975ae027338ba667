/* A snapshot is an arena with a reference count. What costs time (deflate, hashes) is done
 * once, on the worker that builds it, so that answering a request is only pointing at bytes.
 *
 * Rejected: compressing on demand (the loop thread would wait for zlib).
 */
#include "web/server/snapshot.h"

#include <assert.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "web/server/gzip.h"
#include "web/server/style_hash.h"

struct snapshot *snapshot_new(int64_t built_utc_s)
{
    struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
    if (snapshot == NULL) {
        memory_exhausted();
    }
    arena_init(&snapshot->arena);
    snapshot->built_utc_s = built_utc_s;
    atomic_init(&snapshot->references, 1);
    return snapshot;
}

struct snapshot *snapshot_ref(struct snapshot *snapshot)
{
    atomic_fetch_add_explicit(&snapshot->references, 1, memory_order_relaxed);
    return snapshot;
}

void snapshot_unref(struct snapshot *snapshot)
{
    if (snapshot != NULL &&
        atomic_fetch_sub_explicit(&snapshot->references, 1, memory_order_acq_rel) == 1) {
        arena_release(&snapshot->arena);
        free(snapshot);
    }
}

const char *snapshot_media_type(enum snapshot_document document)
{
    static const char *const types[SNAPSHOT_COUNT] = {
        [SNAPSHOT_PAGE] = "text/html; charset=utf-8",
        [SNAPSHOT_MARKDOWN] = "text/markdown; charset=utf-8",
        [SNAPSHOT_HTML] = "text/html; charset=utf-8",
        [SNAPSHOT_JSON] = "application/json", /* JSON is UTF-8 by definition: RFC 8259 11 */
        [SNAPSHOT_TEXT] = "text/plain; charset=utf-8",
        [SNAPSHOT_MAIL] = "message/rfc822",
        [SNAPSHOT_WECHAT] = "text/html; charset=utf-8",
        [SNAPSHOT_FEEDS] = "application/json",
        [SNAPSHOT_OPML] = "text/x-opml; charset=utf-8",
    };
    assert(document < SNAPSHOT_COUNT);
    return types[document];
}

static void compress_body(struct arena *arena, struct snapshot_body *body)
{
    char *packed = gzip_pack(body->data, body->length, &body->gzip_length);
    if (packed != NULL) {
        body->gzip = arena_strndup(arena, packed, body->gzip_length);
        free(packed);
    }
}

void snapshot_add(
    struct snapshot *snapshot, enum snapshot_document document, const char *text, size_t length)
{
    struct snapshot_body *body = &snapshot->bodies[document];
    assert(body->data == NULL);
    body->data = arena_strndup(&snapshot->arena, text, length);
    body->length = length;
    snprintf(body->etag, sizeof(body->etag), "\"%016" PRIx64 "\"",
        hash_bytes(HASH_START, text, length));
    if (strncmp(snapshot_media_type(document), "text/html", 9) == 0) {
        body->style_hash = style_hash(&snapshot->arena, body->data);
    }
    compress_body(&snapshot->arena, body);
}
