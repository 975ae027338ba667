#include "preflight_bench.h"

#include <string.h>

#include "house_labels.h"

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

int preflight_bench_open(void **state)
{
    static struct preflight_bench bench;
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

int preflight_bench_close(void **state)
{
    struct preflight_bench *bench = *state;
    arena_release(&bench->arena);
    return 0;
}

struct issue_item *item_of(struct preflight_bench *bench, int section)
{
    return &bench->issue->sections[section].items[0];
}

struct preflight check_issue_with(
    struct preflight_bench *bench, const struct preflight_context *context)
{
    return preflight_check(&bench->arena, bench->issue, context);
}

struct preflight check_issue(struct preflight_bench *bench)
{
    return check_issue_with(bench, NULL);
}

void expect_clean(struct preflight preflight)
{
    for (size_t i = 0; i < preflight.count; i++) {
        print_error("%s in %s: %s\n", preflight_code_name(preflight.findings[i].code),
            preflight.findings[i].field, preflight.findings[i].message_zh);
    }
    assert_int_equal(preflight.count, 0);
}

const struct finding *only_finding(
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

const char *fixed_field(
    struct preflight_bench *bench, const char *text, const struct finding *finding)
{
    assert_non_null(finding->fix);
    return arena_printf(&bench->arena, "%.*s%s%s", (int)finding->start, text, finding->fix,
        text + finding->start + finding->length);
}

const char *repeated(struct preflight_bench *bench, const char *text, size_t times)
{
    char *all = arena_alloc(&bench->arena, strlen(text) * times + 1);
    all[0] = '\0';
    for (size_t i = 0; i < times; i++) {
        memcpy(all + i * strlen(text), text, strlen(text) + 1);
    }
    return all;
}
