/* Sessions and tokens: rows that a secret's hash finds. Which one it is, the daemon looks up in
 * memory (web/access/directory.h); here they are begun, listed and ended. */
#include <string.h>

#include "storage/accounts.h"
#include "storage/statements.h"

/* A hash of another length fits no secret there could be. */
static void column_secret(
    struct statement *row, struct arena *arena, unsigned char secret[ACCOUNT_SECRET_BYTES])
{
    size_t length;
    const void *bytes = column_blob(row, arena, &length);
    memset(secret, 0, ACCOUNT_SECRET_BYTES);
    if (length == ACCOUNT_SECRET_BYTES) {
        memcpy(secret, bytes, length);
    }
}

static enum account_role column_word(
    struct statement *row, bool (*parse)(const char *, enum account_role *))
{
    enum account_role role;
    const char *name = column_peek(row);
    return name != NULL && parse(name, &role) ? role : ACCOUNT_NOBODY;
}

/* ---- sessions ---- */

static bool rehash(struct store *store, const struct session_start *start, struct fault *fault)
{
    cleanup(statement_donep) struct statement *put = statement_get(
        store, STATEMENT_REHASH_PASSWORD, fault);
    if (put == NULL) {
        return false;
    }
    bind_text(put, start->rehashed != NULL ? start->rehashed : start->password);
    bind_int(put, start->session->account);
    bind_text(put, start->password);
    if (!statement_run(put, fault)) {
        return false;
    }
    return sqlite3_changes64(store->db) == 1 ||
        fault_set(fault, FAULT_REFUSED, "the password was changed a moment ago: log in again");
}

static bool put_session(struct store *store, const struct account_session *session,
    int64_t *ret_id, struct fault *fault)
{
    cleanup(statement_donep) struct statement *add = statement_get(
        store, STATEMENT_ADD_SESSION, fault);
    if (add == NULL) {
        return false;
    }
    bind_int(add, session->account);
    bind_blob(add, session->secret, sizeof(session->secret));
    bind_int(add, session->created_utc_s);
    bind_int(add, session->seen_utc_s);
    bind_int(add, session->idle_s);
    bind_int(add, session->expires_utc_s);
    bind_text(add, session->address);
    bind_text(add, session->agent);
    bool ok = statement_run(add, fault);
    *ret_id = sqlite3_last_insert_rowid(store->db);
    return ok;
}

bool session_begin(struct store *store, const struct session_start *start, int64_t *ret_id,
    struct fault *fault)
{
    const struct account_session *session = start->session;
    const int64_t now_utc_s = session->created_utc_s;
    if (!transaction_begin_edit(store, fault)) {
        return false;
    }
    bool ok = rehash(store, start, fault) &&
        statement_run_ints(
            store, STATEMENT_END_SESSION, (int64_t[]){start->ended_session, 0}, 2, fault) &&
        statement_run_ints(store, STATEMENT_END_EXPIRED, &now_utc_s, 1, fault) &&
        statement_run_ints(store, STATEMENT_REMOVE_EXPIRED_TOKENS, &now_utc_s, 1, fault) &&
        put_session(store, session, ret_id, fault) &&
        statement_run_ints(store, STATEMENT_TRIM_SESSIONS,
            (int64_t[]){session->account, ACCOUNT_SESSIONS_MAX}, 2, fault);
    return transaction_end_edit(store, ok, fault);
}

static void read_session(struct statement *row, struct arena *arena, void *item)
{
    struct account_session *session = item;
    session->id = column_int(row);
    session->account = column_int(row);
    session->name = column_text(row, arena);
    session->role = column_word(row, account_role_parse);
    column_secret(row, arena, session->secret);
    session->created_utc_s = column_int(row);
    session->seen_utc_s = column_int(row);
    session->idle_s = column_int(row);
    session->expires_utc_s = column_int(row);
    session->address = column_text(row, arena);
    session->agent = column_text(row, arena);
}

bool session_list(struct store *store, struct arena *arena, int64_t account,
    struct account_session **ret_sessions, size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_SESSIONS, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, account);
    *ret_sessions = statement_rows(
        list, arena, sizeof(**ret_sessions), read_session, ret_count, fault);
    return *ret_sessions != NULL;
}

