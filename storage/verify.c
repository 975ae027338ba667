/* The checks run one after the other in one transaction that only reads: beside a daemon they
 * must not compare a story of before a commit with items of after it. The log of a busy writer
 * grows meanwhile and is cut again afterwards.
 *
 * Rejected: FTS5's own 'integrity-check', which is a write; verify_search.c counts by itself.
 * Rejected too: mending what is found. Which side of a disagreement is right is known to a
 * person with the last backup at hand; what could be derived again safely is derived by the
 * daemon anyway. */
#include "storage/verify_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"

static const struct verify_check *const groups[] = {
    verify_file_checks,
    verify_item_checks,
    verify_desk_checks,
    verify_access_checks,
    verify_search_checks,
};

enum {
    GROUP_FILE = 1,   /* groups that look at the file alone stand first */
    GROUP_SEARCH = 4, /* and the index last */
};

static void tell(
    struct verifier *verifier, const char *table, const char *row, const char *words)
{
    const struct verify_finding finding = {verifier->check->name, table, row, words};
    verifier->on_finding(verifier->data, &finding);
}

void verify_report(
    struct verifier *verifier, const char *table, const char *row, const char *detail)
{
    char words[1024];
    const char *known = verifier->check->words;
    verifier->count++;
    if (verifier->found++ >= VERIFY_SHOWN_MAX) {
        return;
    }
    snprintf(words, sizeof(words), "%s%s%s", known == NULL ? "" : known,
        known == NULL || detail == NULL ? "" : ": ", detail == NULL ? "" : detail);
    for (char *at = words; *at != '\0'; at++) {
        *at = *at == '\n' ? ' ' : *at; /* one line a finding */
    }
    tell(verifier, table == NULL ? verifier->check->table : table, row, words);
}

void verify_report_id(struct verifier *verifier, int64_t id, const char *detail)
{
    char row[24];
    snprintf(row, sizeof(row), "%lld", (long long)id);
    verify_report(verifier, NULL, row, detail);
}

/* ---- statements ---- */

bool verify_begin(struct verifier *verifier, const char *sql, struct statement *ret_statement,
    struct fault *fault)
{
    return statement_prepare(verifier->store, sql, "verify", ret_statement, fault);
}

/* A check without a function of its own. */
static bool report_row(
    struct verifier *verifier, struct statement *row, struct arena *arena, struct fault *fault)
{
    const char *id = column_text(row, arena);
    verify_report(verifier, NULL, id == NULL ? "" : id, column_text(row, arena));
    return true;
}

bool verify_key_hash(
    struct verifier *verifier, struct statement *row, struct arena *arena, struct fault *fault)
{
    const char *id = column_text(row, arena);
    uint64_t hash = column_hash(row);
    const char *key = column_peek(row);
    if (hash != hash_string(HASH_START, key)) {
        verify_report(verifier, NULL, id, key);
    }
    return true;
}

static bool look_at_rows(
    struct verifier *verifier, const char *sql, verify_look_fn *look, struct fault *fault)
{
    struct statement list;
    bool row = true;
    bool ok = verify_begin(verifier, sql, &list, fault);
    while (ok && (ok = statement_next(&list, &row, fault)) && row) {
        struct arena arena = {0};
        ok = look(verifier, &list, &arena, fault);
        arena_release(&arena);
    }
    statement_finalize(&list);
    return ok;
}

/* ---- running ---- */

static bool run_check(
    struct verifier *verifier, const struct verify_check *check, struct fault *fault)
{
    char more[64];
    verifier->check = check;
    verifier->found = 0;
    verify_look_fn *look = check->look == NULL ? report_row : check->look;
    if (!(check->sql == NULL ? look(verifier, NULL, NULL, fault)
                             : look_at_rows(verifier, check->sql, look, fault))) {
        return fault_prefix(fault, "%s: ", check->name);
    }
    if (verifier->found > VERIFY_SHOWN_MAX) {
        snprintf(more, sizeof(more), "and %zu more", verifier->found - VERIFY_SHOWN_MAX);
        tell(verifier, check->table, "", more);
    }
    return true;
}

static bool run_group(
    struct verifier *verifier, const struct verify_check *checks, struct fault *fault)
{
    for (; checks->name != NULL; checks++) {
        if (!run_check(verifier, checks, fault)) {
            return false;
        }
    }
    return true;
}

/* What stands on broken pages is not worth reading: one finding there, and rows are not looked
 * at. */
static bool verify_groups(const char *path, size_t group_count, verify_finding_fn *on_finding,
    void *data, size_t *ret_count, struct fault *fault)
{
    struct verifier verifier = {.on_finding = on_finding, .data = data};
    bool at_rest = store_is_at_rest(path);
    if (!store_open_untouched(path, at_rest, &verifier.store, fault)) {
        return false;
    }
    bool ok = transaction_begin_read(verifier.store, fault);
    for (size_t i = 0; ok && i < group_count; i++) {
        if (i == GROUP_FILE && verifier.count > 0) {
            break;
        }
        ok = run_group(&verifier, groups[i], fault);
    }
    transaction_end_read(verifier.store);
    store_close(verifier.store);
    *ret_count = verifier.count;
    bool disturbed = at_rest && !store_is_at_rest(path);
    if (disturbed && (!ok || verifier.count > 0)) {
        return fault_set(fault, FAULT_STORE,
            "somebody began to work with the database '%s' while it was verified: do it again",
            path);
    }
    return ok;
}

static bool find_dangling(struct verifier *verifier, struct fault *fault)
{
    for (const struct verify_check *check = verify_file_checks; check->name != NULL; check++) {
        if (strcmp(check->name, "references") == 0) {
            return run_check(verifier, check, fault);
        }
    }
    return true;
}

bool verify_rows(struct store *store, verify_finding_fn *on_finding, void *data,
    size_t *ret_count, struct fault *fault)
{
    struct verifier verifier = {.store = store, .on_finding = on_finding, .data = data};
    bool ok = find_dangling(&verifier, fault);
    for (size_t i = GROUP_FILE; ok && i < GROUP_SEARCH; i++) {
        ok = run_group(&verifier, groups[i], fault);
    }
    *ret_count = verifier.count;
    return ok;
}

bool store_verify(const char *path, verify_finding_fn *on_finding, void *data,
    size_t *ret_count, struct fault *fault)
{
    return verify_groups(path, array_count(groups), on_finding, data, ret_count, fault);
}

bool store_verify_copy(const char *path, verify_finding_fn *on_finding, void *data,
    size_t *ret_count, struct fault *fault)
{
    return verify_groups(path, GROUP_FILE, on_finding, data, ret_count, fault);
}

bool store_verify_describe(size_t index, const char **ret_name, const char **ret_rule)
{
    for (size_t i = 0; i < array_count(groups); i++) {
        for (const struct verify_check *check = groups[i]; check->name != NULL; check++) {
            if (index-- == 0) {
                *ret_name = check->name;
                *ret_rule = check->rule;
                return true;
            }
        }
    }
    return false;
}
