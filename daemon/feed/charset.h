/* Bytes in any charset -> valid UTF-8. PURE.
 *
 * The order of trust: byte order mark, the pattern of "<?" in UTF-16/32, the HTTP header, the
 * XML declaration, UTF-8 if the bytes are valid, and last a guess. A declaration is believed
 * only as long as the bytes do not contradict it; every contradiction is told in
 * charset_result.doubt.
 */
#ifndef FEED_CHARSET_H
#define FEED_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct charset_result {
    const char *data; /* valid UTF-8 without BOM; the input itself when nothing had to change */
    size_t length;
    const char *charset; /* what the bytes were read as, iconv's name; static or in the arena */
    const char *doubt;   /* why the charset is a guess or bytes were lost; NULL: no doubt */
};

/* `http_content_type` is the header's value or NULL. Never fails: bytes that mean nothing
 * become U+FFFD. The result lives in the arena, or is `data` itself. */
struct charset_result charset_to_utf8(
    struct arena *arena, const char *data, size_t length, const char *http_content_type);

/* True when `data` is UTF-8 by RFC 3629: no overlong forms, no surrogates. */
bool utf8_is_valid(const char *data, size_t length);

#endif
