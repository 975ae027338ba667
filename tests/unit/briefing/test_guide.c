#include "draft_fixture.h"

#include <stdio.h>
#include <string.h>

#include "base/attributes.h"
#include "briefing/guide.h"
#include "briefing/headline.h"
#include "briefing/letters.h"

static const char *guide_of(
    struct fixture *fixture, const struct candidate *items, size_t count)
{
    return fixture_draft(fixture, items, count)->guide;
}

static const char *guide_of_title(struct fixture *fixture, const char *title)
{
    struct candidate item = fixture_candidate(1, BLOG, 0.5, title);
    return guide_of(fixture, &item, 1);
}

static void without_picks_it_is_the_count_alone(void **state)
{
    assert_string_equal(guide_of(*state, NULL, 0), "本次0条。");
}

static void groups_without_picks_are_left_out(void **state)
{
    struct candidate items[] = {
        fixture_candidate(1, BLOG, 0.5, "部署记录"),
        fixture_candidate(2, NEWS, 0.5, "芯片发布"),
    };
    assert_string_equal(
        guide_of(*state, items, 2), "本次2条。「新闻」芯片发布；「博文」部署记录。");
}

static void the_warm_up_list_is_neither_counted_nor_named(void **state)
{
    struct candidate item = fixture_candidate(1, BRIEF, 0.5, "高通发布平台");
    assert_string_equal(guide_of(*state, &item, 1), "本次0条。");
}

static void brackets_separators_and_count_are_the_configurations(void **state)
{
    struct fixture *fixture = *state;
    struct config_labels *labels = &fixture->config.briefing.labels;
    labels->guide_count = "{count} items. ";
    labels->open_bracket = "[";
    labels->close_bracket = "] ";
    labels->item_separator = "; ";
    labels->group_separator = " / ";
    labels->sentence_end = ".";
    struct candidate items[] = {
        fixture_candidate(1, BLOG, 0.9, "Porting notes; part one"),
        fixture_candidate(2, BLOG, 0.5, "Second"),
        fixture_candidate(3, NEWS, 0.5, "Chips"),
    };
    assert_string_equal(guide_of(fixture, items, 3),
        "3 items. [新闻] Chips / [博文] Porting notes part one; Second.");
}

