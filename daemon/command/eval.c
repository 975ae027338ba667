/* A measuring tool: it fails on nothing but a folder it cannot read. Which figure a file feeds
 * is told by its name, because labelled data comes in folders of its own shape and the program
 * knows none of them; a file of another name is passed over. */
#include "command/eval.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"
#include "command/command.h"

enum { FILE_MAX_BYTES = 1 << 30, DEPTH_MAX = 4 };

static const struct {
    const char *pattern; /* of the file's name */
    eval_score *score;
} kinds[] = {
    {"urls*.jsonl", eval_urls},
    {"pairs*.jsonl", eval_pairs},
    {"stream*.jsonl", eval_streams},
    {"items*.jsonl", eval_items},
    {"ranking*.jsonl", eval_ranking},
    {"replay*.jsonl", eval_replay},
};

void eval_add(
    struct eval *eval, const char *file, double value, size_t count, const char *format, ...)
{
    char measure[128];
    va_list values;
    va_start(values, format);
    vsnprintf(measure, sizeof(measure), format, values);
    va_end(values);
    if (eval->row_count == eval->row_capacity) {
        eval->rows = arena_grow(
            &eval->arena, eval->rows, sizeof(*eval->rows), &eval->row_capacity);
    }
    eval->rows[eval->row_count++] = (struct eval_row){
        arena_strdup(&eval->arena, file), arena_strdup(&eval->arena, measure), value, count};
}

bool eval_read_lines(const char *path, json_t **ret_lines, struct fault *fault)
{
    char *text;
    size_t length;
    if (!command_read_file(path, FILE_MAX_BYTES, &text, &length, fault)) {
        return false;
    }
    json_t *lines = json_array();
    size_t number = 0;
    bool ok = true;
    for (char *at = text; ok && *at != '\0';) {
        size_t size = strcspn(at, "\n");
        json_error_t error;
        number++;
        if (strspn(at, " \t\r") < size) {
            json_t *line = json_loadb(at, size, 0, &error);
            ok = json_is_object(line) ||
                fault_set(fault, FAULT_PARSE, "%s:%zu: not a JSON object", path, number);
            json_array_append_new(lines, line);
        }
        at += size + (at[size] == '\n');
    }
    free(text);
    if (!ok) {
        json_decref(lines);
        return false;
    }
    *ret_lines = lines;
    return true;
}

static bool score_file(
    struct eval *eval, const char *path, const char *shown, struct fault *fault)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    for (size_t i = 0; i < array_count(kinds); i++) {
        if (fnmatch(kinds[i].pattern, name, 0) != 0) {
            continue;
        }
        json_t *lines;
        if (!eval_read_lines(path, &lines, fault)) {
            return false;
        }
        eval->path = path;
        bool ok = kinds[i].score(eval, shown, lines, fault);
        json_decref(lines);
        return ok;
    }
    return true;
}

static int skip_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* A file that cannot be scored is named, and the others are still measured. */
static bool walk(struct eval *eval, const char *path, size_t shown_from, int depth)
{
    struct dirent **entries;
    int count = scandir(path, &entries, skip_hidden, alphasort);
    if (count < 0) {
        fprintf(stderr, "briefd: cannot read the folder '%s': %s\n", path, strerror(errno));
        return false;
    }
    bool all = true;
    for (int i = 0; i < count; i++) {
        char *inner = arena_printf(&eval->arena, "%s/%s", path, entries[i]->d_name);
        struct stat status;
        struct fault fault;
        free(entries[i]);
        if (stat(inner, &status) != 0) {
            continue;
        }
        if (S_ISDIR(status.st_mode)) {
            all &= depth == DEPTH_MAX || walk(eval, inner, shown_from, depth + 1);
        } else if (!score_file(eval, inner, inner + shown_from, &fault)) {
            fprintf(stderr, "briefd: %s\n", fault.message);
            all = false;
        }
    }
    free(entries);
    return all;
}

static void write_json(const struct eval *eval, struct buffer *out)
{
    buffer_puts(out, "{\"figures\": [");
    for (size_t i = 0; i < eval->row_count; i++) {
        const struct eval_row *row = &eval->rows[i];
        buffer_puts(out, i == 0 ? "\n{\"file\": " : ",\n{\"file\": ");
        json_write_string(row->file, out);
        buffer_puts(out, ", \"measure\": ");
        json_write_string(row->measure, out);
        buffer_printf(out, ", \"value\": %.4f, \"count\": %zu}", row->value, row->count);
    }
    buffer_puts(out, "]}\n");
}

static void write_table(const struct eval *eval, struct buffer *out)
{
    const char *file = "";
    for (size_t i = 0; i < eval->row_count; i++) {
        const struct eval_row *row = &eval->rows[i];
        if (strcmp(file, row->file) != 0) {
            file = row->file;
            buffer_printf(out, "%s%s\n", i == 0 ? "" : "\n", file);
        }
        buffer_printf(out, "    %-52s %10.4f   of %zu\n", row->measure, row->value, row->count);
    }
    if (eval->row_count == 0) {
        buffer_puts(out, "No file here has a name that is measured; see briefd eval --help.\n");
    }
}

static int measure(const struct command_line *line, struct eval *eval)
{
    struct fault fault;
    eval->rules = command_load_rules(line);
    if (eval->rules == NULL) {
        return COMMAND_FAILED;
    }
    eval->fold = fold_table_get();
    eval->stories = story_settings_build(&eval->rules->config->stories);
    const char *folder = line->arguments[0];
    bool all = walk(eval, folder, strlen(folder) + 1, 1);
    struct buffer out;
    buffer_init(&out, BUFSIZ * 1024);
    (command_option_value(line, "json") != NULL ? write_json : write_table)(eval, &out);
    bool printed = command_print(&out, &fault);
    buffer_release(&out);
    if (!printed) {
        fprintf(stderr, "briefd: %s\n", fault.message);
    }
    return all && printed ? COMMAND_OK : COMMAND_FAILED;
}

static int run_eval(const struct command_line *line)
{
    struct eval eval = {0};
    int code = measure(line, &eval);
    rules_unref(eval.rules);
    arena_release(&eval.arena);
    return code;
}

const struct command command_eval = {
    .name = "eval",
    .arguments = "DIR",
    .summary = "Measure how well items are recognised, grouped, placed and ranked",
    .details =
        "Looks for files of labelled lines in DIR and its folders, by their names:\n"
        "  urls*.jsonl     {\"a\", \"b\", \"same\"}: keys\n"
        "  pairs*.jsonl    {\"a\": ITEM, \"b\": ITEM, \"near_dup\", \"same_story\"}: "
        "near-duplicates\n"
        "  stream*.jsonl   {ITEM, \"id\", \"story\"} in order of time: stories\n"
        "  items*.jsonl    {ITEM, \"id\", \"issue\", \"section\"}: sections, by the rules and "
        "with\n"
        "                  the learner issue by issue\n"
        "  ranking*.jsonl  {\"id\", \"title\", \"picked\", \"issue\"}: relevance, cold and, "
        "where an\n"
        "                  items*.jsonl stands beside it, taught by its first issues\n"
        "  replay*.jsonl   {\"id\", \"issue\", \"title\", \"picked\"}: an evening, replayed\n"
        "and prints a table. It judges nothing: the exit code is 1 only when something could\n"
        "not be read. Begins with an empty learner and writes nothing.\n",
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run_eval,
    .options = {{"json", NULL, "print JSON"}},
};
