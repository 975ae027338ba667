/* Plain text, URLs and the editor's own Markdown inside an issue, so that they come out as they
 * went in; and the way back. PURE.
 *
 * Written for what the newsletter's readers use (GitHub's CommonMark, kramdown on GitHub Pages,
 * md4c): only marks that one of them would read as markup are escaped, because the editor goes
 * on working in the file, and "v0.2.0-rc\.1" is no text to work in.
 */
#ifndef BRIEFING_MARKDOWN_TEXT_H
#define BRIEFING_MARKDOWN_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"

/* `text` as running text on the current line: line breaks become spaces. Web addresses in it
 * stay what they are, and end where they ended. */
void markdown_write_text(const char *text, struct buffer *out);

/* The same at the start of a line, where "#", "- " or "1." would begin something else. */
void markdown_write_line(const char *text, struct buffer *out);

/* `url` standing alone: brackets, spaces, quotes, marks of emphasis and all that is not ASCII
 * percent-encoded, what is already encoded left alone. */
void markdown_write_url(const char *url, struct buffer *out);

/* The same as the destination of a link, where a mark of emphasis is none. */
void markdown_write_destination(const char *url, struct buffer *out);

/* A line of the editor's Markdown: passed on as it is, but for what would make another block of
 * it - "## ", "> ", "| ", "- " at the left edge, "----", a fence, "<!--" -, which is escaped. A
 * list item ("  1. ", "    - ") is indented and stays one. `text` has no line break. */
void markdown_write_own_line(const char *text, struct buffer *out);

/* What markdown_write_own_line() was given: the line without that escape. Lines that came about
 * otherwise lose it as well: they say the same. */
void markdown_read_own_line(const char *text, struct buffer *out);

/* The plain text of Markdown without links: backslash escapes and the entities of markup taken
 * back, spaces folded as markdown_write_text() does. Marks of emphasis stay as characters. */
void markdown_read_text(const char *markdown, size_t length, struct buffer *out);

/* The same of text with line breaks, which stay. */
void markdown_read_lines(const char *markdown, struct buffer *out);

/* Plain text as Markdown and back, line by line, in the arena; NULL stays NULL. */
char *markdown_from_plain(struct arena *arena, const char *plain);
char *markdown_to_plain(struct arena *arena, const char *markdown);

/* True when the line is nothing but three or more of - * _ or =: a rule, or the underline of a
 * heading. */
bool markdown_is_rule(const char *text);

#endif
