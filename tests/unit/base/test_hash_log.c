#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"

static void fnv_1a_of_the_published_test_vectors(void **state)
{
    assert_true(hash_bytes(HASH_START, "", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(hash_bytes(HASH_START, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(hash_bytes(HASH_START, "foobar", 6) == UINT64_C(0x85944171f73967e8));
}

static void strings_hash_with_their_ends_and_null_is_not_empty(void **state)
{
    uint64_t ab_c = hash_string(hash_string(HASH_START, "ab"), "c");
    uint64_t a_bc = hash_string(hash_string(HASH_START, "a"), "bc");
    assert_true(ab_c != a_bc);
    assert_true(hash_string(HASH_START, NULL) != hash_string(HASH_START, ""));
}

/* What log_line() writes to stderr, which is a file for the time being. */
static void capture(char *text, size_t size, enum log_level level, const char *message)
{
    int keep = dup(STDERR_FILENO), pipe_ends[2];
    assert_int_equal(pipe(pipe_ends), 0);
    dup2(pipe_ends[1], STDERR_FILENO);
    log_line(level, "%s", message);
    dup2(keep, STDERR_FILENO);
    close(keep);
    close(pipe_ends[1]);
    ssize_t length = read(pipe_ends[0], text, size - 1);
    close(pipe_ends[0]);
    text[length < 0 ? 0 : length] = '\0';
}

static void a_long_text_hashes_otherwise_at_every_byte_and_length(void **state)
{
    enum { LENGTH = 41 };
    unsigned char text[LENGTH] = {0};
    uint64_t seen[LENGTH + LENGTH + 1];
    size_t count = 0;
    for (size_t length = 0; length <= LENGTH; length++) {
        seen[count++] = hash_long(HASH_START, text, length);
    }
    for (size_t i = 0; i < LENGTH; i++) {
        text[i] = 0x80;
        seen[count++] = hash_long(HASH_START, text, LENGTH);
        text[i] = 0;
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_true(seen[i] != seen[k]);
        }
    }
    assert_true(hash_long(1, "ab", 2) != hash_long(2, "ab", 2));
}

static void a_line_carries_its_priority_and_cannot_begin_another(void **state)
{
    char text[4096];
    capture(text, sizeof(text), LOG_LEVEL_WARNING, "feed 'a\n<3>forged\x1b[31m'");
    assert_string_equal(text, "<4>feed 'a <3>forged [31m'\n");
}

static void a_long_line_is_cut_and_still_ends(void **state)
{
    char text[4096], message[4000];
    memset(message, 'x', sizeof(message) - 1);
    message[sizeof(message) - 1] = '\0';
    capture(text, sizeof(text), LOG_LEVEL_ERROR, message);
    assert_true(strlen(text) > 1900 && strlen(text) < 2049);
    assert_int_equal(text[strlen(text) - 1], '\n');
}

static void lines_above_the_level_are_dropped(void **state)
{
    char text[64];
    capture(text, sizeof(text), LOG_LEVEL_DEBUG, "quiet");
    assert_string_equal(text, "");
}

static void json_lines_are_objects_whatever_a_feed_is_called(void **state)
{
    char text[4096];
    log_set_format(LOG_JSON);
    int keep = dup(STDERR_FILENO), pipe_ends[2];
    assert_int_equal(pipe(pipe_ends), 0);
    dup2(pipe_ends[1], STDERR_FILENO);
    log_feed(LOG_LEVEL_WARNING, "q\"uo\nte\xff", "is \"gone\"");
    dup2(keep, STDERR_FILENO);
    close(keep);
    close(pipe_ends[1]);
    log_set_format(LOG_TEXT);
    ssize_t length = read(pipe_ends[0], text, sizeof(text) - 1);
    close(pipe_ends[0]);
    assert_true(length > 0 && text[length - 1] == '\n');
    text[length - 1] = '\0';
    assert_null(strchr(text, '\n'));
    json_t *line = json_loads(text, 0, NULL);
    assert_non_null(line);
    assert_string_equal(json_string_value(json_object_get(line, "level")), "warning");
    assert_string_equal(
        json_string_value(json_object_get(line, "feed")), "q\"uo te\xef\xbf\xbd");
    assert_string_equal(json_string_value(json_object_get(line, "message")),
        "feed 'q\"uo te\xef\xbf\xbd': is \"gone\"");
    const char *time = json_string_value(json_object_get(line, "time"));
    assert_int_equal(strlen(time), strlen("2026-01-01T00:00:00.000Z"));
    json_decref(line);
}

static void the_journal_gets_fields_and_no_feed_can_forge_one(void **state)
{
    char folder[] = "/tmp/briefd-log-XXXXXX", record[4096];
    assert_non_null(mkdtemp(folder));
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/socket", folder);
    assert_false(log_open_journal(address.sun_path));
    int journald = socket(AF_UNIX, SOCK_DGRAM, 0);
    assert_int_equal(bind(journald, (const struct sockaddr *)&address, sizeof(address)), 0);
    assert_true(log_open_journal(address.sun_path));
    log_feed(LOG_LEVEL_WARNING, "a\nPRIORITY=0", "is gone\nMESSAGE=forged");
    ssize_t length = recv(journald, record, sizeof(record) - 1, 0);
    assert_true(length > 0);
    record[length] = '\0';
    assert_string_equal(record,
        "PRIORITY=4\nSYSLOG_IDENTIFIER=briefd\nBRIEFD_FEED=a PRIORITY=0\n"
        "MESSAGE=feed 'a PRIORITY=0': is gone MESSAGE=forged\n");
    close(journald);
    /* A journal that is gone: the line is not lost. */
    capture(record, sizeof(record), LOG_LEVEL_ERROR, "still here");
    assert_string_equal(record, "<3>still here\n");
    log_close_journal();
    unlink(address.sun_path);
    rmdir(folder);
}

static void standard_error_is_the_journal_when_systemd_names_it(void **state)
{
    struct stat stream;
    char name[64];
    assert_int_equal(fstat(STDOUT_FILENO, &stream), 0);
    snprintf(name, sizeof(name), "%llu:%llu", (unsigned long long)stream.st_dev,
        (unsigned long long)stream.st_ino);
    assert_true(log_is_journal(name, STDOUT_FILENO));
    assert_false(log_is_journal("1:1", STDOUT_FILENO));
    assert_false(log_is_journal(NULL, STDOUT_FILENO));
    assert_false(log_is_journal(name, -1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fnv_1a_of_the_published_test_vectors),
        cmocka_unit_test(strings_hash_with_their_ends_and_null_is_not_empty),
        cmocka_unit_test(a_long_text_hashes_otherwise_at_every_byte_and_length),
        cmocka_unit_test(a_line_carries_its_priority_and_cannot_begin_another),
        cmocka_unit_test(a_long_line_is_cut_and_still_ends),
        cmocka_unit_test(lines_above_the_level_are_dropped),
        cmocka_unit_test(json_lines_are_objects_whatever_a_feed_is_called),
        cmocka_unit_test(the_journal_gets_fields_and_no_feed_can_forge_one),
        cmocka_unit_test(standard_error_is_the_journal_when_systemd_names_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
