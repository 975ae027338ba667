/* What the kind of its source makes of an item, beside the keywords: releases that stand for
 * each other, tags that are no releases. PURE, any thread.
 */
#ifndef BRIEFING_SOURCE_RULES_H
#define BRIEFING_SOURCE_RULES_H

#include "briefing/judge.h"

/* Complete `verdict` by what the feed of `item` is known for: sets `bundle`, or `off_topic`,
 * each with a reason of weight 0 in *ret_reason, which stays untouched when there is nothing to
 * say (its rule is NULL). Lives in the arena. */
void source_rules_apply(struct arena *arena, const struct item *item, struct verdict *verdict,
    struct reason *ret_reason);

#endif
