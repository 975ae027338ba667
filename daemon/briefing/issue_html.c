/* The order is the printed one (briefing/issue.h): one-line sections before all others,
 * whatever their place in the list.
 */
#include "briefing/issue_html.h"

#include <string.h>

#include "briefing/issue_parts.h"
#include "briefing/markup.h"
#include "briefing/prose.h"

struct writer {
    const struct issue *issue;
    const struct issue_html_form *form;
    struct arena *arena;
    struct buffer *out;
};

static struct prose parse(const struct writer *writer, const char *markdown)
{
    return prose_parse(writer->arena, markdown, writer->issue->url);
}

/* <div class="…"> around prose with a label; nothing for NULL. */
static void write_prose(
    const struct writer *writer, const char *class, const char *label, const char *markdown)
{
    struct prose prose = parse(writer, markdown);
    if (prose.count > 0) {
        buffer_printf(writer->out, "<div class=\"%s\">\n", class);
        prose_write_html(&prose, label, writer->out);
        buffer_puts(writer->out, "</div>\n");
    }
}

static void write_title(const struct writer *writer, const struct issue_item *item)
{
    struct buffer *out = writer->out;
    struct issue_title title = issue_item_title(writer->arena, writer->issue, item);
    markup_write_text(title.before, out);
    markup_write_link(item->url, title.linked, out);
    markup_write_text(title.after, out);
}

static void write_further_links(const struct issue_item *item, struct buffer *out)
{
    for (size_t i = 0; i < item->link_count; i++) {
        buffer_puts(out, " [");
        markup_write_link(item->links[i].url, item->links[i].label, out);
        buffer_putc(out, ']');
    }
}

static void write_headline(const struct writer *writer, const struct issue_item *item)
{
    struct buffer *out = writer->out;
    for (size_t i = 0; i < item->tag_count; i++) {
        markup_write_element("span", "tag", item->tags[i], out);
        buffer_putc(out, ' ');
    }
    write_title(writer, item);
    if (item->source != NULL) {
        const char *separator = writer->issue->labels.source_separator;
        size_t blank = strspn(separator, " ");
        /* outside: the style keeps the source in one piece, which would swallow it */
        buffer_append(out, separator, blank);
        buffer_puts(out, "<span class=\"source\">");
        markup_write_text(separator + blank, out);
        markup_write_text(item->source, out);
        buffer_puts(out, "</span>");
    }
    write_further_links(item, out);
}

static void write_item_lines(const struct writer *writer, const struct issue_item *item)
{
    struct buffer *out = writer->out;
    for (size_t i = 0; i < item->line_count; i++) {
        struct prose text = parse(writer, item->lines[i].text);
        buffer_puts(out, "<p class=\"line\">");
        markup_write_text(item->lines[i].label, out);
        prose_write_inline_html(&text, out);
        buffer_puts(out, "</p>\n");
    }
}

static void write_item(const struct writer *writer, const struct issue_item *item,
    const char *anchor, size_t index)
{
    struct buffer *out = writer->out;
    unsigned level = writer->form->heading + 1;
    if (writer->form->anchors) {
        buffer_puts(out, "<article id=\"");
        markup_write_text(anchor, out);
        buffer_printf(out, "-item-%zu\">\n", index + 1);
    } else {
        buffer_puts(out, "<article>\n");
    }
    buffer_printf(out, "<h%u>", level);
    write_headline(writer, item);
    buffer_printf(out, "</h%u>\n", level);
    write_item_lines(writer, item);
    struct prose prose = parse(writer, item->summary);
    prose_write_html(&prose, item->bare_summary ? NULL : writer->issue->labels.summary, out);
    buffer_puts(out, "</article>\n");
}

/* ---- the warm-up list ---- */

static void write_line_item(
    const struct writer *writer, const struct issue_section *section, size_t index)
{
    const struct issue_item *item = &section->items[index];
    struct buffer *out = writer->out;
    buffer_puts(out, "<li>");
    write_title(writer, item);
    write_further_links(item, out);
    markup_write_text(issue_line_end(writer->arena, writer->issue, section, index), out);
    buffer_puts(out, "</li>\n");
}

