/* The archive: issues with their documents, what was printed in them; part of store.h, which
 * includes this.
 *
 * An issue has versions: a correction or a changed file replaces the document and keeps the one
 * before. Dates that only an archive table names are remembered as links, so that the next
 * issue's table has them. The printed items of the newest versions are the memory of past
 * issues: an item that is stored is looked up there by key, then by title, and keeps the answer
 * (candidate.printed_day); after an import, store_mark_printed() looks again at those that are
 * there already.
 */
#ifndef STORAGE_ARCHIVE_H
#define STORAGE_ARCHIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/fault.h"
#include "briefing/issue.h"
#include "briefing/issue_reader.h"
#include "config/config.h"

struct store;

enum store_issue_change {
    STORE_ISSUE_ADDED,
    STORE_ISSUE_CHANGED, /* a new version; the one before is kept */
    STORE_ISSUE_UNCHANGED,
};

/* An issue from a file: its document, the lines that are no part of it, its printed items, and
 * links to the issues of its archive table, in one transaction. An issue that prints the same
 * stays as it is, also one that was published here and has ids and clauses that no file tells.
 * Writer's thread. */
must_check bool store_import_issue(struct store *store, const struct issue_reading *reading,
    enum store_issue_change *ret_change, struct fault *fault);

/* Look again, for every item dated after `since_utc_s`, whether and where it was printed: after
 * imports, which only those items learn of by themselves that are stored later. Writer's
 * thread.
 */
must_check bool store_mark_printed(
    struct store *store, const struct config *config, int64_t since_utc_s, struct fault *fault);

/* The newest version of the issue of `day`; NULL when there is none, or only a link. Lives in
 * the arena. */
must_check bool store_read_issue(struct store *store, struct arena *arena, const char *day,
    struct issue **ret_issue, struct fault *fault);

/* Lines of the imported file of `day` that are no part of its document. Lives in the arena. */
must_check bool store_read_unread(struct store *store, struct arena *arena, const char *day,
    struct issue_unread **ret_lines, size_t *ret_count, struct fault *fault);

#endif
