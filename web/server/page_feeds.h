/* How the sources are doing, at the end of the page. PURE. */
#ifndef WEB_SERVER_PAGE_FEEDS_H
#define WEB_SERVER_PAGE_FEEDS_H

#include "web/server/page.h"

/* Feeds that want the editor: gone, failing, malformed, silent. */
size_t page_count_troubled(const struct page *page);

void page_write_feeds(const struct page *page, struct buffer *out);

#endif
