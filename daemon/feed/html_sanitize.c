/* The sanitiser: lexer tokens in, balanced HTML of allow-listed parts out.
 *
 * Nothing is copied from the input but text and attribute values, and both are decoded and
 * written anew with <, >, & and " as references; element and attribute names come from
 * html_element.c. Every start tag gets its end tag. So whatever a browser does with the result,
 * it can only see those elements. A stack of open elements gives end tags their match and keeps
 * a few rules of the HTML parser (no block inside <p>, <li> ends <li>, cells inside rows); its
 * depth is bounded, and tags beyond are left out while their content stays.
 *
 * Idempotent because the output satisfies every rule the writer enforces, so that a second run
 * finds nothing to close, to add or to drop. The size limit keeps that: the output never
 * exceeds the length the lexer reads. */
#include <ctype.h>
#include <string.h>

#include "feed/html.h"
#include "feed/html_lexer.h"
#include "feed/text.h"
#include "feed/url_parts.h"

enum {
    DEPTH_MAX = 100,           /* no article nests deeper; mail layouts reach 40 tables */
    END_TAGS_BYTES = 100 * 16, /* room for the end tags of a full stack */
    DIGITS_MAX = 5,
};

struct writer {
    struct buffer out;
    struct buffer scratch;    /* one decoded text or attribute value */
    struct arena url_scratch; /* one resolved URL */
    struct url_parts base;
    bool has_base;
    bool offline; /* pictures become links */
    const struct html_element *open[DEPTH_MAX];
    size_t depth;
};

static void write_text(struct writer *writer, struct html_slice raw)
{
    size_t plain = html_plain_length(raw.start, raw.length);
    buffer_append(&writer->out, raw.start, plain);
    if (plain < raw.length) {
        buffer_clear(&writer->scratch);
        html_decode(&writer->scratch,
            (struct html_slice){raw.start + plain, raw.length - plain}, false);
        text_write_escaped(&writer->out, writer->scratch.data, writer->scratch.length, false);
    }
}

static const char *decode_value(struct writer *writer, struct html_slice raw)
{
    buffer_clear(&writer->scratch);
    html_decode(&writer->scratch, raw, true);
    return writer->scratch.data;
}

static void write_attribute(
    struct writer *writer, const char *name, const char *value, size_t length)
{
    buffer_putc(&writer->out, ' ');
    buffer_puts(&writer->out, name);
    buffer_puts(&writer->out, "=\"");
    text_write_escaped(&writer->out, value, length, true);
    buffer_putc(&writer->out, '"');
}

/* --- attributes --- */

static const char *const link_schemes[] = {"http", "https", "mailto", NULL};
static const char *const picture_schemes[] = {"http", "https", NULL};

static bool is_one_of(const char *const *words, const char *word)
{
    while (*words != NULL && strcmp(*words, word) != 0) {
        words++;
    }
    return *words != NULL;
}

/* ` name="URL"` when the value is a URL of one of `schemes`; false, and
 * nothing written, when it is not. The check is made on the resolved URL, which is what is
 * written: there is no second reading of the value that a trick could aim at. */
static bool write_url(
    struct writer *writer, const char *name, struct html_slice raw, const char *const *schemes)
{
    struct arena *arena = &writer->url_scratch;
    struct url_parts parts;
    bool allowed = false;
    arena_clear(arena);
    if (url_parts_resolve(arena, writer->has_base ? &writer->base : NULL,
            decode_value(writer, raw), &parts)) {
        allowed = is_one_of(schemes, parts.scheme);
    }
    if (allowed) {
        const char *url = url_parts_join(arena, &parts);
        write_attribute(writer, name, url, strlen(url));
    }
    return allowed;
}

/* "640", "640px" and "50%": the digits, and the percent sign where there is one. */
static void write_number(struct writer *writer, const char *name, struct html_slice raw)
{
    const char *value = decode_value(writer, raw);
    value += strspn(value, " \t\n");
    size_t digits = strspn(value, "0123456789");
    if (digits > 0 && digits <= DIGITS_MAX) {
        write_attribute(writer, name, value, digits + (value[digits] == '%'));
    }
}

static void write_plain(struct writer *writer, const char *name, struct html_slice raw)
{
    const char *value = decode_value(writer, raw);
    write_attribute(writer, name, value, strlen(value));
}

