/* One line of an issue on its own: kept and edited as JSON. PURE.
 *
 * The JSON is that of an item within briefing/issue.h's document, without `id`.
 */
#ifndef BRIEFING_ISSUE_ITEM_H
#define BRIEFING_ISSUE_ITEM_H

#include "base/arena.h"
#include "base/attributes.h"
#include "base/fault.h"
#include "briefing/issue.h"

/* The line as JSON. Lives in the arena. */
const char *issue_item_json(struct arena *arena, const struct issue_item *item);

/* Read issue_item_json()'s text. FAULT_PARSE with the path of the member. */
must_check bool issue_item_read(
    struct arena *arena, const char *text, struct issue_item *ret_item, struct fault *fault);

/* The line `body` changed by a merge patch (RFC 7396) of its members, as JSON again. A new url
 * gives a new key. FAULT_PARSE with the path when the patch names a member there is not, one
 * that cannot be set (id, key), or a value that is none ("lines[1].colour: there is no such
 * member"). Lives in the arena. */
must_check bool issue_item_patch(struct arena *arena, const char *body, const char *patch,
    size_t length, const char **ret_body, struct fault *fault);

#endif
