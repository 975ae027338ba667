/* SQLite's backup API copies pages, a few at a time, from inside one read transaction. In WAL
 * mode that neither waits for the writer nor keeps it waiting, and since the transaction stays
 * open from the first page to the last, what is committed meanwhile does not make it begin
 * anew (https://www.sqlite.org/backup.html).
 *
 * Rejected: VACUUM INTO. It reads and sorts every row and costs ten times the processor time,
 * for a file that is smaller only where much was deleted, and cannot be stopped half way. Also
 * copying the file as it lies there: without its log it is of no moment at all. */
#include "storage/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "storage/statements.h"
#include "storage/verify.h"

enum {
    PAGES_A_STEP = 128,        /* a megabyte: a few milliseconds */
    OPERATIONS_A_LOOK = 20000, /* of SQLite's machine, a millisecond or two */
    FOLDER_MODE = 0750,
    FILE_MODE = 0640,
    STAMP_BYTES = 16, /* 20261123T030000Z */
    CHECK_WORDS_BYTES = 256,
    LEFTOVER_S = 86400,
    ROOM_LEFT_BYTES = 4 << 20, /* for the daemon's own writes */
};

static const char suffix[] = ".sqlite";

/* ---- names ---- */

static const char *copy_dirname(struct arena *arena, const char *path)
{
    return dirname(arena_strdup(arena, path));
}

const char *backup_folder(struct arena *arena, const char *configured, const char *database)
{
    return configured != NULL
        ? configured
        : arena_printf(arena, "%s/backups", copy_dirname(arena, database));
}

/* "briefd" of "/var/lib/briefd/briefd.sqlite". */
static const char *stem_of(struct arena *arena, const char *database)
{
    char *name = arena_strdup(arena, basename(arena_strdup(arena, database)));
    char *dot = strrchr(name, '.');
    if (dot != NULL && dot != name) {
        *dot = '\0';
    }
    return name;
}

static const char *write_stamp(struct arena *arena, int64_t utc_s)
{
    time_t seconds = (time_t)utc_s;
    struct tm day;
    gmtime_r(&seconds, &day);
    return arena_printf(arena, "%04d%02d%02dT%02d%02d%02dZ", day.tm_year + 1900, day.tm_mon + 1,
        day.tm_mday, day.tm_hour, day.tm_min, day.tm_sec);
}

/* The time in "STEM-20261123T030000Z.sqlite"; CLOCK_NONE for any other name. */
static int64_t read_stamp(const char *name, const char *stem)
{
    int part[6], end = 0;
    size_t length = strlen(stem);
    if (strncmp(name, stem, length) != 0 || name[length] != '-' ||
        strlen(name) != length + 1 + STAMP_BYTES + strlen(suffix)) {
        return CLOCK_NONE;
    }
    int count = sscanf(name + length + 1, "%4d%2d%2dT%2d%2d%2dZ.sqlite%n", &part[0], &part[1],
        &part[2], &part[3], &part[4], &part[5], &end);
    return count == 6 && name[length + 1 + (size_t)end] == '\0' && end > 0
        ? clock_from_civil(part[0], part[1], part[2], part[3], part[4], part[5])
        : CLOCK_NONE;
}

/* ---- listing ---- */

static int compare_files(const void *left, const void *right)
{
    const struct backup_file *a = left, *b = right;
    return (b->utc_s > a->utc_s) - (b->utc_s < a->utc_s);
}

static bool is_file(const char *path, int64_t *ret_bytes)
{
    struct stat found;
    if (stat(path, &found) != 0 || !S_ISREG(found.st_mode)) {
        return false;
    }
    *ret_bytes = (int64_t)found.st_size;
    return true;
}

