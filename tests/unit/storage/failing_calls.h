/* The n-th call of storage/ that can fail fails: what leaves the library for SQLite or the file
 * system goes through here first, because the test is linked with --wrap for each of them
 * (storage_failing_calls in meson.build). Nothing in the program knows of it.
 *
 * A call that fails does nothing at all and says one of the errors that it can say, another one
 * for each n; later calls succeed. So "n = 1, 2, 3, … until none fails" goes through every
 * error branch of what runs in between, which no full disk and no fault of memory does.
 */
#ifndef TESTS_STORAGE_FAILING_CALLS_H
#define TESTS_STORAGE_FAILING_CALLS_H

#include <stdbool.h>

/* From now on the `nth` call fails, counted from 1; 0: none does. */
void failing_calls_arm(int nth);

/* How many calls were made since. */
int failing_calls_made(void);

/* What failed since, "sqlite3_step 'COMMIT'": NULL when fewer calls were made. No more calls
 * fail. Static. */
const char *failing_calls_disarm(void);

/* What the failed call said was wrong, as a fault has it: "the disk is full". */
const char *failing_calls_cause(void);

#endif
