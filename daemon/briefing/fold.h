/* One normal form of text for matching, with the way back to the original for highlighting.
 *
 * Folded text is valid UTF-8 in which these are equal: upper and lower case, full and half
 * width, composed and decomposed letters, ligatures and their letters (NFKC + case folding),
 * traditional and simplified characters, and any run of white space, hyphens and trade marks
 * (one space). Characters that show nothing (zero width space, soft hyphen, variation
 * selectors) are gone, and so is white space between Han and Latin, which writers put in or
 * leave out as they like. Bytes that are not UTF-8 become U+FFFD. Patterns and texts go through
 * the same function, so both sides always agree.
 *
 * PURE: the table of simplified characters is part of the program.
 */
#ifndef BRIEFING_FOLD_H
#define BRIEFING_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/fault.h"

/* Text behind this is not looked at, so that offsets fit 32 bits whatever NFKC expands to. */
enum { FOLD_MAX_BYTES = 64 << 20 };

struct fold_table;

/* The one there is; frozen, any thread. */
const struct fold_table *fold_table_get(void);

/* Names what the table does to text: the same number means the same folding, for what is kept
 * folded (a search index). Changes with the rules here, with the OpenCC it was built with and
 * with utf8proc's Unicode. */
uint64_t fold_table_fingerprint(const struct fold_table *table);

struct folded {
    const char *text; /* NUL-terminated */
    uint32_t length;
    const uint32_t *origin; /* of each byte: offset in the original of what it was made from */
    const char *original;   /* borrowed */
    uint32_t original_length;
};

/* Everything but `original` lives in the arena. */
struct folded fold_text(
    const struct fold_table *table, struct arena *arena, const char *text, size_t length);

/* The bytes of the original that folded bytes [start, end) were made from; start < end. Whole
 * characters with their combining marks, never a part of one. */
void fold_span(const struct folded *folded, uint32_t start, uint32_t end, uint32_t *ret_offset,
    uint32_t *ret_length);

/* A character that words are made of where words are divided by spaces: Latin, Greek, Cyrillic
 * and the like with their digits and marks; not Han, kana, Hangul or Thai. */
bool fold_is_word(uint32_t codepoint);

/* Han, with the iteration mark and ideographic zero (々〇). */
bool fold_is_han(uint32_t codepoint);

/* The character of folded text that ends at byte `at`, or begins there; 0 outside the text. */
uint32_t fold_before(const struct folded *folded, uint32_t at);
uint32_t fold_at(const struct folded *folded, uint32_t at);

/* Was the letter that became byte `at` a capital? In text where case was never written (Han,
 * digits) nothing was. */
bool fold_was_capital(const struct folded *folded, uint32_t at);

#endif
