/* The lists of a configuration, compiled: which list a keyword match belongs to and what a
 * match of that list means. Private to the judge; frozen once built. */
#ifndef BRIEFING_RULEBOOK_H
#define BRIEFING_RULEBOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "briefing/keyword.h"
#include "config/config.h"

enum list_kind {
    LIST_SECTION, /* votes for, or decides, a section */
    LIST_TOPIC,   /* votes on relevance, opens `require` gates */
    LIST_VENDOR,  /* names whose news it is */
};

/* One list of keywords; keyword matches carry its index. */
struct list {
    enum list_kind kind;
    const char *label;                  /* "papers/venues", as reasons show it */
    int section;                        /* LIST_SECTION only */
    const struct config_rule *rule;     /* NULL for a vendor */
    const struct config_vendor *vendor; /* LIST_VENDOR only */
};

/* The feed that stands for a source label, so that an item added by hand is judged like one the
 * feed brought. */
struct known_source {
    const char *label;
    const struct config_feed
        *feed; /* NULL: feeds with this label vote for different sections */
};

struct rulebook {
    struct arena arena;
    const struct fold_table *folding;
    struct keyword_set *keywords;
    struct list *lists;
    size_t list_count;
    struct known_source *sources; /* sorted by label */
    size_t source_count;
};

/* Compile; `config` must outlive the book. On failure returns false and `problems` has an entry
 * for each bad keyword; the book may be released either way. */
must_check bool rulebook_init(
    struct rulebook *book, const struct config *config, struct problems *problems);
void rulebook_release(struct rulebook *book);

/* The feed of a source label, or NULL. */
const struct config_feed *rulebook_find_source(const struct rulebook *book, const char *label);

#endif
