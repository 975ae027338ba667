/* A configuration is immutable, so this makes a new one that borrows all of the old but the
 * lists that change. Rejected: joining the texts and reading them as one file, which would lose
 * where each rule comes from. */
#include "config/patch.h"

#include <string.h>
#include <strings.h>

#include "config/check.h"
#include "config/suggest.h"

struct patching {
    struct config *config;
    struct problems *problems;
    const struct config *rules; /* being laid over */
    int64_t changed_utc_s;
};

#define complain(patching, line, ...)                                                          \
    problems_add((patching)->problems, (patching)->rules->path, (line), __VA_ARGS__)

/* ---- copies ---- */

static struct config_words copy_words(struct arena *arena, const struct config_words *words)
{
    struct config_words copy = {
        arena_new_array(arena, struct config_word, words->count + 1), words->count};
    for (size_t i = 0; i < words->count; i++) {
        copy.items[i] = words->items[i];
        copy.items[i].text = arena_strdup(arena, words->items[i].text);
    }
    return copy;
}

static struct config_rule copy_rule(
    const struct patching *patching, const struct config_rule *rule)
{
    struct config_rule copy = *rule;
    copy.name = arena_strdup(&patching->config->arena, rule->name);
    copy.keywords = copy_words(&patching->config->arena, &rule->keywords);
    copy.changed_utc_s = patching->changed_utc_s;
    return copy;
}

/* A copy of `count` elements of `size` bytes with room for `more`. */
static void *copy_array(
    struct arena *arena, const void *items, size_t count, size_t more, size_t size)
{
    char *copy = arena_zalloc(arena, arena_array_bytes(size, count + more + 1));
    if (count > 0) {
        memcpy(copy, items, count * size);
    }
    return copy;
}

/* ---- sections ---- */

static void report_section(
    const struct patching *patching, const struct config_section *section)
{
    const struct config *config = patching->config;
    const char *nearest = NULL;
    int best = 0;
    for (size_t i = 0; i < config->section_count; i++) {
        const char *known = config->sections[i].id;
        int distance = suggest_distance(section->id, strlen(section->id), known);
        if (distance >= 0 && (nearest == NULL || distance < best)) {
            nearest = known;
            best = distance;
        }
    }
    complain(patching, section->line,
        "there is no section '%.80s' for these rules: write '%s'%s", section->id,
        nearest != NULL ? nearest : config->sections[0].id,
        nearest != NULL ? "" : " or another one of the configuration");
}

static void put_rule(const struct patching *patching, struct config_section *section,
    const struct config_rule *rule)
{
    size_t at = 0;
    while (at < section->rule_count && strcasecmp(section->rules[at].name, rule->name) != 0) {
        at++;
    }
    section->rule_count += at == section->rule_count;
    section->rules[at] = copy_rule(patching, rule);
}

static void put_sections(const struct patching *patching)
{
    struct config *config = patching->config;
    for (size_t i = 0; i < patching->rules->section_count; i++) {
        const struct config_section *from = &patching->rules->sections[i];
        int place = config_find_section(config, from->id);
        if (place < 0) {
            report_section(patching, from);
            continue;
        }
        struct config_section *section = &config->sections[place];
        section->rules = copy_array(&config->arena, section->rules, section->rule_count,
            from->rule_count, sizeof(*section->rules));
        for (size_t k = 0; k < from->rule_count; k++) {
            put_rule(patching, section, &from->rules[k]);
        }
    }
}

/* ---- topics and vendors ---- */

static void put_topics(const struct patching *patching)
{
    struct config *config = patching->config;
    config->topics = copy_array(&config->arena, config->topics, config->topic_count,
        patching->rules->topic_count, sizeof(*config->topics));
    for (size_t i = 0; i < patching->rules->topic_count; i++) {
        const struct config_rule *rule = &patching->rules->topics[i].rule;
        size_t at = 0;
        while (at < config->topic_count &&
            strcasecmp(config->topics[at].rule.name, rule->name) != 0) {
            at++;
        }
        config->topic_count += at == config->topic_count;
        config->topics[at].rule = copy_rule(patching, rule);
    }
}

/* The vendor other than `vendor` that has this alias, or NULL. */
static const struct config_vendor *find_owner(
    const struct config *config, const struct config_vendor *vendor, const char *alias)
{
    for (size_t i = 0; i < config->vendor_count; i++) {
        const struct config_vendor *other = &config->vendors[i];
        if (strcasecmp(other->name, vendor->name) == 0) {
            continue;
        }
        for (size_t k = 0; k < other->aliases.count; k++) {
            if (strcasecmp(other->aliases.items[k].text, alias) == 0) {
                return other;
            }
        }
    }
    return NULL;
}

static bool check_aliases(const struct patching *patching, const struct config_vendor *vendor)
{
    bool free_to_use = true;
    for (size_t i = 0; i < vendor->aliases.count; i++) {
        const struct config_word *alias = &vendor->aliases.items[i];
        const struct config_vendor *owner = find_owner(patching->config, vendor, alias->text);
        if (owner != NULL) {
            complain(patching, alias->line,
                "alias '%.80s' of '%.80s' belongs to '%.80s' already", alias->text,
                vendor->name, owner->name);
            free_to_use = false;
        }
    }
    return free_to_use;
}

static void put_vendors(const struct patching *patching)
{
    struct config *config = patching->config;
    config->vendors = copy_array(&config->arena, config->vendors, config->vendor_count,
        patching->rules->vendor_count, sizeof(*config->vendors));
    for (size_t i = 0; i < patching->rules->vendor_count; i++) {
        const struct config_vendor *vendor = &patching->rules->vendors[i];
        if (!check_aliases(patching, vendor)) {
            continue;
        }
        size_t at = 0;
        while (at < config->vendor_count &&
            strcasecmp(config->vendors[at].name, vendor->name) != 0) {
            at++;
        }
        config->vendor_count += at == config->vendor_count;
        config->vendors[at] = *vendor;
        config->vendors[at].name = arena_strdup(&config->arena, vendor->name);
        config->vendors[at].aliases = copy_words(&config->arena, &vendor->aliases);
        config->vendors[at].changed_utc_s = patching->changed_utc_s;
    }
}

struct config *patch_apply(
    struct config *base, const struct patch *patches, size_t count, struct problems *problems)
{
    struct config *config = config_derive(base);
    config->sections = copy_array(
        &config->arena, base->sections, base->section_count, 0, sizeof(*config->sections));
    for (size_t i = 0; i < count; i++) {
        struct patching patching = {
            config, problems, patches[i].rules, patches[i].changed_utc_s};
        put_sections(&patching);
        put_topics(&patching);
        put_vendors(&patching);
    }
    check_complete_feeds(config);
    config->rules_hash = check_hash_rules(config);
    return config;
}
