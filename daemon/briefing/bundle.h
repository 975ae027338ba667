/* Items of a series that counts as one piece of news: the newest stands for the others. PURE.
 */
#ifndef BRIEFING_BUNDLE_H
#define BRIEFING_BUNDLE_H

#include "briefing/draft.h"

/* The candidates that stand for themselves or for their bundle, in the order given, copied into
 * the arena; the newest of a bundle lists the others, newest first, in `bundled`. Nothing is
 * dropped: every candidate is in the result or in one `bundled`, and those there stay borrowed
 * from `candidates`. */
struct candidate *bundle_candidates(
    struct arena *arena, const struct candidate *candidates, size_t count, size_t *ret_count);

#endif
