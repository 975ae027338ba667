#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/attributes.h"
#include "briefing/line_diff.h"

static void assert_diff(const char *before, const char *after, const char *expected)
{
    struct arena arena = {0};
    cleanup(buffer_release) struct buffer out;
    buffer_init(&out, 1 << 20);
    line_diff_write(&arena, before, after, &out);
    assert_string_equal(out.data, expected);
    arena_release(&arena);
}

static void equal_texts_have_no_diff(void **state)
{
    assert_diff("", "", "");
    assert_diff("a\nb\n", "a\nb\n", "");
}

static void a_new_text_is_added_whole(void **state)
{
    assert_diff("", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n");
    assert_diff("a\nb\n", "", "@@ -1,2 +0,0 @@\n-a\n-b\n");
}

static void three_lines_around_a_change_are_shown(void **state)
{
    assert_diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
        "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
}

static void changes_near_each_other_share_a_hunk_and_distant_ones_do_not(void **state)
{
    assert_diff("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
        "@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
    assert_diff("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
        "@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

static void the_shortest_script_is_found(void **state)
{
    assert_diff("a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n",
        "@@ -1,7 +1,6 @@\n-a\n-b\n c\n-a\n b\n+a\n b\n a\n+c\n");
}

static void texts_too_long_for_the_table_are_replaced_whole(void **state)
{
    struct arena arena = {0};
    cleanup(buffer_release) struct buffer before, after, out;
    buffer_init(&before, 1 << 20);
    buffer_init(&after, 1 << 20);
    buffer_init(&out, 1 << 22);
    for (int i = 0; i < 5000; i++) {
        buffer_printf(&before, "b%d\n", i);
        buffer_printf(&after, "a%d\n", i);
    }
    line_diff_write(&arena, before.data, after.data, &out);
    assert_memory_equal(out.data, "@@ -1,5000 +1,5000 @@\n-b0\n", 26);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_texts_have_no_diff),
        cmocka_unit_test(a_new_text_is_added_whole),
        cmocka_unit_test(three_lines_around_a_change_are_shown),
        cmocka_unit_test(changes_near_each_other_share_a_hunk_and_distant_ones_do_not),
        cmocka_unit_test(the_shortest_script_is_found),
        cmocka_unit_test(texts_too_long_for_the_table_are_replaced_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
