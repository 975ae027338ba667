/* The table is RFC 3629's grammar: the second byte's range is what keeps the forbidden forms
 * out. */
#include "base/utf8.h"

#include <string.h>

#include "base/attributes.h"

enum { REPLACEMENT = 0xfffd };

size_t utf8_measure(const char *bytes, size_t left)
{
    const unsigned char *text = (const unsigned char *)bytes;
    static const struct {
        unsigned char first, last, low, high; /* range of the first byte, then of the second */
        size_t length;
    } forms[] = {
        {0xC2, 0xDF, 0x80, 0xBF, 2},
        {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3},
        {0xED, 0xED, 0x80, 0x9F, 3},
        {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4},
        {0xF1, 0xF3, 0x80, 0xBF, 4},
        {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    if (left == 0 || text[0] < 0x80) {
        return left == 0 || text[0] == 0 ? 0 : 1;
    }
    for (size_t i = 0; i < array_count(forms); i++) {
        if (text[0] < forms[i].first || text[0] > forms[i].last) {
            continue;
        }
        bool sound = left >= forms[i].length && text[1] >= forms[i].low &&
            text[1] <= forms[i].high;
        for (size_t k = 2; sound && k < forms[i].length; k++) {
            sound = (text[k] & 0xC0) == 0x80;
        }
        return sound ? forms[i].length : 0;
    }
    return 0;
}

size_t utf8_decode(const char *text, uint32_t *ret_codepoint)
{
    unsigned char first = (unsigned char)text[0];
    if (first < 0x80) {
        *ret_codepoint = first;
        return first != 0;
    }
    /* Each byte is looked at only when the one before it was sound, so the NUL ends it in time.
     */
    size_t length = utf8_measure(text, 4);
    if (length == 0) {
        *ret_codepoint = REPLACEMENT;
        return 1;
    }
    static const unsigned char lead_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t codepoint = first & lead_bits[length];
    for (size_t i = 1; i < length; i++) {
        codepoint = codepoint << 6 | ((unsigned char)text[i] & 0x3f);
    }
    *ret_codepoint = codepoint;
    return length;
}

bool utf8_is_text(const char *bytes, size_t length)
{
    for (size_t at = 0, size; at < length; at += size) {
        size = utf8_measure(bytes + at, length - at);
        if (size == 0) {
            return false;
        }
    }
    return true;
}

size_t utf8_count_printable(const char *text)
{
    size_t count = 0;
    for (size_t left = strlen(text), size; left > 0; text += size, left -= size, count++) {
        uint32_t codepoint;
        size = utf8_measure(text, left);
        if (size == 0 || utf8_decode(text, &codepoint) != size || codepoint < 0x20 ||
            (codepoint >= 0x7f && codepoint <= 0x9f)) {
            return 0;
        }
    }
    return count;
}
