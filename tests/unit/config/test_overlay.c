/* feeds.conf with the editor's records laid over it. The hostile half: records that fit nothing
 * any more must cost a line, never the start. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/block.h"
#include "config/overlay.h"
#include "config_equal.h"

#define FRAME                                                                                  \
    "briefing { title = t }\n"                                                                 \
    "section news { title = n fallback = true }\n"                                             \
    "section papers { title = p }\n"                                                           \
    "topic 轻 { weight = 0.5 keywords = { a } }\ntopic 重 { keywords = { b } }\n"
#define FILE_TEXT                                                                              \
    FRAME "feed 甲 { url = \"https://A.example/feed\" weight = 2 min_interval = 2d }\n"       \
          "feed 乙 { url = \"https://b.example/feed\" require = { 轻 } }\n"

enum { CHANGED = 1600300800 };

struct fixture {
    struct config *base, *config;
    struct problems notes;
};

static struct config *parse(const char *text)
{
    struct problems problems;
    problems_init(&problems);
    struct config *config = config_parse(text, "feeds.conf", &problems);
    for (size_t i = 0; i < problems.count; i++) {
        print_error("%d: %s\n", problems.items[i].line, problems.items[i].message);
    }
    problems_release(&problems);
    assert_non_null(config);
    return config;
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    fixture->base = parse(FILE_TEXT);
    problems_init(&fixture->notes);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    config_unref(fixture->config);
    config_unref(fixture->base);
    problems_release(&fixture->notes);
    free(fixture);
    return 0;
}

static const struct config *overlay(
    struct fixture *fixture, const struct desk_feed *records, size_t count)
{
    config_unref(fixture->config);
    fixture->config = config_overlay(fixture->base, records, count, &fixture->notes);
    return fixture->config;
}

static void assert_noted(const struct fixture *fixture, const char *part)
{
    assert_int_equal(fixture->notes.count, 1);
    assert_true(fixture->notes.items[0].warning);
    if (strstr(fixture->notes.items[0].message, part) == NULL) {
        fail_msg("'%s' lacks '%s'", fixture->notes.items[0].message, part);
    }
}

#define RECORD(address, is_added, list)                                                        \
    {                                                                                          \
        .url = (address), .added = (is_added), .changed_utc_s = CHANGED, .settings = (list),   \
        .setting_count = sizeof(list) / sizeof((list)[0])                                      \
    }

/* ---- what no longer fits ---- */

static void settings_that_mean_nothing_any_more_are_left_out_with_a_line_each(void **state)
{
    struct fixture *fixture = *state;
    static const struct desk_setting bad[] = {{"section", "gone"}, {"require", "没有"},
        {"weight", "heavy"}, {"min_interval", "1s"}, {"colour", "red"}, {"url", "http://x/"},
        {"language", "en"}};
    struct desk_feed record = RECORD("https://c.example/", true, bad);
    const struct config *config = overlay(fixture, &record, 1);
    assert_int_equal(fixture->notes.count, 6);
    assert_int_equal(fixture->notes.error_count, 0);
    assert_int_equal(config->feed_count, 3);
    assert_string_equal(config->feeds[2].language, "en");
    assert_string_equal(config->feeds[2].url, "https://c.example/");
    assert_null(config->feeds[2].section);
    assert_int_equal(config->feeds[2].require_count, 0);
    struct fault fault;
    assert_false(overlay_check(fixture->base, &record, &fault));
    assert_non_null(strstr(fault.message, "no section 'gone'"));
}

static void a_change_of_a_feed_the_file_dropped_rests(void **state)
{
    struct fixture *fixture = *state;
    struct desk_feed record = {.url = "https://gone.example/", .name = "x"};
    assert_int_equal(overlay(fixture, &record, 1)->feed_count, 2);
    assert_noted(fixture, "rest");
    struct fault fault;
    assert_false(overlay_check(fixture->base, &record, &fault));
}

static void a_name_given_twice_is_numbered(void **state)
{
    struct fixture *fixture = *state;
    struct desk_feed records[] = {
        {.url = "https://c.example/", .name = "甲", .added = true},
        {.url = "https://d.example/", .name = "甲 (2)", .added = true},
        {.url = "https://e.example/", .name = "甲", .added = true},
    };
    const struct config *config = overlay(fixture, records, 3);
    assert_string_equal(config->feeds[0].name, "甲");
    assert_string_equal(config->feeds[2].name, "甲 (3)");
    assert_string_equal(config->feeds[2].source, "甲 (3)");
    assert_string_equal(config->feeds[3].name, "甲 (2)");
    assert_string_equal(config->feeds[4].name, "甲 (4)");
    assert_int_equal(fixture->notes.count, 2);
}

