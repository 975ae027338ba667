#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static void memory_is_aligned_and_zeroed_on_request(void **state)
{
    struct arena arena = {0};
    for (size_t size = 1; size < 100; size += 7) {
        char *bytes = arena_zalloc(&arena, size);
        assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++) {
            assert_int_equal(bytes[i], 0);
        }
        memset(bytes, 0xee, size); /* the next one must not begin inside */
    }
    arena_release(&arena);
}

static void a_request_larger_than_a_block_gets_its_own(void **state)
{
    struct arena arena = {0};
    char *small = arena_strdup(&arena, "before");
    char *large = arena_alloc(&arena, 5 << 20);
    memset(large, 'x', 5 << 20);
    char *after = arena_strdup(&arena, "after");
    assert_string_equal(small, "before");
    assert_string_equal(after, "after");
    assert_true(arena.total_bytes >= 5 << 20);
    arena_release(&arena);
    assert_int_equal(arena.total_bytes, 0);
}

static void growing_keeps_what_was_there_and_zeroes_the_rest(void **state)
{
    struct arena arena = {0};
    size_t capacity = 0;
    int *numbers = NULL;
    for (int i = 0; i < 1000; i++) {
        if ((size_t)i == capacity) {
            numbers = arena_grow(&arena, numbers, sizeof(*numbers), &capacity);
        }
        assert_int_equal(numbers[i], 0);
        numbers[i] = i;
    }
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(numbers[i], i);
    }
    arena_release(&arena);
}

static void text_is_copied_with_its_end(void **state)
{
    struct arena arena = {0};
    assert_string_equal(arena_strndup(&arena, "abcdef", 3), "abc");
    assert_string_equal(arena_printf(&arena, "%s-%d", "量化", 8), "量化-8");
    assert_null(arena_strdup(&arena, NULL));
    arena_release(&arena);
    arena_release(&arena); /* twice is harmless */
}

static void clearing_keeps_one_block_for_what_comes_next(void **state)
{
    struct arena arena = {0};
    arena_clear(&arena); /* nothing to clear */
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100; i++) {
            char *bytes = arena_zalloc(&arena, 1000);
            assert_int_equal(bytes[999], 0);
            memset(bytes, 0xee, 1000);
        }
        size_t grown = arena.total_bytes;
        arena_clear(&arena);
        assert_in_range(arena.total_bytes, 1, grown);
        char *place = arena.cursor;
        arena_alloc(&arena, 1000);
        arena_clear(&arena);
        assert_ptr_equal(arena.cursor, place);
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_aligned_and_zeroed_on_request),
        cmocka_unit_test(a_request_larger_than_a_block_gets_its_own),
        cmocka_unit_test(growing_keeps_what_was_there_and_zeroes_the_rest),
        cmocka_unit_test(text_is_copied_with_its_end),
        cmocka_unit_test(clearing_keeps_one_block_for_what_comes_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
