/* Pages as items: hostile ones first, then each source of facts, then WeChat. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "feed/charset.h"
#include "feed/url.h"
#include "page_fixture.h"

static int setup(void **state)
{
    struct arena *arena = calloc(1, sizeof(*arena));
    *state = arena;
    return arena == NULL;
}

static int teardown(void **state)
{
    arena_release(*state);
    free(*state);
    return 0;
}

/* NULL with `fault` when it is refused. */
static struct page *try_text(
    struct arena *arena, const char *html, size_t length, struct fault *fault)
{
    struct page *page;
    struct page_scan *scan = page_scan_bytes(
        arena, html, length, "https://news.example/2020/a", "text/html; charset=utf-8");
    return page_read(arena, scan, &page, fault) ? page : NULL;
}

static struct page *require(struct page *page, const struct fault *fault)
{
    if (page == NULL) {
        print_error("%s\n", fault->message);
        abort();
    }
    return page;
}

static struct page *read_text(
    struct arena *arena, const char *html, size_t length, struct fault *fault)
{
    return require(try_text(arena, html, length, fault), fault);
}

static struct page *read_fixture(
    struct arena *arena, const char *name, const char *url, struct fault *fault)
{
    return require(page_fixture_read(arena, name, url, fault), fault);
}

/* `count` times `part` between head and tail. The caller frees. */
static char *repeat(const char *head, const char *part, size_t count, const char *tail)
{
    struct buffer text;
    buffer_init(&text, 64 << 20);
    buffer_puts(&text, head);
    for (size_t i = 0; i < count; i++) {
        buffer_puts(&text, part);
    }
    buffer_puts(&text, tail);
    assert_false(buffer_failed(&text));
    char *data = buffer_take(&text, NULL);
    buffer_release(&text);
    return data;
}

/* ---- hostile ---- */

static void five_megabytes_of_page_cost_one_reading(void **state)
{
    struct arena *arena = *state;
    char *html = repeat("<title>big</title>", "<p class=x>text &amp; more</p>\n", 180000, "");
    assert_true(strlen(html) > 5 << 20);
    struct fault fault;
    uint64_t before = clock_monotonic_ns();
    struct page *page = read_text(arena, html, strlen(html), &fault);
    assert_non_null(page);
    assert_string_equal(page->title, "big");
    assert_true(clock_monotonic_ns() - before < UINT64_C(5000000000));
    assert_true(arena->total_bytes < 1 << 20);
    free(html);
}

static void ten_thousand_metas_and_links_are_cut(void **state)
{
    struct arena *arena = *state;
    char *html = repeat("<title>t</title>",
        "<meta name=x content=y><a href=/feed>f</a>"
        "<link rel=alternate type=application/rss+xml href=/f><h1>",
        10000, "");
    struct page_scan *scan = page_scan_bytes(
        arena, html, strlen(html), "https://a.example/", NULL);
    assert_int_equal(scan->meta_count, PAGE_METAS_MAX);
    assert_int_equal(scan->link_count, PAGE_LINKS_MAX);
    free(html);
}

static void json_ld_bombs_fall_back_to_the_title(void **state)
{
    struct arena *arena = *state;
    static const char head[] = "<title>kept</title><script type=application/ld+json>";
    struct {
        const char *part, *tail;
        size_t count;
    } bombs[] = {
        {"[", "</script>", 1000000},
        {"{\"@graph\":", "</script>", 100000},
        {"{\"@graph\":[", "</script>", 2000},
        {"[[],[],", "</script>", 100},
        {"\\ud800", "</script>", 10},
        {"{\"@type\":\"Article\",\"headline\":", "</script>", 3},
    };
    for (size_t i = 0; i < array_count(bombs); i++) {
        char *html = repeat(head, bombs[i].part, bombs[i].count, bombs[i].tail);
        struct fault fault;
        struct page *page = read_text(arena, html, strlen(html), &fault);
        assert_non_null(page);
        assert_string_equal(page->title, "kept");
        free(html);
    }
}

static void a_wide_json_ld_graph_is_walked_within_a_budget(void **state)
{
    struct arena *arena = *state;
    char *html = repeat("<title>t</title><script type=application/ld+json>[",
        "{\"@type\":\"Thing\"},", 50000,
        "{\"@type\":\"Article\",\"headline\":\"far\"}]</script>");
    struct fault fault;
    struct page *page = read_text(arena, html, strlen(html), &fault);
    assert_string_equal(page->title, "t");
    free(html);
}

