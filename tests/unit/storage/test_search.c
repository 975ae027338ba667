/* Searching: what is found, in which order, page by page, and what a hostile query can do. */
#include "search_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"

static struct store *open_with(struct fixture *fixture, const char *const *texts)
{
    struct store *store = fixture_open(fixture);
    for (int i = 0; texts[2 * i] != NULL; i++) {
        search_put(fixture, store, i + 1, texts[2 * i], texts[2 * i + 1]);
    }
    search_index_all(fixture, store);
    return store;
}

static void check(
    struct fixture *fixture, struct store *store, const char *query, const char *found)
{
    const char *numbers = search_numbers(fixture, store, query);
    if (strcmp(numbers, found) != 0) {
        fail_msg("'%s' found '%s', not '%s'", query, numbers, found);
    }
}

/* ---- what is found ---- */

static void words_are_found_however_they_are_written(void **state)
{
    static const char *const texts[] = {
        "端侧大模型量化部署",
        "",
        "A New NCNN Release",
        "Faster on Arm®",
        "重跑gen模型",
        "",
        "機器學習入門",
        "",
        "ＧＰＴ－４ 发布",
        "",
        "论文 arXiv:2009.00278",
        "in C++ and C",
        "東京タワーのモデル",
        "모델 공개",
        NULL,
    };
    struct fixture *fixture = *state;
    struct store *store = open_with(fixture, texts);
    static const char *const cases[][2] = {
        {"量化", "1"}, /* inside a run of Han */
        {"型量", "1"}, /* not even a word */
        {"大模型量化", "1"},
        {"量", "1"}, /* one character */
        {"ncnn", "2"},
        {"NCNN", "2"},
        {"ｎｃｎｎ", "2"},
        {"gen", "3"},
        {"重跑gen", "3"},
        {"重跑 gen", "3"},
        {"跑GEN模", "3"},
        {"机器学习", "4"}, /* simplified finds traditional */
        {"學習", "4"},
        {"GPT-4", "5"},
        {"gpt 4", "5"},
        {"2009.00278", "6"},
        {"00278", "6"},
        {"C++", "6"},
        {"c", "6"},
        {"C#", ""},
        {"タワー", "7"},
        {"ﾀﾜｰ", "7"},
        {"モデル", "7"},
        {"모델", "7"},
        {"nc", ""}, /* a Latin word is a whole */
        {"rele*", "2"},
        {"re*", ""}, /* two letters are a word */
        {"重跑ge", ""},
        {"重跑ge*", ""}, /* two letters again */
        {"化量", ""},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        check(fixture, store, cases[i][0], cases[i][1]);
    }
    store_close(store);
}

static void words_are_anded_phrases_stand_together_and_minus_excludes(void **state)
{
    static const char *const texts[] = {
        "deep learning on chips",
        "",
        "learning to go deep",
        "",
        "深度学习芯片",
        "新品",
        "学习深度",
        "芯片",
        NULL,
    };
    struct fixture *fixture = *state;
    struct store *store = open_with(fixture, texts);
    check(fixture, store, "\"deep learning\"", "1");
    check(fixture, store, "“deep learning”", "1");
    check(fixture, store, "learning -chips", "2");
    check(fixture, store, "learning -\"deep learning\"", "2");
    check(fixture, store, "芯片 -新品", "4");
    check(
        fixture, store, "芯片　深度", "3 4"); /* an ideographic space; the title counts more */
    check(fixture, store, "深度学习", "3");
    check(fixture, store, "芯片 -深度学习", "4"); /* both tokens stand in 4, but not together */
    check(fixture, store, "\"学习芯片\"", "3");
    check(fixture, store, "deep chips", "1");
    check(fixture, store, "deep missing", "");
    store_close(store);
}

static void a_word_being_typed_finds_what_it_begins(void **state)
{
    static const char *const texts[] = {
        "Quantization", "", "Quantity surveyors", "", "quant", "", NULL};
    struct fixture *fixture = *state;
    struct store *store = open_with(fixture, texts);
    struct search_request request = search_ask("quanti");
    assert_int_equal(search_must(fixture, store, &request).count, 0);
    request.typing = true;
    assert_int_equal(search_must(fixture, store, &request).count, 2);
    request = search_ask("quanti ");
    request.typing = true; /* the word is finished */
    assert_int_equal(search_must(fixture, store, &request).count, 0);
    store_close(store);
}

