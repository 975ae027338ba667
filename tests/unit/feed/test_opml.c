/* OPML in and out; the hostile files first. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "config/overlay.h"
#include "../config/config_equal.h"
#include "feed/opml_import.h"

struct fixture {
    struct arena arena;
    struct fault fault;
    struct buffer text;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    buffer_init(&fixture->text, 64 << 20);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    arena_release(&fixture->arena);
    buffer_release(&fixture->text);
    free(fixture);
    return 0;
}

static struct opml *read_bytes(struct fixture *fixture, const char *data, size_t length)
{
    struct opml *opml = NULL;
    if (!opml_read(&fixture->arena, data, length, &opml, &fixture->fault)) {
        fail_msg("%s", fixture->fault.message);
    }
    return opml;
}

static struct opml *read_text(struct fixture *fixture, const char *text)
{
    return read_bytes(fixture, text, strlen(text));
}

static void assert_refused(
    struct fixture *fixture, const char *text, enum fault_kind kind, const char *part)
{
    struct opml *opml;
    assert_false(opml_read(&fixture->arena, text, strlen(text), &opml, &fixture->fault));
    assert_int_equal(fixture->fault.kind, kind);
    if (strstr(fixture->fault.message, part) == NULL) {
        fail_msg("'%s' lacks '%s'", fixture->fault.message, part);
    }
}

static void assert_noted(const struct opml *opml, const char *part)
{
    for (size_t i = 0; i < opml->note_count; i++) {
        if (strstr(opml->notes[i], part) != NULL) {
            return;
        }
    }
    fail_msg("no note says '%s'", part);
}

#define BODY(outlines) "<opml version=\"1.0\"><head/><body>" outlines "</body></opml>"

/* ---- hostile ---- */

static void a_billion_laughs_is_refused(void **state)
{
    struct buffer *text = &((struct fixture *)*state)->text;
    buffer_puts(text, "<!DOCTYPE opml [<!ENTITY a0 \"lollollollol\">");
    for (int i = 1; i < 30; i++) {
        buffer_printf(
            text, "<!ENTITY a%d \"&a%d;&a%d;&a%d;&a%d;\">", i, i - 1, i - 1, i - 1, i - 1);
    }
    buffer_puts(text, "]><opml><head><title>&a29;</title></head><body/></opml>");
    assert_refused(*state, text->data, FAULT_LIMIT, "multiply");
}

static void a_large_entity_referred_to_in_every_outline_is_refused_or_bounded(void **state)
{
    struct fixture *fixture = *state;
    struct buffer *text = &fixture->text;
    buffer_puts(text, "<!DOCTYPE opml [<!ENTITY big \"");
    for (int i = 0; i < 8000; i++) {
        buffer_putc(text, 'x');
    }
    buffer_puts(text, "\">]><opml><body>");
    for (int i = 0; i < 5000; i++) {
        buffer_puts(text, "<outline text=\"&big;\" xmlUrl=\"http://a/\"/>");
    }
    buffer_puts(text, "</body></opml>");
    struct opml *opml;
    bool read = opml_read(&fixture->arena, text->data, text->length, &opml, &fixture->fault);
    assert_true(!read || fixture->arena.total_bytes < (size_t)64 << 20);
}

static void an_external_entity_is_not_fetched(void **state)
{
    struct opml *opml = read_text(*state,
        "<!DOCTYPE opml [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><opml><head>"
        "<title>a&f;b</title></head><body/></opml>");
    assert_null(opml->title == NULL ? NULL : strstr(opml->title, "root"));
}

static void a_depth_of_ten_thousand_is_refused(void **state)
{
    struct buffer *text = &((struct fixture *)*state)->text;
    buffer_puts(text, "<opml><body>");
    for (int i = 0; i < 10000; i++) {
        buffer_puts(text, "<outline text=\"x\">");
    }
    assert_refused(*state, text->data, FAULT_LIMIT, "nested too deeply");
}

