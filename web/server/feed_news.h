/* What of the feeds is another since the snapshot before: the data of the event `feeds`, by
 * which an open page of the sources follows without reading thousands of rows anew. PURE.
 */
#ifndef WEB_SERVER_FEED_NEWS_H
#define WEB_SERVER_FEED_NEWS_H

#include "web/server/snapshot.h"

enum { FEED_NEWS_ROWS_MAX = 50, FEED_NEWS_MAX_BYTES = 48 * 1024 };

/* Write {"feeds":[…]} with the rows, as GET /api/v1/feeds has them, of feeds whose health is
 * another, that brought another document, or that are new; {"feeds":null} when these are too
 * many, or when a feed is no more. False, and nothing is written, when there is no news. */
bool feed_news_write(
    const struct snapshot *before, const struct snapshot *after, struct buffer *out);

#endif
