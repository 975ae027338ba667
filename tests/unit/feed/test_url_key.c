#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "feed/url.h"

/* Groups of URLs that are one thing; the first member is the key. NULL ends a group. */
static const char *const groups[][16] = {
    {"arxiv:2009.00278", "https://arxiv.org/abs/2009.00278",
        "http://arxiv.org/pdf/2009.00278v3.pdf", "https://arxiv.org/html/2009.00278v1",
        "https://export.arxiv.org/abs/2009.00278",
        "https://www.alphaxiv.org/overview/2009.00278v2",
        "https://huggingface.co/papers/2009.00278", "https://hf-mirror.com/papers/2009.00278",
        "https://doi.org/10.48550/arXiv.2009.00278", "arXiv:2009.00278v2",
        "oai:arXiv.org:2009.00278v1", "https://ar5iv.labs.arxiv.org/html/2009.00278",
        "https://papers.cool/arxiv/2009.00278", "doi:10.48550/ARXIV.2009.00278"},
    {"arxiv:math/0309136", "https://arxiv.org/abs/math.GT/0309136v2", "arxiv:math/0309136"},
    {"doi:10.1145/3065386", "https://doi.org/10.1145/3065386",
        "http://dx.doi.org/10.1145%2F3065386", "https://dl.acm.org/doi/pdf/10.1145/3065386",
        "https://dl.acm.org/doi/abs/10.1145/3065386?x=1", "doi:10.1145/3065386",
        "info:doi/10.1145/3065386"},
    {"doi:10.1002/(sici)1096(1996)99:1%3C1::aid%3E3.0.co;2-1",
        "https://doi.org/10.1002/(SICI)1096(1996)99:1%3C1::AID%3E3.0.CO;2-1",
        "doi:10.1002/(SICI)1096(1996)99:1<1::AID>3.0.CO;2-1"},
    {"doi:10.1038/s41586-021-03819-2", "https://www.nature.com/articles/s41586-021-03819-2.pdf",
        "https://doi.org/10.1038/S41586-021-03819-2"},
    {"doi:10.1101/2020.01.01.123456",
        "https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2.full.pdf",
        "https://www.biorxiv.org/content/10.1101/2020.01.01.123456v1"},
    {"github:tencent/ncnn", "https://github.com/Tencent/ncnn",
        "http://www.github.com/tencent/NCNN.git",
        "https://github.com/Tencent/ncnn/?tab=readme-ov-file#readme"},
    {"github:tencent/ncnn@20240102", "https://github.com/Tencent/ncnn/releases/tag/20240102",
        "https://github.com/tencent/ncnn/releases/tag/20240102/#assets"},
    {"github:o/r@pkg/v1.0", "https://github.com/o/r/releases/tag/pkg/v1.0",
        "https://github.com/o/r/releases/tag/pkg%2Fv1.0"},
    {"github:o/r#12", "https://github.com/o/r/issues/12",
        "https://github.com/o/r/pull/12/files"},
    {"wx:MzA3MzI4MjgzMw==:2650901234:1",
        "http://mp.weixin.qq.com/"
        "s?__biz=MzA3MzI4MjgzMw==&mid=2650901234&idx=1&sn=0c1d&scene=21#rd",
        "https://mp.weixin.qq.com/s?idx=1&mid=2650901234&__biz=MzA3MzI4MjgzMw%3D%3D",
        "http://mp.weixin.qq.com/"
        "s?__biz=MzA3MzI4MjgzMw==&amp;mid=2650901234&amp;idx=1&amp;sn=0c1d",
        "http://mp.weixin.qq.com/mp/appmsg/"
        "show?__biz=MzA3MzI4MjgzMw==&appmsgid=2650901234&itemidx=1"},
    {"wx:Qm9x-7LkTz_wRvB3nE5aYg",
        "https://mp.weixin.qq.com/s/Qm9x-7LkTz_wRvB3nE5aYg?from=timeline"},
    {"zhihu:p/678901234", "https://zhuanlan.zhihu.com/p/678901234?utm_psn=1",
        "https://www.zhihu.com/tardis/zm/art/678901234"},
    {"zhihu:answer/98", "https://www.zhihu.com/question/12/answer/98",
        "https://zhihu.com/answer/98"},
    {"bili:BV1xx411c7mD", "https://www.bilibili.com/video/BV1xx411c7mD/?p=1&spm_id_from=3",
        "https://b23.tv/BV1xx411c7mD", "https://m.bilibili.com/video/BV1xx411c7mD",
        "https://player.bilibili.com/player.html?bvid=BV1xx411c7mD"},
    {"bili:BV17x411w7KC", "https://www.bilibili.com/video/av170001/",
        "https://b23.tv/BV17x411w7KC"},
    {"qqnews:20240506A01BCD00", "https://new.qq.com/rain/a/20240506A01BCD00",
        "https://new.qq.com/omn/20240506/20240506A01BCD00.html",
        "https://xw.qq.com/cmsid/20240506A01BCD00"},
    {"mydrivers:867123", "https://news.mydrivers.com/1/867/867123.htm",
        "https://m.mydrivers.com/newsview/867123.html"},
    {"weibo:4990011223344556", "https://m.weibo.cn/status/4990011223344556",
        "https://m.weibo.cn/123/4990011223344556"},
    {"https://example.com/2024/a-b.html", "https://example.com/2024/a-b.amp.html",
        "https://example.com/2024/a-b.html/comment-page-2/#comment-5"},
    {"yt:dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3s",
        "https://youtu.be/dQw4w9WgXcQ", "https://m.youtube.com/shorts/dQw4w9WgXcQ",
        "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"},
    {"x:170", "https://twitter.com/a/status/170?s=20", "https://x.com/i/web/status/170",
        "https://mobile.twitter.com/b/statuses/170"},
    {"reddit:1abcde2", "https://old.reddit.com/r/rust/comments/1abcde2/a_title/?context=3",
        "https://redd.it/1abcde2"},
    {"medium:1a2b3c4d5e6f", "https://medium.com/@a/edge-ai-1a2b3c4d5e6f?source=rss",
        "https://a.medium.com/edge-ai-1a2b3c4d5e6f", "https://medium.com/p/1a2b3c4d5e6f"},
    {"hn:390", "https://news.ycombinator.com/item?id=390"},
    {"ithome:745123", "https://www.ithome.com/0/745/123.htm",
        "https://m.ithome.com/html/745123.htm"},
    {"csdn:135", "https://blog.csdn.net/u/article/details/135?spm=1",
        "https://u.blog.csdn.net/article/details/135"},
    {"https://example.com/a/b", "http://www.example.com:80/a/b/",
        "https://m.example.com/a/b/index.html", "HTTPS://EXAMPLE.com/a/x/../b#top",
        "https://example.com/a/b?utm_source=x&UTM_Medium=y",
        "https://example.com/a/b;jsessionid=0123", "https://example.com./%61/b?",
        "https://link.zhihu.com/?target=https%3A//www.example.com/a/b",
        "https://link.zhihu.com/"
        "?target=https%3A%2F%2Flink.juejin.cn%2F%3Ftarget%3Dhttps%253A%252F%252Fexample.com%"
        "252Fa%252Fb",
        "https://www.google.com/url?q=https://example.com/a/b&sa=D"},
    {"https://example.com/2024/a-b", "https://example.com/2024/a-b/amp/",
        "https://amp.example.com/2024/a-b",
        "https://www.google.com/amp/s/www.example.com/2024/a-b",
        "https://example.com/2024/a-b?amp",
        "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/2024/a-b.amp"},
    {"https://example.com/s?a=1&q=edge%20ai", "https://example.com/s?q=edge+ai&a=1&fbclid=z"},
    {"https://example.com/s?a=1&ab=2&b=3", "https://example.com/s?b=3&ab=2&a=1"},
    {"https://example.com/#/post/1", "http://www.example.com/#/post/1"},
    {"https://en.wikipedia.org/wiki/SimHash",
        "https://en.m.wikipedia.org/wiki/SimHash#References"},
    {"http://example.com:8080/a", "http://example.com:8080/a/"},
    {"ftp://example.com/a", "FTP://Example.com:21/a"},
    {"urn:uuid:1", "  urn:uuid:1\n"},
    {"some text", " some text "},
};