/* In a second; the bound is generous for a sanitizer. */
static void a_hundred_thousand_outlines_are_read_up_to_the_limit_and_said(void **state)
{
    struct fixture *fixture = *state;
    buffer_puts(&fixture->text, "<opml><body>");
    for (int i = 0; i < 100000; i++) {
        buffer_printf(
            &fixture->text, "<outline text=\"n%d\" xmlUrl=\"http://h%d.example/\"/>", i, i);
    }
    buffer_puts(&fixture->text, "</body></opml>");
    clock_t begin = clock();
    struct opml *opml = read_bytes(fixture, fixture->text.data, fixture->text.length);
    assert_int_equal(opml->feed_count, OPML_FEEDS_MAX);
    assert_noted(opml, "the last 80000 are left out");
    assert_true(clock() - begin < 20 * CLOCKS_PER_SEC);
}

static void ten_thousand_outlines_that_are_no_feeds_make_two_hundred_notes(void **state)
{
    struct fixture *fixture = *state;
    buffer_puts(&fixture->text, "<opml><body>");
    for (int i = 0; i < 10000; i++) {
        buffer_puts(&fixture->text, "<outline text=\"x\"/>");
    }
    buffer_puts(&fixture->text, "</body></opml>");
    struct opml *opml = read_text(fixture, fixture->text.data);
    assert_int_equal(opml->note_count, OPML_NOTES_MAX);
    assert_int_equal(opml->notes_dropped, 10000 - OPML_NOTES_MAX);
}

static void a_list_of_a_million_elements_is_cut(void **state)
{
    struct fixture *fixture = *state;
    buffer_puts(&fixture->text,
        "<opml xmlns:b=\"urn:briefd:opml:1\"><body><outline xmlUrl=\"http://a/\" b:require=\"");
    for (int i = 0; i < 1000000; i++) {
        buffer_puts(&fixture->text, "&#10;");
    }
    buffer_puts(&fixture->text, "\"/></body></opml>");
    struct opml *opml = read_text(fixture, fixture->text.data);
    assert_in_range(opml->feeds[0].setting_count, 1, 256);
}

static void what_is_no_opml_is_named(void **state)
{
    assert_refused(*state, "", FAULT_PARSE, "no XML");
    assert_refused(*state, "hello", FAULT_PARSE, "no XML");
    assert_refused(*state, "<rss version=\"2.0\"><channel/></rss>", FAULT_PARSE, "<rss>");
    assert_refused(*state, "<!DOCTYPE html><html><body>x", FAULT_PARSE, "<html>");
}

static void a_file_cut_in_the_middle_gives_what_came_before(void **state)
{
    struct opml *opml = read_text(*state,
        "<opml><body><outline text=\"A\" xmlUrl=\"http://a/\"/><outline text=\"B\" "
        "xmlUrl=\"htt");
    assert_int_equal(opml->feed_count, 1);
    assert_noted(opml, "not well-formed");
}

static void a_bare_ampersand_costs_nothing_but_a_note(void **state)
{
    struct opml *opml = read_text(*state,
        BODY("<outline text=\"A & B\" xmlUrl=\"http://a/?x=1&y=2\"/>"
             "<outline text=\"C\" xmlUrl=\"http://c/\"/>"));
    assert_int_equal(opml->feed_count, 2);
    assert_string_equal(opml->feeds[1].name, "C");
    assert_noted(opml, "not well-formed");
}

/* ---- as readers write it ---- */

static void every_spelling_of_the_address_is_read(void **state)
{
    struct opml *opml = read_text(*state,
        BODY("<outline text=\"1\" xmlUrl=\" http://1/ \"/><outline text=\"2\" "
             "xmlurl=\"http://2/\"/>"
             "<OUTLINE text=\"3\" XMLURL=\"http://3/\"/>"
             "<outline text=\"4\" type=\"rss\" url=\"http://4/\"/>"
             "<outline text=\"no\" type=\"link\" url=\"http://5/\"/>"));
    assert_int_equal(opml->feed_count, 4);
    assert_string_equal(opml->feeds[0].url, "http://1/");
    assert_string_equal(opml->feeds[3].url, "http://4/");
    assert_noted(opml, "outline 'no' names no feed");
}

