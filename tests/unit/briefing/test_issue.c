/* The struct an issue is, and its JSON document: no field is lost, no bad document gets in. */
#include "briefing/issue.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "issue_fixture.h"

struct bench {
    struct arena arena;
    struct buffer out;
};

static int setup(void **state)
{
    static struct bench bench;
    arena_init(&bench.arena);
    buffer_init(&bench.out, 1 << 20);
    *state = &bench;
    return 0;
}

static int teardown(void **state)
{
    struct bench *bench = *state;
    buffer_release(&bench->out);
    arena_release(&bench->arena);
    return 0;
}

static const char *json_of(struct bench *bench, const struct issue *issue)
{
    buffer_clear(&bench->out);
    issue_write_json(issue, &bench->out);
    assert_false(buffer_failed(&bench->out));
    return arena_strdup(&bench->arena, bench->out.data);
}

static struct issue *read_back(struct bench *bench, const char *json)
{
    struct issue *issue = NULL;
    struct fault fault = {0};
    if (!issue_read_json(&bench->arena, json, strlen(json), &issue, &fault)) {
        fail_msg("%s in %s", fault.message, json);
    }
    return issue;
}

/* The value that a changed text is given: of each kind that has its own form. */
static const char *another(const struct issue_field *field)
{
    bool date = strstr(field->name, "date") != NULL || strstr(field->name, "anchor") != NULL;
    bool url = strstr(field->name, "url") != NULL;
    return date ? "2011-11-11"
        : url   ? "https://example.org/other"
                : "另一个\n\"值\" \\ <b>&amp;";
}

static bool same(const struct issue_field *a, const struct issue_field *b)
{
    if (a->text != NULL) {
        return *a->text == *b->text ||
            (*a->text != NULL && *b->text != NULL && strcmp(*a->text, *b->text) == 0);
    }
    return a->flag != NULL  ? *a->flag == *b->flag
        : a->small != NULL  ? *a->small == *b->small
        : a->id != NULL     ? *a->id == *b->id
        : a->choice != NULL ? *a->choice == *b->choice
                            : *a->count == *b->count;
}

static void every_field_comes_back_from_json(void **state)
{
    struct bench *bench = *state;
    struct issue *issue = issue_fixture(&bench->arena);
    const char *json = json_of(bench, issue);
    struct issue *read = read_back(bench, json);
    struct issue_field left[ISSUE_FIELDS_MAX], right[ISSUE_FIELDS_MAX];
    size_t count = issue_fixture_fields(issue, left);
    assert_int_equal(issue_fixture_fields(read, right), count);
    for (size_t i = 0; i < count; i++) {
        if (!same(&left[i], &right[i])) {
            fail_msg("%s differs", left[i].name);
        }
    }
    assert_string_equal(json_of(bench, read), json);
}

/* Each field of its own: what changes is written, and read again as it was written. */
static void a_change_of_any_field_is_a_change_of_the_json(void **state)
{
    struct bench *bench = *state;
    const char *json = json_of(bench, issue_fixture(&bench->arena));
    struct issue_field fields[ISSUE_FIELDS_MAX];
    size_t count = issue_fixture_fields(issue_fixture(&bench->arena), fields);
    for (size_t i = 0; i < count; i++) {
        struct issue *issue = issue_fixture(&bench->arena);
        issue_fixture_fields(issue, fields);
        issue_fixture_change(&fields[i], another(&fields[i]));
        const char *changed = json_of(bench, issue);
        if (strcmp(changed, json) == 0) {
            fail_msg("%s is not written", fields[i].name);
        }
        struct issue *read = read_back(bench, changed);
        struct issue_field again[ISSUE_FIELDS_MAX];
        if (fields[i].count == NULL) {
            issue_fixture_fields(read, again);
            assert_true(same(&fields[i], &again[i]));
        }
        assert_string_equal(json_of(bench, read), changed);
    }
}

static void a_text_that_is_missing_is_null_and_comes_back_so(void **state)
{
    struct bench *bench = *state;
    struct issue_field fields[ISSUE_FIELDS_MAX];
    size_t count = issue_fixture_fields(issue_fixture(&bench->arena), fields), left_out = 0;
    for (size_t i = 0; i < count; i++) {
        struct issue *issue = issue_fixture(&bench->arena);
        issue_fixture_fields(issue, fields);
        if (fields[i].text == NULL) {
            continue;
        }
        *fields[i].text = NULL;
        const char *json = json_of(bench, issue);
        struct issue *read = NULL;
        struct fault fault = {0};
        if (issue_read_json(&bench->arena, json, strlen(json), &read, &fault)) {
            issue_fixture_fields(read, fields);
            bool label = strstr(fields[i].name, "labels.") != NULL;
            assert_true(label ? **fields[i].text == '\0' : *fields[i].text == NULL);
        } else {
            assert_non_null(strstr(fault.message, ": expected"));
            left_out++;
        }
    }
    /* date, title; section id, title; three items' titles, a tag, labels of link and line, date
     * of a past issue */
    assert_int_equal(left_out, 11);
}

