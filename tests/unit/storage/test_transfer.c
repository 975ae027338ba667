/* Everything out, and in again: the same rows, or nothing at all. */
#include "full_database.h"

#include <string.h>

#include "base/hash.h"
#include "storage/transfer.h"
#include "storage/verify.h"

/* What went by: each value counts, and each table by its name. */
struct heap {
    struct fixture *fixture;
    struct transfer_row rows[512];
    size_t count;
    const char *tables;
    uint64_t hash;
};

static bool keep_row(void *data, const struct transfer_row *row, struct fault *fault)
{
    struct heap *heap = data;
    struct arena *arena = &heap->fixture->arena;
    assert_true(heap->count < array_count(heap->rows));
    struct transfer_row *kept = &heap->rows[heap->count++];
    *kept = *row;
    kept->table = arena_strdup(arena, row->table);
    if (heap->count == 1 || strcmp(heap->rows[heap->count - 2].table, row->table) != 0) {
        heap->tables = arena_printf(arena, "%s%s ", heap->tables, row->table);
    }
    heap->hash = hash_string(heap->hash, row->table);
    for (size_t i = 0; i < row->count; i++) {
        struct transfer_value *value = &kept->values[i];
        value->column = arena_strdup(arena, value->column);
        heap->hash = hash_string(heap->hash, value->column);
        if (value->kind == TRANSFER_TEXT || value->kind == TRANSFER_BLOB) {
            value->bytes = arena_strndup(arena, value->bytes, value->length);
            heap->hash = hash_bytes(heap->hash, value->bytes, value->length);
        }
        heap->hash = hash_bytes(heap->hash, &value->integer, sizeof(value->integer));
        heap->hash = hash_bytes(heap->hash, &value->real, sizeof(value->real));
    }
    return true;
}

static struct heap *read_all(struct fixture *fixture, const char *path, bool with_secrets)
{
    struct heap *heap = arena_new(&fixture->arena, struct heap);
    struct store *store;
    *heap = (struct heap){.fixture = fixture, .tables = "", .hash = HASH_START};
    fixture_must(fixture, store_open_reader(path, &store, &fixture->fault));
    fixture_must(fixture, transfer_read(store, with_secrets, keep_row, heap, &fixture->fault));
    store_close(store);
    return heap;
}

static bool write_all(struct fixture *fixture, const char *path, const struct heap *heap)
{
    struct transfer *transfer;
    if (!transfer_begin(path, &transfer, &fixture->fault)) {
        return false;
    }
    bool ok = true;
    for (size_t i = 0; ok && i < heap->count; i++) {
        ok = transfer_write(transfer, &heap->rows[i], &fixture->fault);
    }
    return transfer_end(transfer, ok, &fixture->fault);
}

static void print_finding(void *data, const struct verify_finding *finding)
{
    print_error(
        "%s %s: %s: %s\n", finding->table, finding->row, finding->check, finding->words);
}

static void every_row_comes_back_as_it_was(void **state)
{
    struct fixture *fixture = *state;
    const char *copy = fixture_path(fixture, "copy.db");
    full_database_build(fixture);
    fixture_execute(fixture->path, /* what is no text, and numbers at their ends */
        "UPDATE feed SET etag = CAST(x'ff004522' AS TEXT), body_hash = -9223372036854775808;"
        "UPDATE item SET margin = 0.1 + 0.2, story_score = 9e999");
    struct heap *before = read_all(fixture, fixture->path, true);
    fixture_must(fixture, write_all(fixture, copy, before));
    struct heap *after = read_all(fixture, copy, true);
    assert_int_equal(after->count, before->count);
    assert_true(after->hash == before->hash);
    size_t count;
    fixture_must(fixture, store_verify(copy, print_finding, NULL, &count, &fixture->fault));
    assert_int_equal(count, 0);
}

/* A summary's row comes behind that of its HTML. */
static void html_goes_unpacked_and_is_packed_with_its_summary_again(void **state)
{
    struct fixture *fixture = *state;
    const char *copy = fixture_path(fixture, "copy.db");
    static const char size[] = "SELECT sum(length(html)) FROM content";
    full_database_build(fixture);
    fixture_execute(fixture->path,
        "UPDATE item SET summary = 'Quarterly figures of seventeen makers of wafers';"
        "UPDATE content SET html = html_pack('<p>' || summary || '</p>', summary)"
        " FROM item WHERE id = item_id");
    struct heap *heap = read_all(fixture, fixture->path, false);
    assert_string_equal(heap->rows[0].table, "content");
    assert_int_equal(heap->rows[0].values[1].kind, TRANSFER_TEXT);
    assert_string_equal(heap->rows[0].values[1].bytes,
        "<p>Quarterly figures of seventeen makers of wafers</p>");
    int64_t before = fixture_query_int(fixture, size);
    fixture_must(fixture, write_all(fixture, copy, heap));
    strcpy(fixture->path, copy);
    assert_int_equal(fixture_query_int(fixture, size), before);
}

