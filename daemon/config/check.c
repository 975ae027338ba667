/* Uniqueness is found by sorting, not by comparing all pairs: ten thousand feeds are within the
 * design, and `check` should answer at once. */
#include "config/check.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "config/suggest.h"

/* In a feed's `require`: every topic of weight 1 or more; lighter ones say too little to let an
 * item of a general feed in. */
#define ANY_TOPIC "*"

/* One name in a set whose names must differ. */
struct entry {
    const char *text;
    const char *owner; /* who has it, for the message; entries of one owner may be equal */
    int line;
};

struct check {
    struct config *config;
    struct problems *problems;
    struct arena arena; /* scratch */
};

#define complain(check, line, ...)                                                             \
    problems_add((check)->problems, (check)->config->path, (line), __VA_ARGS__)

/* ---- unique names ---- */

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = strcasecmp(a->text, b->text);
    return order != 0 ? order : a->line - b->line;
}

/* Report each entry that equals an earlier one of another owner. `what`: "feed". */
static void check_unique(
    struct check *check, const char *what, struct entry *entries, size_t count)
{
    qsort(entries, count, sizeof(*entries), compare_entries);
    for (size_t i = 1; i < count; i++) {
        const struct entry *first = &entries[i - 1], *second = &entries[i];
        if (strcasecmp(first->text, second->text) != 0) {
            continue;
        }
        if (first->owner == NULL || second->owner == NULL) {
            complain(check, second->line, "%s '%.80s' stands twice: line %d has it already",
                what, second->text, first->line);
        } else if (strcmp(first->owner, second->owner) != 0) {
            complain(check, second->line,
                "%s '%.80s' of '%.80s' belongs to '%.80s' already (line %d)", what,
                second->text, second->owner, first->owner, first->line);
        }
    }
}

/* The titles of `count` structs of `size` bytes, whose title and line stand at these offsets.
 */
static void check_titles(struct check *check, const char *what, const void *items, size_t count,
    size_t size, size_t title_offset, size_t line_offset)
{
    struct entry *entries = arena_new_array(&check->arena, struct entry, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *item = (const char *)items + i * size;
        entries[i] = (struct entry){
            .text = *(const char *const *)(const void *)(item + title_offset),
            .line = *(const int *)(const void *)(item + line_offset),
        };
    }
    check_unique(check, what, entries, count);
}

#define CHECK_TITLES(check, what, items, count, type, title, line)                             \
    check_titles((check), (what), (items), (count), sizeof(struct type),                       \
        offsetof(struct type, title), offsetof(struct type, line))

static void check_names(struct check *check)
{
    const struct config *config = check->config;
    CHECK_TITLES(
        check, "section", config->sections, config->section_count, config_section, id, line);
    CHECK_TITLES(check, "topic", config->topics, config->topic_count, config_topic, rule.name,
        rule.line);
    CHECK_TITLES(check, "feed", config->feeds, config->feed_count, config_feed, name, line);
    CHECK_TITLES(check, "host", config->polling.hosts, config->polling.host_count, config_host,
        name, line);
    for (size_t i = 0; i < config->section_count; i++) {
        CHECK_TITLES(check, "rule", config->sections[i].rules, config->sections[i].rule_count,
            config_rule, name, line);
    }
}

/* The name itself is an alias. Two vendors may share none: the first in the file would always
 * win. */
static void check_vendors(struct check *check)
{
    const struct config *config = check->config;
    size_t total = 0, used = 0;
    for (size_t i = 0; i < config->vendor_count; i++) {
        total += config->vendors[i].aliases.count;
    }
    CHECK_TITLES(
        check, "vendor", config->vendors, config->vendor_count, config_vendor, name, line);
    struct entry *entries = arena_new_array(&check->arena, struct entry, total + 1);
    for (size_t i = 0; i < config->vendor_count; i++) {
        const struct config_vendor *vendor = &config->vendors[i];
        for (size_t k = 0; k < vendor->aliases.count; k++) {
            const struct config_word *alias = &vendor->aliases.items[k];
            entries[used++] = (struct entry){alias->text, vendor->name, alias->line};
        }
    }
    check_unique(check, "alias", entries, used);
}

