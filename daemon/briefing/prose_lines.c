/* CommonMark joins lines to paragraphs and knows words by the spaces around them. The house
 * form does neither: a line is a paragraph, and Han has no spaces. So the text is rewritten
 * before md4c reads it: a blank line between two lines that do not belong to one block, and a
 * word joiner where a run of "*" stands between a mark and a letter.
 *
 * Rejected: hard line breaks in one paragraph (a list after a line would not begin), an own
 * inline parser (links and code are where md4c is better tested), patching md4c.
 */
#include "briefing/prose_lines.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <utf8proc.h>

#include "briefing/letters.h"

enum line_kind {
    LINE_BLANK,
    LINE_TEXT,
    LINE_LIST,
    LINE_CONTINUED, /* indented, below a list line: belongs to its item */
    LINE_QUOTE,
    LINE_TABLE,
    LINE_FENCE, /* the line that opens or closes code */
    LINE_CODE,
};

struct line {
    const char *start;
    size_t length;
    size_t indent; /* bytes of white space it begins with */
};

struct walk {
    enum line_kind before;
    char fence; /* '`' or '~' while inside code */
    size_t fence_length;
    struct buffer *out;
};

static const char joiner[] = "\xe2\x81\xa0";

static struct line line_at(const char *text)
{
    struct line line = {.start = text, .length = strcspn(text, "\n")};
    while (line.length > 0 && strchr(" \t\r", text[line.length - 1]) != NULL) {
        line.length--;
    }
    while (line.indent < line.length && strchr(" \t", text[line.indent]) != NULL) {
        line.indent++;
    }
    return line;
}

static const char *next_line(const char *text)
{
    text += strcspn(text, "\n");
    return *text == '\n' ? text + 1 : text;
}

static bool begins_list_item(const char *text, size_t length)
{
    size_t digits = strspn(text, "0123456789");
    size_t marker = digits > 0 ? digits : 0;
    bool marked = marker < length &&
        (digits == 0 ? strchr("-*+", text[0]) != NULL
                     : digits <= 9 && strchr(".)", text[marker]) != NULL);
    return marked && marker + 1 < length && strchr(" \t", text[marker + 1]) != NULL;
}

/* The row of dashes below a table's head. */
static bool is_delimiter_row(struct line line)
{
    const char *text = line.start + line.indent;
    size_t length = line.length - line.indent;
    return length > 0 && strspn(text, "|:- \t") >= length &&
        memchr(text, '|', length) != NULL && memchr(text, '-', length) != NULL;
}

static size_t fence_length(const char *text, size_t length)
{
    size_t run = 0;
    while (run < length && (text[0] == '`' || text[0] == '~') && text[run] == text[0]) {
        run++;
    }
    bool closes_itself = run > 0 && text[0] == '`' &&
        memchr(text + run, '`', length - run) != NULL;
    return run >= 3 && !closes_itself ? run : 0;
}

static bool has_bar(struct line line)
{
    return memchr(line.start, '|', line.length) != NULL;
}

static enum line_kind kind_of_text(struct line line, const struct walk *walk)
{
    const char *text = line.start + line.indent;
    size_t length = line.length - line.indent;
    bool in_list = walk->before == LINE_LIST || walk->before == LINE_CONTINUED;
    if (begins_list_item(text, length)) {
        return LINE_LIST;
    }
    if (text[0] == '>') {
        return LINE_QUOTE;
    }
    bool table_goes_on = walk->before == LINE_TABLE && has_bar(line);
    if (table_goes_on || (has_bar(line) && is_delimiter_row(line_at(next_line(line.start))))) {
        return LINE_TABLE;
    }
    return in_list && line.indent > 0 ? LINE_CONTINUED : LINE_TEXT;
}

static enum line_kind kind_of(struct line line, struct walk *walk)
{
    const char *text = line.start + line.indent;
    size_t length = line.length - line.indent;
    size_t fence = fence_length(text, length);
    if (walk->fence != '\0') {
        bool closes = fence >= walk->fence_length && text[0] == walk->fence && fence == length;
        walk->fence = closes ? '\0' : walk->fence;
        return closes ? LINE_FENCE : LINE_CODE;
    }
    if (fence > 0) {
        walk->fence = text[0];
        walk->fence_length = fence;
        return LINE_FENCE;
    }
    return length == 0 ? LINE_BLANK : kind_of_text(line, walk);
}

