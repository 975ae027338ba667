/* briefd export: everything the database knows, as JSON Lines.
 *
 *     {"briefd":"export","version":1,"schema":1,"secrets":false}
 *     {"table":"feed","row":{"id":1,"url":"https://…","name":"LWN",…}}
 *     …
 *     {"end":true,"rows":12345}
 *
 * A row has every stored column of its table under the name it has in storage/schema, tables
 * stand in the order of their names and rows in that of their keys: the same content is the
 * same file. What can be made again (the search index) is not in it. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "command/command.h"
#include "command/row_line.h"

struct export
{
    struct buffer line;
    size_t rows;
};

static bool print_line(struct export *export, struct fault *fault)
{
    if (buffer_failed(&export->line)) {
        return fault_set(
            fault, FAULT_LIMIT, "a row is larger than %d MiB", ROW_LINE_MAX_BYTES >> 20);
    }
    bool ok = fwrite(export->line.data, 1, export->line.length, stdout) == export->line.length;
    buffer_clear(&export->line);
    return ok ||
        fault_set(fault, FAULT_STORE, "cannot write to standard output: %s", strerror(errno));
}

static bool on_row(void *data, const struct transfer_row *row, struct fault *fault)
{
    struct export *export = data;
    row_line_write(row, &export->line);
    export->rows++;
    return print_line(export, fault);
}

static bool print_all(struct store *store, bool with_secrets, struct fault *fault)
{
    struct export export = {0};
    buffer_init(&export.line, ROW_LINE_MAX_BYTES);
    row_head_write(
        &(struct row_head){ROW_LINE_VERSION, transfer_schema(), with_secrets}, &export.line);
    bool ok = print_line(&export, fault) &&
        transfer_read(store, with_secrets, on_row, &export, fault);
    row_end_write(export.rows, &export.line);
    ok = ok && print_line(&export, fault) &&
        (fflush(stdout) == 0 ||
            fault_set(
                fault, FAULT_STORE, "cannot write to standard output: %s", strerror(errno)));
    buffer_release(&export.line);
    return ok;
}

static int run(const struct command_line *line)
{
    struct fault fault;
    struct store *store = NULL;
    cleanup(config_unrefp) struct config *config = NULL;
    if (line->database == NULL && (config = command_load_config(line)) == NULL) {
        return COMMAND_FAILED;
    }
    bool secrets = command_option_value(line, "secrets") != NULL;
    bool ok = store_open_reader(command_database(line, config), &store, &fault) &&
        print_all(store, secrets, &fault);
    store_close(store);
    return ok ? COMMAND_OK : command_fail(&fault);
}

const struct command command_export = {
    .name = "export",
    .arguments = "",
    .summary = "Print everything the database knows as JSON lines",
    .details =
        "The first line says version and schema, the last how many rows there were; between "
        "them\n"
        "each line is a row, {\"table\":\"feed\",\"row\":{…}}, with every column. The same "
        "content "
        "gives\n"
        "the same bytes. Also while a daemon runs. 'briefd import' reads it into an empty "
        "database.\n"
        "Accounts, sessions and tokens, and passwords in addresses of feeds, are left out.\n",
    .run = run,
    .options = {{"secrets", NULL,
        "also accounts, with their hashes, and passwords in addresses"}},
};
