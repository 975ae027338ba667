/* Past issues from a folder into the archive: YYYY-MM-DD.md, in the order of their days.
 *
 * Each file is one transaction; one that cannot be read or stored costs only itself. Imported
 * again, a folder changes nothing. The writer's thread.
 */
#ifndef PIPELINE_IMPORTING_H
#define PIPELINE_IMPORTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "briefing/issue_reader.h"
#include "briefing/judge.h"
#include "storage/store.h"

/* An item of an issue that entered the archive or changed in it: what a decision "she printed
 * this under that section" is about, for the log of decisions and the learner. */
struct imported_item {
    const char *day;     /* of the issue */
    const char *section; /* id; of a one-line section, too */
    struct item item;    /* as the judge and the learner see one; its feed is NULL */
};

/* Told of every such item in printing order, after its issue is stored; on the caller's thread.
 * Borrowed for the call. */
typedef void imported_item_fn(void *data, const struct imported_item *item);

struct imported_file {
    const char *path;
    const char *day;
    bool failed; /* then `fault` says why, and nothing of it is stored */
    struct fault fault;
    enum store_issue_change change;
    struct issue_reading reading;
    size_t item_count;
};

struct imported_folder {
    struct imported_file *files; /* by day */
    size_t count;
    size_t links; /* days that tables name and no file has */
};

/* Import every YYYY-MM-DD.md of `folder`; other names are passed over. `on_item` may be NULL. *
 * Items of the last months then know whether they were printed. Fails when the folder cannot be
 * read, or holds no such file. Lives in the arena. */
must_check bool importing_read_folder(struct store *store, struct arena *arena,
    const struct config *config, const char *folder, int64_t now_utc_s,
    imported_item_fn *on_item, void *data, struct imported_folder *ret_folder,
    struct fault *fault);

#endif
