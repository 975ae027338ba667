#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#undef fault_set /* what an analyzer is told of it (fault.h) */

static const char *const kind_names[] = {
    [FAULT_NONE] = "none",
    [FAULT_CONFIG] = "config",
    [FAULT_NETWORK] = "network",
    [FAULT_GONE] = "gone",
    [FAULT_PARSE] = "parse",
    [FAULT_LIMIT] = "limit",
    [FAULT_STORE] = "store",
    [FAULT_CANCELLED] = "cancelled",
    [FAULT_MISSING] = "missing",
    [FAULT_CONFLICT] = "conflict",
    [FAULT_REFUSED] = "refused",
};

/* vsnprintf cuts at a byte; step back over a UTF-8 character it cut in two. */
static void trim_broken_tail(char *text)
{
    size_t length = strlen(text);
    size_t start = length;
    while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80) {
        start--;
    }
    if (start == 0) {
        return;
    }
    unsigned char lead = (unsigned char)text[start - 1];
    size_t want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (length - (start - 1) < want) {
        text[start - 1] = '\0';
    }
}

bool fault_set(struct fault *fault, enum fault_kind kind, const char *format, ...)
{
    if (fault == NULL) {
        return false;
    }
    fault->kind = kind;
    va_list values;
    va_start(values, format);
    vsnprintf(fault->message, sizeof(fault->message), format, values);
    va_end(values);
    trim_broken_tail(fault->message);
    return false;
}

bool fault_prefix(struct fault *fault, const char *format, ...)
{
    if (fault == NULL) {
        return false;
    }
    char rest[sizeof(fault->message)];
    memcpy(rest, fault->message, sizeof(rest));
    va_list values;
    va_start(values, format);
    int used = vsnprintf(fault->message, sizeof(fault->message), format, values);
    va_end(values);
    if (used >= 0 && (size_t)used < sizeof(fault->message)) {
        snprintf(fault->message + used, sizeof(fault->message) - (size_t)used, "%s", rest);
    }
    trim_broken_tail(fault->message);
    return false;
}

const char *fault_kind_name(enum fault_kind kind)
{
    return kind_names[kind];
}
