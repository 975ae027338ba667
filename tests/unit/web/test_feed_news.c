/* What an open page of the sources is told between two snapshots. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/server/feed_news.h"
#include "web/server/feed_health.h"

/* Rows as the feeds' document has them: {"feed":number,"content":number}. */
static struct snapshot *make(const struct feed_mark *marks, size_t count)
{
    struct snapshot *snapshot = snapshot_new(0);
    struct buffer text;
    buffer_init(&text, 1 << 20);
    buffer_puts(&text, "{\"feeds\":[");
    snapshot->feeds = arena_new_array(&snapshot->arena, struct feed_mark, count + 1);
    snapshot->feed_count = count;
    for (size_t i = 0; i < count; i++) {
        buffer_puts(&text, i == 0 ? "" : ",");
        snapshot->feeds[i] = marks[i];
        snapshot->feeds[i].start = text.length;
        buffer_printf(&text, "[%d,%d]", (int)marks[i].feed, (int)marks[i].content);
        snapshot->feeds[i].length = text.length - snapshot->feeds[i].start;
    }
    buffer_puts(&text, "]}");
    snapshot_add(snapshot, SNAPSHOT_FEEDS, text.data, text.length);
    buffer_release(&text);
    return snapshot;
}

/* NULL: no news. */
static void check(const struct feed_mark *before, size_t before_count,
    const struct feed_mark *after, size_t after_count, const char *expected)
{
    struct snapshot *one = make(before, before_count), *two = make(after, after_count);
    struct buffer news;
    buffer_init(&news, 1 << 20);
    assert_int_equal(feed_news_write(one, two, &news), expected != NULL);
    assert_string_equal(news.data, expected == NULL ? "" : expected);
    buffer_release(&news);
    snapshot_unref(one);
    snapshot_unref(two);
}

static void only_rows_that_are_others_are_told(void **state)
{
    static const struct feed_mark before[] = {{1, 1, 0, 0}, {3, 1, 0, 0}, {5, 1, 0, 0}};
    static const struct feed_mark changed[] = {{1, 1, 0, 0}, {3, 2, 0, 0}, {5, 3, 0, 0}};
    static const struct feed_mark more[] = {
        {0, 7, 0, 0}, {1, 1, 0, 0}, {3, 1, 0, 0}, {4, 8, 0, 0}, {5, 1, 0, 0}, {6, 9, 0, 0}};
    static const struct feed_mark fewer[] = {{1, 1, 0, 0}, {5, 1, 0, 0}};
    static const struct feed_mark another[] = {{1, 1, 0, 0}, {3, 1, 0, 0}, {6, 1, 0, 0}};
    check(before, 3, before, 3, NULL);
    check(before, 0, before, 0, NULL);
    check(before, 3, changed, 3, "{\"feeds\":[[3,2],[5,3]]}");
    check(before, 3, more, 6, "{\"feeds\":[[0,7],[4,8],[6,9]]}");
    check(before, 3, fewer, 2, "{\"feeds\":null}");
    check(before, 3, another, 3, "{\"feeds\":null}");
    check(before, 3, before, 0, "{\"feeds\":null}");
}

static void too_many_rows_are_read_anew(void **state)
{
    struct feed_mark before[FEED_NEWS_ROWS_MAX + 1], after[FEED_NEWS_ROWS_MAX + 1];
    for (size_t i = 0; i <= FEED_NEWS_ROWS_MAX; i++) {
        before[i] = after[i] = (struct feed_mark){.feed = i};
        after[i].content = 1;
    }
    check(before, FEED_NEWS_ROWS_MAX + 1, after, FEED_NEWS_ROWS_MAX + 1, "{\"feeds\":null}");
    after[0].content = 0;
    struct snapshot *one = make(before, FEED_NEWS_ROWS_MAX + 1);
    struct snapshot *two = make(after, FEED_NEWS_ROWS_MAX + 1);
    struct buffer news;
    buffer_init(&news, 1 << 20);
    assert_true(feed_news_write(one, two, &news));
    assert_non_null(strstr(news.data, "[1,1]"));
    assert_non_null(strstr(news.data, "[50,1]]}"));
    buffer_release(&news);
    snapshot_unref(one);
    snapshot_unref(two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_rows_that_are_others_are_told),
        cmocka_unit_test(too_many_rows_are_read_anew),
    };
    return cmocka_run_group_tests_name("feed_news", tests, NULL, NULL);
}
