#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/attributes.h"
#include "briefing/prose.h"

static int set_up(void **state)
{
    static struct arena arena;
    arena_init(&arena);
    *state = &arena;
    return 0;
}

static int tear_down(void **state)
{
    arena_release(*state);
    return 0;
}

struct text_case {
    const char *markdown, *html;
};

static const char *html_of(
    struct arena *arena, const char *markdown, const char *base, const char *label)
{
    struct buffer out;
    buffer_init(&out, 1 << 20);
    struct prose prose = prose_parse(arena, markdown, base);
    prose_write_html(&prose, label, &out);
    const char *html = arena_strndup(arena, out.data, out.length);
    buffer_release(&out);
    return html;
}

static void check(struct arena *arena, const struct text_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *html = html_of(arena, cases[i].markdown, NULL, NULL);
        if (strcmp(html, cases[i].html) != 0) {
            print_error("of: %s\n", cases[i].markdown);
        }
        assert_string_equal(html, cases[i].html);
    }
}

static void a_line_is_a_paragraph(void **state)
{
    static const struct text_case cases[] = {
        {"", ""},
        {"一\n二", "<p>一</p>\n<p>二</p>\n"},
        {"一  \n\n\n二\n", "<p>一</p>\n<p>二</p>\n"},
        {"    四个空格不是代码", "<p>四个空格不是代码</p>\n"},
        {"一\n\n![](../qr.jpg)\n\n二", "<p>一</p>\n<p>二</p>\n"}, /* nothing is left of it */
        {"前\n---\n后\n===", "<p>前</p>\n<hr>\n<p>后</p>\n<p>===</p>\n"},
        {"# 标题", "<p><strong>标题</strong></p>\n"},
        {"> 一\n> 二\n三", "<blockquote>\n<p>一<br>\n二</p>\n</blockquote>\n<p>三</p>\n"},
    };
    check(*state, cases, array_count(cases));
}

static void lists_begin_wherever_a_marker_does(void **state)
{
    static const struct text_case cases[] = {
        {"如下：\n    1. 一\n    2. 二\n完。",
            "<p>如下：</p>\n<ol>\n<li>一</li>\n<li>二</li>\n</ol>\n<p>完。</p>\n"},
        {"1. 一\n完。\n2. 二",
            "<ol>\n<li>一</li>\n</ol>\n<p>完。</p>\n<ol start=\"2\">\n<li>二</li>\n</ol>\n"},
        {"- 甲\n  - 乙\n- 丙",
            "<ul>\n<li>甲<ul>\n<li>乙</li>\n</ul>\n</li>\n<li>丙</li>\n</ul>\n"},
        {"  1. 一\n\n  2. 二", "<ol>\n<li>一</li>\n<li>二</li>\n</ol>\n"},
        {"2019.3 发布\n-5 度\n1.没有空格",
            "<p>2019.3 发布</p>\n<p>-5 度</p>\n<p>1.没有空格</p>\n"},
        {"0. 零", "<ol start=\"0\">\n<li>零</li>\n</ol>\n"},
    };
    check(*state, cases, array_count(cases));
}

static void emphasis_needs_no_spaces_between_han(void **state)
{
    static const struct text_case cases[] = {
        {"**重点：**后文", "<p><strong>重点：</strong>后文</p>\n"},
        {"我们**「重点」**是", "<p>我们<strong>「重点」</strong>是</p>\n"},
        {"支持**INT8（对称）**量化，*也*行",
            "<p>支持<strong>INT8（对称）</strong>量化，<em>也</em>行</p>\n"},
        {"**甲：**乙，**丙**。", "<p><strong>甲：</strong>乙，<strong>丙</strong>。</p>\n"},
        {"2 * 3 * 4，a*b，\\*星\\*", "<p>2 * 3 * 4，a*b，*星*</p>\n"},
        {"只开**没有关", "<p>只开**没有关</p>\n"},
        {"`**码**：后`", "<p><code>**码**：后</code></p>\n"},
    };
    check(*state, cases, array_count(cases));
}

