/* What differs between two texts, line by line, as a unified diff. PURE. */
#ifndef BRIEFING_LINE_DIFF_H
#define BRIEFING_LINE_DIFF_H

#include "base/arena.h"
#include "base/buffer.h"

enum {
    LINE_DIFF_CONTEXT = 3,
    LINE_DIFF_CELLS_MAX = 16 << 20, /* beyond, everything between is one change */
};

/* Append "@@ -1,3 +1,4 @@" hunks that make `after` of `before`; nothing when they are equal.
 * The shortest one, unless the product of the differing middles' lines passes
 * LINE_DIFF_CELLS_MAX. `arena` is for scratch. */
void line_diff_write(
    struct arena *arena, const char *before, const char *after, struct buffer *out);

#endif
