#include "storage/sightings.h"

#include "storage/statements.h"

bool sighting_find(struct store *store, int64_t feed_id, uint64_t guid_hash,
    uint64_t content_hash, struct sighting *ret_sighting, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_FIND_SIGHTING, fault);
    if (find == NULL) {
        return false;
    }
    bind_int(find, feed_id);
    bind_hash(find, guid_hash);
    bool row;
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    *ret_sighting = (struct sighting){.guid_hash = guid_hash};
    if (row) {
        ret_sighting->item_id = column_int(find);
        ret_sighting->unchanged = column_hash(find) == content_hash;
    }
    return true;
}

uint64_t sighting_name(const struct entry_id *id)
{
    return id->shared_guid ? id->shared_hash : id->guid_hash;
}

bool store_recognise(struct store *store, int64_t feed_id, struct store_entry *entries,
    size_t count, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    const struct entry_id *ids = entry_ids_build(&arena, entries, count);
    for (size_t i = 0; i < count; i++) {
        struct sighting sighting;
        if (!sighting_find(store, feed_id, sighting_name(&ids[i]), entries[i].content_hash,
                &sighting, fault)) {
            return false;
        }
        entries[i].known = sighting.unchanged;
    }
    return true;
}