static void names_come_from_text_then_title_with_entities(void **state)
{
    struct opml *opml = read_text(*state,
        BODY("<outline text=\"A &amp; B\" title=\"no\" xmlUrl=\"http://1/\"/>"
             "<outline text=\"\" title=\"caf&eacute;&nbsp;\n x\" xmlUrl=\"http://2/\"/>"
             "<outline xmlUrl=\"http://3/\"/>"));
    assert_string_equal(opml->feeds[0].name, "A & B");
    assert_string_equal(opml->feeds[1].name, "caf\xc3\xa9 x");
    assert_null(opml->feeds[2].name);
}

static void folders_and_categories_are_kept(void **state)
{
    struct opml *opml = read_text(*state,
        BODY("<outline text=\"Tech\"><outline text=\"AI\">"
             "<outline text=\"x\" xmlUrl=\"http://1/\" category=\"/a/论文, b\"/>"
             "</outline><outline text=\"y\" xmlUrl=\"http://2/\"/></outline>"
             "<outline text=\"z\" xmlUrl=\"http://3/\"/><outline text=\"empty\"/>"));
    assert_int_equal(opml->feed_count, 3);
    assert_string_equal(opml->feeds[0].folder, "AI");
    assert_int_equal(opml->feeds[0].category_count, 2);
    assert_string_equal(opml->feeds[0].categories[0], "论文");
    assert_string_equal(opml->feeds[0].categories[1], "b");
    assert_string_equal(opml->feeds[1].folder, "Tech");
    assert_null(opml->feeds[2].folder);
    assert_int_equal(opml->note_count, 1);
    assert_noted(opml, "outline 'empty'");
}

static void a_wrong_charset_is_read_as_what_it_is(void **state)
{
    static const char gb[] = "<?xml version=\"1.0\" encoding=\"gb2312\"?><opml><body>"
                             "<outline text=\"\xC2\xDB\xCE\xC4\" xmlUrl=\"http://1/\"/>"
                             "</body></opml>";
    assert_string_equal(read_text(*state, gb)->feeds[0].name, "论文");
    static const char lies[] = "<?xml version=\"1.0\" encoding=\"utf-8\"?><opml><body>"
                               "<outline text=\"caf\xE9\" xmlUrl=\"http://1/\"/></body></opml>";
    assert_string_equal(read_text(*state, lies)->feeds[0].name, "caf\xc3\xa9");
    static const char wide[] = "\xFF\xFE<\0o\0p\0m\0l\0>\0<\0/\0o\0p\0m\0l\0>\0";
    assert_int_equal(read_bytes(*state, wide, sizeof(wide) - 1)->feed_count, 0);
}

/* ---- import ---- */

#define FRAME                                                                                  \
    "briefing { title = t }\nsection news { title = 新闻 fallback = true }\n"                \
    "section papers { title = 论文 }\ntopic 重 { keywords = { b } }\n"
#define FEEDS                                                                                  \
    "feed 甲 { url = \"https://a.example/\" weight = 2 }\n"                                   \
    "feed 乙 { url = \"https://b.example/\" section = papers }\n"

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

enum { NOW = 1600300800 };

static struct opml_plan *plan(
    struct fixture *fixture, const char *text, const struct config *config)
{
    return opml_plan(read_text(fixture, text), config, NOW, &fixture->arena);
}