static const char smallest[] = "{\"date\":\"2020-09-17\",\"title\":\"t\",\"archive_form\":"
                               "\"none\",\"labels\":{}}";

static void what_a_document_leaves_out_is_empty(void **state)
{
    struct bench *bench = *state;
    struct issue *issue = read_back(bench, smallest);
    assert_null(issue->sections);
    assert_int_equal(issue->section_count, 0);
    assert_null(issue->guide);
    assert_string_equal(issue->labels.summary, "");
    assert_int_equal(issue_count_items(issue), 0);
}

static void members_nobody_knows_are_passed_over(void **state)
{
    struct bench *bench = *state;
    struct issue *issue = read_back(bench,
        "{\"date\":\"2020-09-17\",\"title\":\"t\",\"future\":[{}],\"archive_form\":\"list\","
        "\"labels\":{\"new\":1}}");
    assert_int_equal(issue->archive_form, ISSUE_ARCHIVE_LIST);
}

static void bad_documents_are_refused_with_the_place(void **state)
{
    static const struct {
        const char *json, *place;
    } cases[] = {
        {"", "line 1"},
        {"[]", "the document: expected an object"},
        {"{\"date\":\"2020-09-17\"", "line 1"},
        {"{\"date\":\"2020-02-30\"}", "date: expected a date"},
        {"{\"date\":20200917}", "date: expected a text"},
        {"{\"date\":\"2020-09-17\",\"title\":\"\"}", "title: expected a text"},
        {"{\"date\":\"2020-09-17\",\"date\":\"2020-09-18\",\"title\":\"t\"}", "line 1"},
        {"{\"date\":\"2020-09-17\",\"title\":\"a\\u0000b\"}", "line 1"},
        {"{\"date\":\"2020-09-17\",\"title\":\"\xff\"}", "line 1"},
        {"{\"date\":\"2020-09-17\",\"title\":\"t\",\"sections\":{}}",
            "sections: expected a list"},
        {"{\"date\":\"2020-09-17\",\"title\":\"t\",\"sections\":[{\"id\":\"a\",\"title\":\"b\","
         "\"form\":\"poem\"}]}",
            "sections[0].form: expected"},
        {"{\"date\":\"2020-09-17\",\"title\":\"t\",\"sections\":[{\"id\":\"a\",\"title\":\"b\","
         "\"form\":\"paper\",\"items\":[{\"title\":\"x\"},{\"url\":\"https://a\"}]}]}",
            "sections[0].items[1].title: expected a text"},
        {"{\"date\":\"2020-09-17\",\"title\":\"t\",\"sections\":[{\"id\":\"a\",\"title\":\"b\","
         "\"form\":\"paper\",\"items\":[{\"title\":\"x\",\"url\":\"javascript:alert(1)\"}]}]}",
            "sections[0].items[0].url: expected an http or https URL"},
        {"{\"date\":\"2020-09-17\",\"title\":\"t\",\"sections\":[{\"id\":\"a\",\"title\":\"b\","
         "\"form\":\"paper\",\"items\":[{\"title\":\"x\",\"tags\":[\"a\",7]}]}]}",
            "sections[0].items[0].tags[1]: expected a text"},
        {"{\"date\":\"2020-09-17\",\"title\":\"t\",\"sections\":[{\"id\":\"a\",\"title\":\"b\","
         "\"form\":\"paper\",\"items\":[{\"id\":-1,\"title\":\"x\"}]}]}",
            "sections[0].items[0].id: expected a whole number"},
        {"{\"date\":\"2020-09-17\",\"title\":\"t\",\"archive_form\":\"none\",\"archive\":[{"
         "\"date\":\"2020-09-17\",\"url\":\"data:text/html,x\"}]}",
            "archive[0].url: expected an http, https or relative URL"},
        {"{\"date\":\"2020-09-17\",\"title\":\"t\",\"archive_form\":\"none\",\"archive\":[{"
         "\"date\":\"2020-09-17\",\"spaces_after\":256}]}",
            "archive[0].spaces_after: expected a whole number"},
        {"{\"date\":\"2020-09-17\",\"title\":\"t\",\"archive_form\":\"none\"}",
            "labels: expected an object"},
    };
    struct bench *bench = *state;
    for (size_t i = 0; i < array_count(cases); i++) {
        struct issue *issue = NULL;
        struct fault fault = {0};
        assert_false(issue_read_json(
            &bench->arena, cases[i].json, strlen(cases[i].json), &issue, &fault));
        assert_int_equal(fault.kind, FAULT_PARSE);
        assert_null(issue);
        if (strstr(fault.message, cases[i].place) == NULL) {
            fail_msg("\"%s\" instead of \"%s\"", fault.message, cases[i].place);
        }
    }
}

