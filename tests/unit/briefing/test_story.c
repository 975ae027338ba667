#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "briefing/gram_index.h"
#include "briefing/story.h"

enum { DAY = 86400 };

static struct fold_table *table;
static struct arena arena;
static struct story_index *stories;

static int open_table(void **state)
{
    struct fault fault;
    return fold_table_new(&table, &fault) ? 0 : -1;
}

static int close_table(void **state)
{
    fold_table_free(table);
    return 0;
}

static int open_stories(void **state)
{
    stories = story_index_new(table, &story_defaults);
    return 0;
}

static int close_stories(void **state)
{
    story_index_free(stories);
    arena_release(&arena);
    return 0;
}

static struct story_match place(
    uint64_t item, int64_t time_s, const char *key, const char *title)
{
    struct story_item it = {item, key, title, NULL, time_s};
    return story_place(stories, &arena, &it);
}

/* Unlike each other and everything else. */
static void place_noise(uint64_t first, size_t count, int64_t time_s)
{
    uint64_t chance = first * 2654435761u + 1;
    for (size_t i = 0; i < count; i++) {
        char title[64];
        for (size_t k = 0; k < 48; k++) {
            chance = chance * 6364136223846793005u + 1442695040888963407u;
            title[k] = k % 8 == 7 ? ' ' : (char)('a' + (chance >> 33) % 26);
        }
        title[48] = '\0';
        struct story_match match = place(first + i, time_s, NULL, title);
        assert_int_equal(match.tier, STORY_NEW);
    }
}

static void look_alikes_stay_apart_in_both_tiers(void **state)
{
    place_noise(1000, 200, 0);
    place(1, 0, NULL, "tinynn inference framework 1.4.0 released with int4 kernels");
    struct story_match next = place(
        2, 60, NULL, "tinynn inference framework 1.4.1 released with int4 kernels");
    assert_int_equal(next.tier, STORY_NEW);
    assert_int_equal(next.story, 2);
}

static void items_without_words_never_meet(void **state)
{
    assert_int_equal(place(1, 0, NULL, NULL).tier, STORY_NEW);
    assert_int_equal(place(2, 0, NULL, "").tier, STORY_NEW);
    assert_int_equal(place(3, 0, NULL, "！！！").tier, STORY_NEW);
    assert_int_equal(place(4, 0, NULL, "？").tier, STORY_NEW);
}

static void the_same_key_is_the_same_story_whatever_the_title(void **state)
{
    place(1, 0, "arxiv:2009.00278", "A paper on pruning");
    struct story_match match = place(2, 60, "arxiv:2009.00278", "量化剪枝论文解读");
    assert_int_equal(match.tier, STORY_SAME_KEY);
    assert_int_equal(match.story, 1);
}

static void a_copy_joins_and_says_which_words_it_shares(void **state)
{
    place(1, 0, NULL, "某厂发布新一代端侧推理芯片，能效翻倍");
    struct story_match match = place(2, 60, NULL, "快讯：某厂发布新一代端侧推理芯片 能效翻倍");
    assert_int_equal(match.tier, STORY_NEAR_DUPLICATE);
    assert_int_equal(match.story, 1);
    assert_int_equal(match.matched, 1);
    assert_true(match.word_count > 0);
    assert_non_null(strstr(story_explain(&arena, &match), "新一代端侧推理芯片"));
}

/* The second copies the first and the third the second, but the third and the first have only a
 * third in common: it is no copy of what is none itself. */
static void copies_form_stars_not_chains(void **state)
{
    place(1, 0, NULL, "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收");
    assert_int_equal(place(2, 0, NULL, "宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成").tier,
        STORY_NEAR_DUPLICATE);
    struct story_match drift = place(
        3, 0, NULL, "盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳");
    assert_int_not_equal(drift.tier, STORY_NEAR_DUPLICATE);
}

static void one_event_in_other_words_is_one_story(void **state)
{
    place_noise(1000, 100, 0);
    place(1, 0, NULL, "Zephyrion recalls its Quantoma accelerator boards");
    struct story_match match = place(
        2, 3600, NULL, "Why the Quantoma boards of Zephyrion had to go");
    assert_int_equal(match.tier, STORY_RELATED);
    assert_int_equal(match.story, 1);
    assert_true(match.score > 0 && match.score <= 1.0001);
}

static void windows_close(void **state)
{
    place_noise(1000, 100, 0);
    place(1, 0, NULL, "Zephyrion recalls its Quantoma accelerator boards");
    struct story_match late = place(
        2, 4 * DAY, NULL, "Why the Quantoma boards of Zephyrion had to go");
    assert_int_equal(late.tier, STORY_NEW);
    struct story_match copy = place(
        3, 13 * DAY, NULL, "Zephyrion recalls its Quantoma accelerator boards");
    assert_int_equal(copy.tier, STORY_NEAR_DUPLICATE);
    assert_int_equal(copy.story, 1);
    struct story_match gone = place(
        4, 15 * DAY, NULL, "Zephyrion recalls its Quantoma accelerator boards");
    assert_int_not_equal(gone.story, 1);
    assert_true(story_live_count(stories) <= 3);
}

