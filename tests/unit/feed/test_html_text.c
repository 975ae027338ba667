#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "feed/html.h"
#include "feed/text_flow.h"

static void assert_title(const char *html, const char *expected)
{
    struct arena arena = {0};
    assert_string_equal(html_to_title(&arena, html, strlen(html)), expected);
    arena_release(&arena);
}

static void assert_text(const char *html, const char *expected)
{
    struct arena arena = {0};
    assert_string_equal(html_to_text(&arena, html, strlen(html)), expected);
    arena_release(&arena);
}

static void assert_summary(const char *text, size_t max_characters, const char *expected)
{
    struct arena arena = {0};
    assert_string_equal(text_summary(&arena, text, max_characters), expected);
    arena_release(&arena);
}

static void a_title_loses_tags_and_gets_its_characters(void **state)
{
    assert_title("<b>Edge</b> AI &amp; you &#8212; AT&T&rsquo;s", "Edge AI & you — AT&T’s");
    assert_title("a<br>b<!-- c --><script>d</script>", "a b");
    assert_title("1 < 2 & 3 > 2", "1 < 2 & 3 > 2");
    assert_title("量<em>化</em>", "量化");
}

static void a_title_has_one_space_for_any_white_space(void **state)
{
    assert_title(" \n\ta \u3000\u00a0 b\r\n", "a b");
    assert_title("\u3000\u2003", "");
    assert_title("", "");
    assert_title("&nbsp;a&#x3000;&#32;b&nbsp;", "a b");
}

static void one_blank_between_words_stays_one(void **state)
{
    assert_text("a b  c   d <b> e </b> f", "a b c d e f");
    assert_text("<p> a b </p><p>c d </p>", "a b\nc d");
    assert_text("量 化 \u3000 b \u200b c", "量 化 b c");
    assert_text("<p>x <q>y z</q> </p>", "x “y z”");
    assert_text("<pre>a b  c\n d </pre>", "a b  c\n d ");
    assert_text("量 \n化 a \n b ", "量化 a b");
}

static void a_title_that_is_cut_inside_a_character_is_no_harm(void **state)
{
    const char whole[] = "量化\xe3\x80";
    for (size_t length = 0; length < sizeof(whole); length++) {
        struct arena arena = {0};
        char *cut = malloc(
            length > 0 ? length : 1); /* exact, so that reading behind is found */
        memcpy(cut, whole, length);
        html_to_title(&arena, cut, length);
        html_to_text(&arena, cut, length);
        free(cut);
        arena_release(&arena);
    }
}

static void text_has_a_line_for_each_block(void **state)
{
    assert_text(
        "<h2>a</h2><p>b\n c</p><div><div>d</div></div>e<br><br>f<hr>", "a\nb c\nd\ne\nf");
    assert_text("<p></p><p> </p>", "");
    assert_text("a<style>b</style><script>c</script>", "a");
}

static void lists_get_dashes_and_indents(void **state)
{
    assert_text("<ul><li>a<li><p>b</p><ul><li>c</ul><li></li></ul><p>d", "- a\n- b\n  - c\nd");
}