static void one_thing_has_one_key(void **state)
{
    for (size_t i = 0; i < array_count(groups); i++) {
        for (size_t k = 1; k < array_count(groups[i]) && groups[i][k] != NULL; k++) {
            struct arena arena = {0};
            assert_string_equal(url_key(&arena, groups[i][k]), groups[i][0]);
            arena_release(&arena);
        }
    }
}

/* Neighbours that must stay apart. Each line is a way to join what differs. */
static const char *const apart[][2] = {
    {"https://arxiv.org/abs/2009.00278", "https://arxiv.org/abs/2009.00287"},
    {"https://arxiv.org/abs/2403.1234", "https://arxiv.org/abs/2403.01234"},
    {"https://arxiv.org/abs/hep-th/9901001", "https://arxiv.org/abs/hep-ph/9901001"},
    {"https://arxiv.org/list/cs.LG/recent", "https://arxiv.org/list/cs.AI/recent"},
    {"https://github.com/o/r", "https://github.com/o/r/releases"},
    {"https://github.com/o/r/releases/tag/V1", "https://github.com/o/r/releases/tag/v1"},
    {"https://github.com/o/r/tree/v1", "https://github.com/o/r/releases/tag/v1"},
    {"https://github.com/o/r/releases//tag/v1", "https://github.com/o/r/releases/tag/v1"},
    {"https://github.com/o/r/issues/1", "https://github.com/o/r/issues/12"},
    {"https://github.com/o?tab=stars", "https://github.com/o?tab=repositories"},
    {"https://github.com/o/r/issues%20pull/1", "https://github.com/o/r/issues/1"},
    {"https://github.com/topics/ncnn", "https://github.com/topics/mnn"},
    {"https://mp.weixin.qq.com/s/Qm9x-7LkTz_wRvB3nE5aYg",
        "https://mp.weixin.qq.com/s/qm9x-7LkTz_wRvB3nE5aYg"},
    {"https://mp.weixin.qq.com/s?__biz=MzA=&mid=1&idx=1",
        "https://mp.weixin.qq.com/s?__biz=MzA=&mid=1&idx=2"},
    {"https://mp.weixin.qq.com/s?src=11&timestamp=1&signature=a",
        "https://mp.weixin.qq.com/s?src=11&timestamp=1&signature=b"},
    {"https://mp.weixin.qq.com/s?src=11&timestamp=1&ver=2&signature=a",
        "https://mp.weixin.qq.com/s?src=11&timestamp=2&ver=2&signature=a"},
    {"https://weibo.com/1234567890/followers", "https://weibo.com/1234567891/followers"},
    {"https://weibo.com/1/NxYzAb12C", "https://weibo.com/1/NxYzAb12c"},
    {"https://github.com/o/r/pull/1/commits/abcdef1",
        "https://github.com/o/r/pull/1/commits/abcdef2"},
    {"https://www.zhihu.com/question/1", "https://www.zhihu.com/answer/1"},
    {"https://www.bilibili.com/video/BV1xx411c7mD",
        "https://www.bilibili.com/video/BV1xx411c7md"},
    {"https://www.bilibili.com/video/BV1xx411c7mD?p=2",
        "https://www.bilibili.com/video/BV1xx411c7mD?p=3"},
    {"https://www.youtube.com/embed/videoseries?list=A",
        "https://www.youtube.com/embed/videoseries?list=B"},
    {"https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=dqw4w9wgxcq"},
    {"https://www.reddit.com/r/a/comments/1abcde2/t/",
        "https://www.reddit.com/r/a/comments/1abcde2/t/kxyz123/"},
    {"https://news.ycombinator.com/item?id=1", "https://news.ycombinator.com/user?id=1"},
    {"https://dl.acm.org/doi/10.1145/1", "https://dl.acm.org/doi/suppl/10.1145/1"},
    {"https://example.com/a%2Fb", "https://example.com/a/b"},
    {"https://example.com/a?x=1%2B1", "https://example.com/a?x=1+1"},
    {"https://example.com/a?x=1%26y=2", "https://example.com/a?x=1&y=2"},
    {"https://example.com/a?X=1", "https://example.com/a?x=1"},
    {"https://example.com/a?x=1&x=2", "https://example.com/a?x=2&x=1"},
    {"https://example.com/A", "https://example.com/a"},
    {"https://example.com/a", "https://example.org/a"},
    {"https://example.com/a", "https://docs.example.com/a"},
    {"https://example.com/a", "https://example.com:8443/a"},
    {"https://example.com/a", "ftp://example.com/a"},
    {"https://mobile.example.com/", "https://example.com/"},
    {"https://m.me/a", "https://me/a"},
    {"https://example.com/index.html", "https://example.com/index2.html"},
    {"https://example.com/products/amp", "https://example.com/products"},
    {"https://example.com/camp", "https://example.com/c"},
    {"https://example.com/#/post/1", "https://example.com/#/post/2"},
    {"https://example.com/?p=1", "https://example.com/?p=2"},
    {"https://example.com/a?utmost=1", "https://example.com/a?utmost=2"},
    {"https://example.com/a?ref=v1", "https://example.com/a?ref=v2"},
    {"https://example.com/a?from=1", "https://example.com/a?from=2"},
    {"https://example.com/i?crop/1x2", "https://example.com/i?crop/2x1"},
    {"https://link.zhihu.com/?target=https://a.example/",
        "https://link.zhihu.com/?target=https://b.example/"},
    {"https://link.zhihu.com/?target=javascript:1",
        "https://link.zhihu.com/?target=javascript:2"},
    {"https://user@example.com/a", "https://example.com/a"},
};

