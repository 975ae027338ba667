/* Who may enter: accounts, their sessions, their tokens. The third door to the database, beside
 * store.h and desk.h and over the same struct store.
 *
 * Nothing that opens a door is kept or comes this way: a password arrives as Argon2's hash, the
 * secret of a session or token as its BLAKE2b-256 (web/access/secret.h makes both). Every
 * change is one transaction that is on disk when the call returns, and raises the generation,
 * by which a daemon sees what a command beside it has changed.
 *
 * Kept here, whoever asks: the first account is an admin; there is an admin as long as there is
 * an account; a removed account's sessions and tokens are gone with it; a new password ends the
 * sessions that the old one began.
 *
 * Faults: FAULT_REFUSED not possible as things stand (409), FAULT_MISSING no such account
 * (404), FAULT_LIMIT too many (413), FAULT_STORE. Everything returned lives in the arena given.
 */
#ifndef STORAGE_ACCOUNTS_H
#define STORAGE_ACCOUNTS_H

#include "storage/store.h"

enum {
    ACCOUNT_SECRET_BYTES = 32,  /* of a hash */
    ACCOUNT_SESSIONS_MAX = 100, /* of one account; beyond, the one unseen longest ends */
    ACCOUNT_TOKENS_MAX = 100,   /* of one account */
    ACCOUNT_COUNT_MAX = 1000,
};

/* In the order of what they may do. */
enum account_role { ACCOUNT_NOBODY, ACCOUNT_READER, ACCOUNT_EDITOR, ACCOUNT_ADMIN };

/* "reader", "editor", "admin"; "nobody". */
const char *account_role_name(enum account_role role);
/* False for any other word, also for "nobody". */
must_check bool account_role_parse(const char *name, enum account_role *ret_role);

/* What a token may do, by the names of its scopes: "read", "edit", "admin" for the three roles.
 */
const char *account_scope_name(enum account_role scope);
must_check bool account_scope_parse(const char *name, enum account_role *ret_scope);

struct account {
    int64_t id;
    const char *name;
    enum account_role role;
    const char *password; /* $argon2id$… */
    int64_t created_utc_s, password_utc_s;
};

struct account_session {
    int64_t id, account;
    const char *name; /* of the account, as `role` */
    enum account_role role;
    unsigned char secret[ACCOUNT_SECRET_BYTES];
    int64_t created_utc_s, seen_utc_s, idle_s, expires_utc_s;
    const char *address, *agent; /* may be NULL */
};

struct account_token {
    int64_t id, account;
    const char *name; /* of the account, as `role` */
    enum account_role role, scope;
    unsigned char secret[ACCOUNT_SECRET_BYTES];
    const char *label;
    int64_t created_utc_s;
    int64_t used_utc_s, expires_utc_s; /* or CLOCK_NONE */
};

/* ---- the connection ---- */

/* A connection of a command's, also while a daemon has the writer's lock: accounts are in no
 * memory of the writer's, and SQLite's own lock keeps the transactions apart. Without a daemon
 * it is store_open(), which creates the database. */
must_check bool accounts_open(const char *path, struct store **ret_store, struct fault *fault);

/* Raised by every change of who may enter; starts at 1. */
must_check bool accounts_generation(
    struct store *store, int64_t *ret_generation, struct fault *fault);

/* ---- accounts ---- */

/* `account->id` is not used. The first one must be an admin. */
must_check bool account_add(
    struct store *store, const struct account *account, int64_t *ret_id, struct fault *fault);

/* The account of this name, in any case of ASCII letters; *ret_account is NULL without one. */
must_check bool account_find(struct store *store, struct arena *arena, const char *name,
    struct account **ret_account, struct fault *fault);

must_check bool account_list(struct store *store, struct arena *arena,
    struct account **ret_accounts, size_t *ret_count, struct fault *fault);

/* Ends all its sessions but `kept_session` (0: none is kept). */
must_check bool account_set_password(struct store *store, const char *name,
    const char *password, int64_t now_utc_s, int64_t kept_session, struct fault *fault);

must_check bool account_set_role(
    struct store *store, const char *name, enum account_role role, struct fault *fault);

must_check bool account_remove(struct store *store, const char *name, struct fault *fault);

/* ---- sessions ---- */

/* Begin it for whom `session->account` names, if `password` is still its hash; else
 * FAULT_REFUSED. `ended_session` (0: none) ends with it, as do all that have expired.
 * `rehashed` takes the hash's place when it is not NULL. */
struct session_start {
    const struct account_session *session; /* id, name and role are not used */
    const char *password;
    const char *rehashed;
    int64_t ended_session;
};
must_check bool session_begin(struct store *store, const struct session_start *start,
    int64_t *ret_id, struct fault *fault);

/* Of `account`, 0: of all; seen last first. */
must_check bool session_list(struct store *store, struct arena *arena, int64_t account,
    struct account_session **ret_sessions, size_t *ret_count, struct fault *fault);

/* End one of `account` (0: of anybody); *ret_ended is false when there is none. */
must_check bool session_end(
    struct store *store, int64_t id, int64_t account, bool *ret_ended, struct fault *fault);

/* End all of an account but one (0: all). */
must_check bool session_end_others(
    struct store *store, int64_t account, int64_t kept, struct fault *fault);

/* ---- tokens ---- */

must_check bool token_add(struct store *store, const struct account_token *token,
    int64_t *ret_id, struct fault *fault);
must_check bool token_list(struct store *store, struct arena *arena, int64_t account,
    struct account_token **ret_tokens, size_t *ret_count, struct fault *fault);
must_check bool token_remove(
    struct store *store, int64_t id, int64_t account, bool *ret_removed, struct fault *fault);

/* ---- when they were seen ---- */

struct account_sight {
    int64_t session, token; /* one of them is 0 */
    int64_t utc_s;
};
/* One transaction for all; does not raise the generation. What is gone is passed over. */
must_check bool accounts_note_seen(
    struct store *store, const struct account_sight *sights, size_t count, struct fault *fault);

#endif
