/* Files nobody writes on purpose: each must end, soon, in a report. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "config/config.h"

/* Enough to overflow a stack by nesting and to be felt when something is quadratic. */
enum { LARGE_BYTES = 1 << 20 };

#define REST                                                                                   \
    "briefing { title = \"T\" }\nsection news { title = \"N\" fallback = true }\n"             \
    "feed F { url = \"https://example.org/f\" }\n"

static char folder[] = "/tmp/briefd-config-XXXXXX";

static int make_folder(void **state)
{
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    return rmdir(folder);
}

/* Load `length` bytes as a file; how many errors, and whether `text` is among them. */
static size_t count_errors(const char *data, size_t length, const char *text)
{
    char path[128];
    snprintf(path, sizeof(path), "%s/feeds.conf", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    struct problems problems;
    struct buffer report;
    problems_init(&problems);
    buffer_init(&report, 1 << 20);
    struct config *config = config_load(path, &problems);
    problems_write(&problems, &report);
    if (text != NULL && strstr(report.data, text) == NULL) {
        fail_msg("'%s' is not in: %.2000s", text, report.data);
    }
    size_t errors = problems.error_count;
    assert_true((config == NULL) == (errors > 0));
    config_unref(config);
    buffer_release(&report);
    problems_release(&problems);
    assert_int_equal(unlink(path), 0);
    return errors;
}

/* `pattern` over and over. */
static void check_repeated(const char *pattern, const char *text)
{
    size_t step = strlen(pattern);
    char *data = malloc(LARGE_BYTES);
    assert_non_null(data);
    size_t length = 0;
    for (; length + step <= LARGE_BYTES; length += step) {
        memcpy(data + length, pattern, step);
    }
    assert_true(count_errors(data, length, text) > 0);
    free(data);
}

static void a_file_of_ten_megabytes_is_refused_unread(void **state)
{
    size_t length = 10 << 20;
    char *data = malloc(length);
    assert_non_null(data);
    memset(data, '#', length);
    assert_int_equal(count_errors(data, length, "longer than 4 MiB"), 1);
    free(data);
}

static void deep_nesting_of_unknown_sections_ends(void **state)
{
    check_repeated("a{", "this brace is never closed");
}

static void deep_nesting_in_a_list_ends(void **state)
{
    char *data = malloc(LARGE_BYTES);
    assert_non_null(data);
    memset(data, '{', LARGE_BYTES);
    memcpy(data, "topic t { keywords = {", 22);
    assert_true(count_errors(data, LARGE_BYTES, "a list cannot hold a list") > 0);
    free(data);
}

static void closing_braces_alone_end(void **state)
{
    check_repeated("}\n", "more problems are not listed");
}

static void quotes_alone_end(void **state)
{
    check_repeated("\"\n'", "stands alone");
    check_repeated("\"", "stands alone");
}

static void opening_sections_without_end_end(void **state)
{
    check_repeated("feed a{", "is not closed before line 1");
    check_repeated("section a{rule b{", "more problems are not listed");
    check_repeated("briefing{labels{", "is written twice");
}

static void short_sections_by_the_hundred_thousand_end(void **state)
{
    check_repeated("vendor a{}", "more than 20000 sections");
}

static void comments_and_keys_without_end_end(void **state)
{
    check_repeated("//\n", "has no feed");
    check_repeated("/*x", "never closed");
    check_repeated("a=1\n", "unknown key 'a'");
    check_repeated("url=", "unknown key 'url'");
}

/* A configuration whose footer makes it `length` bytes long. */
static size_t count_errors_of_footer(size_t length, const char *text)
{
    char *data = malloc(length);
    assert_non_null(data);
    memset(data, 'x', length);
    const char head[] = "briefing { title = T footer = '", tail[] = "' }\n";
    const char rest[] =
        "section news { title = N fallback = true }\nfeed F { url = \"http://a\" }\n";
    memcpy(data, head, strlen(head));
    memcpy(data + length - strlen(tail) - strlen(rest), tail, strlen(tail));
    memcpy(data + length - strlen(rest), rest, strlen(rest));
    size_t errors = count_errors(data, length, text);
    free(data);
    return errors;
}

static void a_long_text_is_taken_and_an_endless_one_refused(void **state)
{
    assert_int_equal(count_errors_of_footer(60000, NULL), 0);
    assert_int_equal(
        count_errors_of_footer(LARGE_BYTES, "feeds.conf:1: error: this text is longer"), 1);
    check_repeated("x", "the file has no feed");
}

static void a_nul_byte_is_named_with_its_line_and_hides_nothing(void **state)
{
    static const char text[] = REST "database = \"a\0b\"\nserver { listen = 7 }\n";
    assert_int_equal(
        count_errors(text, sizeof(text) - 1, "feeds.conf:4: error: this line holds a NUL"), 2);
    assert_int_equal(
        count_errors(text, sizeof(text) - 1, "feeds.conf:5: error: listen in server"), 2);
}

static void every_single_byte_is_survived(void **state)
{
    for (int byte = 0; byte < 256; byte++) {
        char text[] = REST "feed A { source = \"?\" url = ? }\n";
        for (char *at = text; at < text + sizeof(text) - 1; at++) {
            *at = *at == '?' ? (char)byte : *at;
        }
        count_errors(text, sizeof(text) - 1, NULL);
    }
}

static void every_truncation_is_survived(void **state)
{
    static const char text[] = REST
        "# c\n/* d */ // e\npolling { host \"a.b\" { pause = 3s } }\n"
        "topic '量化' { weight = -1.5 keywords = { \"a\\\\\", 'b\\'', c, } }\n"
        "vendor V { aliases = { \"x\\\ny\" } }\n";
    for (size_t length = 0; length < sizeof(text); length++) {
        count_errors(text, length, NULL);
    }
}

static void a_missing_file_and_a_folder_are_named(void **state)
{
    static const char *const paths[][2] = {
        {"/nonexistent/feeds.conf",
            "/nonexistent/feeds.conf: error: the file cannot be opened: No such "
            "file or directory\n"},
        {"/", "/: error: the file cannot be read: Is a directory\n"},
    };
    for (size_t i = 0; i < array_count(paths); i++) {
        struct problems problems;
        struct buffer report;
        problems_init(&problems);
        buffer_init(&report, 1024);
        assert_null(config_load(paths[i][0], &problems));
        problems_write(&problems, &report);
        assert_string_equal(report.data, paths[i][1]);
        buffer_release(&report);
        problems_release(&problems);
    }
}

/* Dropped, for each is one too many or stands twice: their lines are written once, not once for
 * each that follows (60,000 of them took half a minute). */
static void dropped_parts_leave_their_lines_behind_once(void **state)
{
    clock_t start = clock();
    check_repeated("feed \"a\" { }\n", "has no url");
    check_repeated("briefing { }\n", "twice");
    assert_true(clock() - start < 8 * CLOCKS_PER_SEC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_of_ten_megabytes_is_refused_unread),
        cmocka_unit_test(deep_nesting_of_unknown_sections_ends),
        cmocka_unit_test(deep_nesting_in_a_list_ends),
        cmocka_unit_test(closing_braces_alone_end),
        cmocka_unit_test(quotes_alone_end),
        cmocka_unit_test(opening_sections_without_end_end),
        cmocka_unit_test(short_sections_by_the_hundred_thousand_end),
        cmocka_unit_test(comments_and_keys_without_end_end),
        cmocka_unit_test(a_long_text_is_taken_and_an_endless_one_refused),
        cmocka_unit_test(a_nul_byte_is_named_with_its_line_and_hides_nothing),
        cmocka_unit_test(every_single_byte_is_survived),
        cmocka_unit_test(every_truncation_is_survived),
        cmocka_unit_test(dropped_parts_leave_their_lines_behind_once),
        cmocka_unit_test(a_missing_file_and_a_folder_are_named),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
