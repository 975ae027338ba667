/* Records find their feeds by sorting all addresses once, so ten thousand feeds with ten
 * thousand records cost no more than sorting them. A record works on the feed as it is written
 * (config.written_feeds); what follows from that is filled in afterwards, by the code that does
 * it for the file.
 *
 * Rejected: printing both as one text and reading that (lines, comments and libconfuse's single
 * thread would all be in the way of a change that is one click), and columns for each key of a
 * feed (every new key of feeds.conf would be a migration). */
#include "config/overlay.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "config/check.h"
#include "config/setting.h"
#include "config/value.h"

#define ANY_TOPIC "*"

/* An address and who has it: a feed of the file (order < base feeds) or a record. */
struct claim {
    const char *address;
    size_t order;
};

struct overlay {
    struct config *config;
    const struct config *base;
    const struct desk_feed *records;
    size_t record_count;
    struct config_feed *added; /* by record; url NULL: it made none */
    struct problems *notes;
    struct arena scratch;
};

#define note(overlay, line, ...)                                                               \
    problems_warn((overlay)->notes, (overlay)->base->path, (line), __VA_ARGS__)

/* ---- one record ---- */

static bool knows_topic(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->topic_count; i++) {
        if (strcmp(config->topics[i].rule.name, name) == 0) {
            return true;
        }
    }
    return strcmp(name, ANY_TOPIC) == 0;
}

static bool check_reference(const struct config *config, const struct schema_key *key,
    const char *value, struct fault *fault)
{
    if (value[0] == '\0') {
        return true;
    }
    if (key->kind == SCHEMA_SECTION_NAME && config_find_section(config, value) < 0) {
        return fault_set(fault, FAULT_CONFIG,
            "section: there is no section '%.80s' in feeds.conf: name one of its sections",
            value);
    }
    if (key->kind == SCHEMA_TOPIC_NAMES && !knows_topic(config, value)) {
        return fault_set(fault, FAULT_CONFIG,
            "require: there is no topic '%.80s' in feeds.conf: name one of its topics", value);
    }
    return true;
}

static const struct schema_key *find_key(const char *name, struct fault *fault)
{
    const struct schema_key *key = schema_find(&schema_feed, name, strlen(name));
    if (key == NULL || strcmp(name, "url") == 0) {
        fault_set(fault, FAULT_CONFIG, "'%.80s' is no setting of a feed", name);
        return NULL;
    }
    return key;
}

/* `index` of `record`: the first element of a list begins it anew. */
static bool apply_setting(const struct config *config, const struct desk_feed *record,
    size_t index, struct arena *arena, struct config_feed *feed, struct fault *fault)
{
    const struct desk_setting *setting = &record->settings[index];
    const struct schema_key *key = find_key(setting->key, fault);
    if (key == NULL || !check_reference(config, key, setting->value, fault)) {
        return false;
    }
    bool first = true;
    for (size_t i = 0; i < index; i++) {
        first &= strcmp(record->settings[i].key, setting->key) != 0;
    }
    if (first && schema_is_list(key->kind)) {
        setting_reset(key, arena, feed);
    }
    return setting_apply(key, setting->value, arena, feed, fault);
}

static void set_defaults(struct config_feed *feed, struct arena *arena)
{
    *feed = (struct config_feed){0};
    for (size_t i = 0; i < schema_feed.key_count; i++) {
        setting_reset(&schema_feed.keys[i], arena, feed);
    }
}

static bool check_interval(const struct config_feed *feed, struct fault *fault)
{
    return feed->min_interval_s == 0 || feed->max_interval_s == 0 ||
        feed->min_interval_s <= feed->max_interval_s ||
        fault_set(
            fault, FAULT_CONFIG, "min_interval is above max_interval: make it the smaller one");
}

static bool check_names(const struct desk_feed *record, struct fault *fault)
{
    if (!value_check(SCHEMA_URL, record->url, fault)) {
        return fault_prefix(fault, "url: ");
    }
    if (record->name != NULL && !value_check(SCHEMA_TEXT, record->name, fault)) {
        return fault_prefix(fault, "name: ");
    }
    return true;
}

