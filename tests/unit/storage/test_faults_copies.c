/* What makes another database of one, while one call after another fails: backups and putting
 * them back, the copy that is kept before the schema changes, export and import. Whatever
 * fails, there is a whole backup, the database is the one it was, and no half file lies beside
 * it. */
#include "fault_world.h"
#include "full_database.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "storage/backup.h"
#include "storage/schema.h"
#include "storage/transfer.h"
#include "storage/verify.h"

#define PATH world->fixture->path
#define STORE world->desk.store
#define ARENA world->desk.arena
#define FAULT world->desk.fault

static const char *beside(struct fault_world *world, const char *more)
{
    return arena_printf(ARENA, "%s%s", PATH, more);
}

static int64_t count_items(struct fault_world *world, const char *path)
{
    struct fixture other = {0};
    snprintf(other.path, sizeof(other.path), "%s", path);
    int64_t items = fixture_query_int(&other, "SELECT count(*) FROM item");
    arena_release(&other.arena);
    return items;
}

/* ---- backups ---- */

static const char *folder_of(struct fault_world *world)
{
    return backup_folder(ARENA, NULL, PATH);
}

static const char *backup_of(struct fault_world *world, const char *stamp)
{
    return arena_printf(ARENA, "%s/briefd-%s.sqlite", folder_of(world), stamp);
}

#define OLD_BACKUP backup_of(world, "20200101T000000Z")
#define OLD_LEFTOVER arena_printf(ARENA, "%s.part", backup_of(world, "20191231T000000Z"))
#define NEW_BACKUP backup_of(world, "20200917T000000Z")

static bool have_no_backup(struct fault_world *world)
{
    const char *folder = folder_of(world);
    DIR *directory = opendir(folder);
    for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL;) {
        unlink(arena_printf(ARENA, "%s/%s", folder, entry->d_name));
    }
    if (directory != NULL) {
        closedir(directory);
    }
    rmdir(folder);
    return true;
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static bool back_up(struct fault_world *world)
{
    const struct backup_order order = {
        .database = PATH, .folder = folder_of(world), .now_utc_s = NOON, .keep = 1};
    struct backup_file file;
    return backup_write(&order, ARENA, &file, FAULT);
}

static bool have_an_old_backup(struct fault_world *world)
{
    have_no_backup(world);
    if (!back_up(world)) {
        return false;
    }
    write_file(OLD_LEFTOVER, "half of one");
    return rename(NEW_BACKUP, OLD_BACKUP) == 0;
}

/* The old one goes when the new one is whole, and no sooner: the next time, when it cannot be
 * looked at now. */
static void look_for_backups(struct fault_world *world, bool ok, const char *failed)
{
    bool old = access(OLD_BACKUP, F_OK) == 0, new = access(NEW_BACKUP, F_OK) == 0;
    const char *part = arena_printf(ARENA, "%s.part", NEW_BACKUP);
    assert_int_equal(access(part, F_OK), -1);
    assert_true(!ok || new);
    assert_true(failed != NULL || !old);
    if (new) {
        assert_int_equal(count_items(world, NEW_BACKUP), count_items(world, PATH));
    }
}

static void look_for_a_backup(struct fault_world *world, bool ok, const char *failed)
{
    look_for_backups(world, ok, failed);
    assert_true(access(OLD_BACKUP, F_OK) == 0 || access(NEW_BACKUP, F_OK) == 0);
}

static bool list_backups(struct fault_world *world)
{
    struct backup_file *files;
    size_t count;
    return backup_list(ARENA, folder_of(world), PATH, &files, &count, FAULT);
}

/* ---- putting back ---- */

/* Of NOON: what stands aside already is not overwritten. */
static bool change(struct fault_world *world)
{
    unlink(beside(world, ".aside-20200917T000000Z"));
    fixture_execute(PATH, "INSERT INTO memory (key, state) VALUES ('since then', 'later')");
    return true;
}

static bool look_through_backup(struct fault_world *world)
{
    size_t count;
    return !store_is_in_use(PATH) &&
        store_verify_copy(world->kept, NULL, NULL, &count, FAULT) && count == 0;
}

