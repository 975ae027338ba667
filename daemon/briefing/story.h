/* Which items tell the same: one text delivered twice (near-duplicate), or one event told in
 * other words (story). PURE: the time is the items' own.
 *
 * A story_index holds the live items, those of the last two weeks, and takes new ones in the
 * order of their time. story_place() decides where an item belongs and keeps it:
 *   1. the same key (feed/url.h) is the same thing;
 *   2. a near-duplicate of an item that began a story or told it anew (similarity.h): never of
 *      a mere copy, so that copies form stars around what they copy and no chains;
 *   3. the story whose centroid it comes nearest to, above a cut: terms weighted by how rare
 *      they are among the live items (tf-idf, cosine), within some days. A story whose titles
 *      are much alike asks for more, and so does one that has been silent for long, most of
 *      all when a single name is shared. Of what a story is made of, most must have come by
 *      more than one word: else it is a subject ("quantization") and no event;
 *   4. else it begins a story, whose id is its own.
 * Titles that number differently ("v1.2", "v1.3") are kept apart in 2 and 3. Precision comes
 * first: a missed match shows two lines, a wrong one hides an item.
 *
 * The index decides once: an item that is in it is never judged again, whatever comes later, so
 * what an editor split or merged with story_move() stays as it is, and what comes later follows
 * her: a copy of an item she split off goes where that item went. The index is memory only;
 * after a restart it is filled with story_restore(), oldest first, from what was stored beside
 * each item: story and tier. The same calls in the same order give the same stories. One thread
 * at a time.
 */
#ifndef BRIEFING_STORY_H
#define BRIEFING_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "briefing/fold.h"
#include "briefing/similarity.h"
#include "config/config.h"

/* Every number that can change a story. How they were chosen: CONTRIBUTING.md, "Stories". */
struct story_settings {
    int64_t near_window_s;                     /* how long a near-duplicate is looked for */
    int64_t window_s;                          /* how long a story takes in new items */
    size_t summary_letters;                    /* of a summary that are compared */
    struct similarity_settings near_duplicate; /* of two items alone */
    struct similarity_settings crowded;        /* among a hundred and more */
    double cut[2];                             /* cosine of titles: Latin, Han */
    double cut_alone; /* while there is nothing to tell rare words by */
    double inner;     /* share of the cosine a story's own titles have that is asked as well */
    double silence;   /* by how much the cut rises for each day without a report */
    double silence_narrow; /* and this much more when a single word is shared */
    double narrow;         /* share of one word in what is shared, from which on it is alone */
    double narrow_share;   /* of a story's titles that may have come by one word alone */
};

extern const struct story_settings story_defaults;

/* The defaults with what feeds.conf says of `stories`. */
struct story_settings story_settings_build(const struct config_stories *config);

struct story_item {
    int64_t item;        /* the caller's number for it */
    const char *key;     /* NULL: none */
    const char *title;   /* plain text; NULL allowed */
    const char *summary; /* plain text; NULL allowed */
    int64_t published_s; /* CLOCK_NONE: as the item before */
};

/* How an item came to its story. Stored with it: the names are for ever. */
enum story_tier {
    STORY_NEW,
    STORY_SAME_KEY,
    STORY_NEAR_DUPLICATE,
    STORY_RELATED,
    STORY_BY_HAND,
    STORY_TIER_COUNT,
};

enum { STORY_WORDS_MAX = 4 };

struct story_match {
    enum story_tier tier;
    int64_t story;   /* number of the item that began it, or what story_move() was given */
    int64_t matched; /* the item it is most like; its own number for STORY_NEW */
    double score;    /* 1 for the same key, Jaccard, cosine; STORY_NEW: the best refused */
    const char *words[STORY_WORDS_MAX]; /* shared runs of the title, longest first */
    size_t word_count;
};

struct story_index;

/* `fold` is borrowed and must outlive the index. Caller frees with story_index_free(). */
struct story_index *story_index_new(
    const struct fold_table *fold, const struct story_settings *settings);
void story_index_free(struct story_index *index);

/* Decide and keep. Words live in `arena`. An item older than the newest one counts as new as
 * that one; what is too old for the near-duplicate window leaves. An item that is in the index
 * already stays as it is: the match says what was decided then, without words. */
struct story_match story_place(
    struct story_index *index, struct arena *arena, const struct story_item *item);

/* Keep an item whose story and tier are known, without judging it. Nothing happens to one that
 * is in the index already. */
void story_restore(struct story_index *index, const struct story_item *item, int64_t story,
    enum story_tier tier);

/* Items published before this need not be restored when the newest one is of `now_s`. */
int64_t story_horizon_s(const struct story_settings *settings, int64_t now_s);

/* An editor's decision: the item belongs to `story` from now on, a new number or one that has
 * items. A story that is split in two takes a move for each item that leaves; a merge one for
 * each item of the story that ends. False when the item is not in the index (too old): then its
 * story is the store's business alone. */
bool story_move(struct story_index *index, int64_t item, int64_t story);

/* Forget one item, which was deleted. Its story and its copies stay. False when the index does
 * not have it. */
bool story_remove(struct story_index *index, int64_t item);

/* Time goes on without items: what is too old leaves. */
void story_advance(struct story_index *index, int64_t now_s);

/* The story of an item in the index; false when it does not have it. */
bool story_find(const struct story_index *index, int64_t item, int64_t *ret_story);

size_t story_live_count(const struct story_index *index);
size_t story_index_bytes(const struct story_index *index);

/* "near_duplicate" … for JSON and for storing. Static. */
const char *story_tier_name(enum story_tier tier);

/* The other way; false when it is no such name. */
must_check bool story_tier_read(const char *name, enum story_tier *ret_tier);

/* The sentence for a person: what matched and by which words. In the arena. */
const char *story_explain(struct arena *arena, const struct story_match *match);

#endif
