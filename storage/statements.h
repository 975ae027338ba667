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
 * ever. A connection with all that it prepared is one thread's at a time.
 */
#ifndef STORAGE_STATEMENTS_H
#define STORAGE_STATEMENTS_H

#include <sqlite3.h>

#include "storage/store.h"

struct grouping;

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
    STATEMENT_FIND_FEED_URL,
    STATEMENT_LIST_SIGHTINGS_SINCE,
    STATEMENT_COUNT_PICKED,
    STATEMENT_LIST_PLACINGS,
    STATEMENT_COUNT_HITS,
    STATEMENT_FIND_STORY_TITLE,
    STATEMENT_FIND_ITEM_TITLE,
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
    STATEMENT_LIST_LIVE_STORIES,
    STATEMENT_LIST_JUDGED_OF,
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
    STATEMENT_LIST_HITS_BY_DATE,
    STATEMENT_DESCRIBE_HIT,
    STATEMENT_LIST_HORIZONS,
    STATEMENT_LIST_OLD_STORIES,
    STATEMENT_MAY_STORY_GO,
    STATEMENT_TAKE_FROM_TALLY,
    STATEMENT_REMOVE_CONTENTS,
    STATEMENT_REMOVE_ALIASES,
    STATEMENT_REMOVE_SIGHTINGS,
    STATEMENT_REMOVE_ITEMS,
    STATEMENT_DESK, /* desk_statements.c has the SQL of these */
    STATEMENT_FIND_NEWEST_DATE = STATEMENT_DESK,
    STATEMENT_LIST_LIVE_ITEMS,
    STATEMENT_LIST_MEMBERS,
    STATEMENT_READ_MEMBER,
    STATEMENT_READ_LEADER,
    STATEMENT_COUNT_MEMBER,
    STATEMENT_RAISE_STORY,
    STATEMENT_LEAD_STORY,
    STATEMENT_LIST_ITEM_IDS,
    STATEMENT_FIND_STORY_OF,
    STATEMENT_FIND_LEAD,
    STATEMENT_FIND_LEAD_BY_HAND,
    STATEMENT_BEGIN_STORY,
    STATEMENT_DERIVE_STORY,
    STATEMENT_READ_STAND,
    STATEMENT_READ_HAND,
    STATEMENT_WRITE_HAND,
    STATEMENT_MOVE_ITEM,
    STATEMENT_READ_CANDIDATE,
    STATEMENT_READ_FOR_JUDGE,
    STATEMENT_VERSION_STORY,
    STATEMENT_VERSION_ITEM,
    STATEMENT_VERSION_PICK,
    STATEMENT_VERSION_DRAFT,
    STATEMENT_READ_STORY,
    STATEMENT_READ_ITEM,
    STATEMENT_READ_PICK,
    STATEMENT_READ_DRAFT,
    STATEMENT_PUT_STORY,
    STATEMENT_PUT_ITEM,
    STATEMENT_PUT_PICK,
    STATEMENT_PUT_DRAFT,
    STATEMENT_STAMP_STORY,
    STATEMENT_STAMP_ITEM,
    STATEMENT_STAMP_PICK,
    STATEMENT_STAMP_DRAFT,
    STATEMENT_REMOVE_STORY,
    STATEMENT_REMOVE_PICK,
    STATEMENT_REMOVE_DRAFT,
    STATEMENT_TAKE_ID,
    STATEMENT_LIST_STORIES_BY_RANK,
    STATEMENT_LIST_BEST_STORIES,
    STATEMENT_LIST_STORIES_BY_DATE,
    STATEMENT_LIST_FOUND_BY_RANK,
    STATEMENT_LIST_FOUND_BY_DATE,
    STATEMENT_LIST_ITEM_IDS_OF,
    STATEMENT_READ_ONE_STORY,
    STATEMENT_LIST_ITEMS_OF,
    STATEMENT_LIST_SIGHTINGS,
    STATEMENT_COUNT_STORIES,
    STATEMENT_COUNT_FOUND,
    STATEMENT_READ_STORY_COUNTS,
    STATEMENT_LIST_BUNDLED,
    STATEMENT_LIST_PRINTED,
    STATEMENT_READ_PRINTED_TAG,
    STATEMENT_RECALL,
    STATEMENT_FIND_REQUEST,
    STATEMENT_ADD_REQUEST,
    STATEMENT_FORGET_REQUESTS,
    STATEMENT_NEXT_EVENT,
    STATEMENT_ADD_EVENT,
    STATEMENT_ADD_CHANGE,
    STATEMENT_MARK_UNDONE,
    STATEMENT_FIND_EVENT,
    STATEMENT_IS_FINAL,
    STATEMENT_LIST_CHANGES,
    STATEMENT_LIST_EVENTS,
    STATEMENT_LIST_EVENTS_FORWARD,
    STATEMENT_FIND_UNDO,
    STATEMENT_FIND_REDO,
    STATEMENT_FIND_LAST_CHANGE,
    STATEMENT_ADD_LESSON,
    STATEMENT_LIST_LESSONS,
    STATEMENT_LIST_NEWEST_CHANGES,
    STATEMENT_LIST_LOGGED_STORIES,
    STATEMENT_FORGET_STORIES,
    STATEMENT_FORGET_PICKS,
    STATEMENT_LIST_PICKS,
    STATEMENT_FIND_PICK,
    STATEMENT_WRITE_PICK,
    STATEMENT_IS_PICK_OPEN,
    STATEMENT_IS_DRAFT_OPEN,
    STATEMENT_FIND_NEXT_DRAFT,
    STATEMENT_FIND_STORY_PICK,
    STATEMENT_FIND_REMOVED_PICK,
    STATEMENT_FIND_DRAFT,
    STATEMENT_LIST_DRAFTS,
    STATEMENT_WRITE_DRAFT,
    STATEMENT_IS_JSON,
    STATEMENT_LIST_MEMBERS_OF_JSON,
    STATEMENT_FIND_PUBLICATION,
    STATEMENT_ADD_PUBLICATION,
    STATEMENT_REMOVE_PUBLICATION,
    STATEMENT_NEXT_DRAFT_ID,
    STATEMENT_FIND_CORRECTION,
    STATEMENT_CLOSE_DRAFT,
    STATEMENT_FIND_DRAFT_BEFORE,
    STATEMENT_LIST_REMARKED_OF,
    STATEMENT_LIST_ISSUE_VERSIONS,
    STATEMENT_COUNT_PICKS,
    STATEMENT_ACCOUNT, /* account_statements.c has the SQL of these */
    STATEMENT_FIND_ACCOUNT = STATEMENT_ACCOUNT,
    STATEMENT_LIST_ACCOUNTS,
    STATEMENT_COUNT_ACCOUNTS,
    STATEMENT_COUNT_OTHER_ADMINS,
    STATEMENT_ADD_ACCOUNT,
    STATEMENT_SET_PASSWORD,
    STATEMENT_REHASH_PASSWORD,
    STATEMENT_SET_ROLE,
    STATEMENT_REMOVE_ACCOUNT,
    STATEMENT_ADD_SESSION,
    STATEMENT_LIST_SESSIONS,
    STATEMENT_END_SESSION,
    STATEMENT_END_SESSIONS,
    STATEMENT_END_EXPIRED,
    STATEMENT_TRIM_SESSIONS,
    STATEMENT_TOUCH_SESSION,
    STATEMENT_ADD_TOKEN,
    STATEMENT_LIST_TOKENS,
    STATEMENT_COUNT_TOKENS,
    STATEMENT_REMOVE_TOKEN,
    STATEMENT_REMOVE_TOKENS,
    STATEMENT_REMOVE_EXPIRED_TOKENS,
    STATEMENT_TOUCH_TOKEN,
    STATEMENT_READ_GENERATION,
    STATEMENT_COUNT,
};

