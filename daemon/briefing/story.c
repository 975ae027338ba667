/* Two inverted indexes over the live items.
 *
 * Near-duplicates are sought over two weeks, so their index must be small: of each item only
 * the grams with the smallest hashes are listed (a bottom-k sketch, Broder 1997), separately of
 * the title and of the text. Two items at the cut share a third of such a sketch, so whoever is
 * near shows up among the first candidates; the decision is then made with the exact sets.
 *
 * Stories are sought over some days. An item is listed under its heaviest terms with normalised
 * weights, so summing over the postings gives the cosine to every live item at once, and summed
 * by story the product with the centroid's direction; its length is kept up to date by the same
 * products: |S + v|^2 = |S|^2 + 2 S.v + 1. Nothing is ever compared with a whole vector.
 *
 * How rare a term is counts stories, not items: "titanfall" in fifty reports of one launch is
 * one story's word and stays heavy, "campaign" in ten stories is nobody's. Counting items
 * instead erodes a story's own words while it grows, and breaks big ones to pieces.
 *
 * Stories are told apart by titles alone. What an item is about stands there; summaries bring
 * boilerplate, cost five times as much and, measured on Chinese news, made nothing better.
 *
 * Frequent terms cost most and weigh least: the rarest are looked up first, until a fixed
 * number of postings was seen.
 *
 * Copies are in neither index: what they repeat is there already, and a press release that
 * thirty sites print would else pull the centroid of its story.
 *
 * Rejected: clustering anew at every poll (stories would change under the editor's hands),
 * words instead of grams, single linkage (chains), MinHash (exact sets are as fast at this
 * size). */
#include "briefing/story.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "briefing/gram_index.h"
#include "briefing/terms.h"

enum {
    TITLE_SKETCH = 16,
    TEXT_SKETCH = 24,
    NEAR_CANDIDATES = 12, /* compared exactly */
    CROWD = 100,          /* items alive from which on the cuts rise no more */
    KNOWN_STORIES = 10,   /* stories alive from which on rarity is believed */
    TERMS_MAX = 256,      /* listed of one item */
    POSTINGS_MAX = 6144,  /* visited for one item, its rarest terms first */
    COMMON_MIN = 64,      /* sketched grams in fewer items are always looked up */
    COMMON_MAX = 256,     /* those in more never are */
    COMMON_SHARE = 50,    /* else those in less than one in … items */
};

/* Share of the sketches two items must have in common to be compared; at the lowest cut about
 * 0.4 is to be expected. */
#define SKETCH_MIN 0.12f

/* Stories that are imagined to live before the first one comes, so that rarity means something
 * from the beginning. */
#define PRIOR_STORIES 50.0

const struct story_settings story_defaults = {
    .near_window_s = 14 * 86400,
    .window_s = 3 * 86400,
    .summary_letters = 180,
    .near_duplicate = {.title = 0.55, .text = 0.28, .quote = 0.5},
    .crowded = {.title = 0.6, .text = 0.5, .quote = 0.6},
    .cut = {0.1, 0.75},
    .cut_alone = 0.4,
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

struct term {
    uint32_t gram;
    float weight;
};

/* A live item. Its arrays are in one block. */
struct live {
    int64_t item, story;
    enum story_tier tier;
    uint64_t key; /* hash; 0: none */
    int64_t time_s;
    struct wording wording;
    struct term *terms; /* listed, while `related` */
    uint32_t term_count;
    uint32_t thread; /* index into threads */
    float products;  /* twice the sum of its products with later items of its thread */
    bool copy;       /* a near-duplicate: in neither index */
    bool related;    /* inside the story window */
    bool gone;       /* removed: only its place is left */
    void *block;
};

/* What lives of a story inside the story window. */
struct thread {
    int64_t story;
    double norm2;     /* of the sum of its items' vectors */
    uint32_t related; /* of its items, those inside the story window that are no copies */
    uint32_t members; /* live items, of the near window */
    uint32_t next_free;
};

struct story_index {
    const struct fold_table *fold;
    struct story_settings settings;
    struct arena scratch; /* of the item at hand */

    struct live *ring; /* by number & (capacity - 1) */
    uint32_t capacity;
    uint32_t first, related, next; /* numbers: oldest alive, oldest in the story window, new */
    uint32_t gone;                 /* of those alive, removed */
    int64_t newest_s;

    struct gram_index titles, texts; /* sketches */
    struct gram_index terms;
    struct gram_index keys, stories, items; /* by hash */

    struct thread *threads;
    uint32_t thread_count, thread_capacity, free_thread, live_threads;

    /* Sums by number and by thread, zero but for what is touched. */
    float *sums;
    uint32_t *touched, touched_count;
    float *thread_sums;
    uint32_t *thread_best; /* the member with the greatest product */
    uint32_t *touched_threads, touched_thread_count;
};

#define NO_THREAD UINT32_MAX

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count > 0 ? count : 1, size);
    if (memory == NULL) {
        abort();
    }
    return memory;
}

