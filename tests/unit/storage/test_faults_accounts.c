/* Everything of accounts.h while one call after another fails: nobody comes in by half an
 * account, and nobody stays by half a removal. */
#include "fault_world.h"

#include <string.h>

#include "base/clock.h"
#include "storage/accounts.h"

#define STORE world->desk.store
#define ARENA world->desk.arena
#define FAULT world->desk.fault

static bool open_without_daemon(struct fault_world *world)
{
    return accounts_open(world->fixture->path, &STORE, FAULT);
}

static bool read_generation(struct fault_world *world)
{
    int64_t generation;
    return accounts_generation(STORE, &generation, FAULT);
}

static bool add_account(struct fault_world *world)
{
    const struct account eva = {0, "eva", ACCOUNT_EDITOR, "$argon2id$3", NOON, NOON};
    int64_t id;
    return account_add(STORE, &eva, &id, FAULT);
}

static bool find_account(struct fault_world *world)
{
    struct account *account;
    return account_find(STORE, ARENA, "rob", &account, FAULT) && account != NULL;
}

static bool list_accounts(struct fault_world *world)
{
    struct account *accounts;
    size_t count;
    return account_list(STORE, ARENA, &accounts, &count, FAULT) && count == 2;
}

static bool set_password(struct fault_world *world)
{
    return account_set_password(STORE, "rob", "$argon2id$4", NOON + 1, 0, FAULT);
}

static bool set_role(struct fault_world *world)
{
    return account_set_role(STORE, "rob", ACCOUNT_ADMIN, FAULT);
}

static bool remove_account(struct fault_world *world)
{
    return account_remove(STORE, "rob", FAULT);
}

static bool begin_session(struct fault_world *world)
{
    struct account_session session = {.account = world->reader,
        .secret = "another",
        .created_utc_s = NOON + 1,
        .seen_utc_s = NOON + 1,
        .idle_s = 3600,
        .expires_utc_s = NOON + DAY};
    struct session_start start = {&session, "$argon2id$2", "$argon2id$5", world->session};
    int64_t id;
    return session_begin(STORE, &start, &id, FAULT);
}

static bool list_sessions(struct fault_world *world)
{
    struct account_session *sessions;
    size_t count;
    return session_list(STORE, ARENA, 0, &sessions, &count, FAULT) && count == 1;
}

static bool end_session(struct fault_world *world)
{
    bool ended;
    return session_end(STORE, world->session, world->reader, &ended, FAULT) && ended;
}

static bool end_others(struct fault_world *world)
{
    return session_end_others(STORE, world->reader, 0, FAULT);
}

static bool add_token(struct fault_world *world)
{
    const struct account_token token = {.account = world->reader,
        .scope = ACCOUNT_READER,
        .secret = "another",
        .label = "script",
        .created_utc_s = NOON,
        .used_utc_s = CLOCK_NONE,
        .expires_utc_s = NOON + DAY};
    int64_t id;
    return token_add(STORE, &token, &id, FAULT);
}

static bool list_tokens(struct fault_world *world)
{
    struct account_token *tokens;
    size_t count;
    return token_list(STORE, ARENA, world->reader, &tokens, &count, FAULT) && count == 1;
}

static bool remove_token(struct fault_world *world)
{
    bool removed;
    return token_remove(STORE, world->token, world->reader, &removed, FAULT) && removed;
}

static bool note_seen(struct fault_world *world)
{
    const struct account_sight sights[] = {
        {world->session, 0, NOON + 7}, {0, world->token, NOON + 8}, {4711, 0, NOON + 9}};
    return accounts_note_seen(STORE, sights, array_count(sights), FAULT);
}

static bool remove_last_admin(struct fault_world *world)
{
    /* Goes well when it is refused so; what the disk says is a failure all the same. */
    return !account_remove(STORE, "ada", FAULT) && FAULT->kind == FAULT_REFUSED;
}

static bool be_a_thousand(struct fault_world *world)
{
    fixture_execute(world->fixture->path,
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
        " INSERT INTO account (name, role, password, created_utc_s, password_utc_s)"
        " SELECT 'n' || i, 'reader', 'x', 0, 0 FROM n");
    return true;
}

static bool add_one_more(struct fault_world *world)
{
    const struct account eva = {0, "eva", ACCOUNT_EDITOR, "$argon2id$3", NOON, NOON};
    int64_t id;
    return account_add(STORE, &eva, &id, FAULT);
}

static const struct fault_operation operations[] = {
    /* As for store_open(). */
    {.name = "open", .run = open_without_daemon, .opens = true, .forgives = true},
    {.name = "read the generation", .run = read_generation},
    {.name = "add an account", .run = add_account},
    {.name = "find an account", .run = find_account},
    {.name = "list accounts", .run = list_accounts},
    {.name = "set a password", .run = set_password},
    {.name = "set a role", .run = set_role},
    {.name = "remove an account", .run = remove_account},
    {.name = "remove the last admin", .run = remove_last_admin},
    {.name = "begin a session", .run = begin_session},
    {.name = "list sessions", .run = list_sessions},
    {.name = "end a session", .run = end_session},
    {.name = "end the others", .run = end_others},
    {.name = "add a token", .run = add_token},
    {.name = "list tokens", .run = list_tokens},
    {.name = "remove a token", .run = remove_token},
    {.name = "note who was seen", .run = note_seen},
};

static void nobody_comes_in_or_stays_by_half_a_change(void **state)
{
    fault_world_try(*state, operations, array_count(operations));
}

static void there_is_an_end_of_accounts(void **state)
{
    static const struct fault_refusal full = {.operation = {.name = "a thousand and one",
                                                  .run = add_one_more,
                                                  .prepare = be_a_thousand},
        .kind = FAULT_LIMIT,
        .said = "1000"};
    fault_world_refuse(*state, &full, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(nobody_comes_in_or_stays_by_half_a_change),
        storage_test(there_is_an_end_of_accounts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