/* All of the schema's, but what is made again and what would let somebody in. */
static void every_table_goes_but_those_with_a_reason(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    fixture_execute(fixture->path,
        "INSERT INTO memory VALUES ('k', 'later');"
        "INSERT INTO issue_unread VALUES (1, 1, 't', 'w')");
    struct heap *open = read_all(fixture, fixture->path, false);
    assert_string_equal(open->tables,
        "content desk_feed desk_feed_setting desk_rule draft event event_change feed "
        "hand_sighting issue issue_unread issue_version item key_alias lesson memory pick "
        "printed_item request ruleset sighting story story_count tally ");
    struct heap *all = read_all(fixture, fixture->path, true);
    assert_non_null(strstr(all->tables, "account "));
    assert_non_null(strstr(all->tables, "session "));
    assert_non_null(strstr(all->tables, "token "));
}

static void without_secrets_no_password_leaves(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    fixture_execute(fixture->path,
        "UPDATE feed SET url = 'https://user:geheim@f.example/', moved_to = url;"
        "UPDATE desk_feed SET url = 'https://user:geheim@d.example/'");
    struct heap *rows = read_all(fixture, fixture->path, false);
    for (size_t i = 0; i < rows->count; i++) {
        for (size_t k = 0; k < rows->rows[i].count; k++) {
            const struct transfer_value *value = &rows->rows[i].values[k];
            assert_true(value->kind != TRANSFER_TEXT || strstr(value->bytes, "geheim") == NULL);
            assert_true(
                value->kind != TRANSFER_TEXT || strstr(value->bytes, "$argon2id") == NULL);
        }
    }
    fixture_must(fixture, write_all(fixture, fixture_path(fixture, "copy.db"), rows));
}

/* ---- refusals: the database is empty afterwards, and can be filled ---- */

static void refuse(struct fixture *fixture, const struct heap *heap, const char *words)
{
    const char *copy = fixture_path(fixture, "refused.db");
    assert_false(write_all(fixture, copy, heap));
    assert_int_equal(fixture->fault.kind, FAULT_PARSE);
    if (strstr(fixture->fault.message, words) == NULL) {
        fail_msg("'%s' does not say '%s'", fixture->fault.message, words);
    }
    struct heap *left = read_all(fixture, copy, true);
    assert_string_equal(left->tables, "draft tally ");
}

static struct transfer_row *find_row(struct heap *heap, const char *table)
{
    size_t at = 0;
    while (at + 1 < heap->count && strcmp(heap->rows[at].table, table) != 0) {
        at++;
    }
    assert_string_equal(heap->rows[at].table, table);
    return &heap->rows[at];
}

static void what_does_not_fit_leaves_the_database_empty(void **state)
{
    struct fixture *fixture = *state;
    full_database_build(fixture);
    struct heap *heap = read_all(fixture, fixture->path, true);
    struct transfer_row *item = find_row(heap, "item"), kept = *item;
    item->table = "sqlite_schema";
    refuse(fixture, heap, "there is no table 'sqlite_schema'");
    item->table = "search_state";
    refuse(fixture, heap, "there is no table 'search_state'");
    item->table = "item (id) SELECT 1; --";
    refuse(fixture, heap, "there is no table 'item (id)");
    *item = kept;
    item->values[0].column = "id\") VALUES (1) --";
    refuse(fixture, heap, "has no column 'id\")");
    *item = kept;
    item->values[0].kind = TRANSFER_TEXT;
    item->values[0].bytes = "one";
    item->values[0].length = 3;
    refuse(fixture, heap, "a row of 'item': ");
    *item = kept;
    item->values[0].integer = heap->rows[item - heap->rows + 1].values[0].integer;
    refuse(fixture, heap, "UNIQUE");
    *item = kept;
    find_row(heap, "content")->values[0].integer = 999;
    refuse(fixture, heap, "content 999: references");
    find_row(heap, "content")->values[0].integer = kept.values[0].integer;
    find_row(heap, "tally")->values[1].integer++;
    refuse(fixture, heap, "the rows do not fit together: tally: counts");
    find_row(heap, "tally")->values[1].integer--;
    fixture_must(fixture, write_all(fixture, fixture_path(fixture, "refused.db"), heap));
}

static void a_database_with_anything_in_it_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct transfer *transfer;
    full_database_build(fixture);
    uint64_t before = read_all(fixture, fixture->path, true)->hash;
    assert_false(transfer_begin(fixture->path, &transfer, &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_REFUSED);
    assert_non_null(strstr(fixture->fault.message, "is not empty"));
    assert_true(read_all(fixture, fixture->path, true)->hash == before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(every_row_comes_back_as_it_was),
        storage_test(html_goes_unpacked_and_is_packed_with_its_summary_again),
        storage_test(every_table_goes_but_those_with_a_reason),
        storage_test(without_secrets_no_password_leaves),
        storage_test(what_does_not_fit_leaves_the_database_empty),
        storage_test(a_database_with_anything_in_it_is_refused),
    };
    return cmocka_run_group_tests_name("transfer", tests, NULL, NULL);
}
