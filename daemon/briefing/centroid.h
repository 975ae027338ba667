/* The centroids of the stories: which story a title comes nearest to. PURE; one thread at a
 * time.
 *
 * A title is a unit vector of its terms, weighted by how few stories have them (tf-idf); a
 * story's centroid is the sum of its titles' vectors. For each term the index lists the stories
 * that have it with their sums, so walking the lists of a title's terms gives its product with
 * every centroid at once, and no vector is ever compared with another.
 *
 * Centroids are numbered by the caller, densely. One without titles is nowhere in the index.
 */
#ifndef BRIEFING_CENTROID_H
#define BRIEFING_CENTROID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "briefing/wording.h"

struct term {
    uint32_t gram;
    float weight;
};

struct term_list {
    struct term *terms;
    uint32_t count;
    bool han; /* written in Han letters, or else in Latin ones and the like */
};

struct centroid_match {
    uint32_t centroid;
    double score;  /* cosine, less for a story of few titles */
    double weight; /* by which several above the cut are ordered */
};

/* What a title has in common with a centroid, looked at more closely than search does. */
struct centroid_evidence {
    double inner;  /* the cosine that a title of that story as a rule has with its centroid */
    double narrow; /* what one word, the greatest, contributes to all that shared words do: 1
                      when one alone or none is shared */
};

struct centroid_index;

/* Caller frees with centroid_index_free(). */
struct centroid_index *centroid_index_new(void);
void centroid_index_free(struct centroid_index *index);

/* The terms' weights as of now, of a unit vector; those too common to tell anything left out.
 * They are as rare as few of the stories in the same script have them. In the arena. */
struct term_list centroid_weigh(const struct centroid_index *index, struct arena *arena,
    const struct gram_set *grams, bool han);

/* The centroids whose score reaches `cut`, the weightiest first, at most `max`. Returns how
 * many; *ret_best is the greatest score of all, whether it reached the cut or not. */
size_t centroid_search(struct centroid_index *index, const struct term_list *terms, double cut,
    struct centroid_match *ret_matches, size_t max, double *ret_best);

/* `words`: those of `terms` that count as words; others of them are ignored. */
struct centroid_evidence centroid_examine(const struct centroid_index *index, uint32_t centroid,
    const struct term_list *terms, const struct gram_set *words);

/* Add a title to a centroid, and take out again what was added. */
void centroid_add(
    struct centroid_index *index, uint32_t centroid, const struct term_list *terms);
void centroid_remove(
    struct centroid_index *index, uint32_t centroid, const struct term_list *terms);

/* Titles of a centroid; 0 for one that is not there. */
uint32_t centroid_titles(const struct centroid_index *index, uint32_t centroid);

/* Centroids whose first title is in that script. */
uint32_t centroid_count(const struct centroid_index *index, bool han);

size_t centroid_index_bytes(const struct centroid_index *index);

#endif
