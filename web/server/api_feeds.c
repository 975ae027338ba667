/* /api/v1/feeds/…: what a feed brings, its settings, and asking it now.
 *
 * A feed is named by its id in the database: its address may carry a password, which no answer
 * shows, and its name is the editor's to change. What she changes is a record over feeds.conf
 * (config/desk_feed.h) that holds the changed keys only; taking the last one back removes it.
 */
#include <string.h>

#include "base/clock.h"
#include "base/shown_url.h"
#include "config/block.h"
#include "config/overlay.h"
#include "config/schema.h"
#include "storage/activity.h"
#include "web/server/desk_json.h"
#include "web/server/endpoints.h"
#include "web/server/json.h"

enum { PATCH_MAX_BYTES = 64 << 10, SETTINGS_MAX = 1000 };

static const char not_there[] = "There is no feed with this id.";

/* ---- what they bring ---- */

static bool get_activity(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct feed_activity *feeds;
    size_t count;
    if (!store_read_activity(store, &call->arena, call->now_utc_s, &feeds, &count, fault)) {
        return false;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *weeks = json_array();
        for (size_t week = 0; week < ACTIVITY_WEEKS; week++) {
            json_array_append_new(weeks, json_integer(feeds[i].weeks[week]));
        }
        json_array_append_new(list,
            json_pack("{s:o, s:o, s:I, s:I}", "id", desk_json_number(feeds[i].feed_id), "weeks",
                weeks, "items", (json_int_t)feeds[i].items, "picked",
                (json_int_t)feeds[i].picked));
    }
    return call_answer(call, json_pack("{s:o}", "feeds", list));
}

/* ---- one of them ---- */

/* A feed that is followed, with what feeds.conf and the editor say of it. */
struct followed {
    int64_t id;
    const struct config *base;         /* the file's */
    const struct config_feed *written; /* as it is in force */
    int place;                         /* in base; -1: the editor added it */
    struct desk_feed record;           /* hers; of no settings: she said nothing */
    bool has_record;
};

static bool find_record(
    struct call *call, struct store *store, struct followed *feed, struct fault *fault)
{
    struct desk_feed *records;
    size_t count;
    if (!store_read_added_feeds(store, &call->arena, &records, &count, fault)) {
        return false;
    }
    feed->record = (struct desk_feed){.url = feed->written->url};
    for (size_t i = 0; i < count; i++) {
        if (strcmp(records[i].url, feed->written->url) == 0) {
            feed->record = records[i];
            feed->has_record = true;
        }
    }
    return true;
}

static bool find_followed(struct call *call, struct store *store, const struct config *config,
    struct followed *feed, struct fault *fault)
{
    const char *url = NULL;
    *feed = (struct followed){.base = config->base != NULL ? config->base : config};
    if (call_parse_id(call->parameters[0], &feed->id) &&
        !store_find_feed_url(store, &call->arena, feed->id, &url, fault)) {
        return false;
    }
    int index = url == NULL ? -1 : overlay_find_feed(config, url);
    if (index < 0) {
        return call_not_found(call, fault,
            url == NULL ? not_there : "This feed is followed no more; add it to follow it.");
    }
    feed->written = &config->written_feeds[index];
    feed->place = index < (int)feed->base->feed_count ? index : -1; /* the file's come first */
    return find_record(call, store, feed, fault);
}

/* {"section": "news", "require": ["a", "b"]}; what is as ever is left out. Passwords are. */
static json_t *describe_settings(const struct config_feed *feed, struct arena *arena)
{
    struct config_block block = block_describe_feed(feed, arena);
    json_t *settings = json_object();
    for (size_t i = 0; i < block.setting_count; i++) {
        const struct desk_setting *setting = &block.settings[i];
        const struct schema_key *key = schema_find(
            &schema_feed, setting->key, strlen(setting->key));
        if (key == NULL || !schema_is_list(key->kind)) {
            json_object_set_new(settings, setting->key, json_text(setting->value));
            continue;
        }
        if (json_object_get(settings, setting->key) == NULL) {
            json_object_set_new(settings, setting->key, json_array());
        }
        json_array_append_new(
            json_object_get(settings, setting->key), json_text(setting->value));
    }
    return settings;
}

static json_t *list_changed(const struct followed *feed)
{
    json_t *keys = json_array();
    if (feed->record.name != NULL) {
        json_array_append_new(keys, json_string("name"));
    }
    for (size_t i = 0; i < feed->record.setting_count; i++) {
        const char *key = feed->record.settings[i].key;
        if (i == 0 || strcmp(feed->record.settings[i - 1].key, key) != 0) {
            json_array_append_new(keys, json_text(key));
        }
    }
    return keys;
}

static json_t *describe_written(const struct followed *feed, struct arena *arena)
{
    if (feed->place < 0) {
        return json_null();
    }
    const struct config_feed *written = &feed->base->written_feeds[feed->place];
    const char *path = feed->base->path, *slash = strrchr(path, '/');
    return json_pack("{s:o, s:o, s:o}", "place",
        json_sprintf("%s:%d", slash == NULL ? path : slash + 1, written->line), "name",
        json_text(written->name), "settings", describe_settings(written, arena));
}

static bool get_feed(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct followed feed;
    if (!find_followed(call, store, config, &feed, fault)) {
        return false;
    }
    return call_answer(call,
        json_pack("{s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "id", desk_json_number(feed.id),
            "name", json_text(feed.written->name), "url",
            json_text(shown_url(&call->arena, feed.written->url)), "added",
            feed.has_record && feed.record.added, "settings",
            describe_settings(feed.written, &call->arena), "changed", list_changed(&feed),
            "written", describe_written(&feed, &call->arena)));
}

/* ---- changing it ---- */

