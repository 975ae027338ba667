/* Problem: at a reload ten thousand feeds meet ten thousand of before, some with a request on
 * the wire, some with a document on a worker that holds a pointer to them.
 *
 * Approach: the old feeds are sorted by URL once, each new one finds itself among them, and who
 * was not found goes: at once when it rests, else when what it began has ended.
 *
 * Rejected: stopping all and starting anew (a reload would lose what is under way, and ask
 * servers for it again); a hash table kept for the sake of reloads (the sort takes
 * milliseconds). */
#include "pipeline/roster.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "net/http_client.h"
#include "net/schedule.h"

/* Overdue feeds at a start are spread over this long at most, two a second when they are few:
 * the first draft should not be waited for. */
static const int64_t START_SPREAD_MAX_S = 120;

void roster_release(struct roster *roster)
{
    for (size_t i = 0; i < roster->count; i++) {
        polled_feed_free(roster->feeds[i]);
    }
    free(roster->feeds);
    *roster = (struct roster){0};
}

static int compare_by_url(const void *left, const void *right)
{
    const struct polled_feed *const *a = left, *const *b = right;
    return strcmp((*a)->state->url, (*b)->state->url);
}

/* `sorted` by compare_by_url(). */
static struct polled_feed *find_by_url(const struct roster *sorted, const char *url)
{
    if (sorted->count == 0) {
        return NULL;
    }
    struct feed_state state = {.url = url};
    struct polled_feed probe = {.state = &state}, *key = &probe;
    struct polled_feed **found = bsearch(
        &key, sorted->feeds, sorted->count, sizeof(*sorted->feeds), compare_by_url);
    return found == NULL ? NULL : *found;
}

/* Sorted by URL, and none of its feeds configured any more. */
static void unname_feeds(struct roster *old)
{
    if (old->count > 0) {
        qsort(old->feeds, old->count, sizeof(*old->feeds), compare_by_url);
    }
    for (size_t i = 0; i < old->count; i++) {
        old->feeds[i]->config = NULL;
    }
}

static void name_feed(struct polled_feed *feed, const struct roster_owner *owner,
    const struct config_feed *config, const struct config_polling *polling,
    const struct feed_state *stored)
{
    if (feed->state->gone && !stored->gone) {
        feed->state->gone = false; /* named anew: store_register_feeds() */
        feed->state->next_poll_utc_s = stored->next_poll_utc_s;
    }
    polled_feed_configure(feed, config, polling, owner->allowed, owner->allowed_count);
    if (!polled_feed_enabled(feed)) {
        poll_queue_remove(owner->queue, feed);
    }
}

/* Those of the old feeds that the new configuration does not name: end what they are doing. */
static void retire_feeds(
    struct roster *roster, const struct roster *old, const struct roster_owner *owner)
{
    for (size_t i = 0; i < old->count; i++) {
        struct polled_feed *feed = old->feeds[i];
        if (feed->config != NULL) {
            continue;
        }
        poll_queue_remove(owner->queue, feed);
        if (feed->phase == POLLED_IDLE) {
            polled_feed_free(feed);
            continue;
        }
        roster->feeds[roster->count++] = feed; /* until its answer has been dealt with */
        if (feed->request != NULL) {
            http_cancel(feed->request);
        }
    }
}

void roster_follow(struct roster *roster, const struct roster_owner *owner,
    const struct config *config, const struct feed_state *states)
{
    struct roster old = *roster;
    unname_feeds(&old);
    *roster = (struct roster){
        .feeds = calloc(config->feed_count + old.count + 1, sizeof(*roster->feeds)),
    };
    if (roster->feeds == NULL) {
        memory_exhausted();
    }
    for (size_t i = 0; i < config->feed_count; i++) {
        struct polled_feed *feed = find_by_url(&old, config->feeds[i].url);
        if (feed == NULL) {
            feed = polled_feed_new(
                owner->poller, &states[i], poll_queue_host(owner->queue, states[i].url));
        }
        name_feed(feed, owner, &config->feeds[i], &config->polling, &states[i]);
        roster->feeds[roster->count++] = feed;
    }
    retire_feeds(roster, &old, owner);
    free(old.feeds);
}

void roster_drop(struct roster *roster, struct polled_feed *feed)
{
    for (size_t i = 0; i < roster->count; i++) {
        if (roster->feeds[i] == feed) {
            roster->feeds[i] = roster->feeds[--roster->count];
            break;
        }
    }
    polled_feed_free(feed);
}

struct polled_feed *roster_find(const struct roster *roster, int64_t id)
{
    for (size_t i = 0; i < roster->count; i++) {
        if (roster->feeds[i]->state->id == id) {
            return roster->feeds[i];
        }
    }
    return NULL;
}

void roster_shift(struct roster *roster, int64_t set_by_s)
{
    for (size_t i = 0; i < roster->count; i++) {
        struct feed_state *state = roster->feeds[i]->state;
        state->next_poll_utc_s += state->next_poll_utc_s == CLOCK_NONE ? 0 : set_by_s;
        state->last_poll_utc_s += state->last_poll_utc_s == CLOCK_NONE ? 0 : set_by_s;
    }
}

void roster_schedule(
    struct roster *roster, const struct config_polling *polling, int64_t now_utc_s)
{
    int64_t spread_s = (int64_t)roster->count / 2;
    spread_s = spread_s < START_SPREAD_MAX_S ? spread_s : START_SPREAD_MAX_S;
    for (size_t i = 0; i < roster->count; i++) {
        const struct polled_feed *feed = roster->feeds[i];
        struct feed_state *state = feed->state;
        if (feed->phase != POLLED_IDLE || feed->config == NULL) {
            continue;
        }
        uint32_t random = (uint32_t)hash_bytes(
            hash_string(HASH_START, state->url), &now_utc_s, sizeof(now_utc_s));
        struct schedule_stored stored = {
            state->next_poll_utc_s,
            state->last_poll_utc_s,
            feed->config->max_interval_s > 0 ? feed->config->max_interval_s
                                             : polling->max_interval_s,
        };
        state->next_poll_utc_s = schedule_at_start(&stored, now_utc_s, spread_s, random);
    }
}
