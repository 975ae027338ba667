/* An issue as it is printed: every word of it, and nothing else. PURE.
 *
 * The draft, once its picks are chosen, and every published or imported issue are this one
 * struct; renderers (briefing/render_*.h) are functions of it alone, the pre-flight check reads
 * it, the reader of past issues (briefing/issue_reader.h) fills it from Markdown, and the store
 * keeps it as JSON (issue_write_json). An issue therefore carries its own furniture - labels,
 * notes, footer, archive table - so that one printed in 2020 looks the same after the
 * newsletter's labels have changed; a new issue takes them from feeds.conf (issue_furnish).
 *
 * Two kinds of text, told apart here once and for all:
 *   plain     characters as a reader sees them; a renderer escapes what its format needs
 *   Markdown  by the editor's hand: inline links, emphasis, code; in `summary` also lists.
 *             One line is one paragraph; an indented line that begins with a list marker is a
 *             list item. Text of a feed is escaped before it becomes Markdown
 *             (briefing/markdown_text.h).
 *
 * Missing strings are NULL, never "". Strings are borrowed from the arena the issue was made
 * in.
 */
#ifndef BRIEFING_ISSUE_H
#define BRIEFING_ISSUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "config/config.h"

/* A line between an item's title and its summary: 链接：https://… 标题：English Title */
struct issue_line {
    const char *label; /* plain, with its colon: "链接：" */
    const char *text;  /* Markdown; a link where it is nothing but an http(s) URL
                          (issue_line_is_url); NULL: still to be filled in */
};

/* A further link behind the title, as 2019 printed them: [[知乎]](url) */
struct issue_link {
    const char *label; /* plain */
    const char *url;
};

struct issue_item {
    int64_t id;          /* of the pick in the store; 0: none */
    const char *key;     /* what the item is (feed/url.h); NULL: neither link nor candidate */
    const char *subject; /* plain; one-line form: 华为, or "英伟达 & ARM" */
    const char *prefix;  /* plain; project form: owner/repo */
    const char **tags;   /* plain; 2009.00278v2, CVPR2021, in printing order */
    size_t tag_count;
    const char *title;  /* plain, never NULL or empty */
    const char *linked; /* plain; the first occurrence of this in the title is what carries the
                           link; NULL: the whole line, subject and prefix included */
    const char *source; /* plain */
    const char *url;    /* http or https; NULL: an item without a link */
    bool awaits_url;    /* url is NULL because it is still to be filled in: [title]() */
    struct issue_link *links;
    size_t link_count;
    struct issue_line *lines; /* in printing order */
    size_t line_count;
    const char *summary; /* Markdown */
    bool bare_summary;   /* printed without labels.summary before it */
    const char *clause;  /* Markdown; what the guide says of it; NULL: its title, shortened */
    bool highlight;      /* it is named in the guide */
};

/* Sections are printed in this order, except that one-line sections come before the first
 * heading. Two sections may have one id (2019-12-17 has 应用 beside 业界新闻). */
struct issue_section {
    const char *id;          /* of the section in feeds.conf */
    const char *title;       /* plain; as printed in its heading */
    const char *short_title; /* plain; in the guide */
    enum config_form form;
    const char *lead_in; /* Markdown; the line before a one-line section; NULL: none */
    const char *note;    /* Markdown; printed first, behind labels.note; NULL: none */
    struct issue_item *items;
    size_t item_count;
};

/* One entry of the archive table: a published issue. */
struct past_issue {
    const char *date; /* 2020-09-17 */
    const char *url;  /* as printed; relative ones are usual */
    /* Spaces in its cell beyond the usual one. A row that was printed once stays as it is,
       byte for byte, so that the table of the next issue differs by one cell from this one's.
     */
    uint8_t spaces_before, spaces_after;
    bool breaks_row;  /* the row it ends is printed with a Markdown break behind it */
    bool breaks_year; /* so is the row of the year that stands above it */
};

enum issue_archive_form {
    ISSUE_ARCHIVE_NONE,
    ISSUE_ARCHIVE_TABLE, /* rows of four under the year's digits (briefing/archive_table.h) */
    ISSUE_ARCHIVE_LIST,  /* a bullet an issue, as until 2020-01-27 */
};

