/* Published issues read and printed again: the forms of all years byte for byte, slips as what
 * they were meant to be, and no text in any field that leaves its field. */
#include "briefing/issue_reader.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "briefing/render_markdown.h"
#include "issue_fixture.h"

static const char configuration[] =
    "briefing { title = \"端侧智能简报\" archive_anchor = \"2020-02-16\" }\n"
    "section \"brief\" { title = \"热身小新闻\" short_title = \"热身\" form = oneline }\n"
    "section \"news\" { title = \"业界新闻\" short_title = \"新闻\" fallback = true }\n"
    "section \"papers\" { title = \"论文\" form = paper }\n"
    "section \"oss\" { title = \"开源项目\" short_title = \"开源\" form = project }\n"
    "section \"blog\" { title = \"博文\" }\n"
    "feed \"f\" { url = \"https://f.example/feed\" }\n";

struct bench {
    struct arena arena;
    struct config *config;
};

static int setup(void **state)
{
    static struct bench bench;
    struct problems problems;
    problems_init(&problems);
    arena_init(&bench.arena);
    bench.config = config_parse(configuration, "feeds.conf", &problems);
    problems_release(&problems);
    *state = &bench;
    return bench.config == NULL;
}

static int teardown(void **state)
{
    struct bench *bench = *state;
    config_unref(bench->config);
    arena_release(&bench->arena);
    return 0;
}

static struct issue_reading read_text(struct bench *bench, const char *date, const char *text)
{
    return issue_read_markdown(&bench->arena, bench->config, date, text, strlen(text));
}

static const char *print(struct bench *bench, const struct issue *issue)
{
    struct buffer out;
    buffer_init(&out, 8 << 20);
    issue_write_markdown(issue, &out);
    const char *text = arena_strdup(&bench->arena, out.data);
    buffer_release(&out);
    return text;
}

static const char *json_of(struct bench *bench, const struct issue *issue)
{
    struct buffer out;
    buffer_init(&out, 8 << 20);
    issue_write_json(issue, &out);
    const char *text = arena_strdup(&bench->arena, out.data);
    buffer_release(&out);
    return text;
}

static const char *fixture_text(struct bench *bench, const char *name)
{
    char path[512];
    struct buffer text;
    char chunk[4096];
    size_t got;
    snprintf(path, sizeof(path), "%s/briefing/issues/%s", getenv("BRIEFD_FIXTURES"), name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    buffer_init(&text, 1 << 20);
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0) {
        buffer_append(&text, chunk, got);
    }
    fclose(file);
    const char *copy = arena_strdup(&bench->arena, text.data);
    buffer_release(&text);
    return copy;
}

/* ---- the forms ---- */

static void the_forms_of_all_years_come_back_byte_for_byte(void **state)
{
    static const char *const forms[][2] = {{"2019-form.md", "2019-05-15"},
        {"2020-form.md", "2020-10-21"}, {"2021-form.md", "2021-07-18"},
        {"skeleton-form.md", "2020-11-30"}};
    struct bench *bench = *state;
    for (size_t i = 0; i < array_count(forms); i++) {
        const char *text = fixture_text(bench, forms[i][0]);
        struct issue_reading reading = read_text(bench, forms[i][1], text);
        assert_int_equal(reading.unread_count, 0);
        assert_string_equal(print(bench, reading.issue), text);
    }
}

static void slips_are_read_as_what_they_were_meant_to_be(void **state)
{
    struct bench *bench = *state;
    struct issue_reading reading = read_text(
        bench, "2020-08-06", fixture_text(bench, "slips.md"));
    assert_string_equal(print(bench, reading.issue), fixture_text(bench, "slips.expected.md"));
    assert_int_equal(reading.unread_count, 2);
    assert_int_equal(reading.unread[0].line, 31);
    assert_string_equal(reading.unread[0].text, "> 引用一句");
    assert_int_equal(reading.unread[1].line, 41);
}

