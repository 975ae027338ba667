/* Whether two wordings are one text delivered twice, and which words they share. PURE.
 *
 * Symmetric, and needs nothing but the two: no corpus, no history. What a shared word is worth
 * among the others of these days is the business of story.h.
 */
#ifndef BRIEFING_SIMILARITY_H
#define BRIEFING_SIMILARITY_H

#include <stdbool.h>

#include "base/arena.h"
#include "briefing/wording.h"

/* Cuts and lengths; the defaults are story_defaults of story.c. */
struct similarity_settings {
    double title; /* alike titles are one text from here on; when both have summaries, these
                     must be alike by half of `text` at least */
    double text;  /* alike titles with their summaries, when both have one */
    double quote; /* the same in spite of numbers that differ, though never serial ones */
};

struct similarity {
    double title; /* Jaccard coefficient of grams of three letters, 0..1 (Manning, Raghavan and
                     Schütze 2008, section 19.6); 1 when one title is the other one cut short */
    double text;  /* the same of titles with summaries; 0 when one has none */
    bool texts;   /* both have summaries */
    enum number_conflict numbers;
};

struct similarity similarity_measure(const struct wording *a, const struct kept_wording *b);

/* Whether that makes them one text. */
bool similarity_is_near(
    const struct similarity *similarity, const struct similarity_settings *settings);

/* Both at once, for many pairs of which few are near: *ret_similarity is what
 * similarity_measure() says when they are, else its text may be 0. */
bool similarity_find_near(const struct wording *a, const struct kept_wording *b,
    const struct similarity_settings *settings, struct similarity *ret_similarity);

/* The greater of both coefficients. */
double similarity_score(const struct similarity *similarity);

/* The runs of a's title that also stand in the other's, the longest first, at most `max_runs`,
 * each as text in the arena: whole words, or two Han letters and more. Returns how many. */
size_t similarity_list_shared(struct arena *arena, const struct wording *a,
    const struct kept_wording *other, const char **runs, size_t max_runs);

#endif