int overlay_find_feed(const struct config *config, const char *url)
{
    struct arena arena = {0};
    int found = -1;
    const char *wanted = check_fold_url(&arena, url);
    for (size_t i = 0; found < 0 && i < config->feed_count; i++) {
        /* Equal addresses end equally but for a fragment: most need no folding. */
        if (strcmp(config->feeds[i].url, url) == 0 ||
            strcmp(check_fold_url(&arena, config->feeds[i].url), wanted) == 0) {
            found = (int)i;
        }
    }
    arena_release(&arena);
    return found;
}

static bool check_record(const struct config *base, int place, const struct desk_feed *record,
    struct arena *arena, struct fault *fault)
{
    if (!check_names(record, fault)) {
        return false;
    }
    if (place < 0 && !record->added) {
        return fault_set(fault, FAULT_CONFIG,
            "feeds.conf names no feed with this address: add it instead of changing it");
    }
    struct config_feed feed;
    set_defaults(&feed, arena);
    if (place >= 0) {
        feed = base->written_feeds[place];
    }
    for (size_t i = 0; i < record->setting_count; i++) {
        if (!apply_setting(base, record, i, arena, &feed, fault)) {
            return false;
        }
    }
    return check_interval(&feed, fault);
}

bool overlay_check_at(
    const struct config *base, int place, const struct desk_feed *record, struct fault *fault)
{
    cleanup(arena_release) struct arena arena;
    arena_init(&arena);
    return check_record(base, place, record, &arena, fault);
}

bool overlay_check(
    const struct config *base, const struct desk_feed *record, struct fault *fault)
{
    return overlay_check_at(base, overlay_find_feed(base, record->url), record, fault);
}

/* Lay `record` over `feed`, leaving out with a note what does not fit any more. */
static void apply_record(
    struct overlay *overlay, const struct desk_feed *record, struct config_feed *feed)
{
    struct arena *arena = &overlay->config->arena;
    struct fault fault;
    feed->url = arena_strdup(arena, record->url); /* the spelling its state is stored under */
    if (record->name != NULL) {
        feed->name = arena_strdup(arena, record->name);
    }
    for (size_t i = 0; i < record->setting_count; i++) {
        if (!apply_setting(overlay->base, record, i, arena, feed, &fault)) {
            note(overlay, feed->line, "feed '%.80s', changed by the editor: %s; left out",
                feed->name, fault.message);
        }
    }
    if (!check_interval(feed, NULL)) {
        feed->max_interval_s = feed->min_interval_s;
        note(overlay, feed->line,
            "feed '%.80s', changed by the editor: min_interval is above max_interval; "
            "min_interval counts for both",
            feed->name);
    }
    if (feed->line > 0) {
        feed->changed_utc_s = record->changed_utc_s;
    }
    if (record->added) {
        feed->added_utc_s = record->changed_utc_s;
    }
}

/* ---- who is whose ---- */

