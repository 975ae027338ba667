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

#endif
