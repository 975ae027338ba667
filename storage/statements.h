/* Private to storage/: the connection, its prepared statements, and SQLite's errors as
 * sentences.
 *
 * A statement is named by an enum, its SQL and its purpose stand in one table (statements.c),
 * and each connection prepares it once, at first use. Parameters are bound and columns read in
 * the order of the SQL text: a call binds or reads the next one, so that a column added to a
 * statement is added at one place in the code, and cannot shift the numbers of the others.
 *
 *     cleanup(statement_donep) struct statement *find = statement_get(store, X, fault);
 *     if (find == NULL) { return false; }
 *     bind_int(find, id);
 *     bool row;
 *     if (!statement_next(find, &row, fault)) { return false; }
 *
 * statement_donep() matters: a SELECT left in the middle keeps its snapshot of the WAL for
 * ever.
 */
#ifndef STORAGE_STATEMENTS_H
#define STORAGE_STATEMENTS_H

#include <sqlite3.h>

#include "storage/store.h"

enum statement_id {
    STATEMENT_BEGIN,
    STATEMENT_BEGIN_READ,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_FIND_FEED,
    STATEMENT_ADD_FEED,
    STATEMENT_RENAME_FEED,
    STATEMENT_LIST_GONE,
    STATEMENT_REVIVE_FEED,
    STATEMENT_LIST_FEEDS,
    STATEMENT_UPDATE_FEED,
    STATEMENT_PUT_DESK_FEED,
    STATEMENT_FIND_DESK_FEED,
    STATEMENT_CLEAR_DESK_SETTINGS,
    STATEMENT_ADD_DESK_SETTING,
    STATEMENT_REMOVE_DESK_FEED,
    STATEMENT_LIST_DESK_FEEDS,
    STATEMENT_LIST_DESK_SETTINGS,
    STATEMENT_FIND_SIGHTING,
    STATEMENT_ADD_SIGHTING,
    STATEMENT_UPDATE_SIGHTING,
    STATEMENT_FIND_ITEMS_BY_KEY,
    STATEMENT_FIND_ITEM,
    STATEMENT_ADD_ITEM,
    STATEMENT_EDIT_ITEM,
    STATEMENT_PUT_CONTENT,
    STATEMENT_REMOVE_CONTENT,
    STATEMENT_FIND_RULESET,
    STATEMENT_ADD_RULESET,
    STATEMENT_READ_TALLY,
    STATEMENT_UPDATE_TALLY,
    STATEMENT_READ_TOTALS,
    STATEMENT_LIST_CANDIDATES,
    STATEMENT_LIST_ALSO,
    STATEMENT_LIST_ISSUES,
    STATEMENT_FIND_ISSUE,
    STATEMENT_PUT_ISSUE,
    STATEMENT_PUT_ISSUE_LINK,
    STATEMENT_KEEP_ISSUE_VERSION,
    STATEMENT_CLEAR_UNREAD,
    STATEMENT_ADD_UNREAD,
    STATEMENT_LIST_UNREAD,
    STATEMENT_REMOVE_PRINTED_ITEMS,
    STATEMENT_ADD_PRINTED_ITEM,
    STATEMENT_FIND_PRINTED_KEY,
    STATEMENT_LIST_PRINTED_TITLES,
    STATEMENT_LIST_REMARKED,
    STATEMENT_MARK_PRINTED,
    STATEMENT_PUT_HAND_SIGHTING,
    STATEMENT_DESCRIBE_ITEM,
    STATEMENT_FIND_STALE_RULESET,
    STATEMENT_LIST_STALE_ITEMS,
    STATEMENT_UPDATE_VERDICT,
    STATEMENT_LIST_ITEMS_BELOW,
    STATEMENT_PUT_DESK_RULE,
    STATEMENT_REMOVE_DESK_RULE,
    STATEMENT_LIST_DESK_RULES,
    STATEMENT_FIND_ITEM_BY_ALIAS,
    STATEMENT_PUT_ALIAS,
    STATEMENT_READ_SEARCH_STATE,
    STATEMENT_WRITE_SEARCH_STATE,
    STATEMENT_FIND_STALE_TEXT,
    STATEMENT_FORGET_STALE_TEXT,
    STATEMENT_FORGET_STALE_TEXTS,
    STATEMENT_LIST_UNINDEXED,
    STATEMENT_INDEX_TEXT,
    STATEMENT_UNINDEX_TEXT,
    STATEMENT_SEARCH,
    STATEMENT_SEARCH_ID,
    STATEMENT_LIST_SEARCH_WORDS,
    STATEMENT_FIND_HIT,
    STATEMENT_LIST_BY_DATE,
    STATEMENT_DESCRIBE_HIT,
    STATEMENT_COUNT,
};

