#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "web/server/call.h"

static struct call call;
static struct fault fault;

static int open_call(void **state)
{
    call_init(&call);
    return 0;
}

static int close_call(void **state)
{
    call_release(&call);
    return 0;
}

static void hostile_values_are_empty(void **state)
{
    call.query = "a=%00&b=%f&c=%ff%fe&d=%0a&e";
    for (const char *name = "a\0b\0c\0d\0e\0"; *name != '\0'; name += 2) {
        assert_string_equal(call_query(&call, name), "");
    }
}

static void a_name_is_not_found_inside_another(void **state)
{
    call.query = "sections=news&xsection=oss";
    assert_null(call_query(&call, "section"));
    assert_null(call_query(&call, "s"));
}

static void values_are_decoded(void **state)
{
    call.query = "q=%E9%87%8D%e8%b7%91+gen&q=other&limit=20";
    assert_string_equal(call_query(&call, "q"), "重跑 gen");
}

static void numbers_outside_their_bounds_are_refused_with_400(void **state)
{
    static const char *const wrong[] = {
        "n=0", "n=201", "n=", "n=5x", "n=+5", "n=%205", "n=99999999999999999999"};
    for (size_t i = 0; i < array_count(wrong); i++) {
        int64_t value = 7;
        call.query = wrong[i];
        assert_false(call_query_integer(&call, "n", 1, 200, &value, &fault));
        assert_int_equal(call.status, 400);
        assert_int_equal(value, 7);
        assert_string_equal(fault.message, "'n' is a number from 1 to 200.");
    }
    int64_t value = 7;
    call.query = "m=3";
    assert_true(call_query_integer(&call, "n", 1, 200, &value, &fault));
    assert_int_equal(value, 7);
    call.query = "n=200";
    assert_true(call_query_integer(&call, "n", 1, 200, &value, &fault));
    assert_int_equal(value, 200);
}

static void truth_is_spelled_out(void **state)
{
    bool given, value;
    call.query = "uncertain=1";
    assert_false(call_query_bool(&call, "uncertain", &given, &value, &fault));
    assert_int_equal(call.status, 400);
    call.query = "uncertain=false";
    assert_true(call_query_bool(&call, "uncertain", &given, &value, &fault));
    assert_true(given && !value);
    assert_true(call_query_bool(&call, "printed", &given, &value, &fault));
    assert_false(given);
}

static void a_body_that_is_no_object_names_the_place(void **state)
{
    json_t *object;
    static const char *const bodies[] = {"", "[1]", "{\"a\":1,\"a\":2}", "{\n  \"a\": ]"};
    for (size_t i = 0; i < array_count(bodies); i++) {
        call.body = bodies[i];
        call.length = strlen(bodies[i]);
        assert_false(call_read_object(&call, &object, &fault));
        assert_int_equal(fault.kind, FAULT_PARSE);
    }
    assert_non_null(strstr(fault.message, "line 2"));
    call.body = "{\"a\":1}";
    call.length = strlen(call.body);
    assert_true(call_read_object(&call, &object, &fault));
    assert_int_equal(json_integer_value(json_object_get(object, "a")), 1);
    json_decref(object);
}

static void ids_are_decimal_and_above_zero(void **state)
{
    int64_t id;
    static const char *const wrong[] = {
        "", "0", "-1", "1 ", " 1", "0x10", "1.5", "9223372036854775808"};
    for (size_t i = 0; i < array_count(wrong); i++) {
        assert_false(call_parse_id(wrong[i], &id));
    }
    assert_false(call_parse_id(NULL, &id));
    assert_true(call_parse_id("9223372036854775807", &id));
    assert_int_equal(id, INT64_MAX);
}

static void a_version_is_a_quoted_number(void **state)
{
    int64_t version;
    static const char *const wrong[] = {"", "17", "\"17", "17\"", "\"x\"", "\"\"", "\"-3\"",
        "\"+3\"", "\" 3\"", "\"1\", \"2\"", "\""};
    for (size_t i = 0; i < array_count(wrong); i++) {
        assert_false(call_parse_version(wrong[i], &version));
    }
    assert_true(call_parse_version("\"17\"", &version));
    assert_int_equal(version, 17);
    assert_true(call_parse_version("\"0\"", &version)); /* of what no editor has touched */
    assert_int_equal(version, 0);
    assert_true(call_parse_version("W/\"18\"", &version));
    assert_int_equal(version, 18);
    assert_true(call_parse_version("*", &version));
    assert_int_equal(version, CALL_VERSION_NONE);
    assert_true(call_parse_version(NULL, &version));
    assert_int_equal(version, CALL_VERSION_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(hostile_values_are_empty, open_call, close_call),
        cmocka_unit_test_setup_teardown(
            a_name_is_not_found_inside_another, open_call, close_call),
        cmocka_unit_test_setup_teardown(values_are_decoded, open_call, close_call),
        cmocka_unit_test_setup_teardown(
            numbers_outside_their_bounds_are_refused_with_400, open_call, close_call),
        cmocka_unit_test_setup_teardown(truth_is_spelled_out, open_call, close_call),
        cmocka_unit_test_setup_teardown(
            a_body_that_is_no_object_names_the_place, open_call, close_call),
        cmocka_unit_test_setup_teardown(ids_are_decimal_and_above_zero, open_call, close_call),
        cmocka_unit_test_setup_teardown(a_version_is_a_quoted_number, open_call, close_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