static void different_things_have_different_keys(void **state)
{
    for (size_t i = 0; i < array_count(apart); i++) {
        struct arena arena = {0};
        const char *key = url_key(&arena, apart[i][0]);
        if (strcmp(key, url_key(&arena, apart[i][1])) == 0) {
            fail_msg("'%s' and '%s' are both '%s'", apart[i][0], apart[i][1], key);
        }
        arena_release(&arena);
    }
}

static void assert_stable(const char *url)
{
    struct arena arena = {0};
    const char *key = url_key(&arena, url);
    assert_string_equal(url_key(&arena, key), key);
    assert_null(strpbrk(key, "\r\n"));
    const char *canonical = url_canonical(&arena, url);
    if (canonical != NULL) {
        assert_string_equal(url_canonical(&arena, canonical), canonical);
        assert_string_equal(
            url_key(&arena, canonical), key); /* cleaning never changes what it is */
    }
    arena_release(&arena);
}

static const char *const odd[] = {"", " ", "%", "http://", "https://example.com/%",
    "https://example.com/%zz%41", "https://www.www.m.amp.example.com/a",
    "https://example.com/a/index.html/index.php/", "https://example.com//a//b//",
    "https://example.com/a/amp/amp/amp-1/amp", "https://example.com/?&&=&a&=b&",
    "https://example.com/?amp;amp;a=1", "https://doi.org/10.1/%0A%20x",
    "https://github.com/o/r/releases/tag/a%0Ab%252F", "https://x.com/",
    "https://arxiv.org/abs/", "https://mp.weixin.qq.com/s?__biz=%0A&mid=1&idx=1",
    "https://www.google.com/amp/s/", "https://www.google.com/amp/s/a",
    "https://www.google.com/url?q=/relative",
    "https://www.google.com/amp/s/www.google.com/amp/s/example.com/x-1",
    "https://example.com/a?b=%26%3D%23%2B+%20", "https://1.2.3.4/", "https://[::1]/a",
    "https://m.1.2.3/a", "doi:10.1/x", "doi:nothing", "arxiv:nothing", "github:A/B", "wx:x",
    "mailto:A@b", "tag:github.com,2008:x/1", "https://example.com/#!/a b",
    "https://example.com/#", "https://twitter.com/a", "https://juejin.im/post/1",
    "https://example.com/A%2e%2e/b", "https://example.com/index.html?a=1",
    "https://example.com/x?outputType=amp&amp=1"};

