/* Plain text and URLs inside Markdown, so that they come out as they went in. PURE.
 *
 * Written for what the newsletter's readers use (GitHub's CommonMark, kramdown on GitHub Pages,
 * md4c): only marks that one of them would read as markup are escaped, because the editor goes
 * on working in the file, and "v0.2.0-rc\.1" is no text to work in.
 */
#ifndef BRIEFING_MARKDOWN_TEXT_H
#define BRIEFING_MARKDOWN_TEXT_H

#include "base/buffer.h"

/* `text` as running text on the current line: line breaks become spaces. Web addresses in it
 * stay what they are, and end where they ended. */
void markdown_write_text(const char *text, struct buffer *out);

/* The same at the start of a line, where "#", "- " or "1." would begin something else. */
void markdown_write_line(const char *text, struct buffer *out);

/* `url` as a link's destination or standing alone: brackets, spaces, quotes and all that is not
 * ASCII percent-encoded, what is already encoded left alone. */
void markdown_write_url(const char *url, struct buffer *out);

#endif
