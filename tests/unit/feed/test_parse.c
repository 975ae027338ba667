#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "feed/parse.h"

struct fixture {
    struct arena arena;
    struct feed_parse_options options;
    struct feed_document *document;
    struct fault fault;
};

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct fixture));
    return *state == NULL;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    arena_release(&fixture->arena);
    free(fixture);
    return 0;
}

/* The input is parsed from memory that is freed at once: nothing may point into it. */
static bool parse_bytes(struct fixture *fixture, const char *data, size_t length)
{
    char *copy = malloc(length + 1);
    memcpy(copy, data, length);
    fixture->fault = (struct fault){0};
    bool ok = feed_parse(
        &fixture->arena, copy, length, &fixture->options, &fixture->document, &fixture->fault);
    free(copy);
    return ok;
}

static bool parse(struct fixture *fixture, const char *text)
{
    return parse_bytes(fixture, text, strlen(text));
}

static const struct feed_entry *first(const struct fixture *fixture)
{
    assert_true(fixture->document->entry_count > 0);
    return &fixture->document->entries[0];
}

static void assert_refused(
    struct fixture *fixture, const char *text, enum fault_kind kind, const char *words)
{
    assert_false(parse(fixture, text));
    assert_int_equal(fixture->fault.kind, kind);
    if (strstr(fixture->fault.message, words) == NULL) {
        fail_msg("want \"%s\" in \"%s\"", words, fixture->fault.message);
    }
}

#define RSS(body) "<rss version='2.0'><channel><title>T</title>" body "</channel></rss>"

static void missing_values_are_null_none_and_minus_one(void **state)
{
    struct fixture *fixture = *state;
    assert_true(parse(fixture, "<rss version='2.0'><channel><item/></channel></rss>"));
    assert_null(fixture->document->title);
    assert_int_equal(fixture->document->ttl_minutes, -1);
    assert_int_equal(fixture->document->update_period_s, -1);
    assert_true(fixture->document->updated_utc_s == CLOCK_NONE);
    assert_null(first(fixture)->id);
    assert_null(first(fixture)->title);
    assert_null(first(fixture)->link);
    assert_null(first(fixture)->summary);
    assert_true(first(fixture)->published_utc_s == CLOCK_NONE);
    assert_int_equal(first(fixture)->authors.count, 0);
    assert_false(fixture->document->bozo);
    assert_null(fixture->document->error);
}

static void the_result_does_not_point_into_the_input(void **state)
{
    struct fixture *fixture = *state;
    assert_true(parse(fixture,
        "{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"T\","
        "\"items\":[{\"id\":\"1\",\"content_html\":\"<p>x</p>\"}]}"));
    assert_string_equal(fixture->document->title, "T");
    assert_string_equal(first(fixture)->content, "<p>x</p>");
    assert_true(parse(fixture, RSS("<item><guid>1</guid><title>A</title></item>")));
    assert_string_equal(first(fixture)->id, "1");
    assert_string_equal(first(fixture)->title, "A");
}

static void keep(const int64_t *dates, size_t count, size_t max, const char *expected)
{
    struct feed_entry entries[8] = {0};
    for (size_t i = 0; i < count; i++) {
        static const char *const ids[] = {"0", "1", "2", "3", "4", "5", "6", "7"};
        entries[i] = (struct feed_entry){
            .id = ids[i], .published_utc_s = dates[i], .updated_utc_s = CLOCK_NONE};
    }
    struct feed_document document = {.entries = entries, .entry_count = count};
    feed_document_keep_newest(&document, max);
    assert_int_equal(document.entry_count, strlen(expected));
    for (size_t i = 0; i < document.entry_count; i++) {
        assert_int_equal(entries[i].id[0], expected[i]);
    }
}

static void the_newest_are_kept_wherever_they_stand(void **state)
{
    (void)state;
    static const int64_t oldest_first[] = {10, 20, 30, 40};
    static const int64_t equal[] = {7, 9, 7, 7, 9};
    static const int64_t undated[] = {10, CLOCK_NONE, 30};
    keep(oldest_first, 4, 2, "23");
    keep(oldest_first, 4, 1, "3");
    keep(oldest_first, 4, 4, "0123");
    keep(oldest_first, 4, 9, "0123");
    keep(oldest_first, 4, 0, "0123");
    keep(equal, 5, 3, "014");
    keep(equal, 5, 1, "1");
    keep(undated, 3, 2, "01");
    keep(NULL, 0, 2, "");
}

static void max_entries_keeps_the_first_and_reads_the_rest_of_the_feed(void **state)
{
    struct fixture *fixture = *state;
    fixture->options.max_entries = 2;
    assert_true(parse(fixture,
        RSS("<item><title>A</title></item><item><title>B</title></item>"
            "<item><title>C</title></item><ttl>5</ttl>")));
    assert_int_equal(fixture->document->entry_count, 2);
    assert_string_equal(fixture->document->entries[1].title, "B");
    assert_int_equal(fixture->document->ttl_minutes, 5);
}

