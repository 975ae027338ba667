#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "pipeline/rules.h"

static const char text[] = "briefing { title = \"T\" learner = %s }\n"
                           "section \"news\" { title = \"N\" fallback = true }\n"
                           "section \"blog\" { title = \"B\" }\n"
                           "feed \"f\" { url = \"https://f.example/\" }\n";

static struct arena arena;

static struct rules *make_rules(const char *learning)
{
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(
        arena_printf(&arena, text, learning), "feeds.conf", &problems);
    assert_non_null(config);
    struct rules *rules = rules_new(config, &problems);
    assert_non_null(rules);
    problems_release(&problems);
    return rules;
}

static void teach(struct learner *learner, const struct rules *rules, const char *title)
{
    struct item item = {.title = title};
    struct learner_event event = {
        LEARNER_PRINTED, "blog", judge_see(rules->judge, &arena, &item)};
    for (int i = 0; i < 5; i++) {
        learner_learn(learner, &event);
    }
}

static int section_of(const struct rules *rules, const char *title)
{
    struct item item = {.title = title};
    return judge_item(rules->judge, rules->learner, &arena, &item).section;
}

static double relevance_of(const struct rules *rules, const char *title)
{
    struct item item = {.title = title};
    return judge_item(rules->judge, rules->learner, &arena, &item).relevance;
}

static int release_arena(void **state)
{
    arena_release(&arena);
    return 0;
}

static void taught_rules_are_frozen_and_outlive_where_they_came_from(void **state)
{
    struct rules *rules = make_rules("true");
    struct learner *learner = learner_new(rules->config);
    teach(learner, rules, "堆栈溢出");
    struct rules *taught = rules_with_learner(rules, learner);
    assert_int_equal(section_of(rules, "堆栈溢出"), 0);
    assert_int_equal(section_of(taught, "堆栈溢出"), 1);
    double before = relevance_of(taught, "周末美食");
    teach(learner, rules, "周末美食");
    assert_true(relevance_of(taught, "周末美食") == before);

    struct rules *again = rules_with_learner(taught, learner);
    rules_unref(rules);
    rules_unref(taught);
    learner_free(learner);
    assert_true(relevance_of(again, "周末美食") > before);
    rules_unref(again);
}

static void rules_without_a_learner_are_the_rules_alone(void **state)
{
    struct rules *rules = make_rules("true");
    struct rules *same = rules_with_learner(rules, NULL);
    assert_null(same->learner);
    assert_ptr_equal(same->judge, rules->judge);
    rules_unref(rules);
    assert_int_equal(section_of(same, "堆栈溢出"), 0);
    rules_unref(same);
}

static void a_configuration_without_learning_takes_no_learner(void **state)
{
    struct rules *rules = make_rules("false");
    struct learner *learner = learner_new(rules->config);
    teach(learner, rules, "堆栈溢出");
    struct rules *taught = rules_with_learner(rules, learner);
    assert_int_equal(section_of(taught, "堆栈溢出"), 0);
    learner_free(learner);
    rules_unref(taught);
    rules_unref(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(
            taught_rules_are_frozen_and_outlive_where_they_came_from, release_arena),
        cmocka_unit_test_teardown(rules_without_a_learner_are_the_rules_alone, release_arena),
        cmocka_unit_test_teardown(
            a_configuration_without_learning_takes_no_learner, release_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
