#include <stdio.h>

#include "app.h"
#include "base/log.h"
#include "command/command.h"

static int run_daemon(const struct app_options *options)
{
    struct fault fault;
    struct app *app;
    if (!app_open(options, &app, &fault)) {
        log_error("%s", fault.message);
        return COMMAND_FAILED;
    }
    int code = COMMAND_OK;
    if (app_serve(app, &fault)) {
        app_run(app);
    } else {
        log_error("%s", fault.message);
        code = COMMAND_FAILED;
    }
    app_close(app);
    return code;
}

static int run(const struct command_line *line)
{
    struct rules *rules = command_load_rules(line);
    if (rules == NULL) {
        return COMMAND_FAILED;
    }
    struct app_options options = {
        .rules = rules,
        .config_path = line->config_path,
        .database = command_database(line, rules->config),
        .listen = line->listen != NULL ? line->listen : rules->config->server.listen,
        .allowed = line->allowed,
        .allowed_count = line->allowed_count,
    };
    int code = run_daemon(&options);
    rules_unref(rules);
    return code;
}

const struct command command_run = {
    .name = "run",
    .arguments = "",
    .summary = "Poll the feeds and serve the draft until told to stop",
    .details =
        "SIGHUP reads the configuration anew (a file with errors is refused and the old one\n"
        "stays); SIGTERM and SIGINT stop.\n",
    .max_arguments = 0,
    .run = run,
};
