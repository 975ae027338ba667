#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "briefing/bundle.h"

static struct candidate item(int64_t id, const char *bundle, int64_t published_utc_s)
{
    return (struct candidate){
        .id = id, .bundle = bundle, .published_utc_s = published_utc_s, .first_seen_utc_s = 50};
}

static void without_bundles_nothing_changes(void **state)
{
    (void)state;
    cleanup(arena_release) struct arena arena = {0};
    const struct candidate given[] = {item(3, NULL, 1), item(1, NULL, 9), item(2, NULL, 5)};
    size_t count;
    const struct candidate *kept = bundle_candidates(&arena, given, 3, &count);
    assert_int_equal(count, 3);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(kept[i].id, given[i].id);
        assert_int_equal(kept[i].bundled_count, 0);
    }
    (void)bundle_candidates(&arena, NULL, 0, &count);
    assert_int_equal(count, 0);
}

static void the_newest_stands_for_the_others_and_lists_them(void **state)
{
    (void)state;
    cleanup(arena_release) struct arena arena = {0};
    const struct candidate given[] = {
        item(1, "ggml-org/llama.cpp builds", 100),
        item(2, NULL, 7),
        item(3, "ggml-org/llama.cpp builds", 300),
        item(4, "apache/tvm prereleases", 10),
        item(5, "ggml-org/llama.cpp builds", 200),
    };
    size_t count;
    const struct candidate *kept = bundle_candidates(&arena, given, 5, &count);
    assert_int_equal(count, 3);
    assert_int_equal(kept[0].id, 2);
    assert_int_equal(kept[1].id, 3);
    assert_int_equal(kept[1].bundled_count, 2);
    assert_int_equal(kept[1].bundled[0]->id, 5);
    assert_int_equal(kept[1].bundled[1]->id, 1);
    assert_int_equal(kept[2].id, 4);
    assert_int_equal(kept[2].bundled_count, 0);
}

static void undated_ones_count_from_when_they_were_seen_and_equals_by_id(void **state)
{
    (void)state;
    cleanup(arena_release) struct arena arena = {0};
    const struct candidate given[] = {item(1, "a/b builds", 40),
        item(2, "a/b builds", CLOCK_NONE), item(3, "a/b builds", 50)};
    size_t count;
    const struct candidate *kept = bundle_candidates(&arena, given, 3, &count);
    assert_int_equal(count, 1);
    assert_int_equal(kept[0].id, 3);
    assert_int_equal(kept[0].bundled[0]->id, 2);
    assert_int_equal(kept[0].bundled[1]->id, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_bundles_nothing_changes),
        cmocka_unit_test(the_newest_stands_for_the_others_and_lists_them),
        cmocka_unit_test(undated_ones_count_from_when_they_were_seen_and_equals_by_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
