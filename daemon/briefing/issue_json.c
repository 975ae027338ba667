/* An issue as a JSON document, both ways, from one set of tables.
 *
 * A field that is written and not read, or the reverse, would be lost the next time the store
 * opens the issue; so a struct's fields are listed once, with name, kind and place, and writing
 * and reading walk the list. What must hold of a value stands in its kind. Rejected: jansson's
 * json_pack/json_unpack, whose format strings name the fields twice and tell a fault without
 * its place.
 *
 * Written by hand rather than through a jansson tree, as the draft is (base/json.c says why);
 * read with jansson, which bounds the depth (2048) and takes nothing but valid UTF-8.
 */
#include "briefing/letters.h"
#include "briefing/issue.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/json.h"

enum kind {
    TEXT,     /* const char *; null or "": NULL */
    NEEDED,   /* const char *, neither NULL nor empty */
    LABEL,    /* const char *, never NULL, may be empty */
    DATE,     /* const char *, needed: 2020-09-17 */
    DAY,      /* the same, or NULL */
    WEB_URL,  /* const char *: http or https, or NULL */
    LINK_URL, /* the same, or relative */
    FLAG,     /* bool */
    SMALL,    /* uint8_t */
    ID,       /* int64_t, left out when 0 */
    NAMED,    /* an enum, by its names */
    TEXTS,    /* const char ** and a count */
    OBJECT,   /* a struct */
    OBJECTS,  /* an array of structs and a count */
};

struct shape;

struct field {
    const char *name;
    enum kind kind;
    size_t offset;
    size_t count_offset;
    const struct shape *shape; /* OBJECT, OBJECTS */
    const char *const *names;  /* NAMED; NULL at the end */
};

struct shape {
    size_t bytes;
    const struct field *fields;
    size_t field_count;
};

#define SHAPE(type)                                                                            \
    static const struct shape type##_shape = {                                                 \
        sizeof(struct type), type##_fields, array_count(type##_fields)}
#define AT(type, member) .name = #member, .offset = offsetof(struct type, member)
#define COUNTED(type, member, count)                                                           \
    AT(type, member), .count_offset = offsetof(struct type, count)

static const char *const form_names[] = {
    [CONFIG_FORM_ARTICLE] = "article",
    [CONFIG_FORM_ONELINE] = "oneline",
    [CONFIG_FORM_PAPER] = "paper",
    [CONFIG_FORM_PROJECT] = "project",
    NULL,
};

static const char *const archive_form_names[] = {
    [ISSUE_ARCHIVE_NONE] = "none",
    [ISSUE_ARCHIVE_TABLE] = "table",
    [ISSUE_ARCHIVE_LIST] = "list",
    NULL,
};

static const struct field issue_line_fields[] = {
    {AT(issue_line, label), .kind = NEEDED},
    {AT(issue_line, text), .kind = TEXT},
};
SHAPE(issue_line);

static const struct field issue_link_fields[] = {
    {AT(issue_link, label), .kind = NEEDED},
    {AT(issue_link, url), .kind = WEB_URL},
};
SHAPE(issue_link);

static const struct field issue_item_fields[] = {
    {AT(issue_item, id), .kind = ID},
    {AT(issue_item, key), .kind = TEXT},
    {AT(issue_item, subject), .kind = TEXT},
    {AT(issue_item, prefix), .kind = TEXT},
    {COUNTED(issue_item, tags, tag_count), .kind = TEXTS},
    {AT(issue_item, title), .kind = NEEDED},
    {AT(issue_item, linked), .kind = TEXT},
    {AT(issue_item, source), .kind = TEXT},
    {AT(issue_item, url), .kind = WEB_URL},
    {AT(issue_item, awaits_url), .kind = FLAG},
    {COUNTED(issue_item, links, link_count), .kind = OBJECTS, .shape = &issue_link_shape},
    {COUNTED(issue_item, lines, line_count), .kind = OBJECTS, .shape = &issue_line_shape},
    {AT(issue_item, summary), .kind = TEXT},
    {AT(issue_item, bare_summary), .kind = FLAG},
    {AT(issue_item, clause), .kind = TEXT},
    {AT(issue_item, highlight), .kind = FLAG},
};
SHAPE(issue_item);

static const struct field issue_section_fields[] = {
    {AT(issue_section, id), .kind = NEEDED},
    {AT(issue_section, title), .kind = NEEDED},
    {AT(issue_section, short_title), .kind = TEXT},
    {AT(issue_section, form), .kind = NAMED, .names = form_names},
    {AT(issue_section, lead_in), .kind = TEXT},
    {AT(issue_section, note), .kind = TEXT},
    {COUNTED(issue_section, items, item_count), .kind = OBJECTS, .shape = &issue_item_shape},
};
SHAPE(issue_section);

