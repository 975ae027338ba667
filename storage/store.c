/* Opening and closing: everything that may be wrong with the file is found here, in an order
 * that touches nothing before it is known to be ours.
 *
 *   1. folder and file, by the file system;
 *   2. the header, through a connection that neither locks nor writes (immutable), because a
 * real one would roll back another program's journal or put a WAL beside its file;
 *   3. the writer's lock: a file beside the database, held with flock(2) as long as the store
 * is open. SQLite's own locks cannot do this, since they come and go with every transaction,
 * and a descriptor of ours on the database itself would drop SQLite's locks when closed
 * (fcntl(2));
 *   4. the same again on the real connection, which also sees what still stands in the WAL,
 * with the checkpoint at close switched off, so that a refused file keeps its WAL;
 *   5. a copy beside the file, when migrations are missing, and then these.
 *
 * The WAL lets readers go on while a batch is written. synchronous=NORMAL may lose the last
 * commits at a power failure, never consistency; invariant 1 makes the next poll bring them
 * again. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/log.h"
#include "storage/accounts.h"
#include "storage/backup.h"
#include "storage/grouping.h"
#include "storage/packed_html.h"
#include "storage/printed.h"
#include "storage/schema.h"
#include "storage/search_tokenizer.h"
#include "storage/similar.h"
#include "storage/statements.h"
#include "storage/story_search.h"

enum {
    BUSY_TIMEOUT_MS = 5000, /* longer than any commit or checkpoint of ours */
    FILE_MODE = 0640,
};

/* page_size and auto_vacuum take effect on an empty file only and must come before the WAL.
 * Pages of 8 KiB: a new entry costs a quarter less CPU than with 4, and the file is the
 * smallest (bench_commit: 21, 16 and 13 us with pages of 4, 8 and 16 KiB; 0.93, 0.91 and 0.94
 * of the text). The WAL is checkpointed at 2048 pages, about two full batches: a smaller one
 * writes the index pages, which every batch changes, into the database more often. cache_size
 * is in KiB when negative: with these two a daemon's page cache stays under 12 MiB. */
static const char writer_setup[] = "PRAGMA page_size = 8192;"
                                   "PRAGMA auto_vacuum = INCREMENTAL;"
                                   "PRAGMA journal_mode = WAL;"
                                   "PRAGMA synchronous = NORMAL;"
                                   "PRAGMA wal_autocheckpoint = 2048;"
                                   "PRAGMA journal_size_limit = 16777216;"
                                   "PRAGMA cache_size = -8192";
static const char reader_setup[] = "PRAGMA query_only = ON;"
                                   "PRAGMA foreign_keys = ON;"
                                   "PRAGMA cache_size = -4096";

static int newest_schema(void)
{
    return schema_migrations[schema_migration_count - 1].number;
}

static struct store *store_new(const char *path)
{
    struct store *store = calloc(1, sizeof(*store));
    if (store == NULL || (store->path = strdup(path)) == NULL) {
        memory_exhausted();
    }
    store->lock = -1;
    return store;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(store->statements[i].handle);
    }
    printed_forget_titles(store);
    similar_forget(store);
    grouping_free(store->grouping);
    sqlite3_close(store->db); /* and with it the folding that grouping and titles borrow */
    if (store->lock >= 0) {
        close(store->lock); /* after the database: the next writer finds it at rest */
    }
    free(store->path);
    free(store);
}

static void store_closep(struct store **store)
{
    store_close(*store);
}

/* ---- the file ---- */

static bool check_folder(const char *path, struct fault *fault)
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof(copy), "%s", path);
    const char *folder = dirname(copy);
    struct stat found;
    if (stat(folder, &found) != 0) {
        return fault_set(fault, FAULT_STORE,
            "the folder '%s' of the database '%s' cannot be used: %s: create it or name "
            "another "
            "file",
            folder, path, strerror(errno));
    }
    if (!S_ISDIR(found.st_mode)) {
        return fault_set(fault, FAULT_STORE,
            "'%s' is not a folder, so '%s' cannot be a database: name another file", folder,
            path);
    }
    return true;
}

