/* Code points of UTF-8 text and the few classes that setting a headline needs. PURE.
 *
 * Columns count a Han character as two and a Latin one as one, so that one limit serves titles
 * in both: 30 Han characters read as long as 60 Latin letters.
 */
#ifndef BRIEFING_LETTERS_H
#define BRIEFING_LETTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The code point at *offset, which moves behind it; 0 at the end of the text, U+FFFD for a byte
 * that is no UTF-8. */
uint32_t letters_next(const char *text, size_t *offset);

/* The code point at `offset`, which stays. */
uint32_t letters_peek(const char *text, size_t offset);

bool letters_is_han(uint32_t c);   /* ideographs, kana, hangul: no spaces between words */
bool letters_is_latin(uint32_t c); /* part of a word that is written with spaces around it */
bool letters_is_space(uint32_t c); /* also U+3000, NBSP and line separators */

/* Code points that say nothing and can garble what follows: C0, C1, bidi overrides, zero width.
 */
bool letters_is_invisible(uint32_t c);

unsigned letters_columns_of(uint32_t c);
size_t letters_columns(const char *text);

bool letters_have_han(const char *text);

#endif
