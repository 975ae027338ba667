/* Two logistic models over one set of features: relevance (one head) and the section (a softmax
 * over one head a section), both with what the rules said as offset. Each weight has a Gaussian
 * belief of its own, and one event is one Newton step on the log posterior with the diagonal of
 * the covariance (adaptive regularisation of weights, AROW: Crammer, Kulesza and Dredze 2009,
 * with the logistic loss in place of the squared hinge). A feature seen for the first time
 * moves far and one seen often hardly: it helps from the first decisions on and needs no
 * learning rate to decay.
 *
 * Rejected: AdaGrad (as good after a hundred decisions, behind before), naive Bayes (it counts
 * overlapping grams again and again, so its sums cannot be added to the rules'), passes over
 * old events (an event would no longer be one step of a fixed result).
 *
 * A choice is rare and deliberate, passing over is neither, so they weigh differently: she
 * takes about one in 25 of what she is shown, and a passed-over item may only have been one too
 * many.
 *
 * Bit for bit: only + - * / and sqrt of doubles, which IEEE 754 defines exactly, in the fixed
 * order of sorted features; the build forbids contraction to fused multiply-add
 * (-ffp-contract=off) and -ffast-math and excess precision are refused below. libm's exp is
 * left out: it is not correctly rounded, and glibc picks another variant on a processor with
 * FMA. */
#include "briefing/learner.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "briefing/learner_parts.h"

#ifdef __FAST_MATH__
#error "-ffast-math would let two builds learn different weights from the same events"
#endif
_Static_assert(FLT_EVAL_METHOD == 0, "doubles must be computed as doubles, not wider");

/* How uncertain a weight is before anything was learned: the prior's variance. Of relevance the
 * rules know more than of sections. How these numbers were chosen: CONTRIBUTING.md, Learning.
 */
static const double relevance_variance = 0.5;
static const double section_variance = 4.0;

/* Rules are written to be decisive, not calibrated: what they say of sections counts a little
 * less than its face value while learning, so that errors made with confidence teach. */
static const double section_trust = 0.7;

static const double share_min = 0.02;

/* What an event teaches. A decision about relevance is 1 (wanted) or 0. */
static const struct lesson {
    const char *name;
    double relevance_weight; /* 0: says nothing about relevance */
    double relevance;
    double section_weight; /* 0: says nothing about the section */
} lessons[] = {
    [LEARNER_PICKED] = {"picked", 10, 1, 1},
    [LEARNER_MOVED] = {"moved", 0, 0, 2},
    [LEARNER_REJECTED] = {"rejected", 5, 0, 0},
    [LEARNER_PUBLISHED] = {"published", 10, 1, 1},
    [LEARNER_PRINTED] = {"printed", 20, 1, 1},
    [LEARNER_PASSED_OVER] = {"passed_over", 1, 0, 0},
};

const char *learner_kind_name(enum learner_kind kind)
{
    assert(kind >= LEARNER_PICKED && kind <= LEARNER_KIND_LAST);
    return lessons[kind].name;
}

/* --- sections --- */

static void add_section(struct learner *learner, const char *id, int slot)
{
    if (slot < 0 || learner->section_count == array_count(learner->sections) ||
        strlen(id) >= LEARNER_SECTION_ID_MAX) {
        return;
    }
    struct learner_section *section = &learner->sections[learner->section_count++];
    strncpy(section->id, id, sizeof(section->id) - 1);
    section->slot = slot;
    learner->settings = hash_string(learner->settings, id);
    learner->settings = hash_bytes(learner->settings, &(uint8_t){(uint8_t)slot}, 1);
}

static void add_sections(struct learner *learner, const struct config *config)
{
    for (size_t i = 0; i < config->section_count; i++) {
        if (config->sections[i].overflow_of == NULL &&
            learner->slot_count < LEARNER_SECTIONS_MAX) {
            add_section(learner, config->sections[i].id, (int)learner->slot_count++);
        }
    }
    for (size_t i = 0; i < config->section_count; i++) {
        if (config->sections[i].overflow_of != NULL) {
            add_section(learner, config->sections[i].id,
                learner_find_slot(learner, config->sections[i].overflow_of));
        }
    }
}

int learner_find_slot(const struct learner *learner, const char *section)
{
    for (size_t i = 0; i < learner->section_count; i++) {
        if (strcmp(learner->sections[i].id, section) == 0) {
            return learner->sections[i].slot;
        }
    }
    return -1;
}

/* --- life --- */

struct learner *learner_new(const struct config *config)
{
    struct learner *learner = calloc(1, sizeof(*learner));
    if (learner == NULL) {
        memory_exhausted();
    }
    learner->settings = hash_bytes(HASH_START, &(uint8_t){LEARNER_VERSION}, 1);
    add_sections(learner, config);
    learner->head_count = 1 + learner->slot_count;
    return learner;
}