struct statement {
    struct store *store;
    const char *purpose; /* "read the feeds": what a fault says could not be done */
    sqlite3_stmt *handle;
    int next_parameter;
    int next_column;
};

struct store {
    sqlite3 *db;
    struct printed_titles *printed_titles; /* storage/printed.c; NULL: none were printed */
    bool printed_titles_loaded;
    struct printed_likes *printed_likes; /* storage/similar.c; NULL: not asked for yet */
    char *path;
    int lock;                  /* descriptor of the writer's lock file; -1 on a reader */
    struct grouping *grouping; /* the writer's, once an item asked for its story */
    struct statement statements[STATEMENT_COUNT];
};

/* Nobody works with the file, and nobody was killed while he did: there is no log beside it. */
bool store_is_at_rest(const char *path);

/* A connection that leaves even the log of a killed writer where it is, and has the vocabulary
 * of the search index as temp.search_instance: for storage/verify.h. Of a file `at_rest`
 * nothing but the file is opened, so that it may lie on a disk that cannot be written; should
 * somebody begin to write it meanwhile, what is read is worth nothing. Faults as
 * store_open_reader(). */
must_check bool store_open_untouched(
    const char *path, bool at_rest, struct store **ret_store, struct fault *fault);

/* The statement, ready for binding; NULL with a fault. Borrowed from the store. */
must_check struct statement *statement_get(
    struct store *store, enum statement_id id, struct fault *fault);

