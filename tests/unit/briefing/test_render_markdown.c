#include "draft_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "briefing/archive_table.h"
#include "briefing/markdown_text.h"
#include "briefing/render_markdown.h"

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part)) {
        count++;
    }
    return count;
}

/* The line of `text` that begins with `start`, in the fixture's arena. */
static const char *line_of(struct fixture *fixture, const char *text, const char *start)
{
    char *pattern = arena_printf(&fixture->arena, "\n%s", start);
    const char *found = strstr(text, pattern);
    assert_non_null(found);
    return arena_strndup(&fixture->arena, found + 1, strcspn(found + 1, "\n"));
}

static const char *item_of(struct fixture *fixture, const struct candidate *item)
{
    return line_of(fixture, fixture_markdown(fixture, item, 1), "- ");
}

static void hostile_titles_never_leave_their_link(void **state)
{
    static const struct {
        const char *title, *line;
    } cases[] = {
        {"a](https://evil.example/)[b",
            "- [a\\](https://evil.example/ )\\[b](https://example.com/)  "},
        {"x | y || z", "- [x \\| y \\|\\| z](https://example.com/)  "},
        {"two\nlines\r\n## heading", "- [two lines ## heading](https://example.com/)  "},
        {"<script>alert(1)</script>",
            "- [&lt;script>alert(1)&lt;/script>](https://example.com/)  "},
        {"a `code` *b* _c_ ~d~ e\\",
            "- [a \\`code\\` \\*b\\* \\_c\\_ \\~d\\~ e\\\\](https://example.com/)  "},
        {"snake_case and 2_3", "- [snake_case and 2_3](https://example.com/)  "},
        {"AT&T &lt;b&gt; &#60;",
            "- [AT&T &amp;lt;b&amp;gt; &amp;#60;](https://example.com/)  "},
        {"![img](x)", "- [!\\[img\\](x)](https://example.com/)  "},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct candidate item = fixture_candidate(1, NEWS, 0.5, cases[i].title);
        item.url = "https://example.com/";
        assert_string_equal(item_of(*state, &item), cases[i].line);
    }
}

static void hostile_addresses_never_end_early(void **state)
{
    static const struct {
        const char *url, *line;
    } cases[] = {
        {"https://example.com/a b(c)<d>\"e\"",
            "- [t](https://example.com/a%20b%28c%29%3Cd%3E%22e%22)  "},
        {"https://example.com/\n)", "- [t](https://example.com/%0A%29)  "},
        {"https://example.com/%28x%29?q=a_b&c=*",
            "- [t](https://example.com/%28x%29?q=a_b&c=*)  "},
        {"https://example.com/量", "- [t](https://example.com/%E9%87%8F)  "},
        {"https://example.com/`|\\", "- [t](https://example.com/%60%7C%5C)  "},
        {"javascript:alert(1)", "- t  "},
        {NULL, "- t  "},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct candidate item = fixture_candidate(1, NEWS, 0.5, "t");
        item.url = cases[i].url;
        assert_string_equal(item_of(*state, &item), cases[i].line);
    }
}

static void an_item_without_a_link_begins_no_other_block(void **state)
{
    static const char *const titles[][2] = {
        {"# x", "- \\# x  "},
        {"> x", "- \\> x  "},
        {"- x", "- \\- x  "},
        {"1. x", "- 1\\. x  "},
        {"12) x", "- 12\\) x  "},
        {"=== x", "- \\=== x  "},
        {"20260301", "- 20260301  "},
    };
    for (size_t i = 0; i < array_count(titles); i++) {
        struct candidate item = fixture_candidate(1, NEWS, 0.5, titles[i][0]);
        assert_string_equal(item_of(*state, &item), titles[i][1]);
    }
}

static void a_summary_stays_in_its_paragraph(void **state)
{
    struct fixture *fixture = *state;
    struct issue_item pick = {.title = "t",
        .url = "https://example.com/",
        .summary = "one *two*\n\n# three\n   \n- four <b>"};
    struct draft *draft = fixture_draft(fixture, NULL, 0);
    draft->issue->sections[NEWS].items = &pick;
    draft->issue->sections[NEWS].item_count = 1;
    issue_write_markdown(draft->issue, &fixture->out);
    assert_non_null(strstr(fixture->out.data,
        "- [t](https://example.com/)  \n摘要：one *two*  \n"
        "\\# three  \n\\- four <b>  \n\n\n"));
}