static const struct issue_section *section_of(const struct issue *issue, size_t index)
{
    assert_true(index < issue->section_count);
    return &issue->sections[index];
}

static void what_an_issue_of_2019_says_stands_in_its_fields(void **state)
{
    struct bench *bench = *state;
    const struct issue *issue =
        read_text(bench, "2019-05-15", fixture_text(bench, "2019-form.md")).issue;
    assert_string_equal(issue->front_matter, "layout: default");
    assert_string_equal(issue->preface, "<font>注：链接打不开请换一台设备</font>");
    assert_null(issue->guide);
    assert_int_equal(issue->section_count, 5);
    const struct issue_section *odd = section_of(issue, 1);
    assert_string_equal(odd->title, "应用");
    assert_string_equal(odd->id, "news");
    const struct issue_item *first = &section_of(issue, 0)->items[0];
    assert_string_equal(first->title, "某厂发布第一款 NPU");
    assert_string_equal(first->source, "某某新闻");
    assert_string_equal(first->url, "https://example.org/n/1?a=b*c");
    assert_string_equal(first->summary, "第一款 NPU 的功耗是 1 瓦。\n第二段也属于这一条。");
    assert_null(section_of(issue, 0)->items[1].url);
    const struct issue_item *paper = &section_of(issue, 2)->items[0];
    assert_string_equal(paper->tags[0], "1905.00001");
    assert_int_equal(paper->link_count, 2);
    assert_string_equal(paper->links[1].label, "解读");
    assert_null(paper->summary);
    const struct issue_item *about = &section_of(issue, 2)->items[2];
    assert_int_equal(about->line_count, 2);
    assert_string_equal(about->lines[1].label, "地址：");
    assert_string_equal(about->summary, "  - 先是列表；\n  - 再是列表。");
    assert_string_equal(section_of(issue, 3)->items[0].prefix, "owner/tiny");
    assert_null(section_of(issue, 3)->items[1].prefix);
    const struct issue_item *replay = &section_of(issue, 4)->items[0];
    assert_int_equal(replay->line_count, 2);
    assert_true(replay->bare_summary);
    assert_non_null(strstr(issue->closing, "\n2. 先写测试。"));
    assert_int_equal(issue->archive_form, ISSUE_ARCHIVE_LIST);
    assert_int_equal(issue->archive_count, 2);
    assert_non_null(strstr(issue->footer, "Chat ID: Tiny  \nEditor"));
}

static void what_an_issue_of_2020_says_stands_in_its_fields(void **state)
{
    struct bench *bench = *state;
    const struct issue *issue =
        read_text(bench, "2020-10-21", fixture_text(bench, "2020-form.md")).issue;
    assert_string_equal(issue->labels.open_bracket, "【");
    const struct issue_section *brief = section_of(issue, 0);
    assert_int_equal(brief->form, CONFIG_FORM_ONELINE);
    assert_int_equal(brief->item_count, 5);
    assert_string_equal(brief->items[0].subject, "英伟达 & ARM");
    assert_null(brief->items[0].linked);
    assert_string_equal(brief->items[1].subject, "高通");
    assert_string_equal(brief->items[1].title, "出骁龙新款，将于明年上市");
    assert_string_equal(brief->items[1].linked, "出骁龙新款");
    assert_null(brief->items[3].subject); /* a sentence with a colon names no subject */
    assert_string_equal(
        section_of(issue, 1)->items[0].title, "首发 | 某厂发布 NPU：1 瓦、4 TOPS");
    const struct issue_item *paper = &section_of(issue, 2)->items[1];
    assert_int_equal(paper->tag_count, 2);
    assert_int_equal(paper->line_count, 3);
    assert_string_equal(paper->key, "https://example.org/p/2");
    assert_string_equal(section_of(issue, 2)->items[0].key, "arxiv:2009.00001");
    assert_int_equal(issue->archive_count, 19);
    assert_int_equal(issue->archive[3].spaces_after, 1);
    assert_int_equal(issue->archive[13].spaces_before, 1);
    assert_int_equal(issue->blanks_behind_note, 2);
    assert_string_equal(issue->archive_filler, "-");
    assert_int_equal(issue_count_items(issue), 6);
}