static int compare_claims(const void *left, const void *right)
{
    const struct claim *a = left, *b = right;
    int order = strcmp(a->address, b->address);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static struct claim *sort_claims(struct overlay *overlay, size_t *ret_count)
{
    const struct config *base = overlay->base;
    size_t count = base->feed_count + overlay->record_count;
    struct claim *claims = arena_new_array(&overlay->scratch, struct claim, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *url = i < base->feed_count ? base->feeds[i].url
                                               : overlay->records[i - base->feed_count].url;
        claims[i] = (struct claim){check_fold_url(&overlay->scratch, url), i};
    }
    qsort(claims, count, sizeof(*claims), compare_claims);
    *ret_count = count;
    return claims;
}

/* The feed that a record makes when nobody has its address yet; NULL when it only changes one
 * that is gone. */
static struct config_feed *add_feed(struct overlay *overlay, size_t index)
{
    const struct desk_feed *record = &overlay->records[index];
    if (!record->added) {
        note(overlay, 0,
            "the file names '%.200s' no more; the editor's changes to that feed rest",
            record->url);
        return NULL;
    }
    struct config_feed *feed = &overlay->added[index];
    set_defaults(feed, &overlay->config->arena);
    feed->name = arena_strdup(&overlay->config->arena, record->url);
    return feed;
}

static void match_records(struct overlay *overlay)
{
    size_t count;
    const struct claim *claims = sort_claims(overlay, &count);
    size_t feeds = overlay->base->feed_count;
    struct config_feed *owner = NULL;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(claims[i - 1].address, claims[i].address) != 0) {
            owner = NULL;
        }
        if (claims[i].order < feeds) {
            owner = &overlay->config->written_feeds[claims[i].order];
            continue;
        }
        const struct desk_feed *record = &overlay->records[claims[i].order - feeds];
        if (owner == NULL) {
            owner = add_feed(overlay, claims[i].order - feeds);
        } else if (record->added && owner->line > 0) {
            note(overlay, owner->line,
                "feed '%.80s' was added by the editor before it stood here; the editor's name "
                "and settings win",
                owner->name);
        }
        if (owner != NULL) {
            apply_record(overlay, record, owner);
        }
    }
}

static void append_added(struct overlay *overlay)
{
    struct config *config = overlay->config;
    for (size_t i = 0; i < overlay->record_count; i++) {
        if (overlay->added[i].url != NULL) {
            config->written_feeds[config->feed_count++] = overlay->added[i];
        }
    }
}

/* ---- names ---- */

struct named {
    struct config_feed *feed;
    size_t order;
};

static int compare_named(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    int order = strcasecmp(a->feed->name, b->feed->name);
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static bool is_taken(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->feed_count; i++) {
        if (strcasecmp(config->written_feeds[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static void rename_feed(struct overlay *overlay, struct config_feed *feed)
{
    const char *name = feed->name;
    for (int number = 2; is_taken(overlay->config, name); number++) {
        name = arena_printf(&overlay->config->arena, "%s (%d)", feed->name, number);
    }
    note(overlay, feed->line,
        "two feeds are called '%.80s'; the one at '%.200s' is shown as "
        "'%.80s'",
        feed->name, feed->url, name);
    feed->name = name;
}

/* Of equal names the first in the file keeps its own: it is the one that cannot be renamed at
 * the desk without being changed. */
static void part_names(struct overlay *overlay)
{
    struct config *config = overlay->config;
    struct named *named = arena_new_array(
        &overlay->scratch, struct named, config->feed_count + 1);
    for (size_t i = 0; i < config->feed_count; i++) {
        named[i] = (struct named){&config->written_feeds[i], i};
    }
    qsort(named, config->feed_count, sizeof(*named), compare_named);
    const char *previous = "";
    for (size_t i = 0; i < config->feed_count; i++) {
        const char *name = named[i].feed->name;
        if (i > 0 && strcasecmp(previous, name) == 0) {
            rename_feed(overlay, named[i].feed);
        }
        previous = name;
    }
}

struct config *config_overlay(
    struct config *base, const struct desk_feed *records, size_t count, struct problems *notes)
{
    struct config *config = config_derive(base);
    struct overlay overlay = {
        .config = config,
        .base = base,
        .records = records,
        .record_count = count,
        .notes = notes,
    };
    overlay.added = arena_new_array(&overlay.scratch, struct config_feed, count + 1);
    config->written_feeds = arena_new_array(
        &config->arena, struct config_feed, base->feed_count + count + 1);
    if (base->feed_count > 0) {
        memcpy(config->written_feeds, base->written_feeds,
            base->feed_count * sizeof(*config->written_feeds));
    }
    match_records(&overlay);
    append_added(&overlay);
    part_names(&overlay);
    check_complete_feeds(config);
    config->rules_hash = check_hash_rules(config);
    arena_release(&overlay.scratch);
    return config;
}
