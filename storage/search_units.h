/* What a search can find: the units of folded text (briefing/fold.h). PURE.
 *
 * A unit is a word of a script that divides words by spaces (Latin, Greek, Cyrillic: "ncnn",
 * "00278"), one character of a script that does not (Han, kana, Hangul, Thai), or a sign that
 * is part of a name when it stands directly behind a word ("C++", "F#"). Everything else
 * divides. The index, the query and the marks in a result all come from here, so they cannot
 * disagree.
 */
#ifndef STORAGE_SEARCH_UNITS_H
#define STORAGE_SEARCH_UNITS_H

#include "briefing/fold.h"

enum search_unit_kind { SEARCH_WORD, SEARCH_CHARACTER, SEARCH_SIGN };

struct search_unit {
    uint32_t start, end; /* bytes of the folded text */
    enum search_unit_kind kind;
    bool joined; /* nothing stands between it and the unit before */
};

/* All units of `folded`. Lives in the arena. */
struct search_unit *search_units_build(
    const struct folded *folded, struct arena *arena, size_t *ret_count);

#endif
