/* Private to storage/: which entries of a feed were seen before. */
#ifndef STORAGE_SIGHTINGS_H
#define STORAGE_SIGHTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attributes.h"
#include "base/fault.h"
#include "storage/entry_ids.h"
#include "storage/store.h"

struct sighting {
    uint64_t guid_hash;
    int64_t item_id; /* 0: never seen */
    bool unchanged;  /* it had the same content_hash */
};

/* The sighting that this name (entry_ids.h) has in a feed. */
must_check bool sighting_find(struct store *store, int64_t feed_id, uint64_t guid_hash,
    uint64_t content_hash, struct sighting *ret_sighting, struct fault *fault);

/* What an entry's name in its feed is at first sight: its guid, or guid and key together where
 * several entries of the document share the guid. */
uint64_t sighting_name(const struct entry_id *id);

#endif
