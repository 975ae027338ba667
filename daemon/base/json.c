/* A page of JSON from known structs needs no tree: jansson would copy every string of thousands
 * of candidates to print them once, and would parse the stored reasons only to print them
 * again. */

#include "base/json.h"

#include "base/clock.h"
#include "base/utf8.h"

static void write_character(uint32_t c, struct buffer *out)
{
    static const char short_escapes[0x20] = {
        ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    if (c == '"' || c == '\\') {
        buffer_printf(out, "\\%c", (char)c);
    } else if (c < 0x20 && short_escapes[c] != 0) {
        buffer_printf(out, "\\%c", short_escapes[c]);
    } else if (c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029) {
        /* the last two are line breaks to JavaScript before 2019 */
        buffer_printf(out, "\\u%04x", c);
    } else {
        buffer_put_codepoint(out, c);
    }
}

void json_write_string(const char *text, struct buffer *out)
{
    if (text == NULL) {
        buffer_puts(out, "null");
        return;
    }
    buffer_putc(out, '"');
    size_t length;
    uint32_t c;
    while ((length = utf8_decode(text, &c)) > 0) {
        write_character(c, out);
        text += length;
    }
    buffer_putc(out, '"');
}

void json_write_strings(const char *const *texts, size_t count, struct buffer *out)
{
    buffer_putc(out, '[');
    for (size_t i = 0; i < count; i++) {
        buffer_puts(out, i > 0 ? "," : "");
        json_write_string(texts[i], out);
    }
    buffer_putc(out, ']');
}

void json_write_time(int64_t utc_s, struct buffer *out)
{
    char text[CLOCK_ISO_BYTES];
    json_write_string(utc_s == CLOCK_NONE ? NULL : clock_format_iso(utc_s, text), out);
}
