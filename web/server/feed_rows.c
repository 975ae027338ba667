/* Joining two lists by URL: both sorted, so ten thousand feeds cost no more than sorting them.
 */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/shown_url.h"
#include "web/server/feed_health.h"
#include "web/server/json.h"

static int compare_urls(const void *left, const void *right)
{
    const struct feed_row *a = left, *b = right;
    return strcmp(a->state->url, b->state->url);
}

static int compare_names(const void *left, const void *right)
{
    const struct feed_row *a = left, *b = right;
    const char *a_name = a->state->name == NULL ? "" : a->state->name;
    const char *b_name = b->state->name == NULL ? "" : b->state->name;
    int order = strcmp(a_name, b_name);
    return order != 0 ? order : compare_urls(left, right);
}

/* The state of a feed the store has never heard of. */
static struct feed_state *make_state(struct arena *arena, const struct config_feed *feed)
{
    struct feed_state *state = arena_new(arena, struct feed_state);
    *state = (struct feed_state){
        .url = feed->url,
        .name = feed->name,
        .moved_since_utc_s = CLOCK_NONE,
        .next_poll_utc_s = CLOCK_NONE,
        .last_poll_utc_s = CLOCK_NONE,
        .last_success_utc_s = CLOCK_NONE,
        .newest_entry_utc_s = CLOCK_NONE,
    };
    return state;
}

struct feed_row *feed_rows_build(struct arena *arena, const struct config *config,
    const struct feed_state *states, size_t count, int64_t now_utc_s, size_t *ret_count)
{
    struct feed_row *rows = arena_new_array(
        arena, struct feed_row, count + config->feed_count + 1);
    for (size_t i = 0; i < count; i++) {
        rows[i].state = &states[i];
    }
    qsort(rows, count, sizeof(*rows), compare_urls);
    size_t known = count;
    for (size_t i = 0; i < config->feed_count; i++) {
        const struct config_feed *feed = &config->feeds[i];
        struct feed_state wanted = {.url = feed->url};
        struct feed_row key = {.state = &wanted};
        struct feed_row *row = bsearch(&key, rows, known, sizeof(*rows), compare_urls);
        if (row == NULL) {
            row = &rows[count++];
            row->state = make_state(arena, feed);
        }
        row->feed = feed;
    }
    for (size_t i = 0; i < count; i++) {
        rows[i].condition = feed_condition(rows[i].state, rows[i].feed, now_utc_s);
    }
    qsort(rows, count, sizeof(*rows), compare_names);
    *ret_count = count;
    return rows;
}

static json_t *json_time(int64_t utc_s)
{
    char text[CLOCK_ISO_BYTES];
    return utc_s == CLOCK_NONE ? json_null() : json_string(clock_format_iso(utc_s, text));
}

/* "feeds.conf:123", or when the editor added it; null for a feed that is followed no more. */
static json_t *make_origin(const struct feed_row *row, const char *config_path)
{
    char text[CLOCK_ISO_BYTES];
    if (row->feed == NULL) {
        return json_null();
    }
    if (row->feed->line == 0) {
        return json_sprintf("added %s", clock_format_iso(row->feed->added_utc_s, text));
    }
    const char *slash = strrchr(config_path, '/');
    return json_sprintf("%s:%d", slash == NULL ? config_path : slash + 1, row->feed->line);
}

/* When the editor last changed what the file says of it; null: never. */
static json_t *make_change(const struct feed_row *row)
{
    bool changed = row->feed != NULL && row->feed->line > 0 && row->feed->changed_utc_s != 0;
    return json_time(changed ? row->feed->changed_utc_s : CLOCK_NONE);
}

/* {"zh", "en"} or null. */
static json_t *make_cause(const struct feed_row *row)
{
    const char *chinese = feed_health_cause(row, FEED_CHINESE);
    return chinese == NULL ? json_null()
                           : json_pack("{s:o, s:o}", "zh", json_text(chinese), "en",
                                 json_text(feed_health_cause(row, FEED_ENGLISH)));
}

static json_t *make_id(const struct feed_state *state)
{
    return state->id == 0 ? json_null() : json_sprintf("%" PRId64, state->id);
}

static json_t *make_row(const struct feed_row *row, const char *config_path, int64_t now_utc_s)
{
    const struct feed_state *state = row->state;
    struct buffer message;
    buffer_init(&message, 4096);
    feed_health_write(row, FEED_ENGLISH, 0, now_utc_s, &message);
    cleanup(arena_release) struct arena arena = {0};
    bool asked = row->condition != FEED_PAUSED && row->condition != FEED_GONE;
    json_t *object = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:i, s:i, s:i,"
        " s:o, s:o}",
        "id", make_id(state), "name", json_text(state->name), "url",
        json_text(shown_url(&arena, state->url)), "title", json_text(state->title), "origin",
        make_origin(row, config_path), "changed", make_change(row), "health",
        feed_condition_word(row->condition), "message", json_text(message.data), "cause",
        make_cause(row), "newest_entry", json_time(state->newest_entry_utc_s), "last_poll",
        json_time(state->last_poll_utc_s), "last_success", json_time(state->last_success_utc_s),
        "next_poll", json_time(asked ? state->next_poll_utc_s : CLOCK_NONE), "interval_s",
        (json_int_t)state->interval_s, "failures", state->failures, "status", state->status,
        "entries", state->entries, "error", json_text(state->error), "note",
        json_text(state->note));
    buffer_release(&message);
    return object;
}

static struct feed_mark make_mark(const struct feed_row *row, size_t start, size_t length)
{
    const struct feed_state *state = row->state;
    const struct config_feed *feed = row->feed;
    const int64_t numbers[] = {row->condition, state->failures, (int64_t)state->body_hash,
        feed != NULL, feed == NULL ? 0 : feed->line, feed == NULL ? 0 : feed->changed_utc_s};
    uint64_t content = hash_bytes(HASH_START, numbers, sizeof(numbers));
    content = hash_string(content, state->name);
    content = hash_string(content, state->title);
    content = hash_string(content, state->error);
    content = hash_string(content, state->note);
    return (struct feed_mark){hash_string(HASH_START, state->url), content, start, length};
}

/* Gives up the reference. */
static void write_value(json_t *value, struct buffer *out)
{
    char *text = value == NULL ? NULL : json_dumps(value, JSON_COMPACT);
    if (text == NULL) {
        memory_exhausted(); /* json_text() makes every string valid: only memory can be missing
                             */
    }
    buffer_puts(out, text);
    free(text);
    json_decref(value);
}

void feed_rows_write_json(const struct feed_row *rows, size_t count, const char *config_path,
    int64_t now_utc_s, struct feed_mark *marks, struct buffer *out)
{
    size_t counts[FEED_CONDITION_COUNT] = {0};
    buffer_puts(out, "{\"feeds\":[");
    for (size_t i = 0; i < count; i++) {
        counts[rows[i].condition]++;
        buffer_puts(out, i == 0 ? "" : ",");
        size_t start = out->length;
        write_value(make_row(&rows[i], config_path, now_utc_s), out);
        if (marks != NULL) {
            marks[i] = make_mark(&rows[i], start, out->length - start);
        }
    }
    json_t *totals = json_pack("{s:I}", "feeds", (json_int_t)count);
    for (int i = 0; i < FEED_CONDITION_COUNT; i++) {
        json_object_set_new(totals, feed_condition_word((enum feed_condition)i),
            json_integer((json_int_t)counts[i]));
    }
    buffer_puts(out, "],\"totals\":");
    write_value(totals, out);
    buffer_puts(out, "}\n");
}
