/* Accounts, sessions and tokens: what may not become of them, whoever asks. */
#include "fixture.h"

#include <string.h>

#include "base/clock.h"
#include "storage/accounts.h"

static int64_t add(
    struct fixture *fixture, struct store *store, const char *name, enum account_role role)
{
    int64_t id;
    fixture_must(fixture,
        account_add(store, &(struct account){0, name, role, "$argon2id$1", NOON, NOON}, &id,
            &fixture->fault));
    return id;
}

static int64_t begin(
    struct fixture *fixture, struct store *store, int64_t account, int tag, int64_t now_utc_s)
{
    struct account_session session = {.account = account,
        .created_utc_s = now_utc_s,
        .seen_utc_s = now_utc_s,
        .idle_s = 3600,
        .expires_utc_s = now_utc_s + DAY,
        .address = "192.0.2.1"};
    memcpy(session.secret, &tag, sizeof(tag));
    int64_t id;
    fixture_must(fixture,
        session_begin(store, &(struct session_start){&session, "$argon2id$1", NULL, 0}, &id,
            &fixture->fault));
    return id;
}

static size_t count_sessions(struct fixture *fixture, struct store *store, int64_t account)
{
    struct account_session *sessions;
    size_t count;
    fixture_must(fixture,
        session_list(store, &fixture->arena, account, &sessions, &count, &fixture->fault));
    return count;
}

static int64_t generation(struct fixture *fixture, struct store *store)
{
    int64_t value;
    fixture_must(fixture, accounts_generation(store, &value, &fixture->fault));
    return value;
}

static int64_t add_token(
    struct fixture *fixture, struct store *store, int64_t account, int tag, int64_t expires)
{
    struct account_token token = {.account = account,
        .scope = ACCOUNT_READER,
        .label = "mail",
        .created_utc_s = NOON,
        .used_utc_s = CLOCK_NONE,
        .expires_utc_s = expires};
    memcpy(token.secret, &tag, sizeof(tag));
    int64_t id;
    fixture_must(fixture, token_add(store, &token, &id, &fixture->fault));
    return id;
}

