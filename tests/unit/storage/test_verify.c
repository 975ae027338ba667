/* Each rule is broken by itself, and exactly that is found: by SQL that goes past the program,
 * with references and triggers off. */
#include "full_database.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "storage/verify.h"

struct findings {
    struct arena *arena;
    const char *checks; /* "story-has-items item-seen ": each once, in order */
    const char *lines;
    const char *last;
};

static void note(void *data, const struct verify_finding *finding)
{
    struct findings *findings = data;
    if (findings->last == NULL || strcmp(findings->last, finding->check) != 0) {
        findings->last = arena_strdup(findings->arena, finding->check);
        findings->checks = arena_printf(
            findings->arena, "%s%s ", findings->checks, finding->check);
    }
    findings->lines = arena_printf(findings->arena, "%s%s %s: %s: %s\n", findings->lines,
        finding->table, finding->row, finding->check, finding->words);
}

static struct findings verify(struct fixture *fixture, const char *path)
{
    struct findings findings = {.arena = &fixture->arena, .checks = "", .lines = ""};
    size_t count;
    fixture_must(fixture, store_verify(path, note, &findings, &count, &fixture->fault));
    assert_int_equal(count == 0, findings.lines[0] == '\0');
    return findings;
}

static void copy_file(const char *from, const char *to)
{
    char chunk[65536];
    size_t got;
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    assert_true(in != NULL && out != NULL);
    while ((got = fread(chunk, 1, sizeof(chunk), in)) > 0) {
        assert_int_equal(fwrite(chunk, 1, got, out), got);
    }
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

/* Nothing of the schema may resist. */
static void damage(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    char *message = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 0, NULL);
    sqlite3_exec(db, "PRAGMA ignore_check_constraints = ON", NULL, NULL, NULL);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
    if (strstr(sql, "story_count") == NULL) { /* what the triggers would have kept */
        sqlite3_exec(db,
            "DELETE FROM story_count; INSERT INTO story_count"
            " SELECT tray, section, count(*), sum(uncertain) FROM story GROUP BY 1, 2",
            NULL, NULL, NULL);
    }
    sqlite3_close(db);
}

/* ---- the table: NAMES are items of full_database.c ---- */

#define ITEM(name) "(SELECT id FROM item WHERE key = 'https://a.example/" name "')"