/* ---- marks ---- */

static void what_was_looked_for_is_marked_in_the_original_text(void **state)
{
    static const char *const texts[] = {
        "ＮＣＮＮ的機器學習：Arm® Cortex",
        "用 ncnn 跑 ncnn，學習",
        NULL,
    };
    struct fixture *fixture = *state;
    struct store *store = open_with(fixture, texts);
    struct search_request request = search_ask("ncnn 学习");
    struct search_result result = search_must(fixture, store, &request);
    assert_int_equal(result.count, 1);
    assert_string_equal(
        search_marked(fixture, &result.hits[0].title), "[ＮＣＮＮ]的機器[學習]：Arm® Cortex");
    assert_string_equal(
        search_marked(fixture, &result.hits[0].summary), "用 [ncnn] 跑 [ncnn]，[學習]");
    request = search_ask("器学习 學習");
    result = search_must(fixture, store, &request);
    assert_string_equal(
        search_marked(fixture, &result.hits[0].title), "ＮＣＮＮ的機[器學習]：Arm® Cortex");
    store_close(store);
}

static void a_long_summary_is_cut_where_most_marks_are(void **state)
{
    struct fixture *fixture = *state;
    cleanup(buffer_release) struct buffer text;
    buffer_init(&text, 1 << 16);
    buffer_puts(&text, "A single kernel. ");
    for (int i = 0; i < 60; i++) {
        buffer_puts(&text, "something else entirely, ");
    }
    buffer_puts(&text, "now the kernel and the compiler of the kernel, ");
    for (int i = 0; i < 60; i++) {
        buffer_puts(&text, "something else entirely, ");
    }
    const char *const texts[] = {"Title", text.data, NULL};
    struct store *store = open_with(fixture, texts);
    struct search_request request = search_ask("kernel compiler");
    struct search_result result = search_must(fixture, store, &request);
    const char *marked = search_marked(fixture, &result.hits[0].summary);
    assert_non_null(
        strstr(marked, "now the [kernel] and the [compiler] of the [kernel], some"));
    assert_true(result.hits[0].summary.cut_before && result.hits[0].summary.cut_after);
    assert_true(strlen(result.hits[0].summary.text) <= 170);
    /* at words: neither the first nor the last is a part of one */
    const char *piece = strstr(text.data, result.hits[0].summary.text);
    assert_non_null(piece);
    assert_int_equal(piece[-1], ' ');
    assert_non_null(strchr(" ,", piece[strlen(result.hits[0].summary.text)]));
    store_close(store);
}

/* ---- order and pages ---- */

static void the_title_counts_more_and_then_the_shorter_text(void **state)
{
    static const char *const texts[] = {
        "Other",
        "A kernel here, and a good deal of other things that are not about it at all",
        "A kernel",
        "",
        "Other",
        "kernel kernel kernel",
        NULL,
    };
    struct fixture *fixture = *state;
    struct store *store = open_with(fixture, texts);
    check(fixture, store, "kernel", "2 3 1");
    store_close(store);
}

enum { MANY = 1600 }; /* more than the candidates, and more than are sorted by date at once */

/* Items 1..MANY with "common" in the summary, every tenth in the title; dates go up and down.
 */
static struct store *open_many(struct fixture *fixture)
{
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    struct store_entry *entries = arena_new_array(&fixture->arena, struct store_entry, MANY);
    for (int i = 0; i < MANY; i++) {
        entries[i] = fixture_entry(
            fixture, arena_printf(&fixture->arena, "https://x.example/%d", i + 1), 1);
        entries[i].title = i % 10 == 0 ? "common title" : "title";
        entries[i].summary = "a common summary";
        entries[i].published_utc_s = NOON + i * 7919 % MANY * 60;
        entries[i].verdict.section = i % 3;
        entries[i].verdict.off_topic = i % 2 == 0;
        entries[i].verdict.vendor = i % 5 == 0 ? "Arm" : NULL;
        entries[i].language = i % 4 == 0 ? "zh-CN" : "en";
    }
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, entries, MANY));
    search_index_all(fixture, store);
    return store;
}