static void json_ld_of_wrong_types_is_no_fact(void **state)
{
    static const char html[] =
        "<title>t</title><script "
        "type=application/ld+json>{\"@type\":\"Article\",\"headline\":7,"
        "\"author\":[[[\"x\"]],null],\"datePublished\":{\"a\":1},\"publisher\":[]}</script>";
    struct fault fault;
    struct page *page = read_text(*state, html, strlen(html), &fault);
    assert_string_equal(page->title, "t");
    assert_int_equal(page->published_utc_s, CLOCK_NONE);
}

static void a_page_made_by_scripts_says_so(void **state)
{
    struct fault fault;
    assert_null(page_fixture_read(*state, "script_only", "https://app.example/x", &fault));
    assert_int_equal(fault.kind, FAULT_PARSE);
    assert_non_null(strstr(fault.message, "made by scripts"));
}

static void an_empty_page_has_no_title(void **state)
{
    struct fault fault;
    assert_null(try_text(*state, "", 0, &fault));
    assert_non_null(strstr(fault.message, "no title"));
}

static void a_heading_that_nobody_closed_is_cut(void **state)
{
    char *html = repeat("<h1>", "word ", 100000, "<meta property=og:type content=article>");
    struct fault fault;
    struct page *page = read_text(*state, html, strlen(html), &fault);
    assert_true(strlen(page->title) <= 16384);
    assert_true(page->is_article);
    free(html);
}

static void a_cloudflare_page_is_named(void **state)
{
    static const char html[] = "<title>Just a moment...</title><p>Checking your browser";
    struct fault fault;
    assert_null(try_text(*state, html, strlen(html), &fault));
    assert_non_null(strstr(fault.message, "Cloudflare"));
}

/* ---- facts ---- */

static void json_ld_comes_before_opengraph(void **state)
{
    struct fault fault;
    struct page *page = read_fixture(*state, "news_json_ld",
        "https://chip.example/2020/09/faster-kernel?utm_source=x", &fault);
    assert_string_equal(page->title, "A faster kernel for phones");
    assert_string_equal(page->site, "Chip Journal");
    assert_string_equal(page->author, "First Writer, Second Writer");
    assert_string_equal(page->description, "Line one line two");
    assert_string_equal(page->url, "https://chip.example/2020/09/faster-kernel");
    assert_string_equal(page->image, "https://chip.example/cover.png");
    assert_int_equal(page->published_utc_s, 1600322400); /* 06:00 UTC */
    assert_true(page->is_article);
}

static void chinese_dates_without_a_zone_are_beijing_time(void **state)
{
    struct fault fault;
    struct page *page = read_fixture(
        *state, "news_chinese_meta", "https://news.example/a/1.html", &fault);
    assert_int_equal(page->published_utc_s, 1600300800);
    assert_string_equal(page->published_raw, "2020-09-17 08:00:00");
}

static void the_site_is_cut_off_the_title(void **state)
{
    struct fault fault;
    struct page *page = read_fixture(
        *state, "news_chinese_meta", "https://news.example/a/1.html", &fault);
    assert_string_equal(page->title, "端侧大模型新进展");
    assert_string_equal(page->site, "芯观察");
}

static void a_canonical_address_elsewhere_or_of_the_front_page_is_not_believed(void **state)
{
    struct fault fault;
    struct page *page = read_fixture(
        *state, "news_chinese_meta", "https://news.example/a/1.html", &fault);
    assert_string_equal(page->url, "https://news.example/a/1.html");
}

static void a_charset_in_a_meta_tag_counts(void **state)
{
    struct fault fault;
    struct page *page = read_fixture(
        *state, "charset_gb2312_in_meta", "https://old.example/1.htm", &fault);
    assert_string_equal(page->title, "端侧推理引擎对比");
    assert_string_equal(page->site, "old.example");
}

static void a_wrong_charset_never_gives_broken_text(void **state)
{
    static const char html[] = "<meta charset=utf-8><title>a\xff\xfe\x80z</title>";
    struct fault fault;
    struct page *page = read_text(*state, html, strlen(html), &fault);
    assert_true(utf8_is_valid(page->title, strlen(page->title)));
}

static void a_front_page_is_no_article(void **state)
{
    struct fault fault;
    struct page *page = read_fixture(*state, "news_json_ld", "https://chip.example/", &fault);
    assert_false(page->is_article);
}

