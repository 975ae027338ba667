/* The folder is opened once and everything in it is named relative to that, so that a folder
 * which is renamed meanwhile gets the whole of it. The name aside begins with a dot and ends
 * with the process's number: two daemons on one folder do not write into each other's file.
 *
 * What a crash leaves behind is the record in the store, and perhaps the file aside. That one
 * goes away when the issue is written anew, which happens at the next start: the folder is a
 * repository as a rule, and its owner should not find out what ".2020-09-17.md.4711" is. */
#include "pipeline/publication.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "briefing/render_markdown.h"

enum { FILE_MAX_BYTES = 16 << 20, FILE_NAME_BYTES = 256 };

/* ---- the file ---- */

const char *publication_path(
    struct arena *arena, const struct config_briefing *briefing, const char *day)
{
    return arena_printf(
        arena, "%s/%s", briefing->output_folder, issue_file_name(arena, briefing, day));
}

static bool fail(const char *what, const char *path, struct fault *fault)
{
    return fault_set(
        fault, FAULT_STORE, "the file '%s' cannot be %s: %s", path, what, strerror(errno));
}

static bool write_all(int file, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, text, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return false;
        }
        text += written;
        length -= (size_t)written;
    }
    return true;
}

/* ".2020-09-17.md.4711", and no process 4711 that could still be writing it. */
static bool is_left_aside(const char *entry, const char *name)
{
    size_t length = strlen(name);
    if (entry[0] != '.' || strncmp(entry + 1, name, length) != 0 || entry[1 + length] != '.' ||
        !isdigit((unsigned char)entry[length + 2])) {
        return false;
    }
    char *end;
    long writer = strtol(entry + length + 2, &end, 10);
    return *end == '\0' && kill((pid_t)writer, 0) != 0 && errno == ESRCH;
}

/* What killed processes left of this file. That it cannot be removed harms nobody. */
static void remove_left_aside(int folder, const char *name)
{
    int opened = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = opened < 0 ? NULL : fdopendir(opened);
    if (entries == NULL) {
        if (opened >= 0) {
            close(opened);
        }
        return;
    }
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (is_left_aside(entry->d_name, name)) {
            unlinkat(folder, entry->d_name, 0);
        }
    }
    closedir(entries);
}

/* Whatever fails, the file aside goes away. */
static bool put_file(
    int folder, const char *name, const char *text, size_t length, struct fault *fault)
{
    char aside[FILE_NAME_BYTES];
    snprintf(aside, sizeof(aside), ".%.200s.%ld", name, (long)getpid());
    int file = openat(folder, aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) {
        return fail("made", name, fault);
    }
    bool ok = write_all(file, text, length) && fsync(file) == 0;
    int error = errno;
    ok = close(file) == 0 && ok;
    if (ok && renameat(folder, aside, folder, name) == 0) {
        return fsync(folder) == 0 || fail("synced", name, fault);
    }
    errno = ok ? errno : error;
    fail("written", name, fault);
    unlinkat(folder, aside, 0);
    return false;
}

bool publication_write_file(
    const char *folder, const char *name, const char *text, size_t length, struct fault *fault)
{
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        return fault_set(
            fault, FAULT_STORE, "the folder '%s' cannot be made: %s", folder, strerror(errno));
    }
    int opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) {
        return fault_set(fault, FAULT_STORE, "the folder '%s' cannot be opened: %s", folder,
            strerror(errno));
    }
    bool ok = put_file(opened, name, text, length, fault);
    remove_left_aside(opened, name);
    close(opened);
    return ok;
}

static bool write_issue(const struct config_briefing *briefing, struct arena *arena,
    const struct desk_publication *publication, struct fault *fault)
{
    cleanup(buffer_release) struct buffer text;
    buffer_init(&text, FILE_MAX_BYTES);
    issue_write_markdown(publication->issue, &text);
    if (buffer_failed(&text)) {
        return fault_set(
            fault, FAULT_LIMIT, "the issue would be larger than %d MiB", FILE_MAX_BYTES >> 20);
    }
    return publication_write_file(briefing->output_folder,
        issue_file_name(arena, briefing, publication->day), text.data, text.length, fault);
}

/* ---- the steps ---- */

bool publication_run(struct store *store, struct arena *arena, const struct config *config,
    const struct desk_action *action, struct desk_target draft,
    struct desk_publication *ret_publication, struct desk_result *ret_result,
    struct fault *fault)
{
    if (!desk_publish_begin(
            store, arena, config, action, draft, ret_publication, ret_result, fault)) {
        return false;
    }
    if (!write_issue(&config->briefing, arena, ret_publication, fault)) {
        struct fault closed;
        return desk_publish_abandon(store, &closed)
            ? false
            : fault_prefix(fault, "the draft stays closed (%.100s), because ", closed.message);
    }
    return desk_publish_finish(store, arena, config, action->now_utc_s, action->lesson,
        action->lesson_data, ret_result, fault);
}

bool publication_recover(struct store *store, struct arena *arena, const struct config *config,
    int64_t now_utc_s, desk_lesson_fn *lesson, void *lesson_data, const char **ret_day,
    struct fault *fault)
{
    struct desk_publication *publication;
    struct desk_result result = {0};
    *ret_day = NULL;
    if (!desk_read_publication(store, arena, &publication, fault)) {
        return false;
    }
    if (publication == NULL) {
        return true;
    }
    *ret_day = publication->day;
    return write_issue(&config->briefing, arena, publication, fault) &&
        desk_publish_finish(
            store, arena, config, now_utc_s, lesson, lesson_data, &result, fault);
}
