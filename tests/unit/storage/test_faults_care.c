/* Looking after the database while one call after another fails: verifying it, copying it, and
 * letting go of what is old. */
#include "fault_world.h"

#include <string.h>

#include "storage/retention.h"
#include "storage/verify.h"

#define STORE world->desk.store
#define FAULT world->desk.fault

static void count_finding(void *data, const struct verify_finding *finding)
{
    (*(size_t *)data)++;
}

typedef bool verify_fn(const char *path, verify_finding_fn *on_finding, void *data,
    size_t *ret_count, struct fault *fault);

/* What could not be looked at must not pass for sound: it finds what it found at first. */
static bool finds_the_same(struct fault_world *world, verify_fn *look, size_t *at_first)
{
    size_t told = 0, count;
    if (!look(world->fixture->path, count_finding, &told, &count, FAULT)) {
        return false;
    }
    *at_first = *at_first == SIZE_MAX ? count : *at_first;
    return count == *at_first && told == count;
}

static bool verify(struct fault_world *world)
{
    static size_t at_first = SIZE_MAX;
    return finds_the_same(world, store_verify, &at_first);
}

static bool verify_copy(struct fault_world *world)
{
    static size_t at_first = SIZE_MAX;
    return finds_the_same(world, store_verify_copy, &at_first);
}

static bool plan_retention(struct fault_world *world)
{
    int64_t *stories;
    size_t count;
    return retention_plan(
        STORE, world->desk.arena, NOON + 1000 * (int64_t)DAY, &stories, &count, FAULT);
}

static bool remove_old(struct fault_world *world)
{
    size_t items;
    return retention_remove(STORE, world->news, 6, NOON + 1000 * (int64_t)DAY, &items, FAULT);
}

static bool vacuum(struct fault_world *world)
{
    bool more;
    return store_vacuum(STORE, 100, &more, FAULT);
}

static const struct fault_operation operations[] = {
    /* As for store_open(): looking from outside may say nothing. */
    {.name = "verify", .run = verify, .opens = true, .forgives = true},
    {.name = "verify a copy", .run = verify_copy, .opens = true, .forgives = true},
    {.name = "plan what is removed", .run = plan_retention},
    {.name = "remove what is old", .run = remove_old},
    {.name = "vacuum", .run = vacuum},
};

static void what_cannot_be_looked_after_is_said_and_stays(void **state)
{
    fault_world_try(*state, operations, array_count(operations));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(what_cannot_be_looked_after_is_said_and_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
