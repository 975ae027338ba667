#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "briefing/vendor_name.h"
#include "config/problems.h"

static const char text[] =
    "briefing { title = T } section s { title = S fallback = true }"
    "feed f { url = 'https://f.example/' }"
    "vendor \"英伟达\" { aliases = { \"NVIDIA\", \"辉达\", \"Meta AI\" } }"
    "vendor \"ARM\" { aliases = { \"=Arm\", \"安谋\" } }"
    "vendor \"vivo\" { aliases = { \"/(?<!in )vivo/\" } }";

static int setup(void **state)
{
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(text, "test", &problems);
    problems_release(&problems);
    *state = config;
    return config == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    config_unref(*state);
    return 0;
}

static void a_vendor_is_found_by_its_name_and_by_every_alias(void **state)
{
    assert_string_equal(vendor_name_find(*state, "英伟达"), "英伟达");
    assert_string_equal(vendor_name_find(*state, "NVIDIA"), "英伟达");
    assert_string_equal(vendor_name_find(*state, "辉达"), "英伟达");
    assert_string_equal(vendor_name_find(*state, "安谋"), "ARM");
}

static void case_width_and_script_make_no_difference(void **state)
{
    assert_string_equal(vendor_name_find(*state, "nvidia"), "英伟达");
    assert_string_equal(vendor_name_find(*state, "ＮＶＩＤＩＡ"), "英伟达");
    assert_string_equal(vendor_name_find(*state, "輝達"), "英伟达");
    assert_string_equal(vendor_name_find(*state, "arm"), "ARM");
}

static void a_pattern_is_no_name_but_its_vendor_has_one(void **state)
{
    assert_string_equal(vendor_name_find(*state, "VIVO"), "vivo");
    assert_string_equal(vendor_name_find(*state, "(?<!in )vivo/"), "(?<!in )vivo/");
}

static void what_no_vendor_is_called_stays_as_it_is(void **state)
{
    assert_string_equal(vendor_name_find(*state, "NVIDI"), "NVIDI");
    assert_string_equal(vendor_name_find(*state, "NVIDIA AI"), "NVIDIA AI");
    assert_string_equal(vendor_name_find(*state, "Meta"), "Meta");
    assert_string_equal(vendor_name_find(*state, ""), "");
    assert_string_equal(vendor_name_find(*state, "\xff"), "\xff");
    assert_null(vendor_name_find(*state, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vendor_is_found_by_its_name_and_by_every_alias),
        cmocka_unit_test(case_width_and_script_make_no_difference),
        cmocka_unit_test(a_pattern_is_no_name_but_its_vendor_has_one),
        cmocka_unit_test(what_no_vendor_is_called_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
