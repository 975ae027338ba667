/* One fetched document on its way from bytes to judged entries.
 *
 * document_work() runs on a worker: parse, identify, make text, judge. Everything it builds
 * lives in the document's arena, which is freed in one go after the store has committed it.
 */
#ifndef PIPELINE_DOCUMENT_H
#define PIPELINE_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "feed/document.h"
#include "feed/source_note.h"
#include "pipeline/recogniser.h"
#include "pipeline/rules.h"
#include "storage/store.h"

struct document {
    /* input, frozen while the worker runs */
    struct rules *rules;            /* a reference of its own */
    const struct config_feed *feed; /* borrowed from rules->config */
    const char *url;                /* after redirects; lives in the arena */
    const char *content_type;       /* lives in the arena */
    char *body;                     /* owned */
    size_t body_length;
    bool is_gzip;
    int64_t fetched_utc_s;
    uint64_t known_hash; /* a body with this hash is not parsed again; 0: parse anyway */
    struct recogniser *recogniser; /* borrowed; NULL: no entry can be known */

    /* output of the worker */
    uint64_t body_hash;
    bool unchanged; /* the body is the known one */
    bool parsed;
    struct fault fault;                  /* when not parsed */
    struct feed_document *feed_document; /* when parsed */
    enum source_note note;               /* feed/source_note.h */
    const int64_t *dates_utc_s; /* of the newest dated entries, newest first, at most 64 */
    size_t date_count;
    int64_t newest_entry_utc_s;  /* CLOCK_NONE: no dated entry */
    struct store_document store; /* entries; the poller adds the feed's state */

    struct arena arena;
};

/* An empty document for `feed`; takes a reference to `rules`. */
struct document *document_new(
    struct rules *rules, const struct config_feed *feed, int64_t fetched_utc_s);
void document_free(struct document *document);

/* Parse and judge, unless the body is the known one; frees the body. Worker thread. */
void document_work(struct document *document);

/* A publication time as it is stored: not after the fetch, and none before the web. */
int64_t document_clamp_date(int64_t utc_s, int64_t fetched_utc_s);

#endif
