/* One struct carries the references through the whole issue, because numbers are given by first
 * appearance from the warm-up list to the footer.
 *
 * What an article of WeChat has by itself is not written, for markup counts: its style sheet
 * sets the margins of a <p> to nothing and colours links.
 *
 * Lists are paragraphs with their marks as text, not <ul>: the account's editor rewrites lists
 * and loses nesting. Leading space in code is U+00A0, one character where "&nbsp;" counts six.
 */
#include "briefing/render_wechat.h"

#include <stdio.h>
#include <string.h>

#include "base/attributes.h"
#include "briefing/issue_parts.h"
#include "briefing/letters.h"
#include "briefing/markup.h"
#include "briefing/prose.h"
#include "feed/url.h"

enum { CHARACTERS_MAX = 20000, BYTES_MAX = 1 << 20, RENDERED_MAX_BYTES = 16 << 20 };

#define STYLE_ROOT "font-size:16px;line-height:1.75;color:#222;overflow-wrap:break-word"
#define STYLE_HEADING "margin:32px 0 8px;border-bottom:2px solid #222;font-size:18px"
#define STYLE_TITLE "margin:20px 0 4px;font-weight:bold"
#define STYLE_LINE "margin-left:1em;text-indent:-1em" /* the mark stands before the text */
#define STYLE_SMALL "font-size:14px;color:#666"
#define STYLE_NOTE "margin:12px 0;font-size:14px;color:#666"
#define STYLE_SOFT "margin:12px 0;padding:8px 12px;background:#f5f6f7"
#define STYLE_CODE "padding:0 4px;background:#f5f6f7;font-family:monospace;font-size:14px"
#define STYLE_CODE_BLOCK                                                                       \
    "margin:8px 0;padding:8px 12px;background:#f5f6f7;overflow-x:auto;white-space:nowrap;"     \
    "font-family:monospace;font-size:13px"
#define STYLE_TABLE "margin:8px 0;border-collapse:collapse;font-size:14px"
#define STYLE_CELL "padding:4px 8px;border:1px solid #ccc"

struct reference {
    const char *url;
    const char *label; /* NULL: the address alone */
};

struct wechat {
    const struct issue *issue;
    struct arena *arena;
    struct buffer *out;
    struct reference *references;
    size_t reference_count, reference_capacity;
    /* of the prose that is being written */
    const char *label; /* stands before its first text; NULL: written, or none */
    char marker[16];   /* of the list item whose text has not begun; "" */
    unsigned list_depth;
    bool in_paragraph, in_cell;
};

static struct prose parse(const struct wechat *page, const char *markdown)
{
    return prose_parse(page->arena, markdown, page->issue->url);
}

static void open_element(const struct wechat *page, const char *tag, const char *style)
{
    buffer_printf(page->out, "<%s style=\"%s\">", tag, style);
}

static void close_element(const struct wechat *page, const char *tag)
{
    buffer_printf(page->out, "</%s>\n", tag);
}

/* ---- links ---- */

static bool stays_a_link(const struct wechat *page, const char *url)
{
    const char *host = url_host(page->arena, url);
    return host != NULL && strcmp(host, "mp.weixin.qq.com") == 0;
}

/* From 1. */
static size_t number_of(struct wechat *page, const char *url, const char *label)
{
    for (size_t i = 0; i < page->reference_count; i++) {
        if (strcmp(page->references[i].url, url) == 0) {
            return i + 1;
        }
    }
    if (page->reference_count == page->reference_capacity) {
        page->references = arena_grow(page->arena, page->references, sizeof(*page->references),
            &page->reference_capacity);
    }
    page->references[page->reference_count++] = (struct reference){url, label};
    return page->reference_count;
}

static void open_link(struct wechat *page, const char *url)
{
    if (stays_a_link(page, url)) {
        buffer_puts(page->out, "<a href=\"");
        markup_write_url(url, page->out);
        buffer_puts(page->out, "\">");
    }
}

static void close_link(struct wechat *page, const char *url, const char *label)
{
    if (stays_a_link(page, url)) {
        buffer_puts(page->out, "</a>");
    } else {
        buffer_printf(page->out, "<sup>[%zu]</sup>", number_of(page, url, label));
    }
}

