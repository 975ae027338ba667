/* Lines in, lines out: a verdict needs nothing but its item, so one line is read, judged and
 * answered before the next, and any number of them fit. A bad line costs only itself. */
#include "command/classify.h"

#include "base/arena.h"
#include "command/command.h"
#include "command/json_lines.h"
#include "feed/url.h"

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

static bool take_fields(const json_t *line, struct line_fields *ret_fields, struct fault *fault)
{
    return json_line_string(line, "id", &ret_fields->id, fault) &&
        json_line_string(line, "title", &ret_fields->title, fault) &&
        json_line_string(line, "summary", &ret_fields->summary, fault) &&
        json_line_string(line, "url", &ret_fields->url, fault) &&
        json_line_string(line, "source", &ret_fields->source, fault) &&
        json_line_string(line, "comment", &ret_fields->comment, fault) &&
        json_line_string(line, "journal_ref", &ret_fields->journal_ref, fault);
}

static bool answer(void *context, const json_t *line, struct buffer *out, struct fault *fault)
{
    const struct judge *judge = context;
    struct line_fields fields;
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
    return true;
}

bool classify_line(const struct judge *judge, const char *text, size_t length,
    struct buffer *out, struct fault *fault)
{
    return json_line_run(answer, (void *)judge, text, length, out, fault);
}

static int run_classify(const struct command_line *line)
{
    struct rules *rules = command_load_rules(line);
    if (rules == NULL) {
        return COMMAND_FAILED;
    }
    int code = json_lines_run(answer, rules->judge);
    rules_unref(rules);
    return code;
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
               "\"weight\", \"spans\": [[START, END]]}]}; spans count UTF-16 code units of the "
               "field. A line that cannot be read is named on standard error, the "
               "others are still\n"
               "answered, and the exit code is 1.\n",
    .run = run_classify,
};
