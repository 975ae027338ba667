/* What has changed since the editor wrote the guide in her own words, as an offer. PURE.
 *
 * Her text is never rewritten by the program. When the picks change behind it, three texts are
 * compared clause by clause: `base`, what the program would have written when she last edited;
 * `now`, what it would write today; and hers. Every difference between base and now is a change
 * she can take by itself, all she did not touch can be taken at once, and dismissing the offer
 * is storing `now` as the new base.
 */
#ifndef BRIEFING_GUIDE_PROPOSE_H
#define BRIEFING_GUIDE_PROPOSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "config/config.h"

enum guide_change_kind {
    GUIDE_CHANGE_COUNT,    /* 本次19条 -> 本次20条 */
    GUIDE_CHANGE_ADDED,    /* a clause that base does not have */
    GUIDE_CHANGE_REMOVED,  /* its item is gone, or no longer highlighted */
    GUIDE_CHANGE_REWORDED, /* its item's clause or title has changed */
};

struct guide_change {
    enum guide_change_kind kind;
    const char *group;        /* "新闻"; NULL: of the count */
    const char *before;       /* in base: the clause, or the head; NULL: added */
    const char *after;        /* in now; NULL: removed */
    const char *hers;         /* what taking it replaces in her text; NULL: it only adds */
    const char *behind;       /* ADDED: the clause of `now` it comes after; NULL: first */
    const char *group_behind; /* ADDED: the group of `now` its group comes after; NULL: first */
    bool conflict;            /* she has put it in other words, which taking it would discard */
};

struct guide_proposal {
    struct guide_change *changes; /* in the order of the text; empty: nothing to offer */
    size_t change_count;
    const char *merged; /* her text with all changes but conflicts taken */
};

/* What is already so in her text is no change. Lives in the arena. */
struct guide_proposal guide_propose(struct arena *arena, const struct config_labels *labels,
    const char *base, const char *hers, const char *now);

/* Her text with `change` taken; all else stays byte for byte. Lives in the arena. */
const char *guide_take(struct arena *arena, const struct config_labels *labels,
    const char *hers, const struct guide_change *change);

/* "count", "added", "removed", "reworded": for JSON. */
const char *guide_change_name(enum guide_change_kind kind);

#endif
