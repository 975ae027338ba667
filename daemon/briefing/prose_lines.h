/* The house's line rules, written out as CommonMark: see briefing/prose.h. PURE. */
#ifndef BRIEFING_PROSE_LINES_H
#define BRIEFING_PROSE_LINES_H

#include "base/buffer.h"

/* Word joiners (U+2060) are put where CommonMark's rules for emphasis and for reference
 * definitions would read Chinese text wrongly; who shows the text leaves them out, as it does
 * with every invisible character (letters_is_invisible). */
void prose_lines_write(const char *markdown, struct buffer *out);

#endif