/* `how`: R_OK, or R_OK | W_OK. */
static bool check_access(const char *path, int how, struct fault *fault)
{
    struct stat found;
    if (stat(path, &found) != 0) {
        return fault_set(fault, FAULT_STORE, "cannot open the database '%s': %s%s", path,
            strerror(errno), errno == ENOENT ? ": 'briefd run' creates it" : "");
    }
    if (!S_ISREG(found.st_mode)) {
        return fault_set(fault, FAULT_STORE,
            "'%s' is not a regular file, so it cannot be a database: name another file", path);
    }
    if (access(path, how) != 0) {
        return fault_set(fault, FAULT_STORE,
            "cannot open the database '%s': %s: check the permissions of file and folder", path,
            strerror(errno));
    }
    return true;
}

static bool check_file(const char *path, struct fault *fault)
{
    return check_access(path, R_OK | W_OK, fault);
}

static bool lock_fault(const char *name, struct fault *fault)
{
    return fault_set(fault, FAULT_STORE,
        "cannot create the lock '%s' of the database: %s: check the permissions of the "
        "folder",
        name, strerror(errno));
}

/* No other holds it: a network disk without locks, or the system has none left. */
static bool locking_fault(const char *name, struct fault *fault)
{
    return fault_set(fault, FAULT_STORE,
        "cannot lock '%s', so another briefd might write too: %s", name, strerror(errno));
}

/* Whoever removed the database meant to begin anew: its lock must not say that there was one.
 * Before the file is made, so that a kill in between leaves neither. */
static bool forget_removed(const char *path, struct fault *fault)
{
    char name[PATH_MAX + sizeof("-lock")];
    snprintf(name, sizeof(name), "%s-lock", path);
    int lock = open(name, O_RDWR | O_CLOEXEC);
    if (lock < 0) {
        return errno == ENOENT || lock_fault(name, fault);
    }
    bool held = flock(lock, LOCK_EX | LOCK_NB) != 0;
    /* One that another holds is for take_lock() to refuse. */
    bool ok = held ? errno == EWOULDBLOCK || locking_fault(name, fault)
                   : ftruncate(lock, 0) == 0 || lock_fault(name, fault);
    close(lock);
    return ok;
}

/* An empty file is a database without tables: once it exists, its real path can be asked for.
 */
static bool create_missing_file(const char *path, struct fault *fault)
{
    if (access(path, F_OK) == 0) {
        return true;
    }
    if (!forget_removed(path, fault)) {
        return false;
    }
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
    if (file < 0) {
        return fault_set(fault, FAULT_STORE,
            "cannot create the database '%s': %s: check the folder or name another file", path,
            strerror(errno));
    }
    close(file);
    return true;
}

/* ---- the writer's lock ---- */

static bool refuse_second_writer(const char *path, int lock, struct fault *fault)
{
    char holder[16] = "";
    ssize_t length = pread(lock, holder, sizeof(holder) - 1, 0);
    if (length <= 0) {
        return fault_set(fault, FAULT_STORE,
            "the database '%s' is in use by another briefd: stop that one first", path);
    }
    holder[strcspn(holder, "\n")] = '\0';
    return fault_set(fault, FAULT_STORE,
        "the database '%s' is in use by another briefd (process %s): stop that one first", path,
        holder);
}

/* The second line of the lock says that the database beside it has had tables. */
static const char kept_mark[] = "\nkept\n";

static bool is_marked(int lock)
{
    char text[32] = "";
    return pread(lock, text, sizeof(text) - 1, 0) > 0 && strstr(text, kept_mark) != NULL;
}

/* The number in the file is for people; the lock is what counts, and dies with the process. */
static void write_holder(int lock, bool kept)
{
    char text[32];
    int length = snprintf(text, sizeof(text), "%d%s", (int)getpid(), kept ? kept_mark : "\n");
    if (ftruncate(lock, 0) == 0 && pwrite(lock, text, (size_t)length, 0) != length) {
        errno = 0; /* a full disk: the lock holds without its number */
    }
}

static bool is_empty(const char *path)
{
    struct stat found;
    return stat(path, &found) == 0 && found.st_size == 0;
}

/* Beside the real file, so that two names of one database meet at one lock. The lock file
 * stays: removing it would let a third process lock a new one while the second still waits on
 * the old. */
