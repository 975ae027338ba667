#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "briefing/source_rules.h"

struct case_of {
    const char *key, *title, *summary;
    enum config_prereleases prereleases;
    const char *bundle; /* expected */
    bool off_topic;
    const char *rule;
};

static const struct case_of cases[] = {
    {"github:apache/tvm@v0.20.0", "v0.20.0", "Notes", CONFIG_PRERELEASES_FOLD, NULL, false,
        NULL},
    {"github:apache/tvm@v0.20.0-rc1", "v0.20.0-rc1", "Notes", CONFIG_PRERELEASES_FOLD,
        "apache/tvm prereleases", false, "source/prerelease"},
    {"github:apache/tvm@v0.20.0-rc1", "v0.20.0-rc1", "Notes", CONFIG_PRERELEASES_KEEP, NULL,
        false, NULL},
    {"github:apache/tvm@v0.20.0-rc1", "v0.20.0-rc1", "Notes", CONFIG_PRERELEASES_DROP, NULL,
        true, "source/prerelease"},
    {"github:ggml-org/llama.cpp@b4567", "b4567", "ggml : fix", CONFIG_PRERELEASES_FOLD,
        "ggml-org/llama.cpp builds", false, "source/build"},
    /* the builds are the releases of such a project: dropping previews leaves them one line */
    {"github:ggml-org/llama.cpp@b4567", "b4567", "ggml : fix", CONFIG_PRERELEASES_DROP,
        "ggml-org/llama.cpp builds", false, "source/build"},
    {"github:a/b@v1.0", "v1.0", NULL, CONFIG_PRERELEASES_FOLD, NULL, true, "source/bare-tag"},
    {"github:a/b@v1.0", "V1.0", "No content.", CONFIG_PRERELEASES_KEEP, NULL, true,
        "source/bare-tag"},
    {"github:a/b@v1.0", "The first release", NULL, CONFIG_PRERELEASES_FOLD, NULL, false, NULL},
    {"github:a/b@v1.0-rc1", "v1.0-rc1", NULL, CONFIG_PRERELEASES_FOLD, NULL, true,
        "source/bare-tag"},
    {"github:a/b", "nightly", "text", CONFIG_PRERELEASES_DROP, NULL, false, NULL},
    {"https://example.org/rc1", "rc1", NULL, CONFIG_PRERELEASES_DROP, NULL, false, NULL},
};

static void run(const struct case_of *expected, const char *url, enum config_kind kind,
    struct arena *arena, struct verdict *verdict, struct reason *reason)
{
    struct config_feed feed = {
        .url = url, .kind = kind, .prereleases = expected->prereleases, .name = "releases"};
    struct item item = {.key = expected->key,
        .title = expected->title,
        .summary = expected->summary,
        .feed = &feed};
    source_rules_apply(arena, &item, verdict, reason);
}

static void releases_are_marked_as_their_tags_and_the_feed_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_count(cases); i++) {
        cleanup(arena_release) struct arena arena = {0};
        struct verdict verdict = {0};
        struct reason reason = {0};
        run(&cases[i], "https://github.com/a/b/releases.atom", CONFIG_KIND_AUTO, &arena,
            &verdict, &reason);
        print_message("%s\n", cases[i].key);
        assert_int_equal(verdict.off_topic, cases[i].off_topic);
        assert_int_equal(verdict.bundle == NULL, cases[i].bundle == NULL);
        assert_int_equal(reason.rule == NULL, cases[i].rule == NULL);
        if (cases[i].bundle != NULL) {
            assert_string_equal(verdict.bundle, cases[i].bundle);
        }
        if (cases[i].rule != NULL) {
            assert_string_equal(reason.rule, cases[i].rule);
        }
    }
}

/* A release that a medium links to is an article about it, and one added by hand is wanted. */
static void other_feeds_and_hands_are_not_judged(void **state)
{
    (void)state;
    cleanup(arena_release) struct arena arena = {0};
    struct verdict verdict = {0};
    struct reason reason = {0};
    run(&cases[3], "https://news.example/rss", CONFIG_KIND_AUTO, &arena, &verdict, &reason);
    run(&cases[3], "https://github.com/a/b/releases.atom", CONFIG_KIND_PLAIN, &arena, &verdict,
        &reason);
    struct item by_hand = {.key = cases[3].key, .title = cases[3].title};
    source_rules_apply(&arena, &by_hand, &verdict, &reason);
    assert_false(verdict.off_topic);
    assert_null(reason.rule);
}

static void a_verdict_that_is_off_topic_stays_so(void **state)
{
    (void)state;
    cleanup(arena_release) struct arena arena = {0};
    struct verdict verdict = {.off_topic = true};
    struct reason reason = {0};
    run(&cases[0], "https://github.com/a/b/releases.atom", CONFIG_KIND_AUTO, &arena, &verdict,
        &reason);
    assert_true(verdict.off_topic);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(releases_are_marked_as_their_tags_and_the_feed_say),
        cmocka_unit_test(other_feeds_and_hands_are_not_judged),
        cmocka_unit_test(a_verdict_that_is_off_topic_stays_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
