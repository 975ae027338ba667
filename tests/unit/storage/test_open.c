/* Every way a database can be refused, each with its sentence, and what must stay untouched. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/schema.h"

static const int APPLICATION_ID = 0x62726664;

static void assert_refused(struct fixture *fixture, const char *path, const char *sentence_part)
{
    struct store *store = NULL;
    fixture->fault = (struct fault){0};
    assert_false(store_open(path, &store, &fixture->fault));
    assert_null(store);
    assert_int_equal(fixture->fault.kind, FAULT_STORE);
    if (strstr(fixture->fault.message, sentence_part) == NULL) {
        fail_msg("'%s' lacks '%s'", fixture->fault.message, sentence_part);
    }
    assert_non_null(strstr(fixture->fault.message, path));
}

static void write_file(const char *path, const char *content, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content, 1, length, file), length);
    fclose(file);
}

static void overwrite_bytes(const char *path, long offset, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    fseek(file, offset, SEEK_SET);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static void a_fresh_path_becomes_an_empty_store_of_the_newest_schema(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct store_totals totals;
    assert_true(store_read_totals(store, &totals, &fixture->fault));
    assert_int_equal(totals.feeds + totals.items + totals.sightings + totals.issues, 0);
    store_close(store);
    assert_int_equal(fixture_query_int(fixture, "PRAGMA application_id"), APPLICATION_ID);
    assert_int_equal(fixture_query_int(fixture, "PRAGMA user_version"), schema_migration_count);
    assert_string_equal(fixture_query_text(fixture, "PRAGMA journal_mode"), "wal");
    assert_int_equal(fixture_query_int(fixture, "PRAGMA auto_vacuum"), 2);
}

/* SQLite takes an empty file for a new database: what was kept in it would be gone in silence.
 */
static void a_file_that_lost_its_content_is_refused_and_one_that_was_removed_begins_anew(
    void **state)
{
    struct fixture *fixture = *state;
    store_close(fixture_open(fixture));
    assert_int_equal(truncate(fixture->path, 0), 0);
    struct store *store = NULL;
    assert_false(store_open(fixture->path, &store, &fixture->fault));
    assert_non_null(strstr(fixture->fault.message, "put back the last backup"));
    assert_false(store_open(fixture->path, &store, &fixture->fault));
    assert_int_equal(remove(fixture->path), 0);
    store_close(fixture_open(fixture));
    assert_int_equal(fixture_query_int(fixture, "PRAGMA user_version"), schema_migration_count);
}

static void a_closed_store_leaves_no_wal_behind_and_opens_again(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    fixture_feed(fixture, store, "lwn");
    store_close(store);
    assert_int_equal(access(fixture_path(fixture, "briefd.db-wal"), F_OK), -1);
    store = fixture_open(fixture);
    struct store_totals totals;
    assert_true(store_read_totals(store, &totals, &fixture->fault));
    assert_int_equal(totals.feeds, 1);
    store_close(store);
}

static void a_missing_folder_is_named(void **state)
{
    struct fixture *fixture = *state;
    assert_refused(fixture, fixture_path(fixture, "no/such/briefd.db"),
        "cannot be used: No such file or directory: create it");
    assert_non_null(strstr(fixture->fault.message, fixture_path(fixture, "no/such'")));
}

static void a_file_in_the_place_of_the_folder_is_refused(void **state)
{
    struct fixture *fixture = *state;
    write_file(fixture_path(fixture, "plain"), "x", 1);
    struct store *store = NULL;
    assert_false(store_open(fixture_path(fixture, "plain/briefd.db"), &store, &fixture->fault));
    assert_non_null(strstr(fixture->fault.message, "is not a folder"));
}

static void a_folder_in_the_place_of_the_file_is_refused(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(mkdir(fixture->path, 0700), 0);
    assert_refused(fixture, fixture->path, "is not a regular file");
}

static void a_text_file_is_no_database_and_stays_as_it_is(void **state)
{
    struct fixture *fixture = *state;
    char text[2000];
    memset(text, 'a', sizeof(text));
    write_file(fixture->path, text, sizeof(text));
    uint64_t before = fixture_file_hash(fixture->path);
    assert_refused(fixture, fixture->path, "is not a database");
    assert_int_equal(fixture_file_hash(fixture->path), before);
}

