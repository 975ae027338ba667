#include "app.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "feed/parse.h"
#include "net/activation.h"
#include "net/notify.h"
#include "net/process.h"
#include "pipeline/caretaker.h"
#include "pipeline/committing.h"
#include "pipeline/following.h"
#include "pipeline/indexer.h"
#include "pipeline/learning.h"
#include "pipeline/poll_report.h"
#include "pipeline/publication.h"
#include "pipeline/reload.h"
#include "web/server/publisher.h"

enum {
    CONNECTIONS_MAX = 256, /* curl keeps idle connections within it */
    DRAIN_MS = 3000,       /* for clients that are slow, or have connected and say nothing */
    COMMITTED_MAX_BYTES = 8 << 10,
};

static const int watched_signals[] = {SIGTERM, SIGINT, SIGHUP};

struct app {
    struct app_options options;
    struct loop *loop;
    struct store *store;
    struct http_client *client;
    struct writer *writer;
    struct recogniser *recogniser;
    struct indexer *indexer;
    struct caretaker *caretaker;
    struct poller *poller;
    struct following *following;
    struct learning *learning;
    struct adder *adder;
    struct readers *readers, *provers;
    struct access *access;
    struct link_checker *links;
    struct events *events;
    struct server *server;
    struct endpoint_doors doors; /* open to the server */
    struct publisher *publisher;
    struct notifier *notifier;
    struct reload reload;
    struct poll_report report;
    uv_signal_t signals[array_count(watched_signals)];
    bool verdicts_outdated; /* judging again failed: once more when the store works */
    bool serving, stopping;
};

/* ---- what the daemon says of its polls ---- */

static void on_poll(void *data, const char *feed_name, const char *error)
{
    struct app *app = data;
    if (app->publisher != NULL) {
        publisher_mark(app->publisher);
    }
    if (app->verdicts_outdated && error == NULL) {
        app->verdicts_outdated = false;
        following_rejudge(app->following);
    }
}

static void on_outdated(void *data)
{
    struct app *app = data;
    following_rejudge(app->following);
}

static void on_idle(void *data, const struct poll_counts *round)
{
    struct app *app = data;
    log_debug("a round of %zu is over", round->feeds);
    poll_report_add(&app->report, round);
    if (round->items_new > 0 && app->events != NULL) {
        char json[64];
        snprintf(json, sizeof(json), "{\"new\":%zu}", round->items_new);
        events_post(app->events, "stories", json);
    }
}

static void on_rejudged(void *data, size_t items, bool complete)
{
    struct app *app = data;
    app->verdicts_outdated = !complete;
    if (items > 0) {
        log_notice("judged %zu stored items by the new rules", items);
    }
    if (app->publisher != NULL && !app->stopping) {
        publisher_mark(app->publisher);
        events_post(app->events, "judged", "{}");
    }
}

static void on_item(void *data)
{
    on_poll(data, NULL, NULL);
}

/* The issue is published either way: what became of its commit is told, no more. */
static void on_committed(void *data, const char *day, const char *error)
{
    struct app *app = data;
    if (error != NULL) {
        log_warning("the issue of %s: %s, continuing without a commit", day, error);
    }
    cleanup(buffer_release) struct buffer json;
    buffer_init(&json, COMMITTED_MAX_BYTES);
    buffer_printf(&json, "{\"date\":\"%s\",\"error\":", day);
    json_write_string(error, &json);
    buffer_puts(&json, "}");
    if (app->events != NULL && !buffer_failed(&json)) {
        events_post(app->events, "committed", json.data);
    }
}

static void on_links_known(void *data)
{
    struct app *app = data;
    if (app->events != NULL) {
        events_post(app->events, "links", "{}");
    }
}

/* `git commit` of its file, where feeds.conf asks for it. */
static void commit_issue(struct app *app, const char *day)
{
    const struct config_briefing *briefing = &following_rules(app->following)->config->briefing;
    if (briefing->commit) {
        committing_start(app->loop, briefing, day, on_committed, app);
    }
}

