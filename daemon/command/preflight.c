/* `briefd preflight FILE…`: the check before publishing, over issues that are Markdown files.
 *
 * The files are taken in order, and what an earlier one printed counts as printed for the later
 * ones, so that a whole folder shows repeated links, too. The desk checks the draft the same
 * way (briefing/preflight.h).
 */
#include "command/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"
#include "briefing/issue_reader.h"
#include "briefing/preflight.h"
#include "feed/url.h"

enum { FILE_MAX_BYTES = 16 << 20, OUTPUT_MAX_BYTES = 64 << 20 };

struct printed_key {
    const char *key, *date;
};

struct checking {
    struct arena arena; /* issues and keys of all files */
    const struct config *config;
    bool json;
    struct printed_key *printed;
    size_t printed_count, printed_capacity;
    size_t errors;
    struct buffer out;
};

/* ---- what earlier files printed ---- */

static const char *find_printed(void *user_data, const char *key)
{
    const struct checking *checking = user_data;
    for (size_t i = checking->printed_count; i-- > 0;) {
        if (strcmp(checking->printed[i].key, key) == 0) {
            return checking->printed[i].date;
        }
    }
    return NULL;
}

static void remember(struct checking *checking, const struct issue *issue)
{
    for (size_t s = 0; s < issue->section_count; s++) {
        for (size_t i = 0; i < issue->sections[s].item_count; i++) {
            const char *url = issue->sections[s].items[i].url;
            if (url == NULL) {
                continue;
            }
            if (checking->printed_count == checking->printed_capacity) {
                checking->printed = arena_grow(&checking->arena, checking->printed,
                    sizeof(*checking->printed), &checking->printed_capacity);
            }
            checking->printed[checking->printed_count++] = (struct printed_key){
                url_key(&checking->arena, url), issue->date};
        }
    }
}

/* ---- output ---- */

/* "业界新闻 3: title" */
static void write_place(
    const struct issue *issue, const struct finding *finding, struct buffer *out)
{
    if (finding->section >= 0) {
        buffer_puts(out, issue->sections[finding->section].title);
    }
    if (finding->item >= 0) {
        buffer_printf(out, " %d", finding->item + 1);
    }
    buffer_printf(out, "%s%s", finding->section >= 0 ? ": " : "", finding->field);
}

static void write_lines(struct checking *checking, const char *path, const struct issue *issue,
    const struct preflight *preflight)
{
    bool chinese = issue->language != NULL && strncasecmp(issue->language, "zh", 2) == 0;
    for (size_t i = 0; i < preflight->count; i++) {
        const struct finding *finding = &preflight->findings[i];
        buffer_printf(
            &checking->out, "%s: %s: ", path, preflight_severity_name(finding->severity));
        write_place(issue, finding, &checking->out);
        buffer_printf(
            &checking->out, ": %s", chinese ? finding->message_zh : finding->message_en);
        if (finding->fix != NULL) {
            buffer_printf(&checking->out, " -> \"%s\"", finding->fix);
        }
        buffer_putc(&checking->out, '\n');
    }
}

static void write_result(struct checking *checking, const char *path, const struct issue *issue,
    const struct preflight *preflight)
{
    if (!checking->json) {
        write_lines(checking, path, issue, preflight);
        return;
    }
    buffer_puts(&checking->out, "{\"file\":");
    json_write_string(path, &checking->out);
    buffer_puts(&checking->out, ",\"date\":");
    json_write_string(issue->date, &checking->out);
    buffer_puts(&checking->out, ",\"findings\":");
    preflight_write_json(preflight, &checking->out);
    buffer_puts(&checking->out, "}\n");
}

/* ---- one file ---- */

/* The day in "…/2020-09-17.md"; false for a file that is not named so. */
static bool date_of(struct arena *arena, const char *path, const char **ret_date)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    int64_t midnight_utc_s;
    *ret_date = arena_strndup(arena, name, strlen("2020-09-17"));
    return clock_parse_day(*ret_date, &midnight_utc_s);
}

static bool check_file(struct checking *checking, const char *path, struct fault *fault)
{
    const char *date;
    char *data;
    size_t length;
    if (!date_of(&checking->arena, path, &date)) {
        return fault_set(fault, FAULT_CONFIG,
            "'%s' is not named by the day of its issue, as 2020-09-17.md is", path);
    }
    if (!command_read_file(path, FILE_MAX_BYTES, &data, &length, fault)) {
        return false;
    }
    struct issue *issue =
        issue_read_markdown(&checking->arena, checking->config, date, data, length).issue;
    struct preflight_context context = {.find_printed = find_printed, .user_data = checking};
    struct preflight preflight = preflight_check(&checking->arena, issue, &context);
    for (size_t i = 0; i < preflight.count; i++) {
        checking->errors += preflight.findings[i].severity == PREFLIGHT_ERROR;
    }
    write_result(checking, path, issue, &preflight);
    remember(checking, issue);
    free(data);
    return true;
}

static int run(const struct command_line *line)
{
    cleanup(config_unrefp) struct config *config = command_load_config(line);
    if (config == NULL) {
        return COMMAND_FAILED;
    }
    struct fault fault;
    struct checking checking = {
        .config = config, .json = command_option_value(line, "json") != NULL};
    arena_init(&checking.arena);
    buffer_init(&checking.out, OUTPUT_MAX_BYTES);
    bool ok = true;
    for (int i = 0; i < line->argument_count && ok; i++) {
        ok = check_file(&checking, line->arguments[i], &fault);
    }
    ok = ok && command_print(&checking.out, &fault);
    if (!ok) {
        fprintf(stderr, "briefd: %s\n", fault.message);
    }
    buffer_release(&checking.out);
    arena_release(&checking.arena);
    return ok && checking.errors == 0 ? COMMAND_OK : COMMAND_FAILED;
}

const struct command command_preflight = {
    .name = "preflight",
    .arguments = "FILE...",
    .summary = "Check issues in Markdown before they are published",
    .details =
        "Names empty, repeated and temporary links, tracking parameters, missing summaries "
        "and\n"
        "sources, brackets and marks that do not fit, and a guide that does not. The files "
        "are\n"
        "named by their days (2020-09-17.md); links of earlier ones count as printed for the\n"
        "later. Exits with 1 when something is an error.\n",
    .min_arguments = 1,
    .max_arguments = -1,
    .run = run,
    .options = {{"json", NULL, "one JSON object a file, with place and fix of each finding"}},
};
