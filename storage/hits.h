/* What the lists of keywords have found: of how many stored items a list is a reason, and with
 * which words. Reading connection; any thread.
 */
#ifndef STORAGE_HITS_H
#define STORAGE_HITS_H

#include "storage/store.h"

struct rule_hits {
    const char *rule; /* as reasons name it: papers/venues, topic/quantization, vendor/英伟达,
                         learner */
    const char *matched; /* in lower case; NULL: whatever it was, an item counts once */
    int64_t items;
};

/* Of the `newest` items added last, as they were judged last. By rule, its line without a word
 * first, then its words, the commonest first. About 6 us an item. Lives in the arena. */
must_check bool store_count_hits(struct store *store, struct arena *arena, int64_t newest,
    struct rule_hits **ret_hits, size_t *ret_count, struct fault *fault);

#endif
