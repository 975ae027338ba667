/* Private to storage/: what the checks of verify.h share.
 *
 * A check is a row of a table: a name, the rule as a sentence, and what finds the rows that
 * break it: a SELECT of (row, detail), a SELECT whose rows a function looks at, or that
 * function alone where one SELECT does not reach.
 */
#ifndef STORAGE_VERIFY_PARTS_H
#define STORAGE_VERIFY_PARTS_H

#include "storage/statements.h"
#include "storage/verify.h"

struct verify_check;

struct verifier {
    struct store *store;
    verify_finding_fn *on_finding;
    void *data;
    size_t count;                     /* of all checks */
    const struct verify_check *check; /* that runs */
    size_t found;                     /* by it */
};

/* Look at a row and report it if it breaks the rule; `arena` is emptied after each. False: it
 * could not be looked at. */
typedef bool verify_look_fn(
    struct verifier *verifier, struct statement *row, struct arena *arena, struct fault *fault);

struct verify_check {
    const char *name;
    const char *table;
    const char *rule;  /* "a story has at least one item" */
    const char *words; /* what is wrong with a row: "no item belongs to it" */
    const char *sql;   /* every row of (row, detail or NULL) breaks the rule, without `look` */
    verify_look_fn *look; /* at every row of `sql`; without that once, with no row */
};

/* One row of `table` (NULL: the check's) breaks the rule; `detail` NULL: no more to be said. */
void verify_report(
    struct verifier *verifier, const char *table, const char *row, const char *detail);
void verify_report_id(struct verifier *verifier, int64_t id, const char *detail);

/* The rows (row, key_hash, key) of a table that is searched by the hash of a key. */
verify_look_fn verify_key_hash;

/* A statement of the check's own, to be ended by statement_finalize(). */
must_check bool verify_begin(struct verifier *verifier, const char *sql,
    struct statement *ret_statement, struct fault *fault);

/* All checks but those of the search index and of the pages, on a connection of the caller's:
 * inside a transaction they see what is not committed. */
must_check bool verify_rows(struct store *store, verify_finding_fn *on_finding, void *data,
    size_t *ret_count, struct fault *fault);

/* ---- the checks by subject; each array ends with a NULL name ---- */

extern const struct verify_check verify_file_checks[];   /* pages, references, schema */
extern const struct verify_check verify_item_checks[];   /* feeds, items, stories */
extern const struct verify_check verify_desk_checks[];   /* the log, draft, archive */
extern const struct verify_check verify_access_checks[]; /* accounts, rules */
extern const struct verify_check verify_search_checks[]; /* the search index */

#endif