struct statement {
    struct store *store;
    const char *purpose; /* "read the feeds": what a fault says could not be done */
    sqlite3_stmt *handle;
    int next_parameter;
    int next_column;
};

struct search_tokenizer;

struct store {
    sqlite3 *db;
    struct search_tokenizer *tokenizer;    /* the connection's */
    struct printed_titles *printed_titles; /* storage/printed.c; NULL: none were printed */
    bool printed_titles_loaded;
    char *path;
    int lock; /* descriptor of the writer's lock file; -1 on a reader */
    struct statement statements[STATEMENT_COUNT];
};

/* The statement, ready for binding; NULL with a fault. Borrowed from the store. */
must_check struct statement *statement_get(
    struct store *store, enum statement_id id, struct fault *fault);

/* End its use: forget row and bindings. NULL is harmless. */
void statement_done(struct statement *statement);
void statement_donep(struct statement **statement);

/* Step to the next row; *ret_row is false at the end. */
must_check bool statement_next(struct statement *statement, bool *ret_row, struct fault *fault);

/* Run a statement that gives no rows. */
must_check bool statement_run(struct statement *statement, struct fault *fault);

/* Run a statement without parameters and rows. */
must_check bool statement_run_id(
    struct store *store, enum statement_id id, struct fault *fault);

/* Bind the next parameter. Texts are not copied: they must live until statement_done(). NULL
 * text and CLOCK_NONE become NULL. */
void bind_text(struct statement *statement, const char *text);
void bind_int(struct statement *statement, int64_t value);
void bind_hash(struct statement *statement, uint64_t value);
void bind_real(struct statement *statement, double value);
void bind_time(struct statement *statement, int64_t utc_s);
void bind_null(struct statement *statement);

/* Read the next column of the row. Texts are copied into the arena; NULL stays NULL, or
 * CLOCK_NONE for a time. */
const char *column_text(struct statement *statement, struct arena *arena);
int64_t column_int(struct statement *statement);
uint64_t column_hash(struct statement *statement);
double column_real(struct statement *statement);
int64_t column_time(struct statement *statement);

/* The next column's text, borrowed until the next step; NULL for NULL. */
const char *column_peek(struct statement *statement);

/* A write transaction: all or nothing. It takes the write lock at once, so that it cannot fail
 * half way for another writer. */
must_check bool transaction_begin(struct store *store, struct fault *fault);
must_check bool transaction_commit(struct store *store, struct fault *fault);
/* Undo what was begun, if anything is left to undo (SQLite undoes by itself on some errors). */
void transaction_rollback(struct store *store);

/* The same for an editor's write: what it acknowledges has reached the disk. The end commits
 * when `ok`, else undoes; false with `fault` when it was not committed. */
must_check bool transaction_begin_edit(struct store *store, struct fault *fault);
must_check bool transaction_end_edit(struct store *store, bool ok, struct fault *fault);

/* Several reads that see the same moment, until transaction_end_read(). */
must_check bool transaction_begin_read(struct store *store, struct fault *fault);
void transaction_end_read(struct store *store);

/* The last error of `db` as a sentence: what could not be done with which file, why, and what
 * to do about it. Returns false. */
bool database_fault(sqlite3 *db, const char *path, const char *action, struct fault *fault);

#endif
