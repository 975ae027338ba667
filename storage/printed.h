/* Private to storage/: the memory of past issues. */
#ifndef STORAGE_PRINTED_H
#define STORAGE_PRINTED_H

#include "config/config.h"
#include "storage/statements.h"

/* Write the items of `issue` as the printed ones of the issue with this id, in place of those
 * it had. In the caller's transaction; the memory of titles is built anew at its next use.
 * Items that are stored already learn of it by store_mark_printed(). */
must_check bool printed_replace(
    struct store *store, int64_t issue_id, const struct issue *issue, struct fault *fault);

/* Say of the item `id`, just stored, in which issue it was printed, if any. In the caller's
 * transaction. */
must_check bool printed_mark_item(struct store *store, const struct config *config, int64_t id,
    uint64_t key_hash, const char *key, const char *title, struct fault *fault);

/* Look again where each item of the story was printed. In the caller's transaction; the story
 * is to be refreshed afterwards. */
must_check bool printed_remark_story(
    struct store *store, const struct config *config, int64_t story, struct fault *fault);

/* What store_close() frees. */
void printed_forget_titles(struct store *store);

#endif