static void a_date_that_means_nothing_is_kept_as_written(void **state)
{
    struct fixture *fixture = *state;
    assert_true(parse(fixture, RSS("<item><pubDate> next Tuesday </pubDate></item>")));
    assert_true(first(fixture)->published_utc_s == CLOCK_NONE);
    assert_string_equal(first(fixture)->published_raw, "next Tuesday");
}

static void the_raw_date_is_that_of_the_element_that_won(void **state)
{
    struct fixture *fixture = *state;
    assert_true(parse(fixture,
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        "<channel><item><dc:date>2020-01-01</dc:date>"
        "<pubDate>2 Jan 2020</pubDate></item></channel></rss>"));
    assert_string_equal(first(fixture)->published_raw, "2 Jan 2020");
}

static void a_broken_date_of_a_greater_element_leaves_the_lesser_one(void **state)
{
    struct fixture *fixture = *state;
    assert_true(parse(fixture,
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        "<channel><item><pubDate>soon</pubDate>"
        "<dc:date>2020-01-01</dc:date></item></channel></rss>"));
    assert_int_equal(first(fixture)->published_utc_s, 1577836800);
}

static void schedule_hints_are_bits_and_seconds(void **state)
{
    struct fixture *fixture = *state;
    assert_true(parse(fixture,
        "<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel>"
        "<ttl>60</ttl><sy:updateFrequency>2</sy:updateFrequency><sy:updatePeriod>hourly"
        "</sy:updatePeriod><skipHours><hour>3</hour><hour>24</hour><hour>25</hour></skipHours>"
        "<skipDays><day>Sunday</day><day>saturday</day><day>Noday</day></skipDays>"
        "</channel></rss>"));
    assert_int_equal(fixture->document->ttl_minutes, 60);
    assert_int_equal(fixture->document->update_period_s, 1800);
    assert_int_equal(fixture->document->skip_hours, 1 << 3 | 1 << 0);
    assert_int_equal(fixture->document->skip_days, 1 << 0 | 1 << 6);
}

static void numbers_that_are_none_are_missing(void **state)
{
    struct fixture *fixture = *state;
    assert_true(parse(fixture,
        RSS("<ttl>-5</ttl><ttl>99999999999</ttl><item><enclosure "
            "url='http://e.example/a' length='12 MB'/></item>")));
    assert_int_equal(fixture->document->ttl_minutes, -1);
    assert_int_equal(first(fixture)->enclosures[0].length, -1);
}

static void arxiv_fields_are_read(void **state)
{
    struct fixture *fixture = *state;
    assert_true(parse(fixture,
        "<rss version='2.0' xmlns:x='http://arxiv.org/schemas/atom' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><item>"
        "<link>https://arxiv.org/abs/2009.00278</link><dc:creator>A. B, C, D and E</dc:creator>"
        "<x:announce_type>replace-cross</x:announce_type><x:comment>8 pages</x:comment>"
        "<x:journal_reference>J 1</x:journal_reference><x:DOI>10.1/2</x:DOI>"
        "</item></channel></rss>"));
    assert_string_equal(first(fixture)->arxiv_announce_type, "replace-cross");
    assert_string_equal(first(fixture)->arxiv_comment, "8 pages");
    assert_string_equal(first(fixture)->arxiv_journal_ref, "J 1");
    assert_string_equal(first(fixture)->doi, "10.1/2");
    assert_int_equal(first(fixture)->authors.count, 4);
    assert_string_equal(first(fixture)->authors.items[3], "E");
}

static void a_creator_with_commas_is_one_person_elsewhere(void **state)
{
    struct fixture *fixture = *state;
    assert_true(parse(fixture,
        "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        "<channel><item><link>http://example.com/</link>"
        "<dc:creator>Doe, John and Co</dc:creator></item></channel></rss>"));
    assert_int_equal(first(fixture)->authors.count, 1);
}

static void a_greater_element_empties_the_list_of_a_lesser_one(void **state)
{
    struct fixture *fixture = *state;
    for (int order = 0; order < 2; order++) {
        const char *author = "<author>staff@example.com</author>";
        const char *creators = "<d:creator>One</d:creator><d:creator>Two</d:creator>";
        char text[512];
        snprintf(text, sizeof(text),
            "<rss version='2.0' xmlns:d='http://purl.org/dc/elements/1.1/'><channel>"
            "<item>%s%s</item></channel></rss>",
            order == 0 ? author : creators, order == 0 ? creators : author);
        assert_true(parse(fixture, text));
        assert_int_equal(first(fixture)->authors.count, 2);
        assert_string_equal(first(fixture)->authors.items[0], "One");
    }
}

