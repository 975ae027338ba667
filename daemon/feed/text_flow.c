#include "feed/text_flow.h"

/* Overlong forms and surrogates are broken too, byte by byte, as base/utf8.h counts them; the
 * test is spelled out here because every character of every text passes it. */
unsigned text_codepoint_beyond_ascii(const char *text, size_t length, size_t *ret_length)
{
    static const unsigned least[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *p = (const unsigned char *)text;
    size_t more = p[0] >= 0xf0 ? 3 : p[0] >= 0xe0 ? 2 : p[0] >= 0xc2 ? 1 : 0;
    *ret_length = 1;
    if (more == 0 || p[0] > 0xf4 || length < more + 1) {
        return 0xfffd;
    }
    unsigned codepoint = p[0] & (0x3f >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0xfffd;
        }
        codepoint = codepoint << 6 | (p[i] & 0x3f);
    }
    if (codepoint < least[more] || codepoint > 0x10ffff || (codepoint >> 11) == 0x1b) {
        return 0xfffd;
    }
    *ret_length = more + 1;
    return codepoint;
}

size_t text_space_length(const char *text, size_t length)
{
    unsigned char first = (unsigned char)text[0];
    if (first <= ' ') {
        return 1; /* controls too: none of them shows */
    }
    if (first != 0xc2 && first != 0xe1 && first != 0xe2 && first != 0xe3) {
        return 0;
    }
    size_t bytes;
    unsigned c = text_codepoint(text, length, &bytes);
    bool space = c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
        c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
    return space ? bytes : 0;
}

static bool is_direction_mark(unsigned c)
{
    return c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
        (c >= 0x2066 && c <= 0x2069);
}

size_t text_direction_length(const char *text, size_t length)
{
    size_t bytes;
    return *text == '\xe2' && is_direction_mark(text_codepoint(text, length, &bytes)) ? bytes
                                                                                      : 0;
}

size_t text_invisible_length(const char *text, size_t length)
{
    unsigned char first = (unsigned char)text[0];
    if (first != 0xc2 && first != 0xe2 && first != 0xef) {
        return 0;
    }
    size_t bytes;
    unsigned c = text_codepoint(text, length, &bytes);
    bool invisible = c == 0xad || c == 0x200b || c == 0x2060 || c == 0xfeff ||
        is_direction_mark(c);
    return invisible ? bytes : 0;
}

/* A letter of a script that does not join, or a mark: behind Latin, Greek and Cyrillic the
 * scripts begin that do; so do emoji. */
static bool never_joins(unsigned c)
{
    return c > ' ' && (c < 0x590 || (c >= 0x2000 && c <= 0x206f) || text_is_cjk(c));
}

size_t text_stray_joiner_length(unsigned previous, const char *text, size_t length)
{
    size_t bytes, next_bytes;
    unsigned c = text_codepoint(text, length, &bytes);
    if (c != 0x200c && c != 0x200d) {
        return 0;
    }
    unsigned next = length == bytes ? 0
                                    : text_codepoint(text + bytes, length - bytes, &next_bytes);
    return never_joins(previous) || never_joins(next) ? bytes : 0;
}

bool text_is_cjk(unsigned c)
{
    return (c >= 0x2e80 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x4dbf) ||
        (c >= 0x4e00 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
        (c >= 0xff00 && c <= 0xffef) || (c >= 0x20000 && c <= 0x3ffff);
}

void text_flow_break(struct text_flow *flow)
{
    flow->breaks = flow->breaks > 0 ? flow->breaks : 1;
    flow->space = flow->wrapped = false;
    flow->joint = NULL;
}

/* What stands between the text so far and the character that comes. */
static void write_gap(struct text_flow *flow, unsigned next)
{
    if (flow->breaks > 0 && flow->out->length > 0) {
        for (unsigned i = 0; i < flow->breaks; i++) {
            buffer_putc(flow->out, '\n');
        }
    } else if (flow->space && flow->previous != 0 &&
        !(flow->wrapped && text_is_cjk(flow->previous) && text_is_cjk(next))) {
        buffer_puts(flow->out, flow->joint != NULL ? flow->joint : " ");
    }
    if (flow->bullet) {
        for (size_t i = 0; i < flow->indent; i++) {
            buffer_putc(flow->out, ' ');
        }
        if (flow->number > 0) {
            buffer_printf(flow->out, "%u. ", flow->number);
        } else {
            buffer_puts(flow->out, "- ");
        }
    }
    flow->joint = NULL;
    flow->breaks = 0;
    flow->space = flow->wrapped = flow->bullet = false;
}

static void take_space(struct text_flow *flow, const char *text)
{
    if (flow->verbatim && *text == '\n') {
        flow->breaks++;
        flow->space = false;
    } else if (flow->verbatim) {
        write_gap(flow, ' ');
        buffer_putc(flow->out, *text == '\t' ? '\t' : ' ');
        flow->previous = ' ';
    } else {
        flow->space = true;
        flow->wrapped = flow->wrapped || *text == '\n' || *text == '\r';
    }
}

/* Can `byte` begin a space or an invisible character beyond ASCII? */
static bool may_be_special(char byte)
{
    switch ((unsigned char)byte) {
    case 0xc2:
    case 0xe1:
    case 0xe2:
    case 0xe3:
    case 0xef:
        return true;
    default:
        return false;
    }
}

static bool is_ordinary(char byte)
{
    return (unsigned char)byte > ' ' && !may_be_special(byte);
}

/* How many bytes can be copied as they are: the first character in any case, then all but what
 * may begin a space or an invisible character. A single blank between two words is copied too.
 * *ret_last is the last character. Most text goes by here. */
static size_t measure_run(const char *text, const char *end, unsigned *ret_last)
{
    size_t bytes;
    *ret_last = text_codepoint(text, (size_t)(end - text), &bytes);
    const char *p = text + bytes;
    while (p < end && (is_ordinary(*p) || (*p == ' ' && p + 1 < end && is_ordinary(p[1])))) {
        p++;
    }
    if (p > text + bytes) {
        const char *last = p - 1;
        while ((*last & 0xc0) == 0x80 && last > text) {
            last--;
        }
        *ret_last = text_codepoint(last, (size_t)(end - last), &bytes);
    }
    return (size_t)(p - text);
}

void text_flow_put(struct text_flow *flow, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        size_t bytes = text_space_length(text, (size_t)(end - text));
        if (bytes > 0) {
            take_space(flow, text);
        } else if ((bytes = text_invisible_length(text, (size_t)(end - text))) == 0) {
            if (flow->breaks > 0) {
                flow->previous = 0;
            }
            write_gap(flow, text_codepoint(text, (size_t)(end - text), &bytes));
            bytes = measure_run(text, end, &flow->previous);
            buffer_append(flow->out, text, bytes);
        }
        text += bytes;
    }
}
