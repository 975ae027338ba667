#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "net/host_gate.h"

static struct config_host hosts[] = {
    {.name = "arxiv.org", .pause_ms = 3000},
    {.name = "Export.ArXiv.org.", .pause_ms = 9000},
    {.name = "quick.example", .pause_ms = 0},
};
static const struct config_polling polling = {
    .host_pause_ms = 1000, .hosts = hosts, .host_count = array_count(hosts)};
static const struct config_polling ungrouped = {.host_pause_ms = 500};

static int open_gate(void **state)
{
    *state = host_gate_new(&polling);
    return 0;
}

static int close_gate(void **state)
{
    host_gate_free(*state);
    return 0;
}

/* The wait that enter() gives; -2 when it lets in. */
static int64_t try_enter(struct host_gate *gate, const char *host, int64_t now_ms)
{
    int64_t wait_ms = 77;
    return host_gate_enter(gate, host, now_ms, &wait_ms) ? -2 : wait_ms;
}

enum { IN = -2, LATER = -1 };

static void one_request_at_a_time_and_a_pause_after_it(void **state)
{
    struct host_gate *gate = *state;
    assert_int_equal(try_enter(gate, "a.example", 0), IN);
    assert_int_equal(try_enter(gate, "a.example", 500), LATER);
    assert_int_equal(try_enter(gate, "b.example", 500), IN);
    host_gate_leave(gate, "a.example", 2000);
    assert_int_equal(try_enter(gate, "a.example", 2001), 999);
    assert_int_equal(try_enter(gate, "a.example", 2999), 1);
    assert_int_equal(try_enter(gate, "a.example", 3000), IN);
}

static void host_names_are_compared_without_case_or_final_dot(void **state)
{
    struct host_gate *gate = *state;
    assert_int_equal(try_enter(gate, "A.Example.", 0), IN);
    assert_int_equal(try_enter(gate, "a.example", 0), LATER);
    host_gate_leave(gate, "a.EXAMPLE", 0);
    assert_int_equal(try_enter(gate, "a.example", 0), 1000);
}

static void a_configured_name_covers_its_subdomains_with_one_gate(void **state)
{
    struct host_gate *gate = *state;
    assert_int_equal(try_enter(gate, "rss.arxiv.org", 0), IN);
    assert_int_equal(try_enter(gate, "arxiv.org", 0), LATER);
    assert_int_equal(try_enter(gate, "a.b.arxiv.org", 0), LATER);
    assert_int_equal(try_enter(gate, "notarxiv.org", 0), IN);
    assert_int_equal(try_enter(gate, "arxiv.org.example", 0), IN);
    host_gate_leave(gate, "rss.arxiv.org", 100);
    assert_int_equal(try_enter(gate, "arxiv.org", 100), 3000);
    assert_int_equal(try_enter(gate, "www.arxiv.org", 3100), IN);
}

static void the_narrower_of_two_names_counts(void **state)
{
    struct host_gate *gate = *state;
    assert_int_equal(try_enter(gate, "rss.arxiv.org", 0), IN);
    assert_int_equal(try_enter(gate, "export.arxiv.org", 0), IN);
    host_gate_leave(gate, "export.arxiv.org", 0);
    assert_int_equal(try_enter(gate, "export.arxiv.org", 0), 9000);
    host_gate_leave(gate, "rss.arxiv.org", 0);
    assert_int_equal(try_enter(gate, "rss.arxiv.org", 0), 3000);
}

static void a_pause_of_nothing_lets_in_at_once(void **state)
{
    struct host_gate *gate = *state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(try_enter(gate, "quick.example", 5), IN);
        assert_int_equal(try_enter(gate, "quick.example", 5), LATER);
        host_gate_leave(gate, "quick.example", 5);
    }
}

static void a_closed_host_stays_closed_until_its_longest_time(void **state)
{
    struct host_gate *gate = *state;
    assert_int_equal(try_enter(gate, "a.example", 0), IN);
    host_gate_close_until(gate, "a.example", 60000);
    host_gate_close_until(gate, "a.example", 30000);
    assert_int_equal(try_enter(gate, "a.example", 0), LATER);
    host_gate_leave(gate, "a.example", 0);
    assert_int_equal(try_enter(gate, "a.example", 1000), 59000);
    assert_int_equal(try_enter(gate, "a.example", 60000), IN);
    host_gate_close_until(gate, "rss.arxiv.org", 50000);
    assert_int_equal(try_enter(gate, "export.arxiv.org", 0), IN);
    assert_int_equal(try_enter(gate, "arxiv.org", 0), 50000);
}

static void a_new_configuration_changes_pauses_and_keeps_what_runs(void **state)
{
    struct host_gate *gate = *state;
    assert_int_equal(try_enter(gate, "rss.arxiv.org", 0), IN);
    host_gate_close_until(gate, "b.example", 90000);
    host_gate_configure(gate, &ungrouped);
    assert_int_equal(try_enter(gate, "rss.arxiv.org", 0), LATER);
    assert_int_equal(try_enter(gate, "arxiv.org", 0), IN); /* no longer one gate */
    assert_int_equal(try_enter(gate, "b.example", 0), 90000);
    host_gate_leave(gate, "rss.arxiv.org", 0);
    assert_int_equal(try_enter(gate, "rss.arxiv.org", 0), 500);
    host_gate_configure(gate, &polling); /* grouped again: arxiv.org is still inside */
    assert_int_equal(try_enter(gate, "rss.arxiv.org", 90000), LATER);
    host_gate_leave(gate, "arxiv.org", 90000);
    assert_int_equal(try_enter(gate, "rss.arxiv.org", 90000), 3000);
}

static void idle_hosts_are_forgotten_and_busy_or_closed_ones_are_not(void **state)
{
    struct host_gate *gate = *state;
    assert_int_equal(try_enter(gate, "busy.example", 0), IN);
    host_gate_close_until(gate, "closed.example", INT64_MAX / 2);
    size_t most = 0;
    for (int i = 0; i < 100000; i++) {
        char host[64];
        snprintf(host, sizeof(host), "host%d.example", i);
        int64_t now_ms = i * INT64_C(100);
        assert_int_equal(try_enter(gate, host, now_ms), IN);
        host_gate_leave(gate, host, now_ms);
        most = host_gate_count(gate) > most ? host_gate_count(gate) : most;
    }
    assert_in_range(most, 10, 256); /* 90 rest at a time: the longest pause is 9 s */
    assert_int_equal(try_enter(gate, "busy.example", 10000000), LATER);
    assert_true(try_enter(gate, "closed.example", 10000000) > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_gate, close_gate)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_request_at_a_time_and_a_pause_after_it),
        TEST(host_names_are_compared_without_case_or_final_dot),
        TEST(a_configured_name_covers_its_subdomains_with_one_gate),
        TEST(the_narrower_of_two_names_counts),
        TEST(a_pause_of_nothing_lets_in_at_once),
        TEST(a_closed_host_stays_closed_until_its_longest_time),
        TEST(a_new_configuration_changes_pauses_and_keeps_what_runs),
        TEST(idle_hosts_are_forgotten_and_busy_or_closed_ones_are_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