static void an_address_in_a_text_ends_where_it_ended(void **state)
{
    static const char *const cases[][2] = {
        {"见https://example.com/a_b。后文", "见https://example.com/a_b 。后文"},
        {"see https://example.com/x_, then *", "see https://example.com/x \\_, then \\*"},
        {"https://example.com/", "https://example.com/"},
        {"<https://example.com/>", "&lt;https://example.com/ >"},
        {"http://", "http://"},
        {"(https://example.com/a), b", "(https://example.com/a), b"},
        {"http://量_", "http:// 量\\_"},
        {"www.example.com`", "www.example.com \\`"},
        {"https://example.com/?a=1&lt;b", "https://example.com/?a=1 &amp;lt;b"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        buffer_clear(&fixture->out);
        markdown_write_text(cases[i][0], &fixture->out);
        assert_string_equal(fixture->out.data, cases[i][1]);
    }
}

static void a_title_of_ten_thousand_characters_makes_one_line(void **state)
{
    char title[10001];
    for (size_t i = 0; i < sizeof(title) - 1; i++) {
        title[i] = "a[ ]*|"[i % 6];
    }
    title[sizeof(title) - 1] = '\0';
    struct candidate item = fixture_candidate(1, NEWS, 0.5, title);
    item.url = "https://example.com/";
    const char *line = item_of(*state, &item);
    assert_true(strlen(line) < 800);
    assert_string_equal(line + strlen(line) - 25, "](https://example.com/)  ");
}

static void a_draft_without_picks_still_has_every_heading(void **state)
{
    const char *text = fixture_markdown(*state, NULL, 0);
    assert_int_equal(count_of(text, "\n## "), 5);
    assert_non_null(strstr(text, "> 导读：本次0条。\n"));
    assert_non_null(strstr(text, "\n## 论文\n"));
    assert_int_equal(count_of(text, "\n- "), 1); /* the footer's */
    assert_null(strstr(text, "热身"));
}

static void what_is_not_configured_is_not_written(void **state)
{
    struct fixture *fixture = *state;
    struct config_briefing *briefing = &fixture->config.briefing;
    briefing->front_matter = briefing->footer = briefing->note = briefing->lead_in = NULL;
    briefing->tagline = briefing->homepage = NULL;
    fixture->sections[OSS].note = NULL;
    const char *text = fixture_markdown(fixture, NULL, 0);
    assert_memory_equal(text, "# 端侧智能简报 (2026-03-05)\n\n> 导读：",
        strlen("# 端侧智能简报 (2026-03-05)\n\n> 导读："));
    assert_null(strstr(text, "注："));
    assert_null(strstr(text, "null"));
    assert_non_null(strstr(text, "\n## 往期回顾\n"));
}

static void write_table(struct fixture *fixture, const struct past_issue *past, size_t count)
{
    struct issue *issue = issue_furnish(&fixture->arena, &fixture->config, "2026-03-05");
    issue_set_archive(&fixture->arena, issue, &fixture->config.briefing, past, count);
    archive_table_write(issue, &fixture->out);
}

/* Columns of four, filled from the right, the year above its first row. */
static void the_archive_table_fills_leftwards(void **state)
{
    static const struct past_issue past[] = {{.date = "2026-02-18", .url = "x"},
        {.date = "2026-01-30", .url = "x"}, {.date = "2026-01-12", .url = "x"},
        {.date = "2025-12-20", .url = "x"}, {.date = "2025-12-01", .url = "x"},
        {.date = "2025-11-02", .url = "x"}, {.date = "2025-10-01", .url = "x"},
        {.date = "2025-09-01", .url = "x"}, {.date = "2025-08-01", .url = "x"}};
    static const char *const rows[] = {
        "|  |  |  | [2026-03-05](2026-03-05.md) |\n",
        "|  |  | [2026-03-05](2026-03-05.md) | [2026-02-18](x) |\n",
        "|  | [2026-03-05](2026-03-05.md) | [2026-02-18](x) | [2026-01-30](x) |\n",
        "| [2026-03-05](2026-03-05.md) | [2026-02-18](x) | [2026-01-30](x) | [2026-01-12](x) "
        "|\n",
        "|  |  |  | [2026-03-05](2026-03-05.md) |\n| [2026-02-18](x) | [2026-01-30](x) | "
        "[2026-01-12](x) | [2025-12-20](x) |\n",
    };
    struct fixture *fixture = *state;
    fixture->config.briefing.output_folder = ".";
    for (size_t count = 0; count < array_count(rows); count++) {
        buffer_clear(&fixture->out);
        write_table(fixture, past, count);
        char expected[512];
        snprintf(expected, sizeof(expected), "| 2 | 0 | 2 | 6 |\n|:---:|:---:|:---:|:---:|\n%s",
            rows[count]);
        assert_string_equal(fixture->out.data, expected);
    }
    /* anchored at 2026-01-30, what is older runs from left to right, and 2025 begins in a row
     * of 2026 */
    fixture->config.briefing.archive_anchor = "2026-01-30";
    buffer_clear(&fixture->out);
    write_table(fixture, past, 9);
    assert_string_equal(fixture->out.data,
        "| 2 | 0 | 2 | 6 |\n|:---:|:---:|:---:|:---:|\n"
        "|  | [2026-03-05](2026-03-05.md) | [2026-02-18](x) | [2026-01-30](x) |\n"
        "| [2026-01-12](x) | [2025-12-20](x) | [2025-12-01](x) | [2025-11-02](x) |\n"
        "| 2 | 0 | 2 | 5 |\n"
        "| [2025-10-01](x) | [2025-09-01](x) | [2025-08-01](x) |\n");
}

static void an_issue_printed_again_is_listed_once(void **state)
{
    static const struct past_issue past[] = {
        {.date = "2026-03-05", .url = "x"}, {.date = "2026-02-18", .url = "x"}};
    struct fixture *fixture = *state;
    write_table(fixture, past, 2);
    assert_int_equal(count_of(fixture->out.data, "2026-03-05]("), 1);
}

static char *read_golden(const char *name)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/briefing/%s", getenv("BRIEFD_FIXTURES"), name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *text = calloc(1, 1 << 16);
    size_t length = fread(text, 1, (1 << 16) - 1, file);
    fclose(file);
    assert_true(length > 0);
    return text;
}