struct learner *learner_copy(const struct learner *learner)
{
    struct learner *copy = malloc(sizeof(*copy));
    if (copy == NULL) {
        memory_exhausted();
    }
    *copy = *learner;
    for (size_t i = 0; i < LEARNER_PAGE_COUNT; i++) {
        if (copy->pages[i] != NULL) {
            atomic_fetch_add_explicit(&copy->pages[i]->references, 1, memory_order_relaxed);
        }
    }
    return copy;
}

static void unref_page(struct learner_page *page)
{
    if (page != NULL &&
        atomic_fetch_sub_explicit(&page->references, 1, memory_order_acq_rel) == 1) {
        free(page);
    }
}

void learner_free(struct learner *learner)
{
    if (learner == NULL) {
        return;
    }
    for (size_t i = 0; i < LEARNER_PAGE_COUNT; i++) {
        unref_page(learner->pages[i]);
    }
    free(learner);
}

uint64_t learner_event_count(const struct learner *learner)
{
    return learner->events;
}

/* --- cells --- */

static size_t page_bytes(const struct learner *learner)
{
    return sizeof(struct learner_page) +
        LEARNER_PAGE_BUCKETS * learner->head_count * sizeof(struct learner_cell);
}

/* A page that is this learner's alone. Nobody else can take a reference to one: copies are made
 * by the thread that writes. */
static struct learner_page *own_page(struct learner *learner, uint32_t number)
{
    struct learner_page *page = learner->pages[number];
    if (page != NULL && atomic_load_explicit(&page->references, memory_order_acquire) == 1) {
        return page;
    }
    struct learner_page *own = calloc(1, page_bytes(learner));
    if (own == NULL) {
        memory_exhausted();
    }
    if (page != NULL) {
        memcpy(own->cells, page->cells, page_bytes(learner) - sizeof(*page));
        unref_page(page);
    }
    atomic_init(&own->references, 1);
    learner->pages[number] = own;
    return own;
}

struct learner_cell *learner_cells(struct learner *learner, uint32_t bucket)
{
    struct learner_page *page = own_page(learner, bucket >> LEARNER_PAGE_BITS);
    return &page->cells[(bucket & (LEARNER_PAGE_BUCKETS - 1)) * learner->head_count];
}

const struct learner_cell *learner_find_cells(const struct learner *learner, uint32_t bucket)
{
    const struct learner_page *page = learner->pages[bucket >> LEARNER_PAGE_BITS];
    return page == NULL
        ? NULL
        : &page->cells[(bucket & (LEARNER_PAGE_BUCKETS - 1)) * learner->head_count];
}

/* --- arithmetic that is the same everywhere --- */

/* e^x for x <= 0, to 1e-9: Taylor's series within half a power of two, then that power. */
static double exp_of_negative(double x)
{
    static const double ln2 = 0.693147180559945309;
    if (!(x > -60)) {
        return 0;
    }
    int power = (int)(x / ln2 - 0.5);
    double rest = x - power * ln2;
    double sum = 1;
    for (int i = 12; i > 0; i--) {
        sum = 1 + sum * rest / i;
    }
    return ldexp(sum, power);
}

static double logistic(double x)
{
    double e = exp_of_negative(x < 0 ? x : -x);
    return (x < 0 ? e : 1.0) / (1 + e);
}

/* How much each feature counts: 1, or a half, over the Euclidean length of all, so that a long
 * summary does not shout down a short title. */
static double value_of(uint32_t code)
{
    return code & 1 ? 0.5 : 1.0;
}

static double measure_length(const struct learner_features *features)
{
    double sum = 0;
    for (size_t i = 0; i < features->count; i++) {
        sum += value_of(features->codes[i]) * value_of(features->codes[i]);
    }
    return sum > 0 ? sqrt(sum) : 1;
}

/* Sums of all heads at once: the cells of a feature lie side by side. */
struct sums {
    double score[LEARNER_HEADS_MAX];
    double variance[LEARNER_HEADS_MAX];
};

static double variance_of(const struct learner_cell *cell, size_t head)
{
    double prior = head == 0 ? relevance_variance : section_variance;
    return 1 / (1 / prior + (double)cell->precision);
}

static void sum_up(const struct learner *learner, const struct learner_features *features,
    double length, struct sums *ret_sums)
{
    static const struct learner_cell unknown[LEARNER_HEADS_MAX];
    *ret_sums = (struct sums){0};
    for (size_t i = 0; i < features->count; i++) {
        const struct learner_cell *cells = learner_find_cells(
            learner, learner_bucket(features->codes[i]));
        cells = cells == NULL ? unknown : cells;
        const double value = value_of(features->codes[i]) / length;
        for (size_t head = 0; head < learner->head_count; head++) {
            ret_sums->score[head] += (double)cells[head].weight * value;
            ret_sums->variance[head] += variance_of(&cells[head], head) * value * value;
        }
    }
}

/* --- learning --- */

/* One Newton step for one head: with p the probability it gave, the loss has the gradient p - y
 * and the curvature p (1 - p). */
struct step {
    double gain;      /* what a weight moves by, for each unit of variance and value */
    double precision; /* what its precision grows by, for the value squared */
};

