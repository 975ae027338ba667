/* Every finding with a case that has it and one that only looks like it; what is found in the
 * letters of a text is in test_preflight_text.c. */
#include "preflight_bench.h"

#include <string.h>

#include "base/attributes.h"

static void a_clean_issue_has_no_findings(void **state)
{
    expect_clean(check_issue(*state));
}

static void another_day_than_planned_is_named_with_both(void **state)
{
    struct preflight_context context = {.planned_date = "2026-03-12"};
    const struct finding *finding = only_finding(
        check_issue_with(*state, &context), PREFLIGHT_DATE_NOT_PLANNED, "date");
    assert_string_equal(finding->message_zh, "日期写的是 2026-03-05，这一期计划在 2026-03-12");
    assert_string_equal(finding->fix, "2026-03-12");
    context.planned_date = "2026-03-05";
    expect_clean(check_issue_with(*state, &context));
}

static void an_empty_section_is_named_but_an_empty_warm_up_list_is_not(void **state)
{
    struct preflight_bench *bench = *state;
    bench->issue->sections[BRIEF].item_count = 0;
    expect_clean(check_issue(bench));
    bench->issue->sections[OSS].item_count = 0;
    bench->issue->guide = "本次2条。「新闻」某厂发布新一代芯片；「论文」两比特量化。";
    assert_int_equal(
        only_finding(check_issue(bench), PREFLIGHT_SECTION_EMPTY, "items")->section, OSS);
}

static void an_awaited_link_is_an_error_a_missing_one_a_hint(void **state)
{
    struct preflight_bench *bench = *state;
    item_of(bench, NEWS)->url = NULL;
    const struct finding *finding = only_finding(
        check_issue(bench), PREFLIGHT_LINK_MISSING, "url");
    assert_int_equal(finding->severity, PREFLIGHT_HINT);
    assert_int_equal(finding->item_id, 7);
    item_of(bench, NEWS)->awaits_url = true;
    assert_int_equal(only_finding(check_issue(bench), PREFLIGHT_LINK_EMPTY, "url")->severity,
        PREFLIGHT_ERROR);
}

static void an_empty_link_in_a_summary_is_found_where_it_is(void **state)
{
    struct preflight_bench *bench = *state;
    item_of(bench, PAPERS)->summary = "见[公告]( )。";
    const struct finding *finding = only_finding(
        check_issue(bench), PREFLIGHT_LINK_EMPTY, "summary");
    assert_int_equal(finding->start, strlen("见[公告"));
    assert_int_equal(finding->length, strlen("]( )"));
}

static void a_label_with_nothing_behind_it_is_named(void **state)
{
    struct preflight_bench *bench = *state;
    static struct issue_line line = {"代码：", NULL};
    item_of(bench, PAPERS)->lines = &line;
    assert_string_equal(
        only_finding(check_issue(bench), PREFLIGHT_LINE_EMPTY, "lines[0].text")->message_zh,
        "「代码：」后面还没有填");
}

static void two_items_with_one_thing_are_told_by_key(void **state)
{
    struct preflight_bench *bench = *state;
    item_of(bench, OSS)->url = "https://arxiv.org/pdf/2602.01234v1.pdf";
    const struct finding *finding = only_finding(
        check_issue(bench), PREFLIGHT_LINK_DUPLICATE, "url");
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
    struct preflight_bench *bench = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        item_of(bench, NEWS)->url = cases[i].url;
        if (cases[i].fix == NULL) {
            expect_clean(check_issue(bench));
        } else {
            assert_string_equal(
                only_finding(check_issue(bench), PREFLIGHT_LINK_TRACKING, "url")->fix,
                cases[i].fix);
        }
    }
}

static void tracking_inside_a_summary_is_mended_in_place(void **state)
{
    struct preflight_bench *bench = *state;
    const char *summary =
        "见[公告](https://example.org/?utm_medium=x)，又 https://example.org/b 。";
    item_of(bench, PAPERS)->summary = summary;
    assert_string_equal(
        fixed_field(bench, summary,
            only_finding(check_issue(bench), PREFLIGHT_LINK_TRACKING, "summary")),
        "见[公告](https://example.org/)，又 https://example.org/b 。");
}

static void a_temporary_wechat_link_is_named_once(void **state)
{
    struct preflight_bench *bench = *state;
    item_of(bench, NEWS)->url =
        "https://mp.weixin.qq.com/s?timestamp=1556&src=3&ver=1&signature=x*y&utm_source=a";
    only_finding(check_issue(bench), PREFLIGHT_LINK_TEMPORARY, "url");
    item_of(bench, NEWS)->url = "https://example.org/s?timestamp=1556&signature=x";
    expect_clean(check_issue(bench));
}

static const char *printed_before(void *user_data, const char *key)
{
    return strcmp(key, "arxiv:2602.01234") == 0 ? user_data : NULL;
}

static void what_was_printed_says_when(void **state)
{
    char date[] = "2026-02-18";
    struct preflight_context context = {.find_printed = printed_before, .user_data = date};
    const struct finding *finding = only_finding(
        check_issue_with(*state, &context), PREFLIGHT_LINK_PRINTED, "url");
    assert_int_equal(finding->section, PAPERS);
    assert_string_equal(finding->message_zh, "2026-02-18 那一期已经发过");
    strcpy(date, "2026-03-05"); /* the issue itself, corrected */
    expect_clean(check_issue_with(*state, &context));
}

static bool find_dead(void *user_data, const char *url, struct preflight_reason *ret_reason)
{
    *ret_reason = (struct preflight_reason){"证书已过期", "its certificate has expired"};
    return strcmp(url, "https://github.com/Tencent/ncnn") == 0;
}

