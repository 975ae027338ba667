/* HTML to something a person reads: titles and plain text.
 *
 * Both are one pass over the lexer's tokens. Titles are made for every entry of every feed, so
 * a title without markup never meets the lexer. */
#include <string.h>

#include "feed/html.h"
#include "feed/html_lexer.h"
#include "feed/text_class.h"

/* --- titles
 * ----------------------------------------------------------------------------------- */

/* Copy with every run of white space as one space and none at the ends. */
static char *collapse(struct arena *arena, const char *text, size_t length)
{
    char *copy = arena_alloc(arena, length + 1);
    char *to = copy;
    const char *end = text + length;
    bool pending = false;
    while (text < end) {
        size_t space = text_space_length(text, (size_t)(end - text));
        if (space > 0) {
            pending = to > copy;
            text += space;
        } else {
            if (pending) {
                *to++ = ' ';
                pending = false;
            }
            *to++ = *text++;
        }
    }
    *to = '\0';
    return copy;
}

static bool has_markup(const char *html, size_t length)
{
    return memchr(html, '<', length) != NULL || memchr(html, '&', length) != NULL;
}

char *html_to_title(struct arena *arena, const char *html, size_t length)
{
    if (!has_markup(html, length)) {
        return collapse(arena, html, length);
    }
    cleanup(buffer_release) struct buffer text;
    buffer_init(&text, HTML_MAX_BYTES);
    struct html_lexer lexer;
    struct html_token token;
    html_lexer_init(&lexer, html, length);
    while (html_lexer_next(&lexer, &token)) {
        if (token.kind == HTML_TOKEN_TEXT) {
            html_decode(&text, token.text, false);
        } else if (html_element_is(token.element, HTML_BLOCK) ||
            strcmp(token.element->name, "br") == 0) {
            buffer_putc(&text, ' ');
        }
    }
    return collapse(arena, text.data, text.length);
}
