/* The page at "/": the coming issue as the editor reads it this evening. PURE.
 *
 * It is not the issue itself (/draft.html is, as readers will see it): beside each pick stands
 * what helps to decide, and below the issue how the sources are doing. No script; everything
 * folds with <details>. It is Chinese for a briefing in Chinese, else English.
 */
#ifndef WEB_SERVER_PAGE_H
#define WEB_SERVER_PAGE_H

#include "briefing/draft.h"
#include "web/server/feed_health.h"

struct page {
    const struct draft *draft;
    const struct config *config;
    const struct feed_row *feeds;
    size_t feed_count;
    int64_t now_utc_s;
};

void page_write(const struct page *page, struct buffer *out);

/* ---- the parts, for page.c ---- */

/* What the page itself says. {} is a number or a time. */
struct page_words {
    const char *draft, *as_of, *since, *candidates, *picked;
    const char *sections, *sources, *downloads, *web_page;
    const char *empty, *others, *unlisted, *also, *bundled, *unsure;
    const char *printed[2]; /* before the day of an issue: like it, the same */
    const char *minutes, *hours, *days;
    const char *feeds_fine, *feeds_new, *feeds_paused, *feed_success, *feed_never,
        *feeds_failing, *all_fine;
    const char *machine;
};

const struct page_words *page_words_of(enum feed_language language);

/* "3 小时前" within a week, else the day. */
void page_write_age(const struct page *page, int64_t utc_s, struct buffer *out);

/* Feeds that want the editor: gone, failing, malformed, silent. */
size_t page_count_troubled(const struct page *page);

void page_write_feeds(const struct page *page, struct buffer *out);

#endif
