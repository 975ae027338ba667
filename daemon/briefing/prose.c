/* md4c calls back while it reads; its events are kept here, flat, with three repairs that every
 * renderer would otherwise make for itself: text that md4c delivers in pieces (entities,
 * escapes, unpaired marks) is joined; addresses in it become links (md4c's own recognition
 * wants a space before an address, and takes Han characters into it); tags of raw HTML are
 * judged.
 */
#include "briefing/prose.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include <md4c.h>

#include "base/attributes.h"
#include "base/shown_url.h"
#include "briefing/letters.h"
#include "briefing/markup.h"
#include "briefing/prose_lines.h"
#include "feed/html_lexer.h"
#include "feed/url.h"

/* Texts are an editor's; what passes this is cut off. */
enum { PROSE_MAX_BYTES = 4 << 20, PROSE_LISTS_MAX = 32 };

struct reader {
    struct arena *arena;
    const char *base_url;
    struct prose_event *events;
    size_t count, capacity;
    struct buffer text;  /* not yet an event */
    unsigned links;      /* links that are open: one inside another is text */
    size_t link_start;   /* event of the open link */
    bool html_link;      /* it came from <a>, */
    unsigned html_spans; /* inside so many spans, counting itself, */
    unsigned spans;      /* of which so many are open now */
    unsigned hidden;     /* inside a picture that is left out */
    unsigned list_depth;
    struct {
        bool ordered;
        unsigned first, next;
    } lists[PROSE_LISTS_MAX];
    bool head;
};

static struct prose_event *push(struct reader *reader, enum prose_kind kind, bool leave)
{
    if (reader->count == reader->capacity) {
        reader->events = arena_grow(
            reader->arena, reader->events, sizeof(*reader->events), &reader->capacity);
    }
    struct prose_event *event = &reader->events[reader->count++];
    *event = (struct prose_event){.kind = kind, .leave = leave};
    return event;
}

/* ---- text and the addresses in it ---- */

static bool is_address_byte(unsigned char c)
{
    return c < 0x80 && (isalnum(c) || (c != 0 && strchr("-._~:/?#@!$&+,;=%*'()[]", c) != NULL));
}

/* Bytes of the web address at the start of `text`; 0: none. Stops and an unpaired bracket at
 * its end are the sentence's. */
static size_t address_length(const char *text)
{
    if (!markup_is_web_address(text)) {
        return 0;
    }
    size_t length = 0;
    int open = 0;
    while (is_address_byte((unsigned char)text[length])) {
        open += (text[length] == '(') - (text[length] == ')');
        if (open < 0) {
            break;
        }
        length++;
    }
    while (length > 0 && strchr(".,:;!?'*_~[(", text[length - 1]) != NULL) {
        length--;
    }
    return length > strlen("https://") ? length : 0;
}

static void push_text(struct reader *reader, const char *text, size_t length)
{
    if (length > 0) {
        push(reader, PROSE_TEXT, false)->text = arena_strndup(reader->arena, text, length);
    }
}

static void push_address(struct reader *reader, const char *text, size_t length)
{
    const char *url = shown_url(reader->arena, arena_strndup(reader->arena, text, length));
    struct prose_event *enter = push(reader, PROSE_LINK, false);
    enter->url = url;
    enter->bare = true;
    push(reader, PROSE_TEXT, false)->text = url;
    struct prose_event *leave = push(reader, PROSE_LINK, true);
    leave->url = url;
    leave->bare = true;
}

static void push_running_text(struct reader *reader, const char *text)
{
    const char *start = text;
    while (*text != '\0') {
        bool inside_word = text > start && isalnum((unsigned char)text[-1]);
        size_t length = inside_word ? 0 : address_length(text);
        if (length > 0) {
            push_text(reader, start, (size_t)(text - start));
            push_address(reader, text, length);
            start = text += length;
        } else {
            text++;
        }
    }
    push_text(reader, start, (size_t)(text - start));
}

/* `text` without the joiners of prose_lines.c and whatever else cannot be seen. */
static char *visible(struct arena *arena, const char *text)
{
    struct buffer kept;
    buffer_init(&kept, strlen(text) * 3 + 1); /* a stray byte becomes U+FFFD */
    size_t offset = 0;
    uint32_t c;
    while ((c = letters_next(text, &offset)) != 0) {
        if (!letters_is_invisible(c) || c == '\n') {
            buffer_put_codepoint(&kept, c);
        }
    }
    char *copy = arena_strndup(arena, kept.data, kept.length);
    buffer_release(&kept);
    return copy;
}

