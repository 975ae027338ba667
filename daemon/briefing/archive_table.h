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
#include "briefing/issue.h"

enum { ARCHIVE_COLUMNS = 4 };

/* The table of issue->archive, which holds the issue itself where it is to be listed. */
void archive_table_write(const struct issue *issue, struct buffer *out);

#endif
