/* /api/v1/tokens: secrets for programs, shown once. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "web/access/secret.h"
#include "web/server/desk_call.h"
#include "web/server/desk_json.h"
#include "web/server/endpoints.h"
#include "web/server/json.h"
#include "web/server/login.h"

enum { TOKEN_BODY_MAX = 4096, TOKEN_DAYS_MAX = 3660, DAY_S = 86400 };

static json_t *make_token(const struct account_token *token)
{
    return json_pack("{s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "id", desk_json_id(token->id),
        "name", json_text(token->name), "label", json_text(token->label), "scope",
        account_scope_name(token->scope), "created", desk_json_time(token->created_utc_s),
        "used", desk_json_time(token->used_utc_s), "expires",
        desk_json_time(token->expires_utc_s));
}

static bool list_tokens(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct account_token *tokens;
    size_t count;
    int64_t account = 0;
    if (!login_whose(call, &account, fault) ||
        !token_list(store, &call->arena, account, &tokens, &count, fault)) {
        return false;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, make_token(&tokens[i]));
    }
    return call_answer(call, json_pack("{s:o}", "tokens", list));
}

const struct endpoint endpoint_tokens = {.door = ENDPOINT_READS, .work = list_tokens};

static bool read_expiry(
    const struct call *call, const json_t *body, int64_t *ret_utc_s, struct fault *fault)
{
    const json_t *days = json_object_get(body, "days");
    json_int_t value = json_integer_value(days);
    *ret_utc_s = CLOCK_NONE;
    if (days == NULL || json_is_null(days)) {
        return true;
    }
    if (!json_is_integer(days) || value < 1 || value > TOKEN_DAYS_MAX) {
        return fault_set(
            fault, FAULT_PARSE, "days: expected a number from 1 to %d", TOKEN_DAYS_MAX);
    }
    *ret_utc_s = call->now_utc_s + value * DAY_S;
    return true;
}

static bool read_scope(const struct call *call, const char *name, enum account_role *ret_scope,
    struct fault *fault)
{
    if (!account_scope_parse(name, ret_scope)) {
        return fault_set(fault, FAULT_PARSE, "scope: expected 'read', 'edit' or 'admin'");
    }
    return *ret_scope <= call->caller.role ||
        fault_set(fault, FAULT_PARSE, "scope: your role is '%s', which cannot give '%s'",
            account_role_name(call->caller.role), name);
}

/* The label is a name as an account's is: one line to tell tokens apart by. */
static bool read_token(struct call *call, struct account_token *token, struct fault *fault)
{
    static const char *const known[] = {"label", "scope", "days", NULL};
    const char *scope;
    json_t *body;
    if (!call_read_object(call, &body, fault)) {
        return false;
    }
    bool ok = desk_call_expect(body, "", known, fault) &&
        desk_call_text(call, body, "label", true, &token->label, fault) &&
        desk_call_text(call, body, "scope", true, &scope, fault) &&
        read_scope(call, scope, &token->scope, fault) &&
        read_expiry(call, body, &token->expires_utc_s, fault) &&
        (access_is_name(token->label) ||
            fault_set(fault, FAULT_PARSE, "label: expected a line of at most %d bytes",
                ACCESS_NAME_MAX_BYTES));
    json_decref(body);
    return ok;
}

static bool add_token(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    char secret[SECRET_TEXT_BYTES];
    struct account_token token = {.account = call->caller.account,
        .name = call->caller.name,
        .created_utc_s = call->now_utc_s,
        .used_utc_s = CLOCK_NONE};
    if (token.account == 0) {
        return fault_set(fault, FAULT_REFUSED,
            "there are no accounts here, and no token is needed: make an account with 'briefd "
            "user add NAME'");
    }
    if (!read_token(call, &token, fault)) {
        return false;
    }
    secret_make("briefd_", secret);
    secret_digest(secret, strlen(secret), token.secret);
    if (!token_add(store, &token, &token.id, fault) || !login_renew(call, store, fault)) {
        return false;
    }
    log_notice("account '%s': a token to %s, '%s'", token.name, account_scope_name(token.scope),
        token.label);
    call->status = 201;
    json_t *answer = make_token(&token);
    json_object_set_new(answer, "secret", json_string(secret));
    secret_forget(secret, sizeof(secret));
    return call_answer(call, answer);
}

const struct endpoint endpoint_tokens_post = {
    .door = ENDPOINT_WRITES,
    .media_types = endpoint_json,
    .takes = endpoint_takes_json,
    .body_max = TOKEN_BODY_MAX,
    .work = add_token,
};

static bool remove_token(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    int64_t id;
    bool removed = false;
    int64_t account = call->caller.role == ACCOUNT_ADMIN ? 0 : call->caller.account;
    if (call_parse_id(call->parameters[0], &id) &&
        !token_remove(store, id, account, &removed, fault)) {
        return false;
    }
    if (!removed) {
        return call_not_found(call, fault, "There is no such token.");
    }
    return login_renew(call, store, fault) && call_answer(call, json_object());
}

const struct endpoint endpoint_token_delete = {.door = ENDPOINT_WRITES, .work = remove_token};
