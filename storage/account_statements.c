/* The SQL of accounts, sessions and tokens (statements.c has the rest). */
#include "storage/desk_statements.h"

#define ACCOUNT_COLUMNS "id, name, role, password, created_utc_s, password_utc_s"

#define ENTRY(id) [STATEMENT_##id - STATEMENT_ACCOUNT]

const struct statement_text account_statement_table[STATEMENT_COUNT - STATEMENT_ACCOUNT] = {
    ENTRY(FIND_ACCOUNT) = {"read an account from",
        "SELECT " ACCOUNT_COLUMNS " FROM account WHERE name = ?"},
    ENTRY(LIST_ACCOUNTS) = {"read the accounts from",
        "SELECT " ACCOUNT_COLUMNS " FROM account ORDER BY name"},
    ENTRY(COUNT_ACCOUNTS) = {"read the accounts from",
        "SELECT count(*) FROM account WHERE id <> ?"},
    ENTRY(COUNT_OTHER_ADMINS) = {"read the accounts from",
        "SELECT count(*) FROM account WHERE role = 'admin' AND id <> ?"},
    ENTRY(ADD_ACCOUNT) = {"store an account in",
        "INSERT INTO account (name, role, password, created_utc_s, password_utc_s)"
        " VALUES (?, ?, ?, ?, ?)"},
    ENTRY(SET_PASSWORD) = {"store an account in",
        "UPDATE account SET password = ?, password_utc_s = ? WHERE id = ?"},
    /* Only while it is still the password that was given: it may have been changed meanwhile.
     */
    ENTRY(REHASH_PASSWORD) = {"store an account in",
        "UPDATE account SET password = ? WHERE id = ? AND password = ?"},
    ENTRY(SET_ROLE) = {"store an account in", "UPDATE account SET role = ? WHERE id = ?"},
    ENTRY(REMOVE_ACCOUNT) = {"remove an account from", "DELETE FROM account WHERE id = ?"},

    ENTRY(ADD_SESSION) = {"store a session in",
        "INSERT INTO session (account_id, secret, created_utc_s, seen_utc_s, idle_s,"
        " expires_utc_s, address, agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"},
    ENTRY(LIST_SESSIONS) = {"read the sessions from",
        "SELECT session.id, account_id, name, role, secret, session.created_utc_s, seen_utc_s,"
        " idle_s, expires_utc_s, address, agent FROM session"
        " JOIN account ON account.id = account_id WHERE ?1 = 0 OR account_id = ?1"
        " ORDER BY seen_utc_s DESC, session.id DESC"},
    ENTRY(END_SESSION) = {"end a session in",
        "DELETE FROM session WHERE id = ?1 AND (?2 = 0 OR account_id = ?2)"},
    ENTRY(END_SESSIONS) = {"end a session in",
        "DELETE FROM session WHERE account_id = ? AND id <> ?"},
    ENTRY(END_EXPIRED) = {"end a session in",
        "DELETE FROM session WHERE expires_utc_s <= ?1 OR seen_utc_s + idle_s <= ?1"},
    ENTRY(TRIM_SESSIONS) = {"end a session in",
        "DELETE FROM session WHERE account_id = ?1 AND id NOT IN (SELECT id FROM session"
        " WHERE account_id = ?1 ORDER BY seen_utc_s DESC, id DESC LIMIT ?2)"},
    ENTRY(TOUCH_SESSION) = {"store a session in",
        "UPDATE session SET seen_utc_s = ?2 WHERE id = ?1 AND seen_utc_s < ?2"},

    ENTRY(ADD_TOKEN) = {"store a token in",
        "INSERT INTO token (account_id, secret, label, scope, created_utc_s, expires_utc_s)"
        " VALUES (?, ?, ?, ?, ?, ?)"},
    ENTRY(LIST_TOKENS) = {"read the tokens from",
        "SELECT token.id, account_id, name, role, secret, label, scope, token.created_utc_s,"
        " used_utc_s, expires_utc_s FROM token JOIN account ON account.id = account_id"
        " WHERE ?1 = 0 OR account_id = ?1 ORDER BY token.id"},
    ENTRY(COUNT_TOKENS) = {"read the tokens from",
        "SELECT count(*) FROM token WHERE account_id = ?"},
    ENTRY(REMOVE_TOKEN) = {"revoke a token in",
        "DELETE FROM token WHERE id = ?1 AND (?2 = 0 OR account_id = ?2)"},
    ENTRY(REMOVE_TOKENS) = {"revoke a token in", "DELETE FROM token WHERE account_id = ?"},
    ENTRY(REMOVE_EXPIRED_TOKENS) = {"revoke a token in",
        "DELETE FROM token WHERE expires_utc_s <= ?"},
    ENTRY(TOUCH_TOKEN) = {"store a token in",
        "UPDATE token SET used_utc_s = ?2 WHERE id = ?1 AND coalesce(used_utc_s, 0) < ?2"},

    ENTRY(READ_GENERATION) = {"read the accounts from",
        "SELECT generation FROM access_state WHERE 0 = ?"},
};