static const struct {
    const char *check;
    const char *sql;
    const char *line; /* of a finding, as far as it is worth telling */
} damages[] = {
    {"schema", "DROP TRIGGER item_remembered", "schema item_remembered: schema: it is missing"},
    {"references", "INSERT INTO content VALUES (999999, x'00')",
        "content 999999: references: what it refers to is not there: item"},
    {"feed-read-before-validated",
        "INSERT INTO feed (url, name, etag) VALUES ('https://n.example/', 'n', '\"e\"')",
        "https://n.example/"},
    {"item-once",
        "INSERT INTO item (id, key_hash, key_twin, story_id, content_hash, first_seen_utc_s,"
        " dated_utc_s, ruleset_id, section, margin, uncertain, off_topic, relevance, key,"
        " published_utc_s) SELECT 900, key_hash, 1, 900, 1, first_seen_utc_s, dated_utc_s,"
        " ruleset_id, section, margin, 0, 0, relevance, key, published_utc_s FROM item"
        " WHERE id = " ITEM("plain") ";"
                                     "INSERT INTO story (id, state, version, item_count, "
                                     "lead_item_id, dated_utc_s,"
                                     " relevance, off_topic, uncertain, section) SELECT 900, "
                                     "'inbox', 0, 1, id, dated_utc_s,"
                                     " relevance, 0, 0, section FROM item WHERE id = 900;"
                                     "INSERT INTO sighting VALUES (1, 5, 900, 1, 1);"
                                     "UPDATE tally SET items = items + 1, sightings = "
                                     "sightings + 1, last_item_id = 900",
        "item 900: item-once: another item has its key: https://a.example/plain"},
    {"item-key-hash", "UPDATE item SET key_hash = 1 WHERE id = " ITEM("plain"),
        "https://a.example/plain"},
    {"item-seen",
        "DELETE FROM sighting WHERE item_id = " ITEM(
            "plain") ";"
                     "UPDATE tally SET sightings = sightings - 1",
        "https://a.example/plain"},
    {"item-dated",
        "UPDATE item SET published_utc_s = published_utc_s - 1 WHERE id = " ITEM("plain"),
        "its date is another"},
    {"item-in-story",
        "INSERT INTO item (id, key_hash, key_twin, story_id, content_hash, first_seen_utc_s,"
        " dated_utc_s, ruleset_id, section, margin, uncertain, off_topic, relevance, key)"
        " VALUES (900, -5808590958014384161, 0, 901, 1, 1, 1, 1, 'news', 0, 0, 0, 0, '');"
        "INSERT INTO sighting VALUES (1, 5, 900, 1, 1);"
        "UPDATE tally SET items = items + 1, sightings = sightings + 1, last_item_id = 900",
        "item 900: item-in-story: its story is not there: 901"},
    {"item-joined-for-a-reason",
        "UPDATE item SET story_tier = 'related', story_reason = NULL WHERE id = " ITEM("plain"),
        "it joined a story: without a reason"},
    {"item-joined-for-a-reason",
        "UPDATE item SET story_tier = 'magic' WHERE id = " ITEM("plain"),
        "by a way this program does not know"},
    {"item-content", "UPDATE content SET html = x'00'", "it is damaged"},
    {"item-content",
        "UPDATE content SET html = CAST(substr(html, 1, length(html) - 1) || x'00' AS BLOB)",
        "it is damaged"},
    {"item-verdict", "UPDATE item SET reasons = '[' WHERE id = " ITEM("plain"), "not JSON"},
    {"item-printed-in-issue", "UPDATE item SET printed_issue_id = 99 WHERE id = " ITEM("plain"),
        ": 99"},
    {"story-has-items",
        "INSERT INTO story (id, state, version, item_count, lead_item_id, dated_utc_s,"
        " relevance, off_topic, uncertain, section)"
        " VALUES (900, 'inbox', 0, 1, 1, 1, 0, 0, 0, 'news');"
        "UPDATE tally SET last_item_id = 900",
        "story 900: story-has-items: no item belongs to it"},
    {"story-counts-items", "UPDATE story SET item_count = 2 WHERE id = " ITEM("plain"),
        "other than: 1"},
    {"story-lead-is-its-item",
        "UPDATE story SET lead_item_id = " ITEM("second") " WHERE id = " ITEM("plain"),
        "an item of another"},
    {"story-follows-lead", "UPDATE story SET section = 'papers' WHERE id = " ITEM("plain"),
        "not its lead's"},
    {"story-follows-items", "UPDATE story SET relevance = 0.75 WHERE id = " ITEM("plain"),
        "say otherwise"},
    {"story-printed-in-issue",
        "UPDATE story SET printed_issue_id = 99 WHERE id = " ITEM("plain"), ": 99"},
    {"counts", "UPDATE tally SET items = items + 1", "there are others"},
    {"story-lists-counted", "UPDATE story_count SET stories = stories + 1 WHERE tray = 'inbox'",
        "there are others: 1"},
    {"ids-once", "UPDATE tally SET last_item_id = last_item_id - 1",
        "tally : ids-once: it would give again"},
    {"log-whole",
        "INSERT INTO event (id, utc_s, editor, action) SELECT max(id) + 2, 1, 'ada', 'decide'"
        " FROM event;"
        "INSERT INTO event_change SELECT (SELECT max(id) FROM event), kind, entity_id, after,"
        " after FROM event_change WHERE kind = 'draft' AND entity_id = 1"
        " ORDER BY event_id DESC LIMIT 1;"
        "UPDATE draft SET version = (SELECT max(id) FROM event) WHERE id = 1",
        "the event before it is gone"},
    {"log-readable",
        "INSERT INTO event_change SELECT max(id), 'nothing', 1, NULL, '{}' FROM event",
        "nothing 1"},
    {"log-says-what",
        "INSERT INTO event (id, utc_s, editor, action) SELECT max(id) + 1, 1, 'ada', 'decide'"
        " FROM event",
        "it has no change: decide"},
    {"log-unbroken",
        "UPDATE event_change SET before = '{\"state\":\"later\"}' WHERE kind = 'story'"
        " AND entity_id = " ITEM("undone") " AND event_id = (SELECT max(event_id) FROM "
                                           "event_change WHERE kind = 'story'"
                                           " AND entity_id = " ITEM("undone") ")",
        "it begins with something else: story "},
    {"log-is-the-state",
        "UPDATE story SET lead_by_hand = lead_item_id WHERE id = " ITEM("rejected"),
        "left it otherwise"},
    {"log-is-the-state", "UPDATE draft SET guide = 'lost' WHERE guide IS NOT NULL",
        "draft 2: "},
    {"story-version", "UPDATE story SET version = 1 WHERE id = " ITEM("plain"), ": 0"},
    {"item-version", "UPDATE item SET story_version = 0 WHERE id = " ITEM("split"), "item "},
    {"pick-version", "UPDATE pick SET version = 0 WHERE story_id = " ITEM("picked"), "pick "},
    {"draft-version", "UPDATE draft SET version = 0 WHERE id = 2", "draft 2: "},
    {"undo-pairs", "UPDATE event SET undone_by = NULL WHERE undone_by IS NOT NULL",
        "the other event does not name it"},
    {"undo-pairs", "UPDATE event SET undone_by = 1 WHERE id = 3",
        "event 3: undo-pairs: the other event does not name it: 1"},
    {"decision-explained", "UPDATE story SET state = 'later' WHERE id = " ITEM("plain"),
        "nobody decided on it: later"},
    {"memory-known", "INSERT INTO memory VALUES ('k', 'maybe')", "memory k: memory-known"},
    {"lesson-readable", "UPDATE lesson SET lesson = x'00' WHERE id = 1", "lesson 1: "},
    {"request-answered",
        "UPDATE request SET event_id = 999 WHERE key IN"
        " (SELECT key FROM request LIMIT 1)",
        "the event is not there: 999"},
    {"decision-known",
        "UPDATE story SET state = 'maybe' WHERE id = " ITEM(
            "plain") ";"
                     "INSERT INTO memory VALUES ('https://a.example/plain', 'later')",
        "it is none of them: maybe"},
    {"picked-has-line",
        "UPDATE story SET state = 'picked' WHERE id = " ITEM(
            "plain") ";"
                     "INSERT INTO memory VALUES ('https://a.example/plain', 'picked')",
        "lines in the draft of the next issue: 0, state picked"},
    {"pick-keeps-item",
        "UPDATE event_change SET after = json_set(after, '$.item', 999) WHERE kind = 'pick'"
        " AND entity_id = (SELECT id FROM pick WHERE item_id = " ITEM(
            "picked") ");"
                      "UPDATE pick SET item_id = 999 WHERE item_id = " ITEM("picked"),
        "its item or story is not there: item 999"},
    {"draft-is-open", "INSERT INTO draft (id, version, open, suggest) VALUES (90, 0, 1, 1)",
        "open drafts for one issue: 2"},
    {"publication-of-open-draft",
        "INSERT INTO publication (only_row, draft_id, day, version, editor, utc_s, document,"
        " stories, request_hash) VALUES (1, 1, '2020-01-01', 1, 'ada', 1, '{}', '[]', 0)",
        "publication 2020-01-01: "},
    {"search-state", "UPDATE search_state SET indexed_id = 99", "behind the last item: 99"},
    {"search-words",
        "INSERT INTO search_stale SELECT id, 'x', 'y' FROM item"
        " WHERE id = " ITEM("plain"),
        "the index has other words of it"},
    {"search-words", "UPDATE search_state SET indexed_id = 4",
        "the index has an item that is not there"},
    {"pick-frozen", "UPDATE pick SET original = '{' WHERE story_id = " ITEM("picked"),
        "missing or damaged"},
    {"draft-became-issue",
        "INSERT INTO draft (id, version, open, suggest) VALUES (90, 0, 0, 1)", "draft 90: "},
    {"issue-versions", "DELETE FROM issue_version", "issue 1: issue-versions: one is missing"},
    {"issue-printed", "UPDATE printed_item SET key = NULL, key_hash = NULL",
        "what it printed is remembered otherwise"},
    {"printed-key-hash", "UPDATE printed_item SET key_hash = 3",
        "printed_item 1/0: printed-key-hash"},
    {"account-can-enter", "UPDATE account SET password = 'secret'", "account 1: "},
    {"account-admin", "UPDATE account SET role = 'editor'", "nobody is an admin"},
    {"secret-hashed", "UPDATE token SET secret = x'00'", "token"},
    {"token-scope", "UPDATE token SET scope = 'all'", "its scope is none: all"},
    {"rule-readable", "UPDATE desk_rule SET text = 'vendor {'", "desk_rule 1: rule-readable"},
    {"search-words", "UPDATE item SET title = 'Other words' WHERE id = " ITEM("plain"),
        "the index has other words of it"},
};