bool backup_list(struct arena *arena, const char *folder, const char *database,
    struct backup_file **ret_files, size_t *ret_count, struct fault *fault)
{
    const char *stem = stem_of(arena, database);
    size_t capacity = 0;
    *ret_files = NULL;
    *ret_count = 0;
    DIR *directory = opendir(folder);
    if (directory == NULL) {
        return errno == ENOENT ||
            fault_set(fault, FAULT_STORE, "cannot read the folder of backups '%s': %s", folder,
                strerror(errno));
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        struct backup_file file = {.utc_s = read_stamp(entry->d_name, stem)};
        file.path = arena_printf(arena, "%s/%s", folder, entry->d_name);
        if (file.utc_s == CLOCK_NONE || !is_file(file.path, &file.bytes)) {
            continue;
        }
        if (*ret_count == capacity) {
            *ret_files = arena_grow(arena, *ret_files, sizeof(file), &capacity);
        }
        (*ret_files)[(*ret_count)++] = file;
    }
    closedir(directory);
    if (*ret_count > 1) {
        qsort(*ret_files, *ret_count, sizeof(**ret_files), compare_files);
    }
    return true;
}

/* ---- writing ---- */

/* One backup on its way. */
struct copy {
    struct store *from;
    const atomic_bool *cancelled; /* NULL: it never is */
    sqlite3 *to;
    const char *path; /* while it has no name yet */
};

static bool is_cancelled(const struct copy *copy)
{
    return copy->cancelled != NULL && atomic_load(copy->cancelled);
}

static int on_progress(void *data)
{
    return is_cancelled(data);
}

static bool copy_fault(struct copy *copy, const char *action, struct fault *fault)
{
    return is_cancelled(copy) ? fault_set(fault, FAULT_CANCELLED, "the backup was given up")
                              : database_fault(copy->to, copy->path, action, fault);
}

static bool damage_fault(struct copy *copy, const char *words, struct fault *fault)
{
    return fault_set(fault, FAULT_STORE,
        "the database '%s' is damaged (%s), and so would be its backup: look with 'briefd "
        "verify', put back an earlier backup with 'briefd restore'",
        copy->from->path, words);
}

/* What root makes beside a service's database is the service's, or the service could neither
 * read nor rotate it. */
static bool give_to_owner(const char *path, const char *like, struct fault *fault)
{
    struct stat owner;
    return geteuid() != 0 || stat(like, &owner) != 0 ||
        chown(path, owner.st_uid, owner.st_gid) == 0 ||
        fault_set(fault, FAULT_STORE, "cannot give '%s' to the owner of '%s': %s", path, like,
            strerror(errno));
}

static bool make_folder(const char *folder, const char *database, struct fault *fault)
{
    if (mkdir(folder, FOLDER_MODE) == 0) {
        return give_to_owner(folder, database, fault);
    }
    return errno == EEXIST ||
        fault_set(fault, FAULT_STORE, "cannot make the folder '%s' for backups: %s", folder,
            strerror(errno));
}

/* What a killed backup left has the same name only when this one is of the same second. */
static bool open_target(struct copy *copy, struct fault *fault)
{
    static const char setup[] = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                                "PRAGMA cache_size = -2048";
    int file = open(copy->path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, FILE_MODE);
    if (file < 0) {
        return fault_set(fault, FAULT_STORE, "cannot write the backup '%s': %s", copy->path,
            strerror(errno));
    }
    close(file);
    if (sqlite3_open_v2(copy->path, &copy->to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
            NULL) != SQLITE_OK ||
        sqlite3_exec(copy->to, setup, NULL, NULL, NULL) != SQLITE_OK) {
        return copy_fault(copy, "write", fault);
    }
    sqlite3_extended_result_codes(copy->to, 1);
    sqlite3_progress_handler(copy->to, OPERATIONS_A_LOOK, on_progress, copy);
    return true;
}

