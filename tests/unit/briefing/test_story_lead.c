/* Who speaks for a story. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "briefing/story_lead.h"

static const struct story_lead_settings defaults = {"zh-CN", 4, 2, 1};

static const struct story_member english = {
    1, "A chip", "en", .summary_letters = 400, .published_s = 0, .original = true};
static const struct story_member bridged = {
    2, "芯片", "zh", .summary_letters = 100, .published_s = 50, .original = false};
static const struct story_member chinese = {
    3, "芯片", "zh-Hans", .summary_letters = 50, .published_s = 90, .original = true};

static int64_t lead(const struct story_lead_settings *settings,
    const struct story_member *members, size_t count)
{
    /* Forwards and backwards: order must not matter. */
    struct story_member turned[8];
    for (size_t i = 0; i < count; i++) {
        turned[i] = members[count - 1 - i];
    }
    int64_t item = members[story_choose_lead(settings, members, count)].item;
    assert_int_equal(turned[story_choose_lead(settings, turned, count)].item, item);
    return item;
}

static void language_comes_before_origin_before_length(void **state)
{
    const struct story_member all[] = {english, bridged, chinese};
    assert_int_equal(lead(&defaults, all, 3), 3);
    assert_int_equal(lead(&defaults, all, 2), 2);
    assert_int_equal(lead(&defaults, all, 1), 1);
}

static void points_can_turn_every_preference_round(void **state)
{
    const struct story_member all[] = {english, bridged, chinese};
    assert_int_equal(lead(&(struct story_lead_settings){"zh-CN", 1, 2, 4}, all, 3), 1);
    assert_int_equal(lead(&(struct story_lead_settings){"en", 4, 2, 1}, all, 3), 1);
    assert_int_equal(lead(&(struct story_lead_settings){NULL, 0, 0, 0}, all, 3), 1);
}

static void the_longer_summary_decides_between_equals(void **state)
{
    const struct story_member two[] = {
        {.item = 1, .language = "zh", .summary_letters = 50, .published_s = 0},
        {.item = 2, .language = "zh", .summary_letters = 51, .published_s = 9},
    };
    assert_int_equal(lead(&defaults, two, 2), 2);
}

static void of_equals_the_earliest_leads_and_an_undated_one_last(void **state)
{
    const struct story_member three[] = {
        {.item = 1, .published_s = CLOCK_NONE},
        {.item = 2, .published_s = 20},
        {.item = 3, .published_s = 10},
        {.item = 4, .published_s = 10},
    };
    assert_int_equal(lead(&defaults, three, 4), 3);
    assert_int_equal(lead(&defaults, three, 2), 2);
}

static void the_title_tells_the_language_when_nobody_says_it(void **state)
{
    const struct story_member three[] = {
        {.item = 1, .title = "Chips"},
        {.item = 2, .title = "チップの新製品"},
        {.item = 3, .title = "칩"},
        {.item = 4, .title = "新芯片", .published_s = 99},
    };
    assert_int_equal(lead(&defaults, three, 4), 4);
    const struct story_member said[] = {{.item = 1, .title = "新芯片", .language = "ja"},
        {.item = 2, .title = "X", .language = "zho"}};
    assert_int_equal(lead(&defaults, said, 2), 1);
}

static void the_defaults_rank_as_documented(void **state)
{
    static const char text[] =
        "briefing { title = \"x\" }\nsection \"a\" { title = \"A\" fallback = true }\n"
        "feed \"f\" { url = \"https://example.org/\" }\n";
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(text, "t", &problems);
    assert_non_null(config);
    struct story_lead_settings built = story_lead_settings_build(config);
    assert_string_equal(built.language, defaults.language);
    assert_true(built.language_points == defaults.language_points);
    assert_true(built.original_points == defaults.original_points);
    assert_true(built.summary_points == defaults.summary_points);
    config_unref(config);
    problems_release(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(language_comes_before_origin_before_length),
        cmocka_unit_test(points_can_turn_every_preference_round),
        cmocka_unit_test(the_longer_summary_decides_between_equals),
        cmocka_unit_test(of_equals_the_earliest_leads_and_an_undated_one_last),
        cmocka_unit_test(the_title_tells_the_language_when_nobody_says_it),
        cmocka_unit_test(the_defaults_rank_as_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
