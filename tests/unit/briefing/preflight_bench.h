/* An issue in which preflight finds nothing, for tests to break one thing of. */
#ifndef TESTS_BRIEFING_PREFLIGHT_BENCH_H
#define TESTS_BRIEFING_PREFLIGHT_BENCH_H

#include "briefing/preflight.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

enum { BRIEF, NEWS, PAPERS, OSS };

struct preflight_bench {
    struct arena arena;
    struct issue *issue; /* clean */
};

int preflight_bench_open(void **state);
int preflight_bench_close(void **state);

#define PREFLIGHT_TEST(name)                                                                   \
    cmocka_unit_test_setup_teardown(name, preflight_bench_open, preflight_bench_close)

/* The first item of a section (BRIEF, …). */
struct issue_item *item_of(struct preflight_bench *bench, int section);

struct preflight check_issue(struct preflight_bench *bench);
struct preflight check_issue_with(
    struct preflight_bench *bench, const struct preflight_context *context);

void expect_clean(struct preflight preflight);

/* The only finding, of `code` in `field`. */
const struct finding *only_finding(
    struct preflight preflight, enum preflight_code code, const char *field);

/* The text of a field with the finding's fix in it. */
const char *fixed_field(
    struct preflight_bench *bench, const char *text, const struct finding *finding);

/* `text` so many times, in the arena. */
const char *repeated(struct preflight_bench *bench, const char *text, size_t times);

#endif
