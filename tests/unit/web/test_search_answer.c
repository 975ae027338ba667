/* The address of a search taken apart, and its result as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/clock.h"
#include "web/server/search_answer.h"

static struct arena arena;

static int release(void **state)
{
    arena_release(&arena);
    return 0;
}

static struct search_request read(const char *query)
{
    struct search_request request;
    struct fault fault;
    if (!search_request_read(query, &arena, &request, &fault)) {
        fail_msg("%s: %s", query, fault.message);
    }
    return request;
}

static void an_address_is_read_with_all_its_parameters(void **state)
{
    struct search_request request = read(
        "q=%E9%87%8F%e5%8c%96+ncnn&section=papers&source=a%26b&feed=https%3A%2F%2Fx"
        "&vendor=Arm&tag=int8&language=zh&from=2020-09-01&to=2020-09-17&off_topic=true"
        "&order=date&typing=true&limit=7&cursor=r-1-2-3");
    assert_string_equal(request.query, "量化 ncnn");
    assert_int_equal(request.query_bytes, strlen(request.query));
    assert_string_equal(request.filter.section, "papers");
    assert_string_equal(request.filter.source, "a&b");
    assert_string_equal(request.filter.feed_url, "https://x");
    assert_string_equal(request.filter.vendor, "Arm");
    assert_string_equal(request.filter.tag, "int8");
    assert_string_equal(request.filter.language, "zh");
    assert_int_equal(request.filter.before_utc_s - request.filter.from_utc_s, 17 * 86400);
    assert_int_equal(request.filter.topic, SEARCH_OFF_TOPIC);
    assert_int_equal(request.order, SEARCH_BY_DATE);
    assert_true(request.typing);
    assert_int_equal(request.limit, 7);
    assert_string_equal(request.cursor, "r-1-2-3");
}

static void without_parameters_it_asks_for_the_first_twenty_by_rank(void **state)
{
    struct search_request request = read("q=x");
    assert_int_equal(request.limit, 20);
    assert_int_equal(request.order, SEARCH_BY_RANK);
    assert_int_equal(request.filter.topic, SEARCH_ANY_TOPIC);
    assert_true(request.filter.from_utc_s == CLOCK_NONE);
    assert_true(request.filter.before_utc_s == CLOCK_NONE);
    assert_null(request.cursor);
    assert_false(request.typing);
    assert_int_equal(read("").query_bytes, 0);
    assert_int_equal(read("&&q=x&").query_bytes, 1);
}

static void a_query_may_hold_any_byte(void **state)
{
    struct search_request request = read("q=a%00b%ff");
    assert_int_equal(request.query_bytes, 4);
    assert_memory_equal(request.query, "a\0b\xff", 4);
    assert_string_equal(read("q=100%").query, "100%"); /* a broken escape stands for itself */
    assert_string_equal(read("q=%zz").query, "%zz");
    assert_string_equal(read("q=%").query, "%");
    assert_string_equal(read("q=%4").query, "%4");
    assert_string_equal(read("q=a=b").query, "a=b");
}

static void what_means_nothing_is_refused(void **state)
{
    static const char *const queries[] = {"sektion=papers", "q=a&q=b", "limit=0", "limit=101",
        "limit=-1", "limit=1x", "limit=", "limit=99999999999999999999", "from=yesterday",
        "to=2020-02-30", "order=best", "off_topic=maybe", "typing=1", "section=a%00b", "=x",
        "qq=x"};
    for (size_t i = 0; i < array_count(queries); i++) {
        struct search_request request;
        struct fault fault = {0};
        assert_false(search_request_read(queries[i], &arena, &request, &fault));
        assert_int_equal(fault.kind, FAULT_PARSE);
        assert_true(strlen(fault.message) > 10);
    }
}

static void a_result_is_json_with_the_marks_as_parts(void **state)
{
    static const struct search_mark marks[] = {{0, 6}, {12, 4}};
    static const char *const tags[] = {"int8"};
    struct search_hit hit = {.item_id = 7,
        .key = "k",
        .url = "https://x/\"",
        .section = "news",
        .published_utc_s = CLOCK_NONE,
        .dated_utc_s = 1600300800,
        .tags = tags,
        .tag_count = 1,
        .title = {.text = "量化模型ncnn!", .marks = marks, .mark_count = 2},
        .summary = {.text = "<b>\xff", .cut_after = true}};
    struct search_result result = {
        .hits = &hit, .count = 1, .total = 3, .next_cursor = "r-1", .items_behind = 2};
    cleanup(buffer_release) struct buffer out;
    buffer_init(&out, 1 << 16);
    search_result_write_json(&result, &out);
    json_t *json = json_loads(out.data, 0, NULL);
    assert_non_null(json);
    json_t *item = json_array_get(json_object_get(json, "items"), 0);
    json_t *parts = json_object_get(item, "title_parts");
    assert_int_equal(json_array_size(parts), 4);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(parts, 0), "text")), "量化");
    assert_true(json_is_true(json_object_get(json_array_get(parts, 0), "mark")));
    assert_null(json_object_get(json_array_get(parts, 1), "mark"));
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(parts, 2), "text")), "ncnn");
    assert_string_equal(json_string_value(json_object_get(item, "id")), "7");
    assert_true(json_is_null(json_object_get(item, "published")));
    assert_true(json_is_null(json_object_get(item, "source")));
    assert_true(json_is_true(json_object_get(item, "summary_cut_after")));
    assert_false(json_is_true(json_object_get(json, "total_is_exact")));
    assert_int_equal(json_integer_value(json_object_get(json, "items_behind")), 2);
    assert_string_equal(json_string_value(json_object_get(json, "next")), "r-1");
    json_decref(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(an_address_is_read_with_all_its_parameters, release),
        cmocka_unit_test_teardown(
            without_parameters_it_asks_for_the_first_twenty_by_rank, release),
        cmocka_unit_test_teardown(a_query_may_hold_any_byte, release),
        cmocka_unit_test_teardown(what_means_nothing_is_refused, release),
        cmocka_unit_test_teardown(a_result_is_json_with_the_marks_as_parts, release),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
