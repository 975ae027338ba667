#include "web/server/page_markup.h"

#include <stdio.h>
#include <string.h>

#include "briefing/markup.h"

void page_write_phrase(const char *pattern, const char *value, struct buffer *out)
{
    const char *place = strstr(pattern, "{}");
    buffer_append(out, pattern, (size_t)(place - pattern));
    markup_write_text(value, out);
    buffer_puts(out, place + 2);
}

void page_write_count(const char *pattern, size_t count, struct buffer *out)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%zu", count);
    page_write_phrase(pattern, digits, out);
}

bool page_open_link(const char *url, struct buffer *out)
{
    if (!markup_is_web_address(url)) {
        return false;
    }
    buffer_puts(out, "<a href=\"");
    markup_write_url(url, out);
    buffer_puts(out, "\" rel=\"noopener noreferrer\">");
    return true;
}

void page_close_link(bool opened, struct buffer *out)
{
    buffer_puts(out, opened ? "</a>" : "");
}
