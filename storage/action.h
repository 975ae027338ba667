/* Private to storage/: one action of an editor, from the check of what she had seen to the row
 * in the log.
 *
 *     struct action action = action_make(store, …);
 *     if (!action_begin(&action, "decide", fault)) { return false; }
 *     return action_end(&action, action.repeated || write_it(&action, fault), fault);
 *
 * In between, whatever is changed of a story, a membership, a pick or a draft is first touched:
 * action_touch() keeps what it was. The end compares, gives a version and a row in the log to
 * what is different now, brings the derived columns of stories up to date, and commits.
 */
#ifndef STORAGE_ACTION_H
#define STORAGE_ACTION_H

#include "storage/desk.h"
#include "storage/statements.h"

/* Something as it was when the action first touched it. */
struct touched {
    enum desk_kind kind;
    int64_t id;
    const char *before, *after;  /* JSON; NULL: it did not, does not exist */
    const char *state, *section; /* of a story, before */
    int64_t story;               /* of an item, before */
};

/* A lesson to be taught when the event has been written. */
struct planned_lesson {
    enum desk_lesson_kind kind;
    int64_t story;
    const char *section;
};

struct action {
    /* the caller's */
    struct store *store;
    struct arena *arena;
    const struct config *config;
    const struct desk_action *asked;
    struct desk_result *result;
    int64_t undoes;   /* the event that is taken back; 0: none */
    bool teaches_not; /* its decisions bring no lessons by themselves */

    /* action.c's */
    bool repeated; /* an earlier call did it: *result is filled, nothing is to be done */
    const char *word;
    int64_t event; /* its number, should it change something */
    struct touched *touched;
    size_t touched_count, touched_capacity;
    struct planned_lesson *lessons;
    size_t lesson_count, lesson_capacity;
};

struct action action_make(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *asked, struct desk_result *result);

/* Open the transaction, unless the request was answered before. When it fails nothing is open.
 */
must_check bool action_begin(struct action *action, const char *word, struct fault *fault);

/* Commit when `ok`, else undo; the last call in any case. */
must_check bool action_end(struct action *action, bool ok, struct fault *fault);

/* The thing exists and has the version that was seen. */
must_check bool action_expect(
    struct action *action, enum desk_kind kind, struct desk_target target, struct fault *fault);

/* Another version than `target` says: who made it and when goes into the result. Always false.
 */
bool action_conflict(struct action *action, enum desk_kind kind, struct desk_target target,
    int64_t version, struct fault *fault);

/* Before the thing is changed, made or removed. */
must_check bool action_touch(
    struct action *action, enum desk_kind kind, int64_t id, struct fault *fault);

/* Make the thing what `json` says, NULL: remove it. Touches it. */
must_check bool action_put(struct action *action, enum desk_kind kind, int64_t id,
    const char *json, struct fault *fault);

/* What the thing is now; NULL: it does not exist. Lives in the arena. */
must_check bool entity_read(struct store *store, struct arena *arena, enum desk_kind kind,
    int64_t id, const char **ret_json, struct fault *fault);

/* The same change without a log: for making the state anew from it. */
must_check bool entity_put(struct store *store, enum desk_kind kind, int64_t id,
    const char *json, int64_t version, struct fault *fault);

/* False when there is no such kind. */
must_check bool desk_kind_read(const char *name, enum desk_kind *ret_kind);

/* An id that was never given before. */
must_check bool action_take_id(struct action *action, int64_t *ret_id, struct fault *fault);

/* Teach this with the event, if it becomes one and the caller teaches. */
void action_teach(
    struct action *action, enum desk_lesson_kind kind, int64_t story, const char *section);

#endif