static void a_header_overwritten_with_garbage_is_refused(void **state)
{
    struct fixture *fixture = *state;
    store_close(fixture_open(fixture));
    overwrite_bytes(fixture->path, 0, "garbage garbage garbage", 23);
    assert_refused(fixture, fixture->path, "is not a database");
}

static void a_database_cut_in_half_is_called_damaged(void **state)
{
    struct fixture *fixture = *state;
    store_close(fixture_open(fixture));
    struct stat whole;
    stat(fixture->path, &whole);
    assert_int_equal(truncate(fixture->path, whole.st_size / 2), 0);
    assert_refused(fixture, fixture->path, "the file is damaged");
    assert_non_null(strstr(fixture->fault.message, "put back the last backup"));
}

static void another_programs_database_is_refused_and_stays_as_it_is(void **state)
{
    struct fixture *fixture = *state;
    fixture_execute(fixture->path, "CREATE TABLE bookmark (url TEXT)");
    uint64_t before = fixture_file_hash(fixture->path);
    assert_refused(fixture, fixture->path, "is a database of another program");
    assert_int_equal(fixture_file_hash(fixture->path), before);
    fixture_execute(fixture->path, "PRAGMA application_id = 77");
    before = fixture_file_hash(fixture->path);
    assert_refused(fixture, fixture->path, "is a database of another program");
    assert_int_equal(fixture_file_hash(fixture->path), before);
    assert_int_equal(access(fixture_path(fixture, "briefd.db-lock"), F_OK), -1);
    assert_int_equal(access(fixture_path(fixture, "briefd.db-wal"), F_OK), -1);
}

static void a_newer_schema_is_refused_and_stays_as_it_is(void **state)
{
    struct fixture *fixture = *state;
    store_close(fixture_open(fixture));
    int newer = (int)schema_migration_count + 6;
    fixture_execute(
        fixture->path, arena_printf(&fixture->arena, "PRAGMA user_version = %d", newer));
    uint64_t before = fixture_file_hash(fixture->path);
    assert_refused(fixture, fixture->path,
        arena_printf(&fixture->arena,
            "has schema %d, this briefd knows %d: use the newer program", newer,
            (int)schema_migration_count));
    assert_int_equal(fixture_file_hash(fixture->path), before);
}

/* The newer program was killed: what it wrote stands in the WAL alone. */
static void a_newer_schema_in_the_wal_is_refused_and_the_wal_kept(void **state)
{
    struct fixture *fixture = *state;
    store_close(fixture_open(fixture));
    pid_t child = fork();
    if (child == 0) {
        sqlite3 *db = NULL;
        sqlite3_open(fixture->path, &db);
        sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL);
        _exit(0); /* without closing */
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    uint64_t before = fixture_file_hash(fixture->path);
    uint64_t wal_before = fixture_file_hash(fixture_path(fixture, "briefd.db-wal"));
    assert_refused(fixture, fixture->path, "has schema 99");
    assert_int_equal(fixture_file_hash(fixture->path), before);
    assert_int_equal(fixture_file_hash(fixture_path(fixture, "briefd.db-wal")), wal_before);
}

