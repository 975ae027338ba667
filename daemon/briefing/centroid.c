/* How rare a term is counts stories, not items: "titanfall" in fifty reports of one launch is
 * one story's word and stays heavy, "campaign" in ten stories is nobody's. Counting items
 * instead erodes a story's own words while it grows, and breaks big ones to pieces. Here the
 * length of a term's list is that count. And it counts stories that could have the term: among
 * a thousand in Chinese, the first two in English would have "of" for a name of theirs.
 *
 * A centroid's length is kept up to date by the same products: |S + v|^2 = |S|^2 + 2 S.v + 1.
 *
 * Two corrections to the cosine, for a story's first reports: a centroid of one title lies
 * anywhere around the event, so its cosines are taken for less; and of several stories that are
 * near enough the bigger one is preferred, since the smaller as a rule is a splinter of it that
 * would go on growing beside it.
 *
 * A title's cosine with its own story tells how much one story's titles have in common: much
 * where all repeat the same sentence, little where a console, its games and its maker are told
 * of. From |S|^2 comes the mean product of two titles, s = (|S|^2 - n) / (n (n - 1)), and from
 * that the cosine to be expected of one more, s sqrt(n) / sqrt(1 + (n - 1) s).
 *
 * Titles give their terms weights while fewer than COMMON stories have them, so no list is
 * longer than that: posting_table.h is made for it. */
#include "briefing/centroid.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "briefing/posting_table.h"

enum {
    TERMS_MAX = 224,     /* of one title, the rarest */
    COMMON = 100,        /* a term in so many stories tells none of them */
    CAPACITY_MIN = 1024, /* centroids */
};

/* Stories that are imagined to live before the first one comes, so that rarity means something
 * from the beginning. */
#define PRIOR_STORIES 50.0

/* What a story of one title loses: a third; of ten, a twentieth. */
#define FEW_TITLES 0.5

/* By which power of its titles a story is preferred. */
#define SIZE_POWER 0.2

/* Before a story has titles to compare, so many pairs of them are imagined, this alike. */
#define IMAGINED_PAIRS 10.0
#define IMAGINED_PRODUCT 0.1

struct centroid {
    double norm2; /* of the sum */
    uint32_t titles;
    bool han; /* its first title is */
};

struct centroid_index {
    struct posting_table postings;

    struct centroid *centroids;
    float *sums; /* zero but for what is touched */
    uint32_t *touched, touched_count;
    uint32_t centroid_capacity;
    uint32_t live[2]; /* by script */
};

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        memory_exhausted();
    }
    return memory;
}

struct centroid_index *centroid_index_new(void)
{
    return allocate(1, sizeof(struct centroid_index));
}

void centroid_index_free(struct centroid_index *index)
{
    if (index == NULL) {
        return;
    }
    posting_table_release(&index->postings);
    free(index->centroids);
    free(index->sums);
    free(index->touched);
    free(index);
}

/* Zero is no term of a posting table. */
static uint32_t as_key(uint32_t gram)
{
    return gram == 0 ? 1 : gram;
}

/* ---- Vectors ---- */

/* Squared, for the difference between a term that one story has and one that five have is what
 * tells stories apart. */
static float rarity(float log_stories, uint32_t holders)
{
    float ratio = log_stories - logf(1.0f + (float)holders);
    return ratio > 0 ? ratio * ratio : 0;
}

/* The greatest count of holders such that terms with at most so many are TERMS_MAX or fewer. */
static uint32_t limit_holders(const uint32_t *holders, uint32_t count)
{
    uint16_t histogram[COMMON] = {0};
    for (uint32_t i = 0; i < count; i++) {
        if (holders[i] < COMMON) {
            histogram[holders[i]]++;
        }
    }
    uint32_t limit = 0, taken = histogram[0];
    while (limit + 1 < COMMON && taken + histogram[limit + 1] <= TERMS_MAX) {
        taken += histogram[++limit];
    }
    return limit;
}