static void a_full_database_has_no_findings(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    assert_string_equal(verify(fixture, fixture->path).lines, "");
}

static void each_broken_rule_is_found_and_no_other(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    const char *copy = fixture_path(fixture, "copy.db");
    for (size_t i = 0; i < array_count(damages); i++) {
        copy_file(fixture->path, copy);
        damage(copy, damages[i].sql);
        struct findings findings = verify(fixture, copy);
        const char *expected = arena_printf(&fixture->arena, "%s ", damages[i].check);
        if (strcmp(findings.checks, expected) != 0 ||
            strstr(findings.lines, damages[i].line) == NULL) {
            fail_msg("row %zu, %s (%s): %s", i, expected, damages[i].line, findings.lines);
        }
    }
}

static void every_check_is_broken_by_a_test(void **state)
{
    const char *name, *rule;
    for (size_t i = 0; store_verify_describe(i, &name, &rule); i++) {
        bool broken = strcmp(name, "pages") == 0; /* below */
        for (size_t k = 0; k < array_count(damages); k++) {
            broken = broken || strcmp(damages[k].check, name) == 0;
        }
        if (!broken) {
            fail_msg("no test breaks %s", name);
        }
        assert_true(strlen(rule) > 10);
    }
}

/* The last `text` of the file, changed by one letter: in an index, or in the row it is of. */
static void damage_bytes(const char *path, const char *text)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    static char bytes[1 << 22];
    size_t length = fread(bytes, 1, sizeof(bytes), file);
    char *last = NULL;
    for (char *at = bytes;
         (at = memmem(at, (size_t)(bytes + length - at), text, strlen(text))) != NULL; at++) {
        last = at;
    }
    assert_non_null(last);
    assert_int_equal(fseek(file, last - bytes, SEEK_SET), 0);
    assert_int_equal(fputc('#', file), '#');
    assert_int_equal(fclose(file), 0);
}