static struct live *get_live(const struct story_index *index, uint32_t number)
{
    return &index->ring[number & (index->capacity - 1)];
}

static uint32_t count_live(const struct story_index *index)
{
    return index->next - index->first;
}

struct story_index *story_index_new(
    const struct fold_table *fold, const struct story_settings *settings)
{
    struct story_index *index = allocate(1, sizeof(*index));
    index->fold = fold;
    index->settings = *settings;
    index->newest_s = CLOCK_NONE;
    index->free_thread = NO_THREAD;
    return index;
}

/* ---- Room ---- */

static void grow_ring(struct story_index *index)
{
    uint32_t capacity = index->capacity == 0 ? 1024 : index->capacity * 2;
    struct live *ring = allocate(capacity, sizeof(*ring));
    for (uint32_t number = index->first; number != index->next; number++) {
        ring[number & (capacity - 1)] = *get_live(index, number);
    }
    free(index->ring);
    free(index->sums);
    free(index->touched);
    index->ring = ring;
    index->capacity = capacity;
    index->sums = allocate(capacity, sizeof(*index->sums));
    index->touched = allocate(capacity, sizeof(*index->touched));
}

static void grow_threads(struct story_index *index)
{
    uint32_t capacity = index->thread_capacity == 0 ? 1024 : index->thread_capacity * 2;
    struct thread *threads = reallocarray(index->threads, capacity, sizeof(*threads));
    if (threads == NULL) {
        abort();
    }
    index->threads = threads;
    index->thread_capacity = capacity;
    free(index->thread_sums);
    free(index->thread_best);
    free(index->touched_threads);
    index->thread_sums = allocate(capacity, sizeof(*index->thread_sums));
    index->thread_best = allocate(capacity, sizeof(*index->thread_best));
    index->touched_threads = allocate(capacity, sizeof(*index->touched_threads));
}

static uint32_t add_thread(struct story_index *index, int64_t story)
{
    uint32_t at = index->free_thread;
    if (at != NO_THREAD) {
        index->free_thread = index->threads[at].next_free;
    } else {
        if (index->thread_count == index->thread_capacity) {
            grow_threads(index);
        }
        at = index->thread_count++;
    }
    index->live_threads++;
    index->threads[at] = (struct thread){.story = story};
    return at;
}

/* ---- Leaving ---- */

static uint32_t fold_hash(uint64_t hash)
{
    return (uint32_t)(hash ^ hash >> 32);
}

static uint32_t hash_id(int64_t id)
{
    return fold_hash(hash_bytes(HASH_START, &id, sizeof(id)));
}

static uint32_t sketch_count(const struct gram_set *set, uint32_t max)
{
    return set->count < max ? set->count : max;
}

/* Does a live item of the thread list the term? */
static bool thread_has_term(const struct story_index *index, uint32_t thread, uint32_t gram)
{
    uint32_t count;
    const struct posting *postings = gram_index_find(&index->terms, gram, &count);
    for (uint32_t i = count; i-- > 0;) {
        if (get_live(index, postings[i].item)->thread == thread) {
            return true;
        }
    }
    return false;
}