static void a_whole_issue_is_written_in_the_house_form(void **state)
{
    static const struct past_issue past[] = {{.date = "2026-02-18", .url = NULL},
        {.date = "2026-01-30", .url = NULL},
        {.date = "2026-01-12", .url = "https://example.org/2026-01-12.md"},
        {.date = "2025-12-20", .url = NULL}, {.date = "2025-12-01", .url = NULL},
        {.date = "2025-11-10", .url = NULL}};
    struct fixture *fixture = *state;
    size_t count;
    const struct candidate *items = fixture_candidates(&count);
    struct draft *draft = fixture_draft(fixture, items, count);
    issue_set_archive(
        &fixture->arena, draft->issue, &fixture->config.briefing, past, array_count(past));
    issue_write_markdown(draft->issue, &fixture->out);
    char *golden = read_golden("whole-issue.md");
    assert_string_equal(fixture->out.data, golden);
    free(golden);
}

#define markdown_test(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        markdown_test(hostile_titles_never_leave_their_link),
        markdown_test(hostile_addresses_never_end_early),
        markdown_test(an_item_without_a_link_begins_no_other_block),
        markdown_test(a_summary_stays_in_its_paragraph),
        markdown_test(an_address_in_a_text_ends_where_it_ended),
        markdown_test(a_title_of_ten_thousand_characters_makes_one_line),
        markdown_test(a_draft_without_picks_still_has_every_heading),
        markdown_test(what_is_not_configured_is_not_written),
        markdown_test(the_archive_table_fills_leftwards),
        markdown_test(an_issue_printed_again_is_listed_once),
        markdown_test(a_whole_issue_is_written_in_the_house_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
