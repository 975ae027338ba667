/* The header lines of a response, and the waiting times in them. */
#include <string.h>

#include "input.h"
#include "net/http_headers.h"

static void check_string(const char *name, const char *value, size_t size)
{
    fuzz_require(memchr(value, '\0', size) != NULL, "%s has no end", name);
}

static void check_strings(const struct http_headers *headers)
{
    check_string("etag", headers->etag, sizeof(headers->etag));
    check_string("location", headers->location, sizeof(headers->location));
    check_string("last_modified", headers->last_modified, sizeof(headers->last_modified));
    check_string("content_type", headers->content_type, sizeof(headers->content_type));
    check_string("retry_after", headers->retry_after, sizeof(headers->retry_after));
    check_string("date", headers->date, sizeof(headers->date));
    check_string("expires", headers->expires, sizeof(headers->expires));
    check_string("age", headers->age, sizeof(headers->age));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int64_t now_utc_s = 1600300800;
    struct fuzz_input input = fuzz_input_of(data, size);
    struct http_headers headers = {0};
    while (fuzz_left(&input) > 0) {
        const char *line = input.cursor;
        const char *end = memchr(line, '\n', fuzz_left(&input));
        input.cursor = end == NULL ? input.end : end + 1;
        http_headers_add(&headers, line, (size_t)(input.cursor - line));
        check_strings(&headers);
    }
    int64_t retry_s = http_headers_retry_after_s(&headers, now_utc_s);
    int64_t max_age_s = http_headers_max_age_s(&headers, now_utc_s);
    fuzz_require(retry_s >= -1, "wait %lld s", (long long)retry_s);
    fuzz_require(max_age_s >= -1, "fresh for %lld s", (long long)max_age_s);
    return 0;
}
