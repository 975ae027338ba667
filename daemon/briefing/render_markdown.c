/* The house form of an issue, as Markdown.
 *
 * The form is older than this program and is read by people and by a static site: which line
 * ends in two spaces, where a mark is full-width, where two lines stay empty is kept as the
 * editor has it. Fields that hold Markdown are hers and pass unchanged but for a line's start
 * (briefing/markdown_own.c); plain ones are escaped (briefing/markdown_text.c). Two escapes are
 * this form's own: a bar in a title or source that would be taken for the one between them, and
 * line breaks, which are spaces wherever a field is one line.
 */
#include "briefing/render_markdown.h"

#include <stdbool.h>
#include <string.h>

#include "briefing/archive_table.h"
#include "briefing/letters.h"
#include "briefing/markdown_text.h"

/* ---- lines of the editor's Markdown ---- */

/* The line of `text` up to a line break (a carriage return is one to every reader of Markdown),
 * without the spaces at its end, to `write`; returns the rest. */
static const char *write_next(
    const char *text, void (*write)(const char *line, struct buffer *out), struct buffer *out)
{
    size_t length = strcspn(text, "\r\n"), end = length;
    while (end > 0 && strchr(" \t", text[end - 1]) != NULL) {
        end--;
    }
    struct buffer line;
    buffer_init(&line, length + 1);
    buffer_append(&line, text, end);
    write(line.data, out);
    buffer_release(&line);
    return text + length + (text[length] != '\0');
}

static void write_unguarded(const char *line, struct buffer *out)
{
    buffer_puts(out, line + strspn(line, " \t"));
}

/* Paragraphs, each a line that ends in `line_end`; empty ones are left out. `behind_label`: the
 * first one continues a line, so that nothing can begin there. */
static void write_own(
    const char *text, bool behind_label, const char *line_end, struct buffer *out)
{
    bool first = behind_label;
    while (*text != '\0') {
        size_t before = out->length;
        text = write_next(text, first ? write_unguarded : markdown_write_own_line, out);
        if (out->length > before) {
            buffer_puts(out, line_end);
            first = false;
        }
    }
}

/* Markdown of one line: breaks become spaces. */
static void write_own_inline(const char *text, struct buffer *out)
{
    for (bool first = true; *text != '\0'; first = false) {
        size_t before = out->length;
        buffer_puts(out, first ? "" : " ");
        size_t start = out->length;
        text = write_next(text, write_unguarded, out);
        if (out->length == start) {
            out->length = before;
            out->data[before] = '\0';
        }
    }
}

/* ---- the head ---- */

static void write_head(const struct issue *issue, struct buffer *out)
{
    if (issue->front_matter != NULL) {
        buffer_printf(out, "---\n%s\n---\n\n", issue->front_matter);
    }
    buffer_puts(out, "# ");
    markdown_write_text(issue->title, out);
    buffer_printf(out, " (%s)", issue->date);
    if (issue->headline != NULL) {
        buffer_puts(out, issue->labels.headline_separator);
        markdown_write_text(issue->headline, out);
    }
    buffer_puts(out, "\n\n");
    if (issue->tagline != NULL) {
        buffer_puts(out, "**");
        write_own_inline(issue->tagline, out);
        buffer_puts(out, "**  \n");
    }
    if (issue->preface != NULL) {
        write_own(issue->preface, false, "\n", out);
    }
    buffer_puts(out, issue->tagline != NULL || issue->preface != NULL ? "\n" : "");
    if (issue->guide != NULL) {
        buffer_printf(out, "> %s", issue->labels.guide);
        write_own(issue->guide, true, "  \n", out);
        /* the paragraph's last line needs no break */
        bool broken = out->length > 3 && memcmp(&out->data[out->length - 3], "  \n", 3) == 0;
        if (broken) {
            out->length -= 3;
        }
        buffer_puts(out, "\n\n");
    }
}

static void write_blanks(size_t count, struct buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        buffer_putc(out, '\n');
    }
}

static void write_note(
    const char *note, size_t blanks, const struct issue *issue, struct buffer *out)
{
    if (note != NULL) {
        buffer_printf(out, "> %s", issue->labels.note);
        write_own_inline(note, out);
        write_blanks(1 + (blanks == 0 ? ISSUE_BLANKS : blanks), out);
    }
}

/* ---- an item's first line ---- */

static bool is_bar(uint32_t c)
{
    return c == '|' || c == 0x4e28 || c == 0xff5c; /* | 丨 ｜ */
}

