/* Prose is collected block by block and wrapped when a block ends; lists hang under their
 * marks.
 */
#include "briefing/render_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "briefing/issue_parts.h"
#include "briefing/letters.h"
#include "briefing/markup.h"
#include "briefing/prose.h"
#include "briefing/text_wrap.h"

enum { BLOCK_MAX_BYTES = 1 << 20, INDENT_MAX = 64 };

struct text {
    const struct issue *issue;
    struct arena *arena;
    size_t columns;
    const char *indent;  /* of the item that is being written; "" */
    struct buffer block; /* of prose, not yet written */
    struct buffer *out;
};

/* ---- lines ---- */

static void write_blank(const struct text *text)
{
    bool blank = text->out->length >= 2 &&
        strcmp(text->out->data + text->out->length - 2, "\n\n") == 0;
    if (text->out->length > 0 && !blank) {
        buffer_putc(text->out, '\n');
    }
}

static void write_wrapped(
    const struct text *text, const char *line, const char *first, const char *rest)
{
    text_wrap_write(line, first, rest, text->columns, text->out);
}

static void write_rule(const struct text *text, const char *line, char mark)
{
    size_t columns = letters_columns(line);
    bool wide = text->columns > 0 && columns > text->columns;
    for (size_t i = 0; i < (wide ? text->columns : columns); i++) {
        buffer_putc(text->out, mark);
    }
    buffer_putc(text->out, '\n');
}

/* Plain text of a field on one line, without what cannot be seen. */
static void add_plain(struct buffer *out, const char *plain)
{
    size_t offset = 0;
    uint32_t c;
    while (plain != NULL && (c = letters_next(plain, &offset)) != 0) {
        if (letters_is_space(c)) {
            buffer_putc(out, ' ');
        } else if (!letters_is_invisible(c)) {
            buffer_put_codepoint(out, c);
        }
    }
}

/* ---- prose ---- */

struct prose_state {
    char first[INDENT_MAX], rest[INDENT_MAX]; /* before the block's first line and the others */
    unsigned list_depth, quote_depth;
};

static void set_indent(const struct text *text, struct prose_state *state, const char *marker)
{
    char quotes[INDENT_MAX] = "";
    for (unsigned i = 0; i < state->quote_depth && i < 8; i++) {
        strncat(quotes, "> ", sizeof(quotes) - strlen(quotes) - 1);
    }
    int depth = state->list_depth > 0 && state->list_depth < 8 ? 2 * (int)state->list_depth - 2
                                                               : 0;
    snprintf(state->rest, sizeof(state->rest), "%s%s%*s%*s", text->indent, quotes, depth, "",
        (int)letters_columns(marker), "");
    snprintf(state->first, sizeof(state->first), "%s%s%*s%s", text->indent, quotes, depth, "",
        marker);
}

static void end_block(struct text *text, struct prose_state *state)
{
    if (text->block.length > 0) {
        write_wrapped(text, text->block.data, state->first, state->rest);
        buffer_clear(&text->block);
        memcpy(state->first, state->rest, sizeof(state->first));
    }
}

static void write_code_block(
    struct text *text, const struct prose_state *state, const char *code)
{
    text_wrap_write(code, state->rest, state->rest, 0, text->out);
}

static void take_list_event(
    struct text *text, struct prose_state *state, const struct prose_event *event)
{
    char marker[16] = "";
    end_block(text, state);
    if (event->kind == PROSE_LIST) {
        state->list_depth = event->depth + !event->leave;
    } else if (!event->leave && event->ordered) {
        snprintf(marker, sizeof(marker), "%u. ", event->number);
    } else if (!event->leave) {
        snprintf(marker, sizeof(marker), "- ");
    }
    set_indent(text, state, marker);
}

static void take_cell(struct text *text, const struct prose_event *event)
{
    if (!event->leave && text->block.length > 0) {
        buffer_puts(&text->block, " | ");
    }
}

static void take_leaf(struct text *text, const struct prose_event *event)
{
    if (event->kind == PROSE_BREAK) {
        buffer_putc(&text->block, '\n');
    } else if (event->kind == PROSE_LINK) {
        bool shown = event->leave && !event->bare;
        buffer_puts(&text->block, shown ? " <" : "");
        buffer_puts(&text->block, shown ? event->url : "");
        buffer_puts(&text->block, shown ? ">" : "");
    } else if (event->text != NULL) {
        add_plain(&text->block, event->text);
    }
}

static void take_event(
    struct text *text, struct prose_state *state, const struct prose_event *event)
{
    switch (event->kind) {
    case PROSE_LIST:
    case PROSE_LIST_ITEM:
        take_list_event(text, state, event);
        break;
    case PROSE_QUOTE:
        end_block(text, state);
        state->quote_depth += event->leave ? -1U : 1U;
        set_indent(text, state, "");
        break;
    case PROSE_CODE_BLOCK:
        end_block(text, state);
        write_code_block(text, state, event->text);
        break;
    case PROSE_RULE:
        end_block(text, state);
        write_rule(text, "----", '-');
        break;
    case PROSE_CELL:
        take_cell(text, event);
        break;
    case PROSE_PARAGRAPH:
    case PROSE_ROW:
    case PROSE_TABLE:
        if (event->leave) {
            end_block(text, state);
        }
        break;
    default:
        take_leaf(text, event);
        break;
    }
}