static void write_link(struct wechat *page, const char *url, const char *text)
{
    bool linked = markup_is_web_address(url);
    if (linked) {
        open_link(page, url);
    }
    markup_write_text(text, page->out);
    if (linked) {
        close_link(page, url, text);
    }
}

/* ---- prose ---- */

/* The text between a link's two events. */
static const char *link_text(
    const struct wechat *page, const struct prose *prose, size_t enter, size_t leave)
{
    const struct prose inner = {prose->events + enter + 1, leave - enter - 1};
    struct buffer text;
    buffer_init(&text, RENDERED_MAX_BYTES);
    prose_write_plain(&inner, &text);
    const char *label = arena_strndup(page->arena, text.data, text.length);
    buffer_release(&text);
    return label;
}

static size_t matching_enter(const struct prose *prose, size_t leave)
{
    while (prose->events[leave].leave || prose->events[leave].kind != PROSE_LINK) {
        leave--;
    }
    return leave;
}

static void write_prose_link(struct wechat *page, const struct prose *prose, size_t index)
{
    const struct prose_event *event = &prose->events[index];
    if (event->bare && !stays_a_link(page, event->url)) {
        return;
    }
    if (event->leave) {
        size_t enter = matching_enter(prose, index);
        close_link(page, event->url, link_text(page, prose, enter, index));
    } else {
        open_link(page, event->url);
    }
}

/* White space that HTML would join. */
static void write_code(struct wechat *page, const char *code)
{
    for (size_t offset = 0; code[offset] != '\0';) {
        size_t at = offset;
        uint32_t c = letters_next(code, &offset);
        if (c == '\n') {
            buffer_puts(page->out, "<br>");
        } else if (c == '\t') {
            buffer_puts(page->out, "\xc2\xa0\xc2\xa0\xc2\xa0\xc2\xa0");
        } else if (c == ' ') {
            buffer_puts(page->out, "\xc2\xa0");
        } else {
            markup_write_text(arena_strndup(page->arena, code + at, offset - at), page->out);
        }
    }
}

/* ---- blocks ---- */

/* A <p> is opened by the first text that needs one and closed by whatever ends it: so the text
 * of a list item, the paragraphs and the lists in it all become paragraphs of their own, and no
 * block ever stands inside a <p>. */
static void open_paragraph(struct wechat *page)
{
    if (page->in_paragraph || page->in_cell) {
        return;
    }
    if (page->list_depth > 0) {
        buffer_printf(page->out, "<p style=\"margin-left:%uem\">", page->list_depth);
    } else {
        buffer_puts(page->out, "<p>");
    }
    page->in_paragraph = true;
    markup_write_text(page->label, page->out);
    buffer_puts(page->out, page->marker);
    page->label = NULL;
    page->marker[0] = '\0';
}

static void close_paragraph(struct wechat *page)
{
    if (page->label != NULL) { /* before a list, a table */
        open_paragraph(page);
    }
    if (page->in_paragraph) {
        close_element(page, "p");
        page->in_paragraph = false;
    }
}

static void write_list_event(struct wechat *page, const struct prose_event *event)
{
    close_paragraph(page);
    if (event->kind == PROSE_LIST) {
        page->list_depth = event->depth + !event->leave;
    } else if (event->leave) {
        page->marker[0] = '\0';
    } else if (event->ordered) {
        snprintf(page->marker, sizeof(page->marker), "%u. ", event->number);
    } else {
        snprintf(page->marker, sizeof(page->marker), "• ");
    }
}

static void write_cell(struct wechat *page, const struct prose_event *event)
{
    const char *tag = event->head ? "th" : "td";
    page->in_cell = !event->leave;
    if (event->leave) {
        buffer_printf(page->out, "</%s>", tag);
    } else {
        open_element(page, tag, STYLE_CELL);
    }
}

static void write_code_block(struct wechat *page, const char *code)
{
    close_paragraph(page);
    open_element(page, "pre", STYLE_CODE_BLOCK);
    buffer_puts(page->out, "<code>");
    write_code(page, code);
    buffer_puts(page->out, "</code></pre>\n");
}

