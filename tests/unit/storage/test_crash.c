/* kill -9 at any moment, a full disk, damaged pages, several processes on one file. */
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "storage/statements.h"

enum { FEEDS = 3, ENTRIES = 6, KILLS = 100, LIVES_A_FILE = 10, CONTENT_BYTES = 6000 };

/* Version `version` of feed number `feed`: new entries, validators that name the version. */
static struct store_document *make_version(
    struct fixture *fixture, const struct feed_state *feed, int64_t version)
{
    struct arena *arena = &fixture->arena;
    struct store_entry entries[ENTRIES];
    char *content = arena_alloc(arena, CONTENT_BYTES);
    memset(content, 'c', CONTENT_BYTES - 1);
    content[CONTENT_BYTES - 1] = '\0';
    for (int i = 0; i < ENTRIES; i++) {
        entries[i] = fixture_entry(fixture,
            arena_printf(arena, "%s version %lld entry %d", feed->name, (long long)version, i),
            1);
        entries[i].published_utc_s = NOON + version;
        entries[i].content_html = content;
    }
    struct store_document *document = fixture_document(fixture, feed, 0, entries, ENTRIES);
    document->state.etag = arena_printf(arena, "%lld", (long long)version);
    return document;
}

static bool commit_version(struct fixture *fixture, struct store *store,
    const struct feed_state *feeds, int64_t version)
{
    struct store_document *batch[FEEDS];
    for (int i = 0; i < FEEDS; i++) {
        batch[i] = make_version(fixture, &feeds[i], version);
    }
    return store_commit(store, batch, FEEDS, &fixture->config, &fixture->fault);
}

static void register_feeds(
    struct fixture *fixture, struct store *store, struct feed_state *feeds)
{
    for (int i = 0; i < FEEDS; i++) {
        feeds[i] = fixture_feed(fixture, store, arena_printf(&fixture->arena, "feed%d", i));
    }
}

/* ---- kill -9 ---- */

/* Commit version after version until killed, telling each that was acknowledged. */
static void live(struct fixture *fixture, int pipe_end, int checkpoint_pages)
{
    struct store *store = fixture_open(fixture);
    sqlite3_wal_autocheckpoint(store->db, checkpoint_pages);
    struct feed_state feeds[FEEDS];
    register_feeds(fixture, store, feeds);
    int64_t version = feeds[0].etag == NULL ? 0 : strtoll(feeds[0].etag, NULL, 10);
    for (;;) {
        version++;
        if (!commit_version(fixture, store, feeds, version) ||
            write(pipe_end, &version, sizeof(version)) != sizeof(version)) {
            _exit(1);
        }
    }
}

static void spin(uint64_t ns)
{
    uint64_t end = clock_monotonic_ns() + ns;
    while (clock_monotonic_ns() < end) {
    }
}

static int64_t last_acknowledged(int pipe_end)
{
    int64_t version = 0, last = 0;
    while (read(pipe_end, &version, sizeof(version)) == sizeof(version)) {
        last = version;
    }
    return last;
}

/* Let a child live for a moment, kill it, return the last version it acknowledged (0: none).
 * Half of the children are killed some time after their start, while they may still open the
 * file; the others some time after their first commit, however slow the machine. Half of them
 * checkpoint all the time, so that kills fall into that as well. */
static int64_t live_and_die(struct fixture *fixture, unsigned *seed)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    int checkpoint_pages = rand_r(seed) % 2 == 0 ? 10 : 2048;
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        live(fixture, ends[1], checkpoint_pages);
    }
    close(ends[1]);
    int64_t first = 0;
    if (rand_r(seed) % 2 == 0) {
        assert_int_equal(read(ends[0], &first, sizeof(first)), sizeof(first));
    }
    spin((uint64_t)(rand_r(seed) % 12000) * 1000);
    kill(child, SIGKILL);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status)); /* it did not fail by itself */
    int64_t last = last_acknowledged(ends[0]);
    close(ends[0]);
    return last > first ? last : first;
}

