/* Integers are written as JSON's, which has no limit to their size; a reader that takes them
 * for floating point must not touch hashes. Real numbers have 17 digits, which give back the
 * same bits. Bytes that are no text of JSON's (no UTF-8, or with a NUL) are hexadecimal digits
 * in an object that says what they were: {"text":"ff00"}, {"blob":"0a"}, {"real":"inf"}. */
#include "command/row_line.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

/* ---- writing ---- */

void row_head_write(const struct row_head *head, struct buffer *out)
{
    buffer_printf(out, "{\"briefd\":\"export\",\"version\":%d,\"schema\":%d,\"secrets\":%s}\n",
        head->version, head->schema, head->with_secrets ? "true" : "false");
}

void row_end_write(size_t rows, struct buffer *out)
{
    buffer_printf(out, "{\"end\":true,\"rows\":%zu}\n", rows);
}

static void write_hex(const char *kind, const char *bytes, size_t length, struct buffer *out)
{
    static const char digits[] = "0123456789abcdef";
    buffer_printf(out, "{\"%s\":\"", kind);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        buffer_putc(out, digits[byte >> 4]);
        buffer_putc(out, digits[byte & 15]);
    }
    buffer_puts(out, "\"}");
}

static void write_text(const struct transfer_value *value, struct buffer *out)
{
    if (!utf8_is_text(value->bytes, value->length)) {
        write_hex("text", value->bytes, value->length, out);
        return;
    }
    cleanup(arena_release) struct arena arena = {0};
    json_write_string(arena_strndup(&arena, value->bytes, value->length), out);
}

/* A point or an exponent tells it from an integer. SQLite keeps no NaN: it is NULL there. */
static void write_real(double real, struct buffer *out)
{
    char text[40];
    if (!isfinite(real)) {
        buffer_printf(out, "{\"real\":\"%s\"}", real > 0 ? "inf" : "-inf");
        return;
    }
    snprintf(text, sizeof(text), "%.17g", real);
    buffer_printf(out, "%s%s", text, strpbrk(text, ".e") == NULL ? ".0" : "");
}

static void write_value(const struct transfer_value *value, struct buffer *out)
{
    switch (value->kind) {
    case TRANSFER_NULL:
        buffer_puts(out, "null");
        break;
    case TRANSFER_INTEGER:
        buffer_printf(out, "%lld", (long long)value->integer);
        break;
    case TRANSFER_REAL:
        write_real(value->real, out);
        break;
    case TRANSFER_TEXT:
        write_text(value, out);
        break;
    case TRANSFER_BLOB:
        write_hex("blob", value->bytes, value->length, out);
        break;
    }
}

void row_line_write(const struct transfer_row *row, struct buffer *out)
{
    buffer_puts(out, "{\"table\":");
    json_write_string(row->table, out);
    buffer_puts(out, ",\"row\":{");
    for (size_t i = 0; i < row->count; i++) {
        buffer_puts(out, i == 0 ? "" : ",");
        json_write_string(row->values[i].column, out);
        buffer_putc(out, ':');
        write_value(&row->values[i], out);
    }
    buffer_puts(out, "}}\n");
}

/* ---- reading ---- */

static int hex_digit(char digit)
{
    const char *digits = "0123456789abcdef";
    const char *found = digit == '\0' ? NULL : strchr(digits, digit);
    return found == NULL ? -1 : (int)(found - digits);
}

static bool read_hex(struct arena *arena, const char *text, struct transfer_value *value)
{
    size_t length = strlen(text);
    char *bytes = arena_alloc(arena, length / 2 + 1);
    for (size_t i = 0; i < length; i += 2) {
        int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        bytes[i / 2] = (char)(high << 4 | low);
    }
    value->bytes = bytes;
    value->length = length / 2;
    return true;
}

static bool read_real(const char *text, struct transfer_value *value)
{
    value->kind = TRANSFER_REAL;
    value->real = strcmp(text, "inf") == 0 ? INFINITY : -INFINITY;
    return strcmp(text, "inf") == 0 || strcmp(text, "-inf") == 0;
}

