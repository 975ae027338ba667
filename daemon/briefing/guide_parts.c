/* Separators are kept as they were written, because her text may mix ， and 、, and taking one
 * offered clause must not touch the others.
 */
#include "briefing/guide_parts.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/buffer.h"

enum { GUIDE_MAX_BYTES = 1 << 20, NAME_MAX_BYTES = 60 };

struct reading {
    struct arena *arena;
    const struct config_labels *labels;
    struct guide_parts *parts;
    size_t group_capacity;
};

static size_t length_of_mark(const char *text, const char *mark)
{
    size_t length = mark == NULL ? 0 : strlen(mark);
    return length > 0 && strncmp(text, mark, length) == 0 ? length : 0;
}

/* Without the spaces a label may have at its ends: "; " still ends a group at a line's end. */
static size_t length_of_label(const char *text, const char *label)
{
    size_t length = label == NULL ? 0 : strlen(label);
    while (length > 0 && label[length - 1] == ' ') {
        length--;
    }
    return length > 0 && strncmp(text, label, length) == 0 ? length : 0;
}

/* Bytes of "「新闻」" at `text`, with the name between; 0: no bracket. */
static size_t bracket_at(const char *text, const struct config_labels *labels,
    const char **ret_name, size_t *ret_name_length)
{
    const char *const pairs[][2] = {
        {labels->open_bracket, labels->close_bracket}, {"「", "」"}, {"【", "】"}};
    for (size_t i = 0; i < array_count(pairs); i++) {
        size_t open = length_of_mark(text, pairs[i][0]);
        size_t close_size = open == 0 || pairs[i][1] == NULL ? 0 : strlen(pairs[i][1]);
        size_t room = close_size == 0 ? 0 : strnlen(text + open, NAME_MAX_BYTES + close_size);
        const char *close = close_size == 0
            ? NULL
            : memmem(text + open, room, pairs[i][1], close_size);
        if (close != NULL && close > text + open) {
            *ret_name = text + open;
            *ret_name_length = (size_t)(close - text) - open;
            return (size_t)(close - text) + strlen(pairs[i][1]);
        }
    }
    return 0;
}

/* A mark behind which a group may begin: its bytes with the white space around, or 0. */
static size_t border_at(const char *text, const struct config_labels *labels)
{
    const char *const marks[] = {
        labels->group_separator, labels->sentence_end, "；", "。", ";"};
    size_t before = strspn(text, " \n");
    for (size_t i = 0; i < array_count(marks); i++) {
        size_t length = length_of_label(text + before, marks[i]);
        if (length > 0) {
            length += before;
            return length + strspn(text + length, " \n");
        }
    }
    return 0;
}

/* Where the next group begins at or behind `text`: its separator at *ret_border, its bracket
 * the result; NULL: no more. */
static const char *find_group(
    const char *text, const struct config_labels *labels, const char **ret_border)
{
    const char *name;
    size_t length;
    for (bool blank = false; *text != '\0'; blank = strchr(" \n", *text++) != NULL) {
        /* the white space before a mark is taken with it, so it is looked at once */
        size_t border = blank && strchr(" \n", *text) != NULL ? 0 : border_at(text, labels);
        if (border > 0 && bracket_at(text + border, labels, &name, &length) > 0) {
            *ret_border = text;
            return text + border;
        }
    }
    return NULL;
}

/* The next separator between clauses in `length` bytes; its own bytes into *ret_size. */
static const char *find_separator(
    const char *text, size_t length, const struct config_labels *labels, size_t *ret_size)
{
    for (const char *at = text; at < text + length; at++) {
        *ret_size = length_of_mark(at, labels->item_separator);
        if (*ret_size > 0 && (size_t)(at - text) + *ret_size <= length) {
            return at;
        }
    }
    return NULL;
}

static void read_clauses(
    const struct reading *reading, struct guide_group *group, const char *text, size_t length)
{
    size_t capacity = 0, size = 0;
    const char *separator = "";
    while (length > 0 || *separator != '\0') { /* behind a separator also an empty one */
        if (group->clause_count == capacity) {
            group->clauses = arena_grow(
                reading->arena, group->clauses, sizeof(*group->clauses), &capacity);
        }
        const char *end = find_separator(text, length, reading->labels, &size);
        size_t clause = end == NULL ? length : (size_t)(end - text);
        group->clauses[group->clause_count++] = (struct guide_clause_part){
            separator, arena_strndup(reading->arena, text, clause)};
        if (end == NULL) {
            return;
        }
        separator = arena_strndup(reading->arena, end, size);
        text += clause + size;
        length -= clause + size;
    }
}

