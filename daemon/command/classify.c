/* Lines in, lines out: a verdict needs nothing but its item, so one line is read, judged and
 * answered before the next, and any number of them fit. A bad line costs only itself.
 *
 * With --prequential the lines are the past, issue by issue, and every issue is judged by what
 * the issues before it taught. A line is answered at once and waits, as the event it will be,
 * until a line of another issue begins; so only one issue is in memory, and no line is judged
 * by a learner that knows its neighbours. */
#include "command/classify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/command.h"
#include "command/json_lines.h"
#include "feed/tracking.h"
#include "feed/url.h"
#include "pipeline/learning.h"
#include "pipeline/trial.h"

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

/* What a labelled line says happened. NULL in *ret_kind's place is 0: nothing is said. */
static bool take_label(const json_t *line, struct learner_event *ret_event, struct fault *fault)
{
    const json_t *picked = json_object_get(line, "picked");
    bool given = picked != NULL && !json_is_null(picked);
    if (given && !json_is_boolean(picked) && !json_is_integer(picked)) {
        return fault_set(fault, FAULT_PARSE, "'picked' must be 0 or 1");
    }
    if (!json_line_string(line, "section", &ret_event->section, fault)) {
        return false;
    }
    bool taken = given ? json_is_true(picked) || json_integer_value(picked) != 0
                       : ret_event->section != NULL;
    ret_event->kind = taken ? LEARNER_PRINTED : given ? LEARNER_PASSED_OVER : LEARNER_NOTHING;
    return true;
}

static void learn_issue(struct classifier *classifier)
{
    for (size_t i = 0; i < classifier->event_count; i++) {
        learner_learn(classifier->learner, &classifier->events[i]);
    }
    arena_release(&classifier->arena);
    classifier->events = NULL;
    classifier->event_count = classifier->event_capacity = 0;
    classifier->issue = NULL;
}

static void remember_event(struct classifier *classifier, const struct item *item,
    const char *issue, struct learner_event event)
{
    struct arena *arena = &classifier->arena;
    if (classifier->issue == NULL) {
        classifier->issue = arena_strdup(arena, issue);
    }
    if (classifier->event_count == classifier->event_capacity) {
        classifier->events = arena_grow(arena, classifier->events, sizeof(*classifier->events),
            &classifier->event_capacity);
    }
    event.section = arena_strdup(arena, event.section);
    event.sight = judge_see(classifier->judge, arena, item);
    classifier->events[classifier->event_count++] = event;
}

static bool judge_line(struct classifier *classifier, const struct line_fields *fields,
    const char *issue, const struct learner_event *event, struct buffer *out)
{
    cleanup(arena_release) struct arena arena = {0};
    const struct config *config = judge_config(classifier->judge);
    const char *url = fields->url == NULL
        ? NULL
        : tracking_strip(&arena, &config->tracking_parameters, fields->url);
    const struct item item = {
        .key = url == NULL ? NULL : url_key(&arena, url),
        .title = fields->title,
        .summary = fields->summary,
        .url = url,
        .source = fields->source,
        .comment = fields->comment,
        .journal_ref = fields->journal_ref,
    };
    struct verdict verdict = judge_item(classifier->judge, classifier->learner, &arena, &item);
    verdict_write_json(&verdict, config, fields->id, out);
    if (classifier->learns && event->kind != LEARNER_NOTHING) {
        remember_event(classifier, &item, issue, *event);
    }
    return true;
}

static bool answer(void *context, const json_t *line, struct buffer *out, struct fault *fault)
{
    struct classifier *classifier = context;
    struct line_fields fields;
    struct learner_event event = {0};
    const char *issue = NULL;
    if (!take_fields(line, &fields, fault)) {
        return false;
    }
    if (classifier->learns) {
        if (!json_line_string(line, "issue", &issue, fault) ||
            !take_label(line, &event, fault)) {
            return false;
        }
        if (issue == NULL && event.kind != LEARNER_NOTHING) {
            return fault_set(
                fault, FAULT_PARSE, "a labelled line must name its 'issue' to be learned");
        }
        if (classifier->issue != NULL && issue != NULL &&
            strcmp(classifier->issue, issue) != 0) {
            learn_issue(classifier);
        }
    }
    return judge_line(classifier, &fields, issue, &event, out);
}

void classifier_init(struct classifier *classifier, const struct judge *judge, bool prequential)
{
    *classifier = (struct classifier){.judge = judge};
    if (prequential && judge_config(judge)->briefing.learner) {
        classifier->learner = learner_new(judge_config(judge));
        classifier->learns = true;
    }
}

void classifier_release(struct classifier *classifier)
{
    learner_free(classifier->learner);
    arena_release(&classifier->arena);
}