static bool copy_pages(struct copy *copy, struct fault *fault)
{
    sqlite3_backup *backup = sqlite3_backup_init(copy->to, "main", copy->from->db, "main");
    int step = backup == NULL ? SQLITE_ERROR : SQLITE_OK;
    while (step == SQLITE_OK && !is_cancelled(copy)) {
        step = sqlite3_backup_step(backup, PAGES_A_STEP);
    }
    sqlite3_backup_finish(backup); /* and the error is the target's */
    if ((step & 0xff) == SQLITE_CORRUPT) {
        return damage_fault(copy, sqlite3_errmsg(copy->to), fault);
    }
    return step == SQLITE_DONE || copy_fault(copy, "write", fault);
}

/* "ok", or where `db` is damaged. False, with the error in `db`, when it could not be asked. */
static bool quick_check(sqlite3 *db, char words[CHECK_WORDS_BYTES])
{
    sqlite3_stmt *check = NULL;
    bool ran = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &check, NULL) == SQLITE_OK &&
        sqlite3_step(check) == SQLITE_ROW;
    if (ran) {
        const char *said = (const char *)sqlite3_column_text(check, 0);
        snprintf(words, CHECK_WORDS_BYTES, "%s", said == NULL ? "?" : said);
    }
    sqlite3_finalize(check);
    return ran;
}

/* A page of the database that cannot be read shows here, too: it was copied as it was. In
 * journal_mode DELETE the file needs no log beside it to be read. */
static bool check_copy(struct copy *copy, struct fault *fault)
{
    char words[CHECK_WORDS_BYTES];
    if (sqlite3_exec(copy->to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK ||
        !quick_check(copy->to, words)) {
        return copy_fault(copy, "read back", fault);
    }
    return strcmp(words, "ok") == 0 || damage_fault(copy, words, fault);
}

/* A disk that is filled by a backup would stop the daemon's own writes. */
static bool has_room(const struct copy *copy, const char *folder, struct fault *fault)
{
    struct statvfs disk;
    int64_t bytes = 0, log_bytes = 0;
    char log[PATH_MAX];
    snprintf(log, sizeof(log), "%s-wal", copy->from->path);
    if (!is_file(copy->from->path, &bytes) || statvfs(folder, &disk) != 0) {
        return true; /* what is wrong there shows when it is written */
    }
    (void)is_file(log, &log_bytes);
    int64_t needed = bytes + log_bytes + bytes / 8 + ROOM_LEFT_BYTES;
    int64_t room = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
    return room >= needed ||
        fault_set(fault, FAULT_STORE,
            "the disk of '%s' has no room for a backup: %lld MiB are free, %lld are needed",
            folder, (long long)(room >> 20), (long long)((needed >> 20) + 1));
}

/* Inside one read transaction, which begins with the first read. */
static bool copy_moment(struct copy *copy, struct fault *fault)
{
    sqlite3 *db = copy->from->db;
    if (!transaction_begin_read(copy->from, fault)) {
        return false;
    }
    bool ok = sqlite3_exec(db, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK ||
        database_fault(db, copy->from->path, "read", fault);
    ok = ok && open_target(copy, fault) && copy_pages(copy, fault);
    transaction_end_read(copy->from);
    return ok && check_copy(copy, fault);
}

static bool sync_path(const char *path, struct fault *fault)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = file >= 0 && fsync(file) == 0;
    if (!ok) {
        fault_set(
            fault, FAULT_STORE, "cannot write '%s' to the disk: %s", path, strerror(errno));
    }
    if (file >= 0) {
        close(file);
    }
    return ok;
}

/* Once this returns, the name stands for a whole file, whatever happens to the power. */
static bool name_file(const char *from, const char *to, const char *folder, struct fault *fault)
{
    if (!sync_path(from, fault)) {
        return false;
    }
    if (rename(from, to) != 0) {
        return fault_set(
            fault, FAULT_STORE, "cannot name the file '%s': %s", to, strerror(errno));
    }
    return sync_path(folder, fault);
}

/* What a killed backup left; one of the last day may still be on its way in another process. */
static void remove_leftovers(
    const struct backup_order *order, struct arena *arena, const char *stem)
{
    DIR *directory = opendir(order->folder);
    for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
        const char *end = strstr(entry->d_name, ".part");
        if (end == NULL || end[strlen(".part")] != '\0') {
            continue;
        }
        int64_t utc_s = read_stamp(
            arena_strndup(arena, entry->d_name, (size_t)(end - entry->d_name)), stem);
        if (utc_s != CLOCK_NONE && utc_s < order->now_utc_s - LEFTOVER_S) {
            unlink(arena_printf(arena, "%s/%s", order->folder, entry->d_name));
        }
    }
    if (directory != NULL) {
        closedir(directory);
    }
}