static bool put_back(struct fault_world *world)
{
    const char *aside;
    return backup_restore(ARENA, world->kept, PATH, true, NOON, &aside, FAULT);
}

static bool lose_the_database(struct fault_world *world)
{
    change(world);
    return unlink(PATH) == 0;
}

static void look_for_halves(struct fault_world *world, bool ok, const char *failed)
{
    assert_int_equal(access(beside(world, ".part"), F_OK), -1);
}

/* ---- the copy before the schema changes ---- */

static bool make_older(struct fault_world *world)
{
    unlink(PATH);
    unlink(beside(world, ".schema-0"));
    fixture_execute(PATH,
        arena_printf(ARENA,
            "PRAGMA application_id = %d; CREATE TABLE older (x); INSERT INTO older VALUES (7)",
            SCHEMA_APPLICATION_ID));
    return true;
}

static bool bring_up_to_date(struct fault_world *world)
{
    return store_open(PATH, &STORE, FAULT);
}

static void look_for_the_older(struct fault_world *world, bool ok, const char *failed)
{
    assert_int_equal(access(beside(world, ".schema-0.part"), F_OK), -1);
    assert_true(!ok || access(beside(world, ".schema-0"), F_OK) == 0);
}

/* ---- out and in ---- */

/* Every row of a database, for as long as the test. */
static struct rows {
    struct transfer_row **rows;
    size_t count, capacity;
} exported;

static bool keep_row(void *data, const struct transfer_row *row, struct fault *fault)
{
    struct arena *arena = data;
    struct transfer_row *kept = arena_alloc(arena, sizeof(*kept));
    *kept = *row;
    kept->table = arena_strdup(arena, row->table);
    for (size_t i = 0; i < row->count; i++) {
        struct transfer_value *value = &kept->values[i];
        value->column = arena_strdup(arena, value->column);
        bool bytes = value->kind == TRANSFER_TEXT || value->kind == TRANSFER_BLOB;
        value->bytes = bytes ? arena_strndup(arena, value->bytes, value->length) : NULL;
    }
    if (exported.count == exported.capacity) {
        exported.rows = arena_grow(
            arena, exported.rows, sizeof(struct transfer_row *), &exported.capacity);
    }
    exported.rows[exported.count++] = kept;
    return true;
}

static bool pass_over(void *data, const struct transfer_row *row, struct fault *fault)
{
    return true;
}

static bool export_all(struct fault_world *world)
{
    return transfer_read(STORE, true, pass_over, NULL, FAULT);
}

static struct transfer *transfer;

static bool make_empty(struct fault_world *world)
{
    struct store *store;
    unlink(PATH);
    unlink(beside(world, "-lock"));
    if (!store_open(PATH, &store, FAULT)) {
        return false;
    }
    store_close(store);
    return true;
}

static bool begin_import(struct fault_world *world)
{
    return transfer_begin(PATH, &transfer, FAULT);
}

/* Given up, an import leaves nothing and is no failure. */
static bool give_up(struct fault_world *world)
{
    struct fault given_up = {0};
    bool kept = transfer_end(transfer, false, &given_up);
    transfer = NULL;
    return !kept;
}

static bool begin_and_give_up(struct fault_world *world)
{
    return begin_import(world) && give_up(world);
}

static bool begin_empty_import(struct fault_world *world)
{
    return make_empty(world) && begin_import(world);
}

/* Two of each table, for a third is written as the second one. */
static bool write_some(struct fault_world *world)
{
    bool ok = transfer != NULL || begin_import(world);
    size_t same = 0;
    for (size_t i = 0; ok && i < exported.count; i++) {
        bool follows = i > 0 &&
            strcmp(exported.rows[i]->table, exported.rows[i - 1]->table) == 0;
        same = follows ? same + 1 : 0;
        ok = same >= 2 || transfer_write(transfer, exported.rows[i], FAULT);
    }
    return transfer != NULL && give_up(world) && ok;
}

static bool write_all(struct fault_world *world)
{
    for (size_t i = 0; i < exported.count; i++) {
        if (!transfer_write(transfer, exported.rows[i], FAULT)) {
            return false;
        }
    }
    return true;
}

static bool begin_whole_import(struct fault_world *world)
{
    return begin_empty_import(world) && write_all(world);
}

