/* Secrets, cookies, the directory, and what follows from them for a caller. */
#include "../storage/fixture.h"

#include <string.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "web/access/access.h"
#include "web/access/cookie.h"
#include "web/access/secret.h"
#include "web/server/login_page.h"

static const char password[] = "correct horse battery staple";

/* ---- secrets ---- */

static void a_password_is_known_by_its_hash_alone(void **state)
{
    char hash[SECRET_PASSWORD_BYTES], again[SECRET_PASSWORD_BYTES];
    struct fault fault;
    assert_true(secret_hash_password(password, hash, &fault));
    assert_true(secret_hash_password(password, again, &fault));
    assert_string_not_equal(hash, again); /* salted */
    assert_memory_equal(hash, "$argon2id$", 10);
    assert_true(secret_is_password(password, hash));
    assert_false(secret_is_password("correct horse battery stapl", hash));
    assert_false(secret_is_password("", hash));
    assert_false(secret_is_password(password, NULL));
    assert_false(secret_is_password(password, "$argon2id$nonsense"));
    assert_false(secret_is_password(password, ""));
}

/* RFC 8265: a keyboard that sends letters and accents, and one that sends them composed. */
static void a_password_is_the_same_however_its_letters_are_composed(void **state)
{
    static const char composed[] = "cr\u00e8me br\u00fbl\u00e9e \uac00 no spaces";
    static const char apart[] =
        "cre\u0300me\u00a0bru\u0302le\u0301e\u3000\u1100\u1161 no spaces";
    char hash[SECRET_PASSWORD_BYTES];
    struct fault fault;
    assert_true(secret_hash_password(apart, hash, &fault));
    assert_true(secret_is_password(composed, hash));
    assert_true(secret_is_password(apart, hash));
    assert_false(secret_is_password("creme brulee \uac00 no spaces", hash));
    assert_false(secret_is_password("cr\xe8me", hash));
}

static void a_hash_of_other_limits_is_to_be_renewed(void **state)
{
    char hash[SECRET_PASSWORD_BYTES];
    struct fault fault;
    assert_true(secret_hash_password(password, hash, &fault));
    assert_false(secret_needs_rehash(hash));
    assert_true(secret_needs_rehash("$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$"
                                    "Zm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm9vZm8"));
    assert_true(secret_needs_rehash("$2y$10$abc"));
    assert_true(secret_needs_rehash(""));
}

