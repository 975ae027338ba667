#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/clock.h"
#include "pipeline/outcome.h"
#include "pipeline/polled_feed.h"

enum { NOW = 1600300800, DAY = 86400 };

struct fixture {
    struct arena arena;
    struct feed_state state;
    struct http_response response;
};

/* A feed that was read yesterday, and a plain 200. */
static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){
        .state = {.id = 1,
            .url = "http://a.example/feed",
            .name = "a",
            .etag = "\"old\"",
            .last_modified = "Wed, 16 Sep 2020 00:00:00 GMT",
            .moved_since_utc_s = CLOCK_NONE,
            .last_success_utc_s = NOW - DAY,
            .newest_entry_utc_s = CLOCK_NONE},
        .response = {.status = 200,
            .body = "<rss/>",
            .body_length = 6,
            .url = "http://a.example/feed",
            .retry_after_s = -1,
            .max_age_s = -1},
    };
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    arena_release(&fixture->arena);
    return 0;
}

static enum outcome_kind read_answer(struct fixture *fixture, int64_t now)
{
    return outcome_of_response(&fixture->state, &fixture->arena, &fixture->response, NULL, now);
}

static void a_304_is_a_success_and_keeps_the_validators(void **state)
{
    struct fixture *f = *state;
    f->response.status = 304;
    f->state.error = "broken";
    assert_int_equal(read_answer(f, NOW), OUTCOME_NOT_MODIFIED);
    assert_string_equal(f->state.etag, "\"old\"");
    assert_string_equal(f->state.last_modified, "Wed, 16 Sep 2020 00:00:00 GMT");
    assert_null(f->state.error);
    assert_int_equal(f->state.last_success_utc_s, NOW);
}

static void a_304_with_a_new_etag_replaces_the_old_byte_for_byte(void **state)
{
    struct fixture *f = *state;
    f->response.status = 304;
    f->response.etag = "unquoted-new";
    read_answer(f, NOW);
    assert_string_equal(f->state.etag, "unquoted-new");
}

static void a_304_that_nobody_asked_for_is_a_fault_and_its_validators_are_not_taken(
    void **state)
{
    struct fixture *f = *state;
    f->state.etag = f->state.last_modified = NULL;
    f->response.status = 304;
    f->response.etag = "\"never brought\"";
    f->response.last_modified = "Thu, 17 Sep 2020 00:00:00 GMT";
    assert_int_equal(read_answer(f, NOW), OUTCOME_FAILED);
    assert_null(f->state.etag);
    assert_null(f->state.last_modified);
    assert_non_null(strstr(f->state.error, "304"));
    assert_int_equal(f->state.last_success_utc_s, NOW - DAY);
    f->state.etag = "\"old\""; /* either of them is enough to have asked */
    assert_int_equal(read_answer(f, NOW), OUTCOME_NOT_MODIFIED);
    assert_null(f->state.error);
}

static void a_200_without_validators_forgets_the_old_ones(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(read_answer(f, NOW), OUTCOME_BODY);
    assert_null(f->state.etag);
    assert_null(f->state.last_modified);
}

static void an_unchanged_body_is_a_success_and_takes_the_new_validators(void **state)
{
    struct fixture *f = *state;
    f->state.error = "broken";
    f->response.etag = "\"new\"";
    assert_int_equal(read_answer(f, NOW), OUTCOME_BODY);
    outcome_unchanged(&f->state, NOW);
    assert_null(f->state.error);
    assert_string_equal(f->state.etag, "\"new\"");
    assert_int_equal(f->state.last_success_utc_s, NOW);
}

static void a_document_that_was_read_leaves_its_hash_and_health(void **state)
{
    struct fixture *f = *state;
    struct feed_document parsed = {.title = "A", .entry_count = 7, .bozo = true};
    struct document document = {.feed_document = &parsed,
        .body_hash = 42,
        .fetched_utc_s = NOW,
        .newest_entry_utc_s = NOW - 5};
    outcome_accept(&f->state, &f->arena, &document);
    assert_int_equal(f->state.body_hash, 42);
    assert_string_equal(f->state.title, "A");
    assert_int_equal(f->state.entries, 7);
    assert_true(f->state.bozo);
    assert_int_equal(f->state.newest_entry_utc_s, NOW - 5);
}

