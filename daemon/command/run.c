#include <stdio.h>

#include "app.h"
#include "base/clock.h"
#include "base/log.h"
#include "command/command.h"
#include "storage/backup.h"

/* The database is not touched; what would help is said word by word. */
static void offer_backup(const struct app_options *options)
{
    cleanup(arena_release) struct arena arena = {0};
    struct fault fault;
    struct backup_file *files;
    size_t count;
    const char *database = options->database;
    const char *folder = backup_folder(
        &arena, options->rules->config->care.backup_folder, database);
    if (!backup_is_needed(database)) {
        return;
    }
    if (!backup_list(&arena, folder, database, &files, &count, &fault)) {
        log_error("%s", fault.message);
    } else if (count == 0) {
        log_error("there is no backup of '%s' in '%s'", database, folder);
    } else {
        char time[CLOCK_ISO_BYTES];
        log_error("the last backup is of %s: briefd restore --aside --database '%s' '%s'",
            clock_format_iso(files[0].utc_s, time), database, files[0].path);
    }
}

static int run_daemon(const struct app_options *options)
{
    struct fault fault;
    struct app *app;
    if (!app_open(options, &app, &fault)) {
        log_error("%s", fault.message);
        if (fault.kind == FAULT_STORE) {
            offer_backup(options);
        }
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