/* Lines of one kind that are one block only when nothing stands between them. */
static bool goes_on(enum line_kind before, enum line_kind kind)
{
    return kind == before && (kind == LINE_LIST || kind == LINE_QUOTE || kind == LINE_TABLE);
}

static bool is_mark(uint32_t c)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return c != 0 &&
        ((category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO) ||
            (category >= UTF8PROC_CATEGORY_SM && category <= UTF8PROC_CATEGORY_SO));
}

static bool is_letter(uint32_t c)
{
    return c != 0 && !letters_is_space(c) && !is_mark(c);
}

static bool is_wide(uint32_t c)
{
    /* Chinese quotes and dashes are shared with Latin typography. */
    return letters_columns_of(c) == 2 || (c >= 0x2010 && c <= 0x2026);
}

/* A run of "*" between a mark and a letter opens or closes only on one side by CommonMark 6.2;
 * with a joiner it may do both, and pairing decides. */
static void write_stars(uint32_t before, size_t run, uint32_t after, struct buffer *out)
{
    bool wide = is_wide(before) || is_wide(after);
    buffer_puts(out, wide && is_mark(before) && is_letter(after) ? joiner : "");
    for (size_t i = 0; i < run; i++) {
        buffer_putc(out, '*');
    }
    buffer_puts(out, wide && is_letter(before) && is_mark(after) ? joiner : "");
}

static void write_text(const char *text, size_t length, struct buffer *out)
{
    uint32_t before = 0;
    for (size_t offset = 0; offset < length;) {
        size_t at = offset;
        uint32_t c = letters_next(text, &offset);
        if (c == 0) {
            return;
        }
        if (c == '*' && before != '\\') {
            size_t run = strspn(text + at, "*");
            run = run < length - at ? run : length - at;
            offset = at + run;
            write_stars(before, run, offset < length ? letters_peek(text, offset) : 0, out);
        } else if (c == '\\' && before == '\\') {
            buffer_putc(out, '\\');
            c = 0; /* an escaped backslash escapes nothing */
        } else {
            buffer_append(out, text + at, offset - at);
        }
        before = c;
    }
}

/* "[注]: https://…" at a line's start would be taken out of the text as a definition. */
static bool looks_like_definition(const char *text, size_t length)
{
    const char *close = length > 0 && text[0] == '[' ? memchr(text, ']', length) : NULL;
    return close != NULL && (size_t)(close - text) + 1 < length && close[1] == ':';
}

/* GitHub takes one dash in a cell, md4c 0.4.8 wants three. */
static void write_delimiter_row(const char *text, size_t length, struct buffer *out)
{
    for (size_t i = 0; i < length; i++) {
        bool first = text[i] == '-' && (i == 0 || text[i - 1] != '-');
        buffer_puts(out, first ? "--" : "");
        buffer_putc(out, text[i]);
    }
}

static void write_line(struct line line, enum line_kind kind, struct buffer *out)
{
    bool keeps_indent = kind == LINE_LIST || kind == LINE_CONTINUED || kind == LINE_CODE;
    const char *text = line.start + line.indent;
    size_t length = line.length - line.indent;
    buffer_append(out, line.start, keeps_indent ? line.indent : 0);
    if (kind == LINE_CODE || kind == LINE_FENCE) {
        buffer_append(out, text, length);
    } else if (kind == LINE_TABLE && is_delimiter_row(line)) {
        write_delimiter_row(text, length, out);
    } else {
        buffer_puts(out, looks_like_definition(text, length) ? joiner : "");
        write_text(text, length, out);
    }
    buffer_putc(out, '\n');
}

void prose_lines_write(const char *markdown, struct buffer *out)
{
    struct walk walk = {.before = LINE_BLANK, .out = out};
    for (; *markdown != '\0'; markdown = next_line(markdown)) {
        struct line line = line_at(markdown);
        bool in_code = walk.fence != '\0';
        enum line_kind kind = kind_of(line, &walk);
        if (kind == LINE_BLANK) {
            /* a list goes on behind a blank line, a table or a quote does not */
            walk.before = walk.before == LINE_TABLE || walk.before == LINE_QUOTE ? LINE_BLANK
                                                                                 : walk.before;
            continue;
        }
        if (!in_code && !goes_on(walk.before, kind)) {
            buffer_putc(out, '\n');
        }
        write_line(line, kind, out);
        walk.before = kind;
    }
}