/* Plain text in which no bar separates a title from a source: one with a space beside it would.
 * Full-width bars have no backslash escape. */
static void write_without_bars(const char *text, bool at_line_start, struct buffer *out)
{
    size_t offset = 0, start = 0;
    void (*write)(const char *, struct buffer *) = at_line_start ? markdown_write_line
                                                                 : markdown_write_text;
    for (bool spaced = true;;) {
        size_t at = offset;
        uint32_t c = letters_next(text, &offset);
        bool separates = is_bar(c) &&
            (spaced || letters_is_space(letters_peek(text, offset)) || text[offset] == '\0');
        spaced = letters_is_space(c);
        if (c != '\0' && !separates) {
            continue;
        }
        struct buffer part;
        buffer_init(&part, at - start + 1);
        buffer_append(&part, text + start, at - start);
        write(part.data, out);
        buffer_release(&part);
        if (c == '\0') {
            return;
        }
        buffer_printf(out, c == '|' ? "\\|" : "&#%u;", c);
        start = offset;
        write = markdown_write_text;
    }
}

static void write_plain(const char *text, bool at_line_start, struct buffer *out)
{
    (at_line_start ? markdown_write_line : markdown_write_text)(text, out);
}

/* The parts of a title around what carries the link; `part` is all of it when nothing does. */
static void write_title_text(const struct issue_item *item, const char *text, size_t length,
    bool at_line_start, struct buffer *out)
{
    struct buffer part;
    buffer_init(&part, length + 1);
    buffer_append(&part, text, length);
    bool may_be_source = item->source == NULL && item->subject == NULL;
    (may_be_source ? write_without_bars : write_plain)(part.data, at_line_start, out);
    buffer_release(&part);
}

static bool is_linked(const struct issue_item *item)
{
    return item->url != NULL || item->awaits_url;
}

static void close_link(const struct issue_item *item, struct buffer *out)
{
    buffer_puts(out, "](");
    if (item->url != NULL) {
        markdown_write_destination(item->url, out);
    }
    buffer_putc(out, ')');
}

/* 出[骁龙888](url)，将为…… */
static void write_partly_linked(
    const struct issue_item *item, bool at_line_start, struct buffer *out)
{
    const char *found = strstr(item->title, item->linked);
    size_t before = (size_t)(found - item->title);
    if (before > 0) {
        write_title_text(item, item->title, before, at_line_start, out);
    }
    buffer_putc(out, '[');
    write_title_text(item, item->linked, strlen(item->linked), false, out);
    close_link(item, out);
    const char *rest = found + strlen(item->linked);
    write_title_text(item, rest, strlen(rest), false, out);
}

/* Subject or prefix, title and source. */
static void write_wording(
    const struct issue_item *item, const struct config_labels *labels, struct buffer *out)
{
    bool partly = is_linked(item) && item->linked != NULL &&
        strstr(item->title, item->linked) != NULL;
    bool whole = is_linked(item) && !partly, first = !whole;
    buffer_puts(out, whole ? "[" : "");
    if (item->subject != NULL) {
        write_plain(item->subject, first, out);
        buffer_puts(out, labels->prefix_separator);
        first = false;
    }
    if (item->prefix != NULL) {
        write_plain(item->prefix, first, out);
        buffer_puts(out, issue_prefix_mark(item, labels));
        first = false;
    }
    if (partly) {
        write_partly_linked(item, first, out);
    } else {
        write_title_text(item, item->title, strlen(item->title), first, out);
    }
    if (item->source != NULL) {
        buffer_puts(out, labels->source_separator);
        write_without_bars(item->source, false, out);
    }
    if (whole) {
        close_link(item, out);
    }
}

/* [CVPR2021][2104.11487] */
static void write_tags(const struct issue_item *item, struct buffer *out)
{
    for (size_t i = 0; i < item->tag_count; i++) {
        buffer_putc(out, '[');
        markdown_write_text(item->tags[i], out);
        buffer_putc(out, ']');
    }
    buffer_puts(out, item->tag_count > 0 ? " " : "");
}

/* [[报道原文]](url) [[知乎]](url) */
static void write_links(const struct issue_item *item, struct buffer *out)
{
    for (size_t i = 0; i < item->link_count; i++) {
        buffer_puts(out, " [[");
        markdown_write_text(item->links[i].label, out);
        buffer_puts(out, "]](");
        if (item->links[i].url != NULL) {
            markdown_write_destination(item->links[i].url, out);
        }
        buffer_putc(out, ')');
    }
}

/* ---- items ---- */

