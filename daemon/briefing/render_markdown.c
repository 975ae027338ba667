/* The house form of an issue, as Markdown.
 *
 * The form is older than this program and is read by people and by a static site: which line
 * ends in two spaces, where a mark is full-width, where two lines stay empty is kept as the
 * editor has it. Configured lines (tagline, notes, lead-in, footer) are Markdown by her hand
 * and pass unchanged; everything that came from a feed is escaped (briefing/markdown_text.h).
 */
#include "briefing/draft.h"

#include <stdbool.h>
#include <string.h>

#include "briefing/archive_table.h"
#include "briefing/letters.h"
#include "briefing/markdown_text.h"

static void write_front_matter(const char *front_matter, struct buffer *out)
{
    if (front_matter == NULL) {
        return;
    }
    size_t length = strlen(front_matter);
    while (length > 0 && front_matter[length - 1] == '\n') {
        length--;
    }
    buffer_printf(out, "---\n%.*s\n---\n\n", (int)length, front_matter);
}

static void write_head(
    const struct draft *draft, const struct config_briefing *briefing, struct buffer *out)
{
    write_front_matter(briefing->front_matter, out);
    buffer_printf(out, "# %s (%s)\n\n", briefing->title, draft->date);
    if (briefing->tagline != NULL) {
        buffer_printf(out, "**%s**  \n\n", briefing->tagline);
    }
    buffer_printf(out, "> %s", briefing->labels.guide);
    markdown_write_text(draft->guide, out);
    buffer_puts(out, "\n\n");
}

static void write_note(const char *note, const struct config_labels *labels, struct buffer *out)
{
    if (note != NULL) {
        buffer_printf(out, "> %s%s\n\n\n", labels->note, note);
    }
}

/* [text](url), or the text alone when there is no link. */
static void open_link(const struct pick *pick, struct buffer *out)
{
    if (pick->url != NULL) {
        buffer_putc(out, '[');
    }
}

static void close_link(const struct pick *pick, struct buffer *out)
{
    if (pick->url != NULL) {
        buffer_puts(out, "](");
        markdown_write_url(pick->url, out);
        buffer_putc(out, ')');
    }
}

/* At the head of an item without a link the text stands where a block could begin. */
static void write_first(const struct pick *pick, const char *text, struct buffer *out)
{
    (pick->url != NULL ? markdown_write_text : markdown_write_line)(text, out);
}

/* - [华为：……](url)；  the last one ends with 。 */
static void write_lines_section(
    const struct draft_section *section, const struct config_labels *labels, struct buffer *out)
{
    for (size_t i = 0; i < section->pick_count; i++) {
        const struct pick *pick = &section->picks[i];
        buffer_puts(out, "- ");
        open_link(pick, out);
        if (pick->subject != NULL) {
            write_first(pick, pick->subject, out);
            buffer_puts(out, labels->prefix_separator);
            markdown_write_text(pick->title, out);
        } else {
            write_first(pick, pick->title, out);
        }
        close_link(pick, out);
        buffer_printf(out, "%s\n",
            i + 1 < section->pick_count ? labels->group_separator : labels->sentence_end);
    }
    buffer_puts(out, section->pick_count > 0 ? "\n\n" : "");
}

/* [CVPR2021][2104.11487] */
static void write_tags(const struct pick *pick, struct buffer *out)
{
    for (size_t i = 0; i < pick->tag_count; i++) {
        buffer_putc(out, '[');
        markdown_write_text(pick->tags[i], out);
        buffer_putc(out, ']');
    }
    buffer_puts(out, pick->tag_count > 0 ? " " : "");
}

/* owner/repo：中文标题, owner/repo: English description */
static void write_prefix(
    const struct pick *pick, const struct config_labels *labels, struct buffer *out)
{
    markdown_write_text(pick->prefix, out);
    buffer_puts(out, letters_have_han(pick->title) ? labels->prefix_separator : ": ");
}

