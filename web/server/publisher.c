#include "web/server/publisher.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

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
    uv_timer_t timer;
    bool marked, building, stopped;
    struct events *events; /* NULL: nobody is told */
    char feeds_etag[sizeof(((struct snapshot_body *)NULL)->etag)];

    /* worker while running */
    struct store *reader;
    struct rules *building_rules;
    struct snapshot *built;
    struct fault fault;
    uv_work_t work;
};

static void on_timer(uv_timer_t *timer);

static void build_work(uv_work_t *work)
{
    struct publisher *publisher = work->data;
    publisher->built = NULL;
    if (!snapshot_build(publisher->reader, publisher->building_rules->config, clock_now_utc_s(),
            &publisher->built, &publisher->fault)) {
        publisher->built = NULL;
    }
}

/* Its ETag is of its bytes, so a list that only was rendered again is not told of. */
static void tell_feeds(struct publisher *publisher)
{
    const char *etag = publisher->built->bodies[SNAPSHOT_FEEDS].etag;
    if (publisher->events != NULL && strcmp(etag, publisher->feeds_etag) != 0) {
        events_post(publisher->events, "feeds", "{}");
    }
    memcpy(publisher->feeds_etag, etag, sizeof(publisher->feeds_etag));
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
        tell_feeds(publisher);
        server_publish(publisher->server, publisher->built);
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
    uv_timer_init(loop_uv(loop), &publisher->timer);
    publisher->timer.data = publisher;
    on_timer(&publisher->timer);
    *ret_publisher = publisher;
    return true;
}

void publisher_configure(struct publisher *publisher, struct rules *rules)
{
    assert_loop_thread(publisher->loop);
    rules_unref(publisher->rules);
    publisher->rules = rules_ref(rules);
    publisher_mark(publisher);
}

void publisher_tell(struct publisher *publisher, struct events *events)
{
    publisher->events = events;
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
    free(publisher);
}
