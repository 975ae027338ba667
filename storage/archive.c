/* Issues in and out of the archive. What an issue is, is its document; everything else in these
 * tables is made from it and could be made again. */
#include "storage/archive.h"

#include <string.h>

#include "base/clock.h"
#include "briefing/render_markdown.h"
#include "storage/issues.h"
#include "storage/printed.h"

/* An issue is a page or two; its JSON says each word once. */
enum { DOCUMENT_MAX_BYTES = 16 << 20 };

bool issue_find(struct store *store, struct arena *arena, const char *day,
    struct archived *ret_issue, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_FIND_ISSUE, fault);
    *ret_issue = (struct archived){0};
    if (find == NULL) {
        return false;
    }
    bind_text(find, day);
    bool row;
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    if (row) {
        ret_issue->id = column_int(find);
        ret_issue->version = column_int(find);
        ret_issue->document = column_text(find, arena);
    }
    return true;
}

static bool read_document(struct arena *arena, const char *day, const char *document,
    struct issue **ret_issue, struct fault *fault)
{
    return issue_read_json(arena, document, strlen(document), ret_issue, fault) ||
        fault_prefix(fault, "the stored issue of %s: ", day);
}

/* ---- links ---- */

static bool put_link(
    struct store *store, const char *day, const struct past_issue *past, struct fault *fault)
{
    cleanup(statement_donep) struct statement *put = statement_get(
        store, STATEMENT_PUT_ISSUE_LINK, fault);
    if (put == NULL) {
        return false;
    }
    bind_text(put, past->date);
    bind_text(put, past->url);
    bind_int(put, past->spaces_before);
    bind_int(put, past->spaces_after);
    bind_int(put, past->breaks_row);
    bind_int(put, past->breaks_year);
    bind_text(put, day);
    return statement_run(put, fault);
}

/* The newest table knows best how a row stands; what a table does not list stays. */
static bool put_links(struct store *store, const struct issue *issue, struct fault *fault)
{
    bool ok = true;
    for (size_t i = 0; ok && i < issue->archive_count; i++) {
        ok = put_link(store, issue->date, &issue->archive[i], fault);
    }
    return ok;
}

/* ---- the document ---- */

static bool keep_version(struct store *store, int64_t issue_id, struct fault *fault)
{
    cleanup(statement_donep) struct statement *keep = statement_get(
        store, STATEMENT_KEEP_ISSUE_VERSION, fault);
    if (keep == NULL) {
        return false;
    }
    bind_int(keep, issue_id);
    return statement_run(keep, fault);
}

static bool put_document(struct store *store, const char *day, const char *document,
    int64_t utc_s, const char *editor, struct fault *fault)
{
    cleanup(statement_donep) struct statement *put = statement_get(
        store, STATEMENT_PUT_ISSUE, fault);
    if (put == NULL) {
        return false;
    }
    bind_text(put, day);
    bind_time(put, utc_s);
    bind_text(put, editor);
    bind_text(put, document);
    return statement_run(put, fault);
}

/* Whether both print the same. */
static bool prints_same(
    struct arena *arena, const struct archived *stored, const struct issue *issue)
{
    struct issue *before;
    struct fault fault;
    if (stored->document == NULL ||
        !read_document(arena, issue->date, stored->document, &before, &fault)) {
        return false;
    }
    struct buffer old, now;
    buffer_init(&old, DOCUMENT_MAX_BYTES);
    buffer_init(&now, DOCUMENT_MAX_BYTES);
    issue_write_markdown(before, &old);
    issue_write_markdown(issue, &now);
    bool same = strcmp(old.data, now.data) == 0;
    buffer_release(&old);
    buffer_release(&now);
    return same;
}

