/* One connection for all workers, behind a lock: an answer takes some twenty microseconds,
 * what it spares a millisecond, so nobody waits long. Rejected: fingerprints of all entries in
 * memory (240 bytes a feed, and nothing to ask after a start), asking on the writer's
 * connection (the questions would wait behind a commit). */
#include "pipeline/recogniser.h"

#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "base/clock.h"
#include "base/log.h"

struct recogniser {
    char *database;
    uv_mutex_t lock;
    struct store *store; /* NULL: not opened yet */
};

struct recogniser *recogniser_new(const char *database)
{
    struct recogniser *recogniser = calloc(1, sizeof(*recogniser));
    if (recogniser == NULL || (recogniser->database = strdup(database)) == NULL ||
        uv_mutex_init(&recogniser->lock) != 0) {
        memory_exhausted();
    }
    return recogniser;
}

void recogniser_free(struct recogniser *recogniser)
{
    if (recogniser == NULL) {
        return;
    }
    store_close(recogniser->store);
    uv_mutex_destroy(&recogniser->lock);
    free(recogniser->database);
    free(recogniser);
}

static bool ask(struct recogniser *recogniser, int64_t feed_id, struct store_entry *entries,
    size_t count, struct fault *fault)
{
    return (recogniser->store != NULL ||
               store_open_reader(recogniser->database, &recogniser->store, fault)) &&
        store_recognise(recogniser->store, feed_id, entries, count, fault);
}

void recogniser_ask(
    struct recogniser *recogniser, int64_t feed_id, struct store_entry *entries, size_t count)
{
    struct fault fault;
    uv_mutex_lock(&recogniser->lock);
    if (!ask(recogniser, feed_id, entries, count, &fault)) {
        log_debug("known entries are not recognised: %s, continuing with the writer alone",
            fault.message);
    }
    uv_mutex_unlock(&recogniser->lock);
}