static void check_after_death(struct fixture *fixture, int64_t acknowledged)
{
    store_close(fixture_open(fixture));
    assert_string_equal(fixture_query_text(fixture, "PRAGMA integrity_check"), "ok");
    assert_null(fixture_query_text(fixture, "PRAGMA foreign_key_check"));
    /* validators tell of exactly the entries that are there, for every feed of the batch alike
     */
    assert_int_equal(fixture_query_int(fixture,
                         "SELECT count(*) FROM feed WHERE coalesce(etag, 0) * 6 <>"
                         " (SELECT count(*) FROM item WHERE feed_id = feed.id)"),
        0);
    assert_int_equal(fixture_query_int(fixture,
                         "SELECT count(*) FROM item JOIN feed ON feed.id = feed_id"
                         " WHERE published_utc_s - 1600300800 > CAST(etag AS INTEGER)"),
        0);
    assert_true(fixture_query_int(fixture, "SELECT count(DISTINCT etag) FROM feed") <= 1);
    /* whole documents: every item has its content and its sighting, and is counted */
    assert_int_equal(fixture_query_int(fixture,
                         "SELECT abs(items - (SELECT count(*) FROM item))"
                         " + abs(items - (SELECT count(*) FROM content))"
                         " + abs(items - sightings)"
                         " + abs(items - (SELECT count(*) FROM sighting)) FROM tally"),
        0);
    int64_t stored = fixture_query_int(fixture, "SELECT coalesce(max(etag + 0), 0) FROM feed");
    assert_true(stored >= acknowledged);
}

static void a_kill_at_any_moment_leaves_whole_documents_and_all_that_was_acknowledged(
    void **state)
{
    struct fixture *fixture = *state;
    unsigned seed = (unsigned)clock_monotonic_ns();
    print_message("seed %u\n", seed);
    int64_t acknowledged = 0, commits = 0;
    for (int i = 0; i < KILLS; i++) {
        if (i % LIVES_A_FILE ==
            0) { /* a fresh file: kills while the schema is made are among them */
            remove(fixture->path);
            acknowledged = 0;
        }
        int64_t last = live_and_die(fixture, &seed);
        commits += last > acknowledged ? last - acknowledged : 0;
        acknowledged = last > acknowledged ? last : acknowledged;
        check_after_death(fixture, acknowledged);
    }
    print_message("%d kills, %lld acknowledged commits\n", KILLS, (long long)commits);
    assert_true(commits > 0);
}

/* ---- a full disk ---- */

