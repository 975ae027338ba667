/* Private to storage/: items written within one transaction, by a poll or by hand. */
#ifndef STORAGE_COMMIT_H
#define STORAGE_COMMIT_H

#include "storage/statements.h"

/* What is known while a transaction writes items. */
struct batch {
    struct store *store;
    const struct config *config;
    int64_t ruleset_id;
    int64_t last_item_id;
    size_t items_new, sightings_new;
    struct buffer tags; /* of STORE_TAGS_MAX_BYTES, the caller's */
};

struct stored_item {
    int64_t id; /* 0: none */
    int64_t feed_id;
    uint64_t content_hash;
    bool same_key;
    int64_t twins; /* other keys of the same hash */
};

struct new_item {
    uint64_t key_hash;
    int64_t twins;   /* as item_find_by_key() counted them */
    int64_t feed_id; /* 0: by hand */
    int64_t seen_utc_s;
};

/* Read the ids of ruleset and last item; first in the transaction. */
must_check bool batch_start(struct batch *batch, struct fault *fault);

/* Count what was added; last before the commit. */
must_check bool batch_write_tally(const struct batch *batch, struct fault *fault);

/* By its own key, else by one learned for it (key_alias). */
must_check bool item_find_by_key(struct store *store, const char *key, uint64_t key_hash,
    struct stored_item *ret_item, struct fault *fault);

/* From now on `key` stands for the item as well, unless an item has it as its own. */
must_check bool item_learn_alias(
    struct store *store, const char *key, int64_t item_id, struct fault *fault);

/* A new item with its content; the caller counts it. */
must_check bool item_add(struct batch *batch, const struct new_item *item,
    const struct store_entry *entry, int64_t *ret_id, struct fault *fault);

#endif
