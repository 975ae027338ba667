#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

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
    assert_true(strlen(text) < 2049);
    assert_int_equal(text[strlen(text) - 1], '\n');
}

static void lines_above_the_level_are_dropped(void **state)
{
    char text[64];
    capture(text, sizeof(text), LOG_LEVEL_DEBUG, "quiet");
    assert_string_equal(text, "");
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
