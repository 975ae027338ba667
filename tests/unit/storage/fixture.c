#include "fixture.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "config/problems.h"
#include "storage/packed_html.h"

static struct config_section sections[] = {
    {.id = "news", .title = "业界新闻", .fallback = true},
    {.id = "papers", .title = "论文"},
    {.id = "oss", .title = "开源项目"},
};

static struct config_feed feeds[] = {
    {.name = "arxiv", .url = "https://arxiv.example/feed"},
    {.name = "lwn", .url = "https://lwn.example/feed"},
};

int fixture_setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    /* In memory where there is such a place: on a disk, a test that opens a database for every
       call it lets fail waits a minute for it. */
    bool in_memory = access("/dev/shm", R_OK | W_OK | X_OK) == 0;
    strcpy(fixture->folder,
        in_memory ? "/dev/shm/briefd-storage-XXXXXX" : "/tmp/briefd-storage-XXXXXX");
    if (mkdtemp(fixture->folder) == NULL) {
        return -1;
    }
    snprintf(fixture->path, sizeof(fixture->path), "%s/briefd.db", fixture->folder);
    fixture->config = (struct config){
        .rules_hash = 0xfeedfacecafebeef, /* the sign bit is set: it must survive as well */
        .sections = sections,
        .section_count = array_count(sections),
        .feeds = feeds,
        .feed_count = array_count(feeds),
    };
    *state = fixture;
    return 0;
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    return remove(path);
}

int fixture_teardown(void **state)
{
    struct fixture *fixture = *state;
    nftw(fixture->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    arena_release(&fixture->arena);
    free(fixture);
    return 0;
}

void fixture_group_as_shipped(struct fixture *fixture)
{
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(
        "briefing { title = T } section s { title = S fallback = true } "
        "feed a { url = 'https://a.example/' }",
        "test", &problems);
    assert_non_null(config);
    fixture->config.stories = config->stories;
    config_unref(config);
    problems_release(&problems);
}

const char *fixture_path(struct fixture *fixture, const char *name)
{
    return arena_printf(&fixture->arena, "%s/%s", fixture->folder, name);
}

void fixture_must(struct fixture *fixture, bool ok)
{
    if (!ok) {
        fail_msg("%s", fixture->fault.message);
    }
}

struct store *fixture_open(struct fixture *fixture)
{
    struct store *store = NULL;
    fixture_must(fixture, store_open(fixture->path, &store, &fixture->fault));
    return store;
}

struct store *fixture_open_reader(struct fixture *fixture)
{
    struct store *store = NULL;
    fixture_must(fixture, store_open_reader(fixture->path, &store, &fixture->fault));
    return store;
}

struct feed_state fixture_feed(struct fixture *fixture, struct store *store, const char *name)
{
    struct feed_state state;
    const char *url = arena_printf(&fixture->arena, "https://%s.example/feed", name);
    fixture_must(fixture,
        store_register_feed(store, &fixture->arena, url, name, &state, &fixture->fault));
    return state;
}

struct store_entry fixture_entry(struct fixture *fixture, const char *key, int version)
{
    struct arena *arena = &fixture->arena;
    struct store_entry entry = {
        .guid = arena_printf(arena, "guid of %s", key),
        .key = key,
        .title = arena_printf(arena, "title %d of %s", version, key),
        .summary = arena_printf(arena, "summary %d of %s", version, key),
        .content_html = arena_printf(arena, "<p>content %d of %s</p>", version, key),
        .url = key,
        .published_utc_s = NOON,
        .verdict = {.relevance = 0.5},
        .reasons_json = "[]",
    };
    entry.content_hash = hash_string(HASH_START, entry.title);
    return entry;
}

struct store_document *fixture_document(struct fixture *fixture, const struct feed_state *feed,
    int version, const struct store_entry *entries, size_t count)
{
    struct arena *arena = &fixture->arena;
    struct store_document *document = arena_new(arena, struct store_document);
    if (count > 0) {
        struct store_entry *copies = arena_new_array(arena, struct store_entry, count);
        memcpy(copies, entries, count * sizeof(*entries));
        document->entries = copies;
    }
    document->state = *feed;
    document->state.etag = arena_printf(arena, "\"etag %d\"", version);
    document->source = arena_printf(arena, "source %s", feed->name);
    document->entry_count = count;
    document->fetched_utc_s = NOON + 100;
    document->state.last_poll_utc_s = document->state.last_success_utc_s = NOON + 100;
    return document;
}

void fixture_commit(
    struct fixture *fixture, struct store *store, struct store_document *document)
{
    fixture_must(fixture, store_commit(store, &document, 1, &fixture->config, &fixture->fault));
}

static sqlite3 *open_database(const char *path)
{
    sqlite3 *db = NULL;
    if (sqlite3_open(path, &db) != SQLITE_OK) {
        fail_msg("%s: %s", path, sqlite3_errmsg(db));
    }
    sqlite3_busy_timeout(
        db, 20000); /* another process may be recovering the log of a killed one */
    assert_true(packed_html_register(db));
    return db;
}

const char *fixture_query_text(struct fixture *fixture, const char *sql)
{
    sqlite3 *db = open_database(fixture->path);
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    }
    const char *text = NULL;
    if (sqlite3_step(statement) == SQLITE_ROW) {
        text = arena_strdup(&fixture->arena, (const char *)sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return text;
}

int64_t fixture_query_int(struct fixture *fixture, const char *sql)
{
    const char *text = fixture_query_text(fixture, sql);
    if (text == NULL) {
        fail_msg("no value: %s", sql);
    }
    return strtoll(text, NULL, 10);
}

void fixture_execute(const char *path, const char *sql)
{
    sqlite3 *db = open_database(path);
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
    sqlite3_close(db);
}

uint64_t fixture_file_hash(const char *path)
{
    uint64_t hash = HASH_START;
    char chunk[4096];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(file >= 0);
    ssize_t got;
    while ((got = read(file, chunk, sizeof(chunk))) > 0) {
        hash = hash_bytes(hash, chunk, (size_t)got);
    }
    close(file);
    return hash;
}
