/* Facts about an item that are printed beside its title: arXiv id, venue, GitHub repository.
 * PURE.
 */
#ifndef BRIEFING_TAGS_H
#define BRIEFING_TAGS_H

#include <stddef.h>

#include "base/arena.h"
#include "briefing/judge.h"

/* "2009.00278v2" from the URL, else "2009.00278" from the key; then "CVPR2021" for every venue
 * with a year in title, comment or journal_ref, each once. Array and texts live in the arena.
 */
const char **tags_build(struct arena *arena, const struct config *config,
    const struct item *item, size_t *ret_count);

/* "owner/repo" of a GitHub URL, else of a key "github:owner/repo…"; NULL when there is none.
 * Lives in the arena. */
const char *tags_find_repository(struct arena *arena, const struct item *item);

#endif
