#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "web/server/feed_health.h"
#include "web/server/snapshot.h"

enum { DAY_S = 86400 };

static const int64_t now_utc_s = 1600344000; /* 2020-09-17 12:00 UTC, 20:00 in Beijing */
static const struct config_feed enabled = {
    .name = "lwn", .url = "https://lwn.net/", .enabled = true};
static const struct config_feed disabled = {.name = "lwn", .url = "https://lwn.net/"};

/* A feed that is fine: read ten minutes ago, newest entry of yesterday. */
static struct feed_state make_fine(void)
{
    return (struct feed_state){
        .url = "https://lwn.net/",
        .name = "lwn",
        .moved_since_utc_s = CLOCK_NONE,
        .next_poll_utc_s = now_utc_s + 1800,
        .last_poll_utc_s = now_utc_s - 600,
        .last_success_utc_s = now_utc_s - 600,
        .newest_entry_utc_s = now_utc_s - DAY_S,
        .interval_s = 3600,
        .status = 200,
        .entries = 18,
    };
}

static void assert_health(const struct feed_state *state, const struct config_feed *feed,
    const char *word, const char *english, const char *chinese)
{
    struct buffer text;
    buffer_init(&text, 4096);
    assert_string_equal(feed_health(state, feed, now_utc_s, &text), word);
    assert_string_equal(text.data, english);
    buffer_clear(&text);
    struct feed_row row = {state, feed, feed_condition(state, feed, now_utc_s)};
    feed_health_write(&row, FEED_CHINESE, 8 * 3600, now_utc_s, &text);
    assert_string_equal(text.data, chinese);
    buffer_release(&text);
}

static void a_feed_that_works_is_fine(void **state)
{
    struct feed_state feed = make_fine();
    assert_health(&feed, &enabled, "ok",
        "Fine; 18 entries at the last look, the newest of 2020-09-16.",
        "上次读到 18 条，最新的是 2020-09-16");
    feed.newest_entry_utc_s = CLOCK_NONE;
    assert_health(
        &feed, &enabled, "ok", "Fine; 18 entries at the last look.", "上次读到 18 条");
}

static void a_feed_never_asked_is_new(void **state)
{
    struct feed_state feed = make_fine();
    feed.last_success_utc_s = feed.last_poll_utc_s = CLOCK_NONE;
    assert_health(&feed, &enabled, "new", "Not asked yet; first time at 12:30 UTC.",
        "还没取过，20:30 第一次去取");
    feed.next_poll_utc_s = CLOCK_NONE;
    assert_health(&feed, &enabled, "new", "Not asked yet.", "还没取过");
}

static void a_failing_feed_says_what_how_often_and_when_next(void **state)
{
    struct feed_state feed = make_fine();
    feed.error = "certificate expired on 2020-09-03";
    feed.error_kind = "network";
    feed.status = 0;
    feed.failures = 1;
    assert_health(&feed, &enabled, "failing",
        "certificate expired on 2020-09-03. Next try at 12:30 UTC.",
        "连不上对方的服务器，20:30 再试");
    feed.failures = 3;
    feed.next_poll_utc_s = now_utc_s + DAY_S;
    assert_health(&feed, &enabled, "failing",
        "certificate expired on 2020-09-03. 3 times in a row. Next try at 09-18 12:00 UTC.",
        "连不上对方的服务器，连续 3 次，09-18 20:00 再试");
    feed.next_poll_utc_s = now_utc_s + 200 * (int64_t)DAY_S;
    assert_health(&feed, &enabled, "failing",
        "certificate expired on 2020-09-03. 3 times in a row. Next try at 2021-04-05 12:00 "
        "UTC.",
        "连不上对方的服务器，连续 3 次，2021-04-05 20:00 再试");
    feed.failures = 1;
    feed.next_poll_utc_s = CLOCK_NONE;
    assert_health(&feed, &enabled, "failing",
        "certificate expired on 2020-09-03. It is tried again.", "连不上对方的服务器");
}

static void a_chinese_cause_follows_status_and_kind(void **state)
{
    static const struct {
        int status;
        const char *kind, *chinese;
    } cases[] = {
        {403, "network", "拒绝访问（403）"},
        {404, "network", "找不到这个地址（404）"},
        {429, "network", "太频繁（429），对方要求 20:30 以后再来"},
        {502, "network", "对方的服务器出错"},
        {418, "network", "对方不接受这个请求"},
        {200, "parse", "收到的内容不是订阅源"},
        {200, "limit", "超过了大小或时间的限制"},
        {0, "network", "连不上对方的服务器"},
        {0, "config", "地址有误"},
        {0, NULL, "上一次没有取到"},
        {0, "something new", "上一次没有取到"},
    };
    for (size_t i = 0; i < array_count(cases); i++) {
        struct feed_state feed = make_fine();
        feed.error = "x";
        feed.error_kind = cases[i].kind;
        feed.status = cases[i].status;
        struct buffer text;
        buffer_init(&text, 4096);
        struct feed_row row = {&feed, &enabled, FEED_FAILING};
        feed_health_write(&row, FEED_CHINESE, 8 * 3600, now_utc_s, &text);
        assert_memory_equal(text.data, cases[i].chinese, strlen(cases[i].chinese));
        buffer_release(&text);
    }
}

