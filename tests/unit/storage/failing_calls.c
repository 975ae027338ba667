/* --wrap=NAME makes the linker send every call of NAME in the test and the static library to
 * __wrap_NAME, and __real_NAME is the one of the shared library. Calls within SQLite are not
 * seen, and need not be: they end in one of these.
 *
 * Rejected: a file system of our own (sqlite3_vfs) whose n-th operation fails. SQLite reads
 * through its cache and writes at the end of a transaction, so that most statements never see
 * one fail; test_disk_faults.c has one, for what SQLite itself makes of it. */
#include "failing_calls.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* ThreadSanitizer's runtime is linked beside us and calls mkdir(), and so us, before it is
 * ready to watch anybody. */
#ifdef __clang__
#pragma clang attribute push(                                                                  \
    __attribute__((disable_sanitizer_instrumentation)), apply_to = function)
#endif

static const struct {
    int code;
    const char *cause; /* as storage/database_fault.c has it */
} errors[] = {
    {SQLITE_FULL, "the disk is full"},
    {SQLITE_IOERR_READ, "the disk reports an error"},
    {SQLITE_NOMEM, "memory is exhausted"},
    {SQLITE_BUSY, "another program keeps it locked"},
    {SQLITE_CORRUPT, "the file is damaged"},
};

static int calls_left; /* 0: none fails */
static int armed_for;  /* what calls_left began with */
static char failed[160];
static int said;          /* by the database, until it is called again */
static const char *cause; /* of the last that failed */

void failing_calls_arm(int nth)
{
    calls_left = armed_for = nth;
    failed[0] = '\0';
    said = SQLITE_OK;
}

int failing_calls_made(void)
{
    return armed_for - calls_left;
}

const char *failing_calls_disarm(void)
{
    calls_left = 0;
    said = SQLITE_OK;
    return failed[0] == '\0' ? NULL : failed;
}

const char *failing_calls_cause(void)
{
    return cause;
}

static bool is_its_turn(const char *call, const char *what)
{
    said = SQLITE_OK;
    if (calls_left == 0 || --calls_left > 0) {
        return false;
    }
    snprintf(failed, sizeof(failed), "%s '%s'", call, what);
    return true;
}

/* ---- SQLite ---- */

/* The error depends on the call, so that a run is the same again. */
static int database_error(void)
{
    size_t which = strlen(failed) % (sizeof(errors) / sizeof(errors[0]));
    cause = errors[which].cause;
    said = errors[which].code;
    return said;
}

/* As an SQLite that was built without it. */
static int without_search(void)
{
    cause = "no FTS5";
    said = SQLITE_ERROR;
    return said;
}

int __real_sqlite3_step(sqlite3_stmt *statement);
int __wrap_sqlite3_step(sqlite3_stmt *statement);
int __wrap_sqlite3_step(sqlite3_stmt *statement)
{
    const char *sql = sqlite3_sql(statement);
    if (!is_its_turn("sqlite3_step", sql)) {
        return __real_sqlite3_step(statement);
    }
    /* A rollback that fails has ended the transaction all the same
     * (https://www.sqlite.org/lang_transaction.html). */
    if (strcmp(sql, "ROLLBACK") == 0) {
        __real_sqlite3_step(statement);
    }
    return database_error();
}

int __real_sqlite3_prepare_v2(
    sqlite3 *db, const char *sql, int length, sqlite3_stmt **statement, const char **tail);
int __wrap_sqlite3_prepare_v2(
    sqlite3 *db, const char *sql, int length, sqlite3_stmt **statement, const char **tail);
int __wrap_sqlite3_prepare_v2(
    sqlite3 *db, const char *sql, int length, sqlite3_stmt **statement, const char **tail)
{
    if (is_its_turn("sqlite3_prepare_v2", sql)) {
        *statement = NULL;
        return strcmp(sql, "SELECT fts5(?)") == 0 ? without_search() : database_error();
    }
    return __real_sqlite3_prepare_v2(db, sql, length, statement, tail);
}

int __real_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int length, unsigned flags,
    sqlite3_stmt **statement, const char **tail);
int __wrap_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int length, unsigned flags,
    sqlite3_stmt **statement, const char **tail);
int __wrap_sqlite3_prepare_v3(sqlite3 *db, const char *sql, int length, unsigned flags,
    sqlite3_stmt **statement, const char **tail)
{
    if (is_its_turn("sqlite3_prepare_v3", sql)) {
        *statement = NULL;
        return database_error();
    }
    return __real_sqlite3_prepare_v3(db, sql, length, flags, statement, tail);
}

typedef int exec_callback(void *data, int columns, char **values, char **names);
int __real_sqlite3_exec(
    sqlite3 *db, const char *sql, exec_callback *callback, void *data, char **message);
int __wrap_sqlite3_exec(
    sqlite3 *db, const char *sql, exec_callback *callback, void *data, char **message);
