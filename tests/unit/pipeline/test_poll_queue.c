#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "pipeline/poll_queue.h"

/* Hosts pause 1,000 ms between requests; the arxiv.org family 3,000 ms. */
static struct config_host hosts[] = {{.name = "arxiv.org", .pause_ms = 3000}};
static const struct config_polling polling = {
    .host_pause_ms = 1000, .hosts = hosts, .host_count = array_count(hosts)};

static struct polled_feed *add(struct poll_queue *queue, const char *url)
{
    struct feed_state state = {.url = url, .name = url};
    struct polled_feed *feed = polled_feed_new(NULL, &state, poll_queue_host(queue, url));
    poll_queue_put(queue, feed);
    return feed;
}

static void one_request_to_a_host_at_a_time_and_a_pause_between(void **state)
{
    struct poll_queue *queue = poll_queue_new(&polling);
    struct polled_feed *first = add(queue, "http://a.example/1");
    struct polled_feed *second = add(queue, "http://a.example/2");
    assert_ptr_equal(poll_queue_take(queue, 0), first);
    assert_null(poll_queue_take(queue, 5000)); /* the first still runs */
    assert_true(poll_queue_wake_ms(queue) == INT64_MAX);
    poll_queue_leave(queue, first, 6000);
    assert_null(poll_queue_take(queue, 6000));
    assert_int_equal(poll_queue_wake_ms(queue), 7000);
    assert_null(poll_queue_take(queue, 6999));
    assert_ptr_equal(poll_queue_take(queue, 7000), second);
    assert_int_equal(poll_queue_waiting(queue), 0);
    polled_feed_free(first);
    polled_feed_free(second);
    poll_queue_free(queue);
}

static void hosts_do_not_wait_for_each_other(void **state)
{
    struct poll_queue *queue = poll_queue_new(&polling);
    struct polled_feed *a1 = add(queue, "http://a.example/1");
    struct polled_feed *a2 = add(queue, "http://a.example/2");
    struct polled_feed *b = add(queue, "http://b.example/1");
    assert_ptr_equal(poll_queue_take(queue, 0), a1);
    assert_ptr_equal(poll_queue_take(queue, 0), b);
    assert_null(poll_queue_take(queue, 0));
    poll_queue_leave(queue, b, 1);
    assert_null(poll_queue_take(queue, 1));
    polled_feed_free(a1);
    polled_feed_free(a2);
    polled_feed_free(b);
    poll_queue_free(queue);
}

/* Its connection still stands. */
static void a_host_without_a_pause_goes_on_before_others_begin(void **state)
{
    static const struct config_polling hasty = {0};
    struct poll_queue *queue = poll_queue_new(&hasty);
    struct polled_feed *a1 = add(queue, "http://a.example/1");
    struct polled_feed *a2 = add(queue, "http://a.example/2");
    struct polled_feed *b = add(queue, "http://b.example/1");
    assert_ptr_equal(poll_queue_take(queue, 0), a1);
    poll_queue_leave(queue, a1, 1);
    assert_ptr_equal(poll_queue_take(queue, 1), a2);
    assert_ptr_equal(poll_queue_take(queue, 1), b);
    polled_feed_free(a1);
    polled_feed_free(a2);
    polled_feed_free(b);
    poll_queue_free(queue);
}

static void a_family_of_hosts_shares_one_gate(void **state)
{
    struct poll_queue *queue = poll_queue_new(&polling);
    struct polled_feed *rss = add(queue, "https://rss.arxiv.org/rss/cs.CV");
    struct polled_feed *export = add(queue, "https://export.arxiv.org/api/query");
    assert_ptr_equal(poll_queue_take(queue, 0), rss);
    assert_null(poll_queue_take(queue, 0));
    poll_queue_leave(queue, rss, 100);
    assert_null(poll_queue_take(queue, 100));
    assert_int_equal(poll_queue_wake_ms(queue), 3100);
    assert_ptr_equal(poll_queue_take(queue, 3100), export);
    polled_feed_free(rss);
    polled_feed_free(export);
    poll_queue_free(queue);
}

static void a_host_that_asks_for_rest_gets_it(void **state)
{
    struct poll_queue *queue = poll_queue_new(&polling);
    struct polled_feed *first = add(queue, "http://a.example/1");
    struct polled_feed *second = add(queue, "http://a.example/2");
    poll_queue_take(queue, 0);
    poll_queue_rest(queue, first, 60000);
    poll_queue_leave(queue, first, 10);
    assert_null(poll_queue_take(queue, 59999));
    assert_ptr_equal(poll_queue_take(queue, 60000), second);
    polled_feed_free(first);
    polled_feed_free(second);
    poll_queue_free(queue);
}

static void a_feed_taken_out_of_the_line_is_not_asked(void **state)
{
    struct poll_queue *queue = poll_queue_new(&polling);
    struct polled_feed *first = add(queue, "http://a.example/1");
    struct polled_feed *second = add(queue, "http://a.example/2");
    poll_queue_remove(queue, first);
    poll_queue_remove(queue, first); /* twice is harmless */
    assert_int_equal(poll_queue_waiting(queue), 1);
    assert_ptr_equal(poll_queue_take(queue, 0), second);
    polled_feed_free(first);
    polled_feed_free(second);
    poll_queue_free(queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_request_to_a_host_at_a_time_and_a_pause_between),
        cmocka_unit_test(hosts_do_not_wait_for_each_other),
        cmocka_unit_test(a_host_without_a_pause_goes_on_before_others_begin),
        cmocka_unit_test(a_family_of_hosts_shares_one_gate),
        cmocka_unit_test(a_host_that_asks_for_rest_gets_it),
        cmocka_unit_test(a_feed_taken_out_of_the_line_is_not_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