static void a_clause_ends_at_a_natural_border(void **state)
{
    static const struct {
        const char *title, *clause;
    } cases[] = {
        {"苹果发布会：全球首发 5nm 最强处理器 A14 惊艳亮相，史上最便宜 iPad 和 Apple Watch "
         "问世",
            "苹果发布会：全球首发 5nm 最强处理器 A14 惊艳亮相"},
        {"【独家】[转] 某厂公布端侧推理芯片路线图（附原文）", "某厂公布端侧推理芯片路线图"},
        {"一步步实现 onnx 模型的裁剪、验证和导出", "一步步实现 onnx 模型的裁剪/验证和导出"},
        {"好快，模型又小了", "好快 模型又小了"},
        {"Scaling Up Deep Neural Network Optimization for Edge Inference on Everything",
            "Scaling Up Deep Neural Network Optimization for Edge…"},
        {"Low-bit kernels: a field guide to 1,000 shapes, 4:3 tiles and more things",
            "Low-bit kernels: a field guide to 1,000 shapes"},
        {"《模型（又，小了）压缩》读书笔记", "《模型（又 小了）压缩》读书笔记"},
        {"《端侧大模型推理（部署，量化）实战》读书笔记",
            "《端侧大模型推理（部署 量化）实战》读书笔记"},
        {"在手机上从零开始运行一个完整的多模态模型并且使用quantization-aware训练的权重",
            "在手机上从零开始运行一个完整的多模态模型并且使用…"},
        {"简称 \"DoKit\" 。 一款助手", "简称 \"DoKit\" 一款助手"},
        {"部署记录。", "部署记录"},
        {"【只有标签】", "【只有标签】"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        char expected[512];
        snprintf(expected, sizeof(expected), "本次1条。「博文」%s。", cases[i].clause);
        assert_string_equal(guide_of_title(*state, cases[i].title), expected);
    }
}

/* Words of every length stand at every place of the border: none is cut. */
static void a_cut_is_never_inside_a_latin_word(void **state)
{
    struct fixture *fixture = *state;
    static const char *const words[] = {"a", "it", "NPU", "v0.2.0", "TF32/BF16", "Im2Col+Pack",
        "quantization-aware", "deployment"};
    char title[400];
    for (size_t first = 0; first < array_count(words); first++) {
        title[0] = '\0';
        for (size_t k = 0; k < 14; k++) {
            strcat(strcat(title, words[(first * 3 + k * 5) % array_count(words)]), " ");
        }
        const char *cut = headline_shorten(&fixture->arena, title, 20, 60);
        size_t length = strlen(cut) - strlen("…");
        assert_string_equal(cut + length, "…");
        assert_true(letters_columns(cut) <= 60);
        assert_memory_equal(cut, title, length);
        assert_int_equal(title[length], ' ');
    }
}

static void a_run_without_any_border_is_cut_between_characters(void **state)
{
    struct fixture *fixture = *state;
    char title[1000] = "";
    for (int i = 0; i < 300; i++) {
        strcat(title, "量");
    }
    const char *cut = headline_shorten(&fixture->arena, title, 20, 60);
    assert_true(letters_columns(cut) <= 60 && letters_columns(cut) >= 56);
    assert_int_equal((strlen(cut) - strlen("…")) % strlen("量"), 0);
}

static void a_project_is_named_where_its_title_does_not(void **state)
{
    static const struct {
        const char *title, *clause;
    } cases[] = {
        {"20260301", "ncnn 20260301"},
        {"b3456", "ncnn b3456"},
        {"Realtime math", "ncnn: Realtime math"},
        {"ncnn 20260301", "ncnn 20260301"},
        {"A flexible inference framework for phones",
            "ncnn: A flexible inference framework for phones"},
        {"新增多种算子，速度更快", "ncnn：新增多种算子 速度更快"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct candidate item = fixture_candidate(1, OSS, 0.5, cases[i].title);
        item.prefix = "Tencent/ncnn";
        char expected[256];
        snprintf(expected, sizeof(expected), "本次1条。「开源」%s。", cases[i].clause);
        assert_string_equal(guide_of(*state, &item, 1), expected);
    }
}

static void a_group_names_no_more_than_stays_readable(void **state)
{
    struct fixture *fixture = *state;
    fixture->sections[NEWS].limit = 20;
    struct candidate items[20];
    for (int i = 0; i < 20; i++) {
        items[i] = fixture_candidate(i, NEWS, 0.5, "x");
    }
    const char *guide = guide_of(fixture, items, 20);
    assert_string_equal(guide, "本次20条。「新闻」x、x、x、x、x、x。");
}

static void hostile_titles_stay_one_line_and_bounded(void **state)
{
    struct fixture *fixture = *state;
    char long_title[10001];
    memset(long_title, '[', sizeof(long_title) - 1);
    long_title[sizeof(long_title) - 1] = '\0';
    const char *const titles[] = {long_title, "\n\n# x\r\n- y", "\xff\xfe\x80", "]]]](((",
        "、；。，", "\u202Eright to left", "「」、「"};
    for (size_t i = 0; i < array_count(titles); i++) {
        const char *guide = guide_of_title(fixture, titles[i]);
        assert_null(strpbrk(guide, "\r\n"));
        assert_null(strstr(guide, "\u202E"));
        assert_true(strlen(guide) < 400);
    }
}

#define guide_test(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        guide_test(without_picks_it_is_the_count_alone),
        guide_test(groups_without_picks_are_left_out),
        guide_test(the_warm_up_list_is_neither_counted_nor_named),
        guide_test(brackets_separators_and_count_are_the_configurations),
        guide_test(a_clause_ends_at_a_natural_border),
        guide_test(a_cut_is_never_inside_a_latin_word),
        guide_test(a_run_without_any_border_is_cut_between_characters),
        guide_test(a_project_is_named_where_its_title_does_not),
        guide_test(a_group_names_no_more_than_stays_readable),
        guide_test(hostile_titles_stay_one_line_and_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
