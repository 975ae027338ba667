/* A verdict as JSON, written straight into the buffer: a tree of thousands of verdicts would be
 * built only to be printed once. */
#include "briefing/judge.h"

#include <utf8proc.h>

/* Hundreds of matches; a text that makes more is spam, and its reasons are not worth keeping. */
enum { REASONS_BYTES_MAX = 64 << 10 };

/* A quoted string, or null for NULL; bytes that are not UTF-8 become U+FFFD. */
static void write_string(const char *text, struct buffer *out)
{
    if (text == NULL) {
        buffer_puts(out, "null");
        return;
    }
    buffer_putc(out, '"');
    while (*text != '\0') {
        utf8proc_int32_t codepoint;
        utf8proc_ssize_t used = utf8proc_iterate(
            (const utf8proc_uint8_t *)text, -1, &codepoint);
        if (used <= 0) {
            used = 1;
            codepoint = 0xfffd;
        }
        if (codepoint == '"' || codepoint == '\\') {
            buffer_printf(out, "\\%c", (char)codepoint);
        } else if (codepoint < 0x20 || codepoint == 0x7f) {
            buffer_printf(out, "\\u%04x", (unsigned)codepoint);
        } else {
            buffer_put_codepoint(out, (unsigned)codepoint);
        }
        text += used;
    }
    buffer_putc(out, '"');
}

static void write_member(const char *name, const char *value, struct buffer *out)
{
    buffer_printf(out, ",\"%s\":", name);
    write_string(value, out);
}

static void write_tags(const struct verdict *verdict, struct buffer *out)
{
    buffer_puts(out, ",\"tags\":[");
    for (size_t i = 0; i < verdict->tag_count; i++) {
        buffer_puts(out, i > 0 ? "," : "");
        write_string(verdict->tags[i], out);
    }
    buffer_putc(out, ']');
}

static void write_reasons(const struct verdict *verdict, struct buffer *out)
{
    buffer_putc(out, '[');
    for (size_t i = 0; i < verdict->reason_count; i++) {
        const struct reason *reason = &verdict->reasons[i];
        buffer_puts(out, i > 0 ? ",{\"rule\":" : "{\"rule\":");
        write_string(reason->rule, out);
        write_member("matched", reason->matched, out);
        write_member("field", reason->field, out);
        buffer_printf(out, ",\"weight\":%.4g}", reason->weight);
    }
    buffer_putc(out, ']');
}

void verdict_write_json(const struct verdict *verdict, const struct config *config,
    const char *id, struct buffer *out)
{
    buffer_putc(out, '{');
    if (id != NULL) {
        buffer_puts(out, "\"id\":");
        write_string(id, out);
        buffer_putc(out, ',');
    }
    buffer_puts(out, "\"section\":");
    write_string(config->sections[verdict->section].id, out);
    buffer_printf(out, ",\"margin\":%.4f,\"uncertain\":%s,\"relevance\":%.4f,\"off_topic\":%s",
        verdict->margin, verdict->uncertain ? "true" : "false", verdict->relevance,
        verdict->off_topic ? "true" : "false");
    write_member("vendor", verdict->vendor, out);
    write_member("prefix", verdict->prefix, out);
    write_tags(verdict, out);
    buffer_puts(out, ",\"reasons\":");
    write_reasons(verdict, out);
    buffer_putc(out, '}');
}

const char *verdict_reasons_json(const struct verdict *verdict, struct arena *arena)
{
    struct buffer out;
    buffer_init(&out, REASONS_BYTES_MAX);
    write_reasons(verdict, &out);
    const char *json = buffer_failed(&out) ? "[]" : arena_strndup(arena, out.data, out.length);
    buffer_release(&out);
    return json;
}