int __wrap_sqlite3_exec(
    sqlite3 *db, const char *sql, exec_callback *callback, void *data, char **message)
{
    if (is_its_turn("sqlite3_exec", sql)) {
        return database_error();
    }
    return __real_sqlite3_exec(db, sql, callback, data, message);
}

int __real_sqlite3_open_v2(const char *path, sqlite3 **db, int flags, const char *vfs);
int __wrap_sqlite3_open_v2(const char *path, sqlite3 **db, int flags, const char *vfs);
int __wrap_sqlite3_open_v2(const char *path, sqlite3 **db, int flags, const char *vfs)
{
    int opened = __real_sqlite3_open_v2(path, db, flags, vfs);
    return is_its_turn("sqlite3_open_v2", path) ? database_error() : opened;
}

int __real_sqlite3_create_function_v2(sqlite3 *db, const char *name, int arguments,
    int encoding, void *data, void (*call)(sqlite3_context *, int, sqlite3_value **),
    void (*step)(sqlite3_context *, int, sqlite3_value **), void (*final)(sqlite3_context *),
    void (*destroy)(void *));
int __wrap_sqlite3_create_function_v2(sqlite3 *db, const char *name, int arguments,
    int encoding, void *data, void (*call)(sqlite3_context *, int, sqlite3_value **),
    void (*step)(sqlite3_context *, int, sqlite3_value **), void (*final)(sqlite3_context *),
    void (*destroy)(void *));
int __wrap_sqlite3_create_function_v2(sqlite3 *db, const char *name, int arguments,
    int encoding, void *data, void (*call)(sqlite3_context *, int, sqlite3_value **),
    void (*step)(sqlite3_context *, int, sqlite3_value **), void (*final)(sqlite3_context *),
    void (*destroy)(void *))
{
    if (is_its_turn("sqlite3_create_function_v2", name)) {
        if (destroy != NULL) {
            destroy(data); /* as SQLite does */
        }
        return database_error();
    }
    return __real_sqlite3_create_function_v2(
        db, name, arguments, encoding, data, call, step, final, destroy);
}

int __real_sqlite3_create_function(sqlite3 *db, const char *name, int arguments, int encoding,
    void *data, void (*function)(sqlite3_context *, int, sqlite3_value **),
    void (*step)(sqlite3_context *, int, sqlite3_value **), void (*final)(sqlite3_context *));
int __wrap_sqlite3_create_function(sqlite3 *db, const char *name, int arguments, int encoding,
    void *data, void (*function)(sqlite3_context *, int, sqlite3_value **),
    void (*step)(sqlite3_context *, int, sqlite3_value **), void (*final)(sqlite3_context *));
int __wrap_sqlite3_create_function(sqlite3 *db, const char *name, int arguments, int encoding,
    void *data, void (*function)(sqlite3_context *, int, sqlite3_value **),
    void (*step)(sqlite3_context *, int, sqlite3_value **), void (*final)(sqlite3_context *))
{
    if (is_its_turn("sqlite3_create_function", name)) {
        return database_error();
    }
    return __real_sqlite3_create_function(
        db, name, arguments, encoding, data, function, step, final);
}

sqlite3_backup *__real_sqlite3_backup_init(
    sqlite3 *to, const char *to_name, sqlite3 *from, const char *from_name);
sqlite3_backup *__wrap_sqlite3_backup_init(
    sqlite3 *to, const char *to_name, sqlite3 *from, const char *from_name);
sqlite3_backup *__wrap_sqlite3_backup_init(
    sqlite3 *to, const char *to_name, sqlite3 *from, const char *from_name)
{
    if (is_its_turn("sqlite3_backup_init", to_name)) {
        database_error();
        return NULL;
    }
    return __real_sqlite3_backup_init(to, to_name, from, from_name);
}

/* Damage, or at every other number something else; damage is told in SQLite's own words. */
int __real_sqlite3_backup_step(sqlite3_backup *backup, int pages);
int __wrap_sqlite3_backup_step(sqlite3_backup *backup, int pages);
int __wrap_sqlite3_backup_step(sqlite3_backup *backup, int pages)
{
    if (!is_its_turn("sqlite3_backup_step", armed_for % 2 == 0 ? "of" : "")) {
        return __real_sqlite3_backup_step(backup, pages);
    }
    int error = database_error();
    cause = error == SQLITE_CORRUPT ? sqlite3_errstr(error) : cause;
    return error;
}

int __real_sqlite3_errcode(sqlite3 *db);
int __wrap_sqlite3_errcode(sqlite3 *db);
int __wrap_sqlite3_errcode(sqlite3 *db)
{
    return said != SQLITE_OK ? said : __real_sqlite3_errcode(db);
}

const char *__real_sqlite3_errmsg(sqlite3 *db);
const char *__wrap_sqlite3_errmsg(sqlite3 *db);
const char *__wrap_sqlite3_errmsg(sqlite3 *db)
{
    return said != SQLITE_OK ? sqlite3_errstr(said) : __real_sqlite3_errmsg(db);
}

