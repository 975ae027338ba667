/* Two questions, asked in turn.
 *
 * Is it a copy? Near-duplicates are sought over two weeks among all items that are no copies
 * themselves: a few candidates from the index of sketches, compared exactly (similarity.h).
 *
 * Is it the same event? Stories are sought over some days, by titles alone. What an item is
 * about stands there; summaries bring boilerplate, cost five times as much and, measured on
 * Chinese news, made nothing better.
 *
 * Reports of one event come close together; what comes a day later and shares little with what
 * was told is another event of the same people. So the cut rises with the hours a story has
 * been silent. One name in common is no event ("Miley Cyrus"), yet while reports come in by the
 * hour it is all that many have in common: so narrowness counts by the hours, too. One report
 * that says more opens the story again for those after it.
 *
 * Nor is a subject an event. A hundred papers on quantization, come in one hour, share a word
 * that nobody else has, and rarity cannot help: it counts stories, so the word is rare as long
 * as they are all one. What tells them from reports of a launch is that reports have many words
 * in common two by two, and unlike papers that one alone. So a story has an account: two
 * thirds of its titles must have come by more than one word before one more may come by one.
 *
 * Rejected: clustering anew at every poll (stories would change under the editor's hands),
 * words instead of grams, single linkage (chains), MinHash (exact sets are as fast at this
 * size), two stories joined by the machine when a third report fits both (the same), one word
 * refused at once (half of a big story has little more than its name), counting items instead
 * of stories (big stories break), the sources of the items (fifty blogs have one subject as
 * well). */
#include "briefing/story.h"

#include <math.h>

#include "base/clock.h"
#include "base/hash.h"
#include "briefing/story_index.h"
#include "briefing/terms.h"

enum {
    CROWD = 40,         /* items alive from which on the cuts rise no more */
    KNOWN_STORIES = 10, /* stories alive from which on rarity is believed */
    STORIES_TRIED = 4,  /* until one has no number against it */
    MEMBERS_ASKED = 16, /* of a story, its newest: which is the nearest */
};

const struct story_settings story_defaults = {
    .near_window_s = 14 * 86400,
    .window_s = 3 * 86400,
    .summary_letters = 180,
    .near_duplicate = {.title = 0.55, .text = 0.28, .quote = 0.5},
    .crowded = {.title = 0.6, .text = 0.48, .quote = 0.6},
    .cut = {0.095, 0.8},
    .cut_alone = 0.28,
    .inner = 0.28,
    .silence = 2,
    .silence_narrow = 8,
    .narrow = 0.75,
    .narrow_share = 1 / 3.0,
};

struct story_settings story_settings_build(const struct config_stories *config)
{
    struct story_settings settings = story_defaults;
    settings.window_s = config->window_s;
    settings.near_window_s = config->near_window_s;
    settings.near_duplicate.title = config->near_title;
    settings.near_duplicate.text = config->near_text;
    settings.crowded.title = config->crowded_title;
    settings.crowded.text = config->crowded_text;
    settings.cut[0] = config->latin;
    settings.cut[1] = config->han;
    return settings;
}

/* What is known of the item at hand; in the scratch arena. */
struct candidate {
    struct wording wording;
    struct term_list terms;
    uint64_t key;
    int64_t time_s;
    bool narrow; /* came by one word alone */
};

/* 0 with nothing alive, 1 from `enough` on, by the logarithm between. */
static double crowd_share(uint32_t count, uint32_t enough)
{
    double share = log(1.0 + count) / log(1.0 + enough);
    return share < 1 ? share : 1;
}

/* Two items met alone are judged by the lower cuts. Among many more there are as many chances
 * to be alike without being copies, and everybody who writes about an event uses its words, so
 * the cuts rise with the logarithm of the items alive, which is how odds grow. */
struct similarity_settings story_near_cuts(const struct story_index *index)
{
    const struct story_settings *settings = &index->settings;
    struct similarity_settings cuts = settings->near_duplicate;
    double share = crowd_share(index->next - index->first, CROWD);
    cuts.title += (settings->crowded.title - cuts.title) * share;
    cuts.text += (settings->crowded.text - cuts.text) * share;
    cuts.quote += (settings->crowded.quote - cuts.quote) * share;
    return cuts;
}

bool story_repeats(const struct story_index *index, const struct wording *wording,
    uint32_t thread, uint32_t self)
{
    struct similarity_settings cuts = story_near_cuts(index);
    uint32_t number = index->threads[thread].newest;
    for (uint32_t left = index->threads[thread].members; left > 0; left--) {
        const struct live *live = story_live(index, number);
        if (number != self && !live->copy) {
            struct similarity found = similarity_measure(wording, live->wording);
            if (similarity_is_near(&found, &cuts)) {
                return true;
            }
        }
        number = live->older;
    }
    return false;
}

