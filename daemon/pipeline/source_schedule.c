/* Whether a batch was fresh is known once its entries are in the store, and the schedule is
 * stored with them: so both answers are worked out before, and the store takes the one that
 * fits (store_document.next_poll_if_stale_utc_s). */
#include "pipeline/source_schedule.h"

#include "base/hash.h"
#include "feed/source.h"
#include "net/announcement.h"

enum { LONGEST_RETRY_AFTER_S = 2 * 86400 }; /* as in net/schedule.c */

void source_schedule(struct store_document *document, const struct config_feed *feed,
    const struct config_polling *polling, const struct http_response *response)
{
    if (source_kind(feed) != CONFIG_KIND_ARXIV) {
        return;
    }
    struct feed_state *state = &document->state;
    int64_t now_utc_s = document->fetched_utc_s;
    int64_t rest_s = response == NULL ? 0 : response->retry_after_s;
    rest_s = rest_s > LONGEST_RETRY_AFTER_S ? LONGEST_RETRY_AFTER_S : rest_s;
    struct announcement_poll poll = {
        .now_utc_s = now_utc_s,
        .min_interval_s = feed->min_interval_s > 0 ? feed->min_interval_s
                                                   : polling->min_interval_s,
        .not_before_utc_s = now_utc_s + rest_s,
        .fresh = true,
        .random = (uint32_t)hash_bytes(
            hash_string(HASH_START, state->url), &now_utc_s, sizeof(now_utc_s)),
    };
    state->next_poll_utc_s = announcement_next_poll(&poll);
    poll.fresh = false;
    document->next_poll_if_stale_utc_s = announcement_next_poll(&poll);
}
