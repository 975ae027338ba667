/* Rules the editor wrote: replaced in their place, read in order, taken back. */
#include "fixture.h"

#include <string.h>

static struct desk_rule rule(const char *section, const char *name, const char *text)
{
    return (struct desk_rule){DESK_RULE, section, name, NOON, text};
}

static size_t read_rules(
    struct fixture *fixture, struct store *store, struct desk_rule **ret_rules)
{
    size_t count;
    fixture_must(
        fixture, store_read_rules(store, &fixture->arena, ret_rules, &count, &fixture->fault));
    return count;
}

static void a_rule_written_again_keeps_its_place(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    const struct desk_rule rules[] = {
        rule("a", "x", "1"), rule("b", "x", "2"), {DESK_TOPIC, "", "x", NOON, "3"}};
    fixture_must(fixture, store_put_rules(store, rules, 3, &fixture->fault));
    struct desk_rule again = rule("a", "X", "4");
    again.changed_utc_s = NOON + 1;
    fixture_must(fixture, store_put_rules(store, &again, 1, &fixture->fault));
    store_close(store);

    store = fixture_open_reader(fixture);
    struct desk_rule *list;
    assert_int_equal(read_rules(fixture, store, &list), 3);
    assert_string_equal(list[0].text, "4");
    assert_string_equal(list[0].name, "X");
    assert_int_equal(list[0].changed_utc_s, NOON + 1);
    assert_string_equal(list[1].section, "b");
    assert_string_equal(list[2].kind, DESK_TOPIC);
    store_close(store);
}

static void what_is_removed_is_gone_and_the_rest_stays(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    const struct desk_rule rules[] = {rule("a", "x", "1"), rule("b", "x", "2")};
    fixture_must(fixture, store_put_rules(store, rules, 2, &fixture->fault));
    bool removed;
    fixture_must(
        fixture, store_remove_rule(store, DESK_RULE, "a", "x", &removed, &fixture->fault));
    assert_true(removed);
    fixture_must(
        fixture, store_remove_rule(store, DESK_RULE, "a", "x", &removed, &fixture->fault));
    assert_false(removed);
    struct desk_rule *list;
    assert_int_equal(read_rules(fixture, store, &list), 1);
    assert_string_equal(list[0].section, "b");
    store_close(store);
}

static void items_are_read_from_the_last_one_down(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "a");
    struct store_entry entries[5];
    for (size_t i = 0; i < array_count(entries); i++) {
        entries[i] = fixture_entry(
            fixture, arena_printf(&fixture->arena, "https://a.example/%zu", i), 1);
    }
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, entries, 5));
    int64_t below_id = INT64_MAX;
    size_t seen = 0, count;
    do {
        struct stale_item *items;
        fixture_must(fixture,
            store_read_items_below(store, &fixture->arena, &fixture->config, below_id, 2,
                &items, &count, &fixture->fault));
        for (size_t i = 0; i < count; i++) {
            assert_true(items[i].id < below_id);
            below_id = items[i].id;
            seen++;
        }
    } while (count == 2);
    assert_int_equal(seen, 5);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(a_rule_written_again_keeps_its_place),
        storage_test(what_is_removed_is_gone_and_the_rest_stays),
        storage_test(items_are_read_from_the_last_one_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
