#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "briefing/judge.h"
#include "briefing/learner.h"

static const char rules[] =
    "briefing { title = \"T\" }\n"
    "section \"brief\" { title = \"B\" overflow_of = news }\n"
    "section \"news\" { title = \"N\" fallback = true\n"
    "  rule \"launches\" { weight = 2 keywords = { \"发布\" } } }\n"
    "section \"papers\" { title = \"P\"\n"
    "  rule \"hosts\" { weight = 3 final = true keywords = { \"url:arxiv.org/\" } } }\n"
    "section \"oss\" { title = \"O\" rule \"open\" { keywords = { \"开源\" } } }\n"
    "topic \"npu\" { weight = 2 keywords = { \"NPU\" } }\n"
    "feed \"f\" { url = \"https://f.example/\" }\n";

static struct config *config;
static struct judge *judge;
static struct learner *learner;
static struct arena arena;

static struct config *parse(const char *text)
{
    struct problems problems;
    problems_init(&problems);
    struct config *parsed = config_parse(text, "feeds.conf", &problems);
    if (parsed == NULL) {
        fail_msg("%s", problems.count > 0 ? problems.items[0].message : "no problem reported");
    }
    problems_release(&problems);
    return parsed;
}

static int set_up(void **state)
{
    struct problems problems;
    problems_init(&problems);
    config = parse(rules);
    judge = judge_new(config, &problems);
    learner = learner_new(config);
    problems_release(&problems);
    return judge == NULL;
}

static int tear_down(void **state)
{
    learner_free(learner);
    judge_free(judge);
    config_unref(config);
    arena_release(&arena);
    return 0;
}

static struct item titled(const char *title)
{
    return (struct item){.title = title};
}

static struct learner_event event_of(
    enum learner_kind kind, const char *section, const char *title)
{
    struct item item = titled(title);
    return (struct learner_event){kind, section, judge_see(judge, &arena, &item)};
}

static void learn(enum learner_kind kind, const char *section, const char *title)
{
    struct learner_event event = event_of(kind, section, title);
    learner_learn(learner, &event);
}

static struct verdict judge_title(const char *title)
{
    struct item item = titled(title);
    return judge_item(judge, learner, &arena, &item);
}

static double relevance_of(const char *title)
{
    return judge_title(title).relevance;
}

static const char *section_of(const char *title)
{
    return config->sections[judge_title(title).section].id;
}

/* A few decisions of every kind, always the same. */
static void learn_some(struct learner *to)
{
    static const struct {
        enum learner_kind kind;
        const char *section, *title;
    } decisions[] = {
        {LEARNER_PRINTED, "news", "华为发布昇腾芯片"},
        {LEARNER_PRINTED, "oss", "腾讯开源端侧推理框架ncnn"},
        {LEARNER_PASSED_OVER, NULL, "如何写好一份周报"},
        {LEARNER_PICKED, "papers", "Fast Sparse ConvNets on mobile CPU"},
        {LEARNER_MOVED, "oss", "Fast Sparse ConvNets on mobile CPU"},
        {LEARNER_REJECTED, NULL, "某手游上线首日流水过亿"},
        {LEARNER_PUBLISHED, "brief", "高通NPU新品"},
        {LEARNER_PICKED, "gone", "曾经有过的一个栏目"},
    };
    for (size_t i = 0; i < array_count(decisions); i++) {
        struct learner_event event = event_of(
            decisions[i].kind, decisions[i].section, decisions[i].title);
        learner_learn(to, &event);
    }
}

static struct buffer write_learner(const struct learner *from)
{
    struct buffer out;
    buffer_init(&out, 64 << 20);
    learner_write(from, &out);
    assert_false(buffer_failed(&out));
    return out;
}

static void assert_same_learner(const struct learner *a, const struct learner *b)
{
    struct buffer one = write_learner(a), other = write_learner(b);
    assert_int_equal(one.length, other.length);
    assert_memory_equal(one.data, other.data, one.length);
    buffer_release(&one);
    buffer_release(&other);
}

/* --- what it learns --- */

static void one_that_knows_nothing_adds_nothing(void **state)
{
    struct item item = {.title = "华为发布NPU", .summary = "端侧", .source = "机器之心"};
    struct verdict alone = judge_item(judge, NULL, &arena, &item);
    struct verdict both = judge_item(judge, learner, &arena, &item);
    assert_true(alone.relevance == both.relevance);
    assert_true(alone.margin == both.margin);
    assert_int_equal(alone.reason_count, both.reason_count);
}

