/* Where rows break is counted from the old end, so that a printed row stays as it is for ever.
 * When the issue names an anchor, the rows are counted from that issue, and what is older runs
 * from left to right; without one, the oldest issue is the anchor. */
#include "briefing/archive_table.h"

#include <stdbool.h>
#include <string.h>

#include "briefing/markdown_text.h"

/* Index of the issue in the last column of its row. */
static size_t find_anchor(const struct issue *issue)
{
    for (size_t i = 0; issue->archive_anchor != NULL && i < issue->archive_count; i++) {
        if (strcmp(issue->archive[i].date, issue->archive_anchor) == 0) {
            return i;
        }
    }
    return issue->archive_count - 1;
}

static void write_cell(const struct past_issue *past, struct buffer *out)
{
    buffer_printf(out, "%*s[%s](", 1 + past->spaces_before, "", past->date);
    if (past->url != NULL) {
        markdown_write_destination(past->url, out);
    }
    buffer_printf(out, ")%*s|", 1 + past->spaces_after, "");
}

/* `first` stands first below it. */
static void write_year(const struct past_issue *first, struct buffer *out)
{
    buffer_puts(out, "|");
    for (size_t i = 0; i < ARCHIVE_COLUMNS; i++) {
        buffer_printf(out, " %c |", first->date[i]);
    }
    buffer_puts(out, first->breaks_year ? "  \n" : "\n");
}

/* Issues in the row that begins with `index`: up to the next one in the last column. */
static size_t row_length(const struct issue *issue, size_t anchor, size_t index)
{
    size_t left = issue->archive_count - index;
    size_t length = index <= anchor ? (anchor - index) % ARCHIVE_COLUMNS + 1 : ARCHIVE_COLUMNS;
    return length < left ? length : left;
}

/* Cells that a row of the newest issues still has to fill. */
static void write_fillers(const struct issue *issue, size_t count, struct buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        buffer_putc(out, ' ');
        markdown_write_text(issue->archive_filler == NULL ? "" : issue->archive_filler, out);
        buffer_puts(out, " |");
    }
}

static void write_row(const struct issue *issue, size_t index, size_t length,
    bool fills_leftwards, struct buffer *out)
{
    size_t empty = ARCHIVE_COLUMNS - length;
    buffer_puts(out, "|");
    write_fillers(issue, fills_leftwards ? empty : 0, out);
    for (size_t i = 0; i < length; i++) {
        write_cell(&issue->archive[index + i], out);
    }
    /* The oldest row is never filled; the house leaves its last cell away. */
    for (size_t i = 1; i < empty && !fills_leftwards; i++) {
        buffer_puts(out, " |");
    }
    buffer_puts(out, issue->archive[index + length - 1].breaks_row ? "  \n" : "\n");
}

void archive_table_write(const struct issue *issue, struct buffer *out)
{
    if (issue->archive_count == 0) {
        return;
    }
    size_t anchor = find_anchor(issue);
    const char *year = "";
    for (size_t index = 0; index < issue->archive_count;) {
        const struct past_issue *first = &issue->archive[index];
        if (strncmp(first->date, year, ARCHIVE_COLUMNS) != 0) {
            bool is_header = *year == '\0';
            year = first->date;
            write_year(first, out);
            buffer_puts(out, is_header ? "|:---:|:---:|:---:|:---:|\n" : "");
        }
        size_t length = row_length(issue, anchor, index);
        write_row(issue, index, length, index <= anchor, out);
        index += length;
    }
}