static void flush(struct reader *reader)
{
    if (reader->text.length > 0) {
        char *text = visible(reader->arena, reader->text.data);
        if (reader->links > 0) {
            push_text(reader, text, strlen(text));
        } else {
            push_running_text(reader, text);
        }
        buffer_clear(&reader->text);
    }
}

/* ---- links ---- */

/* The address as it may be written, or NULL: no web address, or relative without a base. */
static const char *web_address(struct reader *reader, const char *text)
{
    char *clean = visible(reader->arena, text);
    char *url = markup_is_web_address(clean) ? clean
        : *clean != '\0' && *clean != '#' && reader->base_url != NULL
        ? url_resolve(reader->arena, reader->base_url, clean)
        : NULL;
    return markup_is_web_address(url) ? shown_url(reader->arena, url) : NULL;
}

/* The characters of an attribute: md4c leaves entities in it as they are. */
static const char *attribute_text(struct reader *reader, const MD_ATTRIBUTE *attribute)
{
    struct buffer decoded;
    buffer_init(&decoded, attribute->size * 3 + 16);
    html_decode(&decoded, (struct html_slice){attribute->text, attribute->size}, true);
    char *copy = arena_strndup(reader->arena, decoded.data, decoded.length);
    buffer_release(&decoded);
    return copy;
}

static void enter_link(struct reader *reader, const char *address)
{
    flush(reader);
    const char *url = reader->links == 0 ? web_address(reader, address) : NULL;
    if (url == NULL) {
        reader->links += reader->links > 0;
        return;
    }
    reader->links = 1;
    reader->link_start = reader->count;
    push(reader, PROSE_LINK, false)->url = url;
}

static bool text_is(const struct reader *reader, size_t from, const char *text)
{
    return reader->count == from + 1 && reader->events[from].kind == PROSE_TEXT &&
        strcmp(reader->events[from].text, text) == 0;
}

static void leave_link(struct reader *reader)
{
    flush(reader);
    if (reader->links != 1) {
        reader->links -= reader->links > 0;
        return;
    }
    size_t start = reader->link_start;
    const char *url = reader->events[start].url;
    if (reader->count == start + 1) { /* "[](url)": without text there is nothing to click */
        push(reader, PROSE_TEXT, false)->text = url;
    }
    bool bare = text_is(reader, start + 1, url);
    reader->events[start].bare = bare;
    struct prose_event *leave = push(reader, PROSE_LINK, true);
    leave->url = url;
    leave->bare = bare;
    reader->links = 0;
    reader->html_link = false;
}

/* A picture is a link to it with its alternative text; inside a link it is that text. */
static void enter_picture(struct reader *reader, const char *address)
{
    flush(reader);
    if (reader->hidden > 0 || (reader->links == 0 && web_address(reader, address) == NULL)) {
        reader->hidden++;
        return;
    }
    enter_link(reader, address);
}

static void leave_picture(struct reader *reader)
{
    if (reader->hidden > 0) {
        buffer_clear(&reader->text);
        reader->hidden--;
        return;
    }
    leave_link(reader);
}

/* ---- raw HTML ---- */

/* Tags that change how text looks and are not in the sanitiser's table. */
static bool only_dresses(const char *tag)
{
    static const char *const names[] = {"font", "center", "big", "tt", "strike"};
    tag += 1 + (tag[1] == '/');
    for (size_t i = 0; i < array_count(names); i++) {
        size_t length = strlen(names[i]);
        if (strncasecmp(tag, names[i], length) == 0 && !isalnum((unsigned char)tag[length])) {
            return true;
        }
    }
    return false;
}

/* What a picture inside a link shows is the link's text; others are decoration. */
static void take_picture(struct reader *reader, const struct html_token *token)
{
    struct html_slice alt;
    if (reader->links > 0 && html_token_attribute(token, "alt", &alt)) {
        html_decode(&reader->text, alt, true);
    }
}

