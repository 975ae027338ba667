/* What should have been XML -> XML. PURE.
 *
 * For documents that xml_read() refused: bare ampersands, HTML entities, control characters,
 * unquoted attributes, tags that nobody closed, junk around the feed, a text that stops in the
 * middle. What cannot be told apart from text becomes text; nothing is invented but end tags.
 */
#ifndef FEED_XML_MEND_H
#define FEED_XML_MEND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* Append to `out` the mended form of valid UTF-8, from the first feed root in it; false when
 * there is no such tag anywhere. One pass, linear in `length`; nesting beyond what the reader
 * accepts ends the output there. `out` should hold 8 times the input. */
bool xml_mend(const char *data, size_t length, struct buffer *out);

#endif
