/* What the Python tests of all forms (tests/render) cannot reach: lines of any width, senders,
 * feeds of many issues. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "base/clock.h"
#include "briefing/letters.h"
#include "briefing/render.h"
#include "briefing/render_feed.h"
#include "briefing/render_mail.h"
#include "briefing/render_text.h"
#include "briefing/render_wechat.h"
#include "briefing/render_wechat_page.h"
#include "briefing/text_wrap.h"
#include "issue_fixture.h"

struct bench {
    struct arena arena;
    struct buffer out;
};

static int set_up(void **state)
{
    static struct bench bench;
    arena_init(&bench.arena);
    buffer_init(&bench.out, 1 << 22);
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    buffer_release(&bench->out);
    arena_release(&bench->arena);
    return 0;
}

/* ---- lines ---- */

static void lines_break_where_chinese_may(void **state)
{
    static const struct {
        const char *text, *wrapped;
    } cases[] = {
        {"一二三四五六七八", "一二三四五\n  六七八\n"},
        {"一二三四五，六七", "一二三四\n  五，六七\n"},
        {"一二三四「五六」", "一二三四\n  「五六」\n"},
        {"一二 https://a.example/long/address 三",
            "一二\n  https://a.example/long/address\n  三\n"},
        {"one two three", "one two\n  three\n"},
        {"一\n二", "一\n  二\n"},
        {"", "\n"},
        {"一二三量化int8模型", "一二三量化\n  int8模型\n"},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        buffer_clear(&bench->out);
        text_wrap_write(cases[i].text, "", "  ", 10, &bench->out);
        assert_string_equal(bench->out.data, cases[i].wrapped);
    }
}

static void no_width_breaks_nothing_and_loses_nothing(void **state)
{
    struct bench *bench = *state;
    const struct issue *issue = issue_fixture(&bench->arena);
    render_text_wrapped(issue, 0, &bench->out);
    char *whole = arena_strdup(&bench->arena, bench->out.data);
    for (size_t columns = 1; columns < 120; columns += 7) {
        buffer_clear(&bench->out);
        render_text_wrapped(issue, columns, &bench->out);
        const char *a = whole, *b = bench->out.data;
        while (
            *a != '\0' || *b != '\0') { /* but for white space and the rules under headings */
            a += strspn(a, " \n-=");
            b += strspn(b, " \n-=");
            assert_int_equal(*a, *b);
            a += *a != '\0';
            b += *b != '\0';
        }
    }
}

/* ---- mail ---- */

static void a_sender_makes_it_a_message(void **state)
{
    struct bench *bench = *state;
    struct render_mail mail = {
        .from = "嵌入式AI简报\r\nBcc: x@example.org <brief@example.org>",
        .to = "list@example.org",
        .date_utc_s = 1772712000, /* 2026-03-05 12:00 UTC */
        .utc_offset_s = 8 * 3600,
    };
    render_mail_write(issue_fixture(&bench->arena), &mail, &bench->out);
    assert_null(strstr(bench->out.data, "X-Unsent"));
    assert_null(strstr(bench->out.data, "\nBcc:"));
    assert_int_equal(strncmp(bench->out.data, "From: =?utf-8?B?", 16), 0);
    assert_non_null(
        strstr(bench->out.data, "\r\n <brief@example.org>\r\nTo: <list@example.org>\r\n"));
    assert_non_null(strstr(bench->out.data, "Date: Thu, 5 Mar 2026 20:00:00 +0800\r\n"));
}

static void an_ascii_name_is_a_quoted_string(void **state)
{
    struct bench *bench = *state;
    struct render_mail mail = {.from = "The \"Brief\", daily <a@example.org>"};
    render_mail_write(issue_fixture(&bench->arena), &mail, &bench->out);
    assert_int_equal(strncmp(bench->out.data,
                         "From: \"The \\\"Brief\\\", daily\"\r\n <a@example.org>\r\n", 48),
        0);
}

/* ---- feeds ---- */

static void a_feed_has_the_time_of_what_changed_last(void **state)
{
    struct bench *bench = *state;
    struct issue *old = issue_fixture(&bench->arena), *new = issue_fixture(&bench->arena);
    old->date = "2026-02-18";
    const struct render_feed_entry entries[] = {
        {.issue = new, .published_utc_s = 1772712000, .updated_utc_s = CLOCK_NONE},
        {.issue = old, .published_utc_s = CLOCK_NONE, .updated_utc_s = 1772715600},
    };
    const struct render_feed feed = {.title = "<简报>",
        .language = "zh-CN",
        .homepage = "https://example.org",
        .self_url = "https://example.org/issues.atom",
        .entries = entries,
        .entry_count = 2};
    render_feed_atom(&feed, &bench->out);
    assert_non_null(strstr(bench->out.data,
        "<title>&lt;简报&gt;</title>\n"
        "<updated>2026-03-05T13:00:00Z</updated>"));
    assert_non_null(strstr(bench->out.data, "rel=\"self\""));
    assert_non_null(strstr(bench->out.data,
        "<published>2026-02-18T00:00:00Z</published>\n"
        "<updated>2026-03-05T13:00:00Z</updated>"));
    assert_non_null(strstr(bench->out.data, "<id>tag:example.org,2026-02-18:/</id>"));
}

