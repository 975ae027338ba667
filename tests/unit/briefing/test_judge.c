#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "briefing/judge.h"

static const char rules[] =
    "briefing { title = \"T\" uncertain_margin = 0.3 }\n"
    "section \"news\" { title = \"News\" fallback = true\n"
    "  rule \"launches\" { weight = 1 keywords = { \"发布\", \"launches\", \"unveils\" } }\n"
    "  rule \"rumours\" { weight = -2 keywords = { \"tutorial\" } }\n"
    "}\n"
    "section \"papers\" { title = \"Papers\"\n"
    "  rule \"hosts\" { weight = 3 final = true keywords = { \"url:arxiv.org/\" } }\n"
    "  rule \"words\" { weight = 2 keywords = { \"paper\", \"论文\", \"source:Journal\" } }\n"
    "}\n"
    "section \"oss\" { title = \"Open\"\n"
    "  rule \"hosts\" { weight = 2 final = true keywords = { \"url:github.com/\" } }\n"
    "  rule \"greedy\" { weight = 1 keywords = { \"/zz!.+/\" } }\n"
    "}\n"
    "section \"blog\" { title = \"Blog\"\n"
    "  rule \"how\" { weight = 1.5 keywords = { \"tutorial\", \"how to\" } }\n"
    "}\n"
    "topic \"quantization\" { weight = 2 keywords = { \"量化\", \"quantiz*\" } }\n"
    "topic \"npu\" { weight = 1 keywords = { \"NPU\" } }\n"
    "topic \"games\" { weight = -3 keywords = { \"game\" } }\n"
    "vendor \"英伟达\" { aliases = { \"NVIDIA\" } }\n"
    "vendor \"紫光\" { }\n"
    "vendor \"紫光展锐\" { aliases = { \"展锐\", \"UNISOC\" } }\n"
    "vendor \"ARM\" { aliases = { \"安谋\" } }\n"
    "feed \"量子位\" { url = \"https://a.example/\" section = news section_weight = 0.5 weight "
    "= 0.3 }\n"
    "feed \"arxiv\" { url = \"https://b.example/\" source = \"arXiv\" section = papers\n"
    "  require = { \"quantization\", \"npu\" } }\n"
    "feed \"two a\" { url = \"https://c.example/\" source = \"Two\" section = blog }\n"
    "feed \"two b\" { url = \"https://d.example/\" source = \"Two\" section = news }\n";

static struct judge *judge;
static struct arena arena;

static struct config *parse(const char *text)
{
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(text, "feeds.conf", &problems);
    if (config == NULL) {
        fail_msg("%s", problems.count > 0 ? problems.items[0].message : "no problem reported");
    }
    problems_release(&problems);
    return config;
}

static int open_judge(void **state)
{
    struct problems problems;
    problems_init(&problems);
    struct config *config = parse(rules);
    judge = judge_new(config, &problems);
    config_unref(config); /* the judge keeps its own reference */
    problems_release(&problems);
    return judge == NULL ? -1 : 0;
}

static int close_judge(void **state)
{
    judge_free(judge);
    return 0;
}

static int release_arena(void **state)
{
    arena_release(&arena);
    return 0;
}

static struct verdict judge_title(const char *title)
{
    return judge_item(judge, NULL, &arena, &(struct item){.title = title});
}

static const char *section_id(const struct verdict *verdict)
{
    return judge_config(judge)->sections[verdict->section].id;
}

/* The reason of that rule; an empty one, which equals nothing, when there is none. */
static const struct reason *get_reason(const struct verdict *verdict, const char *rule)
{
    static const struct reason none = {.rule = "", .matched = "", .field = ""};
    for (size_t i = 0; i < verdict->reason_count; i++) {
        if (strcmp(verdict->reasons[i].rule, rule) == 0) {
            return &verdict->reasons[i];
        }
    }
    return &none;
}

static const struct config_feed *feed(const char *name)
{
    const struct config_feed *found = config_find_feed(judge_config(judge), name);
    assert_non_null(found);
    return found;
}

/* --- hostile --- */

