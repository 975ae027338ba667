/* Writing what was polled: up to 64 documents with entries in one transaction.
 *
 * For each entry the question is asked in the order that makes the common answer cheap. Nearly
 * every entry of a poll is known and unchanged: one lookup of (feed, guid) says so, as a rule
 * on the worker already (store_recognise()), before anything is built. Else the key decides
 * whether the item is known (invariant 2), and only a key never seen makes an item. The feed's
 * new validators are written after its entries in the same transaction (invariant 1): a crash
 * loses both or none, and what is lost is polled again, which is why these commits may run with
 * synchronous=NORMAL.
 *
 * A guid whose content changed is an edit as long as the key stays. When the key changed too,
 * the feed uses its guid for something else, or moved the page; these cannot be told apart, and
 * of the two possible errors two lines for one story are better than a story overwritten. Such
 * an entry is an item of its own, its sighting named by guid and key together.
 *
 * Rejected: INSERT … ON CONFLICT, which builds and binds the whole row to find out that it is
 * known; ids by AUTOINCREMENT, which writes another table at every insert. */
#include <assert.h>
#include <string.h>

#include "storage/commit.h"
#include "storage/entry_ids.h"
#include "storage/printed.h"
#include "storage/feeds.h"
#include "storage/grouping.h"
#include "storage/sightings.h"
#include "storage/stories.h"
#include "storage/verdicts.h"

/* One entry on its way into the store. */
struct arrival {
    struct batch *batch;
    struct store_document *document;
    const struct store_entry *entry;
    const struct entry_id *id;
};

/* ---- looking up ---- */

static bool find_sighting(const struct arrival *arrival, uint64_t guid_hash,
    struct sighting *ret_sighting, struct fault *fault)
{
    return sighting_find(arrival->batch->store, arrival->document->state.id, guid_hash,
        arrival->entry->content_hash, ret_sighting, fault);
}

static void read_item(struct statement *row, const char *key, struct stored_item *ret_item)
{
    ret_item->id = column_int(row);
    ret_item->same_key = strcmp(column_peek(row), key) == 0;
    ret_item->feed_id = column_int(row);
    ret_item->content_hash = column_hash(row);
}

static bool find_item(const struct arrival *arrival, int64_t id, struct stored_item *ret_item,
    struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        arrival->batch->store, STATEMENT_FIND_ITEM, fault);
    if (find == NULL) {
        return false;
    }
    bind_int(find, id);
    bool row;
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    assert(row); /* a foreign key of the sighting */
    *ret_item = (struct stored_item){0};
    read_item(find, arrival->entry->key, ret_item);
    return true;
}

static bool find_by_alias(
    struct store *store, const char *key, struct stored_item *ret_item, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_FIND_ITEM_BY_ALIAS, fault);
    if (find == NULL) {
        return false;
    }
    bind_text(find, key);
    bool row;
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    if (row) {
        read_item(find, key, ret_item);
    }
    return true;
}

bool item_learn_alias(
    struct store *store, const char *key, int64_t item_id, struct fault *fault)
{
    cleanup(statement_donep) struct statement *put = statement_get(
        store, STATEMENT_PUT_ALIAS, fault);
    if (put == NULL) {
        return false;
    }
    bind_text(put, key);
    bind_int(put, item_id);
    return statement_run(put, fault);
}

bool item_find_by_key(struct store *store, const char *key, uint64_t key_hash,
    struct stored_item *ret_item, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_FIND_ITEMS_BY_KEY, fault);
    if (find == NULL) {
        return false;
    }
    bind_hash(find, key_hash);
    *ret_item = (struct stored_item){0};
    struct stored_item item = {0};
    bool row;
    while (statement_next(find, &row, fault)) {
        if (!row) {
            return find_by_alias(store, key, ret_item, fault);
        }
        read_item(find, key, &item);
        if (item.same_key) {
            *ret_item = item;
            return true;
        }
        ret_item->twins++;
    }
    return false;
}

