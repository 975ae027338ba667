#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/attributes.h"
#include "feed/source.h"

static const struct {
    const char *url;
    enum config_kind kind;
} addresses[] = {
    {"https://rss.arxiv.org/atom/cs.LG+cs.CV", CONFIG_KIND_ARXIV},
    {"http://export.arxiv.org/api/query?search_query=cat:cs.LG", CONFIG_KIND_ARXIV},
    {"https://arxiv.org/rss/cs.AR", CONFIG_KIND_ARXIV},
    {"https://notarxiv.org/rss/cs.AR", CONFIG_KIND_PLAIN},
    {"https://arxiv.org.evil.example/rss/cs.AR", CONFIG_KIND_PLAIN},
    {"https://example.org/?from=rss.arxiv.org/rss/", CONFIG_KIND_PLAIN},
    {"https://github.com/Tencent/ncnn/releases.atom", CONFIG_KIND_GITHUB_RELEASES},
    {"https://www.github.com/ggml-org/llama.cpp/tags.atom", CONFIG_KIND_GITHUB_RELEASES},
    {"https://github.com/Tencent/ncnn/commits.atom", CONFIG_KIND_PLAIN},
    {"https://github.com/releases.atom", CONFIG_KIND_PLAIN},
    {"https://rsshub.app/qbitai/category/x", CONFIG_KIND_RSSHUB},
    {"http://rsshub.lan:1200/aiera/latest", CONFIG_KIND_RSSHUB},
    {"http://172.17.0.1:1200/aiera/latest", CONFIG_KIND_RSSHUB},
    {"http://rsshub:1200/wechat/x", CONFIG_KIND_RSSHUB},
    {"https://wechat2rss.xlab.app/feed/51e9.xml", CONFIG_KIND_WECHAT},
    {"http://192.168.1.9:4000/feeds/MP_WXS_123.atom", CONFIG_KIND_WECHAT},
    {"http://we-mp-rss.lan:8001/feed/MP_WXS_1.rss", CONFIG_KIND_WECHAT},
    {"https://www.reddit.com/r/LocalLLaMA/.rss", CONFIG_KIND_REDDIT},
    {"https://old.reddit.com/r/LocalLLaMA/top.rss?t=day", CONFIG_KIND_REDDIT},
    {"https://medium.com/feed/@someone", CONFIG_KIND_MEDIUM},
    {"https://someone.medium.com/feed", CONFIG_KIND_MEDIUM},
    {"https://blogs.nvidia.com/feed/", CONFIG_KIND_WORDPRESS},
    {"https://blogs.nvidia.com/comments/feed/", CONFIG_KIND_WORDPRESS},
    {"https://blog.example/?feed=rss2&paged=2", CONFIG_KIND_WORDPRESS},
    {"https://www.phoronix.com/rss.php", CONFIG_KIND_PLAIN},
    {"not a url", CONFIG_KIND_PLAIN},
};

static void a_kind_is_recognised_by_its_address(void **state)
{
    (void)state;
    for (size_t i = 0; i < array_count(addresses); i++) {
        struct config_feed feed = {.url = addresses[i].url};
        if (source_kind(&feed) != addresses[i].kind) {
            fail_msg("%s is taken for %d", addresses[i].url, source_kind(&feed));
        }
    }
}

static void a_kind_that_is_written_wins(void **state)
{
    (void)state;
    struct config_feed feed = {
        .url = "https://rss.arxiv.org/rss/cs.AR", .kind = CONFIG_KIND_PLAIN};
    assert_int_equal(source_kind(&feed), CONFIG_KIND_PLAIN);
    feed = (struct config_feed){.url = "http://10.0.0.1/x", .kind = CONFIG_KIND_RSSHUB};
    assert_int_equal(source_kind(&feed), CONFIG_KIND_RSSHUB);
}

static bool admits(unsigned announce, const char *type)
{
    struct config_feed feed = {.url = "https://rss.arxiv.org/rss/cs.AR", .announce = announce};
    struct feed_entry entry = {.arxiv_announce_type = type};
    return source_admits(&feed, &entry);
}

static void only_new_papers_are_news_unless_cross_lists_are_asked_for(void **state)
{
    (void)state;
    assert_true(admits(0, "new"));
    assert_false(admits(0, "cross"));
    assert_true(admits(CONFIG_ANNOUNCE_NEW | CONFIG_ANNOUNCE_CROSS, "new"));
    assert_true(admits(CONFIG_ANNOUNCE_NEW | CONFIG_ANNOUNCE_CROSS, "cross"));
    assert_false(admits(CONFIG_ANNOUNCE_CROSS, "new"));
}

static void replacements_never_pass_and_a_missing_type_does(void **state)
{
    (void)state;
    unsigned all = CONFIG_ANNOUNCE_NEW | CONFIG_ANNOUNCE_CROSS;
    assert_false(admits(all, "replace"));
    assert_false(admits(all, "replace-cross"));
    assert_true(admits(0, NULL));
    assert_true(admits(0, "withdrawn-but-new-in-2027"));
}

