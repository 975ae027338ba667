/* The reader of past issues: Markdown as published -> struct issue. PURE.
 *
 * The counterpart of briefing/render_markdown.h, and more tolerant than it: issues of years are
 * read, with the editor's slips (a half-width colon behind 摘要, a bar without its space, a
 * link without an address) and with the forms the newsletter had before (a bullet list as
 * archive, no guide, a guide of several lines, a section of its own once). Slips are not kept:
 * they are read as what they were meant to be and printed so. What has no place in the struct
 * is listed with its line, for a person to look at; it is lost from the issue but not from the
 * list.
 *
 * Sections, labels and marks are recognised by the configuration, so that another newsletter's
 * issues are read by its own words. What an issue itself shows (which brackets, which
 * separator) becomes part of its labels.
 */
#ifndef BRIEFING_ISSUE_READER_H
#define BRIEFING_ISSUE_READER_H

#include <stddef.h>

#include "base/arena.h"
#include "briefing/issue.h"
#include "config/config.h"

/* A line that has no place in the issue. */
struct issue_unread {
    size_t line;      /* from 1 */
    const char *text; /* as it stands, without the line's end */
    const char *why;  /* half a sentence: "a quotation that is no note" */
};

struct issue_reading {
    struct issue *issue;
    struct issue_unread *unread; /* in the order of lines */
    size_t unread_count;
};

/* Read any bytes whatever; what is no UTF-8 becomes U+FFFD. `date` is the day the file's name
 * tells, which wins over the heading's; it must be a day. All lives in the arena; labels and
 * section ids are borrowed from `config`. Reading what issue_write_markdown() made of the
 * result gives the same issue, field by field. */
struct issue_reading issue_read_markdown(struct arena *arena, const struct config *config,
    const char *date, const char *text, size_t length);

#endif