static bool take_lock(struct store *store, struct fault *fault)
{
    char real[PATH_MAX], name[PATH_MAX + sizeof("-lock")];
    if (realpath(store->path, real) == NULL) {
        return fault_set(fault, FAULT_STORE,
            "cannot open the database '%s': %s: name another file", store->path,
            strerror(errno));
    }
    snprintf(name, sizeof(name), "%s-lock", real);
    store->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
    if (store->lock < 0) {
        return lock_fault(name, fault);
    }
    if (flock(store->lock, LOCK_EX | LOCK_NB) != 0) {
        return errno == EWOULDBLOCK ? refuse_second_writer(store->path, store->lock, fault)
                                    : locking_fault(name, fault);
    }
    bool kept = is_marked(store->lock);
    if (kept && is_empty(store->path)) {
        /* SQLite would take it for a new database, and the feeds would fill it again. */
        return fault_set(fault, FAULT_STORE,
            "the database '%s' is empty, but was not when it was last used: put back the last "
            "backup, or begin anew by removing it",
            store->path);
    }
    write_holder(store->lock, kept);
    return true;
}

bool store_is_in_use(const char *path)
{
    char real[PATH_MAX], name[PATH_MAX + sizeof("-lock")];
    if (realpath(path, real) == NULL) {
        return false;
    }
    snprintf(name, sizeof(name), "%s-lock", real);
    int lock = open(name, O_RDWR | O_CLOEXEC);
    bool held = lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (lock >= 0) {
        close(lock);
    }
    return held;
}

/* ---- whose file it is ---- */

/* "file:" and the path with what a URI reserves escaped (https://www.sqlite.org/uri.html). */
static void write_immutable_uri(const char *path, struct buffer *uri)
{
    buffer_puts(uri, "file:");
    for (const char *byte = path; *byte != '\0'; byte++) {
        bool reserved = strchr("%?#", *byte) != NULL;
        buffer_printf(uri, reserved ? "%%%02X" : "%c", (unsigned char)*byte);
    }
    buffer_puts(uri, "?immutable=1");
}

/* True when the inspection gave a verdict, not an error of reading. A checkpoint cut short by a
 * kill leaves pages that make sense only together with the WAL, which this connection does not
 * see. */
static bool is_certain(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
    case SQLITE_NOTADB:
        return true;
    default:
        return false;
    }
}