static void an_unfinished_issue_of_2021_keeps_its_gaps(void **state)
{
    struct bench *bench = *state;
    const struct issue *issue =
        read_text(bench, "2021-07-18", fixture_text(bench, "2021-form.md")).issue;
    assert_string_equal(issue->headline, "某厂新 NPU/小网络/十年经验");
    assert_string_equal(issue->note_before, "个别链接打不开，请点击文末【阅读原文】跳转。");
    assert_null(issue->note_after);
    assert_int_equal(issue->archive_form, ISSUE_ARCHIVE_NONE);
    assert_true(section_of(issue, 1)->items[1].awaits_url);
    assert_int_equal(section_of(issue, 4)->item_count, 0);
}

static void headlines_stand_behind_a_space_or_a_colon(void **state)
{
    static const char *const cases[][3] = {
        {"# 端侧智能简报 (2020-11-30) a/b/c\n", "a/b/c", " "},
        {"# 端侧智能简报 (2020-11-30)：a/b/c\n", "a/b/c", "："},
        {"# 端侧智能简报 (2020-11-30)\n", NULL, NULL},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        const struct issue *issue = read_text(bench, "2020-11-30", cases[i][0]).issue;
        if (cases[i][1] == NULL) {
            assert_null(issue->headline);
        } else {
            assert_string_equal(issue->headline, cases[i][1]);
            assert_string_equal(issue->labels.headline_separator, cases[i][2]);
        }
        assert_memory_equal(print(bench, issue), cases[i][0], strlen(cases[i][0]));
    }
}

static void most_labels_decide_which_colon_an_issue_has(void **state)
{
    struct bench *bench = *state;
    const struct issue *issue = read_text(bench, "2019-08-15",
        "# 端侧智能简报 (2019-08-15)\n\n## 博文\n\n- a\n摘要:一\n- b\n摘要:二\n- c\n摘要：三\n")
                                    .issue;
    assert_string_equal(issue->labels.summary, "摘要:");
}

static void a_file_that_is_no_issue_is_listed(void **state)
{
    struct bench *bench = *state;
    struct issue_reading reading = read_text(bench, "2020-01-01", "PK\x03\x04\xff\nbinary\n");
    assert_true(reading.unread_count > 0);
    assert_string_equal(reading.issue->date, "2020-01-01");
    reading = read_text(bench, "2020-01-01", "");
    assert_int_equal(reading.issue->section_count, 0);
}

static void another_date_in_the_heading_is_said(void **state)
{
    struct bench *bench = *state;
    struct issue_reading reading = read_text(
        bench, "2020-01-02", "# 端侧智能简报 (2020-01-01)\n");
    assert_int_equal(reading.unread_count, 1);
    assert_string_equal(reading.issue->date, "2020-01-02");
}

/* ---- no field leaves its field ---- */

/* The sample as the reader gives it: all that Markdown carries. */
static struct issue *make_base(struct bench *bench)
{
    struct issue *issue = issue_fixture(&bench->arena);
    issue->sections[1].form = CONFIG_FORM_PROJECT;
    issue->sections[1].id = "oss";
    issue->sections[1].title = "开源项目";
    return read_text(bench, issue->date, print(bench, issue)).issue;
}

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