static void what_she_takes_rises(void **state)
{
    double before = relevance_of("内核调度器札记");
    learn(LEARNER_PICKED, "news", "内核调度札记之二");
    assert_true(relevance_of("内核调度器札记") > before + 0.02);
}

static void what_she_passes_over_or_rejects_sinks(void **state)
{
    double before = relevance_of("新款相机评测");
    learn(LEARNER_PASSED_OVER, NULL, "相机评测汇总");
    double passed_over = relevance_of("新款相机评测");
    learn(LEARNER_REJECTED, NULL, "相机评测大全");
    assert_true(passed_over < before);
    assert_true(relevance_of("新款相机评测") < passed_over);
}

static void a_few_decisions_are_enough_to_move_an_item(void **state)
{
    assert_string_equal(section_of("手把手学汇编之四"), "news");
    learn(LEARNER_MOVED, "papers", "手把手学汇编之一");
    learn(LEARNER_MOVED, "papers", "手把手学汇编之二");
    learn(LEARNER_MOVED, "papers", "手把手学汇编之三");
    assert_string_equal(section_of("手把手学汇编之四"), "papers");
}

static void moving_an_item_says_nothing_about_relevance(void **state)
{
    double before = relevance_of("手把手学汇编");
    learn(LEARNER_MOVED, "papers", "手把手学汇编");
    assert_true(relevance_of("手把手学汇编") == before);
}

static void the_warm_up_list_counts_as_the_section_it_overflows_from(void **state)
{
    struct learner *other = learner_new(config);
    struct learner_event brief = event_of(LEARNER_PRINTED, "brief", "高通：新品");
    struct learner_event news = event_of(LEARNER_PRINTED, "news", "高通：新品");
    learner_learn(learner, &brief);
    learner_learn(other, &news);
    assert_same_learner(learner, other);
    learner_free(other);
}

static void a_section_that_is_gone_teaches_relevance_alone(void **state)
{
    double before = relevance_of("手把手学汇编");
    learn(LEARNER_PRINTED, "recipes", "手把手学汇编");
    assert_true(relevance_of("手把手学汇编") > before);
    assert_string_equal(section_of("手把手学汇编"), "news");
    assert_int_equal(learner_event_count(learner), 1);
}

static void a_final_rule_stays_final(void **state)
{
    struct item item = {.title = "手把手学汇编", .url = "https://arxiv.org/abs/1"};
    for (int i = 0; i < 20; i++) {
        struct learner_event event = {LEARNER_MOVED, "oss", judge_see(judge, &arena, &item)};
        learner_learn(learner, &event);
    }
    struct verdict verdict = judge_item(judge, learner, &arena, &item);
    assert_string_equal(config->sections[verdict.section].id, "papers");
    assert_true(verdict.margin == 1);
}

static void reasons_show_what_was_learned_where_it_stands(void **state)
{
    for (int i = 0; i < 5; i++) {
        learn(LEARNER_PRINTED, "papers", "彙編札记");
    }
    struct verdict verdict = judge_title("新的彙編教程");
    struct reason found = {0};
    for (size_t i = 0; i < verdict.reason_count; i++) {
        const struct reason *reason = &verdict.reasons[i];
        if (strcmp(reason->rule, "learner/papers") == 0) {
            found = found.rule == NULL ? *reason : found;
        }
        assert_true(strlen(reason->matched) > 3); /* no single letter */
    }
    assert_non_null(found.rule);
    assert_string_equal(found.matched, "彙編"); /* as written, not as folded */
    assert_string_equal(found.field, "title");
    assert_int_equal(found.span_count, 1);
    struct span span = {0};
    for (size_t i = 0; i < found.span_count; i++) {
        span = found.spans[i];
    }
    assert_int_equal(span.start, 2);
    assert_int_equal(span.end, 4);
    assert_true(found.weight > 0);
}

static void weights_stay_bounded_however_often_one_thing_is_said(void **state)
{
    struct learner_event event = event_of(LEARNER_PRINTED, "papers", "手把手学汇编");
    for (int i = 0; i < 20000; i++) {
        learner_learn(learner, &event);
    }
    struct learner_score score = learner_score(learner, &event.sight.features);
    assert_true(isfinite(score.relevance) && score.relevance < 30);
    assert_true(relevance_of("手把手学汇编") > 0.99);
}

/* --- copies --- */

