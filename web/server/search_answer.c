/* Marks are given as parts of the text, not as offsets, since every language counts characters
 * in a way of its own, and not as HTML, since what is shown is other people's text. */
#include "web/server/search_answer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"

enum { DAY_S = 86400 };

struct search_request search_request_default(void)
{
    return (struct search_request){
        .query = "", .filter = search_filter_none(), .limit = SEARCH_LIMIT_DEFAULT};
}

/* ---- parameters ---- */

typedef bool set_fn(struct search_request *request, const char *value, struct fault *fault);

static bool set_section(struct search_request *request, const char *value, struct fault *fault)
{
    request->filter.section = value;
    return true;
}

static bool set_source(struct search_request *request, const char *value, struct fault *fault)
{
    request->filter.source = value;
    return true;
}

static bool set_feed(struct search_request *request, const char *value, struct fault *fault)
{
    request->filter.feed_url = value;
    return true;
}

static bool set_vendor(struct search_request *request, const char *value, struct fault *fault)
{
    request->filter.vendor = value;
    return true;
}

static bool set_tag(struct search_request *request, const char *value, struct fault *fault)
{
    request->filter.tag = value;
    return true;
}

static bool set_language(struct search_request *request, const char *value, struct fault *fault)
{
    request->filter.language = value;
    return true;
}

static bool set_from(struct search_request *request, const char *value, struct fault *fault)
{
    return clock_parse_day(value, &request->filter.from_utc_s) ||
        fault_set(fault, FAULT_PARSE, "'from' is a day such as 2026-09-17, not '%s'", value);
}

/* The last day is meant with all its hours. */
static bool set_to(struct search_request *request, const char *value, struct fault *fault)
{
    int64_t day_utc_s;
    if (!clock_parse_day(value, &day_utc_s)) {
        return fault_set(
            fault, FAULT_PARSE, "'to' is a day such as 2026-09-17, not '%s'", value);
    }
    request->filter.before_utc_s = day_utc_s + DAY_S;
    return true;
}

/* Which of `words` the value is; false when none. */
static bool choose(const char *value, const char *const *words, size_t count, int *ret_choice)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(value, words[i]) == 0) {
            *ret_choice = (int)i;
            return true;
        }
    }
    return false;
}

static bool set_off_topic(
    struct search_request *request, const char *value, struct fault *fault)
{
    bool off = strcmp(value, "true") == 0;
    if (!off && strcmp(value, "false") != 0) {
        return fault_set(fault, FAULT_PARSE, "'off_topic' is true or false, not '%s'", value);
    }
    request->filter.topic = off ? SEARCH_OFF_TOPIC : SEARCH_ON_TOPIC;
    return true;
}

static bool set_order(struct search_request *request, const char *value, struct fault *fault)
{
    static const char *const words[] = {"rank", "date"}; /* enum search_order */
    int choice;
    if (!choose(value, words, array_count(words), &choice)) {
        return fault_set(fault, FAULT_PARSE, "'order' is rank or date, not '%s'", value);
    }
    request->order = (enum search_order)choice;
    return true;
}

static bool set_typing(struct search_request *request, const char *value, struct fault *fault)
{
    request->typing = strcmp(value, "true") == 0;
    return request->typing || strcmp(value, "false") == 0 ||
        fault_set(fault, FAULT_PARSE, "'typing' is true or false, not '%s'", value);
}

static bool set_limit(struct search_request *request, const char *value, struct fault *fault)
{
    char *end;
    unsigned long limit = strtoul(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end != '\0' || limit < 1 ||
        limit > SEARCH_LIMIT_MAX) {
        return fault_set(fault, FAULT_PARSE, "'limit' is a number from 1 to %d, not '%s'",
            SEARCH_LIMIT_MAX, value);
    }
    request->limit = limit;
    return true;
}

static bool set_cursor(struct search_request *request, const char *value, struct fault *fault)
{
    request->cursor = value;
    return true;
}

/* `q` alone may hold any bytes and is set apart. */
static const struct {
    const char *name;
    set_fn *set;
} parameters[] = {
    {"q", NULL},
    {"section", set_section},
    {"source", set_source},
    {"feed", set_feed},
    {"vendor", set_vendor},
    {"tag", set_tag},
    {"language", set_language},
    {"from", set_from},
    {"to", set_to},
    {"off_topic", set_off_topic},
    {"order", set_order},
    {"typing", set_typing},
    {"limit", set_limit},
    {"cursor", set_cursor},
};

