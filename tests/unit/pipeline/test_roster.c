/* What a reload does to the feeds that are followed, and what happens to the times of all. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "pipeline/roster.h"

enum { FEEDS_MAX = 4 };

static const int64_t NOW_UTC_S = 1700000000;

/* A configuration that can be written anew: the feeds `urls`, by id 1, 2, … */
struct newsroom {
    struct config config;
    struct config_feed feeds[FEEDS_MAX];
    struct feed_state states[FEEDS_MAX];
    struct poll_queue *queue;
    struct roster roster;
};

static int open_newsroom(void **state)
{
    struct newsroom *room = test_calloc(1, sizeof(*room));
    room->config.polling = (struct config_polling){.max_interval_s = 86400};
    room->queue = poll_queue_new(&room->config.polling);
    *state = room;
    return 0;
}

static int close_newsroom(void **state)
{
    struct newsroom *room = *state;
    roster_release(&room->roster);
    poll_queue_free(room->queue);
    test_free(room);
    return 0;
}

static void name_feed(struct newsroom *room, int64_t id, const char *url)
{
    size_t i = room->config.feed_count++;
    room->feeds[i] = (struct config_feed){.name = url, .url = url, .enabled = true};
    room->states[i] = (struct feed_state){
        .id = id,
        .url = url,
        .name = url,
        .next_poll_utc_s = CLOCK_NONE,
        .last_poll_utc_s = CLOCK_NONE,
    };
    room->config.feeds = room->feeds;
}

static void follow(struct newsroom *room)
{
    const struct roster_owner owner = {.queue = room->queue};
    roster_follow(&room->roster, &owner, &room->config, room->states);
}

static void a_feed_that_stays_keeps_its_state_and_its_place_in_the_line(void **state)
{
    struct newsroom *room = *state;
    name_feed(room, 1, "http://a.example/1");
    follow(room);
    struct polled_feed *feed = roster_find(&room->roster, 1);
    feed->state->next_poll_utc_s = NOW_UTC_S;
    poll_queue_put(room->queue, feed);
    name_feed(room, 2, "http://b.example/2");
    follow(room);
    assert_ptr_equal(roster_find(&room->roster, 1), feed);
    assert_int_equal(feed->state->next_poll_utc_s, NOW_UTC_S);
    assert_int_equal(feed->phase, POLLED_WAITING);
    assert_non_null(roster_find(&room->roster, 2));
    assert_int_equal(room->roster.count, 2);
}

static void a_feed_that_waits_and_is_named_no_more_goes_at_once(void **state)
{
    struct newsroom *room = *state;
    name_feed(room, 1, "http://a.example/1");
    name_feed(room, 2, "http://b.example/2");
    follow(room);
    poll_queue_put(room->queue, roster_find(&room->roster, 2));
    room->config.feed_count = 1;
    follow(room);
    assert_null(roster_find(&room->roster, 2));
    assert_int_equal(poll_queue_waiting(room->queue), 0);
    assert_int_equal(room->roster.count, 1);
}

static void a_feed_with_a_document_under_way_stays_until_it_is_dropped(void **state)
{
    struct newsroom *room = *state;
    name_feed(room, 1, "http://a.example/1");
    name_feed(room, 2, "http://b.example/2");
    follow(room);
    struct polled_feed *feed = roster_find(&room->roster, 2);
    feed->phase = POLLED_STORING;
    room->config.feed_count = 1;
    follow(room);
    assert_ptr_equal(roster_find(&room->roster, 2), feed);
    assert_null(feed->config);
    roster_drop(&room->roster, feed);
    assert_null(roster_find(&room->roster, 2));
    assert_int_equal(room->roster.count, 1);
}

static void a_disabled_feed_leaves_the_line(void **state)
{
    struct newsroom *room = *state;
    name_feed(room, 1, "http://a.example/1");
    follow(room);
    poll_queue_put(room->queue, roster_find(&room->roster, 1));
    room->feeds[0].enabled = false;
    follow(room);
    assert_int_equal(poll_queue_waiting(room->queue), 0);
    assert_int_equal(roster_find(&room->roster, 1)->phase, POLLED_IDLE);
}

static void a_feed_that_said_410_comes_back_when_the_store_says_so(void **state)
{
    struct newsroom *room = *state;
    name_feed(room, 1, "http://a.example/1");
    room->states[0].gone = true;
    follow(room);
    assert_true(roster_find(&room->roster, 1)->state->gone);
    room->states[0].gone = false;
    room->states[0].next_poll_utc_s = NOW_UTC_S;
    follow(room);
    assert_false(roster_find(&room->roster, 1)->state->gone);
    assert_int_equal(roster_find(&room->roster, 1)->state->next_poll_utc_s, NOW_UTC_S);
}

static void all_times_move_with_the_clock_but_those_that_are_none(void **state)
{
    struct newsroom *room = *state;
    name_feed(room, 1, "http://a.example/1");
    room->states[0].last_poll_utc_s = NOW_UTC_S;
    follow(room);
    roster_shift(&room->roster, -3600);
    const struct feed_state *shifted = roster_find(&room->roster, 1)->state;
    assert_int_equal(shifted->last_poll_utc_s, NOW_UTC_S - 3600);
    assert_true(shifted->next_poll_utc_s == CLOCK_NONE);
}

static void at_a_start_only_idle_feeds_get_a_time_and_soon(void **state)
{
    struct newsroom *room = *state;
    name_feed(room, 1, "http://a.example/1");
    name_feed(room, 2, "http://b.example/2");
    follow(room);
    roster_find(&room->roster, 2)->phase = POLLED_SETTLING;
    roster_schedule(&room->roster, &room->config.polling, NOW_UTC_S);
    int64_t first_utc_s = roster_find(&room->roster, 1)->state->next_poll_utc_s;
    assert_in_range(first_utc_s, NOW_UTC_S, NOW_UTC_S + 1); /* two a second */
    assert_true(roster_find(&room->roster, 2)->state->next_poll_utc_s == CLOCK_NONE);
}

#define IN_NEWSROOM(test) cmocka_unit_test_setup_teardown(test, open_newsroom, close_newsroom)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_NEWSROOM(a_feed_that_stays_keeps_its_state_and_its_place_in_the_line),
        IN_NEWSROOM(a_feed_that_waits_and_is_named_no_more_goes_at_once),
        IN_NEWSROOM(a_feed_with_a_document_under_way_stays_until_it_is_dropped),
        IN_NEWSROOM(a_disabled_feed_leaves_the_line),
        IN_NEWSROOM(a_feed_that_said_410_comes_back_when_the_store_says_so),
        IN_NEWSROOM(all_times_move_with_the_clock_but_those_that_are_none),
        IN_NEWSROOM(at_a_start_only_idle_feeds_get_a_time_and_soon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
