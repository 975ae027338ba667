/* The guide of an issue, taken apart, and offered again when the picks change behind her text.
 */
#include "briefing/guide_propose.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/attributes.h"
#include "briefing/guide.h"
#include "briefing/guide_parts.h"
#include "briefing/issue.h"

static int set_up(void **state)
{
    static struct arena arena;
    arena_init(&arena);
    *state = &arena;
    return 0;
}

static int tear_down(void **state)
{
    arena_release(*state);
    return 0;
}

static const struct config_labels labels = {
    .guide_count = "本次{count}条。",
    .open_bracket = "「",
    .close_bracket = "」",
    .item_separator = "、",
    .group_separator = "；",
    .sentence_end = "。",
    .prefix_separator = "：",
};

/* ---- composing ---- */

static struct issue_item items[] = {
    {.title = "甲厂发布新芯片，功耗减半", .clause = "甲厂、乙厂发布芯片", .highlight = true},
    {.title = "丙厂降价", .highlight = false},
    {.title = "丁厂开源推理框架的全部代码与训练数据，并且承诺以后每个月都会更新一次版本",
        .highlight = true},
    {.title = "快讯", .subject = "华为", .highlight = true},
    {.title = "v0.2.0", .prefix = "Tencent/TNN", .highlight = true},
    {.title = "x [a](b) *c*", .highlight = true},
};

static struct issue_section sections[] = {
    {.title = "热身", .form = CONFIG_FORM_ONELINE, .items = items + 3, .item_count = 1},
    {.title = "业界新闻", .short_title = "新闻", .items = items, .item_count = 3},
    {.title = "论文"},
    {.title = "开源", .form = CONFIG_FORM_PROJECT, .items = items + 4, .item_count = 2},
};

static void a_guide_names_what_is_highlighted_and_counts_the_rest(void **state)
{
    struct issue issue = {.sections = sections, .section_count = 4, .labels = labels};
    assert_string_equal(guide_compose(*state, &issue),
        "本次5条。「新闻」甲厂/乙厂发布芯片、丁厂开源推理框架的全部代码与训练数据；"
        "「开源」TNN v0.2.0、x \\[a\\](b) \\*c\\*。");
}

static void a_guide_has_the_bracket_style_of_its_labels(void **state)
{
    struct issue issue = {.sections = sections + 1, .section_count = 1, .labels = labels};
    issue.labels.open_bracket = "【";
    issue.labels.close_bracket = "】";
    issue.labels.item_separator = "，";
    assert_string_equal(guide_compose(*state, &issue),
        "本次3条。【新闻】甲厂/乙厂发布芯片，丁厂开源推理框架的全部代码与训练数据。");
}

static void an_english_guide_keeps_stops_inside_words(void **state)
{
    static struct issue_item english[] = {{.title = "Release 0.2.0 of X. More",
        .clause = "X 0.2.0, faster. Now",
        .highlight = true}};
    static struct issue_section news = {.title = "News", .items = english, .item_count = 1};
    struct issue issue = {.sections = &news, .section_count = 1, .labels = labels};
    issue.labels.guide_count = "{count} items. ";
    issue.labels.open_bracket = "[";
    issue.labels.close_bracket = "] ";
    issue.labels.item_separator = ", ";
    issue.labels.group_separator = "; ";
    issue.labels.sentence_end = ".";
    assert_string_equal(guide_compose(*state, &issue), "1 items. [News] X 0.2.0 faster Now.");
}

static void an_issue_without_highlights_has_the_count_alone(void **state)
{
    struct issue issue = {.sections = sections + 2, .section_count = 1, .labels = labels};
    assert_string_equal(guide_compose(*state, &issue), "本次0条。");
}

/* ---- parts ---- */

static void any_text_is_put_together_as_it_was(void **state)
{
    static const char *const guides[] = {"", "本次2条。", "「新闻」", "「新闻」a", "；「", "。",
        "本次2条。「新闻」a、b；「论文」c。", "本期2条。【新闻】a，b；\n【论文】c。\n谢谢",
        "好。「新闻」一个「唤醒词」、b；「开源」；「博文」。",
        "「「」」；；「a」、、；「b」。。"};
    for (size_t i = 0; i < array_count(guides); i++) {
        const struct guide_parts *parts = guide_parts_read(*state, guides[i], &labels);
        assert_string_equal(guide_parts_join(*state, parts), guides[i]);
    }
}

