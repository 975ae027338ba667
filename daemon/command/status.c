/* briefd status: how it is, for a person at a terminal who asks before looking any further.
 *
 * The database tells nearly all of it, beside a daemon or without one, and is read by a
 * connection of its own; the daemon is asked only whether it works (/readyz), which no file can
 * tell. Exit code 0 when all is well, 1 when something is not: a daemon that is not ready, or
 * no answer from the database. Feeds that fail are told and are no failure: one of many is
 * always down. */
#include "command/command.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/clock.h"
#include "command/remote.h"
#include "storage/backup.h"
#include "storage/desk.h"
#include "web/server/feed_health.h"

enum { OUT_MAX_BYTES = 4 << 20, FAILING_SHOWN_MAX = 20, WORDS_MAX_BYTES = 4096 };

struct status {
    bool running, ready;
    char words[sizeof(((struct fault *)NULL)->message)]; /* why it is not ready */
    const struct feed_row *rows;
    size_t row_count, conditions[FEED_CONDITION_COUNT];
    size_t due;                     /* feeds whose time has come */
    const struct feed_row *newest;  /* polled last; NULL: none ever was */
    int64_t next_poll_utc_s;        /* CLOCK_NONE: none is enabled */
    const struct desk_draft *draft; /* of the next issue */
    size_t picked, suggested;       /* lines of it: the editor's, the machine's */
    struct store_totals totals;
    int64_t file_bytes, log_bytes, free_bytes; /* of the database's disk; -1: not known */
    struct backup_file backup;                 /* the newest; path NULL: there is none */
    bool backup_overdue;
};

/* ---- gathering ---- */

static void ask_daemon(const char *listen, const char *database, struct status *status)
{
    struct fault fault;
    struct buffer answer;
    status->running = store_is_in_use(database);
    if (!status->running) {
        return;
    }
    buffer_init(&answer, OUT_MAX_BYTES);
    status->ready = remote_post(
        listen, &(struct remote_post){.path = "/readyz"}, &answer, &fault);
    if (!status->ready) {
        snprintf(status->words, sizeof(status->words), "%s", fault.message);
    }
    buffer_release(&answer);
}

static int64_t file_size(const char *path, const char *suffix)
{
    char name[4096];
    struct stat file;
    int length = snprintf(name, sizeof(name), "%s%s", path, suffix);
    return length < (int)sizeof(name) && stat(name, &file) == 0 ? (int64_t)file.st_size : 0;
}

static void measure_disk(const char *database, struct status *status)
{
    struct statvfs disk;
    status->file_bytes = file_size(database, "");
    status->log_bytes = file_size(database, "-wal");
    status->free_bytes = statvfs(database, &disk) == 0
        ? (int64_t)disk.f_bavail * (int64_t)disk.f_frsize
        : -1;
}

/* One that is on its way, or was missed once, is no alarm; two are. */
static bool find_backup(struct arena *arena, const struct config *config, const char *database,
    int64_t now_utc_s, struct status *status, struct fault *fault)
{
    const struct config_care *care = &config->care;
    struct backup_file *files;
    size_t count;
    if (!backup_list(arena, backup_folder(arena, care->backup_folder, database), database,
            &files, &count, fault)) {
        return false;
    }
    if (count > 0) {
        status->backup = files[0];
        status->backup_overdue = care->backup_keep > 0 &&
            now_utc_s - files[0].utc_s > 2 * care->backup_every_s;
    }
    return true;
}

static bool is_polled(const struct feed_row *row)
{
    return row->feed != NULL && row->feed->enabled && !row->state->gone;
}

