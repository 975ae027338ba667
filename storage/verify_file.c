/* The file itself: pages, references, and the tables it should have. The schema is compared
 * with one that the migrations make in memory, so there is no second list of tables to keep. */
#include <string.h>

#include "storage/schema.h"
#include "storage/verify_parts.h"

/* "ok", or a row for each damage. */
static bool look_at_damage(
    struct verifier *verifier, struct statement *row, struct arena *arena, struct fault *fault)
{
    const char *words = column_peek(row);
    if (words != NULL && strcmp(words, "ok") != 0) {
        verify_report(verifier, NULL, "", words);
    }
    return true;
}

static bool make_schema(sqlite3 **ret_db, struct fault *fault)
{
    int opened = sqlite3_open_v2(":memory:", ret_db,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    return opened == SQLITE_OK
        ? schema_upgrade(*ret_db, ":memory:", schema_migrations, schema_migration_count, fault)
        : database_fault(*ret_db, ":memory:", "open", fault);
}

/* Ask one name of the file's schema; NULL when it does not have it. */
static bool find_sql(struct statement *find, const char *name, const char **ret_sql,
    struct arena *arena, struct fault *fault)
{
    bool row;
    bind_text(find, name);
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    *ret_sql = row ? column_text(find, arena) : NULL;
    sqlite3_reset(find->handle);
    find->next_parameter = 1;
    return true;
}

static bool compare_schema(
    struct verifier *verifier, sqlite3 *wanted, struct statement *find, struct fault *fault)
{
    struct statement list = {.store = verifier->store, .purpose = "verify"};
    bool row = true, ok = true;
    if (sqlite3_prepare_v2(wanted,
            "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name", -1,
            &list.handle, NULL) != SQLITE_OK) {
        return database_fault(wanted, ":memory:", "read", fault);
    }
    while (ok && (ok = statement_next(&list, &row, fault)) && row) {
        struct arena arena = {0};
        const char *name = column_text(&list, &arena), *sql = column_text(&list, &arena);
        const char *found;
        ok = find_sql(find, name, &found, &arena, fault);
        if (ok && found == NULL) {
            verify_report(verifier, NULL, name, "it is missing");
        } else if (ok && strcmp(found, sql) != 0) {
            verify_report(verifier, NULL, name, "it is another than the schema's");
        }
        arena_release(&arena);
    }
    sqlite3_finalize(list.handle);
    return ok;
}

static bool find_changed_tables(
    struct verifier *verifier, struct statement *row, struct arena *arena, struct fault *fault)
{
    sqlite3 *wanted = NULL;
    struct statement find = {0};
    bool ok = make_schema(&wanted, fault) &&
        verify_begin(verifier, "SELECT sql FROM sqlite_schema WHERE name = ?", &find, fault) &&
        compare_schema(verifier, wanted, &find, fault);
    statement_finalize(&find);
    sqlite3_close(wanted);
    return ok;
}

/* The table is another for each row. */
static bool report_dangling(
    struct verifier *verifier, struct statement *row, struct arena *arena, struct fault *fault)
{
    const char *table = column_text(row, arena), *id = column_text(row, arena);
    verify_report(verifier, table, id, column_text(row, arena));
    return true;
}

const struct verify_check verify_file_checks[] = {
    {"pages", "file", "every page and every index is whole", NULL,
        "PRAGMA integrity_check(100)", look_at_damage},
    {"schema", "schema", "tables, indexes and triggers are those of the schema", NULL, NULL,
        find_changed_tables},
    {"references", "", "what a row refers to is there", "what it refers to is not there",
        "SELECT \"table\", coalesce(rowid, ''), parent FROM pragma_foreign_key_check",
        report_dangling},
    {0},
};