/* Out of the story window: it takes no part in any story's centroid from now on. */
static void retire(struct story_index *index, uint32_t number)
{
    struct live *live = get_live(index, number);
    if (!live->related) {
        return;
    }
    struct thread *thread = &index->threads[live->thread];
    live->related = false;
    thread->related--;
    for (uint32_t i = 0; i < live->term_count; i++) {
        gram_index_remove(&index->terms, live->terms[i].gram, number);
        if (thread->related == 0 ||
            !thread_has_term(index, live->thread, live->terms[i].gram)) {
            gram_index_count(&index->terms, live->terms[i].gram, -1);
        }
    }
    /* Float sums drift; an empty thread has none. */
    thread->norm2 = thread->related == 0 ? 0 : thread->norm2 - 1 - (double)live->products;
    free(live->terms);
    live->terms = NULL;
    live->term_count = 0;
}

static void remove_sketch(
    struct gram_index *sketches, const struct gram_set *set, uint32_t max, uint32_t number)
{
    for (uint32_t i = 0; i < sketch_count(set, max); i++) {
        gram_index_remove(sketches, set->grams[i], number);
    }
}

/* Out of both indexes of wordings. */
static void unlist(struct story_index *index, uint32_t number)
{
    struct live *live = get_live(index, number);
    retire(index, number);
    if (!live->copy) {
        remove_sketch(&index->titles, &live->wording.title, TITLE_SKETCH, number);
        remove_sketch(&index->texts, &live->wording.all, TEXT_SKETCH, number);
    }
}

static void leave_thread(struct story_index *index, uint32_t number)
{
    struct live *live = get_live(index, number);
    gram_index_remove(&index->stories, hash_id(live->story), number);
    struct thread *thread = &index->threads[live->thread];
    if (--thread->members == 0) {
        thread->next_free = index->free_thread;
        index->free_thread = live->thread;
        index->live_threads--;
    }
}

static void drop(struct story_index *index, uint32_t number)
{
    struct live *live = get_live(index, number);
    unlist(index, number);
    gram_index_remove(&index->keys, fold_hash(live->key), number);
    gram_index_remove(&index->items, hash_id(live->item), number);
    leave_thread(index, number);
    free(live->block);
    *live = (struct live){.time_s = live->time_s, .gone = true};
    index->gone++;
}

static void drop_oldest(struct story_index *index)
{
    uint32_t number = index->first;
    if (!get_live(index, number)->gone) {
        drop(index, number);
    }
    index->gone--;
    *get_live(index, number) = (struct live){0};
    index->first++;
    if (index->related == number) {
        index->related++;
    }
}

void story_index_free(struct story_index *index)
{
    if (index == NULL) {
        return;
    }
    while (index->first != index->next) {
        drop_oldest(index);
    }
    gram_index_release(&index->titles);
    gram_index_release(&index->texts);
    gram_index_release(&index->terms);
    gram_index_release(&index->keys);
    gram_index_release(&index->stories);
    gram_index_release(&index->items);
    free(index->ring);
    free(index->sums);
    free(index->touched);
    free(index->threads);
    free(index->thread_sums);
    free(index->thread_best);
    free(index->touched_threads);
    arena_release(&index->scratch);
    free(index);
}

/* Take the item's time, never before the newest one's, and let go what is too old for it. */
static int64_t advance(struct story_index *index, int64_t published_s)
{
    if (published_s != CLOCK_NONE &&
        (index->newest_s == CLOCK_NONE || published_s > index->newest_s)) {
        index->newest_s = published_s;
    }
    int64_t now_s = index->newest_s;
    while (index->related != index->next &&
        get_live(index, index->related)->time_s + index->settings.window_s < now_s) {
        retire(index, index->related++);
    }
    while (index->first != index->next &&
        get_live(index, index->first)->time_s + index->settings.near_window_s < now_s) {
        drop_oldest(index);
    }
    return now_s;
}

/* ---- Sums over postings ---- */

static bool is_common(const struct story_index *index, uint32_t count)
{
    return count > COMMON_MIN &&
        (count > COMMON_MAX || count > count_live(index) / COMMON_SHARE);
}

static void add_sum(struct story_index *index, uint32_t number, float amount)
{
    float *sum = &index->sums[number & (index->capacity - 1)];
    if (*sum == 0) {
        index->touched[index->touched_count++] = number;
    }
    *sum += amount;
}

static float get_sum(const struct story_index *index, uint32_t number)
{
    return index->sums[number & (index->capacity - 1)];
}

