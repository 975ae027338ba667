#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/shown_url.h"
#include "command/command.h"

enum { INDEX_TURN_MS = 5000 }; /* each turn sorts and merges what it indexed */

/* One poll of everything, from the command line: what the loop tells, and when it ends. */
struct poll_run {
    struct app *app;
    size_t done;
    bool terminal, json;
    int64_t started_ms;
    struct loop_delay delay; /* of the loop while it polled */
};

static void on_poll(void *data, const char *feed_name, const char *error)
{
    struct poll_run *run = data;
    run->done++;
    if (error != NULL && !run->json) {
        fprintf(stderr, "%sfeed '%s': %s\n", run->terminal ? "\r\033[K" : "", feed_name, error);
    }
    if (run->terminal) {
        fprintf(stderr, "\r\033[K%zu %s", run->done, feed_name);
    }
}

static void on_idle(void *data, const struct poll_counts *round)
{
    struct poll_run *run = data;
    if (run->terminal) {
        fprintf(stderr, "\r\033[K");
    }
    run->delay = loop_read_delay(app_loop(run->app));
    app_stop(run->app);
}

static void print_summary(const struct poll_run *run, const struct poll_counts *counts,
    const struct store_totals *totals)
{
    double seconds = (double)(clock_monotonic_ms() - run->started_ms) / 1000;
    if (run->json) {
        printf("{\"feeds\":%zu,\"ok\":%zu,\"not_modified\":%zu,\"failed\":%zu,"
               "\"sightings_new\":%zu,\"items_new\":%zu,\"sightings\":%" PRId64
               ",\"items\":%" PRId64 ",\"seconds\":%.3f,\"loop_delay_p99_ms\":%.2f,"
               "\"loop_delay_max_ms\":%.2f}\n",
            counts->feeds, counts->ok, counts->not_modified, counts->failed,
            counts->sightings_new, counts->items_new, totals->sightings, totals->items, seconds,
            run->delay.p99_us / 1000.0, run->delay.max_us / 1000.0);
        return;
    }
    printf("%zu feed%s: %zu read, %zu not modified, %zu failed\n"
           "%zu new items; %" PRId64 " items in all, %.1f s\n",
        counts->feeds, counts->feeds == 1 ? "" : "s", counts->ok, counts->not_modified,
        counts->failed, counts->items_new, totals->items, seconds);
}

/* Take the URLs of a file, one a line, '#' begins a comment, instead of the configuration's
 * feeds. The configuration is fresh and nobody else's yet, so it may still change. */
static bool read_feed_file(struct config *config, const char *path, struct fault *fault)
{
    char *text;
    size_t length;
    if (!command_read_file(path, 64 << 20, &text, &length, fault)) {
        return false;
    }
    size_t capacity = 0, count = 0;
    struct config_feed *feeds = NULL;
    char *rest = text;
    for (char *entry; (entry = strsep(&rest, "\r\n")) != NULL;) {
        entry += strspn(entry, " \t");
        entry[strcspn(entry, " \t")] = '\0';
        if (entry[0] == '\0' || entry[0] == '#') {
            continue;
        }
        if (count == capacity) {
            feeds = arena_grow(&config->arena, feeds, sizeof(*feeds), &capacity);
        }
        const char *url = arena_strdup(&config->arena, entry);
        feeds[count++] = (struct config_feed){
            .name = shown_url(&config->arena, url), .url = url, .enabled = true};
    }
    free(text);
    config->feeds = config->written_feeds = feeds;
    config->feed_count = count;
    return count > 0 || fault_set(fault, FAULT_CONFIG, "'%s' names no feed", path);
}

/* The daemon does this bit by bit; here nobody waits for the writer any more. */
static bool finish_index(struct store *store, struct fault *fault)
{
    bool more = true;
    while (more) {
        if (!store_index_items(store, INDEX_TURN_MS, &more, fault)) {
            return false;
        }
    }
    return true;
}

static int poll_app(const struct command_line *line, struct rules *rules)
{
    struct poll_run run = {
        .terminal = isatty(STDERR_FILENO) == 1,
        .json = command_option_value(line, "json") != NULL,
        .started_ms = clock_monotonic_ms(),
    };
    struct app_options options = {
        .rules = rules,
        .file_alone = command_option_value(line, "feeds") != NULL,
        .config_path = line->config_path,
        .database = command_database(line, rules->config),
        .allowed = line->allowed,
        .allowed_count = line->allowed_count,
        .listener = {.data = &run, .on_poll = on_poll, .on_idle = on_idle},
    };
    struct fault fault = {0};
    struct store_totals totals;
    int code = COMMAND_FAILED;
    if (app_open(&options, &run.app, &fault)) {
        poller_poll_once(app_poller(run.app), command_option_value(line, "all") != NULL);
        app_run(run.app);
        struct poll_counts counts = poller_counts(app_poller(run.app));
        if (store_read_totals(app_store(run.app), &totals, &fault)) {
            print_summary(&run, &counts, &totals);
            code = counts.unstored == 0 ? COMMAND_OK : COMMAND_FAILED;
        }
        if (fault.kind != FAULT_NONE || !finish_index(app_store(run.app), &fault)) {
            code = command_fail(&fault);
        }
        app_close(run.app);
    } else {
        fprintf(stderr, "briefd: %s\n", fault.message);
    }
    return code;
}

static int poll_run(const struct command_line *line)
{
    if (command_option_value(line, "once") == NULL) {
        fprintf(stderr,
            "briefd: write 'briefd poll --once'; to poll by the schedule use 'briefd "
            "run'\n");
        return COMMAND_USAGE;
    }
    log_set_level(line->verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
    struct config *config = command_load_config(line);
    if (config == NULL) {
        return COMMAND_FAILED;
    }
    const char *file = command_option_value(line, "feeds");
    struct fault fault;
    if (file != NULL && !read_feed_file(config, file, &fault)) {
        fprintf(stderr, "briefd: %s\n", fault.message);
        config_unref(config);
        return COMMAND_FAILED;
    }
    struct rules *rules = command_compile_rules(config);
    if (rules == NULL) {
        return COMMAND_FAILED;
    }
    int code = poll_app(line, rules);
    rules_unref(rules);
    return code;
}

const struct command command_poll = {
    .name = "poll",
    .arguments = "",
    .summary = "Poll what is due, once, and print a summary",
    .max_arguments = 0,
    .run = poll_run,
    .options =
        {
            {"once", NULL, "required: one round, then exit"},
            {"all", NULL, "every enabled feed, due or not"},
            {"feeds", "FILE", "feed URLs, one a line, instead of the configuration's"},
            {"json", NULL, "the summary as one line of JSON"},
        },
};
