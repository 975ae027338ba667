/* Breaking plain text into lines for mail and terminals. PURE. */
#ifndef BRIEFING_TEXT_WRAP_H
#define BRIEFING_TEXT_WRAP_H

#include <stddef.h>

#include "base/buffer.h"

/* Append `text` and a line's end, broken into lines of at most `columns` (letters_columns; 0:
 * never broken), the first behind `first`, the others behind `rest`. Breaks at spaces and
 * between Han characters, never inside a word, a number or an address, never before a mark that
 * closes nor behind one that opens. A word wider than the line stands alone and stays whole: an
 * address in two pieces leads nowhere. Line breaks in `text` stay. */
void text_wrap_write(
    const char *text, const char *first, const char *rest, size_t columns, struct buffer *out);

#endif
