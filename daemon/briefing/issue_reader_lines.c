/* Lines of an issue: clean UTF-8, what each is at a look, and what stands behind a label. */
#include <string.h>

#include "base/utf8.h"
#include "briefing/issue_reader_parts.h"
#include "briefing/markdown_text.h"

void reader_refuse(struct reader *reader, const struct reader_line *line, const char *why)
{
    if (reader->unread_count == reader->unread_capacity) {
        reader->unread = arena_grow(
            reader->arena, reader->unread, sizeof(*reader->unread), &reader->unread_capacity);
    }
    reader->unread[reader->unread_count++] = (struct issue_unread){
        line->number, line->text, why};
}

/* Valid UTF-8 without a byte order mark and carriage returns. */
static char *clean_text(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_strndup(arena, text, length);
    char *clean = arena_alloc(arena, arena_array_bytes(3, length + 1));
    size_t size = 0;
    for (size_t i = 0; i < length; i++) {
        copy[i] = copy[i] == '\0' ? ' ' : copy[i];
    }
    const char *at = strncmp(copy, "\xef\xbb\xbf", 3) == 0 ? copy + 3 : copy;
    for (uint32_t c; *at != '\0';) {
        size_t bytes = utf8_decode(at, &c);
        if (c == 0xfffd) {
            memcpy(clean + size, "\xef\xbf\xbd", 3);
            size += 3;
        } else if (c == '\r') {
            clean[size] = '\n';
            size += at[1] == '\n' ? 0 : 1;
        } else {
            memcpy(clean + size, at, bytes);
            size += bytes;
        }
        at += bytes;
    }
    clean[size] = '\0';
    return clean;
}

void reader_take_text(struct reader *reader, const char *markdown, size_t size)
{
    char *text = clean_text(reader->arena, markdown, size);
    size_t capacity = 2;
    for (const char *at = text; *at != '\0'; at++) {
        capacity += *at == '\n';
    }
    reader->lines = arena_new_array(reader->arena, struct reader_line, capacity);
    for (char *next = text; next != NULL;) {
        char *line = next;
        next = strchr(line, '\n');
        size_t length = next == NULL ? strlen(line) : (size_t)(next - line);
        size_t full = length;
        while (length > 0 && strchr(" \t\f\v", line[length - 1]) != NULL) {
            length--;
        }
        line[length] = '\0';
        next = next == NULL ? NULL : next + 1;
        reader->lines[reader->line_count] = (struct reader_line){
            line, reader->line_count + 1, length > 0 && full >= length + 2};
        reader->line_count++;
    }
    reader->lines[reader->line_count] = (struct reader_line){"", reader->line_count + 1, false};
}

bool reader_has_line(const struct reader *reader)
{
    return reader->at < reader->line_count;
}

const struct reader_line *reader_peek(const struct reader *reader)
{
    return &reader->lines[reader->at];
}

bool reader_is_blank(const struct reader_line *line)
{
    return line->text[strspn(line->text, " \t")] == '\0';
}

void reader_skip_blank(struct reader *reader)
{
    while (reader_has_line(reader) && reader_is_blank(reader_peek(reader))) {
        reader->at++;
    }
}

void reader_learn_blanks(struct reader *reader)
{
    size_t next = reader->at + 1;
    while (next < reader->line_count && reader_is_blank(&reader->lines[next])) {
        next++;
    }
    size_t blanks = next - reader->at - 1;
    if (reader->issue->blanks_behind_note == 0 && next < reader->line_count) {
        reader->issue->blanks_behind_note = (uint8_t)(blanks < 9 ? blanks : 9);
    }
}

bool reader_is_heading(const struct reader_line *line)
{
    return strncmp(line->text, "## ", 3) == 0;
}

bool reader_is_item(const struct reader_line *line)
{
    return line->text[0] == '-' && (line->text[1] == ' ' || line->text[1] == '\t') &&
        !markdown_is_rule(line->text);
}

const char *reader_behind_label(const char *text, const char *label, bool *ret_narrow)
{
    static const char wide[] = "：";
    size_t length = strlen(label);
    if (length >= sizeof(wide) - 1 && strcmp(label + length - (sizeof(wide) - 1), wide) == 0) {
        length -= sizeof(wide) - 1;
    } else if (length > 0 && label[length - 1] == ':') {
        length--;
    } else {
        return length > 0 && strncmp(text, label, length) == 0 ? text + length : NULL;
    }
    if (strncmp(text, label, length) != 0) {
        return NULL;
    }
    bool narrow = text[length] == ':';
    if (!narrow && strncmp(text + length, wide, sizeof(wide) - 1) != 0) {
        return NULL;
    }
    if (ret_narrow != NULL) {
        *ret_narrow = narrow;
    }
    return text + length + (narrow ? 1 : sizeof(wide) - 1);
}

const char *reader_quoted(const struct reader_line *line)
{
    return line->text[0] != '>' ? NULL : line->text + 1 + strspn(line->text + 1, " \t");
}

const char *reader_note_of(const struct reader *reader, const struct reader_line *line)
{
    const char *text = reader_quoted(line);
    text = text == NULL ? NULL
                        : reader_behind_label(text, reader->config->briefing.labels.note, NULL);
    text = text == NULL ? NULL : text + strspn(text, " \t");
    return text == NULL || *text == '\0' ? NULL : text;
}

/* Texts that come in pieces are copied with every piece; no issue has that much of them. */
enum { JOINED_MAX_BYTES = 16 << 10 };

const char *reader_append(struct reader *reader, const char *text, const char *more)
{
    if (text == NULL || more == NULL) {
        return text == NULL ? more : text;
    }
    if (strlen(text) + strlen(more) > JOINED_MAX_BYTES) {
        reader_refuse(
            reader, reader_peek(reader), "before this line stands more text than an issue has");
        return text;
    }
    return arena_printf(reader->arena, "%s\n%s", text, more);
}