/* The bytes of `text` that are not its final stop. */
static size_t length_without_end(
    const char *text, size_t length, const struct config_labels *labels)
{
    const char *const ends[] = {labels->sentence_end, "。"};
    size_t trimmed = length;
    while (trimmed > 0 && strchr(" \n", text[trimmed - 1]) != NULL) {
        trimmed--;
    }
    for (size_t i = 0; i < array_count(ends); i++) {
        size_t size = ends[i] == NULL ? 0 : strlen(ends[i]);
        if (size > 0 && trimmed >= size && strncmp(text + trimmed - size, ends[i], size) == 0) {
            return trimmed - size;
        }
    }
    return trimmed;
}

static const char *read_group(
    struct reading *reading, const char *bracket, const char *separator)
{
    struct guide_parts *parts = reading->parts;
    const char *name, *border;
    size_t name_length;
    size_t length = bracket_at(bracket, reading->labels, &name, &name_length);
    if (parts->group_count == reading->group_capacity) {
        parts->groups = arena_grow(
            reading->arena, parts->groups, sizeof(*parts->groups), &reading->group_capacity);
    }
    struct guide_group *group = &parts->groups[parts->group_count++];
    *group = (struct guide_group){
        .separator = separator,
        .bracket = arena_strndup(reading->arena, bracket, length),
        .name = arena_strndup(reading->arena, name, name_length),
    };
    const char *body = bracket + length;
    const char *next = find_group(body, reading->labels, &border);
    size_t body_length = next != NULL ? (size_t)(border - body)
                                      : length_without_end(body, strlen(body), reading->labels);
    read_clauses(reading, group, body, body_length);
    if (next == NULL) {
        parts->tail = arena_strdup(reading->arena, body + body_length);
        return NULL;
    }
    return body + body_length;
}

struct guide_parts *guide_parts_read(
    struct arena *arena, const char *guide, const struct config_labels *labels)
{
    struct guide_parts *parts = arena_new(arena, struct guide_parts);
    struct reading reading = {.arena = arena, .labels = labels, .parts = parts};
    const char *name, *border = guide;
    size_t name_length;
    bool at_start = bracket_at(guide, labels, &name, &name_length) > 0;
    const char *bracket = at_start ? guide : find_group(guide, labels, &border);
    *parts = (struct guide_parts){.tail = ""};
    parts->head = bracket == NULL ? arena_strdup(arena, guide)
                                  : arena_strndup(arena, guide, (size_t)(bracket - guide));
    const char *separator = "";
    while (bracket != NULL) {
        const char *end = read_group(&reading, bracket, separator);
        bracket = end == NULL ? NULL : find_group(end, labels, &border);
        separator = bracket == NULL ? "" : arena_strndup(arena, end, (size_t)(bracket - end));
    }
    return parts;
}

const char *guide_parts_join(struct arena *arena, const struct guide_parts *parts)
{
    struct buffer text;
    buffer_init(&text, GUIDE_MAX_BYTES);
    buffer_puts(&text, parts->head);
    for (size_t i = 0; i < parts->group_count; i++) {
        const struct guide_group *group = &parts->groups[i];
        buffer_puts(&text, group->separator);
        buffer_puts(&text, group->bracket);
        for (size_t k = 0; k < group->clause_count; k++) {
            buffer_puts(&text, group->clauses[k].separator);
            buffer_puts(&text, group->clauses[k].text);
        }
    }
    buffer_puts(&text, parts->tail);
    const char *guide = arena_strndup(arena, text.data, text.length);
    buffer_release(&text);
    return guide;
}

int guide_parts_find_group(const struct guide_parts *parts, const char *name)
{
    for (size_t i = 0; i < parts->group_count; i++) {
        if (strcmp(parts->groups[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

int guide_group_find_clause(const struct guide_group *group, const char *text)
{
    for (size_t i = 0; i < group->clause_count; i++) {
        if (strcmp(group->clauses[i].text, text) == 0) {
            return (int)i;
        }
    }
    return -1;
}

long guide_count_in(const char *head)
{
    while (*head != '\0' && !isdigit((unsigned char)*head)) {
        head++;
    }
    return *head == '\0' ? -1 : strtol(head, NULL, 10);
}