static void clear_sums(struct story_index *index)
{
    for (uint32_t i = 0; i < index->touched_count; i++) {
        index->sums[index->touched[i] & (index->capacity - 1)] = 0;
    }
    index->touched_count = 0;
    for (uint32_t i = 0; i < index->touched_thread_count; i++) {
        index->thread_sums[index->touched_threads[i]] = 0;
    }
    index->touched_thread_count = 0;
}

/* ---- The same key ---- */

static const struct live *find_key(const struct story_index *index, uint64_t key)
{
    uint32_t count;
    const struct posting *postings = gram_index_find(&index->keys, fold_hash(key), &count);
    for (uint32_t i = count; key != 0 && i-- > 0;) {
        const struct live *live = get_live(index, postings[i].item);
        if (live->key == key) {
            return live;
        }
    }
    return NULL;
}

/* ---- Near-duplicates ---- */

static void sum_sketch(struct story_index *index, const struct gram_index *sketches,
    const struct gram_set *set, uint32_t max)
{
    uint32_t grams = sketch_count(set, max), count;
    for (uint32_t i = 0; i < grams; i++) {
        const struct posting *postings = gram_index_find(sketches, set->grams[i], &count);
        for (uint32_t k = 0; !is_common(index, count) && k < count; k++) {
            add_sum(index, postings[k].item, 1.0f / (float)grams);
        }
    }
}

/* The touched items with the greatest sums, of equals the oldest; returns how many. */
static uint32_t list_candidates(const struct story_index *index, uint32_t *candidates)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < index->touched_count; i++) {
        uint32_t number = index->touched[i], at = count;
        float sum = get_sum(index, number);
        while (at > 0) {
            float above = get_sum(index, candidates[at - 1]);
            if (above > sum || (above == sum && candidates[at - 1] < number)) {
                break;
            }
            at--;
        }
        if (at == NEAR_CANDIDATES || sum < SKETCH_MIN) {
            continue;
        }
        count += count < NEAR_CANDIDATES;
        memmove(candidates + at + 1, candidates + at, (count - at - 1) * sizeof(*candidates));
        candidates[at] = number;
    }
    return count;
}

/* 0 with nothing alive, 1 from `enough` on, by the logarithm between. */
static double crowd_share(uint32_t count, uint32_t enough)
{
    double share = log(1.0 + count) / log(1.0 + enough);
    return share < 1 ? share : 1;
}

/* Two items met alone are judged by the lower cuts. Among many more there are as many chances
 * to be alike without being copies, and everybody who writes about an event uses its words, so
 * the cuts rise with the logarithm of the items alive, which is how odds grow. */
static struct similarity_settings near_cuts(const struct story_index *index)
{
    const struct story_settings *settings = &index->settings;
    struct similarity_settings cuts = settings->near_duplicate;
    double share = crowd_share(count_live(index), CROWD);
    cuts.title += (settings->crowded.title - cuts.title) * share;
    cuts.text += (settings->crowded.text - cuts.text) * share;
    cuts.quote += (settings->crowded.quote - cuts.quote) * share;
    return cuts;
}

static const struct live *find_near(
    struct story_index *index, const struct wording *wording, double *ret_score)
{
    uint32_t candidates[NEAR_CANDIDATES];
    sum_sketch(index, &index->titles, &wording->title, TITLE_SKETCH);
    sum_sketch(index, &index->texts, &wording->all, TEXT_SKETCH);
    uint32_t count = list_candidates(index, candidates);
    clear_sums(index);
    struct similarity found[NEAR_CANDIDATES];
    struct similarity_settings settings = near_cuts(index);
    for (uint32_t i = 0; i < count; i++) {
        found[i] = similarity_measure(wording, &get_live(index, candidates[i])->wording);
    }
    const struct live *best = NULL;
    *ret_score = 0;
    for (uint32_t i = 0; i < count; i++) {
        double score = similarity_score(&found[i]);
        if (score > *ret_score && similarity_is_near(&found[i], &settings)) {
            best = get_live(index, candidates[i]);
            *ret_score = score;
        }
    }
    return best;
}

/* ---- Stories ---- */

