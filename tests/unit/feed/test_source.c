#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
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

static void a_feed_that_is_called_plain_keeps_everything(void **state)
{
    (void)state;
    struct config_feed feed = {
        .url = "https://rss.arxiv.org/rss/cs.AR", .kind = CONFIG_KIND_PLAIN};
    struct feed_entry entry = {.arxiv_announce_type = "replace"};
    assert_true(source_admits(&feed, &entry));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kind_is_recognised_by_its_address),
        cmocka_unit_test(a_kind_that_is_written_wins),
        cmocka_unit_test(only_new_papers_are_news_unless_cross_lists_are_asked_for),
        cmocka_unit_test(replacements_never_pass_and_a_missing_type_does),
        cmocka_unit_test(a_feed_that_is_called_plain_keeps_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
