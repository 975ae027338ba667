/* briefd export-opml: what is followed, for any feed reader and for another briefd. */
#include <stdio.h>

#include "command/command.h"
#include "feed/opml.h"

static int run(const struct command_line *line)
{
    cleanup(config_unrefp) struct config *file = command_load_config(line);
    if (file == NULL) {
        return COMMAND_FAILED;
    }
    struct fault fault;
    struct buffer out;
    buffer_init(&out, OPML_BYTES_MAX);
    struct config *config;
    bool ok = command_read_effective(line, file, &config, &fault);
    if (ok) {
        opml_write(config, &out);
        ok = command_print(&out, &fault);
        config_unref(config);
    }
    buffer_release(&out);
    return ok ? COMMAND_OK : command_fail(&fault);
}

const struct command command_export_opml = {
    .name = "export-opml",
    .arguments = "",
    .summary = "Print the feeds as OPML",
    .details = "OPML 2.0 with a folder for each section. Settings, rules, topics and vendors "
               "stand in a\n"
               "namespace of their own, so that another briefd takes all of them and other "
               "readers the\n"
               "feeds. User and password in an address are left out. A daemon may run.\n",
    .max_arguments = 0,
    .run = run,
};
