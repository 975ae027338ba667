/* Migrations: from every earlier schema, whole or not at all. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "storage/schema.h"

static const struct migration two_steps[] = {
    {1, "first", "CREATE TABLE a (x INTEGER PRIMARY KEY) STRICT; INSERT INTO a VALUES (1)"},
    {2, "second",
        "CREATE TABLE b (x INTEGER REFERENCES a (x)) STRICT; INSERT INTO b VALUES (1)"},
};

static sqlite3 *open_raw(struct fixture *fixture)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(fixture->path, &db), SQLITE_OK);
    return db;
}

static void migrations_run_in_order_and_once(void **state)
{
    struct fixture *fixture = *state;
    sqlite3 *db = open_raw(fixture);
    fixture_must(fixture, schema_upgrade(db, fixture->path, two_steps, 1, &fixture->fault));
    assert_int_equal(fixture_query_int(fixture, "PRAGMA user_version"), 1);
    fixture_must(fixture, schema_upgrade(db, fixture->path, two_steps, 2, &fixture->fault));
    fixture_must(fixture, schema_upgrade(db, fixture->path, two_steps, 2, &fixture->fault));
    assert_int_equal(fixture_query_int(fixture, "PRAGMA user_version"), 2);
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM b"), 1);
    sqlite3_close(db);
}

static void a_migration_that_fails_leaves_the_schema_before_it(void **state)
{
    static const struct migration broken[] = {
        {1, "first", "CREATE TABLE a (x)"},
        {2, "broken", "CREATE TABLE b (x); INSERT INTO missing VALUES (1)"},
    };
    struct fixture *fixture = *state;
    sqlite3 *db = open_raw(fixture);
    assert_false(schema_upgrade(db, fixture->path, broken, 2, &fixture->fault));
    assert_non_null(strstr(fixture->fault.message, "schema 2 (broken): cannot upgrade"));
    assert_non_null(strstr(fixture->fault.message, "missing"));
    assert_int_equal(sqlite3_get_autocommit(db), 1);
    sqlite3_close(db);
    assert_int_equal(fixture_query_int(fixture, "PRAGMA user_version"), 1);
    assert_null(fixture_query_text(fixture, "SELECT name FROM sqlite_schema WHERE name = 'b'"));
}

static void a_migration_that_breaks_a_reference_is_undone(void **state)
{
    static const struct migration dangling[] = {
        {1, "dangling",
            "CREATE TABLE a (x INTEGER PRIMARY KEY); CREATE TABLE b (x INTEGER REFERENCES a "
            "(x));"
            "INSERT INTO b VALUES (5)"},
    };
    struct fixture *fixture = *state;
    sqlite3 *db = open_raw(fixture);
    assert_false(schema_upgrade(db, fixture->path, dangling, 1, &fixture->fault));
    assert_non_null(
        strstr(fixture->fault.message, "table 'b' has a row that refers to nothing"));
    sqlite3_close(db);
    assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM sqlite_schema"), 0);
}

static void the_shipped_migrations_are_numbered_without_gaps(void **state)
{
    for (size_t i = 0; i < schema_migration_count; i++) {
        assert_int_equal(schema_migrations[i].number, i + 1);
    }
}

/* ---- databases of earlier releases ---- */

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("%s is missing: see freeze_database.py", path);
    }
    struct buffer text;
    buffer_init(&text, 1 << 20);
    char chunk[4096];
    size_t got;
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0) {
        assert_true(buffer_append(&text, chunk, got));
    }
    fclose(file);
    return text.data;
}

static void build_frozen(struct fixture *fixture, int number)
{
    const char *folder = getenv("BRIEFD_FIXTURES");
    assert_non_null(folder);
    remove(fixture->path);
    char *sql = read_text(
        arena_printf(&fixture->arena, "%s/storage/database-%04d.sql", folder, number));
    fixture_execute(fixture->path, sql);
    free(sql);
    assert_int_equal(fixture_query_int(fixture, "PRAGMA user_version"), number);
}

/* The rows every frozen database has; more may follow with later schemas. */
static void check_frozen_rows(struct fixture *fixture, struct store *store)
{
    struct arena *arena = &fixture->arena;
    struct store_totals totals;
    fixture_must(fixture, store_read_totals(store, &totals, &fixture->fault));
    assert_int_equal(totals.items, 3);
    assert_int_equal(totals.sightings, 4);
    struct candidate *candidates;
    size_t count;
    fixture_must(fixture,
        store_read_candidates(
            store, arena, &fixture->config, 0, 10, &candidates, &count, &fixture->fault));
    assert_int_equal(count, 2);
    size_t second = strcmp(candidates[0].title, "Second") == 0 ? 0 : 1; /* in no order */
    assert_string_equal(candidates[second].title, "Second");
    assert_int_equal(candidates[second].tag_count, 2);
    assert_string_equal(candidates[1 - second].url, "https://lwn.example/1");
    assert_string_equal(candidates[1 - second].also[0], "arxiv");
    assert_string_equal(fixture_feed(fixture, store, "lwn").etag, "\"e1\"");
    struct past_issue *issues;
    int64_t last;
    fixture_must(
        fixture, store_read_issues(store, arena, &issues, &count, &last, &fixture->fault));
    assert_string_equal(issues[0].date, "2020-09-01");
    struct desk_feed *added;
    fixture_must(
        fixture, store_read_added_feeds(store, arena, &added, &count, &fixture->fault));
    assert_int_equal(count, 1);
    assert_string_equal(added[0].settings[0].value, "papers");
}