static void brackets_inside_a_clause_begin_no_group(void **state)
{
    const struct guide_parts *parts = guide_parts_read(
        *state, "本次2条。「新闻」说「你好」就醒、b；【论文】c。", &labels);
    assert_int_equal(parts->group_count, 2);
    assert_string_equal(parts->groups[0].name, "新闻");
    assert_int_equal(parts->groups[0].clause_count, 2);
    assert_string_equal(parts->groups[0].clauses[0].text, "说「你好」就醒");
    assert_string_equal(parts->groups[1].bracket, "【论文】");
    assert_string_equal(parts->head, "本次2条。");
    assert_string_equal(parts->tail, "。");
    assert_int_equal(guide_count_in(parts->head), 2);
}

/* ---- the offer ---- */

#define BASE "本次3条。「新闻」甲厂发布新芯片、乙厂降价；「论文」两比特量化的训练。"

static struct guide_proposal propose(struct arena *arena, const char *hers, const char *now)
{
    return guide_propose(arena, &labels, BASE, hers, now);
}

static void her_words_stay_where_nothing_changed_behind_them(void **state)
{
    const char *hers = "本期三条，都好看。「新闻」甲厂的芯片终于来了；「论文」量化。";
    struct guide_proposal proposal = propose(*state, hers, BASE);
    assert_int_equal(proposal.change_count, 0);
    assert_string_equal(proposal.merged, hers);
}

static void a_new_pick_is_offered_where_the_program_would_name_it(void **state)
{
    const char *hers =
        "本次3条。「新闻」甲厂的新芯片来了、乙厂降价；「论文」两比特量化的训练。谢谢";
    struct guide_proposal proposal = propose(*state, hers,
        "本次4条。「新闻」甲厂发布新芯片、乙厂降价、丙厂建厂；「论文」两比特量化的训练。");
    assert_int_equal(proposal.change_count, 2);
    assert_int_equal(proposal.changes[0].kind, GUIDE_CHANGE_COUNT);
    assert_int_equal(proposal.changes[1].kind, GUIDE_CHANGE_ADDED);
    assert_string_equal(proposal.changes[1].after, "丙厂建厂");
    assert_false(proposal.changes[1].conflict);
    assert_string_equal(proposal.merged,
        "本次4条。「新闻」甲厂的新芯片来了、乙厂降价、丙厂建厂；「论文」两比特量化的训练。谢"
        "谢");
}

static void a_pick_that_went_leaves_with_its_separator(void **state)
{
    struct guide_proposal proposal = propose(
        *state, BASE, "本次2条。「新闻」乙厂降价；「论文」两比特量化的训练。");
    assert_string_equal(
        proposal.merged, "本次2条。「新闻」乙厂降价；「论文」两比特量化的训练。");
    proposal = propose(*state, BASE, "本次1条。「论文」两比特量化的训练。");
    assert_string_equal(proposal.merged, "本次1条。「论文」两比特量化的训练。");
    proposal = propose(*state, BASE, "本次0条。");
    assert_string_equal(proposal.merged, "本次0条。");
}

static void a_new_group_stands_in_its_place_and_her_brackets(void **state)
{
    const char *hers = "3条。【新闻】甲厂发布新芯片、乙厂降价；【论文】两比特量化的训练。";
    struct guide_proposal proposal = propose(*state, hers,
        "本次5条。「头条」大事；「新闻」甲厂发布新芯片、乙厂降价；「业界」小事；"
        "「论文」两比特量化的训练。");
    assert_string_equal(proposal.merged,
        "5条。【头条】大事；【新闻】甲厂发布新芯片、乙厂降价；【业界】小事；"
        "【论文】两比特量化的训练。");
}

static void a_reworded_title_replaces_the_clause_she_left_alone(void **state)
{
    const char *now =
        "本次3条。「新闻」甲厂发布新一代芯片、乙厂降价；「论文」两比特量化的训练。";
    struct guide_proposal proposal = propose(*state, BASE, now);
    assert_int_equal(proposal.change_count, 1);
    assert_int_equal(proposal.changes[0].kind, GUIDE_CHANGE_REWORDED);
    assert_string_equal(proposal.changes[0].before, "甲厂发布新芯片");
    assert_string_equal(proposal.merged, now);
}