static void a_key_of_a_key_is_the_key(void **state)
{
    for (size_t i = 0; i < array_count(groups); i++) {
        for (size_t k = 0; k < array_count(groups[i]) && groups[i][k] != NULL; k++) {
            assert_stable(groups[i][k]);
        }
    }
    for (size_t i = 0; i < array_count(apart); i++) {
        assert_stable(apart[i][0]);
        assert_stable(apart[i][1]);
    }
    for (size_t i = 0; i < array_count(odd); i++) {
        assert_stable(odd[i]);
    }
}

/* Pseudo-random URLs out of the pieces that have a meaning: reproducible. */
static void a_key_of_any_mixture_is_stable(void **state)
{
    static const char *const hosts[] = {"www.", "m.", "amp.", "example.com", "github.com",
        "arxiv.org", "mp.weixin.qq.com", "google.com", "twitter.com", "bbc.com", "doi.org",
        "medium.com"};
    static const char *const pieces[] = {"/", "amp", "/amp/", "s/", "index.html", "/index.php",
        "abs", "pdf", "/2009.00278", "v2", ".pdf", "10.1145/1", "%2F", "%41", "%", "?", "&",
        "=", "utm_source=a", "amp=1", "q=", "+", "#", "!", "-1", "..", "releases/tag/v1",
        "?url=http://", "example.com", ";jsessionid=1", "a", "\\", "中"};
    uint32_t random = 7;
    for (int round = 0; round < 20000; round++) {
        char url[512] = "https://";
        for (int i = 0; i < 12; i++) {
            random = random * 1664525 + 1013904223;
            strcat(url,
                i < 2 ? hosts[(random >> 16) % array_count(hosts)]
                      : pieces[(random >> 16) % array_count(pieces)]);
        }
        assert_stable(url);
    }
}

