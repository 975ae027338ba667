/* Private to storage/: the columns of a story that follow from its items. */
#ifndef STORAGE_STORIES_H
#define STORAGE_STORIES_H

#include "storage/action.h"

/* The story `item_id`, which was just stored, begins. */
must_check bool story_begin(struct store *store, int64_t item_id, struct fault *fault);

/* Choose the lead again and derive the columns from the items as they are now. Without items
 * nothing is done. */
must_check bool story_refresh(
    struct store *store, const struct config *config, int64_t id, struct fault *fault);

/* story_refresh() when `item_id` was just stored in it, which costs no more in a story of
 * thousands. */
must_check bool story_join(struct store *store, const struct config *config, int64_t id,
    int64_t item_id, struct fault *fault);

/* story_refresh() for the story of an item. */
must_check bool story_refresh_of_item(
    struct store *store, const struct config *config, int64_t item_id, struct fault *fault);

/* The same for the stories of many items, each once however many of its items are among them.
 */
must_check bool stories_refresh_of_items(struct store *store, const struct config *config,
    const int64_t *item_ids, size_t count, struct fault *fault);

/* The story's state and the section it stands under; NULL when there is no such story. */
must_check bool story_stand(struct store *store, struct arena *arena, int64_t id,
    const char **ret_state, const char **ret_section, struct fault *fault);

/* Refresh every story an action changed, those its items came from and went to included. */
must_check bool stories_refresh_touched(struct action *action, struct fault *fault);

/* After the commit: tell the grouping which items an action moved. */
void stories_follow_moves(struct action *action);

/* Decisions that follow from other ones (decisions.c). The pick is the caller's business. */
must_check bool story_send_back(struct action *action, int64_t story, struct fault *fault);
must_check bool story_put_under(
    struct action *action, int64_t story, const char *section, struct fault *fault);

/* All items of `from` belong to `to` by hand from now on. */
must_check bool story_move_items(
    struct action *action, int64_t from, int64_t to, struct fault *fault);

/* FAULT_PARSE when feeds.conf has no such section; NULL is fine. */
must_check bool section_check(
    const struct config *config, const char *section, struct fault *fault);

#endif