static void every_bad_keyword_is_a_problem_at_its_line(void **state)
{
    struct config *config = parse("briefing { title = \"T\" }\n"
                                  "section \"news\" { title = \"N\" fallback = true\n"
                                  "  rule \"r\" { keywords = { \"good\",\n"
                                  "    \"/(bad/\",\n"
                                  "    \"*\" } } }\n"
                                  "topic \"t\" { keywords = { \"author:x\" } }\n"
                                  "vendor \"v\" { aliases = { \"++\" } }\n"
                                  "feed \"f\" { url = \"https://a.example/\" }\n");
    struct problems problems;
    problems_init(&problems);
    assert_null(judge_new(config, &problems));
    static const struct {
        int line;
        const char *sentence;
    } expected[] = {
        {4, "news/r: keyword '/(bad/': missing closing parenthesis"},
        {5, "news/r: keyword '*' would match every word"},
        {6, "topic/t: keyword 'author:x': 'author' is no field"},
        {7, "vendor/v: keyword '++' has no letter or digit"},
    };
    assert_int_equal(problems.error_count, array_count(expected));
    for (size_t i = 0; i < array_count(expected); i++) {
        assert_int_equal(problems.items[i].line, expected[i].line);
        assert_string_equal(problems.items[i].file, "feeds.conf");
        assert_non_null(strstr(problems.items[i].message, expected[i].sentence));
    }
    problems_release(&problems);
    config_unref(config);
}

static void an_item_without_any_text_falls_back_and_is_uncertain(void **state)
{
    struct verdict verdict = judge_item(judge, NULL, &arena, &(struct item){0});
    assert_string_equal(section_id(&verdict), "news");
    assert_true(verdict.margin == 0);
    assert_true(verdict.uncertain);
    assert_false(verdict.off_topic);
    assert_true(verdict.relevance > 0.1 && verdict.relevance < 0.15);
    assert_int_equal(verdict.reason_count, 0);
    assert_int_equal(verdict.tag_count, 0);
    assert_null(verdict.vendor);
    assert_null(verdict.prefix);
}

static void json_of_broken_text_is_still_json(void **state)
{
    struct verdict verdict = judge_title("NVIDIA \"发布\" \xff");
    struct buffer out;
    buffer_init(&out, 1 << 16);
    verdict_write_json(&verdict, judge_config(judge), "a\"\\\n\xff", &out);
    assert_non_null(
        strstr(out.data, "{\"id\":\"a\\\"\\\\\\n\xef\xbf\xbd\",\"section\":\"news\""));
    assert_non_null(strstr(out.data, "\"vendor\":\"英伟达\",\"prefix\":null,\"tags\":[],"));
    assert_non_null(strstr(out.data,
        "{\"rule\":\"news/launches\",\"matched\":\"发布\",\"field\":\"title\",\"weight\":1,"
        "\"spans\":[[8,10]]}"));
    assert_int_equal(out.data[out.length - 1], '}');
    buffer_release(&out);
}

static void a_match_as_long_as_the_text_is_quoted_short(void **state)
{
    char *title = arena_alloc(&arena, 30001);
    for (size_t i = 0; i < 10000; i++) {
        memcpy(title + i * 3, "量", 3);
    }
    title[30000] = '\0';
    memcpy(title, "zz!", 3);
    struct verdict verdict = judge_title(title);
    const char *matched = get_reason(&verdict, "oss/greedy")->matched;
    assert_int_equal(strlen(matched), 198 + 3); /* whole characters, and "…" */
    assert_memory_equal(matched, "zz!量", 6);
    assert_memory_equal(matched + 198, "…", 3);
}

/* --- sections --- */

static void a_final_rule_decides_whatever_the_votes(void **state)
{
    struct verdict verdict = judge_item(judge, NULL, &arena,
        &(struct item){.title = "NVIDIA 发布 tutorial", .url = "https://github.com/a/b"});
    assert_string_equal(section_id(&verdict), "oss");
    assert_true(verdict.margin == 1);
    assert_false(verdict.uncertain);
    assert_true(get_reason(&verdict, "news/launches")->weight ==
        1); /* the votes are told all the same */
}

