/* Where the editor put items, beside where the machine has them: what a confusion view counts,
 * and the titles a log of ids needs. Reading connection; any thread.
 */
#ifndef STORAGE_PLACINGS_H
#define STORAGE_PLACINGS_H

#include "storage/desk.h"

struct placing {
    int64_t item_id;
    const char *title;   /* of the item; NULL: it has none */
    const char *editor;  /* section it was printed in or picked for, without "#2" */
    const char *machine; /* section of its verdict */
    const char *day;     /* of the issue; NULL: of a draft without one */
};

/* Every item that a draft has, that was published, or that an imported issue printed and a feed
 * brought; newest items first, an item once. Lives in the arena. */
must_check bool store_read_placings(struct store *store, struct arena *arena,
    struct placing **ret_placings, size_t *ret_count, struct fault *fault);

/* The title of a story's lead or of an item; NULL when it has none or is no more. Lives in the
 * arena. */
must_check bool store_find_title(struct store *store, struct arena *arena, enum desk_kind kind,
    int64_t id, const char **ret_title, struct fault *fault);

#endif
