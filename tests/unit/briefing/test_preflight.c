/* Every finding with a case that has it and one that only looks like it. */
#include "briefing/preflight.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "house_labels.h"

struct bench {
    struct arena arena;
    struct issue *issue; /* clean */
};

enum { BRIEF, NEWS, PAPERS, OSS };

static const struct config_labels labels = HOUSE_LABELS;

/* As the house writes: spaces between Han and Latin, half-width brackets, an arXiv link twice,
 * lists with "1）" and ；, an address before Han. */
static const struct issue_item clean_brief[] = {
    {.subject = "华为", .title = "旧工艺又用了一代（6 纳米），功耗降低两成"},
    {.subject = "英伟达 & ARM",
        .title = "两家公司和解，专利交叉许可 5 年",
        .url = "https://mp.weixin.qq.com/s/aaaaaaaaaaaaaaaaaaaaaa"},
};
static const struct issue_item clean_news[] = {
    {.id = 7,
        .title = "某厂发布新一代芯片，算力 5TOPS (INT8)，支持 MLIR/TVM: 一文看懂",
        .source = "芯东西",
        .url = "https://mp.weixin.qq.com/s/bbbbbbbbbbbbbbbbbbbbbb",
        .summary = "这款芯片采用「新工艺」（16 纳米），见[公告](https://example.org/a_(b))。\n"
                   "  1）支持 INT8；\n  2) 支持 `f(x` 与 https://example.org/x(y 。\n"
                   "它的版本是 2.0,价格 1,000 元；“彩票假设”成立。\n1. Easy to use；",
        .highlight = true},
};
static const struct issue_line arxiv_lines[] = {
    {"链接：", "https://arxiv.org/abs/2602.01234v2"}};
static const struct issue_item clean_papers[] = {
    {.title = "Training: Two-Bit, Weights; without Tears?",
        .url = "https://arxiv.org/abs/2602.01234v2",
        .lines = (struct issue_line *)arxiv_lines,
        .line_count = 1,
        .summary = "两比特权重的训练办法。",
        .clause = "两比特量化",
        .highlight = true},
};
static const struct issue_item clean_oss[] = {
    {.prefix = "Tencent/ncnn",
        .title = "A framework",
        .url = "https://github.com/Tencent/ncnn",
        .summary = "推理框架。"},
};

static struct issue_item *copy_items(
    struct arena *arena, const struct issue_item *items, size_t count)
{
    struct issue_item *copy = arena_new_array(arena, struct issue_item, count);
    memcpy(copy, items, count * sizeof(*items));
    return copy;
}

static int set_up(void **state)
{
    static struct bench bench;
    arena_init(&bench.arena);
    struct issue *issue = bench.issue = arena_new(&bench.arena, struct issue);
    issue->date = "2026-03-05";
    issue->title = "简报";
    issue->language = "zh-CN";
    issue->labels = labels;
    issue->guide =
        "本次3条。「新闻」某厂发布新一代芯片；「论文」两比特量化；「开源」推理框架。";
    issue->section_count = 4;
    issue->sections = arena_new_array(&bench.arena, struct issue_section, 4);
    issue->sections[BRIEF] = (struct issue_section){.id = "brief",
        .title = "热身",
        .form = CONFIG_FORM_ONELINE,
        .items = copy_items(&bench.arena, clean_brief, 2),
        .item_count = 2};
    issue->sections[NEWS] = (struct issue_section){.id = "news",
        .title = "业界新闻",
        .short_title = "新闻",
        .items = copy_items(&bench.arena, clean_news, 1),
        .item_count = 1};
    issue->sections[PAPERS] = (struct issue_section){.id = "papers",
        .title = "论文",
        .form = CONFIG_FORM_PAPER,
        .items = copy_items(&bench.arena, clean_papers, 1),
        .item_count = 1};
    issue->sections[OSS] = (struct issue_section){.id = "oss",
        .title = "开源项目",
        .short_title = "开源",
        .form = CONFIG_FORM_PROJECT,
        .items = copy_items(&bench.arena, clean_oss, 1),
        .item_count = 1};
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    arena_release(&bench->arena);
    return 0;
}