static void silence_is_measured_in_days_or_by_the_feeds_own_rhythm(void **state)
{
    struct feed_state feed = make_fine();
    feed.newest_entry_utc_s = now_utc_s - 30 * DAY_S;
    assert_int_equal(feed_condition(&feed, &enabled, now_utc_s), FEED_OK);
    feed.newest_entry_utc_s = now_utc_s - 31 * DAY_S;
    assert_health(&feed, &enabled, "silent",
        "Answers, but brought nothing new since 2020-08-17, 31 days ago.",
        "能取到，但 2020-08-17 以后没有新内容，已经 31 天");
    feed.interval_s = 7 * DAY_S;
    assert_int_equal(feed_condition(&feed, &enabled, now_utc_s), FEED_OK);
    feed.newest_entry_utc_s = now_utc_s - 36 * DAY_S;
    assert_int_equal(feed_condition(&feed, &enabled, now_utc_s), FEED_SILENT);
    feed.newest_entry_utc_s = now_utc_s + 400 * (int64_t)DAY_S; /* a feed from the future */
    assert_int_equal(feed_condition(&feed, &enabled, now_utc_s), FEED_OK);
}

static void the_graver_condition_wins(void **state)
{
    struct feed_state feed = make_fine();
    feed.newest_entry_utc_s = now_utc_s - 99 * DAY_S;
    feed.bozo = true;
    assert_health(&feed, &enabled, "malformed", "Malformed; 18 items read all the same.",
        "格式有错，读出了 18 条");
    feed.failures = 1;
    assert_int_equal(feed_condition(&feed, &enabled, now_utc_s), FEED_FAILING);
    feed.gone = true;
    assert_health(&feed, &enabled, "gone",
        "Gone for good (410). It is not asked again until the configuration names another "
        "address.",
        "已关闭（410），不再去取；换个地址或从配置里删掉");
    assert_health(&feed, &disabled, "paused", "Switched off in the configuration; not asked.",
        "配置里关掉了");
    assert_health(&feed, NULL, "paused", "No longer in the configuration; not asked.",
        "已经不在配置里，不再去取");
}

static void every_condition_has_a_word_and_labels(void **state)
{
    for (int i = 0; i < FEED_CONDITION_COUNT; i++) {
        enum feed_condition condition = (enum feed_condition)i;
        assert_non_null(feed_condition_word(condition));
        assert_non_null(feed_condition_label(condition, FEED_ENGLISH));
        assert_non_null(feed_condition_label(condition, FEED_CHINESE));
    }
    assert_int_equal(feed_language_of("zh"), FEED_CHINESE);
    assert_int_equal(feed_language_of("zh-CN"), FEED_CHINESE);
    assert_int_equal(feed_language_of("ZH-Hant"), FEED_CHINESE);
    assert_int_equal(feed_language_of("zha"), FEED_ENGLISH);
    assert_int_equal(feed_language_of("en"), FEED_ENGLISH);
    assert_int_equal(feed_language_of(NULL), FEED_ENGLISH);
}

static void rows_join_the_configuration_and_the_store_by_url(void **state)
{
    struct config_feed feeds[] = {
        {.name = "b",
            .url = "https://b/",
            .enabled = true,
            .line = 7,
            .changed_utc_s = 1600300800},
        {.name = "never asked",
            .url = "https://new/",
            .enabled = true,
            .added_utc_s = 1600300800},
        {.name = "a", .url = "https://a/", .enabled = true},
    };
    struct config config = {.feeds = feeds, .feed_count = array_count(feeds)};
    struct feed_state states[3] = {make_fine(), make_fine(), make_fine()};
    states[0].name = "b", states[0].url = "https://b/";
    states[1].name = "dropped", states[1].url = "https://c/";
    states[2].name = "a", states[2].url = "https://a/";
    states[2].error = "bad byte \xff here";
    struct arena arena;
    arena_init(&arena);
    size_t count;
    struct feed_row *rows = feed_rows_build(&arena, &config, states, 3, now_utc_s, &count);
    static const struct {
        const char *name;
        enum feed_condition condition;
    } expected[] = {{"a", FEED_FAILING}, {"b", FEED_OK}, {"dropped", FEED_PAUSED},
        {"never asked", FEED_NEW}};
    assert_int_equal(count, array_count(expected));
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(rows[i].state->name, expected[i].name);
        assert_int_equal(rows[i].condition, expected[i].condition);
    }

    struct buffer text;
    buffer_init(&text, 1 << 20);
    feed_rows_write_json(rows, count, "/etc/briefd/feeds.conf", now_utc_s, NULL, &text);
    json_t *document = json_loads(text.data, 0, NULL);
    assert_non_null(document);
    json_t *failing = json_array_get(json_object_get(document, "feeds"), 0);
    assert_string_equal(json_string_value(json_object_get(failing, "health")), "failing");
    assert_string_equal(
        json_string_value(json_object_get(failing, "error")), "bad byte \xef\xbf\xbd here");
    assert_string_equal(
        json_string_value(json_object_get(failing, "next_poll")), "2020-09-17T12:30:00Z");
    json_t *paused = json_array_get(json_object_get(document, "feeds"), 2);
    assert_true(json_is_null(json_object_get(paused, "next_poll")));
    assert_true(json_is_null(json_object_get(paused, "origin")));
    json_t *changed = json_array_get(json_object_get(document, "feeds"), 1);
    assert_string_equal(json_string_value(json_object_get(changed, "origin")), "feeds.conf:7");
    assert_string_equal(
        json_string_value(json_object_get(changed, "changed")), "2020-09-17T00:00:00Z");
    json_t *added = json_array_get(json_object_get(document, "feeds"), 3);
    assert_string_equal(
        json_string_value(json_object_get(added, "origin")), "added 2020-09-17T00:00:00Z");
    assert_true(json_is_null(json_object_get(added, "changed")));
    json_t *totals = json_object_get(document, "totals");
    assert_int_equal(json_integer_value(json_object_get(totals, "feeds")), 4);
    assert_int_equal(json_integer_value(json_object_get(totals, "failing")), 1);
    assert_int_equal(json_integer_value(json_object_get(totals, "gone")), 0);
    json_decref(document);
    buffer_release(&text);
    arena_release(&arena);
}

