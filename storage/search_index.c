/* Filling the search index, behind the items.
 *
 * The index is an FTS5 table without content (the items have it), without positions and without
 * sizes: a list of item ids for each token is all it keeps. That is a third of an index with
 * positions, and what positions would answer, "do these stand side by side", is asked of the
 * texts of the few items that are shown (storage/search_match.h).
 *
 * Two things tell what is still to be done, and both are written by the transactions that make
 * the work: ids above search_state.indexed_id are new; search_stale has the words of items that
 * changed or went after they were indexed, kept by triggers, because FTS5 needs them to take a
 * row out. So a kill between an item's commit and its indexing loses nothing.
 *
 * A batch ends by the clock, not by a count, since items differ a hundredfold in length. */
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "storage/search_index.h"

enum {
    INDEXED_TEXT_MAX_BYTES = 1 << 20, /* of one item; what stands behind it is not found */
    ITEMS_A_LOOK_AT_THE_CLOCK = 8,
};

static const char drop_index[] =
    "DROP TABLE IF EXISTS search_word; DROP TABLE IF EXISTS search";
/* Tokens are collected in memory up to 1 MiB, FTS5's own 'hashsize', before they are sorted and
 * written. A list of its takes three times what it counts: with 4 MiB a first filling took 12
 * MB and no less time. */
static const char create_index[] =
    "CREATE VIRTUAL TABLE search USING fts5(text, content = '', columnsize = 0,"
    " detail = none, tokenize = '" SEARCH_TOKENIZER_NAME "');"
    "CREATE VIRTUAL TABLE search_word USING fts5vocab(search, row)";

bool search_read_state(struct store *store, struct search_state *ret_state, struct fault *fault)
{
    cleanup(statement_donep) struct statement *read = statement_get(
        store, STATEMENT_READ_SEARCH_STATE, fault);
    bool row;
    if (read == NULL || !statement_next(read, &row, fault)) {
        return false;
    }
    *ret_state = (struct search_state){0};
    if (row) {
        ret_state->version = column_int(read);
        ret_state->indexed_id = column_int(read);
        ret_state->last_item_id = column_int(read);
    }
    return true;
}

static bool write_state(
    struct store *store, const struct search_state *state, struct fault *fault)
{
    cleanup(statement_donep) struct statement *write = statement_get(
        store, STATEMENT_WRITE_SEARCH_STATE, fault);
    if (write == NULL) {
        return false;
    }
    bind_int(write, state->version);
    bind_int(write, state->indexed_id);
    return statement_run(write, fault);
}

/* ---- the table ---- */

static bool execute(struct store *store, const char *sql, struct fault *fault)
{
    return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
        database_fault(store->db, store->path, "make the search index in", fault);
}

/* An index by another tokenizer cannot even be taken apart by this one. */
static bool make_index(
    struct store *store, struct search_state *state, int64_t version, struct fault *fault)
{
    state->version = version;
    state->indexed_id = 0;
    return execute(store, drop_index, fault) && execute(store, create_index, fault) &&
        statement_run_id(store, STATEMENT_FORGET_STALE_TEXTS, fault) &&
        write_state(store, state, fault);
}

/* ---- its rows ---- */

static bool write_row(struct store *store, enum statement_id id, int64_t item_id,
    const char *text, struct fault *fault)
{
    cleanup(statement_donep) struct statement *write = statement_get(store, id, fault);
    if (write == NULL) {
        return false;
    }
    bind_int(write, item_id);
    bind_text(write, text);
    return statement_run(write, fault);
}

static bool forget_stale_text(struct store *store, int64_t item_id, struct fault *fault)
{
    cleanup(statement_donep) struct statement *forget = statement_get(
        store, STATEMENT_FORGET_STALE_TEXT, fault);
    if (forget == NULL) {
        return false;
    }
    bind_int(forget, item_id);
    return statement_run(forget, fault);
}

/* One item that changed or went; *ret_found is false when there is none. */
static bool renew_row(
    struct store *store, struct buffer *text, bool *ret_found, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_FIND_STALE_TEXT, fault);
    if (find == NULL || !statement_next(find, ret_found, fault)) {
        return false;
    }
    if (!*ret_found) {
        return true;
    }
    int64_t id = column_int(find);
    bool alive = column_int(find) != 0;
    const char *old_title = column_peek(find), *old_summary = column_peek(find);
    search_document_write(old_title, old_summary, text);
    if (!write_row(store, STATEMENT_UNINDEX_TEXT, id, text->data, fault)) {
        return false;
    }
    if (alive) {
        const char *title = column_peek(find), *summary = column_peek(find);
        search_document_write(title, summary, text);
        if (!write_row(store, STATEMENT_INDEX_TEXT, id, text->data, fault)) {
            return false;
        }
    }
    return forget_stale_text(store, id, fault);
}

static bool renew_rows(struct store *store, struct buffer *text, int64_t end_ms, bool *ret_more,
    struct fault *fault)
{
    do {
        if (!renew_row(store, text, ret_more, fault)) {
            return false;
        }
    } while (*ret_more && clock_monotonic_ms() < end_ms);
    return true;
}

static bool add_rows(struct store *store, struct buffer *text, int64_t end_ms,
    struct search_state *state, bool *ret_more, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_UNINDEXED, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, state->indexed_id);
    size_t count = 0;
    while (statement_next(list, ret_more, fault)) {
        if (!*ret_more ||
            (count % ITEMS_A_LOOK_AT_THE_CLOCK == ITEMS_A_LOOK_AT_THE_CLOCK - 1 &&
                clock_monotonic_ms() >= end_ms)) {
            return true;
        }
        int64_t id = column_int(list);
        const char *title = column_peek(list), *summary = column_peek(list);
        search_document_write(title, summary, text);
        if (!write_row(store, STATEMENT_INDEX_TEXT, id, text->data, fault)) {
            return false;
        }
        state->indexed_id = id;
        count++;
    }
    return false;
}

/* ---- a batch ---- */

static bool write_batch(
    struct store *store, int64_t end_ms, bool *ret_more, struct fault *fault)
{
    struct search_state state;
    if (!search_read_state(store, &state, fault)) {
        return false;
    }
    int64_t version = search_tokenizer_version();
    if (state.version != version && !make_index(store, &state, version, fault)) {
        return false;
    }
    int64_t before = state.indexed_id;
    cleanup(buffer_release) struct buffer text;
    buffer_init(&text, INDEXED_TEXT_MAX_BYTES);
    return renew_rows(store, &text, end_ms, ret_more, fault) &&
        (*ret_more || add_rows(store, &text, end_ms, &state, ret_more, fault)) &&
        (state.indexed_id == before || write_state(store, &state, fault));
}

bool store_index_items(
    struct store *store, int64_t budget_ms, bool *ret_more, struct fault *fault)
{
    int64_t end_ms = clock_monotonic_ms() + budget_ms;
    if (!transaction_begin(store, fault)) {
        return false;
    }
    bool more = false;
    if (!write_batch(store, end_ms, &more, fault) || !transaction_commit(store, fault)) {
        transaction_rollback(store);
        return false;
    }
    *ret_more = more;
    return true;
}
