/* One pass over the characters. A character opens a unit, lengthens the word before it, or
 * divides; which of these is asked of ASCII and Han first, because nearly all text is either.
 */
#include "storage/search_units.h"

#include <utf8proc.h>

/* The character at `bytes`. Folded text is valid UTF-8, so nothing is checked. */
static inline uint32_t decode(const unsigned char *bytes, uint32_t *ret_codepoint)
{
    if (bytes[0] < 0x80) {
        *ret_codepoint = bytes[0];
        return 1;
    }
    if (bytes[0] < 0xe0) {
        *ret_codepoint = (bytes[0] & 0x1fu) << 6 | (bytes[1] & 0x3fu);
        return 2;
    }
    if (bytes[0] < 0xf0) {
        *ret_codepoint = (bytes[0] & 0x0fu) << 12 | (bytes[1] & 0x3fu) << 6 |
            (bytes[2] & 0x3fu);
        return 3;
    }
    *ret_codepoint = (bytes[0] & 0x07u) << 18 | (bytes[1] & 0x3fu) << 12 |
        (bytes[2] & 0x3fu) << 6 | (bytes[3] & 0x3fu);
    return 4;
}

enum letter { LETTER_NONE, LETTER_WORD, LETTER_ALONE, LETTER_SIGN };

static enum letter classify(uint32_t codepoint)
{
    if (codepoint >= 0x4e00 && codepoint <= 0x9fff) {
        return LETTER_ALONE;
    }
    if (fold_is_word(codepoint)) {
        return LETTER_WORD;
    }
    if (codepoint < 0x80) {
        return codepoint == '+' || codepoint == '#' ? LETTER_SIGN : LETTER_NONE;
    }
    if (fold_is_han(codepoint)) {
        return LETTER_ALONE;
    }
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)codepoint);
    bool letter = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
    return letter ? LETTER_ALONE : LETTER_NONE;
}

struct units {
    struct arena *arena;
    struct search_unit *items;
    size_t count, capacity;
};

static bool ends_at(const struct units *units, uint32_t offset)
{
    return units->count > 0 && units->items[units->count - 1].end == offset;
}

static void add(struct units *units, uint32_t start, uint32_t end, enum search_unit_kind kind)
{
    bool joined = ends_at(units, start);
    if (units->count == units->capacity) {
        units->items = arena_grow(
            units->arena, units->items, sizeof(*units->items), &units->capacity);
    }
    units->items[units->count++] = (struct search_unit){start, end, kind, joined};
}

static void take(struct units *units, enum letter letter, uint32_t start, uint32_t end)
{
    struct search_unit *last = ends_at(units, start) ? &units->items[units->count - 1] : NULL;
    switch (letter) {
    case LETTER_WORD:
        if (last != NULL && last->kind == SEARCH_WORD) {
            last->end = end;
        } else {
            add(units, start, end, SEARCH_WORD);
        }
        break;
    case LETTER_SIGN:
        if (last != NULL && last->kind != SEARCH_CHARACTER) {
            add(units, start, end, SEARCH_SIGN);
        }
        break;
    case LETTER_ALONE:
        add(units, start, end, SEARCH_CHARACTER);
        break;
    case LETTER_NONE:
        break;
    }
}

struct search_unit *search_units_build(
    const struct folded *folded, struct arena *arena, size_t *ret_count)
{
    struct units units = {.arena = arena};
    for (uint32_t at = 0; at < folded->length;) {
        uint32_t codepoint;
        uint32_t used = decode((const unsigned char *)folded->text + at, &codepoint);
        take(&units, classify(codepoint), at, at + used);
        at += used;
    }
    *ret_count = units.count;
    return units.items;
}