static void addresses_in_the_text_end_where_they_end(void **state)
{
    static const struct text_case cases[] = {
        {"见https://a.cn/b。", "<p>见<a href=\"https://a.cn/b\">https://a.cn/b</a>。</p>\n"},
        {"（https://a.cn/x_y_z_(w)）完",
            "<p>（<a href=\"https://a.cn/x_y_z_(w)\">https://a.cn/x_y_z_(w)</a>）完</p>\n"},
        {"(see http://a.cn/?a=1&b=2.)",
            "<p>(see <a "
            "href=\"http://a.cn/?a=1&amp;b=2\">http://a.cn/?a=1&amp;b=2</a>.)</p>\n"},
        {"xhttps://a.cn/ http:// https://。", "<p>xhttps://a.cn/ http:// https://。</p>\n"},
        {"<https://a.cn/b>", "<p><a href=\"https://a.cn/b\">https://a.cn/b</a></p>\n"},
        {"`https://a.cn`", "<p><code>https://a.cn</code></p>\n"},
    };
    check(*state, cases, array_count(cases));
}

static void links_lead_to_the_web_only(void **state)
{
    static const struct text_case cases[] = {
        {"[甲](https://a.cn/)", "<p><a href=\"https://a.cn/\">甲</a></p>\n"},
        {"[甲](javascript:alert(1)) [乙](JaVaScRiPt:x) [丙](data:text/html,x)",
            "<p>甲 乙 丙</p>\n"},
        {"[甲](//evil.cn) [乙](../x.md) [丙](#top) [丁]()", "<p>甲 乙 丙 丁</p>\n"},
        {"[甲](https://u:p@a.cn/)", "<p><a href=\"https://a.cn/\">甲</a></p>\n"},
        {"[](https://a.cn/)", "<p><a href=\"https://a.cn/\">https://a.cn/</a></p>\n"},
        {"[a](https://a.cn/\"onclick=\"x)",
            "<p><a href=\"https://a.cn/%22onclick=%22x\">a</a></p>\n"},
        {"[a https://b.cn](https://a.cn/)",
            "<p><a href=\"https://a.cn/\">a https://b.cn</a></p>\n"},
        {"![图](https://a.cn/p.png) ![](x.png)后",
            "<p><a href=\"https://a.cn/p.png\">图</a> 后</p>\n"},
        {"[![图**粗**](https://a.cn/p.png)](https://b.cn/)",
            "<p><a href=\"https://b.cn/\">图<strong>粗</strong></a></p>\n"},
        {"[![图](https://a.cn/p.png)](x.md) ![**粗`x`**](x.png)",
            "<p><a href=\"https://a.cn/p.png\">图</a> </p>\n"},
        {"[注]: https://a.cn/", "<p>[注]: <a href=\"https://a.cn/\">https://a.cn/</a></p>\n"},
    };
    check(*state, cases, array_count(cases));
}

static void relative_links_are_resolved_where_the_base_is_known(void **state)
{
    assert_string_equal(html_of(*state, "[甲](../2020.md)", "https://a.cn/b/c.md", NULL),
        "<p><a href=\"https://a.cn/2020.md\">甲</a></p>\n");
    assert_string_equal(
        html_of(*state, "[甲](javascript:x)", "https://a.cn/b/c.md", NULL), "<p>甲</p>\n");
}

static void raw_html_is_read_not_passed_on(void **state)
{
    static const struct text_case cases[] = {
        {"<a rel=\"license\" href=\"http://c.org/by/\"><img alt=\"证\" src=\"https://x\" "
         "/></a><br />本作品采用<a href=\"http://c.org/\">许可</a>。",
            "<p><a href=\"http://c.org/by/\">证</a><br>\n本作品采用<a "
            "href=\"http://c.org/\">许可</a>。</p>\n"},
        {"<font color=red>注：红</font>", "<p>注：红</p>\n"},
        {"std::vector<int> 与 a<b", "<p>std::vector&lt;int&gt; 与 a&lt;b</p>\n"},
        {"<script>alert(1)</script>", "<p>alert(1)</p>\n"},
        {"<img src=x onerror=alert(1)>甲<svg onload=x>", "<p>甲</p>\n"},
        {"<a href=\"javascript:x\">甲</a>", "<p>甲</p>\n"},
        {"**<a href=\"https://a.cn/\">甲**乙</a>",
            "<p><strong><a href=\"https://a.cn/\">甲</a></strong>乙</p>\n"},
        {"<a href=\"https://a.cn/\">甲**乙</a>丙**丁",
            "<p><a href=\"https://a.cn/\">甲<strong>乙丙</strong>丁</a></p>\n"},
        {"<a href=\"https://a.cn/\">甲\n乙",
            "<p><a href=\"https://a.cn/\">甲</a></p>\n"
            "<p>乙</p>\n"},
        {"- <a href=\"https://a.cn/\">甲\n  - 乙",
            "<ul>\n<li><a href=\"https://a.cn/\">甲"
            "</a><ul>\n<li>乙</li>\n</ul>\n</li>\n</ul>\n"},
        {"&lt;b&gt; &amp; &copy; &#x41;", "<p>&lt;b&gt; &amp; © A</p>\n"},
        {"<!-- 藏 -->甲<?php x ?>", "<p>甲</p>\n"},
    };
    check(*state, cases, array_count(cases));
}