static void an_empty_feed_is_a_feed(void **state)
{
    struct bench *bench = *state;
    const struct render_feed feed = {.title = "简报", .language = "zh-CN"};
    render_feed_json(&feed, &bench->out);
    assert_string_equal(bench->out.data,
        "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"简报\","
        "\"language\":\"zh-CN\",\"authors\":[{\"name\":\"简报\"}],\"items\":[]}\n");
    buffer_clear(&bench->out);
    render_feed_atom(&feed, &bench->out);
    assert_non_null(strstr(bench->out.data, "<id>tag:localhost,2020:%E7%AE%80%E6%8A%A5</id>"));
}

/* ---- all ---- */

static void every_format_is_found_by_its_name(void **state)
{
    size_t count;
    const struct render_format *formats = render_formats(&count);
    assert_int_equal(count, 8);
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(render_find_format(formats[i].name), &formats[i]);
    }
    assert_null(render_find_format("pdf"));
}

/* Fields that no reader sees: the store's, and what only Markdown files have. */
static bool is_unseen(const char *form, const char *name)
{
    static const char *const everywhere[] = {"].id", "].key", "front_matter", "awaits_url",
        "spaces_", "archive_anchor", "archive_filler", "clause", "highlight", "short_title",
        "labels.guide_count", "labels.link", "labels.title", "labels.project", "labels.code",
        "labels.paper", "bracket", "item_separator", "headline_separator", "form", "language",
        "linked", "archive[", "archive_count", "count", "archive_form"};
    static const char *const elsewhere[][2] = {{"wechat", "title"}, {"wechat", "date"},
        {"wechat", "headline"}, {"wechat", "archive"}, {"wechat", "url"}, {"text", "url"},
        {"html", "references"}, {"text", "references"}};
    bool unseen = false;
    for (size_t i = 0; i < array_count(everywhere); i++) {
        unseen |= strstr(name, everywhere[i]) != NULL;
    }
    for (size_t i = 0; i < array_count(elsewhere); i++) {
        unseen |= strcmp(form, elsewhere[i][0]) == 0 && strstr(name, elsewhere[i][1]) != NULL;
    }
    return unseen;
}

static void a_change_of_any_printed_text_shows(void **state)
{
    static const char *const forms[] = {"html", "wechat", "text"};
    struct bench *bench = *state;
    for (size_t f = 0; f < array_count(forms); f++) {
        struct issue_field fields[ISSUE_FIELDS_MAX];
        const struct render_format *format = render_find_format(forms[f]);
        struct issue *issue = issue_fixture(&bench->arena);
        size_t count = issue_fixture_fields(issue, fields), seen = 0;
        for (size_t i = 0; i < count; i++) {
            if (fields[i].text == NULL || is_unseen(forms[f], fields[i].name)) {
                continue;
            }
            bool url = strstr(fields[i].name, "url") != NULL;
            bool date = strstr(fields[i].name, "date") != NULL;
            const char *before = *fields[i].text;
            *fields[i].text = url ? "https://changed.example/q"
                : date            ? "2011-11-11"
                                  : "另一句话";
            buffer_clear(&bench->out);
            format->write(issue, &bench->out);
            if (strstr(bench->out.data, *fields[i].text) == NULL) {
                print_error("%s does not show %s\n", forms[f], fields[i].name);
                fail();
            }
            *fields[i].text = before;
            seen++;
        }
        assert_true(seen > 25);
    }
}

static void the_script_of_the_copy_page_is_no_part_of_it(void **state)
{
    struct bench *bench = *state;
    render_wechat_page(issue_fixture(&bench->arena), "/w.js?a=1&b=\"", &bench->out);
    assert_non_null(
        strstr(bench->out.data, "<script defer src=\"/w.js?a=1&amp;b=&quot;\"></script>"));
    assert_null(strstr(bench->out.data, "addEventListener"));
    assert_non_null(strstr(render_wechat_script(), "text/html"));
    assert_non_null(strstr(bench->out.data, render_wechat_page_style()));
    assert_non_null(strstr(bench->out.data, "<div>标题：<strong>")); /* no Latin colon */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(lines_break_where_chinese_may),
        TEST(no_width_breaks_nothing_and_loses_nothing),
        TEST(a_sender_makes_it_a_message),
        TEST(an_ascii_name_is_a_quoted_string),
        TEST(a_feed_has_the_time_of_what_changed_last),
        TEST(an_empty_feed_is_a_feed),
        TEST(every_format_is_found_by_its_name),
        TEST(a_change_of_any_printed_text_shows),
        TEST(the_script_of_the_copy_page_is_no_part_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