static int compare_terms(const void *left, const void *right)
{
    const struct term *a = left, *b = right;
    return a->weight != b->weight ? (a->weight < b->weight) - (a->weight > b->weight)
                                  : (a->gram > b->gram) - (a->gram < b->gram);
}

/* Squared, for the difference between a word that one story has and one that five have is what
 * tells stories apart. */
static float rarity(double stories, uint32_t holders)
{
    double ratio = log(stories / (1.0 + holders));
    return ratio > 0 ? (float)(ratio * ratio) : 0;
}

/* The heaviest terms with weights of a unit vector, in the scratch arena. */
static struct term *weigh_terms(
    struct story_index *index, const struct gram_set *grams, uint32_t *ret_count)
{
    struct term *terms = arena_new_array(&index->scratch, struct term, grams->count + 1);
    double stories = PRIOR_STORIES + index->live_threads;
    for (uint32_t i = 0; i < grams->count; i++) {
        uint32_t holders = gram_index_counted(&index->terms, grams->grams[i]);
        terms[i] = (struct term){grams->grams[i], rarity(stories, holders)};
    }
    qsort(terms, grams->count, sizeof(*terms), compare_terms);
    uint32_t count = grams->count < TERMS_MAX ? grams->count : TERMS_MAX;
    double norm2 = 0;
    for (uint32_t i = 0; i < count; i++) {
        norm2 += (double)terms[i].weight * terms[i].weight;
    }
    for (uint32_t i = 0; i < count; i++) {
        terms[i].weight = norm2 > 0 ? terms[i].weight / (float)sqrt(norm2) : 0;
    }
    *ret_count = count;
    return terms;
}

static void sum_terms(struct story_index *index, const struct term *terms, uint32_t term_count)
{
    uint32_t count;
    uint32_t visited = 0;
    for (uint32_t i = 0; i < term_count; i++) {
        const struct posting *postings = gram_index_find(&index->terms, terms[i].gram, &count);
        visited += count;
        if (visited > POSTINGS_MAX) {
            break;
        }
        for (uint32_t k = 0; k < count; k++) {
            add_sum(index, postings[k].item, postings[k].weight * terms[i].weight);
        }
    }
    for (uint32_t i = 0; i < index->touched_count; i++) {
        uint32_t number = index->touched[i], thread = get_live(index, number)->thread;
        float product = get_sum(index, number);
        if (index->thread_sums[thread] == 0) {
            index->touched_threads[index->touched_thread_count++] = thread;
            index->thread_best[thread] = number;
        } else if (product > get_sum(index, index->thread_best[thread])) {
            index->thread_best[thread] = number;
        }
        index->thread_sums[thread] += product;
    }
}

/* The thread with the nearest centroid above the cut; its best member, or NULL. */
static const struct live *find_related(
    struct story_index *index, const struct wording *wording, double *ret_score)
{
    /* While few stories live, nobody knows which words are rare. */
    double known = crowd_share(index->live_threads, KNOWN_STORIES);
    double cut = index->settings.cut[wording->han] * known +
        index->settings.cut_alone * (1 - known);
    const struct live *best = NULL;
    *ret_score = 0;
    for (uint32_t i = 0; i < index->touched_thread_count; i++) {
        uint32_t at = index->touched_threads[i];
        double norm2 = index->threads[at].norm2;
        const struct live *member = get_live(index, index->thread_best[at]);
        double score = index->thread_sums[at] / sqrt(norm2 > 1 ? norm2 : 1);
        if (score > *ret_score &&
            wording_compare_numbers(wording, &member->wording) != NUMBERS_SERIAL) {
            best = member;
            *ret_score = score;
        }
    }
    return *ret_score >= cut ? best : NULL;
}

/* ---- Keeping ---- */

static void copy_set(struct gram_set *set, uint32_t *place)
{
    memcpy(place, set->grams, set->count * sizeof(*place));
    set->grams = place;
}

/* What later items are compared with: the title's letters and both sets. */
static void keep_wording(struct live *live, const struct wording *wording)
{
    uint32_t letters = wording->title_count;
    uint32_t *block = allocate(
        letters + wording->title.count + (size_t)wording->all.count, sizeof(*block));
    live->block = block;
    live->wording = *wording;
    memcpy(block, wording->letters, letters * sizeof(*block));
    live->wording.letters = block;
    copy_set(&live->wording.title, block + letters);
    copy_set(&live->wording.all, block + letters + wording->title.count);
}

