/* `briefd check` as a person or a script runs it: what it prints and how it ends. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "command/command.h"

static char folder[] = "/tmp/briefd-check-XXXXXX";

static int make_folder(void **state)
{
    return mkdtemp(folder) == NULL || chdir(folder) != 0 ? -1 : 0;
}

static int remove_folder(void **state)
{
    return chdir("/") != 0 || rmdir(folder) != 0 ? -1 : 0;
}

/* Run the command over a file of this text; what it printed goes to `output`. */
static int run_check(const char *text, bool json, char *output, size_t size)
{
    FILE *file = fopen("c.conf", "w"), *captured = tmpfile();
    assert_true(file != NULL && captured != NULL);
    fputs(text, file);
    fclose(file);
    char words[][16] = {"briefd", "check", "--config", "c.conf", "--json"};
    char *arguments[] = {words[0], words[1], words[2], words[3], json ? words[4] : NULL, NULL};
    optind = 0; /* getopt(3) begins anew */
    fflush(stdout);
    int saved = dup(STDOUT_FILENO);
    assert_true(dup2(fileno(captured), STDOUT_FILENO) >= 0);
    int code = command_main(json ? 5 : 4, arguments);
    fflush(stdout);
    assert_true(dup2(saved, STDOUT_FILENO) >= 0);
    close(saved);
    rewind(captured);
    output[fread(output, 1, size - 1, captured)] = '\0';
    fclose(captured);
    unlink("c.conf");
    return code;
}

#define GOOD                                                                                   \
    "briefing { title = T }\nsection news { title = N fallback = true\n"                       \
    "rule r { keywords = { a, b } } }\nfeed F { url = \"http://a\" }\n"                        \
    "feed G { url = \"http://b\" enabled = no }\nvendor V { aliases = { W } }\n"

static void a_good_file_ends_with_what_it_holds(void **state)
{
    char output[2048];
    assert_int_equal(run_check(GOOD, false, output, sizeof(output)), COMMAND_OK);
    assert_string_equal(output,
        "c.conf: ok: 1 sections with 1 rules, 0 topics, 2 keywords, 1 vendors "
        "with 2 aliases, 2 feeds (1 enabled)\n");
}

static void a_bad_file_fails_with_every_problem_in_order(void **state)
{
    char output[2048];
    int code = run_check(
        GOOD "database = \"\"\nserver { listen = x\n", false, output, sizeof(output));
    assert_int_equal(code, COMMAND_FAILED);
    assert_string_equal(output,
        "c.conf:7: error: database in the file: the text is empty: write some or leave the key "
        "out\n"
        "c.conf:8: error: server is never closed: write } at its end\n"
        "c.conf:8: error: listen in server: 'x' is no address with a port: write "
        "\"127.0.0.1:8080\" or "
        "\"[::1]:8080\"\n"
        "c.conf: refused: 3 errors\n");
}

static void a_bad_pattern_fails_at_its_own_line(void **state)
{
    char output[2048];
    int code = run_check(GOOD "topic t { keywords = { \"fine\",\n\"*\",\n'/(/' } }\n", false,
        output, sizeof(output));
    assert_int_equal(code, COMMAND_FAILED);
    assert_non_null(strstr(output, "c.conf:8: error: "));
    assert_non_null(strstr(output, "c.conf:9: error: "));
    assert_non_null(strstr(output, "c.conf: refused: 2 errors\n"));
}

static void json_says_the_same_to_a_script(void **state)
{
    char output[4096];
    assert_int_equal(run_check(GOOD, true, output, sizeof(output)), COMMAND_OK);
    json_t *report = json_loads(output, 0, NULL);
    assert_non_null(report);
    assert_true(json_is_true(json_object_get(report, "ok")));
    assert_int_equal(json_integer_value(json_object_get(report, "feeds_enabled")), 1);
    json_decref(report);
    assert_int_equal(
        run_check(GOOD "databse = \"\xff\"\n", true, output, sizeof(output)), COMMAND_FAILED);
    report = json_loads(output, 0, NULL);
    assert_non_null(report);
    assert_true(json_is_false(json_object_get(report, "ok")));
    json_t *problems = json_object_get(report, "problems");
    assert_int_equal(json_array_size(problems), 2);
    json_t *second = json_array_get(problems, 1);
    assert_int_equal(json_integer_value(json_object_get(second, "line")), 7);
    assert_string_equal(json_string_value(json_object_get(second, "message")),
        "unknown key 'databse' in the file: write 'database'");
    json_decref(report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_ends_with_what_it_holds),
        cmocka_unit_test(a_bad_file_fails_with_every_problem_in_order),
        cmocka_unit_test(a_bad_pattern_fails_at_its_own_line),
        cmocka_unit_test(json_says_the_same_to_a_script),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
