/* One row a language, so that a missing phrase shows as NULL in the test that walks them. */
#include "web/server/page.h"

static const struct page_words words[] = {
    [FEED_ENGLISH] =
        {
            .draft = "Draft",
            .as_of = "as of {}",
            .since = "since {}",
            .candidates = "{} candidates",
            .picked = "{} suggested",
            .sections = "Sections",
            .sources = "Sources",
            .downloads = "The draft as",
            .web_page = "Web page",
            .empty = "No suitable candidate yet.",
            .others = "{} more candidates",
            .unlisted = "{} more are in the JSON.",
            .also = "also: ",
            .bundled = "stands for {} older ones",
            .unsure = "Unsure",
            .printed = {[false] = "Like an item of ", [true] = "Printed on "},
            .minutes = "{} min ago",
            .hours = "{} h ago",
            .days = "{} d ago",
            .feeds_fine = "{} fine",
            .feeds_new = "{} not asked yet",
            .feeds_paused = "{} paused",
            .feed_success = "last read {}",
            .feed_never = "never read",
            .feeds_failing = "{} need a look",
            .all_fine = "All sources are fine.",
            .machine =
                "Selected and summarised by program; nothing is printed before an editor "
                "has decided.",
        },
    [FEED_CHINESE] =
        {
            .draft = "草稿",
            .as_of = "截至 {}",
            .since = "{} 以来",
            .candidates = "候选 {} 条",
            .picked = "拟选 {} 条",
            .sections = "栏目",
            .sources = "来源",
            .downloads = "草稿另存",
            .web_page = "网页",
            .empty = "还没有合适的候选。",
            .others = "其余候选 {} 条",
            .unlisted = "另有 {} 条没有列出，都在 JSON 里。",
            .also = "另见：",
            .bundled = "同系列较早的 {} 个已并入",
            .unsure = "存疑",
            .printed = {[false] = "疑似已刊于 ", [true] = "已刊于 "},
            .minutes = "{} 分钟前",
            .hours = "{} 小时前",
            .days = "{} 天前",
            .feeds_fine = "{} 个正常",
            .feeds_new = "{} 个还没取过",
            .feeds_paused = "{} 个已暂停",
            .feed_success = "上次读到：{}",
            .feed_never = "还没读到过",
            .feeds_failing = "{} 个要看一下",
            .all_fine = "所有来源都正常。",
            .machine = "选目、导读和摘要由程序草拟，由编辑审定。",
        },
};

const struct page_words *page_words_of(enum feed_language language)
{
    return &words[language];
}