/* Fields that Markdown has no place for, and those whose value is another's business. */
static bool is_printed(const struct issue_field *field)
{
    static const char *const silent[] = {"language", "url", "labels.", "date", "sections[1].id",
        "sections[1].short_title", "sections[1].form", "archive_anchor"};
    for (size_t i = 0; i < array_count(silent); i++) {
        if (begins(field->name, silent[i])) {
            return false;
        }
    }
    return strstr(field->name, ".key") == NULL && strstr(field->name, ".clause") == NULL &&
        strstr(field->name, ".highlight") == NULL && strstr(field->name, ".id") == NULL;
}

/* One place for one text: what a person could write there. Addresses, dates and labels of lines
 * are not free texts; a prefix is a repository's name, the footer and front matter end where
 * the form says. */
static bool is_free_text(const struct issue_field *field)
{
    static const char *const bound[] = {"url", "date", "lines[0].label", "prefix", "linked",
        "front_matter", "footer", "filler", "sections[1].title"};
    for (size_t i = 0; i < array_count(bound); i++) {
        if (strstr(field->name, bound[i]) != NULL) {
            return false;
        }
    }
    return field->text != NULL && is_printed(field);
}

/* Texts that mean something in their place by themselves: a subject in a line without one, a
 * prefix in a project without one, a label before a summary that has none. */
static bool means_more(const struct issue_field *field, const char *text)
{
    bool colon = strstr(text, "：") != NULL || strstr(text, ": ") != NULL;
    return (strcmp(field->name, "sections[1].items[1].title") == 0 && begins(text, "o/r")) ||
        (strstr(field->name, "subject") != NULL &&
            (colon || strpbrk(text, "|[]<>*`()\\#:") != NULL || strstr(text, "；") != NULL ||
                strstr(text, "。") != NULL || strspn(text, "-=~1. ") == strlen(text)));
}

/* `a` from a little before the place where it differs from `b`. */
static const char *behind(const char *a, const char *b)
{
    size_t same = 0;
    while (a[same] != '\0' && a[same] == b[same]) {
        same++;
    }
    return a + (same > 40 ? same - 40 : 0);
}

static void a_hostile_text_comes_back_in_its_field_and_nowhere_else(void **state)
{
    static const char *const texts[] = {"- x", "* x", "+ x", "## x", "# x", "| a | b |", "> x",
        "> 注：x", "> 导读：x", "```", "~~~ x", "----", "- - -", "===", "***", "1. x", "12) x",
        "摘要：x", "链接：https://example.org/", "](https://evil.example/)", "[x](y)", "[x]: y",
        "**b** _c_ ~d~", "a_b*c`d", "<!-- x", "<script>x", "<b>x</b>", "&lt;b&gt; &#65; &amp;",
        "a\\", "\\\\", "|", "a | b", "a 丨 b", "a ｜b", "o/r: x", "o/r：x", "x；", "x。", "x;",
        "[", "]", "(", ")", "[[", "![", "#", "-", "https://example.org/a_b *c",
        "x (2020-01-01)", "|---|"};
    struct bench *bench = *state;
    struct issue_field fields[ISSUE_FIELDS_MAX];
    size_t count = issue_fixture_fields(make_base(bench), fields), tried = 0, failed = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < array_count(texts); k++) {
            struct issue *issue = make_base(bench);
            issue_fixture_fields(issue, fields);
            if (!is_free_text(&fields[i]) || means_more(&fields[i], texts[k])) {
                continue;
            }
            *fields[i].text = texts[k];
            issue->sections[0].items[0].linked = NULL; /* it is not in every title */
            const char *wanted = json_of(bench, issue);
            const char *markdown = print(bench, issue);
            const char *got = json_of(bench, read_text(bench, issue->date, markdown).issue);
            if (strcmp(wanted, got) != 0) {
                failed++;
                print_error("%s = '%s'\nwanted …%.120s\ngot    …%.120s\n", fields[i].name,
                    texts[k], behind(wanted, got), behind(got, wanted));
            }
            tried++;
        }
    }
    assert_int_equal(failed, 0);
    assert_true(tried > 900);
}

