/* Backups: of one moment while the database is written, never half, and put back only where
 * nothing is lost by it. */
#include "full_database.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "storage/backup.h"
#include "storage/verify.h"

static void print_finding(void *data, const struct verify_finding *finding)
{
    print_error(
        "%s %s: %s: %s\n", finding->table, finding->row, finding->check, finding->words);
}

static void assert_whole(struct fixture *fixture, const char *path)
{
    size_t count;
    fixture_must(fixture, store_verify(path, print_finding, NULL, &count, &fixture->fault));
    assert_int_equal(count, 0);
}

static struct backup_order order_of(struct fixture *fixture, int64_t now_utc_s)
{
    return (struct backup_order){.database = fixture->path,
        .folder = backup_folder(&fixture->arena, NULL, fixture->path),
        .now_utc_s = now_utc_s};
}

static struct backup_file back_up(struct fixture *fixture, const struct backup_order *order)
{
    struct backup_file file;
    fixture_must(fixture, backup_write(order, &fixture->arena, &file, &fixture->fault));
    return file;
}

/* A full database, as it was at NOON. */
static struct backup_file build_and_back_up(struct fixture *fixture)
{
    full_database_build(fixture);
    struct backup_order order = order_of(fixture, NOON);
    return back_up(fixture, &order);
}

static struct backup_file *list(struct fixture *fixture, const char *folder, size_t *ret_count)
{
    struct backup_file *files;
    fixture_must(fixture,
        backup_list(
            &fixture->arena, folder, fixture->path, &files, ret_count, &fixture->fault));
    return files;
}

static void add_item(struct fixture *fixture, struct store *store, int number)
{
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entry = fixture_entry(
        fixture, arena_printf(&fixture->arena, "https://l.example/%d", number), 1);
    fixture_commit(fixture, store, fixture_document(fixture, &feed, number, &entry, 1));
}

static void a_backup_is_a_whole_database_beside_its_writer(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    struct store *store = fixture_open(fixture);
    add_item(fixture, store, 1); /* in the log still */
    struct backup_order order = order_of(fixture, NOON);
    struct backup_file file = back_up(fixture, &order);
    assert_string_equal(strrchr(file.path, '/'), "/briefd-20200917T000000Z.sqlite");
    add_item(fixture, store, 2);
    store_close(store);
    assert_whole(fixture, file.path);
    assert_int_equal(access(arena_printf(&fixture->arena, "%s-wal", file.path), F_OK), -1);
    struct fixture copy = *fixture;
    snprintf(copy.path, sizeof(copy.path), "%s", file.path);
    assert_int_equal(fixture_query_int(&copy, "SELECT count(*) FROM item") + 1,
        fixture_query_int(fixture, "SELECT count(*) FROM item"));
    copy.arena = (struct arena){0};
}

/* In a process of its own: commit until killed. */
static void commit_for_ever(struct fixture *fixture)
{
    struct store *store = fixture_open(fixture);
    for (int i = 0;; i++) {
        add_item(fixture, store, 100 + i);
    }
}

static void a_backup_is_of_one_moment_whatever_is_committed_meanwhile(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    fixture_execute(fixture->path, /* some megabytes, for many steps */
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000)"
        " INSERT INTO memory SELECT x || hex(zeroblob(2500)), 'later' FROM n");
    int64_t before = fixture_query_int(fixture, "SELECT count(*) FROM item");
    pid_t child = fork();
    if (child == 0) {
        commit_for_ever(fixture);
    }
    for (int i = 0; i < 6; i++) {
        struct backup_order order = order_of(fixture, NOON + i);
        struct backup_file file = back_up(fixture, &order);
        assert_whole(fixture, file.path);
    }
    while (fixture_query_int(fixture, "SELECT count(*) FROM item") == before) {
    }
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    struct backup_order order = order_of(fixture, NOON + DAY);
    assert_whole(fixture, back_up(fixture, &order).path);
}

/* ---- rotation ---- */

