/* briefd search: the stored items that have these words, from the database, beside a daemon or
 * without one. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "briefing/vendor_name.h"
#include "command/command.h"
#include "storage/store.h"
#include "web/server/search_answer.h"

enum {
    DEADLINE_MS = 10000, /* a person waits; the daemon's limit protects others who wait */
    OUTPUT_MAX_BYTES = 16 << 20,
};

/* ---- for people ---- */

/* What was looked for is bold on a terminal. */
static void write_marked(const struct search_text *text, bool terminal, struct buffer *out)
{
    size_t at = 0;
    for (size_t i = 0; i < text->mark_count; i++) {
        const struct search_mark *mark = &text->marks[i];
        buffer_append(out, text->text + at, mark->offset - at);
        buffer_puts(out, terminal ? "\033[1m" : "");
        buffer_append(out, text->text + mark->offset, mark->length);
        buffer_puts(out, terminal ? "\033[0m" : "");
        at = mark->offset + mark->length;
    }
    buffer_puts(out, text->text + at);
}

static void write_hit(const struct search_hit *hit, bool terminal, struct buffer *out)
{
    char day[CLOCK_ISO_BYTES];
    if (hit->title.text != NULL) {
        write_marked(&hit->title, terminal, out);
    }
    buffer_printf(out, "\n    %s, %s, %s%s\n", hit->source == NULL ? "" : hit->source,
        clock_format_day(hit->dated_utc_s, 0, day), hit->section,
        hit->off_topic ? ", off topic" : "");
    if (hit->summary.text != NULL && hit->summary.text[0] != '\0') {
        buffer_puts(out, hit->summary.cut_before ? "    …" : "    ");
        write_marked(&hit->summary, terminal, out);
        buffer_puts(out, hit->summary.cut_after ? "…\n" : "\n");
    }
    buffer_printf(out, "    %s\n\n", hit->url == NULL ? hit->key : hit->url);
}

static void write_result(const struct search_result *result, bool terminal, struct buffer *out)
{
    for (size_t i = 0; i < result->count; i++) {
        write_hit(&result->hits[i], terminal, out);
    }
    buffer_printf(
        out, "%s%zu found\n", result->total_is_exact ? "" : "at least ", result->total);
    if (result->next_cursor != NULL) {
        buffer_printf(out, "more: --cursor %s\n", result->next_cursor);
    }
}

/* ---- the request ---- */

/* "off-topic" is the API's "off_topic". */
static void parameter_name(const char *option, char *name, size_t size)
{
    snprintf(name, size, "%s", option);
    for (char *at = name; *at != '\0'; at++) {
        *at = *at == '-' ? '_' : *at;
    }
}

static bool read_request(const struct command_line *line, struct buffer *words,
    struct search_request *ret_request, struct fault *fault)
{
    *ret_request = search_request_default();
    char name[32];
    for (const struct command_option *option = line->command->options; option->name != NULL;
         option++) {
        const char *value = command_option_value(line, option->name);
        parameter_name(option->name, name, sizeof(name));
        if (value != NULL && option->value != NULL &&
            !search_request_set(ret_request, name, value, strlen(value), fault)) {
            return false;
        }
    }
    for (int i = 0; i < line->argument_count; i++) {
        buffer_printf(words, "%s%s", i == 0 ? "" : " ", line->arguments[i]);
    }
    ret_request->query = words->data;
    ret_request->query_bytes = words->length;
    ret_request->deadline_ms = DEADLINE_MS;
    return true;
}

static bool search(
    const char *database, const struct search_request *request, bool json, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    cleanup(buffer_release) struct buffer out;
    struct search_result result;
    struct store *store = NULL;
    buffer_init(&out, OUTPUT_MAX_BYTES);
    bool ok = store_open_reader(database, &store, fault) &&
        store_search(store, &arena, request, &result, fault);
    if (ok && json) {
        search_result_write_json(&result, &out);
        buffer_putc(&out, '\n');
    } else if (ok) {
        write_result(&result, isatty(STDOUT_FILENO) == 1, &out);
    }
    ok = ok && command_print(&out, fault);
    store_close(store);
    return ok;
}

static int run(const struct command_line *line)
{
    struct fault fault;
    struct search_request request;
    cleanup(config_unrefp) struct config *config = command_load_config(line);
    if (config == NULL) {
        return COMMAND_FAILED;
    }
    cleanup(buffer_release) struct buffer words;
    buffer_init(&words, 1 << 20);
    if (!read_request(line, &words, &request, &fault)) {
        fprintf(stderr, "briefd: %s\n", fault.message);
        return COMMAND_USAGE;
    }
    request.filter.vendor = vendor_name_find(config, request.filter.vendor);
    bool json = command_option_value(line, "json") != NULL;
    if (!search(command_database(line, config), &request, json, &fault)) {
        return command_fail(&fault);
    }
    return COMMAND_OK;
}

const struct command command_search = {
    .name = "search",
    .arguments = "WORDS",
    .summary = "Find stored items by their words",
    .details =
        "All words must occur in title or summary. '\"two words\"' stand side by side (the "
        "quotes\n"
        "must reach briefd), word* begins a Latin word, and behind -- a -word must not occur.\n"
        "Case, width, and traditional or simplified characters make no difference.\n",
    .min_arguments = 1,
    .max_arguments = -1,
    .run = run,
    .options =
        {
            {"json", NULL, "the answer of GET /api/v1/search"},
            {"section", "ID", "items of this section only"},
            {"source", "LABEL", "of this source"},
            {"feed", "URL", "that this feed brought first"},
            {"vendor", "NAME", "of this vendor, by its name or an alias"},
            {"tag", "TAG", "with this tag"},
            {"language", "TAG", "in this language: zh, en"},
            {"from", "DAY", "dated on this day (UTC) or later"},
            {"to", "DAY", "dated on this day or earlier"},
            {"off-topic", "true|false", "only what is off the newsletter's topic, or on it"},
            {"order", "rank|date", "best first, or newest first (default: rank)"},
            {"limit", "N", "so many (default: 20)"},
            {"cursor", "CURSOR", "the page behind the last one"},
        },
};