/* - [华为：……](url)；  the last one ends with 。 */
static void write_lines_section(
    const struct issue *issue, const struct issue_section *section, struct buffer *out)
{
    const struct config_labels *labels = &issue->labels;
    if (section->item_count == 0) {
        return;
    }
    if (section->lead_in != NULL) {
        write_own(section->lead_in, false, "\n", out);
        buffer_putc(out, '\n');
    }
    for (size_t i = 0; i < section->item_count; i++) {
        const struct issue_item *item = &section->items[i];
        buffer_puts(out, "- ");
        write_tags(item, out);
        write_wording(item, labels, out);
        write_links(item, out);
        buffer_printf(out, "%s\n",
            i + 1 < section->item_count ? labels->group_separator : labels->sentence_end);
    }
    buffer_puts(out, "\n\n");
}

static void write_item(
    const struct issue_item *item, const struct config_labels *labels, struct buffer *out)
{
    buffer_puts(out, "- ");
    write_tags(item, out);
    write_wording(item, labels, out);
    write_links(item, out);
    buffer_puts(out, "  \n");
    for (size_t i = 0; i < item->line_count; i++) {
        markdown_write_line(item->lines[i].label, out);
        write_own_inline(item->lines[i].text == NULL ? "" : item->lines[i].text, out);
        buffer_puts(out, "  \n");
    }
    if (item->summary != NULL) {
        /* a list that begins at once needs lines of its own */
        bool list = strchr(" \t", item->summary[0]) != NULL;
        bool inline_first = !item->bare_summary && !list;
        buffer_puts(out, item->bare_summary ? "" : labels->summary);
        buffer_puts(out, !item->bare_summary && list ? "  \n" : "");
        write_own(item->summary, inline_first, "  \n", out);
    }
}

static void write_section(
    const struct issue *issue, const struct issue_section *section, struct buffer *out)
{
    buffer_puts(out, "## ");
    markdown_write_text(section->title, out);
    buffer_puts(out, "\n\n\n");
    write_note(section->note, issue->blanks_behind_note, issue, out);
    for (size_t i = 0; i < section->item_count; i++) {
        write_item(&section->items[i], &issue->labels, out);
    }
    if (section->item_count > 0) {
        buffer_puts(out, "\n\n");
    } else if (section->note == NULL && section + 1 < issue->sections + issue->section_count) {
        buffer_putc(out, '\n'); /* room to write in before the next heading */
    }
}

/* ---- behind the sections ---- */

static void write_archive_list(const struct issue *issue, struct buffer *out)
{
    for (size_t i = 0; i < issue->archive_count; i++) {
        buffer_printf(out, "- [%s](", issue->archive[i].date);
        markdown_write_destination(
            issue->archive[i].url == NULL ? "" : issue->archive[i].url, out);
        buffer_puts(out, ")  \n");
    }
}

static void write_archive(const struct issue *issue, struct buffer *out)
{
    if (issue->archive_form == ISSUE_ARCHIVE_NONE) {
        return;
    }
    buffer_puts(out, issue->archive_url != NULL ? "## [" : "## ");
    markdown_write_text(issue->labels.archive, out);
    if (issue->archive_url != NULL) {
        buffer_puts(out, "](");
        markdown_write_destination(issue->archive_url, out);
        buffer_putc(out, ')');
    }
    buffer_puts(out, "\n\n\n");
    (issue->archive_form == ISSUE_ARCHIVE_LIST ? write_archive_list : archive_table_write)(
        issue, out);
}

/* The warm-up lists, wherever the issue names them, come before the first heading. */
static void write_sections(const struct issue *issue, bool of_lines, struct buffer *out)
{
    for (size_t i = 0; i < issue->section_count; i++) {
        const struct issue_section *section = &issue->sections[i];
        if ((section->form == CONFIG_FORM_ONELINE) == of_lines) {
            (of_lines ? write_lines_section : write_section)(issue, section, out);
        }
    }
}

void issue_write_markdown(const struct issue *issue, struct buffer *out)
{
    write_head(issue, out);
    write_sections(issue, true, out);
    write_note(issue->note_before, issue->blanks_behind_note, issue, out);
    write_sections(issue, false, out);
    if (issue->closing != NULL) {
        write_own(issue->closing, false, "  \n", out);
        buffer_puts(out, "\n\n");
    }
    write_note(issue->note_after, ISSUE_BLANKS, issue, out);
    write_archive(issue, out);
    if (issue->footer != NULL) {
        buffer_printf(out, "\n%s\n", issue->footer);
    }
}
