/* Writing HTML into a buffer, escaped on the way. PURE.
 *
 * Whatever comes from a feed goes through markup_text() or markup_open_link(); nothing else of
 * this folder writes a foreign byte into a page.
 */
#ifndef WEB_SERVER_MARKUP_H
#define WEB_SERVER_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* Text content or a quoted attribute's value. Control characters and bidirectional overrides,
 * which could rearrange what stands beside them, are left out; NULL writes nothing. */
void markup_text(const char *text, struct buffer *out);

/* <tag class="…">text</tag>; `class` may be NULL. */
void markup_element(const char *tag, const char *class, const char *text, struct buffer *out);

/* `pattern` with its {} replaced; the pattern is ours and not escaped. */
void markup_phrase(const char *pattern, const char *value, struct buffer *out);
void markup_count(const char *pattern, size_t count, struct buffer *out);

/* <a href="url" …>, when the URL is http or https: returns whether a link was opened. */
bool markup_open_link(const char *url, struct buffer *out);
void markup_close_link(bool opened, struct buffer *out);

#endif
