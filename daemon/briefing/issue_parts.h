/* What every renderer composes alike of an issue's fields: headings, the line of an item and
 * where its link lies, the marks that end a line of the warm-up list. PURE.
 *
 * Results are plain text; the renderer escapes it for its format. They live in the arena.
 */
#ifndef BRIEFING_ISSUE_PARTS_H
#define BRIEFING_ISSUE_PARTS_H

#include "base/arena.h"
#include "briefing/issue.h"

/* "嵌入式AI简报 (2020-09-17)", with "：headline" where there is one. */
const char *issue_heading(struct arena *arena, const struct issue *issue);

/* The line of an item without tags and source; "" for what is missing. All three together are
 * subject or prefix, separator and title; `linked` is all of it where the item has no `linked`
 * of its own, or one that its title does not hold. */
struct issue_title {
    const char *before, *linked, *after;
};
struct issue_title issue_item_title(
    struct arena *arena, const struct issue *issue, const struct issue_item *item);

/* The whole line, for where nothing in it is set apart. */
const char *issue_item_text(
    struct arena *arena, const struct issue *issue, const struct issue_item *item);

/* The mark behind line `index` of a one-line section: "；", behind the last one "。". Nothing
 * where the line ends with a mark of its own. */
const char *issue_line_end(struct arena *arena, const struct issue *issue,
    const struct issue_section *section, size_t index);

/* The id of section `index` in a page: its own, with "-2" for the second of that id. */
const char *issue_section_anchor(struct arena *arena, const struct issue *issue, size_t index);

/* Where an entry of the archive leads, resolved against the issue's own address; NULL: nobody
 * but who has the folder can follow it. */
const char *issue_past_url(
    struct arena *arena, const struct issue *issue, const struct past_issue *past);

#endif
