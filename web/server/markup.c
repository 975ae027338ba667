/* Every byte a feed may bring is looked at once, in markup_text(). */
#include "web/server/markup.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "briefing/letters.h"

static const char *find_entity(uint32_t c)
{
    switch (c) {
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '&':
        return "&amp;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void markup_text(const char *text, struct buffer *out)
{
    size_t offset = 0;
    uint32_t c;
    while (text != NULL && (c = letters_next(text, &offset)) != 0) {
        const char *entity = find_entity(c);
        if (entity != NULL) {
            buffer_puts(out, entity);
        } else if (c == '\n' || !letters_is_invisible(c)) {
            buffer_put_codepoint(out, c);
        }
    }
}

void markup_element(const char *tag, const char *class, const char *text, struct buffer *out)
{
    buffer_printf(out, "<%s", tag);
    if (class != NULL) {
        buffer_printf(out, " class=\"%s\"", class);
    }
    buffer_putc(out, '>');
    markup_text(text, out);
    buffer_printf(out, "</%s>", tag);
}

void markup_phrase(const char *pattern, const char *value, struct buffer *out)
{
    const char *place = strstr(pattern, "{}");
    buffer_append(out, pattern, (size_t)(place - pattern));
    markup_text(value, out);
    buffer_puts(out, place + 2);
}

void markup_count(const char *pattern, size_t count, struct buffer *out)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%zu", count);
    markup_phrase(pattern, digits, out);
}

bool markup_open_link(const char *url, struct buffer *out)
{
    if (url == NULL ||
        (strncasecmp(url, "http://", 7) != 0 && strncasecmp(url, "https://", 8) != 0)) {
        return false;
    }
    buffer_puts(out, "<a href=\"");
    markup_text(url, out);
    buffer_puts(out, "\" rel=\"noopener noreferrer\">");
    return true;
}

void markup_close_link(bool opened, struct buffer *out)
{
    buffer_puts(out, opened ? "</a>" : "");
}
