/* briefd backup: a copy of the database now, beside a running daemon or without one. */
#include <stdio.h>

#include "base/clock.h"
#include "command/command.h"
#include "storage/backup.h"

/* By hand nothing is rotated away: who makes one before an experiment wants it afterwards. */
static bool make_backup(const struct command_line *line, const struct config *config,
    const char *database, struct arena *arena, struct fault *fault)
{
    struct backup_order order = {.database = database, .now_utc_s = clock_now_utc_s()};
    const char *to = command_option_value(line, "to");
    struct backup_file file;
    order.folder = to != NULL
        ? to
        : backup_folder(
              arena, config == NULL ? NULL : config->care.backup_folder, order.database);
    if (!backup_write(&order, arena, &file, fault)) {
        return false;
    }
    printf("%s\n", file.path);
    return true;
}

static int run(const struct command_line *line)
{
    struct fault fault;
    cleanup(arena_release) struct arena arena = {0};
    cleanup(config_unrefp) struct config *config = NULL;
    const char *database;
    if (!command_find_database(line, &config, &database)) {
        return COMMAND_FAILED;
    }
    if (!make_backup(line, config, database, &arena, &fault)) {
        return command_fail(&fault);
    }
    return COMMAND_OK;
}

const struct command command_backup = {
    .name = "backup",
    .arguments = "",
    .summary = "Copy the database, also while a daemon works with it",
    .details =
        "Writes STEM-20261123T030000Z.sqlite, a database of one moment, into backup_folder of\n"
        "feeds.conf (default: backups, beside the database), checks and syncs it, and prints\n"
        "its path. A running daemon makes one every backup_every and keeps backup_keep of "
        "them.\n"
        "'briefd restore' puts one back.\n",
    .run = run,
    .options = {{"to", "DIR", "into this folder, which is made when it is missing"}},
};