static void a_paper_has_its_authors_and_date_from_citation_tags(void **state)
{
    static const char html[] =
        "<title>[2009.1] X</title><meta name=citation_title content='Tiny nets'>"
        "<meta name=citation_author content='A, B'><meta name=citation_author content='C, D'>"
        "<meta name=citation_date content=2020/09/17>";
    struct fault fault;
    struct page *page = read_text(*state, html, strlen(html), &fault);
    assert_string_equal(page->title, "Tiny nets");
    assert_string_equal(page->author, "A, B; C, D");
    assert_int_equal(page->published_utc_s, 1600300800);
    assert_true(page->is_article);
}

static void a_time_element_beside_a_heading_dates_the_page(void **state)
{
    static const char html[] = "<h1>News</h1><p><time datetime=2020-09-17T00:00Z>today</time>";
    struct fault fault;
    struct page *page = read_text(*state, html, strlen(html), &fault);
    assert_string_equal(page->title, "News");
    assert_int_equal(page->published_utc_s, 1600300800);
}

/* ---- mp.weixin.qq.com ---- */

static void a_wechat_article_has_title_account_and_the_second_of_its_time(void **state)
{
    struct arena *arena = *state;
    struct fault fault;
    struct page *page = read_fixture(
        arena, "weixin_article", "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOp", &fault);
    assert_non_null(page);
    assert_string_equal(page->title, "低比特量化在端侧落地：从 INT8 到 INT4 & 更低");
    assert_string_equal(page->site, "端侧智能观察");
    assert_string_equal(page->author, "小李");
    assert_string_equal(page->description, "一篇讲清楚端侧量化的长文");
    assert_int_equal(page->published_utc_s, 1600300800);
    assert_string_equal(url_key(arena, page->url), "wx:MzI0NTE5ODc3MQ==:2247490001:1");
}

static void a_wechat_article_is_read_from_its_scripts_alone(void **state)
{
    struct arena *arena = *state;
    struct fault fault;
    struct page *page = read_fixture(
        arena, "weixin_scripts_only", "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOp", &fault);
    assert_non_null(page);
    assert_string_equal(page->title, "NPU & 编译器：一次实测");
    assert_string_equal(page->site, "芯片手记");
    assert_int_equal(page->published_utc_s, 1600300980); /* 08:03 in Beijing */
    assert_string_equal(url_key(arena, page->url), "wx:MzA5MDAwMDAwMQ==:2650000007:2");
}

static void a_deleted_wechat_article_is_gone(void **state)
{
    struct fault fault;
    assert_null(page_fixture_read(
        *state, "weixin_deleted", "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOp", &fault));
    assert_int_equal(fault.kind, FAULT_GONE);
    assert_non_null(strstr(fault.message, "该内容已被发布者删除"));
}

static void a_wechat_verification_page_is_named(void **state)
{
    struct fault fault;
    assert_null(page_fixture_read(
        *state, "weixin_verify", "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOp", &fault));
    assert_int_equal(fault.kind, FAULT_PARSE);
    assert_non_null(strstr(fault.message, "环境异常"));
}

static void wechats_words_on_another_site_mean_nothing(void **state)
{
    static const char html[] = "<title>t</title><p>该内容已被发布者删除";
    struct fault fault;
    assert_non_null(read_text(*state, html, strlen(html), &fault));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(five_megabytes_of_page_cost_one_reading),
        TEST(ten_thousand_metas_and_links_are_cut),
        TEST(json_ld_bombs_fall_back_to_the_title),
        TEST(a_wide_json_ld_graph_is_walked_within_a_budget),
        TEST(json_ld_of_wrong_types_is_no_fact),
        TEST(a_page_made_by_scripts_says_so),
        TEST(an_empty_page_has_no_title),
        TEST(a_heading_that_nobody_closed_is_cut),
        TEST(a_cloudflare_page_is_named),
        TEST(json_ld_comes_before_opengraph),
        TEST(chinese_dates_without_a_zone_are_beijing_time),
        TEST(the_site_is_cut_off_the_title),
        TEST(a_canonical_address_elsewhere_or_of_the_front_page_is_not_believed),
        TEST(a_charset_in_a_meta_tag_counts),
        TEST(a_wrong_charset_never_gives_broken_text),
        TEST(a_front_page_is_no_article),
        TEST(a_paper_has_its_authors_and_date_from_citation_tags),
        TEST(a_time_element_beside_a_heading_dates_the_page),
        TEST(a_wechat_article_has_title_account_and_the_second_of_its_time),
        TEST(a_wechat_article_is_read_from_its_scripts_alone),
        TEST(a_deleted_wechat_article_is_gone),
        TEST(a_wechat_verification_page_is_named),
        TEST(wechats_words_on_another_site_mean_nothing),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