static void count_feeds(struct status *status, int64_t now_utc_s)
{
    status->next_poll_utc_s = CLOCK_NONE;
    for (size_t i = 0; i < status->row_count; i++) {
        const struct feed_row *row = &status->rows[i];
        const struct feed_state *state = row->state;
        status->conditions[row->condition]++;
        if (state->last_poll_utc_s != CLOCK_NONE &&
            (status->newest == NULL ||
                state->last_poll_utc_s > status->newest->state->last_poll_utc_s)) {
            status->newest = row;
        }
        if (!is_polled(row)) {
            continue;
        }
        int64_t next = state->next_poll_utc_s == CLOCK_NONE ? now_utc_s
                                                            : state->next_poll_utc_s;
        status->due += next <= now_utc_s;
        if (status->next_poll_utc_s == CLOCK_NONE || next < status->next_poll_utc_s) {
            status->next_poll_utc_s = next;
        }
    }
}

static void count_lines(struct status *status)
{
    const struct draft *draft = status->draft->draft;
    for (size_t i = 0; i < draft->issue->section_count; i++) {
        for (size_t k = 0; k < draft->issue->sections[i].item_count; k++) {
            bool hers = status->draft->picks[i][k].id != 0;
            status->picked += hers;
            status->suggested += !hers;
        }
    }
}

static bool read_store(struct store *store, struct arena *arena, const struct config *config,
    int64_t now_utc_s, struct status *status, struct fault *fault)
{
    struct feed_state *states;
    size_t count;
    struct desk_draft *draft;
    if (!store_read_feeds(store, arena, &states, &count, fault) ||
        !store_read_totals(store, &status->totals, fault) ||
        !desk_read_draft(store, arena, config, 0, now_utc_s, &draft, fault)) {
        return false;
    }
    status->rows = feed_rows_build(arena, config, states, count, now_utc_s, &status->row_count);
    status->draft = draft;
    count_feeds(status, now_utc_s);
    count_lines(status);
    return true;
}

/* ---- for a person ---- */

static void write_size(int64_t bytes, struct buffer *out)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double size = (double)bytes;
    size_t unit = 0;
    for (; size >= 1024 && unit + 1 < array_count(units); unit++) {
        size /= 1024;
    }
    buffer_printf(out, unit == 0 ? "%.0f %s" : "%.1f %s", size, units[unit]);
}

/* "3 minutes", "2 days": one unit, never two. */
static void write_span(int64_t seconds, struct buffer *out)
{
    static const struct {
        int64_t seconds;
        const char *name;
    } units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
    size_t unit = 0;
    while (unit + 1 < array_count(units) && seconds < units[unit].seconds) {
        unit++;
    }
    int64_t count = seconds / units[unit].seconds;
    buffer_printf(out, "%" PRId64 " %s%s", count, units[unit].name, count == 1 ? "" : "s");
}

static void write_daemon(const struct status *status, struct buffer *out)
{
    buffer_printf(out, "briefd     %s, %s", BRIEFD_VERSION,
        !status->running    ? "does not run"
            : status->ready ? "runs and works"
                            : "runs, but is not ready: ");
    buffer_printf(out, "%s\n", status->words);
}

static void write_feeds(
    const struct status *status, int64_t offset_s, int64_t now_utc_s, struct buffer *out)
{
    buffer_printf(out, "feeds      %zu", status->row_count);
    const char *before = ": ";
    for (size_t i = 0; i < FEED_CONDITION_COUNT; i++) {
        if (status->conditions[i] > 0) {
            buffer_printf(out, "%s%zu %s", before, status->conditions[i],
                feed_condition_word((enum feed_condition)i));
            before = ", ";
        }
    }
    buffer_putc(out, '\n');
    size_t bad = status->conditions[FEED_GONE] + status->conditions[FEED_FAILING];
    size_t shown = 0;
    for (size_t i = 0; i < status->row_count && shown < FAILING_SHOWN_MAX; i++) {
        const struct feed_row *row = &status->rows[i];
        if (row->condition <= FEED_FAILING) {
            buffer_printf(out, "           %s: ", row->state->name);
            feed_health_write(row, FEED_ENGLISH, offset_s, now_utc_s, out);
            buffer_putc(out, '\n');
            shown++;
        }
    }
    if (bad > shown) {
        buffer_printf(out, "           and %zu more\n", bad - shown);
    }
}

