/* /api/v1/rules and /api/v1/vendors: the rules in force with their origin, trying and writing
 * them at the desk.
 *
 * What is written is a piece of feeds.conf: sections with rules, topics, vendors. Each takes
 * the place of the one of its name, or stands beside the others; taking back what the desk
 * wrote brings the file's own back. */
#include <string.h>

#include "base/clock.h"
#include "config/patch.h"
#include "pipeline/trial.h"
#include "web/server/endpoints.h"
#include "web/server/json.h"
#include "web/server/refusal.h"

enum {
    /* A trial that takes longer than a few seconds is no answer to a person: 150 us an item. */
    TRIAL_ITEMS_MAX = 20000,
    CHINESE_MAX_BYTES = 8192,
};

static const char name_of_body[] = "rules"; /* in places: rules:3:14 */

/* ---- the body ---- */

/* The text as the body itself, or as {"rules": "…"}. */
static bool read_text(
    struct call *call, const char **ret_text, size_t *ret_length, struct fault *fault)
{
    *ret_text = call->body;
    *ret_length = call->length;
    if (call->body[strspn(call->body, " \t\r\n")] != '{') {
        return true; /* no rule begins with a brace */
    }
    json_t *object;
    if (!call_read_object(call, &object, fault)) {
        return false;
    }
    const char *text = json_string_value(json_object_get(object, "rules"));
    bool ok = text != NULL && json_object_size(object) == 1;
    if (ok) {
        *ret_text = arena_strdup(&call->arena, text);
        *ret_length = strlen(text);
    } else {
        fault_set(fault, FAULT_CONFIG,
            "The body is a JSON object with the rules, written as in feeds.conf, as "
            "\"rules\".");
    }
    json_decref(object);
    return ok;
}

/* "problems":[{"line","column","message","message_zh"}], as members of the refusal. */
static void tell_problems(struct call *call, struct problems *problems)
{
    const struct problem **sorted = problems_sort(problems);
    json_t *list = json_array();
    for (size_t i = 0; i < problems->count; i++) {
        if (!sorted[i]->warning) {
            cleanup(buffer_release) struct buffer chinese;
            buffer_init(&chinese, CHINESE_MAX_BYTES);
            refusal_write(422, sorted[i]->message, &chinese);
            json_array_append_new(list,
                json_pack("{s:i, s:i, s:o, s:o}", "line", sorted[i]->line, "column",
                    sorted[i]->column, "message", json_text(sorted[i]->message), "message_zh",
                    json_text(chinese.data)));
        }
    }
    char *text = json_dumps(list, JSON_COMPACT);
    buffer_printf(&call->more, ",\"problems\":%s", text);
    free(text);
    json_decref(list);
}

/* ---- what is in force ---- */

/* "feeds.conf:123" or "desk 2026-11-22T20:00:00Z". */
static json_t *origin_of(const struct config *config, int line, int64_t changed_utc_s)
{
    char origin[512], time[CLOCK_ISO_BYTES];
    if (changed_utc_s != 0) {
        snprintf(origin, sizeof(origin), "desk %s", clock_format_iso(changed_utc_s, time));
    } else {
        snprintf(origin, sizeof(origin), "%.400s:%d", config->path, line);
    }
    return json_text(origin);
}

static json_t *list_words(const struct config_words *words)
{
    json_t *list = json_array();
    for (size_t i = 0; i < words->count; i++) {
        json_array_append_new(list, json_text(words->items[i].text));
    }
    return list;
}

static json_t *describe_rule(
    const struct config *config, const char *section, const struct config_rule *rule)
{
    return json_pack("{s:o, s:o, s:f, s:b, s:o, s:o}", "section", json_text(section), "name",
        json_text(rule->name), "weight", rule->weight, "final", rule->final, "keywords",
        list_words(&rule->keywords), "origin",
        origin_of(config, rule->line, rule->changed_utc_s));
}

static bool write_answer(json_t *answer, struct buffer *out)
{
    char *text = json_dumps(answer, JSON_COMPACT | JSON_REAL_PRECISION(12));
    json_decref(answer);
    buffer_puts(out, text);
    free(text);
    return true;
}

/* What is in force, as a version: any other rule, topic or vendor makes another number. */
static int64_t version_of(const struct config *config)
{
    return (int64_t)(config->rules_hash & INT64_MAX);
}