/* Which sighting this entry is: that of its guid, unless the guid stands for another key. */
static bool recognise(
    const struct arrival *arrival, struct sighting *ret_sighting, struct fault *fault)
{
    const struct entry_id *id = arrival->id;
    if (!find_sighting(arrival, sighting_name(id), ret_sighting, fault)) {
        return false;
    }
    if (id->shared_guid || ret_sighting->item_id == 0 || ret_sighting->unchanged) {
        return true;
    }
    struct stored_item item;
    if (!find_item(arrival, ret_sighting->item_id, &item, fault)) {
        return false;
    }
    return item.same_key || find_sighting(arrival, id->shared_hash, ret_sighting, fault);
}

/* ---- writing items ---- */

/* NULL: none. Empty: the key itself, which it mostly is. */
static const char *stored_url(const struct store_entry *entry)
{
    if (entry->url == NULL || entry->url[0] == '\0') {
        return NULL;
    }
    return strcmp(entry->url, entry->key) == 0 ? "" : entry->url;
}

static void bind_texts(struct statement *statement, const struct store_entry *entry)
{
    bind_text(statement, stored_url(entry));
    bind_text(statement, entry->title);
    bind_text(statement, entry->language);
    bind_text(statement, entry->authors);
    bind_text(statement, entry->published_raw);
    bind_text(statement, entry->comment);
    bind_text(statement, entry->journal_ref);
    bind_text(statement, entry->summary);
}

static bool put_content(
    struct batch *batch, int64_t item_id, const struct store_entry *entry, struct fault *fault)
{
    cleanup(statement_donep) struct statement *put = statement_get(
        batch->store, STATEMENT_PUT_CONTENT, fault);
    if (put == NULL) {
        return false;
    }
    bind_int(put, item_id);
    bind_text(put, entry->content_html);
    bind_text(put, entry->summary);
    return statement_run(put, fault);
}

static bool remove_content(struct batch *batch, int64_t item_id, struct fault *fault)
{
    cleanup(statement_donep) struct statement *remove = statement_get(
        batch->store, STATEMENT_REMOVE_CONTENT, fault);
    if (remove == NULL) {
        return false;
    }
    bind_int(remove, item_id);
    return statement_run(remove, fault);
}

static void bind_placing(struct statement *statement, const struct placing *placing)
{
    bind_int(statement, placing->story);
    bind_text(statement, placing->tier);
    bind_id(statement, placing->matched);
    if (placing->tier == NULL) {
        bind_null(statement);
    } else {
        bind_real(statement, placing->score);
    }
    bind_text(statement, placing->reason);
}

static bool write_item(struct batch *batch, int64_t id, const struct placing *placing,
    const struct new_item *item, const struct store_entry *entry, struct fault *fault)
{
    cleanup(statement_donep) struct statement *add = statement_get(
        batch->store, STATEMENT_ADD_ITEM, fault);
    if (add == NULL) {
        return false;
    }
    bind_int(add, id);
    bind_placing(add, placing);
    bind_hash(add, item->key_hash);
    bind_int(add, item->twins);
    if (item->feed_id == 0) {
        bind_null(add);
    } else {
        bind_int(add, item->feed_id);
    }
    bind_int(add, item->seen_utc_s);
    bind_text(add, entry->key);
    bind_hash(add, entry->content_hash);
    bind_time(add, entry->published_utc_s);
    bind_texts(add, entry);
    bind_verdict(add, &entry->verdict, batch->ruleset_id, batch->config, entry->reasons_json,
        &batch->tags);
    return statement_run(add, fault);
}

/* Which story it belongs to, its row, its content, its story's row. */
bool item_add(struct batch *batch, const struct new_item *item, const struct store_entry *entry,
    int64_t *ret_id, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    int64_t id = ++batch->last_item_id;
    const struct story_item told = {
        id, entry->key, entry->title, entry->summary, entry->published_utc_s};
    struct placing placing;
    if (!grouping_place(
            batch->store, batch->config, &arena, &told, item->seen_utc_s, &placing, fault) ||
        !write_item(batch, id, &placing, item, entry, fault) ||
        (entry->content_html != NULL && !put_content(batch, id, entry, fault))) {
        return false;
    }
    *ret_id = id;
    return printed_mark_item(batch->store, batch->config, id, item->key_hash, entry->key,
               entry->title, fault) &&
        (placing.story == id
                ? story_begin(batch->store, id, fault)
                : story_join(batch->store, batch->config, placing.story, id, fault));
}

