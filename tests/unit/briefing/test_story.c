#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "briefing/story.h"

enum { DAY = 86400 };

static const struct fold_table *table;
static struct arena arena;
static struct story_index *stories;

static int open_table(void **state)
{
    table = fold_table_get();
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

static int64_t story_of(int64_t item)
{
    int64_t story = -1;
    assert_true(story_find(stories, item, &story));
    return story;
}

static struct story_match place(
    int64_t item, int64_t time_s, const char *key, const char *title)
{
    struct story_item it = {item, key, title, NULL, time_s};
    return story_place(stories, &arena, &it);
}

/* Unlike each other and everything else. */
static void place_noise(int64_t first, size_t count, int64_t time_s)
{
    uint64_t chance = (uint64_t)first * 2654435761u + 1;
    for (size_t i = 0; i < count; i++) {
        char title[64];
        for (size_t k = 0; k < 48; k++) {
            chance = chance * 6364136223846793005u + 1442695040888963407u;
            title[k] = k % 8 == 7 ? ' ' : (char)('a' + (chance >> 33) % 26);
        }
        title[48] = '\0';
        struct story_match match = place(first + (int64_t)i, time_s, NULL, title);
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

/* Reported on the first day, and again `days` later by `title`. */
static struct story_match report_after(double days, const char *title)
{
    place_noise(1000, 100, 0);
    place(1, 0, NULL, "Zephyrion recalls its Quantoma accelerator boards");
    return place(2, (int64_t)(days * DAY), NULL, title);
}

static void what_joins_at_once_is_refused_after_days_of_silence(void **state)
{
    static const char title[] = "Why the Quantoma boards of Zephyrion had to go";
    assert_int_equal(report_after(0.1, title).tier, STORY_RELATED);
    close_stories(state);
    open_stories(state);
    assert_int_equal(report_after(2.5, title).tier, STORY_NEW);
}

static void open_stories_that_admit_any_name(void)
{
    struct story_settings settings = story_defaults;
    settings.narrow_share = 1;
    story_index_free(stories);
    stories = story_index_new(table, &settings);
}

static void one_name_in_common_is_believed_for_a_shorter_time_than_two(void **state)
{
    open_stories_that_admit_any_name();
    static const double days = 4.0 / 24;
    struct story_match match = report_after(days, "Zephyrion sued");
    assert_int_equal(match.tier, STORY_NEW);
    /* Not for want of nearness. */
    assert_true(match.score > story_defaults.cut[0] * (1 + days * story_defaults.silence));
    close_stories(state);
    open_stories(state);
    assert_int_equal(report_after(days, "Boards of Zephyrion sued").story, 1);
    close_stories(state);
    open_stories(state);
    open_stories_that_admit_any_name();
    assert_int_equal(report_after(0.05, "Zephyrion sued").story, 1);
}

static void a_report_that_says_more_opens_a_silent_story_again(void **state)
{
    static const char title[] = "Why the Quantoma boards of Zephyrion had to go";
    assert_int_equal(report_after(0.5, title).tier, STORY_NEW);
    close_stories(state);
    open_stories(state);
    assert_int_equal(
        report_after(0.5, "Zephyrion recalls Quantoma boards worldwide now").story, 1);
    assert_int_equal(place(3, DAY / 2 + 600, NULL, title).story, 1);
}

/* Whether a title on the edge of what is told joins, when the titles told so far are the same
 * two words and little else. */
static bool joins_a_story_of_one_piece(double inner)
{
    static const char *const said[] = {"Norway counts its losses", "dismay among analysts",
        "lawsuits pile up", "profits will fall", "what to do now", "ships turn back",
        "hotels without light", "tomorrow it gets worse"};
    struct story_settings settings = story_defaults;
    settings.inner = inner;
    story_index_free(stories);
    stories = story_index_new(table, &settings);
    place_noise(1000, 100, 0);
    for (int64_t i = 0; i < (int64_t)array_count(said); i++) {
        char title[64];
        snprintf(title, sizeof(title), "Zephyrion recall: %s", said[i]);
        assert_int_equal(place(i, 0, NULL, title).story, 0);
    }
    return place(99, 0, NULL, "Norwegian wood recalls another summer of song").story == 0;
}

static void a_story_of_one_piece_asks_for_more(void **state)
{
    assert_true(joins_a_story_of_one_piece(0));
    assert_false(joins_a_story_of_one_piece(story_defaults.inner));
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
    for (int64_t i = 0; i < 4; i++) {
        struct story_match match = place(i, 60 * i, NULL, titles[i]);
        struct story_item item = {i, NULL, titles[i], NULL, 60 * i};
        story_restore(again, &item, match.story, match.tier);
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
    for (int64_t round = 0; round < 30; round++) {
        int64_t time_s = round * DAY;
        place_noise(1 + round * 1000, 60, time_s);
        place(round * 1000, time_s, NULL, "Zephyrion recalls its Quantoma accelerator boards");
    }
    assert_true(story_live_count(stories) <= 15 * 61);
    size_t bytes = story_index_bytes(stories);
    place(999999, 100 * DAY, NULL, "alone");
    assert_int_equal(story_live_count(stories), 1);
    assert_true(story_index_bytes(stories) <= bytes);
}

static const char chip[] = "某厂发布新一代端侧推理芯片，能效翻倍";
static const char chip_again[] = "快讯：某厂发布新一代端侧推理芯片 能效翻倍";
static const char recall[] = "Zephyrion recalls its Quantoma accelerator boards";

static void restore(int64_t item, const char *title, int64_t story, enum story_tier tier)
{
    struct story_item it = {item, NULL, title, NULL, 0};
    story_restore(stories, &it, story, tier);
}

static void what_was_split_off_takes_its_copies_along(void **state)
{
    place(1, 0, NULL, chip);
    assert_int_equal(place(2, 60, NULL, chip_again).story, 1);
    assert_true(story_move(stories, 2, 77));
    assert_int_equal(story_of(2), 77);
    assert_int_equal(story_of(1), 1);
    struct story_match copy = place(3, 120, NULL, chip_again);
    assert_int_equal(copy.story, 77);
    assert_int_equal(copy.matched, 2);
    assert_int_equal(place(4, 180, NULL, chip).story, 1);
}

static void merged_stories_take_what_belongs_to_either(void **state)
{
    place_noise(1000, 100, 0);
    place(1, 0, NULL, recall);
    place(2, 0, NULL, chip);
    assert_true(story_move(stories, 2, 1));
    assert_int_equal(place(3, 60, NULL, chip_again).story, 1);
    struct story_match told = place(
        4, 120, NULL, "Why the Quantoma boards of Zephyrion had to go");
    assert_int_equal(told.tier, STORY_RELATED);
    assert_int_equal(told.story, 1);
}

/* Also what would be decided otherwise now. */
static void an_item_is_never_judged_twice(void **state)
{
    place(1, 0, NULL, chip);
    place(2, 60, NULL, chip_again);
    story_move(stories, 2, 77);
    struct story_match again = place(2, 120, NULL, chip);
    assert_int_equal(again.tier, STORY_BY_HAND);
    assert_int_equal(again.story, 77);
    restore(2, chip, 1, STORY_NEW);
    assert_int_equal(story_of(2), 77);
    assert_int_equal(story_live_count(stories), 2);
}

static void restored_items_are_not_judged(void **state)
{
    restore(1, chip, 1, STORY_NEW);
    restore(2, chip, 2, STORY_NEW);
    restore(3, chip, 77, STORY_BY_HAND);
    assert_int_equal(story_of(1), 1);
    assert_int_equal(story_of(2), 2);
    assert_int_equal(story_of(3), 77);
    restore(4, recall, 77, STORY_BY_HAND);
    assert_int_equal(
        place(5, 60, NULL, "Zephyrion recalls its Quantoma accelerator boards!").story, 77);
}

static void copies_stand_in_for_the_item_that_left(void **state)
{
    for (int removed = 0; removed < 2; removed++) {
        int64_t first = 1 + 100 * removed;
        const char *title = removed ? recall : chip;
        place(first, 0, NULL, title);
        assert_int_equal(place(first + 1, 60, NULL, title).tier, STORY_NEAR_DUPLICATE);
        assert_int_equal(place(first + 2, 60, NULL, title).tier, STORY_NEAR_DUPLICATE);
        assert_true(removed ? story_remove(stories, first) : story_move(stories, first, 77));
        struct story_match match = place(first + 3, 120, NULL, title);
        if (removed) {
            assert_int_equal(match.story, first);
            assert_int_equal(match.matched, first + 1);
        } else {
            /* Equally near to the one that left; the oldest is asked first. */
            assert_true(match.story == 77 || match.story == first);
        }
    }
    int64_t story;
    assert_false(story_find(stories, 101, &story));
}

/* The third is near the second alone, which was found through the first until that left. */
static void a_copy_left_behind_is_found_by_what_copies_it(void **state)
{
    place(1, 0, NULL, "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收");
    place(2, 0, NULL, "宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成");
    assert_int_equal(story_of(2), 1);
    assert_true(story_move(stories, 1, 77));
    struct story_match match = place(
        3, 60, NULL, "盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳");
    assert_int_equal(match.tier, STORY_NEAR_DUPLICATE);
    assert_int_equal(match.matched, 2);
    assert_int_equal(match.story, 1);
}

static void a_key_outlives_the_newest_item_that_has_it(void **state)
{
    place(1, 0, "arxiv:2009.00278", "A paper on pruning");
    place(2, 60, "arxiv:2009.00278", "量化剪枝论文解读");
    assert_true(story_remove(stories, 2));
    struct story_match match = place(3, 120, "arxiv:2009.00278", "Something else entirely");
    assert_int_equal(match.tier, STORY_SAME_KEY);
    assert_int_equal(match.matched, 1);
}

static void a_story_that_lost_its_items_is_over(void **state)
{
    place(1, 0, NULL, recall);
    assert_true(story_remove(stories, 1));
    assert_false(story_remove(stories, 1));
    assert_false(story_move(stories, 1, 5));
    assert_int_equal(story_live_count(stories), 0);
    assert_int_equal(place(2, 60, NULL, recall).tier, STORY_NEW);
    assert_true(story_move(stories, 2, 9));
    assert_int_equal(place(3, 60, NULL, recall).story, 9);
}

static void time_alone_lets_items_go(void **state)
{
    place(1, 0, NULL, recall);
    story_advance(stories, 13 * DAY);
    assert_int_equal(story_live_count(stories), 1);
    story_advance(stories, 15 * DAY);
    assert_int_equal(story_live_count(stories), 0);
    assert_int_equal(story_horizon_s(&story_defaults, 15 * DAY), DAY);
}

static uint32_t draw(uint32_t *chance, uint32_t below)
{
    *chance = *chance * 1664525u + 1013904223u;
    return (*chance >> 8) % below;
}

/* Every order of deeds an editor can think of, while items come and go. */
static void hands_and_time_in_any_order_do_no_harm(void **state)
{
    enum { ITEMS = 1500 };
    static int64_t story[ITEMS];
    uint32_t chance = 7;
    for (int64_t item = 0; item < ITEMS; item++) {
        char title[128];
        snprintf(title, sizeof(title), "%s item %u of maker%u sells part%u %s",
            draw(&chance, 3) == 0 ? recall : "", draw(&chance, 4), draw(&chance, 9),
            draw(&chance, 9), draw(&chance, 2) ? "today" : "for less money than before");
        story[item] = place(item, item * DAY / 40, NULL, title).story;
        int64_t other = draw(&chance, (uint32_t)item + 1), kept;
        uint32_t deed = draw(&chance, 6);
        int64_t target = draw(&chance, 2) ? story[draw(&chance, (uint32_t)item + 1)]
                                          : 10000 + item;
        if (deed == 0 && story_move(stories, other, target)) {
            story[other] = target;
        } else if (deed == 1) {
            story_remove(stories, other);
            assert_false(story_find(stories, other, &kept));
        }
        other = draw(&chance, (uint32_t)item + 1);
        if (story_find(stories, other, &kept)) {
            assert_int_equal(kept, story[other]);
        }
    }
    story_advance(stories, 1000 * (int64_t)DAY);
    assert_int_equal(story_live_count(stories), 0);
    assert_int_equal(place(ITEMS, CLOCK_NONE, NULL, recall).tier, STORY_NEW);
}

static void tiers_are_stored_by_name(void **state)
{
    enum story_tier tier;
    for (enum story_tier each = 0; each < STORY_TIER_COUNT; each++) {
        assert_true(story_tier_read(story_tier_name(each), &tier));
        assert_int_equal(tier, each);
    }
    assert_false(story_tier_read("guess", &tier));
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
        CASE(what_joins_at_once_is_refused_after_days_of_silence),
        CASE(one_name_in_common_is_believed_for_a_shorter_time_than_two),
        CASE(a_report_that_says_more_opens_a_silent_story_again),
        CASE(a_story_of_one_piece_asks_for_more),
        CASE(windows_close),
        CASE(dates_that_jump_back_or_are_missing_do_no_harm),
        CASE(restored_items_group_what_comes_after_as_before),
        CASE(the_index_empties_itself),
        CASE(what_was_split_off_takes_its_copies_along),
        CASE(merged_stories_take_what_belongs_to_either),
        CASE(an_item_is_never_judged_twice),
        CASE(restored_items_are_not_judged),
        CASE(copies_stand_in_for_the_item_that_left),
        CASE(a_copy_left_behind_is_found_by_what_copies_it),
        CASE(a_key_outlives_the_newest_item_that_has_it),
        CASE(a_story_that_lost_its_items_is_over),
        CASE(time_alone_lets_items_go),
        CASE(hands_and_time_in_any_order_do_no_harm),
        CASE(tiers_are_stored_by_name),
        CASE(the_configuration_has_the_same_defaults),
    };
    return cmocka_run_group_tests(tests, open_table, NULL);
}
