#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "feed/charset.h"

static const char chinese[] = "端侧大模型在手机芯片上的推理加速，量化与剪枝";

struct fixture {
    struct arena arena;
    char bytes[4096];
    size_t length;
};

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct fixture));
    return *state == NULL;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    arena_release(&fixture->arena);
    free(fixture);
    return 0;
}

/* Encode `head` + `text` as `charset` into the fixture. */
static void encode(
    struct fixture *fixture, const char *charset, const char *head, const char *text)
{
    char source[2048];
    strcat(strcpy(source, head), text);
    iconv_t converter = iconv_open(charset, "UTF-8");
    assert_true(converter != (iconv_t)-1);
    char *in = source, *out = fixture->bytes;
    size_t in_left = strlen(source), out_left = sizeof(fixture->bytes);
    assert_int_equal(iconv(converter, &in, &in_left, &out, &out_left), 0);
    iconv_close(converter);
    fixture->length = (size_t)(out - fixture->bytes);
}

static struct charset_result decode(struct fixture *fixture, const char *http)
{
    return charset_to_utf8(&fixture->arena, fixture->bytes, fixture->length, http);
}

static void assert_holds(const struct charset_result *result, const char *text)
{
    assert_true(utf8_is_valid(result->data, result->length));
    assert_non_null(memmem(result->data, result->length, text, strlen(text)));
}

static void valid_utf8_is_not_copied(void **state)
{
    struct fixture *fixture = *state;
    encode(fixture, "UTF-8", "<?xml version='1.0' encoding='utf-8'?>", chinese);
    struct charset_result result = decode(fixture, "text/xml; charset=utf-8");
    assert_ptr_equal(result.data, fixture->bytes);
    assert_int_equal(result.length, fixture->length);
    assert_null(result.doubt);
}

static void a_byte_order_mark_wins_over_every_declaration(void **state)
{
    static const struct {
        const char *charset;
        const char *mark;
        size_t length;
    } cases[] = {{"UTF-8", "\xef\xbb\xbf", 3}, {"UTF-16LE", "\xff\xfe", 2},
        {"UTF-16BE", "\xfe\xff", 2}, {"UTF-32LE", "\xff\xfe\0\0", 4},
        {"UTF-32BE", "\0\0\xfe\xff", 4}};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        encode(fixture, cases[i].charset, "<?xml encoding='big5'?>", chinese);
        memmove(fixture->bytes + cases[i].length, fixture->bytes, fixture->length);
        memcpy(fixture->bytes, cases[i].mark, cases[i].length);
        fixture->length += cases[i].length;
        struct charset_result result = decode(fixture, "text/xml; charset=koi8-r");
        assert_holds(&result, chinese);
        assert_int_equal(result.data[0], '<'); /* the mark is gone */
        assert_null(result.doubt);
    }
}

static void utf16_and_utf32_are_seen_without_a_mark(void **state)
{
    static const char *const charsets[] = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < array_count(charsets); i++) {
        encode(fixture, charsets[i], "<rss>", chinese);
        struct charset_result result = decode(fixture, NULL);
        assert_holds(&result, chinese);
        assert_string_equal(result.charset, charsets[i]);
    }
}

static void http_wins_over_the_declaration(void **state)
{
    struct fixture *fixture = *state;
    encode(fixture, "GB18030", "<?xml version='1.0' encoding='iso-8859-1'?>", chinese);
    struct charset_result result = decode(fixture, "text/xml; charset = \"GB2312\"");
    assert_holds(&result, chinese);
    assert_string_equal(result.charset, "GB18030");
    assert_null(result.doubt);
}

static void an_unknown_http_charset_leaves_the_word_to_the_declaration(void **state)
{
    struct fixture *fixture = *state;
    encode(fixture, "BIG5", "<?xml version='1.0' encoding='big5'?>", "嵌入式系統與語言模型");
    struct charset_result result = decode(fixture, "text/xml; charset=none");
    assert_holds(&result, "嵌入式系統與語言模型");
}

static void labels_mean_what_browsers_mean(void **state)
{
    static const struct {
        const char *label, *text, *bytes;
    } cases[] = {
        {"gb2312", "镕", "\xe9\x46"},         /* in GBK only */
        {"iso-8859-1", "“", "\x93"},          /* windows-1252 */
        {"us-ascii", "é", "\xe9"},            /* the same */
        {"ks_c_5601-1987", "똠", "\x8c\x63"}, /* UHC */
        {"shift_jis", "①", "\x87\x40"},       /* CP932 */
        {"iso-8859-9", "”", "\x94"},          /* windows-1254 */
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        fixture->length = (size_t)snprintf(fixture->bytes, sizeof(fixture->bytes),
            "<?xml version='1.0' encoding='%s'?>[%s]", cases[i].label, cases[i].bytes);
        struct charset_result result = decode(fixture, NULL);
        char bracketed[16];
        snprintf(bracketed, sizeof(bracketed), "[%s]", cases[i].text);
        assert_holds(&result, bracketed);
        assert_null(result.doubt);
    }
}