const char *check_fold_url(struct arena *arena, const char *url)
{
    char *folded = arena_strdup(arena, url);
    folded[strcspn(folded, "#")] = '\0';
    char *host = strstr(folded, "//");
    char *path = host == NULL ? folded : host + 2 + strcspn(host + 2, "/?");
    for (char *at = folded; at < path; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
    return folded;
}

static int compare_exactly(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    int order = strcmp(a->text, b->text);
    return order != 0 ? order : a->line - b->line;
}

static void check_addresses(struct check *check, const struct read_names *names)
{
    struct entry *entries = arena_new_array(&check->arena, struct entry, names->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < names->count; i++) {
        if (names->items[i].kind == READ_FEED_URL &&
            strncmp(names->items[i].owner, "feed", 4) == 0) {
            /* Two feeds at one address would be polled as one. */
            entries[count++] = (struct entry){
                check_fold_url(&check->arena, names->items[i].text), names->items[i].owner,
                names->items[i].line};
        }
    }
    qsort(entries, count, sizeof(*entries), compare_exactly);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(entries[i - 1].text, entries[i].text) == 0) {
            complain(check, entries[i].line,
                "%s has the address of %s (line %d): remove one of them", entries[i].owner,
                entries[i - 1].owner, entries[i - 1].line);
        }
    }
}

/* ---- names that must exist ---- */

static const char *get_known(
    const struct config *config, enum read_name_kind kind, size_t index)
{
    if (kind == READ_SECTION_NAME) {
        return index < config->section_count ? config->sections[index].id : NULL;
    }
    return index < config->topic_count ? config->topics[index].rule.name : NULL;
}

static void check_reference(struct check *check, const struct read_name *name)
{
    if (name->kind == READ_TOPIC_NAME && strcmp(name->text, ANY_TOPIC) == 0) {
        return;
    }
    const char *what = name->kind == READ_SECTION_NAME ? "section" : "topic";
    const char *nearest = NULL;
    int best = 0;
    for (size_t i = 0; get_known(check->config, name->kind, i) != NULL; i++) {
        const char *known = get_known(check->config, name->kind, i);
        int distance = suggest_distance(name->text, strlen(name->text), known);
        if (strcmp(known, name->text) == 0) {
            return;
        }
        if (distance >= 0 && (nearest == NULL || distance < best)) {
            nearest = known;
            best = distance;
        }
    }
    if (nearest != NULL) {
        complain(check, name->line, "%s names the %s '%.80s', which does not exist: write '%s'",
            name->owner, what, name->text, nearest);
    } else {
        complain(check, name->line,
            "%s names the %s '%.80s', which does not exist: add %s \"%.80s\" "
            "{ … } or take the name out",
            name->owner, what, name->text, what, name->text);
    }
}

/* ---- what there must be ---- */

static void check_fallback(struct check *check)
{
    const struct config_section *found = NULL;
    for (size_t i = 0; i < check->config->section_count; i++) {
        const struct config_section *section = &check->config->sections[i];
        if (!section->fallback) {
            continue;
        }
        if (found != NULL) {
            complain(check, section->line,
                "section '%s' is a fallback and so is '%s' (line %d): only "
                "one can be",
                section->id, found->id, found->line);
        } else {
            found = section;
        }
    }
    if (found == NULL && check->config->section_count > 0) {
        complain(check, check->config->sections[0].line,
            "no section is the fallback: write "
            "fallback = true in the one that takes what no rule claims");
    }
}

