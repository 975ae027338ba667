/* What the learner sees of an item: the grams of its texts, its source and its site, and which
 * rules spoke. PURE, any thread.
 *
 * A feature is a hash of 24 bits with a mark that it counts half; features of different fields
 * have different hashes. An item has each feature once, however often it occurs:
 *
 * - title: Han grams of two and three letters, single Han letters (half), words, pairs of
 * words;
 * - summary, its first kilobyte: Han grams of two letters and words (all half: there are many);
 * - the source, the host of the URL, each rule, topic and vendor that matched;
 * - one that every item has, so that the learner knows how often things happen at all.
 *
 * The hash is fixed (FNV-1a with a finaliser) and part of the format of stored events.
 */
#ifndef BRIEFING_LEARNER_FEATURES_H
#define BRIEFING_LEARNER_FEATURES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "briefing/fold.h"

enum {
    LEARNER_HASH_BITS = 24,
    LEARNER_CODE_BITS = LEARNER_HASH_BITS + 1,
    /* More features than an item of these texts can have; a stored event with more is refused.
     */
    LEARNER_FEATURES_MAX = 8192,
};

/* hash << 1 | counts half. */
struct learner_features {
    const uint32_t *codes; /* ascending, each once */
    size_t count;
};

/* What features are made from. Missing texts are NULL. */
struct learner_texts {
    const char *title;
    const char *summary;
    const char *source;
    const char *url;
    const char *const *rules; /* labels of what matched: "papers/venues", "vendor/英伟达" */
    size_t rule_count;
};

/* One feature with where it stands, for showing what decided. */
struct learner_term {
    uint32_t code;
    uint32_t length;   /* bytes */
    const char *text;  /* as it stands in the item; a rule's label; "" for the common one */
    const char *field; /* "title", "summary", "source", "url", "rule" or "" */
};

struct learner_extract;

/* The features of `texts`, in the arena, with what it takes to find a term again: the folded
 * texts. `texts` is borrowed as long as the extract is used. */
struct learner_extract *learner_extract(
    struct arena *arena, const struct fold_table *table, const struct learner_texts *texts);

const struct learner_features *learner_extract_features(const struct learner_extract *extract);

/* The first term with this code. Asserts that there is one: the code must be the extract's. */
struct learner_term learner_extract_find(const struct learner_extract *extract, uint32_t code);

#endif
