/* Between the files of the reader of past issues, each a part of the document: lines, head,
 * sections, items, archive, inline text. Every part reads from the reader's current line on and
 * leaves it behind what it has read. */
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
    size_t section_capacity; /* of issue->sections */
    struct reader_line *lines;
    size_t line_count;
    size_t at; /* the next line */
    struct issue_unread *unread;
    size_t unread_count, unread_capacity;
    /* how often the issue's marks differ from the configured ones: the majority is its style */
    int narrow_summary; /* 摘要: against 摘要：*/
};

/* ---- issue_reader_lines.c ---- */

/* Begin with this file, as it came. */
void reader_take_text(struct reader *reader, const char *markdown, size_t size);

/* List the line: it stays out of the issue. */
void reader_refuse(struct reader *reader, const struct reader_line *line, const char *why);

/* `text` behind `label`, when it begins with it; the colon at its end may be half or full
 * width. NULL: it does not. *ret_narrow (or NULL): the colon is ASCII's. */
const char *reader_behind_label(const char *text, const char *label, bool *ret_narrow);

bool reader_has_line(const struct reader *reader);

/* The line to be read next; behind the last one, an empty one. */
const struct reader_line *reader_peek(const struct reader *reader);
void reader_skip_blank(struct reader *reader);

/* How many empty lines the issue leaves behind a note: behind the first one, which is at hand.
 */
void reader_learn_blanks(struct reader *reader);

bool reader_is_blank(const struct reader_line *line);
bool reader_is_heading(const struct reader_line *line);
bool reader_is_item(const struct reader_line *line);

/* What is quoted: "> text", ">text"; NULL: the line is no quotation. */
const char *reader_quoted(const struct reader_line *line);

/* The text of a note line (> 注：…), or NULL. */
const char *reader_note_of(const struct reader *reader, const struct reader_line *line);

/* "text\nmore"; one alone where the other is NULL. More than an issue has is refused. */
const char *reader_append(struct reader *reader, const char *text, const char *more);

/* ---- issue_reader_head.c ---- */

/* Up to the first section's heading, or the footer. */
void reader_read_head(struct reader *reader);

/* ---- issue_reader_section.c ---- */

/* The section named `title`, behind its heading, up to line `end`. `is_last`: what belongs to
 * no item closes the issue. */
void reader_read_section(struct reader *reader, const char *title, size_t end, bool is_last);

/* One more section, empty; borrowed until the next. */
struct issue_section *reader_add_section(struct reader *reader);

/* The first section of the configuration that has lists of one line, or else the one that takes
 * what no other does; NULL: there is none. */
const struct config_section *reader_find_form(const struct reader *reader, bool oneline);

/* The item at the current line and its body, up to `end`, into `section`. */
void reader_read_item(
    struct reader *reader, struct issue_section *section, size_t end, size_t *capacity);

/* ---- issue_reader_archive.c ---- */

/* "[往期回顾](url)" or "往期回顾"; *ret_url is NULL without a link. */
bool reader_is_archive_heading(struct reader *reader, const char *text, const char **ret_url);
void reader_read_archive(struct reader *reader);

/* ---- issue_reader_item.c ---- */

/* The title line of an item (behind "- "), into `item`; false when it holds no title.
 */
bool reader_read_title(struct reader *reader, const struct reader_line *line,
    const struct issue_section *section, struct issue_item *item);

/* The lines below it. */
void reader_read_body(struct reader *reader, const struct reader_line *lines, size_t count,
    struct issue_item *item);

/* ---- issue_reader_text.c ---- */

enum { READER_TEXT_MAX_BYTES = 4 << 20 }; /* of one text */

/* The bracket that closes the one at text[0], over escapes; 0: none. */
size_t reader_find_closing(const char *text, char open, char close);

/* Markdown without links -> plain text, trimmed, in the form in which it is read again; NULL
 * when nothing is left. */
const char *reader_plain(struct reader *reader, const char *markdown, size_t length);

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
