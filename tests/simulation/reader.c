/* Problem: compare with others fairly without running them.
 *
 * Approach: their documented rule alone, without what weakens it in practice. Sources:
 *   - Miniflux, POLLING_SCHEDULER=entry_frequency (miniflux(1); internal/model/feed.go): a week
 *     divided by the posts of the last seven days, within 5 minutes and 24 hours, factor 1. Its
 *     job that looks for due feeds, by default once in 60 minutes, is left out in its favour.
 *   - CommaFeed, feed-refresh.interval-empirical (FeedRefreshIntervalCalculator.java): half the
 *     mean gap between entries, within 5 minutes and an hour; silent for 7, 14, 30 days: 1, 2,
 * 4 hours. */
#include "reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/attributes.h"
#include "base/clock.h"
#include "pipeline/outcome.h"
#include "pipeline/polled_feed.h"

/* ---- briefd ---- */

static const struct config_polling polling = {
    .min_interval_s = READER_MIN_S, .max_interval_s = READER_MAX_S};

/* Newest first, as the pipeline hands them over. */
static size_t copy_dates(const struct publisher *publisher, size_t posts, int64_t *ret_dates)
{
    size_t count = posts < publisher->window ? posts : publisher->window;
    for (size_t i = 0; i < count; i++) {
        ret_dates[i] = publisher->posts_utc_s[posts - 1 - i];
    }
    return count;
}

static void accept_document(
    struct followed *feed, struct feed_state *state, struct arena *arena, int64_t now_utc_s)
{
    int64_t dates[64];
    struct feed_document parsed = {.ttl_minutes = feed->publisher->ttl_minutes,
        .update_period_s = -1,
        .entry_count = feed->publisher->window};
    struct document document = {
        .feed_document = &parsed,
        .fetched_utc_s = now_utc_s,
        .newest_entry_utc_s = CLOCK_NONE,
        .dates_utc_s = dates,
        .date_count = copy_dates(feed->publisher, feed->seen, dates),
    };
    if (document.date_count > 0) {
        document.newest_entry_utc_s = dates[0];
    }
    outcome_accept(state, arena, &document);
}

static int64_t briefd_next(struct followed *feed, size_t fresh, int64_t now_utc_s)
{
    struct arena arena = {0};
    struct feed_state state = *feed->state;
    bool first = state.last_success_utc_s == CLOCK_NONE;
    struct http_response response = {
        .status = first || fresh > 0 ? 200 : 304,
        .url = state.url,
        .retry_after_s = -1,
        .max_age_s = publisher_max_age_s(feed->publisher, now_utc_s),
    };
    const struct config_feed config = {.name = state.name, .url = state.url, .enabled = true};
    if (outcome_of_response(&state, &arena, &response, NULL, now_utc_s) == OUTCOME_BODY) {
        accept_document(feed, &state, &arena, now_utc_s);
    }
    outcome_schedule(&state, false, -1, &polling, &config, now_utc_s);
    struct feed_state *old = feed->state; /* what did not change still points into it */
    feed->state = feed_state_clone(&state);
    free(old);
    arena_release(&arena);
    return state.next_poll_utc_s;
}

/* ---- the others ---- */

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

static int64_t hourly_next(struct followed *feed, size_t fresh, int64_t now_utc_s)
{
    return now_utc_s + HOUR_S;
}

static int64_t miniflux_next(struct followed *feed, size_t fresh, int64_t now_utc_s)
{
    size_t before = publisher_posts_until(feed->publisher, now_utc_s - 7 * DAY_S);
    int64_t weekly = (int64_t)(feed->seen > before ? feed->seen - before : 0);
    int64_t minutes = weekly == 0 ? 24 * 60 : (7 * 24 * 60 + weekly / 2) / weekly;
    return now_utc_s + clamp(minutes, 5, 24 * 60) * MINUTE_S;
}

/* The mean gap is that of the entries in the document. */
static int64_t commafeed_next(struct followed *feed, size_t fresh, int64_t now_utc_s)
{
    enum { LONGEST_S = 4 * HOUR_S, SHORTEST_S = 5 * MINUTE_S };
    static const struct {
        int days, part;
    } silences[] = {{30, 1}, {14, 2}, {7, 4}};
    const struct publisher *publisher = feed->publisher;
    if (feed->seen == 0) {
        return now_utc_s + LONGEST_S;
    }
    int64_t newest_s = publisher->posts_utc_s[feed->seen - 1];
    for (size_t i = 0; i < array_count(silences); i++) {
        if (now_utc_s - newest_s >= silences[i].days * (int64_t)DAY_S) {
            return now_utc_s + LONGEST_S / silences[i].part;
        }
    }
    size_t count = feed->seen < publisher->window ? feed->seen : publisher->window;
    if (count < 2) {
        return now_utc_s + LONGEST_S;
    }
    int64_t span_s = newest_s - publisher->posts_utc_s[feed->seen - count];
    return now_utc_s + clamp(span_s / (int64_t)(count - 1) / 2, SHORTEST_S, LONGEST_S / 4);
}

const struct reader readers[READERS] = {
    {"briefd", true, briefd_next},
    {"every hour", false, hourly_next},
    {"Miniflux entry_frequency", false, miniflux_next},
    {"CommaFeed empirical", false, commafeed_next},
};

/* ---- life ---- */

void followed_init(
    struct followed *feed, const struct publisher *publisher, size_t index, bool with_state)
{
    *feed = (struct followed){.publisher = publisher};
    if (with_state) {
        struct feed_state state = {.id = (int64_t)index + 1,
            .url = publisher->url,
            .name = publisher->url,
            .moved_since_utc_s = CLOCK_NONE,
            .next_poll_utc_s = CLOCK_NONE,
            .last_poll_utc_s = CLOCK_NONE,
            .last_success_utc_s = CLOCK_NONE,
            .newest_entry_utc_s = CLOCK_NONE};
        feed->state = feed_state_clone(&state);
    }
}

void followed_release(struct followed *feed)
{
    free(feed->state);
}
