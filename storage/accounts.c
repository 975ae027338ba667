/* The invariants stand inside the transaction that changes something: two commands at once, or
 * a command beside the daemon, must not take the last admin between them. BEGIN IMMEDIATE takes
 * the write lock before anything is read. */
#include "storage/accounts.h"

#include <assert.h>
#include <string.h>

#include "storage/statements.h"

static const char *const role_names[] = {
    [ACCOUNT_NOBODY] = "nobody",
    [ACCOUNT_READER] = "reader",
    [ACCOUNT_EDITOR] = "editor",
    [ACCOUNT_ADMIN] = "admin",
};

static const char *const scope_names[] = {
    [ACCOUNT_NOBODY] = "nothing",
    [ACCOUNT_READER] = "read",
    [ACCOUNT_EDITOR] = "edit",
    [ACCOUNT_ADMIN] = "admin",
};

static bool parse(const char *const *names, const char *name, enum account_role *ret_role)
{
    for (int role = ACCOUNT_READER; role <= ACCOUNT_ADMIN; role++) {
        if (strcmp(names[role], name) == 0) {
            *ret_role = (enum account_role)role;
            return true;
        }
    }
    return false;
}

const char *account_role_name(enum account_role role)
{
    return role_names[role];
}

bool account_role_parse(const char *name, enum account_role *ret_role)
{
    return parse(role_names, name, ret_role);
}

const char *account_scope_name(enum account_role scope)
{
    return scope_names[scope];
}

bool account_scope_parse(const char *name, enum account_role *ret_scope)
{
    return parse(scope_names, name, ret_scope);
}

/* A word that no program of ours wrote gives no right. */
static enum account_role column_role(struct statement *row, const char *const *names)
{
    enum account_role role;
    const char *name = column_peek(row);
    return name != NULL && parse(names, name, &role) ? role : ACCOUNT_NOBODY;
}

/* ---- reading ---- */

bool accounts_generation(struct store *store, int64_t *ret_generation, struct fault *fault)
{
    return statement_find_int(store, STATEMENT_READ_GENERATION, 0, ret_generation, fault);
}

static void read_account(struct statement *row, struct arena *arena, void *item)
{
    struct account *account = item;
    account->id = column_int(row);
    account->name = column_text(row, arena);
    account->role = column_role(row, role_names);
    account->password = column_text(row, arena);
    account->created_utc_s = column_int(row);
    account->password_utc_s = column_int(row);
}

bool account_find(struct store *store, struct arena *arena, const char *name,
    struct account **ret_account, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_FIND_ACCOUNT, fault);
    bool row;
    if (find == NULL) {
        return false;
    }
    bind_text(find, name);
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    *ret_account = row ? arena_new(arena, struct account) : NULL;
    if (row) {
        read_account(find, arena, *ret_account);
    }
    return true;
}

bool account_list(struct store *store, struct arena *arena, struct account **ret_accounts,
    size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_ACCOUNTS, fault);
    if (list == NULL) {
        return false;
    }
    *ret_accounts = statement_rows(
        list, arena, sizeof(**ret_accounts), read_account, ret_count, fault);
    return *ret_accounts != NULL;
}

/* ---- changing ---- */

/* Within a transaction. */
static bool find_known(struct store *store, struct arena *arena, const char *name,
    struct account **ret_account, struct fault *fault)
{
    return account_find(store, arena, name, ret_account, fault) &&
        (*ret_account != NULL ||
            fault_set(fault, FAULT_MISSING, "there is no account '%s'", name));
}

static bool may_add(struct store *store, const struct account *account, struct fault *fault)
{
    struct arena arena = {0};
    struct account *known;
    int64_t count;
    bool ok = account_find(store, &arena, account->name, &known, fault) &&
        statement_find_int(store, STATEMENT_COUNT_ACCOUNTS, 0, &count, fault);
    if (ok && known != NULL) {
        ok = fault_set(fault, FAULT_REFUSED, "there is an account '%s' already", account->name);
    } else if (ok && count == 0 && account->role != ACCOUNT_ADMIN) {
        ok = fault_set(fault, FAULT_REFUSED,
            "the first account is an admin, who can then add others: not '%s'",
            account_role_name(account->role));
    } else if (ok && count >= ACCOUNT_COUNT_MAX) {
        ok = fault_set(fault, FAULT_LIMIT, "there are %d accounts, the most there can be",
            ACCOUNT_COUNT_MAX);
    }
    arena_release(&arena);
    return ok;
}