static void add_sketch(
    struct gram_index *sketches, const struct gram_set *set, uint32_t max, uint32_t number)
{
    for (uint32_t i = 0; i < sketch_count(set, max); i++) {
        gram_index_add(sketches, set->grams[i], number, 1);
    }
}

/* Add the vector to its thread's sum, by the products that sum_terms() left. */
static void join_centroid(struct story_index *index, struct live *live, uint32_t thread)
{
    double product = 0;
    for (uint32_t i = 0; i < index->touched_count; i++) {
        struct live *other = get_live(index, index->touched[i]);
        if (other->thread == thread) {
            float own = get_sum(index, index->touched[i]);
            other->products += 2 * own;
            product += (double)own;
        }
    }
    index->threads[thread].norm2 += 1 + 2 * product;
    live->products = 0;
}

static void list_terms(struct story_index *index, struct live *live, uint32_t number,
    const struct term *terms, uint32_t term_count)
{
    live->related = true;
    live->term_count = term_count;
    live->terms = allocate(term_count, sizeof(*terms));
    memcpy(live->terms, terms, term_count * sizeof(*terms));
    bool alone = index->threads[live->thread].related++ == 0;
    for (uint32_t i = 0; i < term_count; i++) {
        if (alone || !thread_has_term(index, live->thread, terms[i].gram)) {
            gram_index_count(&index->terms, terms[i].gram, 1);
        }
        gram_index_add(&index->terms, terms[i].gram, number, terms[i].weight);
    }
}

struct decision {
    struct wording wording;
    struct term *terms;
    uint32_t term_count;
    uint64_t key;
    struct story_match match;
    uint32_t thread;
    bool copy;
};

/* A copy repeats what is indexed already. */
static bool is_copy(enum story_tier tier)
{
    return tier == STORY_SAME_KEY || tier == STORY_NEAR_DUPLICATE;
}

/* Enter `live` into both indexes; `terms` are those that sum_terms() has just summed. */
static void list(
    struct story_index *index, uint32_t number, const struct term *terms, uint32_t term_count)
{
    struct live *live = get_live(index, number);
    live->copy = false;
    add_sketch(&index->titles, &live->wording.title, TITLE_SKETCH, number);
    add_sketch(&index->texts, &live->wording.all, TEXT_SKETCH, number);
    if (number - index->related < index->next - index->related) {
        join_centroid(index, live, live->thread);
        list_terms(index, live, number, terms, term_count);
    }
}

static void keep(struct story_index *index, const struct story_item *item, int64_t time_s,
    const struct decision *decision)
{
    uint32_t number = index->next++;
    struct live *live = get_live(index, number);
    const struct story_match *match = &decision->match;
    *live = (struct live){.item = item->item,
        .story = match->story,
        .tier = match->tier,
        .key = decision->key,
        .time_s = time_s,
        .copy = decision->copy};
    live->thread = decision->thread == NO_THREAD ? add_thread(index, match->story)
                                                 : decision->thread;
    index->threads[live->thread].members++;
    keep_wording(live, &decision->wording);
    if (decision->key != 0) {
        gram_index_add(&index->keys, fold_hash(decision->key), number, 1);
    }
    gram_index_add(&index->items, hash_id(item->item), number, 1);
    gram_index_add(&index->stories, hash_id(match->story), number, 1);
    if (!live->copy) {
        list(index, number, decision->terms, decision->term_count);
    }
}

/* ---- Deciding ---- */

static struct decision begin(
    struct story_index *index, const struct story_item *item, int64_t *ret_time_s)
{
    *ret_time_s = advance(index, item->published_s);
    if (count_live(index) == index->capacity) {
        grow_ring(index);
    }
    if (index->thread_capacity == 0) {
        grow_threads(index);
    }
    arena_release(&index->scratch);
    return (struct decision){
        .wording = wording_build(index->fold, &index->scratch, item->title, item->summary,
            index->settings.summary_letters),
        .key = item->key == NULL ? 0 : hash_string(HASH_START, item->key),
        .thread = NO_THREAD,
    };
}