/* What the kinds of sources say of themselves. */
static const struct config_feed arxiv = {
    .name = "arXiv", .url = "https://rss.arxiv.org/rss/cs.LG", .enabled = true};

static void a_weekend_without_papers_is_fine_and_a_week_is_not(void **state)
{
    struct feed_state feed = make_fine();
    feed.newest_entry_utc_s = now_utc_s - 4 * DAY_S;
    feed.entries = 0;
    assert_health(&feed, &arxiv, "ok",
        "Fine; nothing announced today, as on weekends and holidays.",
        "今天没有公布新论文，周末和假日向来如此");
    feed.newest_entry_utc_s = now_utc_s - 6 * DAY_S;
    assert_health(&feed, &arxiv, "silent",
        "Answers, but brought nothing new since 2020-09-11, 6 days ago.",
        "能取到，但 2020-09-11 以后没有新内容，已经 6 天");
}

static void an_empty_route_is_fine_and_says_so(void **state)
{
    struct feed_state feed = make_fine();
    feed.status = 503;
    feed.note = "nothing-now";
    assert_health(
        &feed, &enabled, "ok", "Fine; nothing new there at the moment.", "那边暂时没有新内容");
}

static void a_bridge_without_articles_wants_a_look(void **state)
{
    struct feed_state feed = make_fine();
    feed.entries = 0;
    feed.note = "no-articles";
    assert_health(&feed, &enabled, "silent",
        "Answers: the bridge answers, but has no articles: look at its reading account.",
        "能取到，但一篇文章也没有；看看桥接服务里的读书账号");
}

static void a_failure_that_the_source_explains_is_told_in_its_words(void **state)
{
    struct feed_state feed = make_fine();
    feed.status = 500;
    feed.failures = 2;
    feed.note = "account-expired";
    feed.error = "the login of the bridge's WeChat account has expired: scan its code again";
    feed.error_kind = "network";
    assert_health(&feed, &enabled, "failing",
        "the login of the bridge's WeChat account has expired: scan its code again. 2 times in "
        "a row. Next try at 12:30 UTC.",
        "桥接服务的微信登录过期了，要重新扫码，连续 2 次，20:30 再试");
    feed.note = "of-a-later-version";
    struct feed_row row = {&feed, &enabled, FEED_FAILING};
    struct buffer text;
    buffer_init(&text, 4096);
    feed_health_write(&row, FEED_CHINESE, 8 * 3600, now_utc_s, &text);
    assert_non_null(strstr(text.data, "对方的服务器出错"));
    buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_weekend_without_papers_is_fine_and_a_week_is_not),
        cmocka_unit_test(an_empty_route_is_fine_and_says_so),
        cmocka_unit_test(a_bridge_without_articles_wants_a_look),
        cmocka_unit_test(a_failure_that_the_source_explains_is_told_in_its_words),
        cmocka_unit_test(a_feed_that_works_is_fine),
        cmocka_unit_test(a_feed_never_asked_is_new),
        cmocka_unit_test(a_failing_feed_says_what_how_often_and_when_next),
        cmocka_unit_test(a_chinese_cause_follows_status_and_kind),
        cmocka_unit_test(silence_is_measured_in_days_or_by_the_feeds_own_rhythm),
        cmocka_unit_test(the_graver_condition_wins),
        cmocka_unit_test(every_condition_has_a_word_and_labels),
        cmocka_unit_test(rows_join_the_configuration_and_the_store_by_url),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
