/* The table or list of past issues at the end, with what its writer does by itself: the ruling
 * under the head, the filler of an unfinished row, spaces that align. */
#include <string.h>

#include "base/clock.h"
#include "briefing/archive_table.h"
#include "briefing/issue_reader_parts.h"
#include "briefing/markdown_text.h"

bool reader_is_archive_heading(struct reader *reader, const char *text, const char **ret_url)
{
    struct reader_link link;
    bool linked = reader_find_link(text, &link) && text[link.end] == '\0';
    const char *title = linked
        ? reader_plain(reader, text + link.label, link.label_end - link.label)
        : reader_plain(reader, text, strlen(text));
    *ret_url = linked ? reader_web_url(reader, text + link.destination,
                            link.destination_end - link.destination)
                      : NULL;
    return title != NULL && strcmp(title, reader->config->briefing.labels.archive) == 0;
}

static uint8_t spaces_beyond_one(size_t spaces)
{
    return (uint8_t)(spaces <= 1 ? 0 : spaces > 9 ? 8 : spaces - 1);
}

/* "[2020-09-17](../out/2020-09-17.md)"; false: it is none. */
static bool read_past(
    struct reader *reader, const char *cell, size_t length, struct past_issue *past)
{
    const char *text = arena_strndup(reader->arena, cell, length);
    size_t before = strspn(text, " \t");
    struct reader_link link;
    if (!reader_find_link(text + before, &link)) {
        return false;
    }
    const char *inner = text + before;
    size_t after = strspn(inner + link.end, " \t");
    const char *date = arena_strndup(
        reader->arena, inner + link.label, link.label_end - link.label);
    const char *url = arena_strndup(
        reader->arena, inner + link.destination, link.destination_end - link.destination);
    struct buffer printed;
    buffer_init(&printed, 4096);
    markdown_write_destination(url, &printed);
    url = printed.length == 0 || buffer_failed(&printed)
        ? NULL
        : arena_strdup(reader->arena, printed.data);
    buffer_release(&printed);
    int64_t utc_s;
    bool web = url != NULL && reader_web_url(reader, url, strlen(url)) != NULL;
    bool relative = url != NULL && url[strcspn(url, ":/?#")] != ':';
    *past = (struct past_issue){.date = date,
        .url = url,
        .spaces_before = spaces_beyond_one(before),
        .spaces_after = spaces_beyond_one(after)};
    return inner[link.end + after] == '\0' && clock_parse_day(date, &utc_s) &&
        (web || relative || url == NULL);
}

static bool add_past(struct reader *reader, const char *cell, size_t length, size_t *capacity)
{
    struct issue *issue = reader->issue;
    struct past_issue past;
    if (!read_past(reader, cell, length, &past)) {
        return false;
    }
    if (issue->archive_count == *capacity) {
        issue->archive = arena_grow(
            reader->arena, issue->archive, sizeof(*issue->archive), capacity);
    }
    issue->archive[issue->archive_count++] = past;
    return true;
}

/* | 2 | 0 | 2 | 0 |, |:---:|…: what the table writer puts there by itself. */
static bool is_ruling(const char *row)
{
    return row[strspn(row, "| \t0123456789:-")] == '\0' && strpbrk(row, "0123456789:") != NULL;
}

/* A row of issues; false when a cell is neither one nor a filler. */
static bool read_row(
    struct reader *reader, const struct reader_line *line, bool year_breaks, size_t *capacity)
{
    bool ok = true;
    struct issue *issue = reader->issue;
    size_t first = issue->archive_count;
    for (const char *cell = line->text + 1; *cell != '\0' && ok;) {
        size_t length = strcspn(cell, "|");
        size_t blank = strspn(cell, " \t");
        bool filler = cell[blank] != '[';
        if (!filler) {
            ok = add_past(reader, cell, length, capacity);
        } else if (blank < length && issue->archive_filler == NULL) {
            issue->archive_filler = reader_plain(reader, cell, length);
        }
        cell += length + (cell[length] == '|');
    }
    if (issue->archive_count > first) {
        issue->archive[first].breaks_year = year_breaks;
        issue->archive[issue->archive_count - 1].breaks_row = line->breaks;
    }
    return ok;
}

/* Up to the footer; true when the line was the archive's. */
static bool read_archive_line(
    struct reader *reader, const struct reader_line *line, bool *year_breaks, size_t *capacity)
{
    struct issue *issue = reader->issue;
    if (line->text[0] == '|') {
        issue->archive_form = ISSUE_ARCHIVE_TABLE;
        if (is_ruling(line->text)) {
            *year_breaks = line->breaks;
            return true;
        }
        if (!read_row(reader, line, *year_breaks, capacity)) {
            reader_refuse(reader, line, "a row with a cell that is no issue");
        }
        *year_breaks = false;
        return true;
    }
    if (reader_is_item(line) &&
        add_past(reader, line->text + 1, strlen(line->text + 1), capacity)) {
        issue->archive_form = ISSUE_ARCHIVE_LIST;
        return true;
    }
    return false;
}

/* Anchor, filler and spaces are the table's; a filler is there while the newest row has room.
 */
static void settle_archive(struct reader *reader)
{
    struct issue *issue = reader->issue;
    const char *anchor = reader->config->briefing.archive_anchor;
    bool table = issue->archive_form == ISSUE_ARCHIVE_TABLE;
    size_t last = issue->archive_count - 1;
    for (size_t i = 0; i < issue->archive_count; i++) {
        if (table && anchor != NULL && strcmp(issue->archive[i].date, anchor) == 0) {
            issue->archive_anchor = anchor;
            last = i;
            break;
        }
    }
    if (!table || issue->archive_count == 0 || last % ARCHIVE_COLUMNS + 1 == ARCHIVE_COLUMNS) {
        issue->archive_filler = NULL;
    }
    for (size_t i = 0; i < issue->archive_count && !table; i++) {
        issue->archive[i].spaces_before = issue->archive[i].spaces_after = 0;
    }
}

void reader_read_archive(struct reader *reader)
{
    size_t capacity = 0;
    bool year_breaks = false;
    struct issue *issue = reader->issue;
    issue->archive_form = ISSUE_ARCHIVE_TABLE;
    for (; reader_has_line(reader); reader->at++) {
        if (!reader_is_blank(reader_peek(reader)) &&
            !read_archive_line(reader, reader_peek(reader), &year_breaks, &capacity)) {
            break;
        }
    }
    settle_archive(reader);
}
