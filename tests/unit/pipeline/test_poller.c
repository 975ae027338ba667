/* What a reload does to documents that are under way, with a real origin and a writer that is
 * held up so that the moment is certain. */
#include "../net/origin_process.h"
#include "bench.h"
#include "pipeline/poller.h"

#include <stdio.h>

struct stage {
    struct bench *bench;
    struct poller *poller;
    struct rules *before, *after;
    struct feed_state *states_after;
    uv_prepare_t watch; /* looks whether the document has come to the writer */
    int polled, outdated;
};

static struct rules *load_rules(int port, const char *word, const char *path)
{
    char text[1024];
    snprintf(text, sizeof(text),
        "briefing { title = \"t\" }\n"
        "polling { host_pause = \"0s\" }\n"
        "section \"news\" { title = \"n\" fallback = true }\n"
        "section \"blog\" { title = \"b\" rule \"r\" { final = true keywords = { \"%s\" } } }\n"
        "feed \"a\" { url = \"http://127.0.0.1:%d%s\" }\n",
        word, port, path);
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(text, "test", &problems);
    struct rules *rules = config == NULL ? NULL : rules_new(config, &problems);
    if (rules == NULL) {
        fail_msg("%s", problems.items[0].message);
    }
    problems_release(&problems);
    return rules;
}

static struct feed_state *register_feeds(struct bench *bench, const struct rules *rules)
{
    struct feed_state *states;
    fixture_must(bench->files,
        store_register_feeds(
            bench->store, &bench->files->arena, rules->config, &states, &bench->files->fault));
    return states;
}

static void on_poll(void *data, const char *feed_name, const char *error)
{
    struct stage *stage = data;
    assert_null(error);
    stage->polled++;
}

static void on_outdated(void *data)
{
    struct stage *stage = data;
    stage->outdated++;
}

static void on_idle(void *data, const struct poll_counts *round)
{
    struct stage *stage = data;
    poller_stop(stage->poller);
}

/* The held task is not among the pending documents. */
static void on_watch(uv_prepare_t *watch)
{
    struct stage *stage = watch->data;
    if (writer_pending(stage->bench->writer) == 1) {
        poller_configure(stage->poller, stage->after, stage->states_after);
        uv_close((uv_handle_t *)watch, NULL);
        bench_let_go(stage->bench);
    }
}

/* Poll with `before`; once the document waits for the writer, reload to `after`. */
static void reload_under_way(struct stage *stage)
{
    struct bench *bench = stage->bench;
    struct address_range loopback;
    assert_true(address_range_parse("127.0.0.0/8", &loopback, &bench->files->fault));
    struct http_client *client = http_client_new(bench->loop, 4);
    struct poller_parts parts = {
        .loop = bench->loop,
        .client = client,
        .writer = bench->writer,
        .allowed = &loopback,
        .allowed_count = 1,
        .listener = {stage, on_poll, on_outdated, on_idle},
    };
    stage->poller = poller_new(&parts);
    poller_configure(stage->poller, stage->before, register_feeds(bench, stage->before));
    stage->states_after = register_feeds(bench, stage->after);
    bench_hold_writer(bench);
    uv_prepare_init(loop_uv(bench->loop), &stage->watch);
    stage->watch.data = stage;
    uv_prepare_start(&stage->watch, on_watch);
    poller_poll_once(stage->poller, true);
    loop_run(bench->loop);
    poller_free(stage->poller);
    http_client_free(client);
    loop_run(bench->loop);
    rules_unref(stage->before);
    rules_unref(stage->after);
}

static void a_document_judged_by_the_rules_of_before_a_reload_is_told(void **state)
{
    struct origin_process origin = origin_start("127.0.0.1", NULL);
    struct stage stage = {
        .bench = *state,
        .before = load_rules(origin.port, "before", "/ok"),
        .after = load_rules(origin.port, "after", "/ok"),
    };
    reload_under_way(&stage);
    assert_int_equal(stage.polled, 1);
    assert_int_equal(stage.outdated, 1);
    assert_int_equal(fixture_query_int(stage.bench->files, "SELECT count(*) FROM item"), 10);
    origin_stop(&origin);
}

static void a_feed_removed_while_its_document_is_stored_keeps_what_it_brought(void **state)
{
    struct origin_process origin = origin_start("127.0.0.1", NULL);
    struct stage stage = {
        .bench = *state,
        .before = load_rules(origin.port, "word", "/ok"),
        .after = load_rules(origin.port, "word", "/ok/other"),
    };
    reload_under_way(&stage);
    assert_int_equal(stage.polled, 1);
    assert_int_equal(fixture_query_int(stage.bench->files, "SELECT count(*) FROM item"), 10);
    origin_stop(&origin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bench_test(a_document_judged_by_the_rules_of_before_a_reload_is_told),
        bench_test(a_feed_removed_while_its_document_is_stored_keeps_what_it_brought),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