/* Every page from the first to the last; asserts that no item comes twice. Returns how many
 * came. */
static size_t page_through(struct fixture *fixture, struct store *store,
    struct search_request request,
    void (*check_order)(const struct search_hit *, const struct search_hit *))
{
    bool seen[MANY + 1] = {false};
    struct search_hit last = {0};
    size_t count = 0;
    for (int pages = 0; pages < MANY; pages++) {
        struct search_result result = search_must(fixture, store, &request);
        for (size_t i = 0; i < result.count; i++) {
            assert_false(seen[result.hits[i].item_id]);
            seen[result.hits[i].item_id] = true;
            if (check_order != NULL && count > 0) {
                check_order(&last, &result.hits[i]);
            }
            last = result.hits[i];
            count++;
        }
        if (result.next_cursor == NULL) {
            return count;
        }
        request.cursor = result.next_cursor;
    }
    fail_msg("the pages do not end");
    return 0;
}

static void check_newest_first(const struct search_hit *before, const struct search_hit *after)
{
    assert_true(before->dated_utc_s > after->dated_utc_s ||
        (before->dated_utc_s == after->dated_utc_s && before->item_id > after->item_id));
}

static void pages_give_every_hit_once_by_rank_and_by_date(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = open_many(fixture);
    struct search_request request = search_ask("common");
    request.limit = 17;
    assert_int_equal(page_through(fixture, store, request, NULL), MANY);
    request.order = SEARCH_BY_DATE;
    assert_int_equal(page_through(fixture, store, request, check_newest_first), MANY);
    /* the first by rank have the word in the title */
    request.order = SEARCH_BY_RANK;
    struct search_result result = search_must(fixture, store, &request);
    assert_int_equal(result.hits[0].title.mark_count, 1);
    assert_false(result.total_is_exact);
    store_close(store);
}

static void filters_are_combined(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = open_many(fixture);
    struct search_request request = search_ask("common");
    request.limit = 100;
    request.filter.section = "papers";
    assert_int_equal(page_through(fixture, store, request, NULL), MANY / 3);
    request.filter.topic = SEARCH_ON_TOPIC;
    size_t expected = 0;
    for (int i = 0; i < MANY; i++) {
        expected += i % 3 == 1 && i % 2 == 1;
    }
    assert_int_equal(page_through(fixture, store, request, NULL), expected);
    request.order = SEARCH_BY_DATE;
    assert_int_equal(page_through(fixture, store, request, check_newest_first), expected);
    request.filter = search_filter_none();
    request.filter.vendor = "Arm";
    request.filter.language = "zh";
    expected = (MANY + 19) / 20;
    assert_int_equal(page_through(fixture, store, request, NULL), expected);
    request.filter.source = "source lwn";
    request.filter.feed_url = "https://lwn.example/feed";
    assert_int_equal(page_through(fixture, store, request, NULL), expected);
    request.filter.feed_url = "https://arxiv.example/feed";
    assert_int_equal(page_through(fixture, store, request, NULL), 0);
    store_close(store);
}

static void a_span_of_time_includes_its_beginning_and_not_its_end(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = open_many(fixture);
    struct search_request request = search_ask("common");
    request.filter.from_utc_s = NOON + 60;
    request.filter.before_utc_s = NOON + 60 * 5;
    assert_int_equal(page_through(fixture, store, request, NULL), 4);
    request.order = SEARCH_BY_DATE;
    assert_int_equal(page_through(fixture, store, request, check_newest_first), 4);
    store_close(store);
}

