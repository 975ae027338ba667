/* UTF-8, one character at a time (RFC 3629: no overlong forms, no surrogates, at most
 * U+10FFFF). No state; any thread. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length of the character at `bytes`, of which `left` may be read; 0 when there is none: NUL, a
 * byte that begins no character, a cut or forbidden sequence. */
size_t utf8_measure(const char *bytes, size_t left);

/* Is all of it UTF-8, without a NUL? Nothing is. */
bool utf8_is_text(const char *bytes, size_t length);

/* How many characters `text` has; 0 when it is not UTF-8 or has a control character (C0, DEL,
 * C1), as nothing has that a person gives as a name or a password. */
size_t utf8_count_printable(const char *text);

/* The code point the string `text` begins with; returns how many bytes it takes. A byte that
 * begins none is taken alone and gives U+FFFD; the end of the string gives 0 and takes nothing.
 * Never reads behind the NUL. */
size_t utf8_decode(const char *text, uint32_t *ret_codepoint);

#endif
