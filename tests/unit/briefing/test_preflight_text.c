/* What is found in the letters of titles and summaries: brackets, marks, lengths, Markdown. */
#include "preflight_bench.h"

#include <string.h>

#include "base/attributes.h"

static void a_source_in_the_title_would_be_printed_twice(void **state)
{
    struct preflight_bench *bench = *state;
    const char *title = "某厂发布芯片 | 芯东西";
    item_of(bench, NEWS)->title = title;
    assert_string_equal(fixed_field(bench, title,
                            only_finding(check_issue(bench), PREFLIGHT_SOURCE_TWICE, "title")),
        "某厂发布芯片");
}

static void brackets_without_their_other_half_are_found(void **state)
{
    static const struct {
        const char *text;
        enum preflight_code code;
        size_t start;
    } cases[] = {
        {"芯片（新发布", PREFLIGHT_BRACKET_ALONE, sizeof("芯片") - 1},
        {"芯片）新发布", PREFLIGHT_BRACKET_ALONE, sizeof("芯片") - 1},
        {"「芯片『新」发布", PREFLIGHT_BRACKET_ALONE, sizeof("「芯片") - 1},
        {"他说“芯片", PREFLIGHT_BRACKET_ALONE, sizeof("他说") - 1},
        {"芯片 (new", PREFLIGHT_BRACKET_ALONE, sizeof("芯片 ") - 1},
        {"芯片（new)好", PREFLIGHT_BRACKET_WIDTHS, sizeof("芯片（new") - 1},
        {"芯片(new）好", PREFLIGHT_BRACKET_WIDTHS, sizeof("芯片(new") - 1},
        {"【芯片】《好》〈x〉（a(b)c）“‘’”", PREFLIGHT_CODES, 0},
        {"一、1）甲；2)乙，a) 丙：iv) 丁", PREFLIGHT_CODES, 0},
        {"It’s (done) [0, 1] :)", PREFLIGHT_BRACKET_ALONE, sizeof("It’s (done) [0, 1] :") - 1},
    };
    struct preflight_bench *bench = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        item_of(bench, PAPERS)->summary = cases[i].text;
        if (cases[i].code == PREFLIGHT_CODES) {
            expect_clean(check_issue(bench));
        } else {
            print_message("%s\n", cases[i].text);
            assert_int_equal(only_finding(check_issue(bench), cases[i].code, "summary")->start,
                cases[i].start);
        }
    }
}

static void half_width_marks_behind_han_are_mended(void **state)
{
    static const struct {
        const char *text, *fixed; /* NULL: nothing to mend */
    } cases[] = {
        {"芯片, 已发布", "芯片，已发布"},
        {"芯片:新发布", "芯片：新发布"},
        {"芯片发布.", "芯片发布。"},
        {"芯片发布. \n第二行", "芯片发布。 \n第二行"},
        {"发布了?", "发布了？"},
        {"发布了;\n好", "发布了；\n好"},
        {"见论文:https://example.org/a,b", "见论文：https://example.org/a,b"},
        {"芯片.exe 与 第1章.概述", NULL},
        {"价格 1,000 元，A, B, C，INT8:好", NULL},
        {"`码:x` \\: https://example.org/x:y?z", NULL},
        {"芯片，，发布", "芯片，发布"},
        {"芯片……发布——好！！", NULL},
    };
    struct preflight_bench *bench = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        item_of(bench, PAPERS)->summary = cases[i].text;
        struct preflight preflight = check_issue(bench);
        if (cases[i].fixed == NULL) {
            expect_clean(preflight);
        } else {
            assert_int_equal(preflight.count, 1);
            assert_string_equal(
                fixed_field(bench, cases[i].text, &preflight.findings[0]), cases[i].fixed);
        }
    }
}

static void a_mark_at_the_end_of_a_one_liner_would_be_doubled(void **state)
{
    struct preflight_bench *bench = *state;
    item_of(bench, BRIEF)->title = "降价；";
    assert_string_equal(fixed_field(bench, "降价；",
                            only_finding(check_issue(bench), PREFLIGHT_LINE_MARK, "title")),
        "降价");
    item_of(bench, BRIEF)->title = "降价！";
    expect_clean(check_issue(bench));
}