static void bounds_that_cross_are_resolved_by_the_lower_one(void **state)
{
    struct fixture *fixture = *state;
    static const struct desk_setting crossed[] = {
        {"min_interval", "3d"}, {"max_interval", "1d"}};
    struct desk_feed record = RECORD("https://a.example/feed", false, crossed);
    const struct config *config = overlay(fixture, &record, 1);
    assert_int_equal(config->feeds[0].min_interval_s, 3 * 86400);
    assert_int_equal(config->feeds[0].max_interval_s, 3 * 86400);
    assert_noted(fixture, "min_interval is above max_interval");
    assert_false(overlay_check(fixture->base, &record, NULL));
}

static void two_records_of_one_address_make_one_feed(void **state)
{
    struct fixture *fixture = *state;
    static const struct desk_setting first[] = {{"weight", "1"}, {"section", "news"}};
    static const struct desk_setting second[] = {{"weight", "3"}};
    struct desk_feed records[] = {
        RECORD("https://c.example/#top", true, first),
        RECORD("HTTPS://C.example/", true, second),
    };
    const struct config *config = overlay(fixture, records, 2);
    assert_int_equal(config->feed_count, 3);
    assert_float_equal(config->feeds[2].weight, 3, 0);
    assert_string_equal(config->feeds[2].section, "news");
}

static void addresses_and_names_are_checked_before_they_are_stored(void **state)
{
    struct fixture *fixture = *state;
    struct fault fault;
    struct desk_feed record = {.url = "javascript:alert(1)", .added = true};
    assert_false(overlay_check(fixture->base, &record, &fault));
    record.url = "https://c.example/";
    assert_true(overlay_check(fixture->base, &record, &fault));
    record.name = "two\nlines";
    assert_false(overlay_check(fixture->base, &record, &fault));
    record.name = "";
    assert_false(overlay_check(fixture->base, &record, &fault));
}

/* ---- what fits ---- */

static void without_records_it_is_the_file(void **state)
{
    struct fixture *fixture = *state;
    const struct config *config = overlay(fixture, NULL, 0);
    assert_sections_equal(&schema_root, fixture->base, config);
    assert_int_equal(config->rules_hash, fixture->base->rules_hash);
    assert_int_equal(fixture->notes.count, 0);
}

static void an_added_feed_has_the_defaults_of_the_file(void **state)
{
    struct fixture *fixture = *state;
    struct desk_feed record = {
        .url = "https://c.example/", .name = "丙", .added = true, .changed_utc_s = CHANGED};
    const struct config *config = overlay(fixture, &record, 1);
    cleanup(config_unrefp) struct config *written = parse(
        FILE_TEXT "feed 丙 { url = \"https://c.example/\" }");
    assert_sections_equal(&schema_root, written, config);
    assert_int_equal(config->rules_hash, written->rules_hash);
    assert_int_equal(config->feeds[2].line, 0);
    assert_int_equal(config->feeds[2].added_utc_s, CHANGED);
    assert_int_not_equal(config->rules_hash, fixture->base->rules_hash);
}

static void a_change_wins_setting_by_setting(void **state)
{
    struct fixture *fixture = *state;
    static const struct desk_setting changes[] = {{"enabled", "false"}, {"section", "papers"},
        {"min_interval", ""}, {"require", "*"}, {"allow", "a.example:8080"},
        {"allow", "b.example:80"}};
    struct desk_feed record = RECORD("https://a.example/feed", false, changes);
    const struct config *config = overlay(fixture, &record, 1);
    cleanup(config_unrefp) struct config *written = parse(FRAME
        "feed 甲 { url = \"https://a.example/feed\" weight = 2 enabled = no section = papers"
        " require = { \"*\" } allow = { \"a.example:8080\", \"b.example:80\" } }\n"
        "feed 乙 { url = \"https://b.example/feed\" require = { 轻 } }\n");
    assert_sections_equal(&schema_root, written, config);
    assert_int_equal(config->rules_hash, written->rules_hash);
    assert_int_equal(config->feeds[0].line, fixture->base->feeds[0].line);
    assert_int_equal(config->feeds[0].changed_utc_s, CHANGED);
    assert_int_equal(config->feeds[0].added_utc_s, 0);
    assert_true(overlay_check(fixture->base, &record, NULL));
    /* the file itself is as it was */
    assert_true(fixture->base->feeds[0].enabled);
    assert_int_equal(fixture->base->feeds[0].min_interval_s, 2 * 86400);
}

static void a_list_that_is_emptied_is_empty(void **state)
{
    struct fixture *fixture = *state;
    static const struct desk_setting none[] = {{"require", ""}};
    struct desk_feed record = RECORD("https://b.example/feed", false, none);
    assert_int_equal(overlay(fixture, &record, 1)->feeds[1].require_count, 0);
}

