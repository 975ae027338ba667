/* Parameters are looked up in the query as it came: there are few, and each is read once. */
#include "web/server/call.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "web/server/gzip.h"

enum { PROBLEM_MORE_MAX_BYTES = 8 << 20, SHOWN_NAME_BYTES = 64 };

void call_init(struct call *call)
{
    *call = (struct call){.query = "",
        .body = "",
        .editor = "",
        .if_match = CALL_VERSION_NONE,
        .version = CALL_VERSION_NONE};
    arena_init(&call->arena);
    buffer_init(&call->out, CALL_ANSWER_MAX_BYTES);
    buffer_init(&call->more, PROBLEM_MORE_MAX_BYTES);
}

void call_release(struct call *call)
{
    directory_free(call->directory);
    arena_release(&call->arena);
    buffer_release(&call->out);
    buffer_release(&call->more);
    free(call->packed);
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    char lower = c >= 'A' && c <= 'F' ? (char)(c | 0x20) : c;
    const char *found = lower == '\0' ? NULL : strchr(digits, lower);
    return found == NULL ? -1 : (int)(found - digits);
}

/* application/x-www-form-urlencoded, as URLSearchParams writes it; NULL for a control character
 * or a broken escape. */
static char *decode(struct arena *arena, const char *text, size_t length)
{
    char *out = arena_alloc(arena, length + 1), *end = out;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte == '+') {
            byte = ' ';
        } else if (byte == '%') {
            int high = i + 2 < length ? hex_digit(text[i + 1]) : -1;
            int low = high < 0 ? -1 : hex_digit(text[i + 2]);
            if (low < 0) {
                return NULL;
            }
            byte = (unsigned char)(high << 4 | low);
            i += 2;
        }
        if (byte < 0x20 || byte == 0x7f) {
            return NULL;
        }
        *end++ = (char)byte;
    }
    *end = '\0';
    return out;
}

static const char *find_field(struct call *call, const char *fields, const char *name)
{
    size_t size = strlen(name);
    for (const char *at = fields; *at != '\0';) {
        size_t length = strcspn(at, "&");
        if (length >= size && memcmp(at, name, size) == 0 &&
            (length == size || at[size] == '=')) {
            size_t skip = length == size ? size : size + 1;
            char *value = decode(&call->arena, at + skip, length - skip);
            return value != NULL && utf8_is_text(value, strlen(value)) ? value : "";
        }
        at += length + (at[length] == '&');
    }
    return NULL;
}

const char *call_query(struct call *call, const char *name)
{
    return find_field(call, call->query, name);
}

bool call_query_takes(struct call *call, const char *const *names, struct fault *fault)
{
    for (const char *at = call->query; *at != '\0';) {
        size_t length = strcspn(at, "&"), size = strcspn(at, "&=");
        size_t i = 0;
        while (
            names[i] != NULL && (strlen(names[i]) != size || memcmp(names[i], at, size) != 0)) {
            i++;
        }
        if (length > 0 && names[i] == NULL) {
            call->status = 400;
            return fault_set(fault, FAULT_CONFIG, "there is no parameter '%.*s' here",
                (int)(size < SHOWN_NAME_BYTES ? size : SHOWN_NAME_BYTES), at);
        }
        at += length + (at[length] == '&');
    }
    return true;
}

const char *call_form(struct call *call, const char *name)
{
    return find_field(call, call->body, name);
}

static bool parse_integer(const char *text, int64_t *ret_value)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    *ret_value = value;
    return end != text && *end == '\0' && errno == 0 && *text != ' ' && *text != '+';
}

bool call_query_integer(struct call *call, const char *name, int64_t least, int64_t most,
    int64_t *value, struct fault *fault)
{
    const char *text = call_query(call, name);
    int64_t number = 0;
    if (text == NULL) {
        return true;
    }
    if (!parse_integer(text, &number) || number < least || number > most) {
        call->status = 400;
        return fault_set(fault, FAULT_CONFIG, "'%s' is a number from %lld to %lld.", name,
            (long long)least, (long long)most);
    }
    *value = number;
    return true;
}