static bool put_account(struct store *store, const struct account *account, struct fault *fault)
{
    cleanup(statement_donep) struct statement *add = statement_get(
        store, STATEMENT_ADD_ACCOUNT, fault);
    if (add == NULL) {
        return false;
    }
    bind_text(add, account->name);
    bind_text(add, account_role_name(account->role));
    bind_text(add, account->password);
    bind_int(add, account->created_utc_s);
    bind_int(add, account->password_utc_s);
    return statement_run(add, fault);
}

bool account_add(
    struct store *store, const struct account *account, int64_t *ret_id, struct fault *fault)
{
    if (!transaction_begin_edit(store, fault)) {
        return false;
    }
    bool ok = may_add(store, account, fault) && put_account(store, account, fault);
    *ret_id = sqlite3_last_insert_rowid(store->db);
    return transaction_end_edit(store, ok, fault);
}

static bool end_sessions(
    struct store *store, int64_t account, int64_t kept, struct fault *fault)
{
    return statement_run_ints(
        store, STATEMENT_END_SESSIONS, (int64_t[]){account, kept}, 2, fault);
}

static bool put_password(struct store *store, const char *name, const char *password,
    int64_t now_utc_s, int64_t kept_session, struct fault *fault)
{
    struct arena arena = {0};
    struct account *account;
    bool ok = find_known(store, &arena, name, &account, fault);
    cleanup(statement_donep) struct statement *set = ok
        ? statement_get(store, STATEMENT_SET_PASSWORD, fault)
        : NULL;
    if (set != NULL) {
        bind_text(set, password);
        bind_int(set, now_utc_s);
        bind_int(set, account->id);
    }
    ok = set != NULL && statement_run(set, fault) &&
        end_sessions(store, account->id, kept_session, fault);
    arena_release(&arena);
    return ok;
}

bool account_set_password(struct store *store, const char *name, const char *password,
    int64_t now_utc_s, int64_t kept_session, struct fault *fault)
{
    return transaction_begin_edit(store, fault) &&
        transaction_end_edit(
            store, put_password(store, name, password, now_utc_s, kept_session, fault), fault);
}

/* Whether `account` may lose its rights: another admin must remain for whoever remains. */
static bool may_lose_admin(
    struct store *store, const struct account *account, bool removed, struct fault *fault)
{
    int64_t admins, others;
    if (account->role != ACCOUNT_ADMIN) {
        return true;
    }
    if (!statement_find_int(store, STATEMENT_COUNT_OTHER_ADMINS, account->id, &admins, fault) ||
        !statement_find_int(store, STATEMENT_COUNT_ACCOUNTS, account->id, &others, fault)) {
        return false;
    }
    return admins > 0 || (removed && others == 0) ||
        fault_set(fault, FAULT_REFUSED,
            "'%s' is the only admin: make another one first, or nobody can change an account",
            account->name);
}

static bool put_role(
    struct store *store, const char *name, enum account_role role, struct fault *fault)
{
    struct arena arena = {0};
    struct account *account;
    bool ok = find_known(store, &arena, name, &account, fault) &&
        (role == ACCOUNT_ADMIN || may_lose_admin(store, account, false, fault));
    cleanup(statement_donep) struct statement *set = ok
        ? statement_get(store, STATEMENT_SET_ROLE, fault)
        : NULL;
    if (set != NULL) {
        bind_text(set, account_role_name(role));
        bind_int(set, account->id);
    }
    ok = set != NULL && statement_run(set, fault);
    arena_release(&arena);
    return ok;
}

bool account_set_role(
    struct store *store, const char *name, enum account_role role, struct fault *fault)
{
    return transaction_begin_edit(store, fault) &&
        transaction_end_edit(store, put_role(store, name, role, fault), fault);
}

/* Sessions and tokens go by hand as well: cascades need foreign keys switched on, and a door
 * must not stay open because a connection forgot to. */
static bool remove_account(struct store *store, const char *name, struct fault *fault)
{
    struct arena arena = {0};
    struct account *account;
    bool ok = find_known(store, &arena, name, &account, fault) &&
        may_lose_admin(store, account, true, fault) &&
        end_sessions(store, account->id, 0, fault) &&
        statement_run_ints(store, STATEMENT_REMOVE_TOKENS, &account->id, 1, fault) &&
        statement_run_ints(store, STATEMENT_REMOVE_ACCOUNT, &account->id, 1, fault);
    arena_release(&arena);
    return ok;
}

bool account_remove(struct store *store, const char *name, struct fault *fault)
{
    return transaction_begin_edit(store, fault) &&
        transaction_end_edit(store, remove_account(store, name, fault), fault);
}
