/* The editor's Markdown, parsed once, as a list of events that every renderer walks. PURE.
 *
 * Summaries, guide, notes, lead-in, tagline, preface and footer are Markdown
 * (briefing/issue.h). prose_parse() reads it with md4c in the house's reading:
 *   - one line is one paragraph; lines that begin with a list marker, indented or not, are a
 *     list; fenced code, "> " quotes and tables are as on GitHub
 *   - emphasis works without spaces around it: **重点：**后文
 *   - addresses standing in the text are links, and end before a Han character or a stop
 *   - links lead to http(s), anything else is its text; pictures are links to them
 *   - raw HTML is never passed on: of known tags only <a href> and <br> say something, other
 *     known ones are left out, unknown ones ("vector<int>") are shown as the text they are
 *
 * Containers come as a pair of events, the second with `leave`; the order is that of the text,
 * and they are always properly nested. A renderer is a loop with a switch.
 */
#ifndef BRIEFING_PROSE_H
#define BRIEFING_PROSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"

enum prose_kind {
    /* containers */
    PROSE_PARAGRAPH,
    PROSE_LIST,
    PROSE_LIST_ITEM, /* holds text itself, or paragraphs, and lists */
    PROSE_QUOTE,
    PROSE_TABLE,
    PROSE_ROW,
    PROSE_CELL,
    PROSE_STRONG,
    PROSE_EMPHASIS,
    PROSE_LINK,
    /* leaves */
    PROSE_CODE_BLOCK,
    PROSE_RULE,
    PROSE_TEXT,
    PROSE_CODE,
    PROSE_BREAK,
};

enum prose_align { PROSE_ALIGN_NONE, PROSE_ALIGN_LEFT, PROSE_ALIGN_CENTER, PROSE_ALIGN_RIGHT };

struct prose_event {
    enum prose_kind kind;
    bool leave;
    const char *text;       /* TEXT, CODE, CODE_BLOCK: plain */
    const char *url;        /* LINK, both events: a web address without user and password */
    bool bare;              /* LINK: its text is its address */
    bool ordered;           /* LIST, LIST_ITEM: */
    unsigned number;        /* LIST: its first number, LIST_ITEM: its own */
    unsigned depth;         /* LIST, LIST_ITEM: 0 for the outermost */
    bool head;              /* ROW, CELL: of the table's head */
    enum prose_align align; /* CELL */
};

struct prose {
    const struct prose_event *events;
    size_t count;
};

/* `markdown` NULL: no events. Relative addresses are resolved against `base_url`; NULL: links
 * to them are only text, pictures are left out. Lives in the arena, and so do all strings. */
struct prose prose_parse(struct arena *arena, const char *markdown, const char *base_url);

/* The text alone: one line a block, breaks and cells one space, for descriptions. */
void prose_write_plain(const struct prose *prose, struct buffer *out);

/* Semantic HTML. `label` (plain; NULL or "": none) stands at the beginning of the first
 * paragraph, or in one of its own before a list. */
void prose_write_html(const struct prose *prose, const char *label, struct buffer *out);

/* The same without block elements, for one line of text: what would be blocks is set apart by
 * a space. */
void prose_write_inline_html(const struct prose *prose, struct buffer *out);

#endif