static void of_two_final_rules_the_heavier_decides(void **state)
{
    struct verdict verdict = judge_item(
        judge, NULL, &arena, &(struct item){.url = "https://github.com/arxiv.org/x"});
    assert_string_equal(section_id(&verdict), "papers");
}

static void a_list_votes_once_however_often_it_matches(void **state)
{
    struct verdict once = judge_title("发布");
    struct verdict often = judge_title("发布 launches unveils 发布 发布");
    assert_int_equal(often.reason_count, 1);
    assert_true(once.margin == often.margin);
    struct verdict papers = judge_title("发布 launches unveils paper");
    assert_string_equal(section_id(&papers), "papers");
}

static void a_title_counts_more_than_a_summary(void **state)
{
    struct verdict title = judge_title("论文");
    struct verdict summary = judge_item(judge, NULL, &arena, &(struct item){.summary = "论文"});
    assert_true(title.margin > summary.margin);
    struct verdict both = judge_item(
        judge, NULL, &arena, &(struct item){.summary = "论文", .title = "a 论文"});
    assert_true(both.margin == title.margin);
    assert_string_equal(both.reasons[0].field, "title");
    struct verdict source = judge_item(
        judge, NULL, &arena, &(struct item){.summary = "a paper", .source = "The Journal"});
    assert_string_equal(source.reasons[0].field, "source");
    assert_true(source.reasons[0].weight == 2);
}

static void a_negative_rule_votes_against_its_section(void **state)
{
    struct verdict verdict = judge_title("发布 tutorial");
    assert_string_equal(section_id(&verdict), "blog");
    assert_true(get_reason(&verdict, "news/rumours")->weight == -2);
}

static void margins_grow_with_the_lead_and_small_ones_are_uncertain(void **state)
{
    struct verdict tie = judge_title("论文 how to 发布");
    struct verdict clear = judge_title("论文");
    assert_true(tie.margin > 0 && tie.margin < clear.margin && clear.margin < 1);
    assert_true(tie.uncertain);
    assert_false(clear.uncertain);
}

static void a_feed_votes_for_its_own_section(void **state)
{
    struct verdict verdict = judge_item(
        judge, NULL, &arena, &(struct item){.title = "x", .feed = feed("arxiv")});
    assert_string_equal(section_id(&verdict), "papers");
    assert_string_equal(get_reason(&verdict, "feed/arxiv")->matched, "arXiv");
    assert_string_equal(get_reason(&verdict, "feed/arxiv")->field, "source");
}

static void an_item_by_hand_is_judged_like_one_from_the_feed_of_its_source(void **state)
{
    struct verdict verdict = judge_item(
        judge, NULL, &arena, &(struct item){.title = "x", .source = "量子位"});
    assert_true(get_reason(&verdict, "feed/量子位")->weight == 0.5);
    assert_true(get_reason(&verdict, "weight/量子位")->weight == 0.3);
    struct verdict arxiv = judge_item(
        judge, NULL, &arena, &(struct item){.title = "x", .source = "arXiv"});
    assert_false(arxiv.off_topic); /* a gate is the feed's own; by hand means wanted */
    struct verdict torn = judge_item(
        judge, NULL, &arena, &(struct item){.title = "x", .source = "Two"});
    assert_int_equal(torn.reason_count, 0);
}

/* --- relevance --- */

static void topics_raise_relevance_within_bounds(void **state)
{
    double none = judge_title("x").relevance;
    double npu = judge_title("NPU").relevance;
    double both = judge_title("NPU 量化").relevance;
    double games = judge_title("game").relevance;
    assert_true(0 < games && games < none && none < npu && npu < both && both < 1);
    double summary =
        judge_item(judge, NULL, &arena, &(struct item){.summary = "NPU"}).relevance;
    assert_true(none < summary && summary < npu);
    assert_true(none < judge_title("NVIDIA").relevance);
    assert_true(judge_title("NVIDIA").relevance < npu);
}

