/* Keywords: what a pattern in feeds.conf means, and finding all of them in one pass.
 *
 * A pattern is one of
 *
 * - NPU: a word or words, on word boundaries, case folded ("NPU" is in 华为NPU发布, "ARM" not
 *   in "alarm"). Several words are a phrase: any white space or hyphens may stand between them
 *   ("low-bit" = "low bit").
 * - 量化: Han, found anywhere. In a mixed one (AI芯片) only the Latin end needs a boundary.
 * - quantiz*: a word that begins so; the match is the whole word.
 * - =ARM, =AVX*: the same in this case only: neither "arm" nor "Arm". In full width too.
 * - /regex/: PCRE2 on the original text, Unicode, caseless, not able to match nothing.
 * - title:… summary:… source:… url:… any of these only in that field; without it title and
 *   summary.
 *
 * A word boundary is where the neighbour is no letter or digit of a script that divides words
 * by spaces, so Han beside Latin is one (inside a regex \b is PCRE2's, which sees none there).
 *
 * All literals of all lists stand in one automaton (briefing/automaton.h) over the folded text
 * (briefing/fold.h); a list votes once, but every match is reported so that it can be shown.
 * A regex works on the first 64 KiB of a field, reports its first 16 matches there, and gives
 * up at a limit on backtracking: a bad one costs milliseconds, whatever the text. PURE; a set
 * is frozen once built and may be used by any thread.
 */
#ifndef BRIEFING_KEYWORD_H
#define BRIEFING_KEYWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/fault.h"

enum keyword_field {
    KEYWORD_TITLE = 1,
    KEYWORD_SUMMARY = 2,
    KEYWORD_SOURCE = 4,
    KEYWORD_URL = 8,
};

struct keyword_set;

/* The texts one item offers; NULL fields match nothing. */
struct keyword_texts {
    const char *title;
    const char *summary;
    const char *source;
    const char *url;
};

struct keyword_match {
    uint32_t list; /* the number given to keyword_set_add() */
    enum keyword_field field;
    uint32_t offset, length; /* bytes in the original text of that field */
    const char *pattern;     /* as written; borrowed from the set */
};

struct keyword_matches {
    struct keyword_match *items;
    size_t count;
    size_t capacity;
};

struct fold_table;

/* `table` must outlive the set. Caller frees with keyword_set_free(). */
must_check struct keyword_set *keyword_set_new(const struct fold_table *table);
void keyword_set_free(struct keyword_set *set);

/* Add one pattern, copied, to list number `list`. Fails with FAULT_CONFIG and a sentence that
 * says what to write instead (empty, bad regex with the offset, unknown field, a lone '*').
 * Before build only. */
must_check bool keyword_set_add(
    struct keyword_set *set, uint32_t list, const char *pattern, struct fault *fault);

/* Freeze. After it only keyword_set_find() may be called. */
void keyword_set_build(struct keyword_set *set);

/* Every match in all fields, ordered by field, then offset, longer ones first; the array lives
 * in the arena, beside the folded texts. A regex that hits its limit simply does not match
 * (counted in *ret_limited when not NULL). */
void keyword_set_find(const struct keyword_set *set, struct arena *arena,
    const struct keyword_texts *texts, struct keyword_matches *ret_matches,
    size_t *ret_limited);

#endif