static void check_sections(struct check *check)
{
    for (size_t i = 0; i < check->config->section_count; i++) {
        struct config_section *section = &check->config->sections[i];
        if (section->short_title == NULL) {
            section->short_title = section->title;
        }
        if (section->overflow_of != NULL && strcmp(section->overflow_of, section->id) == 0) {
            complain(check, section->line, "section '%s' is its own overflow_of: name another",
                section->id);
        }
    }
    check_fallback(check);
}

static void check_rule(struct check *check, const char *what, const struct config_rule *rule)
{
    if (rule->final && rule->weight <= 0) {
        complain(check, rule->line,
            "%s '%.80s' is final and cannot vote against: remove the weight", what, rule->name);
    }
}

static void check_rules(struct check *check)
{
    for (size_t i = 0; i < check->config->section_count; i++) {
        const struct config_section *section = &check->config->sections[i];
        for (size_t k = 0; k < section->rule_count; k++) {
            check_rule(check, "rule", &section->rules[k]);
        }
    }
    for (size_t i = 0; i < check->config->topic_count; i++) {
        check_rule(check, "topic", &check->config->topics[i].rule);
    }
}

/* An archive page of a blog is a valid feed that never brings anything new. */
static void warn_of_pages(struct check *check, const struct config_feed *feed)
{
    const char *query = feed->url == NULL ? NULL : strchr(feed->url, '?');
    const char *paged = query == NULL ? NULL : strstr(query, "paged=");
    if (paged != NULL && (paged[-1] == '?' || paged[-1] == '&')) {
        problems_warn(check->problems, check->config->path, feed->line,
            "feed '%.80s' is a page of older posts (paged=…) and will bring nothing new: "
            "remove that from its address",
            feed->name);
    }
}

/* Hosts that say how often they may be asked: a pause that the file does not give. */
static void add_known_hosts(struct config *config)
{
    static const struct config_host known[] = {
        {"arxiv.org", 3000, 0}, /* info.arxiv.org/help/api/tou: one request in three seconds */
    };
    struct config_polling *polling = &config->polling;
    struct config_host *hosts = arena_new_array(
        &config->arena, struct config_host, polling->host_count + array_count(known));
    size_t count = polling->host_count;
    for (size_t i = 0; i < count; i++) {
        hosts[i] = polling->hosts[i];
    }
    for (size_t i = 0; i < array_count(known); i++) {
        bool given = false;
        for (size_t k = 0; k < polling->host_count; k++) {
            given |= strcasecmp(polling->hosts[k].name, known[i].name) == 0;
        }
        if (!given) {
            hosts[count++] = known[i];
        }
    }
    polling->hosts = hosts;
    polling->host_count = count;
}

static void check_feeds(struct check *check)
{
    const struct config *config = check->config;
    const struct config_polling *polling = &config->polling;
    size_t enabled = 0;
    for (size_t i = 0; i < config->feed_count; i++) {
        const struct config_feed *feed = &config->written_feeds[i];
        if (feed->min_interval_s > 0 && feed->max_interval_s > 0 &&
            feed->min_interval_s > feed->max_interval_s) {
            complain(check, feed->line,
                "feed '%.80s' has a min_interval above its max_interval: swap "
                "them",
                feed->name);
        }
        warn_of_pages(check, feed);
        enabled += feed->enabled;
    }
    if (polling->min_interval_s > polling->max_interval_s) {
        complain(check, polling->line,
            "polling has a min_interval above its max_interval: swap them");
    }
    if (config->feed_count > 0 && enabled == 0) {
        complain(check, config->feeds[0].line,
            "no feed is enabled: remove enabled = false from one");
    }
}

/* ---- what follows ---- */

/* An alias "=ARM" of ARM says that the name is only meant in its own case, a pattern
 * "/…vivo…/" of vivo says where it is meant. */
static bool is_name_qualified(const struct config_vendor *vendor)
{
    for (size_t i = 0; i < vendor->aliases.count; i++) {
        const char *alias = vendor->aliases.items[i].text;
        if ((alias[0] == '=' && strcmp(alias + 1, vendor->name) == 0) ||
            (alias[0] == '/' && strstr(alias, vendor->name) != NULL)) {
            return true;
        }
    }
    return false;
}

