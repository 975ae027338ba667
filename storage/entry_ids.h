/* Private to storage/: what an entry is called inside its feed, when guids are not as they
 * should be.
 *
 * Most feeds give every entry a guid of its own. Some give several entries one guid (the site's
 * address), and some list one entry twice. Seen entry by entry, the former would overwrite each
 * other, and the latter flip between two texts at every poll; so the entries of a document are
 * looked at together before any is stored. PURE.
 */
#ifndef STORAGE_ENTRY_IDS_H
#define STORAGE_ENTRY_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "storage/store.h"

struct entry_id {
    uint64_t key_hash;
    uint64_t guid_hash;   /* names the sighting */
    uint64_t shared_hash; /* names it when the guid stands for other keys too */
    bool shared_guid;     /* in this document it does */
    bool repeats_entry;   /* an earlier entry has the same guid and key: nothing to store */
    bool repeats_key;     /* an earlier entry is the same item: that one's text counts */
};

/* One for each entry, in their order; NULL when there are none. Lives in the arena. */
struct entry_id *entry_ids_build(
    struct arena *arena, const struct store_entry *entries, size_t count);

#endif