static void write_lines_section(const struct writer *writer, size_t index)
{
    const struct issue_section *section = &writer->issue->sections[index];
    struct buffer *out = writer->out;
    if (section->item_count == 0) {
        return;
    }
    buffer_puts(out, "<section class=\"brief\"");
    if (writer->form->anchors) {
        buffer_puts(out, " id=\"");
        markup_write_text(issue_section_anchor(writer->arena, writer->issue, index), out);
        buffer_putc(out, '"');
    }
    buffer_puts(out, ">\n");
    write_prose(writer, "lead", NULL, section->lead_in);
    buffer_puts(out, "<ul class=\"lines\">\n");
    for (size_t i = 0; i < section->item_count; i++) {
        write_line_item(writer, section, i);
    }
    buffer_puts(out, "</ul>\n</section>\n");
}

static void write_section(const struct writer *writer, size_t index)
{
    const struct issue_section *section = &writer->issue->sections[index];
    const char *anchor = issue_section_anchor(writer->arena, writer->issue, index);
    struct buffer *out = writer->out;
    unsigned level = writer->form->heading;
    buffer_puts(out, "<section");
    if (writer->form->anchors) {
        buffer_puts(out, " id=\"");
        markup_write_text(anchor, out);
        buffer_putc(out, '"');
    }
    buffer_printf(out, ">\n<h%u>", level);
    markup_write_text(section->title, out);
    buffer_printf(out, "</h%u>\n", level);
    write_prose(writer, "note", writer->issue->labels.note, section->note);
    for (size_t i = 0; i < section->item_count; i++) {
        write_item(writer, &section->items[i], anchor, i);
    }
    buffer_puts(out, "</section>\n");
}

static void write_sections(const struct writer *writer, bool lines)
{
    for (size_t i = 0; i < writer->issue->section_count; i++) {
        bool is_lines = writer->issue->sections[i].form == CONFIG_FORM_ONELINE;
        if (is_lines && lines) {
            write_lines_section(writer, i);
        } else if (!is_lines && !lines) {
            write_section(writer, i);
        }
    }
}

/* ---- archive and footer ---- */

static void write_past(const struct writer *writer, const struct past_issue *past)
{
    struct buffer *out = writer->out;
    const char *url = issue_past_url(writer->arena, writer->issue, past);
    if (strcmp(past->date, writer->issue->date) == 0) {
        buffer_puts(out, "<li><span aria-current=\"page\">");
        markup_write_text(past->date, out);
        buffer_puts(out, "</span></li>\n");
    } else if (url != NULL) {
        buffer_puts(out, "<li>");
        markup_write_link(url, past->date, out);
        buffer_puts(out, "</li>\n");
    }
}

static bool can_follow_archive(const struct writer *writer)
{
    for (size_t i = 0; i < writer->issue->archive_count; i++) {
        const struct past_issue *past = &writer->issue->archive[i];
        if (issue_past_url(writer->arena, writer->issue, past) != NULL) {
            return true;
        }
    }
    return false;
}

static void write_archive(const struct writer *writer)
{
    const struct issue *issue = writer->issue;
    struct buffer *out = writer->out;
    bool listed = can_follow_archive(writer);
    if (issue->archive_form == ISSUE_ARCHIVE_NONE ||
        (!listed && !markup_is_web_address(issue->archive_url))) {
        return;
    }
    buffer_printf(out, "<nav class=\"archive\">\n<h%u>", writer->form->heading);
    markup_write_link(issue->archive_url, issue->labels.archive, out);
    buffer_printf(out, "</h%u>\n", writer->form->heading);
    buffer_puts(out, listed ? "<ul>\n" : "");
    for (size_t i = 0; listed && i < issue->archive_count; i++) {
        write_past(writer, &issue->archive[i]);
    }
    buffer_puts(out, listed ? "</ul>\n</nav>\n" : "</nav>\n");
}

void issue_html_write(
    const struct issue *issue, const struct issue_html_form *form, struct buffer *out)
{
    struct arena arena;
    arena_init(&arena);
    struct writer writer = {.issue = issue, .form = form, .arena = &arena, .out = out};
    write_prose(&writer, "preface", NULL, issue->preface);
    write_prose(&writer, "guide", issue->labels.guide, issue->guide);
    write_sections(&writer, true);
    write_prose(&writer, "note", issue->labels.note, issue->note_before);
    write_sections(&writer, false);
    write_prose(&writer, "closing", NULL, issue->closing);
    write_prose(&writer, "note", issue->labels.note, issue->note_after);
    if (!form->without_ending) {
        write_archive(&writer);
        write_prose(&writer, "ending", NULL, issue->footer);
    }
    arena_release(&arena);
}
