/* Guesses are slowed down, and nobody is locked out by somebody else's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "web/access/throttle.h"

static const char here[] = "192.0.2.1";
static const int64_t start_ms = 1000000;

static int set_up(void **state)
{
    *state = throttle_new();
    return 0;
}

static int tear_down(void **state)
{
    throttle_free(*state);
    return 0;
}

/* How many guesses in a row are allowed, up to `most`. */
static int count_allowed(struct throttle *throttle, const char *account, const char *address,
    bool known, int64_t now_ms, int most)
{
    int count = 0;
    while (count < most && throttle_guess(throttle, account, address, known, now_ms).allowed) {
        count++;
    }
    return count;
}

static void five_guesses_then_one_every_three_minutes(void **state)
{
    struct throttle *throttle = *state;
    for (int left = 4; left >= 0; left--) {
        struct throttle_answer answer = throttle_guess(throttle, "ada", here, false, start_ms);
        assert_true(answer.allowed);
        assert_int_equal(answer.left, left);
    }
    struct throttle_answer refused = throttle_guess(throttle, "ada", here, false, start_ms);
    assert_false(refused.allowed);
    assert_int_equal(refused.wait_s, THROTTLE_PAIR_MS / 1000);
    assert_int_equal(refused.left, 0);
    int64_t almost_ms = start_ms + THROTTLE_PAIR_MS - 1;
    assert_int_equal(throttle_guess(throttle, "ada", here, false, almost_ms).wait_s, 1);
    assert_int_equal(count_allowed(throttle, "ada", here, false, almost_ms + 1, 9), 1);
    assert_int_equal(
        count_allowed(throttle, "ada", here, false, start_ms + 10 * THROTTLE_PAIR_MS, 9), 5);
}

static void a_refused_guess_costs_nothing(void **state)
{
    struct throttle *throttle = *state;
    assert_int_equal(count_allowed(throttle, "ada", here, false, start_ms, 9), 5);
    for (int i = 0; i < 100; i++) {
        assert_false(throttle_guess(throttle, "ada", here, false, start_ms).allowed);
    }
    assert_int_equal(
        count_allowed(throttle, "ada", here, false, start_ms + THROTTLE_PAIR_MS, 9), 1);
}

static void the_right_password_makes_all_five_good(void **state)
{
    struct throttle *throttle = *state;
    count_allowed(throttle, "ada", here, false, start_ms, 4);
    assert_true(throttle_guess(throttle, "ada", here, false, start_ms).allowed);
    throttle_forgive(throttle, "ada", here, start_ms);
    assert_int_equal(count_allowed(throttle, "ada", here, false, start_ms, 9), 5);
}

static void exhaust_account(struct throttle *throttle, int64_t now_ms)
{
    for (int i = 0; i < 2 * THROTTLE_ACCOUNT_BURST; i++) {
        char address[32];
        snprintf(address, sizeof(address), "203.0.113.%d", i);
        count_allowed(throttle, "ada", address, false, now_ms, 1);
    }
}

static void strangers_lock_nobody_out_who_was_right_there_before(void **state)
{
    struct throttle *throttle = *state;
    const int64_t day_ms = INT64_C(86400000);
    assert_true(throttle_guess(throttle, "ada", here, false, start_ms).allowed);
    throttle_forgive(throttle, "ada", here, start_ms); /* and has logged out since */
    int64_t later_ms = start_ms + THROTTLE_KNOWN_DAYS * day_ms - 1;
    exhaust_account(throttle, later_ms);
    assert_false(throttle_guess(throttle, "ada", "192.0.2.2", false, later_ms).allowed);
    assert_true(throttle_guess(throttle, "ada", here, false, later_ms).allowed);
    exhaust_account(throttle, later_ms + 1);
    assert_false(throttle_guess(throttle, "ada", here, false, later_ms + 1).allowed);
}

