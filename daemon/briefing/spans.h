/* Where the keywords of a list stand in a text, for marking them. PURE, any thread.
 *
 * In UTF-16 code units, because that is how the desk's language and most others that show text
 * count: in JavaScript text.slice(start, end) is what matched. A byte that is no UTF-8 counts
 * as one, like the U+FFFD it is shown as.
 */
#ifndef BRIEFING_SPANS_H
#define BRIEFING_SPANS_H

#include "briefing/keyword.h"

struct span {
    uint32_t start, end;
};

enum { SPANS_MAX = 16 };

/* The places in `text`, which is that of `field`, where list number `list` matched: in order,
 * joined where they overlap or touch, the first SPANS_MAX. Lives in the arena. */
size_t spans_build(struct arena *arena, const struct keyword_matches *matches, uint32_t list,
    enum keyword_field field, const char *text, struct span **ret_spans);

/* The span of `length` bytes at `offset` of `text`. */
struct span spans_measure(const char *text, uint32_t offset, uint32_t length);

#endif
