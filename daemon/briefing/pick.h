/* A candidate -> the pick an editor would begin with. PURE.
 *
 * Machine suggestions and the editor's own texts meet in struct issue_item (briefing/issue.h):
 * a renderer sees only that and never asks where a text came from. What the feed wrote is plain
 * text, and becomes Markdown here.
 */
#ifndef BRIEFING_PICK_H
#define BRIEFING_PICK_H

#include "base/arena.h"
#include "briefing/draft.h"
#include "config/config.h"

/* The pick for `candidate` in a section written in `form`. Lives in the arena; borrows what it
 * takes unchanged from the candidate. */
struct issue_item pick_build(struct arena *arena, const struct config *config,
    enum config_form form, const struct candidate *candidate);

#endif