static void a_right_guess_where_one_is_known_gives_strangers_none(void **state)
{
    struct throttle *throttle = *state;
    throttle_forgive(throttle, "ada", here, start_ms);
    exhaust_account(throttle, start_ms);
    assert_true(throttle_guess(throttle, "ada", here, false, start_ms).allowed);
    throttle_forgive(throttle, "ada", here, start_ms);
    assert_false(throttle_guess(throttle, "ada", "192.0.2.2", false, start_ms).allowed);
}

static void another_account_and_another_address_are_free(void **state)
{
    struct throttle *throttle = *state;
    count_allowed(throttle, "ada", here, false, start_ms, 9);
    assert_true(throttle_guess(throttle, "bob", here, false, start_ms).allowed);
    assert_true(throttle_guess(throttle, "ada", "192.0.2.2", false, start_ms).allowed);
    assert_false(throttle_guess(throttle, "ADA", here, false, start_ms).allowed);
}

static void a_list_of_names_from_one_address_is_stopped(void **state)
{
    struct throttle *throttle = *state;
    int allowed = 0;
    for (int i = 0; i < 1000; i++) {
        char name[16];
        snprintf(name, sizeof(name), "name%d", i);
        allowed += throttle_guess(throttle, name, here, false, start_ms).allowed;
    }
    assert_int_equal(allowed, THROTTLE_ADDRESS_BURST);
    assert_true(throttle_guess(throttle, "name1", "192.0.2.9", false, start_ms).allowed);
}

static void a_thousand_machines_do_not_lock_out_who_is_known(void **state)
{
    struct throttle *throttle = *state;
    int allowed = 0;
    for (int i = 0; i < 1000; i++) {
        char address[32];
        snprintf(address, sizeof(address), "198.51.%d.%d", i / 250, i % 250);
        allowed += throttle_guess(throttle, "ada", address, false, start_ms).allowed;
    }
    assert_int_equal(allowed, THROTTLE_ACCOUNT_BURST);
    assert_false(throttle_guess(throttle, "ada", here, false, start_ms).allowed);
    assert_true(throttle_guess(throttle, "ada", here, true, start_ms).allowed);
    assert_true(throttle_guess(throttle, "bob", here, false, start_ms).allowed);
}

static void a_customer_s_ipv6_network_is_one_address(void **state)
{
    struct throttle *throttle = *state;
    assert_int_equal(count_allowed(throttle, "ada", "2001:db8:1:2::1", false, start_ms, 9), 5);
    assert_false(
        throttle_guess(throttle, "ada", "2001:db8:1:2:ffff::9", false, start_ms).allowed);
    assert_true(throttle_guess(throttle, "ada", "2001:db8:1:3::1", false, start_ms).allowed);
    count_allowed(throttle, "bob", here, false, start_ms, 9);
    assert_false(throttle_guess(throttle, "bob", "::ffff:192.0.2.1", false, start_ms).allowed);
}

/* More names than there is room for, each from a network of its own. */
static void a_crowd_does_not_push_out_who_guessed_often(void **state)
{
    struct throttle *throttle = *state;
    count_allowed(throttle, "ada", here, false, start_ms, 9);
    for (int i = 0; i < 4 * THROTTLE_SLOTS; i++) {
        char name[32], address[48];
        snprintf(name, sizeof(name), "n%d", i);
        snprintf(address, sizeof(address), "2001:db8:%x:%x::1", i >> 8, i & 255);
        throttle_guess(throttle, name, address, false, start_ms);
    }
    assert_false(throttle_guess(throttle, "ada", here, false, start_ms).allowed);
}

#define throttle_test(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        throttle_test(five_guesses_then_one_every_three_minutes),
        throttle_test(a_refused_guess_costs_nothing),
        throttle_test(the_right_password_makes_all_five_good),
        throttle_test(strangers_lock_nobody_out_who_was_right_there_before),
        throttle_test(a_right_guess_where_one_is_known_gives_strangers_none),
        throttle_test(another_account_and_another_address_are_free),
        throttle_test(a_list_of_names_from_one_address_is_stopped),
        throttle_test(a_thousand_machines_do_not_lock_out_who_is_known),
        throttle_test(a_customer_s_ipv6_network_is_one_address),
        throttle_test(a_crowd_does_not_push_out_who_guessed_often),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