static void a_database_of_every_earlier_schema_opens_and_goes_on(void **state)
{
    struct fixture *fixture = *state;
    for (int number = 1; number <= (int)schema_migration_count; number++) {
        build_frozen(fixture, number);
        struct store *store = fixture_open(fixture);
        check_frozen_rows(fixture, store);
        struct feed_state feed = fixture_feed(fixture, store, "lwn");
        struct store_entry entry = fixture_entry(fixture, "https://lwn.example/2", 1);
        struct store_document *document = fixture_document(fixture, &feed, 1, &entry, 1);
        fixture_commit(fixture, store, document);
        assert_int_equal(document->items_new, 1);
        store_close(store);
        assert_string_equal(fixture_query_text(fixture, "PRAGMA integrity_check"), "ok");
    }
}

/* Every frozen database once more under a schema that does not exist yet: what a release after
 * this one will do, and what this program says of its file. */
static void a_later_schema_carries_every_row_along_and_is_then_refused(void **state)
{
    struct fixture *fixture = *state;
    struct migration later[32];
    size_t count = schema_migration_count;
    memcpy(later, schema_migrations, count * sizeof(*later));
    later[count] = (struct migration){(int)count + 1, "later",
        "ALTER TABLE item ADD COLUMN shade TEXT;"
        "CREATE TABLE shade (item_id INTEGER PRIMARY KEY REFERENCES item (id)) STRICT;"
        "INSERT INTO shade SELECT id FROM item"};
    for (int number = 1; number <= (int)count; number++) {
        build_frozen(fixture, number);
        const char *before = fixture_query_text(
            fixture, "SELECT group_concat(id || key || title) FROM item");
        sqlite3 *db = open_raw(fixture);
        fixture_must(
            fixture, schema_upgrade(db, fixture->path, later, count + 1, &fixture->fault));
        sqlite3_close(db);
        assert_int_equal(fixture_query_int(fixture, "PRAGMA user_version"), count + 1);
        assert_int_equal(fixture_query_int(fixture, "SELECT count(*) FROM shade"), 3);
        assert_string_equal(
            fixture_query_text(fixture, "SELECT group_concat(id || key || title) FROM item"),
            before);
        struct store *store;
        assert_false(store_open(fixture->path, &store, &fixture->fault));
        assert_non_null(strstr(fixture->fault.message,
            arena_printf(
                &fixture->arena, "has schema %zu, this briefd knows %zu", count + 1, count)));
    }
}

/* An older file is one of ours without the newest migrations: here without any. */
static void build_older(struct fixture *fixture)
{
    fixture_execute(fixture->path,
        arena_printf(&fixture->arena,
            "PRAGMA application_id = %d; CREATE TABLE older (x); INSERT INTO older VALUES (7)",
            SCHEMA_APPLICATION_ID));
}

static void a_copy_is_kept_before_the_schema_changes(void **state)
{
    struct fixture *fixture = *state;
    build_older(fixture);
    store_close(fixture_open(fixture));
    assert_int_equal(fixture_query_int(fixture, "PRAGMA user_version"), schema_migration_count);
    struct fixture copy = {0};
    strcpy(copy.path, fixture_path(fixture, "briefd.db.schema-0"));
    assert_int_equal(fixture_query_int(&copy, "PRAGMA user_version"), 0);
    assert_int_equal(fixture_query_int(&copy, "SELECT x FROM older"), 7);
    assert_int_equal(fixture_query_int(&copy, "SELECT count(*) FROM sqlite_schema"), 1);
    arena_release(&copy.arena);
}

static void without_the_copy_nothing_is_changed(void **state)
{
    struct fixture *fixture = *state;
    struct store *store;
    build_older(fixture);
    const char *in_the_way = arena_printf(&fixture->arena, "%s.schema-0.part", fixture->path);
    assert_int_equal(mkdir(in_the_way, 0700), 0);
    uint64_t before = fixture_file_hash(fixture->path);
    assert_false(store_open(fixture->path, &store, &fixture->fault));
    assert_non_null(strstr(fixture->fault.message, "a copy is kept"));
    assert_int_equal(fixture_file_hash(fixture->path), before);
}

/* A frozen text must be the schema of its number as it was shipped, not a wish. */
static void the_frozen_database_has_the_tables_of_its_migration(void **state)
{
    static const char fingerprint[] =
        "SELECT group_concat(sql, char(10)) FROM (SELECT sql FROM sqlite_schema ORDER BY name)";
    struct fixture *fixture = *state;
    int newest = (int)schema_migration_count;
    build_frozen(fixture, newest);
    const char *frozen = fixture_query_text(fixture, fingerprint);
    remove(fixture->path);
    store_close(fixture_open(fixture));
    assert_string_equal(frozen, fixture_query_text(fixture, fingerprint));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(migrations_run_in_order_and_once),
        storage_test(a_migration_that_fails_leaves_the_schema_before_it),
        storage_test(a_migration_that_breaks_a_reference_is_undone),
        storage_test(the_shipped_migrations_are_numbered_without_gaps),
        storage_test(a_database_of_every_earlier_schema_opens_and_goes_on),
        storage_test(a_later_schema_carries_every_row_along_and_is_then_refused),
        storage_test(a_copy_is_kept_before_the_schema_changes),
        storage_test(without_the_copy_nothing_is_changed),
        storage_test(the_frozen_database_has_the_tables_of_its_migration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
