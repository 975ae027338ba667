/* Reading for the draft and the pages: each function is one snapshot, copied into the caller's
 * arena, so that no statement stays open between two calls. */
#include <string.h>

#include "base/clock.h"
#include "storage/statements.h"

bool store_read_totals(
    struct store *store, struct store_totals *ret_totals, struct fault *fault)
{
    cleanup(statement_donep) struct statement *read = statement_get(
        store, STATEMENT_READ_TOTALS, fault);
    bool row;
    if (read == NULL || !statement_next(read, &row, fault)) {
        return false;
    }
    ret_totals->feeds = column_int(read);
    ret_totals->items = column_int(read);
    ret_totals->sightings = column_int(read);
    ret_totals->issues = column_int(read);
    return true;
}

/* ---- issues ---- */

bool store_read_issues(struct store *store, struct arena *arena, struct past_issue **ret_issues,
    size_t *ret_count, int64_t *ret_last_utc_s, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_ISSUES, fault);
    if (list == NULL) {
        return false;
    }
    struct past_issue *issues = NULL;
    size_t count = 0, capacity = 0;
    bool row;
    while (statement_next(list, &row, fault)) {
        if (!row) {
            *ret_issues = issues;
            *ret_count = count;
            if (count == 0 || !clock_parse_day(issues[0].date, ret_last_utc_s)) {
                *ret_last_utc_s = CLOCK_NONE;
            }
            return true;
        }
        if (count == capacity) {
            issues = arena_grow(arena, issues, sizeof(*issues), &capacity);
        }
        issues[count].date = column_text(list, arena);
        issues[count].url = column_text(list, arena);
        issues[count].spaces_before = (uint8_t)column_int(list);
        issues[count].spaces_after = (uint8_t)column_int(list);
        issues[count].breaks_row = column_int(list) != 0;
        issues[count].breaks_year = column_int(list) != 0;
        count++;
    }
    return false;
}
