/* feeds.conf as a stream of tokens: what libconfuse would see, with what is wrong inside each.
 *
 * A reader stands on one token at a time and never runs backwards. No state beyond the struct;
 * any thread.
 */
#ifndef CONFIG_TOKEN_H
#define CONFIG_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "config/problems.h"

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_STRING,
    TOKEN_EQUALS,
    TOKEN_APPEND, /* += */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_STRANGE, /* a run of bytes that mean nothing without quotes */
};

struct token {
    enum token_kind kind;
    const char *start; /* with the quotes */
    size_t length;
    int line;         /* where it begins */
    bool unclosed;    /* a string without its closing quote */
    const char *flaw; /* what is wrong inside it, or NULL */
};

struct token_reader {
    struct token current;
    bool many_lines; /* the next string may span lines; set by who knows the key */
    const char *cursor, *end;
    int line;
    const char *file;
    struct problems *problems; /* for comments that do not close */
};

/* Begin before the first token of `length` bytes, which stay the caller's. */
void token_reader_init(struct token_reader *reader, const char *text, size_t length,
    const char *file, struct problems *problems);

/* Step to the next token; behind the last one it is TOKEN_END for ever. */
void token_advance(struct token_reader *reader);

/* Whether one of `marks` follows the current token on its line. */
bool token_is_followed_by(const struct token_reader *reader, const char *marks);

/* Append `text` to `out` (with room for `length` bytes) without a byte order mark, with CR LF
 * as LF, and with '?' for every byte that is not UTF-8 or is NUL; a line that has such bytes is
 * reported. */
void token_clean_bytes(const char *text, size_t length, const char *file,
    struct problems *problems, struct buffer *out);

#endif