static void another_readers_file_adds_and_changes_nothing(void **state)
{
    cleanup(config_unrefp) struct config *config = parse(FRAME FEEDS);
    struct opml_plan *made = plan(*state,
        BODY("<outline text=\"other name\" xmlUrl=\"HTTPS://A.example/\"/>"
             "<outline text=\"论文\"><outline text=\"丙\" "
             "xmlUrl=\"https://c.example/\"/></outline>"
             "<outline text=\"丙 again\" xmlUrl=\"https://c.example/#x\"/>"
             "<outline text=\"丁\" xmlUrl=\"https://d.example/\" category=\"NEWS\"/>"
             "<outline text=\"evil\" xmlUrl=\"javascript:alert(1)\"/>"),
        config);
    assert_int_equal(made->counts[OPML_ADDED], 2);
    assert_int_equal(made->counts[OPML_UPDATED], 0);
    assert_int_equal(made->counts[OPML_UNCHANGED], 1);
    assert_int_equal(made->counts[OPML_LEFT_OUT], 2);
    assert_int_equal(made->record_count, 2);
    assert_string_equal(made->records[0].name, "丙");
    assert_true(made->records[0].added);
    assert_int_equal(made->records[0].changed_utc_s, NOW);
    assert_string_equal(made->records[0].settings[0].value, "papers");
    assert_string_equal(made->records[1].settings[0].value, "news");
}

#define OURS(outlines)                                                                         \
    "<opml version=\"2.0\" xmlns:b=\"urn:briefd:opml:1\" b:version=\"1\"><body>" outlines      \
    "</body></opml>"

static void a_file_of_ours_makes_known_feeds_agree(void **state)
{
    struct fixture *fixture = *state;
    cleanup(config_unrefp) struct config *config = parse(FRAME FEEDS);
    struct opml_plan *made = plan(fixture,
        OURS("<outline text=\"甲\" xmlUrl=\"https://a.example/\" b:section=\"news\"/>"
             "<outline text=\"乙\" xmlUrl=\"https://b.example/\" b:section=\"papers\"/>"),
        config);
    assert_int_equal(made->counts[OPML_UPDATED], 1);
    assert_int_equal(made->counts[OPML_UNCHANGED], 1);
    assert_string_equal(made->lines[0].detail, "section, weight");
    struct problems notes;
    problems_init(&notes);
    cleanup(config_unrefp) struct config *after = config_overlay(
        config, made->records, made->record_count, &notes);
    cleanup(config_unrefp) struct config *wanted = parse(
        FRAME "feed 甲 { url = \"https://a.example/\" section = news }\n"
              "feed 乙 { url = \"https://b.example/\" section = papers }\n");
    assert_sections_equal(&schema_root, wanted, after);
    assert_int_equal(notes.count, 0);
    problems_release(&notes);
}

static void a_setting_that_means_nothing_here_is_said_and_the_rest_taken(void **state)
{
    cleanup(config_unrefp) struct config *config = parse(FRAME FEEDS);
    struct opml_plan *made = plan(*state,
        OURS("<outline text=\"c\" xmlUrl=\"https://c.example/\" b:section=\"gone\" "
             "b:weight=\"3\""
             " b:require=\"重&#10;没有\" b:colour=\"red\"/>"),
        config);
    assert_int_equal(made->counts[OPML_ADDED], 1);
    assert_int_equal(made->records[0].setting_count, 2);
    assert_non_null(strstr(made->lines[0].detail, "without section"));
    assert_non_null(strstr(made->lines[0].detail, "without require"));
    assert_non_null(strstr(made->lines[0].detail, "without colour"));
}

static void a_password_in_an_address_is_not_in_the_report(void **state)
{
    struct fixture *fixture = *state;
    cleanup(config_unrefp) struct config *config = parse(FRAME FEEDS);
    struct opml_plan *made = plan(
        fixture, BODY("<outline text=\"c\" xmlUrl=\"https://me:s3cret@c.example/\"/>"), config);
    assert_int_equal(made->record_count, 1);
    opml_plan_write_text(made, &fixture->text);
    opml_plan_write_json(made, &fixture->text);
    assert_null(strstr(fixture->text.data, "s3cret"));
    assert_non_null(strstr(fixture->text.data, "https://c.example/"));
}

/* ---- out and back ---- */