/* ---- Finding ---- */

static uint32_t find_key(const struct story_index *index, uint64_t key)
{
    uint32_t number;
    return key != 0 && number_map_find(&index->keys, key, &number) ? number : STORY_NONE;
}

/* Few are all compared, so that two items alone are judged by nothing but the two. */
static uint32_t list_candidates(
    struct story_index *index, const struct wording *wording, uint32_t *numbers)
{
    uint32_t count = 0;
    if (index->next - index->first > NEAR_CANDIDATES_MAX) {
        return near_index_search(&index->near, wording, numbers);
    }
    for (uint32_t number = index->first; number != index->next; number++) {
        const struct live *live = story_live(index, number);
        if (!live->gone && !live->copy) {
            numbers[count++] = number;
        }
    }
    return count;
}

static uint32_t find_near(
    struct story_index *index, const struct wording *wording, double *ret_score)
{
    uint32_t numbers[NEAR_CANDIDATES_MAX], best = STORY_NONE;
    uint32_t count = list_candidates(index, wording, numbers);
    struct similarity_settings cuts = story_near_cuts(index);
    *ret_score = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct similarity found;
        if (similarity_find_near(
                wording, story_live(index, numbers[i])->wording, &cuts, &found) &&
            similarity_score(&found) > *ret_score) {
            best = numbers[i];
            *ret_score = similarity_score(&found);
        }
    }
    return best;
}

/* The member with the likest title among the newest that tell the story anew. */
static uint32_t find_member(
    const struct story_index *index, const struct wording *wording, uint32_t thread)
{
    uint32_t number = index->threads[thread].newest, best = STORY_NONE;
    uint32_t left = index->threads[thread].members;
    double likest = -1;
    for (uint32_t asked = 0; left > 0 && asked < MEMBERS_ASKED; left--) {
        const struct live *live = story_live(index, number);
        if (!live->copy) {
            double likeness = wording_title_jaccard(wording, live->wording);
            if (likeness >= likest) {
                likest = likeness;
                best = number;
            }
            asked++;
        }
        number = live->older;
    }
    return best;
}

/* `cut`, or more for a story that is of one piece or has been silent. */
static double raise_cut(const struct story_index *index, const struct candidate *candidate,
    const struct centroid_evidence *evidence, uint32_t thread, double cut)
{
    const struct story_settings *settings = &index->settings;
    int64_t last_s = story_live(index, index->threads[thread].newest)->time_s;
    double days = (double)(candidate->time_s - last_s) / 86400;
    double own = settings->inner * evidence->inner;
    return (own > cut ? own : cut) *
        (1 + days * (settings->silence + settings->silence_narrow * evidence->narrow));
}

static bool is_narrow(const struct story_index *index, const struct centroid_evidence *evidence)
{
    return evidence->narrow > index->settings.narrow;
}

/* Whether a story is enough of an event to take in one more report by one word alone. */
static bool admits_narrow(const struct story_index *index, uint32_t thread)
{
    double titles = centroid_titles(index->centroids, thread);
    return index->threads[thread].narrow + 1 <= titles * index->settings.narrow_share;
}

/* Whether a report that comes so near to a story, above the cut, is part of it. */
static bool belongs(const struct story_index *index, struct candidate *candidate,
    const struct gram_set *words, const struct centroid_match *match, double cut)
{
    struct centroid_evidence evidence = centroid_examine(
        index->centroids, match->centroid, &candidate->terms, words);
    candidate->narrow = is_narrow(index, &evidence);
    return match->score >= raise_cut(index, candidate, &evidence, match->centroid, cut) &&
        (!candidate->narrow || admits_narrow(index, match->centroid));
}

/* The nearest story that no number speaks against: its likest member, or STORY_NONE. */
static uint32_t find_related(
    struct story_index *index, struct candidate *candidate, double *ret_score)
{
    const struct story_settings *settings = &index->settings;
    bool han = candidate->wording.han;
    /* While few stories live, nobody knows which words are rare. */
    double known = crowd_share(centroid_count(index->centroids, han), KNOWN_STORIES);
    double cut = settings->cut[han] * known + settings->cut_alone * (1 - known);
    struct centroid_match matches[STORIES_TRIED];
    size_t count = centroid_search(
        index->centroids, &candidate->terms, cut, matches, STORIES_TRIED, ret_score);
    struct gram_set words = {0};
    if (count > 0) {
        words = terms_list_words(&index->scratch, &candidate->wording);
    }
    for (size_t i = 0; i < count; i++) {
        if (!belongs(index, candidate, &words, &matches[i], cut)) {
            continue;
        }
        uint32_t member = find_member(index, &candidate->wording, matches[i].centroid);
        if (member != STORY_NONE &&
            wording_compare_numbers(&candidate->wording, story_live(index, member)->wording) !=
                NUMBERS_SERIAL) {
            *ret_score = matches[i].score;
            return member;
        }
    }
    candidate->narrow = false;
    return STORY_NONE;
}