struct term_list centroid_weigh(const struct centroid_index *index, struct arena *arena,
    const struct gram_set *grams, bool han)
{
    struct term_list list = {arena_new_array(arena, struct term, grams->count + 1), 0, han};
    uint32_t *holders = arena_new_array(arena, uint32_t, grams->count + 1);
    for (uint32_t i = 0; i < grams->count; i++) {
        posting_table_prefetch(&index->postings, as_key(grams->grams[i]));
    }
    for (uint32_t i = 0; i < grams->count; i++) {
        posting_table_find(&index->postings, as_key(grams->grams[i]), &holders[i]);
    }
    uint32_t limit = limit_holders(holders, grams->count);
    float log_stories = logf((float)PRIOR_STORIES + (float)index->live[han]);
    float norm2 = 0;
    for (uint32_t i = 0; i < grams->count && list.count < TERMS_MAX; i++) {
        float weight = holders[i] <= limit ? rarity(log_stories, holders[i]) : 0;
        if (weight > 0) {
            list.terms[list.count++] = (struct term){as_key(grams->grams[i]), weight};
            norm2 += weight * weight;
        }
    }
    for (uint32_t i = 0; i < list.count; i++) {
        list.terms[i].weight /= sqrtf(norm2);
    }
    return list;
}

static void sum_products(struct centroid_index *index, const struct term_list *terms)
{
    struct {
        const struct posting *postings;
        uint32_t count;
    } lists[TERMS_MAX];
    for (uint32_t i = 0; i < terms->count; i++) {
        lists[i].postings = posting_table_find(
            &index->postings, terms->terms[i].gram, &lists[i].count);
        __builtin_prefetch(lists[i].postings);
    }
    for (uint32_t i = 0; i < terms->count; i++) {
        for (uint32_t k = 0; k < lists[i].count; k++) {
            const struct posting *posting = &lists[i].postings[k];
            uint32_t at = posting_centroid(posting);
            if (index->sums[at] == 0) {
                index->touched[index->touched_count++] = at;
            }
            index->sums[at] += posting->weight * terms->terms[i].weight;
        }
    }
}

static struct centroid_match score_centroid(const struct centroid_index *index, uint32_t at)
{
    const struct centroid *centroid = &index->centroids[at];
    double norm = centroid->norm2 > 1 ? sqrt(centroid->norm2) : 1;
    double titles = centroid->titles;
    double score = (double)index->sums[at] / norm / (1 + FEW_TITLES / titles);
    return (struct centroid_match){at, score, score * pow(titles, SIZE_POWER)};
}

static size_t keep_match(
    struct centroid_match *matches, size_t count, size_t max, struct centroid_match match)
{
    size_t at = count;
    while (at > 0 && matches[at - 1].weight < match.weight) {
        at--;
    }
    if (at == max) {
        return count;
    }
    count += count < max;
    memmove(matches + at + 1, matches + at, (count - at - 1) * sizeof(*matches));
    matches[at] = match;
    return count;
}

size_t centroid_search(struct centroid_index *index, const struct term_list *terms, double cut,
    struct centroid_match *ret_matches, size_t max, double *ret_best)
{
    size_t count = 0;
    *ret_best = 0;
    sum_products(index, terms);
    for (uint32_t i = 0; i < index->touched_count; i++) {
        uint32_t at = index->touched[i];
        /* The length is at least the first title's, so most need no square root. */
        if ((double)index->sums[at] >= cut || (double)index->sums[at] > *ret_best) {
            struct centroid_match match = score_centroid(index, at);
            *ret_best = match.score > *ret_best ? match.score : *ret_best;
            if (match.score >= cut) {
                count = keep_match(ret_matches, count, max, match);
            }
        }
        index->sums[at] = 0;
    }
    index->touched_count = 0;
    return count;
}

static double expect_cosine(const struct centroid *centroid)
{
    double titles = centroid->titles;
    double product = (centroid->norm2 - titles + IMAGINED_PAIRS * IMAGINED_PRODUCT) /
        (titles * (titles - 1) + IMAGINED_PAIRS);
    product = product > 0 ? product : 0; /* sums drift */
    return product * sqrt(titles) / sqrt(1 + (titles - 1) * product);
}

