/* Private to storage/: the rows of drafts. */
#ifndef STORAGE_DRAFTS_H
#define STORAGE_DRAFTS_H

#include "storage/picks.h"
#include "storage/stories.h"

/* The texts an editor may set, in the order of the columns. */
enum draft_text {
    DRAFT_DAY,
    DRAFT_HEADLINE,
    DRAFT_PREFACE,
    DRAFT_GUIDE,
    DRAFT_GUIDE_BASE,
    DRAFT_LEAD_IN,
    DRAFT_NOTE_BEFORE,
    DRAFT_CLOSING,
    DRAFT_NOTE_AFTER,
    DRAFT_TEXT_COUNT,
};

struct stored_draft {
    int64_t id, version;
    bool open, suggest;
    int64_t issue; /* 0: none */
    const char *texts[DRAFT_TEXT_COUNT];
    int64_t tag; /* newest event of it and its picks */
    bool publishing;
    const char *corrects; /* day of the issue, of a draft that is open */
    const char *document; /* of that issue */
};

/* `id` 0: the one of the next issue. FAULT_MISSING when there is none. */
must_check bool draft_read(struct store *store, struct arena *arena, int64_t id,
    struct stored_draft *ret_draft, struct fault *fault);

/* desk_read_draft() within the caller's transaction. */
must_check bool draft_compose(struct store *store, struct arena *arena,
    const struct config *config, int64_t id, int64_t now_utc_s, struct desk_draft **ret_draft,
    struct fault *fault);

/* How picks name a section of an issue: its id, or "id#2" for a second one of that id. Lives in
 * the arena. */
const char *draft_section_name(struct arena *arena, const struct issue *issue, size_t section);

#endif
