/* Labelled items name their issue and come in its order, so the n-th of an issue is compared
 * with the n-th that was read. In the labels a project's owner/repo is part of the title. */
#include "command/eval.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "briefing/issue_reader.h"
#include "command/command.h"

enum { ISSUE_MAX_BYTES = 1 << 20 };

enum field { FIELD_SECTION, FIELD_TITLE, FIELD_SOURCE, FIELD_URL, FIELD_TAGS, FIELD_COUNT };
static const char *const field_names[] = {"section", "title", "source", "url", "tags"};

struct import {
    struct eval *eval;
    const char *folder;
    struct arena arena; /* of the issue under way */
    const char *day;
    struct issue *issue;
    size_t section, item; /* the next one read that is not compared yet */
    size_t read;          /* items of all issues */
    size_t right[FIELD_COUNT];
    size_t count;
};

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static const char *text_of(const json_t *line, const char *name)
{
    return json_string_value(json_object_get(line, name));
}

static void open_issue(struct import *import, const char *day)
{
    arena_release(&import->arena);
    import->day = day;
    import->issue = NULL;
    import->section = import->item = 0;
    char *text;
    size_t length;
    struct fault fault;
    const char *path = arena_printf(&import->arena, "%s/%s.md", import->folder, day);
    if (access(path, F_OK) != 0 ||
        !command_read_file(path, ISSUE_MAX_BYTES, &text, &length, &fault)) {
        return;
    }
    const char *copy = arena_strndup(&import->arena, text, length);
    free(text);
    const struct config *config = import->eval->rules->config;
    import->issue = issue_read_markdown(&import->arena, config, day, copy, length).issue;
    for (size_t i = 0; i < import->issue->section_count; i++) {
        import->read += import->issue->sections[i].item_count;
    }
}

static const struct issue_item *next_item(
    struct import *import, const struct issue_section **ret_section)
{
    while (import->issue != NULL && import->section < import->issue->section_count) {
        const struct issue_section *section = &import->issue->sections[import->section];
        if (import->item < section->item_count) {
            *ret_section = section;
            return &section->items[import->item++];
        }
        import->section++;
        import->item = 0;
    }
    return NULL;
}

static bool has_tags(const struct issue_item *item, const json_t *wanted)
{
    bool equal = item->tag_count == json_array_size(wanted);
    for (size_t i = 0; equal && i < item->tag_count; i++) {
        equal = same(item->tags[i], json_string_value(json_array_get(wanted, i)));
    }
    return equal;
}

static void compare(struct import *import, const json_t *wanted)
{
    const struct issue_section *section;
    const struct issue_item *item = next_item(import, &section);
    import->count++;
    if (item == NULL) {
        return;
    }
    const char *title = item->prefix == NULL
        ? item->title
        : arena_printf(&import->arena, "%s: %s", item->prefix, item->title);
    const bool right[FIELD_COUNT] = {
        [FIELD_SECTION] = same(section->id, text_of(wanted, "section")),
        [FIELD_TITLE] = same(title, text_of(wanted, "title")),
        [FIELD_SOURCE] = same(item->source, text_of(wanted, "source")),
        [FIELD_URL] = same(item->url, text_of(wanted, "url")),
        [FIELD_TAGS] = has_tags(item, json_object_get(wanted, "tags")),
    };
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        import->right[i] += right[i];
    }
}

static const char *find_folder(struct eval *eval)
{
    const char *slash = strrchr(eval->path, '/');
    static const char *const places[] = {"issues", "../issues"};
    for (size_t i = 0; i < array_count(places); i++) {
        const char *path = arena_printf(
            &eval->arena, "%.*s/%s", (int)(slash - eval->path), eval->path, places[i]);
        if (access(path, F_OK) == 0) {
            return path;
        }
    }
    return NULL;
}

void eval_import(struct eval *eval, const char *name, const json_t *lines)
{
    struct import import = {.eval = eval, .folder = find_folder(eval)};
    size_t index;
    const json_t *line;
    if (import.folder == NULL) {
        return;
    }
    json_array_foreach(lines, index, line)
    {
        const char *day = text_of(line, "issue");
        if (day != NULL && !same(day, import.day)) {
            open_issue(&import, day);
        }
        if (day != NULL) {
            compare(&import, line);
        }
    }
    arena_release(&import.arena);
    double count = (double)(import.count == 0 ? 1 : import.count);
    eval_add(eval, name, (double)import.read / count, import.count,
        "import: items read to items labelled");
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        eval_add(eval, name, (double)import.right[i] / count, import.count, "import: right %s",
            field_names[i]);
    }
}