static struct issue_item *item_of(struct bench *bench, int section)
{
    return &bench->issue->sections[section].items[0];
}

static struct preflight check_with(struct bench *bench, const struct preflight_context *context)
{
    return preflight_check(&bench->arena, bench->issue, context);
}

static struct preflight check(struct bench *bench)
{
    return check_with(bench, NULL);
}

static void expect_clean(struct preflight preflight)
{
    for (size_t i = 0; i < preflight.count; i++) {
        print_error("%s in %s: %s\n", preflight_code_name(preflight.findings[i].code),
            preflight.findings[i].field, preflight.findings[i].message_zh);
    }
    assert_int_equal(preflight.count, 0);
}

/* The only finding, of `code` in `field`. */
static const struct finding *only(
    struct preflight preflight, enum preflight_code code, const char *field)
{
    for (size_t i = 0; i < preflight.count; i++) {
        if (preflight.count != 1 || preflight.findings[i].code != code) {
            print_error("%s in %s\n", preflight_code_name(preflight.findings[i].code),
                preflight.findings[i].field);
        }
    }
    assert_int_equal(preflight.count, 1);
    assert_int_equal(preflight.findings[0].code, code);
    assert_string_equal(preflight.findings[0].field, field);
    return &preflight.findings[0];
}

/* The field with the finding's fix in it. */
static const char *fixed(struct bench *bench, const char *text, const struct finding *finding)
{
    assert_non_null(finding->fix);
    return arena_printf(&bench->arena, "%.*s%s%s", (int)finding->start, text, finding->fix,
        text + finding->start + finding->length);
}

static void a_clean_issue_has_no_findings(void **state)
{
    expect_clean(check(*state));
}

static void another_day_than_planned_is_named_with_both(void **state)
{
    struct preflight_context context = {.planned_date = "2026-03-12"};
    const struct finding *finding = only(
        check_with(*state, &context), PREFLIGHT_DATE_NOT_PLANNED, "date");
    assert_string_equal(finding->message_zh, "日期写的是 2026-03-05，这一期计划在 2026-03-12");
    assert_string_equal(finding->fix, "2026-03-12");
    context.planned_date = "2026-03-05";
    expect_clean(check_with(*state, &context));
}

static void an_empty_section_is_named_but_an_empty_warm_up_list_is_not(void **state)
{
    struct bench *bench = *state;
    bench->issue->sections[BRIEF].item_count = 0;
    expect_clean(check(bench));
    bench->issue->sections[OSS].item_count = 0;
    bench->issue->guide = "本次2条。「新闻」某厂发布新一代芯片；「论文」两比特量化。";
    assert_int_equal(only(check(bench), PREFLIGHT_SECTION_EMPTY, "items")->section, OSS);
}

static void an_awaited_link_is_an_error_a_missing_one_a_hint(void **state)
{
    struct bench *bench = *state;
    item_of(bench, NEWS)->url = NULL;
    const struct finding *finding = only(check(bench), PREFLIGHT_LINK_MISSING, "url");
    assert_int_equal(finding->severity, PREFLIGHT_HINT);
    assert_int_equal(finding->item_id, 7);
    item_of(bench, NEWS)->awaits_url = true;
    assert_int_equal(
        only(check(bench), PREFLIGHT_LINK_EMPTY, "url")->severity, PREFLIGHT_ERROR);
}

static void an_empty_link_in_a_summary_is_found_where_it_is(void **state)
{
    struct bench *bench = *state;
    item_of(bench, PAPERS)->summary = "见[公告]( )。";
    const struct finding *finding = only(check(bench), PREFLIGHT_LINK_EMPTY, "summary");
    assert_int_equal(finding->start, strlen("见[公告"));
    assert_int_equal(finding->length, strlen("]( )"));
}

