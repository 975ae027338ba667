/* utf8proc knows the categories and widths; what is added here is the view of a typesetter:
 * where does a word written with spaces end, and which characters never belong in print. */
#include "briefing/letters.h"

#include <utf8proc.h>

#include "base/attributes.h"
#include "base/utf8.h"

uint32_t letters_next(const char *text, size_t *offset)
{
    uint32_t c;
    *offset += utf8_decode(text + *offset, &c);
    return c;
}

uint32_t letters_peek(const char *text, size_t offset)
{
    return letters_next(text, &offset);
}

struct range {
    uint32_t first, last;
};

static bool is_in(uint32_t c, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

bool letters_is_han(uint32_t c)
{
    static const struct range ranges[] = {
        {0x2e80, 0x2fdf},
        {0x3005, 0x3007},
        {0x3040, 0x30ff},
        {0x3400, 0x4dbf},
        {0x4e00, 0x9fff},
        {0xac00, 0xd7af},
        {0xf900, 0xfaff},
        {0x20000, 0x323af},
    };
    return is_in(c, ranges, array_count(ranges));
}

bool letters_is_latin(uint32_t c)
{
    if (letters_is_han(c)) {
        return false;
    }
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
        (category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_NO);
}

bool letters_is_space(uint32_t c)
{
    if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85) {
        return true;
    }
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP;
}

bool letters_is_invisible(uint32_t c)
{
    static const struct range ranges[] = {
        {0x01, 0x08},
        {0x0e, 0x1f},
        {0x7f, 0x84},
        {0x86, 0x9f},
        {0xad, 0xad},
        {0x61c, 0x61c},
        {0x200b, 0x200b},
        {0x200e, 0x200f},
        {0x202a, 0x202e},
        {0x2060, 0x206f},
        {0xfeff, 0xfeff},
        {0xfff9, 0xfffb},
    };
    return is_in(c, ranges, array_count(ranges));
}

unsigned letters_columns_of(uint32_t c)
{
    int width = utf8proc_charwidth((utf8proc_int32_t)c);
    return width < 0 ? 0 : (unsigned)width;
}

size_t letters_columns(const char *text)
{
    size_t columns = 0, offset = 0;
    uint32_t c;
    while ((c = letters_next(text, &offset)) != 0) {
        columns += letters_columns_of(c);
    }
    return columns;
}

bool letters_have_han(const char *text)
{
    size_t offset = 0;
    uint32_t c;
    while ((c = letters_next(text, &offset)) != 0) {
        if (letters_is_han(c)) {
            return true;
        }
    }
    return false;
}