static void what_is_no_feed_leaves_the_validators_as_they_were(void **state)
{
    struct fixture *f = *state;
    struct feed_state old = f->state;
    f->response.etag = "\"of the login page\"";
    assert_int_equal(read_answer(f, NOW), OUTCOME_BODY);
    struct fault fault;
    fault_set(&fault, FAULT_PARSE, "an HTML page titled 'Log in'");
    outcome_refuse(&f->state, &f->arena, &old, &fault);
    assert_string_equal(f->state.etag, "\"old\"");
    assert_int_equal(f->state.body_hash, 0);
    assert_string_equal(f->state.error, "an HTML page titled 'Log in'");
    assert_string_equal(f->state.error_kind, "parse");
    assert_int_equal(f->state.last_success_utc_s, NOW - DAY);
}

static void a_410_stops_the_feed_and_a_404_does_not(void **state)
{
    struct fixture *f = *state;
    f->response.status = 404;
    assert_int_equal(read_answer(f, NOW), OUTCOME_FAILED);
    assert_false(f->state.gone);
    f->response.status = 410;
    assert_int_equal(read_answer(f, NOW), OUTCOME_FAILED);
    assert_true(f->state.gone);
    assert_string_equal(f->state.error_kind, "gone");
}

static void a_network_fault_is_kept_as_a_sentence_with_no_status(void **state)
{
    struct fixture *f = *state;
    struct fault fault;
    fault_set(&fault, FAULT_NETWORK, "no answer within 30 s");
    f->state.status = 200;
    assert_int_equal(
        outcome_of_response(&f->state, &f->arena, NULL, &fault, NOW), OUTCOME_FAILED);
    assert_string_equal(f->state.error, "no answer within 30 s");
    assert_int_equal(f->state.status, 0);
    assert_string_equal(f->state.etag, "\"old\"");
}

static void a_permanent_redirect_is_followed_directly_after_a_week(void **state)
{
    struct fixture *f = *state;
    f->response.permanent_url = "http://b.example/feed";
    read_answer(f, NOW);
    assert_string_equal(polled_feed_url(&f->state, NOW + 6 * DAY), "http://a.example/feed");
    read_answer(f, NOW + 3 * DAY); /* seen again: the clock goes on */
    assert_string_equal(polled_feed_url(&f->state, NOW + 7 * DAY), "http://b.example/feed");
}

static void a_redirect_that_changes_its_target_starts_its_week_anew(void **state)
{
    struct fixture *f = *state;
    f->response.permanent_url = "http://b.example/feed";
    read_answer(f, NOW);
    f->response.permanent_url = "http://c.example/feed";
    read_answer(f, NOW + 6 * DAY);
    assert_string_equal(polled_feed_url(&f->state, NOW + 8 * DAY), "http://a.example/feed");
}

static void a_redirect_that_ends_within_the_week_is_forgotten(void **state)
{
    struct fixture *f = *state;
    f->response.permanent_url = "http://b.example/feed";
    read_answer(f, NOW);
    f->response.permanent_url = NULL;
    read_answer(f, NOW + DAY);
    assert_null(f->state.moved_to);
}

static void a_new_address_stays_while_it_answers_without_redirecting(void **state)
{
    struct fixture *f = *state;
    f->state.moved_to = "http://b.example/feed";
    f->state.moved_since_utc_s = NOW - 8 * DAY;
    read_answer(f, NOW);
    assert_string_equal(f->state.moved_to, "http://b.example/feed");
}

static void a_new_address_that_fails_is_given_up(void **state)
{
    struct fixture *f = *state;
    f->state.moved_to = "http://b.example/feed";
    f->state.moved_since_utc_s = NOW - 8 * DAY;
    f->response.status = 404;
    read_answer(f, NOW);
    assert_string_equal(polled_feed_url(&f->state, NOW), "http://a.example/feed");
}

static const struct config_polling polling = {.min_interval_s = 900, .max_interval_s = DAY};
static const struct config_feed feed = {.name = "a"};

static int64_t wait_after(struct fixture *f, bool failed, int64_t now)
{
    outcome_schedule(&f->state, failed, -1, &polling, &feed, now);
    return f->state.next_poll_utc_s - now;
}

static void take_document(struct fixture *f, const struct feed_document *parsed, int64_t now)
{
    struct document document = {.feed_document = (struct feed_document *)parsed,
        .fetched_utc_s = now,
        .newest_entry_utc_s = CLOCK_NONE};
    outcome_accept(&f->state, &f->arena, &document);
}

