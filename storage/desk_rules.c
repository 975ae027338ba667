/* Rules, topics and vendors the editor wrote, as text; synced to disk like all edits. */
#include "storage/statements.h"

static bool put_rule(struct store *store, const struct desk_rule *rule, struct fault *fault)
{
    cleanup(statement_donep) struct statement *put = statement_get(
        store, STATEMENT_PUT_DESK_RULE, fault);
    if (put == NULL) {
        return false;
    }
    bind_text(put, rule->kind);
    bind_text(put, rule->section);
    bind_text(put, rule->name);
    bind_int(put, rule->changed_utc_s);
    bind_text(put, rule->text);
    return statement_run(put, fault);
}

bool store_put_rules(
    struct store *store, const struct desk_rule *rules, size_t count, struct fault *fault)
{
    if (!transaction_begin_edit(store, fault)) {
        return false;
    }
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        ok = put_rule(store, &rules[i], fault);
    }
    return transaction_end_edit(store, ok, fault);
}

static bool remove_rule(struct store *store, const char *kind, const char *section,
    const char *name, bool *ret_removed, struct fault *fault)
{
    cleanup(statement_donep) struct statement *remove = statement_get(
        store, STATEMENT_REMOVE_DESK_RULE, fault);
    if (remove == NULL) {
        return false;
    }
    bind_text(remove, kind);
    bind_text(remove, section);
    bind_text(remove, name);
    bool ok = statement_run(remove, fault);
    *ret_removed = ok && sqlite3_changes64(store->db) > 0;
    return ok;
}

bool store_remove_rule(struct store *store, const char *kind, const char *section,
    const char *name, bool *ret_removed, struct fault *fault)
{
    if (!transaction_begin_edit(store, fault)) {
        return false;
    }
    bool ok = remove_rule(store, kind, section, name, ret_removed, fault);
    return transaction_end_edit(store, ok, fault);
}

static void read_rule(struct statement *row, struct arena *arena, void *item)
{
    struct desk_rule *rule = item;
    rule->kind = column_text(row, arena);
    rule->section = column_text(row, arena);
    rule->name = column_text(row, arena);
    rule->changed_utc_s = column_int(row);
    rule->text = column_text(row, arena);
}

bool store_read_rules(struct store *store, struct arena *arena, struct desk_rule **ret_rules,
    size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_DESK_RULES, fault);
    if (list == NULL) {
        return false;
    }
    *ret_rules = statement_rows(list, arena, sizeof(**ret_rules), read_rule, ret_count, fault);
    return *ret_rules != NULL;
}
