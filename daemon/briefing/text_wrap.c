/* Greedy, with the rules of Chinese line breaking (W3C clreq 3.1.3) that plain text can follow.
 * Rejected: UAX #14 in full (libunibreak is one more dependency for what is ten lines here) and
 * format=flowed (RFC 3676 joins lines with a space, which is wrong between Han characters; its
 * DelSp is understood by hardly any reader).
 */
#include "briefing/text_wrap.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/attributes.h"
#include "briefing/letters.h"

static bool is_one_of(uint32_t c, const uint32_t *marks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (marks[i] == c) {
            return true;
        }
    }
    return false;
}

/* 「『（《〈【〖“‘ */
static bool opens(uint32_t c)
{
    static const uint32_t marks[] = {
        0x300c, 0x300e, 0xff08, 0x300a, 0x3008, 0x3010, 0x3016, 0x201c, 0x2018, '(', '[', '<'};
    return is_one_of(c, marks, array_count(marks));
}

/* 、。，．；：？！」』）》〉】〗”’…—·％ */
static bool closes(uint32_t c)
{
    static const uint32_t marks[] = {0x3001, 0x3002, 0xff0c, 0xff0e, 0xff1b, 0xff1a, 0xff1f,
        0xff01, 0x300d, 0x300f, 0xff09, 0x300b, 0x3009, 0x3011, 0x3017, 0x201d, 0x2019, 0x2026,
        0x2014, 0xb7, 0xff05, ')', ']', '>', ',', '.', ';', ':', '?', '!', '%', '/'};
    return is_one_of(c, marks, array_count(marks));
}

static bool is_wide(uint32_t c)
{
    return letters_columns_of(c) == 2;
}

static bool may_break(uint32_t before, uint32_t after)
{
    bool wide = is_wide(before) || is_wide(after);
    return before == ' ' || (wide && after != ' ' && !opens(before) && !closes(after));
}

struct wrapped {
    const char *line; /* not yet written, from here */
    size_t columns;   /* of it so far */
    const char *cut;  /* where it may be broken last; NULL: nowhere */
    size_t cut_columns;
};

static void write_line(const char *start, const char *end, struct buffer *out)
{
    while (end > start && end[-1] == ' ') {
        end--;
    }
    buffer_append(out, start, (size_t)(end - start));
    buffer_putc(out, '\n');
}

/* One line of `text`, `length` bytes. */
static void wrap_line(const char *text, size_t length, const char *first, const char *rest,
    size_t columns, struct buffer *out)
{
    struct wrapped state = {.line = text, .columns = letters_columns(first)};
    uint32_t before = 0;
    buffer_puts(out, first);
    for (size_t offset = 0; offset < length;) {
        const char *at = text + offset;
        uint32_t c = letters_next(text, &offset);
        if (at > state.line && may_break(before, c)) {
            state.cut = at;
            state.cut_columns = state.columns;
        }
        state.columns += letters_columns_of(c);
        if (columns > 0 && state.columns > columns && c != ' ' && state.cut != NULL) {
            write_line(state.line, state.cut, out);
            buffer_puts(out, rest);
            state.columns += letters_columns(rest) - state.cut_columns;
            state.line = state.cut;
            state.cut = NULL;
        }
        before = c;
    }
    write_line(state.line, text + length, out);
}

void text_wrap_write(
    const char *text, const char *first, const char *rest, size_t columns, struct buffer *out)
{
    do {
        size_t length = strcspn(text, "\n");
        wrap_line(text, length, first, rest, columns, out);
        text += length + (text[length] == '\n');
        first = rest;
    } while (*text != '\0');
}