static void what_she_has_in_other_words_is_a_conflict_until_she_takes_it(void **state)
{
    const char *hers = "本次3条。「新闻」甲厂发布芯片啦、乙厂降价；「论文」两比特量化的训练。";
    struct guide_proposal proposal = propose(*state, hers,
        "本次3条。「新闻」甲厂发布新一代芯片、乙厂降价；「论文」两比特量化的训练。");
    assert_int_equal(proposal.change_count, 1);
    assert_true(proposal.changes[0].conflict);
    assert_string_equal(proposal.changes[0].hers, "甲厂发布芯片啦");
    assert_string_equal(proposal.merged, hers);
    assert_string_equal(guide_take(*state, &labels, hers, &proposal.changes[0]),
        "本次3条。「新闻」甲厂发布新一代芯片、乙厂降价；「论文」两比特量化的训练。");
}

static void her_clause_of_a_pick_that_went_is_kept_until_she_lets_it_go(void **state)
{
    const char *hers = "本次3条。「新闻」甲厂发布芯片啦、乙厂降价；「论文」两比特量化的训练。";
    struct guide_proposal proposal = propose(
        *state, hers, "本次3条。「新闻」乙厂降价；「论文」两比特量化的训练。");
    assert_int_equal(proposal.change_count, 1);
    assert_int_equal(proposal.changes[0].kind, GUIDE_CHANGE_REMOVED);
    assert_true(proposal.changes[0].conflict);
    assert_string_equal(proposal.merged, hers);
}

static void what_she_has_done_already_is_not_offered(void **state)
{
    const char *now = "本次4条。「新闻」乙厂降价、丙厂建厂；「论文」两比特量化的训练。";
    assert_int_equal(propose(*state, now, now).change_count, 0);
}

static void taking_parts_in_any_order_gives_the_same_text(void **state)
{
    const char *now =
        "本次4条。「新闻」乙厂降价、丙厂建厂；「论文」两比特量化的训练；「开源」某框架。";
    struct guide_proposal proposal = propose(*state, BASE, now);
    assert_string_equal(proposal.merged, now);
    const char *backwards = BASE;
    for (size_t i = proposal.change_count; i-- > 0;) {
        backwards = guide_take(*state, &labels, backwards, &proposal.changes[i]);
    }
    assert_string_equal(backwards, now);
}

static void a_text_of_her_own_making_is_never_torn(void **state)
{
    static const char *const texts[] = {"", "随便写写", "「」；「", "本次。", "「新闻」"};
    const char *now = "本次4条。「新闻」乙厂降价、丙厂建厂；「开源」某框架。";
    for (size_t i = 0; i < array_count(texts); i++) {
        struct guide_proposal proposal = propose(*state, texts[i], now);
        for (size_t k = 0; k < proposal.change_count; k++) {
            guide_take(*state, &labels, texts[i], &proposal.changes[k]);
        }
        const struct guide_parts *parts = guide_parts_read(*state, texts[i], &labels);
        if (*parts->head != '\0') {
            assert_non_null(strstr(proposal.merged, parts->head));
        }
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_guide_names_what_is_highlighted_and_counts_the_rest),
        TEST(a_guide_has_the_bracket_style_of_its_labels),
        TEST(an_english_guide_keeps_stops_inside_words),
        TEST(an_issue_without_highlights_has_the_count_alone),
        TEST(any_text_is_put_together_as_it_was),
        TEST(brackets_inside_a_clause_begin_no_group),
        TEST(her_words_stay_where_nothing_changed_behind_them),
        TEST(a_new_pick_is_offered_where_the_program_would_name_it),
        TEST(a_pick_that_went_leaves_with_its_separator),
        TEST(a_new_group_stands_in_its_place_and_her_brackets),
        TEST(a_reworded_title_replaces_the_clause_she_left_alone),
        TEST(what_she_has_in_other_words_is_a_conflict_until_she_takes_it),
        TEST(her_clause_of_a_pick_that_went_is_kept_until_she_lets_it_go),
        TEST(what_she_has_done_already_is_not_offered),
        TEST(taking_parts_in_any_order_gives_the_same_text),
        TEST(a_text_of_her_own_making_is_never_torn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
