/* UTF-8, one code point at a time (RFC 3629: no overlong forms, no surrogates, at most
 * U+10FFFF). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The code point `text` begins with, and how many bytes it takes. A byte that begins none is
 * taken alone and gives U+FFFD; the end of the string gives 0 and takes nothing. Never reads
 * behind the NUL. */
size_t utf8_decode(const char *text, uint32_t *ret_codepoint);

#endif
