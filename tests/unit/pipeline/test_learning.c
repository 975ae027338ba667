/* What is learned while the daemon runs, and what a restart learns from the log, is one. */
#include "../storage/desk_fixture.h"

#include <string.h>

#include "base/clock.h"
#include "pipeline/learning.h"

static struct desk_fixture *desk;
static struct rules *rules;

static void open_all(struct fixture *fixture)
{
    struct problems problems;
    problems_init(&problems);
    desk = desk_open(fixture);
    rules = rules_new(config_ref(desk->config), &problems);
    assert_non_null(rules);
    problems_release(&problems);
}

static void close_all(void)
{
    rules_unref(rules);
    desk_close(desk);
}

static void decide(int64_t story, enum desk_state state)
{
    struct desk_action action = desk_by(desk, "ada");
    action.lesson = learning_write_lesson;
    action.lesson_data = rules;
    struct desk_decision decision = {.story = {story, DESK_ANY_VERSION}, .state = &state};
    struct desk_result result;
    desk_must(desk,
        desk_decide(desk->store, desk->arena, desk->config, &action, &decision, 1, &result,
            desk->fault));
}

static void follow(struct learner **learner, int64_t *event)
{
    desk_must(desk, learning_follow(desk->store, rules, learner, event, desk->fault));
}

/* Bit for bit: the bytes a learner is written as hold every weight. */
static void assert_as_a_restart_would_have_it(const struct learner *live)
{
    struct learner *built = NULL;
    int64_t event = 0;
    struct buffer one, other;
    follow(&built, &event);
    buffer_init(&one, 64 << 20);
    buffer_init(&other, 64 << 20);
    learner_write(live, &one);
    learner_write(built, &other);
    assert_int_equal(learner_event_count(live), learner_event_count(built));
    assert_int_equal(one.length, other.length);
    assert_memory_equal(one.data, other.data, one.length);
    buffer_release(&one);
    buffer_release(&other);
    learner_free(built);
}

static void the_live_learner_is_the_one_a_restart_builds(void **state)
{
    open_all(*state);
    struct learner *live = NULL;
    int64_t event = 0, stories[12];
    for (int i = 0; i < 12; i++) {
        stories[i] = desk_story_of(desk,
            desk_add(
                desk, arena_printf(desk->arena, "https://a.example/%d", i), desk_title(i)));
    }
    for (int i = 0; i < 12; i++) {
        decide(stories[i], i % 3 == 0 ? DESK_PICKED : DESK_REJECTED);
        follow(&live, &event);
        assert_as_a_restart_would_have_it(live);
    }
    assert_int_equal(learner_event_count(live), 12);
    desk_take_back(desk, "ada");
    follow(&live, &event);
    assert_int_equal(learner_event_count(live), 11);
    assert_as_a_restart_would_have_it(live);
    desk_do_again(desk, "ada");
    follow(&live, &event);
    assert_as_a_restart_would_have_it(live);
    learner_free(live);
    close_all();
}

static void what_imported_issues_printed_is_learned_first(void **state)
{
    open_all(*state);
    struct issue_reading reading = {0};
    struct issue *issue = issue_furnish(desk->arena, desk->config, "2019-05-01");
    struct issue_item items[2] = {{.title = "An old item", .url = "https://o.example/1"},
        {.title = "Another one", .url = "https://o.example/2"}};
    issue->sections[0].items = items;
    issue->sections[0].item_count = 2;
    reading.issue = issue;
    enum store_issue_change change;
    desk_must(desk, store_import_issue(desk->store, &reading, &change, desk->fault));
    struct learner *live = NULL;
    int64_t event = 0;
    follow(&live, &event);
    assert_int_equal(learner_event_count(live), 2);
    decide(
        desk_story_of(desk, desk_add(desk, "https://a.example/1", desk_title(1))), DESK_PICKED);
    follow(&live, &event);
    assert_int_equal(learner_event_count(live), 3);
    assert_as_a_restart_would_have_it(live);
    learner_free(live);
    close_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            the_live_learner_is_the_one_a_restart_builds, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(
            what_imported_issues_printed_is_learned_first, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