/* Of a term in a centroid; 0 when it is not there. */
static float find_weight(const struct centroid_index *index, uint32_t term, uint32_t centroid)
{
    uint32_t count;
    const struct posting *postings = posting_table_find(&index->postings, term, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (posting_centroid(&postings[i]) == centroid) {
            return postings[i].weight;
        }
    }
    return 0;
}

struct centroid_evidence centroid_examine(const struct centroid_index *index, uint32_t at,
    const struct term_list *terms, const struct gram_set *words)
{
    double all = 0, greatest = 0;
    for (uint32_t i = 0, k = 0; i < terms->count && k < words->count;) {
        uint32_t gram = terms->terms[i].gram, word = as_key(words->grams[k]);
        if (gram == word) {
            double product = (double)find_weight(index, gram, at) *
                (double)terms->terms[i].weight;
            all += product;
            greatest = product > greatest ? product : greatest;
        }
        i += gram <= word;
        k += word <= gram;
    }
    return (struct centroid_evidence){
        .inner = expect_cosine(&index->centroids[at]),
        .narrow = all > 0 ? greatest / all : 1,
    };
}

/* ---- Titles come and go ---- */

static void grow_centroids(struct centroid_index *index, uint32_t centroid)
{
    uint32_t before = index->centroid_capacity;
    uint32_t capacity = before == 0 ? CAPACITY_MIN : before;
    while (capacity <= centroid) {
        capacity *= 2;
    }
    struct centroid *centroids = allocate(capacity, sizeof(*centroids));
    if (before > 0) {
        memcpy(centroids, index->centroids, before * sizeof(*centroids));
    }
    free(index->centroids);
    free(index->sums);
    free(index->touched);
    index->centroids = centroids;
    index->sums = allocate(capacity, sizeof(*index->sums));
    index->touched = allocate(capacity, sizeof(*index->touched));
    index->centroid_capacity = capacity;
}

void centroid_add(struct centroid_index *index, uint32_t at, const struct term_list *terms)
{
    if (at >= index->centroid_capacity) {
        grow_centroids(index, at);
    }
    struct centroid *centroid = &index->centroids[at];
    double product = 0;
    for (uint32_t i = 0; i < terms->count; i++) {
        const struct term *term = &terms->terms[i];
        float before = posting_table_add(
            &index->postings, term->gram, at, term->weight, centroid->titles == 0);
        product += (double)before * (double)term->weight;
    }
    centroid->norm2 += 1 + 2 * product;
    if (centroid->titles++ == 0) {
        centroid->han = terms->han;
        index->live[centroid->han]++;
    }
}

void centroid_remove(struct centroid_index *index, uint32_t at, const struct term_list *terms)
{
    struct centroid *centroid = &index->centroids[at];
    double product = 0;
    for (uint32_t i = 0; i < terms->count; i++) {
        posting_table_prefetch(&index->postings, terms->terms[i].gram);
    }
    for (uint32_t i = 0; i < terms->count; i++) {
        const struct term *term = &terms->terms[i];
        float before = posting_table_remove(&index->postings, term->gram, at, term->weight);
        product += (double)before * (double)term->weight;
    }
    centroid->titles--;
    index->live[centroid->han] -= centroid->titles == 0;
    /* Float sums drift; an empty centroid has none. */
    centroid->norm2 = centroid->titles == 0 ? 0 : centroid->norm2 + 1 - 2 * product;
}

uint32_t centroid_titles(const struct centroid_index *index, uint32_t at)
{
    return at < index->centroid_capacity ? index->centroids[at].titles : 0;
}

uint32_t centroid_count(const struct centroid_index *index, bool han)
{
    return index->live[han];
}

size_t centroid_index_bytes(const struct centroid_index *index)
{
    return sizeof(*index) + posting_table_bytes(&index->postings) +
        index->centroid_capacity * (sizeof(struct centroid) + 8);
}
