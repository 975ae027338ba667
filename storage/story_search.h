/* A search as one more condition of a list of stories: one of the items is found. Private to
 * storage/.
 *
 * What is found seldom is a list of stories, and the list sorts them; what is found often is
 * asked of every story the list walks over, which then comes soon to the end of its page.
 */
#ifndef STORAGE_STORY_SEARCH_H
#define STORAGE_STORY_SEARCH_H

#include "storage/search_run.h"

#define STORY_SEARCH_TYPE "story_search"

struct story_search {
    struct search search;
    struct hit_set set;
    const char *ids_json; /* ids of all stories that are found; NULL: too many to name */
    struct fault fault; /* of the search; the statement that asked knows only that it failed */
    bool failed;
};

/* Make the SQL function story_found(id, pointer) known to the connection. */
must_check bool story_search_register(struct store *store);

/* Within a read transaction, which must last until the end. Faults of store_search(). The
 * request is borrowed. */
must_check bool story_search_begin(struct story_search *search, struct store *store,
    struct arena *arena, const struct search_request *request, struct fault *fault);

/* A statement with this search failed: when the search is why, put its fault in the place of
 * the statement's. Returns false. */
bool story_search_explain(struct story_search *search, struct fault *fault);

/* Also after a begin that failed. */
void story_search_end(struct story_search *search);

#endif