static void utf8_declared_gb2312_is_utf8_and_doubted(void **state)
{
    struct fixture *fixture = *state;
    encode(fixture, "UTF-8", "<?xml version='1.0' encoding='gb2312'?>", chinese);
    struct charset_result result = decode(fixture, NULL);
    assert_ptr_equal(result.data, fixture->bytes);
    assert_non_null(result.doubt);
}

/* "模" is C4 A3 in GBK, which is a valid character of UTF-8 too. */
static void a_short_gbk_text_is_not_taken_for_utf8(void **state)
{
    struct fixture *fixture = *state;
    encode(fixture, "GB18030", "<?xml version='1.0' encoding='gbk'?>", "模");
    struct charset_result result = decode(fixture, NULL);
    assert_holds(&result, "模");
}

static void a_sample_of_mojibake_in_latin1_stays_but_a_habit_is_utf8(void **state)
{
    struct fixture *fixture = *state;
    encode(fixture, "UTF-8", "<?xml version='1.0' encoding='iso-8859-1'?>", "für");
    struct charset_result once = decode(fixture, NULL);
    assert_holds(&once, "fÃ¼r");
    encode(
        fixture, "UTF-8", "<?xml version='1.0' encoding='iso-8859-1'?>", "für, für, für, für");
    struct charset_result often = decode(fixture, NULL);
    assert_holds(&often, "für, für");
}

static void undeclared_text_is_guessed_and_doubted(void **state)
{
    static const struct {
        const char *charset, *text;
    } cases[] = {
        {"GB18030",
            "嵌入式设备上运行语言模型，据悉该模型仅需两百兆内存，研究团队发布轻量级视觉模型"},
        {"KOI8-R",
            "Съешь ещё этих мягких французских булок, да выпей чаю: большие языковые модели"},
        {"SHIFT_JIS", "日本語の文字化けテスト。大規模言語モデルの最新動向についての記事です"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        encode(fixture, cases[i].charset, "<rss><channel><title>", cases[i].text);
        struct charset_result result = decode(fixture, NULL);
        assert_holds(&result, cases[i].text);
        assert_non_null(result.doubt);
    }
}

static void a_few_broken_bytes_do_not_move_utf8_to_another_charset(void **state)
{
    struct fixture *fixture = *state;
    encode(fixture, "UTF-8", "<rss>", chinese);
    memcpy(fixture->bytes + fixture->length, "\xff\xe4\xb8", 3);
    fixture->length += 3;
    struct charset_result result = decode(fixture, NULL);
    assert_holds(&result, chinese);
    assert_memory_equal(
        result.data + result.length - 3, "\xef\xbf\xbd", 3); /* one for the run */
    assert_non_null(result.doubt);
}

static void bytes_outside_the_declared_charset_become_replacement_characters(void **state)
{
    struct fixture *fixture = *state;
    encode(fixture, "GB18030", "<?xml version='1.0' encoding='gbk'?>", "模型");
    fixture->bytes[fixture->length++] = (char)0xff;
    struct charset_result result = decode(fixture, NULL);
    assert_holds(&result, "模型\xef\xbf\xbd");
    assert_non_null(result.doubt);
}

/* glibc's iconv_open() would take "utf-8//IGNORE" and more. */
static void a_label_cannot_smuggle_options_into_iconv(void **state)
{
    struct fixture *fixture = *state;
    encode(fixture, "UTF-8", "<?xml version='1.0' encoding='x//TRANSLIT'?>", chinese);
    struct charset_result result = decode(fixture, "text/xml; charset=//");
    assert_holds(&result, chinese);
}

static void utf8_validity_follows_rfc_3629(void **state)
{
    static const char *const invalid[] = {"\xc0\xaf", "\xc1\xbf", "\xe0\x80\x80",
        "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\x80",
        "\xe4\xb8", "abcdefgh\xff"};
    static const char *const valid[] = {"", "plain text longer than a word", "é", "中",
        "\xf0\x9f\x98\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf"};
    for (size_t i = 0; i < array_count(invalid); i++) {
        assert_false(utf8_is_valid(invalid[i], strlen(invalid[i])));
    }
    for (size_t i = 0; i < array_count(valid); i++) {
        assert_true(utf8_is_valid(valid[i], strlen(valid[i])));
    }
}

int main(void)
{
#define charset_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        charset_test(valid_utf8_is_not_copied),
        charset_test(a_byte_order_mark_wins_over_every_declaration),
        charset_test(utf16_and_utf32_are_seen_without_a_mark),
        charset_test(http_wins_over_the_declaration),
        charset_test(an_unknown_http_charset_leaves_the_word_to_the_declaration),
        charset_test(labels_mean_what_browsers_mean),
        charset_test(utf8_declared_gb2312_is_utf8_and_doubted),
        charset_test(a_short_gbk_text_is_not_taken_for_utf8),
        charset_test(a_sample_of_mojibake_in_latin1_stays_but_a_habit_is_utf8),
        charset_test(undeclared_text_is_guessed_and_doubted),
        charset_test(a_few_broken_bytes_do_not_move_utf8_to_another_charset),
        charset_test(bytes_outside_the_declared_charset_become_replacement_characters),
        charset_test(a_label_cannot_smuggle_options_into_iconv),
        charset_test(utf8_validity_follows_rfc_3629),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
