/* What feeds bring, and where the editor and the machine put it. */
#include "desk_fixture.h"

#include <string.h>

#include "storage/activity.h"
#include "storage/placings.h"

enum { DAY_S = 86400, WEEK_S = 7 * DAY_S };

struct reading {
    struct feed_activity *feeds;
    size_t count;
};

static struct reading read_at(struct desk_fixture *desk, int64_t now_utc_s)
{
    struct reading reading;
    desk_must(desk,
        store_read_activity(
            desk->store, desk->arena, now_utc_s, &reading.feeds, &reading.count, desk->fault));
    return reading;
}

static const struct feed_activity *find(
    struct desk_fixture *desk, const struct reading *reading, const char *url)
{
    for (size_t i = 0; i < reading->count; i++) {
        const char *found;
        desk_must(desk,
            store_find_feed_url(
                desk->store, desk->arena, reading->feeds[i].feed_id, &found, desk->fault));
        if (found != NULL && strcmp(found, url) == 0) {
            return &reading->feeds[i];
        }
    }
    return NULL;
}

static const char arxiv[] = "https://arxiv.example/feed";
static const char lwn[] = "https://lwn.example/feed";

static void an_item_counts_in_the_week_of_its_date_and_is_forgotten_after_twelve(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    desk_add(desk, "a", desk_title(0));
    desk_add(desk, "b", desk_title(1));
    int64_t now = desk->now_utc_s + DAY_S;
    for (int week = 0; week < ACTIVITY_WEEKS; week++) {
        struct reading reading = read_at(desk, now + (int64_t)week * WEEK_S);
        const struct feed_activity *feed = find(desk, &reading, arxiv);
        assert_non_null(feed);
        assert_int_equal(feed->items, 2);
        for (int i = 0; i < ACTIVITY_WEEKS; i++) {
            assert_int_equal(feed->weeks[i], i == ACTIVITY_WEEKS - 1 - week ? 2 : 0);
        }
    }
    struct reading later = read_at(desk, now + ACTIVITY_WEEKS * (int64_t)WEEK_S);
    assert_int_equal(later.count, 0);
    struct reading before = read_at(desk, NOON - 365 * (int64_t)DAY_S);
    assert_int_equal(before.count, 0);
    desk_close(desk);
}

static void an_item_counts_for_every_feed_that_has_it_and_so_does_its_pick(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t item = desk_add(desk, "a", desk_title(0));
    desk_add_from(desk, "lwn", "a", desk_title(0));
    desk_add(desk, "b", desk_title(1));
    desk_decide_state(desk, "editor", desk_story_of(desk, item), DESK_PICKED);
    struct reading reading = read_at(desk, desk->now_utc_s + DAY_S);
    assert_int_equal(reading.count, 2);
    assert_int_equal(find(desk, &reading, arxiv)->items, 2);
    assert_int_equal(find(desk, &reading, arxiv)->picked, 1);
    assert_int_equal(find(desk, &reading, lwn)->items, 1);
    assert_int_equal(find(desk, &reading, lwn)->picked, 1);
    desk_take_back(desk, "editor");
    reading = read_at(desk, desk->now_utc_s + DAY_S);
    assert_int_equal(find(desk, &reading, arxiv)->picked, 0);
    desk_close(desk);
}

static void an_id_that_no_feed_has_has_no_address(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    const char *url = "";
    desk_must(desk, store_find_feed_url(desk->store, desk->arena, 999, &url, desk->fault));
    assert_null(url);
    desk_close(desk);
}

static void a_pick_is_a_placing_until_it_is_taken_out_and_moves_with_it(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t item = desk_add(desk, "a", desk_title(0));
    desk_add(desk, "b", desk_title(1));
    struct placing *placings;
    size_t count;
    desk_must(
        desk, store_read_placings(desk->store, desk->arena, &placings, &count, desk->fault));
    assert_int_equal(count, 0);
    struct desk_result picked = desk_decide_state(
        desk, "editor", desk_story_of(desk, item), DESK_PICKED);
    int64_t pick = 0;
    for (size_t i = 0; i < picked.change_count; i++) {
        pick = picked.changes[i].kind == DESK_PICK ? picked.changes[i].id : pick;
    }
    desk_move(desk, "editor", pick, "papers", 0);
    desk_must(
        desk, store_read_placings(desk->store, desk->arena, &placings, &count, desk->fault));
    assert_int_equal(count, 1);
    assert_int_equal(placings[0].item_id, item);
    assert_string_equal(placings[0].title, desk_title(0));
    assert_string_equal(placings[0].editor, "papers");
    assert_string_equal(placings[0].machine, "news");
    assert_null(placings[0].day);
    desk_take_back(desk, "editor");
    desk_take_back(desk, "editor");
    desk_must(
        desk, store_read_placings(desk->store, desk->arena, &placings, &count, desk->fault));
    assert_int_equal(count, 0);
    desk_close(desk);
}

static void titles_are_found_by_story_and_by_item(void **state)
{
    struct desk_fixture *desk = desk_open(*state);
    int64_t item = desk_add(desk, "a", desk_title(0));
    const char *title;
    desk_must(desk,
        store_find_title(desk->store, desk->arena, DESK_STORY, desk_story_of(desk, item),
            &title, desk->fault));
    assert_string_equal(title, desk_title(0));
    desk_must(
        desk, store_find_title(desk->store, desk->arena, DESK_ITEM, item, &title, desk->fault));
    assert_string_equal(title, desk_title(0));
    desk_must(
        desk, store_find_title(desk->store, desk->arena, DESK_ITEM, 999, &title, desk->fault));
    assert_null(title);
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(an_item_counts_in_the_week_of_its_date_and_is_forgotten_after_twelve),
        storage_test(an_item_counts_for_every_feed_that_has_it_and_so_does_its_pick),
        storage_test(an_id_that_no_feed_has_has_no_address),
        storage_test(a_pick_is_a_placing_until_it_is_taken_out_and_moves_with_it),
        storage_test(titles_are_found_by_story_and_by_item),
    };
    return cmocka_run_group_tests_name("activity", tests, NULL, NULL);
}
