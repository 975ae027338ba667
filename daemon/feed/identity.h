/* What one entry is: its key in the whole store, and its identity inside its own feed. PURE. */
#ifndef FEED_IDENTITY_H
#define FEED_IDENTITY_H

#include <stdint.h>

#include "base/arena.h"
#include "feed/document.h"

struct entry_identity {
    const char *key; /* the same key = the same item, whichever feed brought it (invariant 2) */
    const char *guid; /* inside its feed: id, else link, else a hash of title and date */
    /* of title, link, summary and content: changes when the entry was edited */
    uint64_t content_hash;
};

/* Never fails: an entry without a link of its own (none, or the site's front page) takes its
 * typed id, else "feed_url#guid". An untyped link keeps a fragment that names the entry, so the
 * key may say more than url_key(link). Lives in the arena. */
struct entry_identity entry_identify(
    struct arena *arena, const struct feed_entry *entry, const char *feed_url);

/* arXiv's descriptions begin "arXiv:2409.00001v1 Announce Type: new \nAbstract: "; the abstract
 * behind that, or `text` itself when it begins otherwise. `text` is plain text, or HTML with no
 * tag before the lead. Borrowed: points into `text`. LaTeX stays as it is. */
const char *arxiv_abstract(const char *text);

#endif
