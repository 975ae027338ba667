/* Private to storage/: the numbered migrations and how a file is brought up to date by them.
 *
 * Each migration runs in a transaction of its own that also writes its number into the file's
 * user_version, so a kill between two leaves a file of a definite older schema, which the next
 * start continues. The application id in the header tells our files from other people's.
 */
#ifndef STORAGE_SCHEMA_H
#define STORAGE_SCHEMA_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "base/fault.h"

enum { SCHEMA_APPLICATION_ID = 0x62726664 }; /* "brfd" */

struct migration {
    int number; /* 1, 2, 3 … */
    const char *name;
    const char *sql;
};

/* Generated from schema/NNNN-name.sql at build time. */
extern const struct migration schema_migrations[];
extern const size_t schema_migration_count;

enum schema_state {
    SCHEMA_EMPTY,   /* a database without any table: ours to fill */
    SCHEMA_OLDER,   /* ours, to be brought up to date */
    SCHEMA_CURRENT, /* ours, of the newest schema known */
};

/* Whose database `db` is. Fails with FAULT_STORE when it is not a database, another
 * application's, damaged, or of a newer schema than `newest`; nothing is written. */
must_check bool schema_inspect(sqlite3 *db, const char *path, int newest,
    enum schema_state *ret_state, struct fault *fault);

/* The number of the schema the file has. */
must_check bool schema_version(
    sqlite3 *db, const char *path, int *ret_version, struct fault *fault);

/* Run the migrations the file lacks. Foreign keys must be off (a migration may rebuild a
 * table); they are checked before each commit. A migration that fails leaves the file as it
 * was. */
must_check bool schema_upgrade(sqlite3 *db, const char *path,
    const struct migration *migrations, size_t count, struct fault *fault);

#endif