static void dates_that_jump_back_or_are_missing_do_no_harm(void **state)
{
    place(1, 10 * DAY, NULL, "某厂发布新一代端侧推理芯片，能效翻倍");
    assert_int_equal(
        place(2, CLOCK_NONE, NULL, "某厂发布新一代端侧推理芯片，能效翻倍").story, 1);
    assert_int_equal(
        place(3, -100 * DAY, NULL, "某厂发布新一代端侧推理芯片，能效翻倍").story, 1);
    assert_int_equal(story_live_count(stories), 3);
}

static void restored_items_group_what_comes_after_as_before(void **state)
{
    struct story_index *again = story_index_new(table, &story_defaults);
    static const char *const titles[] = {
        "Zephyrion recalls its Quantoma accelerator boards",
        "某厂发布新一代端侧推理芯片，能效翻倍",
        "Quantoma boards of Zephyrion recalled after fires",
        "快讯：某厂发布新一代端侧推理芯片 能效翻倍",
    };
    for (uint64_t i = 0; i < 4; i++) {
        struct story_match match = place(i, 60 * (int64_t)i, NULL, titles[i]);
        struct story_item item = {i, NULL, titles[i], NULL, 60 * (int64_t)i};
        story_restore(again, &item, match.story);
    }
    struct story_item item = {
        9, NULL, "Zephyrion explains the fires on Quantoma boards", NULL, 600};
    struct story_match one = story_place(stories, &arena, &item);
    struct story_match other = story_place(again, &arena, &item);
    assert_int_equal(one.story, other.story);
    assert_true(one.score == other.score);
    story_index_free(again);
}

/* Everything that came also leaves, and the sums come back to nothing. */
static void the_index_empties_itself(void **state)
{
    for (uint64_t round = 0; round < 30; round++) {
        int64_t time_s = (int64_t)round * DAY;
        place_noise(1 + round * 1000, 60, time_s);
        place(round * 1000, time_s, NULL, "Zephyrion recalls its Quantoma accelerator boards");
    }
    assert_true(story_live_count(stories) <= 15 * 61);
    size_t bytes = story_index_bytes(stories);
    place(999999, 100 * DAY, NULL, "alone");
    assert_int_equal(story_live_count(stories), 1);
    assert_true(story_index_bytes(stories) <= bytes);
}

static void postings_leave_in_the_order_they_came(void **state)
{
    struct gram_index index = {0};
    uint32_t count;
    for (uint32_t i = 0; i < 5000; i++) {
        gram_index_add(&index, i % 7, i, 1);
        gram_index_count(&index, i % 7, 1);
    }
    for (uint32_t i = 0; i < 4990; i++) {
        gram_index_remove(&index, i % 7, i);
        gram_index_remove(&index, i % 7, i);
    }
    const struct posting *postings = gram_index_find(&index, 4990 % 7, &count);
    assert_int_equal(count, 2);
    assert_int_equal(postings[0].item, 4990);
    assert_int_equal(postings[1].item, 4997);
    assert_int_equal(gram_index_counted(&index, 3), 714);
    assert_null(gram_index_find(&index, 77, &count));
    gram_index_release(&index);
}

static void the_configuration_has_the_same_defaults(void **state)
{
    static const char text[] =
        "briefing { title = \"x\" }\nsection \"a\" { title = \"A\" fallback = true }\n"
        "feed \"f\" { url = \"https://example.org/\" }\nstories { }\n";
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(text, "t", &problems);
    assert_non_null(config);
    struct story_settings built = story_settings_build(&config->stories);
    assert_memory_equal(&built, &story_defaults, sizeof(built));
    config_unref(config);
    problems_release(&problems);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_stories, close_stories)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(look_alikes_stay_apart_in_both_tiers),
        CASE(items_without_words_never_meet),
        CASE(the_same_key_is_the_same_story_whatever_the_title),
        CASE(a_copy_joins_and_says_which_words_it_shares),
        CASE(copies_form_stars_not_chains),
        CASE(one_event_in_other_words_is_one_story),
        CASE(windows_close),
        CASE(dates_that_jump_back_or_are_missing_do_no_harm),
        CASE(restored_items_group_what_comes_after_as_before),
        CASE(the_index_empties_itself),
        CASE(postings_leave_in_the_order_they_came),
        CASE(the_configuration_has_the_same_defaults),
    };
    return cmocka_run_group_tests(tests, open_table, close_table);
}
