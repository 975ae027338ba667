/* Private to storage/: the lines of a draft. */
#ifndef STORAGE_PICKS_H
#define STORAGE_PICKS_H

#include "storage/action.h"

/* One row. */
struct stored_pick {
    int64_t id, version, draft, position;
    bool removed;
    const char *section;
    int64_t story, item; /* 0: by hand */
    const char *body, *original;
};

/* All of a draft in printing order within each section, those taken out included. */
must_check bool picks_read(struct store *store, struct arena *arena, int64_t draft,
    struct stored_pick **ret_picks, size_t *ret_count, struct fault *fault);

/* FAULT_MISSING when there is none. */
must_check bool pick_read(struct store *store, struct arena *arena, int64_t id,
    struct stored_pick *ret_pick, struct fault *fault);

/* Store all of it but the version; touches it. */
must_check bool pick_write(
    struct action *action, const struct stored_pick *pick, struct fault *fault);

/* FAULT_REFUSED unless the draft is open and not being published. `id` is that of a pick in
 * it, or its own. FAULT_MISSING when there is none. */
must_check bool pick_expect_open(struct action *action, int64_t id, struct fault *fault);
must_check bool draft_expect_open(struct action *action, int64_t id, struct fault *fault);

/* The draft of the next issue. */
must_check bool draft_find_next(struct store *store, int64_t *ret_draft, struct fault *fault);

/* The pick of a story in an open draft, or one that was taken out of it; 0: none. */
must_check bool pick_find(
    struct store *store, int64_t story, bool removed, int64_t *ret_pick, struct fault *fault);

/* Put the story into the next issue's draft: a new pick, or the one it had there. */
must_check bool pick_add_story(struct action *action, int64_t story, struct fault *fault);

/* Take the story's pick out, if it has one. */
must_check bool pick_remove_story(struct action *action, int64_t story, struct fault *fault);

/* Let the pick stand in `section` before the pick `before`, 0: at the end. */
must_check bool pick_place(struct action *action, struct stored_pick *pick, const char *section,
    int64_t before, struct fault *fault);

/* The same; a line nobody has edited is written anew when the section has another form. */
must_check bool pick_move(struct action *action, struct stored_pick *pick, const char *section,
    int64_t before, struct fault *fault);

/* FAULT_PARSE when the draft has no such section. */
must_check bool draft_expect_section(
    struct action *action, int64_t draft, const char *section, struct fault *fault);

/* FAULT_LIMIT when the draft is full. */
must_check bool draft_expect_room(struct action *action, int64_t draft, struct fault *fault);

#endif
