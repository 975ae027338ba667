/* Where feeds are found: by address, on the page, in the Link field, by habit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/discovery.h"
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

static struct discovery of_text(struct arena *arena, const char *html, const char *header)
{
    struct discovery found = {0};
    struct page_scan *scan = page_scan_bytes(
        arena, html, strlen(html), "https://site.example/blog/", "text/html; charset=utf-8");
    discovery_from_page(arena, &found, scan, header);
    return found;
}

static void addresses_tell_their_feeds(void **state)
{
    static const struct {
        const char *url, *feed; /* NULL: none */
        size_t count;
    } cases[] = {
        {"https://github.com/Tencent/ncnn", "https://github.com/Tencent/ncnn/releases.atom", 3},
        {"https://github.com/Tencent/ncnn.git/",
            "https://github.com/Tencent/ncnn/releases.atom", 3},
        {"https://github.com/Tencent/ncnn/tags", "https://github.com/Tencent/ncnn/tags.atom",
            3},
        {"https://github.com/Tencent/ncnn/issues/1", NULL, 0},
        {"https://github.com/topics/npu", NULL, 0},
        {"https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv", 1},
        {"https://www.youtube.com/channel/UCshort", NULL, 0},
        {"https://m.youtube.com/playlist?list=PLabc123",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PLabc123", 1},
        {"https://arxiv.org/list/cs.LG/recent", "https://rss.arxiv.org/rss/cs.LG", 1},
        {"https://arxiv.org/list/cs.LG+cs.AR/new", "https://rss.arxiv.org/rss/cs.LG+cs.AR", 1},
        {"https://export.arxiv.org/rss/cs.AR", "https://rss.arxiv.org/rss/cs.AR", 1},
        {"https://arxiv.org/abs/2009.00278", NULL, 0},
        {"https://old.reddit.com/r/LocalLLaMA/", "https://www.reddit.com/r/LocalLLaMA/.rss", 1},
        {"https://www.reddit.com/r/LocalLLaMA/top",
            "https://www.reddit.com/r/LocalLLaMA/top/.rss", 1},
        {"https://www.reddit.com/r/LocalLLaMA/comments/abc/x", NULL, 0},
        {"https://medium.com/@someone", "https://medium.com/feed/@someone", 1},
        {"https://medium.com/@someone/an-article-123", NULL, 0},
        {"https://someone.medium.com/", "https://someone.medium.com/feed", 1},
        {"https://chips.substack.com/archive", "https://chips.substack.com/feed", 1},
        {"https://chips.substack.com/p/article", NULL, 0},
        {"https://name.wordpress.com/", "https://name.wordpress.com/feed/", 1},
        {"https://name.blogspot.com", "https://name.blogspot.com/feeds/posts/default", 1},
        {"https://zhuanlan.zhihu.com/ncnn", NULL, 0}, /* no RSSHub */
        {"https://notgithub.com/a/b", NULL, 0},
        {"mailto:a@github.com", NULL, 0},
        {"not a url", NULL, 0},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct discovery found = {0};
        discovery_from_url(*state, &found, cases[i].url, NULL);
        assert_int_equal(found.count, cases[i].count);
        assert_int_equal(found.is_source, cases[i].feed != NULL);
        if (cases[i].feed != NULL) {
            assert_string_equal(found.feeds[0].url, cases[i].feed);
        }
    }
}

static void a_youtube_handle_is_a_source_whose_page_names_the_channel(void **state)
{
    struct discovery found = {0};
    discovery_from_url(*state, &found, "https://www.youtube.com/@chips", NULL);
    assert_true(found.is_source);
    assert_int_equal(found.count, 0);
    static const char html[] = "<title>Chips</title><script>var "
                               "x={\"externalId\":\"UCabcdefghijklmnopqrstuv\",\"a\":1}"
                               "</script>";
    struct page_scan *scan = page_scan_bytes(
        *state, html, strlen(html), "https://www.youtube.com/@chips", NULL);
    discovery_from_page(*state, &found, scan, NULL);
    assert_int_equal(found.count, 1);
    assert_string_equal(found.feeds[0].url,
        "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv");
}