static void write_prose(struct text *text, const char *label, const char *markdown)
{
    struct prose prose = prose_parse(text->arena, markdown, text->issue->url);
    struct prose_state state = {.list_depth = 0};
    set_indent(text, &state, "");
    if (prose.count == 0) {
        return;
    }
    add_plain(&text->block, label);
    for (size_t i = 0; i < prose.count; i++) {
        take_event(text, &state, &prose.events[i]);
    }
    end_block(text, &state);
}

/* The same with a blank line behind it. */
static void write_block(struct text *text, const char *label, const char *markdown)
{
    if (markdown != NULL) {
        write_prose(text, label, markdown);
        write_blank(text);
    }
}

/* ---- items ---- */

static const char *title_line(
    const struct text *text, const struct issue_item *item, const char *end)
{
    struct buffer line;
    buffer_init(&line, BLOCK_MAX_BYTES);
    for (size_t i = 0; i < item->tag_count; i++) {
        buffer_putc(&line, '[');
        add_plain(&line, item->tags[i]);
        buffer_puts(&line, "] ");
    }
    add_plain(&line, issue_item_text(text->arena, text->issue, item));
    if (item->source != NULL) {
        add_plain(&line, text->issue->labels.source_separator);
        add_plain(&line, item->source);
    }
    add_plain(&line, end);
    const char *whole = arena_strndup(text->arena, line.data, line.length);
    buffer_release(&line);
    return whole;
}

static void write_address(const struct text *text, const char *url)
{
    if (markup_is_web_address(url)) {
        write_wrapped(text, url, text->indent, text->indent);
    }
}

static void write_labelled(const struct text *text, const char *label, const char *value)
{
    struct buffer line;
    buffer_init(&line, BLOCK_MAX_BYTES);
    add_plain(&line, label);
    add_plain(&line, value);
    write_wrapped(text, line.data, text->indent, text->indent);
    buffer_release(&line);
}

static void write_item(struct text *text, const struct issue_item *item)
{
    text->indent = "  ";
    write_wrapped(text, title_line(text, item, NULL), "- ", "  ");
    write_address(text, item->url);
    for (size_t i = 0; i < item->link_count; i++) {
        const char *label = arena_printf(text->arena, "%s ", item->links[i].label);
        write_labelled(text, label, item->links[i].url);
    }
    for (size_t i = 0; i < item->line_count; i++) {
        write_prose(text, item->lines[i].label, item->lines[i].text);
    }
    write_prose(text, item->bare_summary ? NULL : text->issue->labels.summary, item->summary);
    text->indent = "";
    write_blank(text);
}

static void write_lines_section(struct text *text, const struct issue_section *section)
{
    if (section->item_count == 0) {
        return;
    }
    write_block(text, NULL, section->lead_in);
    text->indent = "  ";
    for (size_t i = 0; i < section->item_count; i++) {
        const struct issue_item *item = &section->items[i];
        const char *end = issue_line_end(text->arena, text->issue, section, i);
        write_wrapped(text, title_line(text, item, end), "- ", "  ");
        write_address(text, item->url);
    }
    text->indent = "";
    write_blank(text);
}

static void write_section(struct text *text, const struct issue_section *section)
{
    buffer_putc(text->out, '\n');
    write_labelled(text, NULL, section->title);
    write_rule(text, section->title, '-');
    buffer_putc(text->out, '\n');
    write_block(text, text->issue->labels.note, section->note);
    for (size_t i = 0; i < section->item_count; i++) {
        write_item(text, &section->items[i]);
    }
}

static void write_sections(struct text *text, bool lines)
{
    for (size_t i = 0; i < text->issue->section_count; i++) {
        const struct issue_section *section = &text->issue->sections[i];
        if ((section->form == CONFIG_FORM_ONELINE) == lines) {
            (lines ? write_lines_section : write_section)(text, section);
        }
    }
}

static void write_archive(struct text *text)
{
    const struct issue *issue = text->issue;
    if (issue->archive_form != ISSUE_ARCHIVE_NONE &&
        markup_is_web_address(issue->archive_url)) {
        write_labelled(text, NULL, issue->labels.archive);
        write_address(text, issue->archive_url);
        write_blank(text);
    }
}

void render_text_wrapped(const struct issue *issue, size_t columns, struct buffer *out)
{
    struct arena arena;
    arena_init(&arena);
    struct text text = {
        .issue = issue, .arena = &arena, .columns = columns, .indent = "", .out = out};
    buffer_init(&text.block, BLOCK_MAX_BYTES);
    const char *heading = issue_heading(&arena, issue);
    write_labelled(&text, NULL, heading);
    write_rule(&text, heading, '=');
    buffer_putc(out, '\n');
    write_block(&text, NULL, issue->tagline);
    write_block(&text, NULL, issue->preface);
    write_block(&text, issue->labels.guide, issue->guide);
    write_sections(&text, true);
    write_block(&text, issue->labels.note, issue->note_before);
    write_sections(&text, false);
    write_block(&text, NULL, issue->closing);
    write_block(&text, issue->labels.note, issue->note_after);
    write_archive(&text);
    write_prose(&text, NULL, issue->footer);
    buffer_release(&text.block);
    arena_release(&arena);
}

void render_text(const struct issue *issue, struct buffer *out)
{
    render_text_wrapped(issue, RENDER_TEXT_COLUMNS, out);
}
