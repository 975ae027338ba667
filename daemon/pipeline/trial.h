/* What changed rules would do to the stored items, before they are saved.
 *
 * Reads the store through a connection of its own and changes nothing. Every item is judged
 * twice, by the configuration as it is and with the rules over it (config/patch.h), both by
 * rules alone: the difference is then the change's and nothing else's, whatever was learned and
 * whoever judged the item last. About 150 us an item, so not for the loop. PURE but for the
 * reading connection; any thread.
 */
#ifndef PIPELINE_TRIAL_H
#define PIPELINE_TRIAL_H

#include "base/buffer.h"
#include "storage/store.h"

enum { TRIAL_MOVES_MAX = 500, TRIAL_RULES_MAX_BYTES = 1 << 20 };

/* An item that would stand in another section. */
struct trial_move {
    int64_t id;
    const char *title;
    int from, to;       /* sections of the configuration */
    const char *editor; /* section the editor put it in; NULL: she never did */
    double margin;      /* with the changed rules */
    double relevance_before, relevance_after;
};

struct trial {
    const struct config *config; /* with the rules over it; a reference of trial_release()'s */
    size_t items;                /* looked at, those added last first */
    bool complete;               /* these are all */
    size_t moved;                /* of them */
    size_t shifted;              /* stay, but with a relevance that differs by 0.05 and more */
    size_t opened, closed;       /* pass their feed's gate now, or no more */
    size_t *pairs;               /* [from * section_count + to] how many moved */
    struct trial_move *moves;    /* the first TRIAL_MOVES_MAX */
    size_t move_count;
    struct arena arena;
};

/* Try the rules in `text`, which messages call `name`, on at most `items_max` items (0: all).
 * FAULT_CONFIG when the rules are refused: `problems` (initialised by the caller) then has each
 * with line and column, and the fault is the first. The trial may be released either way. */
must_check bool trial_run(struct trial *trial, struct store *reader, struct config *config,
    const char *text, size_t length, const char *name, size_t items_max,
    struct problems *problems, struct fault *fault);
void trial_release(struct trial *trial);

/* {"items":…,"complete":…,"moved":…,"shifted":…,"opened":…,"closed":…,"pairs":[{"from","to",
 * "count"}],"moves":[{"id","title","from","to","editor","margin",
 * "relevance_before","relevance_after"}]} */
void trial_write_json(const struct trial *trial, struct buffer *out);

/* The same for a terminal: a line a move, then the totals. */
void trial_write_text(const struct trial *trial, struct buffer *out);

/* The rules in `text`, which fit over `config`, ready for patch_apply(); NULL with FAULT_CONFIG
 * as above. The caller unrefs. */
must_check struct config *trial_read_rules(const char *text, size_t length, const char *name,
    struct config *config, struct problems *problems, struct fault *fault);

#endif
