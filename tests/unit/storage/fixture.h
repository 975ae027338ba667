/* What the tests of storage/ share: a private folder with a database file, a small
 * configuration, and documents made from a few words. A test gets the fixture through cmocka's
 * state. */
#ifndef TESTS_STORAGE_FIXTURE_H
#define TESTS_STORAGE_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "storage/store.h"

enum { NOON = 1600300800 /* 2020-09-17T00:00:00Z */, DAY = 86400 };

struct fixture {
    char folder[64];
    char path[96]; /* of the database, not yet created */
    struct arena arena;
    struct fault fault;
    struct config config;
};

int fixture_setup(void **state);
int fixture_teardown(void **state); /* removes the folder */

#define storage_test(name)                                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

/* Fail the test with the sentence of the fixture's fault unless `ok`. */
void fixture_must(struct fixture *fixture, bool ok);

/* What groups items when feeds.conf says nothing about it. */
void fixture_group_as_shipped(struct fixture *fixture);

/* A path in the private folder; lives in the arena. */
const char *fixture_path(struct fixture *fixture, const char *name);

/* Open for writing; fails the test with the fault's sentence. The caller closes. */
struct store *fixture_open(struct fixture *fixture);
struct store *fixture_open_reader(struct fixture *fixture);

/* Register https://NAME.example/feed under NAME. */
struct feed_state fixture_feed(struct fixture *fixture, struct store *store, const char *name);

/* An entry of section 0, on topic, published at NOON, its texts made from `key` and `version`;
 * the guid is "guid of KEY". Lives in the arena. */
struct store_entry fixture_entry(struct fixture *fixture, const char *key, int version);

/* A document of these entries with etag "etag VERSION"; lives in the arena, entries are copied.
 */
struct store_document *fixture_document(struct fixture *fixture, const struct feed_state *feed,
    int version, const struct store_entry *entries, size_t count);

/* Commit one document; fails the test on a fault. */
void fixture_commit(
    struct fixture *fixture, struct store *store, struct store_document *document);

/* First column of the first row, read by a connection of its own to the file. */
int64_t fixture_query_int(struct fixture *fixture, const char *sql);
/* The same as text, which lives in the arena; NULL for NULL or no row. */
const char *fixture_query_text(struct fixture *fixture, const char *sql);

/* Run SQL on the file through a connection of its own, creating it when missing. */
void fixture_execute(const char *path, const char *sql);

/* The whole content of the file as a hash. */
uint64_t fixture_file_hash(const char *path);

#endif
