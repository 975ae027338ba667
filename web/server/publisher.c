#include "web/server/publisher.h"

#include <assert.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "web/server/feed_news.h"

enum {
    /* Documents of one round arrive within seconds of each other; an editor does not notice
     * half a second. */
    SETTLE_MS = 500,
    /* Nor two seconds, while what was rendered is rendered again at every batch of a round:
     * with many candidates that would take longer than storing them. */
    SETTLE_MAX_MS = 2000,
    SETTLE_TIMES = 10, /* as long as rendering took */
    REFRESH_MS = 5 * 60 * 1000,
};

struct publisher {
    /* loop thread only */
    struct loop *loop;
    struct server *server;
    struct rules *rules;
    struct events *events; /* NULL: nobody is told */
    uv_timer_t timer;
    bool marked, building, stopped;
    int64_t started_ms, built_ms; /* monotonic, of the building under way and of the last */
    int64_t settle_ms;            /* from the end of the last one on */

    /* worker while running */
    struct store *reader;
    struct rules *building_rules;
    struct snapshot *last; /* NULL before the first one */
    struct snapshot *built;
    struct buffer news; /* about the feeds since `last`; empty: none */
    struct fault fault;
    uv_work_t work;
};

static void on_timer(uv_timer_t *timer);

static void build_work(uv_work_t *work)
{
    struct publisher *publisher = work->data;
    publisher->built = NULL;
    buffer_clear(&publisher->news);
    if (!snapshot_build(publisher->reader, publisher->building_rules->config, clock_now_utc_s(),
            &publisher->built, &publisher->fault)) {
        publisher->built = NULL;
    } else if (publisher->last != NULL) {
        feed_news_write(publisher->last, publisher->built, &publisher->news);
    }
}

/* It is served before anybody is told of it. */
static void publish(struct publisher *publisher)
{
    snapshot_unref(publisher->last);
    publisher->last = snapshot_ref(publisher->built);
    server_publish(publisher->server, publisher->built);
    if (publisher->news.length > 0 && publisher->events != NULL) {
        events_post(publisher->events, "feeds", publisher->news.data);
    }
}

static int64_t choose_settle_ms(int64_t took_ms)
{
    int64_t settle_ms = took_ms * SETTLE_TIMES;
    return settle_ms < SETTLE_MS    ? SETTLE_MS
        : settle_ms > SETTLE_MAX_MS ? SETTLE_MAX_MS
                                    : settle_ms;
}

static void on_built(uv_work_t *work, int status)
{
    struct publisher *publisher = work->data;
    publisher->building = false;
    publisher->built_ms = clock_monotonic_ms();
    publisher->settle_ms = choose_settle_ms(publisher->built_ms - publisher->started_ms);
    rules_unref(publisher->building_rules);
    if (publisher->stopped) {
        snapshot_unref(publisher->built);
        return;
    }
    if (publisher->built != NULL) {
        publish(publisher);
    } else {
        log_warning("the draft could not be rendered: %s, continuing with the last one",
            publisher->fault.message);
    }
    uv_timer_start(&publisher->timer, on_timer,
        publisher->marked ? (uint64_t)publisher->settle_ms : REFRESH_MS, 0);
}

static void on_timer(uv_timer_t *timer)
{
    struct publisher *publisher = timer->data;
    publisher->marked = false;
    publisher->building = true;
    publisher->started_ms = clock_monotonic_ms();
    publisher->building_rules = rules_ref(publisher->rules);
    int refused = uv_queue_work(
        loop_uv(publisher->loop), &publisher->work, build_work, on_built);
    assert(refused == 0);
}

bool publisher_start(struct loop *loop, struct server *server, const char *database,
    struct rules *rules, struct publisher **ret_publisher, struct fault *fault)
{
    struct store *reader;
    if (!store_open_reader(database, &reader, fault)) {
        return false;
    }
    struct publisher *publisher = calloc(1, sizeof(*publisher));
    if (publisher == NULL) {
        memory_exhausted();
    }
    publisher->loop = loop;
    publisher->server = server;
    publisher->rules = rules_ref(rules);
    publisher->reader = reader;
    publisher->work.data = publisher;
    buffer_init(&publisher->news, 2 * FEED_NEWS_MAX_BYTES);
    uv_timer_init(loop_uv(loop), &publisher->timer);
    publisher->timer.data = publisher;
    on_timer(&publisher->timer);
    *ret_publisher = publisher;
    return true;
}

void publisher_tell(struct publisher *publisher, struct events *events)
{
    assert_loop_thread(publisher->loop);
    publisher->events = events;
}

void publisher_configure(struct publisher *publisher, struct rules *rules)
{
    assert_loop_thread(publisher->loop);
    rules_unref(publisher->rules);
    publisher->rules = rules_ref(rules);
    publisher_mark(publisher);
}

void publisher_mark(struct publisher *publisher)
{
    assert_loop_thread(publisher->loop);
    if (publisher->stopped || publisher->marked) {
        return;
    }
    publisher->marked = true;
    if (!publisher->building) {
        int64_t left_ms = publisher->built_ms + publisher->settle_ms - clock_monotonic_ms();
        uv_timer_start(&publisher->timer, on_timer,
            left_ms > SETTLE_MS ? (uint64_t)left_ms : SETTLE_MS, 0);
    }
}

void publisher_stop(struct publisher *publisher)
{
    assert_loop_thread(publisher->loop);
    publisher->stopped = true;
    uv_close((uv_handle_t *)&publisher->timer, NULL);
}

void publisher_free(struct publisher *publisher)
{
    if (publisher == NULL) {
        return;
    }
    assert(!publisher->building);
    store_close(publisher->reader);
    rules_unref(publisher->rules);
    snapshot_unref(publisher->last);
    buffer_release(&publisher->news);
    free(publisher);
}