static void the_longest_wish_of_document_and_answer_counts(void **state)
{
    static const struct {
        int64_t max_age_s;
        int ttl_minutes, update_period_s;
        int64_t wish_s;
    } cases[] = {{18000, -1, -1, 18000}, {-1, 300, -1, 18000}, {-1, -1, 18000, 18000},
        {7200, 60, 18000, 18000}, {18000, 60, 7200, 18000}, {60, 300, 3600, 18000}};
    for (size_t i = 0; i < array_count(cases); i++) {
        set_up(state);
        struct fixture *f = *state;
        f->response.max_age_s = cases[i].max_age_s;
        struct feed_document parsed = {
            .ttl_minutes = cases[i].ttl_minutes, .update_period_s = cases[i].update_period_s};
        read_answer(f, NOW);
        take_document(f, &parsed, NOW);
        assert_in_range(wait_after(f, false, NOW), cases[i].wish_s, cases[i].wish_s + 900);
        tear_down(state);
    }
}

/* They were forgotten once: the second poll of a feed with <ttl>300</ttl> came after an hour.
 */
static void the_wishes_of_a_document_hold_on_the_304s_that_follow(void **state)
{
    struct fixture *f = *state;
    f->response.max_age_s = 18000;
    f->response.etag = "\"1\"";
    struct feed_document parsed = {.ttl_minutes = 60,
        .update_period_s = -1,
        .skip_hours = 0xffffff & ~(1u << 5),
        .skip_days = 1 << 4};
    read_answer(f, NOW);
    take_document(f, &parsed, NOW);
    for (int day = 1; day < 10; day++) {
        int64_t now = NOW + day * DAY;
        f->response = (struct http_response){
            .status = 304, .url = f->state.url, .retry_after_s = -1, .max_age_s = -1};
        assert_int_equal(read_answer(f, now), OUTCOME_NOT_MODIFIED);
        assert_true(wait_after(f, false, now) >= 18000);
        int64_t next = f->state.next_poll_utc_s;
        assert_int_equal(next / 3600 % 24, 5);
        assert_int_not_equal((next / DAY + 4) % 7, 4);
    }
}

/* RFC 9111 4.3.4: what a 304 does not say stays as it was. */
static void a_304_without_a_lifetime_keeps_the_old_one(void **state)
{
    struct fixture *f = *state;
    f->state.max_age_s = 50000;
    f->response.status = 304;
    for (int day = 0; day < 3; day++) {
        read_answer(f, NOW + day * DAY);
        assert_in_range(wait_after(f, false, NOW + day * DAY), 50000, 50900);
    }
}

static void a_304_with_a_lifetime_of_its_own_replaces_the_old_one(void **state)
{
    struct fixture *f = *state;
    f->state.max_age_s = 50000;
    f->response.status = 304;
    f->response.max_age_s = 20000;
    read_answer(f, NOW);
    assert_in_range(wait_after(f, false, NOW), 20000, 20900);
}

static void a_200_without_a_lifetime_ends_the_old_one(void **state)
{
    struct fixture *f = *state;
    f->state.max_age_s = 50000;
    read_answer(f, NOW);
    assert_in_range(wait_after(f, false, NOW), 900, 20000);
}

static void the_lifetime_of_a_login_page_is_not_the_feeds(void **state)
{
    struct fixture *f = *state;
    struct feed_state old = f->state;
    f->response.max_age_s = 80000;
    read_answer(f, NOW);
    struct fault fault;
    fault_set(&fault, FAULT_PARSE, "an HTML page");
    outcome_refuse(&f->state, &f->arena, &old, &fault);
    assert_in_range(wait_after(f, true, NOW), 900, 1125);
    assert_int_equal(f->state.max_age_s, 0);
}

static void a_feed_that_brings_more_is_asked_more_often(void **state)
{
    struct fixture *f = *state;
    struct feed_document parsed = {.ttl_minutes = -1, .update_period_s = -1};
    int64_t seldom[] = {NOW - DAY, NOW - 8 * DAY, NOW - 15 * DAY, NOW - 22 * DAY};
    struct document document = {.feed_document = &parsed,
        .fetched_utc_s = NOW,
        .newest_entry_utc_s = seldom[0],
        .dates_utc_s = seldom,
        .date_count = array_count(seldom)};
    outcome_accept(&f->state, &f->arena, &document);
    wait_after(f, false, NOW);
    int64_t before_s = f->state.interval_s;
    int64_t now = NOW;
    for (int day = 0; day < 14; day++) {
        now += DAY;
        int64_t dates[] = {now - 3600, now - 7200, now - 10800, now - 14400, now - 18000};
        document.dates_utc_s = dates;
        document.date_count = array_count(dates);
        document.newest_entry_utc_s = dates[0];
        document.fetched_utc_s = now;
        outcome_accept(&f->state, &f->arena, &document);
    }
    wait_after(f, false, now);
    assert_true(f->state.interval_s * 2 < before_s);
    for (int day = 0; day < 120; day++) { /* … and less often when it falls silent */
        now += DAY;
        wait_after(f, false, now);
    }
    assert_true(f->state.interval_s > before_s);
}

