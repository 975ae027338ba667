/* SQLite's errors as sentences: what could not be done, with which file, why, and what to do.
 * The table goes by primary result code; SQLite's own words are added where they say something
 * more. */
#include <errno.h>
#include <string.h>

#include "storage/statements.h"

static const struct {
    int code;
    const char *cause;
    const char *remedy;
} causes[] = {
    {SQLITE_FULL, "the disk is full", "make room on it"},
    {SQLITE_IOERR, "the disk reports an error", "check the disk and its quota"},
    {SQLITE_CORRUPT, "the file is damaged", "put back the last backup with 'briefd restore'"},
    {SQLITE_NOTADB, "the file is not a database",
        "put back the last backup with 'briefd restore', or name another file"},
    {SQLITE_CANTOPEN, "the file cannot be opened", "check the permissions of file and folder"},
    {SQLITE_PERM, "permission is denied", "check the permissions of file and folder"},
    {SQLITE_READONLY, "it may only be read", "check the permissions of file and folder"},
    {SQLITE_BUSY, "another program keeps it locked", "end that program"},
    {SQLITE_NOMEM, "memory is exhausted", "give the program more memory"},
    {SQLITE_ERROR, "its tables are not as expected", "put back the last backup"},
    {SQLITE_CONSTRAINT, "a rule of the schema would be broken",
        "report this as an error of briefd"},
};

/* A write refused for want of space: by the disk, a quota or a limit of the process. SQLite
 * calls only the first SQLITE_FULL. */
static bool out_of_space(int error)
{
    return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

/* What the system said. sqlite3_system_errno() does not know when the error came from a COMMIT,
 * so the files are asked as well: the database and its WAL keep the errno of their last
 * failure. */
static int system_error(sqlite3 *db)
{
    int error = sqlite3_system_errno(db);
    if (error == 0) {
        sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO, &error);
    }
    sqlite3_file *wal = NULL;
    if (error == 0 &&
        sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) == SQLITE_OK &&
        wal != NULL && wal->pMethods != NULL) {
        wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &error);
    }
    return error;
}

bool database_fault(sqlite3 *db, const char *path, const char *action, struct fault *fault)
{
    int code = sqlite3_errcode(db) & 0xff;
    bool by_system = code == SQLITE_IOERR || code == SQLITE_CANTOPEN;
    int error = by_system ? system_error(db) : 0;
    if (code == SQLITE_IOERR && out_of_space(error)) {
        code = SQLITE_FULL;
    }
    const char *cause = "an unexpected error", *remedy = "report this as an error of briefd";
    for (size_t i = 0; i < array_count(causes); i++) {
        if (causes[i].code == code) {
            cause = causes[i].cause;
            remedy = causes[i].remedy;
        }
    }
    const char *detail = error != 0 ? strerror(error) : sqlite3_errmsg(db);
    return fault_set(fault, FAULT_STORE, "cannot %s the database '%s': %s (%s): %s", action,
        path, cause, detail, remedy);
}
