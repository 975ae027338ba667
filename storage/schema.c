/* The version of a file is user_version, not a table of applied migrations: it lies in the
 * header, can be read before anything else is trusted, and changes with the transaction.
 * Migrations only go up; a file from a newer program is refused, because an old one cannot know
 * what it would break. */
#include "storage/schema.h"

#include <stdio.h>

#include "storage/statements.h"

/* One integer from a query without parameters. */
static bool read_integer(sqlite3 *db, const char *sql, int *ret_value)
{
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW;
    if (ok) {
        *ret_value = sqlite3_column_int(statement, 0);
    }
    return sqlite3_finalize(statement) == SQLITE_OK && ok;
}

bool schema_inspect(sqlite3 *db, const char *path, int newest, enum schema_state *ret_state,
    struct fault *fault)
{
    int application, version, tables;
    if (!read_integer(db, "PRAGMA application_id", &application) ||
        !read_integer(db, "PRAGMA user_version", &version) ||
        !read_integer(db, "SELECT count(*) FROM sqlite_schema", &tables)) {
        return database_fault(db, path, "open", fault);
    }
    if (application == 0 && version == 0 && tables == 0) {
        *ret_state = SCHEMA_EMPTY;
        return true;
    }
    if (application != SCHEMA_APPLICATION_ID) {
        return fault_set(fault, FAULT_STORE,
            "the file '%s' is a database of another program, not of briefd: name another file",
            path);
    }
    if (version > newest) {
        return fault_set(fault, FAULT_STORE,
            "the database '%s' has schema %d, this briefd knows %d: use the newer program",
            path, version, newest);
    }
    *ret_state = version == newest ? SCHEMA_CURRENT : SCHEMA_OLDER;
    return true;
}

bool schema_version(sqlite3 *db, const char *path, int *ret_version, struct fault *fault)
{
    return read_integer(db, "PRAGMA user_version", ret_version) ||
        database_fault(db, path, "open", fault);
}

static bool run(sqlite3 *db, const char *sql)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool stamp(sqlite3 *db, int version)
{
    char sql[96];
    snprintf(sql, sizeof(sql), "PRAGMA application_id = %d; PRAGMA user_version = %d",
        SCHEMA_APPLICATION_ID, version);
    return run(db, sql);
}

/* A row of foreign_key_check is a reference that leads nowhere. */
static bool references_hold(
    sqlite3 *db, const struct migration *migration, const char *path, struct fault *fault)
{
    sqlite3_stmt *check = NULL;
    int step = sqlite3_prepare_v2(db, "PRAGMA foreign_key_check", -1, &check, NULL);
    step = step == SQLITE_OK ? sqlite3_step(check) : step;
    bool ok = step == SQLITE_DONE;
    if (step == SQLITE_ROW) {
        fault_set(fault, FAULT_STORE,
            "the database '%s' cannot be brought to schema %d (%s): table '%s' has a row that "
            "refers to nothing",
            path, migration->number, migration->name, sqlite3_column_text(check, 0));
    } else if (!ok) {
        database_fault(db, path, "check", fault);
    }
    sqlite3_finalize(check);
    return ok;
}

static bool apply(
    sqlite3 *db, const char *path, const struct migration *migration, struct fault *fault)
{
    if (!run(db, "BEGIN IMMEDIATE")) {
        return database_fault(db, path, "upgrade", fault);
    }
    bool ok = run(db, migration->sql) && stamp(db, migration->number);
    if (!ok) {
        database_fault(db, path, "upgrade", fault);
        fault_prefix(fault, "schema %d (%s): ", migration->number, migration->name);
    }
    ok = ok && references_hold(db, migration, path, fault);
    if (ok && !run(db, "COMMIT")) {
        ok = database_fault(db, path, "upgrade", fault);
    }
    if (!ok && sqlite3_get_autocommit(db) == 0) {
        run(db, "ROLLBACK");
    }
    return ok;
}

bool schema_upgrade(sqlite3 *db, const char *path, const struct migration *migrations,
    size_t count, struct fault *fault)
{
    int version;
    if (!schema_version(db, path, &version, fault)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (migrations[i].number > version && !apply(db, path, &migrations[i], fault)) {
            return false;
        }
    }
    return true;
}