static void code_and_tables_keep_their_form(void **state)
{
    static const struct text_case cases[] = {
        {"如下：\n```c\nint a;\n\n  a<b && *p;\n```\n完",
            "<p>如下：</p>\n<pre><code>int a;\n\n  a&lt;b &amp;&amp; *p;</code></pre>\n"
            "<p>完</p>\n"},
        {"```\n没有关", "<pre><code>没有关</code></pre>\n"},
        {"表：\n| 甲 | 乙 |\n|---|---:|\n| 1 | **2** |\n完",
            "<p>表：</p>\n<table>\n<tr><th>甲</th><th>乙</th></tr>\n"
            "<tr><td>1</td><td><strong>2</strong></td></tr>\n</table>\n<p>完</p>\n"},
        {"一 | 二\n三 | 四", "<p>一 | 二</p>\n<p>三 | 四</p>\n"},
    };
    check(*state, cases, array_count(cases));
}

static void a_label_stands_in_the_first_paragraph(void **state)
{
    assert_string_equal(
        html_of(*state, "一\n二", NULL, "摘<要："), "<p>摘&lt;要：一</p>\n<p>二</p>\n");
    assert_string_equal(
        html_of(*state, "- 一", NULL, "摘要："), "<p>摘要：</p>\n<ul>\n<li>一</li>\n</ul>\n");
}

static void plain_and_inline_text_have_no_blocks(void **state)
{
    struct arena *arena = *state;
    struct buffer out;
    buffer_init(&out, 1 << 16);
    struct prose prose = prose_parse(
        arena, "**一**[二](https://a.cn)\n- 三\n- 四\n\n| a | b |\n|--|--|\n| c | d |", NULL);
    prose_write_plain(&prose, &out);
    assert_string_equal(out.data, "一二\n三\n四\na b\nc d");
    buffer_clear(&out);
    prose_write_inline_html(&prose, &out);
    assert_string_equal(
        out.data, "<strong>一</strong><a href=\"https://a.cn\">二</a> 三 四 a b c d");
    buffer_release(&out);
}

/* Every event that enters is left in order, whatever the text. */
static void events_are_properly_nested(void **state)
{
    static const char *const pieces[] = {"**", "*", "<a href=\"https://a.cn/\">", "</a>", "[",
        "](https://b.cn/)", "![", "](https://c.cn/p)", "](x)", "\n", "- ", "  1. ", "> ", "字",
        "`", "```", "| ", "|-|-|\n", "<br>", "\\", "：", "http://d.cn/", "&amp;", "# "};
    uint32_t random = 7;
    for (int round = 0; round < 20000; round++) {
        char text[512] = "";
        for (int i = 0; i < 24; i++) {
            random = random * 1664525U + 1013904223U;
            const char *piece = pieces[(random >> 12) % array_count(pieces)];
            strncat(text, piece, sizeof(text) - strlen(text) - 1);
        }
        struct arena arena;
        arena_init(&arena);
        struct prose prose = prose_parse(&arena, text, NULL);
        enum prose_kind stack[256];
        size_t depth = 0;
        for (size_t i = 0; i < prose.count; i++) {
            const struct prose_event *event = &prose.events[i];
            if (event->kind >= PROSE_CODE_BLOCK) {
                assert_true(event->text != NULL || event->kind == PROSE_BREAK ||
                    event->kind == PROSE_RULE);
            } else if (!event->leave) {
                assert_true(depth < array_count(stack));
                stack[depth++] = event->kind;
            } else if (depth == 0 || stack[--depth] != event->kind) {
                fail_msg("not nested: %s", text);
            }
        }
        assert_int_equal(depth, 0);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_is_a_paragraph, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_begin_wherever_a_marker_does, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            emphasis_needs_no_spaces_between_han, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            addresses_in_the_text_end_where_they_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(links_lead_to_the_web_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            relative_links_are_resolved_where_the_base_is_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(raw_html_is_read_not_passed_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(code_and_tables_keep_their_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_label_stands_in_the_first_paragraph, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            plain_and_inline_text_have_no_blocks, set_up, tear_down),
        cmocka_unit_test(events_are_properly_nested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
