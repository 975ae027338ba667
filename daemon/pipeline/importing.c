/* The files are read one by one, in the order of their days: a later issue's table of past
 * issues knows best, and a learner is taught in the order in which things happened. */
#include "pipeline/importing.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "briefing/markdown_text.h"

/* The largest issue of years had 40 KB. */
enum { ISSUE_MAX_BYTES = 4 << 20 };

/* Older items are no candidates any more: looking at them again would only cost. */
enum { REMARKED_S = 90 * 86400 };

/* "2020-09-17.md" */
static bool is_issue_name(const char *name)
{
    char day[11];
    int64_t utc_s;
    if (strlen(name) != 13 || strcmp(name + 10, ".md") != 0) {
        return false;
    }
    memcpy(day, name, 10);
    day[10] = '\0';
    return clock_parse_day(day, &utc_s);
}

static int select_issue(const struct dirent *entry)
{
    return is_issue_name(entry->d_name);
}

static bool list_files(struct arena *arena, const char *folder,
    struct imported_folder *ret_folder, struct fault *fault)
{
    struct dirent **names;
    int count = scandir(folder, &names, select_issue, alphasort);
    if (count < 0) {
        return fault_set(
            fault, FAULT_CONFIG, "cannot read the folder '%s': %s", folder, strerror(errno));
    }
    ret_folder->files = arena_new_array(arena, struct imported_file, (size_t)count);
    ret_folder->count = (size_t)count;
    for (int i = 0; i < count; i++) {
        struct imported_file *file = &ret_folder->files[i];
        file->path = arena_printf(arena, "%s/%s", folder, names[i]->d_name);
        file->day = arena_strndup(arena, names[i]->d_name, 10);
        free(names[i]);
    }
    free(names);
    return count > 0 ||
        fault_set(fault, FAULT_CONFIG,
            "the folder '%s' holds no issue: their files are named like 2020-09-17.md", folder);
}

static bool read_file(const char *path, struct buffer *out, struct fault *fault)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return fault_set(fault, FAULT_CONFIG, "cannot read '%s': %s", path, strerror(errno));
    }
    char chunk[65536];
    size_t got;
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0 && buffer_append(out, chunk, got)) {
    }
    bool broken = ferror(file) != 0;
    int cause = errno;
    fclose(file);
    if (buffer_failed(out)) {
        return fault_set(fault, FAULT_LIMIT, "'%s' is larger than an issue can be (%d MiB)",
            path, ISSUE_MAX_BYTES >> 20);
    }
    return !broken ||
        fault_set(fault, FAULT_CONFIG, "cannot read '%s': %s", path, strerror(cause));
}

static bool import_file(struct store *store, struct arena *arena, const struct config *config,
    struct imported_file *file)
{
    struct buffer text;
    buffer_init(&text, ISSUE_MAX_BYTES);
    bool ok = read_file(file->path, &text, &file->fault);
    if (ok) {
        file->reading = issue_read_markdown(arena, config, file->day, text.data, text.length);
        const struct issue *issue = file->reading.issue;
        for (size_t i = 0; i < issue->section_count; i++) {
            file->item_count += issue->sections[i].item_count;
        }
        ok = store_import_issue(store, &file->reading, &file->change, &file->fault);
    }
    buffer_release(&text);
    file->failed = !ok;
    return ok;
}

static void tell_items(struct arena *arena, const struct imported_file *file,
    imported_item_fn *on_item, void *data)
{
    const struct issue *issue = file->reading.issue;
    for (size_t i = 0; i < issue->section_count; i++) {
        for (size_t k = 0; k < issue->sections[i].item_count; k++) {
            const struct issue_item *item = &issue->sections[i].items[k];
            struct imported_item told = {
                .day = file->day,
                .section = issue->sections[i].id,
                .item = {.key = item->key,
                    .title = item->title,
                    .summary = markdown_to_plain(arena, item->summary),
                    .url = item->url,
                    .source = item->source},
            };
            on_item(data, &told);
        }
    }
}

static bool count_links(struct store *store, struct arena *arena,
    struct imported_folder *folder, struct fault *fault)
{
    struct past_issue *issues;
    size_t count;
    int64_t last_utc_s;
    if (!store_read_issues(store, arena, &issues, &count, &last_utc_s, fault)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct issue *issue;
        if (!store_read_issue(store, arena, issues[i].date, &issue, fault)) {
            return false;
        }
        folder->links += issue == NULL;
    }
    return true;
}

bool importing_read_folder(struct store *store, struct arena *arena,
    const struct config *config, const char *folder, int64_t now_utc_s,
    imported_item_fn *on_item, void *data, struct imported_folder *ret_folder,
    struct fault *fault)
{
    *ret_folder = (struct imported_folder){0};
    if (!list_files(arena, folder, ret_folder, fault)) {
        return false;
    }
    for (size_t i = 0; i < ret_folder->count; i++) {
        struct imported_file *file = &ret_folder->files[i];
        bool stored = import_file(store, arena, config, file);
        if (stored && file->change != STORE_ISSUE_UNCHANGED && on_item != NULL) {
            tell_items(arena, file, on_item, data);
        }
    }
    return store_mark_printed(store, config, now_utc_s - REMARKED_S, fault) &&
        count_links(store, arena, ret_folder, fault);
}
