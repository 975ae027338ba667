/* One table of words by status; where it has none for a status, its class decides. The sentence
 * of the problem says what to do about this very request, but in English only: the Chinese page
 * has sentences of its own, which are about the page rather than the request, for whoever reads
 * it has followed a link and written no header.
 *
 * A page that is not ready yet asks again by itself, without a script. */
#include "web/server/error_page.h"

#include "base/attributes.h"
#include "briefing/markup.h"
#include "web/server/small_page.h"

enum { NOT_READY = 503, SERVER_ERRORS = 500, ASK_AGAIN_S = 3 };

static const char style[] = SMALL_PAGE_STYLE
    "main{width:min(400px,calc(100vw - 48px))}\n"
    "h1{margin-bottom:8px}\n"
    "p{color:var(--ink-2);font-size:14px;line-height:24px;overflow-wrap:anywhere}\n"
    "p.quiet{color:var(--ink-3);font-size:12px;line-height:20px}\n"
    "nav{display:flex;flex-wrap:wrap;gap:8px;margin-top:20px}\n"
    "a{display:inline-flex;align-items:center;min-height:36px;padding:0 12px;border-radius:6px;"
    "color:inherit;text-decoration:none;box-shadow:inset 0 0 0 1px var(--line)}\n"
    "a:hover{box-shadow:inset 0 0 0 1px var(--edge)}\n";

static const struct words {
    int status;
    const char *heading_zh, *text_zh, *heading_en;
} words[] = {
    {403, "没有权限", "这个账号不能打开这一页。换一个账号登录，或者请管理员调整。",
        "Not for this account"},
    {404, "这里没有内容", "地址可能写错了，也可能往期里没有这一期。", "Nothing here"},
    {406, "没有这种格式", "这个地址没有浏览器要的格式。", "Not in this form"},
    {429, "请求太多", "过一会儿再来。", "Too many requests"},
    {NOT_READY, "还没准备好", "服务刚启动，或者正忙。这一页会自动再试。", "Not ready yet"},
};
static const struct words fault = {SERVER_ERRORS, "服务出错了",
    "原因写在服务的日志里。过一会儿再试。", "Something went wrong"};
static const struct words refusal = {
    400, "打不开这一页", "服务没有接受这个请求。", "This page cannot be opened"};

static const struct words *find_words(int status)
{
    for (size_t i = 0; i < array_count(words); i++) {
        if (words[i].status == status) {
            return &words[i];
        }
    }
    return status >= SERVER_ERRORS ? &fault : &refusal;
}

static void write_way(
    const struct error_page *page, const char *path, const char *name, struct buffer *out)
{
    buffer_puts(out, "<a href=\"");
    markup_write_text(page->prefix, out);
    buffer_printf(out, "%s\">%s</a>\n", path, name);
}

void error_page_write(const struct error_page *page, struct buffer *out)
{
    const struct words *said = find_words(page->status);
    const char *heading = page->chinese ? said->heading_zh : said->heading_en;
    buffer_printf(out, SMALL_PAGE_HEAD, page->chinese ? "zh-CN" : "en");
    if (page->status == NOT_READY) {
        buffer_printf(out, "<meta http-equiv=\"refresh\" content=\"%d\">\n", ASK_AGAIN_S);
    }
    buffer_printf(out,
        "<title>%s</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n<p "
        "class=\"quiet\">%d</p>\n"
        "<h1>%s</h1>\n<p>",
        heading, style, page->status, heading);
    markup_write_text(page->chinese ? said->text_zh : page->detail, out);
    buffer_puts(out, "</p>\n<nav>\n");
    write_way(page, "/", page->chinese ? "去首页" : "Front page", out);
    write_way(page, "/issues/", page->chinese ? "看往期" : "Past issues", out);
    buffer_puts(out, "</nav>\n</main>\n</body>\n</html>\n");
}
