/* Private to storage/: rows of the archive, for what publishes and what imports. */
#ifndef STORAGE_ISSUES_H
#define STORAGE_ISSUES_H

#include "briefing/issue.h"
#include "storage/statements.h"

struct archived {
    int64_t id; /* 0: there is no such row */
    int64_t version;
    const char *document; /* NULL: only a link */
};

must_check bool issue_find(struct store *store, struct arena *arena, const char *day,
    struct archived *ret_issue, struct fault *fault);

/* Store the issue as the newest version of its day, keep the one before, and replace its
 * printed items. `utc_s` and `editor` say who published it when; CLOCK_NONE and NULL: it was
 * imported. In the caller's transaction. */
must_check bool issue_put(struct store *store, struct arena *arena, const struct issue *issue,
    int64_t utc_s, const char *editor, int64_t *ret_id, struct fault *fault);

#endif
