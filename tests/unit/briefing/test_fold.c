#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "briefing/fold.h"

static const struct fold_table *table;
static struct arena arena;

static int open_table(void **state)
{
    table = fold_table_get();
    return 0;
}

static int release_arena(void **state)
{
    arena_release(&arena);
    return 0;
}

static struct folded fold(const char *text)
{
    return fold_text(table, &arena, text, strlen(text));
}

static void assert_folds_to(const char *text, const char *expected)
{
    struct folded folded = fold(text);
    assert_string_equal(folded.text, expected);
    assert_int_equal(folded.length, strlen(expected));
}

/* The original behind the first place of `part` in the folded text. */
static void assert_span(const char *text, const char *part, const char *expected)
{
    struct folded folded = fold(text);
    const char *at = strstr(folded.text, part);
    assert_non_null(at);
    uint32_t start = (uint32_t)(at - folded.text), offset, length;
    fold_span(&folded, start, start + (uint32_t)strlen(part), &offset, &length);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal(text + offset, expected, length);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void assert_well_formed(const struct folded *folded)
{
    utf8proc_int32_t codepoint;
    for (uint32_t i = 0; i < folded->length;) {
        utf8proc_ssize_t used = utf8proc_iterate(
            (const utf8proc_uint8_t *)folded->text + i, folded->length - i, &codepoint);
        assert_true(used > 0);
        i += (uint32_t)used;
    }
    for (uint32_t i = 0; i < folded->length; i++) {
        assert_true(folded->origin[i] < folded->original_length);
        assert_true(i == 0 || folded->origin[i] >= folded->origin[i - 1]);
    }
    if (folded->length > 0) {
        uint32_t offset, length;
        fold_span(folded, 0, folded->length, &offset, &length);
        assert_true(offset + length <= folded->original_length);
    }
}

/* --- hostile --- */

static void broken_bytes_become_replacement_characters_and_shift_nothing(void **state)
{
    assert_folds_to("a\xff\xfe"
                    "b",
        "a\xef\xbf\xbd\xef\xbf\xbd"
        "b");
    assert_folds_to("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* a surrogate */
    assert_folds_to("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd");                 /* overlong '/' */
    assert_folds_to("\xe9\x87", "\xef\xbf\xbd\xef\xbf\xbd");                 /* 量 cut off */
    assert_folds_to("\xe9\x87"
                    "A",
        "\xef\xbf\xbd\xef\xbf\xbd"
        "a");
    assert_span("\xe9\x87\xe9\x87\x8f\xe5\x8c\x96\xff", "量化", "量化");
}

static void a_megabyte_of_combining_marks_folds_in_no_time_to_speak_of(void **state)
{
    enum { BYTES = 1 << 20 };
    char *text = arena_alloc(&arena, BYTES);
    for (size_t i = 0; i + 4 <= BYTES;
         i += 4) { /* classes 230 and 220 by turns: all to reorder */
        memcpy(text + i, "\xcc\x80\xcc\xa3", 4);
    }
    struct folded folded = fold_text(table, &arena, text, BYTES);
    assert_well_formed(&folded);
}

static void text_that_grows_elevenfold_is_folded_whole(void **state)
{
    enum { COUNT = 100000 };
    char *text = arena_alloc(&arena, COUNT * 3);
    for (size_t i = 0; i < COUNT; i++) {
        memcpy(text + i * 3, "\xef\xb7\xba", 3); /* U+FDFA: 18 letters and spaces */
    }
    struct folded folded = fold_text(table, &arena, text, COUNT * 3);
    assert_true(folded.length >= COUNT * 30);
    assert_well_formed(&folded);
}

static void han_whose_simple_form_is_longer_in_bytes_does_not_overflow(void **state)
{
    enum { COUNT = 10000 };
    char *text = arena_alloc(&arena, COUNT * 3);
    for (size_t i = 0; i < COUNT; i++) {
        memcpy(text + i * 3, "㑮", 3); /* U+346E -> U+2B746, four bytes */
    }
    struct folded folded = fold_text(table, &arena, text, COUNT * 3);
    assert_int_equal(folded.length, COUNT * 4);
    assert_well_formed(&folded);
}

static void random_bytes_give_valid_text_and_rising_offsets(void **state)
{
    uint32_t seed = 1;
    for (int round = 0; round < 2000; round++) {
        char text[64];
        size_t length = next_random(&seed) % sizeof(text);
        for (size_t i = 0; i < length; i++) {
            /* lead and continuation bytes by turns are likely, or nothing valid would come */
            static const unsigned char masks[][2] = {{0x3f, 0x80}, {0x0f, 0xe0}, {0xff, 0}};
            uint32_t value = next_random(&seed);
            const unsigned char *mask =
                masks[value >> 8 & 3 ? (value >> 8 & 3) - 1 : i % 3 == 0];
            text[i] = (char)((value & mask[0]) | mask[1]);
        }
        struct folded folded = fold_text(table, &arena, text, length);
        assert_well_formed(&folded);
        arena_release(&arena);
    }
}

static void nothing_folds_to_nothing(void **state)
{
    assert_folds_to("", "");
    assert_folds_to(" \t\n\xc2\xa0\xe3\x80\x80-", "");
    assert_folds_to("\xe2\x80\x8b\xef\xbb\xbf", ""); /* zero width space, BOM */
}

/* --- what is equal --- */

static void case_width_and_script_variants_fold_together(void **state)
{
    assert_folds_to("ＮＰＵ", "npu");
    assert_folds_to("華為發布晶片", "华为发布晶片");
    assert_folds_to("Straße", "strasse");
    assert_folds_to("ﬁne-tuning", "fine tuning");
    assert_folds_to("cafe\xcc\x81", "caf\xc3\xa9");
    assert_folds_to("CAFÉ", "caf\xc3\xa9");
    assert_folds_to("ﾓﾃﾞﾙ", "モデル"); /* half width kana with its voiced mark */
    assert_folds_to("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "한");
}

static void white_space_hyphens_and_trade_marks_are_one_space(void **state)
{
    assert_folds_to("low-bit", "low bit");
    assert_folds_to("  low \n\t bit ", "low bit");
    assert_folds_to("low\xe2\x80\x91 bit", "low bit"); /* non-breaking hyphen */
    assert_folds_to("Arm® Cortex®-M55", "arm cortex m55");
    assert_folds_to("Arm™", "arm");
}

static void space_between_han_and_latin_does_not_count(void **state)
{
    assert_folds_to("华为 NPU 发布", "华为npu发布");
    assert_folds_to("华为　ＡＩ", "华为ai");
    assert_folds_to("华为-NPU", "华为 npu"); /* a hyphen does */
    assert_folds_to("提升 级别", "提升 级别");
}

static void invisible_characters_vanish_inside_words(void **state)
{
    assert_folds_to("quan\xc2\xadtize", "quantize");
    assert_folds_to("量\xe2\x80\x8b化", "量化");
}

/* --- the way back --- */

static void spans_are_exact_at_both_ends(void **state)
{
    assert_span("NPU", "npu", "NPU");
    assert_span("華為發布ＮＰＵ！", "npu", "ＮＰＵ");
    assert_span("華為發布ＮＰＵ！", "华为", "華為");
    assert_span("x low \n bit y", "low bit", "low \n bit");
    assert_span("cafe\xcc\x81!", "caf\xc3\xa9", "cafe\xcc\x81");
    assert_span("华为 NPU 发布", "npu", "NPU");
    assert_span("华为 NPU 发布", "华为npu发布", "华为 NPU 发布");
    assert_span("量\xe2\x80\x8b化。", "量化", "量\xe2\x80\x8b化");
    assert_span("量\xef\xb8\x80化", "量", "量\xef\xb8\x80"); /* its variation selector */
    assert_span("㍿", "会社", "㍿"); /* a part of one character is the character */
}

/* The short way and the reference must agree: utf8proc on the whole text at once. */
static void folding_by_segment_equals_folding_the_whole(void **state)
{
    static const char *const letters[] = {"a", "B", "量", "化", "é", "e\xcc\x81", "Ｎ", "，",
        "。", "ﬁ", "カ", "\xe3\x82\x99", "ﾃ", "ﾞ", "\xcc\xa3", "\xcc\x80", "한", "\xe1\x86\xab",
        "ß", "Σ", "1", "²", "Ж", "क", "\xe0\xa4\xbc"};
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE |
        UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;
    uint32_t seed = 7;
    for (int round = 0; round < 5000; round++) {
        char text[256] = "";
        for (uint32_t i = next_random(&seed) % 20; i > 0; i--) {
            strcat(text, letters[next_random(&seed) % array_count(letters)]);
        }
        utf8proc_uint8_t *expected = NULL;
        assert_true(utf8proc_map((const utf8proc_uint8_t *)text, 0, &expected,
                        options | UTF8PROC_NULLTERM) >= 0);
        assert_string_equal(fold(text).text, (const char *)expected);
        free(expected);
        arena_release(&arena);
    }
}

static void words_are_latin_greek_and_cyrillic_not_han_or_kana(void **state)
{
    assert_true(fold_is_word('a') && fold_is_word('0') && fold_is_word(0xe9));
    assert_true(fold_is_word(0x3bb) && fold_is_word(0x436) && fold_is_word(0x301));
    assert_false(
        fold_is_word('_') || fold_is_word(' ') || fold_is_word('@') || fold_is_word('['));
    assert_false(fold_is_word(0x91cf) || fold_is_word(0x30ab) || fold_is_word(0xd55c));
    assert_true(fold_is_han(0x91cf) && fold_is_han(0x20000) && fold_is_han(0x3007));
    assert_false(fold_is_han('a') || fold_is_han(0x30ab) || fold_is_han(0x3002));
}

#define test(name) cmocka_unit_test_teardown(name, release_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(broken_bytes_become_replacement_characters_and_shift_nothing),
        test(a_megabyte_of_combining_marks_folds_in_no_time_to_speak_of),
        test(text_that_grows_elevenfold_is_folded_whole),
        test(han_whose_simple_form_is_longer_in_bytes_does_not_overflow),
        test(random_bytes_give_valid_text_and_rising_offsets),
        test(nothing_folds_to_nothing),
        test(case_width_and_script_variants_fold_together),
        test(white_space_hyphens_and_trade_marks_are_one_space),
        test(space_between_han_and_latin_does_not_count),
        test(invisible_characters_vanish_inside_words),
        test(spans_are_exact_at_both_ends),
        test(folding_by_segment_equals_folding_the_whole),
        test(words_are_latin_greek_and_cyrillic_not_han_or_kana),
    };
    return cmocka_run_group_tests(tests, open_table, NULL);
}