/* The attributes that are not URLs, and how each is written. */
static const struct {
    enum html_attribute_flags flag;
    const char *name;
    void (*write)(struct writer *writer, const char *name, struct html_slice raw);
} plain_attributes[] = {
    {HTML_ALT, "alt", write_plain},
    {HTML_TITLE, "title", write_plain},
    {HTML_WIDTH, "width", write_number},
    {HTML_HEIGHT, "height", write_number},
    {HTML_START, "start", write_number},
    {HTML_VALUE, "value", write_number},
    {HTML_COLSPAN, "colspan", write_number},
    {HTML_ROWSPAN, "rowspan", write_number},
};

static void write_plain_attributes(struct writer *writer, const struct html_token *token)
{
    unsigned allowed = token->attribute_count == 0 ? 0 : token->element->attributes;
    struct html_slice value;
    for (size_t i = 0; allowed != 0 && i < array_count(plain_attributes); i++) {
        if ((allowed & plain_attributes[i].flag) != 0 &&
            html_token_attribute(token, plain_attributes[i].name, &value)) {
            plain_attributes[i].write(writer, plain_attributes[i].name, value);
        }
    }
}

/* --- the stack --- */

#define IN(group) (1u << HTML_GROUP_##group)

/* What a start tag ends: every open element of the groups `closes` above the first of `stops`.
 */
static const struct {
    unsigned closes;
    unsigned stops;
} implied_ends[] = {
    [HTML_GROUP_LIST_ITEM] = {IN(LIST_ITEM), IN(LIST) | IN(TABLE) | IN(CELL)},
    [HTML_GROUP_DEFINITION] = {IN(DEFINITION), IN(DEFINITION_LIST) | IN(TABLE) | IN(CELL)},
    [HTML_GROUP_TABLE_SECTION] = {IN(TABLE_SECTION) | IN(ROW) | IN(CELL), IN(TABLE)},
    [HTML_GROUP_ROW] = {IN(ROW) | IN(CELL), IN(TABLE)},
    [HTML_GROUP_CELL] = {IN(CELL), IN(TABLE)},
    [HTML_GROUP_ANCHOR] = {IN(ANCHOR), IN(TABLE) | IN(CELL)},
};

static unsigned group_bit(const struct html_element *element)
{
    return 1u << element->group;
}

static void write_end(struct writer *writer, const char *name)
{
    buffer_puts(&writer->out, "</");
    buffer_puts(&writer->out, name);
    buffer_putc(&writer->out, '>');
}

static void close_to(struct writer *writer, size_t depth)
{
    while (writer->depth > depth) {
        write_end(writer, writer->open[--writer->depth]->output);
    }
}

static void close_implied(struct writer *writer, unsigned closes, unsigned stops)
{
    size_t target = writer->depth;
    for (size_t i = writer->depth; i > 0; i--) {
        unsigned bit = group_bit(writer->open[i - 1]);
        if ((bit & stops) != 0) {
            break;
        }
        target = (bit & closes) != 0 ? i - 1 : target;
    }
    close_to(writer, target);
}

/* A block ends an open paragraph; nothing that ends paragraphs can be open inside one. */
static void close_paragraph(struct writer *writer)
{
    for (size_t i = writer->depth; i > 0; i--) {
        if (writer->open[i - 1]->group == HTML_GROUP_PARAGRAPH) {
            close_to(writer, i - 1);
            return;
        }
        if (html_element_is(writer->open[i - 1], HTML_BARRIER)) {
            return;
        }
    }
}

static void push(struct writer *writer, const struct html_element *element)
{
    writer->open[writer->depth++] = element;
}

/* Parts of tables count only inside a table, and cells get a row. False when the tag is
 * dropped. */
static bool fit_into_table(struct writer *writer, const struct html_element *element)
{
    bool part = (group_bit(element) & (IN(CELL) | IN(ROW) | IN(TABLE_SECTION))) != 0;
    for (size_t i = writer->depth; part && i > 0; i--) {
        enum html_group group = writer->open[i - 1]->group;
        if (group == HTML_GROUP_ROW || group == HTML_GROUP_TABLE) {
            bool needs_row = group == HTML_GROUP_TABLE && element->group == HTML_GROUP_CELL &&
                strcmp(element->name, "caption") != 0;
            if (needs_row && writer->depth < DEPTH_MAX) {
                buffer_puts(&writer->out, "<tr>");
                push(writer, html_element_find("tr", 2));
            }
            return true;
        }
    }
    return !part;
}