static void a_canonical_url_is_one_to_open(void **state)
{
    static const char *const table[][2] = {
        {"https://towardsdatascience.com/npu-1?source=rss----7f60cf5620c9---4",
            "https://towardsdatascience.com/npu-1"},
        {"https://b.example/npu?source=rssfeeds-and-more",
            "https://b.example/npu?source=rssfeeds-and-more"},
        {"http://www.Example.com/b/?b=1&a=2&utm_source=x#top",
            "http://www.example.com/b/?b=1&a=2"},
        {"https://m.example.com/a/index.html", "https://m.example.com/a/index.html"},
        {"https://link.zhihu.com/?target=http%3A//e.example/%3Fa%3D1", "http://e.example/?a=1"},
        {"https://a.example/#!/x", "https://a.example/#!/x"},
        {"https://a.example/?a=1&amp;b=2&amp;utm_id=3", "https://a.example/?a=1&b=2"},
        {"https://arxiv.org/abs/2009.00278v2", "https://arxiv.org/abs/2009.00278v2"},
        {"mailto:a@b", "mailto:a@b"}};
    for (size_t i = 0; i < array_count(table); i++) {
        struct arena arena = {0};
        assert_string_equal(url_canonical(&arena, table[i][0]), table[i][1]);
        arena_release(&arena);
    }
    struct arena arena = {0};
    assert_null(url_canonical(&arena, "text"));
    arena_release(&arena);
}

static void parameters_that_track_go_and_others_stay(void **state)
{
    static const char *const tracking[] = {"utm_campaign", "UTM_SOURCE", "fbclid", "gclid",
        "mtm_cid", "pk_kwd", "hsa_acc", "_hsenc", "__hstc", "mc_eid", "mkt_tok", "vero_id",
        "_openstat", "yclid", "msclkid", "spm", "oly_enc_id", "wt_mc", "igshid", "srsltid",
        "isappinstalled", "cmpid"};
    static const char *const content[] = {"id", "q", "page", "source", "ref", "utm", "utmost",
        "spmx", "cid", "from", "ga", "mc", "hs", "sourceid", "var", "type", "share",
        "click_id"};
    for (size_t i = 0; i < array_count(tracking) + array_count(content); i++) {
        bool tracks = i < array_count(tracking);
        const char *name = tracks ? tracking[i] : content[i - array_count(tracking)];
        struct arena arena = {0};
        const char *key = url_key(
            &arena, arena_printf(&arena, "https://e.example/a?%s=77&k=1", name));
        if ((strstr(key, "77") == NULL) != tracks || strstr(key, "k=1") == NULL) {
            fail_msg("parameter '%s': %s", name, key);
        }
        arena_release(&arena);
    }
}

static void only_what_tracks_leaves_a_url(void **state)
{
    static const struct {
        const char *url, *clean;
    } cases[] = {
        {"https://a.example/p?id=1&utm_source=x&b=%E4%BD%A0#part",
            "https://a.example/p?id=1&b=%E4%BD%A0#part"},
        {"https://a.example/p?utm_source=x", "https://a.example/p"},
        {"https://a.example/p?utm_source=x#part", "https://a.example/p#part"},
        {"https://mp.weixin.qq.com/s/x#wechat_redirect", "https://mp.weixin.qq.com/s/x"},
        {"https://WWW.a.example:8080/../b/?", "https://WWW.a.example:8080/../b/?"},
        {"HTTP://a.example/?b=2&a=1&&a=1", "HTTP://a.example/?b=2&a=1&&a=1"},
        {"not a url?utm_source=x", "not a url?utm_source=x"},
        {"", ""},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct arena arena;
        arena_init(&arena);
        assert_string_equal(url_without_tracking(&arena, cases[i].url), cases[i].clean);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(different_things_have_different_keys),
        cmocka_unit_test(one_thing_has_one_key),
        cmocka_unit_test(a_key_of_a_key_is_the_key),
        cmocka_unit_test(a_key_of_any_mixture_is_stable),
        cmocka_unit_test(a_canonical_url_is_one_to_open),
        cmocka_unit_test(parameters_that_track_go_and_others_stay),
        cmocka_unit_test(only_what_tracks_leaves_a_url),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