bool classify_line(struct classifier *classifier, const char *text, size_t length,
    struct buffer *out, struct fault *fault)
{
    return json_line_run(answer, classifier, text, length, out, fault);
}

enum { TRIAL_REPORT_MAX_BYTES = 4 << 20 };

static bool print_trial(const struct trial *trial, bool json, struct fault *fault)
{
    cleanup(buffer_release) struct buffer out;
    buffer_init(&out, TRIAL_REPORT_MAX_BYTES);
    if (json) {
        trial_write_json(trial, &out);
        buffer_putc(&out, '\n');
    } else {
        trial_write_text(trial, &out);
    }
    return command_print(&out, fault);
}

static void print_refusal(struct problems *problems, const struct fault *fault)
{
    cleanup(buffer_release) struct buffer text;
    buffer_init(&text, TRIAL_REPORT_MAX_BYTES);
    problems_write(problems, &text);
    if (problems->error_count > 0) {
        fputs(text.data, stderr);
    } else {
        fprintf(stderr, "briefd: %s\n", fault->message);
    }
}

static bool try_rules(const struct command_line *line, struct config *file, const char *path,
    struct problems *problems, struct fault *fault)
{
    cleanup(config_unrefp) struct config *config = NULL;
    char *text = NULL;
    size_t length = 0;
    struct store *reader = NULL;
    struct trial trial = {0};
    bool ok = command_read_effective(line, file, &config, fault) &&
        command_read_file(path, TRIAL_RULES_MAX_BYTES, &text, &length, fault) &&
        store_open_reader(command_database(line, file), &reader, fault) &&
        trial_run(&trial, reader, config, text, length, path, 0, problems, fault) &&
        print_trial(&trial, command_option_value(line, "json") != NULL, fault);
    trial_release(&trial);
    store_close(reader);
    free(text);
    return ok;
}

static int run_trial(const struct command_line *line, const char *path)
{
    cleanup(config_unrefp) struct config *file = command_load_config(line);
    struct fault fault;
    struct problems problems;
    problems_init(&problems);
    bool ok = file != NULL && try_rules(line, file, path, &problems, &fault);
    if (file != NULL && !ok) {
        print_refusal(&problems, &fault);
    }
    problems_release(&problems);
    return ok ? COMMAND_OK : COMMAND_FAILED;
}

/* What the daemon of that database has learned. */
static bool learn_database(
    struct classifier *classifier, const char *database, const struct rules *rules)
{
    struct store *reader = NULL;
    struct fault fault;
    int64_t event = 0;
    bool ok = store_open_reader(database, &reader, &fault) &&
        (!rules->config->briefing.learner ||
            learning_follow(reader, rules, &classifier->learner, &event, &fault));
    if (!ok) {
        fprintf(stderr, "briefd: %s\n", fault.message);
    }
    store_close(reader);
    return ok;
}

static int run_classify(const struct command_line *line)
{
    const char *tried = command_option_value(line, "try");
    if (tried != NULL) {
        return run_trial(line, tried);
    }
    struct rules *rules = command_load_rules(line);
    if (rules == NULL) {
        return COMMAND_FAILED;
    }
    bool prequential = command_option_value(line, "prequential") != NULL;
    struct classifier classifier;
    classifier_init(&classifier, rules->judge, prequential);
    bool ready = prequential || line->database == NULL ||
        learn_database(&classifier, line->database, rules);
    int code = ready ? json_lines_run(answer, &classifier) : COMMAND_FAILED;
    classifier_release(&classifier);
    rules_unref(rules);
    return code;
}

const struct command command_classify = {
    .name = "classify",
    .arguments = "",
    .summary = "Say for each item on standard input where it belongs, and why",
    .details =
        "Reads one JSON object a line: {\"id\", \"title\", \"summary\", \"url\", "
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
        "answered, and the exit code is 1.\n\n"
        "With --prequential the lines are past issues in order, each line with its "
        "\"issue\" and\n"
        "\"section\", or \"picked\": 0 for an item that was passed over. A whole issue "
        "is judged, then\n"
        "learned, then the next: what the program would have said at the time. Learning "
        "begins with\n"
        "nothing, whatever the database knows, and nothing of it is kept.\n\n"
        "With --try nothing is read from standard input: RULEFILE holds sections with "
        "rules, topics\n"
        "and vendors as in feeds.conf, each instead of the one of its name or beside the "
        "others, and\n"
        "what they would change among the stored items is printed, by rules alone: "
        "sections, margin,\n"
        "relevance before and after, id and title of what moves, then the totals. A bad "
        "rule is refused\n"
        "at FILE:LINE:COLUMN.\n",
    .options = {{"prequential", NULL, "judge an issue, then learn it, and so on"},
        {"try", "RULEFILE", "print what these rules would move among the stored items"},
        {"json", NULL, "with --try: print one JSON object"}},
    .run = run_classify,
};