/* --- tokens --- */

/* Pages that load pictures late keep the address in one of these, and a blank one in src. */
static const char *const picture_sources[] = {
    "src", "data-src", "data-original", "data-lazy-src", "data-actualsrc"};

static bool is_tiny(const struct html_token *token, const char *name)
{
    struct html_slice value;
    return html_token_attribute(token, name, &value) && value.length > 0 &&
        (value.start[0] == '0' || value.start[0] == '1') &&
        (value.length == 1 || !isdigit((unsigned char)value.start[1]));
}

static bool is_open(const struct writer *writer, enum html_group group)
{
    for (size_t i = 0; i < writer->depth; i++) {
        if (writer->open[i]->group == group) {
            return true;
        }
    }
    return false;
}

/* `<a href="…">What it shows</a>`; inside a link only the words. */
static bool write_picture_link(
    struct writer *writer, const struct html_token *token, struct html_slice address)
{
    struct html_slice alt;
    size_t mark = writer->out.length;
    bool link = !is_open(writer, HTML_GROUP_ANCHOR);
    buffer_puts(&writer->out, "<a");
    if (!write_url(writer, "href", address, picture_schemes)) {
        writer->out.length = mark;
        return false;
    }
    buffer_putc(&writer->out, '>');
    writer->out.length = link ? writer->out.length : mark;
    if (html_token_attribute(token, "alt", &alt) && alt.length > 0) {
        write_text(writer, alt);
    } else {
        const char *url = decode_value(writer, address), *slash = strrchr(url, '/');
        const char *name = slash == NULL || slash[1] == '\0' ? url : slash + 1;
        text_write_escaped(&writer->out, name, strlen(name), false);
    }
    buffer_puts(&writer->out, link ? "</a>" : "");
    return true;
}

static bool write_picture_element(
    struct writer *writer, const struct html_token *token, struct html_slice address)
{
    size_t mark = writer->out.length;
    buffer_puts(&writer->out, "<img");
    if (!write_url(writer, "src", address, picture_schemes)) {
        writer->out.length = mark;
        return false;
    }
    write_plain_attributes(writer, token);
    buffer_putc(&writer->out, '>');
    return true;
}

/* A picture without an address says nothing, and one of 1x1 only reports that it was seen. */
static void write_picture(struct writer *writer, const struct html_token *token)
{
    if (is_tiny(token, "width") && is_tiny(token, "height")) {
        return;
    }
    bool written = false;
    for (size_t i = 0; i < array_count(picture_sources) && !written; i++) {
        struct html_slice address;
        written = html_token_attribute(token, picture_sources[i], &address) &&
            (writer->offline ? write_picture_link(writer, token, address)
                             : write_picture_element(writer, token, address));
    }
}

static void write_start(struct writer *writer, const struct html_token *token)
{
    const struct html_element *element = token->element;
    bool anchor = element->group == HTML_GROUP_ANCHOR;
    size_t mark = writer->out.length;
    struct html_slice href;
    buffer_putc(&writer->out, '<');
    buffer_puts(&writer->out, element->output);
    if (anchor &&
        (!html_token_attribute(token, "href", &href) ||
            !write_url(writer, "href", href, link_schemes))) {
        writer->out.length = mark; /* a link to nowhere: its text stays */
        return;
    }
    write_plain_attributes(writer, token);
    buffer_putc(&writer->out, '>');
    if (!html_element_is(element, HTML_VOID)) {
        push(writer, element);
    }
}

static void take_start(struct writer *writer, const struct html_token *token)
{
    const struct html_element *element = token->element;
    if (html_element_is(element, HTML_BLOCK)) {
        close_paragraph(writer);
    }
    if (!html_element_is(element, HTML_KEEP)) {
        return;
    }
    if (element->group < array_count(implied_ends) &&
        implied_ends[element->group].closes != 0) {
        close_implied(
            writer, implied_ends[element->group].closes, implied_ends[element->group].stops);
    }
    if (element->group == HTML_GROUP_HEADING && writer->depth > 0 &&
        writer->open[writer->depth - 1]->group == HTML_GROUP_HEADING) {
        close_to(writer, writer->depth - 1);
    }
    if (strcmp(element->output, "img") == 0) {
        write_picture(writer, token);
    } else if (fit_into_table(writer, element) &&
        (writer->depth < DEPTH_MAX || html_element_is(element, HTML_VOID))) {
        write_start(writer, token);
    }
}

