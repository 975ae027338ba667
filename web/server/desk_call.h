/* What the endpoints of the desk share: reading references out of a body, acting in the
 * caller's name, answering with what was changed, telling what stood in the way. Worker thread.
 */
#ifndef WEB_SERVER_DESK_CALL_H
#define WEB_SERVER_DESK_CALL_H

#include "storage/desk.h"
#include "web/server/call.h"

enum { DESK_CALL_BODY_MAX = 1 << 20 };

/* Refuse members that are none of `known` (NULL at the end): a misspelt one would do something
 * else than was meant. */
must_check bool desk_call_expect(
    const json_t *object, const char *place, const char *const *known, struct fault *fault);

/* A text or null member into the arena; `required`: it must be there and no null. */
must_check bool desk_call_text(struct call *call, const json_t *object, const char *name,
    bool required, const char **ret_text, struct fault *fault);

/* An id or null member; 0 when it is missing. */
must_check bool desk_call_id(
    const json_t *object, const char *name, int64_t *ret_id, struct fault *fault);

/* A list of {"id", "version"} of 1 to DESK_BULK_MAX elements; without a version any will do. */
must_check bool desk_call_targets(struct call *call, const json_t *object, const char *name,
    struct desk_target **ret_targets, size_t *ret_count, struct fault *fault);

/* The thing the path names, with the version of If-Match. */
must_check bool desk_call_target(
    struct call *call, struct desk_target *ret_target, struct fault *fault);

/* The draft the path or the body names, 0: the next issue's; an If-Match of its tag counts as
 * one of its version. */
must_check bool desk_call_draft(struct call *call, struct store *store, int64_t id,
    struct desk_target *ret_draft, struct fault *fault);

/* The draft the path names, composed. */
must_check bool desk_call_read_draft(struct call *call, struct store *store,
    const struct config *config, struct desk_draft **ret_draft, struct fault *fault);

/* Who acts, teaching the learner. Borrows from the call. */
struct desk_action desk_call_action(struct call *call);

/* End of a changing call. `ok`: answer with the schema Change, and tell the open pages `action`
 * ("decide"); also named are the `named` stories, changed or not. Else the fault's: a conflict
 * shows what there is now and what was sent. */
struct desk_call_done {
    const char *action;
    const struct desk_target *named;
    size_t named_count;
};
must_check bool desk_call_end(struct call *call, struct store *store,
    const struct config *config, const struct desk_result *result, bool ok,
    const struct desk_call_done *done, struct fault *fault);

/* The same without an answer of its own: publishing has another. */
void desk_call_tell(struct call *call, const struct desk_result *result, const char *action);
must_check bool desk_call_fail(struct call *call, struct store *store,
    const struct config *config, const struct desk_result *result, struct fault *fault);

#endif
