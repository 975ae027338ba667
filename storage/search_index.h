/* Private to storage/: what the search index knows of itself. */
#ifndef STORAGE_SEARCH_INDEX_H
#define STORAGE_SEARCH_INDEX_H

#include "storage/search_tokenizer.h"
#include "storage/statements.h"

struct search_state {
    int64_t version;      /* of the tokenizer that made the index; 0: there is none */
    int64_t indexed_id;   /* items up to this one are in it */
    int64_t last_item_id; /* the newest item's; ids only grow */
};

must_check bool search_read_state(
    struct store *store, struct search_state *ret_state, struct fault *fault);

#endif
