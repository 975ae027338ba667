/* An issue as plain text, for mail, chat and whoever reads without pictures. PURE.
 *
 * Addresses stand on lines of their own or in <…> behind their text, so that mail programs find
 * their end also before a Han character.
 */
#ifndef BRIEFING_RENDER_TEXT_H
#define BRIEFING_RENDER_TEXT_H

#include <stddef.h>

#include "base/buffer.h"
#include "briefing/issue.h"

/* What mail wants: below 78 of RFC 5322, with room for a quote's "> ". */
enum { RENDER_TEXT_COLUMNS = 72 };

/* Lines of at most `columns` columns, a Han character counting two; 0: paragraphs unbroken. */
void render_text_wrapped(const struct issue *issue, size_t columns, struct buffer *out);

/* The same at RENDER_TEXT_COLUMNS. */
void render_text(const struct issue *issue, struct buffer *out);

#endif
