/* /api/v1/me, /me/password, /sessions: who one is, and where one is logged in. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "web/access/cookie.h"
#include "web/access/secret.h"
#include "web/server/desk_call.h"
#include "web/server/desk_json.h"
#include "web/server/endpoints.h"
#include "web/server/json.h"
#include "web/server/login.h"

/* A password and its escapes, twice. */
enum { PASSWORD_BODY_MAX = 16 << 10 };

/* ---- oneself ---- */

static const char *means_of(const struct caller *caller)
{
    return caller->session != 0 ? "session" : caller->token != 0 ? "token" : "loopback";
}

static bool show_me(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    const struct caller *caller = &call->caller;
    return call_answer(call,
        json_pack("{s:o, s:s, s:b, s:s, s:o}", "name", json_text(caller->name), "role",
            account_role_name(caller->role), "accounts", !caller->open, "by", means_of(caller),
            "session", desk_json_id(caller->session)));
}

const struct endpoint endpoint_me = {.door = ENDPOINT_READS, .work = show_me};

static bool no_account(const struct call *call, struct fault *fault)
{
    return call->caller.account != 0 ||
        fault_set(fault, FAULT_REFUSED,
            "there are no accounts here, and nobody is logged in: make one with 'briefd user "
            "add NAME'");
}

/* ---- the password ---- */

struct password_change {
    const char *old, *new;
    char hash[SECRET_PASSWORD_BYTES];
};

static bool read_password_change(
    struct call *call, struct password_change *change, struct fault *fault)
{
    static const char *const known[] = {"old", "new", NULL};
    json_t *body;
    if (!call_read_object(call, &body, fault)) {
        return false;
    }
    bool ok = desk_call_expect(body, "", known, fault) &&
        desk_call_text(call, body, "old", true, &change->old, fault) &&
        desk_call_text(call, body, "new", true, &change->new, fault) &&
        (secret_check_rules(change->new, call->caller.name, fault) ||
            fault_prefix(fault, "new: "));
    json_decref(body);
    return ok;
}

/* The old one is guessed at like in a login: a stolen session must not find it out. */
static bool check_old(struct call *call, struct store *store,
    const struct password_change *change, struct fault *fault)
{
    struct account *account;
    if (!account_find(store, &call->arena, call->caller.name, &account, fault)) {
        return false;
    }
    struct throttle *throttle = access_throttle(call->access);
    struct throttle_answer answer = throttle_guess(
        throttle, call->caller.name, call->address, true, clock_monotonic_ms());
    if (!answer.allowed) {
        call->status = 429;
        call->wait_s = answer.wait_s;
        return fault_set(fault, FAULT_REFUSED, "Too many wrong passwords; come back later.");
    }
    if (account == NULL || strlen(change->old) > SECRET_PASSWORD_MAX ||
        !secret_is_password(change->old, account->password)) {
        call->status = 422;
        return fault_set(fault, FAULT_PARSE, "old: this is not the password");
    }
    throttle_forgive(throttle, call->caller.name, call->address, clock_monotonic_ms());
    return true;
}

static bool prove_password(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct password_change *change = arena_new(&call->arena, struct password_change);
    call->proof = change;
    return no_account(call, fault) && read_password_change(call, change, fault) &&
        check_old(call, store, change, fault) &&
        secret_hash_password(change->new, change->hash, fault);
}

/* The session that asks goes on; all others end. */
static bool change_password(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    const struct password_change *change = call->proof;
    if (!account_set_password(store, call->caller.name, change->hash, call->now_utc_s,
            call->caller.session, fault) ||
        !login_renew(call, store, fault)) {
        return false;
    }
    log_notice("account '%s': a new password, from %s", call->caller.name, call->address);
    return call_answer(call, json_object());
}

const struct endpoint endpoint_password = {
    .door = ENDPOINT_PROVES,
    .media_types = endpoint_json,
    .takes = endpoint_takes_json,
    .body_max = PASSWORD_BODY_MAX,
    .prove = prove_password,
    .work = change_password,
};

/* ---- sessions ---- */

static json_t *make_session(const struct call *call, const struct account_session *session)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "id",
        desk_json_id(session->id), "name", json_text(session->name), "created",
        desk_json_time(session->created_utc_s), "seen", desk_json_time(session->seen_utc_s),
        "expires",
        desk_json_time(session->expires_utc_s < session->seen_utc_s + session->idle_s
                ? session->expires_utc_s
                : session->seen_utc_s + session->idle_s),
        "address", json_text(session->address), "agent", json_text(session->agent), "current",
        session->id == call->caller.session);
}

static bool list_sessions(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct account_session *sessions;
    size_t count;
    int64_t account = 0;
    if (!login_whose(call, &account, fault) ||
        !session_list(store, &call->arena, account, &sessions, &count, fault)) {
        return false;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        if (call->now_utc_s < sessions[i].expires_utc_s &&
            call->now_utc_s < sessions[i].seen_utc_s + sessions[i].idle_s) {
            json_array_append_new(list, make_session(call, &sessions[i]));
        }
    }
    return call_answer(call, json_pack("{s:o}", "sessions", list));
}

const struct endpoint endpoint_sessions = {.door = ENDPOINT_READS, .work = list_sessions};

static bool end_others(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    return no_account(call, fault) &&
        session_end_others(store, call->caller.account, call->caller.session, fault) &&
        login_renew(call, store, fault) && call_answer(call, json_object());
}

const struct endpoint endpoint_sessions_delete = {.door = ENDPOINT_WRITES, .work = end_others};

/* "current" is the one that asks: logging out without knowing its id. */
static bool end_session(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    const char *name = call->parameters[0];
    bool current = strcmp(name, "current") == 0 && call->caller.session != 0, ended;
    int64_t id = call->caller.session;
    char cookie[COOKIE_SET_BYTES];
    int64_t account = call->caller.role == ACCOUNT_ADMIN ? 0 : call->caller.account;
    if (!current && !call_parse_id(name, &id)) {
        return call_not_found(call, fault, "There is no such session.");
    }
    if (!session_end(store, id, account, &ended, fault)) {
        return false;
    }
    if (!ended) {
        return call_not_found(call, fault, "There is no such session.");
    }
    if (id == call->caller.session) {
        call->cookie = arena_strdup(&call->arena, cookie_write_ended(call->secure, cookie));
    }
    return login_renew(call, store, fault) && call_answer(call, json_object());
}

const struct endpoint endpoint_session_delete = {.door = ENDPOINT_WRITES, .work = end_session};
