/* What the index holds of a text, and that each token points at the bytes it was made of. */
#include "fixture.h"

#include <string.h>

#include "base/buffer.h"
#include "storage/search_tokenizer.h"

struct tokens {
    const char *text;
    struct buffer list;  /* "token token …" */
    struct buffer spans; /* the bytes of the text each stands for, "[…][…]" */
    bool out_of_text;
};

static int on_token(void *data, int flags, const char *token, int length, int start, int end)
{
    struct tokens *tokens = data;
    buffer_puts(&tokens->list, tokens->list.length == 0 ? "" : " ");
    if (length > 0 && token[0] == SEARCH_TITLE_MARK) {
        buffer_putc(&tokens->list, '^');
        token++;
        length--;
    }
    buffer_append(&tokens->list, token, (size_t)length);
    if (start < 0 || end <= start || (size_t)end > strlen(tokens->text)) {
        tokens->out_of_text = true;
    } else {
        buffer_putc(&tokens->spans, '[');
        buffer_append(&tokens->spans, tokens->text + start, (size_t)(end - start));
        buffer_putc(&tokens->spans, ']');
    }
    return SQLITE_OK;
}

static fts5_api *find_api(sqlite3 *db)
{
    fts5_api *api = NULL;
    sqlite3_stmt *select = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT fts5(?)", -1, &select, NULL), SQLITE_OK);
    sqlite3_bind_pointer(select, 1, (void *)&api, "fts5_api_ptr", NULL);
    sqlite3_step(select);
    sqlite3_finalize(select);
    return api;
}

/* Tokens of `text`, as FTS5 gets them. */
static struct tokens tokenize(struct fixture *fixture, const char *text, int flags)
{
    sqlite3 *db = NULL;
    fts5_tokenizer methods;
    Fts5Tokenizer *instance;
    void *data;
    struct tokens tokens = {.text = text};
    buffer_init(&tokens.list, 1 << 20);
    buffer_init(&tokens.spans, 1 << 20);
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    assert_true(search_tokenizer_register(db));
    fts5_api *api = find_api(db);
    assert_int_equal(
        api->xFindTokenizer(api, SEARCH_TOKENIZER_NAME, &data, &methods), SQLITE_OK);
    assert_int_equal(methods.xCreate(data, NULL, 0, &instance), SQLITE_OK);
    assert_int_equal(
        methods.xTokenize(instance, &tokens, flags, text, (int)strlen(text), on_token),
        SQLITE_OK);
    methods.xDelete(instance);
    sqlite3_close(db);
    return tokens;
}

static void check(
    struct fixture *fixture, const char *text, const char *expected, const char *spans)
{
    struct tokens tokens = tokenize(fixture, text, FTS5_TOKENIZE_AUX);
    assert_string_equal(tokens.list.data, expected);
    if (spans != NULL) {
        assert_string_equal(tokens.spans.data, spans);
    }
    assert_false(tokens.out_of_text);
    buffer_release(&tokens.list);
    buffer_release(&tokens.spans);
}

/* Texts stand in the summary: "\037" ends the title. */

static void han_gives_each_character_and_each_pair(void **state)
{
    check(*state, "\037量化模型", "量 量化 化 化模 模 模型 型",
        "[量][量化][化][化模][模][模型][型]");
}

static void a_pair_does_not_reach_over_what_divides(void **state)
{
    check(*state, "\037量、化 模", "量 化 模", NULL);
}

static void latin_words_are_folded_and_kept_whole(void **state)
{
    check(*state, "\037NCNN ＮＣＮＮ Straße Ünïcode", "ncnn ncnn strasse ünïcode",
        "[NCNN][ＮＣＮＮ][Straße][Ünïcode]");
}

static void han_and_latin_side_by_side_are_words_of_their_own(void **state)
{
    check(*state, "\037重跑gen、用 GPU跑", "重 重跑 跑 gen 用 gpu 跑", NULL);
}