static bool rotate(const struct backup_order *order, struct arena *arena, struct fault *fault)
{
    struct backup_file *files;
    size_t count;
    remove_leftovers(order, arena, stem_of(arena, order->database));
    if (order->keep == 0) {
        return true;
    }
    if (!backup_list(arena, order->folder, order->database, &files, &count, fault)) {
        return false;
    }
    for (size_t i = order->keep; i < count; i++) {
        if (unlink(files[i].path) != 0 && errno != ENOENT) {
            return fault_set(fault, FAULT_STORE, "cannot remove the old backup '%s': %s",
                files[i].path, strerror(errno));
        }
    }
    return true;
}

static bool copy_to(
    struct copy *copy, const char *path, const char *folder, struct fault *fault)
{
    bool ok = has_room(copy, folder, fault) && copy_moment(copy, fault);
    sqlite3_close(copy->to);
    ok = ok && give_to_owner(copy->path, copy->from->path, fault) &&
        name_file(copy->path, path, folder, fault);
    if (!ok) {
        unlink(copy->path);
    }
    return ok;
}

bool backup_copy(
    struct store *from, const char *path, const atomic_bool *cancelled, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    struct copy copy = {
        .from = from, .cancelled = cancelled, .path = arena_printf(&arena, "%s.part", path)};
    return copy_to(&copy, path, copy_dirname(&arena, path), fault);
}

static bool measure(const char *path, int64_t *ret_bytes, struct fault *fault)
{
    return is_file(path, ret_bytes) ||
        fault_set(
            fault, FAULT_STORE, "cannot look at the backup '%s': %s", path, strerror(errno));
}

bool backup_write(const struct backup_order *order, struct arena *arena,
    struct backup_file *ret_file, struct fault *fault)
{
    struct store *from;
    const char *path = arena_printf(arena, "%s/%s-%s%s", order->folder,
        stem_of(arena, order->database), write_stamp(arena, order->now_utc_s), suffix);
    *ret_file = (struct backup_file){path, order->now_utc_s, 0};
    if (!make_folder(order->folder, order->database, fault) ||
        !store_open_reader(order->database, &from, fault)) {
        return false;
    }
    bool ok = backup_copy(from, path, order->cancelled, fault);
    store_close(from);
    return ok && measure(path, &ret_file->bytes, fault) && rotate(order, arena, fault);
}

