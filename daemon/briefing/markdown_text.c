/* Escaping by position, not by wish: a mark is escaped wherever it could pair with another one
 * in the same paragraph (an item is one paragraph: its title can close what its summary opens).
 *
 * "<" and "&" become entities, because kramdown has no backslash escape for them. "|" stays: it
 * is a table only in a line above a delimiter row, which no line of ours can be, and the house
 * form puts it between title and source; the archive table writes nothing but dates and URLs.
 * "$" stays too: in a paper's title GitHub sets it as the formula it is. */
#include "briefing/markdown_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/attributes.h"
#include "briefing/letters.h"

static bool is_alnum(uint32_t c)
{
    return c < 0x80 && isalnum((int)c);
}

/* ASCII that may stand in a URL as it is. Brackets and quotes may by RFC 3986, but end a
 * Markdown destination; "*", "_" and "~" would pair in a bare address only, where "_" inside a
 * word is safe. */
static bool is_plain_in_url(uint32_t c)
{
    return is_alnum(c) || (c != 0 && c < 0x80 && strchr("-._~:/?#@!$&+,;=%", (int)c) != NULL);
}

static void write_url(const char *url, char also_plain, struct buffer *out)
{
    for (; *url != '\0'; url++) {
        unsigned char c = (unsigned char)*url;
        if (is_plain_in_url(c) || (char)c == also_plain) {
            buffer_putc(out, (char)c);
        } else {
            buffer_printf(out, "%%%02X", c);
        }
    }
}

void markdown_write_url(const char *url, struct buffer *out)
{
    write_url(url, '\0', out);
}

void markdown_write_destination(const char *url, struct buffer *out)
{
    write_url(url, '*', out);
}

/* "&lt;" in a title is those four characters. */
static bool begins_entity(const char *text)
{
    if (text[0] != '&') {
        return false; /* before a long word is walked over, once for each of its letters */
    }
    size_t length = 1 + strspn(text + 1, "#");
    while (is_alnum((unsigned char)text[length])) {
        length++;
    }
    return length > 1 && text[length] == ';';
}

/* Bytes of a web address at the start of `text`, as GitHub recognises them; 0: none. A stop at
 * its end is the sentence's. */
static size_t address_length(const char *text, uint32_t before)
{
    static const char *const starts[] = {"http://", "https://", "www."};
    size_t length = 0;
    for (size_t i = 0; i < array_count(starts) && length == 0; i++) {
        size_t size = strlen(starts[i]);
        bool inside = starts[i][0] == 'w' && is_alnum(before);
        bool begins = !inside && strncasecmp(text, starts[i], size) == 0;
        unsigned char host = begins ? (unsigned char)text[size] : 0;
        length = is_alnum(host) || host >= 0x80 ? size : 0;
    }
    while (length > 0 && is_plain_in_url((unsigned char)text[length]) &&
        !begins_entity(text + length)) {
        length++;
    }
    while (length > 0 && strchr(".,:;!?_~", text[length - 1]) != NULL) {
        length--;
    }
    return length;
}

/* GitHub takes whatever follows up to a space into the address, be it a Han character, a
 * full-width stop or our own escape; only stops before a space are left out. A space ends it
 * where it ended. */
static void write_address(const char *text, size_t length, struct buffer *out)
{
    buffer_append(out, text, length);
    const char *behind = text + length + strspn(text + length, ".,:!?)");
    if (*behind != '\0' && !isspace((unsigned char)*behind)) {
        buffer_putc(out, ' ');
    }
}

/* "_" between letters opens and closes nothing, be they Latin or Han. */
static bool is_letter(uint32_t c)
{
    return c < 0x80 ? is_alnum(c) : letters_is_han(c) || letters_is_latin(c);
}

static void write_ascii(const char *text, uint32_t before, struct buffer *out)
{
    char c = text[0];
    if (c == '<') {
        buffer_puts(out, "&lt;");
    } else if (begins_entity(text)) {
        buffer_puts(out, "&amp;");
    } else {
        bool in_word = c == '_' && is_letter(before) && is_letter(letters_peek(text, 1));
        if (strchr("\\`*_~[]", c) != NULL && !in_word) {
            buffer_putc(out, '\\');
        }
        buffer_putc(out, c);
    }
}

void markdown_write_text(const char *text, struct buffer *out)
{
    size_t offset = 0;
    uint32_t before = ' ', c;
    while (text[offset] != '\0') {
        size_t address = address_length(text + offset, before);
        if (address > 0) {
            write_address(text + offset, address, out);
            offset += address;
            before = 'a';
            continue;
        }
        size_t at = offset;
        c = letters_next(text, &offset);
        if (letters_is_space(c)) {
            buffer_putc(out, ' ');
        } else if (c < 0x80 && !letters_is_invisible(c)) {
            write_ascii(text + at, before, out);
        } else if (!letters_is_invisible(c)) {
            buffer_put_codepoint(out, c);
        }
        before = c;
    }
}

/* The offset of the mark that would make a block of `text`, or -1: "# ", "> ", "- ", "12. ",
 * "===". */
static long block_mark(const char *text)
{
    if (*text != '\0' && strchr("#>-+=:", *text) != NULL) {
        return 0;
    }
    long digits = (long)strspn(text, "0123456789");
    return digits > 0 && (text[digits] == '.' || text[digits] == ')') ? digits : -1;
}

void markdown_write_line(const char *text, struct buffer *out)
{
    text += strspn(text, " \t\r\n");
    long mark = block_mark(text);
    if (mark >= 0) {
        buffer_printf(out, "%.*s\\%c", (int)mark, text, text[mark]);
        text += mark + 1;
    }
    markdown_write_text(text, out);
}
