/* A record over a feed of feeds.conf holds only what differs from the file, so that a later
 * change of the file shows through; so what is wanted is compared with the feed as the file
 * writes it (config.base), not as it is in effect. Settings are compared as text as block.h
 * prints them.
 *
 * The file may be hostile: each setting is checked once alone and once with the others, and
 * feeds are found by sorted addresses, so the work stays linear but for the sorting. */
#include "feed/opml_import.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "config/check.h"
#include "config/overlay.h"
#include "config/schema.h"
#include "feed/text.h"

enum { NAME_BYTES_MAX = 200 };

struct settings {
    struct desk_setting *items;
    size_t count, capacity;
};

struct planning {
    struct arena *arena;
    const struct opml *opml;
    const struct config *config, *base;
    int64_t now_utc_s;
    struct opml_plan *plan;
    size_t record_capacity, line_capacity;
    struct address *known; /* of config, by address */
};

struct address {
    const char *folded;
    size_t index;
};

/* ---- the report ---- */

static void add_line(struct planning *planning, enum opml_verdict verdict, const char *name,
    const char *url, const char *detail)
{
    struct opml_plan *plan = planning->plan;
    if (plan->line_count == planning->line_capacity) {
        plan->lines = arena_grow(
            planning->arena, plan->lines, sizeof(*plan->lines), &planning->line_capacity);
    }
    bool hidden;
    plan->lines[plan->line_count++] = (struct opml_line){verdict, name,
        url == NULL ? NULL : block_hide_password(planning->arena, url, &hidden), detail};
    plan->counts[verdict] += url != NULL;
}

static const char *const verdict_words[] = {
    [OPML_ADDED] = "added",
    [OPML_UPDATED] = "updated",
    [OPML_UNCHANGED] = "unchanged",
    [OPML_LEFT_OUT] = "left_out",
};

void opml_plan_write_text(const struct opml_plan *plan, struct buffer *out)
{
    static const char *const words[] = {
        [OPML_ADDED] = "added",
        [OPML_UPDATED] = "updated",
        [OPML_UNCHANGED] = "unchanged",
        [OPML_LEFT_OUT] = "left out",
    };
    for (size_t i = 0; i < plan->line_count; i++) {
        const struct opml_line *line = &plan->lines[i];
        if (line->url == NULL) {
            buffer_printf(out, "note: %s\n", line->detail);
            continue;
        }
        buffer_printf(out, "%s: %s <%s>%s%s\n", words[line->verdict],
            line->name == NULL ? "" : line->name, line->url, line->detail == NULL ? "" : ": ",
            line->detail == NULL ? "" : line->detail);
    }
    buffer_printf(out, "%zu added, %zu updated, %zu unchanged, %zu left out\n",
        plan->counts[OPML_ADDED], plan->counts[OPML_UPDATED], plan->counts[OPML_UNCHANGED],
        plan->counts[OPML_LEFT_OUT]);
}

void opml_plan_write_json(const struct opml_plan *plan, struct buffer *out)
{
    buffer_putc(out, '{');
    for (int i = 0; i < OPML_VERDICT_COUNT; i++) {
        buffer_printf(out, "\"%s\":%zu,", verdict_words[i], plan->counts[i]);
    }
    buffer_puts(out, "\"lines\":[");
    for (size_t i = 0; i < plan->line_count; i++) {
        const struct opml_line *line = &plan->lines[i];
        buffer_printf(out, "%s{\"verdict\":\"%s\",\"name\":", i == 0 ? "" : ",",
            line->url == NULL ? "note" : verdict_words[line->verdict]);
        json_write_string(line->name, out);
        buffer_puts(out, ",\"url\":");
        json_write_string(line->url, out);
        buffer_puts(out, ",\"detail\":");
        json_write_string(line->detail, out);
        buffer_putc(out, '}');
    }
    buffer_puts(out, "]}\n");
}

/* ---- settings ---- */

static void add_setting(
    struct arena *arena, struct settings *settings, const char *key, const char *value)
{
    if (settings->count == settings->capacity) {
        settings->items = arena_grow(
            arena, settings->items, sizeof(*settings->items), &settings->capacity);
    }
    settings->items[settings->count++] = (struct desk_setting){key, value};
}

static size_t count_key(const struct desk_setting *items, size_t count, const char *key)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += strcmp(items[i].key, key) == 0;
    }
    return found;
}

/* The `index`th value of `key`, or NULL. */
static const char *value_of(
    const struct desk_setting *items, size_t count, const char *key, size_t index)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(items[i].key, key) == 0 && index-- == 0) {
            return items[i].value;
        }
    }
    return NULL;
}

static bool equal_values(
    const struct settings *wanted, const struct config_block *has, const char *key)
{
    size_t count = count_key(wanted->items, wanted->count, key);
    if (count != count_key(has->settings, has->setting_count, key)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(value_of(wanted->items, wanted->count, key, i),
                value_of(has->settings, has->setting_count, key, i)) != 0) {
            return false;
        }
    }
    return true;
}

