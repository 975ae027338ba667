/* Numbers are printed so that the reader of value.c gives back the very same bits: it takes
 * plain decimals only, so a double is written with as many decimals as it needs, and a time or
 * size in the largest unit that divides it. */
#include "config/setting.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/value.h"

static void *field_of(const struct schema_key *key, void *target)
{
    return (char *)target + key->offset;
}

static const void *peek_field(const struct schema_key *key, const void *target)
{
    return (const char *)target + key->offset;
}

static size_t *list_count(const struct schema_key *key, void *target)
{
    return (size_t *)(void *)((char *)target + key->count_offset);
}

static size_t field_bytes(enum schema_kind kind)
{
    switch (kind) {
    case SCHEMA_FORM:
        return sizeof(enum config_form);
    case SCHEMA_CHOICE:
        return sizeof(int);
    case SCHEMA_FLAGS:
        return sizeof(unsigned);
    case SCHEMA_BOOLEAN:
        return sizeof(bool);
    case SCHEMA_COUNT:
    case SCHEMA_SIZE:
        return sizeof(size_t);
    case SCHEMA_NUMBER:
        return sizeof(double);
    case SCHEMA_SECONDS:
    case SCHEMA_MILLISECONDS:
    case SCHEMA_UTC_OFFSET:
        return sizeof(int64_t);
    case SCHEMA_WORDS:
    case SCHEMA_PARAMETERS:
        return sizeof(struct config_words);
    default:
        return sizeof(const char *);
    }
}

void setting_reset(const struct schema_key *key, struct arena *arena, void *target)
{
    memset(field_of(key, target), 0, field_bytes(key->kind));
    if (schema_is_words(key->kind)) {
        *(struct config_words *)field_of(key, target) = value_default_words(
            key->fallback, arena);
    } else if (schema_is_list(key->kind)) {
        if (key->kind != SCHEMA_FLAGS) {
            *list_count(key, target) = 0;
        }
    } else if (key->fallback != NULL &&
        !value_read(key, key->fallback, arena, field_of(key, target), NULL)) {
        abort(); /* the reader of the file has read the same default before */
    }
}

/* The first word takes the place of the list that stands for none. */
static void add_word(const char *text, struct arena *arena, struct config_words *words)
{
    if (value_are_default_words(words)) {
        words->count = 0;
    }
    struct config_word *items = arena_new_array(arena, struct config_word, words->count + 1);
    if (words->count > 0) {
        memcpy(items, words->items, words->count * sizeof(*items));
    }
    items[words->count++].text = arena_strdup(arena, text);
    words->items = items;
}

static void add_string(
    const char *text, struct arena *arena, const char ***strings, size_t *count)
{
    const char **items = arena_new_array(arena, const char *, *count + 1);
    if (*count > 0) {
        memcpy(items, *strings, *count * sizeof(*items));
    }
    items[(*count)++] = arena_strdup(arena, text);
    *strings = items;
}

static bool add_flag(
    const struct schema_key *key, const char *text, unsigned *flags, struct fault *fault)
{
    int choice;
    if (!value_read_choice(key, text, &choice, fault)) {
        return fault_prefix(fault, "%s: ", key->name);
    }
    *flags |= 1U << choice;
    return true;
}

bool setting_apply(const struct schema_key *key, const char *value, struct arena *arena,
    void *target, struct fault *fault)
{
    if (value[0] == '\0' && key->kind != SCHEMA_SEPARATOR) {
        setting_reset(key, arena, target);
        return true;
    }
    if (!schema_is_list(key->kind)) {
        return value_read(key, value, arena, field_of(key, target), fault) ||
            fault_prefix(fault, "%s: ", key->name);
    }
    if (key->kind == SCHEMA_FLAGS) {
        return add_flag(key, value, field_of(key, target), fault);
    }
    if (!value_check(key->kind, value, fault)) {
        return fault_prefix(fault, "%s: ", key->name);
    }
    if (schema_is_words(key->kind)) {
        add_word(value, arena, field_of(key, target));
    } else {
        add_string(value, arena, field_of(key, target), list_count(key, target));
    }
    return true;
}

/* ---- what it holds ---- */

static bool is_text(enum schema_kind kind)
{
    return kind <= SCHEMA_SECTION_NAME;
}

static const char *peek_text(const void *field)
{
    return *(const char *const *)field;
}

/* A text without a default that is not written is NULL, as is its field. */
static bool is_default_text(const struct schema_key *key, const void *field)
{
    const char *text = peek_text(field);
    return text == NULL || (key->fallback != NULL && strcmp(text, key->fallback) == 0);
}

