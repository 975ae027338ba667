/* How many documents are unpacked at a time. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

#include "pipeline/delivery.h"

enum { DELIVERIES = 5 };

/* In the client a body belongs to its request; here the test makes it. */
char *__wrap_http_response_take_body(struct http_response *response, size_t *ret_length);

char *__wrap_http_response_take_body(struct http_response *response, size_t *ret_length)
{
    *ret_length = response->body_length;
    return (char *)response->body;
}

struct round {
    struct bench *bench;
    struct rules *rules;
    struct delivery_room room;
    size_t most_bytes; /* of the room, when one was done */
    int order[DELIVERIES], done;
};

struct errand {
    struct round *round;
    int number;
};

static void on_done(void *data, const struct document *document, enum outcome_kind outcome,
    const struct fault *fault)
{
    const struct errand *errand = data;
    struct round *round = errand->round;
    assert_null(fault);
    assert_int_equal(outcome, OUTCOME_BODY);
    round->order[round->done++] = errand->number;
    if (round->room.bytes > round->most_bytes) {
        round->most_bytes = round->room.bytes;
    }
}

/* A feed of one entry, as long as asked for. */
static char *make_body(int number, size_t bytes)
{
    cleanup(buffer_release) struct buffer body;
    buffer_init(&body, bytes + 1000);
    buffer_printf(&body,
        "<rss version='2.0'><channel><title>t</title><item><guid isPermaLink='false'>%d</guid>"
        "<title>Item number%d</title><link>https://x.example/%d</link></item></channel></rss>",
        number, number, number);
    while (body.length < bytes) {
        buffer_puts(&body, "<!-- what takes room while it is read, and none when it was -->");
    }
    size_t length;
    return buffer_take(&body, &length);
}

static void deliver(struct round *round, struct errand *errand, int number, size_t bytes)
{
    struct bench *bench = round->bench;
    const struct delivery_parts parts = {
        .loop = bench->loop, .writer = bench->writer, .room = &round->room};
    *errand = (struct errand){round, number};
    struct http_response response = {.status = 200,
        .url = "https://a.example/feed",
        .content_type = "application/rss+xml",
        .body = make_body(number, bytes),
        .retry_after_s = -1,
        .max_age_s = -1};
    response.body_length = strlen(response.body);
    const struct delivery_answer answer = {.rules = round->rules,
        .feed = &round->rules->config->feeds[0],
        .state = &bench->states[0],
        .response = &response};
    delivery_start(&parts, &answer, on_done, errand);
}

static void what_does_not_fit_waits_in_line_and_comes_in_its_turn(void **state)
{
    struct round round = {.bench = *state, .rules = bench_rules("Item")};
    struct errand errands[DELIVERIES];
    /* Two fit, for what is read takes three times as much. */
    for (int i = 0; i < DELIVERIES; i++) {
        deliver(&round, &errands[i], i, DELIVERY_ROOM_BYTES / 8);
    }
    assert_true(round.room.bytes > DELIVERY_ROOM_BYTES / 2);
    assert_true(round.room.bytes <= DELIVERY_ROOM_BYTES);
    assert_non_null(round.room.first);
    loop_run(round.bench->loop);
    assert_int_equal(round.done, DELIVERIES);
    assert_true(round.most_bytes <= DELIVERY_ROOM_BYTES);
    assert_int_equal(round.room.bytes, 0);
    assert_null(round.room.first);
    assert_int_equal(
        fixture_query_int(round.bench->files, "SELECT count(*) FROM item"), DELIVERIES);
    rules_unref(round.rules);
}

static void one_that_is_larger_than_the_room_has_it_alone(void **state)
{
    struct round round = {.bench = *state, .rules = bench_rules("Item")};
    struct errand errands[3];
    deliver(&round, &errands[0], 0, 1000);
    deliver(&round, &errands[1], 1, DELIVERY_ROOM_BYTES);
    deliver(&round, &errands[2], 2, 1000); /* would fit, but came later */
    assert_true(round.room.bytes < DELIVERY_ROOM_BYTES / 100);
    loop_run(round.bench->loop);
    assert_int_equal(round.done, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(round.order[i], i);
    }
    assert_int_equal(round.room.bytes, 0);
    rules_unref(round.rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(what_does_not_fit_waits_in_line_and_comes_in_its_turn),
        bench_test(one_that_is_larger_than_the_room_has_it_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