static void what_is_no_feed_is_named(void **state)
{
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", "empty"},
        {" \n", "empty"},
        {"\xef\xbb\xbf", "empty"},
        {"<html><head><title>Log  in</title></head></html>", "HTML page titled 'Log in'"},
        {"<!DOCTYPE HTML><body>x", "HTML page"},
        {"<?xml version='1.0'?><urlset/>", "<urlset>"},
        {"<opml version='2.0'/>", "OPML"},
        {"<error code='5'/>", "<error>"},
        {"Bad gateway", "'Bad gateway'"},
        {"GIF89a", "GIF"},
        {"{\"a\":", "JSON"},
        {"{\"title\":\"T\",\"items\":[]}", "jsonfeed.org"},
        {"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>", "RDF"},
        {RSS("<item><title>Feed error for query \"cs.X\"</title>"
             "<description>no such archive</description></item>"),
            "arXiv's error feed"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        assert_refused(fixture, cases[i].text, FAULT_PARSE, cases[i].words);
    }
}

static void a_message_never_carries_control_characters_or_broken_utf8(void **state)
{
    struct fixture *fixture = *state;
    char text[300] = "\x1b[31mRed";
    while (strlen(text) < 250) {
        strcat(text, "量");
    }
    assert_false(parse(fixture, text));
    assert_null(strchr(fixture->fault.message, '\x1b'));
    assert_non_null(strstr(fixture->fault.message, "量'"));
}

static void entities_that_multiply_are_a_limit(void **state)
{
    struct fixture *fixture = *state;
    char text[4096] = "<!DOCTYPE rss [<!ENTITY a 'haha'>";
    for (char c = 'b'; c < 'p'; c++) {
        char entity[128];
        snprintf(entity, sizeof(entity), "<!ENTITY %c '&%c;&%c;&%c;&%c;'>", c, c - 1, c - 1,
            c - 1, c - 1);
        strcat(text, entity);
    }
    strcat(text, "]>" RSS("<item><title>&o;</title></item>"));
    assert_refused(fixture, text, FAULT_LIMIT, "multiply");
}

static void small_entities_of_the_document_are_replaced(void **state)
{
    struct fixture *fixture = *state;
    assert_true(parse(fixture,
        "<!DOCTYPE rss [<!ENTITY co 'A &amp; B'>]>" RSS(
            "<item><title>&co;</title><enclosure url='http://e.example/?&co;'/>"
            "</item>")));
    assert_string_equal(first(fixture)->title, "A & B");
    assert_false(fixture->document->bozo);
}

static void nesting_has_a_limit_in_both_readings(void **state)
{
    struct fixture *fixture = *state;
    enum { DEPTH = 100000 };
    char *text = malloc(DEPTH * 7 + 200);
    for (int closed = 0; closed < 2; closed++) {
        char *at = stpcpy(text, "<rss version='2.0'><channel><item><description>");
        for (int i = 0; i < DEPTH; i++) {
            at = stpcpy(at, "<b>");
        }
        for (int i = 0; i < DEPTH && closed; i++) {
            at = stpcpy(at, "</b>");
        }
        assert_refused(fixture, text, FAULT_LIMIT, "nested");
    }
    free(text);
}

static void every_prefix_of_a_feed_keeps_what_it_says(void **state)
{
    struct fixture *fixture = *state;
    const char *whole = "<?xml version='1.0'?>" RSS(
        "<item><title>One &amp; only</title><description><![CDATA[<p>x</p>]]></description>"
        "<enclosure url='http://e.example/a' "
        "length='5'/></item><item><title>Two</title></item>");
    size_t root_end = (size_t)(strstr(whole, "<channel>") - whole);
    for (size_t length = 0; length < strlen(whole); length++) {
        bool ok = parse_bytes(fixture, whole, length);
        assert_true(ok == (length >= root_end));
        if (ok) {
            assert_true(fixture->document->bozo);
            assert_non_null(fixture->document->error);
        }
    }
    assert_true(parse(fixture, whole));
    assert_false(fixture->document->bozo);
    assert_int_equal(fixture->document->entry_count, 2);
}

static void links_that_run_code_are_dropped(void **state)
{
    struct fixture *fixture = *state;
    assert_true(parse(fixture,
        RSS("<link>javascript:alert(1)</link><item><link>\x20 JaVaScRiPt:x()"
            "</link><enclosure url='data:text/html,x'/></item>")));
    assert_null(fixture->document->link);
    assert_null(first(fixture)->link);
    assert_int_equal(first(fixture)->enclosure_count, 0);
}

