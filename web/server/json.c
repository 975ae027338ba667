/* json_string() answers NULL for bytes that are not UTF-8, and only then is the text walked:
 * the common case, valid text, is not looked at twice. */
#include "web/server/json.h"

#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "briefing/letters.h"

static json_t *replace_broken(const char *text)
{
    struct buffer clean;
    buffer_init(&clean, strlen(text) * strlen("\xef\xbf\xbd"));
    size_t offset = 0;
    uint32_t c;
    while ((c = letters_next(text, &offset)) != 0) {
        buffer_put_codepoint(&clean, c);
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