static void long_texts_are_hints(void **state)
{
    struct preflight_bench *bench = *state;
    item_of(bench, NEWS)->title = repeated(bench, "长", 101);
    item_of(bench, NEWS)->highlight = false;
    bench->issue->guide = "本次3条。「新闻」长长；「论文」两比特量化；「开源」推理框架。";
    assert_string_equal(
        only_finding(check_issue(bench), PREFLIGHT_TITLE_LONG, "title")->message_zh,
        "标题有 101 字，偏长");
    item_of(bench, NEWS)->title = repeated(bench, "长", 100);
    expect_clean(check_issue(bench));
    const char *summary = arena_printf(&bench->arena, "短。\n%s", repeated(bench, "长", 701));
    item_of(bench, PAPERS)->summary = summary;
    assert_int_equal(
        only_finding(check_issue(bench), PREFLIGHT_PARAGRAPH_LONG, "summary")->start,
        strlen("短。\n"));
}

/* WeChat and the page show them as what they are: only the file does not. */
static void what_the_house_form_would_print_as_it_is_is_named(void **state)
{
    struct preflight_bench *bench = *state;
    item_of(bench, PAPERS)->summary =
        "- 紧跟在「摘要：」后面\n  - 缩进了\n    * 也是\n-5 度\n#标签";
    expect_clean(check_issue(bench));
    item_of(bench, PAPERS)->summary = "两点：\n- 一";
    const struct finding *finding = only_finding(
        check_issue(bench), PREFLIGHT_LINE_ESCAPED, "summary");
    assert_int_equal(finding->start, strlen("两点：\n"));
    assert_int_equal(finding->length, 1);
    assert_string_equal(finding->fix, "  -");
    item_of(bench, PAPERS)->summary = "代码：\n```c\nint x;\n\n```\n| a |\n|---|";
    finding = only_finding(check_issue(bench), PREFLIGHT_LINE_ESCAPED, "summary");
    assert_int_equal(finding->start, strlen("代码：\n"));
    assert_int_equal(finding->length, 3);
    assert_null(finding->fix);
    item_of(bench, PAPERS)->summary = "- 没有「摘要：」";
    item_of(bench, PAPERS)->bare_summary = true;
    only_finding(check_issue(bench), PREFLIGHT_LINE_ESCAPED, "summary");
}

/* Hostile: any bytes in any text field end, and every place lies inside its field. */
static void any_text_is_checked_without_harm(void **state)
{
    static const char *const pieces[] = {"（", "(", "]", "](", ")", "\\", "`", "```",
        "https://", "，", ",", "汉", "\n", "1)", "“", "\xff", "「", "」", "；", "。",
        "?utm_source=x", "[x]()"};
    uint32_t random = 3;
    for (int round = 0; round < 3000; round++) {
        struct preflight_bench *bench = *state;
        char text[256] = "x";
        for (int i = 0; i < 20; i++) {
            random = random * 1664525U + 1013904223U;
            strncat(text, pieces[(random >> 10) % array_count(pieces)],
                sizeof(text) - strlen(text) - 1);
        }
        struct arena arena;
        arena_init(&arena);
        item_of(bench, NEWS)->title = item_of(bench, NEWS)->summary = text;
        bench->issue->guide = text;
        struct preflight preflight = preflight_check(&arena, bench->issue, NULL);
        for (size_t i = 0; i < preflight.count; i++) {
            const struct finding *finding = &preflight.findings[i];
            assert_true(finding->start + finding->length <= strlen(finding->text));
        }
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PREFLIGHT_TEST(a_source_in_the_title_would_be_printed_twice),
        PREFLIGHT_TEST(brackets_without_their_other_half_are_found),
        PREFLIGHT_TEST(half_width_marks_behind_han_are_mended),
        PREFLIGHT_TEST(a_mark_at_the_end_of_a_one_liner_would_be_doubled),
        PREFLIGHT_TEST(long_texts_are_hints),
        PREFLIGHT_TEST(what_the_house_form_would_print_as_it_is_is_named),
        PREFLIGHT_TEST(any_text_is_checked_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