static void add_vendor_names(struct config *config)
{
    for (size_t i = 0; i < config->vendor_count; i++) {
        struct config_vendor *vendor = &config->vendors[i];
        if (is_name_qualified(vendor)) {
            continue;
        }
        struct config_word *items = arena_new_array(
            &config->arena, struct config_word, vendor->aliases.count + 1);
        items[0] = (struct config_word){vendor->name, vendor->line};
        if (vendor->aliases.count > 0) {
            memcpy(items + 1, vendor->aliases.items, vendor->aliases.count * sizeof(*items));
        }
        vendor->aliases.items = items;
        vendor->aliases.count++;
    }
}

/* The names of the topics that "*" stands for. */
static size_t list_heavy_topics(struct config *config, const char ***ret_names)
{
    size_t count = 0;
    const char **names = arena_new_array(&config->arena, const char *, config->topic_count + 1);
    for (size_t i = 0; i < config->topic_count; i++) {
        if (config->topics[i].rule.weight >= 1) {
            names[count++] = config->topics[i].rule.name;
        }
    }
    *ret_names = names;
    return count;
}

static bool requires_any_topic(const struct config_feed *feed)
{
    for (size_t i = 0; i < feed->require_count; i++) {
        if (strcmp(feed->require[i], ANY_TOPIC) == 0) {
            return true;
        }
    }
    return false;
}

static void check_any_topic(struct check *check)
{
    const char **names = NULL;
    if (list_heavy_topics(check->config, &names) > 0) {
        return;
    }
    for (size_t i = 0; i < check->config->feed_count; i++) {
        const struct config_feed *feed = &check->config->written_feeds[i];
        if (requires_any_topic(feed)) {
            complain(check, feed->line,
                "feed '%.80s' requires any topic of weight 1 or more, and there "
                "is none: add one or remove the \"*\"",
                feed->name);
        }
    }
}

/* One bound of its own may pass the other's default: then it is the bound for both. */
static void complete_interval(struct config_feed *feed, const struct config_polling *polling)
{
    int64_t low = feed->min_interval_s > 0 ? feed->min_interval_s : polling->min_interval_s;
    int64_t high = feed->max_interval_s > 0 ? feed->max_interval_s : polling->max_interval_s;
    if (low > high) {
        feed->min_interval_s = feed->max_interval_s = feed->min_interval_s > 0 ? low : high;
    }
}

void check_complete_feeds(struct config *config)
{
    const char **names = NULL;
    size_t count = list_heavy_topics(config, &names);
    config->feeds = arena_new_array(&config->arena, struct config_feed, config->feed_count + 1);
    for (size_t i = 0; i < config->feed_count; i++) {
        struct config_feed *feed = &config->feeds[i];
        *feed = config->written_feeds[i];
        if (feed->source == NULL) {
            feed->source = feed->name;
        }
        complete_interval(feed, &config->polling);
        /* "*" is spelled out, so that whoever reads `require` needs no rule of its own. With no
         * topic to stand for it lets nothing in, as a name no topic has. */
        if (requires_any_topic(feed) && count > 0) {
            feed->require = names;
            feed->require_count = count;
        }
    }
}

static uint64_t hash_words(uint64_t hash, const struct config_words *words)
{
    hash = hash_bytes(hash, &words->count, sizeof(words->count));
    for (size_t i = 0; i < words->count; i++) {
        hash = hash_string(hash, words->items[i].text);
    }
    return hash;
}

static uint64_t hash_rule(uint64_t hash, const struct config_rule *rule)
{
    hash = hash_string(hash, rule->name); /* stands in the reasons */
    hash = hash_bytes(hash, &rule->weight, sizeof(rule->weight));
    hash = hash_bytes(hash, &rule->final, sizeof(rule->final));
    return hash_words(hash, &rule->keywords);
}

