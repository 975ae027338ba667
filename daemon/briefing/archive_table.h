/* The table of past issues (往期回顾) at the end of an issue. PURE.
 *
 *     | 2 | 0 | 2 | 0 |
 *     |:---:|:---:|:---:|:---:|
 *     |  |  | [2020-10-21](…) | [2020-09-17](…) |
 *     | [2020-08-26](…) | [2020-08-06](…) | [2020-07-18](…) | [2020-07-02](…) |
 *     | 2 | 0 | 1 | 9 |
 *     | [2019-11-30](…) | …
 *
 * Newest first, rows of four. Rows do not shift when an issue is added: a new one begins a row
 * in the last column, and the row fills leftwards. A year's digits are a row above its first
 * row; a row that crosses the year belongs to the newer one.
 */
#ifndef BRIEFING_ARCHIVE_TABLE_H
#define BRIEFING_ARCHIVE_TABLE_H

#include <stddef.h>

#include "base/buffer.h"
#include "briefing/draft.h"
#include "config/config.h"

/* The table of the issue dated `date` and of `past`, newest first; an entry of `past` with the
 * same date (the issue corrected after printing) is not listed twice. */
void archive_table_write(const char *date, const struct config_briefing *briefing,
    const struct past_issue *past, size_t past_count, struct buffer *out);

#endif
