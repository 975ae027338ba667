/* Copies of a database, while it is in use.
 *
 * A backup is one file that opens as a database by itself, of one moment, written aside, read
 * back, synced and only then given its name: STEM-20261123T030000Z.sqlite in its folder, STEM
 * being the database's own name. So every file of such a name is whole, and their names are all
 * that has to be remembered of when they were made. The newest ones are kept.
 *
 * Any thread but the loop's, without or beside a writer in this or another process.
 */
#ifndef STORAGE_BACKUP_H
#define STORAGE_BACKUP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/fault.h"

struct backup_file {
    const char *path;
    int64_t utc_s; /* when it was begun */
    int64_t bytes;
};

/* Where backups of `database` go: `configured`, or without one (NULL) the folder "backups"
 * beside it. In the arena. */
const char *backup_folder(struct arena *arena, const char *configured, const char *database);

/* The backups of `database` in `folder`, newest first; none when there is no such folder. Names
 * are looked at, files are not opened. In the arena. */
must_check bool backup_list(struct arena *arena, const char *folder, const char *database,
    struct backup_file **ret_files, size_t *ret_count, struct fault *fault);

struct backup_order {
    const char *database;
    const char *folder; /* made when it is missing */
    int64_t now_utc_s;
    size_t keep; /* older ones than so many are removed afterwards; 0: none is */
    const atomic_bool *cancelled; /* looked at every few milliseconds; NULL: never */
};

/* Write one. FAULT_STORE when it failed: nothing of it is left, and no older one was touched;
 * also when it is there and an old one cannot be removed, which the sentence says.
 * FAULT_CANCELLED on request. *ret_file in the arena. */
must_check bool backup_write(const struct backup_order *order, struct arena *arena,
    struct backup_file *ret_file, struct fault *fault);

struct store;

/* What backup_write() does with one connection's database, under any name: for the copy that is
 * kept of a database before its schema changes. Its folder is that of `path`. */
must_check bool backup_copy(
    struct store *from, const char *path, const atomic_bool *cancelled, struct fault *fault);

/* Whether the file cannot be read as a database, or is damaged where SQLite's quick check
 * looks: to know what to offer. Reads all of it. */
bool backup_is_needed(const char *database);

/* Put the backup `from` in the place of `database`, which must not be in use. What is there is
 * never overwritten: FAULT_REFUSED, unless `aside`; then it is first renamed, with its log, to
 * *ret_aside (NULL: there was nothing). The backup is verified before anything is touched, and
 * stays. In the arena. */
must_check bool backup_restore(struct arena *arena, const char *from, const char *database,
    bool aside, int64_t now_utc_s, const char **ret_aside, struct fault *fault);

#endif