static uint64_t hash_section(uint64_t hash, const struct config_section *section)
{
    hash = hash_string(hash, section->id);
    hash = hash_bytes(hash, &section->fallback, sizeof(section->fallback));
    hash = hash_bytes(hash, &section->form, sizeof(section->form));
    hash = hash_string(hash, section->overflow_of);
    hash = hash_bytes(hash, &section->rule_count, sizeof(section->rule_count));
    for (size_t i = 0; i < section->rule_count; i++) {
        hash = hash_rule(hash, &section->rules[i]);
    }
    return hash;
}

static uint64_t hash_feed(uint64_t hash, const struct config_feed *feed)
{
    hash = hash_string(hash, feed->name);
    hash = hash_string(hash, feed->source); /* source: keywords see it */
    hash = hash_string(hash, feed->section);
    hash = hash_bytes(hash, &feed->section_weight, sizeof(feed->section_weight));
    hash = hash_bytes(hash, &feed->weight, sizeof(feed->weight));
    hash = hash_bytes(hash, &feed->require_count, sizeof(feed->require_count));
    hash = hash_bytes(hash, &feed->kind, sizeof(feed->kind));
    hash = hash_bytes(hash, &feed->prereleases, sizeof(feed->prereleases));
    for (size_t i = 0; i < feed->require_count; i++) {
        hash = hash_string(hash, feed->require[i]);
    }
    return hash;
}

uint64_t check_hash_rules(const struct config *config)
{
    uint64_t hash = HASH_START;
    hash = hash_bytes(hash, &config->briefing.uncertain_margin, sizeof(double));
    hash = hash_bytes(hash, &config->briefing.learner, sizeof(config->briefing.learner));
    for (size_t i = 0; i < config->section_count; i++) {
        hash = hash_section(hash, &config->sections[i]);
    }
    hash = hash_bytes(hash, &config->topic_count, sizeof(config->topic_count));
    for (size_t i = 0; i < config->topic_count; i++) {
        hash = hash_rule(hash, &config->topics[i].rule);
    }
    hash = hash_bytes(hash, &config->vendor_count, sizeof(config->vendor_count));
    for (size_t i = 0; i < config->vendor_count; i++) {
        hash = hash_string(hash, config->vendors[i].name);
        hash = hash_words(hash, &config->vendors[i].aliases);
        hash = hash_bytes(hash, &config->vendors[i].weight, sizeof(double));
    }
    for (size_t i = 0; i < config->feed_count; i++) {
        hash = hash_feed(hash, &config->feeds[i]);
    }
    return hash_words(hash, &config->venues);
}

void check_config(
    struct config *config, const struct read_names *names, struct problems *problems)
{
    struct check check = {.config = config, .problems = problems};
    add_vendor_names(config);
    check_names(&check);
    check_vendors(&check);
    check_addresses(&check, names);
    for (size_t i = 0; i < names->count; i++) {
        if (names->items[i].kind != READ_FEED_URL) {
            check_reference(&check, &names->items[i]);
        }
    }
    check_sections(&check);
    check_rules(&check);
    config->written_feeds = config->feeds;
    check_feeds(&check);
    check_any_topic(&check);
    check_complete_feeds(config);
    add_known_hosts(config);
    config->rules_hash = check_hash_rules(config);
    arena_release(&check.arena);
}

void check_rules_alone(struct config *config, struct problems *problems)
{
    struct check check = {.config = config, .problems = problems};
    add_vendor_names(config);
    check_names(&check);
    check_vendors(&check);
    check_rules(&check);
    if (config->section_count + config->topic_count + config->vendor_count == 0) {
        complain(&check, 0,
            "there is no rule here: write section \"…\" { rule \"…\" { … } }, "
            "topic \"…\" { … } or vendor \"…\" { … }");
    }
    arena_release(&check.arena);
}