static const struct field past_issue_fields[] = {
    {AT(past_issue, date), .kind = DATE},
    {AT(past_issue, url), .kind = LINK_URL},
    {AT(past_issue, spaces_before), .kind = SMALL},
    {AT(past_issue, spaces_after), .kind = SMALL},
    {AT(past_issue, breaks_row), .kind = FLAG},
    {AT(past_issue, breaks_year), .kind = FLAG},
};
SHAPE(past_issue);

static const struct field config_labels_fields[] = {
    {AT(config_labels, guide), .kind = LABEL},
    {AT(config_labels, guide_count), .kind = LABEL},
    {AT(config_labels, summary), .kind = LABEL},
    {AT(config_labels, link), .kind = LABEL},
    {AT(config_labels, title), .kind = LABEL},
    {AT(config_labels, project), .kind = LABEL},
    {AT(config_labels, code), .kind = LABEL},
    {AT(config_labels, paper), .kind = LABEL},
    {AT(config_labels, note), .kind = LABEL},
    {AT(config_labels, open_bracket), .kind = LABEL},
    {AT(config_labels, close_bracket), .kind = LABEL},
    {AT(config_labels, item_separator), .kind = LABEL},
    {AT(config_labels, group_separator), .kind = LABEL},
    {AT(config_labels, sentence_end), .kind = LABEL},
    {AT(config_labels, source_separator), .kind = LABEL},
    {AT(config_labels, prefix_separator), .kind = LABEL},
    {AT(config_labels, headline_separator), .kind = LABEL},
    {AT(config_labels, archive), .kind = LABEL},
    {AT(config_labels, references), .kind = LABEL},
};
SHAPE(config_labels);
_Static_assert(
    array_count(config_labels_fields) * sizeof(char *) == sizeof(struct config_labels),
    "a label that is not in the table would be lost");

static const struct field issue_fields[] = {
    {AT(issue, date), .kind = DATE},
    {AT(issue, title), .kind = NEEDED},
    {AT(issue, tagline), .kind = TEXT},
    {AT(issue, language), .kind = TEXT},
    {AT(issue, headline), .kind = TEXT},
    {AT(issue, front_matter), .kind = TEXT},
    {AT(issue, preface), .kind = TEXT},
    {AT(issue, guide), .kind = TEXT},
    {COUNTED(issue, sections, section_count), .kind = OBJECTS, .shape = &issue_section_shape},
    {AT(issue, blanks_behind_note), .kind = SMALL},
    {AT(issue, note_before), .kind = TEXT},
    {AT(issue, closing), .kind = TEXT},
    {AT(issue, note_after), .kind = TEXT},
    {AT(issue, archive_form), .kind = NAMED, .names = archive_form_names},
    {COUNTED(issue, archive, archive_count), .kind = OBJECTS, .shape = &past_issue_shape},
    {AT(issue, archive_url), .kind = WEB_URL},
    {AT(issue, archive_anchor), .kind = DAY},
    {AT(issue, archive_filler), .kind = TEXT},
    {AT(issue, footer), .kind = TEXT},
    {AT(issue, url), .kind = WEB_URL},
    {AT(issue, labels), .kind = OBJECT, .shape = &config_labels_shape},
};
SHAPE(issue);

/* NAMED fields are reached as unsigned. */
_Static_assert(sizeof(enum config_form) == sizeof(unsigned) &&
        sizeof(enum issue_archive_form) == sizeof(unsigned),
    "an enum of another size");

const char *issue_form_name(enum config_form form)
{
    return form_names[form];
}

/* ---- writing ---- */

static void write_object(const struct shape *shape, const char *object, struct buffer *out);

static void write_objects(
    const struct shape *shape, const char *items, size_t count, struct buffer *out)
{
    buffer_putc(out, '[');
    for (size_t i = 0; i < count; i++) {
        buffer_puts(out, i > 0 ? "," : "");
        write_object(shape, items + i * shape->bytes, out);
    }
    buffer_putc(out, ']');
}

static size_t count_of(const struct field *field, const char *object)
{
    return *(const size_t *)(const void *)(object + field->count_offset);
}

