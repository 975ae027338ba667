/* Problem: ETag, Last-Modified, Retry-After, caching: seven fields out of what may be twenty
 * thousand lines of a hostile server.
 *
 * Approach: a table from field name to its place in the struct; each line is looked at once and
 * either copied into a fixed array or forgotten. Rejected: curl's header API, which keeps every
 * line of every response in memory and would have to be asked afterwards.
 */
#include "net/http_headers.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/attributes.h"

/* RFC 9111 1.2.2: what does not fit into 31 bits is "very long". */
static const int64_t longest_s = INT32_MAX;

/* clang-format off */
#define FIELD(name, member) \
    {name, offsetof(struct http_headers, member), sizeof(((struct http_headers *)0)->member)}

static const struct field {
    const char *name;
    size_t offset;
    size_t bytes;
} fields[] = {
    FIELD("etag", etag),
    FIELD("last-modified", last_modified),
    FIELD("content-type", content_type),
    FIELD("content-encoding", content_encoding),
    FIELD("location", location),
    FIELD("retry-after", retry_after),
    FIELD("date", date),
    FIELD("expires", expires),
    FIELD("age", age),
};
/* clang-format on */

/* "HTTP/1.1 200 OK", "HTTP/2 200". */
static int parse_status(const char *line, size_t length)
{
    const char *space = memchr(line, ' ', length);
    int status = 0;
    for (size_t i = space != NULL ? (size_t)(space - line) + 1 : length;
         i < length && line[i] >= '0' && line[i] <= '9' && status < 1000; i++) {
        status = status * 10 + (line[i] - '0');
    }
    return status;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static bool has_control_bytes(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (((unsigned char)text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7f) {
            return true;
        }
    }
    return false;
}

/* Digits into *ret, bounded by longest_s; returns how many. */
static size_t parse_digits(const char *text, size_t length, int64_t *ret)
{
    size_t i = 0;
    *ret = 0;
    for (; i < length && text[i] >= '0' && text[i] <= '9'; i++) {
        *ret = *ret * 10 + (text[i] - '0');
        *ret = *ret < longest_s ? *ret : longest_s;
    }
    return i;
}

/* The whole text is a number of seconds. */
static bool parse_seconds(const char *text, int64_t *ret_s)
{
    size_t length = strlen(text);
    return length > 0 && parse_digits(text, length, ret_s) == length;
}

/* "public, max-age=3600": the first max-age counts, as it does for browsers. no-cache and
 * no-store ask for nothing that a conditional request does not give. */
static void read_cache_control(struct http_headers *headers, const char *value, size_t length)
{
    static const char name[] = "max-age=";
    const size_t name_length = sizeof(name) - 1;
    for (size_t i = 0; i < length && !headers->has_max_age;) {
        while (i < length && (is_blank(value[i]) || value[i] == ',')) {
            i++;
        }
        if (length - i > name_length && strncasecmp(value + i, name, name_length) == 0) {
            size_t at = i + name_length + (value[i + name_length] == '"');
            headers->has_max_age = parse_digits(value + at, length - at, &headers->max_age_s) >
                0;
        }
        const char *comma = memchr(value + i, ',', length - i);
        i = comma != NULL ? (size_t)(comma - value) : length;
    }
}

/* A field that may come several times, which means the same as one list (RFC 9110 5.3). */
static void append_link(struct http_headers *headers, const char *value, size_t length)
{
    size_t at = strlen(headers->link);
    if (length > 0 && at + length + sizeof(", ") <= sizeof(headers->link) &&
        !has_control_bytes(value, length)) {
        const char *separator = at > 0 ? ", " : "";
        snprintf(headers->link + at, sizeof(headers->link) - at, "%s%.*s", separator,
            (int)length, value);
    }
}

static void read_field(struct http_headers *headers, const char *name, size_t name_length,
    const char *value, size_t length)
{
    if (name_length == strlen("link") && strncasecmp(name, "link", name_length) == 0) {
        append_link(headers, value, length);
        return;
    }
    if (name_length == strlen("cache-control") &&
        strncasecmp(name, "cache-control", name_length) == 0) {
        read_cache_control(headers, value, length);
        return;
    }
    for (size_t i = 0; i < array_count(fields); i++) {
        const struct field *field = &fields[i];
        if (strlen(field->name) == name_length &&
            strncasecmp(name, field->name, name_length) == 0 && length < field->bytes &&
            !has_control_bytes(value, length)) {
            char *place = (char *)headers + field->offset;
            memcpy(place, value, length);
            place[length] = '\0';
        }
    }
}

enum http_line http_headers_add(struct http_headers *headers, const char *line, size_t length)
{
    if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        memset(headers, 0, sizeof(*headers));
        headers->status = parse_status(line, length);
        return HTTP_LINE_STATUS;
    }
    while (length > 0 && is_blank(line[length - 1])) {
        length--;
    }
    if (length == 0) {
        headers->complete = true;
        return HTTP_LINE_END;
    }
    const char *colon = memchr(line, ':', length);
    if (colon != NULL && !headers->complete) {
        const char *value = colon + 1;
        while (value < line + length && is_blank(*value)) {
            value++;
        }
        read_field(
            headers, line, (size_t)(colon - line), value, (size_t)(line + length - value));
    }
    return HTTP_LINE_FIELD;
}

/* An HTTP date, or -1. */
static int64_t parse_date(const char *text)
{
    return text[0] != '\0' ? (int64_t)curl_getdate(text, NULL) : -1;
}

/* Seconds from the server's now to `date_s`, 0 when it has passed. */
static int64_t seconds_until(
    const struct http_headers *headers, int64_t date_s, int64_t now_utc_s)
{
    int64_t server_now_s = parse_date(headers->date);
    int64_t wait_s = date_s - (server_now_s >= 0 ? server_now_s : now_utc_s);
    return wait_s < 0 ? 0 : wait_s < longest_s ? wait_s : longest_s;
}

int64_t http_headers_retry_after_s(const struct http_headers *headers, int64_t now_utc_s)
{
    int64_t wait_s;
    if (parse_seconds(headers->retry_after, &wait_s)) {
        return wait_s;
    }
    int64_t date_s = parse_date(headers->retry_after);
    return date_s >= 0 ? seconds_until(headers, date_s, now_utc_s) : -1;
}

int64_t http_headers_max_age_s(const struct http_headers *headers, int64_t now_utc_s)
{
    if (headers->has_max_age) {
        int64_t age_s;
        if (!parse_seconds(headers->age, &age_s)) {
            age_s = 0;
        }
        return headers->max_age_s > age_s ? headers->max_age_s - age_s : 0;
    }
    int64_t date_s = parse_date(headers->expires);
    return date_s >= 0 ? seconds_until(headers, date_s, now_utc_s) : -1;
}
