/* How the daemon is: in numbers for a monitor, in words for a person. Loop thread.
 *
 *     /metrics   OpenMetrics: polls, bytes, lag, queues, loop delay, store, HTTP, memory
 *     /healthz   it lives: who gets the answer has seen the loop turn
 *     /readyz    it works: the database can be written, the feeds are loaded, a draft is there
 *                to be shown, and it is not on its way out
 *
 * The three stand apart because they are answered by different cures: what is not alive is
 * restarted, what is not ready is waited for.
 */
#ifndef WEB_SERVER_VITALS_H
#define WEB_SERVER_VITALS_H

#include "base/buffer.h"
#include "pipeline/caretaker.h"
#include "pipeline/poller.h"
#include "web/server/events.h"
#include "web/server/snapshot.h"
#include "web/server/traffic.h"

/* Where to look; all borrowed. */
struct vitals {
    const struct loop *loop;
    const struct poller *poller; /* NULL: the program has none, as in tests of the server */
    const struct writer *writer; /* NULL: as above */
    const struct caretaker *caretaker; /* NULL: as above */
    const struct events *events;       /* NULL: as above, or they have ended */
    const struct snapshot *snapshot;   /* NULL: the first is being made */
    const struct traffic *traffic;
    size_t connections;
    bool stopping;
    int64_t now_utc_s;
};

enum { VITALS_MAX_BYTES = 512 * 1024 };

void vitals_write_metrics(const struct vitals *vitals, struct buffer *out);

/* {"status":"ok",…} */
void vitals_write_health(const struct vitals *vitals, struct buffer *out);

/* One thing that has to hold before it is ready. */
enum vitals_check {
    VITALS_SERVING,
    VITALS_DATABASE,
    VITALS_FEEDS,
    VITALS_DRAFT,
    VITALS_CHECK_COUNT,
};

/* Whether all of them hold; `words` gets a sentence, `checks` the members of
 * a JSON object, each behind a comma. */
bool vitals_check(const struct vitals *vitals, struct buffer *words, struct buffer *checks);

#endif
