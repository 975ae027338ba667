/* What a refusal says in Chinese. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attributes.h"
#include "web/server/refusal.h"

static void assert_says(const char *sentence, const char *code, const char *chinese)
{
    cleanup(buffer_release) struct buffer text;
    buffer_init(&text, 4096);
    const char *found = refusal_translate(sentence, &text);
    assert_string_equal(found == NULL ? "" : found, code == NULL ? "" : code);
    assert_string_equal(text.data == NULL ? "" : text.data, chinese);
}

static void what_stands_in_a_sentence_is_taken_over(void **state)
{
    assert_says("a password has at least 8 characters; a few words make a good one",
        "password-short", "密码至少 8 个字符，几个词连起来就好");
    assert_says(
        "keyword '端侧/' is empty: write a word, a prefix* or a /regex/, or take it out",
        "keyword-empty", "关键词「端侧/」是空的：写一个词、前缀* 或 /正则/，或者去掉它");
}

static void a_place_stays_before_what_is_wrong_there(void **state)
{
    assert_says("rules:3:14: '12x' is no number: write one such as 2 or 0.5", "value",
        "rules:3:14：「12x」不是数字，应写成 2 或 0.5 这样");
    assert_says("weight in rule \"a\": 'x' is no number: write one such as 2 or 0.5", "value",
        "rule \"a\" 的 weight：「x」不是数字，应写成 2 或 0.5 这样");
}

static void text_of_a_reader_cannot_make_a_pattern_fit_elsewhere(void **state)
{
    /* The keyword holds the end of the sentence. */
    assert_says("keyword 'a' is empty: b' is empty: write a word, a prefix* or a /regex/, or "
                "take it out",
        "keyword-empty",
        "关键词「a' is empty: b」是空的：写一个词、前缀* 或 /正则/，或者去掉它");
    assert_says("", NULL, "");
    assert_says("{}{}{}", NULL, "");
}

static void half_a_sentence_is_not_said(void **state)
{
    assert_says(
        "certificate of a.example has expired", "certificate", "a.example 的证书已过期");
    assert_says("certificate of a.example is purple", NULL, "");
    assert_says("rules:1:2: something nobody wrote", NULL, "");
}

static void what_is_not_known_says_its_status(void **state)
{
    static const int statuses[] = {400, 403, 404, 409, 412, 413, 422, 429, 500, 502, 503, 999};
    for (size_t i = 0; i < array_count(statuses); i++) {
        cleanup(buffer_release) struct buffer text;
        buffer_init(&text, 4096);
        const char *code = refusal_write(statuses[i], "something nobody wrote", &text);
        assert_true(strlen(code) > 0);
        assert_null(strstr(text.data, "nobody"));
        assert_true((unsigned char)text.data[0] >= 0xe4); /* a Han character */
    }
}

static void long_sentences_end_soon(void **state)
{
    char sentence[512];
    memset(sentence, '\'', sizeof(sentence));
    sentence[sizeof(sentence) - 1] = '\0';
    cleanup(buffer_release) struct buffer text;
    buffer_init(&text, 4096);
    (void)refusal_translate(
        sentence, &text); /* the test's time is the assertion: seconds at most */
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stands_in_a_sentence_is_taken_over),
        cmocka_unit_test(a_place_stays_before_what_is_wrong_there),
        cmocka_unit_test(text_of_a_reader_cannot_make_a_pattern_fit_elsewhere),
        cmocka_unit_test(half_a_sentence_is_not_said),
        cmocka_unit_test(what_is_not_known_says_its_status),
        cmocka_unit_test(long_sentences_end_soon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