static void a_deep_document_is_refused_rather_than_followed(void **state)
{
    struct bench *bench = *state;
    static char deep[200000];
    memset(deep, '[', sizeof(deep));
    struct issue *issue;
    struct fault fault = {0};
    assert_false(issue_read_json(&bench->arena, deep, sizeof(deep), &issue, &fault));
}

static void a_count_leaves_the_warm_up_list_out(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(issue_count_items(issue_fixture(&bench->arena)), 2);
}

static void a_line_is_a_url_when_it_is_nothing_else(void **state)
{
    static const struct {
        const char *text;
        bool url;
    } cases[] = {{"https://example.org/a_b?c=d", true}, {"HTTP://example.org", true},
        {"https://example.org/a 和 https://example.org/b", false}, {"Title", false},
        {"[a](https://example.org)", false}, {"javascript:alert(1)", false}, {NULL, false}};
    for (size_t i = 0; i < array_count(cases); i++) {
        struct issue_line line = {"链接：", cases[i].text};
        assert_int_equal(issue_line_is_url(&line), cases[i].url);
    }
}

static void the_mark_behind_a_prefix_depends_on_where_the_item_leads(void **state)
{
    const struct config_labels labels = {.prefix_separator = "："};
    struct issue_item item = {.prefix = "Tencent/ncnn",
        .title = "端侧推理框架",
        .url = "https://example.org/article"};
    assert_string_equal(issue_prefix_mark(&item, &labels), "：");
    item.url = "https://github.com/tencent/ncnn";
    assert_string_equal(issue_prefix_mark(&item, &labels), ": ");
    item.url = NULL;
    item.title = "an inference framework";
    assert_string_equal(issue_prefix_mark(&item, &labels), ": ");
}

static void a_new_issue_has_the_furniture_of_the_configuration(void **state)
{
    struct bench *bench = *state;
    struct config_section sections[] = {
        {.id = "brief", .title = "热身", .short_title = "热", .form = CONFIG_FORM_ONELINE},
        {.id = "oss", .title = "开源", .form = CONFIG_FORM_PROJECT, .note = "前缀"}};
    struct config config = {.briefing = {.title = "简报",
                                .tagline = "关注",
                                .homepage = "https://example.org",
                                .lead_in = "先是：",
                                .note = "打不开",
                                .front_matter = "layout: default\n",
                                .footer = "\n----\nE\n",
                                .archive_anchor = "2020-02-16",
                                .output_folder = "a/out/",
                                .file_name = "{date}.md",
                                .labels = {.summary = "摘要："}},
        .sections = sections,
        .section_count = 2};
    struct issue *issue = issue_furnish(&bench->arena, &config, "2020-09-17");
    assert_string_equal(issue->sections[0].lead_in, "先是：");
    assert_null(issue->sections[1].lead_in);
    assert_string_equal(issue->sections[1].note, "前缀");
    assert_string_equal(issue->note_before, "打不开");
    assert_string_equal(issue->note_after, "打不开");
    assert_string_equal(issue->front_matter, "layout: default");
    assert_string_equal(issue->footer, "----\nE");
    assert_string_equal(issue->labels.summary, "摘要：");
    assert_int_equal(issue->archive_form, ISSUE_ARCHIVE_TABLE);
    assert_int_equal(issue->archive_count, 0);

    const struct past_issue past[] = {{.date = "2020-09-17", .url = NULL},
        {.date = "2020-08-26", .url = "../out/2020-08-26.md", .spaces_after = 1},
        {.date = "2020-08-06"}};
    issue_set_archive(&bench->arena, issue, &config.briefing, past, 3);
    assert_int_equal(issue->archive_count, 3);
    assert_string_equal(issue->archive[0].url, "../out/2020-09-17.md");
    assert_int_equal(issue->archive[1].spaces_after, 1);
    assert_string_equal(issue->archive[2].url, "../out/2020-08-06.md");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define issue_test(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
        issue_test(every_field_comes_back_from_json),
        issue_test(a_change_of_any_field_is_a_change_of_the_json),
        issue_test(a_text_that_is_missing_is_null_and_comes_back_so),
        issue_test(what_a_document_leaves_out_is_empty),
        issue_test(members_nobody_knows_are_passed_over),
        issue_test(bad_documents_are_refused_with_the_place),
        issue_test(a_deep_document_is_refused_rather_than_followed),
        issue_test(a_count_leaves_the_warm_up_list_out),
        issue_test(a_line_is_a_url_when_it_is_nothing_else),
        issue_test(the_mark_behind_a_prefix_depends_on_where_the_item_leads),
        issue_test(a_new_issue_has_the_furniture_of_the_configuration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
