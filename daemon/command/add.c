/* `briefd add URL`: the daemon's adder, run in this process when the database is free, else
 * through the API of the briefd that has it. Both give the same JSON document, so what is
 * printed is made from that and cannot differ. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "base/log.h"
#include "command/add_remote.h"
#include "command/command.h"

enum { ANSWER_MAX_BYTES = 4 << 20 };

struct add_run {
    struct app *app;
    struct buffer *out;
    struct fault fault;
    bool ok;
};

static void on_added(void *data, const struct add_result *result, const struct fault *fault)
{
    struct add_run *run = data;
    if (fault != NULL) {
        run->fault = *fault;
    } else {
        add_result_write_json(result, run->out);
        run->ok = true;
    }
    app_stop(run->app);
}

static bool add_here(const struct command_line *line, struct rules *rules,
    const struct add_request *request, struct buffer *out, struct fault *fault)
{
    struct add_run run = {.out = out};
    struct app_options options = {
        .rules = rules,
        .config_path = line->config_path,
        .database = command_database(line, rules->config),
        .allowed = line->allowed,
        .allowed_count = line->allowed_count,
    };
    if (!app_open(&options, &run.app, fault)) {
        return false;
    }
    if (adder_start(app_adder(run.app), request, on_added, &run, &run.fault)) {
        app_run(run.app);
    }
    app_close(run.app);
    *fault = run.fault;
    return run.ok;
}

/* ---- what a person reads ---- */

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

static void print_feeds(const json_t *feeds)
{
    size_t index;
    const json_t *feed;
    json_array_foreach(feeds, index, feed)
    {
        const json_t *entries = json_object_get(feed, "entries");
        const char *title = text_of(feed, "title");
        printf("  %zu  %s%s%s", index + 1, title, title[0] == '\0' ? "" : "  ",
            text_of(feed, "url"));
        if (json_is_integer(entries)) {
            printf("  (%s, %lld entries)", text_of(feed, "format"),
                (long long)json_integer_value(entries));
        }
        putchar('\n');
    }
}

static void print_item(const json_t *item, const char *verb)
{
    const char *published = text_of(item, "published");
    printf("%s: %s\n  %s | %s | %.10s\n  %s\n", verb, text_of(item, "title"),
        text_of(item, "section"), text_of(item, "source"),
        published[0] == '\0' ? "no date" : published, text_of(item, "url"));
}

static void print_result(const json_t *result)
{
    const char *outcome = text_of(result, "outcome");
    const json_t *item = json_object_get(result, "item");
    const json_t *feed = json_object_get(result, "feed");
    const json_t *feeds = json_object_get(result, "feeds");
    if (strcmp(outcome, "choose") == 0) {
        printf("Several feeds were found; choose one with --feed N:\n");
        print_feeds(feeds);
    } else if (json_is_object(feed)) {
        printf("%s: %s\n  %s\n",
            strcmp(outcome, "feed") == 0 ? "Feed added" : "This feed is followed already",
            text_of(feed, "name"), text_of(feed, "url"));
    } else {
        bool known = strcmp(outcome, "item_known") == 0;
        print_item(item, known ? "This item is there already" : "Item added");
        if (json_array_size(feeds) > 0) {
            printf("Its site has feeds; add one with --feed N:\n");
            print_feeds(feeds);
        }
    }
}

static int print_answer(const struct command_line *line, const struct buffer *answer)
{
    if (command_option_value(line, "json") != NULL) {
        printf("%s\n", answer->data);
        return COMMAND_OK;
    }
    json_t *result = json_loadb(answer->data, answer->length, 0, NULL);
    if (result == NULL) {
        fprintf(stderr, "briefd: the daemon's answer is no JSON\n");
        return COMMAND_FAILED;
    }
    print_result(result);
    json_decref(result);
    return COMMAND_OK;
}

/* ---- the command ---- */

static bool read_options(const struct command_line *line, struct add_request *ret_request)
{
    const char *kind = command_option_value(line, "as");
    const char *feed = command_option_value(line, "feed");
    *ret_request = (struct add_request){.url = line->arguments[0]};
    if (kind != NULL && strcmp(kind, "feed") != 0 && strcmp(kind, "item") != 0) {
        fprintf(stderr, "briefd: --as is 'feed' or 'item', not '%s'\n", kind);
        return false;
    }
    ret_request->kind = kind == NULL ? ADD_ANY : kind[0] == 'f' ? ADD_FEED : ADD_ITEM;
    char *end = NULL;
    long number = feed == NULL ? 0 : strtol(feed, &end, 10);
    if (feed != NULL && (*end != '\0' || number < 1 || number > 100)) {
        fprintf(stderr, "briefd: --feed is a number of the list, from 1, not '%s'\n", feed);
        return false;
    }
    ret_request->feed = (size_t)number;
    return true;
}

static int add_run(const struct command_line *line)
{
    struct add_request request;
    if (!read_options(line, &request)) {
        return COMMAND_USAGE;
    }
    log_set_level(line->verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR);
    struct rules *rules = command_load_rules(line);
    if (rules == NULL) {
        return COMMAND_FAILED;
    }
    const char *listen = line->listen != NULL ? line->listen : rules->config->server.listen;
    struct buffer answer;
    buffer_init(&answer, ANSWER_MAX_BYTES);
    struct fault fault;
    bool ok = store_is_in_use(command_database(line, rules->config))
        ? add_remote(listen, &request, &answer, &fault)
        : add_here(line, rules, &request, &answer, &fault);
    int code = COMMAND_FAILED;
    if (ok) {
        code = print_answer(line, &answer);
    } else {
        fprintf(stderr, "briefd: %s\n", fault.message);
    }
    buffer_release(&answer);
    rules_unref(rules);
    return code;
}

const struct command command_add = {
    .name = "add",
    .arguments = "URL",
    .summary = "Add a site's feed, or a page as an item of the draft",
    .details =
        "A feed, or a site with one feed, is followed from now on; of several, --feed "
        "chooses.\n"
        "An article, also of mp.weixin.qq.com, becomes an item of the coming issue, whatever "
        "its\n"
        "date. While a daemon has the database, it is asked to do this, at --listen or the\n"
        "configuration's address.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .run = add_run,
    .options =
        {
            {"feed", "N", "the Nth of the feeds that were found"},
            {"as", "KIND", "'feed': no item; 'item': the page, whatever feeds there are"},
            {"json", NULL, "the answer as one line of JSON"},
        },
};