static bool add_item(
    const struct arrival *arrival, int64_t twins, int64_t *ret_id, struct fault *fault)
{
    struct new_item item = {
        .key_hash = arrival->id->key_hash,
        .twins = twins,
        .feed_id = arrival->document->state.id,
        .seen_utc_s = arrival->document->fetched_utc_s,
    };
    arrival->document->items_new++;
    return item_add(arrival->batch, &item, arrival->entry, ret_id, fault);
}

/* May this entry change the item's text? Only the feed that brought it first edits it, and in
 * one document the first entry of a key speaks for it. */
static bool may_edit(const struct arrival *arrival, const struct stored_item *item)
{
    return item->feed_id == arrival->document->state.id && !arrival->id->repeats_key &&
        item->content_hash != arrival->entry->content_hash;
}

static bool edit_item(const struct arrival *arrival, int64_t id, struct fault *fault)
{
    struct batch *batch = arrival->batch;
    const struct store_entry *entry = arrival->entry;
    cleanup(statement_donep) struct statement *edit = statement_get(
        batch->store, STATEMENT_EDIT_ITEM, fault);
    if (edit == NULL) {
        return false;
    }
    bind_hash(edit, entry->content_hash);
    bind_time(edit, entry->published_utc_s);
    bind_texts(edit, entry);
    bind_verdict(edit, &entry->verdict, batch->ruleset_id, batch->config, entry->reasons_json,
        &batch->tags);
    bind_int(edit, id);
    arrival->document->items_changed++;
    return statement_run(edit, fault) &&
        (entry->content_html == NULL ? remove_content(batch, id, fault)
                                     : put_content(batch, id, entry, fault)) &&
        story_refresh_of_item(batch->store, batch->config, id, fault);
}

/* ---- writing sightings ---- */

static bool add_sighting(
    const struct arrival *arrival, uint64_t guid_hash, int64_t item_id, struct fault *fault)
{
    cleanup(statement_donep) struct statement *add = statement_get(
        arrival->batch->store, STATEMENT_ADD_SIGHTING, fault);
    if (add == NULL) {
        return false;
    }
    bind_int(add, arrival->document->state.id);
    bind_hash(add, guid_hash);
    bind_int(add, item_id);
    bind_hash(add, arrival->entry->content_hash);
    bind_int(add, arrival->document->fetched_utc_s);
    arrival->document->sightings_new++;
    return statement_run(add, fault);
}

static bool update_sighting(
    const struct arrival *arrival, uint64_t guid_hash, struct fault *fault)
{
    cleanup(statement_donep) struct statement *update = statement_get(
        arrival->batch->store, STATEMENT_UPDATE_SIGHTING, fault);
    if (update == NULL) {
        return false;
    }
    bind_hash(update, arrival->entry->content_hash);
    bind_int(update, arrival->document->state.id);
    bind_hash(update, guid_hash);
    return statement_run(update, fault);
}

/* ---- one entry, one document, one batch ---- */

static bool write_first_sighting(
    const struct arrival *arrival, uint64_t guid_hash, struct fault *fault)
{
    struct stored_item item;
    if (!item_find_by_key(
            arrival->batch->store, arrival->entry->key, arrival->id->key_hash, &item, fault)) {
        return false;
    }
    bool known = item.id != 0;
    if (!known && !add_item(arrival, item.twins, &item.id, fault)) {
        return false;
    }
    return add_sighting(arrival, guid_hash, item.id, fault) &&
        (!known || !may_edit(arrival, &item) || edit_item(arrival, item.id, fault));
}

