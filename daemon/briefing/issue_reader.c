/* The document: from the front matter down to the footer, a line at a time.
 *
 * A Markdown parser was tried in thought and rejected: to one, an item's labelled lines, its
 * summary and a list inside it are one paragraph or three depending on two spaces at a line's
 * end, and in these issues they come and go. What holds through all years is what an editor
 * sees: a line that begins "- " at the left edge is an item, "## " a section, what follows an
 * item belongs to it. So that is what is read.
 */
#include "briefing/issue_reader.h"

#include <assert.h>
#include <string.h>

#include "base/clock.h"
#include "briefing/issue_reader_parts.h"
#include "briefing/markdown_text.h"

/* All that is left, as it stands: two spaces at a line's end are a break, others are nothing.
 */
static void read_footer(struct reader *reader)
{
    reader_skip_blank(reader);
    struct buffer text;
    buffer_init(&text, 1 << 20);
    size_t end = reader->line_count;
    while (end > reader->at && reader_is_blank(&reader->lines[end - 1])) {
        end--;
    }
    for (; reader->at < end; reader->at++) {
        buffer_printf(&text, "%s%s%s", text.length > 0 ? "\n" : "", reader_peek(reader)->text,
            reader_peek(reader)->breaks && reader->at + 1 < end ? "  " : "");
    }
    reader->issue->footer = text.length == 0 ? NULL : arena_strdup(reader->arena, text.data);
    buffer_release(&text);
}

/* Where the section at the current line ends: at the next heading or the rule that begins the
 * footer. */
static size_t section_end(const struct reader *reader)
{
    size_t end = reader->at;
    while (end < reader->line_count && !reader_is_heading(&reader->lines[end]) &&
        !markdown_is_rule(reader->lines[end].text)) {
        end++;
    }
    return end;
}

/* No section follows `end`: a footer, the archive, or nothing. */
static bool is_last_section(struct reader *reader, size_t end)
{
    const char *url;
    for (size_t i = end; i < reader->line_count; i++) {
        const struct reader_line *line = &reader->lines[i];
        if (markdown_is_rule(line->text)) {
            return true;
        }
        if (reader_is_heading(line)) {
            return reader_is_archive_heading(reader, line->text + 3, &url);
        }
    }
    return true;
}

static void read_sections(struct reader *reader)
{
    while (reader_has_line(reader) && reader_is_heading(reader_peek(reader))) {
        const struct reader_line *line = reader_peek(reader);
        const char *text = line->text + 3 + strspn(line->text + 3, " \t"), *url;
        reader->at++;
        if (reader_is_archive_heading(reader, text, &url)) {
            reader->issue->archive_url = url;
            reader_read_archive(reader);
            return;
        }
        size_t end = section_end(reader);
        const char *title = reader_plain(reader, text, strlen(text));
        reader_read_section(
            reader, title == NULL ? "-" : title, end, is_last_section(reader, end));
    }
}

static struct issue *begin_issue(
    struct arena *arena, const struct config *config, const char *date)
{
    struct issue *issue = arena_new(arena, struct issue);
    issue->date = arena_strdup(arena, date);
    issue->title = config->briefing.title;
    issue->language = config->briefing.language;
    issue->labels = config->briefing.labels;
    return issue;
}

static void settle_summary_label(struct reader *reader)
{
    const char *label = reader->config->briefing.labels.summary;
    const char *wide = strstr(label, "：");
    if (reader->narrow_summary > 0) {
        reader->issue->labels.summary = wide == NULL
            ? label
            : arena_printf(reader->arena, "%.*s:", (int)(wide - label), label);
    }
}

struct issue_reading issue_read_markdown(struct arena *arena, const struct config *config,
    const char *date, const char *text, size_t length)
{
    int64_t utc_s;
    assert(clock_parse_day(date, &utc_s));
    struct reader reader = {
        .arena = arena, .config = config, .issue = begin_issue(arena, config, date)};
    reader_take_text(&reader, text, length);
    reader_read_head(&reader);
    read_sections(&reader);
    read_footer(&reader);
    settle_summary_label(&reader);
    return (struct issue_reading){reader.issue, reader.unread, reader.unread_count};
}
