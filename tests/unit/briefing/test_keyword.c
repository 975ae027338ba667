#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "briefing/automaton.h"
#include "briefing/fold.h"
#include "briefing/keyword.h"

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

/* Patterns by turns in lists 0, 1, 2 … */
static struct keyword_set *build(const char *const *patterns, size_t count)
{
    struct keyword_set *set = keyword_set_new(table);
    for (size_t i = 0; i < count; i++) {
        struct fault fault = {0};
        if (!keyword_set_add(set, (uint32_t)i, patterns[i], &fault)) {
            fail_msg("%s", fault.message);
        }
    }
    keyword_set_build(set);
    return set;
}

static struct keyword_matches find(const struct keyword_set *set, struct keyword_texts texts)
{
    struct keyword_matches matches;
    keyword_set_find(set, &arena, &texts, &matches, NULL);
    return matches;
}

/* What one pattern finds in a title: the matched texts joined by '|'. */
static const char *found_in(const char *pattern, const char *title)
{
    struct keyword_set *set = build(&pattern, 1);
    struct keyword_matches matches = find(set, (struct keyword_texts){.title = title});
    char *joined = arena_strdup(&arena, "");
    for (size_t i = 0; i < matches.count; i++) {
        joined = arena_printf(&arena, "%s%s%.*s", joined, i > 0 ? "|" : "",
            (int)matches.items[i].length, title + matches.items[i].offset);
    }
    keyword_set_free(set);
    return joined;
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

/* --- refusals --- */

static void a_bad_pattern_is_refused_with_what_to_write_instead(void **state)
{
    static const struct {
        const char *pattern, *sentence;
    } cases[] = {
        {"", "is empty"},
        {" \t ", "is empty"},
        {"title:", "is empty"},
        {"*", "write the beginning of a word"},
        {"title: *", "write the beginning of a word"},
        {"**", "may only stand at the end"},
        {"*net", "may only stand at the end"},
        {"quan*ize", "may only stand at the end"},
        {"C+*", "must follow a letter"},
        {"量化*", "write it without the '*'"},
        {"--", "no letter or digit"},
        {"+", "no letter or digit"},
        {"author:x", "'author' is no field"},
        {"tilte: NPU", "'tilte' is no field"},
        {"https://github.com/", "write 'url:github.com/'"},
        {"//", "empty regular expression"},
        {"/", "begins with '/' but does not end"},
        {"/foo", "write '/foo/'"},
        {"/foo/i", "write '/foo/'"},
        {"/(ab/", "missing closing parenthesis at byte 3"},
        {"/a{2,1}/", "numbers out of order in {} quantifier at byte 5"},
        {"/a*/", "can match an empty text"},
        {"/\\C/", "at byte"},
        {"/\xff/", "UTF-8"},
        {"NPU\xff", "not valid UTF-8"},
        {"=", "is empty"},
        {"=/ARM/", "write '/(?-i)ARM/'"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct keyword_set *set = keyword_set_new(table);
        struct fault fault = {0};
        assert_false(keyword_set_add(set, 0, cases[i].pattern, &fault));
        assert_int_equal(fault.kind, FAULT_CONFIG);
        if (strstr(fault.message, cases[i].sentence) == NULL) {
            fail_msg("'%s' was refused with: %s", cases[i].pattern, fault.message);
        }
        keyword_set_free(set);
    }
}

static void a_pattern_longer_than_the_limit_is_refused(void **state)
{
    char pattern[2000];
    memset(pattern, 'a', sizeof(pattern) - 1);
    pattern[sizeof(pattern) - 1] = '\0';
    struct keyword_set *set = keyword_set_new(table);
    struct fault fault;
    assert_false(keyword_set_add(set, 0, pattern, &fault));
    assert_non_null(strstr(fault.message, "longer than 1000 bytes"));
    keyword_set_free(set);
}

/* Anything at all is either refused with a sentence or searched for. */
static void random_patterns_are_refused_with_a_sentence_or_work(void **state)
{
    static const char *const pieces[] = {"/", "*", ":", "title:", "(", ")", "[", "\\", "+", "?",
        "|", "{2}", "-", " ", "a", "B", "量", "\xff", "\xe9\x87", "\xcc\x81", ".", "^", "$",
        "(?"};
    uint32_t seed = 3;
    size_t refused = 0, built = 0;
    for (int round = 0; round < 3000; round++) {
        char pattern[64] = "";
        for (uint32_t i = next_random(&seed) % 8; i > 0; i--) {
            strcat(pattern, pieces[next_random(&seed) % array_count(pieces)]);
        }
        struct keyword_set *set = keyword_set_new(table);
        struct fault fault = {0};
        if (keyword_set_add(set, 0, pattern, &fault)) {
            keyword_set_build(set);
            find(set,
                (struct keyword_texts){.title = "a 量B/(a)\xff+量化 ab", .summary = pattern});
            built++;
        } else {
            assert_memory_equal(fault.message, "keyword '", 9);
            assert_int_equal(fault.kind, FAULT_CONFIG);
            refused++;
        }
        keyword_set_free(set);
        arena_release(&arena);
    }
    assert_true(refused > 500 && built > 500);
}

/* --- hostile texts --- */

static void a_catastrophic_regex_is_stopped_and_counted(void **state)
{
    static const char *const patterns[] = {"/(a|aa)+$/", "/(\\w+\\s?)+\\d/", "NPU"};
    struct keyword_set *set = build(patterns, 3);
    char title[4096] = "NPU ";
    memset(title + 4, 'a', 4000);
    strcpy(title + 4004, "\xe2\x80\xa6");
    struct keyword_matches matches;
    size_t limited = 0;
    keyword_set_find(set, &arena, &(struct keyword_texts){.title = title}, &matches, &limited);
    assert_int_equal(limited, 2);
    assert_int_equal(matches.count, 1); /* the others still match */
    assert_int_equal(matches.items[0].list, 2);
    keyword_set_free(set);
}

/* Two to the 20th ways, milliseconds without a limit: far below PCRE2's own. */
static void a_regex_may_not_take_a_million_steps(void **state)
{
    struct keyword_set *set = build(&(const char *){"/(x+x+)+[yz]/"}, 1);
    struct keyword_matches matches;
    size_t limited = 0;
    keyword_set_find(set, &arena, &(struct keyword_texts){.title = "xxxxxxxxxxxxxxxxxxxxx"},
        &matches, &limited);
    assert_int_equal(limited, 1);
    keyword_set_free(set);
}

static void text_that_is_no_utf8_is_searched_around_the_broken_bytes(void **state)
{
    assert_string_equal(found_in("量化", "\xff\xe9\x87量化\xe5"), "量化");
    assert_string_equal(found_in("/量.化/", "\xff\xe9\x87 量x化\xe5"), "量x化");
    assert_string_equal(found_in("NPU", "\xffNPU\xff"), "NPU");
}

static void a_megabyte_of_hits_is_found_whole(void **state)
{
    enum { COUNT = 1 << 18 };
    static const char *const patterns[] = {"npu", "npu npu", "/npu/"};
    struct keyword_set *set = build(patterns, 3);
    char *title = arena_alloc(&arena, COUNT * 4 + 1);
    for (size_t i = 0; i < COUNT; i++) {
        memcpy(title + i * 4, "NPU ", 4);
    }
    title[COUNT * 4] = '\0';
    struct keyword_matches matches = find(set, (struct keyword_texts){.title = title});
    assert_int_equal(matches.count, COUNT + (COUNT - 1) + 16);
    keyword_set_free(set);
}

static void a_letter_under_a_mark_is_another_letter(void **state)
{
    assert_string_equal(found_in("cafe", "cafe\xcc\x81"), "");
    assert_string_equal(
        found_in("x", "x\xcc\x82 x"), "x"); /* no composed form: the mark joins */
    assert_string_equal(found_in("/x/", "ax"), "x");
}

/* --- meaning --- */

static void words_stand_on_boundaries_and_han_anywhere(void **state)
{
    static const struct {
        const char *pattern, *title, *found;
    } cases[] = {
        {"ARM", "an alarm, a farm", ""},
        {"ARM", "ARM发布Arm架构,arm.", "ARM|Arm|arm"},
        {"NPU", "华为NPU发布", "NPU"},
        {"NPU", "NPU2 xNPU NPU_v1", "NPU"},
        {"NPU", "éNPU NPUé", ""},
        {"NPU", "ＮＰＵ", "ＮＰＵ"},
        {"量化", "模型量化训练", "量化"},
        {"量化", "模型量化訓練，量 化", "量化"},
        {"發布", "华为发布", "发布"},
        {"发布", "華為發布", "發布"},
        {"AI芯片", "xAI芯片", ""},
        {"AI芯片", "新AI 芯片组", "AI 芯片"},
        {"C++", "用C++11写", "C++"},
        {"C++", "C#", ""},
        {".NET", "ASP.NET", ".NET"},
        {"std::move", "use std::move", "std::move"},
        {"Face++", "Face++开源", "Face++"},
        {"deci.ai", "Deci.AI raises", "Deci.AI"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        const char *found = found_in(cases[i].pattern, cases[i].title);
        if (strcmp(found, cases[i].found) != 0) {
            fail_msg("'%s' found '%s' in '%s'", cases[i].pattern, found, cases[i].title);
        }
    }
}

static void a_prefix_takes_the_beginning_of_words_only(void **state)
{
    assert_string_equal(
        found_in("quantiz*", "Quantization, quantized dequantize"), "Quantization|quantized");
    assert_string_equal(found_in("model quant*", "Model-Quantisation以"), "Model-Quantisation");
}

static void the_words_of_a_phrase_may_be_divided_by_any_space_or_hyphens(void **state)
{
    assert_string_equal(found_in("low bit",
                            "low-bit LOW \n BIT low\xc2\xa0"
                            "bit low\xe2\x80\x93"
                            "bit"),
        "low-bit|LOW \n BIT|low\xc2\xa0"
        "bit|low\xe2\x80\x93"
        "bit");
    assert_string_equal(found_in("low-bit", "low bit lowbit"), "low bit");
    assert_string_equal(found_in("Paddle-Lite", "Paddle Lite"), "Paddle Lite");
}

static void a_regex_sees_the_original_text_caseless_and_in_unicode(void **state)
{
    assert_string_equal(found_in("/v\\d+\\.\\d+/", "ncnn V1.2 and v3.4"), "V1.2|v3.4");
    assert_string_equal(found_in("/É/", "é"), "é");
    assert_string_equal(found_in("/aa/", "aaaaa"), "aa|aa");
    assert_string_equal(found_in("title:/^.量/", "模量"), "模量");
}

static void a_field_prefix_restricts_a_pattern_to_that_field(void **state)
{
    static const char *const patterns[] = {
        "title:a", "summary:b", "source: c", "url:github.com/", "d", "url:/x\\d/"};
    struct keyword_set *set = build(patterns, 6);
    struct keyword_matches matches = find(set,
        (struct keyword_texts){.title = "a b c d github.com/",
            .summary = "a b c d",
            .source = "a b c d",
            .url = "https://GitHub.com/a/b/c/d/x1"});
    static const struct {
        uint32_t list;
        enum keyword_field field;
        uint32_t offset;
    } expected[] = {
        {0, KEYWORD_TITLE, 0},
        {4, KEYWORD_TITLE, 6},
        {1, KEYWORD_SUMMARY, 2},
        {4, KEYWORD_SUMMARY, 6},
        {2, KEYWORD_SOURCE, 4},
        {3, KEYWORD_URL, 8},
        {5, KEYWORD_URL, 27},
    };
    assert_int_equal(matches.count, array_count(expected));
    for (size_t i = 0; i < array_count(expected); i++) {
        assert_int_equal(matches.items[i].list, expected[i].list);
        assert_int_equal(matches.items[i].field, expected[i].field);
        assert_int_equal(matches.items[i].offset, expected[i].offset);
        assert_string_equal(matches.items[i].pattern, patterns[expected[i].list]);
    }
    keyword_set_free(set);
}

static void overlapping_and_nested_literals_are_all_reported_longest_first(void **state)
{
    static const char *const patterns[] = {"紫光", "紫光展锐", "展锐", "光展", "紫光"};
    struct keyword_set *set = build(patterns, 5);
    struct keyword_matches matches = find(set, (struct keyword_texts){.title = "紫光展锐"});
    static const uint32_t lists[] = {1, 0, 4, 3, 2};
    assert_int_equal(matches.count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(matches.items[i].list, lists[i]);
    }
    keyword_set_free(set);
}

static void a_set_without_patterns_finds_nothing(void **state)
{
    struct keyword_set *set = build(NULL, 0);
    struct keyword_matches matches = find(
        set, (struct keyword_texts){.title = "量化", .url = "https://a.b/"});
    assert_int_equal(matches.count, 0);
    keyword_set_free(set);
}

static void an_equals_sign_keeps_the_case(void **state)
{
    static const struct {
        const char *pattern, *title, *found;
    } cases[] = {
        {"=ARM", "A robot arm on ARM chips, no Arm, no aRM", "ARM"},
        {"=Arm", "Arm lends an ARM an arm", "Arm"},
        {"=ARM", "华为ARM架构", "ARM"},
        {"=ARM", "全角ＡＲＭ处理器", "ＡＲＭ"},
        {"=arm", "ARM Arm arm", "arm"},
        {"=AVX*", "avx512 AVX512 Avx", "AVX512"},
        {"=AVX*", "AVXvnni", "AVXvnni"},
        {"title:=IP core", "IP-core, ip core, IP Core", "IP-core"},
        {"=AI芯片", "ai芯片 AI 芯片", "AI 芯片"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        assert_string_equal(found_in(cases[i].pattern, cases[i].title), cases[i].found);
    }
}

/* --- the automaton against a naive matcher --- */

struct hit {
    uint32_t literal, end;
};

struct hits {
    struct hit *items;
    size_t count, capacity;
};

static void add_hit(void *context, uint32_t literal, uint32_t end)
{
    struct hits *hits = context;
    if (hits->count == hits->capacity) {
        hits->items = arena_grow(&arena, hits->items, sizeof(*hits->items), &hits->capacity);
    }
    hits->items[hits->count++] = (struct hit){literal, end};
}

static int compare_hits(const void *left, const void *right)
{
    const struct hit *a = left, *b = right;
    if (a->end != b->end) {
        return a->end < b->end ? -1 : 1;
    }
    return a->literal < b->literal ? -1 : a->literal > b->literal;
}

/* Inside a word of ASCII nothing begins. */
static bool may_begin(const char *text, uint32_t start)
{
    return start == 0 || !isalnum((unsigned char)text[start]) ||
        !isalnum((unsigned char)text[start - 1]);
}

static void assert_same_hits(
    const struct automaton_literal *literals, size_t count, const char *text, uint32_t length)
{
    struct hits found = {0}, expected = {0};
    struct automaton *automaton = automaton_new(literals, count);
    automaton_scan(automaton, text, length, add_hit, &found);
    automaton_free(automaton);
    for (uint32_t end = 1; end <= length; end++) {
        for (uint32_t i = 0; i < count; i++) {
            if (literals[i].length <= end && may_begin(text, end - literals[i].length) &&
                memcmp(text + end - literals[i].length, literals[i].bytes,
                    literals[i].length) == 0) {
                add_hit(&expected, i, end);
            }
        }
    }
    if (found.count > 0) {
        qsort(found.items, found.count, sizeof(*found.items), compare_hits);
    }
    assert_int_equal(found.count, expected.count);
    for (size_t i = 0; i < found.count; i++) {
        assert_int_equal(found.items[i].literal, expected.items[i].literal);
        assert_int_equal(found.items[i].end, expected.items[i].end);
    }
}

/* Letters, signs and the three bytes of a Han character, in any order. */
static void fill_random(char *text, size_t length, uint32_t alphabet, uint32_t *seed)
{
    static const char bytes[] = "a .\xe9\x87\x8f"
                                "bcdefghijklmnopqrstuvwxyz";
    for (size_t i = 0; i < length; i++) {
        text[i] = bytes[next_random(seed) % alphabet];
    }
}

static void random_literals_are_found_where_a_naive_matcher_finds_them(void **state)
{
    uint32_t seed = 42;
    for (int round = 0; round < 300; round++) {
        char text[400], bytes[60][8];
        struct automaton_literal literals[60];
        uint32_t alphabet = 2 + next_random(&seed) % 8;
        uint32_t count = next_random(&seed) % 60;
        uint32_t length = next_random(&seed) % (sizeof(text) + 1);
        fill_random(text, length, alphabet, &seed);
        for (uint32_t i = 0; i < count; i++) {
            fill_random(bytes[i], sizeof(bytes[i]), alphabet, &seed);
            literals[i] = (struct automaton_literal){bytes[i], 1 + next_random(&seed) % 8};
        }
        assert_same_hits(literals, count, text, length);
        arena_release(&arena);
    }
}

/* Pieces of the text itself with the last byte changed in half of them: the tables grow many
 * times, and scans are led deep before they fail. */
static void long_literals_are_found_across_blocks(void **state)
{
    enum { TEXT = 6000, COUNT = 3000, LENGTH = 90 };
    static char text[TEXT], bytes[COUNT][LENGTH];
    static struct automaton_literal literals[COUNT];
    uint32_t seed = 4711;
    fill_random(text, TEXT, 31, &seed);
    for (uint32_t i = 0; i < COUNT; i++) {
        uint32_t length = 2 + next_random(&seed) % (LENGTH - 2);
        memcpy(bytes[i], text + next_random(&seed) % (TEXT - LENGTH), LENGTH);
        if (i % 2 == 0) {
            fill_random(bytes[i] + length - 1, 1, 31, &seed);
        }
        literals[i] = (struct automaton_literal){bytes[i], length};
    }
    assert_same_hits(literals, COUNT, text, TEXT);
}

/* Ten thousand words of eight bytes share little: the tables stay near their 80,000 states. */
static void tables_of_many_literals_stay_compact(void **state)
{
    enum { COUNT = 10000, LENGTH = 8 };
    static char bytes[COUNT][LENGTH];
    static struct automaton_literal literals[COUNT];
    uint32_t seed = 7;
    for (uint32_t i = 0; i < COUNT; i++) {
        fill_random(bytes[i], LENGTH, 31, &seed);
        literals[i] = (struct automaton_literal){bytes[i], LENGTH};
    }
    struct automaton *automaton = automaton_new(literals, COUNT);
    assert_true(automaton_bytes(automaton) < 20 * COUNT * LENGTH);
    automaton_free(automaton);
}

/* The whole way, with fields and boundaries, on texts of Han, Latin and gaps. */
static void random_keywords_match_exactly_their_bounded_occurrences(void **state)
{
    static const char *const letters[] = {"a", "b", "量", "化", ","};
    uint32_t seed = 99;
    for (int round = 0; round < 500; round++) {
        char pattern[32] = "", title[128] = "";
        for (uint32_t i = 1 + next_random(&seed) % 3; i > 0; i--) {
            strcat(pattern, letters[next_random(&seed) % 4]);
        }
        for (uint32_t i = next_random(&seed) % 30; i > 0; i--) {
            strcat(title, letters[next_random(&seed) % 5]);
        }
        struct keyword_set *set = build(&(const char *){pattern}, 1);
        struct keyword_matches matches = find(set, (struct keyword_texts){.title = title});
        size_t expected = 0, length = strlen(pattern);
        for (const char *at = title; (at = strstr(at, pattern)) != NULL; at++) {
            bool left = at == title || !isalnum((unsigned char)at[-1]) ||
                !isalnum((unsigned char)pattern[0]);
            bool right = !isalnum((unsigned char)at[length]) ||
                !isalnum((unsigned char)pattern[length - 1]);
            if (left && right) {
                assert_true(expected < matches.count);
                assert_int_equal(matches.items[expected].offset, at - title);
                assert_int_equal(matches.items[expected].length, length);
                expected++;
            }
        }
        assert_int_equal(matches.count, expected);
        keyword_set_free(set);
        arena_release(&arena);
    }
}

#define test(name) cmocka_unit_test_teardown(name, release_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(a_bad_pattern_is_refused_with_what_to_write_instead),
        test(a_pattern_longer_than_the_limit_is_refused),
        test(random_patterns_are_refused_with_a_sentence_or_work),
        test(a_catastrophic_regex_is_stopped_and_counted),
        test(a_regex_may_not_take_a_million_steps),
        test(text_that_is_no_utf8_is_searched_around_the_broken_bytes),
        test(a_megabyte_of_hits_is_found_whole),
        test(a_letter_under_a_mark_is_another_letter),
        test(words_stand_on_boundaries_and_han_anywhere),
        test(a_prefix_takes_the_beginning_of_words_only),
        test(the_words_of_a_phrase_may_be_divided_by_any_space_or_hyphens),
        test(a_regex_sees_the_original_text_caseless_and_in_unicode),
        test(a_field_prefix_restricts_a_pattern_to_that_field),
        test(overlapping_and_nested_literals_are_all_reported_longest_first),
        test(a_set_without_patterns_finds_nothing),
        test(random_literals_are_found_where_a_naive_matcher_finds_them),
        test(an_equals_sign_keeps_the_case),
        test(long_literals_are_found_across_blocks),
        test(tables_of_many_literals_stay_compact),
        test(random_keywords_match_exactly_their_bounded_occurrences),
    };
    return cmocka_run_group_tests(tests, open_table, NULL);
}
