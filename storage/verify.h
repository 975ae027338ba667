/* Whether a database is what this program says it is: every invariant of the store as a named
 * check (`briefd verify`).
 *
 * Nothing is written, not even the log that a killed writer left is brought home; so it may
 * look at a file beside a running daemon, and after a crash sees exactly what the next start
 * will see. All checks look at one moment. A finding is a row that breaks a rule; that the file
 * cannot be read at all is a fault.
 */
#ifndef STORAGE_VERIFY_H
#define STORAGE_VERIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attributes.h"
#include "base/fault.h"

/* Borrowed for the call. */
struct verify_finding {
    const char *check; /* its name: "story-has-items" */
    const char *table; /* "story" */
    const char *row;   /* what names the row, as a rule its id; "" where it is the table's */
    const char *words; /* what is wrong: "no item belongs to it" */
};

typedef void verify_finding_fn(void *data, const struct verify_finding *finding);

enum {
    VERIFY_SHOWN_MAX = 50, /* findings of one check; one more says how many there are besides */
};

/* Run every check on the database at `path`; *ret_count is how many findings there were. Takes
 * as long as reading the file, and for the search index as long as cutting all texts into
 * words: a minute or two for a million items. Any thread but the loop's. */
must_check bool store_verify(const char *path, verify_finding_fn *on_finding, void *data,
    size_t *ret_count, struct fault *fault);

/* Only what a copy can suffer from being copied: pages, references, schema. */
must_check bool store_verify_copy(const char *path, verify_finding_fn *on_finding, void *data,
    size_t *ret_count, struct fault *fault);

/* The checks in the order in which they run; false when there is no such one. Static. */
bool store_verify_describe(size_t index, const char **ret_name, const char **ret_rule);

#endif
