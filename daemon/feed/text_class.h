/* The few classes of characters the text writers ask for, on UTF-8. PURE. */
#ifndef FEED_TEXT_CLASS_H
#define FEED_TEXT_CLASS_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes of the white space character at `text`: ASCII's, U+0085, NBSP, the Unicode spaces
 * and separators, U+3000. 0 when it is something else. */
size_t text_space_length(const char *text, size_t length);

/* The code point at `text` and, in *ret_length, its bytes. A broken sequence is U+FFFD, one
 * byte. */
unsigned text_codepoint(const char *text, size_t length, size_t *ret_length);

/* Han, kana and the full-width punctuation between them: no blank belongs at a line's end
 * there. */
bool text_is_cjk(unsigned codepoint);

#endif