static void assert_survives(struct fixture *fixture, struct config *config)
{
    opml_write(config, &fixture->text);
    assert_false(buffer_failed(&fixture->text));
    struct opml *opml = read_bytes(fixture, fixture->text.data, fixture->text.length);
    assert_int_equal(opml->note_count, 0);
    assert_true(opml->ours);
    assert_int_equal(opml->feed_count, config->feed_count);
    struct buffer text;
    buffer_init(&text, BLOCK_TEXT_MAX);
    block_write(opml_to_block(opml, &fixture->arena), &text);
    cleanup(config_unrefp) struct config *again = parse(text.data);
    again->server = config->server; /* this machine's business: not written */
    again->database = config->database;
    assert_sections_equal(&schema_root, config, again);
    assert_int_equal(config->rules_hash, again->rules_hash);
    buffer_release(&text);
    struct opml_plan *made = opml_plan(opml, config, NOW, &fixture->arena);
    assert_int_equal(made->counts[OPML_UNCHANGED], config->feed_count);
    assert_int_equal(made->record_count, 0);
}

static void the_shipped_file_survives_as_opml(void **state)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/../../feeds.conf", getenv("BRIEFD_FIXTURES"));
    struct problems problems;
    problems_init(&problems);
    cleanup(config_unrefp) struct config *config = config_load(path, &problems);
    assert_non_null(config);
    assert_survives(*state, config);
    problems_release(&problems);
}

static void odd_texts_survive_as_opml(void **state)
{
    cleanup(config_unrefp) struct config *config = parse(
        "briefing { title = ' <t> & \"q\" ' footer = 'two\n lines\twith\n' labels { "
        "open_bracket "
        "= \"\" close_bracket = ' ' } }\n"
        "section news { title = 'n \\\\ ' fallback = true rule ' r & ' { keywords = { a } }\n"
        " rule r2 { final = true keywords = { '/x\\\\d<>/', ' b ' } } }\n"
        "vendor v { aliases = { V } } vendor w {}\n"
        "topic ' t  t ' { keywords = { a } } topic u { weight = -1 keywords = { b, c } }\n"
        "feed ' a  b ' { url = 'http://x/?a=1&b=\\'2\\'' source = '<&\">' min_interval = 90s\n"
        " require = { ' t  t ', u } allow = { \"a:1\" } enabled = false weight = 0.30 }\n"
        "feed c { url = 'http://y/' section = news } feed d { url = 'http://z/' }\n"
        "polling { concurrency = 3 host arxiv.org { pause = 1500ms } }\n"
        "server { listen = \"[::1]:0\" } database = 'x y'\n");
    assert_survives(*state, config);
}

#define opml_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        opml_test(a_billion_laughs_is_refused),
        opml_test(a_large_entity_referred_to_in_every_outline_is_refused_or_bounded),
        opml_test(an_external_entity_is_not_fetched),
        opml_test(a_depth_of_ten_thousand_is_refused),
        opml_test(a_hundred_thousand_outlines_are_read_up_to_the_limit_and_said),
        opml_test(ten_thousand_outlines_that_are_no_feeds_make_two_hundred_notes),
        opml_test(a_list_of_a_million_elements_is_cut),
        opml_test(what_is_no_opml_is_named),
        opml_test(a_file_cut_in_the_middle_gives_what_came_before),
        opml_test(a_bare_ampersand_costs_nothing_but_a_note),
        opml_test(every_spelling_of_the_address_is_read),
        opml_test(names_come_from_text_then_title_with_entities),
        opml_test(folders_and_categories_are_kept),
        opml_test(a_wrong_charset_is_read_as_what_it_is),
        opml_test(another_readers_file_adds_and_changes_nothing),
        opml_test(a_file_of_ours_makes_known_feeds_agree),
        opml_test(a_setting_that_means_nothing_here_is_said_and_the_rest_taken),
        opml_test(a_password_in_an_address_is_not_in_the_report),
        opml_test(the_shipped_file_survives_as_opml),
        opml_test(odd_texts_survive_as_opml),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
