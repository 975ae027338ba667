/* The tokens are libconfuse's (3.3), stricter where its are a trap: a bare word may hold only
 * letters, digits and a few marks, since "https://x" would be a word and a comment; a backslash
 * inside "..." must mean something, since "\d" silently becomes "d"; and "${" is refused, since
 * it would be filled from the environment. */
#include "config/token.h"

#include <string.h>

#include "base/attributes.h"
#include "base/utf8.h"

/* libconfuse's scanner doubles a buffer and begins the text anew each time: four megabytes take
 * it eight seconds. No footer is near this. */
enum { TEXT_BYTES_MAX = 64 << 10 };

void token_reader_init(struct token_reader *reader, const char *text, size_t length,
    const char *file, struct problems *problems)
{
    *reader = (struct token_reader){
        .cursor = text, .end = text + length, .line = 1, .file = file, .problems = problems};
}

static bool is_word_byte(unsigned char byte)
{
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
        (byte >= 'A' && byte <= 'Z') || strchr("_-.:%@", byte) != NULL;
}

static bool at(const struct token_reader *reader, const char *text)
{
    size_t length = strlen(text);
    return (size_t)(reader->end - reader->cursor) >= length &&
        memcmp(reader->cursor, text, length) == 0;
}

static void skip_line(struct token_reader *reader)
{
    const char *newline = memchr(reader->cursor, '\n', (size_t)(reader->end - reader->cursor));
    reader->cursor = newline == NULL ? reader->end : newline;
}

static void skip_block_comment(struct token_reader *reader)
{
    const char *inside = reader->cursor + 2; /* in the opening mark lies no closing one */
    const char *close = memmem(inside, (size_t)(reader->end - inside), "*/", 2);
    if (close == NULL) {
        problems_add(reader->problems, reader->file, reader->line,
            "this comment is never closed: write */ at its end");
        reader->cursor = reader->end;
        return;
    }
    for (; reader->cursor < close; reader->cursor++) {
        reader->line += *reader->cursor == '\n';
    }
    reader->cursor += 2;
}

static void skip_blanks(struct token_reader *reader)
{
    while (reader->cursor < reader->end) {
        if (*reader->cursor == '\n') {
            reader->line++;
            reader->cursor++;
        } else if (*reader->cursor == ' ' || *reader->cursor == '\t' ||
            *reader->cursor == '\r') {
            reader->cursor++;
        } else if (*reader->cursor == '#' || at(reader, "//")) {
            skip_line(reader);
        } else if (at(reader, "/*")) {
            skip_block_comment(reader);
        } else {
            return;
        }
    }
}

/* Escapes libconfuse would take as something other than what stands there. `text` is behind the
 * backslash of a string in double quotes. */
static const char *find_escape_flaw(char byte)
{
    return strchr("\"\\nt$\n", byte) != NULL
        ? NULL
        : "this backslash means nothing inside \"…\": write \\\\, or put a pattern in single "
          "quotes";
}

static void read_string(struct token_reader *reader, struct token *token)
{
    char quote = *reader->cursor++;
    while (reader->cursor < reader->end && *reader->cursor != quote &&
        (reader->many_lines || *reader->cursor != '\n')) {
        if (*reader->cursor == '\\' && reader->cursor + 1 < reader->end) {
            reader->cursor++;
            if (quote == '"' && token->flaw == NULL) {
                token->flaw = find_escape_flaw(*reader->cursor);
            }
        } else if (quote == '"' && at(reader, "${")) {
            token->flaw =
                "${ would be filled from the environment: write \\${, or use single quotes";
        }
        reader->line += *reader->cursor == '\n';
        reader->cursor++;
    }
    token->unclosed = reader->cursor == reader->end || *reader->cursor != quote;
    token->length = (size_t)(reader->cursor - token->start);
    if (!token->unclosed) {
        reader->cursor++;
        token->length++;
    }
}

static void read_strange(struct token_reader *reader, struct token *token)
{
    token->kind = TOKEN_STRANGE;
    while (reader->cursor < reader->end && strchr(" \t\n{}=,\"'", *reader->cursor) == NULL) {
        reader->cursor++;
    }
    token->length = (size_t)(reader->cursor - token->start);
}

static void read_word(struct token_reader *reader, struct token *token)
{
    token->kind = TOKEN_WORD;
    while (reader->cursor < reader->end && is_word_byte((unsigned char)*reader->cursor)) {
        reader->cursor++;
    }
    token->length = (size_t)(reader->cursor - token->start);
    /* "https://x" and "a/b": one thing to the person, and a comment to libconfuse. */
    if (reader->cursor < reader->end && strchr(" \t\r\n{}=,\"'#+", *reader->cursor) == NULL) {
        read_strange(reader, token);
    }
}

void token_advance(struct token_reader *reader)
{
    skip_blanks(reader);
    struct token *token = &reader->current;
    *token = (struct token){.start = reader->cursor, .length = 1, .line = reader->line};
    if (reader->cursor == reader->end) {
        token->kind = TOKEN_END;
        token->length = 0;
        return;
    }
    static const char punctuation[] = "={},";
    static const enum token_kind kinds[] = {TOKEN_EQUALS, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_COMMA};
    const char *mark = strchr(punctuation, *reader->cursor);
    if (mark != NULL) {
        token->kind = kinds[mark - punctuation];
        reader->cursor++;
    } else if (at(reader, "+=")) {
        token->kind = TOKEN_APPEND;
        token->length = 2;
        reader->cursor += 2;
    } else if (*reader->cursor == '"' || *reader->cursor == '\'') {
        token->kind = TOKEN_STRING;
        read_string(reader, token);
    } else if (is_word_byte((unsigned char)*reader->cursor)) {
        read_word(reader, token);
    } else {
        reader->cursor++;
        read_strange(reader, token);
    }
    if (token->length > TEXT_BYTES_MAX && token->flaw == NULL) {
        token->flaw = "this text is longer than 64 KiB: shorten it";
    }
}

bool token_is_followed_by(const struct token_reader *reader, const char *marks)
{
    const char *next = reader->cursor;
    while (next < reader->end && (*next == ' ' || *next == '\t')) {
        next++;
    }
    return next < reader->end && strchr(marks, *next) != NULL;
}

void token_clean_bytes(const char *text, size_t length, const char *file,
    struct problems *problems, struct buffer *out)
{
    size_t i = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    int line = 1, reported = 0;
    while (i < length) {
        size_t step = utf8_measure(text + i, length - i);
        if (step == 0) {
            if (line != reported) {
                problems_add(problems, file, line,
                    text[i] == '\0' ? "this line holds a NUL byte: remove it"
                                    : "this line is not UTF-8: save the file as UTF-8");
            }
            reported = line;
            buffer_putc(out, '?');
            i++;
            continue;
        }
        line += text[i] == '\n';
        bool line_end = text[i] == '\r' && i + 1 < length && text[i + 1] == '\n';
        if (!line_end) {
            buffer_append(out, text + i, step);
        }
        i += step;
    }
}
