/* /api/v1/users: accounts, for an admin. What must hold of all of them together (there is an
 * admin as long as there is anybody) is kept by storage/accounts.h. */
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "web/access/secret.h"
#include "web/server/desk_call.h"
#include "web/server/endpoints.h"
#include "web/server/json.h"
#include "web/server/login.h"

enum { USER_BODY_MAX = 8192 };

static json_t *make_user(const struct account *account)
{
    char created[CLOCK_ISO_BYTES], changed[CLOCK_ISO_BYTES];
    return json_pack("{s:o, s:s, s:s, s:s}", "name", json_text(account->name), "role",
        account_role_name(account->role), "created",
        clock_format_iso(account->created_utc_s, created), "password_set",
        clock_format_iso(account->password_utc_s, changed));
}

static bool list_users(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    struct account *accounts;
    size_t count;
    if (!account_list(store, &call->arena, &accounts, &count, fault)) {
        return false;
    }
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, make_user(&accounts[i]));
    }
    return call_answer(call, json_pack("{s:o}", "users", list));
}

const struct endpoint endpoint_users = {.door = ENDPOINT_READS, .work = list_users};

/* What a body says of an account, and what became of the password. */
struct user_change {
    const char *name;
    const char *role_name; /* NULL: it stays */
    enum account_role role;
    const char *password; /* NULL: it stays */
    char hash[SECRET_PASSWORD_BYTES];
};

static bool check_change(const struct user_change *change, struct fault *fault)
{
    return access_is_name(change->name)
        ? change->password == NULL ||
            secret_check_rules(change->password, change->name, fault) ||
            fault_prefix(fault, "password: ")
        : fault_set(fault, FAULT_PARSE,
              "name: expected at most %d bytes of UTF-8 without control characters",
              ACCESS_NAME_MAX_BYTES);
}

static bool read_change(
    struct call *call, struct user_change *change, bool added, struct fault *fault)
{
    static const char *const of_new[] = {"name", "role", "password", NULL};
    json_t *body;
    if (!call_read_object(call, &body, fault)) {
        return false;
    }
    bool ok = desk_call_expect(body, "", added ? of_new : of_new + 1, fault) &&
        (!added || desk_call_text(call, body, "name", true, &change->name, fault)) &&
        desk_call_text(call, body, "role", added, &change->role_name, fault) &&
        desk_call_text(call, body, "password", added, &change->password, fault) &&
        (change->role_name == NULL || account_role_parse(change->role_name, &change->role) ||
            fault_set(fault, FAULT_PARSE, "role: expected 'reader', 'editor' or 'admin'")) &&
        check_change(change, fault);
    json_decref(body);
    return ok;
}

static bool prove_change(struct call *call, const char *name, bool added, struct fault *fault)
{
    struct user_change *change = arena_new(&call->arena, struct user_change);
    change->name = name;
    call->proof = change;
    return read_change(call, change, added, fault) &&
        (change->password == NULL ||
            secret_hash_password(change->password, change->hash, fault));
}

static bool answer_user(
    struct call *call, struct store *store, const char *name, struct fault *fault)
{
    struct account *account;
    return account_find(store, &call->arena, name, &account, fault) &&
        (account != NULL ||
            fault_set(fault, FAULT_MISSING, "there is no account '%s'", name)) &&
        login_renew(call, store, fault) && call_answer(call, make_user(account));
}

static bool prove_added(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    return prove_change(call, NULL, true, fault);
}

static bool add_user(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    const struct user_change *change = call->proof;
    int64_t id;
    if (!account_add(store,
            &(struct account){
                0, change->name, change->role, change->hash, call->now_utc_s, call->now_utc_s},
            &id, fault)) {
        return false;
    }
    log_notice("account '%s': added by '%s' as %s", change->name, call->editor,
        account_role_name(change->role));
    call->status = 201;
    return answer_user(call, store, change->name, fault);
}

const struct endpoint endpoint_users_post = {
    .door = ENDPOINT_PROVES,
    .media_types = endpoint_json,
    .takes = endpoint_takes_json,
    .body_max = USER_BODY_MAX,
    .prove = prove_added,
    .work = add_user,
};

static bool prove_changed(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    return prove_change(call, call->parameters[0], false, fault);
}

/* Role first: one that is refused leaves the password as it was. */
static bool change_user(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    const struct user_change *change = call->proof;
    bool own = strcmp(change->name, call->caller.name) == 0;
    if ((change->role_name != NULL &&
            !account_set_role(store, change->name, change->role, fault)) ||
        (change->password != NULL &&
            !account_set_password(store, change->name, change->hash, call->now_utc_s,
                own ? call->caller.session : 0, fault))) {
        return false;
    }
    log_notice("account '%s': changed by '%s'", change->name, call->editor);
    return answer_user(call, store, change->name, fault);
}

const struct endpoint endpoint_user_patch = {
    .door = ENDPOINT_PROVES,
    .media_types = endpoint_patch,
    .takes = endpoint_takes_patch,
    .body_max = USER_BODY_MAX,
    .prove = prove_changed,
    .work = change_user,
};

static bool remove_user(
    struct call *call, struct store *store, const struct config *config, struct fault *fault)
{
    const char *name = call->parameters[0];
    if (!account_remove(store, name, fault) || !login_renew(call, store, fault)) {
        return false;
    }
    log_notice("account '%s': removed by '%s'", name, call->editor);
    return call_answer(call, json_object());
}

const struct endpoint endpoint_user_delete = {.door = ENDPOINT_WRITES, .work = remove_user};