static void a_gate_opens_for_any_of_its_topics_in_any_field(void **state)
{
    struct item item = {.title = "A game", .feed = feed("arxiv")};
    assert_true(judge_item(judge, NULL, &arena, &item).off_topic);
    item.summary = "Post-training quantization";
    assert_false(judge_item(judge, NULL, &arena, &item).off_topic);
    item.feed = feed("量子位");
    item.summary = NULL;
    assert_false(judge_item(judge, NULL, &arena, &item).off_topic);
}

/* --- vendors --- */

static void the_longest_alias_at_the_earliest_place_names_the_vendor(void **state)
{
    static const struct {
        const char *title, *vendor;
    } cases[] = {
        {"紫光展锐发布新芯片", "紫光展锐"},
        {"紫光集团重组", "紫光"},
        {"nVIDIA收购Arm", "英伟达"},
        {"安谋与英伟达", "ARM"},
        {"An alarm at the farm", NULL},
        {"新芯片 UNISOC T7520", "紫光展锐"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct verdict verdict = judge_title(cases[i].title);
        if (cases[i].vendor == NULL) {
            assert_null(verdict.vendor);
        } else {
            assert_string_equal(verdict.vendor, cases[i].vendor);
        }
    }
}

static void a_vendor_of_the_summary_is_a_reason_but_not_the_subject(void **state)
{
    struct verdict verdict = judge_item(
        judge, NULL, &arena, &(struct item){.title = "x", .summary = "by Nvidia"});
    assert_null(verdict.vendor);
    assert_string_equal(get_reason(&verdict, "vendor/英伟达")->matched, "Nvidia");
}

/* --- tags --- */

static void assert_tags(const struct item *item, const char *expected)
{
    struct verdict verdict = judge_item(judge, NULL, &arena, item);
    const char *joined = "";
    for (size_t i = 0; i < verdict.tag_count; i++) {
        joined = arena_printf(&arena, "%s%s%s", joined, i > 0 ? " " : "", verdict.tags[i]);
    }
    assert_string_equal(joined, expected);
}

static void arxiv_ids_keep_the_version_of_the_url(void **state)
{
    static const struct {
        const char *url, *key, *tags;
    } cases[] = {
        {"https://arxiv.org/abs/2009.00278v2", "arxiv:2009.00278", "2009.00278v2"},
        {"http://export.arxiv.org/pdf/2009.00278.pdf", NULL, "2009.00278"},
        {"https://arxiv.org/abs/hep-th/9901001v1", NULL, "hep-th/9901001v1"},
        {"https://arxiv.org/abs/math.GT/0309136", NULL, "math.GT/0309136"},
        {"https://huggingface.co/papers/2009.00278", "arxiv:2009.00278", "2009.00278"},
        {"https://notarxiv.org/abs/2009.00278", NULL, ""},
        {"https://evil.example/arxiv.org/abs/2009.00278", NULL, ""},
        {"https://arxiv.org/abs/2009.0", NULL, ""},
        {"https://arxiv.org/abs/", "arxiv:", ""},
        {"https://arxiv.org", NULL, ""},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        assert_tags(&(struct item){.url = cases[i].url, .key = cases[i].key}, cases[i].tags);
    }
}

static void venues_are_tags_with_their_year(void **state)
{
    static const struct {
        const char *title, *tags;
    } cases[] = {
        {"CVPR 2021 | 更快的卷积", "CVPR2021"},
        {"入选CVPR2020，代码开源", "CVPR2020"},
        {"NeurIPS'20: a thing", "NeurIPS2020"},
        {"AAAI-21 oral", "AAAI2021"},
        {"Proceedings of the Conference (CVPR), 2021, pp. 1-10", "CVPR2021"},
        {"Accepted by 2019 ICCV and ECCV’20", "ICCV2019 ECCV2020"},
        {"CVPR 2021, CVPR2021", "CVPR2021"},
        {"CVPR 2021 Workshop on Mobile AI", ""},
        {"our ICCV paper", ""},
        {"XCVPR 2021", ""},
        {"ISCAS 2021", "ISCAS2021"},
        {"CVPR 20210", ""},
        {"DAC 8 bit", ""},
        {"CVPR", ""},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        assert_tags(&(struct item){.title = cases[i].title}, cases[i].tags);
        assert_tags(&(struct item){.comment = cases[i].title}, cases[i].tags);
        assert_tags(&(struct item){.journal_ref = cases[i].title}, cases[i].tags);
    }
}

static void a_github_project_has_its_owner_and_name_as_prefix(void **state)
{
    static const struct {
        const char *url, *key, *prefix;
    } cases[] = {
        {"https://github.com/Tencent/ncnn", NULL, "Tencent/ncnn"},
        {"https://www.GitHub.com/Tencent/ncnn/releases/tag/20240102?x#y", NULL, "Tencent/ncnn"},
        {"git://github.com/apache/tvm.git", NULL, "apache/tvm"},
        {"https://github.com/features/actions", NULL, NULL},
        {"https://github.com/Tencent", NULL, NULL},
        {"https://github.com/Tencent/", NULL, NULL},
        {"https://github.com", NULL, NULL},
        {"https://gist.github.com/a/b", NULL, NULL},
        {"https://notgithub.com/a/b", NULL, NULL},
        {"https://mirror.example/x", "github:Tencent/ncnn@20240102", "Tencent/ncnn"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct verdict verdict = judge_item(
            judge, NULL, &arena, &(struct item){.url = cases[i].url, .key = cases[i].key});
        if (cases[i].prefix == NULL) {
            assert_null(verdict.prefix);
        } else {
            assert_non_null(verdict.prefix);
            assert_string_equal(verdict.prefix, cases[i].prefix);
        }
    }
}

static void venues_are_those_of_the_configuration(void **state)
{
    struct config *config = parse("briefing { title = \"T\" }\n"
                                  "section \"news\" { title = \"N\" fallback = true }\n"
                                  "venues = { \"RECOMB\", \"bioRxiv\" }\n"
                                  "feed \"f\" { url = \"https://a.example/\" }\n");
    struct problems problems;
    problems_init(&problems);
    struct judge *own = judge_new(config, &problems);
    struct verdict verdict = judge_item(
        own, NULL, &arena, &(struct item){.title = "RECOMB 2024, bioRxiv 2023 and CVPR 2021"});
    assert_int_equal(verdict.tag_count, 2);
    assert_string_equal(verdict.tags[0], "RECOMB2024");
    assert_string_equal(verdict.tags[1], "bioRxiv2023");
    judge_free(own);
    config_unref(config);
    problems_release(&problems);
}

static void a_vendor_may_keep_its_name_to_its_case(void **state)
{
    struct config *config = parse("briefing { title = \"T\" }\n"
                                  "section \"news\" { title = \"N\" fallback = true }\n"
                                  "vendor \"ARM\" { aliases = { \"=ARM\", \"安谋\" } }\n"
                                  "feed \"f\" { url = \"https://a.example/\" }\n");
    struct problems problems;
    problems_init(&problems);
    struct judge *own = judge_new(config, &problems);
    assert_null(judge_item(own, NULL, &arena, &(struct item){.title = "A robot arm"}).vendor);
    assert_string_equal(
        judge_item(own, NULL, &arena, &(struct item){.title = "新的ARM内核"}).vendor, "ARM");
    assert_string_equal(
        judge_item(own, NULL, &arena, &(struct item){.title = "安谋发布"}).vendor, "ARM");
    judge_free(own);
    config_unref(config);
    problems_release(&problems);
}

static void a_vendor_may_say_by_a_pattern_where_its_name_is_meant(void **state)
{
    struct config *config = parse("briefing { title = \"T\" }\n"
                                  "section \"news\" { title = \"N\" fallback = true }\n"
                                  "vendor \"vivo\" { aliases = { '/(?<!\\bin )vivo/' } }\n"
                                  "feed \"f\" { url = \"https://a.example/\" }\n");
    struct problems problems;
    problems_init(&problems);
    struct judge *own = judge_new(config, &problems);
    assert_null(judge_item(own, NULL, &arena, &(struct item){.title = "Seen in vivo"}).vendor);
    assert_string_equal(
        judge_item(own, NULL, &arena, &(struct item){.title = "Vivo ships"}).vendor, "vivo");
    judge_free(own);
    config_unref(config);
    problems_release(&problems);
}

/* --- spans --- */

static void spans_count_utf16_units_of_the_original(void **state)
{
    /* Four bytes and two units each; the folded text has other lengths. */
    struct verdict verdict = judge_item(judge, NULL, &arena,
        &(struct item){.title = "\xf0\x9f\x9a\x80\xf0\x9f\x9a\x80 ＮＰＵ、量化 QUANTIZED npu"});
    const struct reason *npu = get_reason(&verdict, "topic/npu");
    assert_int_equal(npu->span_count, 2);
    assert_int_equal(npu->spans[0].start, 5);
    assert_int_equal(npu->spans[0].end, 8);
    assert_int_equal(npu->spans[1].start, 22);
    assert_int_equal(npu->spans[1].end, 25);
    const struct reason *quantization = get_reason(&verdict, "topic/quantization");
    assert_int_equal(quantization->span_count, 2);
    assert_int_equal(quantization->spans[0].start, 9);
    assert_int_equal(quantization->spans[1].end, 21);
}

static void spans_that_touch_are_one_and_their_number_is_bounded(void **state)
{
    struct verdict verdict = judge_item(
        judge, NULL, &arena, &(struct item){.title = "量化量化, quantize"});
    const struct reason *reason = get_reason(&verdict, "topic/quantization");
    assert_int_equal(reason->span_count, 2);
    assert_int_equal(reason->spans[0].end, 4);
    char many[4 * 1000 + 1] = "";
    for (int i = 0; i < 1000; i++) {
        memcpy(many + (ptrdiff_t)4 * i, "NPU ", 4);
    }
    verdict = judge_item(judge, NULL, &arena, &(struct item){.title = many});
    assert_int_equal(get_reason(&verdict, "topic/npu")->span_count, SPANS_MAX);
}

static void spans_stand_in_the_json_where_there_are_some(void **state)
{
    struct verdict verdict = judge_item(
        judge, NULL, &arena, &(struct item){.title = "NPU", .feed = feed("量子位")});
    const char *json = verdict_reasons_json(&verdict, &arena);
    assert_non_null(strstr(json, "\"weight\":1,\"spans\":[[0,3]]}"));
    assert_non_null(strstr(json,
        "\"rule\":\"feed/量子位\",\"matched\":\"量子位\","
        "\"field\":\"source\",\"weight\":0.5}"));
}

#define test(name) cmocka_unit_test_teardown(name, release_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(every_bad_keyword_is_a_problem_at_its_line),
        test(an_item_without_any_text_falls_back_and_is_uncertain),
        test(json_of_broken_text_is_still_json),
        test(a_match_as_long_as_the_text_is_quoted_short),
        test(a_final_rule_decides_whatever_the_votes),
        test(of_two_final_rules_the_heavier_decides),
        test(a_list_votes_once_however_often_it_matches),
        test(a_title_counts_more_than_a_summary),
        test(a_negative_rule_votes_against_its_section),
        test(margins_grow_with_the_lead_and_small_ones_are_uncertain),
        test(a_feed_votes_for_its_own_section),
        test(an_item_by_hand_is_judged_like_one_from_the_feed_of_its_source),
        test(topics_raise_relevance_within_bounds),
        test(a_gate_opens_for_any_of_its_topics_in_any_field),
        test(the_longest_alias_at_the_earliest_place_names_the_vendor),
        test(a_vendor_of_the_summary_is_a_reason_but_not_the_subject),
        test(arxiv_ids_keep_the_version_of_the_url),
        test(venues_are_tags_with_their_year),
        test(a_github_project_has_its_owner_and_name_as_prefix),
        test(venues_are_those_of_the_configuration),
        test(a_vendor_may_keep_its_name_to_its_case),
        test(a_vendor_may_say_by_a_pattern_where_its_name_is_meant),
        test(spans_count_utf16_units_of_the_original),
        test(spans_that_touch_are_one_and_their_number_is_bounded),
        test(spans_stand_in_the_json_where_there_are_some),
    };
    return cmocka_run_group_tests(tests, open_judge, close_judge);
}