static void weigh(struct story_index *index, struct decision *decision)
{
    struct gram_set grams = terms_list(&index->scratch, &decision->wording);
    decision->terms = weigh_terms(index, &grams, &decision->term_count);
    sum_terms(index, decision->terms, decision->term_count);
}

static bool find_number(const struct story_index *index, int64_t item, uint32_t *ret_number)
{
    uint32_t count;
    const struct posting *postings = gram_index_find(&index->items, hash_id(item), &count);
    for (uint32_t i = 0; i < count; i++) {
        if (get_live(index, postings[i].item)->item == item) {
            *ret_number = postings[i].item;
            return true;
        }
    }
    return false;
}

static const struct live *find_item(const struct story_index *index, int64_t item)
{
    uint32_t number;
    return find_number(index, item, &number) ? get_live(index, number) : NULL;
}

static const struct live *decide(struct story_index *index, struct decision *decision)
{
    struct story_match *match = &decision->match;
    const struct live *found = find_key(index, decision->key);
    *match = (struct story_match){.tier = STORY_SAME_KEY, .score = 1};
    if (found == NULL) {
        match->tier = STORY_NEAR_DUPLICATE;
        found = find_near(index, &decision->wording, &match->score);
    }
    if (found == NULL) {
        match->tier = STORY_RELATED;
        weigh(index, decision);
        found = find_related(index, &decision->wording, &match->score);
    }
    if (found == NULL) {
        match->tier = STORY_NEW;
    }
    return found;
}

struct story_match story_place(
    struct story_index *index, struct arena *arena, const struct story_item *item)
{
    const struct live *found = find_item(index, item->item);
    if (found != NULL) {
        return (struct story_match){
            .tier = found->tier, .story = found->story, .matched = item->item};
    }
    int64_t time_s;
    struct decision decision = begin(index, item, &time_s);
    struct story_match *match = &decision.match;
    found = decide(index, &decision);
    match->story = match->matched = item->item;
    if (found != NULL) {
        match->story = found->story;
        match->matched = found->item;
        match->word_count = similarity_list_shared(
            arena, &decision.wording, &found->wording, match->words, STORY_WORDS_MAX);
        decision.thread = found->thread;
    }
    decision.copy = is_copy(match->tier);
    keep(index, item, time_s, &decision);
    clear_sums(index);
    return *match;
}

static uint32_t find_thread(const struct story_index *index, int64_t story)
{
    uint32_t count;
    const struct posting *postings = gram_index_find(&index->stories, hash_id(story), &count);
    for (uint32_t i = count; i-- > 0;) {
        const struct live *live = get_live(index, postings[i].item);
        if (live->story == story) {
            return live->thread;
        }
    }
    return NO_THREAD;
}

/* Whether an item that is no copy itself tells the same story in nearly the same words. */
static bool repeats_story(
    const struct story_index *index, const struct wording *wording, int64_t story)
{
    uint32_t count;
    struct similarity_settings cuts = near_cuts(index);
    const struct posting *postings = gram_index_find(&index->stories, hash_id(story), &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct live *live = get_live(index, postings[i].item);
        if (live->story != story || live->copy || &live->wording == wording) {
            continue;
        }
        struct similarity found = similarity_measure(wording, &live->wording);
        if (similarity_is_near(&found, &cuts)) {
            return true;
        }
    }
    return false;
}

void story_restore(struct story_index *index, const struct story_item *item, int64_t story,
    enum story_tier tier)
{
    if (find_item(index, item->item) != NULL) {
        return;
    }
    int64_t time_s;
    struct decision decision = begin(index, item, &time_s);
    decision.match = (struct story_match){.tier = tier, .story = story};
    decision.thread = find_thread(index, story);
    decision.copy = is_copy(tier) ||
        (tier == STORY_BY_HAND && repeats_story(index, &decision.wording, story));
    if (!decision.copy) {
        weigh(index, &decision);
    }
    keep(index, item, time_s, &decision);
    clear_sums(index);
}

int64_t story_horizon_s(const struct story_settings *settings, int64_t now_s)
{
    return now_s - settings->near_window_s;
}

void story_advance(struct story_index *index, int64_t now_s)
{
    advance(index, now_s);
}

