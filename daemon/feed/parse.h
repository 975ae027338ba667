/* Bytes from the wire -> struct feed_document.
 *
 * RSS 0.9x/1.0/2.0, Atom 0.3/1.0, RDF through libxml2's push parser, JSON Feed 1.x through
 * jansson. The charset is decided by BOM, then HTTP, then the declaration, then a guess
 * (feed/charset.h). XML is read strictly; what is not well-formed is mended (feed/xml_mend.h)
 * and read again, and a document that stops in the middle keeps what it said. Nothing outside
 * the bytes is ever loaded; entities the document declares are replaced as text, within limits.
 * PURE: any thread, no globals but libxml2's own, which feed_parse_setup() initialises.
 */
#ifndef FEED_PARSE_H
#define FEED_PARSE_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "feed/document.h"

struct feed_parse_options {
    const char *base_url;     /* where the bytes came from, after redirects; NULL: unknown */
    const char *content_type; /* the HTTP header's value; NULL: unknown */
    int64_t fetched_utc_s;    /* makes "2小时前" a date; 0: unknown, and it is none */
    size_t max_entries;       /* keep the first N in document order; 0: all */
};

/* Once per process, before any thread parses. */
void feed_parse_setup(void);
/* Frees libxml2's globals, so that a leak checker sees a clean exit. */
void feed_parse_teardown(void);

/* Parse `length` bytes. The document and all it holds live in `arena`; `data` may be freed
 * after. Fails with FAULT_PARSE when it is no feed, and the message says what it is instead
 * ("an HTML page titled 'Log in'", "empty", "arXiv's error feed: …"); FAULT_LIMIT for depth or
 * entity abuse. */
must_check bool feed_parse(struct arena *arena, const void *data, size_t length,
    const struct feed_parse_options *options, struct feed_document **ret_document,
    struct fault *fault);

/* The document as the JSON object of `briefd parse` (one line, no newline): always the same
 * keys, and where the feed says something, "update_period_s", "skip_hours", "skip_days" and, in
 * an entry, arXiv's. "bozo_reason" says why "bozo"; "error" is null, for this is a feed. */
void feed_write_json(const struct feed_document *document, struct buffer *out);

#endif
