/* json_string() answers NULL for bytes that are not UTF-8. utf8proc_iterate() finds where they
 * are; the common case, valid text, is not copied. */
#include "web/server/json.h"

#include <string.h>
#include <utf8proc.h>

#include "base/buffer.h"

static json_t *replace_broken(const char *text)
{
    size_t length = strlen(text);
    struct buffer clean;
    buffer_init(&clean, length * 3 + 1);
    for (size_t at = 0; at < length;) {
        utf8proc_int32_t codepoint;
        utf8proc_ssize_t taken = utf8proc_iterate(
            (const utf8proc_uint8_t *)text + at, (utf8proc_ssize_t)(length - at), &codepoint);
        buffer_put_codepoint(&clean, taken > 0 ? (unsigned)codepoint : 0xfffd);
        at += taken > 0 ? (size_t)taken : 1;
    }
    json_t *string = json_string(clean.data);
    buffer_release(&clean);
    return string;
}

json_t *json_text(const char *text)
{
    if (text == NULL) {
        return json_null();
    }
    json_t *string = json_string(text);
    return string == NULL ? replace_broken(text) : string;
}