/* ---- events ---- */

static const struct {
    enum prose_kind kind;
    bool is_inline;
    const char *enter, *leave;
} tags[] = {
    {PROSE_PARAGRAPH, false, "", ""},
    {PROSE_QUOTE, false, "<blockquote style=\"" STYLE_SOFT "\">", "</blockquote>\n"},
    {PROSE_TABLE, false, "<section style=\"overflow-x:auto\"><table style=\"" STYLE_TABLE "\">",
        "</table></section>\n"},
    {PROSE_ROW, false, "<tr>", "</tr>\n"},
    {PROSE_RULE, false, "<p style=\"margin:16px 0;border-top:1px solid #ccc\"></p>\n", ""},
    {PROSE_STRONG, true, "<strong>", "</strong>"},
    {PROSE_EMPHASIS, true, "<em>", "</em>"},
    {PROSE_BREAK, true, "<br>", ""},
};

static void write_tag(struct wechat *page, const struct prose_event *event)
{
    for (size_t i = 0; i < array_count(tags); i++) {
        if (tags[i].kind == event->kind) {
            (tags[i].is_inline ? open_paragraph : close_paragraph)(page);
            buffer_puts(page->out, event->leave ? tags[i].leave : tags[i].enter);
        }
    }
}

static void write_text(struct wechat *page, const struct prose_event *event)
{
    open_paragraph(page);
    if (event->kind == PROSE_CODE) {
        open_element(page, "code", STYLE_CODE);
        markup_write_text(event->text, page->out);
        buffer_puts(page->out, "</code>");
    } else {
        markup_write_text(event->text, page->out);
    }
}

static void write_event(struct wechat *page, const struct prose *prose, size_t index)
{
    const struct prose_event *event = &prose->events[index];
    switch (event->kind) {
    case PROSE_TEXT:
    case PROSE_CODE:
        write_text(page, event);
        break;
    case PROSE_CODE_BLOCK:
        write_code_block(page, event->text);
        break;
    case PROSE_LINK:
        open_paragraph(page);
        write_prose_link(page, prose, index);
        break;
    case PROSE_LIST:
    case PROSE_LIST_ITEM:
        write_list_event(page, event);
        break;
    case PROSE_CELL:
        write_cell(page, event);
        break;
    default:
        write_tag(page, event);
        break;
    }
}

static void write_prose(struct wechat *page, const char *label, const char *markdown)
{
    struct prose prose = parse(page, markdown);
    page->label = prose.count > 0 && label != NULL && *label != '\0' ? label : NULL;
    for (size_t i = 0; i < prose.count; i++) {
        const struct prose_event *event = &prose.events[i];
        bool begins = event->kind == PROSE_PARAGRAPH && !event->leave;
        if (!begins || page->label == NULL) { /* the label waits for the first text */
            write_event(page, &prose, i);
        }
    }
    close_paragraph(page);
}

static void write_box(
    struct wechat *page, const char *style, const char *label, const char *markdown)
{
    if (markdown != NULL) {
        open_element(page, "section", style);
        write_prose(page, label, markdown);
        close_element(page, "section");
    }
}

/* ---- items ---- */

static void write_title(struct wechat *page, const struct issue_item *item)
{
    struct issue_title title = issue_item_title(page->arena, page->issue, item);
    markup_write_text(title.before, page->out);
    write_link(page, item->url, title.linked);
    markup_write_text(title.after, page->out);
    if (item->source != NULL) {
        markup_write_text(page->issue->labels.source_separator, page->out);
        markup_write_text(item->source, page->out);
    }
    for (size_t i = 0; i < item->link_count; i++) {
        buffer_puts(page->out, " [");
        write_link(page, item->links[i].url, item->links[i].label);
        buffer_putc(page->out, ']');
    }
}

static void write_item(struct wechat *page, const struct issue_item *item)
{
    open_element(page, "p", STYLE_TITLE);
    for (size_t i = 0; i < item->tag_count; i++) {
        buffer_putc(page->out, '[');
        markup_write_text(item->tags[i], page->out);
        buffer_puts(page->out, "] ");
    }
    write_title(page, item);
    close_element(page, "p");
    for (size_t i = 0; i < item->line_count; i++) {
        write_prose(page, item->lines[i].label, item->lines[i].text);
    }
    write_prose(page, item->bare_summary ? NULL : page->issue->labels.summary, item->summary);
}

