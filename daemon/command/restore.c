/* briefd restore: the backups there are, or one of them in the place of the database. Nothing
 * is ever overwritten: what stood there is renamed, and only when that was asked for. */
#include <stdio.h>

#include "base/clock.h"
#include "command/command.h"
#include "storage/backup.h"

static bool list_backups(
    const struct config *config, const char *database, struct arena *arena, struct fault *fault)
{
    struct backup_file *files;
    size_t count;
    const char *folder = backup_folder(
        arena, config == NULL ? NULL : config->care.backup_folder, database);
    if (!backup_list(arena, folder, database, &files, &count, fault)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        char time[CLOCK_ISO_BYTES];
        printf("%s  %8.1f MiB  %s\n", clock_format_iso(files[i].utc_s, time),
            (double)files[i].bytes / (1 << 20), files[i].path);
    }
    return count > 0 ||
        fault_set(fault, FAULT_MISSING, "there is no backup of '%s' in '%s'", database, folder);
}

static bool restore(const struct command_line *line, const char *database, struct arena *arena,
    struct fault *fault)
{
    const char *from = line->arguments[0], *aside;
    bool rename = command_option_value(line, "aside") != NULL;
    if (!backup_restore(arena, from, database, rename, clock_now_utc_s(), &aside, fault)) {
        return false;
    }
    if (aside != NULL) {
        printf("'%s' is now '%s'\n", database, aside);
    }
    printf("'%s' is what '%s' was\n", database, from);
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
    bool ok = line->argument_count == 0 ? list_backups(config, database, &arena, &fault)
                                        : restore(line, database, &arena, &fault);
    return ok ? COMMAND_OK : command_fail(&fault);
}

const struct command command_restore = {
    .name = "restore",
    .arguments = "[BACKUP]",
    .summary = "Put a backup in the place of the database, or list the backups",
    .details =
        "Without BACKUP the backups are listed, newest first. With one it is verified and "
        "copied\n"
        "to where the database belongs; the daemon must not run. A database that is there is\n"
        "never overwritten: --aside renames it, with its log, to NAME.aside-TIME first.\n",
    .max_arguments = 1,
    .run = run,
    .options = {{"aside", NULL, "rename the database that is there"}},
};
