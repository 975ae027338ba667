#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "briefing/similarity.h"

static const struct fold_table *table;
static struct arena arena;

static int open_table(void **state)
{
    table = fold_table_get();
    return 0;
}

static int release_arena(void **state)
{
    arena_release(&arena);
    return 0;
}

static struct wording build(const char *title, const char *summary)
{
    return wording_build(table, &arena, title, summary, 180);
}

static enum number_conflict compare(const char *a, const char *b)
{
    struct wording left = build(a, NULL), right = build(b, NULL);
    struct kept_wording *kept_left = wording_keep(&left), *kept_right = wording_keep(&right);
    enum number_conflict conflict = wording_compare_numbers(&left, kept_right);
    assert_int_equal(conflict, wording_compare_numbers(&right, kept_left));
    free(kept_left);
    free(kept_right);
    return conflict;
}

static bool near(const char *a, const char *b)
{
    static const struct similarity_settings settings = {0.55, 0.28, 0.5};
    struct wording left = build(a, NULL), right = build(b, NULL);
    struct kept_wording *kept_left = wording_keep(&left), *kept_right = wording_keep(&right);
    struct similarity one = similarity_measure(&left, kept_right);
    struct similarity other = similarity_measure(&right, kept_left);
    free(kept_left);
    free(kept_right);
    assert_int_equal(
        similarity_is_near(&one, &settings), similarity_is_near(&other, &settings));
    return similarity_is_near(&one, &settings);
}

static void nothing_and_endless_titles_are_measured_within_bounds(void **state)
{
    struct wording none = build(NULL, NULL);
    assert_int_equal(none.count, 0);
    assert_int_equal(none.title.count, 0);
    char *endless = calloc(1, 1 << 20);
    memset(endless, '9', (1 << 20) - 1);
    struct wording wording = build(endless, endless);
    assert_true(wording.title_count <= WORDING_TITLE_MAX);
    assert_true(wording.count <= WORDING_TITLE_MAX + 180);
    for (size_t i = 0; i < 1 << 19; i++) {
        memcpy(endless + i * 2, i % 2 == 0 ? "7 " : "8 ", 2);
    }
    endless[(1 << 20) - 1] = '\0';
    wording = build(endless, NULL);
    assert_true(wording.number_count <= WORDING_NUMBERS_MAX);
    free(endless);
    assert_false(near("", ""));
    assert_false(near("。。。", "！！！"));
}

static void broken_utf8_is_measured_without_reading_behind_the_end(void **state)
{
    struct wording wording = build("\xe4\xb8 abc \xff\xe4", "\xf0\x9f");
    assert_true(wording.title_count >= 3);
}

static void deliveries_of_one_title_are_near(void **state)
{
    assert_true(near("兆易创新发布新款车规级MCU", "【快讯】兆易创新发布新款车规级 MCU"));
    assert_true(near("開源框架支持低比特量化推理", "开源框架支持低比特量化推理"));
    assert_true(near("Ａｒｍ 发布新一代 NPU 设计", "Arm发布新一代NPU设计"));
    assert_true(near(
        "Tom &amp; Jerry's new chip sets a record", "Tom & Jerry’s new chip sets a record"));
}

static void a_title_cut_short_is_the_whole_one_even_inside_a_number(void **state)
{
    assert_true(near("Vendor opens its compiler for accelerators, raises 2500 million",
        "Vendor opens its compiler for accelerators, raises 25..."));
    assert_true(
        near("某公司开源端侧推理框架，性能提升三倍，内存减半", "某公司开源端侧推理框架…"));
    assert_false(near("Breaking: the fab in the north is on fire", "Breaking..."));
}

static void consecutive_numbers_are_serial(void **state)
{
    static const char *const pairs[][2] = {
        {"tinynn v8.9.0", "tinynn v8.9.1"},
        {"tinynn 1.6", "tinynn 1.6-rc1"},
        {"tinynn 1.6rc1 发布", "tinynn 1.6rc2 发布"},
        {"tinynn release-0.3", "tinynn release-0.3-fixed"},
        {"每周精选（第 312 期）", "每周精选（第 313 期）"},
        {"第三届端侧智能大会开幕", "第四届端侧智能大会开幕"},
        {"简报 (2020-04-04)", "简报 (2020-04-26)"},
        {"骁龙 8 Gen 6 发布", "骁龙 8 Gen 7 发布"},
        {"Qwen3", "Qwen4"},
        {"5th conference opens", "6th conference opens"},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (compare(pairs[i][0], pairs[i][1]) != NUMBERS_SERIAL ||
            near(pairs[i][0], pairs[i][1])) {
            fail_msg("%s | %s", pairs[i][0], pairs[i][1]);
        }
    }
}

static void equal_numbers_in_other_dress_agree(void **state)
{
    assert_int_equal(compare("tinynn v1.2.0 released", "Tinynn 1.2.0"), NUMBERS_AGREE);
    assert_int_equal(compare("raises 1,000 dollars", "raises 1000 dollars"), NUMBERS_AGREE);
    assert_int_equal(compare("3月5日开幕", "03月05日开幕"), NUMBERS_AGREE);
    assert_int_equal(compare("第3届大会", "第三届大会"), NUMBERS_AGREE);
    assert_int_equal(
        compare("UPDATE 1-Vendor opens 2 fabs", "Vendor opens 2 fabs"), NUMBERS_AGREE);
}