bool call_query_bool(
    struct call *call, const char *name, bool *ret_given, bool *ret_value, struct fault *fault)
{
    const char *text = call_query(call, name);
    *ret_given = text != NULL;
    *ret_value = text != NULL && strcmp(text, "true") == 0;
    if (text != NULL && !*ret_value && strcmp(text, "false") != 0) {
        call->status = 400;
        return fault_set(fault, FAULT_CONFIG, "'%s' is true or false.", name);
    }
    return true;
}

bool call_query_time(struct call *call, const char *name, int64_t *value, struct fault *fault)
{
    const char *text = call_query(call, name);
    struct tm time = {0};
    const char *end = text == NULL ? NULL : strptime(text, "%Y-%m-%dT%H:%M:%SZ", &time);
    if (text == NULL) {
        return true;
    }
    if (end != NULL && *end == '\0') {
        *value = timegm(&time);
        return true;
    }
    if (clock_parse_day(text, value)) {
        return true;
    }
    call->status = 400;
    return fault_set(
        fault, FAULT_CONFIG, "'%s' is a time like 2020-09-17T08:00:00Z, or a day.", name);
}

bool call_read_object(struct call *call, json_t **ret_object, struct fault *fault)
{
    json_error_t error;
    json_t *value = json_loadb(call->body, call->length, JSON_REJECT_DUPLICATES, &error);
    if (value == NULL) {
        return fault_set(fault, FAULT_PARSE, "The body is no JSON: %s (line %d, column %d).",
            error.text, error.line, error.column);
    }
    if (!json_is_object(value)) {
        json_decref(value);
        return fault_set(fault, FAULT_PARSE, "The body is a JSON object.");
    }
    *ret_object = value;
    return true;
}

bool call_parse_id(const char *text, int64_t *ret_id)
{
    return text != NULL && parse_integer(text, ret_id) && *ret_id > 0;
}

static void append_json(struct buffer *out, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    if (text == NULL) {
        memory_exhausted(); /* every string is valid UTF-8 by now: only memory can be missing */
    }
    json_decref(value);
    buffer_puts(out, text);
    free(text);
}

bool call_answer(struct call *call, json_t *value)
{
    append_json(&call->out, value);
    return true;
}

void call_pack(struct call *call)
{
    if (call->lasting && call->takes_gzip && !buffer_failed(&call->out)) {
        call->packed = gzip_pack(call->out.data, call->out.length, &call->packed_length);
    }
}

void call_tell(struct call *call, const char *name, json_t *value)
{
    assert(call->news_count < CALL_NEWS_MAX);
    char *text = json_dumps(value, JSON_COMPACT);
    if (text == NULL) {
        memory_exhausted();
    }
    call->news[call->news_count++] = (struct call_news){name, arena_strdup(&call->arena, text)};
    free(text);
    json_decref(value);
}

void call_add_member(struct call *call, const char *name, json_t *value)
{
    buffer_printf(&call->more, ",\"%s\":", name);
    append_json(&call->more, value);
}

bool call_not_found(struct call *call, struct fault *fault, const char *sentence)
{
    call->status = 404;
    return fault_set(fault, FAULT_CONFIG, "%s", sentence);
}

bool call_parse_version(const char *header, int64_t *ret_version)
{
    *ret_version = CALL_VERSION_NONE;
    if (header == NULL || strcmp(header, "*") == 0) {
        return true;
    }
    const char *digits = header + (strncmp(header, "W/", 2) == 0 ? 2 : 0);
    if (*digits != '"') {
        return false;
    }
    char *end;
    errno = 0;
    long long version = strtoll(digits + 1, &end, 10);
    *ret_version = version;
    return errno == 0 && strcmp(end, "\"") == 0 && digits[1] >= '0' && digits[1] <= '9';
}
