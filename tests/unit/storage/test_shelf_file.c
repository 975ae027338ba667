#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "briefing/story.h"
#include "storage/shelf_file.h"

static char folder[] = "/tmp/briefd-shelf-XXXXXX";
static char beside[64];
static struct shelf shelf;

static int make_folder(void **state)
{
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    snprintf(beside, sizeof(beside), "%s/database.sqlite", folder);
    return 0;
}

static int remove_folder(void **state)
{
    return rmdir(folder);
}

static int open_shelf(void **state)
{
    struct fault fault;
    return shelf_file_new(beside, &shelf, &fault) ? 0 : -1;
}

static int close_shelf(void **state)
{
    shelf.free(shelf.context);
    return 0;
}

static uint32_t draw(uint32_t below)
{
    static uint32_t chance = 7;
    chance = chance * 1664525u + 1013904223u;
    return (chance >> 8) % below;
}

struct thing {
    uint64_t place;
    uint16_t length; /* 0: not on the shelf */
    unsigned char byte;
};

static void put_thing(struct thing *thing)
{
    unsigned char bytes[3000];
    thing->length = (uint16_t)(1 + draw(sizeof(bytes)));
    thing->byte = (unsigned char)draw(256);
    memset(bytes, thing->byte, thing->length);
    assert_true(shelf.put(shelf.context, bytes, thing->length, &thing->place));
    assert_int_equal(thing->place % 8, 0);
}

static void expect_thing(const struct thing *thing)
{
    const unsigned char *bytes = shelf.get(shelf.context, thing->place, thing->length);
    assert_non_null(bytes);
    for (size_t i = 0; i < thing->length; i++) {
        assert_int_equal(bytes[i], thing->byte);
    }
}

/* More than a segment holds, in any order of coming and going. */
static void what_was_put_is_what_is_got(void **state)
{
    enum { THINGS = 1000, ROUNDS = 8000 };
    static struct thing things[THINGS];
    for (int round = 0; round < ROUNDS; round++) {
        struct thing *thing = &things[draw(THINGS)];
        if (thing->length > 0) {
            expect_thing(thing);
            shelf.drop(shelf.context, thing->place, thing->length);
            thing->length = 0;
        } else {
            put_thing(thing);
        }
    }
    for (int i = 0; i < THINGS; i++) {
        if (things[i].length > 0) {
            expect_thing(&things[i]);
        }
    }
}

/* What leaves in the order it came makes room: places come again. */
static void the_file_grows_no_longer_than_what_is_alive(void **state)
{
    enum { ALIVE = 500, ROUNDS = 20000 };
    static struct thing things[ALIVE];
    uint64_t furthest = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct thing *thing = &things[round % ALIVE];
        if (thing->length > 0) {
            shelf.drop(shelf.context, thing->place, thing->length);
        }
        put_thing(thing);
        furthest = thing->place > furthest ? thing->place : furthest;
    }
    assert_true(furthest < 3000 * ALIVE * 2);
}

static void nothing_of_it_can_be_seen_in_the_folder(void **state)
{
    DIR *list = opendir(folder);
    assert_non_null(list);
    for (const struct dirent *entry; (entry = readdir(list)) != NULL;) {
        assert_true(entry->d_name[0] == '.');
    }
    closedir(list);
}

static void a_folder_that_is_not_there_is_a_fault(void **state)
{
    struct fault fault;
    struct shelf none;
    assert_false(shelf_file_new("/nonexistent/folder/database.sqlite", &none, &fault));
    assert_int_equal(fault.kind, FAULT_STORE);
    assert_non_null(strstr(fault.message, "/nonexistent/folder"));
}

static struct story_match place(struct story_index *index, struct arena *arena, int64_t item)
{
    char title[200], summary[400];
    snprintf(title, sizeof(title), "Maker%lld sells gadget%lld for less than before",
        (long long)item % 7, (long long)item % 91);
    snprintf(summary, sizeof(summary), "%0300lld", (long long)item);
    struct story_item it = {item, NULL, title, summary, item * 60};
    return story_place(index, arena, &it);
}

static void an_index_decides_the_same_wherever_its_shelf_stands(void **state)
{
    const struct fold_table *fold = fold_table_get();
    struct fault fault;
    struct arena arena = {0};
    struct shelf own;
    assert_true(shelf_file_new(beside, &own, &fault));
    struct story_index *filed = story_index_new_on(fold, &story_defaults, own);
    struct story_index *remembered = story_index_new(fold, &story_defaults);
    for (int64_t item = 0; item < 3000; item++) {
        struct story_match one = place(filed, &arena, item);
        struct story_match other = place(remembered, &arena, item);
        assert_int_equal(one.story, other.story);
        assert_int_equal(one.matched, other.matched);
        assert_true(one.score == other.score);
        arena_release(&arena);
    }
    assert_false(story_index_failed(filed));
    assert_true(story_index_bytes(filed) < story_index_bytes(remembered));
    story_index_free(filed);
    story_index_free(remembered);
}

/* A disk that is full: the first segment can be filled, not written. */
static void a_full_disk_fails_the_index_and_nothing_else(void **state)
{
    const struct fold_table *fold = fold_table_get();
    struct fault fault;
    struct arena arena = {0};
    struct shelf own;
    assert_true(shelf_file_new(beside, &own, &fault));
    struct story_index *index = story_index_new_on(fold, &story_defaults, own);
    struct rlimit before, none = {.rlim_cur = 4096};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    none.rlim_max = before.rlim_max;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    int64_t item = 0;
    while (item < 5000 && !story_index_failed(index)) {
        place(index, &arena, item++);
    }
    assert_in_range(item, 2, 4999);
    for (int more = 0; more < 500; more++) {
        place(index, &arena, item++);
    }
    assert_true(story_remove(index, 1));
    assert_true(story_move(index, 2, 77));
    story_advance(index, (int64_t)100 * 86400);
    assert_int_equal(story_live_count(index), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    story_index_free(index);
    arena_release(&arena);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_shelf, close_shelf)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_was_put_is_what_is_got),
        CASE(the_file_grows_no_longer_than_what_is_alive),
        CASE(nothing_of_it_can_be_seen_in_the_folder),
        cmocka_unit_test(a_folder_that_is_not_there_is_a_fault),
        cmocka_unit_test(an_index_decides_the_same_wherever_its_shelf_stands),
        cmocka_unit_test(a_full_disk_fails_the_index_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
