#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "web/server/visitors.h"

enum { MOST = 16, ENOUGH = 14, CLIENTS = MOST };

/* Each client has the other end of the socket that the server knows. */
struct fixture {
    struct visitors visitors;
    struct visitor *visitor[CLIENTS];
    int client[CLIENTS], server[CLIENTS];
    size_t count;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.count = 0};
    visitors_init(&fixture.visitors, MOST);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < fixture->count; i++) {
        if (fixture->visitor[i] != NULL) {
            visitors_remove(&fixture->visitors, fixture->visitor[i]);
        }
        close(fixture->client[i]);
        close(fixture->server[i]);
    }
    return 0;
}

/* The number of who came. */
static size_t come(struct fixture *fixture)
{
    int ends[2];
    size_t i = fixture->count++;
    assert_in_range(i, 0, CLIENTS - 1);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    fixture->client[i] = ends[0];
    fixture->server[i] = ends[1];
    fixture->visitor[i] = visitors_add(&fixture->visitors, ends[1]);
    return i;
}

static void come_many(struct fixture *fixture, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        come(fixture);
    }
}

static void leave(struct fixture *fixture, size_t i)
{
    visitors_remove(&fixture->visitors, fixture->visitor[i]);
    fixture->visitor[i] = NULL;
}

static void ask(struct fixture *fixture, size_t i)
{
    visitors_note_asked(&fixture->visitors, fixture->visitor[i]);
    visitors_note_served(&fixture->visitors, fixture->visitor[i]);
}

static bool was_shut(const struct fixture *fixture, size_t i)
{
    char byte;
    ssize_t got = recv(fixture->client[i], &byte, 1, MSG_DONTWAIT);
    assert_true(got == 0 || (got < 0 && errno == EAGAIN));
    return got == 0;
}

/* Exactly the first `count` of them, and nobody else, have been shut down. */
static void assert_first_shut(const struct fixture *fixture, size_t count)
{
    for (size_t i = 0; i < fixture->count; i++) {
        assert_int_equal(was_shut(fixture, i), i < count);
    }
}

static void while_there_is_room_nobody_goes(void **state)
{
    struct fixture *fixture = *state;
    come_many(fixture, ENOUGH);
    assert_first_shut(fixture, 0);
}

static void then_the_longest_silent_goes_for_each_that_comes(void **state)
{
    struct fixture *fixture = *state;
    come_many(fixture, ENOUGH + 1);
    assert_first_shut(fixture, 1);
    come(fixture);
    assert_first_shut(fixture, 2);
}

static void who_is_being_served_stays_however_long_he_has_been_there(void **state)
{
    struct fixture *fixture = *state;
    come_many(fixture, ENOUGH);
    ask(fixture, 0);
    come(fixture);
    assert_false(was_shut(fixture, 0));
    assert_true(was_shut(fixture, 1));
}

static void who_was_answered_is_silent_from_then_on(void **state)
{
    struct fixture *fixture = *state;
    come_many(fixture, ENOUGH);
    ask(fixture, 0);
    visitors_note_answered(&fixture->visitors, fixture->visitor[0]);
    for (size_t i = 1; i < ENOUGH; i++) {
        ask(fixture, i);
    }
    come(fixture);
    assert_first_shut(fixture, 1);
}

static void who_only_began_to_ask_is_still_silent(void **state)
{
    struct fixture *fixture = *state;
    come_many(fixture, ENOUGH);
    visitors_note_asked(&fixture->visitors, fixture->visitor[0]);
    come(fixture);
    assert_first_shut(fixture, 1);
}

static void when_all_are_served_nobody_goes_not_even_who_comes(void **state)
{
    struct fixture *fixture = *state;
    come_many(fixture, ENOUGH);
    for (size_t i = 0; i < ENOUGH; i++) {
        ask(fixture, i);
    }
    come(fixture);
    assert_first_shut(fixture, 0);
}

static void who_has_gone_makes_room_and_is_not_touched_again(void **state)
{
    struct fixture *fixture = *state;
    come_many(fixture, ENOUGH);
    leave(fixture, 0);
    come(fixture);
    assert_first_shut(fixture, 0);
    come(fixture);
    assert_false(was_shut(fixture, 0));
    assert_true(was_shut(fixture, 1));
    leave(fixture, 1); /* as libmicrohttpd does when it learns of the end */
    assert_int_equal(fixture->visitors.count, ENOUGH);
}

static void who_has_not_asked_yet_is_counted_until_he_asks_or_goes(void **state)
{
    struct fixture *fixture = *state;
    come_many(fixture, 3);
    assert_int_equal(fixture->visitors.unasked, 3);
    ask(fixture, 0);
    assert_int_equal(fixture->visitors.unasked, 2);
    visitors_note_answered(&fixture->visitors, fixture->visitor[0]);
    ask(fixture, 0); /* his second request */
    assert_int_equal(fixture->visitors.unasked, 2);
    leave(fixture, 0);
    leave(fixture, 1);
    assert_int_equal(fixture->visitors.unasked, 1);
    assert_int_equal(fixture->visitors.count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(while_there_is_room_nobody_goes),
        TEST(then_the_longest_silent_goes_for_each_that_comes),
        TEST(who_is_being_served_stays_however_long_he_has_been_there),
        TEST(who_was_answered_is_silent_from_then_on),
        TEST(who_only_began_to_ask_is_still_silent),
        TEST(when_all_are_served_nobody_goes_not_even_who_comes),
        TEST(who_has_gone_makes_room_and_is_not_touched_again),
        TEST(who_has_not_asked_yet_is_counted_until_he_asks_or_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