/* What makes `has` into `wanted`; a key that is only in `has` is emptied. */
static struct settings subtract(struct planning *planning, const struct settings *wanted,
    const struct config_block *has, struct buffer *ret_keys)
{
    struct settings difference = {0};
    for (size_t i = 0; i < schema_feed.key_count; i++) {
        const char *key = schema_feed.keys[i].name;
        if (strcmp(key, "url") == 0 || equal_values(wanted, has, key)) {
            continue;
        }
        buffer_printf(ret_keys, "%s%s", ret_keys->length == 0 ? "" : ", ", key);
        size_t count = count_key(wanted->items, wanted->count, key);
        for (size_t k = 0; k < count; k++) {
            add_setting(planning->arena, &difference, key,
                value_of(wanted->items, wanted->count, key, k));
        }
        if (count == 0) {
            add_setting(planning->arena, &difference, key, "");
        }
    }
    return difference;
}

/* ---- what the file wants ---- */

/* The section that a folder or category of another reader names, or NULL. */
static const char *find_section(const struct config *config, const char *name)
{
    for (size_t i = 0; name != NULL && i < config->section_count; i++) {
        const struct config_section *section = &config->sections[i];
        if (strcasecmp(section->id, name) == 0 || strcasecmp(section->title, name) == 0 ||
            strcasecmp(section->short_title, name) == 0) {
            return section->id;
        }
    }
    return NULL;
}

static const char *guess_section(const struct config *config, const struct opml_feed *feed)
{
    const char *section = find_section(config, feed->folder);
    for (size_t i = 0; section == NULL && i < feed->category_count; i++) {
        section = find_section(config, feed->categories[i]);
    }
    return section;
}

static bool is_taken(struct planning *planning, const struct opml_feed *feed,
    const struct desk_setting *setting, struct fault *fault)
{
    struct desk_feed record = {
        .url = feed->url, .added = true, .settings = setting, .setting_count = 1};
    return overlay_check_at(planning->base, -1, &record, fault);
}

/* The feed's settings that mean something here; *ret_lost says which do not. */
static struct settings want_settings(
    struct planning *planning, const struct opml_feed *feed, struct buffer *ret_lost)
{
    struct settings wanted = {0};
    for (size_t i = 0; i < feed->setting_count; i++) {
        struct fault fault;
        if (is_taken(planning, feed, &feed->settings[i], &fault)) {
            add_setting(
                planning->arena, &wanted, feed->settings[i].key, feed->settings[i].value);
        } else {
            buffer_printf(ret_lost, "%swithout %s (%s)", ret_lost->length == 0 ? "" : ", ",
                feed->settings[i].key, fault.message);
        }
    }
    const char *section = guess_section(planning->base, feed);
    if (!planning->opml->ours && section != NULL &&
        count_key(wanted.items, wanted.count, "section") == 0) {
        add_setting(planning->arena, &wanted, "section", section);
    }
    return wanted;
}

static const char *want_name(struct planning *planning, const struct opml_feed *feed)
{
    if (feed->name == NULL) {
        return feed->url;
    }
    char *name = arena_strndup(
        planning->arena, feed->name, text_clip(feed->name, strlen(feed->name), NAME_BYTES_MAX));
    for (char *at = name; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || *at == 0x7F) {
            *at = ' ';
        }
    }
    return name;
}

/* ---- one feed ---- */

static void add_record(struct planning *planning, const struct desk_feed *record)
{
    struct opml_plan *plan = planning->plan;
    if (plan->record_count == planning->record_capacity) {
        plan->records = arena_grow(
            planning->arena, plan->records, sizeof(*plan->records), &planning->record_capacity);
    }
    plan->records[plan->record_count++] = *record;
}

static const char *take_text(struct planning *planning, const struct buffer *text)
{
    return text->length == 0 ? NULL : arena_strdup(planning->arena, text->data);
}

static void plan_addition(
    struct planning *planning, const struct opml_feed *feed, struct buffer *text)
{
    struct settings wanted = want_settings(planning, feed, text);
    struct desk_feed record = {
        .url = feed->url,
        .name = want_name(planning, feed),
        .added = true,
        .changed_utc_s = planning->now_utc_s,
        .settings = wanted.items,
        .setting_count = wanted.count,
    };
    struct fault fault;
    if (!overlay_check_at(planning->base, -1, &record, &fault)) {
        add_line(planning, OPML_LEFT_OUT, record.name, feed->url,
            arena_strdup(planning->arena, fault.message));
        return;
    }
    add_record(planning, &record);
    add_line(planning, OPML_ADDED, record.name, feed->url, take_text(planning, text));
}

/* The record that makes the known feed what the file wants: over feeds.conf's feed only the
 * difference, else all of it. */