static void the_newest_are_kept_and_nothing_else_is_touched(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    const char *strangers[] = {"briefd.sqlite", "other-20200917T000000Z.sqlite",
        "briefd-20200917T000000Z.sqlite.bak", "briefd-2020-09-17T00:00.sqlite",
        "briefd-20200917T00000xZ.sqlite"};
    struct backup_order order = order_of(fixture, NOON);
    mkdir(order.folder, 0700);
    for (size_t i = 0; i < array_count(strangers); i++) {
        fclose(fopen(arena_printf(&fixture->arena, "%s/%s", order.folder, strangers[i]), "w"));
    }
    order.keep = 3;
    for (int i = 0; i < 5; i++) {
        order.now_utc_s = NOON + i * 3600;
        back_up(fixture, &order);
    }
    size_t count;
    struct backup_file *files = list(fixture, order.folder, &count);
    assert_int_equal(count, 3);
    assert_int_equal(files[0].utc_s, NOON + 4 * 3600);
    assert_int_equal(files[2].utc_s, NOON + 2 * 3600);
    for (size_t i = 0; i < array_count(strangers); i++) {
        const char *path = arena_printf(&fixture->arena, "%s/%s", order.folder, strangers[i]);
        assert_int_equal(access(path, F_OK), 0);
    }
}

static void without_a_folder_there_are_no_backups(void **state)
{
    struct fixture *fixture = *state;
    size_t count;
    list(fixture, fixture_path(fixture, "none"), &count);
    assert_int_equal(count, 0);
}

/* ---- what goes wrong ---- */

static bool backup_fails(struct fixture *fixture, const struct backup_order *order)
{
    struct backup_file file;
    size_t count;
    bool ok = backup_write(order, &fixture->arena, &file, &fixture->fault);
    list(fixture, order->folder, &count);
    assert_int_equal(count, 0);
    assert_int_equal(access(arena_printf(&fixture->arena, "%s.part", file.path), F_OK), -1);
    return !ok;
}

static void damage_bytes(const char *path, long at)
{
    static const char noise[4096] = {1, 2, 3};
    FILE *file = fopen(path, "r+b");
    assert_int_equal(fseek(file, at, SEEK_SET), 0);
    assert_int_equal(fwrite(noise, 1, sizeof(noise), file), sizeof(noise));
    assert_int_equal(fclose(file), 0);
}

static void of_a_damaged_database_no_backup_is_made(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    damage_bytes(fixture->path, 8192 * 3);
    struct backup_order order = order_of(fixture, NOON);
    assert_true(backup_fails(fixture, &order));
    assert_int_equal(fixture->fault.kind, FAULT_STORE);
    assert_non_null(strstr(fixture->fault.message, "is damaged"));
    assert_non_null(strstr(fixture->fault.message, "briefd restore"));
}

static void a_backup_that_is_given_up_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    atomic_bool cancelled = true;
    struct backup_order order = order_of(fixture, NOON);
    order.cancelled = &cancelled;
    assert_true(backup_fails(fixture, &order));
    assert_int_equal(fixture->fault.kind, FAULT_CANCELLED);
}

static void a_folder_that_cannot_be_made_is_one_sentence(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    struct backup_order order = order_of(fixture, NOON);
    struct backup_file file;
    order.folder = fixture_path(fixture, "none/backups");
    assert_false(backup_write(&order, &fixture->arena, &file, &fixture->fault));
    assert_non_null(strstr(fixture->fault.message, "cannot make the folder"));
}

/* ---- putting back ---- */

static bool restore(
    struct fixture *fixture, const char *from, bool aside, const char **ret_aside)
{
    return backup_restore(
        &fixture->arena, from, fixture->path, aside, NOON + DAY, ret_aside, &fixture->fault);
}

static void a_database_that_is_there_is_not_overwritten(void **state)
{
    struct fixture *fixture = *state;
    const char *aside;
    struct backup_file file = build_and_back_up(fixture);
    uint64_t before = fixture_file_hash(fixture->path);
    assert_false(restore(fixture, file.path, false, &aside));
    assert_int_equal(fixture->fault.kind, FAULT_REFUSED);
    assert_non_null(strstr(fixture->fault.message, "--aside"));
    assert_int_equal(fixture_file_hash(fixture->path), before);
}