static void a_tag_is_one_of_the_tags_and_no_part_of_one(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct feed_state feed = fixture_feed(fixture, store, "lwn");
    static const char *tags[] = {"int8", "TVM 0.7"};
    struct store_entry entry = fixture_entry(fixture, "https://x.example/1", 1);
    entry.verdict.tags = tags;
    entry.verdict.tag_count = 2;
    fixture_commit(fixture, store, fixture_document(fixture, &feed, 1, &entry, 1));
    search_index_all(fixture, store);
    struct search_request request = search_ask("title");
    static const char *const cases[][2] = {
        {"int8", "1"}, {"TVM 0.7", "1"}, {"int", ""}, {"", ""}};
    for (size_t i = 0; i < array_count(cases); i++) {
        request.filter.tag = cases[i][0];
        assert_int_equal(search_must(fixture, store, &request).count, strlen(cases[i][1]));
    }
    request.filter.tag = NULL;
    struct search_result result = search_must(fixture, store, &request);
    assert_int_equal(result.hits[0].tag_count, 2);
    assert_string_equal(result.hits[0].tags[1], "TVM 0.7");
    store_close(store);
}

static void a_page_keeps_its_place_while_items_come(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = open_many(fixture);
    struct search_request request = search_ask("common");
    struct search_result first = search_must(fixture, store, &request);
    request.cursor = first.next_cursor;
    struct search_result second = search_must(fixture, store, &request);
    search_put(fixture, store, MANY + 1, "common common common", "common");
    search_index_all(fixture, store);
    struct search_result again = search_must(fixture, store, &request);
    assert_int_equal(second.count, again.count);
    for (size_t i = 0; i < second.count; i++) {
        assert_int_equal(second.hits[i].item_id, again.hits[i].item_id);
    }
    store_close(store);
}

static void a_cursor_of_another_search_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = open_many(fixture);
    struct search_request request = search_ask("common");
    const char *cursor = search_must(fixture, store, &request).next_cursor;
    static const char *const cursors[] = {"", "x", "r-0-0-0", "r-00000000-1-0",
        "'; DROP TABLE item", "t-ffffffff-ffffffffffffffff-ffffffffffffffff", "r-zzzzzzzz-1-1",
        "%s%s%s%n"};
    struct search_result result;
    for (size_t i = 0; i < array_count(cursors); i++) {
        request.cursor = cursors[i];
        assert_false(store_search(store, &fixture->arena, &request, &result, &fixture->fault));
        assert_int_equal(fixture->fault.kind, FAULT_PARSE);
    }
    request = search_ask("title");
    request.cursor = cursor;
    assert_false(store_search(store, &fixture->arena, &request, &result, &fixture->fault));
    request = search_ask("common");
    request.cursor = cursor;
    request.filter.section = "papers";
    assert_false(store_search(store, &fixture->arena, &request, &result, &fixture->fault));
    request = search_ask("Common"); /* the same search */
    request.cursor = cursor;
    search_must(fixture, store, &request);
    store_close(store);
}

/* ---- hostile and hasty ---- */

static void no_query_reaches_fts5s_own_syntax(void **state)
{
    static const char *const texts[] = {"near and or not", "text", NULL};
    struct fixture *fixture = *state;
    struct store *store = open_with(fixture, texts);
    static const char *const cases[] = {"NEAR(near and, 2)", "near AND or", "near OR absent",
        "NOT near", "text:near", "{text}: near", "^near", "near*", "\"near", "near\"",
        "\"\"\"near\"\"\"", "near + and", "(near", "near)", "near'", "near;--", "near\\",
        "a\"b\"c", "- near", "-\"", "--near", "\"-\" near"};
    for (size_t i = 0; i < array_count(cases); i++) {
        struct search_request request = search_ask(cases[i]);
        struct search_result result;
        bool ok = store_search(store, &fixture->arena, &request, &result, &fixture->fault);
        assert_true(ok || fixture->fault.kind == FAULT_PARSE);
    }
    check(fixture, store, "(near", "1");
    check(fixture, store, "\"near", "1");
    check(fixture, store, "near OR absent", "");
    store_close(store);
}

static void a_query_of_nothing_is_refused_with_a_sentence(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    search_index_all(fixture, store);
    static const char *const cases[] = {
        "", " ", "\"\"", "。，！", "-", "-word", "*", "\"", "++", "\xff\xfe"};
    struct search_result result;
    for (size_t i = 0; i < array_count(cases); i++) {
        struct search_request request = search_ask(cases[i]);
        assert_false(store_search(store, &fixture->arena, &request, &result, &fixture->fault));
        assert_int_equal(fixture->fault.kind, FAULT_PARSE);
    }
    store_close(store);
}