static void plan_update(struct planning *planning, const struct opml_feed *feed, size_t index,
    const struct settings *wanted, const char *detail)
{
    const struct config_feed *known = &planning->config->written_feeds[index];
    struct desk_feed record = {
        .url = known->url,
        .name = want_name(planning, feed),
        .added = known->added_utc_s != 0,
        .changed_utc_s = planning->now_utc_s,
        .settings = wanted->items,
        .setting_count = wanted->count,
    };
    if (index < planning->base->feed_count) { /* the file's own come first, in its order */
        struct buffer keys;
        buffer_init(&keys, 4096);
        const struct config_feed *written = &planning->base->written_feeds[index];
        struct config_block has = block_describe_feed(written, planning->arena);
        struct settings difference = subtract(planning, wanted, &has, &keys);
        record.settings = difference.items;
        record.setting_count = difference.count;
        record.name = strcmp(written->name, record.name) == 0 ? NULL : record.name;
        buffer_release(&keys);
    }
    struct fault fault;
    if (!overlay_check_at(planning->base, index < planning->base->feed_count ? (int)index : -1,
            &record, &fault)) {
        add_line(planning, OPML_LEFT_OUT, known->name, feed->url,
            arena_strdup(planning->arena, fault.message));
        return;
    }
    add_record(planning, &record);
    add_line(planning, OPML_UPDATED, known->name, feed->url, detail);
}

static void plan_known(
    struct planning *planning, const struct opml_feed *feed, size_t index, struct buffer *text)
{
    const struct config_feed *known = &planning->config->written_feeds[index];
    if (!planning->opml->ours) {
        add_line(planning, OPML_UNCHANGED, known->name, feed->url, "followed already");
        return;
    }
    struct settings wanted = want_settings(planning, feed, text);
    struct config_block has = block_describe_feed(known, planning->arena);
    bool lost = text->length > 0;
    if (lost) {
        buffer_puts(text, "; ");
    }
    size_t before = text->length;
    subtract(planning, &wanted, &has, text);
    if (strcmp(want_name(planning, feed), known->name) != 0) {
        buffer_printf(text, "%sname", text->length == before ? "" : ", ");
    }
    if (text->length == before) {
        add_line(planning, OPML_UNCHANGED, known->name, feed->url, take_text(planning, text));
    } else {
        plan_update(planning, feed, index, &wanted, take_text(planning, text));
    }
}

/* ---- addresses ---- */

static int compare_addresses(const void *left, const void *right)
{
    const struct address *a = left, *b = right;
    int order = strcmp(a->folded, b->folded);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

/* Addresses of feeds[0..count), sorted. */
static struct address *sort_known(struct planning *planning)
{
    const struct config *config = planning->config;
    struct address *known = arena_new_array(
        planning->arena, struct address, config->feed_count + 1);
    for (size_t i = 0; i < config->feed_count; i++) {
        known[i] = (struct address){check_fold_url(planning->arena, config->feeds[i].url), i};
    }
    qsort(known, config->feed_count, sizeof(*known), compare_addresses);
    return known;
}

/* Which feeds of the file have the address of an earlier one. */
static const bool *find_repeated(struct planning *planning)
{
    size_t count = planning->opml->feed_count;
    struct address *all = arena_new_array(planning->arena, struct address, count + 1);
    bool *repeated = arena_new_array(planning->arena, bool, count + 1);
    for (size_t i = 0; i < count; i++) {
        all[i] = (struct address){
            check_fold_url(planning->arena, planning->opml->feeds[i].url), i};
    }
    qsort(all, count, sizeof(*all), compare_addresses);
    for (size_t i = 1; i < count; i++) {
        repeated[all[i].index] = strcmp(all[i - 1].folded, all[i].folded) == 0;
    }
    return repeated;
}

static const struct address *find_known(const struct planning *planning, const char *url)
{
    const char *folded = check_fold_url(planning->arena, url);
    size_t low = 0, high = planning->config->feed_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(planning->known[middle].folded, folded);
        if (order == 0) {
            return &planning->known[middle];
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

struct opml_plan *opml_plan(const struct opml *opml, const struct config *config,
    int64_t now_utc_s, struct arena *arena)
{
    struct planning planning = {
        .arena = arena,
        .opml = opml,
        .config = config,
        .base = config->base != NULL ? config->base : config,
        .now_utc_s = now_utc_s,
        .plan = arena_new(arena, struct opml_plan),
    };
    planning.known = sort_known(&planning);
    const bool *repeated = find_repeated(&planning);
    struct buffer text;
    buffer_init(&text, 16384);
    for (size_t i = 0; i < opml->feed_count; i++) {
        const struct opml_feed *feed = &opml->feeds[i];
        const struct address *known = find_known(&planning, feed->url);
        buffer_clear(&text);
        if (repeated[i]) {
            add_line(&planning, OPML_LEFT_OUT, feed->name, feed->url,
                "the file names this address before");
        } else if (known != NULL) {
            plan_known(&planning, feed, known->index, &text);
        } else {
            plan_addition(&planning, feed, &text);
        }
    }
    for (size_t i = 0; i < opml->note_count; i++) {
        add_line(&planning, OPML_LEFT_OUT, NULL, NULL, opml->notes[i]);
    }
    if (opml->notes_dropped > 0) {
        add_line(&planning, OPML_LEFT_OUT, NULL, NULL,
            arena_printf(arena, "and %zu remarks more", opml->notes_dropped));
    }
    buffer_release(&text);
    return planning.plan;
}
