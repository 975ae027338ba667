/* A verdict as JSON, written straight into the buffer: a tree of thousands of verdicts would be
 * built only to be printed once. */
#include "briefing/judge.h"

#include "base/json.h"

/* Hundreds of matches; a text that makes more is spam, and its reasons are not worth keeping.
 */
enum { REASONS_BYTES_MAX = 64 << 10 };

static void write_member(const char *name, const char *value, struct buffer *out)
{
    buffer_printf(out, ",\"%s\":", name);
    json_write_string(value, out);
}

/* "spans":[[start,end],…], left out where nothing is to be marked. */
static void write_spans(const struct reason *reason, struct buffer *out)
{
    for (size_t i = 0; i < reason->span_count; i++) {
        buffer_puts(out, i == 0 ? ",\"spans\":[[" : ",[");
        buffer_put_number(out, reason->spans[i].start);
        buffer_putc(out, ',');
        buffer_put_number(out, reason->spans[i].end);
        buffer_putc(out, ']');
    }
    if (reason->span_count > 0) {
        buffer_putc(out, ']');
    }
}

static void write_reasons(const struct verdict *verdict, struct buffer *out)
{
    buffer_putc(out, '[');
    for (size_t i = 0; i < verdict->reason_count; i++) {
        const struct reason *reason = &verdict->reasons[i];
        buffer_puts(out, i > 0 ? ",{\"rule\":" : "{\"rule\":");
        json_write_string(reason->rule, out);
        write_member("matched", reason->matched, out);
        write_member("field", reason->field, out);
        buffer_printf(out, ",\"weight\":%.4g", reason->weight);
        write_spans(reason, out);
        buffer_putc(out, '}');
    }
    buffer_putc(out, ']');
}

void verdict_write_json(const struct verdict *verdict, const struct config *config,
    const char *id, struct buffer *out)
{
    buffer_putc(out, '{');
    if (id != NULL) {
        buffer_puts(out, "\"id\":");
        json_write_string(id, out);
        buffer_putc(out, ',');
    }
    buffer_puts(out, "\"section\":");
    json_write_string(config->sections[verdict->section].id, out);
    buffer_printf(out, ",\"margin\":%.4f,\"uncertain\":%s,\"relevance\":%.4f,\"off_topic\":%s",
        verdict->margin, verdict->uncertain ? "true" : "false", verdict->relevance,
        verdict->off_topic ? "true" : "false");
    write_member("vendor", verdict->vendor, out);
    write_member("prefix", verdict->prefix, out);
    buffer_puts(out, ",\"tags\":");
    json_write_strings(verdict->tags, verdict->tag_count, out);
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
