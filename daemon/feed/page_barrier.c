/* Pages that stand in front of an article, or where one was. A row names the words by which
 * such a page is known; a page that carries an article is never taken for one, whatever its
 * text speaks of. */
#include <string.h>

#include "base/attributes.h"
#include "feed/page_parts.h"
#include "feed/url.h"

static const struct {
    const char *host;  /* NULL: any */
    const char *title; /* <title> begins so; NULL: the visible text has `words` */
    const char *words;
    enum fault_kind kind;
    const char *what;
} barriers[] = {
    {"mp.weixin.qq.com", NULL, "该内容已被发布者删除", FAULT_GONE,
        "the article was deleted by its publisher (该内容已被发布者删除)"},
    {"mp.weixin.qq.com", NULL, "此内容因违规无法查看", FAULT_GONE,
        "the article was removed for breaking the platform's rules (此内容因违规无法查看)"},
    {"mp.weixin.qq.com", NULL, "此内容被投诉", FAULT_GONE,
        "the article was removed after a complaint (此内容被投诉)"},
    {"mp.weixin.qq.com", NULL, "此内容发送失败无法查看", FAULT_GONE,
        "the article was never sent (此内容发送失败无法查看)"},
    {"mp.weixin.qq.com", NULL, "此帐号已被屏蔽", FAULT_GONE,
        "the account was blocked (此帐号已被屏蔽)"},
    {"mp.weixin.qq.com", NULL, "此账号已被屏蔽", FAULT_GONE,
        "the account was blocked (此账号已被屏蔽)"},
    {"mp.weixin.qq.com", NULL, "该公众号已迁移", FAULT_PARSE,
        "the account has moved (该公众号已迁移): open the page and add the new address"},
    {"mp.weixin.qq.com", NULL, "链接已过期", FAULT_PARSE,
        "the link has expired (链接已过期): copy it anew from WeChat"},
    {"mp.weixin.qq.com", NULL, "环境异常", FAULT_PARSE,
        "WeChat asks for a verification instead of showing the article (环境异常): try "
        "again later, or open it in a browser"},
    {"mp.weixin.qq.com", NULL, "参数错误", FAULT_PARSE,
        "WeChat does not know this address (参数错误): check that it was copied whole"},
    {NULL, "Just a moment...", NULL, FAULT_PARSE,
        "Cloudflare asks for a verification instead of showing the page"},
    {NULL, "Attention Required! | Cloudflare", NULL, FAULT_PARSE,
        "Cloudflare refuses to show the page"},
    {NULL, "百度安全验证", NULL, FAULT_PARSE,
        "the site asks for a verification instead of showing the page (百度安全验证)"},
    {NULL, "安全验证", NULL, FAULT_PARSE,
        "the site asks for a verification instead of showing the page (安全验证)"},
    {NULL, "知乎 - 有问题,就会有答案", NULL, FAULT_PARSE,
        "Zhihu asks for a login instead of showing the page"},
    {NULL, "Sina Visitor System", NULL, FAULT_PARSE,
        "Weibo asks for a login instead of showing the page"},
    {NULL, "Access Denied", NULL, FAULT_PARSE, "the site refuses to show the page"},
    {NULL, "Making sure you're not a bot", NULL, FAULT_PARSE,
        "the site asks for a verification instead of showing the page"},
};

static bool matches(size_t row, const struct page_scan *scan, bool weixin)
{
    if (barriers[row].host != NULL) {
        return weixin && !scan->has_weixin_content &&
            strstr(scan->text, barriers[row].words) != NULL;
    }
    return scan->title != NULL &&
        strncmp(scan->title, barriers[row].title, strlen(barriers[row].title)) == 0;
}

bool page_check_barrier(const struct page_scan *scan, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    const char *host = scan->url == NULL ? NULL : url_host(&arena, scan->url);
    bool weixin = host != NULL && strcmp(host, "mp.weixin.qq.com") == 0;
    for (size_t i = 0; i < array_count(barriers); i++) {
        if (matches(i, scan, weixin)) {
            return fault_set(fault, barriers[i].kind, "%s", barriers[i].what);
        }
    }
    return true;
}