static void take_tag(struct reader *reader, const char *text, size_t length)
{
    struct html_lexer lexer;
    struct html_token token;
    html_lexer_init(&lexer, text, length);
    if (!html_lexer_next(&lexer, &token) || token.kind == HTML_TOKEN_END_OF_INPUT) {
        return; /* a comment, or what never shows */
    }
    const char *name = token.kind == HTML_TOKEN_TEXT ? NULL : token.element->output;
    bool known = name != NULL && token.element->flags != 0;
    struct html_slice href;
    if (!known && !only_dresses(text)) {
        buffer_append(&reader->text, text, length);
    } else if (!known) {
        return;
    } else if (strcasecmp(token.element->name, "img") == 0) {
        take_picture(reader, &token);
    } else if (strcasecmp(token.element->name, "br") == 0) {
        flush(reader);
        push(reader, PROSE_BREAK, false);
    } else if (token.element->group == HTML_GROUP_ANCHOR && token.kind == HTML_TOKEN_END) {
        if (reader->html_link && reader->spans + 1 == reader->html_spans) {
            leave_link(reader);
        }
    } else if (token.element->group == HTML_GROUP_ANCHOR && reader->links == 0 &&
        html_token_attribute(&token, "href", &href)) {
        const MD_ATTRIBUTE attribute = {.text = href.start, .size = (MD_SIZE)href.length};
        enter_link(reader, attribute_text(reader, &attribute));
        reader->html_link = reader->links == 1;
        reader->html_spans = reader->spans + 1;
    }
}

/* An <a> that nobody closed ends with what holds it: `spans` of them stay open. */
static void close_html_link(struct reader *reader, unsigned spans)
{
    if (reader->html_link && reader->html_spans > spans) {
        flush(reader);
        leave_link(reader);
    }
}

/* ---- md4c's callbacks ---- */

static const struct {
    MD_BLOCKTYPE type;
    enum prose_kind kind;
} block_kinds[] = {
    {MD_BLOCK_QUOTE, PROSE_QUOTE},
    {MD_BLOCK_UL, PROSE_LIST},
    {MD_BLOCK_OL, PROSE_LIST},
    {MD_BLOCK_LI, PROSE_LIST_ITEM},
    {MD_BLOCK_H, PROSE_PARAGRAPH},
    {MD_BLOCK_P, PROSE_PARAGRAPH},
    {MD_BLOCK_TABLE, PROSE_TABLE},
    {MD_BLOCK_TR, PROSE_ROW},
    {MD_BLOCK_TH, PROSE_CELL},
    {MD_BLOCK_TD, PROSE_CELL},
};

/* The kind of container, or -1. */
static int find_block_kind(MD_BLOCKTYPE type)
{
    for (size_t i = 0; i < array_count(block_kinds); i++) {
        if (block_kinds[i].type == type) {
            return (int)block_kinds[i].kind;
        }
    }
    return -1;
}

static size_t list_slot(unsigned depth)
{
    return depth < PROSE_LISTS_MAX ? depth : PROSE_LISTS_MAX - 1;
}

static void push_list(struct reader *reader, bool leave)
{
    struct prose_event *event = push(reader, PROSE_LIST, leave);
    event->depth = reader->list_depth;
    event->ordered = reader->lists[list_slot(event->depth)].ordered;
    event->number = reader->lists[list_slot(event->depth)].first;
}

static void enter_list(struct reader *reader, MD_BLOCKTYPE type, const void *detail)
{
    size_t slot = list_slot(reader->list_depth);
    bool ordered = type == MD_BLOCK_OL;
    unsigned first = ordered ? ((const MD_BLOCK_OL_DETAIL *)detail)->start : 0;
    reader->lists[slot].ordered = ordered;
    reader->lists[slot].first = reader->lists[slot].next = first;
    push_list(reader, false);
    reader->list_depth++;
}

static void push_list_item(struct reader *reader, bool leave)
{
    struct prose_event *event = push(reader, PROSE_LIST_ITEM, leave);
    event->depth = reader->list_depth - 1;
    size_t slot = list_slot(event->depth);
    event->ordered = reader->lists[slot].ordered;
    event->number = reader->lists[slot].next;
    reader->lists[slot].next += leave && event->ordered;
}

static int on_enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct reader *reader = context;
    close_html_link(reader, 0);
    flush(reader); /* the text of a tight list item before the list inside it */
    int kind = find_block_kind(type);
    if (kind == PROSE_LIST) {
        enter_list(reader, type, detail);
    } else if (kind == PROSE_LIST_ITEM) {
        push_list_item(reader, false);
    } else if (kind >= 0) {
        struct prose_event *event = push(reader, (enum prose_kind)kind, false);
        event->head = reader->head;
        event->align = kind == PROSE_CELL
            ? (enum prose_align)((const MD_BLOCK_TD_DETAIL *)detail)->align
            : PROSE_ALIGN_NONE;
    }
    reader->head = type == MD_BLOCK_THEAD || (reader->head && type != MD_BLOCK_TBODY);
    if (type == MD_BLOCK_H) {
        push(reader, PROSE_STRONG, false);
    }
    return 0;
}

