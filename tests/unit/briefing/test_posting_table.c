/* Against arrays, and at the borders: a block that grows and shrinks, a story of many titles.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "briefing/posting_table.h"

static uint32_t chance = 7;

static uint32_t draw(uint32_t below)
{
    chance = chance * 1664525 + 1013904223;
    return (chance >> 8) % below;
}

enum { TERMS = 40, STORIES = 90 };

struct told {
    uint32_t titles;
    float weight;
    uint32_t since; /* when its first title came */
};

/* In every shard, and many that collide in one. */
static uint32_t term_of(uint32_t n)
{
    return n % 2 == 0 ? n * UINT32_C(0x9e3779b1) + 1 : 1 + n;
}

static void assert_told(
    const struct posting_table *table, uint32_t term, const struct told *stories)
{
    uint32_t count, expected = 0, since = 0;
    const struct posting *postings = posting_table_find(table, term, &count);
    for (uint32_t i = 0; i < STORIES; i++) {
        expected += stories[i].titles > 0;
    }
    assert_int_equal(count, expected);
    for (uint32_t i = 0; i < count; i++) {
        const struct told *story = &stories[posting_centroid(&postings[i])];
        assert_true(story->titles > 0 && story->since > since);
        assert_true(fabsf(story->weight - postings[i].weight) < 1e-3f);
        since = story->since;
    }
}

static void a_table_agrees_with_arrays_whatever_comes_and_goes(void **state)
{
    static struct told told[TERMS][STORIES];
    struct posting_table table = {0};
    for (uint32_t round = 1; round < 60000; round++) {
        uint32_t n = draw(TERMS), story = draw(n < 4 ? STORIES : 1 + n % 8);
        struct told *one = &told[n][story];
        /* Grow for a while, then shrink, down to nothing. */
        bool comes = one->titles == 0 || draw(10) < (round / 6000 % 2 == 0 ? 7u : 2u);
        float before = comes
            ? posting_table_add(&table, term_of(n), story, 0.25f, one->titles == 0)
            : posting_table_remove(&table, term_of(n), story, 0.25f);
        assert_true(fabsf(before - one->weight) < 1e-3f);
        one->since = one->titles == 0 ? round : one->since;
        one->titles += comes ? 1 : UINT32_MAX;
        one->weight = (float)one->titles * 0.25f;
        if (round % 50 == 0) {
            assert_told(&table, term_of(n), told[n]);
        }
    }
    for (uint32_t n = 0; n < TERMS; n++) {
        assert_told(&table, term_of(n), told[n]);
        for (uint32_t story = 0; story < STORIES; story++) {
            for (; told[n][story].titles > 0; told[n][story].titles--) {
                posting_table_remove(&table, term_of(n), story, 0.25f);
            }
        }
        assert_told(&table, term_of(n), told[n]);
    }
    posting_table_release(&table);
    posting_table_release(&table);
}

/* One byte counts titles; a story of thousands has its posting until the last has left. */
static void a_story_of_thousands_keeps_its_posting_until_its_last_title_leaves(void **state)
{
    struct posting_table table = {0};
    uint32_t count;
    for (uint32_t i = 0; i < 3000; i++) {
        posting_table_add(&table, 5, POSTING_CENTROID_MAX, 1, i == 0);
        posting_table_add(&table, 6, i % 2, 1, i < 2);
    }
    for (uint32_t i = 0; i < 2999; i++) {
        assert_true(
            posting_table_remove(&table, 5, POSTING_CENTROID_MAX, 1) == (float)(3000 - i));
        posting_table_find(&table, 5, &count);
        assert_int_equal(count, 1);
    }
    posting_table_remove(&table, 5, POSTING_CENTROID_MAX, 1);
    assert_null(posting_table_find(&table, 5, &count));
    assert_int_equal(count, 0);
    posting_table_find(&table, 6, &count);
    assert_int_equal(count, 2);
    posting_table_release(&table);
}

static void a_term_can_have_as_many_stories_as_is_said(void **state)
{
    struct posting_table table = {0};
    uint32_t count;
    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < POSTING_STORIES_MAX; i++) {
            posting_table_add(&table, 1, i, 1, true);
        }
        posting_table_find(&table, 1, &count);
        assert_int_equal(count, POSTING_STORIES_MAX);
        for (uint32_t i = 0; i < POSTING_STORIES_MAX; i++) {
            posting_table_remove(&table, 1, i, 1);
        }
        assert_null(posting_table_find(&table, 1, &count));
    }
    posting_table_release(&table);
}

/* Items stream through it for months. */
static void what_streams_through_leaves_no_memory_behind(void **state)
{
    struct posting_table table = {0};
    size_t bytes = 0;
    enum { LIVE = 20000, EACH = 3 };
    for (uint32_t i = 0; i < 12 * LIVE; i++) {
        for (uint32_t k = 0; k < EACH; k++) {
            posting_table_add(
                &table, (i / 2 * EACH + k) * UINT32_C(2654435761) | 1, i % 4096, 1, true);
        }
        for (uint32_t k = 0; i >= LIVE && k < EACH; k++) {
            uint32_t gone = i - LIVE;
            posting_table_remove(
                &table, (gone / 2 * EACH + k) * UINT32_C(2654435761) | 1, gone % 4096, 1);
        }
        bytes = i == 4 * LIVE ? posting_table_bytes(&table) : bytes;
    }
    assert_true(posting_table_bytes(&table) <= bytes + bytes / 20);
    posting_table_release(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_agrees_with_arrays_whatever_comes_and_goes),
        cmocka_unit_test(a_story_of_thousands_keeps_its_posting_until_its_last_title_leaves),
        cmocka_unit_test(a_term_can_have_as_many_stories_as_is_said),
        cmocka_unit_test(what_streams_through_leaves_no_memory_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
