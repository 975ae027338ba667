/* `briefd check`: everything that is wrong with feeds.conf, in one run.
 *
 * The judge compiles the keywords too, so a bad pattern is found here and not at the next
 * start. */
#include "command/command.h"
#include "config/schema.h"

#include <jansson.h>
#include <stdio.h>

#include "briefing/judge.h"

enum { REPORT_BYTES_MAX = 1 << 20 };

struct tally {
    size_t feeds_enabled;
    size_t rules;
    size_t aliases;
    size_t keywords;
};

static struct tally count_parts(const struct config *config)
{
    struct tally tally = {0};
    for (size_t i = 0; i < config->feed_count; i++) {
        tally.feeds_enabled += config->feeds[i].enabled;
    }
    for (size_t i = 0; i < config->section_count; i++) {
        tally.rules += config->sections[i].rule_count;
        for (size_t k = 0; k < config->sections[i].rule_count; k++) {
            tally.keywords += config->sections[i].rules[k].keywords.count;
        }
    }
    for (size_t i = 0; i < config->topic_count; i++) {
        tally.keywords += config->topics[i].rule.keywords.count;
    }
    for (size_t i = 0; i < config->vendor_count; i++) {
        tally.aliases += config->vendors[i].aliases.count;
    }
    return tally;
}

static void print_text(const char *path, const struct config *config, struct problems *problems)
{
    struct buffer text;
    buffer_init(&text, REPORT_BYTES_MAX);
    problems_write(problems, &text);
    fputs(text.data, stdout);
    buffer_release(&text);
    if (config == NULL) {
        printf("%s: refused: %zu error%s\n", path, problems->error_count,
            problems->error_count == 1 ? "" : "s");
        return;
    }
    struct tally tally = count_parts(config);
    printf(
        "%s: ok: sections %zu, rules %zu, topics %zu, keywords %zu, vendors %zu, aliases %zu, "
        "feeds %zu, enabled %zu\n",
        path, config->section_count, tally.rules, config->topic_count, tally.keywords,
        config->vendor_count, tally.aliases, config->feed_count, tally.feeds_enabled);
}

static json_t *list_problems(struct problems *problems)
{
    json_t *list = json_array();
    const struct problem **sorted = problems_sort(problems);
    for (size_t i = 0; i < problems->count; i++) {
        json_array_append_new(list,
            json_pack("{s:s, s:i, s:s, s:s}", "file", sorted[i]->file, "line", sorted[i]->line,
                "severity", sorted[i]->warning ? "warning" : "error", "message",
                sorted[i]->message));
    }
    return list;
}

static void print_json(const char *path, const struct config *config, struct problems *problems)
{
    json_t *report = json_pack("{s:s, s:b, s:I, s:o}", "file", path, "ok", config != NULL,
        "errors", (json_int_t)problems->error_count, "problems", list_problems(problems));
    if (config != NULL) {
        struct tally tally = count_parts(config);
        json_t *parts = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "sections",
            (json_int_t)config->section_count, "rules", (json_int_t)tally.rules, "topics",
            (json_int_t)config->topic_count, "keywords", (json_int_t)tally.keywords, "vendors",
            (json_int_t)config->vendor_count, "aliases", (json_int_t)tally.aliases, "feeds",
            (json_int_t)config->feed_count, "feeds_enabled", (json_int_t)tally.feeds_enabled);
        json_object_update_new(report, parts);
    }
    json_dumpf(report, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(report);
}

/* In a person's words, for the manual. */
static const char *const kind_words[] = {
    [SCHEMA_TEXT] = "text",
    [SCHEMA_SEPARATOR] = "text",
    [SCHEMA_PARAGRAPH] = "text of several lines",
    [SCHEMA_FILE_NAME] = "file name",
    [SCHEMA_ID] = "id",
    [SCHEMA_HOST] = "host",
    [SCHEMA_URL] = "address",
    [SCHEMA_ADDRESS] = "address:port",
    [SCHEMA_PATH] = "path",
    [SCHEMA_NETWORKS] = "list of addresses and networks",
    [SCHEMA_LANGUAGE] = "language tag",
    [SCHEMA_SECTION_NAME] = "id of a section",
    [SCHEMA_FORM] = "article, oneline, paper or project",
    [SCHEMA_CHOICE] = "word",
    [SCHEMA_BOOLEAN] = "true or false",
    [SCHEMA_COUNT] = "whole number",
    [SCHEMA_SIZE] = "size",
    [SCHEMA_NUMBER] = "number",
    [SCHEMA_SECONDS] = "duration",
    [SCHEMA_MILLISECONDS] = "duration",
    [SCHEMA_UTC_OFFSET] = "offset from UTC",
    [SCHEMA_WORDS] = "list",
    [SCHEMA_PARAMETERS] = "list of parameters",
    [SCHEMA_TOPIC_NAMES] = "list of topics",
    [SCHEMA_DESTINATIONS] = "list of host:port",
    [SCHEMA_FLAGS] = "list of words",
    [SCHEMA_SECTION] = "section",
    [SCHEMA_SECTIONS] = "sections, each with a name",
};

static void add_keys(const struct schema_section *section, const char *prefix, json_t *keys)
{
    for (size_t i = 0; i < section->key_count; i++) {
        const struct schema_key *key = &section->keys[i];
        const char *kind = (size_t)key->kind < array_count(kind_words) ? kind_words[key->kind]
                                                                       : NULL;
        char name[256];
        snprintf(name, sizeof(name), "%s%s%s", prefix, *prefix == '\0' ? "" : ".", key->name);
        json_array_append_new(keys,
            json_pack("{s:s, s:s, s:b, s:s?}", "key", name, "kind",
                kind == NULL ? "value" : kind, "required", key->required, "default",
                key->fallback));
        if (key->section != NULL) {
            add_keys(key->section, name, keys);
        }
    }
}

static int print_keys(void)
{
    json_t *keys = json_array();
    add_keys(&schema_root, "", keys);
    json_dumpf(keys, stdout, JSON_INDENT(1));
    putchar('\n');
    json_decref(keys);
    return COMMAND_OK;
}

static int run_check(const struct command_line *line)
{
    if (command_option_value(line, "keys") != NULL) {
        return print_keys();
    }
    struct problems problems;
    problems_init(&problems);
    struct rules *rules = rules_load(line->config_path, &problems);
    const struct config *config = rules == NULL ? NULL : rules->config;
    if (command_option_value(line, "json") != NULL) {
        print_json(line->config_path, config, &problems);
    } else {
        print_text(line->config_path, config, &problems);
    }
    int code = config == NULL ? COMMAND_FAILED : COMMAND_OK;
    rules_unref(rules);
    problems_release(&problems);
    return code;
}

const struct command command_check = {
    .name = "check",
    .arguments = "",
    .summary = "Report every problem of the configuration with its line",
    .details =
        "Each problem is printed as FILE:LINE: error: what is wrong and what to write\n"
        "instead; the last line says what the file holds. Exits 1 when there is an error.\n",
    .run = run_check,
    .options = {{"json", NULL, "print one JSON object"},
        {"keys", NULL, "print every key there is, as JSON, and check nothing"}},
};