static void on_written(void *data, const struct call *call)
{
    struct app *app = data;
    for (size_t i = 0; app->events != NULL && i < call->news_count; i++) {
        events_post(app->events, call->news[i].name, call->news[i].json);
    }
    learning_mark(app->learning);
    if (call->published != NULL) {
        commit_issue(app, call->published);
    }
    on_poll(data, NULL, NULL);
}

static void on_taught(void *data, struct rules *taught)
{
    struct app *app = data;
    following_teach(app->following, taught);
}

static void on_changed(void *data, struct rules *effective)
{
    struct app *app = data;
    if (app->learning != NULL) {
        learning_configure(app->learning, effective);
    }
    if (app->publisher != NULL) {
        publisher_configure(app->publisher, effective);
    }
    if (app->server != NULL) {
        server_configure(app->server, &effective->config->server);
    }
    if (app->access != NULL) {
        access_configure(app->access, effective->config);
    }
    if (app->caretaker != NULL) {
        caretaker_configure(app->caretaker, effective->config);
    }
}

/* ---- signals ---- */

static void say_ready(void *data)
{
    struct app *app = data;
    char status[256];
    snprintf(status, sizeof(status), "serves http://%s/, feeds: %zu",
        server_address(app->server), following_rules(app->following)->config->feed_count);
    notifier_ready(app->notifier, status);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct app *app = handle->data;
    loop_enter_signal(app->loop, "signal");
    if (number == SIGHUP) {
        reload_start(&app->reload);
    } else {
        log_notice("stopping on %s", strsignal(number));
        app_stop(app);
    }
}

/* ---- life ---- */

static void build_poller(struct app *app)
{
    const struct app_options *options = &app->options;
    struct poller_parts parts = {
        .loop = app->loop,
        .client = app->client,
        .writer = app->writer,
        .recogniser = app->recogniser,
        .allowed = options->allowed,
        .allowed_count = options->allowed_count,
        .listener = options->listener,
    };
    if (parts.listener.on_idle == NULL) {
        parts.listener = (struct poller_listener){app, on_poll, on_outdated, on_idle};
    }
    app->poller = poller_new(&parts);
}

/* Who fetches beside the poller, by its host gate. */
static void build_fetchers(struct app *app)
{
    const struct app_options *options = &app->options;
    app->adder = adder_new(&(struct adder_parts){.loop = app->loop,
        .client = app->client,
        .writer = app->writer,
        .following = app->following,
        .poller = app->poller,
        .allowed = options->allowed,
        .allowed_count = options->allowed_count,
        .on_item = on_item,
        .data = app});
    app->links = link_checker_new(&(struct link_checker_parts){.loop = app->loop,
        .client = app->client,
        .following = app->following,
        .poller = app->poller,
        .allowed = options->allowed,
        .allowed_count = options->allowed_count,
        .on_idle = on_links_known,
        .data = app});
}

static bool open_parts(struct app *app, struct fault *fault)
{
    const struct app_options *options = &app->options;
    if (!store_open(options->database, &app->store, fault)) {
        return false;
    }
    app->loop = loop_new();
    app->client = http_client_new(app->loop, CONNECTIONS_MAX);
    app->writer = writer_new(app->loop, app->store);
    app->recogniser = recogniser_new(options->database);
    build_poller(app);
    const struct following_parts parts = {
        .writer = app->writer,
        .poller = app->poller,
        .file = options->rules,
        .file_alone = options->file_alone,
        .data = app,
        .on_changed = on_changed,
        .on_rejudged = on_rejudged,
    };
    if (!following_start(&parts, app->store, &app->following, fault)) {
        return false;
    }
    build_fetchers(app);
    return true;
}

bool app_open(const struct app_options *options, struct app **ret_app, struct fault *fault)
{
    struct app *app = calloc(1, sizeof(*app));
    if (app == NULL) {
        memory_exhausted();
    }
    feed_parse_setup();
    app->options = *options;
    if (!process_prepare(fault) || !open_parts(app, fault)) {
        app_close(app);
        return false;
    }
    *ret_app = app;
    return true;
}

static void watch_signals(struct app *app)
{
    for (size_t i = 0; i < array_count(watched_signals); i++) {
        uv_signal_init(loop_uv(app->loop), &app->signals[i]);
        app->signals[i].data = app;
        uv_signal_start(&app->signals[i], on_signal, watched_signals[i]);
    }
}