static void limit_file_size(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk_is_a_fault_and_the_store_goes_on_when_there_is_room(void **state)
{
    struct fixture *fixture = *state;
    signal(SIGXFSZ, SIG_IGN); /* a write beyond the limit gets EFBIG, as from a quota */
    struct store *store = fixture_open(fixture);
    struct feed_state feeds[FEEDS];
    register_feeds(fixture, store, feeds);
    limit_file_size(1000000);
    int64_t version = 1;
    while (version < 100 && commit_version(fixture, store, feeds, version)) {
        version++;
    }
    struct fault fault = fixture->fault;
    struct store_totals totals = {0};
    bool readable = store_read_totals(store, &totals, &fixture->fault);
    limit_file_size(RLIM_INFINITY);
    assert_true(version > 1 && version < 100);
    assert_int_equal(fault.kind, FAULT_STORE);
    if (strstr(fault.message, "the disk is full") == NULL) {
        fail_msg("%s", fault.message);
    }
    assert_true(readable);
    assert_int_equal(totals.items, (version - 1) * FEEDS * ENTRIES);
    fixture_must(fixture, commit_version(fixture, store, feeds, version));
    store_close(store);
    check_after_death(fixture, version);
}

static void a_disk_too_full_to_create_a_database_is_a_fault(void **state)
{
    struct fixture *fixture = *state;
    signal(SIGXFSZ, SIG_IGN);
    limit_file_size(5000);
    struct store *store = NULL;
    bool opened = store_open(fixture->path, &store, &fixture->fault);
    limit_file_size(RLIM_INFINITY);
    assert_false(opened);
    if (strstr(fixture->fault.message, "the disk is full") == NULL) {
        fail_msg("%s", fixture->fault.message);
    }
    store_close(fixture_open(fixture));
}

/* ---- damage ---- */

static void a_damaged_page_is_named_when_it_is_read_and_costs_no_crash(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feeds[FEEDS];
    register_feeds(fixture, store, feeds);
    for (int version = 1; version < 20; version++) {
        fixture_must(fixture, commit_version(fixture, store, feeds, version));
    }
    store_close(store);
    struct stat whole;
    assert_int_equal(stat(fixture->path, &whole), 0);
    int file = open(fixture->path, O_WRONLY | O_CLOEXEC);
    char garbage[4096];
    memset(garbage, 0xa5, sizeof(garbage));
    for (off_t at = 3 * 8192; at < whole.st_size; at += 8192) {
        assert_int_equal(pwrite(file, garbage, sizeof(garbage), at), sizeof(garbage));
    }
    close(file);
    bool ok = store_open(fixture->path, &store, &fixture->fault);
    if (ok) {
        struct candidate *candidates;
        size_t count;
        ok = store_read_candidates(store, &fixture->arena, &fixture->config, 0, 1000,
                 &candidates, &count, &fixture->fault) &&
            commit_version(fixture, store, feeds, 50);
        store_close(store);
    }
    assert_false(ok);
    assert_int_equal(fixture->fault.kind, FAULT_STORE);
    if (strstr(fixture->fault.message, "the file is damaged") == NULL) {
        fail_msg("%s", fixture->fault.message);
    }
}

/* ---- several processes ---- */

static void another_program_that_keeps_the_file_locked_is_named(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    sqlite3_busy_timeout(store->db, 1);
    struct feed_state feeds[FEEDS];
    register_feeds(fixture, store, feeds);
    sqlite3 *other = NULL;
    assert_int_equal(sqlite3_open(fixture->path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_false(commit_version(fixture, store, feeds, 1));
    assert_non_null(strstr(fixture->fault.message, "another program keeps it locked"));
    sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL);
    fixture_must(fixture, commit_version(fixture, store, feeds, 1));
    sqlite3_close(other);
    store_close(store);
}

/* The child is forked before the store is open, so that nothing of it is inherited. */
static void a_second_process_cannot_write_while_the_first_lives(void **state)
{
    struct fixture *fixture = *state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        char go;
        struct store *second = NULL;
        struct fault fault = {0};
        bool opened = read(ends[0], &go, 1) != 1 || store_open(fixture->path, &second, &fault);
        _exit(!opened && strstr(fault.message, "in use by another briefd") != NULL ? 0 : 1);
    }
    struct store *store = fixture_open(fixture);
    assert_int_equal(write(ends[1], "g", 1), 1);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    close(ends[0]);
    close(ends[1]);
    store_close(store);
}

/* A reader in another process: every answer is a whole number of batches, and none goes back.
 */
static int read_until(struct fixture *fixture, size_t wanted)
{
    struct store *reader = NULL;
    if (!store_open_reader(fixture->path, &reader, &fixture->fault)) {
        return 2;
    }
    int64_t deadline = clock_monotonic_ms() + 60000;
    size_t last = 0;
    while (last < wanted) {
        struct store_totals totals;
        bool ok = store_read_totals(reader, &totals, &fixture->fault);
        size_t count = (size_t)totals.items;
        if (!ok || count % (FEEDS * ENTRIES) != 0 || count < last ||
            clock_monotonic_ms() > deadline) {
            return 3;
        }
        last = count;
    }
    store_close(reader);
    return 0;
}

static void a_reader_in_another_process_sees_whole_batches_only(void **state)
{
    enum { BATCHES = 100 };
    struct fixture *fixture = *state;
    store_close(fixture_open(fixture));
    pid_t child = fork();
    if (child == 0) {
        _exit(read_until(fixture, BATCHES * FEEDS * ENTRIES));
    }
    struct store *store = fixture_open(fixture);
    struct feed_state feeds[FEEDS];
    register_feeds(fixture, store, feeds);
    for (int version = 1; version <= BATCHES; version++) {
        fixture_must(fixture, commit_version(fixture, store, feeds, version));
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(a_kill_at_any_moment_leaves_whole_documents_and_all_that_was_acknowledged),
        storage_test(a_full_disk_is_a_fault_and_the_store_goes_on_when_there_is_room),
        storage_test(a_disk_too_full_to_create_a_database_is_a_fault),
        storage_test(a_damaged_page_is_named_when_it_is_read_and_costs_no_crash),
        storage_test(another_program_that_keeps_the_file_locked_is_named),
        storage_test(a_second_process_cannot_write_while_the_first_lives),
        storage_test(a_reader_in_another_process_sees_whole_batches_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
