/* Feeds put line breaks, NBSP and ideographic spaces anywhere; these are the few normal forms
 * the parsers share. Nothing here knows HTML: see feed/html.h. */
#include "feed/text.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "feed/text_flow.h"

/* Move both borders inward over white space. Backwards the longest form is tried first. */
static void trim_borders(const char **start, const char **end)
{
    size_t step;
    while (*start < *end && (step = text_space_length(*start, (size_t)(*end - *start))) > 0) {
        *start += step;
    }
    for (bool again = true; again && *end > *start;) {
        again = false;
        for (size_t length = 3; length >= 1 && !again; length--) {
            if ((size_t)(*end - *start) >= length &&
                text_space_length(*end - length, length) == length) {
                *end -= length;
                again = true;
            }
        }
    }
}

char *text_trim(struct arena *arena, const char *text, size_t length)
{
    const char *end = text + length;
    trim_borders(&text, &end);
    return text == end ? NULL : arena_strndup(arena, text, (size_t)(end - text));
}

char *text_trim_in_place(char *text)
{
    const char *start = text, *end = text + strlen(text);
    trim_borders(&start, &end);
    text[end - text] = '\0';
    return start == end ? NULL : text + (start - text);
}

/* How many bytes of a line are to be left out at `text`, behind the character `previous`. */
typedef size_t hidden_fn(unsigned previous, const char *text, size_t length);

static size_t hidden_in_line(unsigned previous, const char *text, size_t length)
{
    return text_direction_length(text, length);
}

static size_t hidden_in_title(unsigned previous, const char *text, size_t length)
{
    size_t bytes = text_invisible_length(text, length);
    return bytes > 0 ? bytes : text_stray_joiner_length(previous, text, length);
}

static char *collapse(struct arena *arena, const char *text, size_t length, hidden_fn *hidden)
{
    const char *end = text + length;
    char *copy = arena_alloc(arena, length + 1), *out = copy;
    unsigned previous = 0;
    for (size_t bytes; text < end; text += bytes) {
        size_t left = (size_t)(end - text);
        if ((bytes = text_space_length(text, left)) > 0) {
            previous = previous == 0 ? 0 : ' ';
        } else if ((unsigned char)*text < 0x80 || (bytes = hidden(previous, text, left)) == 0) {
            if (previous == ' ') {
                *out++ = ' ';
            }
            previous = text_codepoint(text, left, &bytes);
            memcpy(out, text, bytes);
            out += bytes;
        }
    }
    *out = '\0';
    return out == copy ? NULL : copy;
}

char *text_collapse(struct arena *arena, const char *text, size_t length)
{
    return collapse(arena, text, length, hidden_in_line);
}

char *text_title(struct arena *arena, const char *text, size_t length)
{
    return collapse(arena, text, length, hidden_in_title);
}

static const char *reference_for(char c, bool in_attribute)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return in_attribute ? "&quot;" : "\"";
    default:
        return "";
    }
}

void text_write_escaped(struct buffer *out, const char *text, size_t length, bool in_attribute)
{
    const char *end = text + length;
    while (text < end) {
        const char *plain = text;
        while (text < end && *text != '&' && *text != '<' && *text != '>' && *text != '"') {
            text++;
        }
        buffer_append(out, plain, (size_t)(text - plain));
        if (text < end) {
            buffer_puts(out, reference_for(*text++, in_attribute));
        }
    }
}

static bool has_at_sign(const char *text, size_t length)
{
    return memchr(text, '@', length) != NULL;
}

/* What is between `open` and `close` is one candidate, what stands before it the other: the one
 * without '@' is the name. */
static char *split_person(struct arena *arena, const char *text, const char *open, char close)
{
    const char *inside = open + 1;
    const char *end = strchr(inside, close);
    size_t inside_length = end == NULL ? strlen(inside) : (size_t)(end - inside);
    size_t before_length = (size_t)(open - text);
    if (has_at_sign(inside, inside_length)) {
        return text_trim(arena, text, before_length);
    }
    return has_at_sign(text, before_length) ? text_trim(arena, inside, inside_length) : NULL;
}

char *text_person(struct arena *arena, const char *text, size_t length)
{
    char *whole = text_collapse(arena, text, length);
    if (whole == NULL) {
        return NULL;
    }
    const char *open = strchr(whole, '(');
    char *name = open == NULL ? NULL : split_person(arena, whole, open, ')');
    if (name == NULL && (open = strchr(whole, '<')) != NULL) {
        name = split_person(arena, whole, open, '>');
    }
    return name == NULL ? whole : name;
}

static int base64_value(char c)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

char *text_decode_base64(
    struct arena *arena, const char *text, size_t length, size_t *ret_length)
{
    char *bytes = arena_alloc(arena, length / 4 * 3 + 4), *out = bytes;
    uint32_t bits = 0;
    int bit_count = 0;
    for (size_t i = 0; i < length && text[i] != '='; i++) {
        if (text_space_length(text + i, length - i) == 1) {
            continue;
        }
        int value = base64_value(text[i]);
        if (value < 0) {
            return NULL;
        }
        bits = bits << 6 | (uint32_t)value;
        bit_count += 6;
        if (bit_count >= 8) {
            bit_count -= 8;
            *out++ = (char)(bits >> bit_count & 0xff);
        }
    }
    *out = '\0';
    *ret_length = (size_t)(out - bytes);
    return bytes;
}

size_t text_clip(const char *text, size_t length, size_t max)
{
    if (length <= max) {
        return length;
    }
    while (max > 0 && (text[max] & 0xc0) == 0x80) {
        max--;
    }
    return max;
}

bool text_is_safe_link(const char *url)
{
    static const char *const schemes[] = {
        "http:",
        "https:",
        "ftp:",
        "ftps:",
        "mailto:",
        "magnet:",
        "gemini:",
        "gopher:",
        "news:",
    };
    for (size_t i = 0; i < array_count(schemes); i++) {
        if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0) {
            return true;
        }
    }
    return false;
}

const char *text_of_c1(unsigned char code)
{
    static const char *const characters[32] = {"€", "\xc2\x81", "‚", "ƒ", "„", "…", "†", "‡",
        "ˆ", "‰", "Š", "‹", "Œ", "\xc2\x8d", "Ž", "\xc2\x8f", "\xc2\x90", "‘", "’", "“", "”",
        "•", "–", "—", "˜", "™", "š", "›", "œ", "\xc2\x9d", "ž", "Ÿ"};
    return characters[code & 0x1f];
}
