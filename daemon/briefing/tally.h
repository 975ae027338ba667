/* What the rules say of one item, added up: the inside of the judge, shared by judge.c and
 * tally.c only. */
#ifndef BRIEFING_TALLY_H
#define BRIEFING_TALLY_H

#include "briefing/judge.h"
#include "briefing/keyword.h"
#include "briefing/rulebook.h"

struct judge {
    struct config *config;
    struct rulebook book;
    int fallback; /* section of items no rule claims */
};

/* Sums while one item is judged. */
struct tally {
    const struct judge *judge;
    const struct learner *learner; /* NULL: by the rules alone */
    struct arena *arena;           /* the caller's: what the verdict keeps */
    const struct item *item;
    const struct keyword_matches *matches;
    double *votes; /* [section] */
    bool *voted;   /* [section] some rule or feed spoke */
    int final_section;
    double final_weight;
    double relevance;    /* log-odds */
    const char **labels; /* of the lists that matched */
    size_t label_count;
    struct verdict *verdict;
    size_t reason_capacity;
};

/* Append to the verdict's reasons. */
void tally_add_reason(struct tally *tally, struct reason reason);

/* A regex may match half a summary; a reason shows enough of it to recognise. In the arena. */
const char *tally_quote(struct arena *arena, const char *text, size_t length);

/* Find the keywords and count the votes of all rules, of the feed and of a vendor, each with
 * its reason. Labels live in `scratch`. */
void tally_count_rules(struct tally *tally, struct arena *scratch);

#endif
