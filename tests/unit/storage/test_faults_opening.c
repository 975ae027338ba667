/* A database that is opened where there is none, where another program has it, and by all who
 * open one, while one call after another fails. */
#include "fault_world.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/accounts.h"
#include "storage/statements.h"

#define PATH world->fixture->path
#define STORE world->desk.store
#define FAULT world->desk.fault

/* Another program holds the lock, and has not written down who it is. */
static FILE *hold(const char *path)
{
    char name[PATH_MAX];
    snprintf(name, sizeof(name), "%s-lock", path);
    FILE *lock = fopen(name, "w");
    assert_non_null(lock);
    assert_int_equal(flock(fileno(lock), LOCK_EX | LOCK_NB), 0);
    return lock;
}

static bool open_at_rest(const char *path, struct store **ret_store, struct fault *fault)
{
    return store_open_untouched(path, true, ret_store, fault);
}

static bool open_beside_another(const char *path, struct store **ret_store, struct fault *fault)
{
    FILE *lock = hold(path);
    bool ok = accounts_open(path, ret_store, fault);
    fclose(lock);
    return ok;
}

/* remove() never fails here, for it is no call of the program's. */
static bool open_where_nothing_is(struct fault_world *world)
{
    remove(PATH);
    return store_open(PATH, &STORE, FAULT);
}

static bool be_gone(struct fault_world *world)
{
    return unlink(PATH) == 0;
}

static bool be_empty(struct fault_world *world)
{
    return truncate(PATH, 0) == 0;
}

static bool open_to_write(struct fault_world *world)
{
    return store_open(PATH, &STORE, FAULT);
}

static bool open_untouched(struct fault_world *world)
{
    return open_at_rest(PATH, &STORE, FAULT);
}

static bool open_while_held(struct fault_world *world)
{
    FILE *lock = hold(PATH);
    bool ok = open_to_write(world);
    fclose(lock);
    return ok;
}

static bool open_beside(struct fault_world *world)
{
    return open_beside_another(PATH, &STORE, FAULT);
}

/* Who cannot look takes it for free, and then meets the lock. */
static bool look_who_has_it(struct fault_world *world)
{
    struct stat found;
    FILE *lock = hold(PATH);
    bool held = store_is_in_use(PATH);
    fclose(lock);
    return held && stat(PATH, &found) == 0;
}

static const struct fault_operation operations[] = {
    {.name = "open beside the daemon",
        .run = open_beside,
        .begins_with = look_who_has_it,
        .opens = true,
        .forgives = true},
    {.name = "open where nothing is",
        .run = open_where_nothing_is,
        .prepare = be_gone,
        .opens = true,
        .forgives = true,
        .in_steps = true},
};

static const struct fault_refusal refusals[] = {
    {.operation = {.name = "write what is held", .run = open_while_held, .opens = true},
        .kind = FAULT_STORE,
        .said = "in use by another"},
    {.operation = {.name = "verify nothing",
         .run = open_untouched,
         .prepare = be_empty,
         .opens = true},
        .kind = FAULT_STORE,
        .said = "still empty"},
    {.operation = {.name = "accounts in nothing",
         .run = open_beside,
         .prepare = be_empty,
         .opens = true},
        .kind = FAULT_STORE,
        .said = "try again"},
};

static void a_database_is_opened_whole_or_not_at_all(void **state)
{
    fault_world_try(*state, operations, array_count(operations));
}

static void what_is_held_or_empty_is_refused(void **state)
{
    fault_world_refuse(*state, refusals, array_count(refusals));
}

typedef bool open_fn(const char *path, struct store **ret_store, struct fault *fault);

static void what_is_no_database_is_left_alone_by_everyone(void **state)
{
    static open_fn *const openers[] = {
        store_open, store_open_reader, open_at_rest, accounts_open, open_beside_another};
    struct fixture *fixture = *state;
    FILE *letter = fopen(fixture->path, "w");
    assert_non_null(letter);
    for (int i = 0; i < 100; i++) {
        fputs("a letter to the editor, and nothing that SQLite has written\n", letter);
    }
    assert_int_equal(fclose(letter), 0);
    uint64_t before = fixture_file_hash(fixture->path);
    for (size_t i = 0; i < array_count(openers); i++) {
        struct store *store;
        struct fault fault = {0};
        assert_false(openers[i](fixture->path, &store, &fault));
        assert_int_equal(fault.kind, FAULT_STORE);
        assert_non_null(strstr(fault.message, "database"));
        assert_int_equal(fixture_file_hash(fixture->path), before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(a_database_is_opened_whole_or_not_at_all),
        storage_test(what_is_held_or_empty_is_refused),
        storage_test(what_is_no_database_is_left_alone_by_everyone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
