#include "draft_fixture.h"

#include <math.h>
#include <string.h>

#include <jansson.h>

#include "base/attributes.h"
#include "base/clock.h"

/* The document as another program reads it; the caller decrefs. */
static json_t *read_draft(struct fixture *fixture, const struct candidate *items, size_t count)
{
    struct draft *draft = fixture_draft(fixture, items, count);
    buffer_clear(&fixture->out);
    draft_write_json(draft, &fixture->config, FIXTURE_NOW, &fixture->out);
    assert_false(buffer_failed(&fixture->out));
    json_error_t error;
    json_t *root = json_loads(fixture->out.data, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        fail_msg("%s at %d", error.text, error.position);
    }
    return root;
}

static json_t *section_of(json_t *root, size_t index)
{
    return json_array_get(json_object_get(root, "sections"), index);
}

static const char *text_of(json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static void the_head_has_dates_count_and_guide(void **state)
{
    json_t *root = read_draft(*state, NULL, 0);
    assert_string_equal(text_of(root, "title"), "端侧智能简报");
    assert_string_equal(text_of(root, "date"), "2026-03-05");
    assert_string_equal(text_of(root, "since"), "2026-02-19T12:00:00Z");
    assert_string_equal(text_of(root, "generated"), "2026-03-05T12:00:00Z");
    assert_string_equal(text_of(root, "guide"), "本次0条。");
    assert_int_equal(json_integer_value(json_object_get(root, "count")), 0);
    assert_int_equal(json_array_size(json_object_get(root, "sections")), SECTIONS);
    json_decref(root);
}

static void a_pick_has_its_printed_text_and_its_candidate(void **state)
{
    size_t count;
    const struct candidate *items = fixture_candidates(&count);
    json_t *root = read_draft(*state, items, count);
    assert_int_equal(json_integer_value(json_object_get(root, "count")), 12);
    json_t *pick = json_array_get(json_object_get(section_of(root, PAPERS), "picks"), 0);
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(pick, "tags"), 0)), "2603.01234v1");
    json_t *line = json_array_get(json_object_get(pick, "lines"), 0);
    assert_string_equal(text_of(line, "label"), "链接：");
    assert_string_equal(text_of(line, "text"), "https://arxiv.org/abs/2603.01234v1");
    assert_true(json_is_null(json_object_get(pick, "source")));
    json_t *candidate = json_object_get(pick, "candidate");
    assert_string_equal(text_of(candidate, "key"), "arxiv:2603.01234");
    assert_string_equal(text_of(candidate, "source"), "arXiv cs.CV");
    json_t *news = json_array_get(json_object_get(section_of(root, NEWS), "picks"), 0);
    json_t *reasons = json_object_get(json_object_get(news, "candidate"), "reasons");
    assert_string_equal(text_of(json_array_get(reasons, 0), "rule"), "topic/npu");
    assert_int_equal(
        json_array_size(json_object_get(json_object_get(news, "candidate"), "also")), 2);
    json_decref(root);
}

static void what_was_not_picked_is_listed(void **state)
{
    size_t count;
    const struct candidate *items = fixture_candidates(&count);
    json_t *root = read_draft(*state, items, count);
    json_t *others = json_object_get(section_of(root, NEWS), "others");
    assert_int_equal(json_array_size(others), 1);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(others, 0), "id")), 7);
    json_decref(root);
}

static void any_bytes_make_valid_json(void **state)
{
    static const char *const texts[] = {"\"quoted\" \\ back", "\x01\x02\x1f\x7f\t\r\n",
        "\xff\xfe not \xc3( utf-8 \xe2\x82", "\xed\xa0\x80 surrogate", "</script>\u2028", ""};
    for (size_t i = 0; i < array_count(texts); i++) {
        struct candidate items[2] = {fixture_candidate(1, NEWS, NAN, texts[i]),
            fixture_candidate(2, NEWS, INFINITY, NULL)};
        items[0].key = items[0].summary = items[0].url = items[0].source = texts[i];
        items[0].reasons_json = "not json";
        items[1].published_utc_s = CLOCK_NONE;
        json_decref(read_draft(*state, items, 2));
    }
}

static void a_text_comes_back_as_it_was(void **state)
{
    static const char text[] = "a \"b\" \\ \t 量化 \U0001F600 <x>";
    struct candidate item = fixture_candidate(1, NEWS, 0.25, text);
    json_t *root = read_draft(*state, &item, 1);
    json_t *pick = json_array_get(json_object_get(section_of(root, NEWS), "picks"), 0);
    json_t *candidate = json_object_get(pick, "candidate");
    assert_string_equal(text_of(candidate, "title"), text);
    assert_true(json_is_null(json_object_get(candidate, "url")));
    assert_true(json_real_value(json_object_get(candidate, "relevance")) == 0.25);
    json_decref(root);
}

#define json_test(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        json_test(the_head_has_dates_count_and_guide),
        json_test(a_pick_has_its_printed_text_and_its_candidate),
        json_test(what_was_not_picked_is_listed),
        json_test(any_bytes_make_valid_json),
        json_test(a_text_comes_back_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
