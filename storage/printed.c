/* What was printed, and which stored items are the same.
 *
 * By key a lookup in an index tells; by title an index in memory does, built by the writer's
 * connection from the printed items at first use after a start or an import. The answer is kept
 * with the item, so that lists read it for nothing. The day of the newest issue counts: that is
 * where an editor would look first.
 *
 * Rejected: asking when candidates are read. Every snapshot would build the index of titles
 * anew, and the desk lists items by other ways than the candidates'. */
#include "storage/printed.h"

#include <string.h>

#include "briefing/printed_titles.h"
#include "briefing/story.h"
#include "storage/entry_ids.h"
#include "storage/search_tokenizer.h"
#include "storage/stories.h"

void printed_forget_titles(struct store *store)
{
    printed_titles_free(store->printed_titles);
    store->printed_titles = NULL;
    store->printed_titles_loaded = false;
}

static bool load_titles(struct store *store, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_PRINTED_TITLES, fault);
    if (list == NULL) {
        return false;
    }
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            store->printed_titles_loaded = true;
            return true;
        }
        if (store->printed_titles == NULL) { /* only where something was printed */
            store->printed_titles = printed_titles_new(fold_table_get());
        }
        int64_t issue_id = column_int(list);
        printed_titles_add(store->printed_titles, column_peek(list), issue_id);
    }
    printed_forget_titles(store);
    return false;
}

/* ---- writing ---- */

/* 华为：……, owner/repo: …: the title as the line showed it, without tags and source. */
static const char *printed_title(
    struct arena *arena, const struct issue *issue, const struct issue_item *item)
{
    const char *title = item->title;
    if (item->prefix != NULL) {
        title = arena_printf(
            arena, "%s%s%s", item->prefix, issue_prefix_mark(item, &issue->labels), title);
    }
    return item->subject == NULL
        ? title
        : arena_printf(arena, "%s%s%s", item->subject, issue->labels.prefix_separator, title);
}

static uint64_t hash_of_key(struct arena *arena, const char *key)
{
    struct store_entry probe = {.guid = "", .key = key};
    return entry_ids_build(arena, &probe, 1)->key_hash;
}

static bool add_printed(struct store *store, struct arena *arena, const struct issue *issue,
    const struct issue_section *section, const struct issue_item *item, int64_t issue_id,
    int64_t position, struct fault *fault)
{
    cleanup(statement_donep) struct statement *add = statement_get(
        store, STATEMENT_ADD_PRINTED_ITEM, fault);
    if (add == NULL) {
        return false;
    }
    bind_int(add, issue_id);
    bind_int(add, position);
    bind_text(add, section->id);
    if (item->key == NULL) {
        bind_null(add);
    } else {
        bind_hash(add, hash_of_key(arena, item->key));
    }
    bind_text(add, item->key);
    bind_text(add, item->url);
    bind_text(add, printed_title(arena, issue, item));
    bind_text(add, item->source);
    return statement_run(add, fault);
}

static bool remove_printed(struct store *store, int64_t issue_id, struct fault *fault)
{
    cleanup(statement_donep) struct statement *remove = statement_get(
        store, STATEMENT_REMOVE_PRINTED_ITEMS, fault);
    if (remove == NULL) {
        return false;
    }
    bind_int(remove, issue_id);
    return statement_run(remove, fault);
}

/* ---- marking ---- */

static bool set_mark(
    struct store *store, int64_t id, int64_t issue_id, const char *how, struct fault *fault)
{
    cleanup(statement_donep) struct statement *mark = statement_get(
        store, STATEMENT_MARK_PRINTED, fault);
    if (mark == NULL) {
        return false;
    }
    if (issue_id == 0) {
        bind_null(mark);
    } else {
        bind_int(mark, issue_id);
    }
    bind_text(mark, issue_id == 0 ? NULL : how);
    bind_int(mark, id);
    return statement_run(mark, fault);
}