static void a_damaged_page_is_found_and_its_rows_are_not_judged(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    damage(fixture->path, "UPDATE tally SET items = items + 1");
    damage_bytes(fixture->path, "https://added.example/feed");
    struct findings findings = verify(fixture, fixture->path);
    assert_string_equal(findings.checks, "pages ");
    assert_non_null(strstr(findings.lines, "sqlite_autoindex_desk_feed_1"));
}

static void of_many_findings_fifty_are_told_and_the_rest_counted(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    damage(fixture->path,
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 60)"
        " INSERT INTO memory SELECT 'k' || x, 'maybe' FROM n");
    struct findings findings = {.arena = &fixture->arena, .checks = "", .lines = ""};
    size_t count;
    fixture_must(
        fixture, store_verify(fixture->path, note, &findings, &count, &fixture->fault));
    assert_int_equal(count, 60);
    assert_non_null(strstr(findings.lines, "memory : memory-known: and 10 more\n"));
    assert_null(strstr(findings.lines, "k60"));
}

/* A killed writer's log is evidence: it is read, and stays. */
static void verifying_leaves_file_and_log_as_they_are(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entry = fixture_entry(fixture, "https://l.example/1", 1);
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, &entry, 1));
    const char *copy = fixture_path(fixture, "killed.db");
    const char *log = fixture_path(fixture, "killed.db-wal");
    copy_file(fixture->path, copy);
    copy_file(arena_printf(&fixture->arena, "%s-wal", fixture->path), log);
    store_close(store);
    uint64_t before = fixture_file_hash(copy), log_before = fixture_file_hash(log);
    assert_string_equal(verify(fixture, copy).lines, "");
    assert_int_equal(fixture_file_hash(copy), before);
    assert_int_equal(fixture_file_hash(log), log_before);
}

/* A backup on a disk that cannot be written is looked at where it lies. */
static void of_a_file_at_rest_nothing_is_left_beside_it(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    assert_string_equal(verify(fixture, fixture->path).lines, "");
    static const char *const parts[] = {"briefd.db-wal", "briefd.db-shm"};
    for (size_t i = 0; i < array_count(parts); i++) {
        assert_int_equal(access(fixture_path(fixture, parts[i]), F_OK), -1);
    }
}

static void a_database_is_verified_beside_its_writer(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    struct store *store = fixture_open(fixture);
    assert_string_equal(verify(fixture, fixture->path).lines, "");
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry entry = fixture_entry(fixture, "https://l.example/1", 1);
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, &entry, 1));
    assert_string_equal(verify(fixture, fixture->path).lines, "");
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(a_full_database_has_no_findings),
        storage_test(each_broken_rule_is_found_and_no_other),
        cmocka_unit_test(every_check_is_broken_by_a_test),
        storage_test(a_damaged_page_is_found_and_its_rows_are_not_judged),
        storage_test(of_many_findings_fifty_are_told_and_the_rest_counted),
        storage_test(verifying_leaves_file_and_log_as_they_are),
        storage_test(of_a_file_at_rest_nothing_is_left_beside_it),
        storage_test(a_database_is_verified_beside_its_writer),
    };
    return cmocka_run_group_tests_name("verify", tests, NULL, NULL);
}