static bool inspect_from_outside(const char *path, struct fault *fault)
{
    cleanup(buffer_release) struct buffer uri;
    buffer_init(&uri, 4 * PATH_MAX);
    write_immutable_uri(path, &uri);
    sqlite3 *db = NULL;
    int opened = sqlite3_open_v2(
        uri.data, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    enum schema_state state;
    bool ok = opened != SQLITE_OK || schema_inspect(db, path, newest_schema(), &state, fault) ||
        !is_certain(sqlite3_errcode(db));
    sqlite3_close(db);
    return ok;
}

/* ---- the connection ---- */

/* Without FTS5, "no such function: fts5". */
static bool register_search(struct store *store, struct fault *fault)
{
    if (packed_html_register(store->db) && story_search_register(store) &&
        search_tokenizer_register(store->db)) {
        return true;
    }
    if (sqlite3_errcode(store->db) != SQLITE_ERROR) {
        return database_fault(store->db, store->path, "open", fault);
    }
    return fault_set(fault, FAULT_STORE,
        "this SQLite has no FTS5, which the search needs: install Debian's libsqlite3-0");
}

static bool connect_as(struct store *store, const char *name, int how,
    enum schema_state *ret_state, struct fault *fault)
{
    if (sqlite3_open_v2(name, &store->db, how | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        return database_fault(store->db, store->path, "open", fault);
    }
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return register_search(store, fault) &&
        schema_inspect(store->db, store->path, newest_schema(), ret_state, fault);
}

static bool connect(struct store *store, enum schema_state *ret_state, struct fault *fault)
{
    return connect_as(store, store->path, SQLITE_OPEN_READWRITE, ret_state, fault);
}

static bool run_setup(struct store *store, const char *sql, struct fault *fault)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
        database_fault(store->db, store->path, "open", fault);
}

/* The file is ours and stays open: from here on the last to close it leaves no WAL behind. */
static void accept_file(struct store *store)
{
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
}

/* Beside the database, under the number of the schema it has; the first of that number stays.
 */
static bool keep_older(struct store *store, enum schema_state state, struct fault *fault)
{
    char path[PATH_MAX];
    int version;
    if (state != SCHEMA_OLDER) {
        return true;
    }
    if (!schema_version(store->db, store->path, &version, fault)) {
        return false;
    }
    snprintf(path, sizeof(path), "%s.schema-%d", store->path, version);
    return access(path, F_OK) == 0 || backup_copy(store, path, NULL, fault) ||
        fault_prefix(fault, "before the schema of '%s' changes a copy is kept: ", store->path);
}

bool store_open(const char *path, struct store **ret_store, struct fault *fault)
{
    cleanup(store_closep) struct store *store = store_new(path);
    enum schema_state state;
    if (!check_folder(path, fault) || !create_missing_file(path, fault) ||
        !check_file(path, fault) || !inspect_from_outside(path, fault) ||
        !take_lock(store, fault) || !connect(store, &state, fault) ||
        !keep_older(store, state, fault) || !run_setup(store, writer_setup, fault) ||
        !schema_upgrade(store->db, path, schema_migrations, schema_migration_count, fault) ||
        !run_setup(store, "PRAGMA foreign_keys = ON", fault)) {
        return false;
    }
    accept_file(store);
    write_holder(store->lock, true);
    *ret_store = store;
    store = NULL;
    return true;
}

static bool expect_current(const char *path, enum schema_state state, struct fault *fault)
{
    return state == SCHEMA_CURRENT ||
        fault_set(fault, FAULT_STORE,
            "the database '%s' is %s: 'briefd run' brings it up to date", path,
            state == SCHEMA_EMPTY ? "still empty" : "of an older schema");
}

/* Opened for writing, because a reader may be the first after a crash and must then be able to
 * recover the WAL; query_only keeps it from changing anything else. */
bool store_open_reader(const char *path, struct store **ret_store, struct fault *fault)
{
    cleanup(store_closep) struct store *store = store_new(path);
    enum schema_state state;
    if (!check_folder(path, fault) || !check_file(path, fault) ||
        !inspect_from_outside(path, fault) || !connect(store, &state, fault) ||
        !run_setup(store, reader_setup, fault)) {
        return false;
    }
    if (!expect_current(path, state, fault)) {
        return false;
    }
    accept_file(store);
    *ret_store = store;
    store = NULL;
    return true;
}

bool store_is_at_rest(const char *path)
{
    char log[PATH_MAX];
    snprintf(log, sizeof(log), "%s-wal", path);
    return access(log, F_OK) != 0 && !store_is_in_use(path);
}

/* query_only would forbid the temporary table; that the file is opened for reading keeps it as
 * it is. */
static bool connect_untouched(
    struct store *store, bool at_rest, enum schema_state *ret_state, struct fault *fault)
{
    cleanup(buffer_release) struct buffer uri;
    buffer_init(&uri, 4 * PATH_MAX);
    if (!at_rest) {
        return connect_as(store, store->path, SQLITE_OPEN_READONLY, ret_state, fault);
    }
    write_immutable_uri(store->path, &uri);
    return connect_as(
        store, uri.data, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, ret_state, fault);
}

/* Never accepted: its WAL stays, and with it the evidence. */
bool store_open_untouched(
    const char *path, bool at_rest, struct store **ret_store, struct fault *fault)
{
    static const char setup[] =
        "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;"
        "CREATE VIRTUAL TABLE temp.search_instance USING fts5vocab(main, search, instance)";
    cleanup(store_closep) struct store *store = store_new(path);
    enum schema_state state;
    if (!check_folder(path, fault) || !check_access(path, R_OK, fault) ||
        !inspect_from_outside(path, fault) ||
        !connect_untouched(store, at_rest, &state, fault) ||
        !expect_current(path, state, fault) || !run_setup(store, setup, fault)) {
        return false;
    }
    *ret_store = store;
    store = NULL;
    return true;
}

/* Beside the daemon, whose lock says that its writer's memory (grouping, titles) belongs to the
 * items and issues there are; accounts are in none of it. */
static bool open_beside(const char *path, struct store **ret_store, struct fault *fault)
{
    cleanup(store_closep) struct store *store = store_new(path);
    enum schema_state state;
    if (!check_file(path, fault) || !inspect_from_outside(path, fault) ||
        !connect(store, &state, fault) ||
        !run_setup(store, "PRAGMA foreign_keys = ON", fault)) {
        return false;
    }
    if (state != SCHEMA_CURRENT) {
        return fault_set(fault, FAULT_STORE,
            "the database '%s' is being brought up to date: try again in a moment", path);
    }
    accept_file(store);
    *ret_store = store;
    store = NULL;
    return true;
}

bool accounts_open(const char *path, struct store **ret_store, struct fault *fault)
{
    return store_is_in_use(path) ? open_beside(path, ret_store, fault)
                                 : store_open(path, ret_store, fault);
}