bool issue_put(struct store *store, struct arena *arena, const struct issue *issue,
    int64_t utc_s, const char *editor, int64_t *ret_id, struct fault *fault)
{
    struct buffer document;
    struct archived stored, put = {0};
    if (!issue_find(store, arena, issue->date, &stored, fault)) {
        return false;
    }
    buffer_init(&document, DOCUMENT_MAX_BYTES);
    issue_write_json(issue, &document);
    bool ok = !buffer_failed(&document) ||
        fault_set(fault, FAULT_LIMIT, "the issue of %s is larger than %d MiB", issue->date,
            DOCUMENT_MAX_BYTES >> 20);
    ok = ok && (stored.document == NULL || keep_version(store, stored.id, fault)) &&
        put_document(store, issue->date, document.data, utc_s, editor, fault) &&
        issue_find(store, arena, issue->date, &put, fault) &&
        printed_replace(store, put.id, issue, fault);
    buffer_release(&document);
    *ret_id = put.id;
    return ok;
}

/* ---- what could not be read ---- */

static bool add_unread(
    struct store *store, const char *day, const struct issue_unread *line, struct fault *fault)
{
    cleanup(statement_donep) struct statement *add = statement_get(
        store, STATEMENT_ADD_UNREAD, fault);
    if (add == NULL) {
        return false;
    }
    bind_text(add, day);
    bind_int(add, (int64_t)line->line);
    bind_text(add, line->text);
    bind_text(add, line->why);
    return statement_run(add, fault);
}

static bool put_unread(
    struct store *store, const struct issue_reading *reading, struct fault *fault)
{
    bool ok = statement_run_texts(
        store, STATEMENT_CLEAR_UNREAD, &reading->issue->date, 1, fault);
    for (size_t i = 0; ok && i < reading->unread_count; i++) {
        ok = add_unread(store, reading->issue->date, &reading->unread[i], fault);
    }
    return ok;
}

/* ---- the door ---- */

static bool import_issue(struct store *store, struct arena *arena,
    const struct issue_reading *reading, enum store_issue_change *ret_change,
    struct fault *fault)
{
    const struct issue *issue = reading->issue;
    struct archived stored;
    int64_t id;
    if (!issue_find(store, arena, issue->date, &stored, fault)) {
        return false;
    }
    bool same = prints_same(arena, &stored, issue);
    *ret_change = same            ? STORE_ISSUE_UNCHANGED
        : stored.document == NULL ? STORE_ISSUE_ADDED
                                  : STORE_ISSUE_CHANGED;
    return (same || issue_put(store, arena, issue, CLOCK_NONE, NULL, &id, fault)) &&
        put_links(store, issue, fault) && put_unread(store, reading, fault);
}

bool store_import_issue(struct store *store, const struct issue_reading *reading,
    enum store_issue_change *ret_change, struct fault *fault)
{
    if (!transaction_begin_edit(store, fault)) {
        return false;
    }
    cleanup(arena_release) struct arena arena = {0};
    bool ok = import_issue(store, &arena, reading, ret_change, fault);
    return transaction_end_edit(store, ok, fault);
}

bool store_read_issue(struct store *store, struct arena *arena, const char *day,
    struct issue **ret_issue, struct fault *fault)
{
    struct archived stored;
    *ret_issue = NULL;
    return issue_find(store, arena, day, &stored, fault) &&
        (stored.document == NULL ||
            read_document(arena, day, stored.document, ret_issue, fault));
}

static void read_unread(struct statement *row, struct arena *arena, void *item)
{
    struct issue_unread *line = item;
    line->line = (size_t)column_int(row);
    line->text = column_text(row, arena);
    line->why = column_text(row, arena);
}

bool store_read_unread(struct store *store, struct arena *arena, const char *day,
    struct issue_unread **ret_lines, size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_UNREAD, fault);
    if (list == NULL) {
        return false;
    }
    bind_text(list, day);
    *ret_lines = statement_rows(
        list, arena, sizeof(**ret_lines), read_unread, ret_count, fault);
    return *ret_lines != NULL;
}