static void the_first_account_is_an_admin(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    int64_t id;
    assert_false(account_add(store,
        &(struct account){0, "ada", ACCOUNT_EDITOR, "$argon2id$1", NOON, NOON}, &id,
        &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_REFUSED);
    add(fixture, store, "ada", ACCOUNT_ADMIN);
    add(fixture, store, "\xe6\x9e\x97", ACCOUNT_READER);
    assert_false(account_add(store,
        &(struct account){0, "ADA", ACCOUNT_EDITOR, "$argon2id$1", NOON, NOON}, &id,
        &fixture->fault));
    assert_non_null(strstr(fixture->fault.message, "already"));
    struct account *accounts, *found;
    size_t count;
    fixture_must(
        fixture, account_list(store, &fixture->arena, &accounts, &count, &fixture->fault));
    assert_int_equal(count, 2);
    assert_int_equal(accounts[1].role, ACCOUNT_READER);
    fixture_must(fixture, account_find(store, &fixture->arena, "Ada", &found, &fixture->fault));
    assert_string_equal(found->name, "ada");
    fixture_must(
        fixture, account_find(store, &fixture->arena, "ada ", &found, &fixture->fault));
    assert_null(found);
    store_close(store);
}

static void the_last_admin_stays_while_anybody_does(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    add(fixture, store, "ada", ACCOUNT_ADMIN);
    add(fixture, store, "bob", ACCOUNT_EDITOR);
    assert_false(account_remove(store, "ada", &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_REFUSED);
    assert_false(account_set_role(store, "ada", ACCOUNT_READER, &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_REFUSED);
    fixture_must(fixture, account_set_role(store, "bob", ACCOUNT_ADMIN, &fixture->fault));
    fixture_must(fixture, account_set_role(store, "ada", ACCOUNT_READER, &fixture->fault));
    fixture_must(fixture, account_remove(store, "ada", &fixture->fault));
    fixture_must(fixture, account_remove(store, "bob", &fixture->fault)); /* nobody is left */
    assert_false(account_remove(store, "bob", &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_MISSING);
    store_close(store);
}

static void a_new_password_ends_the_other_sessions(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    int64_t ada = add(fixture, store, "ada", ACCOUNT_ADMIN);
    int64_t bob = add(fixture, store, "bob", ACCOUNT_EDITOR);
    begin(fixture, store, ada, 1, NOON);
    int64_t kept = begin(fixture, store, ada, 2, NOON);
    begin(fixture, store, bob, 3, NOON);
    fixture_must(fixture,
        account_set_password(store, "ada", "$argon2id$2", NOON + 1, kept, &fixture->fault));
    struct account_session *sessions;
    size_t count;
    fixture_must(
        fixture, session_list(store, &fixture->arena, ada, &sessions, &count, &fixture->fault));
    assert_int_equal(count, 1);
    assert_int_equal(sessions[0].id, kept);
    assert_int_equal(count_sessions(fixture, store, bob), 1);
    store_close(store);
}

/* The hash was checked on another connection a moment ago. */
static void a_login_with_a_password_changed_meanwhile_begins_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    int64_t ada = add(fixture, store, "ada", ACCOUNT_ADMIN), id;
    struct account_session session = {.account = ada, .created_utc_s = NOON, .idle_s = 1};
    assert_false(session_begin(store,
        &(struct session_start){&session, "$argon2id$0", "$argon2id$new", 0}, &id,
        &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_REFUSED);
    assert_int_equal(count_sessions(fixture, store, 0), 0);
    assert_string_equal(
        fixture_query_text(fixture, "SELECT password FROM account"), "$argon2id$1");
    fixture_must(fixture,
        session_begin(store,
            &(struct session_start){&session, "$argon2id$1", "$argon2id$new", 0}, &id,
            &fixture->fault));
    assert_string_equal(
        fixture_query_text(fixture, "SELECT password FROM account"), "$argon2id$new");
    store_close(store);
}

static void beginning_a_session_ends_the_one_it_replaces_and_the_expired(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    int64_t ada = add(fixture, store, "ada", ACCOUNT_ADMIN), id;
    begin(fixture, store, ada, 1, NOON);
    int64_t idle = begin(fixture, store, ada, 2, NOON + 3599);
    struct account_session next = {.account = ada,
        .created_utc_s = NOON + 3600,
        .seen_utc_s = NOON + 3600,
        .idle_s = 9,
        .expires_utc_s = NOON + DAY};
    fixture_must(fixture,
        session_begin(store, &(struct session_start){&next, "$argon2id$1", NULL, idle}, &id,
            &fixture->fault));
    struct account_session *sessions;
    size_t count;
    fixture_must(
        fixture, session_list(store, &fixture->arena, 0, &sessions, &count, &fixture->fault));
    assert_int_equal(count, 1);
    assert_int_equal(sessions[0].id, id);
    assert_string_equal(sessions[0].name, "ada");
    assert_int_equal(sessions[0].role, ACCOUNT_ADMIN);
    store_close(store);
}

static void sessions_of_one_account_are_bounded(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    int64_t ada = add(fixture, store, "ada", ACCOUNT_ADMIN);
    int64_t first = begin(fixture, store, ada, 1000, NOON);
    for (int i = 0; i < ACCOUNT_SESSIONS_MAX; i++) {
        begin(fixture, store, ada, i, NOON + 1);
    }
    assert_int_equal(count_sessions(fixture, store, ada), ACCOUNT_SESSIONS_MAX);
    bool ended;
    fixture_must(fixture, session_end(store, first, 0, &ended, &fixture->fault));
    assert_false(ended);
    store_close(store);
}

static void nobody_ends_another_s_session_or_token(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    int64_t ada = add(fixture, store, "ada", ACCOUNT_ADMIN);
    int64_t bob = add(fixture, store, "bob", ACCOUNT_EDITOR);
    int64_t session = begin(fixture, store, ada, 1, NOON);
    int64_t token = add_token(fixture, store, ada, 1, CLOCK_NONE);
    bool done;
    fixture_must(fixture, session_end(store, session, bob, &done, &fixture->fault));
    assert_false(done);
    fixture_must(fixture, token_remove(store, token, bob, &done, &fixture->fault));
    assert_false(done);
    fixture_must(fixture, session_end(store, session, ada, &done, &fixture->fault));
    assert_true(done);
    fixture_must(fixture, token_remove(store, token, ada, &done, &fixture->fault));
    assert_true(done);
    int64_t again = begin(fixture, store, ada, 1, NOON);
    assert_true(again > session); /* an id is never given twice */
    store_close(store);
}

static void an_account_takes_its_sessions_and_tokens_with_it(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    add(fixture, store, "ada", ACCOUNT_ADMIN);
    int64_t bob = add(fixture, store, "bob", ACCOUNT_EDITOR);
    begin(fixture, store, bob, 1, NOON);
    add_token(fixture, store, bob, 1, CLOCK_NONE);
    fixture_must(fixture, account_remove(store, "bob", &fixture->fault));
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM session"), 0);
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM token"), 0);
    store_close(store);
}

static void tokens_are_bounded_and_expired_ones_make_room(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    int64_t ada = add(fixture, store, "ada", ACCOUNT_ADMIN), id;
    add_token(fixture, store, ada, 1000, NOON - 1);
    for (int i = 0; i < ACCOUNT_TOKENS_MAX; i++) {
        add_token(fixture, store, ada, i, CLOCK_NONE);
    }
    struct account_token one_more = {
        .account = ada, .scope = ACCOUNT_ADMIN, .label = "x", .secret = {9, 9, 9, 9, 9}};
    assert_false(token_add(store, &one_more, &id, &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_LIMIT);
    store_close(store);
}

static void being_seen_is_noted_forward_only_and_is_no_change_of_who_may_enter(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    int64_t ada = add(fixture, store, "ada", ACCOUNT_ADMIN);
    int64_t session = begin(fixture, store, ada, 1, NOON);
    int64_t token = add_token(fixture, store, ada, 1, CLOCK_NONE);
    int64_t before = generation(fixture, store);
    const struct account_sight sights[] = {
        {session, 0, NOON + 60}, {session, 0, NOON + 30}, {0, token, NOON + 90}, {99, 0, NOON}};
    fixture_must(fixture, accounts_note_seen(store, sights, 4, &fixture->fault));
    assert_int_equal(generation(fixture, store), before);
    assert_int_equal(fixture_query_int(fixture, "SELECT seen_utc_s FROM session"), NOON + 60);
    assert_int_equal(fixture_query_int(fixture, "SELECT used_utc_s FROM token"), NOON + 90);
    store_close(store);
}

static void a_command_beside_the_writer_is_seen_by_the_generation(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture), *beside;
    int64_t before = generation(fixture, store);
    fixture_must(fixture, accounts_open(fixture->path, &beside, &fixture->fault));
    add(fixture, beside, "ada", ACCOUNT_ADMIN);
    int64_t added = generation(fixture, store);
    assert_true(added > before);
    fixture_must(fixture, account_set_role(beside, "ada", ACCOUNT_ADMIN, &fixture->fault));
    int64_t changed = generation(fixture, store);
    assert_true(changed > added);
    begin(fixture, beside, 1, 1, NOON);
    fixture_must(fixture, session_end_others(beside, 1, 0, &fixture->fault));
    assert_true(generation(fixture, store) > changed + 1);
    store_close(beside);
    store_close(store);
}

static void words_of_roles_and_scopes_are_read_back(void **state)
{
    for (int i = ACCOUNT_READER; i <= ACCOUNT_ADMIN; i++) {
        enum account_role role, scope;
        assert_true(account_role_parse(account_role_name((enum account_role)i), &role));
        assert_true(account_scope_parse(account_scope_name((enum account_role)i), &scope));
        assert_int_equal(role, i);
        assert_int_equal(scope, i);
    }
    enum account_role role;
    assert_false(account_role_parse("nobody", &role));
    assert_false(account_role_parse("Admin", &role));
    assert_false(account_scope_parse("", &role));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(the_first_account_is_an_admin),
        storage_test(the_last_admin_stays_while_anybody_does),
        storage_test(a_new_password_ends_the_other_sessions),
        storage_test(a_login_with_a_password_changed_meanwhile_begins_nothing),
        storage_test(beginning_a_session_ends_the_one_it_replaces_and_the_expired),
        storage_test(sessions_of_one_account_are_bounded),
        storage_test(nobody_ends_another_s_session_or_token),
        storage_test(an_account_takes_its_sessions_and_tokens_with_it),
        storage_test(tokens_are_bounded_and_expired_ones_make_room),
        storage_test(being_seen_is_noted_forward_only_and_is_no_change_of_who_may_enter),
        storage_test(a_command_beside_the_writer_is_seen_by_the_generation),
        cmocka_unit_test(words_of_roles_and_scopes_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
