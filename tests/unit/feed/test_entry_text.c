#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "feed/entry_text.h"
#include "feed/html.h"

static void assert_stripped(const char *text, const char *expected)
{
    struct arena arena = {0};
    assert_string_equal(text_strip_boilerplate(&arena, text), expected);
    arena_release(&arena);
}

static void sentences_that_only_use_the_words_stay(void **state)
{
    assert_stripped("The post office runs on RISC-V.", "The post office runs on RISC-V.");
    assert_stripped(
        "How to read more papers in less time", "How to read more papers in less time");
    assert_stripped(
        "用户点击阅读按钮后，模型在端侧完成摘要，全程不联网，耗时约两百毫秒，功耗低于一瓦。",
        "用户点击阅读按钮后，模型在端侧完成摘要，全程不联网，耗时约两百毫秒，功耗低于一瓦。");
    assert_stripped("建议点击阅读原文。", "建议点击阅读原文。");
    assert_stripped(
        "Comments on the new NPU are welcome.", "Comments on the new NPU are welcome.");
}

static void tails_of_publishing_systems_go(void **state)
{
    assert_stripped(
        "A new chip.\nThe post A New Chip appeared first on Chip News.", "A new chip.");
    assert_stripped("A new chip [...] The post A first appeared on B.", "A new chip…");
    assert_stripped("It is fast […] Continue reading A New Chip →", "It is fast…");
    assert_stripped("It is fast.\nRead more...", "It is fast.");
    assert_stripped("It is fast. [Read more]", "It is fast.");
    assert_stripped("submitted by /u/somebody [link] [comments]", "");
    assert_stripped("Comments", "");
}

static void leads_and_tails_of_public_accounts_go(void **state)
{
    assert_stripped("点击上方蓝字关注我们\n新芯片发布。\n阅读原文", "新芯片发布。");
    assert_stripped("新芯片发布。转载请注明出处：某某网", "新芯片发布。");
    assert_stripped(
        "▲ 点击蓝字 关注我们\n设为星标\n新芯片发布。\n长按识别二维码关注\n阅读原文>>",
        "新芯片发布。");
}

static struct feed_entry make_entry(const char *link, const char *title, const char *summary)
{
    return (struct feed_entry){.link = link, .title = title, .summary = summary};
}

static void latex_is_read_in_entries_of_arxiv_only(void **state)
{
    struct arena arena = {0};
    const char *title = "{BERT} in $O(n^2)$";
    const char *links[] = {
        "https://arxiv.org/abs/2009.00278", "https://export.arxiv.org/abs/1"};
    for (size_t i = 0; i < 2; i++) {
        struct feed_entry entry = make_entry(links[i], title, "<p>An $\\ell_1$ norm.</p>");
        assert_string_equal(entry_title_text(&arena, &entry, NULL), "BERT in O(n²)");
        assert_string_equal(entry_summary_text(&arena, &entry, 100), "An ℓ₁ norm.");
    }
    struct feed_entry by_namespace = make_entry(NULL, title, NULL);
    by_namespace.arxiv_announce_type = "new";
    assert_string_equal(entry_title_text(&arena, &by_namespace, NULL), "BERT in O(n²)");
    const char *others[] = {"https://notarxiv.org/1", "https://a.example/?u=arxiv.org", NULL};
    for (size_t i = 0; i < 3; i++) {
        struct feed_entry other = make_entry(others[i], title, NULL);
        assert_string_equal(entry_title_text(&arena, &other, NULL), title);
    }
    arena_release(&arena);
}

static void an_entry_without_title_takes_its_first_sentence(void **state)
{
    struct arena arena = {0};
    struct feed_entry entry = make_entry(NULL, "", "<p>第一句。</p><p>第二句。</p>");
    char *summary = entry_summary_text(&arena, &entry, 100);
    assert_string_equal(summary, "第一句。第二句。");
    assert_string_equal(entry_title_text(&arena, &entry, summary), "第一句。第二句。");
    struct feed_entry nothing = make_entry(NULL, NULL, NULL);
    assert_null(entry_summary_text(&arena, &nothing, 100));
    assert_null(entry_title_text(&arena, &nothing, NULL));
    assert_null(entry_title_text(&arena, &nothing, ""));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_that_only_use_the_words_stay),
        cmocka_unit_test(tails_of_publishing_systems_go),
        cmocka_unit_test(leads_and_tails_of_public_accounts_go),
        cmocka_unit_test(latex_is_read_in_entries_of_arxiv_only),
        cmocka_unit_test(an_entry_without_title_takes_its_first_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