bool backup_is_needed(const char *database)
{
    char words[CHECK_WORDS_BYTES];
    sqlite3 *db = NULL;
    bool ran = sqlite3_open_v2(database, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
                   NULL) == SQLITE_OK &&
        quick_check(db, words);
    int code = sqlite3_errcode(db) & 0xff;
    sqlite3_close(db);
    return ran ? strcmp(words, "ok") != 0 : code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

/* ---- putting back ---- */

static void note_first(void *data, const struct verify_finding *finding)
{
    struct fault *fault = data;
    if (fault->kind == FAULT_NONE) {
        fault_set(fault, FAULT_STORE, "%s %s: %s", finding->table, finding->row,
            finding->words[0] == '\0' ? finding->check : finding->words);
    }
}

static bool check_backup(const char *from, struct fault *fault)
{
    struct fault first = {.kind = FAULT_NONE};
    size_t count;
    return store_verify_copy(from, note_first, &first, &count, fault) &&
        (count == 0 ||
            fault_set(fault, FAULT_STORE,
                "the backup '%s' is damaged (%s): put back another one", from, first.message));
}

static bool copy_bytes(int in, int out)
{
    char chunk[1 << 16];
    ssize_t got;
    while ((got = read(in, chunk, sizeof(chunk))) > 0) {
        for (ssize_t done = 0, put; done < got; done += put) {
            put = write(out, chunk + done, (size_t)(got - done));
            if (put <= 0) {
                return false;
            }
        }
    }
    return got == 0;
}

static bool copy_file(const char *from, const char *to, struct fault *fault)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, FILE_MODE);
    bool ok = (in >= 0 && out >= 0 && copy_bytes(in, out)) ||
        fault_set(
            fault, FAULT_STORE, "cannot copy '%s' to '%s': %s", from, to, strerror(errno));
    if (in >= 0) {
        close(in);
    }
    if (out >= 0) {
        close(out);
    }
    return ok;
}

/* The log goes with its database, first: the one without the other would be another database.
 * The shared memory is made anew by whoever opens. */
static bool move_aside(const char *database, const char *aside, struct fault *fault)
{
    static const char *const parts[] = {"-wal", "-shm", ""};
    for (size_t i = 0; i < array_count(parts); i++) {
        char from[PATH_MAX], to[PATH_MAX];
        snprintf(from, sizeof(from), "%s%s", database, parts[i]);
        snprintf(to, sizeof(to), "%s%s", aside, parts[i]);
        if (rename(from, to) != 0 && errno != ENOENT) {
            return fault_set(fault, FAULT_STORE, "cannot rename '%s' to '%s': %s", from, to,
                strerror(errno));
        }
    }
    return true;
}

/* A log without its database is somebody's, too: beside the restored file it would be read as
 * that one's. */
static bool is_taken(const char *database)
{
    char log[PATH_MAX];
    snprintf(log, sizeof(log), "%s-wal", database);
    return access(database, F_OK) == 0 || access(log, F_OK) == 0;
}

static bool take_place(struct arena *arena, const char *part, const char *database,
    const char *aside, struct fault *fault)
{
    if (aside != NULL && !move_aside(database, aside, fault)) {
        return false;
    }
    bool ok = name_file(part, database, copy_dirname(arena, database), fault);
    if (!ok && aside != NULL) {
        struct fault ignored;
        (void)!move_aside(aside, database, &ignored); /* the first fault is the one to tell */
    }
    return ok;
}

bool backup_restore(struct arena *arena, const char *from, const char *database, bool aside,
    int64_t now_utc_s, const char **ret_aside, struct fault *fault)
{
    const char *part = arena_printf(arena, "%s.part", database);
    bool taken = is_taken(database);
    *ret_aside = NULL;
    if (store_is_in_use(database)) {
        return fault_set(fault, FAULT_REFUSED,
            "the database '%s' is in use by another briefd: stop that one first", database);
    }
    if (taken && !aside) {
        return fault_set(fault, FAULT_REFUSED,
            "there is a database '%s', which is not overwritten: with --aside it is renamed "
            "first",
            database);
    }
    if (taken) {
        *ret_aside = arena_printf(
            arena, "%s.aside-%s", database, write_stamp(arena, now_utc_s));
    }
    if (taken && is_taken(*ret_aside)) { /* of the same second */
        return fault_set(fault, FAULT_REFUSED,
            "there is a file '%s', which is not overwritten: try again", *ret_aside);
    }
    bool ok = check_backup(from, fault) && copy_file(from, part, fault) &&
        give_to_owner(part, copy_dirname(arena, database), fault) &&
        take_place(arena, part, database, *ret_aside, fault);
    if (!ok) {
        unlink(part);
    }
    return ok;
}