static void rsshub_is_used_only_when_it_is_configured(void **state)
{
    static const struct {
        const char *url, *feed;
    } cases[] = {
        {"https://zhuanlan.zhihu.com/ncnn", "http://rsshub.lan:1200/zhihu/zhuanlan/ncnn"},
        {"https://www.zhihu.com/people/x/posts",
            "http://rsshub.lan:1200/zhihu/people/activities/x"},
        {"https://space.bilibili.com/12345",
            "http://rsshub.lan:1200/bilibili/user/video/12345"},
        {"https://weibo.com/u/998", "http://rsshub.lan:1200/weibo/user/998"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct discovery found = {0};
        discovery_from_url(*state, &found, cases[i].url, "http://rsshub.lan:1200/");
        assert_int_equal(found.count, 1);
        assert_string_equal(found.feeds[0].url, cases[i].feed);
    }
}

static void links_of_a_page_are_ranked_and_comments_come_last(void **state)
{
    struct discovery found = {0};
    struct page_scan *scan = page_fixture_scan(
        *state, "blog_front", "https://www.blog.example/");
    discovery_from_page(*state, &found, scan, NULL);
    static const char *const urls[] = {"https://blog.example/en/atom.xml?a=1&b=2",
        "https://blog.example/en/comments/feed/", "https://blog.example/rss",
        "https://blog.example/index.xml"};
    /* "/tag/rss" looks like a feed by its last part and stands behind the others */
    assert_int_equal(found.count, 5);
    for (size_t i = 0; i < array_count(urls); i++) {
        assert_string_equal(found.feeds[i].url, urls[i]);
    }
    assert_string_equal(found.feeds[0].title, "All posts");
    assert_string_equal(found.feeds[3].title, "订阅 全文");
    assert_int_equal(found.feeds[0].origin, DISCOVERY_LINK);
    assert_int_equal(found.feeds[2].origin, DISCOVERY_ANCHOR);
}

static void the_link_field_is_read_with_its_quotes_and_commas(void **state)
{
    struct discovery found = of_text(*state, "",
        "<https://x.example/a,b>; rel=\"preload\", </wp-json/>; rel=\"https://api.w.org/\", "
        "<../feed>; rel=alternate; type=\"application/rss+xml\"; title=\"A, B\"");
    assert_int_equal(found.count, 1);
    assert_string_equal(found.feeds[0].url, "https://site.example/feed");
    assert_string_equal(found.feeds[0].title, "A, B");
    assert_int_equal(found.feeds[0].origin, DISCOVERY_HEADER);
}

static void a_broken_link_field_is_no_harm(void **state)
{
    static const char *const headers[] = {"", ",", "<", "<>", ";;;", "<x", "<x>;", "<x>; rel",
        "<x>;rel=\"", "<x>;rel=alternate;type=", "<x>; rel=\"alternate\"; type=\"text/rss",
        ",,,<a>,<b"};
    for (size_t i = 0; i < array_count(headers); i++) {
        of_text(*state, "", headers[i]);
    }
    struct discovery found = of_text(*state, "", "<javascript:x>;rel=alternate;type=text/rss");
    assert_int_equal(found.count, 0);
}

static void one_address_is_listed_once_and_not_too_many(void **state)
{
    struct discovery found = of_text(*state,
        "<link rel=alternate type=application/rss+xml href=/feed>"
        "<link rel=alternate type=application/rss+xml href=/feed#x><a href='/feed'>RSS</a>",
        NULL);
    assert_int_equal(found.count, 1);
    for (int i = 0; i < 100; i++) {
        char url[64];
        snprintf(url, sizeof(url), "https://a.example/%d.rss", i);
        discovery_add(*state, &found, DISCOVERY_ANCHOR, url, NULL);
    }
    assert_int_equal(found.count, DISCOVERY_FEEDS_MAX);
}

static void habit_looks_in_the_folder_before_the_root(void **state)
{
    struct discovery found = {0};
    discovery_guess(*state, &found, "https://a.example/blog?x=1#y");
    assert_string_equal(found.feeds[0].url, "https://a.example/blog/feed");
    bool root = false;
    for (size_t i = 0; i < found.count; i++) {
        root |= strcmp(found.feeds[i].url, "https://a.example/atom.xml") == 0;
    }
    assert_true(root);
    struct discovery of_file = {0};
    discovery_guess(*state, &of_file, "https://a.example/news/1.html");
    assert_string_equal(of_file.feeds[0].url, "https://a.example/feed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        TEST(addresses_tell_their_feeds),
        TEST(a_youtube_handle_is_a_source_whose_page_names_the_channel),
        TEST(rsshub_is_used_only_when_it_is_configured),
        TEST(links_of_a_page_are_ranked_and_comments_come_last),
        TEST(the_link_field_is_read_with_its_quotes_and_commas),
        TEST(a_broken_link_field_is_no_harm),
        TEST(one_address_is_listed_once_and_not_too_many),
        TEST(habit_looks_in_the_folder_before_the_root),
#undef TEST
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
