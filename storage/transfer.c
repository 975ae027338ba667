/* Tables and columns are asked of the schema, so that nobody can forget to export a new one;
 * what is left out is named here, with its reason.
 *
 * Rows come in inside one transaction with triggers off (they keep counters that come along as
 * rows) and references looked at in the end (they may point forward). The checks of
 * storage/verify.h then run in the same transaction: a file that was changed by hand is refused
 * before anybody sees it.
 *
 * Rejected: a statement list like the one of sqlite3's .dump. It would run whatever a file
 * says, and nobody but SQLite could read it. */
#include "storage/transfer.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "base/shown_url.h"
#include "storage/schema.h"
#include "storage/verify_parts.h"

enum { SQL_MAX_BYTES = 16 << 10 };

/* Derived: made again from the rest. Secret: with_secrets asks for it. */
static const struct {
    const char *table;
    bool secret;
} left_out[] = {
    {"search_state", false}, {"search_stale", false}, {"access_state", false},
    {"account", true}, {"session", true}, {"token", true},
    {"sqlite_sequence", true}, /* of these three */
};

/* Addresses that may have a password in them. */
static const struct {
    const char *table, *column;
} addresses[] = {
    {"feed", "url"},
    {"feed", "moved_to"},
    {"desk_feed", "url"},
    {"hand_sighting", "url"},
};

/* Columns that lie in the file other than they are told. A summary may come behind its HTML, so
 * what comes in is packed without, and once more when all is there. */
static const struct {
    const char *table, *column;
    const char *out, *in, *settle;
} packed[] = {
    {"content", "html",
        "html_unpack(html, (SELECT summary FROM item WHERE id = item_id)) AS html",
        "html_pack(?, NULL)",
        "UPDATE content SET html = html_pack(html_unpack(html, NULL), summary)"
        " FROM item WHERE id = item_id"},
};

int transfer_schema(void)
{
    return schema_migrations[schema_migration_count - 1].number;
}

static bool is_left_out(const char *table, bool with_secrets)
{
    for (size_t i = 0; i < array_count(left_out); i++) {
        if (strcmp(left_out[i].table, table) == 0) {
            return !left_out[i].secret || !with_secrets;
        }
    }
    /* search and the tables that FTS5 keeps behind it; other virtual ones there are not. */
    return strncmp(table, "search", strlen("search")) == 0 ||
        (strncmp(table, "sqlite_", strlen("sqlite_")) == 0);
}

static bool may_have_password(const char *table, const char *column)
{
    for (size_t i = 0; i < array_count(addresses); i++) {
        if (strcmp(addresses[i].table, table) == 0 &&
            strcmp(addresses[i].column, column) == 0) {
            return true;
        }
    }
    return false;
}

