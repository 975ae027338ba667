/* Where one UTF-8 character ends. No state; any thread. */
#ifndef CONFIG_UTF8_H
#define CONFIG_UTF8_H

#include <stddef.h>

/* Length of the character at `bytes`, of which `left` may be read; 0 when there is none: NUL, and
 * what RFC 3629 forbids (overlong forms, surrogates, anything above U+10FFFF, a cut sequence). */
size_t utf8_measure(const char *bytes, size_t left);

#endif