static void json_values_of_the_wrong_type_are_missing(void **state)
{
    struct fixture *fixture = *state;
    assert_true(parse(fixture,
        "{\"version\":\"https://jsonfeed.org/version/1\",\"title\":[1],\"authors\":{\"a\":1},"
        "\"hubs\":7,\"items\":[null,5,{\"id\":12,\"title\":null,\"tags\":\"x\",\"attachments\":"
        "{},"
        "\"date_published\":true,\"url\":{}}]}"));
    assert_null(fixture->document->title);
    assert_int_equal(fixture->document->entry_count, 1);
    assert_string_equal(first(fixture)->id, "12");
    assert_null(first(fixture)->title);
    assert_null(first(fixture)->link);
}

static void dates_of_a_json_feed_may_be_told_from_the_fetch(void **state)
{
    struct fixture *fixture = *state;
    static const char feed[] =
        "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\",\"items\":[{\"id\":"
        "\"1\",\"date_published\":\"2小时前\",\"date_modified\":\"1 hour ago\"}]}";
    fixture->options.fetched_utc_s = 1600329600;
    assert_true(parse(fixture, feed));
    assert_int_equal(first(fixture)->published_utc_s, 1600329600 - 7200);
    assert_int_equal(first(fixture)->updated_utc_s, 1600329600 - 3600);
    fixture->options.fetched_utc_s = 0;
    assert_true(parse(fixture, feed));
    assert_int_equal(first(fixture)->published_utc_s, CLOCK_NONE);
    assert_string_equal(first(fixture)->published_raw, "2小时前");
}

static void json_output_is_valid_whatever_the_text(void **state)
{
    struct fixture *fixture = *state;
    assert_true(
        parse(fixture, RSS("<item><title>\"\\ &#9;tab&#x7f;\xf0\x9f\x98\x80</title></item>")));
    struct buffer out;
    buffer_init(&out, 1 << 16);
    feed_write_json(fixture->document, &out);
    assert_non_null(strstr(out.data, "\"title\": \"\\\"\\\\ tab\\u007f\xf0\x9f\x98\x80\""));
    buffer_release(&out);
}

/* libxml2 compares every attribute of a tag with every other. */
static void a_tag_with_thousands_of_attributes_is_refused_wherever_it_begins(void **state)
{
    struct fixture *fixture = *state;
    for (size_t before = 0; before < 12000; before += 611) {
        for (size_t count = 1000; count <= 4000; count += 3000) {
            char *text = calloc(1, 64 << 10), *end = text;
            end += sprintf(end, "<rss version='2.0'><channel><title>T</title>");
            memset(end, 'x', before);
            end = stpcpy(end + before, "<a");
            for (size_t i = 0; i < count; i++) {
                end += sprintf(end, " a%zu=''", i);
            }
            stpcpy(end, "/><item/></channel></rss>");
            bool parsed = parse(fixture, text);
            assert_int_equal(parsed, count < 2048);
            assert_true(parsed || fixture->fault.kind == FAULT_LIMIT);
            free(text);
        }
    }
}

static int setup_group(void **state)
{
    feed_parse_setup();
    return 0;
}

static int teardown_group(void **state)
{
    feed_parse_teardown();
    return 0;
}

int main(void)
{
#define parse_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        parse_test(a_tag_with_thousands_of_attributes_is_refused_wherever_it_begins),
        parse_test(missing_values_are_null_none_and_minus_one),
        parse_test(the_result_does_not_point_into_the_input),
        cmocka_unit_test(the_newest_are_kept_wherever_they_stand),
        parse_test(max_entries_keeps_the_first_and_reads_the_rest_of_the_feed),
        parse_test(a_date_that_means_nothing_is_kept_as_written),
        parse_test(the_raw_date_is_that_of_the_element_that_won),
        parse_test(a_broken_date_of_a_greater_element_leaves_the_lesser_one),
        parse_test(schedule_hints_are_bits_and_seconds),
        parse_test(numbers_that_are_none_are_missing),
        parse_test(arxiv_fields_are_read),
        parse_test(a_creator_with_commas_is_one_person_elsewhere),
        parse_test(a_greater_element_empties_the_list_of_a_lesser_one),
        parse_test(what_is_no_feed_is_named),
        parse_test(a_message_never_carries_control_characters_or_broken_utf8),
        parse_test(entities_that_multiply_are_a_limit),
        parse_test(small_entities_of_the_document_are_replaced),
        parse_test(nesting_has_a_limit_in_both_readings),
        parse_test(every_prefix_of_a_feed_keeps_what_it_says),
        parse_test(links_that_run_code_are_dropped),
        parse_test(json_values_of_the_wrong_type_are_missing),
        parse_test(dates_of_a_json_feed_may_be_told_from_the_fetch),
        parse_test(json_output_is_valid_whatever_the_text),
    };
    return cmocka_run_group_tests(tests, setup_group, teardown_group);
}