static void write_value(const struct field *field, const char *object, struct buffer *out)
{
    const void *place = object + field->offset;
    const char *items;
    switch (field->kind) {
    case FLAG:
        buffer_puts(out, *(const bool *)place ? "true" : "false");
        return;
    case SMALL:
        buffer_printf(out, "%u", *(const uint8_t *)place);
        return;
    case ID:
        buffer_printf(out, "%lld", (long long)*(const int64_t *)place);
        return;
    case NAMED:
        json_write_string(field->names[*(const unsigned *)place], out);
        return;
    case TEXTS:
        json_write_strings(*(const char *const *const *)place, count_of(field, object), out);
        return;
    case OBJECT:
        write_object(field->shape, place, out);
        return;
    case OBJECTS:
        memcpy(&items, place, sizeof(items));
        write_objects(field->shape, items, count_of(field, object), out);
        return;
    default:
        json_write_string(*(const char *const *)place, out);
    }
}

static void write_object(const struct shape *shape, const char *object, struct buffer *out)
{
    const char *before = "";
    buffer_putc(out, '{');
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct field *field = &shape->fields[i];
        const void *place = object + field->offset;
        if (field->kind == ID && *(const int64_t *)place == 0) {
            continue;
        }
        buffer_printf(out, "%s\"%s\":", before, field->name);
        write_value(field, object, out);
        before = ",";
    }
    buffer_putc(out, '}');
}

void issue_write_json(const struct issue *issue, struct buffer *out)
{
    write_object(&issue_shape, (const char *)issue, out);
}

void issue_item_write_json(const struct issue_item *item, struct buffer *out)
{
    write_object(&issue_item_shape, (const char *)item, out);
}

/* ---- reading ---- */

/* Where the reader is: written out only for a fault. */
struct place {
    const struct place *around;
    const char *name;
    long index; /* -1: a member, not an element */
};

struct reading {
    struct arena *arena;
    struct fault *fault;
};

static void write_place(const struct place *place, struct buffer *out)
{
    if (place->around != NULL) {
        write_place(place->around, out);
    }
    if (place->index >= 0) {
        buffer_printf(out, "[%ld]", place->index);
    } else if (place->name != NULL) {
        buffer_printf(out, "%s%s", out->length > 0 ? "." : "", place->name);
    }
}

static bool refuse(
    const struct reading *reading, const struct place *place, const char *expected)
{
    struct buffer path;
    buffer_init(&path, 256);
    write_place(place, &path);
    fault_set(reading->fault, FAULT_PARSE, "%s: expected %s",
        path.length > 0 ? path.data : "the document", expected);
    buffer_release(&path);
    return false;
}

static bool is_date(const char *text)
{
    int64_t utc_s;
    return text != NULL && clock_parse_day(text, &utc_s);
}

static bool is_web_url(const char *url)
{
    return strncasecmp(url, "http://", 7) == 0 || strncasecmp(url, "https://", 8) == 0;
}

/* Relative, or http(s): no other scheme can stand before the first "/", "?" or "#". */
static bool is_link_url(const char *url)
{
    return is_web_url(url) || url[strcspn(url, ":/?#")] != ':';
}

/* What is wrong with the text for a field of this kind; NULL: nothing. */
static const char *objection(enum kind kind, const char *text)
{
    switch (kind) {
    case NEEDED:
        return text != NULL ? NULL : "a text";
    case DATE:
        return is_date(text) ? NULL : "a date like 2020-09-17";
    case DAY:
        return text == NULL || is_date(text) ? NULL : "a date like 2020-09-17, or null";
    case WEB_URL:
        return text == NULL || is_web_url(text) ? NULL : "an http or https URL, or null";
    case LINK_URL:
        return text == NULL || is_link_url(text) ? NULL
                                                 : "an http, https or relative URL, or null";
    default:
        return NULL;
    }
}

/* Nothing a reader would see: "  ", an ideographic space, empty lines. */
static bool is_blank(const char *text)
{
    size_t offset = 0;
    uint32_t c;
    do {
        c = letters_next(text, &offset);
    } while (letters_is_space(c));
    return c == 0;
}

static bool read_text(const struct reading *reading, const struct place *place, enum kind kind,
    const json_t *value, const char **ret_text)
{
    if (value != NULL && !json_is_null(value) && !json_is_string(value)) {
        return refuse(reading, place, "a text");
    }
    const char *text = json_string_value(value);
    if (kind == LABEL) {
        text = text == NULL ? "" : text;
    } else if (text != NULL && is_blank(text)) {
        text = NULL;
    }
    const char *expected = objection(kind, text);
    *ret_text = arena_strdup(reading->arena, text);
    return expected == NULL || refuse(reading, place, expected);
}

static bool read_texts(const struct reading *reading, const struct place *place,
    const json_t *value, const char ***ret_texts, size_t *ret_count)
{
    if (value != NULL && !json_is_array(value)) {
        return refuse(reading, place, "a list of texts");
    }
    size_t count = json_array_size(value);
    *ret_texts = count == 0 ? NULL : arena_new_array(reading->arena, const char *, count);
    *ret_count = count;
    for (size_t i = 0; i < count; i++) {
        struct place element = {place, NULL, (long)i};
        if (!read_text(reading, &element, NEEDED, json_array_get(value, i), &(*ret_texts)[i])) {
            return false;
        }
    }
    return true;
}