static void passwords_that_none_should_have_are_refused(void **state)
{
    char giant[SECRET_PASSWORD_MAX + 2];
    memset(giant, 'x', sizeof(giant) - 1);
    giant[sizeof(giant) - 1] = '\0';
    const struct {
        const char *password, *complaint; /* NULL: fine */
    } cases[] = {
        {password, NULL},
        {"\xe4\xb8\x80\xe4\xba\x8c\xe4\xb8\x89\xe5\x9b\x9b\xe4\xba\x94"
         "\xe5\x85\xad\xe4\xb8\x83\xe5\x85\xab\xe4\xb9\x9d\xe5\x8d\x81",
            NULL}, /* ten characters */
        {"\xe4\xb8\x80\xe4\xba\x8c\xe4\xb8\x89\xe5\x9b\x9b", "at least 10"},
        {"123456789", "at least 10"},
        {"", "at least 10"},
        {"with\ttab and more", "control"},
        {"broken \xff utf-8 text", "UTF-8"},
        {giant, "at most 1024"},
        {"THE ACCOUNT'S NAME", "name"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct fault fault = {0};
        bool ok = secret_check_rules(cases[i].password, "the account's name", &fault);
        if (ok != (cases[i].complaint == NULL) ||
            (!ok && strstr(fault.message, cases[i].complaint) == NULL)) {
            fail_msg("%zu: %s", i, fault.message);
        }
        assert_null(strstr(fault.message, "giantxxx"));
    }
    assert_true(secret_check_rules(&giant[1], "a", &(struct fault){0})); /* just fits */
}

static void secrets_differ_and_hold_256_bits(void **state)
{
    char one[SECRET_TEXT_BYTES], other[SECRET_TEXT_BYTES];
    secret_make("briefd_", one);
    secret_make("briefd_", other);
    assert_int_equal(strlen(one), strlen("briefd_") + 43);
    assert_string_not_equal(one, other);
    assert_int_equal(strspn(one + 7,
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                         "0123456789-_"),
        43);
}

/* ---- cookies ---- */

static void the_cookie_is_found_or_there_is_none(void **state)
{
    static const struct {
        const char *header, *value; /* NULL: none */
        bool secure;
    } cases[] = {
        {"briefd=abc", "abc", false},
        {"a=b; briefd=abc; c=d", "abc", false},
        {"a=b;briefd=abc ;c", "abc", false},
        {"briefd=a=b", "a=b", false},
        {"__Host-briefd=abc", "abc", true},
        {NULL, NULL, false},
        {"", NULL, false},
        {"briefd=", NULL, false},
        {"briefd", NULL, false},
        {"xbriefd=abc", NULL, false},
        {"briefdx=abc", NULL, false},
        {"Briefd=abc", NULL, false},
        {"a=briefd=abc", NULL, false},
        {"a=\"; briefd=abc", "abc", false},
        {"briefd=abc; briefd=abd", NULL, false},
        {"briefd=abc", NULL, true},
        {"__Host-briefd=abc", NULL, false},
        {"briefd=0123456789012345678901234567890123456789012345678901234567890123456789", NULL,
            false},
        {";;; ;=;==; ", NULL, false},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        size_t length = 0;
        const char *found = cookie_find(cases[i].header, cases[i].secure, &length);
        bool same = found == NULL ? cases[i].value == NULL
                                  : cases[i].value != NULL &&
                length == strlen(cases[i].value) && memcmp(found, cases[i].value, length) == 0;
        if (!same) {
            fail_msg("'%s'", cases[i].header);
        }
    }
}

static void a_cookie_over_tls_is_bound_to_it(void **state)
{
    char out[COOKIE_SET_BYTES];
    assert_string_equal(cookie_write("s", true, 60, out),
        "__Host-briefd=s; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=60");
    assert_string_equal(
        cookie_write("s", false, 0, out), "briefd=s; Path=/; HttpOnly; SameSite=Strict");
    assert_string_equal(cookie_write_ended(true, out),
        "__Host-briefd=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0");
}

/* ---- callers ---- */

static struct access *make_access(struct fixture *fixture, bool loopback)
{
    struct store *store = fixture_open(fixture);
    struct directory *directory;
    fixture_must(fixture, directory_read(store, &directory, &fixture->fault));
    store_close(store);
    return access_new(loopback, directory);
}

static void add_account(
    struct fixture *fixture, struct store *store, const char *name, enum account_role role)
{
    int64_t id;
    fixture_must(fixture,
        account_add(store, &(struct account){0, name, role, "$argon2id$1", NOON, NOON}, &id,
            &fixture->fault));
}

static void add_entries(struct fixture *fixture)
{
    struct store *store = fixture_open(fixture);
    int64_t id;
    add_account(fixture, store, "ada", ACCOUNT_ADMIN);
    add_account(fixture, store, "rea", ACCOUNT_READER);
    struct account_session session = {.account = 1,
        .created_utc_s = NOON,
        .seen_utc_s = NOON,
        .idle_s = 3600,
        .expires_utc_s = NOON + DAY};
    secret_digest("session", 7, session.secret);
    fixture_must(fixture,
        session_begin(store, &(struct session_start){&session, "$argon2id$1", NULL, 0}, &id,
            &fixture->fault));
    struct account_token token = {.account = 2,
        .scope = ACCOUNT_ADMIN, /* more than its account may by now */
        .label = "x",
        .created_utc_s = NOON,
        .used_utc_s = CLOCK_NONE,
        .expires_utc_s = CLOCK_NONE};
    secret_digest("token", 5, token.secret);
    fixture_must(fixture, token_add(store, &token, &id, &fixture->fault));
    store_close(store);
}

static void open_is_only_loopback_without_accounts(void **state)
{
    struct fixture *fixture = *state;
    const struct access_claim claim = {.editor = "eve"};
    struct caller caller = access_identify(NULL, &claim, NOON);
    assert_true(caller.open);
    struct access *access = make_access(fixture, true);
    caller = access_identify(access, &claim, NOON);
    assert_string_equal(caller.name, "eve");
    assert_int_equal(caller.role, ACCOUNT_ADMIN);
    access_free(access);
    access = make_access(fixture, false); /* the last account was removed */
    caller = access_identify(access, &claim, NOON);
    assert_int_equal(caller.role, ACCOUNT_NOBODY);
    access_free(access);
    add_entries(fixture);
    access = make_access(fixture, true);
    assert_int_equal(access_identify(access, &claim, NOON).role, ACCOUNT_NOBODY);
    access_free(access);
}

static void a_session_lives_by_being_seen_and_ends_at_its_end(void **state)
{
    struct fixture *fixture = *state;
    add_entries(fixture);
    struct access *access = make_access(fixture, true);
    const struct access_claim claim = {.cookie = "briefd=session"};
    struct caller caller = {0};
    for (int64_t now = NOON; now < NOON + DAY; now += 3599) {
        caller = access_identify(access, &claim, now);
        assert_string_equal(caller.name, "ada");
    }
    assert_true(access_is_alive(access, &caller, NOON + DAY - 1));
    assert_false(access_is_alive(access, &caller, NOON + DAY));
    assert_int_equal(access_identify(access, &claim, NOON + DAY).role, ACCOUNT_NOBODY);
    access_free(access);
    access = make_access(fixture, true);
    assert_int_equal(access_identify(access, &claim, NOON + 3600).role, ACCOUNT_NOBODY);
    access_free(access);
}

static void a_token_may_what_scope_and_role_both_allow(void **state)
{
    struct fixture *fixture = *state;
    add_entries(fixture);
    struct access *access = make_access(fixture, true);
    struct caller caller = access_identify(
        access, &(struct access_claim){.authorization = "Bearer token"}, NOON);
    assert_int_equal(caller.role, ACCOUNT_READER);
    assert_true(access_allows(&caller, ACCESS_READER));
    assert_false(access_allows(&caller, ACCESS_OWN)); /* it cannot make others like itself */
    assert_false(access_allows(&caller, ACCESS_EDITOR));
    static const struct access_claim nobody[] = {
        {.authorization = "Bearer session"},
        {.authorization = "Bearer "},
        {.authorization = "Basic token"},
        {.authorization = "token"},
        {.cookie = "briefd=token"},
        {.cookie = "briefd=session", .authorization = "Bearer x"},
        {.cookie = "briefd=session", .secure = true},
    };
    for (size_t i = 0; i < array_count(nobody); i++) {
        assert_int_equal(access_identify(access, &nobody[i], NOON).role, ACCOUNT_NOBODY);
    }
    access_free(access);
}

static void a_new_directory_knows_what_the_old_one_has_seen(void **state)
{
    struct fixture *fixture = *state;
    add_entries(fixture);
    struct access *access = make_access(fixture, true);
    const struct access_claim claim = {.cookie = "briefd=session"};
    access_identify(access, &claim, NOON + 3000);
    struct store *store = fixture_open(fixture);
    struct directory *newer, *older;
    fixture_must(fixture, directory_read(store, &older, &fixture->fault));
    fixture_must(fixture, account_set_role(store, "rea", ACCOUNT_EDITOR, &fixture->fault));
    fixture_must(fixture, directory_read(store, &newer, &fixture->fault));
    store_close(store);
    access_install(access, newer);
    access_install(access, older); /* read before, and late: it changes nothing */
    assert_int_equal(access_identify(access, &claim, NOON + 6500).role, ACCOUNT_ADMIN);
    struct caller caller = access_identify(
        access, &(struct access_claim){.authorization = "Bearer token"}, NOON);
    assert_int_equal(caller.role, ACCOUNT_EDITOR);
    access_free(access);
}

static void names_are_text_without_tricks(void **state)
{
    assert_true(access_is_name("\xe6\x9e\x97"));
    assert_true(access_is_name("ada lovelace"));
    static const char *const others[] = {"", " a", "a ", "a\tb", "a\n", "\x7f", "\xc2\x85",
        "\xff", "\xed\xa0\x80",
        ("01234567890123456789012345678901234567890123456789012345678901234567890123456789"
         "012345678901234567890")};
    for (size_t i = 0; i < array_count(others); i++) {
        assert_false(access_is_name(others[i]));
    }
}

static void a_place_to_go_on_is_on_this_server(void **state)
{
    assert_true(login_is_place("/"));
    assert_true(login_is_place("/desk/draft?a=1&b=%2F"));
    static const char *const others[] = {"", "desk", "//evil.example", "/\\evil.example",
        "/a\\b", "https://evil.example", "/a b", "/a\r\nSet-Cookie: x=y", "/\t/evil.example",
        "javascript:alert(1)", "?next=/"};
    for (size_t i = 0; i < array_count(others); i++) {
        if (login_is_place(others[i])) {
            fail_msg("'%s'", others[i]);
        }
    }
}

static void the_first_known_language_counts(void **state)
{
    assert_true(login_wants_chinese("zh-CN,zh;q=0.9,en;q=0.8", false));
    assert_false(login_wants_chinese("en-GB,en;q=0.9,zh;q=0.5", true));
    assert_true(login_wants_chinese("fr, zh-TW;q=0.5", false));
    assert_true(login_wants_chinese("fr", true));
    assert_false(login_wants_chinese(NULL, false));
    assert_true(login_wants_chinese(",,;q=,", true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_is_the_same_however_its_letters_are_composed),
        cmocka_unit_test(a_password_is_known_by_its_hash_alone),
        cmocka_unit_test(a_hash_of_other_limits_is_to_be_renewed),
        cmocka_unit_test(passwords_that_none_should_have_are_refused),
        cmocka_unit_test(secrets_differ_and_hold_256_bits),
        cmocka_unit_test(the_cookie_is_found_or_there_is_none),
        cmocka_unit_test(a_cookie_over_tls_is_bound_to_it),
        storage_test(open_is_only_loopback_without_accounts),
        storage_test(a_session_lives_by_being_seen_and_ends_at_its_end),
        storage_test(a_token_may_what_scope_and_role_both_allow),
        storage_test(a_new_directory_knows_what_the_old_one_has_seen),
        cmocka_unit_test(names_are_text_without_tricks),
        cmocka_unit_test(a_place_to_go_on_is_on_this_server),
        cmocka_unit_test(the_first_known_language_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