static void write_title(
    const struct pick *pick, const struct config_labels *labels, struct buffer *out)
{
    buffer_puts(out, "- ");
    write_tags(pick, out);
    open_link(pick, out);
    if (pick->prefix != NULL) {
        write_prefix(pick, labels, out);
        markdown_write_text(pick->title, out);
    } else {
        write_first(pick, pick->title, out);
    }
    if (pick->source != NULL) {
        buffer_puts(out, labels->source_separator);
        markdown_write_text(pick->source, out);
    }
    close_link(pick, out);
    buffer_puts(out, "  \n");
}

/* Paragraphs are lines of their own; the label stands before the first. */
static void write_summary(
    const char *summary, const struct config_labels *labels, struct buffer *out)
{
    buffer_puts(out, labels->summary);
    for (bool first = true; *summary != '\0'; first = false) {
        size_t length = strcspn(summary, "\n");
        struct buffer line;
        buffer_init(&line, length + 1);
        buffer_append(&line, summary, length);
        if (line.length > strspn(line.data, " \t\r")) {
            (first ? markdown_write_text : markdown_write_line)(line.data, out);
            buffer_puts(out, "  \n");
        }
        buffer_release(&line);
        summary += length + (summary[length] == '\n');
    }
}

static void write_item(
    const struct pick *pick, const struct config_labels *labels, struct buffer *out)
{
    write_title(pick, labels, out);
    for (size_t i = 0; i < pick->line_count; i++) {
        buffer_puts(out, pick->lines[i].label);
        (pick->lines[i].is_url ? markdown_write_url : markdown_write_text)(
            pick->lines[i].text, out);
        buffer_puts(out, "  \n");
    }
    if (pick->summary != NULL) {
        write_summary(pick->summary, labels, out);
    }
}

static void write_section(
    const struct draft_section *section, const struct config_labels *labels, struct buffer *out)
{
    buffer_printf(out, "## %s\n\n\n", section->section->title);
    write_note(section->section->note, labels, out);
    for (size_t i = 0; i < section->pick_count; i++) {
        write_item(&section->picks[i], labels, out);
    }
    buffer_puts(out, section->pick_count > 0 ? "\n\n" : "");
}

/* The warm-up lists, wherever the configuration names them, come before the first heading. */
static void write_lines_sections(
    const struct draft *draft, const struct config *config, struct buffer *out)
{
    for (size_t i = 0; i < config->section_count; i++) {
        const struct draft_section *section = &draft->sections[i];
        if (section->section->form == CONFIG_FORM_ONELINE && section->pick_count > 0) {
            if (config->briefing.lead_in != NULL) {
                buffer_printf(out, "%s\n\n", config->briefing.lead_in);
            }
            write_lines_section(section, &config->briefing.labels, out);
        }
    }
}

static void write_archive(const struct draft *draft, const struct config_briefing *briefing,
    const struct past_issue *past, size_t past_count, struct buffer *out)
{
    if (briefing->homepage != NULL) {
        buffer_printf(out, "## [%s](", briefing->labels.archive);
        markdown_write_url(briefing->homepage, out);
        buffer_puts(out, ")\n\n\n");
    } else {
        buffer_printf(out, "## %s\n\n\n", briefing->labels.archive);
    }
    archive_table_write(draft->date, briefing, past, past_count, out);
}

void draft_write_markdown(const struct draft *draft, const struct config *config,
    const struct past_issue *past, size_t past_count, struct buffer *out)
{
    const struct config_briefing *briefing = &config->briefing;
    write_head(draft, briefing, out);
    write_lines_sections(draft, config, out);
    write_note(briefing->note, &briefing->labels, out);
    for (size_t i = 0; i < config->section_count; i++) {
        if (config->sections[i].form != CONFIG_FORM_ONELINE) {
            write_section(&draft->sections[i], &briefing->labels, out);
        }
    }
    write_note(briefing->note, &briefing->labels, out);
    write_archive(draft, briefing, past, past_count, out);
    if (briefing->footer != NULL) {
        size_t length = strlen(briefing->footer);
        while (length > 0 && briefing->footer[length - 1] == '\n') {
            length--;
        }
        buffer_printf(out, "\n%.*s\n", (int)length, briefing->footer);
    }
}