/* Remove one row of `account`, or of anybody's. */
static bool remove_one(struct store *store, enum statement_id statement, int64_t id,
    int64_t account, bool *ret_removed, struct fault *fault)
{
    if (!transaction_begin_edit(store, fault)) {
        return false;
    }
    bool ok = statement_run_ints(store, statement, (int64_t[]){id, account}, 2, fault);
    *ret_removed = ok && sqlite3_changes64(store->db) > 0;
    return transaction_end_edit(store, ok, fault);
}

bool session_end(
    struct store *store, int64_t id, int64_t account, bool *ret_ended, struct fault *fault)
{
    return remove_one(store, STATEMENT_END_SESSION, id, account, ret_ended, fault);
}

bool session_end_others(struct store *store, int64_t account, int64_t kept, struct fault *fault)
{
    return transaction_begin_edit(store, fault) &&
        transaction_end_edit(store,
            statement_run_ints(
                store, STATEMENT_END_SESSIONS, (int64_t[]){account, kept}, 2, fault),
            fault);
}

/* ---- tokens ---- */

static bool put_token(struct store *store, const struct account_token *token, int64_t *ret_id,
    struct fault *fault)
{
    cleanup(statement_donep) struct statement *add = statement_get(
        store, STATEMENT_ADD_TOKEN, fault);
    if (add == NULL) {
        return false;
    }
    bind_int(add, token->account);
    bind_blob(add, token->secret, sizeof(token->secret));
    bind_text(add, token->label);
    bind_text(add, account_scope_name(token->scope));
    bind_int(add, token->created_utc_s);
    bind_time(add, token->expires_utc_s);
    bool ok = statement_run(add, fault);
    *ret_id = sqlite3_last_insert_rowid(store->db);
    return ok;
}

static bool may_add_token(struct store *store, int64_t account, struct fault *fault)
{
    int64_t count;
    return statement_find_int(store, STATEMENT_COUNT_TOKENS, account, &count, fault) &&
        (count < ACCOUNT_TOKENS_MAX ||
            fault_set(fault, FAULT_LIMIT,
                "there are %d tokens, the most an account has: revoke one that is not used",
                ACCOUNT_TOKENS_MAX));
}

bool token_add(struct store *store, const struct account_token *token, int64_t *ret_id,
    struct fault *fault)
{
    if (!transaction_begin_edit(store, fault)) {
        return false;
    }
    bool ok = statement_run_ints(
                  store, STATEMENT_REMOVE_EXPIRED_TOKENS, &token->created_utc_s, 1, fault) &&
        may_add_token(store, token->account, fault) && put_token(store, token, ret_id, fault);
    return transaction_end_edit(store, ok, fault);
}

static void read_token(struct statement *row, struct arena *arena, void *item)
{
    struct account_token *token = item;
    token->id = column_int(row);
    token->account = column_int(row);
    token->name = column_text(row, arena);
    token->role = column_word(row, account_role_parse);
    column_secret(row, arena, token->secret);
    token->label = column_text(row, arena);
    token->scope = column_word(row, account_scope_parse);
    token->created_utc_s = column_int(row);
    token->used_utc_s = column_time(row);
    token->expires_utc_s = column_time(row);
}

bool token_list(struct store *store, struct arena *arena, int64_t account,
    struct account_token **ret_tokens, size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_TOKENS, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, account);
    *ret_tokens = statement_rows(
        list, arena, sizeof(**ret_tokens), read_token, ret_count, fault);
    return *ret_tokens != NULL;
}

bool token_remove(
    struct store *store, int64_t id, int64_t account, bool *ret_removed, struct fault *fault)
{
    return remove_one(store, STATEMENT_REMOVE_TOKEN, id, account, ret_removed, fault);
}

/* ---- when they were seen ---- */

bool accounts_note_seen(
    struct store *store, const struct account_sight *sights, size_t count, struct fault *fault)
{
    if (!transaction_begin(store, fault)) {
        return false;
    }
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++) {
        const struct account_sight *sight = &sights[i];
        bool session = sight->session != 0;
        ok = statement_run_ints(store,
            session ? STATEMENT_TOUCH_SESSION : STATEMENT_TOUCH_TOKEN,
            (int64_t[]){session ? sight->session : sight->token, sight->utc_s}, 2, fault);
    }
    ok = ok && transaction_commit(store, fault);
    if (!ok) {
        transaction_rollback(store);
    }
    return ok;
}
