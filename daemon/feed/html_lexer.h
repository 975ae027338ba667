/* HTML bytes -> tags and text: the private ground of the sanitiser and of the text writers.
 *
 * The tag, attribute, comment and raw-text states of the WHATWG HTML tokenizer, without a tree:
 * one pass, no recursion, no allocation, whatever the input. Comments, doctypes, processing
 * instructions and the content of elements that never show (script, style, svg, …) are passed
 * over here, so no caller can forget them. Tokens point into the input. */
#ifndef FEED_HTML_LEXER_H
#define FEED_HTML_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "feed/html_element.h"

/* More input is cut off; more attributes on one tag are ignored. */
enum { HTML_MAX_BYTES = 4 << 20, HTML_ATTRIBUTES_MAX = 32 };

enum html_token_kind {
    HTML_TOKEN_END_OF_INPUT,
    HTML_TOKEN_TEXT,
    HTML_TOKEN_START,
    HTML_TOKEN_END
};

struct html_slice {
    const char *start;
    size_t length;
};

struct html_attribute {
    struct html_slice name;  /* as written: compare without case */
    struct html_slice value; /* raw: character references not decoded */
};

struct html_token {
    enum html_token_kind kind;
    struct html_slice text;             /* TEXT, and raw elements when kept: raw */
    const struct html_element *element; /* START, END: never NULL */
    struct html_attribute attributes[HTML_ATTRIBUTES_MAX];
    size_t attribute_count;
    bool self_closing; /* "<br/>" */
};

struct html_lexer {
    const char *cursor;
    const char *end;
    /* Give script, style, title and their like as a START token that carries their content,
     * instead of passing them over: for who reads a page, not for who shows it. */
    bool keep_raw;
};

void html_lexer_init(struct html_lexer *lexer, const char *html, size_t length);

/* The next token into *ret_token; false at the end of the input. */
bool html_lexer_next(struct html_lexer *lexer, struct html_token *ret_token);

/* The raw value of the first attribute `name` (lower case); false when there is none. */
bool html_token_attribute(
    const struct html_token *token, const char *name, struct html_slice *ret_value);

/* How many bytes run to the first one that HTML text does not hold as it is: markup, a
 * reference, a control character; `length` when there is none. */
size_t html_plain_length(const char *text, size_t length);

/* Append `raw` with its character references decoded, and controls that no HTML may hold left
 * out. In attributes a name without ";" before a letter, a digit or "=" is no reference:
 * "?a=1&copy=2". */
void html_decode(struct buffer *out, struct html_slice raw, bool in_attribute);

#endif