static void table_cells_stand_side_by_side(void **state)
{
    assert_text("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "a | b\n1 | 2");
}

static void code_keeps_its_lines_and_blanks(void **state)
{
    assert_text("x<pre><code>int a;\n\n  return &lt;a&gt;;\n</code></pre>y",
        "x\nint a;\n\n  return <a>;\ny");
}

static void a_line_break_between_han_is_no_space(void **state)
{
    assert_text("模型\n  量化，\n剪枝 and\nmore", "模型量化，剪枝 and more");
    assert_text("模型<b>量化</b>", "模型量化");
    assert_text("模型 量化", "模型 量化");
}

static void a_summary_is_whole_sentences(void **state)
{
    assert_summary("One is here. Two is there. Three.", 27, "One is here. Two is there.");
    assert_summary(
        "One is here. Two is there. Three.", 100, "One is here. Two is there. Three.");
    assert_summary("第一句。第二句！第三句？", 8, "第一句。第二句！");
    assert_summary("他说：“好。”然后走了。再见。", 13, "他说：“好。”然后走了。");
}

static void numbers_and_abbreviations_end_no_sentence(void **state)
{
    assert_summary("It uses v1.2.3 and 3.14 of example.com. Next one is long.", 45,
        "It uses v1.2.3 and 3.14 of example.com.");
    assert_summary("See Fig. 3 by J. Smith et al. 2020 e.g. Here now. Then another.", 52,
        "See Fig. 3 by J. Smith et al. 2020 e.g. Here now.");
    assert_summary(
        "Wait... what is it? Yes. No and more text.", 25, "Wait... what is it? Yes.");
}

static void a_first_sentence_too_long_is_cut_at_a_border(void **state)
{
    assert_summary("alpha beta gamma delta", 13, "alpha beta…");
    assert_summary("alpha beta gamma, delta epsilon zeta", 24, "alpha beta gamma…");
    assert_summary("端侧大模型推理框架，在手机上跑得更快更省电", 12, "端侧大模型推理框架…");
    assert_summary("端侧大模型推理框架在手机上跑得更快", 6, "端侧大模型…");
    assert_summary("abcdefghij", 5, "abcd…");
}

static void a_summary_never_passes_its_length(void **state)
{
    const char *text = "Ab 3.5 中文，c. D e.g. F！“G”… h; i: 量化 jklmnopqrst uv. 完。";
    for (size_t max = 0; max < 60; max++) {
        struct arena arena = {0};
        const char *summary = text_summary(&arena, text, max);
        size_t characters = 0;
        for (const char *p = summary; *p != '\0'; p++) {
            characters += ((unsigned char)*p & 0xc0) != 0x80;
        }
        assert_true(characters <= max);
        assert_true(max == 0 || characters > 0);
        arena_release(&arena);
    }
}

static void a_summary_collapses_lines(void **state)
{
    assert_summary(" one\n  two \n", 50, "one two");
    assert_summary("一\n二。", 50, "一二。");
    assert_summary("", 50, "");
}

static void a_row_is_a_line_unless_it_is_a_page(void **state)
{
    assert_text(
        "<table><tr><td><p>a</p></td><td><p>b</p></td><td></td></tr></table>c", "a | b\nc");
    assert_text("<table><tr><td></td><td>b</td></tr><tr><td>c</td></tr></table>", "b\nc");
    assert_text("<table><tr><td><p>one</p><p>two</p></td><td>three</td></tr></table>",
        "one\ntwo\nthree");
    assert_text("<td>a<td>b", "a | b"); /* no row, no table */
}

static void ordered_lists_count(void **state)
{
    assert_text("<ol><li>a<ul><li>b</ul><li>c<ol start=7><li>d</ol></ol><ul><li>e</ul>",
        "1. a\n  - b\n2. c\n  7. d\n- e");
    assert_text("<ol start=x><li>a</ol>", "1. a");
    assert_text("<li>a", "- a");
}

static void pictures_say_what_they_show(void **state)
{
    assert_text("<p>看<img src=a alt=' 架构 &amp; 图 '>吧<img src=b alt=''><img src=c></p>",
        "看[架构 & 图]吧");
    struct arena arena = {0};
    const char *html = "<p><img src=a alt=b>c</p><p>d</p>";
    assert_string_equal(html_to_text_start(&arena, html, strlen(html), 1000), "c\nd");
    assert_string_equal(html_to_text_start(&arena, html, strlen(html), 1), "c");
    arena_release(&arena);
}

static void scripts_footnotes_and_quotes_are_set(void **state)
{
    assert_text("H<sub>2</sub>O, 10<sup>-3</sup>, 1<sup>st</sup>", "H₂O, 10⁻³, 1st");
    assert_text("so<sup><a href='#fn1'>1</a></sup>. See <a href='#x'>2</a>", "so[1]. See 2");
    assert_text("he said <q>no</q>", "he said “no”");
    assert_text("a</sup></q></a></ol></tr>", "a”");
}

static void invisible_characters_go(void **state)
{
    assert_text(
        "zero\u200bwidth soft&shy;hyphen \u202eturned\u202c", "zerowidth softhyphen turned");
    assert_text("\ufeff量\u200b化", "量化");
    assert_text("👩\u200d💻", "👩\u200d💻"); /* one picture of two */
}

static void a_title_holds_nothing_that_does_not_show(void **state)
{
    assert_title("ab\u202egpj.exe\u202c", "abgpj.exe");
    assert_title("\u2067量\u2069化\u200e\u200f &#x202E;<b>x</b>", "量化 x");
    assert_title("\ufeffzero\u200bwidth\u2060 soft&shy;hyphen\u200b", "zerowidth softhyphen");
    assert_title("\u200b \u202e", "");
    assert_title("A\u200dI 芯\u200d片\u200c \u200dx\u200d", "AI 芯片 x");
    assert_title("👩\u200d💻 ❤\ufe0f\u200d🔥 👨🏽\u200d🔬",
        "👩\u200d💻 ❤\ufe0f\u200d🔥 👨🏽\u200d🔬");
    assert_title("می\u200cخواهم क्\u200dष", "می\u200cخواهم क्\u200dष");
    assert_title("می\u200c x", "می\u200c x"); /* harmless */
}

static void every_reader_agrees_what_a_character_is(void **state)
{
    static const char *const texts[] = {"a", "é", "中", "😀", "\xf0\x8b\x96\x8b", "\xe0\x80\x80",
        "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe4\xb8", "\x80",
        "\xff"};
    for (size_t i = 0; i < array_count(texts); i++) {
        uint32_t expected;
        size_t expected_bytes = utf8_decode(texts[i], &expected), bytes;
        assert_int_equal(text_codepoint(texts[i], strlen(texts[i]), &bytes), expected);
        assert_int_equal(bytes, expected_bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_title_loses_tags_and_gets_its_characters),
        cmocka_unit_test(a_title_has_one_space_for_any_white_space),
        cmocka_unit_test(one_blank_between_words_stays_one),
        cmocka_unit_test(a_title_that_is_cut_inside_a_character_is_no_harm),
        cmocka_unit_test(text_has_a_line_for_each_block),
        cmocka_unit_test(lists_get_dashes_and_indents),
        cmocka_unit_test(table_cells_stand_side_by_side),
        cmocka_unit_test(code_keeps_its_lines_and_blanks),
        cmocka_unit_test(a_line_break_between_han_is_no_space),
        cmocka_unit_test(a_summary_is_whole_sentences),
        cmocka_unit_test(numbers_and_abbreviations_end_no_sentence),
        cmocka_unit_test(a_first_sentence_too_long_is_cut_at_a_border),
        cmocka_unit_test(a_summary_never_passes_its_length),
        cmocka_unit_test(a_summary_collapses_lines),
        cmocka_unit_test(a_row_is_a_line_unless_it_is_a_page),
        cmocka_unit_test(ordered_lists_count),
        cmocka_unit_test(pictures_say_what_they_show),
        cmocka_unit_test(scripts_footnotes_and_quotes_are_set),
        cmocka_unit_test(invisible_characters_go),
        cmocka_unit_test(a_title_holds_nothing_that_does_not_show),
        cmocka_unit_test(every_reader_agrees_what_a_character_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