/* A publication that a crash interrupted is ended before anything is served; one that cannot be
 * is told of, and tried again at the next start. */
static void recover_publication(struct app *app)
{
    struct arena arena = {0};
    struct rules *rules = following_rules(app->following);
    const char *day;
    struct fault fault;
    if (!publication_recover(app->store, &arena, rules->config, clock_now_utc_s(),
            learning_write_lesson, rules, &day, &fault)) {
        log_error("the issue of %s could not be published: %s", day == NULL ? "?" : day,
            fault.message);
    } else if (day != NULL) {
        log_notice(
            "the issue of %s is published: it was on its way when the program ended", day);
        commit_issue(app, day);
    }
    arena_release(&arena);
}

static bool may_stay(const struct request *request)
{
    return access_is_alive(request->access, &request->caller, clock_now_utc_s());
}

static void on_access_changed(void *data)
{
    struct app *app = data;
    if (app->events != NULL) {
        events_review(app->events, may_stay);
    }
}

/* On systemd's socket where there is one: that one keeps its queue while we are replaced. */
static bool listen_somewhere(struct app *app, bool guarded, struct fault *fault)
{
    int listening;
    if (!activation_take_socket(&listening, fault)) {
        return false;
    }
    if (listening < 0) {
        return server_start(app->loop, app->options.listen, guarded, &app->server, fault);
    }
    if (!server_start_on(app->loop, listening, guarded, &app->server, fault)) {
        fault_prefix(fault, "briefd.socket: ");
        close(listening);
        return false;
    }
    return true;
}

/* Through a proxy in front the world comes by loopback. */
static bool may_be_fronted(struct app *app, bool guarded, struct fault *fault)
{
    const struct config_server *server = &following_rules(app->following)->config->server;
    const char *by = access_fronted(server);
    return guarded || by == NULL ||
        fault_set(fault, FAULT_CONFIG,
            "refusing to serve by '%s' (%s in server): others reach it there and there is no "
            "account to log in with; make one with 'briefd user add NAME', or take it out",
            by, server->names.count > 0 ? "names" : "proxies");
}

/* What others can reach is served only when somebody can log in; an account that is made later
 * is seen by the running server. */
static bool start_server(struct app *app, struct fault *fault)
{
    struct directory *directory;
    if (!directory_read(app->store, &directory, fault)) {
        return false;
    }
    bool guarded = directory->account_count > 0;
    if (!may_be_fronted(app, guarded, fault) || !listen_somewhere(app, guarded, fault)) {
        directory_free(directory);
        return false;
    }
    bool loopback = server_is_loopback(app->server);
    app->access = access_new(loopback, directory);
    access_configure(app->access, following_rules(app->following)->config);
    if (!loopback) {
        log_warning("serving beyond this machine without TLS, continuing: put a proxy that has "
                    "it in front, or passwords can be read on the way");
    }
    return true;
}

static void start_access(struct app *app)
{
    app->provers = readers_new(app->loop, app->options.database, 1);
    access_start(app->access,
        &(struct access_parts){.loop = app->loop,
            .readers = app->readers,
            .writer = app->writer,
            .on_changed = on_access_changed,
            .data = app});
}

/* Calls are answered from here on. */
static void open_doors(struct app *app)
{
    app->doors = (struct endpoint_doors){.readers = app->readers,
        .provers = app->provers,
        .access = app->access,
        .writer = app->writer,
        .following = app->following,
        .adder = app->adder,
        .links = app->links,
        .events = app->events,
        .poller = app->poller,
        .caretaker = app->caretaker,
        .on_written = on_written,
        .data = app};
    server_take_calls(app->server, &app->doors);
}

/* To signals, and systemd hears of us. */
static void listen_to_system(struct app *app)
{
    watch_signals(app);
    app->notifier = notifier_start(app->loop);
    app->reload.parts = (struct reload_parts){
        .following = app->following,
        .notifier = app->notifier,
        .path = app->options.config_path,
        .data = app,
        .on_done = say_ready,
    };
}

