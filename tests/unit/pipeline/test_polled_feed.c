#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "pipeline/polled_feed.h"

static void a_clone_owns_every_string_of_the_state(void **state)
{
    char texts[9][16] = {
        "url", "name", "title", "etag", "modified", "moved", "error", "kind", "rhythm"};
    struct feed_state original = {
        .id = 7,
        .url = texts[0],
        .name = texts[1],
        .title = texts[2],
        .etag = texts[3],
        .last_modified = texts[4],
        .moved_to = texts[5],
        .error = texts[6],
        .error_kind = texts[7],
        .rhythm = texts[8],
        .failures = 3,
    };
    struct feed_state *clone = feed_state_clone(&original);
    memset(texts, 'x', sizeof(texts)); /* whoever still points here reads rubbish */
    assert_int_equal(clone->id, 7);
    assert_int_equal(clone->failures, 3);
    assert_string_equal(clone->url, "url");
    assert_string_equal(clone->name, "name");
    assert_string_equal(clone->title, "title");
    assert_string_equal(clone->etag, "etag");
    assert_string_equal(clone->last_modified, "modified");
    assert_string_equal(clone->moved_to, "moved");
    assert_string_equal(clone->error, "error");
    assert_string_equal(clone->error_kind, "kind");
    assert_string_equal(clone->rhythm, "rhythm");
    free(clone);
}

static void a_clone_of_missing_strings_misses_them_too(void **state)
{
    struct feed_state original = {.url = "u", .next_poll_utc_s = CLOCK_NONE};
    struct feed_state *clone = feed_state_clone(&original);
    assert_string_equal(clone->url, "u");
    assert_null(clone->etag);
    assert_null(clone->error);
    assert_true(clone->next_poll_utc_s == CLOCK_NONE);
    free(clone);
}

static void a_disabled_gone_or_retired_feed_is_not_asked(void **state)
{
    struct config_feed config = {.enabled = true};
    struct feed_state feed_state = {0};
    struct polled_feed feed = {.config = &config, .state = &feed_state};
    assert_true(polled_feed_enabled(&feed));
    feed_state.gone = true;
    assert_false(polled_feed_enabled(&feed));
    feed_state.gone = false;
    config.enabled = false;
    assert_false(polled_feed_enabled(&feed));
    feed.config = NULL;
    assert_false(polled_feed_enabled(&feed));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clone_owns_every_string_of_the_state),
        cmocka_unit_test(a_clone_of_missing_strings_misses_them_too),
        cmocka_unit_test(a_disabled_gone_or_retired_feed_is_not_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