/* ---- the file system: under the names that 64-bit offsets give them ---- */

static bool system_fails(const char *call, const char *what, int error)
{
    bool fails = is_its_turn(call, what);
    if (fails) {
        errno = error;
        cause = strerror(error);
    }
    return fails;
}

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
    va_end(more);
    bool nameless = (flags & O_TMPFILE) == O_TMPFILE;
    bool fails = system_fails("open", nameless ? "a nameless file" : path, EMFILE);
    return fails ? -1 : __real_open64(path, flags, mode);
}

int __real_stat64(const char *path, struct stat *found);
int __wrap_stat64(const char *path, struct stat *found);
int __wrap_stat64(const char *path, struct stat *found)
{
    return system_fails("stat", path, EACCES) ? -1 : __real_stat64(path, found);
}

/* Not when it asks whether there is a file: no is an answer, not an error. */
int __real_access(const char *path, int mode);
int __wrap_access(const char *path, int mode);
int __wrap_access(const char *path, int mode)
{
    bool fails = mode != F_OK && system_fails("access", path, EROFS);
    return fails ? -1 : __real_access(path, mode);
}

char *__real_realpath(const char *path, char *resolved);
char *__wrap_realpath(const char *path, char *resolved);
char *__wrap_realpath(const char *path, char *resolved)
{
    return system_fails("realpath", path, ELOOP) ? NULL : __real_realpath(path, resolved);
}

int __real_flock(int file, int how);
int __wrap_flock(int file, int how);
int __wrap_flock(int file, int how)
{
    return system_fails("flock", "", ENOLCK) ? -1 : __real_flock(file, how);
}

int __real_ftruncate64(int file, off_t length);
int __wrap_ftruncate64(int file, off_t length);
int __wrap_ftruncate64(int file, off_t length)
{
    return system_fails("ftruncate", "", EIO) ? -1 : __real_ftruncate64(file, length);
}

ssize_t __real_pwrite64(int file, const void *bytes, size_t length, off_t offset);
ssize_t __wrap_pwrite64(int file, const void *bytes, size_t length, off_t offset);
ssize_t __wrap_pwrite64(int file, const void *bytes, size_t length, off_t offset)
{
    return system_fails("pwrite", "", ENOSPC) ? -1
                                              : __real_pwrite64(file, bytes, length, offset);
}

int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to)
{
    return system_fails("rename", from, EROFS) ? -1 : __real_rename(from, to);
}

int __real_unlink(const char *path);
int __wrap_unlink(const char *path);
int __wrap_unlink(const char *path)
{
    return system_fails("unlink", path, EPERM) ? -1 : __real_unlink(path);
}

int __real_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode);
int __wrap_mkdir(const char *path, mode_t mode)
{
    return system_fails("mkdir", path, EMLINK) ? -1 : __real_mkdir(path, mode);
}

DIR *__real_opendir(const char *path);
DIR *__wrap_opendir(const char *path);
DIR *__wrap_opendir(const char *path)
{
    return system_fails("opendir", path, EMFILE) ? NULL : __real_opendir(path);
}

int __real_fsync(int file);
int __wrap_fsync(int file);
int __wrap_fsync(int file)
{
    return system_fails("fsync", "", EIO) ? -1 : __real_fsync(file);
}

ssize_t __real_read(int file, void *bytes, size_t length);
ssize_t __wrap_read(int file, void *bytes, size_t length);
ssize_t __wrap_read(int file, void *bytes, size_t length)
{
    return system_fails("read", "", EIO) ? -1 : __real_read(file, bytes, length);
}

ssize_t __real_write(int file, const void *bytes, size_t length);
ssize_t __wrap_write(int file, const void *bytes, size_t length);
ssize_t __wrap_write(int file, const void *bytes, size_t length)
{
    return system_fails("write", "", ENOSPC) ? -1 : __real_write(file, bytes, length);
}

/* What it says of a disk that is nearly full. */
int __real_statvfs64(const char *path, struct statvfs *disk);
int __wrap_statvfs64(const char *path, struct statvfs *disk);
int __wrap_statvfs64(const char *path, struct statvfs *disk)
{
    int done = __real_statvfs64(path, disk);
    if (is_its_turn("statvfs", path)) {
        disk->f_bavail = 1;
        cause = "no room";
    }
    return done;
}

/* Root: whoever runs the test may give what is his to himself. */
uid_t __wrap_geteuid(void);
uid_t __wrap_geteuid(void)
{
    return system_fails("geteuid", "", 0) ? 65534 : 0;
}

int __real_chown(const char *path, uid_t owner, gid_t group);
int __wrap_chown(const char *path, uid_t owner, gid_t group);
int __wrap_chown(const char *path, uid_t owner, gid_t group)
{
    return system_fails("chown", path, EPERM) ? -1 : __real_chown(path, owner, group);
}

#ifdef __clang__
#pragma clang attribute pop
#endif