/* A statement of the caller's own, whose SQL is not in the table; `purpose` ("read") is for
 * faults and lives as long. To be ended by statement_finalize(), also when this fails. */
must_check bool statement_prepare(struct store *store, const char *sql, const char *purpose,
    struct statement *ret_statement, struct fault *fault);
void statement_finalize(struct statement *statement);

/* End its use: forget row and bindings. NULL is harmless. */
void statement_done(struct statement *statement);
void statement_donep(struct statement **statement);

/* Step to the next row; *ret_row is false at the end. */
must_check bool statement_next(struct statement *statement, bool *ret_row, struct fault *fault);

/* Step to the one row of a thing that must be there: FAULT_MISSING "there is no pick 7". */
must_check bool statement_expect(
    struct statement *statement, const char *what, int64_t id, struct fault *fault);

/* Fill one item, which is zeroed, from the columns of a row. */
typedef void statement_read_fn(struct statement *row, struct arena *arena, void *item);

/* All rows of `list` as an array in the arena; NULL with a fault, and never without. *ret_count
 * is touched only when all of them could be read. */
must_check void *statement_rows(struct statement *list, struct arena *arena, size_t item_bytes,
    statement_read_fn *read, size_t *ret_count, struct fault *fault);

/* Run a statement that gives no rows. */
must_check bool statement_run(struct statement *statement, struct fault *fault);

/* The integer a statement of one integer parameter gives; 0 for no row or NULL. */
must_check bool statement_find_int(struct store *store, enum statement_id id, int64_t parameter,
    int64_t *ret_value, struct fault *fault);

/* Run a statement of integer parameters that gives no rows. */
must_check bool statement_run_ints(struct store *store, enum statement_id id,
    const int64_t *parameters, size_t count, struct fault *fault);

/* The same for texts. */
must_check bool statement_run_texts(struct store *store, enum statement_id id,
    const char *const *parameters, size_t count, struct fault *fault);

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
void bind_id(struct statement *statement, int64_t id); /* NULL for 0 */
/* For a function that takes a pointer of this type; the type lives for ever. */
void bind_pointer(struct statement *statement, void *pointer, const char *type);
void bind_blob(struct statement *statement, const void *data, size_t length);

/* Read the next column of the row. Texts are copied into the arena; NULL stays NULL, or
 * CLOCK_NONE for a time. */
const char *column_text(struct statement *statement, struct arena *arena);
int64_t column_int(struct statement *statement);
uint64_t column_hash(struct statement *statement);
double column_real(struct statement *statement);
int64_t column_time(struct statement *statement);
const void *column_blob(struct statement *statement, struct arena *arena, size_t *ret_length);

/* The next column's text line by line, empty ones too; 0 lines for NULL. */
const char **column_lines(struct statement *statement, struct arena *arena, size_t *ret_count);

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
