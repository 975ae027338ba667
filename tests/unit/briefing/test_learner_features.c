#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "briefing/learner_features.h"

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

static struct learner_texts texts; /* borrowed by the extract of a test */

static const struct learner_extract *extract(struct learner_texts wanted)
{
    texts = wanted;
    return learner_extract(&arena, table, &texts);
}

/* The terms of an extract as "field:text", in no order; true when `wanted` is among them. */
static bool has_term(const struct learner_extract *from, const char *field, const char *wanted)
{
    const struct learner_features *features = learner_extract_features(from);
    for (size_t i = 0; i < features->count; i++) {
        struct learner_term term = learner_extract_find(from, features->codes[i]);
        if (strcmp(term.field, field) == 0 && term.length == strlen(wanted) &&
            memcmp(term.text, wanted, term.length) == 0) {
            return true;
        }
    }
    return false;
}

static size_t count_of(struct learner_texts wanted)
{
    return learner_extract_features(extract(wanted))->count;
}

static void a_title_gives_grams_of_han_words_and_pairs(void **state)
{
    const struct learner_extract *got = extract(
        (struct learner_texts){.title = "端侧AI芯片: low bit C++库"});
    static const char *const wanted[] = {
        "端", "端侧", "AI", "芯片", "low", "bit", "low bit", "C++", "库"};
    for (size_t i = 0; i < array_count(wanted); i++) {
        if (!has_term(got, "title", wanted[i])) {
            fail_msg("no '%s'", wanted[i]);
        }
    }
    assert_false(has_term(got, "title", "侧AI")); /* scripts are not mixed */
    assert_false(has_term(got, "title", "AI芯片"));
}

static void three_letters_are_the_longest_gram(void **state)
{
    const struct learner_extract *got = extract((struct learner_texts){.title = "神经网络"});
    assert_true(has_term(got, "title", "神经网"));
    assert_false(has_term(got, "title", "神经网络"));
    assert_int_equal(learner_extract_features(got)->count, 4 + 3 + 2 + 1);
}

static void a_summary_gives_pairs_of_letters_and_words_only(void **state)
{
    const struct learner_extract *got = extract(
        (struct learner_texts){.summary = "神经网络 on device"});
    assert_true(has_term(got, "summary", "神经"));
    assert_false(has_term(got, "summary", "神"));
    assert_false(has_term(got, "summary", "神经网"));
    assert_true(has_term(got, "summary", "device"));
    assert_false(has_term(got, "summary", "on device"));
}

static void fields_are_kept_apart(void **state)
{
    const uint32_t *title =
        learner_extract_features(extract((struct learner_texts){.title = "device"}))->codes;
    const uint32_t *summary =
        learner_extract_features(extract((struct learner_texts){.summary = "device"}))->codes;
    bool shared = false;
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < 2; k++) {
            shared = shared || (title[i] == summary[k] && title[i ^ 1] == summary[k ^ 1]);
        }
    }
    assert_false(shared);
    assert_int_equal(count_of((struct learner_texts){
                         .title = "x", .summary = "x", .source = "x", .url = "https://x/"}),
        1 + 4);
}

static void what_occurs_often_counts_once(void **state)
{
    assert_int_equal(count_of((struct learner_texts){.title = "量化、量化、量化"}),
        count_of((struct learner_texts){.title = "量化"}));
}

static void spelling_that_folds_alike_is_one_feature(void **state)
{
    const struct learner_features *a = learner_extract_features(
        extract((struct learner_texts){.title = "ＮＰＵ 彙編"}));
    const struct learner_features *b = learner_extract_features(
        extract((struct learner_texts){.title = "npu汇编"}));
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->codes, b->codes, a->count * sizeof(*a->codes));
}

static void terms_are_shown_as_they_stand_in_the_item(void **state)
{
    const struct learner_extract *got = extract(
        (struct learner_texts){.title = "用ＮＰＵ跑彙編"});
    assert_true(has_term(got, "title", "ＮＰＵ"));
    assert_true(has_term(got, "title", "彙編"));
}

static void codes_ascend_and_stand_once(void **state)
{
    const struct learner_features *got = learner_extract_features(
        extract((struct learner_texts){
            .title = "The quick brown fox jumps over the lazy dog 0 1 2 3 4 5 6 7 8 9",
            .summary = "快速的棕色狐狸跳过懒惰的狗, the quick brown fox"}));
    assert_true(got->count > 40);
    for (size_t i = 1; i < got->count; i++) {
        assert_true(got->codes[i - 1] < got->codes[i]);
    }
    assert_true(got->codes[got->count - 1] < UINT32_C(1) << LEARNER_CODE_BITS);
}

static void source_site_and_rules_are_features(void **state)
{
    static const char *const labels[] = {"papers/venues", "vendor/英伟达"};
    const struct learner_extract *got = extract((struct learner_texts){.source = "机器之心",
        .url = "https://WWW.Example.org:8080/a?b",
        .rules = labels,
        .rule_count = 2});
    assert_true(has_term(got, "source", "机器之心"));
    assert_true(has_term(got, "url", "example.org"));
    assert_true(has_term(got, "rule", "vendor/英伟达"));
}

static void no_text_at_all_still_has_the_common_feature(void **state)
{
    assert_int_equal(count_of((struct learner_texts){0}), 1);
    assert_int_equal(count_of((struct learner_texts){
                         .title = "", .summary = "", .source = "", .url = "no url"}),
        1);
}

static void a_text_of_any_length_gives_a_bounded_number(void **state)
{
    enum { LENGTH = 3 << 20 };
    char *text = malloc(LENGTH + 1);
    for (size_t i = 0; i < LENGTH; i += 3) {
        uint32_t han = 0x4e00 + (uint32_t)(i / 3 * 7919 % 20000);
        text[i] = (char)(0xe0 | han >> 12);
        text[i + 1] = (char)(0x80 | (han >> 6 & 0x3f));
        text[i + 2] = (char)(0x80 | (han & 0x3f));
    }
    text[LENGTH] = '\0';
    size_t count = count_of(
        (struct learner_texts){.title = text, .summary = text, .source = text});
    assert_in_range(count, 1000, LEARNER_FEATURES_MAX);
    free(text);
}

static void broken_bytes_are_no_letters(void **state)
{
    assert_in_range(
        count_of((struct learner_texts){.title = "\xe4\xb8", .summary = "\xff\xfe"}), 1, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_title_gives_grams_of_han_words_and_pairs, release_arena),
        cmocka_unit_test_teardown(three_letters_are_the_longest_gram, release_arena),
        cmocka_unit_test_teardown(
            a_summary_gives_pairs_of_letters_and_words_only, release_arena),
        cmocka_unit_test_teardown(fields_are_kept_apart, release_arena),
        cmocka_unit_test_teardown(what_occurs_often_counts_once, release_arena),
        cmocka_unit_test_teardown(spelling_that_folds_alike_is_one_feature, release_arena),
        cmocka_unit_test_teardown(terms_are_shown_as_they_stand_in_the_item, release_arena),
        cmocka_unit_test_teardown(codes_ascend_and_stand_once, release_arena),
        cmocka_unit_test_teardown(source_site_and_rules_are_features, release_arena),
        cmocka_unit_test_teardown(no_text_at_all_still_has_the_common_feature, release_arena),
        cmocka_unit_test_teardown(a_text_of_any_length_gives_a_bounded_number, release_arena),
        cmocka_unit_test_teardown(broken_bytes_are_no_letters, release_arena),
    };
    return cmocka_run_group_tests(tests, open_table, NULL);
}
