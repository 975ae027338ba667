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

/* Members come one by one, and whoever leads so leads among all of them. */
static void a_newcomer_and_the_lead_decide_as_all_members_would(void **state)
{
    static const struct story_lead_settings settings[] = {
        {"zh", 4, 2, 1}, {"zh", 2, 2, 1}, {"zh", 4, 2, 0}, {"en", 0, 3, 2.5}, {NULL, 4, 2, 1}};
    static const char *const languages[] = {"zh", "en", NULL};
    uint32_t seed = 7;
    for (size_t round = 0; round < 2000; round++) {
        const struct story_lead_settings *chosen = &settings[round % array_count(settings)];
        struct story_member members[8];
        size_t leader = 0;
        for (size_t i = 0; i < array_count(members); i++) {
            seed = seed * 1664525 + 1013904223;
            members[i] = (struct story_member){
                .item = (int64_t)(seed >> 8 & 0xff) * 8 + (int64_t)i,
                .title = "A title",
                .language = languages[(seed >> 16) % array_count(languages)],
                .summary_letters = seed >> 20 & 3,
                .published_s = (seed >> 24 & 3) == 0 ? CLOCK_NONE : (seed >> 24 & 3),
                .original = (seed >> 28 & 1) != 0};
            bool leads = false;
            assert_true(
                i == 0 || story_challenge_lead(chosen, &members[leader], &members[i], &leads));
            leader = leads ? i : leader;
            assert_int_equal(leader, story_choose_lead(chosen, members, i + 1));
        }
    }
}

static void where_a_summary_outweighs_a_preference_all_members_must_be_asked(void **state)
{
    bool leads;
    assert_false(story_challenge_lead(
        &(struct story_lead_settings){"zh", 4, 2, 2}, &english, &chinese, &leads));
    assert_false(story_challenge_lead(
        &(struct story_lead_settings){"zh", 3, 2.5, 0.5}, &english, &chinese, &leads));
    assert_false(story_challenge_lead(
        &(struct story_lead_settings){"zh", 4, 2, -1}, &english, &chinese, &leads));
    assert_true(story_challenge_lead(&defaults, &english, &chinese, &leads));
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
        cmocka_unit_test(a_newcomer_and_the_lead_decide_as_all_members_would),
        cmocka_unit_test(where_a_summary_outweighs_a_preference_all_members_must_be_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
