/* The guide (导读) of an issue: "本次20条。「新闻」a、b；「论文」c；「开源」d；「博文」e。"
 * PURE.
 *
 * The count is of all items but the one-liners; named are those the editor highlights, each
 * with her clause, else with its title shortened at a natural border. Brackets, separators and
 * the sentence around the count are labels of the issue, so one guide has one style.
 */
#ifndef BRIEFING_GUIDE_H
#define BRIEFING_GUIDE_H

#include "base/arena.h"
#include "briefing/issue.h"

/* The text behind labels.guide, one line of Markdown. Without highlighted items it is the count
 * alone. Lives in the arena; never NULL. */
const char *guide_compose(struct arena *arena, const struct issue *issue);

/* What the guide says of `item`, as it stands there: one clause that holds no mark which
 * separates clauses. Markdown; "" when nothing is left. Lives in the arena. */
const char *guide_clause(
    struct arena *arena, const struct issue *issue, const struct issue_item *item);

/* What a title says as a clause: without its tags, shortened at a natural border, the project's
 * name before it where it is not in it. Markdown. Lives in the arena. */
const char *guide_clause_of_title(
    struct arena *arena, const struct config_labels *labels, const struct issue_item *item);

#endif
