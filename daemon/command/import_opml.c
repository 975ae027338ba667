/* briefd import-opml FILE: plan, say, store. While a daemon has the database it is asked to do
 * the same through its API, so that what it follows changes at once. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "command/command.h"
#include "command/remote.h"
#include "config/block.h"
#include "feed/opml_import.h"
#include "pipeline/following.h"

enum { REPORT_MAX_BYTES = 64 << 20 };

struct import {
    const struct command_line *line;
    struct config *file;
    struct arena arena;
    char *data; /* of the OPML file */
    size_t length;
    struct opml *opml;
    struct buffer out;
};

/* ---- here ---- */

static bool has_flag(const struct import *import, const char *name)
{
    return command_option_value(import->line, name) != NULL;
}

static const struct opml_plan *write_plan(struct import *import, const struct config *config)
{
    const struct opml_plan *plan = opml_plan(
        import->opml, config, clock_now_utc_s(), &import->arena);
    if (has_flag(import, "json")) {
        opml_plan_write_json(plan, &import->out);
    } else {
        opml_plan_write_text(plan, &import->out);
    }
    return plan;
}

static bool plan_only(struct import *import, struct fault *fault)
{
    struct config *config;
    if (!command_read_effective(import->line, import->file, &config, fault)) {
        return false;
    }
    write_plan(import, config);
    config_unref(config);
    return true;
}

static bool store_plan(struct import *import, struct store *store, struct fault *fault)
{
    struct problems notes;
    problems_init(&notes);
    struct config *config = NULL;
    bool ok = following_read_config(store, import->file, &notes, &config, fault);
    if (ok) {
        const struct opml_plan *plan = write_plan(import, config);
        ok = store_put_feeds(store, plan->records, plan->record_count, fault);
    }
    config_unref(config);
    problems_release(&notes);
    return ok;
}

static bool import_here(struct import *import, struct fault *fault)
{
    struct store *store;
    if (!store_open(command_database(import->line, import->file), &store, fault)) {
        return false;
    }
    bool ok = store_plan(import, store, fault);
    store_close(store);
    return ok;
}

/* The file as a feeds.conf; whether it is whole, `briefd check` says. */
static bool print_config(struct import *import, struct fault *fault)
{
    block_write(opml_to_block(import->opml, &import->arena), &import->out);
    return true;
}

/* ---- through the daemon ---- */

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* The daemon's report as the lines of opml_plan_write_text(). */
static bool write_report(struct import *import, const json_t *report, struct fault *fault)
{
    struct opml_plan plan = {0};
    static const char *const words[] = {"added", "updated", "unchanged", "left_out"};
    const json_t *lines = json_object_get(report, "lines");
    if (!json_is_array(lines)) {
        return fault_set(fault, FAULT_PARSE, "the daemon's answer is no report of an import");
    }
    plan.lines = arena_new_array(&import->arena, struct opml_line, json_array_size(lines) + 1);
    for (size_t i = 0; i < array_count(words); i++) {
        plan.counts[i] = (size_t)json_integer_value(json_object_get(report, words[i]));
    }
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *line = json_array_get(lines, i);
        struct opml_line *to = &plan.lines[plan.line_count++];
        const char *verdict = text_of(line, "verdict");
        *to = (struct opml_line){OPML_LEFT_OUT, text_of(line, "name"), text_of(line, "url"),
            text_of(line, "detail")};
        for (size_t k = 0; k < array_count(words); k++) {
            if (verdict != NULL && strcmp(verdict, words[k]) == 0) {
                to->verdict = (enum opml_verdict)k;
            }
        }
    }
    opml_plan_write_text(&plan, &import->out);
    return true;
}

static bool import_remotely(struct import *import, struct fault *fault)
{
    const struct command_line *line = import->line;
    const char *listen = line->listen != NULL ? line->listen : import->file->server.listen;
    struct remote_post post = {
        "/api/v1/feeds.opml", "application/xml", import->data, import->length};
    struct buffer answer;
    buffer_init(&answer, REPORT_MAX_BYTES);
    bool ok = remote_post(listen, &post, &answer, fault);
    if (ok && has_flag(import, "json")) {
        buffer_append(&import->out, answer.data, answer.length);
    } else if (ok) {
        json_t *report = json_loadb(answer.data, answer.length, 0, NULL);
        ok = write_report(import, report, fault);
        json_decref(report);
    }
    buffer_release(&answer);
    return ok;
}

/* ---- the command ---- */

static bool import_file(struct import *import, struct fault *fault)
{
    const char *path = import->line->arguments[0];
    if (!command_read_file(path, OPML_BYTES_MAX, &import->data, &import->length, fault)) {
        return false;
    }
    if (!opml_read(&import->arena, import->data, import->length, &import->opml, fault)) {
        return fault_prefix(fault, "'%s': ", path);
    }
    if (has_flag(import, "print-config")) {
        return print_config(import, fault);
    }
    import->file = command_load_config(import->line);
    if (import->file == NULL) {
        return fault_set(fault, FAULT_CONFIG, "nothing was imported");
    }
    if (has_flag(import, "dry-run")) {
        return plan_only(import, fault);
    }
    return store_is_in_use(command_database(import->line, import->file))
        ? import_remotely(import, fault)
        : import_here(import, fault);
}

static int run(const struct command_line *line)
{
    struct import import = {.line = line};
    struct fault fault;
    buffer_init(&import.out, REPORT_MAX_BYTES);
    bool ok = import_file(&import, &fault) && command_print(&import.out, &fault);
    if (!ok) {
        fprintf(stderr, "briefd: %s\n", fault.message);
    }
    buffer_release(&import.out);
    config_unref(import.file);
    arena_release(&import.arena);
    free(import.data);
    return ok ? COMMAND_OK : COMMAND_FAILED;
}

const struct command command_import_opml = {
    .name = "import-opml",
    .arguments = "FILE",
    .summary = "Follow the feeds of an OPML file",
    .details = "Feeds not followed yet are added to the database; what becomes of each is said "
               "line by\n"
               "line. A file of another reader changes no known feed; one written by "
               "export-opml makes\n"
               "known feeds agree with it. While a daemon has the database, it is asked to do "
               "this, at\n"
               "--listen or the configuration's address.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
    .options =
        {
            {"dry-run", NULL, "say what would change, and change nothing"},
            {"print-config", NULL,
                "print a file of export-opml as feeds.conf, and import nothing"},
            {"json", NULL, "the report as JSON"},
        },
};