/* ---- Deciding ---- */

static struct candidate begin(struct story_index *index, const struct story_item *item)
{
    arena_release(&index->scratch);
    return (struct candidate){
        .time_s = story_pass_time(index, item->published_s),
        .key = item->key == NULL ? 0 : hash_string(HASH_START, item->key),
        .wording = wording_build(index->fold, &index->scratch, item->title, item->summary,
            index->settings.summary_letters),
    };
}

static void weigh(struct story_index *index, struct candidate *candidate)
{
    struct gram_set grams = terms_list(&index->scratch, &candidate->wording);
    candidate->terms = centroid_weigh(
        index->centroids, &index->scratch, &grams, candidate->wording.han);
}

/* A copy repeats what is indexed already. */
static bool is_copy(enum story_tier tier)
{
    return tier == STORY_SAME_KEY || tier == STORY_NEAR_DUPLICATE;
}

static uint32_t decide(
    struct story_index *index, struct candidate *candidate, struct story_match *match)
{
    uint32_t found = find_key(index, candidate->key);
    match->tier = STORY_SAME_KEY;
    match->score = 1;
    if (found == STORY_NONE) {
        match->tier = STORY_NEAR_DUPLICATE;
        found = find_near(index, &candidate->wording, &match->score);
    }
    if (found == STORY_NONE) {
        match->tier = STORY_RELATED;
        weigh(index, candidate);
        found = find_related(index, candidate, &match->score);
    }
    if (found == STORY_NONE) {
        match->tier = STORY_NEW;
    }
    return found;
}

static void keep(struct story_index *index, const struct story_item *item,
    const struct candidate *candidate, int64_t story, enum story_tier tier, bool copy)
{
    struct live live = {
        .item = item->item,
        .time_s = candidate->time_s,
        .key = candidate->key,
        .thread = story_get_thread(index, story),
        .tier = (uint8_t)tier,
        .copy = copy,
        .narrow = candidate->narrow,
    };
    story_keep(index, &live, &candidate->wording, copy ? NULL : &candidate->terms);
}

struct story_match story_place(
    struct story_index *index, struct arena *arena, const struct story_item *item)
{
    uint32_t found;
    struct story_match match = {.story = item->item, .matched = item->item};
    if (story_find_number(index, item->item, &found)) {
        match.tier = story_live(index, found)->tier;
        match.story = index->threads[story_live(index, found)->thread].story;
        return match;
    }
    struct candidate candidate = begin(index, item);
    found = decide(index, &candidate, &match);
    if (found != STORY_NONE) {
        const struct live *live = story_live(index, found);
        match.story = index->threads[live->thread].story;
        match.matched = live->item;
        match.word_count = similarity_list_shared(
            arena, &candidate.wording, live->wording, match.words, STORY_WORDS_MAX);
    }
    keep(index, item, &candidate, match.story, match.tier, is_copy(match.tier));
    return match;
}

/* How it came is not stored but follows from what was there. */
static void recall_tie(struct story_index *index, struct candidate *candidate, int64_t story)
{
    uint32_t thread = story_get_thread(index, story);
    if (centroid_titles(index->centroids, thread) > 0) {
        struct gram_set words = terms_list_words(&index->scratch, &candidate->wording);
        struct centroid_evidence evidence = centroid_examine(
            index->centroids, thread, &candidate->terms, &words);
        candidate->narrow = is_narrow(index, &evidence);
    }
}

void story_restore(struct story_index *index, const struct story_item *item, int64_t story,
    enum story_tier tier)
{
    uint32_t known;
    if (story_find_number(index, item->item, &known)) {
        return;
    }
    struct candidate candidate = begin(index, item);
    bool copy = is_copy(tier) ||
        (tier == STORY_BY_HAND &&
            story_repeats(
                index, &candidate.wording, story_get_thread(index, story), STORY_NONE));
    if (!copy) {
        weigh(index, &candidate);
    }
    if (tier == STORY_RELATED) {
        recall_tie(index, &candidate, story);
    }
    keep(index, item, &candidate, story, tier, copy);
}

int64_t story_horizon_s(const struct story_settings *settings, int64_t now_s)
{
    return now_s - settings->near_window_s;
}

void story_advance(struct story_index *index, int64_t now_s)
{
    story_pass_time(index, now_s);
}

bool story_find(const struct story_index *index, int64_t item, int64_t *ret_story)
{
    uint32_t number;
    if (!story_find_number(index, item, &number)) {
        return false;
    }
    *ret_story = index->threads[story_live(index, number)->thread].story;
    return true;
}
