/* One row a language, so that a missing phrase shows as NULL in the test that walks them. */
#include "web/server/page_words.h"

#include <string.h>

#include "base/clock.h"
#include "web/server/page_markup.h"

enum {
    MINUTE_S = 60,
    HOUR_S = 3600,
    DAY_S = 86400,
    WEEK_S = 7 * DAY_S,
};

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

enum feed_language page_language(const struct page *page)
{
    return feed_language_of(page->config->briefing.language);
}

const struct page_words *page_words(const struct page *page)
{
    return page_words_of(page_language(page));
}

/* "09-17", with the year when it is not this one. */
static void write_day(const struct page *page, int64_t utc_s, struct buffer *out)
{
    int64_t offset_s = page->config->briefing.utc_offset_s;
    char day[CLOCK_ISO_BYTES], today[CLOCK_ISO_BYTES];
    clock_format_day(utc_s, offset_s, day);
    clock_format_day(page->now_utc_s, offset_s, today);
    bool this_year = strncmp(day, today, strlen("2020-")) == 0;
    buffer_puts(out, this_year ? day + strlen("2020-") : day);
}

void page_write_age(const struct page *page, int64_t utc_s, struct buffer *out)
{
    const struct page_words *said = page_words(page);
    int64_t age_s = page->now_utc_s - utc_s;
    if (age_s < 0 || age_s >= WEEK_S) {
        write_day(page, utc_s, out);
    } else if (age_s >= DAY_S) {
        page_write_count(said->days, (size_t)(age_s / DAY_S), out);
    } else if (age_s >= HOUR_S) {
        page_write_count(said->hours, (size_t)(age_s / HOUR_S), out);
    } else {
        page_write_count(said->minutes, (size_t)(age_s / MINUTE_S), out);
    }
}
