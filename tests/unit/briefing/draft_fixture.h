/* A newsletter and its candidates for the tests of draft, guide and renderers: a configuration
 * built in memory, so that a test of the renderers fails for the renderers' reasons only. */
#ifndef TESTS_DRAFT_FIXTURE_H
#define TESTS_DRAFT_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "briefing/draft.h"
#include "config/config.h"

enum { BRIEF, NEWS, PAPERS, OSS, BLOG, SECTIONS };

/* 2026-03-05 20:00 in Beijing. */
#define FIXTURE_NOW INT64_C(1772712000)
#define FIXTURE_SINCE (FIXTURE_NOW - 14 * 86400)

struct fixture {
    struct arena arena;
    struct buffer out;
    struct config config;
    struct config_section sections[SECTIONS];
};

/* cmocka's per-test setup and teardown; *state is a struct fixture. */
int fixture_setup(void **state);
int fixture_teardown(void **state);

/* A candidate with a title, a section and a relevance; everything else empty or zero. */
struct candidate fixture_candidate(
    int64_t id, int section, double relevance, const char *title);

/* The sample issue's candidates: 25, in no order. */
const struct candidate *fixture_candidates(size_t *ret_count);

struct draft *fixture_draft(
    struct fixture *fixture, const struct candidate *candidates, size_t count);

/* Render one pick of `section` as Markdown and return the lines of that section only. */
const char *fixture_markdown(
    struct fixture *fixture, const struct candidate *candidates, size_t count);

#endif