bool app_serve(struct app *app, struct fault *fault)
{
    recover_publication(app);
    if (!start_server(app, fault)) {
        return false;
    }
    struct rules *rules = following_rules(app->following);
    server_configure(app->server, &rules->config->server);
    if (!publisher_start(
            app->loop, app->server, app->options.database, rules, &app->publisher, fault)) {
        return false;
    }
    app->learning = learning_new(&(struct learning_parts){
        .loop = app->loop, .writer = app->writer, .data = app, .on_taught = on_taught});
    learning_configure(app->learning, rules);
    app->readers = readers_new(app->loop, app->options.database, READERS_MAX);
    app->events = events_new(app->loop);
    start_access(app);
    publisher_tell(app->publisher, app->events);
    app->caretaker = caretaker_start(
        app->loop, app->writer, app->options.database, rules->config);
    open_doors(app);
    app->indexer = indexer_start(app->loop, app->writer);
    listen_to_system(app);
    poll_report_start(&app->report, app->loop);
    app->serving = true;
    log_notice("briefd %s serves http://%s/ from '%s', feeds: %zu", BRIEFD_VERSION,
        server_address(app->server), app->options.database, rules->config->feed_count);
    say_ready(app);
    following_rejudge(app->following);
    poller_start(app->poller);
    return true;
}

void app_run(struct app *app)
{
    loop_run(app->loop);
}

/* What app_serve() added, in reverse. */
static void stop_serving(struct app *app)
{
    publisher_stop(app->publisher);
    reload_stop(&app->reload);
    for (size_t i = 0; i < array_count(watched_signals); i++) {
        uv_close((uv_handle_t *)&app->signals[i], NULL);
    }
    notifier_stop(app->notifier);
    app->notifier = NULL;
    poll_report_stop(&app->report);
}

/* Everything that a request may have been waiting for. */
static void stop_parts(void *data)
{
    struct app *app = data;
    access_stop(app->access);
    readers_stop(app->readers);
    readers_stop(app->provers);
    if (app->following != NULL) {
        following_stop(app->following);
    }
    indexer_stop(app->indexer);
    caretaker_stop(app->caretaker);
    learning_stop(app->learning);
    writer_stop(app->writer);
    server_stop(app->server);
    app->server = NULL;
}

/* Who has been let in is answered: first nobody new comes in and what lasts ends (fetches,
 * additions, streams), then the parts that answer stop. */
void app_stop(struct app *app)
{
    if (app->stopping) {
        return;
    }
    app->stopping = true;
    poller_stop(app->poller);
    if (app->serving) {
        stop_serving(app);
        app->doors.events = NULL;
        server_take_calls(app->server, &app->doors);
        server_drain(app->server, DRAIN_MS, stop_parts, app);
    }
    adder_stop(app->adder);
    link_checker_stop(app->links);
    if (app->publisher != NULL) {
        publisher_tell(app->publisher, NULL);
    }
    events_stop(app->events);
    app->events = NULL;
    if (!app->serving) {
        stop_parts(app);
    }
}

void app_close(struct app *app)
{
    if (app == NULL) {
        return;
    }
    if (app->poller != NULL) {
        app_stop(app);
        app_run(
            app); /* whatever still runs on a worker ends, then nothing is left to wait for */
    }
    publisher_free(app->publisher);
    adder_free(app->adder);
    link_checker_free(app->links);
    learning_free(app->learning);
    following_free(app->following);
    poller_free(app->poller);
    indexer_free(app->indexer);
    caretaker_free(app->caretaker);
    writer_free(app->writer);
    recogniser_free(app->recogniser);
    http_client_free(app->client);
    if (app->loop != NULL) {
        app_run(app);
        loop_free(app->loop);
    }
    access_free(app->access);
    store_close(app->store);
    free(app);
    feed_parse_teardown();
}

struct poller *app_poller(struct app *app)
{
    return app->poller;
}

struct adder *app_adder(struct app *app)
{
    return app->adder;
}

struct store *app_store(struct app *app)
{
    return app->store;
}

struct loop *app_loop(struct app *app)
{
    return app->loop;
}