static void a_label_with_nothing_behind_it_is_named(void **state)
{
    struct bench *bench = *state;
    static struct issue_line line = {"代码：", NULL};
    item_of(bench, PAPERS)->lines = &line;
    assert_string_equal(only(check(bench), PREFLIGHT_LINE_EMPTY, "lines[0].text")->message_zh,
        "「代码：」后面还没有填");
}

static void two_items_with_one_thing_are_told_by_key(void **state)
{
    struct bench *bench = *state;
    item_of(bench, OSS)->url = "https://arxiv.org/pdf/2602.01234v1.pdf";
    const struct finding *finding = only(check(bench), PREFLIGHT_LINK_DUPLICATE, "url");
    assert_int_equal(finding->section, OSS);
    assert_non_null(strstr(finding->message_zh, "Training: Two-Bit"));
}

static void tracking_goes_and_nothing_else(void **state)
{
    static const struct {
        const char *url, *fix;
    } cases[] = {
        {"https://example.org/p?id=1&utm_source=wx&b=%E4%BD%A0#part",
            "https://example.org/p?id=1&b=%E4%BD%A0#part"},
        {"https://example.org/p?utm_source=wx", "https://example.org/p"},
        {"https://mp.weixin.qq.com/s/cccccccccccccccccccccc#rd",
            "https://mp.weixin.qq.com/s/cccccccccccccccccccccc"},
        {"https://example.org/p?id=1#part", NULL},
        {"https://EXAMPLE.org/a/../b?", NULL},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        item_of(bench, NEWS)->url = cases[i].url;
        if (cases[i].fix == NULL) {
            expect_clean(check(bench));
        } else {
            assert_string_equal(
                only(check(bench), PREFLIGHT_LINK_TRACKING, "url")->fix, cases[i].fix);
        }
    }
}

static void tracking_inside_a_summary_is_mended_in_place(void **state)
{
    struct bench *bench = *state;
    const char *summary =
        "见[公告](https://example.org/?utm_medium=x)，又 https://example.org/b 。";
    item_of(bench, PAPERS)->summary = summary;
    assert_string_equal(
        fixed(bench, summary, only(check(bench), PREFLIGHT_LINK_TRACKING, "summary")),
        "见[公告](https://example.org/)，又 https://example.org/b 。");
}

static void a_temporary_wechat_link_is_named_once(void **state)
{
    struct bench *bench = *state;
    item_of(bench, NEWS)->url =
        "https://mp.weixin.qq.com/s?timestamp=1556&src=3&ver=1&signature=x*y&utm_source=a";
    only(check(bench), PREFLIGHT_LINK_TEMPORARY, "url");
    item_of(bench, NEWS)->url = "https://example.org/s?timestamp=1556&signature=x";
    expect_clean(check(bench));
}

static const char *printed_before(void *user_data, const char *key)
{
    return strcmp(key, "arxiv:2602.01234") == 0 ? user_data : NULL;
}

static void what_was_printed_says_when(void **state)
{
    char date[] = "2026-02-18";
    struct preflight_context context = {.find_printed = printed_before, .user_data = date};
    const struct finding *finding = only(
        check_with(*state, &context), PREFLIGHT_LINK_PRINTED, "url");
    assert_int_equal(finding->section, PAPERS);
    assert_string_equal(finding->message_zh, "2026-02-18 那一期已经发过");
    strcpy(date, "2026-03-05"); /* the issue itself, corrected */
    expect_clean(check_with(*state, &context));
}

static bool find_dead(void *user_data, const char *url, struct preflight_reason *ret_reason)
{
    *ret_reason = (struct preflight_reason){"证书已过期", "its certificate has expired"};
    return strcmp(url, "https://github.com/Tencent/ncnn") == 0;
}

static void a_dead_link_is_named_with_the_reason_in_the_language_of_who_reads_it(void **state)
{
    struct preflight_context context = {.find_dead = find_dead};
    const struct finding *finding = only(
        check_with(*state, &context), PREFLIGHT_LINK_DEAD, "url");
    assert_string_equal(finding->message_zh, "链接打不开：证书已过期");
    assert_string_equal(
        finding->message_en, "The link does not open: its certificate has expired");
}

