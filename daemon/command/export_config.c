/* briefd export-config: feeds.conf and what the editor changed in the database, as one file. */
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "config/block.h"

static void write_head(const struct config *config, struct buffer *out)
{
    buffer_printf(out,
        "# %s and the editor's changes in the database, by briefd export-config. Comments of "
        "the "
        "file\n# are not kept, defaults are not written.\n\n",
        config->path);
}

static bool export_config(
    const struct command_line *line, struct config *file, struct fault *fault)
{
    struct config *config;
    if (!command_read_effective(line, file, &config, fault)) {
        return false;
    }
    struct arena arena = {0};
    struct buffer out;
    buffer_init(&out, BLOCK_TEXT_MAX);
    write_head(config, &out);
    block_write(block_describe(config, &arena), &out);
    bool ok = command_print(&out, fault);
    buffer_release(&out);
    arena_release(&arena);
    config_unref(config);
    return ok;
}

static int run(const struct command_line *line)
{
    cleanup(config_unrefp) struct config *file = command_load_config(line);
    struct fault fault;
    if (file == NULL) {
        return COMMAND_FAILED;
    }
    if (!export_config(line, file, &fault)) {
        return command_fail(&fault);
    }
    return COMMAND_OK;
}

const struct command command_export_config = {
    .name = "export-config",
    .arguments = "",
    .summary = "Print the configuration with the editor's changes as one feeds.conf",
    .details =
        "Loads to the same configuration as the file and the database together. Comments of "
        "the\n"
        "file are not kept; user and password in an address are left out. A daemon may run.\n",
    .max_arguments = 0,
    .run = run,
};
