/* What the editor adds to feeds.conf or changes of it, as the database keeps it. */
#include "fixture.h"

#include <string.h>

struct reading {
    struct desk_feed *feeds;
    size_t count;
};

static struct reading read_all(struct fixture *fixture, struct store *store)
{
    struct reading reading;
    fixture_must(fixture,
        store_read_added_feeds(
            store, &fixture->arena, &reading.feeds, &reading.count, &fixture->fault));
    return reading;
}

static void put(struct fixture *fixture, struct store *store, const struct desk_feed *feed)
{
    fixture_must(fixture, store_put_feed(store, feed, &fixture->fault));
}

static const struct desk_setting three[] = {
    {"section", "papers"}, {"require", "量化"}, {"require", "剪枝"}};

static const struct desk_feed papers = {
    .url = "https://a.example/feed",
    .name = "甲",
    .added = true,
    .changed_utc_s = NOON,
    .settings = three,
    .setting_count = 3,
};

static void what_is_put_is_read_by_a_later_process(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    put(fixture, store, &papers);
    put(fixture, store, &(struct desk_feed){.url = "https://b.example/", .changed_utc_s = 1});
    store_close(store);
    store = fixture_open_reader(fixture);
    struct reading reading = read_all(fixture, store);
    assert_int_equal(reading.count, 2);
    assert_string_equal(reading.feeds[0].url, papers.url);
    assert_string_equal(reading.feeds[0].name, "甲");
    assert_true(reading.feeds[0].added);
    assert_int_equal(reading.feeds[0].changed_utc_s, NOON);
    assert_int_equal(reading.feeds[0].setting_count, 3);
    assert_string_equal(reading.feeds[0].settings[2].key, "require");
    assert_string_equal(reading.feeds[0].settings[2].value, "剪枝");
    assert_null(reading.feeds[1].name);
    assert_false(reading.feeds[1].added);
    assert_int_equal(reading.feeds[1].setting_count, 0);
    store_close(store);
}

static void a_record_put_again_is_replaced_whole_and_keeps_its_place(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    put(fixture, store, &papers);
    put(fixture, store, &(struct desk_feed){.url = "https://b.example/", .added = true});
    struct desk_feed changed = papers;
    changed.name = "乙";
    changed.settings = &three[1];
    changed.setting_count = 1;
    put(fixture, store, &changed);
    struct reading reading = read_all(fixture, store);
    assert_int_equal(reading.count, 2);
    assert_string_equal(reading.feeds[0].name, "乙");
    assert_int_equal(reading.feeds[0].setting_count, 1);
    assert_string_equal(reading.feeds[0].settings[0].value, "量化");
    store_close(store);
}

static void a_removed_record_leaves_no_settings_and_keeps_what_was_read(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    put(fixture, store, &papers);
    struct feed_state polled;
    fixture_must(fixture,
        store_register_feed(
            store, &fixture->arena, papers.url, papers.name, &polled, &fixture->fault));
    bool removed = false;
    fixture_must(fixture, store_remove_feed(store, papers.url, &removed, &fixture->fault));
    assert_true(removed);
    fixture_must(fixture, store_remove_feed(store, papers.url, &removed, &fixture->fault));
    assert_false(removed);
    assert_int_equal(read_all(fixture, store).count, 0);
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM desk_feed_setting"), 0);
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM feed"), 1);
    store_close(store);
}

/* A CHECK put into the file stands for any failure in the middle of a batch. */
static void a_batch_that_fails_leaves_nothing_of_itself(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    put(fixture, store, &papers);
    fixture_execute(fixture->path,
        "CREATE TRIGGER refuse BEFORE INSERT ON desk_feed_setting WHEN NEW.value = 'bad'"
        " BEGIN SELECT raise(ABORT, 'refused'); END");
    static const struct desk_setting bad = {"section", "bad"};
    struct desk_feed batch[] = {
        {.url = "https://b.example/", .added = true},
        {.url = papers.url, .name = "丙", .added = true, .settings = &bad, .setting_count = 1},
    };
    assert_false(store_put_feeds(store, batch, 2, &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_STORE);
    struct reading reading = read_all(fixture, store);
    assert_int_equal(reading.count, 1);
    assert_string_equal(reading.feeds[0].name, "甲");
    assert_int_equal(reading.feeds[0].setting_count, 3);
    store_close(store);
}

static void settings_find_their_feed_among_many(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct desk_feed feeds[50] = {0};
    for (size_t i = 0; i < 50; i++) {
        struct desk_setting *settings = arena_new_array(
            &fixture->arena, struct desk_setting, 20);
        for (size_t k = 0; k < 20; k++) {
            settings[k] = (struct desk_setting){
                "allow", arena_printf(&fixture->arena, "host%zu-%zu:80", i, k)};
        }
        feeds[i].url = arena_printf(&fixture->arena, "https://%zu.example/", i);
        feeds[i].settings = settings;
        feeds[i].setting_count = i % 3 == 0 ? 0 : i % 21;
    }
    fixture_must(fixture, store_put_feeds(store, feeds, 50, &fixture->fault));
    struct reading reading = read_all(fixture, store);
    assert_int_equal(reading.count, 50);
    for (size_t i = 0; i < 50; i++) {
        assert_int_equal(reading.feeds[i].setting_count, feeds[i].setting_count);
        for (size_t k = 0; k < feeds[i].setting_count; k++) {
            assert_string_equal(reading.feeds[i].settings[k].value, feeds[i].settings[k].value);
        }
    }
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(what_is_put_is_read_by_a_later_process),
        storage_test(a_record_put_again_is_replaced_whole_and_keeps_its_place),
        storage_test(a_removed_record_leaves_no_settings_and_keeps_what_was_read),
        storage_test(a_batch_that_fails_leaves_nothing_of_itself),
        storage_test(settings_find_their_feed_among_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