static void write_section(struct wechat *page, const struct issue_section *section)
{
    open_element(page, "h2", STYLE_HEADING);
    markup_write_text(section->title, page->out);
    close_element(page, "h2");
    write_box(page, STYLE_NOTE, page->issue->labels.note, section->note);
    for (size_t i = 0; i < section->item_count; i++) {
        write_item(page, &section->items[i]);
    }
}

static void write_lines_section(struct wechat *page, const struct issue_section *section)
{
    if (section->item_count > 0) {
        write_prose(page, NULL, section->lead_in);
    }
    for (size_t i = 0; i < section->item_count; i++) {
        open_element(page, "p", STYLE_LINE);
        buffer_puts(page->out, "• ");
        write_title(page, &section->items[i]);
        markup_write_text(issue_line_end(page->arena, page->issue, section, i), page->out);
        close_element(page, "p");
    }
}

static void write_sections(struct wechat *page, bool lines)
{
    for (size_t i = 0; i < page->issue->section_count; i++) {
        const struct issue_section *section = &page->issue->sections[i];
        if ((section->form == CONFIG_FORM_ONELINE) == lines) {
            (lines ? write_lines_section : write_section)(page, section);
        }
    }
}

static void write_references(const struct wechat *page)
{
    const struct config_labels *labels = &page->issue->labels;
    if (page->reference_count > 0 && *labels->references != '\0') {
        open_element(page, "h2", STYLE_HEADING);
        markup_write_text(labels->references, page->out);
        close_element(page, "h2");
    }
    for (size_t i = 0; i < page->reference_count; i++) {
        const struct reference *reference = &page->references[i];
        bool labelled = *reference->label != '\0' &&
            strcmp(reference->label, reference->url) != 0;
        open_element(page, "p", STYLE_SMALL);
        buffer_printf(page->out, "[%zu] ", i + 1);
        markup_write_text(labelled ? reference->label : "", page->out);
        markup_write_text(labelled ? labels->prefix_separator : "", page->out);
        markup_write_text(reference->url, page->out);
        close_element(page, "p");
    }
}

void render_wechat(const struct issue *issue, struct buffer *out)
{
    struct arena arena;
    arena_init(&arena);
    struct wechat page = {.issue = issue, .arena = &arena, .out = out};
    buffer_puts(out, "<section style=\"" STYLE_ROOT "\">\n");
    write_box(&page, "font-weight:bold", NULL, issue->tagline);
    write_prose(&page, NULL, issue->preface);
    write_box(&page, STYLE_SOFT, issue->labels.guide, issue->guide);
    write_sections(&page, true);
    write_box(&page, STYLE_NOTE, issue->labels.note, issue->note_before);
    write_sections(&page, false);
    write_prose(&page, NULL, issue->closing);
    write_box(&page, STYLE_NOTE, issue->labels.note, issue->note_after);
    write_box(&page, STYLE_SMALL, NULL, issue->footer);
    write_references(&page); /* last: the footer has links, too */
    buffer_puts(out, "</section>\n");
    arena_release(&arena);
}

struct render_wechat_size render_wechat_measure_html(const char *html, size_t length)
{
    struct render_wechat_size size = {
        .characters_max = CHARACTERS_MAX, .bytes = length, .bytes_max = BYTES_MAX};
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)html[i];
        /* four bytes are two units; continuation bytes none of their own */
        size.characters += (byte & 0xc0) == 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
    }
    size.fits = size.characters < CHARACTERS_MAX && length < BYTES_MAX;
    return size;
}

struct render_wechat_size render_wechat_measure(const struct issue *issue)
{
    struct buffer html;
    buffer_init(&html, RENDERED_MAX_BYTES);
    render_wechat(issue, &html);
    struct render_wechat_size size = render_wechat_measure_html(html.data, html.length);
    size.fits = size.fits && !buffer_failed(&html);
    buffer_release(&html);
    return size;
}
