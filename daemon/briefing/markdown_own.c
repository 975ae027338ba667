/* The editor's own Markdown, line by line, and Markdown read back as plain text.
 *
 * Her line is passed on as she wrote it; the one thing it may not do is end the paragraph it
 * stands in, for then the rest of the issue would be read as something else, by a renderer and
 * by the reader of past issues alike. So only the start of a line is looked at. The escape and
 * its reversal stand side by side here, because each is only as good as the other.
 *
 * Rejected: escaping her whole line as plain text is (her links and code would be gone), and
 * refusing such lines (a quotation that begins with ">" is nothing to argue about). */
#include "briefing/markdown_text.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/attributes.h"
#include "briefing/letters.h"

static bool ends_word(char c)
{
    return c == ' ' || c == '\t' || c == '\0';
}

bool markdown_is_rule(const char *text)
{
    text += strspn(text, " \t");
    char mark = *text;
    if (mark == '\0' || strchr("-*_=", mark) == NULL) {
        return false;
    }
    size_t marks = 0;
    for (; *text == mark || *text == ' ' || *text == '\t'; text++) {
        marks += *text == mark;
    }
    return *text == '\0' && (marks >= 3 || mark == '=' || mark == '-');
}

/* What behind "<" makes HTML that swallows all up to its own end (CommonMark 4.6, kinds 1 to
 * 5). */
static bool opens_html(const char *text)
{
    static const char *const starts[] = {"!", "?", "script", "pre", "style", "textarea"};
    for (size_t i = 0; i < array_count(starts); i++) {
        if (strncasecmp(text, starts[i], strlen(starts[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* Bytes of ``` or ~~~ at the start, else 0. */
static size_t fence_length(const char *text)
{
    size_t length = *text == '`' || *text == '~' ? strspn(text, *text == '`' ? "`" : "~") : 0;
    return length >= 3 ? length : 0;
}

/* One mark at the start would make another block of the line. */
static bool begins_block(const char *text, bool indented)
{
    size_t hashes = strspn(text, "#");
    bool bullet = *text != '\0' && strchr("-*+", *text) != NULL && ends_word(text[1]);
    return (hashes > 0 && hashes <= 6 && ends_word(text[hashes])) || *text == '>' ||
        *text == '|' || (bullet && !indented) || markdown_is_rule(text);
}

void markdown_write_own_line(const char *text, struct buffer *out)
{
    size_t indent = strspn(text, " \t");
    buffer_append(out, text, indent);
    text += indent;
    size_t fence = fence_length(text);
    if (fence > 0) {
        for (; fence > 0; fence--) {
            buffer_printf(out, "\\%c", *text++);
        }
    } else if (*text == '<' && opens_html(text + 1)) {
        buffer_puts(out, "&lt;");
        text++;
    } else if (begins_block(text, indent > 0)) {
        buffer_putc(out, '\\');
    }
    buffer_puts(out, text);
}

/* "\`\`\`": bytes of the escaped fence, or 0. */
static size_t escaped_fence_length(const char *text)
{
    if (text[0] != '\\' || (text[1] != '`' && text[1] != '~')) {
        return 0;
    }
    size_t length = 0;
    while (text[length] == '\\' && text[length + 1] == text[1]) {
        length += 2;
    }
    return length >= 6 ? length : 0;
}

void markdown_read_own_line(const char *text, struct buffer *out)
{
    size_t indent = strspn(text, " \t");
    buffer_append(out, text, indent);
    text += indent;
    size_t fence = escaped_fence_length(text);
    if (fence > 0) {
        for (size_t i = 1; i < fence; i += 2) {
            buffer_putc(out, text[i]);
        }
        text += fence;
    } else if (text[0] == '\\' && begins_block(text + 1, indent > 0)) {
        text++;
    } else if (strncmp(text, "&lt;", 4) == 0 && opens_html(text + 4)) {
        buffer_putc(out, '<');
        text += 4;
    }
    buffer_puts(out, text);
}

/* ---- Markdown -> plain ---- */

/* "&lt;" and the like at the start of `text`: the character, and how many bytes stand for it;
 * 0: none. A name nobody uses in an issue stays as it is written. */
static size_t read_entity(const char *text, size_t left, uint32_t *ret_codepoint)
{
    static const struct {
        const char *name;
        uint32_t codepoint;
    } names[] = {
        {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
    for (size_t i = 0; i < array_count(names); i++) {
        size_t length = strlen(names[i].name);
        if (length <= left && memcmp(text, names[i].name, length) == 0) {
            *ret_codepoint = names[i].codepoint;
            return length;
        }
    }
    if (left < 4 || text[1] != '#' || !isdigit((unsigned char)text[2])) {
        return 0;
    }
    size_t length = 2;
    uint32_t number = 0;
    for (; length < left && length < 9 && isdigit((unsigned char)text[length]); length++) {
        number = number * 10 + (uint32_t)(text[length] - '0');
    }
    *ret_codepoint = number;
    return length < left && text[length] == ';' && number > 0 ? length + 1 : 0;
}

static void write_plain(uint32_t c, struct buffer *out)
{
    if (letters_is_space(c)) {
        buffer_putc(out, ' ');
    } else if (!letters_is_invisible(c)) {
        buffer_put_codepoint(out, c);
    }
}

void markdown_read_text(const char *markdown, size_t length, struct buffer *out)
{
    size_t offset = 0;
    while (offset < length) {
        const char *at = markdown + offset;
        uint32_t c;
        size_t entity = *at == '&' ? read_entity(at, length - offset, &c) : 0;
        if (entity > 0) {
            offset += entity;
        } else {
            bool escaped = at[0] == '\\' && offset + 1 < length &&
                ispunct((unsigned char)at[1]);
            offset += escaped ? 1 : 0;
            c = letters_next(markdown, &offset);
        }
        write_plain(c, out);
    }
}

void markdown_read_lines(const char *markdown, struct buffer *out)
{
    for (;;) {
        size_t length = strcspn(markdown, "\n");
        markdown_read_text(markdown, length, out);
        if (markdown[length] == '\0') {
            return;
        }
        buffer_putc(out, '\n');
        markdown += length + 1;
    }
}

char *markdown_to_plain(struct arena *arena, const char *markdown)
{
    if (markdown == NULL) {
        return NULL;
    }
    struct buffer out;
    buffer_init(&out, 2 * strlen(markdown) + 1);
    markdown_read_lines(markdown, &out);
    char *plain = arena_strdup(arena, out.data);
    buffer_release(&out);
    return plain;
}

char *markdown_from_plain(struct arena *arena, const char *plain)
{
    if (plain == NULL) {
        return NULL;
    }
    struct buffer out;
    buffer_init(&out, 8 * strlen(plain) + 1);
    while (*plain != '\0') {
        size_t length = strcspn(plain, "\n");
        const char *line = arena_strndup(arena, plain, length);
        markdown_write_text(line, &out);
        buffer_puts(&out, plain[length] == '\n' ? "\n" : "");
        plain += length + (plain[length] == '\n');
    }
    char *markdown = arena_strdup(arena, out.data);
    buffer_release(&out);
    return markdown;
}