/* {"text":"…"}, {"blob":"…"}, {"real":"…"} */
static bool read_object(struct arena *arena, const json_t *json, struct transfer_value *value)
{
    const char *text = json_string_value(json_object_get(json, "text"));
    const char *blob = json_string_value(json_object_get(json, "blob"));
    const char *real = json_string_value(json_object_get(json, "real"));
    value->kind = text != NULL ? TRANSFER_TEXT : TRANSFER_BLOB;
    if (json_object_size(json) != 1) {
        return false;
    }
    if (real != NULL) {
        return read_real(real, value);
    }
    return (text != NULL || blob != NULL) && read_hex(arena, text != NULL ? text : blob, value);
}

static bool read_value(struct arena *arena, const json_t *json, struct transfer_value *value)
{
    switch (json_typeof(json)) {
    case JSON_NULL:
        value->kind = TRANSFER_NULL;
        return true;
    case JSON_INTEGER:
        value->kind = TRANSFER_INTEGER;
        value->integer = json_integer_value(json);
        return true;
    case JSON_REAL:
        value->kind = TRANSFER_REAL;
        value->real = json_real_value(json);
        return true;
    case JSON_STRING:
        value->kind = TRANSFER_TEXT;
        value->length = json_string_length(json);
        value->bytes = arena_strndup(arena, json_string_value(json), value->length);
        return true;
    case JSON_OBJECT:
        return read_object(arena, json, value);
    default:
        return false;
    }
}

static bool read_row(
    struct arena *arena, const json_t *json, struct transfer_row *row, struct fault *fault)
{
    const char *table = json_string_value(json_object_get(json, "table"));
    json_t *members = json_object_get(json, "row");
    if (table == NULL || !json_is_object(members)) {
        return fault_set(fault, FAULT_PARSE, "it is neither a row nor the end");
    }
    if (json_object_size(members) > TRANSFER_COLUMNS_MAX) {
        return fault_set(
            fault, FAULT_PARSE, "a row has at most %d columns", TRANSFER_COLUMNS_MAX);
    }
    *row = (struct transfer_row){.table = arena_strdup(arena, table)};
    const char *column;
    json_t *member;
    json_object_foreach(members, column, member)
    {
        struct transfer_value *value = &row->values[row->count++];
        value->column = arena_strdup(arena, column);
        if (!read_value(arena, member, value)) {
            return fault_set(fault, FAULT_PARSE, "'%s' is no value of a column", column);
        }
    }
    return true;
}

static bool read_head(const json_t *json, struct row_head *head, struct fault *fault)
{
    const json_t *version = json_object_get(json, "version");
    const json_t *schema = json_object_get(json, "schema");
    if (!json_is_integer(version) || !json_is_integer(schema)) {
        return fault_set(fault, FAULT_PARSE, "version and schema must be integers");
    }
    head->version = (int)json_integer_value(version);
    head->schema = (int)json_integer_value(schema);
    head->with_secrets = json_is_true(json_object_get(json, "secrets"));
    return true;
}

static bool read_line(
    struct arena *arena, const json_t *json, struct row_line *line, struct fault *fault)
{
    *line = (struct row_line){.kind = ROW_LINE_ROW};
    if (json_object_get(json, "briefd") != NULL) {
        line->kind = ROW_LINE_HEAD;
        return read_head(json, &line->head, fault);
    }
    if (json_is_true(json_object_get(json, "end"))) {
        line->kind = ROW_LINE_END;
        line->rows = (size_t)json_integer_value(json_object_get(json, "rows"));
        return true;
    }
    return read_row(arena, json, &line->row, fault);
}

bool row_line_read(struct arena *arena, const char *text, size_t length,
    struct row_line *ret_line, struct fault *fault)
{
    json_error_t error;
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        return fault_set(fault, FAULT_PARSE, "%s at byte %d", error.text, error.position);
    }
    bool ok = json_is_object(json)
        ? read_line(arena, json, ret_line, fault)
        : fault_set(fault, FAULT_PARSE, "a line must be a JSON object");
    json_decref(json);
    return ok;
}
