/* Which title that was printed before an item's title nearly is: the memory of past issues for
 * what has no key in common. PURE.
 *
 * An index of the printed titles; they enter, none leaves. One thread at a time. Precision
 * comes first: a wrong match sinks an item that is news.
 */
#ifndef BRIEFING_PRINTED_TITLES_H
#define BRIEFING_PRINTED_TITLES_H

#include <stddef.h>
#include <stdint.h>

#include "briefing/fold.h"
#include "briefing/similarity.h"

struct printed_titles;

/* `fold` is borrowed and must outlive it. Caller frees with printed_titles_free(). */
struct printed_titles *printed_titles_new(const struct fold_table *fold);
void printed_titles_free(struct printed_titles *titles);

/* `tag` is what printed_titles_find() is to return; the caller's, not 0. */
void printed_titles_add(struct printed_titles *titles, const char *title, int64_t tag);

/* The tag of the most similar title that is near (similarity.h), of equals the one added last;
 * 0: none is. A title of fewer than PRINTED_TITLE_MIN letters is never near. */
enum { PRINTED_TITLE_MIN = 8 };
int64_t printed_titles_find(struct printed_titles *titles,
    const struct similarity_settings *settings, const char *title);

#endif
