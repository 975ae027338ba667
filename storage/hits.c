/* The reasons are kept with each item, so nothing is judged again.
 *
 * Rejected: a table of hits beside the items. It would be written with every judgement, for a
 * number that is looked at when rules are. */
#include "storage/hits.h"

#include "storage/statements.h"

bool store_count_hits(struct store *store, struct arena *arena, int64_t newest,
    struct rule_hits **ret_hits, size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_COUNT_HITS, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, newest);
    *ret_hits = NULL;
    *ret_count = 0;
    size_t capacity = 0;
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            return true;
        }
        if (*ret_count == capacity) {
            *ret_hits = arena_grow(arena, *ret_hits, sizeof(**ret_hits), &capacity);
        }
        struct rule_hits *hits = &(*ret_hits)[(*ret_count)++];
        hits->rule = column_text(list, arena);
        hits->matched = column_text(list, arena);
        hits->items = column_int(list);
    }
    return false;
}