static void leave_code_block(struct reader *reader)
{
    size_t length = reader->text.length;
    length -= length > 0 && reader->text.data[length - 1] == '\n';
    push(reader, PROSE_CODE_BLOCK, false)->text = arena_strndup(
        reader->arena, reader->text.data, length);
    buffer_clear(&reader->text);
}

static int on_leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    struct reader *reader = context;
    if (type == MD_BLOCK_CODE) {
        leave_code_block(reader);
        return 0;
    }
    close_html_link(reader, 0);
    flush(reader);
    int kind = find_block_kind(type);
    if (type == MD_BLOCK_H) {
        push(reader, PROSE_STRONG, true);
    } else if (type == MD_BLOCK_THEAD) {
        reader->head = false;
    } else if (type == MD_BLOCK_HR) {
        push(reader, PROSE_RULE, false);
    }
    if (kind == PROSE_LIST) {
        reader->list_depth--;
        push_list(reader, true);
    } else if (kind == PROSE_LIST_ITEM) {
        push_list_item(reader, true);
    } else if (kind >= 0) {
        push(reader, (enum prose_kind)kind, true)->head = reader->head;
    }
    return 0;
}

static int on_enter_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct reader *reader = context;
    if (reader->hidden > 0 && type != MD_SPAN_IMG) {
        return 0;
    }
    reader->spans++;
    switch (type) {
    case MD_SPAN_A:
        enter_link(reader, attribute_text(reader, &((const MD_SPAN_A_DETAIL *)detail)->href));
        break;
    case MD_SPAN_IMG:
        enter_picture(
            reader, attribute_text(reader, &((const MD_SPAN_IMG_DETAIL *)detail)->src));
        break;
    case MD_SPAN_STRONG:
    case MD_SPAN_EM:
        flush(reader);
        push(reader, type == MD_SPAN_EM ? PROSE_EMPHASIS : PROSE_STRONG, false);
        break;
    case MD_SPAN_CODE:
        flush(reader);
        break;
    default:
        break;
    }
    return 0;
}

static void leave_code(struct reader *reader)
{
    push(reader, PROSE_CODE, false)->text = visible(reader->arena, reader->text.data);
    buffer_clear(&reader->text);
}

static int on_leave_span(MD_SPANTYPE type, void *detail, void *context)
{
    struct reader *reader = context;
    if (reader->hidden > 0 && type != MD_SPAN_IMG) {
        return 0;
    }
    reader->spans--;
    close_html_link(reader, reader->spans + 1);
    switch (type) {
    case MD_SPAN_A:
        leave_link(reader);
        break;
    case MD_SPAN_IMG:
        leave_picture(reader);
        break;
    case MD_SPAN_STRONG:
    case MD_SPAN_EM:
        flush(reader);
        push(reader, type == MD_SPAN_EM ? PROSE_EMPHASIS : PROSE_STRONG, true);
        break;
    case MD_SPAN_CODE:
        leave_code(reader);
        break;
    default:
        break;
    }
    return 0;
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *context)
{
    struct reader *reader = context;
    if (reader->hidden > 0) {
        return 0;
    }
    switch (type) {
    case MD_TEXT_NULLCHAR:
        break;
    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR:
        flush(reader);
        push(reader, PROSE_BREAK, false);
        break;
    case MD_TEXT_ENTITY:
        html_decode(&reader->text, (struct html_slice){text, size}, false);
        break;
    case MD_TEXT_HTML:
        take_tag(reader, text, size);
        break;
    default:
        buffer_append(&reader->text, text, size);
        break;
    }
    return 0;
}

struct prose prose_parse(struct arena *arena, const char *markdown, const char *base_url)
{
    static const MD_PARSER parser = {
        .flags = MD_FLAG_NOINDENTEDCODEBLOCKS | MD_FLAG_NOHTMLBLOCKS | MD_FLAG_TABLES,
        .enter_block = on_enter_block,
        .leave_block = on_leave_block,
        .enter_span = on_enter_span,
        .leave_span = on_leave_span,
        .text = on_text,
    };
    if (markdown == NULL) {
        return (struct prose){0};
    }
    struct reader reader = {.arena = arena, .base_url = base_url};
    struct buffer lines;
    buffer_init(&lines, PROSE_MAX_BYTES);
    buffer_init(&reader.text, PROSE_MAX_BYTES);
    prose_lines_write(markdown, &lines);
    /* It fails only when there is no memory, and then keeps what it has read. */
    (void)md_parse(lines.data, (MD_SIZE)lines.length, &parser, &reader);
    buffer_release(&reader.text);
    buffer_release(&lines);
    return (struct prose){.events = reader.events, .count = reader.count};
}
