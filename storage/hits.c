/* The reasons are kept with each item, so nothing is judged again.
 *
 * Rejected: a table of hits beside the items. It would be written with every judgement, for a
 * number that is looked at when rules are. */
#include "storage/hits.h"

#include "storage/statements.h"

static void read_hits(struct statement *row, struct arena *arena, void *item)
{
    struct rule_hits *hits = item;
    hits->rule = column_text(row, arena);
    hits->matched = column_text(row, arena);
    hits->items = column_int(row);
}

bool store_count_hits(struct store *store, struct arena *arena, int64_t newest,
    struct rule_hits **ret_hits, size_t *ret_count, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_COUNT_HITS, fault);
    if (list == NULL) {
        return false;
    }
    bind_int(list, newest);
    *ret_hits = statement_rows(list, arena, sizeof(**ret_hits), read_hits, ret_count, fault);
    return *ret_hits != NULL;
}
