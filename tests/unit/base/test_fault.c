#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/fault.h"

static void fault_set_returns_false_and_keeps_the_sentence(void **state)
{
    struct fault fault = {0};
    assert_false(fault_set(&fault, FAULT_LIMIT, "more than %d bytes", 5));
    assert_int_equal(fault.kind, FAULT_LIMIT);
    assert_string_equal(fault.message, "more than 5 bytes");
}

static void fault_prefix_puts_context_first_and_keeps_the_kind(void **state)
{
    struct fault fault = {0};
    fault_set(&fault, FAULT_PARSE, "not a feed");
    assert_false(fault_prefix(&fault, "feed '%s': ", "lwn"));
    assert_int_equal(fault.kind, FAULT_PARSE);
    assert_string_equal(fault.message, "feed 'lwn': not a feed");
}

static void a_message_too_long_is_cut_at_a_character_border(void **state)
{
    char text[1200] = "";
    for (int i = 0; i < 390; i++) {
        strcat(text, "量"); /* 3 bytes each: 511 is no multiple of 3 */
    }
    struct fault fault = {0};
    fault_set(&fault, FAULT_PARSE, "%s", text);
    assert_int_equal(strlen(fault.message), 510);
    assert_memory_equal(fault.message + 507, "量", 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fault_set_returns_false_and_keeps_the_sentence),
        cmocka_unit_test(fault_prefix_puts_context_first_and_keeps_the_kind),
        cmocka_unit_test(a_message_too_long_is_cut_at_a_character_border),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