/* ---- By hand ---- */

/* Enter an item that is in neither index: unless it repeats its story. */
static void relist(struct story_index *index, uint32_t number)
{
    struct live *live = get_live(index, number);
    live->copy = repeats_story(index, &live->wording, live->story);
    if (live->copy) {
        return;
    }
    arena_release(&index->scratch);
    struct decision decision = {.wording = live->wording};
    weigh(index, &decision);
    list(index, number, decision.terms, decision.term_count);
    clear_sums(index);
}

/* What only the item that left stood for is to be found again. */
static void relist_copies(struct story_index *index, int64_t story)
{
    uint32_t count;
    const struct posting *postings = gram_index_find(&index->stories, hash_id(story), &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct live *live = get_live(index, postings[i].item);
        if (live->story == story && live->copy) {
            relist(index, postings[i].item);
        }
    }
}

bool story_move(struct story_index *index, int64_t item, int64_t story)
{
    uint32_t number;
    if (!find_number(index, item, &number)) {
        return false;
    }
    struct live *live = get_live(index, number);
    int64_t before = live->story;
    live->tier = STORY_BY_HAND;
    if (story == before) {
        return true;
    }
    unlist(index, number);
    leave_thread(index, number);
    live->story = story;
    uint32_t thread = find_thread(index, story);
    live->thread = thread == NO_THREAD ? add_thread(index, story) : thread;
    index->threads[live->thread].members++;
    gram_index_add(&index->stories, hash_id(story), number, 1);
    relist(index, number);
    relist_copies(index, before);
    return true;
}

bool story_remove(struct story_index *index, int64_t item)
{
    uint32_t number;
    if (!find_number(index, item, &number)) {
        return false;
    }
    int64_t story = get_live(index, number)->story;
    drop(index, number);
    relist_copies(index, story);
    return true;
}

bool story_find(const struct story_index *index, int64_t item, int64_t *ret_story)
{
    const struct live *live = find_item(index, item);
    if (live != NULL) {
        *ret_story = live->story;
    }
    return live != NULL;
}

size_t story_live_count(const struct story_index *index)
{
    return count_live(index) - index->gone;
}

size_t story_index_bytes(const struct story_index *index)
{
    size_t bytes = sizeof(*index) + index->capacity * (sizeof(struct live) + 8) +
        index->thread_capacity * (sizeof(struct thread) + 12) +
        gram_index_bytes(&index->titles) + gram_index_bytes(&index->texts) +
        gram_index_bytes(&index->terms) + gram_index_bytes(&index->keys) +
        gram_index_bytes(&index->stories) + gram_index_bytes(&index->items);
    for (uint32_t number = index->first; number != index->next; number++) {
        const struct live *live = get_live(index, number);
        bytes += 4 *
            (live->wording.title_count + live->wording.title.count + live->wording.all.count +
                2 * live->term_count);
    }
    return bytes;
}

const char *story_tier_name(enum story_tier tier)
{
    static const char *const names[] = {
        [STORY_NEW] = "new",
        [STORY_SAME_KEY] = "same_key",
        [STORY_NEAR_DUPLICATE] = "near_duplicate",
        [STORY_RELATED] = "related",
        [STORY_BY_HAND] = "by_hand",
    };
    return names[tier];
}

bool story_tier_read(const char *name, enum story_tier *ret_tier)
{
    for (enum story_tier tier = 0; tier < STORY_TIER_COUNT; tier++) {
        if (strcmp(name, story_tier_name(tier)) == 0) {
            *ret_tier = tier;
            return true;
        }
    }
    return false;
}

const char *story_explain(struct arena *arena, const struct story_match *match)
{
    static const char *const sentences[] = {
        [STORY_NEW] = "nothing alike among the live items",
        [STORY_SAME_KEY] = "the same key",
        [STORY_NEAR_DUPLICATE] = "nearly the same text",
        [STORY_RELATED] = "the same story",
        [STORY_BY_HAND] = "placed here by hand",
    };
    const char *text = sentences[match->tier];
    for (size_t i = 0; i < match->word_count; i++) {
        text = arena_printf(
            arena, "%s%s “%s”", text, i == 0 ? ", both have" : ",", match->words[i]);
    }
    return text;
}
