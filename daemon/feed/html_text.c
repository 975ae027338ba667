/* HTML to something a person reads: titles and plain text.
 *
 * Both are one pass over the lexer's tokens; text_flow.c decides about white space. Titles are
 * made for every entry of every feed, so a title without markup never meets the lexer. */
#include <ctype.h>
#include <string.h>

#include "feed/html.h"
#include "feed/html_lexer.h"
#include "feed/latex_table.h"
#include "feed/text.h"
#include "feed/text_flow.h"

/* --- titles --- */

static char *collapse(struct arena *arena, const char *text, size_t length)
{
    char *line = text_title(arena, text, length);
    return line != NULL ? line : arena_strdup(arena, "");
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

enum {
    INDENT_MAX = 16,
    LISTS_MAX = 16,      /* numbered; deeper ones get bullets */
    ROW_MAX_BYTES = 300, /* a longer row is a page laid out in a table */
};

struct text_writer {
    struct text_flow flow;
    struct buffer scratch;
    bool with_pictures;
    size_t lists;                /* open, for the indent */
    unsigned numbers[LISTS_MAX]; /* of the next item; 0: no ordered list */
    size_t verbatim;             /* open <pre> */
    size_t row_at;               /* where the text of the row begins */
    size_t row_cells;
    char script;    /* '^' in <sup>, '_' in <sub> */
    bool reference; /* a link to a footnote, "[1]" */
};

static size_t less_one(size_t depth)
{
    return depth > 0 ? depth - 1 : 0;
}

static bool is_named(const struct html_token *token, const char *name)
{
    return strcmp(token->element->name, name) == 0;
}

/* Put decoded text as it is, whatever state its surroundings are in. */
static void put_words(struct text_writer *writer, const char *words)
{
    text_flow_put(&writer->flow, words, strlen(words));
}

/* ---- lists ---- */

/* `start` of <ol start=3>, or 1. */
static unsigned first_number(const struct html_token *token)
{
    struct html_slice value;
    unsigned number = 0;
    if (html_token_attribute(token, "start", &value)) {
        for (size_t i = 0; i < value.length && i < 4 && isdigit((unsigned char)value.start[i]);
             i++) {
            number = number * 10 + (unsigned)(value.start[i] - '0');
        }
    }
    return number > 0 ? number : 1;
}

static void take_list(struct text_writer *writer, const struct html_token *token, bool start)
{
    if (start && writer->lists < LISTS_MAX) {
        writer->numbers[writer->lists] = is_named(token, "ol") ? first_number(token) : 0;
    }
    writer->lists = start ? writer->lists + 1 : less_one(writer->lists);
}

static void take_list_item(struct text_writer *writer, bool start)
{
    size_t depth = less_one(writer->lists), indent = 2 * depth;
    writer->flow.bullet = start;
    writer->flow.indent = indent < INDENT_MAX ? indent : INDENT_MAX;
    writer->flow.number = 0;
    if (start && depth < writer->lists && depth < LISTS_MAX && writer->numbers[depth] > 0) {
        writer->flow.number = writer->numbers[depth]++;
    }
}

/* ---- tables ---- */

static void take_row(struct text_writer *writer)
{
    const struct text_flow *flow = &writer->flow;
    writer->row_at = flow->out->length > 0 ? flow->out->length + flow->breaks : 0;
    writer->row_cells = 0;
}

/* Cells of a row stand side by side, "a | b", as long as each is a short line: newsletters and
 * old pages put whole columns of text into cells, and those keep their lines. */
static void take_cell(struct text_writer *writer, bool start)
{
    struct text_flow *flow = &writer->flow;
    const struct buffer *out = flow->out;
    size_t length = out->length > writer->row_at ? out->length - writer->row_at : 0;
    bool one_line = length == 0 || memchr(out->data + writer->row_at, '\n', length) == NULL;
    if (!start) {
        flow->space = true;
        return;
    }
    if (writer->row_cells++ == 0) {
        return;
    }
    if (one_line && length <= ROW_MAX_BYTES) {
        flow->breaks = length > 0 ? 0 : flow->breaks;
        flow->space = true;
        flow->joint = " | ";
    } else {
        text_flow_break(flow);
    }
}

/* ---- inline elements ---- */

static void take_picture(struct text_writer *writer, const struct html_token *token)
{
    struct html_slice alt;
    if (!writer->with_pictures || !html_token_attribute(token, "alt", &alt)) {
        return;
    }
    buffer_clear(&writer->scratch);
    html_decode(&writer->scratch, alt, true);
    const char *words = text_trim_in_place(writer->scratch.data);
    if (words == NULL) {
        return; /* only decoration */
    }
    put_words(writer, "[");
    put_words(writer, words);
    put_words(writer, "]");
}

/* <sup><a href="#fn1">1</a></sup>: a number that belongs to the foot, not to the word. */
static void take_anchor(struct text_writer *writer, const struct html_token *token, bool start)
{
    struct html_slice href;
    if (start && writer->script == '^' && html_token_attribute(token, "href", &href) &&
        memchr(href.start, '#', href.length) != NULL) {
        writer->reference = true;
        put_words(writer, "[");
    } else if (!start && writer->reference) {
        writer->reference = false;
        put_words(writer, "]");
    }
}

static void take_inline(struct text_writer *writer, const struct html_token *token, bool start)
{
    if (is_named(token, "img")) {
        take_picture(writer, token);
    } else if (is_named(token, "q")) {
        put_words(writer, start ? "“" : "”");
    } else if (is_named(token, "sup") || is_named(token, "sub")) {
        writer->script = !start ? '\0' : is_named(token, "sup") ? '^' : '_';
    } else if (token->element->group == HTML_GROUP_ANCHOR) {
        take_anchor(writer, token, start);
    }
}

/* H<sub>2</sub>O and 10<sup>-3</sup>, but 1<sup>st</sup>: numbers only are raised and lowered.
 */
static bool put_script(struct text_writer *writer, const char *text)
{
    if (writer->script == '\0' || writer->reference || text[0] == '\0' ||
        text[strspn(text, "0123456789+-")] != '\0') {
        return false;
    }
    size_t bytes;
    for (; *text != '\0'; text += bytes) {
        put_words(writer, latex_script_find(text, writer->script == '^', &bytes));
    }
    return true;
}

static void take_tag(struct text_writer *writer, const struct html_token *token)
{
    struct text_flow *flow = &writer->flow;
    const struct html_element *element = token->element;
    bool start = token->kind == HTML_TOKEN_START;
    if (element->group == HTML_GROUP_CELL) {
        take_cell(writer, start);
        return;
    }
    if (flow->joint != NULL && start && html_element_is(element, HTML_BLOCK)) {
        return; /* the paragraph that begins a cell begins no line */
    }
    if (html_element_is(element, HTML_BLOCK) || is_named(token, "br")) {
        text_flow_break(flow);
    }
    if (element->group == HTML_GROUP_LIST) {
        take_list(writer, token, start);
    } else if (is_named(token, "pre")) {
        writer->verbatim = start ? writer->verbatim + 1 : less_one(writer->verbatim);
        flow->verbatim = writer->verbatim > 0;
        flow->breaks = 1; /* line ends just inside the element are not content */
    } else if (element->group == HTML_GROUP_LIST_ITEM) {
        take_list_item(writer, start);
    } else if (element->group == HTML_GROUP_ROW && start) {
        take_row(writer);
    } else {
        take_inline(writer, token, start);
    }
}

static void take_token(struct text_writer *writer, const struct html_token *token)
{
    if (token->kind != HTML_TOKEN_TEXT) {
        take_tag(writer, token);
        return;
    }
    buffer_clear(&writer->scratch);
    html_decode(&writer->scratch, token->text, false);
    if (!put_script(writer, writer->scratch.data)) {
        text_flow_put(&writer->flow, writer->scratch.data, writer->scratch.length);
    }
}

static char *to_text(struct arena *arena, const char *html, size_t length, size_t enough_bytes,
    bool with_pictures)
{
    cleanup(buffer_release) struct buffer out;
    buffer_init(&out, HTML_MAX_BYTES);
    struct text_writer writer = {.flow = {.out = &out}, .with_pictures = with_pictures};
    if (!has_markup(html, length)) {
        text_flow_put(&writer.flow, html, length);
        return arena_strndup(arena, out.data, out.length);
    }
    buffer_init(&writer.scratch, HTML_MAX_BYTES);
    struct html_lexer lexer;
    struct html_token token;
    html_lexer_init(&lexer, html, length);
    while (out.length < enough_bytes && html_lexer_next(&lexer, &token)) {
        take_token(&writer, &token);
    }
    buffer_release(&writer.scratch);
    return arena_strndup(arena, out.data, out.length);
}

char *html_to_text(struct arena *arena, const char *html, size_t length)
{
    return to_text(arena, html, length, HTML_MAX_BYTES, true);
}

char *html_to_text_start(
    struct arena *arena, const char *html, size_t length, size_t enough_bytes)
{
    return to_text(arena, html, length, enough_bytes, false);
}
