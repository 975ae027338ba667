/* Markdown of an issue as its struct holds it: plain text, links, lines that belong together.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "briefing/issue_reader_parts.h"
#include "briefing/markdown_text.h"

size_t reader_find_closing(const char *text, char open, char close)
{
    int depth = 0;
    for (size_t i = 0; text[i] != '\0'; i++) {
        if (text[i] == '\\' && text[i + 1] != '\0') {
            i++;
        } else if (text[i] == open) {
            depth++;
        } else if (text[i] == close && --depth == 0) {
            return i;
        }
    }
    return 0;
}

bool reader_find_link(const char *text, struct reader_link *ret_link)
{
    if (text[0] != '[') {
        return false;
    }
    size_t close = reader_find_closing(text, '[', ']');
    if (close == 0 || text[close + 1] != '(') {
        /* a bracket of the title's own that has no partner */
        const char *found = strstr(text, "](");
        if (found == NULL || close != 0) {
            return false;
        }
        close = (size_t)(found - text);
    }
    size_t end = reader_find_closing(text + close + 1, '(', ')');
    if (end == 0) {
        return false;
    }
    *ret_link = (struct reader_link){1, close, close + 2, close + 1 + end, close + 2 + end};
    return true;
}

const char *reader_plain(struct reader *reader, const char *markdown, size_t length)
{
    struct buffer plain, again;
    buffer_init(&plain, READER_TEXT_MAX_BYTES);
    buffer_init(&again, READER_TEXT_MAX_BYTES);
    markdown_read_text(markdown, length, &plain);
    /* what is plain only after printing (a space behind an address) is so at once */
    markdown_write_text(plain.data, &again);
    buffer_clear(&plain);
    markdown_read_text(again.data, again.length, &plain);
    const char *text = plain.data + strspn(plain.data, " ");
    size_t left = strlen(text);
    while (left > 0 && text[left - 1] == ' ') {
        left--;
    }
    const char *result = left == 0 ? NULL : arena_strndup(reader->arena, text, left);
    buffer_release(&plain);
    buffer_release(&again);
    return result;
}

const char *reader_web_url(struct reader *reader, const char *url, size_t length)
{
    while (length > 0 && isspace((unsigned char)url[0])) {
        url++, length--;
    }
    if (length > 0 && url[0] == '<') {
        url++, length--;
    }
    while (length > 0 && (isspace((unsigned char)url[length - 1]) || url[length - 1] == '>')) {
        length--;
    }
    const char *plain = arena_strndup(reader->arena, url, length);
    if (strncasecmp(plain, "http://", 7) != 0 && strncasecmp(plain, "https://", 8) != 0) {
        return NULL;
    }
    struct buffer out;
    buffer_init(&out, READER_TEXT_MAX_BYTES);
    markdown_write_destination(plain, &out);
    const char *printed = arena_strdup(reader->arena, out.data);
    buffer_release(&out);
    return printed;
}

const char *reader_join(
    struct reader *reader, const struct reader_line *lines, size_t count, bool first_is_inline)
{
    struct buffer text;
    buffer_init(&text, READER_TEXT_MAX_BYTES);
    for (size_t i = 0; i < count; i++) {
        const char *line = lines[i].text;
        size_t before = text.length;
        buffer_puts(&text, before > 0 ? "\n" : "");
        size_t start = text.length;
        if (i == 0 && first_is_inline) {
            buffer_puts(&text, line + strspn(line, " \t"));
        } else if (line[strspn(line, " \t")] != '\0') {
            markdown_read_own_line(line, &text);
        }
        if (text.length == start) {
            text.length = before;
            text.data[before] = '\0';
        }
    }
    const char *joined = text.length == 0
        ? NULL
        : arena_strndup(reader->arena, text.data, text.length);
    buffer_release(&text);
    return joined;
}
