/* A guide taken apart, so that it can be compared clause by clause and put together again to
 * the same bytes. PURE.
 *
 *     本次20条。「新闻」a、b；「论文」c。
 *     head      bracket clauses ; …      tail
 *
 * Both bracket styles, 「」 and 【】, are read whatever the labels say, and so are the labels'
 * own. A bracket begins a group only where a group may begin: at the start, or behind a mark
 * that ends a group or a sentence; 「唤醒词」 inside a clause does not.
 */
#ifndef BRIEFING_GUIDE_PARTS_H
#define BRIEFING_GUIDE_PARTS_H

#include <stddef.h>

#include "base/arena.h"
#include "config/config.h"

struct guide_clause_part {
    const char *separator; /* before it; "" for the first of a group */
    const char *text;
};

struct guide_group {
    const char *separator; /* before its bracket; "" for the first */
    const char *bracket;   /* "「新闻」" as written */
    const char *name;      /* "新闻" */
    struct guide_clause_part *clauses;
    size_t clause_count;
};

struct guide_parts {
    const char *head; /* "本次20条。"; all of it where there is no group */
    struct guide_group *groups;
    size_t group_count;
    const char *tail; /* "。" */
};

/* Lives in the arena; borrows nothing from `guide`. */
struct guide_parts *guide_parts_read(
    struct arena *arena, const char *guide, const struct config_labels *labels);

/* The text they were read from, or what was made of them. Lives in the arena. */
const char *guide_parts_join(struct arena *arena, const struct guide_parts *parts);

/* Index of the group of that name, or of the clause of that text; -1: there is none. */
int guide_parts_find_group(const struct guide_parts *parts, const char *name);
int guide_group_find_clause(const struct guide_group *group, const char *text);

/* The number in a head like "本次20条。"; -1: it says none. */
long guide_count_in(const char *head);

#endif