/* How far down an end tag may look for its start tag: the groups it cannot pass. */
static unsigned end_stops(const struct html_element *element)
{
    switch (element->group) {
    case HTML_GROUP_TABLE:
        return 0;
    case HTML_GROUP_TABLE_SECTION:
    case HTML_GROUP_ROW:
    case HTML_GROUP_CELL:
        return IN(TABLE);
    case HTML_GROUP_LIST_ITEM:
        return IN(TABLE) | IN(CELL) | IN(LIST);
    default:
        return IN(TABLE) | IN(CELL);
    }
}

static void take_end(struct writer *writer, const struct html_token *token)
{
    const struct html_element *element = token->element;
    if (strcmp(element->name, "br") == 0) {
        buffer_puts(&writer->out, "<br>"); /* browsers take "</br>" so */
        return;
    }
    unsigned stops = end_stops(element);
    bool block = html_element_is(element, HTML_BLOCK);
    for (size_t i = writer->depth; i > 0; i--) {
        const struct html_element *open = writer->open[i - 1];
        if (open == element ||
            (open->group == HTML_GROUP_HEADING && element->group == HTML_GROUP_HEADING)) {
            close_to(writer, i - 1);
            return;
        }
        if ((group_bit(open) & stops) != 0 || (!block && html_element_is(open, HTML_BARRIER))) {
            return;
        }
    }
}

static void take_token(struct writer *writer, const struct html_token *token)
{
    if (token->kind == HTML_TOKEN_TEXT) {
        write_text(writer, token->text);
    } else if (token->kind == HTML_TOKEN_START) {
        take_start(writer, token);
    } else {
        take_end(writer, token);
    }
}

/* --- the whole --- */

/* When a token does not fit, it and all that follows is left out. */
static void write_tokens(struct writer *writer, const char *html, size_t length)
{
    struct html_lexer lexer;
    struct html_token token;
    html_lexer_init(&lexer, html, length);
    while (html_lexer_next(&lexer, &token)) {
        size_t mark = writer->out.length, depth = writer->depth;
        const struct html_element *open[DEPTH_MAX];
        memcpy(open, writer->open, depth * sizeof(open[0]));
        take_token(writer, &token);
        if (writer->out.failed || writer->out.length > HTML_MAX_BYTES - END_TAGS_BYTES) {
            writer->out.length = mark;
            writer->out.failed = false;
            writer->depth = depth;
            memcpy(writer->open, open, depth * sizeof(open[0]));
            break;
        }
    }
    close_to(writer, 0);
}

static char *trimmed_copy(struct arena *arena, const char *text, size_t length)
{
    while (length > 0 && isspace((unsigned char)*text)) {
        text++;
        length--;
    }
    while (length > 0 && isspace((unsigned char)text[length - 1])) {
        length--;
    }
    return arena_strndup(arena, text, length);
}

static bool is_plain(const char *html, size_t length)
{
    return html_plain_length(html, length) == length &&
        length <= HTML_MAX_BYTES - END_TAGS_BYTES;
}

static char *sanitize(
    struct arena *arena, const char *html, size_t length, const char *base_url, bool offline)
{
    if (is_plain(html, length)) {
        return trimmed_copy(arena, html, length);
    }
    struct writer writer = {.offline = offline};
    buffer_init(&writer.out, HTML_MAX_BYTES);
    buffer_reserve(&writer.out, length + length / 8); /* most come out a little longer */
    buffer_init(&writer.scratch, HTML_MAX_BYTES);
    struct arena base_arena = {0};
    writer.has_base = base_url != NULL &&
        url_parts_resolve(&base_arena, NULL, base_url, &writer.base);
    write_tokens(&writer, html, length);
    char *result = trimmed_copy(arena, writer.out.data, writer.out.length);
    arena_release(&base_arena);
    arena_release(&writer.url_scratch);
    buffer_release(&writer.scratch);
    buffer_release(&writer.out);
    return result;
}

char *html_sanitize(struct arena *arena, const char *html, size_t length, const char *base_url)
{
    return sanitize(arena, html, length, base_url, false);
}

char *html_sanitize_offline(
    struct arena *arena, const char *html, size_t length, const char *base_url)
{
    return sanitize(arena, html, length, base_url, true);
}
