#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "feed/parse.h"

struct rules *bench_rules(const char *word)
{
    char text[1024];
    snprintf(text, sizeof(text),
        "briefing { title = \"t\" }\n"
        "section \"news\" { title = \"n\" fallback = true }\n"
        "section \"blog\" { title = \"b\" rule \"r\" { final = true keywords = { \"%s\" } } }\n"
        "feed \"a\" { url = \"http://a.example/feed\" }\n"
        "feed \"b\" { url = \"http://b.example/feed\" }\n",
        word);
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(text, "test", &problems);
    assert_int_equal(problems.count, 0);
    struct rules *rules = rules_new(config, &problems);
    assert_int_equal(problems.count, 0);
    problems_release(&problems);
    return rules;
}

int bench_setup(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    if (bench == NULL || fixture_setup((void **)&bench->files) != 0) {
        return -1;
    }
    feed_parse_setup(); /* and no teardown: the workers live on, with libxml2's state in them */
    bench->store = fixture_open(bench->files);
    struct rules *rules = bench_rules("word");
    fixture_must(bench->files,
        store_register_feeds(bench->store, &bench->files->arena, rules->config, &bench->states,
            &bench->files->fault));
    rules_unref(rules);
    bench->loop = loop_new();
    bench->writer = writer_new(bench->loop, bench->store);
    uv_sem_init(&bench->release, 0);
    *state = bench;
    return 0;
}

int bench_teardown(void **state)
{
    struct bench *bench = *state;
    writer_free(bench->writer);
    loop_free(bench->loop);
    store_close(bench->store);
    uv_sem_destroy(&bench->release);
    fixture_teardown((void **)&bench->files);
    free(bench);
    return 0;
}

struct document *bench_document(
    struct bench *bench, struct rules *rules, int feed, int first, int count)
{
    return bench_document_asking(bench, rules, feed, first, count, NULL);
}

struct document *bench_document_asking(struct bench *bench, struct rules *rules, int feed,
    int first, int count, struct recogniser *recogniser)
{
    cleanup(buffer_release) struct buffer body;
    buffer_init(&body, 1 << 20);
    buffer_puts(&body, "<rss version='2.0'><channel><title>t</title>");
    for (int i = first; i < first + count; i++) {
        buffer_printf(&body,
            "<item><guid isPermaLink='false'>%d</guid><title>Item number%d</title>"
            "<link>https://x.example/%d</link></item>",
            i, i, i);
    }
    buffer_puts(&body, "</channel></rss>");
    struct document *document = document_new(rules, &rules->config->feeds[feed], NOON);
    document->url = document->feed->url;
    document->content_type = "application/rss+xml";
    document->body = buffer_take(&body, &document->body_length);
    document->store.state = bench->states[feed];
    document->recogniser = recogniser;
    document_work(document);
    assert_true(document->parsed);
    return document;
}

static bool hold_work(struct writer_task *task, struct store *store, struct fault *fault)
{
    struct bench *bench = holder_of(task, struct bench, hold);
    uv_sem_wait(&bench->release);
    return true;
}

static void on_held(struct writer_task *task, const struct fault *fault)
{
}

void bench_hold_writer(struct bench *bench)
{
    bench->hold = (struct writer_task){.work = hold_work, .on_done = on_held};
    writer_run(bench->writer, &bench->hold);
}

void bench_let_go(struct bench *bench)
{
    uv_sem_post(&bench->release);
}
