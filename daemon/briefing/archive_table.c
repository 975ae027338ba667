/* Where rows break is counted from the old end, so that a printed row stays as it is for ever.
 * When the configuration names an anchor, the rows are counted from that issue, and what is
 * older runs from left to right; without one, the oldest issue is the anchor. */
#include "briefing/archive_table.h"

#include <stdbool.h>
#include <string.h>

#include "briefing/markdown_text.h"

enum { COLUMNS = 4 };

struct listing {
    const char *date;
    const struct config_briefing *briefing;
    const struct past_issue *past; /* behind the entry that repeats `date` */
    size_t past_count;
    size_t anchor; /* index of the issue in the last column of its row */
};

static const char *date_of(const struct listing *listing, size_t index)
{
    return index == 0 ? listing->date : listing->past[index - 1].date;
}

static size_t find_anchor(const struct listing *listing)
{
    const char *anchor = listing->briefing->archive_anchor;
    for (size_t i = 0; anchor != NULL && i <= listing->past_count; i++) {
        if (strcmp(date_of(listing, i), anchor) == 0) {
            return i;
        }
    }
    return listing->past_count;
}

/* "{date}.md" */
static void write_file_name(const char *pattern, const char *date, struct buffer *out)
{
    static const char place[] = "{date}";
    const char *found = pattern == NULL ? NULL : strstr(pattern, place);
    if (found == NULL) {
        buffer_printf(out, "%s.md", date);
        return;
    }
    buffer_printf(
        out, "%.*s%s%s", (int)(found - pattern), pattern, date, found + strlen(place));
}

/* The address of an issue as seen from any other: through the folder's name, as the house does,
 * so that it also holds for a copy one level deeper. */
static void write_own_url(
    const struct config_briefing *briefing, const char *date, struct buffer *out)
{
    struct buffer url;
    buffer_init(&url, 4096);
    const char *folder = briefing->output_folder;
    size_t length = folder == NULL ? 0 : strlen(folder);
    while (length > 0 && folder[length - 1] == '/') {
        length--;
    }
    size_t start = length;
    while (start > 0 && folder[start - 1] != '/') {
        start--;
    }
    if (length > start && folder[start] != '.') {
        buffer_printf(&url, "../%.*s/", (int)(length - start), folder + start);
    }
    write_file_name(briefing->file_name, date, &url);
    markdown_write_url(url.data, out);
    buffer_release(&url);
}

static void write_cell(const struct listing *listing, size_t index, struct buffer *out)
{
    const char *date = date_of(listing, index);
    const char *url = index == 0 ? NULL : listing->past[index - 1].url;
    buffer_puts(out, " [");
    markdown_write_text(date, out);
    buffer_puts(out, "](");
    if (url != NULL) {
        markdown_write_url(url, out);
    } else {
        write_own_url(listing->briefing, date, out);
    }
    buffer_puts(out, ") |");
}

static void write_year(const char *date, struct buffer *out)
{
    buffer_puts(out, "|");
    for (size_t i = 0; i < COLUMNS; i++) {
        buffer_printf(out, " %c |", date[i]);
    }
    buffer_puts(out, "\n");
}

/* Issues in the row that begins with `index`: up to the next one in the last column. */
static size_t row_length(const struct listing *listing, size_t index)
{
    size_t left = listing->past_count + 1 - index;
    size_t length = index <= listing->anchor ? (listing->anchor - index) % COLUMNS + 1
                                             : COLUMNS;
    return length < left ? length : left;
}

static void write_row(
    const struct listing *listing, size_t index, size_t length, struct buffer *out)
{
    size_t empty = COLUMNS - length;
    bool fills_leftwards = index <= listing->anchor;
    buffer_puts(out, "|");
    for (size_t i = 0; i < empty && fills_leftwards; i++) {
        buffer_puts(out, "  |");
    }
    for (size_t i = 0; i < length; i++) {
        write_cell(listing, index + i, out);
    }
    for (size_t i = 0; i < empty && !fills_leftwards; i++) {
        buffer_puts(out, "  |");
    }
    buffer_puts(out, "\n");
}

void archive_table_write(const char *date, const struct config_briefing *briefing,
    const struct past_issue *past, size_t past_count, struct buffer *out)
{
    if (past_count > 0 && strcmp(past[0].date, date) == 0) {
        past++;
        past_count--;
    }
    struct listing listing = {date, briefing, past, past_count, 0};
    listing.anchor = find_anchor(&listing);
    const char *year = "";
    for (size_t index = 0; index <= past_count;) {
        const char *first = date_of(&listing, index);
        if (strncmp(first, year, COLUMNS) != 0) {
            bool is_header = *year == '\0';
            year = first;
            write_year(year, out);
            buffer_puts(out, is_header ? "|:---:|:---:|:---:|:---:|\n" : "");
        }
        size_t length = row_length(&listing, index);
        write_row(&listing, index, length, out);
        index += length;
    }
}