/* Empty lines between the parts of an issue, as Markdown. */
enum { ISSUE_BLANKS = 2 };

struct issue {
    const char *date;         /* 2020-09-17 */
    const char *title;        /* plain; of the newsletter: 嵌入式AI简报 */
    const char *tagline;      /* Markdown, printed bold */
    const char *language;     /* BCP 47 */
    const char *headline;     /* plain; behind the date in the heading; NULL: none */
    const char *front_matter; /* lines between --- and ---; NULL: none */
    const char *preface;      /* Markdown; lines under the tagline; NULL: none */
    const char *guide;        /* Markdown, what stands behind labels.guide; NULL: no guide */
    struct issue_section *sections;
    size_t section_count;
    uint8_t
        blanks_behind_note;  /* empty lines behind each note but note_after; 0: ISSUE_BLANKS */
    const char *note_before; /* Markdown; behind the warm-up list; NULL: none */
    const char *closing;     /* Markdown; lines of text behind the last section; NULL: none */
    const char *note_after;  /* Markdown; behind the last section and closing; NULL: none */
    enum issue_archive_form archive_form;
    struct past_issue *archive; /* newest first, this issue included */
    size_t archive_count;
    const char *archive_url;    /* behind the archive's heading; NULL: none */
    const char *archive_anchor; /* date of an issue that ends a row; NULL: the oldest */
    const char *archive_filler; /* plain; in the empty cells of the newest row; NULL: nothing */
    const char *footer;         /* Markdown, printed as it is; NULL: none */
    const char *url;            /* where the issue stands on the web; NULL: unknown */
    struct config_labels labels; /* none of them is NULL; separators may be empty */
};

/* An issue of `date` without sections' items: sections, labels, notes, lead-in, front matter
 * and footer as the configuration has them. Strings are borrowed from `config`; arrays live in
 * the arena. */
struct issue *issue_furnish(struct arena *arena, const struct config *config, const char *date);

/* Fill the archive table: the issue itself, then `past`, newest first, without an entry of the
 * same date. The address of the issue itself is the one an issue that is printed has in all
 * later tables. Lives in the arena, borrows from `past`. */
void issue_set_archive(struct arena *arena, struct issue *issue,
    const struct config_briefing *briefing, const struct past_issue *past, size_t past_count);

/* The name of the file of the issue of `date`: briefing.file_name. Lives in the arena. */
const char *issue_file_name(
    struct arena *arena, const struct config_briefing *briefing, const char *date);

/* N of 本次N条: the items of all sections but one-line ones. */
size_t issue_count_items(const struct issue *issue);

/* The text is one http(s) URL and nothing else. */
bool issue_line_is_url(const struct issue_line *line);

/* What stands between an item's prefix and its title: labels.prefix_separator, but ": " when
 * the item leads to the repository itself or has no Han title. Borrowed from `labels`. */
const char *issue_prefix_mark(
    const struct issue_item *item, const struct config_labels *labels);

/* "article", "oneline", "paper", "project": in JSON. */
const char *issue_form_name(enum config_form form);

/* The document the store keeps and /issues/DATE.json serves: one object with every field of the
 * struct under its name, NULL as null, counts left out, `id` left out of an item when it is 0.
 * What issue_read_json() makes of it is equal in every field, and is written to the same bytes.
 */
void issue_write_json(const struct issue *issue, struct buffer *out);

/* Fails with FAULT_PARSE and the path of the member that is missing, of a wrong type or not
 * what it must be ("sections[2].items[0].title: expected a text"): a text that may not be NULL
 * is there, URLs are http(s), dates are dates. Unknown members are passed over, and missing
 * ones are NULL, false or empty, so that an older program reads what a newer one wrote and the
 * reverse. Lives in the arena. */
must_check bool issue_read_json(struct arena *arena, const char *text, size_t length,
    struct issue **ret_issue, struct fault *fault);

/* The same for one item alone. */
void issue_item_write_json(const struct issue_item *item, struct buffer *out);
must_check bool issue_item_read_json(struct arena *arena, const char *text, size_t length,
    struct issue_item *ret_item, struct fault *fault);

#endif