/* Its place in packed[], or -1. */
static int find_packed(const char *table, const char *column)
{
    for (size_t i = 0; i < array_count(packed); i++) {
        if (strcmp(packed[i].table, table) == 0 && strcmp(packed[i].column, column) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* ---- tables and columns ---- */

struct names {
    const char *texts[TRANSFER_COLUMNS_MAX];
    size_t count;
};

static bool list_names(struct store *store, struct arena *arena, const char *sql,
    const char *parameter, struct names *ret_names, struct fault *fault)
{
    struct statement list;
    bool row = true;
    *ret_names = (struct names){0};
    bool ok = statement_prepare(store, sql, "read", &list, fault);
    if (ok && parameter != NULL) {
        bind_text(&list, parameter);
    }
    while (ok && (ok = statement_next(&list, &row, fault)) && row) {
        assert(ret_names->count < array_count(ret_names->texts)); /* the schema is ours */
        ret_names->texts[ret_names->count++] = column_text(&list, arena);
    }
    statement_finalize(&list);
    return ok;
}

static bool list_tables(
    struct store *store, struct arena *arena, struct names *ret_tables, struct fault *fault)
{
    return list_names(store, arena,
        "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", NULL, ret_tables,
        fault);
}

/* Computed ones (story.tray) are not among them. */
static bool list_columns(struct store *store, struct arena *arena, const char *table,
    struct names *ret_columns, struct fault *fault)
{
    return list_names(
        store, arena, "SELECT name FROM pragma_table_info(?)", table, ret_columns, fault);
}

static bool list_key(struct store *store, struct arena *arena, const char *table,
    struct names *ret_columns, struct fault *fault)
{
    return list_names(store, arena,
        "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", table, ret_columns,
        fault);
}

static void write_names(const struct names *names, struct buffer *sql)
{
    for (size_t i = 0; i < names->count; i++) {
        buffer_printf(sql, "%s\"%s\"", i == 0 ? "" : ", ", names->texts[i]);
    }
}

/* ---- out ---- */

static void write_values(const char *table, const struct names *columns, struct buffer *sql)
{
    for (size_t i = 0; i < columns->count; i++) {
        int at = find_packed(table, columns->texts[i]);
        if (at < 0) {
            buffer_printf(sql, "%s\"%s\"", i == 0 ? "" : ", ", columns->texts[i]);
        } else {
            buffer_printf(sql, "%s%s", i == 0 ? "" : ", ", packed[at].out);
        }
    }
}

static void read_value(struct statement *row, int index, const char *table, bool with_secrets,
    struct arena *arena, struct transfer_value *value)
{
    sqlite3_stmt *handle = row->handle;
    value->column = sqlite3_column_name(handle, index);
    switch (sqlite3_column_type(handle, index)) {
    case SQLITE_INTEGER:
        value->kind = TRANSFER_INTEGER;
        value->integer = sqlite3_column_int64(handle, index);
        break;
    case SQLITE_FLOAT:
        value->kind = TRANSFER_REAL;
        value->real = sqlite3_column_double(handle, index);
        break;
    case SQLITE_NULL:
        value->kind = TRANSFER_NULL;
        break;
    case SQLITE_TEXT:
        value->kind = TRANSFER_TEXT;
        value->bytes = (const char *)sqlite3_column_text(handle, index);
        value->length = (size_t)sqlite3_column_bytes(handle, index);
        if (!with_secrets && may_have_password(table, value->column)) {
            value->bytes = shown_url(arena, value->bytes);
            value->length = strlen(value->bytes);
        }
        break;
    default:
        value->kind = TRANSFER_BLOB;
        value->bytes = sqlite3_column_blob(handle, index);
        value->length = (size_t)sqlite3_column_bytes(handle, index);
    }
}

struct reading {
    struct store *store;
    bool with_secrets;
    transfer_row_fn *on_row;
    void *data;
};

static bool read_rows(
    const struct reading *reading, const char *table, const char *sql, struct fault *fault)
{
    struct statement list;
    bool more = true;
    bool ok = statement_prepare(reading->store, sql, "read", &list, fault);
    while (ok && (ok = statement_next(&list, &more, fault)) && more) {
        struct arena arena = {0};
        struct transfer_row row = {
            .table = table, .count = (size_t)sqlite3_column_count(list.handle)};
        for (size_t i = 0; i < row.count; i++) {
            read_value(&list, (int)i, table, reading->with_secrets, &arena, &row.values[i]);
        }
        ok = reading->on_row(reading->data, &row, fault);
        arena_release(&arena);
    }
    statement_finalize(&list);
    return ok;
}

static bool read_table(
    const struct reading *reading, struct arena *arena, const char *table, struct fault *fault)
{
    struct names columns, key;
    cleanup(buffer_release) struct buffer sql;
    buffer_init(&sql, SQL_MAX_BYTES);
    if (!list_columns(reading->store, arena, table, &columns, fault) ||
        !list_key(reading->store, arena, table, &key, fault)) {
        return false;
    }
    buffer_puts(&sql, "SELECT ");
    write_values(table, &columns, &sql);
    buffer_printf(&sql, " FROM \"%s\" ORDER BY ", table);
    write_names(key.count > 0 ? &key : &columns, &sql);
    return read_rows(reading, table, sql.data, fault);
}

bool transfer_read(struct store *store, bool with_secrets, transfer_row_fn *on_row, void *data,
    struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    const struct reading reading = {store, with_secrets, on_row, data};
    struct names tables;
    if (!transaction_begin_read(store, fault)) {
        return false;
    }
    bool ok = list_tables(store, &arena, &tables, fault);
    for (size_t i = 0; ok && i < tables.count; i++) {
        ok = is_left_out(tables.texts[i], with_secrets) ||
            read_table(&reading, &arena, tables.texts[i], fault);
    }
    transaction_end_read(store);
    return ok;
}

/* ---- in ---- */

struct transfer {
    struct store *store;
    struct arena arena;
    struct names tables;
    /* The statement for the columns of the row before: as a rule the next one has them, too. */
    uint64_t shape;
    sqlite3_stmt *insert;
};

/* What a new file has is a draft and some counters at their beginning. */
static bool expect_empty(struct transfer *transfer, struct fault *fault)
{
    static const char untouched[] =
        "SELECT NOT EXISTS (SELECT 1 FROM feed) AND NOT EXISTS (SELECT 1 FROM item)"
        " AND NOT EXISTS (SELECT 1 FROM event) AND NOT EXISTS (SELECT 1 FROM issue)"
        " AND NOT EXISTS (SELECT 1 FROM desk_feed) AND NOT EXISTS (SELECT 1 FROM desk_rule)"
        " AND NOT EXISTS (SELECT 1 FROM account) AND (SELECT last_item_id = 0 FROM tally)";
    struct store *store = transfer->store;
    struct statement ask;
    bool row, empty = false;
    bool ok = statement_prepare(store, untouched, "read", &ask, fault) &&
        statement_next(&ask, &row, fault);
    if (ok) {
        empty = column_int(&ask) != 0;
    }
    statement_finalize(&ask);
    return ok &&
        (empty ||
            fault_set(fault, FAULT_REFUSED,
                "the database '%s' is not empty: import into a file that does not exist yet",
                store->path));
}

static bool clear(struct transfer *transfer, struct fault *fault)
{
    struct store *store = transfer->store;
    return sqlite3_exec(store->db,
               "PRAGMA defer_foreign_keys = ON; DELETE FROM draft; DELETE FROM tally", NULL,
               NULL, NULL) == SQLITE_OK ||
        database_fault(store->db, store->path, "write to", fault);
}

static void transfer_free(struct transfer *transfer)
{
    sqlite3_finalize(transfer->insert);
    store_close(transfer->store);
    arena_release(&transfer->arena);
    free(transfer);
}

bool transfer_begin(const char *path, struct transfer **ret_transfer, struct fault *fault)
{
    struct transfer *transfer = calloc(1, sizeof(*transfer));
    if (transfer == NULL) {
        memory_exhausted();
    }
    if (!store_open(path, &transfer->store, fault)) {
        free(transfer);
        return false;
    }
    sqlite3_db_config(transfer->store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    if (!expect_empty(transfer, fault) ||
        !list_tables(transfer->store, &transfer->arena, &transfer->tables, fault) ||
        !transaction_begin_edit(transfer->store, fault)) {
        transfer_free(transfer);
        return false;
    }
    if (!clear(transfer, fault)) {
        transaction_rollback(transfer->store);
        transfer_free(transfer);
        return false;
    }
    *ret_transfer = transfer;
    return true;
}

static bool has_name(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->texts[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Names are compared with the schema's before they become SQL: what still fails then is not the
 * file's fault. */
static bool check_names(
    struct transfer *transfer, const struct transfer_row *row, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    struct names columns;
    if (!has_name(&transfer->tables, row->table) || is_left_out(row->table, true)) {
        return fault_set(fault, FAULT_PARSE, "there is no table '%s'", row->table);
    }
    if (!list_columns(transfer->store, &arena, row->table, &columns, fault)) {
        return false;
    }
    for (size_t i = 0; i < row->count; i++) {
        if (!has_name(&columns, row->values[i].column)) {
            return fault_set(fault, FAULT_PARSE, "the table '%s' has no column '%s'",
                row->table, row->values[i].column);
        }
    }
    return row->count > 0 ||
        fault_set(fault, FAULT_PARSE, "a row of '%s' without a column", row->table);
}

static uint64_t hash_shape(const struct transfer_row *row)
{
    uint64_t shape = hash_string(HASH_START, row->table);
    for (size_t i = 0; i < row->count; i++) {
        shape = hash_string(shape, row->values[i].column);
    }
    return shape;
}

static bool prepare_insert(
    struct transfer *transfer, const struct transfer_row *row, struct fault *fault)
{
    uint64_t shape = hash_shape(row);
    if (transfer->insert != NULL && shape == transfer->shape) {
        return true;
    }
    if (!check_names(transfer, row, fault)) {
        return false;
    }
    cleanup(buffer_release) struct buffer sql;
    buffer_init(&sql, SQL_MAX_BYTES);
    buffer_printf(&sql, "INSERT INTO \"%s\" (", row->table);
    for (size_t i = 0; i < row->count; i++) {
        buffer_printf(&sql, "%s\"%s\"", i == 0 ? "" : ", ", row->values[i].column);
    }
    buffer_puts(&sql, ") VALUES (");
    for (size_t i = 0; i < row->count; i++) {
        int at = find_packed(row->table, row->values[i].column);
        buffer_printf(&sql, "%s%s", i == 0 ? "" : ", ", at < 0 ? "?" : packed[at].in);
    }
    buffer_putc(&sql, ')');
    sqlite3_finalize(transfer->insert);
    transfer->insert = NULL;
    transfer->shape = shape;
    return sqlite3_prepare_v2(transfer->store->db, sql.data, -1, &transfer->insert, NULL) ==
        SQLITE_OK ||
        database_fault(transfer->store->db, transfer->store->path, "write to", fault);
}

static void bind_value(sqlite3_stmt *insert, int index, const struct transfer_value *value)
{
    switch (value->kind) {
    case TRANSFER_NULL:
        sqlite3_bind_null(insert, index);
        break;
    case TRANSFER_INTEGER:
        sqlite3_bind_int64(insert, index, value->integer);
        break;
    case TRANSFER_REAL:
        sqlite3_bind_double(insert, index, value->real);
        break;
    case TRANSFER_TEXT:
        sqlite3_bind_text64(
            insert, index, value->bytes, value->length, SQLITE_STATIC, SQLITE_UTF8);
        break;
    case TRANSFER_BLOB:
        sqlite3_bind_blob64(insert, index, value->length == 0 ? "" : value->bytes,
            value->length, SQLITE_STATIC);
        break;
    }
}

/* SQLite keeps a row there for each table with AUTOINCREMENT as soon as one is inserted,
 * without a key that would make the second one of a name an error. */
static bool forget_sequence(
    struct transfer *transfer, const struct transfer_row *row, struct fault *fault)
{
    struct store *store = transfer->store;
    struct statement forget;
    bool ok = statement_prepare(
        store, "DELETE FROM sqlite_sequence WHERE name = ?", "write to", &forget, fault);
    for (size_t i = 0; ok && i < row->count; i++) {
        if (strcmp(row->values[i].column, "name") == 0) {
            bind_value(forget.handle, 1, &row->values[i]);
        }
    }
    ok = ok && statement_run(&forget, fault);
    statement_finalize(&forget);
    return ok;
}

/* What the schema refuses is the file's fault, all else the disk's. */
bool transfer_write(
    struct transfer *transfer, const struct transfer_row *row, struct fault *fault)
{
    struct store *store = transfer->store;
    bool sequence = strcmp(row->table, "sqlite_sequence") == 0;
    if (!prepare_insert(transfer, row, fault) ||
        (sequence && !forget_sequence(transfer, row, fault))) {
        return false;
    }
    for (size_t i = 0; i < row->count; i++) {
        bind_value(transfer->insert, (int)i + 1, &row->values[i]);
    }
    bool ok = sqlite3_step(transfer->insert) == SQLITE_DONE;
    int code = sqlite3_errcode(store->db) & 0xff;
    if (!ok && (code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH)) {
        fault_set(
            fault, FAULT_PARSE, "a row of '%s': %s", row->table, sqlite3_errmsg(store->db));
    } else if (!ok) {
        database_fault(store->db, store->path, "write to", fault);
    }
    sqlite3_reset(transfer->insert);
    sqlite3_clear_bindings(transfer->insert);
    return ok;
}

static bool settle(struct transfer *transfer, struct fault *fault)
{
    struct store *store = transfer->store;
    for (size_t i = 0; i < array_count(packed); i++) {
        if (sqlite3_exec(store->db, packed[i].settle, NULL, NULL, NULL) != SQLITE_OK) {
            return database_fault(store->db, store->path, "write to", fault);
        }
    }
    return true;
}

static void keep_first(void *data, const struct verify_finding *finding)
{
    struct fault *first = data;
    if (first->kind == FAULT_NONE) {
        fault_set(first, FAULT_PARSE, "the rows do not fit together: %s%s%s: %s: %s",
            finding->table, finding->row[0] == '\0' ? "" : " ", finding->row, finding->check,
            finding->words);
    }
}

static bool check_rows(struct transfer *transfer, struct fault *fault)
{
    struct fault first = {.kind = FAULT_NONE};
    size_t count;
    if (!verify_rows(transfer->store, keep_first, &first, &count, fault)) {
        return false;
    }
    if (count > 0) {
        *fault = first;
    }
    return count == 0;
}

bool transfer_end(struct transfer *transfer, bool ok, struct fault *fault)
{
    ok = ok && settle(transfer, fault) && check_rows(transfer, fault);
    ok = transaction_end_edit(transfer->store, ok, fault);
    transfer_free(transfer);
    return ok;
}