static bool find_by_key(struct store *store, uint64_t key_hash, const char *key,
    int64_t *ret_issue_id, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(
        store, STATEMENT_FIND_PRINTED_KEY, fault);
    if (find == NULL) {
        return false;
    }
    bind_hash(find, key_hash);
    bind_text(find, key);
    bool row;
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    *ret_issue_id = row ? column_int(find) : 0;
    return true;
}

bool printed_mark_item(struct store *store, const struct config *config, int64_t id,
    uint64_t key_hash, const char *key, const char *title, struct fault *fault)
{
    int64_t issue_id;
    if (!find_by_key(store, key_hash, key, &issue_id, fault)) {
        return false;
    }
    if (issue_id != 0) {
        return set_mark(store, id, issue_id, "key", fault);
    }
    if (!store->printed_titles_loaded && !load_titles(store, fault)) {
        return false;
    }
    if (store->printed_titles == NULL || title == NULL) {
        return true;
    }
    struct similarity_settings settings = story_settings_build(&config->stories).crowded;
    issue_id = printed_titles_find(store->printed_titles, &settings, title);
    return issue_id == 0 || set_mark(store, id, issue_id, "title", fault);
}

struct remarked {
    int64_t id;
    uint64_t key_hash;
    const char *key, *title;
};

static void read_remarked(struct statement *row, struct arena *arena, void *item)
{
    struct remarked *remarked = item;
    remarked->id = column_int(row);
    remarked->key_hash = column_hash(row);
    remarked->key = column_text(row, arena);
    remarked->title = column_text(row, arena);
}

/* The items of a statement with one number, as (*ret_items)[0 .. *ret_count). */
static bool list_remarked(struct store *store, struct arena *arena, enum statement_id id,
    int64_t number, struct remarked **ret_items, size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(store, id, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, number);
    *ret_items = statement_rows(
        list, arena, sizeof(**ret_items), read_remarked, ret_count, fault);
    return *ret_items != NULL;
}

/* What an earlier version had and this one has not is not printed any more. */
static bool remark_item(struct store *store, const struct config *config,
    const struct remarked *item, struct fault *fault)
{
    return set_mark(store, item->id, 0, NULL, fault) &&
        printed_mark_item(
            store, config, item->id, item->key_hash, item->key, item->title, fault);
}

static bool remark_items(
    struct store *store, const struct config *config, int64_t since_utc_s, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    struct remarked *items = NULL;
    size_t count = 0;
    bool ok = list_remarked(
        store, &arena, STATEMENT_LIST_REMARKED, since_utc_s, &items, &count, fault);
    int64_t *ids = arena_new_array(&arena, int64_t, count + 1);
    for (size_t i = 0; ok && i < count; i++) {
        ids[i] = items[i].id;
        ok = remark_item(store, config, &items[i], fault);
    }
    return ok && stories_refresh_of_items(store, config, ids, count, fault);
}

bool printed_remark_story(
    struct store *store, const struct config *config, int64_t story, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    struct remarked *items = NULL;
    size_t count = 0;
    bool ok = list_remarked(
        store, &arena, STATEMENT_LIST_REMARKED_OF, story, &items, &count, fault);
    for (size_t i = 0; ok && i < count; i++) {
        ok = remark_item(store, config, &items[i], fault);
    }
    return ok;
}

bool store_mark_printed(
    struct store *store, const struct config *config, int64_t since_utc_s, struct fault *fault)
{
    if (!transaction_begin_edit(store, fault)) {
        return false;
    }
    return transaction_end_edit(store, remark_items(store, config, since_utc_s, fault), fault);
}

bool printed_replace(
    struct store *store, int64_t issue_id, const struct issue *issue, struct fault *fault)
{
    cleanup(arena_release) struct arena arena = {0};
    int64_t position = 0;
    bool ok = remove_printed(store, issue_id, fault);
    for (size_t i = 0; ok && i < issue->section_count; i++) {
        const struct issue_section *section = &issue->sections[i];
        for (size_t k = 0; ok && k < section->item_count; k++) {
            ok = add_printed(
                store, &arena, issue, section, &section->items[k], issue_id, position++, fault);
        }
    }
    printed_forget_titles(store);
    return ok;
}