static void a_number_that_one_title_leaves_out_is_no_conflict(void **state)
{
    assert_int_equal(compare("芯片厂裁员 500 人", "芯片厂裁员"), NUMBERS_AGREE);
    assert_int_equal(compare("一家公司十分重视", "两家公司非常重视"), NUMBERS_AGREE);
}

static void numbers_in_other_places_differ_without_being_serial(void **state)
{
    assert_int_equal(compare("亏损 14 亿美元", "8 人辞职"), NUMBERS_DIFFER);
    assert_int_equal(compare("悬置28年的案件告破", "横跨14年的案件告破"), NUMBERS_DIFFER);
}

static bool near_with(const char *a, const char *b, const char *a_text, const char *b_text)
{
    static const struct similarity_settings settings = {0.55, 0.28, 0.5};
    struct wording left = build(a, a_text), right = build(b, b_text);
    struct kept_wording *kept = wording_keep(&right);
    struct similarity similarity = similarity_measure(&left, kept), quick;
    bool near = similarity_is_near(&similarity, &settings);
    assert_int_equal(similarity_find_near(&left, kept, &settings, &quick), near);
    assert_true(!near || similarity_score(&quick) == similarity_score(&similarity));
    free(kept);
    return near;
}

static void one_headline_over_two_texts_is_no_copy(void **state)
{
    static const char title[] = "兆易创新发布新款车规级MCU";
    static const char one[] =
        "公司今日在深圳举行发布会，介绍了面向车身控制的新产品，样片已经送达客户手中，"
        "量产要等到明年春天，届时还会公布配套的编译器和调试工具，价格没有透露";
    static const char other[] =
        "分析师认为这一市场竞争激烈，国产厂商的份额仍然很小，价格战恐怕难以避免，"
        "而海外对手正在扩充成熟制程的产能，下半年的订单情况会说明谁能留下来";
    assert_false(near_with(title, title, one, other));
    assert_true(near_with(title, title, one, one));
    assert_true(near_with(title, title, one, NULL));
    assert_true(near_with(title, title, one, "阅读全文"));
}

/* What is measured against a wording that was kept is what it was before. */
static void a_kept_wording_loses_nothing_that_is_compared(void **state)
{
    struct wording whole = build("Vendor’s v1.2 编译器 开源 𠮷…",
        "Some words about it, and more of them than a phrase has");
    struct kept_wording *kept = wording_keep(&whole);
    struct wording again = wording_unpack(&arena, kept);
    assert_int_equal(again.title_count, whole.title_count);
    assert_memory_equal(again.letters, whole.letters, 4 * whole.title_count);
    assert_int_equal(again.number_count, 1);
    assert_int_equal(wording_compare_numbers(&whole, kept), NUMBERS_AGREE);
    assert_true(again.title_cut && again.has_summary);
    assert_int_equal(again.han, whole.han);
    assert_true(wording_title_jaccard(&whole, kept) == 1);
    assert_true(wording_all_jaccard(&whole, kept, 0.9) == 1);
    assert_true(wording_all_jaccard(&again, kept, 1) == 1);
    assert_true(kept_wording_bytes(kept) < 600);
    free(kept);
    struct wording none = build("", NULL);
    kept = wording_keep(&none);
    assert_true(wording_title_jaccard(&none, kept) == 0);
    free(kept);
}

static size_t list_shared(const struct wording *a, const struct wording *b, const char **runs)
{
    struct kept_wording *kept = wording_keep(b);
    size_t count = similarity_list_shared(&arena, a, kept, runs, 2);
    free(kept);
    return count;
}

static void shared_runs_are_whole_words_longest_first(void **state)
{
    struct wording a = build("Vendor opens its compiler toolchain today", NULL);
    struct wording b = build("Today: compiler toolchain opened by Vendor", NULL);
    const char *runs[2];
    assert_int_equal(list_shared(&a, &b, runs), 2);
    assert_string_equal(runs[0], "compiler toolchain");
    assert_string_equal(runs[1], "vendor");
    a = build("兆易创新发布新品", NULL);
    b = build("新品由兆易创新推出", NULL);
    assert_int_equal(list_shared(&a, &b, runs), 2);
    assert_string_equal(runs[0], "兆易创新");
    assert_string_equal(runs[1], "新品");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(
            nothing_and_endless_titles_are_measured_within_bounds, release_arena),
        cmocka_unit_test_teardown(
            broken_utf8_is_measured_without_reading_behind_the_end, release_arena),
        cmocka_unit_test_teardown(deliveries_of_one_title_are_near, release_arena),
        cmocka_unit_test_teardown(
            a_title_cut_short_is_the_whole_one_even_inside_a_number, release_arena),
        cmocka_unit_test_teardown(consecutive_numbers_are_serial, release_arena),
        cmocka_unit_test_teardown(equal_numbers_in_other_dress_agree, release_arena),
        cmocka_unit_test_teardown(
            a_number_that_one_title_leaves_out_is_no_conflict, release_arena),
        cmocka_unit_test_teardown(
            numbers_in_other_places_differ_without_being_serial, release_arena),
        cmocka_unit_test_teardown(one_headline_over_two_texts_is_no_copy, release_arena),
        cmocka_unit_test_teardown(a_kept_wording_loses_nothing_that_is_compared, release_arena),
        cmocka_unit_test_teardown(shared_runs_are_whole_words_longest_first, release_arena),
    };
    return cmocka_run_group_tests(tests, open_table, NULL);
}