static json_t *describe_vendor(const struct config *config, const struct config_vendor *vendor)
{
    return json_pack("{s:o, s:o, s:f, s:o}", "name", json_text(vendor->name), "aliases",
        list_words(&vendor->aliases), "weight", vendor->weight, "origin",
        origin_of(config, vendor->line, vendor->changed_utc_s));
}

static bool get_rules(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    json_t *rules = json_array(), *topics = json_array();
    for (size_t i = 0; i < config->section_count; i++) {
        const struct config_section *section = &config->sections[i];
        for (size_t k = 0; k < section->rule_count; k++) {
            json_array_append_new(
                rules, describe_rule(config, section->id, &section->rules[k]));
        }
    }
    for (size_t i = 0; i < config->topic_count; i++) {
        json_array_append_new(topics, describe_rule(config, NULL, &config->topics[i].rule));
    }
    call->version = version_of(config);
    return write_answer(json_pack("{s:o, s:o}", "rules", rules, "topics", topics), &call->out);
}

static bool get_vendors(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    json_t *vendors = json_array();
    for (size_t i = 0; i < config->vendor_count; i++) {
        json_array_append_new(vendors, describe_vendor(config, &config->vendors[i]));
    }
    call->version = version_of(config);
    return write_answer(json_pack("{s:o}", "vendors", vendors), &call->out);
}

/* ---- trying ---- */

/* A configuration is counted, not const: whoever keeps it takes a reference. */
static struct config *counted(const struct config *config)
{
    return (struct config *)config;
}

static bool try_rules(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    const char *text;
    size_t length;
    if (!read_text(call, &text, &length, fault)) {
        return false;
    }
    struct trial trial;
    struct problems problems;
    problems_init(&problems);
    bool ok = trial_run(&trial, store, counted(config), text, length, name_of_body,
        TRIAL_ITEMS_MAX, &problems, fault);
    if (ok) {
        trial_write_json(&trial, &call->out);
    } else if (problems.error_count > 0) {
        tell_problems(call, &problems);
    }
    trial_release(&trial);
    problems_release(&problems);
    return ok;
}

/* ---- a lost race ---- */

/* What stood in the way: the newest that the desk wrote. */
static int64_t newest_change(const struct config *config)
{
    int64_t newest = 0;
    for (size_t i = 0; i < config->section_count; i++) {
        const struct config_section *section = &config->sections[i];
        for (size_t k = 0; k < section->rule_count; k++) {
            int64_t utc_s = section->rules[k].changed_utc_s;
            newest = utc_s > newest ? utc_s : newest;
        }
    }
    for (size_t i = 0; i < config->topic_count; i++) {
        int64_t utc_s = config->topics[i].rule.changed_utc_s;
        newest = utc_s > newest ? utc_s : newest;
    }
    for (size_t i = 0; i < config->vendor_count; i++) {
        int64_t utc_s = config->vendors[i].changed_utc_s;
        newest = utc_s > newest ? utc_s : newest;
    }
    return newest;
}