static bool find_parameter(const char *name, size_t *ret_index)
{
    for (size_t i = 0; i < array_count(parameters); i++) {
        if (strcmp(parameters[i].name, name) == 0) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

bool search_request_set(struct search_request *request, const char *name, const char *value,
    size_t value_bytes, struct fault *fault)
{
    size_t i;
    if (!find_parameter(name, &i)) {
        return fault_set(fault, FAULT_PARSE,
            "a search has no '%s'; it takes q, section, source, feed, vendor, tag, language, "
            "from, "
            "to, off_topic, order, typing, limit and cursor",
            name);
    }
    if (parameters[i].set == NULL) {
        request->query = value;
        request->query_bytes = value_bytes;
        return true;
    }
    if (strlen(value) != value_bytes) {
        return fault_set(fault, FAULT_PARSE, "'%s' holds a NUL byte", name);
    }
    return parameters[i].set(request, value, fault);
}

/* ---- the address ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* application/x-www-form-urlencoded, which is what forms and URLSearchParams write: + is a
 * space. A broken escape stands for itself (https://url.spec.whatwg.org/#percent-decode). */
static char *decode(const char *text, size_t length, struct arena *arena, size_t *ret_length)
{
    char *out = arena_alloc(arena, length + 1);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        int high = text[i] == '%' && i + 2 < length ? hex_digit(text[i + 1]) : -1;
        int low = high < 0 ? -1 : hex_digit(text[i + 2]);
        if (low >= 0) {
            out[used++] = (char)(high << 4 | low);
            i += 2;
        } else {
            out[used++] = text[i] == '+' ? ' ' : text[i];
        }
    }
    out[used] = '\0';
    *ret_length = used;
    return out;
}

static bool read_pair(const char *pair, size_t length, struct arena *arena, unsigned *seen,
    struct search_request *request, struct fault *fault)
{
    const char *equals = memchr(pair, '=', length);
    size_t name_length = equals == NULL ? length : (size_t)(equals - pair);
    size_t value_start = equals == NULL ? length : name_length + 1, bytes, i;
    const char *name = decode(pair, name_length, arena, &bytes);
    const char *value = decode(pair + value_start, length - value_start, arena, &bytes);
    if (find_parameter(name, &i)) {
        if ((*seen >> i & 1) != 0) {
            return fault_set(fault, FAULT_PARSE, "'%s' stands twice in the address", name);
        }
        *seen |= 1u << i;
    }
    return search_request_set(request, name, value, bytes, fault);
}

bool search_request_read(const char *query_string, struct arena *arena,
    struct search_request *ret_request, struct fault *fault)
{
    unsigned seen = 0;
    *ret_request = search_request_default();
    for (const char *at = query_string; *at != '\0';) {
        size_t length = strcspn(at, "&#");
        if (length > 0 && !read_pair(at, length, arena, &seen, ret_request, fault)) {
            return false;
        }
        at += length;
        at += *at == '&';
        if (*at == '#') {
            break;
        }
    }
    return true;
}

/* ---- the result ---- */

static void write_part(
    const char *text, size_t length, bool marked, bool *first, struct buffer *out)
{
    if (length == 0) {
        return;
    }
    char *part = strndup(text, length);
    if (part == NULL) {
        memory_exhausted();
    }
    buffer_puts(out, *first ? "{\"text\":" : ",{\"text\":");
    json_write_string(part, out);
    buffer_puts(out, marked ? ",\"mark\":true}" : "}");
    *first = false;
    free(part);
}

static void write_parts(const struct search_text *text, struct buffer *out)
{
    bool first = true;
    size_t at = 0;
    buffer_putc(out, '[');
    for (size_t i = 0; i < text->mark_count; i++) {
        const struct search_mark *mark = &text->marks[i];
        write_part(text->text + at, mark->offset - at, false, &first, out);
        write_part(text->text + mark->offset, mark->length, true, &first, out);
        at = mark->offset + mark->length;
    }
    if (text->text != NULL) {
        write_part(text->text + at, strlen(text->text + at), false, &first, out);
    }
    buffer_putc(out, ']');
}

static void write_named(const char *name, const char *value, struct buffer *out)
{
    buffer_printf(out, ",\"%s\":", name);
    json_write_string(value, out);
}

static const char *bool_name(bool value)
{
    return value ? "true" : "false";
}

static void write_hit(const struct search_hit *hit, struct buffer *out)
{
    buffer_printf(out, "{\"id\":\"%" PRId64 "\"", hit->item_id);
    write_named("key", hit->key, out);
    write_named("url", hit->url, out);
    write_named("source", hit->source, out);
    write_named("section", hit->section, out);
    write_named("language", hit->language, out);
    buffer_puts(out, ",\"published\":");
    json_write_time(hit->published_utc_s, out);
    buffer_puts(out, ",\"dated\":");
    json_write_time(hit->dated_utc_s, out);
    buffer_printf(out, ",\"off_topic\":%s", bool_name(hit->off_topic));
    write_named("vendor", hit->vendor, out);
    buffer_puts(out, ",\"tags\":");
    json_write_strings(hit->tags, hit->tag_count, out);
    write_named("title", hit->title.text, out);
    buffer_puts(out, ",\"title_parts\":");
    write_parts(&hit->title, out);
    buffer_puts(out, ",\"summary_parts\":");
    write_parts(&hit->summary, out);
    buffer_printf(out, ",\"summary_cut_before\":%s,\"summary_cut_after\":%s}",
        bool_name(hit->summary.cut_before), bool_name(hit->summary.cut_after));
}

void search_result_write_json(const struct search_result *result, struct buffer *out)
{
    buffer_printf(out, "{\"total\":%zu,\"total_is_exact\":%s,\"items_behind\":%" PRId64,
        result->total, bool_name(result->total_is_exact), result->items_behind);
    write_named("next", result->next_cursor, out);
    buffer_puts(out, ",\"items\":[");
    for (size_t i = 0; i < result->count; i++) {
        buffer_puts(out, i == 0 ? "" : ",");
        write_hit(&result->hits[i], out);
    }
    buffer_puts(out, "]}");
}
