/* HTML to something a person reads: titles and plain text.
 *
 * Both are one pass over the lexer's tokens; text_flow.c decides about white space. Titles are
 * made for every entry of every feed, so a title without markup never meets the lexer. */
#include <string.h>

#include "feed/html.h"
#include "feed/html_lexer.h"
#include "feed/text_flow.h"

/* --- titles --- */

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

/* --- plain text --- */

enum { INDENT_MAX = 16 };

struct text_writer {
    struct text_flow flow;
    struct buffer scratch;
    size_t lists;    /* open, for the indent */
    size_t verbatim; /* open <pre> */
};

static size_t less_one(size_t depth)
{
    return depth > 0 ? depth - 1 : 0;
}

static void take_tag(struct text_writer *writer, const struct html_token *token)
{
    struct text_flow *flow = &writer->flow;
    const struct html_element *element = token->element;
    bool start = token->kind == HTML_TOKEN_START;
    if (element->group == HTML_GROUP_CELL) {
        flow->space = true; /* cells of a row stand side by side */
        return;
    }
    if (html_element_is(element, HTML_BLOCK) || strcmp(element->name, "br") == 0) {
        text_flow_break(flow);
    }
    if (element->group == HTML_GROUP_LIST) {
        writer->lists = start ? writer->lists + 1 : less_one(writer->lists);
    } else if (strcmp(element->name, "pre") == 0) {
        writer->verbatim = start ? writer->verbatim + 1 : less_one(writer->verbatim);
        flow->verbatim = writer->verbatim > 0;
        flow->breaks = 1; /* line ends just inside the element are not content */
    } else if (element->group == HTML_GROUP_LIST_ITEM) {
        size_t indent = 2 * less_one(writer->lists);
        flow->bullet = start;
        flow->indent = indent < INDENT_MAX ? indent : INDENT_MAX;
    }
}

char *html_to_text(struct arena *arena, const char *html, size_t length)
{
    return html_to_text_start(arena, html, length, HTML_MAX_BYTES);
}

char *html_to_text_start(
    struct arena *arena, const char *html, size_t length, size_t enough_bytes)
{
    cleanup(buffer_release) struct buffer out;
    buffer_init(&out, HTML_MAX_BYTES);
    struct text_writer writer = {.flow = {.out = &out}};
    if (!has_markup(html, length)) {
        text_flow_put(&writer.flow, html, length);
        return arena_strndup(arena, out.data, out.length);
    }
    buffer_init(&writer.scratch, HTML_MAX_BYTES);
    struct html_lexer lexer;
    struct html_token token;
    html_lexer_init(&lexer, html, length);
    while (out.length < enough_bytes && html_lexer_next(&lexer, &token)) {
        if (token.kind == HTML_TOKEN_TEXT) {
            buffer_clear(&writer.scratch);
            html_decode(&writer.scratch, token.text, false);
            text_flow_put(&writer.flow, writer.scratch.data, writer.scratch.length);
        } else {
            take_tag(&writer, &token);
        }
    }
    buffer_release(&writer.scratch);
    return arena_strndup(arena, out.data, out.length);
}