static void lines_of_a_text_stay_its_lines(void **state)
{
    static const char *const fields_of_lines[] = {
        "guide", "preface", "closing", "sections[0].lead_in", "sections[1].items[0].summary"};
    struct bench *bench = *state;
    struct issue_field fields[ISSUE_FIELDS_MAX];
    size_t count = issue_fixture_fields(make_base(bench), fields), tried = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < array_count(fields_of_lines); k++) {
            if (strcmp(fields[i].name, fields_of_lines[k]) != 0) {
                continue;
            }
            struct issue *issue = make_base(bench);
            issue_fixture_fields(issue, fields);
            *fields[i].text =
                "第一行\n- 第二行\n## 第三行\n> 注：第四行\n----\n```\n| a |\n|---|";
            const char *wanted = json_of(bench, issue);
            assert_string_equal(
                json_of(bench, read_text(bench, issue->date, print(bench, issue)).issue),
                wanted);
            tried++;
        }
    }
    assert_int_equal(tried, array_count(fields_of_lines));
}

/* The lines in which two texts differ, those of the one and those of the other. */
static size_t count_other_lines(const char *a, const char *b)
{
    size_t others = 0;
    while (*a != '\0' && *b != '\0') {
        size_t left = strcspn(a, "\n"), right = strcspn(b, "\n");
        others += left != right || memcmp(a, b, left) != 0;
        a += left + (a[left] == '\n');
        b += right + (b[right] == '\n');
    }
    return others + (*a != '\0' || *b != '\0' ? 1000 : 0);
}

static void a_change_of_a_field_changes_its_line_and_no_other(void **state)
{
    struct bench *bench = *state;
    const char *before = print(bench, make_base(bench));
    struct issue_field fields[ISSUE_FIELDS_MAX];
    size_t count = issue_fixture_fields(make_base(bench), fields), silent = 0;
    for (size_t i = 0; i < count; i++) {
        struct issue *issue = make_base(bench);
        issue_fixture_fields(issue, fields);
        bool date = strstr(fields[i].name, "date") != NULL;
        bool url = strstr(fields[i].name, "url") != NULL;
        const char *to = date ? "2026-01-11" : url ? "https://example.org/changed" : "改过的字";
        issue_fixture_change(&fields[i], to);
        const char *after = print(bench, issue);
        bool same = strcmp(before, after) == 0;
        silent += same;
        if (same && is_printed(&fields[i])) {
            fail_msg("a change of %s is not seen", fields[i].name);
        }
        bool one_line = fields[i].text != NULL && is_printed(&fields[i]) &&
            strstr(fields[i].name, "guide") == NULL &&
            strstr(fields[i].name, "summary") == NULL &&
            strstr(fields[i].name, "footer") == NULL;
        if (one_line) {
            assert_int_equal(count_other_lines(before, after), 1);
            /* a title that does not hold what is linked is linked as a whole */
            bool shown = strstr(fields[i].name, "linked") == NULL;
            assert_true(!shown || strstr(after, to) != NULL);
        }
    }
    assert_true(silent < 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define reader_test(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
        reader_test(the_forms_of_all_years_come_back_byte_for_byte),
        reader_test(slips_are_read_as_what_they_were_meant_to_be),
        reader_test(what_an_issue_of_2019_says_stands_in_its_fields),
        reader_test(what_an_issue_of_2020_says_stands_in_its_fields),
        reader_test(an_unfinished_issue_of_2021_keeps_its_gaps),
        reader_test(headlines_stand_behind_a_space_or_a_colon),
        reader_test(most_labels_decide_which_colon_an_issue_has),
        reader_test(a_file_that_is_no_issue_is_listed),
        reader_test(another_date_in_the_heading_is_said),
        reader_test(a_hostile_text_comes_back_in_its_field_and_nowhere_else),
        reader_test(lines_of_a_text_stay_its_lines),
        reader_test(a_change_of_a_field_changes_its_line_and_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
