/* Where a transaction begins and ends, and how far its end is on disk. */
#include <assert.h>

#include "storage/statements.h"

bool transaction_begin(struct store *store, struct fault *fault)
{
    return statement_run_id(store, STATEMENT_BEGIN, fault);
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
    return statement_run_id(store, STATEMENT_BEGIN_READ, fault);
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

bool transaction_end_edit(struct store *store, bool ok, struct fault *fault)
{
    if (!ok || !transaction_commit(store, fault)) {
        transaction_rollback(store);
        ok = false;
    }
    bool restored = set_synchronous(store, "PRAGMA synchronous = NORMAL", ok ? fault : NULL);
    return ok && restored;
}
