/* An issue in which every field of every struct holds something, and the list of its fields, so
 * that a test can change each in turn and look where the change shows. */
#ifndef TESTS_ISSUE_FIXTURE_H
#define TESTS_ISSUE_FIXTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "briefing/issue.h"

/* A field of an issue: where it is, and what kind. Exactly one pointer is set. */
struct issue_field {
    const char *name; /* "sections[1].items[0].title" */
    const char **text;
    bool *flag;
    uint8_t *small;
    int64_t *id;
    size_t *count;
    unsigned *choice; /* an enum; 0 and 1 are two of its values */
};

enum { ISSUE_FIELDS_MAX = 96 };

/* A new one each time, in the arena; strings are literals. */
struct issue *issue_fixture(struct arena *arena);

/* Every field of `issue`, which issue_fixture() made: of lists, the first element's. Returns
 * their number. */
size_t issue_fixture_fields(
    struct issue *issue, struct issue_field fields[static ISSUE_FIELDS_MAX]);

/* Give the field another value: a text `to`, anything else one of its kind. */
void issue_fixture_change(const struct issue_field *field, const char *to);

#endif