static void a_dead_link_is_named_with_the_reason_in_the_language_of_who_reads_it(void **state)
{
    struct preflight_context context = {.find_dead = find_dead};
    const struct finding *finding = only_finding(
        check_issue_with(*state, &context), PREFLIGHT_LINK_DEAD, "url");
    assert_string_equal(finding->message_zh, "链接打不开：证书已过期");
    assert_string_equal(
        finding->message_en, "The link does not open: its certificate has expired");
}

static void what_a_form_asks_for_is_missed(void **state)
{
    struct preflight_bench *bench = *state;
    item_of(bench, NEWS)->source = NULL;
    only_finding(check_issue(bench), PREFLIGHT_SOURCE_MISSING, "source");
    item_of(bench, NEWS)->source = "芯东西";
    item_of(bench, PAPERS)->summary = NULL;
    only_finding(check_issue(bench), PREFLIGHT_SUMMARY_MISSING, "summary");
    item_of(bench, PAPERS)->summary = "好。";
    item_of(bench, BRIEF)->subject = NULL;
    only_finding(check_issue(bench), PREFLIGHT_SUBJECT_MISSING, "subject");
    bench->issue->sections[BRIEF].items[1].subject = NULL; /* a list without any has a style */
    expect_clean(check_issue(bench));
}

static void a_missing_repository_is_offered_as_it_is_written(void **state)
{
    struct preflight_bench *bench = *state;
    item_of(bench, OSS)->prefix = NULL;
    item_of(bench, OSS)->url = "https://github.com/Tencent/ncnn/releases/tag/v1";
    assert_string_equal(
        only_finding(check_issue(bench), PREFLIGHT_PREFIX_MISSING, "prefix")->fix,
        "Tencent/ncnn");
    item_of(bench, OSS)->url = "https://github.com/Tencent";
    expect_clean(check_issue(bench));
    item_of(bench, OSS)->url = "https://tnn.tencent.com/";
    expect_clean(check_issue(bench));
}

static void the_size_for_wechat_is_named_before_and_beyond_the_limit(void **state)
{
    struct preflight_bench *bench = *state;
    const char *line = arena_printf(&bench->arena, "%s\n", repeated(bench, "长", 500));
    item_of(bench, PAPERS)->summary = repeated(bench, line, 34);
    only_finding(check_issue(bench), PREFLIGHT_WECHAT_NEAR, "wechat");
    item_of(bench, PAPERS)->summary = repeated(bench, line, 40);
    only_finding(check_issue(bench), PREFLIGHT_WECHAT_LONG, "wechat");
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
    struct preflight_bench *bench = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        bench->issue->guide = cases[i].guide;
        if (cases[i].code == PREFLIGHT_CODES) {
            expect_clean(check_issue(bench));
            continue;
        }
        const struct finding *finding = only_finding(
            check_issue(bench), cases[i].code, "guide");
        if (cases[i].fixed != NULL) {
            assert_string_equal(fixed_field(bench, cases[i].guide, finding), cases[i].fixed);
        }
    }
}

static void an_item_meant_for_the_guide_is_missed_in_it(void **state)
{
    struct preflight_bench *bench = *state;
    item_of(bench, OSS)->highlight = true;
    item_of(bench, OSS)->title = item_of(bench, OSS)->summary = "手机上的视频超分";
    bench->issue->guide = "本次3条。「新闻」某厂发布新一代芯片；「论文」两比特量化；"
                          "「开源」新一代芯片。";
    assert_int_equal(
        only_finding(check_issue(bench), PREFLIGHT_GUIDE_ITEM_MISSED, "highlight")->section,
        OSS);
}

static void findings_are_written_as_json(void **state)
{
    struct preflight_bench *bench = *state;
    item_of(bench, NEWS)->url = "https://example.org/?utm_source=\"x";
    struct preflight preflight = check_issue(bench);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        PREFLIGHT_TEST(a_clean_issue_has_no_findings),
        PREFLIGHT_TEST(another_day_than_planned_is_named_with_both),
        PREFLIGHT_TEST(an_empty_section_is_named_but_an_empty_warm_up_list_is_not),
        PREFLIGHT_TEST(an_awaited_link_is_an_error_a_missing_one_a_hint),
        PREFLIGHT_TEST(an_empty_link_in_a_summary_is_found_where_it_is),
        PREFLIGHT_TEST(a_label_with_nothing_behind_it_is_named),
        PREFLIGHT_TEST(two_items_with_one_thing_are_told_by_key),
        PREFLIGHT_TEST(tracking_goes_and_nothing_else),
        PREFLIGHT_TEST(tracking_inside_a_summary_is_mended_in_place),
        PREFLIGHT_TEST(a_temporary_wechat_link_is_named_once),
        PREFLIGHT_TEST(what_was_printed_says_when),
        PREFLIGHT_TEST(a_dead_link_is_named_with_the_reason_in_the_language_of_who_reads_it),
        PREFLIGHT_TEST(what_a_form_asks_for_is_missed),
        PREFLIGHT_TEST(a_missing_repository_is_offered_as_it_is_written),
        PREFLIGHT_TEST(the_size_for_wechat_is_named_before_and_beyond_the_limit),
        PREFLIGHT_TEST(a_guide_that_does_not_fit_is_named_where_it_does_not),
        PREFLIGHT_TEST(an_item_meant_for_the_guide_is_missed_in_it),
        PREFLIGHT_TEST(findings_are_written_as_json),
        PREFLIGHT_TEST(every_finding_has_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