static void write_polls(const struct status *status, int64_t now_utc_s, struct buffer *out)
{
    buffer_puts(out, "last poll  ");
    if (status->newest == NULL) {
        buffer_puts(out, "none yet\n");
    } else {
        write_span(now_utc_s - status->newest->state->last_poll_utc_s, out);
        buffer_printf(out, " ago, '%s'\n", status->newest->state->name);
    }
    buffer_printf(
        out, "waiting    %zu %s due", status->due, status->due == 1 ? "feed" : "feeds");
    if (status->due == 0 && status->next_poll_utc_s != CLOCK_NONE) {
        buffer_puts(out, ", the next in ");
        write_span(status->next_poll_utc_s - now_utc_s, out);
    }
    buffer_putc(out, '\n');
}

static void write_backup(const struct status *status, int64_t now_utc_s, struct buffer *out)
{
    if (status->backup.path == NULL) {
        buffer_puts(out, "backup     none yet\n");
        return;
    }
    buffer_puts(out, "backup     ");
    write_span(now_utc_s - status->backup.utc_s, out);
    buffer_printf(out, " ago%s, '%s' ", status->backup_overdue ? ", which is overdue" : "",
        status->backup.path);
    write_size(status->backup.bytes, out);
    buffer_putc(out, '\n');
}

static void write_text(const struct status *status, const struct config *config,
    const char *database, int64_t now_utc_s, struct buffer *out)
{
    const struct draft *draft = status->draft->draft;
    write_daemon(status, out);
    write_feeds(status, config->briefing.utc_offset_s, now_utc_s, out);
    write_polls(status, now_utc_s, out);
    buffer_printf(out,
        "next issue %s%s: %zu lines picked, %zu suggested, %zu candidates\n"
        "archive    %" PRId64 " issues\n"
        "disk       '%s' ",
        draft->date, status->draft->publishing ? ", being published" : "", status->picked,
        status->suggested, draft->candidate_count, status->totals.issues, database);
    write_size(status->file_bytes, out);
    buffer_puts(out, " with ");
    buffer_printf(out, "%" PRId64 " items, log ", status->totals.items);
    write_size(status->log_bytes, out);
    if (status->free_bytes >= 0) {
        buffer_puts(out, ", free ");
        write_size(status->free_bytes, out);
    }
    buffer_putc(out, '\n');
    write_backup(status, now_utc_s, out);
}

/* ---- for programs ---- */

static json_t *pack_time(int64_t utc_s)
{
    char text[CLOCK_ISO_BYTES];
    return utc_s == CLOCK_NONE ? json_null() : json_string(clock_format_iso(utc_s, text));
}

static json_t *pack_feeds(const struct status *status, int64_t offset_s, int64_t now_utc_s)
{
    json_t *feeds = json_object(), *failing = json_array();
    for (size_t i = 0; i < FEED_CONDITION_COUNT; i++) {
        json_object_set_new(feeds, feed_condition_word((enum feed_condition)i),
            json_integer((json_int_t)status->conditions[i]));
    }
    for (size_t i = 0; i < status->row_count; i++) {
        const struct feed_row *row = &status->rows[i];
        if (row->condition > FEED_FAILING) {
            continue;
        }
        struct buffer words;
        buffer_init(&words, WORDS_MAX_BYTES);
        feed_health_write(row, FEED_ENGLISH, offset_s, now_utc_s, &words);
        json_array_append_new(failing,
            json_pack("{s:s, s:s, s:s}", "name", row->state->name, "health",
                feed_condition_word(row->condition), "message", words.data));
        buffer_release(&words);
    }
    return json_pack("{s:I, s:o, s:o}", "count", (json_int_t)status->row_count, "by_health",
        feeds, "not_answering", failing);
}

static json_t *pack_backup(const struct status *status)
{
    return status->backup.path == NULL
        ? json_null()
        : json_pack("{s:s, s:o, s:I, s:b}", "path", status->backup.path, "made",
              pack_time(status->backup.utc_s), "bytes", (json_int_t)status->backup.bytes,
              "overdue", status->backup_overdue);
}