static void it_is_moved_aside_with_its_log_when_asked(void **state)
{
    struct fixture *fixture = *state;
    const char *aside;
    struct backup_file file = build_and_back_up(fixture);
    damage_bytes(fixture->path, 0);
    uint64_t damaged = fixture_file_hash(fixture->path);
    const char *log = arena_printf(&fixture->arena, "%s-wal", fixture->path);
    fclose(fopen(log, "w"));
    fixture_must(fixture, restore(fixture, file.path, true, &aside));
    assert_int_equal(fixture_file_hash(aside), damaged);
    assert_int_equal(access(arena_printf(&fixture->arena, "%s-wal", aside), F_OK), 0);
    assert_int_equal(access(log, F_OK), -1);
    assert_whole(fixture, fixture->path);
    assert_int_equal(access(file.path, F_OK), 0);
    store_close(fixture_open(fixture));
}

static void what_was_moved_aside_in_the_same_second_is_not_overwritten(void **state)
{
    struct fixture *fixture = *state;
    const char *aside;
    struct backup_file file = build_and_back_up(fixture);
    damage_bytes(fixture->path, 0);
    uint64_t damaged = fixture_file_hash(fixture->path);
    fixture_must(fixture, restore(fixture, file.path, true, &aside));
    assert_false(restore(fixture, file.path, true, &aside));
    assert_int_equal(fixture->fault.kind, FAULT_REFUSED);
    assert_int_equal(fixture_file_hash(aside), damaged);
    assert_whole(fixture, fixture->path);
}

static void nothing_is_put_back_under_a_daemon(void **state)
{
    struct fixture *fixture = *state;
    const char *aside;
    struct backup_file file = build_and_back_up(fixture);
    struct store *store = fixture_open(fixture);
    assert_false(restore(fixture, file.path, true, &aside));
    assert_non_null(strstr(fixture->fault.message, "in use by another briefd"));
    store_close(store);
}

static void a_damaged_backup_is_refused_and_nothing_moved(void **state)
{
    struct fixture *fixture = *state;
    const char *aside;
    struct backup_file file = build_and_back_up(fixture);
    damage_bytes(file.path, 8192 * 3);
    uint64_t before = fixture_file_hash(fixture->path);
    assert_false(restore(fixture, file.path, true, &aside));
    assert_non_null(strstr(fixture->fault.message, "damaged"));
    assert_int_equal(fixture_file_hash(fixture->path), before);
}

/* The service runs under a user of its own, who must be able to use what an administrator made.
 */
static void what_root_makes_belongs_to_the_owner_of_the_database(void **state)
{
    enum { SERVICE = 1234 };
    struct fixture *fixture = *state;
    const char *aside;
    struct stat found;
    if (geteuid() != 0) {
        skip();
    }
    full_database_build(fixture);
    assert_int_equal(chown(fixture->folder, SERVICE, SERVICE), 0);
    assert_int_equal(chown(fixture->path, SERVICE, SERVICE), 0);
    struct backup_order order = order_of(fixture, NOON);
    struct backup_file file = back_up(fixture, &order);
    fixture_must(fixture, restore(fixture, file.path, true, &aside));
    const char *const made[] = {order.folder, file.path, fixture->path};
    for (size_t i = 0; i < array_count(made); i++) {
        assert_int_equal(stat(made[i], &found), 0);
        assert_int_equal(found.st_uid, SERVICE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(a_backup_is_a_whole_database_beside_its_writer),
        storage_test(a_backup_is_of_one_moment_whatever_is_committed_meanwhile),
        storage_test(the_newest_are_kept_and_nothing_else_is_touched),
        storage_test(without_a_folder_there_are_no_backups),
        storage_test(of_a_damaged_database_no_backup_is_made),
        storage_test(a_backup_that_is_given_up_leaves_nothing),
        storage_test(a_folder_that_cannot_be_made_is_one_sentence),
        storage_test(a_database_that_is_there_is_not_overwritten),
        storage_test(it_is_moved_aside_with_its_log_when_asked),
        storage_test(what_was_moved_aside_in_the_same_second_is_not_overwritten),
        storage_test(nothing_is_put_back_under_a_daemon),
        storage_test(a_damaged_backup_is_refused_and_nothing_moved),
        storage_test(what_root_makes_belongs_to_the_owner_of_the_database),
    };
    return cmocka_run_group_tests_name("backup", tests, NULL, NULL);
}
