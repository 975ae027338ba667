/* Where a transaction begins and ends, and how far its end is on disk. */
#include <assert.h>

#include "base/log.h"
#include "storage/statements.h"

/* What undoing needs is made before there is anything to undo: without memory for it the
 * transaction would stay open, and every later one would fail. */
static bool begin(struct store *store, enum statement_id id, struct fault *fault)
{
    return statement_get(store, STATEMENT_ROLLBACK, fault) != NULL &&
        statement_run_id(store, id, fault);
}

bool transaction_begin(struct store *store, struct fault *fault)
{
    return begin(store, STATEMENT_BEGIN, fault);
}

bool transaction_commit(struct store *store, struct fault *fault)
{
    return statement_run_id(store, STATEMENT_COMMIT, fault);
}

void transaction_rollback(struct store *store)
{
    if (sqlite3_get_autocommit(store->db) == 0 &&
        !statement_run_id(store, STATEMENT_ROLLBACK, NULL)) {
        /* A rollback that fails leaves no transaction either: the file still has the old pages
         * and SQLite has dropped the new ones. */
        assert(sqlite3_get_autocommit(store->db) != 0);
    }
}

bool transaction_begin_read(struct store *store, struct fault *fault)
{
    return begin(store, STATEMENT_BEGIN_READ, fault);
}

void transaction_end_read(struct store *store)
{
    transaction_rollback(store);
}

/* The pragma belongs to the connection and has no effect inside a transaction; hence the two
 * calls around one. Afterwards polls are again as quick as before. */
static bool set_synchronous(struct store *store, const char *pragma, struct fault *fault)
{
    return sqlite3_exec(store->db, pragma, NULL, NULL, NULL) == SQLITE_OK ||
        database_fault(store->db, store->path, "write to", fault);
}

bool transaction_begin_edit(struct store *store, struct fault *fault)
{
    return set_synchronous(store, "PRAGMA synchronous = FULL", fault) &&
        transaction_begin(store, fault);
}

/* Committed is committed: an editor who was told that her action failed would do it twice. When
 * the pragma cannot be taken back, polls are as slow as edits until the next edit's end. */
bool transaction_end_edit(struct store *store, bool ok, struct fault *fault)
{
    if (!ok || !transaction_commit(store, fault)) {
        transaction_rollback(store);
        ok = false;
    }
    if (!set_synchronous(store, "PRAGMA synchronous = NORMAL", NULL)) {
        log_warning(
            "the database '%s' cannot be set to quicker commits, continuing with slow ones",
            store->path);
    }
    return ok;
}