static void write_json(const struct status *status, const struct config *config,
    const char *database, int64_t now_utc_s, struct buffer *out)
{
    const struct draft *draft = status->draft->draft;
    json_t *report = json_pack("{s:s, s:b, s:o?, s:s?, s:o, s:o, s:s?, s:I, s:o}", "version",
        BRIEFD_VERSION, "running", status->running, "ready",
        status->running ? json_boolean(status->ready) : NULL, "message",
        status->words[0] == '\0' ? NULL : status->words, "feeds",
        pack_feeds(status, config->briefing.utc_offset_s, now_utc_s), "last_poll",
        pack_time(status->newest == NULL ? CLOCK_NONE : status->newest->state->last_poll_utc_s),
        "last_polled", status->newest == NULL ? NULL : status->newest->state->name, "feeds_due",
        (json_int_t)status->due, "next_poll", pack_time(status->next_poll_utc_s));
    json_t *issue = json_pack("{s:s, s:b, s:I, s:I, s:I}", "date", draft->date, "publishing",
        status->draft->publishing, "picked", (json_int_t)status->picked, "suggested",
        (json_int_t)status->suggested, "candidates", (json_int_t)draft->candidate_count);
    json_t *disk = json_pack("{s:s, s:I, s:I, s:I, s:I}", "database", database, "bytes",
        (json_int_t)status->file_bytes, "log_bytes", (json_int_t)status->log_bytes,
        "free_bytes", (json_int_t)status->free_bytes, "items",
        (json_int_t)status->totals.items);
    json_object_set_new(report, "next_issue", issue);
    json_object_set_new(report, "issues", json_integer(status->totals.issues));
    json_object_set_new(report, "disk", disk);
    json_object_set_new(report, "backup", pack_backup(status));
    char *text = json_dumps(report, JSON_COMPACT);
    buffer_puts(out, text == NULL ? "{}" : text);
    buffer_putc(out, '\n');
    free(text);
    json_decref(report);
}

/* ---- the command ---- */

static bool print_status(const struct command_line *line, struct config *file,
    struct status *status, struct fault *fault)
{
    cleanup(config_unrefp) struct config *config = NULL;
    cleanup(arena_release) struct arena arena = {0};
    const char *database = command_database(line, file);
    int64_t now_utc_s = clock_now_utc_s();
    struct store *store;
    if (!command_read_effective(line, file, &config, fault) ||
        !store_open_reader(database, &store, fault)) {
        return false;
    }
    ask_daemon(line->listen != NULL ? line->listen : config->server.listen, database, status);
    measure_disk(database, status);
    struct buffer out;
    buffer_init(&out, OUT_MAX_BYTES);
    bool ok = read_store(store, &arena, config, now_utc_s, status, fault) &&
        find_backup(&arena, config, database, now_utc_s, status, fault);
    if (ok) {
        bool json = command_option_value(line, "json") != NULL;
        (json ? write_json : write_text)(status, config, database, now_utc_s, &out);
        ok = command_print(&out, fault);
    }
    buffer_release(&out);
    store_close(store);
    return ok;
}

static int run(const struct command_line *line)
{
    cleanup(config_unrefp) struct config *file = command_load_config(line);
    struct fault fault;
    struct status status = {0};
    if (file == NULL) {
        return COMMAND_FAILED;
    }
    if (!print_status(line, file, &status, &fault)) {
        return command_fail(&fault);
    }
    return status.running && !status.ready ? COMMAND_FAILED : COMMAND_OK;
}

const struct command command_status = {
    .name = "status",
    .arguments = "",
    .summary = "Tell how it is: the daemon, the feeds, the next issue, the disk",
    .details =
        "Reads the database, beside a running daemon or without one; a daemon that runs is\n"
        "asked whether it works. Exits 1 when it runs and does not.\n",
    .run = run,
    .options = {{"json", NULL, "print one JSON object"}},
};