static void bytes_that_are_no_text_divide_words(void **state)
{
    static const char *const texts[] = {"alpha beta", "", NULL};
    struct fixture *fixture = *state;
    struct store *store = open_with(fixture, texts);
    check(fixture, store,
        "alpha\xff"
        "beta",
        "1");
    struct search_request request = search_ask("alpha");
    request.query = "alpha\0beta";
    request.query_bytes = 10;
    assert_int_equal(search_must(fixture, store, &request).count, 1);
    request.query = "alpha\0gamma";
    request.query_bytes = 11;
    assert_int_equal(search_must(fixture, store, &request).count, 0);
    store_close(store);
}

static void a_query_too_long_or_of_too_many_words_is_refused(void **state)
{
    static const char *const texts[] = {"a b c", "", NULL};
    struct fixture *fixture = *state;
    struct store *store = open_with(fixture, texts);
    struct search_result result;
    char *text = arena_alloc(&fixture->arena, 10001);
    for (int i = 0; i < 10000; i++) {
        text[i] = i % 2 == 0 ? 'a' : ' ';
    }
    text[10000] = '\0';
    struct search_request request = search_ask(text);
    assert_false(store_search(store, &fixture->arena, &request, &result, &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_LIMIT);
    request.query_bytes = 2 * SEARCH_WORDS_MAX + 2;
    assert_false(store_search(store, &fixture->arena, &request, &result, &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_LIMIT);
    request.query_bytes = 2 * SEARCH_WORDS_MAX;
    assert_int_equal(search_must(fixture, store, &request).count, 1);
    /* one word of a kilobyte, all of Han: more pairs than FTS5 is asked for */
    for (int i = 0; i < 340; i++) {
        memcpy(text + 3 * i, i % 2 == 0 ? "量" : "化", 3);
    }
    request.query_bytes = 1020;
    assert_int_equal(search_must(fixture, store, &request).count, 0);
    store_close(store);
}

static void a_search_past_its_deadline_says_so_and_the_next_one_works(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = open_many(fixture);
    struct search_request request = search_ask("common");
    struct search_result result;
    request.deadline_ms = 0;
    assert_false(store_search(store, &fixture->arena, &request, &result, &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_LIMIT);
    assert_non_null(strstr(fixture->fault.message, "too long"));
    request.deadline_ms = 10000;
    assert_int_equal(search_must(fixture, store, &request).count, 20);
    store_close(store);
}

static void a_limit_out_of_range_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture);
    struct search_request request = search_ask("word");
    struct search_result result;
    request.limit = 0;
    assert_false(store_search(store, &fixture->arena, &request, &result, &fixture->fault));
    request.limit = SEARCH_LIMIT_MAX + 1;
    assert_false(store_search(store, &fixture->arena, &request, &result, &fixture->fault));
    assert_int_equal(fixture->fault.kind, FAULT_LIMIT);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        storage_test(words_are_found_however_they_are_written),
        storage_test(words_are_anded_phrases_stand_together_and_minus_excludes),
        storage_test(a_word_being_typed_finds_what_it_begins),
        storage_test(what_was_looked_for_is_marked_in_the_original_text),
        storage_test(a_long_summary_is_cut_where_most_marks_are),
        storage_test(the_title_counts_more_and_then_the_shorter_text),
        storage_test(pages_give_every_hit_once_by_rank_and_by_date),
        storage_test(filters_are_combined),
        storage_test(a_span_of_time_includes_its_beginning_and_not_its_end),
        storage_test(a_tag_is_one_of_the_tags_and_no_part_of_one),
        storage_test(a_page_keeps_its_place_while_items_come),
        storage_test(a_cursor_of_another_search_is_refused),
        storage_test(no_query_reaches_fts5s_own_syntax),
        storage_test(a_query_of_nothing_is_refused_with_a_sentence),
        storage_test(bytes_that_are_no_text_divide_words),
        storage_test(a_query_too_long_or_of_too_many_words_is_refused),
        storage_test(a_search_past_its_deadline_says_so_and_the_next_one_works),
        storage_test(a_limit_out_of_range_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
