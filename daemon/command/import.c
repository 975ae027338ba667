/* briefd import: an export into an empty database. All of it or nothing: a line that cannot be
 * read, rows that do not fit together, or a file that was cut leave the database empty. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/row_line.h"

enum { INDEX_TURN_MS = 5000 };

struct import {
    const char *path;
    FILE *file;
    size_t number, rows; /* of the line; of what was written */
    bool ended;
    struct transfer *transfer;
};

static bool check_head(const struct row_line *line, struct fault *fault)
{
    if (line->kind != ROW_LINE_HEAD) {
        return fault_set(fault, FAULT_PARSE,
            "the first line of an export says what it is, this "
            "one does not");
    }
    if (line->head.version != ROW_LINE_VERSION) {
        return fault_set(fault, FAULT_PARSE,
            "the export has version %d, this briefd reads %d: use the program that wrote it, "
            "or "
            "a newer one",
            line->head.version, ROW_LINE_VERSION);
    }
    return line->head.schema == transfer_schema() ||
        fault_set(fault, FAULT_PARSE,
            "the export is of schema %d, this briefd has %d: import it with the briefd that "
            "wrote it, and open the database with the newer one",
            line->head.schema, transfer_schema());
}

static bool take_row(struct import *import, const struct row_line *line, struct fault *fault)
{
    if (import->ended) {
        return fault_set(fault, FAULT_PARSE, "there is more behind the end");
    }
    if (line->kind == ROW_LINE_HEAD) {
        return fault_set(fault, FAULT_PARSE, "an export begins within this one");
    }
    if (line->kind == ROW_LINE_END) {
        import->ended = true;
        return line->rows == import->rows ||
            fault_set(fault, FAULT_PARSE, "of %zu rows there are %zu: lines are missing",
                line->rows, import->rows);
    }
    import->rows++;
    return transfer_write(import->transfer, &line->row, fault);
}

static bool take_line(
    struct import *import, const char *text, size_t length, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    struct row_line *line = arena_new(&arena, struct row_line);
    import->number++;
    bool ok = row_line_read(&arena, text, length, line, fault) &&
        (import->number == 1 ? check_head(line, fault) : take_row(import, line, fault));
    return ok || fault_prefix(fault, "%s:%zu: ", import->path, import->number);
}

static bool take_lines(struct import *import, struct fault *fault)
{
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length;
    bool ok = true;
    while (ok && (length = getline(&text, &capacity, import->file)) >= 0) {
        ok = take_line(import, text, (size_t)length, fault);
    }
    free(text);
    if (ok && ferror(import->file)) {
        return fault_set(
            fault, FAULT_CONFIG, "cannot read '%s': %s", import->path, strerror(errno));
    }
    return ok &&
        (import->ended ||
            fault_set(fault, FAULT_PARSE, "%s:%zu: the file ends before its end: it was cut",
                import->path, import->number));
}

/* So that the first search finds everything; a daemon would do it, too. */
static bool index_items(const char *database, struct fault *fault)
{
    struct store *store;
    if (!store_open(database, &store, fault)) {
        return false;
    }
    bool more = true, ok = true;
    while (ok && more) {
        ok = store_index_items(store, INDEX_TURN_MS, &more, fault);
    }
    store_close(store);
    return ok;
}

static bool import_file(struct import *import, const char *database, struct fault *fault)
{
    bool standard = strcmp(import->path, "-") == 0;
    import->file = standard ? stdin : fopen(import->path, "rb");
    if (import->file == NULL) {
        return fault_set(
            fault, FAULT_CONFIG, "cannot read '%s': %s", import->path, strerror(errno));
    }
    bool ok = transfer_begin(database, &import->transfer, fault);
    if (ok) {
        ok = take_lines(import, fault);
        ok = transfer_end(import->transfer, ok, fault);
    }
    if (!standard) {
        fclose(import->file);
    }
    return ok && index_items(database, fault);
}

static int run(const struct command_line *line)
{
    struct fault fault;
    struct import import = {.path = line->arguments[0]};
    cleanup(config_unrefp) struct config *config = NULL;
    if (line->database == NULL && (config = command_load_config(line)) == NULL) {
        return COMMAND_FAILED;
    }
    if (!import_file(&import, command_database(line, config), &fault)) {
        return command_fail(&fault);
    }
    printf("%zu rows\n", import.rows);
    return COMMAND_OK;
}

const struct command command_import = {
    .name = "import",
    .arguments = "FILE",
    .summary = "Read an export into an empty database",
    .details =
        "FILE is what 'briefd export' printed, '-' standard input. The database must be empty, "
        "or\n"
        "not exist yet; the daemon must not run. All of it is read or nothing: a bad line is "
        "told\n"
        "as FILE:LINE, and rows that contradict each other as 'briefd verify' tells them.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