static bool write_edit(
    const struct arrival *arrival, const struct sighting *sighting, struct fault *fault)
{
    struct stored_item item;
    return find_item(arrival, sighting->item_id, &item, fault) &&
        update_sighting(arrival, sighting->guid_hash, fault) &&
        (!may_edit(arrival, &item) || edit_item(arrival, item.id, fault));
}

static bool write_entry(const struct arrival *arrival, struct fault *fault)
{
    struct sighting sighting;
    if (arrival->id->repeats_entry || arrival->entry->known) {
        return true;
    }
    if (!recognise(arrival, &sighting, fault)) {
        return false;
    }
    if (sighting.item_id == 0) {
        return write_first_sighting(arrival, sighting.guid_hash, fault);
    }
    return sighting.unchanged || write_edit(arrival, &sighting, fault);
}

static bool write_document(
    struct batch *batch, struct store_document *document, struct fault *fault)
{
    cleanup(arena_release) struct arena arena;
    arena_init(&arena);
    const struct entry_id *ids = entry_ids_build(
        &arena, document->entries, document->entry_count);
    for (size_t i = 0; i < document->entry_count; i++) {
        struct arrival arrival = {batch, document, &document->entries[i], &ids[i]};
        if (!write_entry(&arrival, fault)) {
            return false;
        }
    }
    if (document->sightings_new == 0 && document->next_poll_if_stale_utc_s != 0) {
        document->state.next_poll_utc_s = document->next_poll_if_stale_utc_s;
    }
    batch->items_new += document->items_new;
    batch->sightings_new += document->sightings_new;
    return feed_write_state(batch->store, &document->state, document->source, fault);
}

static bool read_last_item_id(struct store *store, int64_t *ret_id, struct fault *fault)
{
    cleanup(statement_donep) struct statement *tally = statement_get(
        store, STATEMENT_READ_TALLY, fault);
    bool row;
    if (tally == NULL || !statement_next(tally, &row, fault)) {
        return false;
    }
    assert(row); /* the migration put it there */
    *ret_id = column_int(tally);
    return true;
}

bool batch_start(struct batch *batch, struct fault *fault)
{
    return ruleset_get(batch->store, batch->config->rules_hash, &batch->ruleset_id, fault) &&
        read_last_item_id(batch->store, &batch->last_item_id, fault);
}

/* A batch that brought nothing new leaves the page alone. */
bool batch_write_tally(const struct batch *batch, struct fault *fault)
{
    if (batch->items_new == 0 && batch->sightings_new == 0) {
        return true;
    }
    cleanup(statement_donep) struct statement *update = statement_get(
        batch->store, STATEMENT_UPDATE_TALLY, fault);
    if (update == NULL) {
        return false;
    }
    bind_int(update, (int64_t)batch->items_new);
    bind_int(update, (int64_t)batch->sightings_new);
    bind_int(update, batch->last_item_id);
    return statement_run(update, fault);
}

static bool write_batch(
    struct batch *batch, struct store_document **documents, size_t count, struct fault *fault)
{
    if (!batch_start(batch, fault)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!write_document(batch, documents[i], fault)) {
            return false;
        }
    }
    return batch_write_tally(batch, fault) && transaction_commit(batch->store, fault);
}

static void clear_counts(struct store_document **documents, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        documents[i]->sightings_new = 0;
        documents[i]->items_new = 0;
        documents[i]->items_changed = 0;
    }
}

bool store_commit(struct store *store, struct store_document **documents, size_t count,
    const struct config *config, struct fault *fault)
{
    clear_counts(documents, count);
    if (count == 0) {
        return true;
    }
    if (!transaction_begin(store, fault)) {
        return false;
    }
    struct batch batch = {.store = store, .config = config};
    buffer_init(&batch.tags, STORE_TAGS_MAX_BYTES);
    bool ok = write_batch(&batch, documents, count, fault);
    buffer_release(&batch.tags);
    if (!ok) {
        transaction_rollback(store);
        clear_counts(documents, count);
    }
    grouping_end(store, ok);
    return ok;
}
