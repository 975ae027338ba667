/* Searching what issues printed: by all of some words, wherever they stand in an item's title,
 * source, summary or address.
 *
 * The archive of a newsletter is a few hundred issues, so a search reads them all: folded as
 * the judge folds its keywords, it finds traditional and simplified, upper and lower case
 * alike. Rejected: an index of its own for a thousand lines. On the worker that has the call.
 */
#ifndef WEB_SERVER_ISSUE_SEARCH_H
#define WEB_SERVER_ISSUE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "briefing/fold.h"
#include "briefing/issue.h"
#include "web/server/call.h"

enum { ISSUE_SEARCH_WORDS_MAX = 16 };

struct issue_search {
    const struct fold_table *folding;
    const char *words[ISSUE_SEARCH_WORDS_MAX]; /* folded */
    size_t count;                              /* 0: nothing is looked for */
};

/* The words of the query's `q`. Borrows from the call. */
struct issue_search issue_search_of(struct call *call);

/* The item has all of them. `scratch` holds what is only needed meanwhile. */
bool issue_search_finds(const struct issue_search *search, struct arena *scratch,
    const struct issue *issue, const struct issue_item *item);

#endif