/* The record's settings while they are changed. */
struct settings {
    struct desk_setting *items;
    size_t count;
};

static void drop_key(struct settings *settings, const char *key)
{
    size_t kept = 0;
    for (size_t i = 0; i < settings->count; i++) {
        if (strcmp(settings->items[i].key, key) != 0) {
            settings->items[kept++] = settings->items[i];
        }
    }
    settings->count = kept;
}

static bool add_setting(struct call *call, struct settings *settings, const char *key,
    const char *value, struct fault *fault)
{
    if (settings->count >= SETTINGS_MAX) {
        return fault_set(fault, FAULT_PARSE, "%.80s: too many settings", key);
    }
    settings->items[settings->count++] = (struct desk_setting){
        arena_strdup(&call->arena, key), value};
    return true;
}

static bool add_value(struct call *call, struct settings *settings, const char *key,
    const json_t *value, struct fault *fault)
{
    const char *text;
    if (json_is_boolean(value)) {
        text = json_is_true(value) ? "true" : "false";
    } else if (json_is_number(value)) {
        text = arena_printf(&call->arena, "%.12g", json_number_value(value));
    } else if (json_is_string(value)) {
        text = arena_strdup(&call->arena, json_string_value(value));
    } else {
        return fault_set(fault, FAULT_PARSE, "%.80s: expected what feeds.conf takes", key);
    }
    return add_setting(call, settings, key, text, fault);
}

/* A list is as many settings of one key; an empty one empties what feeds.conf has. */
static bool add_values(struct call *call, struct settings *settings, const char *key,
    const json_t *value, struct fault *fault)
{
    if (!json_is_array(value)) {
        return add_value(call, settings, key, value, fault);
    }
    if (json_array_size(value) == 0) {
        return add_setting(call, settings, key, "", fault);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (!add_value(call, settings, key, json_array_get(value, i), fault)) {
            return false;
        }
    }
    return true;
}

static bool rename_record(
    struct call *call, struct desk_feed *record, const json_t *value, struct fault *fault)
{
    if (!json_is_null(value) && !json_is_string(value)) {
        return fault_set(fault, FAULT_PARSE, "name: expected a text");
    }
    record->name = json_is_null(value) ? NULL
                                       : arena_strdup(&call->arena, json_string_value(value));
    return true;
}

/* RFC 7396: null takes back what she changed of a key. */
static bool patch_record(
    struct call *call, struct desk_feed *record, const json_t *patch, struct fault *fault)
{
    struct settings settings = {.items = arena_new_array(&call->arena, struct desk_setting,
                                    record->setting_count + SETTINGS_MAX)};
    for (size_t i = 0; i < record->setting_count; i++) {
        settings.items[settings.count++] = record->settings[i];
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)patch, key, value)
    {
        if (strcmp(key, "name") == 0) {
            if (!rename_record(call, record, value, fault)) {
                return false;
            }
            continue;
        }
        drop_key(&settings, key);
        if (!json_is_null(value) && !add_values(call, &settings, key, value, fault)) {
            return false;
        }
    }
    record->settings = settings.items;
    record->setting_count = settings.count;
    record->changed_utc_s = call->now_utc_s;
    return true;
}

static bool store_record(struct store *store, const struct followed *feed, struct fault *fault)
{
    const struct desk_feed *record = &feed->record;
    bool removed;
    if (!record->added && record->setting_count == 0 && record->name == NULL) {
        return store_remove_feed(store, record->url, &removed, fault);
    }
    return overlay_check_at(feed->base, feed->place, record, fault) &&
        store_put_feed(store, record, fault);
}

static bool patch_feed(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct followed feed;
    json_t *patch;
    if (!find_followed(call, store, config, &feed, fault) ||
        !call_read_object(call, &patch, fault)) {
        return false;
    }
    bool ok = patch_record(call, &feed.record, patch, fault) &&
        store_record(store, &feed, fault);
    json_decref(patch);
    return ok &&
        call_answer(call,
            json_pack(
                "{s:o, s:o}", "id", desk_json_number(feed.id), "changed", list_changed(&feed)));
}

static bool delete_feed(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct followed feed;
    bool removed;
    if (!find_followed(call, store, config, &feed, fault) ||
        !store_remove_feed(store, feed.written->url, &removed, fault)) {
        return false;
    }
    if (!removed) {
        return call_not_found(call, fault,
            "Nothing of this feed was said at the desk; what feeds.conf says is changed there, "
            "or switched off with enabled = false here.");
    }
    return call_answer(call,
        json_pack("{s:o, s:b}", "id", desk_json_number(feed.id), "followed", feed.place >= 0));
}

/* ---- asking it ---- */

static bool poll_feed(struct call *call, struct poller *poller, struct fault *fault)
{
    int64_t id;
    if (!call_parse_id(call->parameters[0], &id) || !poller_poll_feed(poller, id)) {
        return call_not_found(
            call, fault, "No feed with this id is asked: there is none, or it is paused.");
    }
    call->status = 202;
    return call_answer(call, json_pack("{s:o}", "id", desk_json_number(id)));
}

const struct endpoint endpoint_feeds_activity = {.door = ENDPOINT_READS, .work = get_activity};
const struct endpoint endpoint_feed = {.door = ENDPOINT_READS, .work = get_feed};

const struct endpoint endpoint_feed_patch = {
    .door = ENDPOINT_FOLLOWS,
    .media_types = endpoint_patch,
    .takes = endpoint_takes_patch,
    .body_max = PATCH_MAX_BYTES,
    .work = patch_feed,
};

const struct endpoint endpoint_feed_delete = {.door = ENDPOINT_FOLLOWS, .work = delete_feed};
const struct endpoint endpoint_feed_poll = {.door = ENDPOINT_POLLS, .poll = poll_feed};
