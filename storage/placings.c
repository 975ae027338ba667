/* A published item stands twice, as a pick and as what was printed; UNION joins the two when
 * they agree, and of an item placed in several issues the newest place counts. */
#include "storage/placings.h"

#include <string.h>

#include "storage/statements.h"

/* The rows come by item, its newest issue first. */
static bool is_repeated(const struct placing *placings, size_t count, int64_t item_id)
{
    return count > 0 && placings[count - 1].item_id == item_id;
}

/* "news#2" is the second section of that id in an old issue. */
static const char *plain_section(const char *section, struct arena *arena)
{
    size_t length = strcspn(section, "#");
    return section[length] == '\0' ? section : arena_strndup(arena, section, length);
}

bool store_read_placings(struct store *store, struct arena *arena,
    struct placing **ret_placings, size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_PLACINGS, fault);
    if (list == NULL) {
        return false;
    }
    struct placing *placings = NULL;
    size_t count = 0, capacity = 0;
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            *ret_placings = placings;
            *ret_count = count;
            return true;
        }
        int64_t item_id = column_int(list);
        if (is_repeated(placings, count, item_id)) {
            continue;
        }
        if (count == capacity) {
            placings = arena_grow(arena, placings, sizeof(*placings), &capacity);
        }
        struct placing *placing = &placings[count++];
        placing->item_id = item_id;
        placing->title = column_text(list, arena);
        placing->editor = plain_section(column_text(list, arena), arena);
        placing->machine = column_text(list, arena);
        placing->day = column_text(list, arena);
    }
    return false;
}

bool store_find_title(struct store *store, struct arena *arena, enum desk_kind kind, int64_t id,
    const char **ret_title, struct fault *fault)
{
    cleanup(statement_donep) struct statement *find = statement_get(store,
        kind == DESK_STORY ? STATEMENT_FIND_STORY_TITLE : STATEMENT_FIND_ITEM_TITLE, fault);
    bool row;
    if (find == NULL) {
        return false;
    }
    bind_int(find, id);
    if (!statement_next(find, &row, fault)) {
        return false;
    }
    *ret_title = row ? column_text(find, arena) : NULL;
    return true;
}