static void traditional_is_simplified_and_points_at_the_original(void **state)
{
    check(*state, "\037機器學習", "机 机器 器 器学 学 学习 习",
        "[機][機器][器][器學][學][學習][習]");
}

static void signs_belong_to_the_word_before(void **state)
{
    check(*state,
        "\037"
        "C++ F# + #tag a+b",
        "c + + f # tag a + b", NULL);
}

static void numbers_and_versions_are_words(void **state)
{
    check(*state, "\037arXiv 2009.00278v2 GPT-4", "arxiv 2009 00278v2 gpt 4", NULL);
}

static void kana_and_hangul_give_pairs_too(void **state)
{
    check(*state, "\037モデル 모델", "モ モデ デ デル ル 모 모델 델", NULL);
    check(*state, "\037ﾓﾃﾞﾙ", "モ モデ デ デル ル", "[ﾓ][ﾓﾃﾞ][ﾃﾞ][ﾃﾞﾙ][ﾙ]");
}

static void the_title_comes_with_a_mark_and_without(void **state)
{
    check(*state,
        "量化 ncnn\037"
        "int8",
        "^量 ^量化 ^化 ^ncnn 量 量化 化 ncnn int8", NULL);
}

static void a_title_and_a_summary_do_not_run_together(void **state)
{
    check(*state, "量\037化", "^量 量 化", NULL);
    check(*state,
        "foo\037"
        "bar",
        "^foo foo bar", NULL);
}

static void what_shows_nothing_and_what_is_broken_divides_or_goes(void **state)
{
    check(*state, "\037量\xe2\x80\x8b化", "量 量化 化", NULL); /* zero width space */
    check(*state, "\037量\xff化 a\xc3", "量 化 a", NULL);
    check(*state, "\037。，！？——…《》", "", NULL);
    check(*state, "", "", NULL);
}

static void a_long_word_is_kept_by_its_beginning(void **state)
{
    struct fixture *fixture = *state;
    char text[200] = "\037";
    memset(text + 1, 'x', 150);
    struct tokens tokens = tokenize(fixture, text, FTS5_TOKENIZE_AUX);
    assert_int_equal(tokens.list.length, SEARCH_TOKEN_MAX_BYTES);
    buffer_release(&tokens.list);
    buffer_release(&tokens.spans);
    /* never in the middle of a character */
    memset(text + 1, 'x', 47);
    strcpy(text + 48, "éé");
    tokens = tokenize(fixture, text, FTS5_TOKENIZE_AUX);
    assert_int_equal(tokens.list.length, 47);
    buffer_release(&tokens.list);
    buffer_release(&tokens.spans);
}

static void a_query_is_one_token_as_it_is(void **state)
{
    struct tokens tokens = tokenize(*state, "机器 學", FTS5_TOKENIZE_QUERY);
    assert_string_equal(tokens.list.data, "机器 學");
    buffer_release(&tokens.list);
    buffer_release(&tokens.spans);
}

static void the_version_changes_with_the_folding_only(void **state)
{
    assert_true(search_tokenizer_version() == search_tokenizer_version());
    assert_true(search_tokenizer_version() != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(han_gives_each_character_and_each_pair),
        storage_test(a_pair_does_not_reach_over_what_divides),
        storage_test(latin_words_are_folded_and_kept_whole),
        storage_test(han_and_latin_side_by_side_are_words_of_their_own),
        storage_test(traditional_is_simplified_and_points_at_the_original),
        storage_test(signs_belong_to_the_word_before),
        storage_test(numbers_and_versions_are_words),
        storage_test(kana_and_hangul_give_pairs_too),
        storage_test(the_title_comes_with_a_mark_and_without),
        storage_test(a_title_and_a_summary_do_not_run_together),
        storage_test(what_shows_nothing_and_what_is_broken_divides_or_goes),
        storage_test(a_long_word_is_kept_by_its_beginning),
        storage_test(a_query_is_one_token_as_it_is),
        storage_test(the_version_changes_with_the_folding_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
