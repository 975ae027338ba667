/* briefd import-issues DIR: past issues into the archive. What a file holds beside an issue is
 * said as file:line, so that the editor can look there; it is a warning, for the rest of the
 * issue stands. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "command/command.h"
#include "pipeline/importing.h"

enum { REPORT_MAX_BYTES = 64 << 20 };

static const char *change_name(const struct imported_file *file)
{
    static const char *const names[] = {
        [STORE_ISSUE_ADDED] = "added",
        [STORE_ISSUE_CHANGED] = "changed",
        [STORE_ISSUE_UNCHANGED] = "unchanged",
    };
    return file->failed ? "failed" : names[file->change];
}

static void write_text(const struct imported_folder *folder, struct buffer *out)
{
    size_t items = 0, failed = 0, unread = 0;
    for (size_t i = 0; i < folder->count; i++) {
        const struct imported_file *file = &folder->files[i];
        buffer_printf(
            out, "%s  %s, %zu items\n", file->day, change_name(file), file->item_count);
        if (file->failed) {
            buffer_printf(out, "%s: %s\n", file->path, file->fault.message);
        }
        for (size_t k = 0; k < file->reading.unread_count; k++) {
            const struct issue_unread *line = &file->reading.unread[k];
            buffer_printf(
                out, "%s:%zu: %s: %s\n", file->path, line->line, line->why, line->text);
        }
        failed += file->failed;
        items += file->failed ? 0 : file->item_count;
        unread += file->reading.unread_count;
    }
    buffer_printf(out,
        "%zu issues with %zu items; %zu only linked; %zu lines not read; %zu files failed\n",
        folder->count - failed, items, folder->links, unread, failed);
}

static void write_file_json(const struct imported_file *file, struct buffer *out)
{
    buffer_puts(out, "{\"path\":");
    json_write_string(file->path, out);
    buffer_puts(out, ",\"date\":");
    json_write_string(file->day, out);
    buffer_printf(out, ",\"result\":\"%s\",\"items\":%zu,\"fault\":", change_name(file),
        file->item_count);
    json_write_string(file->failed ? file->fault.message : NULL, out);
    buffer_puts(out, ",\"unread\":[");
    for (size_t i = 0; i < file->reading.unread_count; i++) {
        const struct issue_unread *line = &file->reading.unread[i];
        buffer_printf(out, "%s{\"line\":%zu,\"why\":", i > 0 ? "," : "", line->line);
        json_write_string(line->why, out);
        buffer_puts(out, ",\"text\":");
        json_write_string(line->text, out);
        buffer_putc(out, '}');
    }
    buffer_puts(out, "]}");
}

static void write_json(const struct imported_folder *folder, struct buffer *out)
{
    buffer_puts(out, "{\"files\":[");
    for (size_t i = 0; i < folder->count; i++) {
        buffer_puts(out, i > 0 ? "," : "");
        write_file_json(&folder->files[i], out);
    }
    buffer_printf(out, "],\"links\":%zu}\n", folder->links);
}

static bool import(const struct command_line *line, const struct config *config,
    struct arena *arena, struct buffer *out, bool *ret_failed, struct fault *fault)
{
    struct store *store;
    struct imported_folder folder;
    if (!store_open(command_database(line, config), &store, fault)) {
        return false;
    }
    bool ok = importing_read_folder(store, arena, config, line->arguments[0], clock_now_utc_s(),
        NULL, NULL, &folder, fault);
    store_close(store);
    if (!ok) {
        return false;
    }
    bool json = command_option_value(line, "json") != NULL;
    (json ? write_json : write_text)(&folder, out);
    for (size_t i = 0; i < folder.count; i++) {
        *ret_failed |= folder.files[i].failed;
    }
    return command_print(out, fault);
}

static int run(const struct command_line *line)
{
    cleanup(config_unrefp) struct config *config = command_load_config(line);
    if (config == NULL) {
        return COMMAND_FAILED;
    }
    struct arena arena = {0};
    struct buffer out;
    struct fault fault;
    bool failed = false;
    buffer_init(&out, REPORT_MAX_BYTES);
    bool ok = import(line, config, &arena, &out, &failed, &fault);
    if (!ok) {
        fprintf(stderr, "briefd: %s\n", fault.message);
    }
    buffer_release(&out);
    arena_release(&arena);
    return ok && !failed ? COMMAND_OK : COMMAND_FAILED;
}

const struct command command_import_issues = {
    .name = "import-issues",
    .arguments = "DIR",
    .summary = "Put past issues into the archive",
    .details =
        "Reads every YYYY-MM-DD.md of DIR, in the form of this newsletter or an earlier one. "
        "An\n"
        "issue that is there already stays as it is; a changed file makes a new version of "
        "it.\n"
        "Candidates that were printed before say so from then on. Lines that are no part of "
        "an\n"
        "issue are listed as file:line; they are warnings, and are kept beside the issue.\n"
        "The daemon must not be running.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
    .options = {{"json", NULL, "the report as JSON"}},
};
