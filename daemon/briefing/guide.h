/* The guide (导读): "本次20条。「新闻」a、b；「论文」c；「开源」d；「博文」e。" PURE.
 *
 * The count is of all picks, but not every pick is named: a group has at most GUIDE_CLAUSES_MAX
 * clauses, the first ones, so that the paragraph stays within the 300 to 550 characters readers
 * of the newsletter are used to. Groups without picks, and one-line sections, are left out.
 */
#ifndef BRIEFING_GUIDE_H
#define BRIEFING_GUIDE_H

#include <stddef.h>

#include "base/arena.h"
#include "briefing/issue.h"

enum { GUIDE_CLAUSES_MAX = 6 };

/* The text behind the label 导读：, one line of Markdown: the clauses are. Lives in the arena.
 */
char *guide_build(struct arena *arena, const struct issue *issue);

#endif
