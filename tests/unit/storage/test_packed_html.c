/* What comes out is what went in, or an error: never nonsense. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "storage/packed_html.h"

struct packer {
    sqlite3 *db;
};

static int setup(void **state)
{
    struct packer *packer = calloc(1, sizeof(*packer));
    *state = packer;
    return sqlite3_open(":memory:", &packer->db) == SQLITE_OK &&
            packed_html_register(packer->db)
        ? 0
        : -1;
}

static int teardown(void **state)
{
    struct packer *packer = *state;
    sqlite3_close(packer->db);
    free(packer);
    return 0;
}

/* The first column of the first row; NULL on an error or for NULL. Valid until the next. */
static const char *ask(struct packer *packer, int *ret_code, const char *sql, const char *first,
    const char *second)
{
    static char result[1 << 20];
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(packer->db, sql, -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_text(statement, 1, first, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, second, -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    const char *text = code == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0)
                                          : NULL;
    snprintf(result, sizeof(result), "%s", text == NULL ? "" : text);
    sqlite3_finalize(statement);
    if (ret_code != NULL) {
        *ret_code = code;
    }
    return text == NULL ? NULL : result;
}

static const char round_trip[] = "SELECT html_unpack(html_pack(?1, ?2), ?2)";

static void what_was_packed_comes_out(void **state)
{
    static const char *const texts[] = {"", "a", "<p>量化</p>",
        "<p>a</p><p>a</p><p>a</p><p>a</p>", "no summary of it", "\xff not UTF-8"};
    static const char *const summaries[] = {NULL, "", "a", "量化", "a a a a a a a a a a a a"};
    for (size_t i = 0; i < array_count(texts); i++) {
        for (size_t k = 0; k < array_count(summaries); k++) {
            assert_string_equal(
                ask(*state, NULL, round_trip, texts[i], summaries[k]), texts[i]);
        }
    }
    assert_null(ask(*state, NULL, round_trip, NULL, "a"));
}

static char *repeat(const char *text, size_t times)
{
    char *all = malloc(strlen(text) * times + 1);
    all[0] = '\0';
    for (size_t i = 0; i < times; i++) {
        memcpy(all + i * strlen(text), text, strlen(text) + 1);
    }
    return all;
}

/* LZ4 looks back 64 KiB. */
static void a_summary_longer_than_what_lz4_looks_back_is_one(void **state)
{
    char *summary = repeat("every word of it another 1234567 times ", 4000);
    char *html = repeat("<p>every word of it another</p> ", 9000);
    assert_string_equal(ask(*state, NULL, round_trip, html, summary), html);
    free(summary);
    free(html);
}

static void what_the_summary_has_costs_next_to_nothing(void **state)
{
    static const char summary[] =
        "Quarterly figures of seventeen makers of wafers, with five zebras in a jumbled box";
    char html[256];
    snprintf(html, sizeof(html), "<p>%s</p>", summary);
    const char *bytes = ask(*state, NULL, "SELECT length(html_pack(?1, ?2))", html, summary);
    assert_true(atoi(bytes) < 32);
    bytes = ask(*state, NULL, "SELECT length(html_pack(?1, ?2))", html, NULL);
    assert_true(atoi(bytes) > 64);
}

static void what_was_packed_alone_needs_no_summary(void **state)
{
    assert_string_equal(ask(*state, NULL, "SELECT html_unpack(html_pack(?1, NULL), ?2)",
                            "<p>a text</p>", "a summary that came later"),
        "<p>a text</p>");
}

/* LZ4 alone would give a text of the same length. */
static void another_summary_is_an_error(void **state)
{
    int code;
    static const char html[] = "<p>Quarterly figures of seventeen makers of wafers</p>";
    static const char sql[] =
        "SELECT html_unpack(html_pack(?1, 'Quarterly figures of seventeen makers'), ?2)";
    assert_null(ask(*state, &code, sql, html, "Quarterly fingers of seventeen makers"));
    assert_int_equal(code, SQLITE_CORRUPT);
    assert_null(ask(*state, &code, sql, html, ""));
    assert_int_equal(code, SQLITE_CORRUPT);
    assert_null(ask(*state, &code, sql, html, NULL));
    assert_int_equal(code, SQLITE_CORRUPT);
}

static void what_was_never_packed_is_an_error(void **state)
{
    static const char *const bad[] = {"x''", "x'00'", "x'0500000000000000'",
        "x'ffffff7f00000000'", "x'ffffffff0000000000'", "'text of some length'", "7",
        "x'ffffff7f0000000000000000000000000000000000000000'", "zeroblob(9)"};
    for (size_t i = 0; i < array_count(bad); i++) {
        char text[200];
        int code;
        snprintf(text, sizeof(text), "SELECT html_unpack(%s, ?1)", bad[i]);
        assert_null(ask(*state, &code, text, "a", NULL));
        assert_int_equal(code, SQLITE_CORRUPT);
        snprintf(text, sizeof(text), "SELECT html_is_whole(%s, ?1)", bad[i]);
        assert_string_equal(ask(*state, NULL, text, "a", NULL), "0");
    }
}

/* True when it is given back whole or refused. */
static bool is_safe(
    sqlite3 *db, const void *bytes, int length, const char *summary, const char *html)
{
    sqlite3_stmt *unpack;
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT html_unpack(?, ?)", -1, &unpack, NULL), SQLITE_OK);
    sqlite3_bind_blob(unpack, 1, bytes, length, SQLITE_STATIC);
    sqlite3_bind_text(unpack, 2, summary, -1, SQLITE_STATIC);
    bool safe = sqlite3_step(unpack) != SQLITE_ROW ||
        strcmp((const char *)sqlite3_column_text(unpack, 0), html) == 0;
    sqlite3_finalize(unpack);
    return safe;
}

static void damaged_bytes_are_an_error_and_no_nonsense(void **state)
{
    static const char html[] = "<p>Quarterly figures of seventeen makers, <b>makers</b></p>";
    static const char summary[] = "Quarterly figures of seventeen makers";
    const struct packer *packer = *state;
    unsigned char bytes[256];
    sqlite3_stmt *pack;
    assert_int_equal(
        sqlite3_prepare_v2(packer->db, "SELECT html_pack(?, ?)", -1, &pack, NULL), SQLITE_OK);
    sqlite3_bind_text(pack, 1, html, -1, SQLITE_STATIC);
    sqlite3_bind_text(pack, 2, summary, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(pack), SQLITE_ROW);
    int length = sqlite3_column_bytes(pack, 0);
    assert_in_range(length, 9, sizeof(bytes));
    memcpy(bytes, sqlite3_column_blob(pack, 0), (size_t)length);
    sqlite3_finalize(pack);
    for (int at = 0; at < length; at++) {
        unsigned char was = bytes[at];
        for (int value = 0; value < 256; value++) {
            bytes[at] = (unsigned char)value;
            assert_true(is_safe(packer->db, bytes, length, summary, html));
        }
        bytes[at] = was;
        assert_true(is_safe(packer->db, bytes, at, summary, html));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_packed_comes_out, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_summary_longer_than_what_lz4_looks_back_is_one, setup, teardown),
        cmocka_unit_test_setup_teardown(
            what_the_summary_has_costs_next_to_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(
            what_was_packed_alone_needs_no_summary, setup, teardown),
        cmocka_unit_test_setup_teardown(another_summary_is_an_error, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_never_packed_is_an_error, setup, teardown),
        cmocka_unit_test_setup_teardown(
            damaged_bytes_are_an_error_and_no_nonsense, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