static bool end_import(struct fault_world *world)
{
    if (transfer == NULL && !(begin_import(world) && write_all(world))) {
        return false;
    }
    bool ok = transfer_end(transfer, true, FAULT);
    transfer = NULL;
    return ok;
}

static const struct fault_operation backups[] = {
    /* Not knowing how much room there is, or what root's copy should belong to, is no reason to
     * have none; looking from outside may say nothing. */
    {.name = "the first backup",
        .run = back_up,
        .prepare = have_no_backup,
        .look = look_for_backups,
        .forgives = true},
    {.name = "another backup",
        .run = back_up,
        .prepare = have_an_old_backup,
        .look = look_for_a_backup,
        .forgives = true},
    /* What cannot be looked at is none that could be put back. */
    {.name = "list backups",
        .run = list_backups,
        .prepare = have_an_old_backup,
        .forgives = true},
    {.name = "put a backup back",
        .run = put_back,
        .prepare = change,
        .begins_with = look_through_backup,
        .look = look_for_halves,
        .opens = true,
        .forgives = true},
    {.name = "put a backup in the place of what is lost",
        .run = put_back,
        .prepare = lose_the_database,
        .begins_with = look_through_backup,
        .look = look_for_halves,
        .opens = true,
        .forgives = true,
        .in_steps = true},
    {.name = "keep what is older",
        .run = bring_up_to_date,
        .prepare = make_older,
        .look = look_for_the_older,
        .opens = true,
        .forgives = true,
        .in_steps = true},
};

static const struct fault_operation transfers[] = {
    {.name = "export", .run = export_all, .apart = 13},
    {.name = "begin an import",
        .run = begin_and_give_up,
        .prepare = make_empty,
        .opens = true,
        .forgives = true}, /* as store_open() does */
    {.name = "write rows", .run = write_some, .prepare = begin_empty_import, .opens = true},
    {.name = "end an import",
        .run = end_import,
        .prepare = begin_whole_import,
        .opens = true,
        .apart = 11},
};

static void there_is_a_whole_backup_whatever_fails(void **state)
{
    fault_world_try(*state, backups, array_count(backups));
}

static void an_import_is_whole_or_nothing(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture); /* a sound one: the newsroom's stories were meddled with */
    struct store *store = fixture_open(fixture);
    exported = (struct rows){0};
    fixture_must(
        fixture, transfer_read(store, true, keep_row, &fixture->arena, &fixture->fault));
    store_close(store);
    assert_int_equal(unlink(fixture->path), 0);
    fault_world_try(fixture, transfers, array_count(transfers));
}

/* ---- what is damaged ---- */

static bool damage(struct fault_world *world)
{
    fixture_execute(
        PATH, "PRAGMA ignore_check_constraints = ON; UPDATE tally SET only_row = 2");
    return have_no_backup(world);
}

static bool damage_backup(struct fault_world *world)
{
    fixture_execute(world->kept,
        "INSERT INTO desk_feed_setting VALUES (4711, 0, 'a', 'b'), (4712, 0, 'a', 'b')");
    return true;
}

static bool write_nameless_row(struct fault_world *world)
{
    const struct transfer_row row = {.table = "feed"};
    bool ok = transfer_write(transfer, &row, FAULT);
    return give_up(world) && ok;
}

static const struct fault_refusal refusals[] = {
    {.operation = {.name = "a backup of what is damaged", .run = back_up, .prepare = damage},
        .kind = FAULT_STORE,
        .said = "is damaged"},
    {.operation = {.name = "a row without a column",
         .run = write_nameless_row,
         .prepare = begin_empty_import,
         .opens = true},
        .kind = FAULT_PARSE,
        .said = "without a column"},
    {.operation = {.name = "a damaged backup",
         .run = put_back,
         .prepare = damage_backup,
         .opens = true},
        .kind = FAULT_STORE,
        .said = "put back another one"},
};

static void what_is_damaged_is_not_multiplied(void **state)
{
    fault_world_refuse(*state, refusals, array_count(refusals));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(there_is_a_whole_backup_whatever_fails),
        storage_test(an_import_is_whole_or_nothing),
        storage_test(what_is_damaged_is_not_multiplied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
