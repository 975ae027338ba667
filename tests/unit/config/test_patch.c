/* Rules laid over a configuration. The hostile half: what does not fit is named at its place
 * and costs only itself. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#include "config/desk_rule.h"
#include "config/patch.h"
#include "config_equal.h"

static const char file_text[] =
    "briefing { title = t }\n"
    "section news { title = n fallback = true rule a { keywords = { x } } }\n"
    "section papers { title = p rule Venues { weight = 2 keywords = { CVPR } } }\n"
    "topic heavy { weight = 3 keywords = { b } }\n"
    "vendor 英伟达 { aliases = { NVIDIA } }\n"
    "feed f { url = \"https://a.example/\" require = { \"*\" } }\n";

enum { CHANGED = 1600300800 };

struct fixture {
    struct config *base;
    struct problems problems;
    struct arena arena;
};

static int setup(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){0};
    problems_init(&fixture.problems);
    fixture.base = config_parse(file_text, "feeds.conf", &fixture.problems);
    *state = &fixture;
    return fixture.base == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    config_unref(fixture->base);
    problems_release(&fixture->problems);
    arena_release(&fixture->arena);
    return 0;
}

static struct config *parse_rules(struct fixture *fixture, const char *text)
{
    return config_parse_rules(text, strlen(text), "rules", &fixture->problems);
}

/* The file with `text` over it. */
static struct config *patch(struct fixture *fixture, const char *text)
{
    struct config *rules = parse_rules(fixture, text);
    assert_non_null(rules);
    struct config *config = patch_apply(
        fixture->base, &(struct patch){rules, CHANGED}, 1, &fixture->problems);
    config_unref(rules);
    return config;
}

static void assert_problem(struct fixture *fixture, int line, const char *part)
{
    assert_int_equal(fixture->problems.error_count, 1);
    assert_string_equal(fixture->problems.items[0].file, "rules");
    assert_int_equal(fixture->problems.items[0].line, line);
    assert_non_null(strstr(fixture->problems.items[0].message, part));
}

/* ---- hostile ---- */

static void rules_of_no_section_are_named_and_left_out(void **state)
{
    struct fixture *fixture = *state;
    struct config *config = patch(fixture,
        "topic new { keywords = { n } }\nsection paper { rule x { keywords = { y } } }");
    assert_problem(fixture, 2, "write 'papers'");
    assert_int_equal(config->topic_count, 2);
    assert_int_equal(config->sections[1].rule_count, 1);
    config_unref(config);
}

static void an_alias_of_another_vendor_is_refused_but_ones_own_is_not(void **state)
{
    struct fixture *fixture = *state;
    struct config *config = patch(fixture, "vendor 辉达 { aliases = {\n \"nvidia\" } }");
    assert_problem(fixture, 2, "belongs to '英伟达'");
    assert_int_equal(config->vendor_count, 1);
    config_unref(config);
    fixture->problems.error_count = 0;
    config = patch(fixture, "vendor 英伟达 { aliases = { NVIDIA, 辉达 } }");
    assert_int_equal(fixture->problems.error_count, 0);
    assert_int_equal(config->vendors[0].aliases.count, 3);
    config_unref(config);
}

static void two_of_a_name_in_one_patch_are_refused(void **state)
{
    struct fixture *fixture = *state;
    assert_null(
        parse_rules(fixture, "topic t { keywords = { a } }\ntopic T { keywords = { b } }"));
    assert_problem(fixture, 2, "stands twice");
}

static void what_is_no_rule_is_refused(void **state)
{
    static const char *const texts[] = {"briefing { title = x }", "database = x",
        "section news { limit = 3 }", "", "# only words", "section \"a", "}{"};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < array_count(texts); i++) {
        assert_null(parse_rules(fixture, texts[i]));
    }
}

static void problems_know_their_columns_in_characters(void **state)
{
    static const char text[] = "section news { rule 规则 { keywords = { 量化, \"\" } } }\n"
                               "\ttopic t { wieght = 1 keywords = { a } }\n";
    struct fixture *fixture = *state;
    assert_null(config_parse_rules(text, strlen(text), "rules", &fixture->problems));
    problems_locate(&fixture->problems, "rules", text, strlen(text));
    const struct problem **sorted = problems_sort(&fixture->problems);
    assert_int_equal(sorted[fixture->problems.count - 1]->line, 2);
    assert_int_equal(sorted[fixture->problems.count - 1]->column, 12);
    problems_add(&fixture->problems, "rules", 99, "no such line '1'");
    problems_add(&fixture->problems, "another", 1, "no such file 'rule'");
    problems_locate(&fixture->problems, "rules", text, strlen(text));
    assert_int_equal(fixture->problems.items[fixture->problems.count - 1].column, 0);
    assert_int_equal(fixture->problems.items[fixture->problems.count - 2].column, 0);
}

