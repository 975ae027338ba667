/* The events of an XML feed -> struct feed_document. PURE.
 *
 * One xml_feed reads one document: xml_feed_new(), events through xml_feed_handlers(), then
 * xml_feed_finish(), which may be called after any event: what was read stays.
 */
#ifndef FEED_XML_FEED_H
#define FEED_XML_FEED_H

#include "base/arena.h"
#include "feed/document.h"
#include "feed/parse.h"
#include "feed/xml_reader.h"

struct xml_feed;

/* Lives in the arena, but for a buffer that xml_feed_finish() frees. `max_text_bytes` bounds
 * one value's text. */
struct xml_feed *xml_feed_new(
    struct arena *arena, const struct feed_parse_options *options, size_t max_text_bytes);

struct xml_handlers xml_feed_handlers(struct xml_feed *feed);

/* The document, in the arena; its format is FEED_FORMAT_NONE when the root element is that of
 * no feed, and *ret_root is then its name (in the arena), NULL when there was none at all. */
struct feed_document *xml_feed_finish(struct xml_feed *feed, const char **ret_root);

#endif
