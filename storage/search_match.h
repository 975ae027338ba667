/* A query against the texts of one item: is it really there, how well, and where. PURE; private
 * to storage/. */
#ifndef STORAGE_SEARCH_MATCH_H
#define STORAGE_SEARCH_MATCH_H

#include "storage/search_query.h"

/* One text taken apart. */
struct search_field {
    const char *text; /* "" for none */
    struct folded folded;
    struct search_unit *units;
    size_t unit_count;
};

struct search_subject {
    struct search_field title, summary;
};

/* NULL texts are empty. Texts are borrowed; the rest lives in the arena. */
void search_subject_build(const struct fold_table *folding, struct arena *arena,
    const char *title, const char *summary, struct search_subject *ret_subject);

/* Every wanted piece stands in the title or in the summary, and none of the excluded. */
bool search_query_matches(
    const struct search_query *query, const struct search_subject *subject);

/* Every wanted piece stands in the title. */
bool search_query_in_title(
    const struct search_query *query, const struct search_subject *subject);

/* BM25F (Zaragoza et al. 2004) over both texts, a match in the title counting as several in the
 * summary. `rarity[i]` is the inverse document frequency of wanted piece i. */
double search_query_score(const struct search_query *query, const double *rarity,
    const struct search_subject *subject);

/* The whole text with its marks; and the piece of it with most of what was looked for, all of
 * it when it is short. Marks do not overlap. Live in the arena; the texts are copies. */
struct search_text search_mark_whole(
    const struct search_query *query, const struct search_field *field, struct arena *arena);
struct search_text search_mark_snippet(
    const struct search_query *query, const struct search_field *field, struct arena *arena);

#endif