static bool read_named(const struct reading *reading, const struct place *place,
    const char *const *names, const json_t *value, unsigned *ret_number)
{
    const char *name = json_string_value(value);
    for (unsigned i = 0; name != NULL && names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            *ret_number = i;
            return true;
        }
    }
    return refuse(reading, place, arena_printf(reading->arena, "\"%s\" or the like", names[0]));
}

static bool read_flag(const struct reading *reading, const struct place *place,
    const json_t *value, bool *ret_flag)
{
    *ret_flag = json_is_true(value);
    return value == NULL || json_is_boolean(value) || refuse(reading, place, "true or false");
}

static bool read_number(const struct reading *reading, const struct place *place,
    const json_t *value, int64_t max, int64_t *ret_number)
{
    *ret_number = json_integer_value(value);
    if (value == NULL || (json_is_integer(value) && *ret_number >= 0 && *ret_number <= max)) {
        return true;
    }
    return refuse(reading, place, "a whole number within its range");
}

static bool read_object(const struct reading *reading, const struct place *place,
    const struct shape *shape, const json_t *value, char *object);

static bool read_objects(const struct reading *reading, const struct place *place,
    const struct shape *shape, const json_t *value, void *ret_items, size_t *ret_count)
{
    if (value != NULL && !json_is_array(value)) {
        return refuse(reading, place, "a list");
    }
    size_t count = json_array_size(value);
    char *items = count == 0
        ? NULL
        : arena_zalloc(reading->arena, arena_array_bytes(shape->bytes, count));
    for (size_t i = 0; i < count; i++) {
        struct place element = {place, NULL, (long)i};
        if (!read_object(
                reading, &element, shape, json_array_get(value, i), items + i * shape->bytes)) {
            return false;
        }
    }
    memcpy(ret_items, &items, sizeof(items));
    *ret_count = count;
    return true;
}

static bool read_value(const struct reading *reading, const struct place *place,
    const struct field *field, const json_t *value, char *object)
{
    void *to = object + field->offset;
    size_t *ret_count = (size_t *)(void *)(object + field->count_offset); /* of lists */
    int64_t number = 0;
    bool ok;
    switch (field->kind) {
    case FLAG:
        return read_flag(reading, place, value, to);
    case SMALL:
        ok = read_number(reading, place, value, UINT8_MAX, &number);
        *(uint8_t *)to = (uint8_t)number;
        return ok;
    case ID:
        return read_number(reading, place, value, INT64_MAX, to);
    case NAMED:
        return read_named(reading, place, field->names, value, to);
    case TEXTS:
        return read_texts(reading, place, value, to, ret_count);
    case OBJECT:
        return read_object(reading, place, field->shape, value, to);
    case OBJECTS:
        return read_objects(reading, place, field->shape, value, to, ret_count);
    default:
        return read_text(reading, place, field->kind, value, to);
    }
}

static bool read_object(const struct reading *reading, const struct place *place,
    const struct shape *shape, const json_t *value, char *object)
{
    if (!json_is_object(value)) {
        return refuse(reading, place, "an object");
    }
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct field *field = &shape->fields[i];
        struct place member = {place, field->name, -1};
        if (!read_value(reading, &member, field, json_object_get(value, field->name), object)) {
            return false;
        }
    }
    return true;
}

static bool read_document(struct arena *arena, const char *text, size_t length,
    const struct shape *shape, char *object, struct fault *fault)
{
    json_error_t error;
    json_t *document = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (document == NULL) {
        return fault_set(fault, FAULT_PARSE, "line %d: %s", error.line, error.text);
    }
    struct reading reading = {arena, fault};
    struct place top = {NULL, NULL, -1};
    bool ok = read_object(&reading, &top, shape, document, object);
    json_decref(document);
    return ok;
}

bool issue_read_json(struct arena *arena, const char *text, size_t length,
    struct issue **ret_issue, struct fault *fault)
{
    struct issue *issue = arena_new(arena, struct issue);
    if (!read_document(arena, text, length, &issue_shape, (char *)issue, fault)) {
        return false;
    }
    *ret_issue = issue;
    return true;
}

bool issue_item_read_json(struct arena *arena, const char *text, size_t length,
    struct issue_item *ret_item, struct fault *fault)
{
    *ret_item = (struct issue_item){0};
    return read_document(arena, text, length, &issue_item_shape, (char *)ret_item, fault);
}
