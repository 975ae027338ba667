/* A whole database row by row, out of one and into an empty one: for `briefd export` and
 * `import`, which say how a row is written (docs of the format: command/export.c).
 *
 * Everything goes that cannot be made again from the rest: all tables but the search index and
 * the counter of changes of access. A table a later schema adds goes by itself. Without secrets
 * accounts, sessions and tokens stay behind, and users and passwords in addresses.
 *
 * Any thread but the loop's; a transfer is one thread's from its beginning to its end.
 */
#ifndef STORAGE_TRANSFER_H
#define STORAGE_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/fault.h"
#include "storage/store.h"

enum { TRANSFER_COLUMNS_MAX = 64 };

enum transfer_kind {
    TRANSFER_NULL,
    TRANSFER_INTEGER,
    TRANSFER_REAL,
    TRANSFER_TEXT, /* any bytes: a server's ETag is stored as it came */
    TRANSFER_BLOB,
};

struct transfer_value {
    const char *column;
    enum transfer_kind kind;
    int64_t integer;
    double real;
    const char *bytes; /* of text and blob; not ended by NUL */
    size_t length;
};

/* Borrowed for the call it is in. */
struct transfer_row {
    const char *table;
    struct transfer_value values[TRANSFER_COLUMNS_MAX];
    size_t count;
};

/* The number of the schema that rows are of. */
int transfer_schema(void);

/* ---- out ---- */

typedef bool transfer_row_fn(void *data, const struct transfer_row *row, struct fault *fault);

/* Every row of one moment, table by table, each in the order of its key: two databases with the
 * same rows give the same sequence. */
must_check bool transfer_read(struct store *store, bool with_secrets, transfer_row_fn *on_row,
    void *data, struct fault *fault);

/* ---- in ---- */

struct transfer;

/* Into the database at `path`, which is created, or is one that nothing was ever done with:
 * FAULT_REFUSED otherwise. Nothing is to be seen of it before transfer_end(). */
must_check bool transfer_begin(
    const char *path, struct transfer **ret_transfer, struct fault *fault);

/* FAULT_PARSE: there is no such table or column, or the row breaks a rule of the schema. */
must_check bool transfer_write(
    struct transfer *transfer, const struct transfer_row *row, struct fault *fault);

/* Keep it when `ok` and every check of storage/verify.h that looks at rows has no finding
 * (FAULT_PARSE with the first), else leave the database empty. Frees `transfer`. */
must_check bool transfer_end(struct transfer *transfer, bool ok, struct fault *fault);

#endif