/* ---- what it makes ---- */

static void a_rule_takes_the_place_of_its_name_and_others_stay(void **state)
{
    struct fixture *fixture = *state;
    struct config *config = patch(fixture,
        "section papers { rule venues { weight = 5 keywords = { ICML } } "
        "rule new { keywords = { z } } }");
    const struct config_section *papers = &config->sections[1];
    assert_int_equal(papers->rule_count, 2);
    assert_string_equal(papers->rules[0].name, "venues");
    assert_true(papers->rules[0].weight == 5);
    assert_string_equal(papers->rules[0].keywords.items[0].text, "ICML");
    assert_int_equal(papers->rules[0].changed_utc_s, CHANGED);
    assert_string_equal(papers->title, "p");
    assert_int_equal(config->sections[0].rule_count, 1);
    assert_int_equal(config->sections[0].rules[0].changed_utc_s, 0);
    assert_int_equal(fixture->base->sections[1].rule_count, 1);
    assert_true(config->rules_hash != fixture->base->rules_hash);
    config_unref(config);
}

static void a_new_topic_counts_for_gates_of_any_topic(void **state)
{
    struct fixture *fixture = *state;
    struct config *config = patch(fixture, "topic second { weight = 2 keywords = { s } }");
    assert_int_equal(fixture->base->feeds[0].require_count, 1);
    assert_int_equal(config->feeds[0].require_count, 2);
    config_unref(config);
}

static void desk_rules_come_back_as_they_were_written(void **state)
{
    struct fixture *fixture = *state;
    struct config *rules = parse_rules(fixture,
        "section news { rule a { final = true keywords = { '/(?-i:x)\"/', \"it's\" } } }\n"
        "section papers { rule \"b c\" { weight = -2.5 keywords = { \"=ARM\" } } }\n"
        "topic t { keywords = { \"a, b\" } }\nvendor 高通 { aliases = { Qualcomm } }");
    assert_non_null(rules);
    size_t count;
    struct desk_rule *list = desk_rules_build(&fixture->arena, rules, CHANGED, &count);
    assert_int_equal(count, 4);
    assert_string_equal(list[0].kind, DESK_RULE);
    assert_string_equal(list[1].section, "papers");
    assert_string_equal(list[1].name, "b c");
    assert_string_equal(list[3].kind, DESK_VENDOR);
    struct config *together = patch_apply(
        fixture->base, &(struct patch){rules, CHANGED}, 1, &fixture->problems);
    struct config *apart = desk_rules_apply(fixture->base, list, count, &fixture->problems);
    assert_int_equal(fixture->problems.count, 0);
    assert_true(together->rules_hash == apart->rules_hash);
    config_unref(rules);
    config_unref(together);
    config_unref(apart);
}

static void a_desk_rule_nobody_can_read_costs_only_itself(void **state)
{
    struct fixture *fixture = *state;
    const struct desk_rule list[] = {
        {DESK_TOPIC, "", "broken", CHANGED, "topic broken { wait = forever }"},
        {DESK_TOPIC, "", "sound", CHANGED, "topic sound { keywords = { s } }"},
    };
    struct config *config = desk_rules_apply(fixture->base, list, 2, &fixture->problems);
    assert_true(fixture->problems.count > 0);
    assert_string_equal(fixture->problems.items[0].file, "topic 'broken' of the desk");
    assert_int_equal(config->topic_count, 2);
    config_unref(config);
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(rules_of_no_section_are_named_and_left_out),
        test(an_alias_of_another_vendor_is_refused_but_ones_own_is_not),
        test(two_of_a_name_in_one_patch_are_refused),
        test(what_is_no_rule_is_refused),
        test(problems_know_their_columns_in_characters),
        test(a_rule_takes_the_place_of_its_name_and_others_stay),
        test(a_new_topic_counts_for_gates_of_any_topic),
        test(desk_rules_come_back_as_they_were_written),
        test(a_desk_rule_nobody_can_read_costs_only_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