static struct step plan_step(double p, double y, double weight, double variance)
{
    double curvature = weight * p * (1 - p);
    return (struct step){weight * (y - p) / (1 + curvature * variance), curvature};
}

static void apply_steps(struct learner *learner, const struct learner_features *features,
    double length, const struct step *steps)
{
    for (size_t i = 0; i < features->count; i++) {
        struct learner_cell *cells = learner_cells(learner, learner_bucket(features->codes[i]));
        const double value = value_of(features->codes[i]) / length;
        for (size_t head = 0; head < learner->head_count; head++) {
            struct learner_cell *cell = &cells[head];
            double variance = variance_of(cell, head);
            cell->weight = (float)((double)cell->weight + variance * value * steps[head].gain);
            cell->precision = (float)((double)cell->precision +
                steps[head].precision * value * value);
        }
    }
}

/* The probabilities of the sections, from scores. */
static void soften(double *scores, size_t count)
{
    double best = scores[0], sum = 0;
    for (size_t i = 1; i < count; i++) {
        best = scores[i] > best ? scores[i] : best;
    }
    for (size_t i = 0; i < count; i++) {
        scores[i] = exp_of_negative(scores[i] - best);
        sum += scores[i];
    }
    for (size_t i = 0; i < count; i++) {
        scores[i] /= sum;
    }
}

static void plan_sections(const struct learner *learner, const struct learner_sight *sight,
    int right, double weight, const struct sums *sums, struct step *steps)
{
    double chances[LEARNER_SECTIONS_MAX] = {0};
    for (size_t i = 0; i < sight->vote_count; i++) {
        int slot = learner_find_slot(learner, sight->votes[i].section);
        if (slot >= 0) {
            chances[slot] += section_trust * (double)sight->votes[i].votes;
        }
    }
    for (size_t slot = 0; slot < learner->slot_count; slot++) {
        chances[slot] += sums->score[1 + slot];
    }
    soften(chances, learner->slot_count);
    for (size_t slot = 0; slot < learner->slot_count; slot++) {
        steps[1 + slot] = plan_step(
            chances[slot], (int)slot == right, weight, sums->variance[1 + slot]);
    }
}

void learner_learn(struct learner *learner, const struct learner_event *event)
{
    assert(event->kind >= LEARNER_PICKED && event->kind <= LEARNER_KIND_LAST);
    const struct lesson *lesson = &lessons[event->kind];
    const struct learner_sight *sight = &event->sight;
    const double length = measure_length(&sight->features);
    struct step steps[LEARNER_HEADS_MAX] = {{0}};
    struct sums sums;
    sum_up(learner, &sight->features, length, &sums);
    if (lesson->relevance_weight > 0) {
        double p = logistic((double)sight->relevance + sums.score[0]);
        steps[0] = plan_step(p, lesson->relevance, lesson->relevance_weight, sums.variance[0]);
    }
    int right = event->section == NULL ? -1 : learner_find_slot(learner, event->section);
    if (lesson->section_weight > 0 && right >= 0) {
        plan_sections(learner, sight, right, lesson->section_weight, &sums, steps);
    }
    apply_steps(learner, &sight->features, length, steps);
    learner->events++;
}

/* --- asking --- */

struct learner_score learner_score(
    const struct learner *learner, const struct learner_features *features)
{
    struct learner_score score = {0};
    const double length = measure_length(features);
    double sums[LEARNER_HEADS_MAX] = {0};
    for (size_t i = 0; i < features->count; i++) {
        const struct learner_cell *cells = learner_find_cells(
            learner, learner_bucket(features->codes[i]));
        const double value = value_of(features->codes[i]) / length;
        for (size_t head = 0; cells != NULL && head < learner->head_count; head++) {
            sums[head] += (double)cells[head].weight * value;
        }
    }
    score.relevance = sums[0];
    for (size_t slot = 0; slot < learner->slot_count; slot++) {
        score.sections[slot] = sums[1 + slot] / section_trust;
    }
    return score;
}

static void insert_share(
    struct learner_share *shares, size_t *count, size_t max, struct learner_share share)
{
    size_t at = *count;
    while (at > 0 && fabs(shares[at - 1].weight) < fabs(share.weight)) {
        at--;
    }
    if (at == max) {
        return;
    }
    *count += *count < max;
    memmove(shares + at + 1, shares + at, (*count - at - 1) * sizeof(*shares));
    shares[at] = share;
}

size_t learner_explain(const struct learner *learner, const struct learner_features *features,
    int slot, struct learner_share *ret_shares, size_t max)
{
    const double length = measure_length(features) * (slot < 0 ? 1 : section_trust);
    size_t count = 0;
    for (size_t i = 0; i < features->count; i++) {
        const struct learner_cell *cells = learner_find_cells(
            learner, learner_bucket(features->codes[i]));
        if (cells == NULL) {
            continue;
        }
        double weight = (double)cells[1 + slot].weight * value_of(features->codes[i]) / length;
        if (fabs(weight) >= share_min) {
            insert_share(
                ret_shares, &count, max, (struct learner_share){features->codes[i], weight});
        }
    }
    return count;
}