static bool has_rule(const struct config *named, const char *section, const char *name)
{
    int at = named == NULL ? -1 : config_find_section(named, section);
    for (size_t i = 0; at >= 0 && i < named->sections[at].rule_count; i++) {
        if (strcmp(named->sections[at].rules[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_topic(const struct config *named, const char *name)
{
    for (size_t i = 0; named != NULL && i < named->topic_count; i++) {
        if (strcmp(named->topics[i].rule.name, name) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_vendor(const struct config *named, const char *name)
{
    for (size_t i = 0; named != NULL && i < named->vendor_count; i++) {
        if (strcmp(named->vendors[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Of what is in force, what has the names that `named` has. */
static json_t *describe_named(const struct config *config, const struct config *named)
{
    json_t *rules = json_array(), *topics = json_array(), *vendors = json_array();
    for (size_t i = 0; i < config->section_count; i++) {
        const struct config_section *section = &config->sections[i];
        for (size_t k = 0; k < section->rule_count; k++) {
            if (has_rule(named, section->id, section->rules[k].name)) {
                json_array_append_new(
                    rules, describe_rule(config, section->id, &section->rules[k]));
            }
        }
    }
    for (size_t i = 0; i < config->topic_count; i++) {
        if (has_topic(named, config->topics[i].rule.name)) {
            json_array_append_new(topics, describe_rule(config, NULL, &config->topics[i].rule));
        }
    }
    for (size_t i = 0; i < config->vendor_count; i++) {
        if (has_vendor(named, config->vendors[i].name)) {
            json_array_append_new(vendors, describe_vendor(config, &config->vendors[i]));
        }
    }
    return json_pack("{s:o, s:o, s:o}", "rules", rules, "topics", topics, "vendors", vendors);
}

/* Others wrote rules since this editor read them. `hers` may be NULL. */
static bool check_version(struct call *call, const struct config *config,
    const struct config *hers, const char *text, struct fault *fault)
{
    int64_t version = version_of(config), changed_utc_s = newest_change(config);
    if (call->if_match == CALL_VERSION_NONE || call->if_match == version) {
        return true;
    }
    char time[CLOCK_ISO_BYTES];
    call_add_member(call, "conflict",
        json_pack("{s:s, s:s, s:o, s:o, s:n, s:o}", "kind", "rules", "id", "0", "expected",
            json_sprintf("%lld", (long long)call->if_match), "version",
            json_sprintf("%lld", (long long)version), "editor", "at",
            changed_utc_s == 0 ? json_null()
                               : json_string(clock_format_iso(changed_utc_s, time))));
    call_add_member(call, "current", describe_named(config, hers));
    call_add_member(call, "yours", json_text(text));
    return fault_set(
        fault, FAULT_CONFLICT, "The rules are others now than when you read them.");
}

/* ---- writing ---- */

static bool put_parsed(
    struct call *call, struct store *store, const struct config *rules, struct fault *fault)
{
    size_t count;
    struct desk_rule *list = desk_rules_build(&call->arena, rules, call->now_utc_s, &count);
    buffer_printf(&call->out, "{\"written\":%zu}", count);
    return store_put_rules(store, list, count, fault);
}

static bool put_rules(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    const char *text;
    size_t length;
    if (!read_text(call, &text, &length, fault)) {
        return false;
    }
    struct problems problems;
    problems_init(&problems);
    struct config *rules = trial_read_rules(
        text, length, name_of_body, counted(config), &problems, fault);
    bool ok = rules != NULL && check_version(call, config, rules, text, fault) &&
        put_parsed(call, store, rules, fault);
    if (problems.error_count > 0) {
        tell_problems(call, &problems);
    }
    config_unref(rules);
    problems_release(&problems);
    return ok;
}

static bool remove_written(struct call *call, struct store *store, const struct config *config,
    const char *kind, const char *section, const char *name, struct fault *fault)
{
    bool removed;
    if (!check_version(call, config, NULL, NULL, fault) ||
        !store_remove_rule(store, kind, section, name, &removed, fault)) {
        return false;
    }
    if (!removed) {
        return call_not_found(call, fault,
            "Nothing of this name was written at the desk; what feeds.conf says is changed "
            "there, or switched off with weight = 0 here.");
    }
    buffer_puts(&call->out, "{\"removed\":1}");
    return true;
}

static bool remove_rule(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    return remove_written(
        call, store, config, DESK_RULE, call->parameters[0], call->parameters[1], fault);
}

static bool remove_topic(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    return remove_written(call, store, config, DESK_TOPIC, "", call->parameters[0], fault);
}

static bool remove_vendor(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    return remove_written(call, store, config, DESK_VENDOR, "", call->parameters[0], fault);
}

static const char *const media_types[] = {"application/json", "text/x-feeds-conf", NULL};
static const char takes[] = "This address takes application/json or text/x-feeds-conf.";

const struct endpoint endpoint_rules = {.door = ENDPOINT_READS, .work = get_rules};
const struct endpoint endpoint_vendors = {.door = ENDPOINT_READS, .work = get_vendors};

const struct endpoint endpoint_rules_try = {
    .door = ENDPOINT_READS,
    .media_types = media_types,
    .takes = takes,
    .body_max = TRIAL_RULES_MAX_BYTES,
    .work = try_rules,
};

const struct endpoint endpoint_rules_put = {
    .door = ENDPOINT_FOLLOWS,
    .media_types = media_types,
    .takes = takes,
    .body_max = TRIAL_RULES_MAX_BYTES,
    .work = put_rules,
};

const struct endpoint endpoint_rule_delete = {.door = ENDPOINT_FOLLOWS, .work = remove_rule};
const struct endpoint endpoint_topic_delete = {.door = ENDPOINT_FOLLOWS, .work = remove_topic};
const struct endpoint endpoint_vendor_delete = {
    .door = ENDPOINT_FOLLOWS, .work = remove_vendor};