static void a_copy_stays_as_it_was(void **state)
{
    learn_some(learner);
    struct learner *copy = learner_copy(learner);
    struct buffer before = write_learner(copy);
    learn(LEARNER_PRINTED, "oss", "华为开源昇腾芯片驱动");
    struct buffer after = write_learner(copy);
    assert_int_equal(before.length, after.length);
    assert_memory_equal(before.data, after.data, before.length);
    buffer_release(&before);
    buffer_release(&after);
    learner_free(copy);
}

static void a_copy_outlives_the_original(void **state)
{
    learn_some(learner);
    struct learner *copy = learner_copy(learner);
    learner_free(learner);
    learner = copy;
    assert_int_equal(learner_event_count(learner), 8);
    assert_true(relevance_of("华为发布昇腾芯片") > relevance_of("如何写好一份周报"));
}

static void going_back_to_a_copy_undoes_the_newest_event(void **state)
{
    learn_some(learner);
    struct learner *before = learner_copy(learner);
    learn(LEARNER_REJECTED, NULL, "华为发布昇腾芯片");
    learner_free(learner);
    learner = before;
    struct learner *never = learner_new(config);
    learn_some(never);
    assert_same_learner(learner, never);
    learner_free(never);
}

/* --- bit for bit --- */

static void events_that_were_stored_give_the_same_learner(void **state)
{
    struct learner *rebuilt = learner_new(config);
    static const char *const titles[] = {"华为发布昇腾", "腾讯开源ncnn", "C++ and NEON", ""};
    for (size_t i = 0; i < array_count(titles); i++) {
        struct learner_event event = event_of(LEARNER_PRINTED, "news", titles[i]), back;
        struct buffer out;
        struct fault fault;
        buffer_init(&out, LEARNER_EVENT_BYTES_MAX);
        learner_event_write(&event, &out);
        assert_true(learner_event_read(&arena, out.data, out.length, &back, &fault));
        learner_learn(learner, &event);
        learner_learn(rebuilt, &back);
        buffer_release(&out);
    }
    assert_same_learner(learner, rebuilt);
    learner_free(rebuilt);
}

/* Other compilers, optimisations, sanitisers and processors must come to these very bits. When
 * the algorithm or a number of it is changed on purpose, LEARNER_VERSION goes up with this. */
static void these_decisions_have_always_given_these_bits(void **state)
{
    learn_some(learner);
    for (int i = 0; i < 50; i++) {
        learn(i % 3 == 0 ? LEARNER_PRINTED : LEARNER_PASSED_OVER, "oss",
            arena_printf(&arena, "第%d期 deep learning on device %d 量化", i, i % 7));
    }
    struct buffer out = write_learner(learner);
    uint64_t hash = hash_bytes(HASH_START, out.data, out.length);
    buffer_release(&out);
    assert_int_equal(hash, UINT64_C(0xb15c8f99663d4ae1));
}

static void the_order_of_events_matters_and_is_kept(void **state)
{
    struct learner *other = learner_new(config);
    struct learner_event a = event_of(LEARNER_PRINTED, "oss", "开源框架发布");
    struct learner_event b = event_of(LEARNER_PASSED_OVER, NULL, "开源周报");
    learner_learn(learner, &a);
    learner_learn(learner, &b);
    learner_learn(other, &b);
    learner_learn(other, &a);
    struct buffer one = write_learner(learner), two = write_learner(other);
    assert_true(one.length != two.length || memcmp(one.data, two.data, one.length) != 0);
    buffer_release(&one);
    buffer_release(&two);
    learner_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(one_that_knows_nothing_adds_nothing),
        TEST(what_she_takes_rises),
        TEST(what_she_passes_over_or_rejects_sinks),
        TEST(a_few_decisions_are_enough_to_move_an_item),
        TEST(moving_an_item_says_nothing_about_relevance),
        TEST(the_warm_up_list_counts_as_the_section_it_overflows_from),
        TEST(a_section_that_is_gone_teaches_relevance_alone),
        TEST(a_final_rule_stays_final),
        TEST(reasons_show_what_was_learned_where_it_stands),
        TEST(weights_stay_bounded_however_often_one_thing_is_said),
        TEST(a_copy_stays_as_it_was),
        TEST(a_copy_outlives_the_original),
        TEST(going_back_to_a_copy_undoes_the_newest_event),
        TEST(events_that_were_stored_give_the_same_learner),
        TEST(these_decisions_have_always_given_these_bits),
        TEST(the_order_of_events_matters_and_is_kept),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