static void a_mirror_of_arxiv_is_read_like_arxiv(void **state)
{
    (void)state;
    struct config_feed feed = {.url = "https://mirror.example/cs.AR.xml"};
    struct feed_entry entry = {.arxiv_announce_type = "replace"};
    assert_false(source_admits(&feed, &entry));
}

static void a_feed_that_is_called_plain_keeps_everything(void **state)
{
    (void)state;
    struct config_feed feed = {
        .url = "https://rss.arxiv.org/rss/cs.AR", .kind = CONFIG_KIND_PLAIN};
    struct feed_entry entry = {.arxiv_announce_type = "replace"};
    assert_true(source_admits(&feed, &entry));
}

static const char *adapted(const char *html)
{
    struct arena arena = {0};
    struct config_feed feed = {.url = "https://www.reddit.com/r/x/.rss"};
    struct feed_entry entry = {
        .link = "https://www.reddit.com/r/x/comments/1/y/", .content = html};
    source_adapt_entry(&arena, &feed, &entry);
    static char link[256];
    snprintf(link, sizeof(link), "%s", entry.link);
    arena_release(&arena);
    return link;
}

#define COMMENTS "<a href=\"https://www.reddit.com/r/x/comments/1/y/\">[comments]</a>"
#define THREAD "https://www.reddit.com/r/x/comments/1/y/"

static void a_link_posted_on_reddit_is_the_item(void **state)
{
    (void)state;
    assert_string_equal(adapted("submitted by <a href=\"https://www.reddit.com/user/u\">u</a> "
                                "<span><a href=\"https://a.example/?x=1&amp;y=2\">[link]</a>"
                                "</span> " COMMENTS),
        "https://a.example/?x=1&y=2");
}

static void a_post_of_its_own_keeps_its_thread(void **state)
{
    (void)state;
    assert_string_equal(
        adapted("<p>text</p><a href=\"" THREAD "\">[link]</a> " COMMENTS), THREAD);
    assert_string_equal(
        adapted("<a href=\"https://i.redd.it/x.png\">[link]</a> " COMMENTS), THREAD);
    assert_string_equal(adapted("<a href=\"https://a.example/\">a link</a> no sign"), THREAD);
    assert_string_equal(adapted("[link]</a>"), THREAD);
    assert_string_equal(adapted("<a href=\"[link]</a>"), THREAD);
    assert_string_equal(adapted("<a href=\"javascript:x\">[link]</a>"), THREAD);
    assert_string_equal(adapted("<a href=\"\">[link]</a>"), THREAD);
    assert_string_equal(adapted(NULL), THREAD);
}

static bool is_comments(const char *url, const char *title, const char *entry_title)
{
    struct config_feed feed = {.url = url};
    struct feed_entry entry = {.title = entry_title};
    struct feed_document document = {
        .title = title, .entries = &entry, .entry_count = entry_title == NULL ? 0 : 1};
    return source_is_comments(&feed, &document);
}

static void the_comments_of_a_blog_are_not_its_posts(void **state)
{
    (void)state;
    assert_true(is_comments("https://b.example/comments/feed/", "Anything", NULL));
    assert_true(is_comments(
        "https://b.example/?feed=comments-rss2", "Comments for B", "Comment on NPUs by A"));
    assert_true(is_comments("https://b.example/2026/npu/feed/", "Comments on: NPUs", "By: A"));
    assert_true(is_comments("https://b.example/2026/npu/feed/", "《NPU》的评论", "作者：甲"));
    assert_false(is_comments("https://b.example/feed/", "Comments on Chips", "A new NPU"));
    assert_false(is_comments("https://b.example/feed/", "Comments for B", NULL));
    assert_false(is_comments("https://b.example/rss", "Comments for B", "By: A"));
}

static void a_wechat_bridge_is_labelled_by_the_account(void **state)
{
    (void)state;
    struct config_feed feed = {.url = "http://wewe-rss.lan:4000/feeds/MP_WXS_1.atom",
        .name = "bridge",
        .source = "bridge"};
    assert_string_equal(source_label(&feed, "机器之心"), "机器之心");
    assert_string_equal(source_label(&feed, ""), "bridge");
    assert_string_equal(source_label(&feed, NULL), "bridge");
    feed.source = "心";
    assert_string_equal(source_label(&feed, "机器之心"), "心");
    feed = (struct config_feed){.url = "https://a.example/rss", .name = "a"};
    assert_string_equal(source_label(&feed, "Title"), "a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kind_is_recognised_by_its_address),
        cmocka_unit_test(a_kind_that_is_written_wins),
        cmocka_unit_test(only_new_papers_are_news_unless_cross_lists_are_asked_for),
        cmocka_unit_test(replacements_never_pass_and_a_missing_type_does),
        cmocka_unit_test(a_mirror_of_arxiv_is_read_like_arxiv),
        cmocka_unit_test(a_feed_that_is_called_plain_keeps_everything),
        cmocka_unit_test(a_link_posted_on_reddit_is_the_item),
        cmocka_unit_test(a_post_of_its_own_keeps_its_thread),
        cmocka_unit_test(the_comments_of_a_blog_are_not_its_posts),
        cmocka_unit_test(a_wechat_bridge_is_labelled_by_the_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
