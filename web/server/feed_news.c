/* Both lists of marks are in the order of their feeds, so comparing them is one walk. */
#include "web/server/feed_news.h"

#include "web/server/feed_health.h"

struct news {
    const struct feed_mark *rows[FEED_NEWS_ROWS_MAX];
    size_t count; /* may be more than there is room for */
    bool anew;    /* rows do not tell it */
};

static void compare(
    const struct snapshot *before, const struct snapshot *after, struct news *news)
{
    size_t i = 0, k = 0;
    while (i < before->feed_count || k < after->feed_count) {
        const struct feed_mark *old = i < before->feed_count ? &before->feeds[i] : NULL;
        const struct feed_mark *now = k < after->feed_count ? &after->feeds[k] : NULL;
        bool gone = now == NULL || (old != NULL && old->feed < now->feed);
        bool fresh = !gone && (old == NULL || now->feed < old->feed);
        news->anew = news->anew || gone;
        if (!gone && (fresh || old->content != now->content)) {
            if (news->count < FEED_NEWS_ROWS_MAX) {
                news->rows[news->count] = now;
            }
            news->count++;
        }
        i += !fresh;
        k += !gone;
    }
}

bool feed_news_write(
    const struct snapshot *before, const struct snapshot *after, struct buffer *out)
{
    struct news news = {.count = 0};
    compare(before, after, &news);
    if (news.count == 0 && !news.anew) {
        return false;
    }
    size_t bytes = 0;
    for (size_t i = 0; i < news.count && i < FEED_NEWS_ROWS_MAX; i++) {
        bytes += news.rows[i]->length + 1;
    }
    if (news.anew || news.count > FEED_NEWS_ROWS_MAX || bytes > FEED_NEWS_MAX_BYTES) {
        buffer_puts(out, "{\"feeds\":null}");
        return true;
    }
    for (size_t i = 0; i < news.count; i++) {
        buffer_puts(out, i == 0 ? "{\"feeds\":[" : ",");
        buffer_append(out, after->bodies[SNAPSHOT_FEEDS].data + news.rows[i]->start,
            news.rows[i]->length);
    }
    buffer_puts(out, "]}");
    return true;
}
