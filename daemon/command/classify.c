/* Lines in, lines out: a verdict needs nothing but its item, so one line is read, judged and
 * answered before the next, and any number of them fit. A bad line costs only itself. */
#include "command/classify.h"
#include "command/command.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "briefing/judge.h"
#include "feed/url.h"

enum { LINE_MAX_BYTES = 16 << 20 };

/* Members of a line that are read; any other is left alone. */
struct line_fields {
    const char *id;
    const char *title;
    const char *summary;
    const char *url;
    const char *source;
    const char *comment;
    const char *journal_ref;
};

static bool take_string(
    const json_t *line, const char *name, const char **ret_text, struct fault *fault)
{
    const json_t *value = json_object_get(line, name);
    if (value != NULL && !json_is_null(value) && !json_is_string(value)) {
        return fault_set(fault, FAULT_PARSE, "'%s' must be a string or null", name);
    }
    *ret_text = json_string_value(value);
    return true;
}

static bool take_fields(const json_t *line, struct line_fields *ret_fields, struct fault *fault)
{
    return take_string(line, "id", &ret_fields->id, fault) &&
        take_string(line, "title", &ret_fields->title, fault) &&
        take_string(line, "summary", &ret_fields->summary, fault) &&
        take_string(line, "url", &ret_fields->url, fault) &&
        take_string(line, "source", &ret_fields->source, fault) &&
        take_string(line, "comment", &ret_fields->comment, fault) &&
        take_string(line, "journal_ref", &ret_fields->journal_ref, fault);
}

static bool answer(
    const struct judge *judge, const json_t *line, struct buffer *out, struct fault *fault)
{
    struct line_fields fields;
    if (!json_is_object(line)) {
        return fault_set(fault, FAULT_PARSE, "a line must be a JSON object");
    }
    if (!take_fields(line, &fields, fault)) {
        return false;
    }
    cleanup(arena_release) struct arena arena = {0};
    const struct item item = {
        .key = fields.url == NULL ? NULL : url_key(&arena, fields.url),
        .title = fields.title,
        .summary = fields.summary,
        .url = fields.url,
        .source = fields.source,
        .comment = fields.comment,
        .journal_ref = fields.journal_ref,
    };
    struct verdict verdict = judge_item(judge, &arena, &item);
    verdict_write_json(&verdict, judge_config(judge), fields.id, out);
    buffer_putc(out, '\n');
    return !buffer_failed(out) ||
        fault_set(fault, FAULT_LIMIT, "the answer is longer than %d bytes", LINE_MAX_BYTES);
}

bool classify_line(const struct judge *judge, const char *text, size_t length,
    struct buffer *out, struct fault *fault)
{
    if (length > LINE_MAX_BYTES) {
        return fault_set(fault, FAULT_LIMIT, "longer than %d bytes", LINE_MAX_BYTES);
    }
    json_error_t error;
    json_t *line = json_loadb(text, length, 0, &error);
    if (line == NULL) {
        return fault_set(fault, FAULT_PARSE, "%s at byte %d", error.text, error.position);
    }
    buffer_clear(out);
    bool answered = answer(judge, line, out, fault);
    json_decref(line);
    return answered;
}

/* True when every line was answered. */
static bool classify_lines(const struct judge *judge, FILE *input)
{
    struct buffer out;
    buffer_init(&out, LINE_MAX_BYTES);
    char *text = NULL;
    size_t capacity = 0, number = 0;
    ssize_t length;
    bool all = true;
    while ((length = getline(&text, &capacity, input)) >= 0) {
        struct fault fault;
        number++;
        if (strspn(text, " \t\r\n") == (size_t)length) {
            continue;
        }
        if (classify_line(judge, text, (size_t)length, &out, &fault)) {
            fwrite(out.data, 1, out.length, stdout);
        } else {
            fprintf(stderr, "briefd: line %zu: %s\n", number, fault.message);
            all = false;
        }
    }
    free(text);
    buffer_release(&out);
    return all;
}

static int run_classify(const struct command_line *line)
{
    struct rules *rules = command_load_rules(line);
    if (rules == NULL) {
        return COMMAND_FAILED;
    }
    bool all = classify_lines(rules->judge, stdin);
    rules_unref(rules);
    if (ferror(stdin) || fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "briefd: reading the items or writing the verdicts failed\n");
        return COMMAND_FAILED;
    }
    return all ? COMMAND_OK : COMMAND_FAILED;
}

const struct command command_classify = {
    .name = "classify",
    .arguments = "",
    .summary = "Say for each item on standard input where it belongs, and why",
    .details = "Reads one JSON object a line: {\"id\", \"title\", \"summary\", \"url\", "
               "\"source\"} and, for\n"
               "papers, \"comment\" and \"journal_ref\"; each a string or null, other members "
               "are ignored.\n"
               "Writes one line for each: {\"id\", \"section\", \"margin\", \"uncertain\", "
               "\"relevance\",\n"
               "\"off_topic\", \"vendor\", \"prefix\", \"tags\", \"reasons\": [{\"rule\", "
               "\"matched\", \"field\",\n"
               "\"weight\"}]}. A line that cannot be read is named on standard error, the "
               "others are still\n"
               "answered, and the exit code is 1.\n",
    .run = run_classify,
};
