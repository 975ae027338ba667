/* Pages that stand in front of an article, or where one was. A row names the words by which
 * such a page is known; a page that carries an article is never taken for one, whatever its
 * text speaks of. */
#include <string.h>

#include "base/attributes.h"
#include "feed/page_parts.h"
#include "feed/url.h"

/* On mp.weixin.qq.com, where no article is: the visible text says so. */
static const struct {
    const char *words;
    enum fault_kind kind;
    const char *what;
} weixin_notices[] = {
    {"该内容已被发布者删除", FAULT_GONE,
        "the article was deleted by its publisher (该内容已被发布者删除)"},
    {"此内容因违规无法查看", FAULT_GONE,
        "the article was removed for breaking the platform's rules (此内容因违规无法查看)"},
    {"此内容被投诉", FAULT_GONE, "the article was removed after a complaint (此内容被投诉)"},
    {"此内容发送失败无法查看", FAULT_GONE,
        "the article was never sent (此内容发送失败无法查看)"},
    {"此帐号已被屏蔽", FAULT_GONE, "the account was blocked (此帐号已被屏蔽)"},
    {"此账号已被屏蔽", FAULT_GONE, "the account was blocked (此账号已被屏蔽)"},
    {"该公众号已迁移", FAULT_PARSE,
        "the account has moved (该公众号已迁移): open the page and add the new address"},
    {"链接已过期", FAULT_PARSE, "the link has expired (链接已过期): copy it anew from WeChat"},
    {"环境异常", FAULT_PARSE,
        "WeChat asks for a verification instead of showing the article (环境异常): try "
        "again later, or open it in a browser"},
    {"参数错误", FAULT_PARSE,
        "WeChat does not know this address (参数错误): check that it was copied whole"},
};

/* Anywhere: <title> begins so. */
static const struct {
    const char *title, *what;
} titles[] = {
    {"Just a moment...", "Cloudflare asks for a verification instead of showing the page"},
    {"Attention Required! | Cloudflare", "Cloudflare refuses to show the page"},
    {"百度安全验证",
        "the site asks for a verification instead of showing the page (百度安全验证)"},
    {"安全验证", "the site asks for a verification instead of showing the page (安全验证)"},
    {"知乎 - 有问题,就会有答案", "Zhihu asks for a login instead of showing the page"},
    {"Sina Visitor System", "Weibo asks for a login instead of showing the page"},
    {"Access Denied", "the site refuses to show the page"},
    {"Making sure you're not a bot",
        "the site asks for a verification instead of showing the page"},
};

static bool check_weixin(const struct page_scan *scan, struct fault *fault)
{
    for (size_t i = 0; i < array_count(weixin_notices); i++) {
        if (strstr(scan->text, weixin_notices[i].words) != NULL) {
            return fault_set(fault, weixin_notices[i].kind, "%s", weixin_notices[i].what);
        }
    }
    return true;
}

static bool check_title(const char *title, struct fault *fault)
{
    for (size_t i = 0; i < array_count(titles); i++) {
        if (strncmp(title, titles[i].title, strlen(titles[i].title)) == 0) {
            return fault_set(fault, FAULT_PARSE, "%s", titles[i].what);
        }
    }
    return true;
}

bool page_check_barrier(const struct page_scan *scan, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    const char *host = scan->url == NULL ? NULL : url_host(&arena, scan->url);
    bool weixin = host != NULL && strcmp(host, "mp.weixin.qq.com") == 0;
    return (!weixin || scan->has_weixin_content || check_weixin(scan, fault)) &&
        (scan->title == NULL || check_title(scan->title, fault));
}