/* Runs as root in some build machines, for whom every file is readable: so as somebody else. */
static int open_without_rights(const char *path, const char *sentence_part)
{
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
            _exit(3);
        }
        struct store *store = NULL;
        struct fault fault = {0};
        bool refused = !store_open(path, &store, &fault);
        _exit(refused && strstr(fault.message, sentence_part) != NULL ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void a_file_without_permission_is_refused(void **state)
{
    struct fixture *fixture = *state;
    store_close(fixture_open(fixture));
    assert_int_equal(chmod(fixture->folder, 0755), 0);
    assert_int_equal(chmod(fixture->path, 0), 0);
    assert_int_equal(open_without_rights(fixture->path, "Permission denied"), 0);
}

static void a_folder_without_permission_is_refused(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(chmod(fixture->folder, 0555), 0);
    assert_int_equal(open_without_rights(fixture->path, "cannot create the database"), 0);
    assert_int_equal(chmod(fixture->folder, 0755), 0);
}

static void a_second_writer_is_refused_with_the_number_of_the_first(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    assert_refused(fixture, fixture->path,
        arena_printf(&fixture->arena, "in use by another briefd (process %d)", (int)getpid()));
    store_close(store);
    store_close(fixture_open(fixture));
}

static void a_second_writer_is_refused_under_another_name_too(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    const char *link = fixture_path(fixture, "other.db");
    assert_int_equal(symlink(fixture->path, link), 0);
    assert_refused(fixture, link, "in use by another briefd");
    store_close(store);
}

static void a_reader_opens_beside_the_writer_and_cannot_write(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct store *reader = fixture_open_reader(fixture);
    struct feed_state feed;
    assert_false(store_register_feed(
        reader, &fixture->arena, "https://a.example/", "a", &feed, &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_STORE);
    assert_non_null(strstr(fixture->fault.message, "may only be read"));
    store_close(reader);
    store_close(store);
}

static void a_reader_does_not_create_a_database(void **state)
{
    struct fixture *fixture = *state;
    struct store *reader = NULL;
    assert_false(store_open_reader(fixture->path, &reader, &fixture->fault));
    assert_non_null(strstr(fixture->fault.message, "'briefd run' creates it"));
    assert_int_equal(access(fixture->path, F_OK), -1);
    write_file(fixture->path, "", 0);
    assert_false(store_open_reader(fixture->path, &reader, &fixture->fault));
    assert_non_null(strstr(fixture->fault.message, "is still empty"));
}

static void a_path_with_uri_characters_is_taken_literally(void **state)
{
    struct fixture *fixture = *state;
    const char *path = fixture_path(fixture, "a b?mode=memory#%41.db");
    struct store *store = NULL;
    assert_true(store_open(path, &store, &fixture->fault));
    store_close(store);
    assert_int_equal(access(path, F_OK), 0);
    assert_true(store_open(path, &store, &fixture->fault)); /* inspected by URI this time */
    store_close(store);
}

/* Were it not, the inspection would look at another file, and the refusal come too late. */
static void another_programs_database_with_uri_characters_is_left_alone_too(void **state)
{
    struct fixture *fixture = *state;
    const char *path = fixture_path(fixture, "a?b#%41.db");
    fixture_execute(path, "CREATE TABLE bookmark (url TEXT)");
    assert_refused(fixture, path, "is a database of another program");
    assert_int_equal(access(fixture_path(fixture, "a?b#%41.db-lock"), F_OK), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(a_fresh_path_becomes_an_empty_store_of_the_newest_schema),
        storage_test(
            a_file_that_lost_its_content_is_refused_and_one_that_was_removed_begins_anew),
        storage_test(a_closed_store_leaves_no_wal_behind_and_opens_again),
        storage_test(a_missing_folder_is_named),
        storage_test(a_file_in_the_place_of_the_folder_is_refused),
        storage_test(a_folder_in_the_place_of_the_file_is_refused),
        storage_test(a_text_file_is_no_database_and_stays_as_it_is),
        storage_test(a_header_overwritten_with_garbage_is_refused),
        storage_test(a_database_cut_in_half_is_called_damaged),
        storage_test(another_programs_database_is_refused_and_stays_as_it_is),
        storage_test(a_newer_schema_is_refused_and_stays_as_it_is),
        storage_test(a_newer_schema_in_the_wal_is_refused_and_the_wal_kept),
        storage_test(a_file_without_permission_is_refused),
        storage_test(a_folder_without_permission_is_refused),
        storage_test(a_second_writer_is_refused_with_the_number_of_the_first),
        storage_test(a_second_writer_is_refused_under_another_name_too),
        storage_test(a_reader_opens_beside_the_writer_and_cannot_write),
        storage_test(a_reader_does_not_create_a_database),
        storage_test(a_path_with_uri_characters_is_taken_literally),
        storage_test(another_programs_database_with_uri_characters_is_left_alone_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
