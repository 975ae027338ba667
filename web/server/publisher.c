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

static void on_built(uv_work_t *work, int status)
{
    struct publisher *publisher = work->data;
    publisher->building = false;
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
    uv_timer_start(&publisher->timer, on_timer, publisher->marked ? SETTLE_MS : REFRESH_MS, 0);
}

static void on_timer(uv_timer_t *timer)
{
    struct publisher *publisher = timer->data;
    publisher->marked = false;
    publisher->building = true;
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
        abort();
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
        uv_timer_start(&publisher->timer, on_timer, SETTLE_MS, 0);
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