static void the_file_naming_an_added_feed_later_costs_a_line(void **state)
{
    struct fixture *fixture = *state;
    static const struct desk_setting papers[] = {{"section", "papers"}};
    struct desk_feed record = RECORD("https://b.example/feed", true, papers);
    record.name = "我的乙";
    const struct config *config = overlay(fixture, &record, 1);
    assert_int_equal(config->feed_count, 2);
    assert_string_equal(config->feeds[1].name, "我的乙");
    assert_string_equal(config->feeds[1].section, "papers");
    assert_int_equal(
        config->feeds[1].require_count, 1); /* the file's, which the record lacks */
    assert_int_equal(config->feeds[1].added_utc_s, CHANGED);
    assert_noted(fixture, "added by the editor before it stood here");
    assert_int_equal(fixture->notes.items[0].line, fixture->base->feeds[1].line);
}

static void the_effective_configuration_outlives_the_file(void **state)
{
    struct fixture *fixture = *state;
    overlay(fixture, NULL, 0);
    config_unref(fixture->base);
    fixture->base = NULL;
    assert_string_equal(fixture->config->feeds[0].name, "甲");
    fixture->base = config_ref(fixture->config);
}

/* ---- properties ---- */

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static const struct desk_setting choices[] = {{"section", "papers"}, {"section", "gone"},
    {"section", ""}, {"weight", "0.3"}, {"weight", "-7"}, {"require", "重"}, {"require", "*"},
    {"require", ""}, {"min_interval", "90d"}, {"min_interval", "3d"}, {"max_interval", "1h"},
    {"max_items", "12"}, {"enabled", "no"}, {"source", "a 'b' \\ \"c\""}, {"language", "zh"},
    {"allow", "x:1"}, {"nonsense", "x"}, {"kind", "rsshub"}, {"kind", "rss"},
    {"announce", "cross"}, {"announce", "replace"}, {"prereleases", "drop"}};

/* Whatever the records: the result prints, reads back equal, and laying them over twice gives
 * the same. */
static void any_records_give_a_configuration_that_prints_and_reads_back(void **state)
{
    static const char *const urls[] = {"https://a.example/feed", "https://b.example/feed#x",
        "https://c.example/", "https://C.example/", "https://d.example/?q=1"};
    static const char *const names[] = {NULL, "甲", "乙", "x", "甲 (2)"};
    struct fixture *fixture = *state;
    uint32_t seed = 7;
    for (int round = 0; round < 300; round++) {
        struct desk_feed records[5];
        struct desk_setting settings[5][6];
        size_t count = next_random(&seed) % 6;
        for (size_t i = 0; i < count; i++) {
            records[i] = (struct desk_feed){.url = urls[next_random(&seed) % 5],
                .name = names[next_random(&seed) % 5],
                .added = next_random(&seed) % 2 == 0,
                .changed_utc_s = CHANGED,
                .settings = settings[i],
                .setting_count = next_random(&seed) % 7};
            for (size_t k = 0; k < records[i].setting_count; k++) {
                settings[i][k] = choices[next_random(&seed) % array_count(choices)];
            }
        }
        const struct config *config = overlay(fixture, records, count);
        struct arena arena = {0};
        struct buffer text;
        buffer_init(&text, BLOCK_TEXT_MAX);
        block_write(block_describe(config, &arena), &text);
        if (strstr(text.data, "enabled = false") == NULL) { /* at least one is: not checked */
            cleanup(config_unrefp) struct config *again = parse(text.data);
            assert_sections_equal(&schema_root, config, again);
            assert_int_equal(config->rules_hash, again->rules_hash);
        }
        cleanup(config_unrefp) struct config *twice = config_overlay(
            fixture->base, records, count, &fixture->notes);
        assert_sections_equal(&schema_root, config, twice);
        buffer_release(&text);
        arena_release(&arena);
    }
}

#define overlay_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        overlay_test(settings_that_mean_nothing_any_more_are_left_out_with_a_line_each),
        overlay_test(a_change_of_a_feed_the_file_dropped_rests),
        overlay_test(a_name_given_twice_is_numbered),
        overlay_test(bounds_that_cross_are_resolved_by_the_lower_one),
        overlay_test(two_records_of_one_address_make_one_feed),
        overlay_test(addresses_and_names_are_checked_before_they_are_stored),
        overlay_test(without_records_it_is_the_file),
        overlay_test(an_added_feed_has_the_defaults_of_the_file),
        overlay_test(a_change_wins_setting_by_setting),
        overlay_test(a_list_that_is_emptied_is_empty),
        overlay_test(the_file_naming_an_added_feed_later_costs_a_line),
        overlay_test(the_effective_configuration_outlives_the_file),
        overlay_test(any_records_give_a_configuration_that_prints_and_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
