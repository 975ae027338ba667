/* Two configurations, key by key along the schema: for tests that print one and read it back.
 */
#ifndef TESTS_CONFIG_EQUAL_H
#define TESTS_CONFIG_EQUAL_H

#include "config/schema.h"

/* Fail the test naming the first key in which the two structs of `section` differ. Lines and
 * what stands in no key (times of the editor's changes) are not compared. */
void assert_sections_equal(
    const struct schema_section *section, const void *left, const void *right);

#endif
