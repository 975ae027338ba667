/* What a gzip body may do to whoever undoes it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <libdeflate.h>

#include "net/inflate.h"

struct body {
    char *data;
    size_t length;
};

/* `length` bytes of `byte` as one member, behind what is there. */
static void add_member(struct body *body, char byte, size_t length)
{
    char *text = malloc(length + 1);
    assert_non_null(text);
    memset(text, byte, length);
    struct libdeflate_compressor *packer = libdeflate_alloc_compressor(6);
    size_t room = libdeflate_gzip_compress_bound(packer, length);
    body->data = realloc(body->data, body->length + room);
    assert_non_null(body->data);
    body->length += libdeflate_gzip_compress(
        packer, text, length, body->data + body->length, room);
    libdeflate_free_compressor(packer);
    free(text);
}

static void assert_text(const struct body *body, char byte, size_t length)
{
    assert_int_equal(body->length, length);
    assert_int_equal(body->data[length], '\0');
    for (size_t i = 0; i < length; i++) {
        assert_int_equal(body->data[i], byte);
    }
}

static void what_was_packed_comes_out_with_a_nul_behind_it(void **state)
{
    static const size_t lengths[] = {0, 1, 4095, 4096, 4097, 100000};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct body body = {0};
        struct fault fault;
        add_member(&body, 'a', lengths[i]);
        assert_true(inflate_gzip(&body.data, &body.length, 100000, &fault));
        assert_text(&body, 'a', lengths[i]);
        free(body.data);
    }
}

static void a_bomb_is_refused_at_the_limit(void **state)
{
    struct body body = {0};
    struct fault fault;
    add_member(&body, ' ', 1 << 20);
    size_t packed = body.length;
    assert_false(inflate_gzip(&body.data, &body.length, (1 << 20) - 1, &fault));
    assert_int_equal(fault.kind, FAULT_LIMIT);
    assert_string_equal(fault.message, "answer is larger than 1048575 bytes");
    assert_int_equal(body.length, packed);
    free(body.data);
}

static void a_trailer_that_lies_about_the_length_changes_nothing_but_the_verdict(void **state)
{
    static const unsigned char said[][4] = {
        {0, 0, 0, 0}, {1, 0, 0, 0}, {0xff, 0xff, 0xff, 0xff}};
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        struct body body = {0};
        struct fault fault;
        add_member(&body, 'a', 50000);
        memcpy(body.data + body.length - 4, said[i], 4);
        assert_false(inflate_gzip(&body.data, &body.length, 100000, &fault));
        assert_int_equal(fault.kind, FAULT_NETWORK);
        free(body.data);
    }
}

static void members_behind_one_another_are_one_text(void **state)
{
    struct body body = {0};
    struct fault fault;
    add_member(&body, 'a', 60000);
    add_member(&body, 'a', 10);
    add_member(&body, 'a', 30000);
    assert_true(inflate_gzip(&body.data, &body.length, 90010, &fault));
    assert_text(&body, 'a', 90010);
    free(body.data);
}

static void members_together_must_keep_the_limit(void **state)
{
    struct body body = {0};
    struct fault fault;
    add_member(&body, 'a', 60000);
    add_member(&body, 'a', 60000);
    assert_false(inflate_gzip(&body.data, &body.length, 100000, &fault));
    assert_int_equal(fault.kind, FAULT_LIMIT);
    free(body.data);
}

static void what_is_cut_off_or_damaged_is_refused(void **state)
{
    struct body whole = {0};
    add_member(&whole, 'x', 3000);
    for (size_t length = 18; length < whole.length; length++) {
        struct body body = {malloc(length), length};
        struct fault fault;
        memcpy(body.data, whole.data, length);
        assert_false(inflate_gzip(&body.data, &body.length, 100000, &fault));
        assert_int_equal(fault.kind, FAULT_NETWORK);
        free(body.data);
    }
    free(whole.data);
}

static void what_only_says_that_it_is_packed_is_refused(void **state)
{
    static const char *const texts[] = {"<rss/>", "<rss version='2.0'><channel/></rss>"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct body body = {strdup(texts[i]), strlen(texts[i])};
        struct fault fault;
        assert_false(inflate_gzip(&body.data, &body.length, 100000, &fault));
        assert_int_equal(fault.kind, FAULT_NETWORK);
        assert_string_equal(body.data, texts[i]);
        free(body.data);
    }
}

static void no_body_is_no_damage(void **state)
{
    struct body body = {strdup(""), 0};
    struct fault fault;
    assert_true(inflate_gzip(&body.data, &body.length, 100000, &fault));
    assert_int_equal(body.length, 0);
    free(body.data);
}

static void what_follows_the_last_member_is_ignored(void **state)
{
    struct body body = {0};
    struct fault fault;
    add_member(&body, 'a', 100);
    body.data = realloc(body.data, body.length + 64);
    memset(body.data + body.length, 0, 64);
    body.length += 64;
    assert_true(inflate_gzip(&body.data, &body.length, 100000, &fault));
    assert_text(&body, 'a', 100);
    free(body.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_comes_out_with_a_nul_behind_it),
        cmocka_unit_test(a_bomb_is_refused_at_the_limit),
        cmocka_unit_test(a_trailer_that_lies_about_the_length_changes_nothing_but_the_verdict),
        cmocka_unit_test(members_behind_one_another_are_one_text),
        cmocka_unit_test(members_together_must_keep_the_limit),
        cmocka_unit_test(what_is_cut_off_or_damaged_is_refused),
        cmocka_unit_test(what_only_says_that_it_is_packed_is_refused),
        cmocka_unit_test(no_body_is_no_damage),
        cmocka_unit_test(what_follows_the_last_member_is_ignored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
