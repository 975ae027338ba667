#include "base/utf8.h"

#include <stdbool.h>

enum { REPLACEMENT = 0xfffd };

/* How many bytes a character takes that begins with `lead`, and the least code point that may
 * be written in so many; 0 bytes for what begins none. */
static size_t sequence_of(unsigned char lead, uint32_t *ret_bits, uint32_t *ret_least)
{
    if (lead >= 0xc2 && lead < 0xe0) {
        *ret_bits = lead & 0x1fu;
        *ret_least = 0x80;
        return 2;
    }
    if (lead >= 0xe0 && lead < 0xf0) {
        *ret_bits = lead & 0x0fu;
        *ret_least = 0x800;
        return 3;
    }
    if (lead >= 0xf0 && lead < 0xf5) {
        *ret_bits = lead & 0x07u;
        *ret_least = 0x10000;
        return 4;
    }
    return 0;
}

size_t utf8_decode(const char *text, uint32_t *ret_codepoint)
{
    unsigned char lead = (unsigned char)text[0];
    *ret_codepoint = lead;
    if (lead < 0x80) {
        return lead == 0 ? 0 : 1;
    }
    uint32_t codepoint, least;
    size_t length = sequence_of(lead, &codepoint, &least);
    *ret_codepoint = REPLACEMENT;
    for (size_t i = 1; i < length; i++) {
        unsigned char next = (unsigned char)text[i];
        if ((next & 0xc0) != 0x80) { /* the NUL as well */
            return 1;
        }
        codepoint = codepoint << 6 | (next & 0x3fu);
    }
    bool valid = length > 0 && codepoint >= least && codepoint <= 0x10ffff &&
        (codepoint < 0xd800 || codepoint > 0xdfff);
    if (!valid) {
        return 1;
    }
    *ret_codepoint = codepoint;
    return length;
}