static bool is_default(const struct schema_key *key, const void *field)
{
    if (is_text(key->kind)) {
        return is_default_text(key, field);
    }
    union {
        size_t count;
        double number;
        int64_t time;
        bool boolean;
        enum config_form form;
        int choice;
    } fallback;
    memset(&fallback, 0, sizeof(fallback));
    struct arena none = {0}; /* only texts are copied */
    if (key->fallback != NULL && !value_read(key, key->fallback, &none, &fallback, NULL)) {
        abort();
    }
    return memcmp(&fallback, field, field_bytes(key->kind)) == 0;
}

size_t setting_count(const struct schema_key *key, const void *target)
{
    const void *field = peek_field(key, target);
    if (schema_is_words(key->kind)) {
        const struct config_words *words = field;
        return value_are_default_words(words) ? 0 : words->count;
    }
    if (key->kind == SCHEMA_FLAGS) {
        return (size_t)__builtin_popcount(*(const unsigned *)field);
    }
    if (schema_is_list(key->kind)) {
        return *(const size_t *)(const void *)((const char *)target + key->count_offset);
    }
    return is_default(key, field) ? 0 : 1;
}

/* ---- as text ---- */

static void write_number(double number, struct buffer *out)
{
    char text[64];
    for (int decimals = 0; decimals <= 17; decimals++) {
        snprintf(text, sizeof(text), "%.*f", decimals, number);
        if (strtod(text, NULL) == number) {
            break;
        }
    }
    buffer_puts(out, text);
}

struct unit {
    const char *name;
    int64_t factor;
};

static void write_measured(int64_t value, const struct unit *units, struct buffer *out)
{
    while (units->factor > 1 && (value == 0 || value % units->factor != 0)) {
        units++;
    }
    buffer_printf(out, "%" PRId64 "%s", value / units->factor, units->name);
}

static void write_utc_offset(int64_t offset_s, struct buffer *out)
{
    int64_t minutes = llabs(offset_s) / 60;
    buffer_printf(out, "%c%02" PRId64 ":%02" PRId64, offset_s < 0 ? '-' : '+', minutes / 60,
        minutes % 60);
}

static const struct unit seconds[] = {{"d", 86400}, {"h", 3600}, {"m", 60}, {"s", 1}};
static const struct unit milliseconds[] = {
    {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};
static const struct unit sizes[] = {{"G", 1 << 30}, {"M", 1 << 20}, {"K", 1 << 10}, {"", 1}};

static void write_single(enum schema_kind kind, const void *field, struct buffer *out)
{
    switch (kind) {
    case SCHEMA_FORM:
        buffer_puts(out, value_form_name(*(const enum config_form *)field));
        break;
    case SCHEMA_BOOLEAN:
        buffer_puts(out, *(const bool *)field ? "true" : "false");
        break;
    case SCHEMA_COUNT:
        buffer_printf(out, "%zu", *(const size_t *)field);
        break;
    case SCHEMA_SIZE:
        write_measured((int64_t) * (const size_t *)field, sizes, out);
        break;
    case SCHEMA_NUMBER:
        write_number(*(const double *)field, out);
        break;
    case SCHEMA_SECONDS:
        write_measured(*(const int64_t *)field, seconds, out);
        break;
    case SCHEMA_MILLISECONDS:
        write_measured(*(const int64_t *)field, milliseconds, out);
        break;
    case SCHEMA_UTC_OFFSET:
        write_utc_offset(*(const int64_t *)field, out);
        break;
    default:
        buffer_puts(out, peek_text(field));
        break;
    }
}

/* The word of the index-th bit that is set. */
static const char *flag_name(const struct schema_key *key, unsigned flags, size_t index)
{
    for (; index > 0; index--) {
        flags &= flags - 1; /* without its lowest bit */
    }
    return key->choices[__builtin_ctz(flags)];
}

void setting_write(
    const struct schema_key *key, const void *target, size_t index, struct buffer *out)
{
    const void *field = peek_field(key, target);
    if (schema_is_words(key->kind)) {
        buffer_puts(out, ((const struct config_words *)field)->items[index].text);
    } else if (key->kind == SCHEMA_FLAGS) {
        buffer_puts(out, flag_name(key, *(const unsigned *)field, index));
    } else if (key->kind == SCHEMA_CHOICE) {
        buffer_puts(out, key->choices[*(const int *)field]);
    } else if (schema_is_list(key->kind)) {
        buffer_puts(out, (*(const char *const *const *)field)[index]);
    } else {
        write_single(key->kind, field, out);
    }
}