static void what_a_form_asks_for_is_missed(void **state)
{
    struct bench *bench = *state;
    item_of(bench, NEWS)->source = NULL;
    only(check(bench), PREFLIGHT_SOURCE_MISSING, "source");
    item_of(bench, NEWS)->source = "芯东西";
    item_of(bench, PAPERS)->summary = NULL;
    only(check(bench), PREFLIGHT_SUMMARY_MISSING, "summary");
    item_of(bench, PAPERS)->summary = "好。";
    item_of(bench, BRIEF)->subject = NULL;
    only(check(bench), PREFLIGHT_SUBJECT_MISSING, "subject");
    bench->issue->sections[BRIEF].items[1].subject = NULL; /* a list without any has a style */
    expect_clean(check(bench));
}

static void a_missing_repository_is_offered_as_it_is_written(void **state)
{
    struct bench *bench = *state;
    item_of(bench, OSS)->prefix = NULL;
    item_of(bench, OSS)->url = "https://github.com/Tencent/ncnn/releases/tag/v1";
    assert_string_equal(
        only(check(bench), PREFLIGHT_PREFIX_MISSING, "prefix")->fix, "Tencent/ncnn");
    item_of(bench, OSS)->url = "https://github.com/Tencent";
    expect_clean(check(bench));
    item_of(bench, OSS)->url = "https://tnn.tencent.com/";
    expect_clean(check(bench));
}

