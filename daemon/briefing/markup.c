/* Both quotes are escaped everywhere: a writer that moves a text from an element into an
 * attribute then cannot open a hole.
 */
#include "briefing/markup.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "briefing/letters.h"

static const char *entity_of(uint32_t c)
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

void markup_write_text(const char *text, struct buffer *out)
{
    size_t offset = 0;
    uint32_t c;
    while (text != NULL && (c = letters_next(text, &offset)) != 0) {
        const char *entity = entity_of(c);
        /* The last two of every plane are no characters; XML 1.0 forbids those of the first. */
        bool forbidden = letters_is_invisible(c) || (c & 0xfffe) == 0xfffe;
        if (entity != NULL) {
            buffer_puts(out, entity);
        } else if (!forbidden) {
            buffer_put_codepoint(out, c == '\v' || c == '\f' || c == 0x85 ? ' ' : c);
        }
    }
}

bool markup_is_web_address(const char *url)
{
    if (url == NULL) {
        return false;
    }
    size_t scheme = strncasecmp(url, "https://", 8) == 0 ? 8
        : strncasecmp(url, "http://", 7) == 0            ? 7
                                                         : 0;
    unsigned char host = (unsigned char)url[scheme];
    return scheme > 0 && host > ' ' && host != '/' && host != '?' && host != '#';
}

void markup_write_url(const char *url, struct buffer *out)
{
    static const char marks[] = "-._~:/?#[]@!$()*+,;=%";
    for (; *url != '\0'; url++) {
        unsigned char c = (unsigned char)*url;
        if ((c < 0x80 && isalnum(c)) || strchr(marks, c) != NULL) {
            buffer_putc(out, (char)c);
        } else if (c == '&') {
            buffer_puts(out, "&amp;");
        } else {
            buffer_printf(out, "%%%02X", c);
        }
    }
}

void markup_write_element(
    const char *tag, const char *class, const char *text, struct buffer *out)
{
    buffer_printf(out, "<%s", tag);
    if (class != NULL) {
        buffer_printf(out, " class=\"%s\"", class);
    }
    buffer_putc(out, '>');
    markup_write_text(text, out);
    buffer_printf(out, "</%s>", tag);
}

void markup_write_link(const char *url, const char *text, struct buffer *out)
{
    bool linked = markup_is_web_address(url);
    if (linked) {
        buffer_puts(out, "<a href=\"");
        markup_write_url(url, out);
        buffer_puts(out, "\">");
    }
    markup_write_text(text, out);
    buffer_puts(out, linked ? "</a>" : "");
}
