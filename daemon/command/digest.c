/* briefd digest: the draft of the coming issue, or one of the archive, on standard output, from
 * the database alone.
 *
 * It reads through its own connection while a daemon may be writing, and makes the draft the
 * way the daemon does (snapshot_read_draft), so what it prints is what /draft.md, .html and
 * .json serve.
 */
#include "command/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "briefing/render.h"
#include "web/server/snapshot.h"

/* Sections have limits and texts are cut, so a real draft stays far below. */
enum { DIGEST_MAX_BYTES = 256 << 20 };

/* In the order of briefing/render.c; a test asks for each. */
#define FORMATS "md, html, wechat, json, text, eml, atom or jsonfeed"

static void write_html(const struct draft *draft, const struct config *config,
    int64_t now_utc_s, struct buffer *out)
{
    draft_write_html(draft, config, out);
}

static void write_json(const struct draft *draft, const struct config *config,
    int64_t now_utc_s, struct buffer *out)
{
    draft_write_json(draft, config, now_utc_s, out);
}

/* The draft has more to say than what would be printed of it: its candidates. */
static const struct draft_format {
    const char *name;
    void (*write)(const struct draft *draft, const struct config *config, int64_t now_utc_s,
        struct buffer *out);
} draft_formats[] = {
    {"html", write_html},
    {"json", write_json},
};

static const struct draft_format *find_draft_format(const char *name)
{
    for (size_t i = 0; i < array_count(draft_formats); i++) {
        if (strcmp(draft_formats[i].name, name) == 0) {
            return &draft_formats[i];
        }
    }
    return NULL;
}

static bool print(const struct buffer *out, struct fault *fault)
{
    if (buffer_failed(out)) {
        return fault_set(
            fault, FAULT_LIMIT, "the draft is larger than %d MiB", DIGEST_MAX_BYTES >> 20);
    }
    if (fwrite(out->data, 1, out->length, stdout) != out->length || fflush(stdout) != 0) {
        return fault_set(
            fault, FAULT_STORE, "cannot write to standard output: %s", strerror(errno));
    }
    return true;
}

static bool write_draft(struct store *store, struct arena *arena, const struct config *config,
    const struct render_format *format, struct buffer *out, struct fault *fault)
{
    struct draft *draft = NULL;
    int64_t now_utc_s = clock_now_utc_s();
    bool ok = snapshot_read_draft(store, arena, config, now_utc_s, &draft, fault);
    if (ok) {
        const struct draft_format *own = find_draft_format(format->name);
        if (own != NULL) {
            own->write(draft, config, now_utc_s, out);
        } else {
            render_write(format, draft->issue, &config->briefing, out);
        }
    }
    return ok;
}

static bool write_issue(struct store *store, struct arena *arena, const struct config *config,
    const char *day, const struct render_format *format, struct buffer *out,
    struct fault *fault)
{
    struct issue *issue;
    if (!store_read_issue(store, arena, day, &issue, fault)) {
        return false;
    }
    if (issue == NULL) {
        return fault_set(fault, FAULT_CONFIG, "there is no issue of '%s' in the archive", day);
    }
    render_write(format, issue, &config->briefing, out);
    return true;
}

static bool write_digest(struct store *store, const struct config *config, const char *day,
    const struct render_format *format, struct fault *fault)
{
    struct arena arena;
    struct buffer out;
    arena_init(&arena);
    buffer_init(&out, DIGEST_MAX_BYTES);
    bool ok = day == NULL ? write_draft(store, &arena, config, format, &out, fault)
                          : write_issue(store, &arena, config, day, format, &out, fault);
    if (out.length > 0 && out.data[out.length - 1] != '\n') {
        buffer_putc(&out, '\n');
    }
    ok = ok && print(&out, fault);
    buffer_release(&out);
    arena_release(&arena);
    return ok;
}

static int run(const struct command_line *line)
{
    const char *name = command_option_value(line, "format");
    const struct render_format *format = render_find_format(name == NULL ? "md" : name);
    if (format == NULL) {
        fprintf(stderr, "briefd: there is no format '%s': --format takes " FORMATS "\n", name);
        return COMMAND_USAGE;
    }
    cleanup(config_unrefp) struct config *config = command_load_config(line);
    if (config == NULL) {
        return COMMAND_FAILED;
    }
    struct fault fault;
    struct store *store = NULL;
    const char *path = line->database != NULL ? line->database : config->database;
    bool ok = store_open_reader(path, &store, &fault) &&
        write_digest(store, config, command_option_value(line, "issue"), format, &fault);
    store_close(store);
    return ok ? COMMAND_OK : command_fail(&fault);
}

const struct command command_digest = {
    .name = "digest",
    .arguments = "",
    .summary = "Print the draft of the coming issue, or an issue of the archive",
    .details =
        "What the daemon serves as /draft.md, /draft.html and /draft.json, from the database,\n"
        "whether or not a daemon is running.\n",
    .run = run,
    .options = {{"format", "NAME", "the form to print: " FORMATS " (default: md)"},
        {"issue", "DATE", "the issue of that day (2020-09-17) instead of the draft"}},
};