static void a_feed_without_dates_is_learned_by_when_it_changes(void **state)
{
    struct fixture *f = *state;
    struct feed_document parsed = {.ttl_minutes = -1, .update_period_s = -1};
    take_document(f, &parsed, NOW - 20 * DAY);
    for (int hour = 1; hour < 200; hour++) {
        take_document(f, &parsed, NOW - 20 * DAY + hour * 7200);
    }
    wait_after(f, false, NOW - 20 * DAY + 200 * 7200);
    assert_in_range(f->state.interval_s, 3600, 4800);
}

static void a_public_host_rests_as_long_as_it_asks_and_a_private_one_does_not(void **state)
{
    enum { TWO_DAYS = 2 * DAY };
    static const struct {
        int status;
        bool private_address;
        int64_t retry_after_s, rest_s;
    } cases[] = {
        {429, false, 60, 60},
        {503, false, 60, 60},
        {406, false, 60, 60},
        {429, false, -1, 0},
        {429, false, 0, 0},
        {500, false, 60, 0},
        {200, false, 60, 0},
        {429, true, 60, 0}, /* RSSHub at home: one route is tired, not the host */
        {503, true, 60, 0},
        {429, false, 2400000000, TWO_DAYS}, /* the year 2098 */
        {429, false, INT64_MAX, TWO_DAYS},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct http_response response = {.status = cases[i].status,
            .private_address = cases[i].private_address,
            .retry_after_s = cases[i].retry_after_s};
        assert_int_equal(outcome_host_rest_s(&response), cases[i].rest_s);
    }
    assert_int_equal(outcome_host_rest_s(NULL), 0);
}

static void a_410_of_the_new_address_leads_back_to_the_old_one(void **state)
{
    struct fixture *f = *state;
    f->state.moved_to = "http://b.example/feed";
    f->state.moved_since_utc_s = NOW - 8 * DAY;
    f->response.status = 410;
    read_answer(f, NOW);
    assert_false(f->state.gone);
    assert_string_equal(polled_feed_url(&f->state, NOW), "http://a.example/feed");
    read_answer(f, NOW + DAY);
    assert_true(f->state.gone);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_304_is_a_success_and_keeps_the_validators),
        TEST(a_304_with_a_new_etag_replaces_the_old_byte_for_byte),
        TEST(a_304_that_nobody_asked_for_is_a_fault_and_its_validators_are_not_taken),
        TEST(a_200_without_validators_forgets_the_old_ones),
        TEST(an_unchanged_body_is_a_success_and_takes_the_new_validators),
        TEST(a_document_that_was_read_leaves_its_hash_and_health),
        TEST(what_is_no_feed_leaves_the_validators_as_they_were),
        TEST(a_410_stops_the_feed_and_a_404_does_not),
        TEST(a_network_fault_is_kept_as_a_sentence_with_no_status),
        TEST(a_permanent_redirect_is_followed_directly_after_a_week),
        TEST(a_redirect_that_changes_its_target_starts_its_week_anew),
        TEST(a_redirect_that_ends_within_the_week_is_forgotten),
        TEST(a_new_address_stays_while_it_answers_without_redirecting),
        TEST(a_new_address_that_fails_is_given_up),
        TEST(the_longest_wish_of_document_and_answer_counts),
        TEST(the_wishes_of_a_document_hold_on_the_304s_that_follow),
        TEST(a_304_without_a_lifetime_keeps_the_old_one),
        TEST(a_304_with_a_lifetime_of_its_own_replaces_the_old_one),
        TEST(a_200_without_a_lifetime_ends_the_old_one),
        TEST(the_lifetime_of_a_login_page_is_not_the_feeds),
        TEST(a_feed_that_brings_more_is_asked_more_often),
        TEST(a_feed_without_dates_is_learned_by_when_it_changes),
        TEST(a_public_host_rests_as_long_as_it_asks_and_a_private_one_does_not),
        TEST(a_410_of_the_new_address_leads_back_to_the_old_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
