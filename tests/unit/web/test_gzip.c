#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "web/server/gzip.h"

enum { LENGTH = 40000 };

static char *unpack(const char *packed, size_t length, size_t expected)
{
    char *text = malloc(expected + 1);
    z_stream stream = {0};
    assert_non_null(text);
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = (Bytef *)packed;
    stream.avail_in = (uInt)length;
    stream.next_out = (Bytef *)text;
    stream.avail_out = (uInt)expected;
    assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
    assert_int_equal(stream.total_out, expected);
    text[expected] = '\0';
    inflateEnd(&stream);
    return text;
}

static void what_is_packed_comes_out_as_it_was_and_is_shorter(void **state)
{
    char text[LENGTH + 1];
    for (size_t i = 0; i < LENGTH; i++) {
        text[i] = (char)('a' + i * i % 23);
    }
    text[LENGTH] = '\0';
    size_t length;
    char *packed = gzip_pack(text, LENGTH, &length);
    assert_non_null(packed);
    assert_in_range(length, 1, LENGTH / 2);
    char *out = unpack(packed, length, LENGTH);
    assert_string_equal(out, text);
    free(out);
    free(packed);
}

static void what_would_not_become_shorter_is_left_alone(void **state)
{
    char noise[LENGTH];
    uint32_t random = 20200917;
    for (size_t i = 0; i < sizeof(noise); i++) {
        random = random * 1664525 + 1013904223;
        noise[i] = (char)(random >> 24);
    }
    size_t length;
    assert_null(gzip_pack(noise, sizeof(noise), &length));
    memset(noise, 'a', sizeof(noise));
    assert_null(gzip_pack(noise, 511, &length));
    assert_null(gzip_pack("", 0, &length));
    char *packed = gzip_pack(noise, 512, &length);
    assert_non_null(packed);
    free(packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_packed_comes_out_as_it_was_and_is_shorter),
        cmocka_unit_test(what_would_not_become_shorter_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
