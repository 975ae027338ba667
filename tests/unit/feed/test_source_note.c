#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "feed/source_note.h"

static const struct {
    enum config_kind kind;
    int status;
    const char *body;
    enum source_note note;
    const char *detail;
} answers[] = {
    {CONFIG_KIND_RSSHUB, 503,
        "<html><p>Error: this route is empty, please check the original site</p>",
        SOURCE_NOTE_NOTHING_NOW, ""},
    {CONFIG_KIND_RSSHUB, 404, "Error: this route is empty", SOURCE_NOTE_NOTHING_NOW, ""},
    {CONFIG_KIND_RSSHUB, 503, "<p>Error: FetchError: 403 Forbidden</p>",
        SOURCE_NOTE_ROUTE_FAILS, "Error: FetchError: 403 Forbidden"},
    {CONFIG_KIND_RSSHUB, 502, "<h1>502 Bad Gateway</h1>", SOURCE_NOTE_NONE, ""},
    {CONFIG_KIND_RSSHUB, 403,
        "Due to cost, we will gradually restrict access to rsshub.app for",
        SOURCE_NOTE_RSSHUB_REFUSES, ""},
    {CONFIG_KIND_WORDPRESS, 200, "rsshub.app is intended for testing purposes only",
        SOURCE_NOTE_RSSHUB_REFUSES, ""},
    {CONFIG_KIND_WORDPRESS, 403, "<title>Just a moment...</title>", SOURCE_NOTE_BROWSER_CHECK,
        ""},
    /* another site's words about RSSHub or WeChat are its own */
    {CONFIG_KIND_WORDPRESS, 503, "this route is empty", SOURCE_NOTE_NONE, ""},
    {CONFIG_KIND_WORDPRESS, 500, "今日小黑屋", SOURCE_NOTE_NONE, ""},
    {CONFIG_KIND_WECHAT, 500, "{\"error\":{\"message\":\"暂无可用读书账号!\"}}",
        SOURCE_NOTE_NO_ACCOUNT, ""},
    {CONFIG_KIND_WECHAT, 500, "账号今日小黑屋", SOURCE_NOTE_ACCOUNT_LOCKED, ""},
    {CONFIG_KIND_WECHAT, 200, "Token 失效（WeReadError401）", SOURCE_NOTE_ACCOUNT_EXPIRED, ""},
    {CONFIG_KIND_WECHAT, 200, "<rss></rss>", SOURCE_NOTE_NONE, ""},
    {CONFIG_KIND_ARXIV, 400, "<title>Feed error for query: bad category</title>",
        SOURCE_NOTE_ARXIV_ERROR, "Feed error for query: bad category"},
    {CONFIG_KIND_PLAIN, 503, "<title>Just a moment...</title>", SOURCE_NOTE_BROWSER_CHECK, ""},
    {CONFIG_KIND_PLAIN, 500, "暂无可用读书账号", SOURCE_NOTE_NONE, ""},
    {CONFIG_KIND_RSSHUB, 503, "", SOURCE_NOTE_NONE, ""},
};

static void an_answer_is_named_by_its_words_and_its_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_count(answers); i++) {
        const char *detail;
        size_t length;
        enum source_note note = source_note_of_answer(answers[i].kind, answers[i].status,
            answers[i].body, strlen(answers[i].body), &detail, &length);
        print_message("%s\n", answers[i].body);
        assert_int_equal(note, answers[i].note);
        assert_int_equal(length, strlen(answers[i].detail));
        assert_memory_equal(detail, answers[i].detail, length);
    }
}

static void no_body_is_no_answer(void **state)
{
    (void)state;
    const char *detail;
    size_t length;
    assert_int_equal(source_note_of_answer(CONFIG_KIND_RSSHUB, 503, NULL, 0, &detail, &length),
        SOURCE_NOTE_NONE);
}

/* The words behind the first 64 KiB are not looked for, and a quotation that ends inside a
 * character or at the end of the bytes is cut before it. */
static void only_the_beginning_is_read_and_quotations_are_whole_characters(void **state)
{
    (void)state;
    const char *detail;
    size_t length, bytes = (64 << 10) + 64;
    char *body = malloc(bytes);
    memset(body, ' ', bytes);
    memcpy(body + (64 << 10), "Error: late", 11);
    assert_int_equal(
        source_note_of_answer(CONFIG_KIND_RSSHUB, 503, body, bytes, &detail, &length),
        SOURCE_NOTE_NONE);
    memcpy(body, "Error: ", 7);
    for (size_t i = 7; i + 3 < 1024; i += 3) {
        memcpy(body + i, "网", 3);
    }
    assert_int_equal(
        source_note_of_answer(CONFIG_KIND_RSSHUB, 503, body, bytes, &detail, &length),
        SOURCE_NOTE_ROUTE_FAILS);
    assert_int_equal((length - 7) % 3, 0);
    assert_in_range(length, 190, 200);
    free(body);
    static const char cut[] = {'E', 'r', 'r', 'o', 'r', ':', ' ', (char)0xe7, (char)0xbd};
    assert_int_equal(
        source_note_of_answer(CONFIG_KIND_RSSHUB, 503, cut, sizeof(cut), &detail, &length),
        SOURCE_NOTE_ROUTE_FAILS);
    assert_int_equal(length, sizeof(cut));
}

static void every_note_has_words_and_its_word_leads_back(void **state)
{
    (void)state;
    for (int i = SOURCE_NOTE_NONE + 1; i < SOURCE_NOTE_COUNT; i++) {
        const struct source_note_words *words = source_note_words((enum source_note)i);
        assert_non_null(words->word);
        assert_non_null(words->english);
        assert_non_null(words->chinese);
        assert_int_equal(source_note_of_word(words->word), i);
    }
    assert_int_equal(source_note_of_word(NULL), SOURCE_NOTE_NONE);
    assert_int_equal(source_note_of_word("of-a-later-version"), SOURCE_NOTE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_named_by_its_words_and_its_kind),
        cmocka_unit_test(no_body_is_no_answer),
        cmocka_unit_test(only_the_beginning_is_read_and_quotations_are_whole_characters),
        cmocka_unit_test(every_note_has_words_and_its_word_leads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
