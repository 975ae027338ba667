/* What says who asks: Cookie, Authorization, a form. A cookie's secret lies in the header,
 * stands behind the name of ours, has none of the signs that end it and fits; one that was
 * written is found again, whatever stands around it; a token lies in its header; a value of a
 * form is UTF-8 without control characters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "input.h"
#include "web/access/access.h"
#include "web/access/cookie.h"
#include "web/server/call.h"

enum { SECRET_MAX_BYTES = 64, FIELD_BYTES = 512 };

static const char *const field_names[] = {"name", "password", "next", "remember", ""};

static void check_cookie(const char *header, bool secure)
{
    static const char plain[] = "briefd=", guarded[] = "__Host-briefd=";
    const char *name = secure ? guarded : plain;
    size_t length = 0, before = strlen(name);
    const char *secret = cookie_find(header, secure, &length);
    if (secret == NULL) {
        return;
    }
    fuzz_require(secret >= header + before && secret + length <= header + strlen(header),
        "the secret lies outside of the header");
    fuzz_require(memcmp(secret - before, name, before) == 0, "the secret of another cookie");
    fuzz_require(
        length > 0 && length <= SECRET_MAX_BYTES && memchr(secret, ';', length) == NULL,
        "a secret of %zu bytes, or two of them", length);
}

/* Ours among what other programs of the host have set; theirs may be anything but it. */
static void check_written(const char *header, bool secure)
{
    size_t length = 0;
    char set[COOKIE_SET_BYTES], both[FIELD_BYTES + COOKIE_SET_BYTES];
    if (strlen(header) >= FIELD_BYTES || strstr(header, "briefd") != NULL) {
        return;
    }
    cookie_write("c2VjcmV0", secure, 60, set);
    set[strcspn(set, ";")] = '\0';
    snprintf(both, sizeof(both), "%s; %s", header, set);
    const char *found = cookie_find(both, secure, &length);
    fuzz_require(found != NULL && length == 8 && memcmp(found, "c2VjcmV0", 8) == 0,
        "a cookie of ours is not found behind '%s'", header);
}

static void check_token(const char *header)
{
    size_t length = 0;
    const char *token = access_find_token(header, &length);
    if (token != NULL) {
        fuzz_require(strncasecmp(header, "bearer ", 7) == 0, "a token of another scheme");
        fuzz_require(token >= header + 7 && token + length == header + strlen(header),
            "the token lies outside of the header");
    }
}

static void check_value(const char *value)
{
    for (size_t left = strlen(value), size; left > 0; value += size, left -= size) {
        size = utf8_measure(value, left);
        fuzz_require(size > 0 && (unsigned char)*value >= ' ' && *value != 0x7f,
            "a value with control characters, or no UTF-8");
    }
}

static void check_form(const char *text)
{
    struct call call;
    call_init(&call);
    call.query = call.body = text;
    for (size_t i = 0; i < array_count(field_names); i++) {
        const char *values[] = {
            call_form(&call, field_names[i]), call_query(&call, field_names[i])};
        for (size_t k = 0; k < array_count(values); k++) {
            if (values[k] != NULL) {
                check_value(values[k]);
            }
        }
    }
    call_release(&call);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    cleanup(fuzz_freep) char *text = fuzz_take_text(&input);
    for (int secure = 0; secure <= 1; secure++) {
        check_cookie(text, secure != 0);
        check_written(text, secure != 0);
    }
    check_token(text);
    check_form(text);
    return 0;
}
