/* The table is RFC 3629's grammar: the second byte's range is what keeps the forbidden forms
 * out. */
#include "config/utf8.h"

#include <stdbool.h>

#include "base/attributes.h"

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
    if (text[0] < 0x80) {
        return text[0] == 0 ? 0 : 1;
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
