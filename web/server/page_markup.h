/* What the page at "/" writes beside the tags and texts of briefing/markup.h: sentences with a
 * place for a value, and links around more than a text. PURE.
 *
 * Whatever comes from a feed goes through these or through briefing/markup.h; nothing else of
 * this folder writes a foreign byte into a page.
 */
#ifndef WEB_SERVER_PAGE_MARKUP_H
#define WEB_SERVER_PAGE_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* `pattern` with its {} replaced; the pattern is ours and not escaped. */
void page_write_phrase(const char *pattern, const char *value, struct buffer *out);
void page_write_count(const char *pattern, size_t count, struct buffer *out);

/* <a href="url" …>, when it is a web address: returns whether a link was opened. */
bool page_open_link(const char *url, struct buffer *out);
void page_close_link(bool opened, struct buffer *out);

#endif
