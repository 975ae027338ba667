/* Items an editor adds by their address.
 *
 * The same identity as polled ones: a key that is known is that item, whoever brought it. What
 * makes it the editor's is its sighting by hand, a row beside the item, so that nothing of the
 * item itself depends on who brought it, and a later poll of the same key adds its own sighting
 * as usual. An editor's write is synced to disk before it is acknowledged. */
#include <string.h>

#include "storage/commit.h"
#include "storage/entry_ids.h"
#include "storage/grouping.h"

static bool find_by_key(struct store *store, const char *key, struct stored_item *ret_item,
    uint64_t *ret_hash, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    struct store_entry probe = {.guid = "", .key = key};
    *ret_hash = entry_ids_build(&arena, &probe, 1)->key_hash;
    return item_find_by_key(store, key, *ret_hash, ret_item, fault);
}

/* By its own key, else by one of the others. */
static bool find_known(struct store *store, const struct store_addition *addition,
    struct stored_item *ret_item, uint64_t *ret_key_hash, struct fault *fault)
{
    if (!find_by_key(store, addition->entry.key, ret_item, ret_key_hash, fault)) {
        return false;
    }
    for (size_t i = 0; ret_item->id == 0 && i < addition->other_key_count; i++) {
        struct stored_item other;
        uint64_t hash;
        if (!find_by_key(store, addition->other_keys[i], &other, &hash, fault)) {
            return false;
        }
        if (other.id != 0) {
            *ret_item = other;
        }
    }
    return true;
}

static bool put_sighting(struct store *store, int64_t item_id,
    const struct store_addition *addition, struct fault *fault)
{
    cleanup(statement_donep) struct statement *put = statement_get(
        store, STATEMENT_PUT_HAND_SIGHTING, fault);
    if (put == NULL) {
        return false;
    }
    bind_int(put, item_id);
    bind_int(put, addition->added_utc_s);
    bind_text(put, addition->given_url);
    bind_text(put, addition->source);
    return statement_run(put, fault);
}

static bool learn_alias(
    struct store *store, const char *key, int64_t item_id, struct fault *fault)
{
    struct stored_item owner;
    uint64_t hash;
    if (!find_by_key(store, key, &owner, &hash, fault)) {
        return false;
    }
    bool taken = owner.id == item_id || owner.same_key;
    return taken || item_learn_alias(store, key, item_id, fault);
}

/* The page answered under all of these, so whoever brings one of them brings this item. */
static bool learn_aliases(struct store *store, const struct store_addition *addition,
    int64_t item_id, struct fault *fault)
{
    bool ok = learn_alias(store, addition->entry.key, item_id, fault);
    for (size_t i = 0; ok && i < addition->other_key_count; i++) {
        ok = learn_alias(store, addition->other_keys[i], item_id, fault);
    }
    return ok;
}

static bool describe(struct store *store, struct arena *arena, int64_t item_id,
    struct store_added *ret_added, struct fault *fault)
{
    cleanup(statement_donep) struct statement *read = statement_get(
        store, STATEMENT_DESCRIBE_ITEM, fault);
    if (read == NULL) {
        return false;
    }
    bind_int(read, item_id);
    bool row;
    if (!statement_next(read, &row, fault)) {
        return false;
    }
    if (!row) {
        return fault_set(fault, FAULT_STORE, "the item just stored cannot be found");
    }
    ret_added->item_id = item_id;
    ret_added->key = column_text(read, arena);
    ret_added->title = column_text(read, arena);
    ret_added->source = column_text(read, arena);
    ret_added->url = column_text(read, arena);
    ret_added->section = column_text(read, arena);
    ret_added->published_utc_s = column_time(read);
    ret_added->first_seen_utc_s = column_time(read);
    ret_added->added_utc_s = column_time(read);
    return true;
}

static bool write_item(struct batch *batch, struct arena *arena,
    const struct store_addition *addition, struct store_added *ret_added, struct fault *fault)
{
    struct stored_item item;
    struct new_item new_item = {.seen_utc_s = addition->added_utc_s};
    if (!batch_start(batch, fault) ||
        !find_known(batch->store, addition, &item, &new_item.key_hash, fault)) {
        return false;
    }
    ret_added->known = item.id != 0;
    if (!ret_added->known) {
        new_item.twins = item.twins;
        batch->items_new = 1;
        if (!item_add(batch, &new_item, &addition->entry, &item.id, fault) ||
            !batch_write_tally(batch, fault)) {
            return false;
        }
    }
    return learn_aliases(batch->store, addition, item.id, fault) &&
        put_sighting(batch->store, item.id, addition, fault) &&
        describe(batch->store, arena, item.id, ret_added, fault);
}

bool store_add_item(struct store *store, struct arena *arena,
    const struct store_addition *addition, const struct config *config,
    struct store_added *ret_added, struct fault *fault)
{
    if (!transaction_begin_edit(store, fault)) {
        return false;
    }
    struct batch batch = {.store = store, .config = config};
    buffer_init(&batch.tags, STORE_TAGS_MAX_BYTES);
    *ret_added = (struct store_added){0};
    bool ok = write_item(&batch, arena, addition, ret_added, fault);
    buffer_release(&batch.tags);
    ok = transaction_end_edit(store, ok, fault);
    grouping_end(store, ok);
    return ok;
}
