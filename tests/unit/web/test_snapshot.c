#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe.h"
#include "web/server/snapshot.h"

static struct snapshot *make_page(const char *html)
{
    struct snapshot *snapshot = snapshot_new(0);
    snapshot_add(snapshot, SNAPSHOT_PAGE, html, strlen(html));
    return snapshot;
}

static void the_tag_changes_exactly_when_the_bytes_do(void **state)
{
    struct snapshot *one = make_page("<p>one"), *same = make_page("<p>one"),
                    *other = make_page("<p>two");
    same->built_utc_s = 99;
    assert_string_equal(one->bodies[SNAPSHOT_PAGE].etag, same->bodies[SNAPSHOT_PAGE].etag);
    assert_string_not_equal(one->bodies[SNAPSHOT_PAGE].etag, other->bodies[SNAPSHOT_PAGE].etag);
    assert_int_equal(one->bodies[SNAPSHOT_PAGE].etag[0], '"');
    assert_int_equal(strlen(one->bodies[SNAPSHOT_PAGE].etag), 18);
    snapshot_unref(one);
    snapshot_unref(same);
    snapshot_unref(other);
}

static void compressing_twice_gives_the_same_bytes(void **state)
{
    struct snapshot *one = probe_snapshot(50000), *two = probe_snapshot(50000);
    for (int i = 0; i < SNAPSHOT_COUNT; i++) {
        assert_int_equal(one->bodies[i].gzip_length, two->bodies[i].gzip_length);
        assert_memory_equal(
            one->bodies[i].gzip, two->bodies[i].gzip, one->bodies[i].gzip_length);
    }
    snapshot_unref(one);
    snapshot_unref(two);
}

static void what_does_not_shrink_is_not_compressed(void **state)
{
    struct snapshot *small = make_page("<p>small");
    assert_null(small->bodies[SNAPSHOT_PAGE].gzip);
    snapshot_unref(small);
    char noise[4096];
    uint64_t n = 88172645463325252u;
    for (size_t i = 0; i < sizeof(noise); i++) { /* xorshift64 */
        n ^= n << 13;
        n ^= n >> 7;
        n ^= n << 17;
        noise[i] = (char)(n >> 24);
    }
    struct snapshot *random = snapshot_new(0);
    snapshot_add(random, SNAPSHOT_MARKDOWN, noise, sizeof(noise));
    assert_null(random->bodies[SNAPSHOT_MARKDOWN].gzip);
    assert_memory_equal(random->bodies[SNAPSHOT_MARKDOWN].data, noise, sizeof(noise));
    snapshot_unref(random);
}

static void only_a_style_in_the_head_is_allowed(void **state)
{
    static const struct {
        const char *html;
        bool allowed;
    } cases[] = {
        {"<head><style>p{}</style></head><p>", true},
        {"<head></head><style>p{}</style>", false},
        {"<style>p{}</style>", false},
        {"<head><style>p{}</head></style>", false},
        {"<head><style>p{}", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct snapshot *snapshot = make_page(cases[i].html);
        assert_int_equal(snapshot->bodies[SNAPSHOT_PAGE].style_hash != NULL, cases[i].allowed);
        snapshot_unref(snapshot);
    }
}

static void the_last_reference_frees(void **state)
{
    struct snapshot *snapshot = make_page("<p>");
    assert_ptr_equal(snapshot_ref(snapshot), snapshot);
    snapshot_unref(snapshot);
    assert_memory_equal(snapshot->bodies[SNAPSHOT_PAGE].data, "<p>", 4);
    snapshot_unref(snapshot); /* valgrind and ASan see whether it was the last */
    snapshot_unref(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tag_changes_exactly_when_the_bytes_do),
        cmocka_unit_test(compressing_twice_gives_the_same_bytes),
        cmocka_unit_test(what_does_not_shrink_is_not_compressed),
        cmocka_unit_test(only_a_style_in_the_head_is_allowed),
        cmocka_unit_test(the_last_reference_frees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