static void a_source_in_the_title_would_be_printed_twice(void **state)
{
    struct bench *bench = *state;
    const char *title = "某厂发布芯片 | 芯东西";
    item_of(bench, NEWS)->title = title;
    assert_string_equal(
        fixed(bench, title, only(check(bench), PREFLIGHT_SOURCE_TWICE, "title")),
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
    struct bench *bench = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        item_of(bench, PAPERS)->summary = cases[i].text;
        if (cases[i].code == PREFLIGHT_CODES) {
            expect_clean(check(bench));
        } else {
            print_message("%s\n", cases[i].text);
            assert_int_equal(
                only(check(bench), cases[i].code, "summary")->start, cases[i].start);
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
    struct bench *bench = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        item_of(bench, PAPERS)->summary = cases[i].text;
        struct preflight preflight = check(bench);
        if (cases[i].fixed == NULL) {
            expect_clean(preflight);
        } else {
            assert_int_equal(preflight.count, 1);
            assert_string_equal(
                fixed(bench, cases[i].text, &preflight.findings[0]), cases[i].fixed);
        }
    }
}

static void a_mark_at_the_end_of_a_one_liner_would_be_doubled(void **state)
{
    struct bench *bench = *state;
    item_of(bench, BRIEF)->title = "降价；";
    assert_string_equal(
        fixed(bench, "降价；", only(check(bench), PREFLIGHT_LINE_MARK, "title")), "降价");
    item_of(bench, BRIEF)->title = "降价！";
    expect_clean(check(bench));
}

static const char *repeated(struct bench *bench, const char *text, size_t times)
{
    char *all = arena_alloc(&bench->arena, strlen(text) * times + 1);
    all[0] = '\0';
    for (size_t i = 0; i < times; i++) {
        memcpy(all + i * strlen(text), text, strlen(text) + 1);
    }
    return all;
}

static void long_texts_are_hints(void **state)
{
    struct bench *bench = *state;
    item_of(bench, NEWS)->title = repeated(bench, "长", 101);
    item_of(bench, NEWS)->highlight = false;
    bench->issue->guide = "本次3条。「新闻」长长；「论文」两比特量化；「开源」推理框架。";
    assert_string_equal(
        only(check(bench), PREFLIGHT_TITLE_LONG, "title")->message_zh, "标题有 101 字，偏长");
    item_of(bench, NEWS)->title = repeated(bench, "长", 100);
    expect_clean(check(bench));
    const char *summary = arena_printf(&bench->arena, "短。\n%s", repeated(bench, "长", 701));
    item_of(bench, PAPERS)->summary = summary;
    assert_int_equal(
        only(check(bench), PREFLIGHT_PARAGRAPH_LONG, "summary")->start, strlen("短。\n"));
}

/* WeChat and the page show them as what they are: only the file does not. */
static void what_the_house_form_would_print_as_it_is_is_named(void **state)
{
    struct bench *bench = *state;
    item_of(bench, PAPERS)->summary =
        "- 紧跟在「摘要：」后面\n  - 缩进了\n    * 也是\n-5 度\n#标签";
    expect_clean(check(bench));
    item_of(bench, PAPERS)->summary = "两点：\n- 一";
    const struct finding *finding = only(check(bench), PREFLIGHT_LINE_ESCAPED, "summary");
    assert_int_equal(finding->start, strlen("两点：\n"));
    assert_int_equal(finding->length, 1);
    assert_string_equal(finding->fix, "  -");
    item_of(bench, PAPERS)->summary = "代码：\n```c\nint x;\n\n```\n| a |\n|---|";
    finding = only(check(bench), PREFLIGHT_LINE_ESCAPED, "summary");
    assert_int_equal(finding->start, strlen("代码：\n"));
    assert_int_equal(finding->length, 3);
    assert_null(finding->fix);
    item_of(bench, PAPERS)->summary = "- 没有「摘要：」";
    item_of(bench, PAPERS)->bare_summary = true;
    only(check(bench), PREFLIGHT_LINE_ESCAPED, "summary");
}

static void the_size_for_wechat_is_named_before_and_beyond_the_limit(void **state)
{
    struct bench *bench = *state;
    const char *line = arena_printf(&bench->arena, "%s\n", repeated(bench, "长", 500));
    item_of(bench, PAPERS)->summary = repeated(bench, line, 34);
    only(check(bench), PREFLIGHT_WECHAT_NEAR, "wechat");
    item_of(bench, PAPERS)->summary = repeated(bench, line, 40);
    only(check(bench), PREFLIGHT_WECHAT_LONG, "wechat");
}

static void a_guide_that_does_not_fit_is_named_where_it_does_not(void **state)
{
    static const struct {
        const char *guide;
        enum preflight_code code;
        const char *fixed;
    } cases[] = {
        {NULL, PREFLIGHT_GUIDE_MISSING, NULL},
        {"本次4条。「新闻」某厂发布新一代芯片；「论文」两比特量化；「开源」推理框架。",
            PREFLIGHT_GUIDE_COUNT,
            "本次3条。「新闻」某厂发布新一代芯片；「论文」两比特量化；「开源」推理框架。"},
        {"本次3条。「新闻」某厂发布新一代芯片；「论文」两比特量化；【开源】推理框架。",
            PREFLIGHT_GUIDE_BRACKETS,
            "本次3条。「新闻」某厂发布新一代芯片；「论文」两比特量化；「开源」推理框架。"},
        {"本次3条。「新闻」某厂发布新一代芯片；「论文」两比特量化；「开源项目」推理框架；"
         "「视频」推理框架讲座。",
            PREFLIGHT_GUIDE_GROUP_UNKNOWN, NULL},
        {"本次3条。「新闻」某厂发布新一代芯片；「论文」两比特量化；「开源」。",
            PREFLIGHT_GUIDE_GROUP_EMPTY, NULL},
        {"本次3条。「新闻」某厂发布新一代芯片；「论文」两比特量化。",
            PREFLIGHT_GUIDE_GROUP_MISSED, NULL},
        {"本次3条。「新闻」某厂发布新一代芯片、折叠屏手机下月开售；「论文」两比特量化；"
         "「开源」推理框架。",
            PREFLIGHT_GUIDE_CLAUSE_GONE, NULL},
        {"三条都好看。「新闻」某厂发布新一代芯片；「论文」两比特量化；「开源」推理框架。",
            PREFLIGHT_CODES, NULL},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        bench->issue->guide = cases[i].guide;
        if (cases[i].code == PREFLIGHT_CODES) {
            expect_clean(check(bench));
            continue;
        }
        const struct finding *finding = only(check(bench), cases[i].code, "guide");
        if (cases[i].fixed != NULL) {
            assert_string_equal(fixed(bench, cases[i].guide, finding), cases[i].fixed);
        }
    }
}

static void an_item_meant_for_the_guide_is_missed_in_it(void **state)
{
    struct bench *bench = *state;
    item_of(bench, OSS)->highlight = true;
    item_of(bench, OSS)->title = item_of(bench, OSS)->summary = "手机上的视频超分";
    bench->issue->guide = "本次3条。「新闻」某厂发布新一代芯片；「论文」两比特量化；"
                          "「开源」新一代芯片。";
    assert_int_equal(
        only(check(bench), PREFLIGHT_GUIDE_ITEM_MISSED, "highlight")->section, OSS);
}

static void findings_are_written_as_json(void **state)
{
    struct bench *bench = *state;
    item_of(bench, NEWS)->url = "https://example.org/?utm_source=\"x";
    struct preflight preflight = check(bench);
    struct buffer out;
    buffer_init(&out, 1 << 16);
    preflight_write_json(&preflight, &out);
    assert_string_equal(out.data,
        "[{\"code\":\"link_tracking\",\"severity\":\"warning\",\"section\":1,\"item\":0,"
        "\"id\":7,\"field\":\"url\",\"start\":0,\"length\":34,\"message\":{\"zh\":"
        "\"链接里带有跟踪参数\",\"en\":\"The link carries tracking parameters\"},"
        "\"fix\":\"https://example.org/\"}]");
    buffer_release(&out);
}

static void every_finding_has_its_words(void **state)
{
    for (int code = 0; code < PREFLIGHT_CODES; code++) {
        assert_non_null(preflight_code_name((enum preflight_code)code));
    }
}

/* Hostile: any bytes in any text field end, and every place lies inside its field. */
static void any_text_is_checked_without_harm(void **state)
{
    static const char *const pieces[] = {"（", "(", "]", "](", ")", "\\", "`", "```",
        "https://", "，", ",", "汉", "\n", "1)", "“", "\xff", "「", "」", "；", "。",
        "?utm_source=x", "[x]()"};
    uint32_t random = 3;
    for (int round = 0; round < 3000; round++) {
        struct bench *bench = *state;
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
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_clean_issue_has_no_findings),
        TEST(another_day_than_planned_is_named_with_both),
        TEST(an_empty_section_is_named_but_an_empty_warm_up_list_is_not),
        TEST(an_awaited_link_is_an_error_a_missing_one_a_hint),
        TEST(an_empty_link_in_a_summary_is_found_where_it_is),
        TEST(a_label_with_nothing_behind_it_is_named),
        TEST(two_items_with_one_thing_are_told_by_key),
        TEST(tracking_goes_and_nothing_else),
        TEST(tracking_inside_a_summary_is_mended_in_place),
        TEST(a_temporary_wechat_link_is_named_once),
        TEST(what_was_printed_says_when),
        TEST(a_dead_link_is_named_with_the_reason_in_the_language_of_who_reads_it),
        TEST(what_a_form_asks_for_is_missed),
        TEST(a_missing_repository_is_offered_as_it_is_written),
        TEST(a_source_in_the_title_would_be_printed_twice),
        TEST(brackets_without_their_other_half_are_found),
        TEST(half_width_marks_behind_han_are_mended),
        TEST(a_mark_at_the_end_of_a_one_liner_would_be_doubled),
        TEST(long_texts_are_hints),
        TEST(what_the_house_form_would_print_as_it_is_is_named),
        TEST(the_size_for_wechat_is_named_before_and_beyond_the_limit),
        TEST(a_guide_that_does_not_fit_is_named_where_it_does_not),
        TEST(an_item_meant_for_the_guide_is_missed_in_it),
        TEST(findings_are_written_as_json),
        TEST(every_finding_has_its_words),
        TEST(any_text_is_checked_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
