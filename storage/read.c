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

static void read_past_issue(struct statement *row, struct arena *arena, void *item)
{
    struct past_issue *issue = item;
    issue->date = column_text(row, arena);
    issue->url = column_text(row, arena);
    issue->spaces_before = (uint8_t)column_int(row);
    issue->spaces_after = (uint8_t)column_int(row);
    issue->breaks_row = column_int(row) != 0;
    issue->breaks_year = column_int(row) != 0;
}

bool store_read_issues(struct store *store, struct arena *arena, struct past_issue **ret_issues,
    size_t *ret_count, int64_t *ret_last_utc_s, struct fault *fault)
{
    cleanup(statement_donep) struct statement *list = statement_get(
        store, STATEMENT_LIST_ISSUES, fault);
    if (list == NULL) {
        return false;
    }
    struct past_issue *issues = statement_rows(
        list, arena, sizeof(*issues), read_past_issue, ret_count, fault);
    if (issues == NULL) {
        return false;
    }
    *ret_issues = issues;
    if (*ret_count == 0 || !clock_parse_day(issues[0].date, ret_last_utc_s)) {
        *ret_last_utc_s = CLOCK_NONE;
    }
    return true;
}
