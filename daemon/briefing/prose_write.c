/* The two writers of prose that need no more than its events: semantic HTML and bare text. */
#include "briefing/prose.h"

#include <string.h>

#include "base/attributes.h"
#include "briefing/markup.h"

/* What stands around a container; `line` ends its tag's line. */
static const struct {
    enum prose_kind kind;
    const char *enter, *leave;
} tags[] = {
    {PROSE_PARAGRAPH, "<p>", "</p>\n"},
    {PROSE_LIST_ITEM, "<li>", "</li>\n"},
    {PROSE_QUOTE, "<blockquote>\n", "</blockquote>\n"},
    {PROSE_TABLE, "<table>\n", "</table>\n"},
    {PROSE_ROW, "<tr>", "</tr>\n"},
    {PROSE_STRONG, "<strong>", "</strong>"},
    {PROSE_EMPHASIS, "<em>", "</em>"},
    {PROSE_RULE, "<hr>\n", ""},
    {PROSE_BREAK, "<br>\n", ""},
};

static void write_link(const struct prose_event *event, struct buffer *out)
{
    if (event->leave) {
        buffer_puts(out, "</a>");
        return;
    }
    buffer_puts(out, "<a href=\"");
    markup_write_url(event->url, out);
    buffer_puts(out, "\">");
}

static void write_list(const struct prose_event *event, struct buffer *out)
{
    if (event->leave) {
        buffer_puts(out, event->ordered ? "</ol>\n" : "</ul>\n");
    } else if (event->ordered && event->number != 1) {
        buffer_printf(out, "<ol start=\"%u\">\n", event->number);
    } else {
        buffer_puts(out, event->ordered ? "<ol>\n" : "<ul>\n");
    }
}

static void write_cell(const struct prose_event *event, struct buffer *out)
{
    const char *tag = event->head ? "th" : "td";
    if (event->leave) {
        buffer_printf(out, "</%s>", tag);
    } else {
        buffer_printf(out, "<%s>", tag);
    }
}

static void write_tag(const struct prose_event *event, struct buffer *out)
{
    for (size_t i = 0; i < array_count(tags); i++) {
        if (tags[i].kind == event->kind) {
            buffer_puts(out, event->leave ? tags[i].leave : tags[i].enter);
        }
    }
}

static void write_html_event(const struct prose_event *event, struct buffer *out)
{
    switch (event->kind) {
    case PROSE_TEXT:
        markup_write_text(event->text, out);
        break;
    case PROSE_CODE:
        markup_write_element("code", NULL, event->text, out);
        break;
    case PROSE_CODE_BLOCK:
        buffer_puts(out, "<pre>");
        markup_write_element("code", NULL, event->text, out);
        buffer_puts(out, "</pre>\n");
        break;
    case PROSE_LINK:
        write_link(event, out);
        break;
    case PROSE_LIST:
        write_list(event, out);
        break;
    case PROSE_CELL:
        write_cell(event, out);
        break;
    default:
        write_tag(event, out);
        break;
    }
}

static bool is_block(enum prose_kind kind)
{
    return kind <= PROSE_CELL || kind == PROSE_CODE_BLOCK || kind == PROSE_RULE;
}

/* Of a picture that leads nowhere nothing is left, and of its paragraph only the gap. */
static bool is_empty_paragraph(const struct prose *prose, size_t i)
{
    return i + 1 < prose->count && prose->events[i].kind == PROSE_PARAGRAPH &&
        !prose->events[i].leave && prose->events[i + 1].kind == PROSE_PARAGRAPH &&
        prose->events[i + 1].leave;
}

void prose_write_html(const struct prose *prose, const char *label, struct buffer *out)
{
    bool labelled = label == NULL || *label == '\0';
    for (size_t i = 0; i < prose->count; i++) {
        const struct prose_event *event = &prose->events[i];
        if (is_empty_paragraph(prose, i)) {
            i++;
            continue;
        }
        if (!labelled && event->kind != PROSE_PARAGRAPH) {
            markup_write_element("p", NULL, label, out);
            buffer_putc(out, '\n');
            labelled = true;
        }
        write_html_event(event, out);
        if (!labelled) {
            markup_write_text(label, out);
            labelled = true;
        }
    }
}

static void trim_end(struct buffer *out, size_t start)
{
    while (out->length > start && strchr(" \n", out->data[out->length - 1]) != NULL) {
        out->data[--out->length] = '\0';
    }
}

/* One `between` where a block or a line ends, none at the beginning; a line's end wins over a
 * space. */
static void set_apart(struct buffer *out, size_t start, char between)
{
    bool at_line_end = out->length > start && out->data[out->length - 1] == '\n';
    trim_end(out, start);
    if (out->length > start) {
        buffer_putc(out, at_line_end ? '\n' : between);
    }
}

void prose_write_inline_html(const struct prose *prose, struct buffer *out)
{
    size_t start = out->length;
    for (size_t i = 0; i < prose->count; i++) {
        const struct prose_event *event = &prose->events[i];
        if (event->kind == PROSE_CODE_BLOCK) {
            markup_write_element("code", NULL, event->text, out);
        } else if (!is_block(event->kind)) {
            write_html_event(event, out);
        } else if (event->leave && i + 1 < prose->count) {
            set_apart(out, start, ' ');
        }
    }
    trim_end(out, start);
}

void prose_write_plain(const struct prose *prose, struct buffer *out)
{
    size_t start = out->length;
    for (size_t i = 0; i < prose->count; i++) {
        const struct prose_event *event = &prose->events[i];
        if (event->text != NULL) {
            buffer_puts(out, event->text);
        } else if (event->kind == PROSE_BREAK || (event->kind == PROSE_CELL && event->leave)) {
            set_apart(out, start, ' ');
        } else if (is_block(event->kind) && event->leave) {
            set_apart(out, start, '\n');
        }
    }
    trim_end(out, start);
}
