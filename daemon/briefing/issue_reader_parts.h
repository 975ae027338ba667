/* Between the two files of the reader of past issues: the document and an item's lines. */
#ifndef BRIEFING_ISSUE_READER_PARTS_H
#define BRIEFING_ISSUE_READER_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "briefing/issue_reader.h"

/* A line of the file, without the spaces at its end. */
struct reader_line {
    const char *text;
    size_t number; /* from 1 */
    bool breaks;   /* two or more spaces stood at its end */
};

struct reader {
    struct arena *arena;
    const struct config *config;
    struct issue *issue;
    struct reader_line *lines;
    size_t line_count;
    size_t at; /* the next line */
    struct issue_unread *unread;
    size_t unread_count, unread_capacity;
    /* how often the issue's marks differ from the configured ones: the majority is its style */
    int narrow_summary; /* 摘要: against 摘要：*/
};

/* List the line: it stays out of the issue. */
void reader_refuse(struct reader *reader, const struct reader_line *line, const char *why);

/* `text` behind `label`, when it begins with it; the colon at its end may be half or full
 * width. NULL: it does not. *ret_narrow (or NULL): the colon is ASCII's. */
const char *reader_behind_label(const char *text, const char *label, bool *ret_narrow);

/* Markdown without links -> plain text, trimmed, in the form in which it is read again; NULL
 * when nothing is left. */
const char *reader_plain(struct reader *reader, const char *markdown, size_t length);

/* The title line of an item (behind "- "), into `item`; false when it holds no title.
 * `is_last` matters to one-line items, whose stop differs. */
bool reader_read_title(struct reader *reader, const struct reader_line *line,
    const struct issue_section *section, struct issue_item *item);

/* The lines below it. */
void reader_read_body(struct reader *reader, const struct reader_line *lines, size_t count,
    struct issue_item *item);

/* Lines joined by '\n', those without content left out and escapes of a line's start taken
 * back; NULL when nothing is left. */
const char *reader_join(
    struct reader *reader, const struct reader_line *lines, size_t count, bool first_is_inline);

/* The URL when it is a link's to http or https, as it is printed; NULL otherwise. */
const char *reader_web_url(struct reader *reader, const char *url, size_t length);

/* [text](destination) at `text`: offsets of its parts; false: there is no link. */
struct reader_link {
    size_t label, label_end, destination, destination_end, end;
};
bool reader_find_link(const char *text, struct reader_link *ret_link);

#endif
